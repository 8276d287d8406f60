//! Versions in conda's order.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use rattler_conda_types::VersionWithSource;

use crate::name::printable;

/// A version in conda's order ([CEP 33]): `1.0` equals `1`, and `1.0a1` comes before it. Displays as it was written.
///
/// [CEP 33]: https://conda.org/learn/ceps/cep-0033
#[derive(Clone, Debug)]
pub struct Version(pub(crate) VersionWithSource);

/// A text that is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a conda version: {reason}")]
pub struct VersionError {
    text: String,
    reason: String,
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let refuse = |reason: String| VersionError {
            text: printable(text),
            reason,
        };
        if text.len() > LONGEST {
            return Err(refuse(format!("it is longer than {LONGEST} characters")));
        }
        rattler_conda_types::Version::from_str(text)
            .map(|version| Self(VersionWithSource::new(version, text)))
            .map_err(|error| refuse(printable(&error.kind.to_string())))
    }
}

// By the version alone: rattler's own comparison goes on to the words it was written in.
impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.0.version() == other.0.version()
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.version().cmp(other.0.version())
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.version().hash(state);
    }
}

/// No version that means anything comes near this.
const LONGEST: usize = 500;

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn order_is_condas() {
        let ascending = [
            "0.4",
            "0.4.1.rc",
            "0.4.1",
            "0.5a1",
            "0.5b3",
            "0.5C1",
            "0.5",
            "0.9.6",
            "0.960923",
            "1.0",
            "1.1dev1",
            "1.1a1",
            "1.1",
            "1.1.post1",
            "1!0.4",
        ];
        for pair in ascending.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn equal_versions_keep_their_words() {
        assert_eq!(version("1.0"), version("1"));
        assert_eq!(version("1.0").to_string(), "1.0");
    }

    #[test]
    fn what_is_no_version_is_refused_in_words() {
        for text in ["", "1..2", "-", "1.0 2", "1!2!3"] {
            let error = text.parse::<Version>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is not")), "{error}");
        }
        assert!("1".repeat(2000).parse::<Version>().is_err());
    }
}
