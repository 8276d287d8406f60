//! What the name of a wheel says: `numpy-1.26.4-cp311-cp311-win_amd64.whl`.
//!
//! Of a file on an index the name is often all that is known, and a page can list thousands, so a
//! wheel's name is taken apart in two steps. [`WheelParts`] only finds the parts and borrows them;
//! whoever reads a whole page looks up what it has seen before (a page has few different versions
//! and tags) and parses the rest. [`WheelName`] is all of it as values.
//!
//! The rules are those of the [binary distribution format] as `packaging` applies them: parts are
//! separated by `-`, a name is escaped with single `_` but need not be normalised, a version is PEP
//! 440's, `_` in its local label included, and a build tag begins with a digit. The older habit of
//! escaping versions (`1.0_1` for `1.0-1`) is refused as `packaging` and `pip` do.
//!
//! [binary distribution format]: https://packaging.python.org/en/latest/specifications/binary-distribution-format/

use std::fmt;
use std::str::FromStr;

use crate::name::DistributionName;
use crate::text::printable;
use crate::version::Version;

/// No file system in use takes a name of this length.
pub(crate) const LONGEST: usize = 1024;

/// A text that is no name of a wheel or a source distribution, or no set of tags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}: {reason}")]
pub struct FileNameError {
    text: String,
    what: &'static str,
    reason: String,
}

impl FileNameError {
    fn wheel(text: &str, reason: impl Into<String>) -> Self {
        Self::new(text, "the name of a wheel", reason)
    }

    pub(crate) fn sdist(text: &str, reason: impl Into<String>) -> Self {
        Self::new(text, "the name of a source distribution", reason)
    }

    fn new(text: &str, what: &'static str, reason: impl Into<String>) -> Self {
        FileNameError {
            text: printable(text),
            what,
            reason: reason.into(),
        }
    }

    /// What is wrong, without the text.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// The name of a wheel.
///
/// ```
/// use pypi::WheelName;
///
/// let wheel: WheelName = "PySide6_Addons-6.6.1-1local-cp38-abi3-win_amd64.whl".parse()?;
/// assert_eq!(wheel.name.as_str(), "pyside6-addons");
/// assert_eq!(wheel.build.map(|build| build.number), Some(1));
/// assert_eq!(wheel.tags.abi().collect::<Vec<_>>(), ["abi3"]);
/// # Ok::<(), pypi::FileNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelName {
    /// The distribution, normalised.
    pub name: DistributionName,
    /// Its version.
    pub version: Version,
    /// The build tag, which few wheels have.
    pub build: Option<BuildTag>,
    /// What the wheel was built for.
    pub tags: WheelTags,
}

/// The parts of a wheel's name as they stand there, none of them read yet.
///
/// There are as many as there should be and none is empty; nothing else is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WheelParts<'a> {
    /// The distribution, escaped and perhaps not normalised.
    pub name: &'a str,
    /// The version.
    pub version: &'a str,
    /// The build tag.
    pub build: Option<&'a str>,
    /// The three parts of the tags with `-` between them, for [`WheelTags::from_str`].
    pub tags: &'a str,
}

/// The build tag of a wheel: of two wheels that are alike otherwise, the one with the higher tag is
/// the newer build, and any tag is newer than none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BuildTag {
    /// The digits at its beginning.
    pub number: u64,
    /// What follows them.
    pub suffix: Box<str>,
}

/// What a wheel was built for: `py2.py3-none-any`, three lists of alternatives. The wheel carries
/// every combination of them.
///
/// Kept in lower case as one text, so that comparing is comparing texts. Ordered by that text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WheelTags {
    text: Box<str>,
    python_end: u16,
    abi_end: u16,
}

impl WheelName {
    /// The name of the wheel's folder of metadata, as the wheel's own name spells it. The folder in
    /// the file may be spelled otherwise: compare [`DistributionName`]s and [`Version`]s.
    pub fn metadata_folder(&self) -> String {
        let name = self.name.with_underscores();
        format!("{name}-{}.dist-info", self.version)
    }
}

impl<'a> WheelParts<'a> {
    /// Finds the parts of a wheel's name.
    ///
    /// # Errors
    /// If the extension is not `.whl`, or the number of parts is neither five nor six.
    pub fn split(file: &'a str) -> Result<Self, FileNameError> {
        if file.len() > LONGEST {
            return Err(FileNameError::wheel(file, "it is too long"));
        }
        let Some(stem) = file.strip_suffix(".whl") else {
            return Err(FileNameError::wheel(file, "it does not end in `.whl`"));
        };
        Self::of_stem(stem).ok_or_else(|| {
            FileNameError::wheel(
                file,
                "NAME-VERSION[-BUILD]-PYTHON-ABI-PLATFORM.whl is expected",
            )
        })
    }

