//! Addon packages as zips, which may come from anywhere.
//!
//! Nothing is unpacked. A zip is refused as a whole where its list of entries is not that of an addon package: a name
//! that leads out of it, too many entries, encryption. Of the entries only a package file and a `pyproject.toml` are
//! read, and what is read is counted, whatever the zip says of its sizes: a bomb costs a few megabytes, and a message.

use std::collections::BTreeMap;
use std::io::Read;

use zip::ZipArchive;

use crate::files::Archive;

/// The largest entry that is read.
pub(crate) const MAX_ENTRY: u64 = 16 * 1024 * 1024;
/// The most that is read of one zip.
const MAX_TOTAL: u64 = 32 * 1024 * 1024;
/// The most entries a zip may have; the largest real packages have some thousands.
const MAX_ENTRIES: usize = 100_000;
/// How much larger than its compressed form an entry may be. Deflate reaches about 1000, prose and code about 10.
const MAX_RATIO: u64 = 200;
/// Below this size the ratio says nothing.
const RATIO_FLOOR: u64 = 64 * 1024;
/// No path in a package is longer.
const MAX_NAME: usize = 4096;

/// A zip whose list of entries is sound.
pub(crate) struct Package {
    zip: ZipArchive<Box<dyn Archive>>,
    index: BTreeMap<String, usize>,
    read: u64,
}

impl Package {
    /// Reads the list of entries.
    pub(crate) fn open(archive: Box<dyn Archive>) -> Result<Self, String> {
        let mut zip = ZipArchive::new(archive)
            .map_err(|error| format!("this is no readable zip: {error}"))?;
        if zip.len() > MAX_ENTRIES {
            return Err(format!(
                "the zip has {} entries, more than the {MAX_ENTRIES} of any addon package",
                zip.len()
            ));
        }
        let mut index = BTreeMap::new();
        for position in 0..zip.len() {
            let entry = zip
                .by_index_raw(position)
                .map_err(|error| format!("entry {position} is damaged: {error}"))?;
            let name = std::str::from_utf8(entry.name_raw())
                .map_err(|_| format!("the name of entry {position} is not UTF-8"))?;
            check_name(name)?;
            if entry.encrypted() {
                return Err(format!(
                    "entry `{}` is encrypted",
                    ayon_model::printable(name)
                ));
            }
            if entry.is_file() {
                index.insert(name.to_owned(), position);
            }
        }
        Ok(Self {
            zip,
            index,
            read: 0,
        })
    }

    /// Whether the zip has a file of this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.index.contains_key(path)
    }

    /// A file of the zip; `None` where there is none of this path.
    pub(crate) fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(position) = self.index.get(path) else {
            return Ok(None);
        };
        let entry = self
            .zip
            .by_index(*position)
            .map_err(|error| format!("entry `{path}` cannot be read: {error}"))?;
        let limit = MAX_ENTRY.min(MAX_TOTAL - self.read.min(MAX_TOTAL));
        let too_large = || {
            format!(
                "entry `{path}` is larger than the {} KiB that are read of it",
                limit / 1024
            )
        };
        if entry.size() > limit {
            return Err(too_large());
        }
        let packed = entry.compressed_size().max(1);
        let mut bytes = Vec::new();
        let mut entry = entry.take(limit + 1);
        let mut chunk = [0; 16 * 1024];
        loop {
            let count = entry
                .read(&mut chunk)
                .map_err(|error| format!("entry `{path}` is damaged: {error}"))?;
            bytes.extend_from_slice(&chunk[..count]);
            let size = bytes.len() as u64;
            if size > limit {
                return Err(too_large());
            }
            if size > RATIO_FLOOR && size / packed > MAX_RATIO {
                return Err(format!(
                    "entry `{path}` unpacks to more than {MAX_RATIO} times its size: a bomb"
                ));
            }
            if count == 0 {
                break;
            }
        }
        self.read += bytes.len() as u64;
        Ok(Some(bytes))
    }
}

/// A path that stays in the archive, on every system.
fn check_name(name: &str) -> Result<(), String> {
    let printable = || {
        ayon_model::printable(name)
            .chars()
            .take(100)
            .collect::<String>()
    };
    if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(format!(
            "entry `{}` has a name that no file can have",
            printable()
        ));
    }
    let drive = name.as_bytes().get(1) == Some(&b':');
    let leaves = name.split(['/', '\\']).any(|part| part == "..");
    if name.starts_with(['/', '\\']) || drive || leaves {
        return Err(format!(
            "entry `{}` leads out of the zip; such a package is not read",
            printable()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_told() {
        for name in [
            "../x",
            "a/../../x",
            "a\\..\\x",
            "/etc/passwd",
            "\\\\host\\x",
            "C:/x",
            "a\0b",
            "",
            "a\u{1b}[2J",
        ] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in ["package.py", "server/", "a/..b/c", "private/pyproject.toml"] {
            assert_eq!(check_name(name), Ok(()), "{name:?}");
        }
    }
}
