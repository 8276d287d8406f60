//! Reading with limits, so that a wrong path costs a clear error rather than the memory.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::{Action, DiskError};

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// Where the file cannot be read, or with [`io::ErrorKind::FileTooLarge`] where it is larger.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, DiskError> {
    read_limited(path, limit).map_err(Action::Read.on(path))
}

/// Reads a whole text file of at most `limit` bytes, as UTF-8. A byte order mark is left where it is.
///
/// # Errors
/// As [`read`]; and with [`io::ErrorKind::InvalidData`] where the file is not UTF-8, naming the first wrong byte.
pub fn read_to_string(path: &Path, limit: u64) -> Result<String, DiskError> {
    String::from_utf8(read(path, limit)?).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let message = format!("it is not UTF-8: byte {offset} is wrong");
        Action::Read.on(path)(io::Error::new(io::ErrorKind::InvalidData, message))
    })
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FolderEntry {
    /// Its name in the folder.
    pub name: OsString,
    /// The folder's path joined with the name.
    pub path: PathBuf,
    /// What it is, after following links.
    pub kind: FolderEntryKind,
}

/// What stands behind a name in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FolderEntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device, a socket, or a link to nothing.
    Other,
}

/// Lists a folder, sorted by name, byte by byte. Only links cost a further look at the disk each.
///
/// # Errors
/// Where the folder cannot be listed to its end.
pub fn read_dir(path: &Path) -> Result<Vec<FolderEntry>, DiskError> {
    list(path).map_err(Action::List.on(path))
}

fn list(path: &Path) -> io::Result<Vec<FolderEntry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let path = entry.path();
        let mut file_type = entry.file_type()?;
        if file_type.is_symlink() {
            // A link to nothing, or to what may not be seen, stays a link.
            file_type = fs::metadata(&path).map_or(file_type, |metadata| metadata.file_type());
        }
        let kind = if file_type.is_dir() {
            FolderEntryKind::Folder
        } else if file_type.is_file() {
            FolderEntryKind::File
        } else {
            FolderEntryKind::Other
        };
        entries.push(FolderEntry {
            name: entry.file_name(),
            path,
            kind,
        });
    }
    entries.sort();
    Ok(entries)
}

pub(crate) fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let expected = file.metadata()?.len();
    read_opened(&file, expected, limit)
}

/// Reads a whole file in two parts, the second of which starts after `head` bytes, so that neither is moved later.
pub(crate) fn read_split(path: &Path, head: usize, limit: u64) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let file = File::open(path)?;
    let expected = file.metadata()?.len();
    let mut first = Vec::with_capacity(head);
    (&file).take(head as u64).read_to_end(&mut first)?;
    let rest = read_opened(&file, expected.saturating_sub(head as u64), limit)?;
    Ok((first, rest))
}

/// Reads an open file to its end. What the file says of its size spares a growing buffer; what is read decides.
pub(crate) fn read_opened(file: &File, expected: u64, limit: u64) -> io::Result<Vec<u8>> {
    let too_large = || {
        let message = format!("it is larger than the {limit} bytes that are read");
        io::Error::new(io::ErrorKind::FileTooLarge, message)
    };
    if expected > limit {
        return Err(too_large());
    }
    // One byte more than expected: the end is then found without growing.
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default() + 1);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    Ok(bytes)
}
