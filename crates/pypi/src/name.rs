//! Names of distributions and of their extras.
//!
//! People write `Click`, `fontTools` and `shotgun_api3`; an index knows `click`, `fonttools` and
//! `shotgun-api3`. PEP 503 says which spellings are one name: lower case, and every run of `-`, `_`
//! and `.` is one `-`. A name of this module is always in that canonical spelling, so that
//! comparing and sorting need no thought. Who must show a name as it was written keeps the text.

use std::fmt;
use std::str::FromStr;

use crate::text::printable;

/// No index knows a name near this length.
const LONGEST: usize = 256;

/// A text that is no name of a distribution or an extra.
///
/// The rule is that of the [core metadata]: ASCII letters, digits, `-`, `_` and `.`, with a letter
/// or a digit first and last.
///
/// [core metadata]: https://packaging.python.org/en/latest/specifications/name-normalization/
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not the name of {kind}: only ASCII letters, digits, `-`, `_` and `.` may stand in it, \
     a letter or a digit first and last"
)]
pub struct NameError {
    text: String,
    kind: &'static str,
}

impl NameError {
    fn new(text: &str, kind: &'static str) -> Self {
        NameError {
            text: printable(text),
            kind,
        }
    }

    /// The text that was refused, with control characters made visible.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The name of a distribution ("package") on an index, in the canonical spelling of PEP 503.
///
/// ```
/// use pypi::DistributionName;
///
/// let name: DistributionName = "Shotgun_API3".parse()?;
/// assert_eq!(name.as_str(), "shotgun-api3");
/// # Ok::<(), pypi::NameError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DistributionName(String);

/// The name of an extra, `security` in `requests[security]`, in the canonical spelling of PEP 685.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtraName(String);

impl DistributionName {
    /// The canonical spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The spelling with `_` for `-`, as it stands in the names of wheels and `.dist-info` folders.
    pub fn with_underscores(&self) -> String {
        self.as_str().replace('-', "_")
    }
}

impl ExtraName {
    /// The canonical spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The canonical spelling, or nothing if the text is no name.
fn canonical(text: &str) -> Option<String> {
    let ends = [text.bytes().next()?, text.bytes().last()?];
    if text.len() > LONGEST || !ends.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let mut result = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'-' | b'_' | b'.' if result.ends_with('-') => {}
            b'-' | b'_' | b'.' => result.push('-'),
            _ if byte.is_ascii_alphanumeric() => result.push(byte.to_ascii_lowercase().into()),
            _ => return None,
        }
    }
    Some(result)
}

/// Whether a text is a spelling of this name. The same as parsing and comparing, but nothing is made.
pub(crate) fn is_spelling_of(text: &str, name: &DistributionName) -> bool {
    let mut canonical = name.0.bytes();
    let mut previous = b'-';
    for byte in text.bytes() {
        let byte = match byte {
            b'-' | b'_' | b'.' => b'-',
            _ => byte.to_ascii_lowercase(),
        };
        // A separator that stands first meets a letter or digit here, and one that stands last leaves
        // the canonical name unfinished or too short.
        let repeats = byte == b'-' && previous == b'-';
        if (repeats && canonical.len() == name.0.len())
            || !repeats && canonical.next() != Some(byte)
        {
            return false;
        }
        previous = byte;
    }
    canonical.len() == 0 && previous != b'-'
}

impl FromStr for DistributionName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        canonical(text)
            .map(DistributionName)
            .ok_or_else(|| NameError::new(text, "a distribution"))
    }
}

impl FromStr for ExtraName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        canonical(text)
            .map(ExtraName)
            .ok_or_else(|| NameError::new(text, "an extra"))
    }
}

impl fmt::Display for DistributionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Display for ExtraName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for DistributionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.as_str())
    }
}

impl fmt::Debug for ExtraName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one_name() {
        let canonical: DistributionName = "ruamel-yaml".parse().unwrap();
        for spelling in [
            "ruamel.yaml",
            "Ruamel_Yaml",
            "ruamel-._yaml",
            "RUAMEL--YAML",
        ] {
            assert_eq!(spelling.parse::<DistributionName>().unwrap(), canonical);
        }
        assert_eq!(canonical.with_underscores(), "ruamel_yaml");
        assert_eq!(
            "Dev_Tools".parse::<ExtraName>().unwrap().as_str(),
            "dev-tools"
        );
    }

    #[test]
    fn what_is_no_name_is_refused_with_its_text() {
        for text in ["", "-", "a b", "-a", "a-", "é", "a\u{1b}[31m"] {
            let error = text.parse::<DistributionName>().unwrap_err();
            assert!(
                error.to_string().contains("name of a distribution"),
                "{error}"
            );
            assert!(!error.to_string().contains('\u{1b}'), "{error}");
        }
    }
}
