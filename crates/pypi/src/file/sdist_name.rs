//! What the name of a source distribution says: `requests-2.31.0.tar.gz`.
//!
//! Names written today are escaped as wheels' are ([PEP 625]), old ones are not: where the name ends
//! in `foo-bar-1.0-1.tar.gz` only who knows the project can say. So it is read for a project.
//!
//! [PEP 625]: https://peps.python.org/pep-0625/

use crate::file::wheel_name::{FileNameError, LONGEST};
use crate::name::{DistributionName, is_spelling_of};
use crate::version::Version;

/// What the name of a source distribution says beside the name of its project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdistName {
    /// The version.
    pub version: Version,
    /// The kind of archive.
    pub kind: SdistKind,
}

/// The kinds of archives that source distributions come in. [PEP 527] leaves the first two.
///
/// [PEP 527]: https://peps.python.org/pep-0527/
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SdistKind {
    /// `.tar.gz`, and `.tgz` in old releases.
    TarGz,
    /// `.zip`
    Zip,
    /// `.tar.bz2`, in old releases.
    TarBz2,
}

impl SdistName {
    /// Reads the name of a source distribution of a project whose name is known.
    ///
    /// Without that `foo-bar-1.0-1.tar.gz` could not be read: old names are not escaped.
    ///
    /// # Errors
    /// If the extension is none of source distributions', the project is another, or what follows
    /// its name is no version.
    pub fn parse(file: &str, project: &DistributionName) -> Result<Self, FileNameError> {
        if file.len() > LONGEST {
            return Err(FileNameError::sdist(file, "it is too long"));
        }
        let Some((stem, kind)) = SdistKind::of(file) else {
            return Err(FileNameError::sdist(
                file,
                "it ends in neither `.tar.gz` nor `.zip`",
            ));
        };
        let mut reason = None;
        for (dash, _) in stem.match_indices('-') {
            if is_spelling_of(&stem[..dash], project) {
                match stem[dash + 1..].parse() {
                    Ok(version) => return Ok(SdistName { version, kind }),
                    Err(error) => reason = Some(error.to_string()),
                }
            }
        }
        let reason = reason.unwrap_or_else(|| format!("it does not begin with `{project}-`"));
        Err(FileNameError::sdist(file, reason))
    }
}

impl SdistKind {
    const EXTENSIONS: [(&'static str, SdistKind); 4] = [
        (".tar.gz", SdistKind::TarGz),
        (".zip", SdistKind::Zip),
        (".tar.bz2", SdistKind::TarBz2),
        (".tgz", SdistKind::TarGz),
    ];

    /// The kind that a file name ends in, and the name without that.
    pub fn of(file: &str) -> Option<(&str, SdistKind)> {
        Self::EXTENSIONS
            .into_iter()
            .find_map(|(extension, kind)| Some((file.strip_suffix(extension)?, kind)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sdist(file: &str, project: &str) -> Result<SdistName, FileNameError> {
        SdistName::parse(file, &project.parse().unwrap())
    }

    #[test]
    fn a_sdist_is_read_for_its_project() {
        let read = |file, project| {
            let read = sdist(file, project).unwrap();
            (read.version.to_string(), read.kind)
        };
        assert_eq!(
            read("foo_bar-1.0.tar.gz", "foo-bar"),
            ("1.0".to_owned(), SdistKind::TarGz)
        );
        assert_eq!(
            read("Foo.Bar-1.0-1.zip", "foo-bar"),
            ("1.0.post1".to_owned(), SdistKind::Zip)
        );
        assert_eq!(
            read("foo-bar-2-1.0.tgz", "foo-bar-2"),
            ("1.0".to_owned(), SdistKind::TarGz)
        );
        assert_eq!(read("foo-1.tar.bz2", "foo").1, SdistKind::TarBz2);
        for (file, project, reason) in [
            ("foo-1.0.egg", "foo", "ends in neither"),
            ("foo-1.0.tar.gz", "bar", "begin with `bar-`"),
            ("foo-bar-1.0.tar.gz", "foo", "PEP 440"),
            ("foo.tar.gz", "foo", "begin with"),
        ] {
            let error = sdist(file, project).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
