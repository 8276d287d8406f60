//! What lies where a lock is going to be written.

use std::path::{Path, PathBuf};

use ayon_disk::DiskError;
use pypi::lock::pins::OldLock;

use super::Report;

/// More than any lock.
const SIZE_LIMIT: u64 = 64 << 20;

/// What lies there, if anything does.
pub(crate) fn read_old(path: &Path) -> Result<Option<String>, Report> {
    let is_missing = |error: &DiskError| error.source.kind() == std::io::ErrorKind::NotFound;
    match ayon_disk::read_to_string(path, SIZE_LIMIT) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(Report::unknown(error.to_string())),
    }
}

/// The folder of a lock, absolute and without links: what lies beside it is told relative to it.
pub(crate) fn folder_of(path: &Path) -> Result<PathBuf, Report> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    whole(parent.unwrap_or(Path::new(".")))
}

/// A folder, absolute and without links. One that is not there yet has none below what is there.
pub(crate) fn whole(folder: &Path) -> Result<PathBuf, Report> {
    let cannot = |error: std::io::Error| {
        Report::unknown(format!("`{}` cannot be found", folder.display())).because_of(&error)
    };
    let folder = std::path::absolute(folder).map_err(cannot)?;
    for there in folder.ancestors() {
        if let Ok(real) = there.canonicalize() {
            let rest = folder.strip_prefix(there).unwrap_or(Path::new(""));
            return Ok(real.join(rest));
        }
    }
    Ok(folder)
}

/// A lock that lies where one is going to be written.
pub(crate) fn old_lock(path: &Path, text: &str) -> Result<OldLock, Report> {
    OldLock::read(text).map_err(|error| {
        let what = format!("`{}` is there and cannot be kept to", path.display());
        Report::unknown(what)
            .because_of(&error)
            .hint("remove it, write to another place, or choose everything anew: `--upgrade`")
    })
}
