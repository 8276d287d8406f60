//! Names and passwords, each sent to one host and shown to nobody.
//!
//! They come from four places, the first that knows wins: the user part of an index's own URL, the variables of that
//! index ([`Credentials::add_index`]), and netrc. The user part is taken off at the door, so that no URL that is kept,
//! cached, written or shown has one. What belongs to an index is sent to that index's host alone, on the same scheme
//! and port: files that an index keeps elsewhere are asked for without. The `default` entry of a netrc is meant for
//! hosts that a person logs in to, so it is used for indexes and for no other host.

use std::fmt;

use reqwest::Url;

use netrc::Netrc;

mod netrc;

/// A text that never prints: neither `Debug` nor any error shows it. It has no `Display` on purpose.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// A name and a password. Both are secret: with a token, the name often is the token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) name: Secret,
    pub(crate) password: Secret,
}

/// What is wrong with credentials. Neither names them.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// An index's address cannot be read.
    #[error("`{url}` is no address of an index: {reason}; write it as `https://HOST/PATH/simple/`")]
    Address {
        /// The address without its user part.
        url: String,
        /// Why not.
        reason: String,
    },
    /// A netrc cannot be read.
    #[error("line {line} of the netrc file: {reason}")]
    Netrc {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// Who to introduce oneself as, and where.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    indexes: Vec<Index>,
    netrc: Netrc,
}

/// An index, and its login if there is one of its own.
#[derive(Clone, Debug)]
struct Index {
    url: Url,
    login: Option<Login>,
}

impl Credentials {
    /// Takes an index's address in, and gives back the address without its user part: the one to use from then on.
    ///
    /// `variable` looks a variable of the environment up. For an index named `studio` these are
    /// `AYON_RESOLVE_INDEX_STUDIO_USERNAME` and `_PASSWORD`, then uv's `UV_INDEX_STUDIO_USERNAME` and `_PASSWORD`;
    /// whatever is no letter or digit in the name is `_`. For one without a name: `AYON_RESOLVE_INDEX_USERNAME` and
    /// `_PASSWORD`. They count only where the address has no user part.
    ///
    /// # Errors
    ///
    /// [`CredentialsError::Address`] for what is no `http` or `https` URL.
    pub fn add_index(
        &mut self,
        url: &str,
        name: Option<&str>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, CredentialsError> {
        let (url, written) = parted(url)?;
        let login = written.or_else(|| from_variables(name, variable));
        let clean = url.to_string();
        self.indexes.push(Index { url, login });
        Ok(clean)
    }

    /// Takes the text of a netrc file in. Entries of a later text count where an earlier one has none.
    ///
    /// # Errors
    ///
    /// [`CredentialsError::Netrc`] with the line.
    pub fn add_netrc(&mut self, text: &str) -> Result<(), CredentialsError> {
        self.netrc.add(text)
    }

    /// Who to be for a request. Of several indexes of one host the one whose address the request is under counts, the
    /// longest of these; for a file elsewhere on that host the first.
    pub(crate) fn login(&self, url: &Url) -> Option<&Login> {
        let here = || {
            self.indexes
                .iter()
                .filter(|index| index.url.origin() == url.origin())
        };
        here()
            .filter(|index| index.login.is_some() && is_under(url.path(), index.url.path()))
            .max_by_key(|index| index.url.path().len())
            .or_else(|| here().find(|index| index.login.is_some()))
            .and_then(|index| index.login.as_ref())
            .or_else(|| {
                let is_index = here().next().is_some();
                self.netrc.login(url.host_str()?, is_index)
            })
    }
}

/// An address as messages show it: without user part, query and fragment, all of which may hold secrets. What is no
/// URL is shown without anything before an `@`.
pub fn shown(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    // `jo:secret@host` is a URL too, of the scheme `jo`.
    if let Some(mut url) = parsed.filter(Url::has_host) {
        strip(&mut url);
        url.set_query(None);
        url.set_fragment(None);
        return url.to_string();
    }
    let end = url.find(['?', '#']).unwrap_or(url.len());
    url[..end].rsplit('@').next().unwrap_or_default().to_owned()
}

/// Takes the user part off a URL that has a host.
pub(crate) fn strip(url: &mut Url) -> Option<Login> {
    let login = Login {
        name: Secret(decoded(url.username())),
        password: Secret(decoded(url.password().unwrap_or_default())),
    };
    let has_one = !url.username().is_empty() || url.password().is_some();
    // Both fail for URLs without a host only, and these have no user part.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    has_one.then_some(login)
}

fn parted(text: &str) -> Result<(Url, Option<Login>), CredentialsError> {
    let refused = |reason: String| CredentialsError::Address {
        url: shown(text),
        reason,
    };
    let mut url = Url::parse(text.trim()).map_err(|error| refused(error.to_string()))?;
    if !url.has_host() {
        return Err(refused("it has no host".to_owned()));
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused(format!("`{}` is not asked", url.scheme())));
    }
    let login = strip(&mut url);
    Ok((url, login))
}

fn from_variables(name: Option<&str>, variable: &dyn Fn(&str) -> Option<String>) -> Option<Login> {
    let name = name.unwrap_or_default();
    let name: String = name
        .chars()
        .map(|c| c.to_ascii_uppercase())
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let stems = match name.as_str() {
        "" => vec!["AYON_RESOLVE_INDEX".to_owned()],
        name => vec![
            format!("AYON_RESOLVE_INDEX_{name}"),
            format!("UV_INDEX_{name}"),
        ],
    };
    stems.iter().find_map(|stem| {
        let of = |field: &str| variable(&format!("{stem}_{field}")).filter(|text| !text.is_empty());
        let (name, password) = (of("USERNAME"), of("PASSWORD"));
        (name.is_some() || password.is_some()).then(|| Login {
            name: Secret(name.unwrap_or_default()),
            password: Secret(password.unwrap_or_default()),
        })
    })
}

/// Whether a path is a folder's, or within it.
fn is_under(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `%40` and its like in a user part. What decodes to no text stays as it is written.
fn decoded(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let pair = (digit(after.first()), digit(after.get(1)));
        if let (b'%', (Some(high), Some(low))) = (first, pair) {
            // Two hexadecimal digits are one byte.
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests;
