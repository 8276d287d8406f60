//! Who to be on which channel: what stands in a channel's own address, the file in which conda's programs keep what
//! somebody logged in with, and netrc, in this order.
//!
//! A secret in an address is taken off at the door, so that no address that is kept, cached, written or shown has one. It
//! is sent under that address alone. Entries of the file are by host, of which `*.example` means all below, and those of
//! buckets by their address; they are sent to their host alone.

use std::collections::BTreeMap;
use std::fmt;

use rattler_networking::Authentication;
use transport::{Login, Netrc, NetrcError, Secret, take_user_part};
use url::Url;

/// What one channel or host is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Introduction {
    /// A name and a password.
    Login(Login),
    /// A token in a header.
    Bearer(Secret),
    /// A token in the path, behind the folder in which the channels are.
    Token { folder: String, token: Secret },
    /// Keys that sign.
    Keys {
        id: Secret,
        secret: Secret,
        session: Option<Secret>,
    },
}

/// What is wrong with credentials. It quotes nothing of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// A file of credentials that is not what conda's programs write.
    #[error(
        "the file of credentials is wrong at line {line}, column {column}: it maps hosts to `BearerToken`, `CondaToken`, \
         `BasicHTTP`, `S3Credentials` or `OAuth`; log in again with the program that wrote it"
    )]
    File {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A netrc file that is none.
    #[error(transparent)]
    Netrc(#[from] NetrcError),
}

/// Who to introduce oneself as, and where.
#[derive(Clone, Default)]
pub struct Credentials {
    /// By the address without its secret.
    channels: Vec<(Url, Introduction)>,
    /// Where channels are, with a secret or without.
    hosts: Vec<String>,
    file: BTreeMap<String, Introduction>,
    netrc: Netrc,
}

impl Credentials {
    /// Takes the secret of a channel's address in, if it has one. What is no address has none.
    ///
    /// Secret are a user part, and a token behind `/t/`, as anaconda.org gives them.
    pub fn add_channel(&mut self, text: &str) {
        let Some(mut url) = Url::parse(text.trim()).ok().filter(Url::has_host) else {
            return;
        };
        self.hosts.extend(url.host_str().map(str::to_owned));
        if let Some(introduction) = part(&mut url) {
            self.channels.push((url, introduction));
        }
    }

    /// Takes the text of a file in which conda's programs keep credentials: the one that `RATTLER_AUTH_FILE` names, or
    /// `credentials.json` in `~/.rattler`. Entries of an earlier text count before those of a later.
    ///
    /// A token that OAuth gave is used as it is and not renewed.
    ///
    /// # Errors
    /// [`CredentialsError::File`], with the place.
    pub fn add_file(&mut self, text: &str) -> Result<(), CredentialsError> {
        let read: Result<BTreeMap<String, Authentication>, _> = serde_json::from_str(text);
        // The words of that error quote what it stumbles over, which may be the secret.
        let entries = read.map_err(|error| CredentialsError::File {
            line: error.line(),
            column: error.column(),
        })?;
        for (host, entry) in entries {
            let introduction = match entry {
                Authentication::BearerToken(token)
                | Authentication::OAuth {
                    access_token: token,
                    ..
                } => Introduction::Bearer(Secret::new(token)),
                Authentication::BasicHTTP { username, password } => Introduction::Login(Login {
                    name: Secret::new(username),
                    password: Secret::new(password),
                }),
                Authentication::CondaToken(token) => Introduction::Token {
                    folder: String::new(),
                    token: Secret::new(token),
                },
                Authentication::S3Credentials {
                    access_key_id,
                    secret_access_key,
                    session_token,
                } => Introduction::Keys {
                    id: Secret::new(access_key_id),
                    secret: Secret::new(secret_access_key),
                    session: session_token.map(Secret::new),
                },
            };
            self.file.entry(host).or_insert(introduction);
        }
        Ok(())
    }

    /// Takes the text of a netrc file in. Its `default` entry is meant for hosts that a person logs in to, so it is used
    /// for those of channels and for no other.
    ///
    /// # Errors
    /// [`CredentialsError::Netrc`], with the line.
    pub fn add_netrc(&mut self, text: &str) -> Result<(), CredentialsError> {
        Ok(self.netrc.add(text)?)
    }

    /// Who to be for a request.
    pub(crate) fn of(&self, url: &Url) -> Option<Introduction> {
        let of_channel = self
            .channels
            .iter()
            .filter(|(channel, _)| is_under(url, channel))
            .max_by_key(|(channel, _)| channel.path().len());
        if let Some((_, introduction)) = of_channel {
            return Some(introduction.clone());
        }
        let host = url.host_str()?;
        let of_host = self.file.get(host).or_else(|| match url.scheme() {
            "s3" => self.of_bucket(url),
            _ => self.of_domain(url.domain()?),
        });
        of_host.cloned().or_else(|| {
            let is_channel = self.hosts.iter().any(|known| known == host);
            self.netrc
                .login(host, is_channel)
                .cloned()
                .map(Introduction::Login)
        })
    }

    /// An entry for `s3://bucket/some/folder`, the longest that the address is under.
    fn of_bucket(&self, url: &Url) -> Option<&Introduction> {
        let mut address = url.as_str().trim_end_matches('/');
        while address.len() > "s3://".len() {
            let found = self.file.get(address);
            let found = found.or_else(|| self.file.get(&format!("{address}/")));
            if found.is_some() {
                return found;
            }
            address = &address[..address.rfind('/')?];
        }
        None
    }

    /// An entry for `*.example`, the longest that the host is.
    fn of_domain(&self, domain: &str) -> Option<&Introduction> {
        let mut rest = Some(domain);
        while let Some(domain) = rest {
            if let Some(found) = self.file.get(&format!("*.{domain}")) {
                return Some(found);
            }
            rest = domain.split_once('.').map(|(_, rest)| rest);
        }
        None
    }
}

/// Takes what is secret off an address that has a host.
pub(super) fn part(url: &mut Url) -> Option<Introduction> {
    let login = take_user_part(url);
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().to_owned();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let Some(place) = parts.windows(2).position(|pair| pair[0] == "t") else {
        return login.map(Introduction::Login);
    };
    let joined = |parts: &[&str]| match parts {
        [] => String::new(),
        parts => format!("/{}", parts.join("/")),
    };
    let (folder, rest) = (joined(&parts[..place]), joined(&parts[place + 2..]));
    url.set_path(&format!("{folder}{rest}"));
    let token = Secret::new(parts[place + 1]);
    Some(Introduction::Token { folder, token })
}

/// Whether an address is a folder's, or within it.
fn is_under(url: &Url, folder: &Url) -> bool {
    let rest = url.path().strip_prefix(folder.path().trim_end_matches('/'));
    url.scheme() == folder.scheme()
        && url.host_str() == folder.host_str()
        && url.port_or_known_default() == folder.port_or_known_default()
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channels: Vec<_> = self.channels.iter().map(|(url, _)| url.as_str()).collect();
        formatter
            .debug_struct("Credentials")
            .field("channels", &channels)
            .field("hosts", &self.file.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(credentials: &Credentials, url: &str) -> Option<String> {
        match credentials.of(&Url::parse(url).expect("an address"))? {
            Introduction::Login(login) => Some(login.name.expose().to_owned()),
            Introduction::Bearer(token) => Some(token.expose().to_owned()),
            Introduction::Token { folder, token } => Some(format!("{folder}:{}", token.expose())),
            Introduction::Keys { id, .. } => Some(id.expose().to_owned()),
        }
    }

    #[test]
    fn entries_are_found_by_host_by_domain_and_by_bucket() {
        let mut credentials = Credentials::default();
        let keys = |id: &str| {
            format!(r#"{{"S3Credentials": {{"access_key_id": "{id}", "secret_access_key": "x"}}}}"#)
        };
        let file = format!(
            r#"{{"a.studio.invalid": {{"BearerToken": "host"}}, "*.studio.invalid": {{"BearerToken": "domain"}},
                "s3://bucket/show": {}, "s3://bucket": {}, "other": {}}}"#,
            keys("folder"),
            keys("bucket"),
            keys("host")
        );
        credentials.add_file(&file).expect("a file");
        for (url, expected) in [
            ("https://a.studio.invalid/x", Some("host")),
            ("http://b.studio.invalid:8080/x", Some("domain")),
            ("https://c.b.studio.invalid/", Some("domain")),
            ("https://studio.invalid/", Some("domain")),
            ("https://astudio.invalid/", None),
            ("https://invalid/", None),
            ("s3://bucket/show/linux-64/repodata.json", Some("folder")),
            ("s3://bucket/shows/linux-64/repodata.json", Some("bucket")),
            ("s3://bucket/", Some("bucket")),
            ("s3://other/x", Some("host")),
            ("s3://nobody/x", None),
        ] {
            assert_eq!(who(&credentials, url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn the_longest_address_counts_and_an_address_before_the_file() {
        let mut credentials = Credentials::default();
        credentials
            .add_file(r#"{"host.invalid": {"BearerToken": "file"}}"#)
            .expect("a file");
        for text in [
            "https://one:x@host.invalid/conda",
            "https://two:x@host.invalid/conda/show/",
            "https://host.invalid/base/t/to-ken/channel",
            "https://host.invalid/open",
            "conda-forge",
            "",
        ] {
            credentials.add_channel(text);
        }
        for (url, expected) in [
            ("https://host.invalid/conda/noarch/x", "one"),
            ("https://host.invalid/conda/show/noarch/x", "two"),
            ("https://host.invalid/conda/shows/x", "one"),
            ("https://host.invalid/base/channel/noarch/x", "/base:to-ken"),
            ("https://host.invalid/open/x", "file"),
            ("https://host.invalid:444/conda/x", "file"),
            ("http://host.invalid/conda/x", "file"),
        ] {
            assert_eq!(who(&credentials, url).as_deref(), Some(expected), "{url}");
        }
    }
}
