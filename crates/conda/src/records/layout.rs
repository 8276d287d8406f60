//! The form of a packed subdir: what stands where in the file.
//!
//! ```text
//! head:  magic 8 | XXH3-128 of the rest of the head 16 | head length 8 | file length 8 | key length 8
//!        | start and length of each section 8 + 8 | key | XXH3-128 of each block 16
//! body:  sections, one behind the other; its sums are per block of 16 KiB
//! ```
//! All numbers are little-endian. Opening checks the head, which alone says where anything is; a block is checked when
//! something in it is first looked at. So opening costs the same for ten records and for a million, and still no damaged
//! byte is ever used.

use super::intern::Place;

/// Says what the file is and in which version of its form.
pub(crate) const MAGIC: &[u8; 8] = b"CONDARC1";
pub(crate) const BLOCK: usize = 1 << 14;
/// The bytes of a block's sum.
pub(crate) const SUM: usize = 16;
/// What stands before the hash ends.
pub(crate) const SEALED: usize = 24;
/// What stands before the places of the sections.
pub(crate) const PLAIN: usize = SEALED + 24;
pub(crate) const SECTIONS: usize = 8;

/// The sections of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// All texts.
    Arena,
    /// Every name that is a package's or is mentioned by a dependency, sorted: text, first record, number of records.
    Names,
    /// What choosing looks at: a row for each record, by name, then by file name.
    Hot,
    /// What only a record that is looked at in full has, in the same order.
    Cold,
    /// Numbers of specs: what each record depends on, then what it constrains.
    Lists,
    /// Every distinct dependency: its text, and the index of its name.
    Specs,
    /// Every distinct version's text.
    Versions,
    /// Records that cannot be used, by name: index of the name, file, reason. The last row is the subdir's own: its base URL.
    Defects,
}

pub(crate) const NAME_ROW: usize = 16;
pub(crate) const HOT_ROW: usize = 32;
pub(crate) const COLD_ROW: usize = 120;
pub(crate) const LIST_ROW: usize = 4;
pub(crate) const SPEC_ROW: usize = 12;
pub(crate) const VERSION_ROW: usize = 8;
pub(crate) const DEFECT_ROW: usize = 20;

/// Bits of a hot row's flags. The lowest two are how it is independent of architectures.
pub(crate) mod flag {
    pub(crate) const NOARCH: u32 = 3;
    pub(crate) const TAR_BZ2: u32 = 1 << 2;
    pub(crate) const SHA256: u32 = 1 << 3;
    pub(crate) const MD5: u32 = 1 << 4;
    pub(crate) const TRACKED: u32 = 1 << 5;
    pub(crate) const REST: u32 = 1 << 6;
    pub(crate) const EXTRAS: u32 = 1 << 7;
}

/// What choosing looks at.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hot {
    pub(crate) version: u32,
    pub(crate) build: Place,
    pub(crate) list: u32,
    pub(crate) depends: u16,
    pub(crate) constrains: u16,
    pub(crate) build_number: u64,
    pub(crate) flags: u32,
}

/// What a record has besides.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cold {
    /// `i64::MIN` for none.
    pub(crate) timestamp: i64,
    /// `u64::MAX` for none.
    pub(crate) size: u64,
    pub(crate) sha256: [u8; 32],
    pub(crate) md5: [u8; 16],
    /// License, its family, architecture, platform, the file's name where it is not made of name, version and build, the
    /// rest as JSON, and the tracked features. An empty text is none.
    pub(crate) texts: [Place; 7],
}

/// Writes numbers into a row.
pub(crate) struct Writer<'a>(pub(crate) &'a mut Vec<u8>);

impl Writer<'_> {
    pub(crate) fn u16(&mut self, number: u16) -> &mut Self {
        self.raw(&number.to_le_bytes())
    }

    pub(crate) fn u32(&mut self, number: u32) -> &mut Self {
        self.raw(&number.to_le_bytes())
    }

    pub(crate) fn u64(&mut self, number: u64) -> &mut Self {
        self.raw(&number.to_le_bytes())
    }

    pub(crate) fn place(&mut self, place: Place) -> &mut Self {
        self.u32(place.start).u32(place.length)
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

/// Reads numbers of a row. What lies outside reads as zero: a row that is shorter than it must be has no right sum.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl Reader<'_> {
    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let Some((first, rest)) = self.0.split_first_chunk::<N>() else {
            return [0; N];
        };
        self.0 = rest;
        *first
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    pub(crate) fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    pub(crate) fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    pub(crate) fn place(&mut self) -> Place {
        Place {
            start: self.u32(),
            length: self.u32(),
        }
    }
}

impl Hot {
    pub(crate) fn write(&self, into: &mut Vec<u8>) {
        let mut writer = Writer(into);
        writer.u32(self.version).place(self.build).u32(self.list);
        writer.u16(self.depends).u16(self.constrains);
        writer.u64(self.build_number).u32(self.flags);
    }

    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader(bytes);
        Hot {
            version: reader.u32(),
            build: reader.place(),
            list: reader.u32(),
            depends: reader.u16(),
            constrains: reader.u16(),
            build_number: reader.u64(),
            flags: reader.u32(),
        }
    }
}

impl Cold {
    pub(crate) fn write(&self, into: &mut Vec<u8>) {
        let mut writer = Writer(into);
        writer
            .raw(&self.timestamp.to_le_bytes())
            .u64(self.size)
            .raw(&self.sha256)
            .raw(&self.md5);
        for text in self.texts {
            writer.place(text);
        }
    }

    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader(bytes);
        Cold {
            timestamp: i64::from_le_bytes(reader.array()),
            size: reader.u64(),
            sha256: reader.array(),
            md5: reader.array(),
            texts: std::array::from_fn(|_| reader.place()),
        }
    }
}
