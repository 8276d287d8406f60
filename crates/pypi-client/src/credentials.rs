//! Names and passwords, each sent to one host and shown to nobody.
//!
//! They come from four places, the first that knows wins: the user part of an index's own URL, the variables of that
//! index ([`Credentials::add_index`]), and netrc. The user part is taken off at the door, so that no URL that is kept,
//! cached, written or shown has one. What belongs to an index is sent to that index's host alone, on the same scheme
//! and port: files that an index keeps elsewhere are asked for without. The `default` entry of a netrc is meant for
//! hosts that a person logs in to, so it is used for indexes and for no other host.

use reqwest::Url;
use transport::{Login, Netrc, NetrcError, Secret, shown, take_user_part};

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
    #[error(transparent)]
    Netrc(#[from] NetrcError),
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
        Ok(self.netrc.add(text)?)
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
    let login = take_user_part(&mut url);
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
            name: Secret::new(name.unwrap_or_default()),
            password: Secret::new(password.unwrap_or_default()),
        })
    })
}

/// Whether a path is a folder's, or within it.
fn is_under(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
