//! The hashes of local files: computed once, then believed as long as the file's stamp stays.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ayon_disk::Stamp;
use pypi::{NewFile, Timestamp};
use sha2::{Digest, Sha256};

use super::unreadable;
use crate::state::{Answer, State};

/// Files of a folder, with their sizes and hashes.
pub(super) fn hashed(state: &State, folder: &Path, files: &[NewFile]) -> Answer<Vec<NewFile>> {
    let (Some(first), Some(last)) = (files.first(), files.last()) else {
        return Ok(Vec::new());
    };
    let key = format!(
        "hashes\n{}\n{}\n{}",
        folder.display(),
        first.name,
        last.name
    );
    let mut known = state
        .store
        .note(&key)
        .and_then(|bytes| read_note(&bytes))
        .unwrap_or_default();
    let mut changed = false;
    let mut hashed = |file: &NewFile| {
        let path = folder.join(&file.name);
        let (hash, stamp, new) = hash_of(&path, known.get(&file.name))
            .map_err(|error| unreadable(path.display().to_string(), error))?;
        if new && stamp.is_settled(system_time(state.options.now)) {
            known.insert(file.name.clone(), (stamp, hash.clone()));
            changed = true;
        }
        Ok(NewFile {
            hashes: BTreeMap::from([("sha256".to_owned(), hash)]),
            size: Some(stamp.size),
            ..file.clone()
        })
    };
    let files = files.iter().map(&mut hashed).collect();
    if changed {
        state.store.keep_note(&key, &note(&known));
    }
    files
}

/// The hash of a file: the known one if the file is as it was then, or else a new one.
fn hash_of(path: &Path, known: Option<&(Stamp, String)>) -> io::Result<(String, Stamp, bool)> {
    let stamp = Stamp::of(&path.metadata()?);
    if let Some((_, hash)) = known.filter(|(at, _)| *at == stamp) {
        return Ok((hash.clone(), stamp, false));
    }
    let (hash, stamp) = hash(path)?;
    Ok((hash, stamp, true))
}

/// The SHA-256 of a file that does not change meanwhile, and its stamp.
fn hash(path: &Path) -> io::Result<(String, Stamp)> {
    let mut file = File::open(path)?;
    let before = Stamp::of(&file.metadata()?);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => hash.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if Stamp::of(&file.metadata()?) != before {
        return Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            "it changes while it is read; try again when it is done",
        ));
    }
    Ok((hexadecimal(&hash.finalize()), before))
}

type Known = BTreeMap<String, (Stamp, String)>;

/// A line for each file: stamp, hash, name.
fn note(known: &Known) -> Vec<u8> {
    let line = |(name, (stamp, hash)): (&String, &(Stamp, String))| {
        format!("{} {hash} {name}\n", hexadecimal(&stamp.to_bytes()))
    };
    known.iter().map(line).collect::<String>().into_bytes()
}

fn read_note(bytes: &[u8]) -> Option<Known> {
    let mut known = Known::new();
    for line in std::str::from_utf8(bytes).ok()?.lines() {
        let mut parts = line.splitn(3, ' ');
        let (stamp, hash, name) = (parts.next()?, parts.next()?, parts.next()?);
        let mut bytes = [0; Stamp::BYTES];
        if stamp.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, digits) in bytes.iter_mut().zip(stamp.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        known.insert(
            name.to_owned(),
            (Stamp::from_bytes(&bytes), hash.to_owned()),
        );
    }
    Some(known)
}

/// Digits of bytes, in lower case.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .flatten()
        .collect()
}

fn system_time(now: Timestamp) -> SystemTime {
    let since = u64::try_from(now.microseconds()).unwrap_or_default();
    UNIX_EPOCH + Duration::from_micros(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_comes_back() {
        let stamp = Stamp {
            modified: 7,
            changed: -2,
            inode: 9,
            size: 1,
        };
        let known = Known::from([("a b-1.0.whl".to_owned(), (stamp, "00ff".to_owned()))]);
        assert_eq!(read_note(&note(&known)), Some(known));
        assert_eq!(read_note(b"12 ab name\n"), None);
        assert_eq!(read_note(b""), Some(Known::new()));
    }
}
