//! What was read of a repository, kept for the next time in one file.
//!
//! ```text
//! magic 4 | strings 4 | their bytes 4 | families 4                              (numbers little-endian)
//! where each string ends, 4 each | the strings
//! families by name: string 4, start 4, length 4 each | their bodies
//! ```
//! The file is read once and taken apart as it is asked: a family costs nothing until somebody wants it, and every
//! text that packages share is one text here and in memory. Damage is noticed by the cache that the file lies in
//! ([`ayon_disk::Cache`]); it also makes the file safe to share, among processes and machines, without a lock.
//!
//! What needs Python to be told is kept as just that. Nothing that a Python process answered is ever in the index, so
//! none can be served where Python is not allowed, or after the world that it looked at has changed.

mod decode;
mod encode;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use ayon_disk::{Cache, Stamp};

use super::entry::Entry;
use decode::{Cursor, number};

/// Raised when the form of the file or the meaning of what it says changes.
const SCHEMA: u32 = 1;

const MAGIC: [u8; 4] = *b"REZI";

const HEADER: usize = 16;

/// Bytes of one row in the table of families.
const ROW: usize = 12;

/// The cache that keeps indexes of repositories in a folder.
pub fn index_cache(folder: &Path) -> Cache {
    Cache::new(folder, "rez-index", SCHEMA)
}

/// An index, as loaded.
#[derive(Debug)]
pub(super) struct Index {
    bytes: Vec<u8>,
    strings: usize,
    /// Where the strings themselves begin.
    text: usize,
    /// Where the table of families begins.
    table: usize,
    families: usize,
    /// Strings that were asked for so far.
    shared: Mutex<Vec<Option<Arc<str>>>>,
}

impl Index {
    /// The index under a key, if there is one.
    pub(super) fn load(cache: &Cache, key: &str) -> Option<Self> {
        Index::open(cache.get(key)?)
    }

    fn open(bytes: Vec<u8>) -> Option<Self> {
        if bytes.get(..4)? != MAGIC {
            return None;
        }
        let (strings, length, families) =
            (number(&bytes, 4)?, number(&bytes, 8)?, number(&bytes, 12)?);
        let text = HEADER.checked_add(strings.checked_mul(4)?)?;
        let table = text.checked_add(length)?;
        let end = table.checked_add(families.checked_mul(ROW)?)?;
        if end > bytes.len() {
            return None;
        }
        Some(Index {
            bytes,
            strings,
            text,
            table,
            families,
            shared: Mutex::new(vec![None; strings]),
        })
    }

    /// What is known of a family, if its folder or file still has this stamp.
    pub(super) fn entry(&self, name: &str, stamp: &Stamp) -> Option<Entry> {
        let body = self.find(name)?;
        let starts_so = body.get(..Stamp::BYTES)? == stamp.to_bytes();
        starts_so.then(|| self.decode(name.into(), body)).flatten()
    }

    /// How many families there are.
    pub(super) fn len(&self) -> usize {
        self.families
    }

    /// Whether there is a family of this name, in whatever state.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Everything that is known, by name.
    pub(super) fn all(&self) -> BTreeMap<Arc<str>, Entry> {
        let known = (0..self.families).filter_map(|row| {
            let (name, body) = self.row(row)?;
            let name: Arc<str> = std::str::from_utf8(name).ok()?.into();
            Some((name.clone(), self.decode(name, body)?))
        });
        known.collect()
    }

    /// Keeps what was read of these families, instead of what was kept before.
    pub(super) fn save(cache: &Cache, key: &str, entries: &BTreeMap<Arc<str>, Arc<Entry>>) {
        if let Some(bytes) = encode::encode(entries.values().map(|entry| &**entry)) {
            cache.put(key, &bytes);
        }
    }

    /// The body of a family.
    fn find(&self, name: &str) -> Option<&[u8]> {
        let (mut low, mut high) = (0, self.families);
        while low < high {
            let middle = low.midpoint(high);
            let (found, body) = self.row(middle)?;
            match found.cmp(name.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(body),
            }
        }
        None
    }

    /// The name and the body of a family.
    fn row(&self, row: usize) -> Option<(&[u8], &[u8])> {
        let at = self.table + row * ROW;
        let name = self.string_bytes(number(&self.bytes, at)?)?;
        let start = number(&self.bytes, at + 4)?;
        let length = number(&self.bytes, at + 8)?;
        Some((name, self.bytes.get(start..start.checked_add(length)?)?))
    }

    fn string_bytes(&self, string: usize) -> Option<&[u8]> {
        if string >= self.strings {
            return None;
        }
        let start = match string {
            0 => 0,
            _ => number(&self.bytes, HEADER + (string - 1) * 4)?,
        };
        let end = number(&self.bytes, HEADER + string * 4)?;
        self.bytes.get(self.text..self.table)?.get(start..end)
    }

    fn decode(&self, name: Arc<str>, body: &[u8]) -> Option<Entry> {
        // A panic elsewhere leaves a table of some strings.
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let mut string = |string: usize| {
            let slot = shared.get_mut(string)?;
            if slot.is_none() {
                let text = std::str::from_utf8(self.string_bytes(string)?).ok()?;
                *slot = Some(text.into());
            }
            slot.clone()
        };
        Cursor::new(body, &mut string).entry(name)
    }
}

#[cfg(test)]
mod tests;