    fn of_stem(stem: &'a str) -> Option<Self> {
        // The tags are found from the end, and what is left of them is two parts or three.
        let dash = |end: usize| stem[..end].rfind('-');
        let tags = dash(dash(dash(stem.len())?)?)?;
        let mut front = stem[..tags].split('-');
        let parts = WheelParts {
            name: front.next()?,
            version: front.next()?,
            build: front.next(),
            tags: &stem[tags + 1..],
        };
        let are_whole = !parts.name.is_empty()
            && !parts.version.is_empty()
            && parts.build.is_none_or(|build| !build.is_empty());
        (front.next().is_none() && are_whole).then_some(parts)
    }

    /// Reads all parts.
    ///
    /// # Errors
    /// The first part that is wrong.
    pub fn read(self) -> Result<WheelName, FileNameError> {
        let error = |reason: String| {
            let WheelParts {
                name,
                version,
                build,
                tags,
            } = self;
            let build = build.map(|build| format!("-{build}")).unwrap_or_default();
            FileNameError::wheel(&format!("{name}-{version}{build}-{tags}.whl"), reason)
        };
        if self.name.contains("__") {
            // An escape is one `_` for any run of `-_.`; with more the name is not this wheel's.
            return Err(error("a name is escaped with single `_`".to_owned()));
        }
        let name = self.name.parse::<DistributionName>();
        let version = self.version.parse::<Version>();
        let build = self.build.map(str::parse::<BuildTag>).transpose();
        let tags = self.tags.parse::<WheelTags>();
        Ok(WheelName {
            name: name.map_err(|reason| error(reason.to_string()))?,
            version: version.map_err(|reason| error(reason.to_string()))?,
            build: build.map_err(|reason| error(reason.to_string()))?,
            tags: tags.map_err(|reason| error(reason.to_string()))?,
        })
    }
}

impl WheelTags {
    /// The Pythons: `cp311`, or `py2` and `py3`.
    pub fn python(&self) -> impl Iterator<Item = &str> {
        self.text[..self.python_end.into()].split('.')
    }

    /// The binary interfaces: `cp311`, `abi3` or `none`.
    pub fn abi(&self) -> impl Iterator<Item = &str> {
        let start = usize::from(self.python_end) + 1;
        self.text[start..self.abi_end.into()].split('.')
    }

    /// The platforms: `any`, or `manylinux_2_17_x86_64` and `manylinux2014_x86_64`.
    pub fn platform(&self) -> impl Iterator<Item = &str> {
        self.text[usize::from(self.abi_end) + 1..].split('.')
    }

    /// The whole text, in lower case: `py3-none-any`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the wheel says it runs on every platform, as wheels of Python code alone do.
    pub fn is_for_any_platform(&self) -> bool {
        self.platform().any(|platform| platform == "any")
    }
}

impl FromStr for WheelName {
    type Err = FileNameError;

    fn from_str(file: &str) -> Result<Self, FileNameError> {
        WheelParts::split(file)?.read()
    }
}

impl FromStr for BuildTag {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, FileNameError> {
        let error = |reason: &str| FileNameError::new(text, "a build tag", reason);
        let end = text
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(text.len());
        let (digits, suffix) = text.split_at(end);
        if digits.is_empty() {
            return Err(error("a digit must stand first"));
        }
        if suffix.contains('-') || text.len() > LONGEST {
            return Err(error("it is one part of a file name"));
        }
        Ok(BuildTag {
            number: digits
                .parse()
                .map_err(|_| error("its number is too large"))?,
            suffix: suffix.into(),
        })
    }
}

impl FromStr for WheelTags {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, FileNameError> {
        let error = |reason: &str| FileNameError::new(text, "a set of wheel tags", reason);
        if text.len() > LONGEST {
            return Err(error("it is too long"));
        }
        let mut dashes = [0_u16; 2];
        let mut found = 0;
        let mut previous = b'.';
        for (index, byte) in (0_u16..).zip(text.bytes()) {
            match byte {
                b'-' | b'.' if matches!(previous, b'-' | b'.') => {
                    return Err(error("a part of it is empty"));
                }
                b'-' => {
                    match dashes.get_mut(found) {
                        Some(dash) => *dash = index,
                        None => return Err(error("it has more than three parts")),
                    }
                    found += 1;
                }
                b'.' | b'_' => {}
                // Otherwise `foo-1.0-1-py3-none.whl`, where a part is missing, would be a wheel.
                b'0'..=b'9' if found == 0 && previous == b'.' => {
                    return Err(error("the tag of a Python begins with its name"));
                }
                _ if byte.is_ascii_alphanumeric() => {}
                _ => {
                    return Err(error(
                        "only ASCII letters, digits, `_` and `.` may stand in a part",
                    ));
                }
            }
            previous = byte;
        }
        if found < 2 {
            return Err(error("PYTHON-ABI-PLATFORM is expected"));
        }
        if matches!(previous, b'-' | b'.') {
            return Err(error("a part of it is empty"));
        }
        let [python_end, abi_end] = dashes;
        Ok(WheelTags {
            text: text.to_ascii_lowercase().into(),
            python_end,
            abi_end,
        })
    }
}

