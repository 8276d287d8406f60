//! Where a studio is: `sample`, a server's address, or a path.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a studio is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// The sample studio inside the program.
    Sample,
    /// A folder or a snapshot file.
    Path(PathBuf),
    /// An AYON server.
    Server(ServerAddress),
}

/// The address of a server: `http` or `https`, a host, perhaps a port and a path. It holds no credentials.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerAddress(String);

/// A text that is no location. The text itself is not repeated: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// Nothing was given.
    #[error("no studio is named; give a folder, a snapshot file, a server's address or `sample`")]
    Empty,
    /// An address with a user or a password in it.
    #[error(
        "the server's address holds a user or a password; leave them out and give an API key instead"
    )]
    CredentialsInAddress,
    /// An address with a query or a fragment.
    #[error(
        "the server's address ends in a `?` or `#` part; give the address alone, such as `https://ayon.example`"
    )]
    MoreThanAddress,
    /// An address that is not one of `http` or `https`.
    #[error("a server's address starts with `https://` or `http://`")]
    OtherScheme,
    /// An address that names no host, or has a blank or a control character in it.
    #[error("the server's address names no host; write it like `https://ayon.example`")]
    NoHost,
}

impl ServerAddress {
    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for ServerAddress {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = text.split_once("://").ok_or(LocationError::OtherScheme)?;
        let scheme = scheme.to_ascii_lowercase();
        if !["http", "https"].contains(&&*scheme) {
            return Err(LocationError::OtherScheme);
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(LocationError::CredentialsInAddress);
        }
        if rest.contains(['?', '#']) {
            return Err(LocationError::MoreThanAddress);
        }
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        if authority.is_empty() || authority.starts_with(':') || text.contains(odd) {
            return Err(LocationError::NoHost);
        }
        // A host is the same in any letter case, and one server should have one name in the cache.
        let base = format!("{scheme}://{}", authority.to_ascii_lowercase());
        let path = path.trim_matches('/');
        Ok(Self(if path.is_empty() {
            base
        } else {
            format!("{base}/{path}")
        }))
    }
}

impl FromStr for Location {
    type Err = LocationError;

    /// `sample`, `http(s)://…`, and everything without `://` is a path: write `./sample` for a folder of that name.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        match text {
            "" => Err(LocationError::Empty),
            "sample" => Ok(Self::Sample),
            address if address.contains("://") => address.parse().map(Self::Server),
            path => Ok(Self::Path(PathBuf::from(path))),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sample => formatter.write_str("sample"),
            Self::Path(path) => {
                formatter.write_str(&ayon_model::printable(&path.to_string_lossy()))
            }
            Self::Server(address) => address.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_told_apart() {
        let server = |text: &str| match text.parse() {
            Ok(Location::Server(address)) => address.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(
            server("https://AYON.Example:5000/"),
            "https://ayon.example:5000"
        );
        assert_eq!(
            server("http://studio.example/Ayon/"),
            "http://studio.example/Ayon"
        );
        assert_eq!("sample".parse(), Ok(Location::Sample));
        assert_eq!("./sample".parse(), Ok(Location::Path("./sample".into())));
        assert_eq!(
            "studio.json".parse(),
            Ok(Location::Path("studio.json".into()))
        );
    }

    #[test]
    fn an_address_with_more_than_an_address_is_refused_without_repeating_it() {
        for (text, error) in [
            (
                "https://user:canary@ayon.example",
                LocationError::CredentialsInAddress,
            ),
            (
                "https://ayon.example/?token=canary",
                LocationError::MoreThanAddress,
            ),
            (
                "https://ayon.example#canary",
                LocationError::MoreThanAddress,
            ),
            ("ftp://ayon.example", LocationError::OtherScheme),
            ("https:///path", LocationError::NoHost),
            ("https://:80", LocationError::NoHost),
            ("https://ayon example", LocationError::NoHost),
        ] {
            let found = text.parse::<Location>().unwrap_err();
            assert_eq!(found, error, "{text}");
            assert!(!found.to_string().contains("canary"));
        }
        assert_eq!(" ".parse::<Location>(), Err(LocationError::Empty));
    }
}
