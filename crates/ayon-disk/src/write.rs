//! Writing so that every reader sees the old file or the new one, whole, even after the power has failed.
//!
//! The bytes go to a temporary file in the *same* folder (a rename does not cross file systems), are synced, and take the
//! name by a rename; then the folder is synced, since the rename itself lives there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::error::{Action, DiskError};

/// Writes a file so that nobody sees it half-written.
///
/// An existing file keeps its permissions; a new one gets those that the process gives to new files. A symbolic link is
/// followed and stays: what it points to is replaced, or made if it is missing. The folder must exist.
///
/// # Errors
/// Where any step fails; the old file is then untouched, and the temporary one is removed.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    replace(path, bytes, Durability::Synced).map_err(Action::Write.on(path))
}

/// Makes a folder and those above it, where they are missing.
///
/// # Errors
/// Where one cannot be made, or a file has its name.
pub fn create_dir_all(path: &Path) -> Result<(), DiskError> {
    fs::create_dir_all(path).map_err(Action::CreateFolder.on(path))
}

/// How much a written file must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A loss of power: file and folder are synced.
    Synced,
    /// The end of the process. For files that are checked when they are read, and can be made again.
    Unsynced,
}

/// Replaces a file by a rename.
pub(crate) fn replace(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<()> {
    let target = follow_links(path)?;
    let name = target
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this names no file"))?;
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let permissions = match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };

    let mut temporary = temporary_beside(folder, name)?;
    temporary.write_all(bytes)?;
    if let Some(permissions) = permissions {
        temporary.as_file().set_permissions(permissions)?;
    }
    if durability == Durability::Synced {
        temporary.as_file().sync_all()?;
    }
    persist(temporary, &target)?;
    if durability == Durability::Synced {
        sync_folder(folder)?;
    }
    Ok(())
}

/// A temporary file that is removed unless it is persisted. Its name starts with a dot, so that listings skip it.
fn temporary_beside(folder: &Path, name: &std::ffi::OsStr) -> io::Result<NamedTempFile> {
    let mut prefix = std::ffi::OsString::from(".");
    // A long name plus the random part might pass the limit of 255 bytes.
    if name.len() < 200 {
        prefix.push(name);
    }
    prefix.push(".");
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any new file gets: the system takes the umask away from it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(|error| {
        // The temporary name in the error would only distract from the file that was asked for.
        error
            .raw_os_error()
            .map_or(error, io::Error::from_raw_os_error)
    })
}

/// Gives the temporary file its name. On Windows a virus scanner or an indexer may hold the old file for a moment.
fn persist(mut temporary: NamedTempFile, target: &Path) -> io::Result<()> {
    let mut attempts = if cfg!(windows) { 10 } else { 1 };
    loop {
        attempts -= 1;
        match temporary.persist(target) {
            Ok(_) => return Ok(()),
            Err(error) if attempts > 0 && error.error.kind() == io::ErrorKind::PermissionDenied => {
                temporary = error.file;
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            Err(error) => return Err(error.error),
        }
    }
}

/// Syncs a folder's names. Systems without the notion say so in one of two ways, and have nothing to sync.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
            ) =>
        {
            Ok(())
        }
        // A folder that may be written to but not listed cannot be opened for this; the file is written.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        result => result,
    }
}

/// Where a path leads after its last part is no link any more. What it leads to need not exist.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    // As many as Linux follows.
    const MAX_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_symlink() => {}
            _ => return Ok(path),
        }
        let target = fs::read_link(&path)?;
        // A relative target is relative to the folder that holds the link.
        path = path
            .parent()
            .map_or_else(|| target.clone(), |folder| folder.join(&target));
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        "the links lead in a circle",
    ))
}
