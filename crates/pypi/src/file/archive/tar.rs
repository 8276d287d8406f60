//! Walking through a tape archive to one entry ([POSIX] `ustar`, as GNU and `pax` extend it).
//!
//! A header of 512 bytes, the contents filled up to a multiple of that, the next header. The names
//! looked for are short, so the ways of writing long ones matter only in that the entry behind such
//! a name is not what its own header says, and is passed over.
//!
//! [POSIX]: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html

use std::io::Read;

use super::{Fault, read_metadata, skip};

/// No source distribution that anybody published is near these.
const MOST_ENTRIES: usize = 1 << 20;
const LARGEST: u64 = 1 << 30;

const BLOCK: usize = 512;
const BROKEN: Fault = Fault::Damaged("its compressed data is broken");

/// The contents of the first file for which the condition on its name holds.
pub(crate) fn find(
    archive: impl Read,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Option<Vec<u8>>, Fault> {
    let mut archive = archive.take(LARGEST);
    let mut has_long_name = false;
    for _ in 0..MOST_ENTRIES {
        let mut header = [0; BLOCK];
        if !read_block(&mut archive, &mut header)? || header == [0; BLOCK] {
            return Ok(None);
        }
        check_sum(&header)?;
        let size = octal(&header[124..136])?;
        let kind = header[156];
        let is_file = matches!(kind, b'0' | 0);
        if is_file && !has_long_name && name(&header).is_some_and(|name| is_wanted(&name)) {
            let contents = read_metadata((&mut archive).take(size))?;
            return if contents.len() as u64 == size {
                Ok(Some(contents))
            } else {
                Err(Fault::Damaged("an entry is cut off"))
            };
        }
        let padded = size.checked_next_multiple_of(BLOCK as u64);
        let padded = padded.ok_or(Fault::Damaged("an entry has no possible size"))?;
        has_long_name = match kind {
            b'L' => true,
            b'x' => {
                let mut records = Vec::new();
                let read = (&mut archive).take(padded.min(LONGEST_RECORDS));
                read_whole(read, &mut records)?;
                skip(&mut archive, padded - records.len() as u64).map_err(|_| BROKEN)?;
                // What does not fit is no header that a name of ours needs.
                padded > LONGEST_RECORDS || names_path(&records)
            }
            _ => has_long_name && matches!(kind, b'K' | b'g'),
        };
        if kind != b'x' {
            skip(&mut archive, padded).map_err(|_| BROKEN)?;
        }
    }
    Err(Fault::TooLarge("it has too many entries"))
}

/// How much of a `pax` header is looked at.
const LONGEST_RECORDS: u64 = 64 << 10;

fn read_whole(mut source: impl Read, bytes: &mut Vec<u8>) -> Result<(), Fault> {
    source.read_to_end(bytes).map(|_| ()).map_err(|_| BROKEN)
}

/// Reads a block; `false` where the archive is over.
fn read_block(archive: &mut impl Read, block: &mut [u8; BLOCK]) -> Result<bool, Fault> {
    let mut bytes = Vec::with_capacity(BLOCK);
    read_whole(archive.take(BLOCK as u64), &mut bytes)?;
    match bytes.len() {
        0 => Ok(false),
        BLOCK => {
            block.copy_from_slice(&bytes);
            Ok(true)
        }
        _ => Err(Fault::Damaged("a header is cut off")),
    }
}

/// Compares the sum of the header's bytes with what it says: its own field counts as spaces.
fn check_sum(header: &[u8; BLOCK]) -> Result<(), Fault> {
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    let field: u64 = header[148..156].iter().map(|byte| u64::from(*byte)).sum();
    if octal(&header[148..156])? == sum - field + 8 * u64::from(b' ') {
        Ok(())
    } else {
        Err(Fault::Damaged("it is no tape archive"))
    }
}

/// A number in octal digits, or in binary where the first bit is set.
fn octal(field: &[u8]) -> Result<u64, Fault> {
    const NONE: Fault = Fault::Damaged("a header holds no number where one should be");
    if let [0x80, rest @ ..] = field {
        let (start, end) = rest.split_last_chunk::<8>().ok_or(NONE)?;
        let fits = start.iter().all(|byte| *byte == 0);
        return fits.then(|| u64::from_be_bytes(*end)).ok_or(NONE);
    }
    let text = std::str::from_utf8(field).map_err(|_| NONE)?;
    let digits = text.trim_matches(['\0', ' ']);
    if digits.is_empty() {
        return Ok(0);
    }
    u64::from_str_radix(digits, 8).map_err(|_| NONE)
}

/// The name in a header, with its prefix.
fn name(header: &[u8; BLOCK]) -> Option<String> {
    let field = |bytes: &[u8]| {
        let end = bytes
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(bytes.len());
        String::from_utf8(bytes[..end].to_vec()).ok()
    };
    let name = field(&header[..100])?;
    // Only POSIX has a prefix there; GNU keeps times in its place.
    match field(&header[345..500]) {
        Some(prefix) if &header[257..263] == b"ustar\0" && !prefix.is_empty() => {
            Some(format!("{prefix}/{name}"))
        }
        _ => Some(name),
    }
}

/// Whether the records of a `pax` header, `27 path=…` in a line each, name the next entry.
fn names_path(records: &[u8]) -> bool {
    let mut lines = records.split(|byte| *byte == b'\n');
    lines.any(|line| {
        let key = line
            .iter()
            .position(|byte| *byte == b' ')
            .map(|space| &line[space + 1..]);
        key.is_some_and(|key| key.starts_with(b"path="))
    })
}
