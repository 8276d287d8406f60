//! A packed subdir, opened: rows and texts straight from its bytes.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use ayon_disk::Mapped;
use twox_hash::XxHash3_128;

use super::intern::Place;
use super::layout::{
    BLOCK, COLD_ROW, Cold, DEFECT_ROW, HOT_ROW, Hot, LIST_ROW, MAGIC, NAME_ROW, PLAIN, Reader,
    SEALED, SECTIONS, SPEC_ROW, SUM, Section, VERSION_ROW,
};

/// Bytes that are not what was packed, or that another version of the program packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored records are damaged or of another version of this program")]
pub(crate) struct Damaged;

/// Where the bytes are.
#[derive(Debug)]
pub(crate) enum Bytes {
    /// Just packed, and perhaps never kept.
    Owned(Vec<u8>),
    Mapped(Mapped),
}

impl Bytes {
    fn get(&self) -> &[u8] {
        match self {
            Bytes::Owned(bytes) => bytes,
            Bytes::Mapped(mapped) => mapped,
        }
    }
}

/// A subdir's records, by number; the records of one name follow each other.
#[derive(Debug)]
pub(crate) struct Packed {
    bytes: Bytes,
    sections: [Range<usize>; SECTIONS],
    /// Where the sums are, and where the body begins.
    sums: usize,
    body: usize,
    /// A bit for each block that was found whole.
    whole: Box<[AtomicU64]>,
}

/// A name's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NameRow {
    pub(crate) text: Place,
    pub(crate) first: u32,
    pub(crate) count: u32,
}

impl NameRow {
    /// The numbers of the name's records.
    pub(crate) fn records(self) -> Range<u32> {
        match self.count {
            0 => 0..0,
            count => self.first..self.first.saturating_add(count),
        }
    }
}

impl Packed {
    /// Opens what was packed under a key.
    pub(crate) fn open(bytes: Bytes, key: &str) -> Result<Self, Damaged> {
        let all = bytes.get();
        let mut reader = Reader(all.get(..PLAIN).ok_or(Damaged)?);
        let (magic, sum) = (reader.array::<8>(), reader.array::<16>());
        let mut number = || usize::try_from(reader.u64()).map_err(|_| Damaged);
        let (body, length, key_length) = (number()?, number()?, number()?);
        if magic != *MAGIC || length != all.len() || body > length {
            return Err(Damaged);
        }
        let sealed = all.get(SEALED..body).ok_or(Damaged)?;
        if XxHash3_128::oneshot(sealed).to_le_bytes() != sum {
            return Err(Damaged);
        }
        let key_at = PLAIN + SECTIONS * 16;
        let sums = key_at.checked_add(key_length).ok_or(Damaged)?;
        if all.get(key_at..sums) != Some(key.as_bytes()) {
            return Err(Damaged);
        }
        let blocks = (length - body).div_ceil(BLOCK);
        let mut reader = Reader(&all[PLAIN..key_at]);
        let mut sections = [const { 0..0 }; SECTIONS];
        for section in &mut sections {
            let start = usize::try_from(reader.u64()).map_err(|_| Damaged)?;
            let end = usize::try_from(reader.u64())
                .ok()
                .and_then(|size| start.checked_add(size));
            *section = start..end.ok_or(Damaged)?;
            if section.start < body || section.end > length {
                return Err(Damaged);
            }
        }
        if sums + blocks * SUM != body {
            return Err(Damaged);
        }
        let whole = (0..blocks.div_ceil(64))
            .map(|_| AtomicU64::new(0))
            .collect();
        Ok(Packed {
            bytes,
            sections,
            sums,
            body,
            whole,
        })
    }

    /// Some bytes of the body, whose blocks are whole.
    fn bytes(&self, range: Range<usize>) -> Result<&[u8], Damaged> {
        let all = self.bytes.get();
        let bytes = all.get(range.clone()).ok_or(Damaged)?;
        if range.start < self.body || range.is_empty() {
            return Ok(bytes);
        }
        for block in (range.start - self.body) / BLOCK..=(range.end - 1 - self.body) / BLOCK {
            let bit = 1 << (block % 64);
            let word = self.whole.get(block / 64).ok_or(Damaged)?;
            if word.load(Ordering::Relaxed) & bit != 0 {
                continue;
            }
            let start = self.body + block * BLOCK;
            let content = all
                .get(start..(start + BLOCK).min(all.len()))
                .ok_or(Damaged)?;
            let sum = all.get(self.sums + block * SUM..self.sums + (block + 1) * SUM);
            if sum != Some(&XxHash3_128::oneshot(content).to_le_bytes()[..]) {
                return Err(Damaged);
            }
            word.fetch_or(bit, Ordering::Relaxed);
        }
        Ok(bytes)
    }

