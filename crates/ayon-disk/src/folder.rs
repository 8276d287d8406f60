//! Folders that appear whole: built beside under a hidden name, then renamed.

use std::fs;
use std::io;
use std::path::Path;

use tempfile::{Builder, TempDir};

use crate::error::{Action, DiskError};
use crate::write::{Durability, replace, sync_folder};

/// Writes a folder with empty folders and files in it so that nobody sees it half-written, and says whether it did: `false`
/// where something of that name is there already, which is then left as it is. The folder above must exist.
///
/// Until it is renamed the folder's name starts with a dot, so that listings skip it.
///
/// # Errors
/// Where any step fails; nothing is then left behind.
pub fn write_folder(
    path: &Path,
    folders: &[String],
    files: &[(&str, &[u8])],
) -> Result<bool, DiskError> {
    create(path, folders, files).map_err(Action::Write.on(path))
}

/// Removes a file; it may be gone already.
///
/// # Errors
/// Where it is there and cannot be removed.
pub fn remove_file(path: &Path) -> Result<(), DiskError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Action::Remove.on(path)(error))
        }
        _ => Ok(()),
    }
}

fn create(path: &Path, folders: &[String], files: &[(&str, &[u8])]) -> io::Result<bool> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if fs::symlink_metadata(path).is_ok() {
        return Ok(false);
    }
    let temporary = temporary_in(parent)?;
    for name in folders {
        fs::create_dir(temporary.path().join(name))?;
    }
    for (name, bytes) in files {
        replace(&temporary.path().join(name), bytes, Durability::Synced)?;
    }
    match fs::rename(temporary.path(), path) {
        Ok(()) => {
            // It has another name now, under which it stays.
            let _ = temporary.keep();
            sync_folder(parent)?;
            Ok(true)
        }
        // Somebody was faster: systems have several words for that.
        Err(_) if fs::symlink_metadata(path).is_ok() => Ok(false),
        Err(error) => Err(error),
    }
}

/// A temporary folder that is removed unless it is kept.
fn temporary_in(parent: &Path) -> io::Result<TempDir> {
    let mut builder = Builder::new();
    builder.prefix(".").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new folder gets: the system takes the umask away from it.
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent)
}