impl fmt::Display for BuildTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.number, self.suffix)
    }
}

impl fmt::Display for WheelTags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for WheelTags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.as_str())
    }
}

impl fmt::Display for WheelName {
    /// The name as today's tools would write it, which is not always the file's.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-", self.name.with_underscores())?;
        write!(formatter, "{}-", self.version)?;
        if let Some(build) = &self.build {
            write!(formatter, "{build}-")?;
        }
        write!(formatter, "{}.whl", self.tags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wheel(file: &str) -> WheelName {
        file.parse().unwrap()
    }

    #[test]
    fn all_parts_of_a_wheel_are_read() {
        let numpy =
            wheel("numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl");
        assert_eq!(numpy.name.as_str(), "numpy");
        assert_eq!(numpy.version, "1.26.4".parse().unwrap());
        assert_eq!(numpy.build, None);
        assert_eq!(numpy.tags.python().collect::<Vec<_>>(), ["cp311"]);
        assert_eq!(numpy.tags.abi().collect::<Vec<_>>(), ["cp311"]);
        assert_eq!(
            numpy.tags.platform().collect::<Vec<_>>(),
            ["manylinux_2_17_x86_64", "manylinux2014_x86_64"]
        );
        assert!(
            wheel("six-1.16.0-py2.py3-none-any.whl")
                .tags
                .is_for_any_platform()
        );
    }

    #[test]
    fn what_tools_write_differently_is_one_name() {
        let normal = wheel("ruamel_yaml-0.17-py3-none-any.whl");
        for file in [
            "ruamel.yaml-0.17-py3-none-any.whl",
            "Ruamel_Yaml-0.17.0-Py3-None-Any.whl",
        ] {
            assert_eq!(wheel(file), normal, "{file}");
        }
        let local = wheel("torch-2.1.0+cu_118-cp311-cp311-linux_x86_64.whl");
        assert_eq!(local.version, "2.1.0+cu.118".parse().unwrap());
        assert_eq!(
            wheel("a-1!2.0-py3-none-any.whl").version,
            "1!2.0".parse().unwrap()
        );
    }

    #[test]
    fn build_tags_are_ordered_by_number() {
        let build = |text: &str| text.parse::<BuildTag>().unwrap();
        assert!(build("2") < build("10") && build("10") < build("10a"));
        assert!(None < Some(build("0")));
        assert_eq!(
            wheel("foo-1.0-007_x-py3-none-any.whl").build,
            Some(build("7_x"))
        );
        for text in ["", "a1", "1-2", "99999999999999999999"] {
            assert!(text.parse::<BuildTag>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_wheel_is_refused_with_a_reason() {
        for (file, reason) in [
            ("foo-1.0.tar.gz", "`.whl`"),
            ("foo-1.0.whl", "is expected"),
            ("-1.0-py3-none-any.whl", "is expected"),
            ("foo--py3-none-any.whl", "is expected"),
            ("foo-1.0--py3-none-any.whl", "is expected"),
            ("a-b-1.0-1-py3-none-any.whl", "is expected"),
            ("foo-latest-py3-none-any.whl", "PEP 440"),
            ("foo-1.0_1-py3-none-any.whl", "PEP 440"),
            ("foo-1.0-x1-py3-none-any.whl", "a digit must stand first"),
            ("foo__bar-1.0-py3-none-any.whl", "single `_`"),
            ("_foo-1.0-py3-none-any.whl", "name of a distribution"),
            ("foo-1.0-1-py3-none.whl", "a Python begins with its name"),
            ("foo-1.0-py3-none-.whl", "empty"),
            ("foo-1.0-py2..py3-none-any.whl", "empty"),
            ("foo-1.0-py3-none-any/../x.whl", "only ASCII"),
        ] {
            let error = file.parse::<WheelName>().unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
            assert!(error.contains(file), "{error}");
        }
        assert!(
            ("a".repeat(2000) + "-1-py3-none-any.whl")
                .parse::<WheelName>()
                .is_err()
        );
    }
}