    /// Rows of a section.
    fn rows(&self, section: Section, width: usize, rows: Range<usize>) -> Result<&[u8], Damaged> {
        let section = &self.sections[section as usize];
        let place = |row: usize| section.start.checked_add(row.checked_mul(width)?);
        match (place(rows.start), place(rows.end)) {
            (Some(start), Some(end)) if end <= section.end => self.bytes(start..end),
            _ => Err(Damaged),
        }
    }

    fn row(&self, section: Section, width: usize, row: u32) -> Result<&[u8], Damaged> {
        let row = row as usize;
        self.rows(section, width, row..row + 1)
    }

    fn count(&self, section: Section, width: usize) -> u32 {
        u32::try_from(self.sections[section as usize].len() / width).unwrap_or(u32::MAX)
    }

    pub(crate) fn text(&self, place: Place) -> Result<&str, Damaged> {
        let start = place.start as usize;
        let bytes = self.rows(Section::Arena, 1, start..start + place.length as usize)?;
        std::str::from_utf8(bytes).map_err(|_| Damaged)
    }

    pub(crate) fn names(&self) -> u32 {
        self.count(Section::Names, NAME_ROW)
    }

    pub(crate) fn name(&self, index: u32) -> Result<NameRow, Damaged> {
        let mut reader = Reader(self.row(Section::Names, NAME_ROW, index)?);
        Ok(NameRow {
            text: reader.place(),
            first: reader.u32(),
            count: reader.u32(),
        })
    }

    /// The index of a name that has records or is mentioned.
    pub(crate) fn find(&self, name: &str) -> Result<Option<u32>, Damaged> {
        let (mut low, mut high) = (0, self.names());
        while low < high {
            let middle = low.midpoint(high);
            match self.text(self.name(middle)?.text)?.cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Ok(Some(middle)),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Ok(None)
    }

    pub(crate) fn records(&self) -> u32 {
        self.count(Section::Hot, HOT_ROW)
    }

    pub(crate) fn hot(&self, record: u32) -> Result<Hot, Damaged> {
        self.row(Section::Hot, HOT_ROW, record).map(Hot::read)
    }

    pub(crate) fn cold(&self, record: u32) -> Result<Cold, Damaged> {
        self.row(Section::Cold, COLD_ROW, record).map(Cold::read)
    }

    /// The specs of what a record depends on, then those of what it constrains.
    pub(crate) fn lists(&self, hot: &Hot) -> Result<(Vec<u32>, Vec<u32>), Damaged> {
        let start = hot.list as usize;
        let middle = start + usize::from(hot.depends);
        let end = middle + usize::from(hot.constrains);
        let numbers = |range| {
            let bytes = self.rows(Section::Lists, LIST_ROW, range)?;
            Ok(bytes
                .chunks_exact(LIST_ROW)
                .map(|bytes| Reader(bytes).u32())
                .collect())
        };
        Ok((numbers(start..middle)?, numbers(middle..end)?))
    }

    /// How many distinct dependencies there are.
    pub(crate) fn specs(&self) -> u32 {
        self.count(Section::Specs, SPEC_ROW)
    }

    /// The text of a spec, and the index of its name.
    pub(crate) fn spec(&self, index: u32) -> Result<(&str, u32), Damaged> {
        let mut reader = Reader(self.row(Section::Specs, SPEC_ROW, index)?);
        Ok((self.text(reader.place())?, reader.u32()))
    }

    pub(crate) fn version(&self, index: u32) -> Result<&str, Damaged> {
        self.text(Reader(self.row(Section::Versions, VERSION_ROW, index)?).place())
    }

    /// The records of a name that cannot be used: file and reason of each.
    pub(crate) fn defects(&self, name: u32) -> Result<Vec<(&str, &str)>, Damaged> {
        let own = self.count(Section::Defects, DEFECT_ROW).saturating_sub(1);
        let mut found = Vec::new();
        for index in 0..own {
            let mut reader = Reader(self.row(Section::Defects, DEFECT_ROW, index)?);
            if reader.u32() == name {
                found.push((self.text(reader.place())?, self.text(reader.place())?));
            }
        }
        Ok(found)
    }

    /// Where the files are, unless beside the repodata.
    pub(crate) fn base_url(&self) -> Result<Option<&str>, Damaged> {
        let last = self
            .count(Section::Defects, DEFECT_ROW)
            .checked_sub(1)
            .ok_or(Damaged)?;
        let mut reader = Reader(self.row(Section::Defects, DEFECT_ROW, last)?);
        reader.u32();
        let text = self.text(reader.place())?;
        Ok((!text.is_empty()).then_some(text))
    }
}
