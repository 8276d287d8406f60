//! The lock as a file: read with its place in every error, and replaced only by whoever has seen what is replaced.

use std::path::{Path, PathBuf};

use ayon_resolve::lock::{Lock, ReadError};

use crate::program::Report;
use crate::program::output;
use crate::program::settings::Settings;

/// More than any lock.
const SIZE_LIMIT: u64 = 64 << 20;

/// A lock's place, and the text that lay there when it was first looked at.
pub(super) struct LockFile {
    path: PathBuf,
    seen: Option<String>,
}

impl LockFile {
    /// Looks at the lock that the settings name.
    pub(super) fn look(settings: &Settings) -> Result<Self, Report> {
        let path = settings.lock.file();
        let seen = text_at(&path)?;
        Ok(Self { path, seen })
    }

    /// The path, for a sentence.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// What lies there.
    pub(super) fn seen(&self) -> Option<&str> {
        self.seen.as_deref()
    }

    /// The lock, which must be there and whole.
    pub(super) fn lock(&self) -> Result<Lock, Report> {
        let Some(text) = &self.seen else {
            return Err(
                Report::unknown(format!("there is no lock `{}`", self.name()))
                    .hint("make one: `ayon-resolve lock`, with the bundle and what it is for")
                    .hint("or name the lock: `--lock FILE`"),
            );
        };
        Lock::read(text).map_err(|error| self.unreadable(&error))
    }

    /// What of the old lock can be kept when it is made again: all of it also where somebody merged it by hand, which
    /// is the second part of the answer.
    pub(super) fn old(&self) -> Result<(Option<Lock>, Option<String>), Report> {
        let Some(text) = &self.seen else {
            return Ok((None, None));
        };
        match Lock::read(text) {
            Ok(lock) => Ok((Some(lock), None)),
            Err(ReadError::Digest { .. }) => {
                let lock = Lock::read_changed(text).map_err(|error| self.unreadable(&error))?;
                let notice = format!(
                    "`{}` was changed since it was written: what still fits is kept",
                    self.name()
                );
                Ok((Some(lock), Some(notice)))
            }
            Err(error) => Err(self
                .unreadable(&error)
                .hint("or forget it: `ayon-resolve lock --upgrade` makes the lock anew")),
        }
    }

    fn unreadable(&self, error: &ReadError) -> Report {
        Report::unknown(format!("the lock `{}` cannot be used", self.name())).because_of(error)
    }

    /// Writes the lock as one whole, unless somebody else has written it meanwhile.
    pub(super) fn store(&self, text: &str) -> Result<(), Report> {
        output::check_folder(&self.path)?;
        if text_at(&self.path)? != self.seen {
            return Err(Report::unknown(format!(
                "`{}` was written by somebody else meanwhile, and is left as it is",
                self.name()
            ))
            .hint("run this again: what is locked there now is kept where it still fits"));
        }
        ayon_disk::write_atomic(&self.path, text.as_bytes())
            .map_err(|error| Report::unknown(error.to_string()))
    }
}

fn text_at(path: &Path) -> Result<Option<String>, Report> {
    match ayon_disk::read_to_string(path, SIZE_LIMIT) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Report::unknown(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_wrote_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ayon.lock");
        let look = || LockFile {
            seen: text_at(&path).unwrap(),
            path: path.clone(),
        };
        let (one, other) = (look(), look());
        one.store("one\n").unwrap();
        let report = other.store("other\n").unwrap_err();
        assert!(
            report.message().contains("somebody else"),
            "{}",
            report.message()
        );
        assert_eq!(text_at(&path).unwrap().as_deref(), Some("one\n"));
        look().store("third\n").unwrap();
        assert_eq!(text_at(&path).unwrap().as_deref(), Some("third\n"));
    }
}
