//! The few structures of a ZIP file that lead to one entry ([APPNOTE]): the end record, the central
//! directory, the local header.
//!
//! They are read from whichever parts of the file are at hand. Where one is missing, the answer is
//! the range that it lies in, and the caller comes back with it. A file without a comment whose
//! directory and entry lie within its last bytes, as a well-made wheel's do, is read from those.
//!
//! [APPNOTE]: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

use std::io::Read;
use std::ops::Range;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::{Fault, LARGEST_METADATA, read_metadata};

/// No wheel that anybody published is near these.
const MOST_ENTRIES: u64 = 1 << 20;
const LARGEST_DIRECTORY: u64 = 64 << 20;

const END_RECORD: [u8; 4] = *b"PK\x05\x06";
const END_RECORD_LENGTH: u64 = 22;
const LONGEST_COMMENT: u64 = 0xffff;
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
const LOCATOR_64_LENGTH: u64 = 20;
const END_RECORD_64: [u8; 4] = *b"PK\x06\x06";
const END_RECORD_64_LENGTH: u64 = 56;
const DIRECTORY_ENTRY: [u8; 4] = *b"PK\x01\x02";
const DIRECTORY_ENTRY_LENGTH: usize = 46;
const LOCAL_HEADER: [u8; 4] = *b"PK\x03\x04";
const LOCAL_HEADER_LENGTH: u64 = 30;

/// The entry wanted often lies just before the directory: when that has to be fetched, this much
/// before it comes along.
const BEFORE_DIRECTORY: u64 = 16 << 10;

/// Bytes of a file from an offset on.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Where they stand in the file.
    pub start: u64,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// Why reading stops.
#[derive(Debug)]
pub(crate) enum Stop {
    /// This range of the file is needed in one part.
    Needs(Range<u64>),
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

/// A ZIP file of which some parts are at hand.
#[derive(Clone, Copy)]
pub(crate) struct Zip<'a> {
    parts: &'a [Part<'a>],
    total: u64,
}

/// The central directory.
pub(crate) struct Directory<'a> {
    bytes: &'a [u8],
    start: u64,
    count: u64,
}

/// An entry as the directory has it.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a [u8],
    flags: u16,
    method: u16,
    checksum: u32,
    compressed: u64,
    size: u64,
    offset: u64,
}

