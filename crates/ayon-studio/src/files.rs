//! A tree of files to read: a folder on disk, or one compiled into the program.
//!
//! Paths are relative, UTF-8 and written with `/`, so that a problem names the same file on every system and for both
//! kinds of tree.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use ayon_disk::{FolderEntryKind, read_dir};

/// A folder to read from.
#[derive(Clone, Debug)]
pub(crate) enum Files {
    /// On disk, below this path.
    Disk(PathBuf),
    /// In the program: path and content, sorted by path.
    Embedded(&'static [(&'static str, &'static [u8])]),
}

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) is_folder: bool,
}

impl Listed {
    /// Whether it is a file with this extension, in any letter case.
    pub(crate) fn is_file(&self, extension: &str) -> bool {
        let found = self.name.rsplit_once('.').map(|(_, extension)| extension);
        !self.is_folder && found.is_some_and(|found| found.eq_ignore_ascii_case(extension))
    }
}

/// Something that reads and seeks: an archive.
pub(crate) trait Archive: Read + Seek {}
impl<T: Read + Seek> Archive for T {}

impl Files {
    /// What is in a folder, sorted by name. Hidden entries and those that are neither file nor folder are left out, and
    /// so are names that are not UTF-8: no addon, version or record can be called so.
    pub(crate) fn list(&self, folder: &str) -> Result<Vec<Listed>, String> {
        let mut listed = match self {
            Self::Disk(root) => list_disk(&join(root, folder))?,
            Self::Embedded(files) => list_embedded(files, folder),
        };
        listed.retain(|entry| !entry.name.starts_with('.') && entry.name != "__pycache__");
        listed.sort();
        Ok(listed)
    }

    /// Whether something of this path exists, hidden or not.
    pub(crate) fn exists(&self, path: &str) -> bool {
        match self {
            Self::Disk(root) => join(root, path).exists(),
            Self::Embedded(files) => {
                let inside = format!("{path}/");
                files
                    .iter()
                    .any(|(file, _)| *file == path || file.starts_with(&inside))
            }
        }
    }

    pub(crate) fn is_folder(&self, path: &str) -> bool {
        match self {
            Self::Disk(root) => join(root, path).is_dir(),
            Self::Embedded(files) => {
                let inside = format!("{path}/");
                files.iter().any(|(file, _)| file.starts_with(&inside))
            }
        }
    }

    /// A file of at most `limit` bytes; `None` where there is none of this path.
    pub(crate) fn read(
        &self,
        path: &str,
        limit: u64,
    ) -> Result<Option<Cow<'static, [u8]>>, String> {
        match self {
            Self::Disk(root) => {
                let path = join(root, path);
                // A pipe would block for ever; only a regular file is read.
                match std::fs::metadata(&path) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Ok(metadata) if !metadata.is_file() => Err("it is no regular file".to_owned()),
                    _ => ayon_disk::read(&path, limit)
                        .map(|bytes| Some(bytes.into()))
                        .map_err(|error| reason(&error)),
                }
            }
            Self::Embedded(files) => Ok(files
                .binary_search_by_key(&path, |(file, _)| file)
                .ok()
                .map(|index| files[index].1.into())),
        }
    }

    /// Opens a file to read parts of it.
    pub(crate) fn open(&self, path: &str) -> Result<Box<dyn Archive>, String> {
        match self {
            Self::Disk(root) => match File::open(join(root, path)) {
                Ok(file) => Ok(Box::new(std::io::BufReader::new(file))),
                Err(error) => Err(error.to_string()),
            },
            Self::Embedded(_) => match self.read(path, 0)? {
                Some(bytes) => Ok(Box::new(std::io::Cursor::new(bytes))),
                None => Err("there is no such file".to_owned()),
            },
        }
    }
}

/// The cause alone: the problem that is made of it names the file itself, by its path in the studio.
fn reason(error: &ayon_disk::DiskError) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn join(root: &Path, path: &str) -> PathBuf {
    if path.is_empty() {
        root.to_owned()
    } else {
        root.join(path)
    }
}

fn list_disk(path: &Path) -> Result<Vec<Listed>, String> {
    let entries = read_dir(path).map_err(|error| reason(&error))?;
    let listed = entries.into_iter().filter_map(|entry| {
        let is_folder = match entry.kind {
            FolderEntryKind::Folder => true,
            FolderEntryKind::File => false,
            FolderEntryKind::Other => return None,
        };
        Some(Listed {
            name: entry.name.into_string().ok()?,
            is_folder,
        })
    });
    Ok(listed.collect())
}

fn list_embedded(files: &[(&str, &[u8])], folder: &str) -> Vec<Listed> {
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let mut listed: Vec<Listed> = files
        .iter()
        .filter_map(|(path, _)| path.strip_prefix(&prefix))
        .map(|rest| match rest.split_once('/') {
            Some((name, _)) => Listed {
                name: name.to_owned(),
                is_folder: true,
            },
            None => Listed {
                name: rest.to_owned(),
                is_folder: false,
            },
        })
        .collect();
    // All files of one folder stand together.
    listed.dedup();
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_tree_is_listed_like_a_folder() {
        let files = Files::Embedded(&[
            ("a/.git/x", b""),
            ("a/b/c.txt", b"1"),
            ("a/b/d.txt", b"2"),
            ("a/e", b"3"),
        ]);
        let names = |folder| {
            files
                .list(folder)
                .unwrap()
                .into_iter()
                .map(|entry| entry.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(""), ["a"]);
        assert_eq!(names("a"), ["b", "e"]);
        assert!(files.exists("a/.git") && files.is_folder("a/b") && !files.is_folder("a/e"));
        assert_eq!(files.read("a/e", 10).unwrap().as_deref(), Some(&b"3"[..]));
        assert_eq!(files.read("a/f", 10).unwrap(), None);
    }
}
