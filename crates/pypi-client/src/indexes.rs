//! The indexes as they were named: a URL, or a folder that has the form of one.

use std::path::PathBuf;

use pypi::DistributionName;

use crate::error::ClientError;
use crate::options::IndexSource;
use crate::wheelhouse::FolderIndex;
use transport::shown;

/// An index and where it is.
pub(crate) struct PlacedIndex {
    pub(crate) source: IndexSource,
    pub(crate) at: At,
}

/// Where an index is.
pub(crate) enum At {
    /// Under a URL that does not end in `/`.
    Url(String),
    /// In a folder with a folder for each project.
    Folder(FolderIndex),
}

/// Where something was said to be.
pub(crate) enum Place {
    Url(String),
    Folder(PathBuf),
}

impl Place {
    /// Reads a URL of HTTP, a URL of a file, or a path.
    pub(crate) fn parse(text: &str) -> Result<Self, ClientError> {
        let refuse = |reason: &str| ClientError::Wheelhouse {
            place: shown(text),
            reason: reason.to_owned(),
        };
        if text.trim().is_empty() {
            return Err(refuse("nothing is named"));
        }
        let folder = match text.split_once("://") {
            Some(("http" | "https", _)) => {
                return Ok(Place::Url(text.trim_end_matches('/').to_owned()));
            }
            Some(("file", _)) => path_of_url(text)
                .ok_or_else(|| refuse("this file URL names no path of this machine"))?,
            Some((scheme, _)) => {
                return Err(refuse(&format!(
                    "`{scheme}` is no scheme of an index; http, https and file are"
                )));
            }
            None => PathBuf::from(text),
        };
        // Files in it are named absolutely, whatever the current folder of those who read a lock.
        let folder = std::path::absolute(folder).map_err(|error| refuse(&error.to_string()))?;
        Ok(Place::Folder(folder))
    }
}

impl PlacedIndex {
    pub(crate) fn new(source: &IndexSource) -> Result<Self, ClientError> {
        let at = match Place::parse(&source.url)? {
            Place::Url(url) => At::Url(url),
            Place::Folder(folder) => At::Folder(FolderIndex::new(folder)),
        };
        let source = source.clone();
        Ok(PlacedIndex { source, at })
    }

    /// Whether a distribution is to be asked for here and nowhere else.
    pub(crate) fn is_pin_of(&self, name: &DistributionName) -> bool {
        self.source.packages.contains(name)
    }

    /// The index in messages.
    pub(crate) fn shown(&self) -> String {
        shown(&self.source.url)
    }
}

/// The path that a `file:` URL names on this machine.
pub(crate) fn path_of_url(url: &str) -> Option<PathBuf> {
    reqwest::Url::parse(url).ok()?.to_file_path().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_paths_are_told_apart() {
        assert!(
            matches!(Place::parse("https://index.invalid/simple/"), Ok(Place::Url(url)) if url == "https://index.invalid/simple")
        );
        let Ok(Place::Folder(folder)) = Place::parse("some/wheels") else {
            panic!("a path is a folder");
        };
        assert!(folder.is_absolute() && folder.ends_with("some/wheels"));
        for text in ["", "  ", "ftp://index.invalid/"] {
            assert!(Place::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_file_url_is_a_path() {
        assert!(
            matches!(Place::parse("file:///a%20b/c"), Ok(Place::Folder(folder)) if folder.as_os_str() == "/a b/c")
        );
    }
}