impl<'a> Zip<'a> {
    pub(crate) fn new(parts: &'a [Part<'a>], total: u64) -> Self {
        Zip { parts, total }
    }

    /// The bytes of a range, which must be within the file.
    fn bytes(&self, range: Range<u64>) -> Result<&'a [u8], Stop> {
        if range.start > range.end || range.end > self.total {
            return Err(Fault::Damaged("it refers to places outside of itself").into());
        }
        let found = self.parts.iter().find_map(|part| {
            let start = usize::try_from(range.start.checked_sub(part.start)?).ok()?;
            let end = usize::try_from(range.end.checked_sub(part.start)?).ok()?;
            part.bytes.get(start..end)
        });
        found.ok_or(Stop::Needs(range))
    }

    /// The end record's place and its bytes: the last for which the comment reaches just to the end.
    fn end_record(&self) -> Result<(u64, &'a [u8]), Stop> {
        if self.total < END_RECORD_LENGTH {
            return Err(Fault::Damaged("it is too short for a ZIP file").into());
        }
        let ends_here = |start: u64, record: &[u8]| {
            let comment = u64::from(u16_at(record, 20));
            record.starts_with(&END_RECORD) && start + END_RECORD_LENGTH + comment == self.total
        };
        let start = self.total - END_RECORD_LENGTH;
        let record = self.bytes(start..self.total)?;
        if ends_here(start, record) {
            return Ok((start, record));
        }
        // With the 64-bit records, which stand before it.
        let before = LONGEST_COMMENT + LOCATOR_64_LENGTH + END_RECORD_64_LENGTH;
        let first = start.saturating_sub(before);
        let tail = self.bytes(first..self.total)?;
        let places = tail.windows(usize_of(END_RECORD_LENGTH)?).enumerate().rev();
        for (index, record) in places {
            if ends_here(first + index as u64, record) {
                return Ok((first + index as u64, record));
            }
        }
        Err(Fault::Damaged("it has no end record of a ZIP file").into())
    }

    /// The central directory.
    pub(crate) fn directory(&self) -> Result<Directory<'a>, Stop> {
        let (end, record) = self.end_record()?;
        let mut disks = [u16_at(record, 4), u16_at(record, 6)].map(u32::from);
        let mut count = u64::from(u16_at(record, 10));
        let mut size = u64::from(u32_at(record, 12));
        let mut start = u64::from(u32_at(record, 16));
        if let Some(locator) = end.checked_sub(LOCATOR_64_LENGTH) {
            let bytes = self.bytes(locator..end)?;
            if bytes.starts_with(&LOCATOR_64) {
                let place = u64_at(bytes, 8);
                let record = self.bytes(place..place.saturating_add(END_RECORD_64_LENGTH))?;
                if !record.starts_with(&END_RECORD_64) {
                    return Err(Fault::Damaged("its 64-bit end record is not in its place").into());
                }
                disks = [u32_at(record, 16), u32_at(record, 20)];
                count = u64_at(record, 32);
                size = u64_at(record, 40);
                start = u64_at(record, 48);
            }
        }
        if disks != [0, 0] {
            return Err(Fault::Unsupported("it is one of several disks".to_owned()).into());
        }
        if count > MOST_ENTRIES || size > LARGEST_DIRECTORY {
            return Err(Fault::TooLarge("it has too many entries").into());
        }
        if start
            .checked_add(size)
            .is_none_or(|directory_end| directory_end > end)
        {
            return Err(Fault::Damaged("its directory does not fit").into());
        }
        match self.bytes(start..start + size) {
            Ok(bytes) => Ok(Directory {
                bytes,
                start,
                count,
            }),
            Err(Stop::Needs(_)) => Err(Stop::Needs(
                start.saturating_sub(BEFORE_DIRECTORY)..self.total,
            )),
            Err(stop) => Err(stop),
        }
    }

    /// What an entry holds, which begins before `end`.
    pub(crate) fn contents(&self, entry: &Entry<'a>, end: u64) -> Result<Vec<u8>, Stop> {
        entry.check()?;
        // The local header may have other extra fields than the directory says, up to 64 KiB.
        let header = LOCAL_HEADER_LENGTH + entry.name.len() as u64 + 0xffff;
        let most = entry.offset.saturating_add(header + entry.compressed);
        let range = entry.offset..most.min(end);
        let bytes = self.bytes(range)?;
        let header_length = usize_of(LOCAL_HEADER_LENGTH)?;
        let Some((header, rest)) = bytes.split_at_checked(header_length) else {
            return Err(Fault::Damaged("an entry is cut off").into());
        };
        let name_length = usize::from(u16_at(header, 26));
        let data = name_length + usize::from(u16_at(header, 28));
        let data = data..data.saturating_add(usize_of(entry.compressed)?);
        let (Some(name), Some(data)) = (rest.get(..name_length), rest.get(data)) else {
            return Err(Fault::Damaged("an entry is cut off").into());
        };
        if !header.starts_with(&LOCAL_HEADER) || name != entry.name {
            return Err(Fault::Damaged("an entry is not where the directory says").into());
        }
        Ok(entry.inflate(data)?)
    }
}

impl<'a> Directory<'a> {
    /// Where the directory begins and the entries end.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// The entries, up to the first that is damaged.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Result<Entry<'a>, Fault>> {
        let (mut rest, mut left) = (self.bytes, self.count);
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            let entry = Entry::split_first(rest);
            match entry {
                Ok((entry, after)) => {
                    rest = after;
                    Some(Ok(entry))
                }
                Err(fault) => {
                    left = 0;
                    Some(Err(fault))
                }
            }
        })
    }
}

