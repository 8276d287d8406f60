//! The form in which this crate's larger values live: one run of bytes that is at once what a cache
//! keeps and what is read from.
//!
//! A project page becomes tens of thousands of small texts and numbers. Taking them apart again when
//! a cache is read would cost more than the solve that follows, so nothing is taken apart: rows of
//! fixed width and an arena of texts stay as they are, and a reader looks at the few it needs.
//!
//! ```text
//! magic, 8 bytes | XXH3, 16 bytes | length of each section, u32 | sections
//! ```
//!
//! All numbers are little-endian. The checksum covers everything behind it: whatever a disk or a
//! second process did to the bytes is found before anything is read from them. It is no signature.
//! Bytes with a right checksum and wrong contents can only be made on purpose, and reading them
//! never panics either: what lies outside reads as zero or as the empty text.

pub(crate) mod cells;

use std::ops::Range;

use twox_hash::XxHash3_128;

/// Bytes that are not what was packed, or that another version of the program packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored data is damaged or of another version of this program")]
pub struct Damaged;

/// Eight bytes that say what is packed, and in which version of its form.
pub(crate) type Magic = [u8; 8];

const CHECKSUM: usize = 16;
const START: usize = 8 + CHECKSUM;
const LENGTH_BYTES: usize = 4;

/// `N` sections in one run of bytes. The first section is the arena of texts.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Packed<const N: usize> {
    bytes: Vec<u8>,
    sections: [Range<usize>; N],
}

/// Puts sections together. `None` if they are larger than any that are worth keeping: 4 GiB.
pub(crate) fn pack<const N: usize>(magic: Magic, sections: [&[u8]; N]) -> Option<Vec<u8>> {
    let total: usize = sections.iter().map(|section| section.len()).sum();
    let mut bytes = Vec::with_capacity(START + N * LENGTH_BYTES + total);
    bytes.extend(magic);
    bytes.extend([0; CHECKSUM]);
    for section in sections {
        bytes.extend(u32::try_from(section.len()).ok()?.to_le_bytes());
    }
    for section in sections {
        bytes.extend_from_slice(section);
    }
    let checksum = XxHash3_128::oneshot(&bytes[START..]).to_le_bytes();
    bytes[START - CHECKSUM..START].copy_from_slice(&checksum);
    Some(bytes)
}

impl<const N: usize> Packed<N> {
    /// Checks and opens what [`pack`] made.
    pub(crate) fn open(magic: Magic, bytes: Vec<u8>) -> Result<Self, Damaged> {
        let (head, body) = bytes.split_first_chunk::<START>().ok_or(Damaged)?;
        let checksum = XxHash3_128::oneshot(body).to_le_bytes();
        if head[..8] != magic || head[8..] != checksum {
            return Err(Damaged);
        }
        let mut start = START + N * LENGTH_BYTES;
        let mut sections = [const { 0..0 }; N];
        for (index, section) in sections.iter_mut().enumerate() {
            let length = number_at(body, index * LENGTH_BYTES).ok_or(Damaged)?;
            let end = start
                .checked_add(u32::from_le_bytes(length) as usize)
                .ok_or(Damaged)?;
            *section = start..end;
            start = end;
        }
        if start == bytes.len() {
            Ok(Packed { bytes, sections })
        } else {
            Err(Damaged)
        }
    }

    /// Everything, as [`Packed::open`] takes it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many rows of a width a section has.
    pub(crate) fn rows(&self, section: usize, width: usize) -> usize {
        self.sections[section].len() / width
    }

    /// The row of a section, as something to read fields from.
    pub(crate) fn row(&self, section: usize, width: usize, index: usize) -> Row<'_> {
        let section = &self.bytes[self.sections[section].clone()];
        let start = index.saturating_mul(width);
        Row {
            arena: &self.bytes[self.sections[0].clone()],
            bytes: section
                .get(start..start.saturating_add(width))
                .unwrap_or_default(),
        }
    }
}

/// One row: fields at fixed offsets.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    arena: &'a [u8],
    bytes: &'a [u8],
}