impl<'a> Entry<'a> {
    fn split_first(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Fault> {
        const DAMAGED: Fault = Fault::Damaged("its directory is cut off");
        let (header, rest) = bytes
            .split_at_checked(DIRECTORY_ENTRY_LENGTH)
            .ok_or(DAMAGED)?;
        if !header.starts_with(&DIRECTORY_ENTRY) {
            return Err(Fault::Damaged("its directory is not where it should be"));
        }
        let length = |offset| usize::from(u16_at(header, offset));
        let (name, rest) = rest.split_at_checked(length(28)).ok_or(DAMAGED)?;
        let (extra, rest) = rest.split_at_checked(length(30)).ok_or(DAMAGED)?;
        let (_comment, rest) = rest.split_at_checked(length(32)).ok_or(DAMAGED)?;
        let mut entry = Entry {
            name,
            flags: u16_at(header, 8),
            method: u16_at(header, 10),
            checksum: u32_at(header, 16),
            compressed: u64::from(u32_at(header, 20)),
            size: u64::from(u32_at(header, 24)),
            offset: u64::from(u32_at(header, 42)),
        };
        entry.widen(extra);
        Ok((entry, rest))
    }

    /// Takes the numbers that did not fit 32 bits from the extra field made for them.
    fn widen(&mut self, mut extra: &[u8]) {
        while let Some((head, rest)) = extra.split_first_chunk::<4>() {
            let length = usize::from(u16_at(head, 2));
            let Some((field, rest)) = rest.split_at_checked(length) else {
                return;
            };
            extra = rest;
            if u16_at(head, 0) != 1 {
                continue;
            }
            let (numbers, _) = field.as_chunks::<8>();
            let mut numbers = numbers.iter().map(|number| u64::from_le_bytes(*number));
            for value in [&mut self.size, &mut self.compressed, &mut self.offset] {
                if *value == u64::from(u32::MAX) {
                    *value = numbers.next().unwrap_or(*value);
                }
            }
        }
    }

    /// Where the entry begins.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    fn check(&self) -> Result<(), Fault> {
        /// Encryption, strong encryption, a masked directory.
        const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
        if self.flags & ENCRYPTED != 0 {
            return Err(Fault::Unsupported("its metadata is encrypted".to_owned()));
        }
        if !matches!(self.method, 0 | 8) {
            let method = self.method;
            return Err(Fault::Unsupported(format!(
                "its metadata is compressed by method {method}, and only deflate is known"
            )));
        }
        if self.size.max(self.compressed) > LARGEST_METADATA {
            return Err(Fault::TooLarge("its metadata takes more than 16 MiB"));
        }
        Ok(())
    }

    fn inflate(&self, data: &[u8]) -> Result<Vec<u8>, Fault> {
        let source: &mut dyn Read = match self.method {
            0 => &mut &*data,
            _ => &mut DeflateDecoder::new(data),
        };
        let bytes = read_metadata(source)?;
        let mut checksum = Crc::new();
        checksum.update(&bytes);
        if bytes.len() as u64 != self.size || checksum.sum() != self.checksum {
            return Err(Fault::Damaged("its metadata does not match its checksum"));
        }
        Ok(bytes)
    }
}

/// A length that fits memory.
fn usize_of(length: u64) -> Result<usize, Fault> {
    usize::try_from(length).map_err(|_| Fault::TooLarge("an entry does not fit memory"))
}

fn u16_at(bytes: &[u8], offset: usize) -> u16 {
    u16::from_le_bytes(chunk(bytes, offset))
}

fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(chunk(bytes, offset))
}

fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(chunk(bytes, offset))
}

/// A field of a record, whose length was checked before.
fn chunk<const N: usize>(bytes: &[u8], offset: usize) -> [u8; N] {
    let found = bytes.get(offset..).and_then(<[u8]>::first_chunk);
    found.copied().unwrap_or([0; N])
}