impl<'a> Row<'a> {
    pub(crate) fn u16(self, offset: usize) -> u16 {
        u16::from_le_bytes(number_at(self.bytes, offset).unwrap_or_default())
    }

    pub(crate) fn u32(self, offset: usize) -> u32 {
        u32::from_le_bytes(number_at(self.bytes, offset).unwrap_or_default())
    }

    pub(crate) fn u64(self, offset: usize) -> u64 {
        u64::from_le_bytes(number_at(self.bytes, offset).unwrap_or_default())
    }

    pub(crate) fn bytes<const L: usize>(self, offset: usize) -> [u8; L] {
        number_at(self.bytes, offset).unwrap_or([0; L])
    }

    /// The text whose place in the arena stands at an offset, in eight bytes.
    pub(crate) fn text(self, offset: usize) -> &'a str {
        let start = self.u32(offset) as usize;
        let end = start.saturating_add(self.u32(offset + 4) as usize);
        let bytes = self.arena.get(start..end).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

fn number_at<const L: usize>(bytes: &[u8], offset: usize) -> Option<[u8; L]> {
    bytes.get(offset..)?.first_chunk().copied()
}

/// The arena of texts while it grows.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    bytes: Vec<u8>,
}

/// The place of a text in the arena, as it stands in a row.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    start: u32,
    length: u32,
}

impl Arena {
    /// Keeps a text. What does not fit four gigabytes is cut, and [`pack`] refuses the whole.
    pub(crate) fn keep(&mut self, text: &str) -> Place {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        Place {
            start: small(start),
            length: small(text.len()),
        }
    }

    /// A kept text, as bytes.
    pub(crate) fn get(&self, place: Place) -> &[u8] {
        let start = place.start as usize;
        let end = start.saturating_add(place.length as usize);
        self.bytes.get(start..end).unwrap_or_default()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Place {
    /// The end of a kept text as a text of its own; nothing if it does not end so.
    pub(crate) fn suffix(self, text: &str, suffix: &str) -> Option<Place> {
        text.ends_with(suffix).then(|| {
            let length = small(suffix.len());
            Place {
                start: self
                    .start
                    .saturating_add(self.length.saturating_sub(length)),
                length,
            }
        })
    }

    /// The beginning of a kept text as a text of its own; nothing if it does not begin so.
    pub(crate) fn prefix(self, text: &str, prefix: &str) -> Option<Place> {
        text.starts_with(prefix).then(|| Place {
            start: self.start,
            length: small(prefix.len()),
        })
    }

    pub(crate) fn to_bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&self.start.to_le_bytes());
        bytes[4..].copy_from_slice(&self.length.to_le_bytes());
        bytes
    }
}

/// A length or a position as rows hold it.
pub(crate) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MAGIC: Magic = *b"a test 1";

    proptest! {
        #[test]
        fn sections_come_back(a in any::<Vec<u8>>(), b in any::<Vec<u8>>()) {
            let bytes = pack(MAGIC, [&a, &b]).unwrap();
            let packed = Packed::<2>::open(MAGIC, bytes.clone()).unwrap();
            prop_assert_eq!(packed.rows(1, 1), b.len());
            for (index, byte) in b.iter().enumerate() {
                prop_assert_eq!(packed.row(1, 1, index).bytes(0), [*byte]);
            }
            prop_assert_eq!(packed.bytes(), &bytes);
            prop_assert!(Packed::<2>::open(*b"a test 2", bytes).is_err());
        }

        #[test]
        fn any_damage_is_found(
            section in proptest::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(),
            flip in 1..=255_u8,
            cut in any::<prop::sample::Index>(),
        ) {
            let bytes = pack(MAGIC, [&section]).unwrap();
            let mut changed = bytes.clone();
            changed[at.index(bytes.len())] ^= flip;
            prop_assert!(Packed::<1>::open(MAGIC, changed).is_err());
            let short = bytes[..cut.index(bytes.len())].to_vec();
            prop_assert!(Packed::<1>::open(MAGIC, short).is_err());
            let mut long = bytes;
            long.push(0);
            prop_assert!(Packed::<1>::open(MAGIC, long).is_err());
        }
    }
}
