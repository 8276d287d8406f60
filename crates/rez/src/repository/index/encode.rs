//! Writing an index.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use rustc_hash::FxHashMap;

use super::super::entry::{Entry, Source};
use super::{MAGIC, ROW};
use crate::package::{Defect, DefectKind, Definition, Package};

/// What a package's definition has: bits of one byte.
pub(super) mod flag {
    /// It is a defect; no other bit is set.
    pub(in super::super) const DEFECT: u8 = 1;
    pub(in super::super) const BUILD_REQUIRES: u8 = 2;
    pub(in super::super) const VARIANTS: u8 = 4;
    pub(in super::super) const TIMESTAMP: u8 = 8;
    pub(in super::super) const HASHED: u8 = 16;
}

/// The kinds of defects that are kept, by their number in the file.
pub(super) const KINDS: [DefectKind; 3] = [
    DefectKind::Missing,
    DefectKind::Invalid,
    DefectKind::NeedsPython,
];

/// The file for these families, which come sorted by name. Families that cannot be kept are left out: those of which
/// something could not be read, and those with a path that is no text.
///
/// Nothing if the file had more than four gigabytes.
pub(super) fn encode<'a>(entries: impl Iterator<Item = &'a Entry>) -> Option<Vec<u8>> {
    let mut strings = Strings::default();
    let mut rows = Vec::new();
    let mut bodies = Vec::new();
    for entry in entries.filter(|entry| entry.evidence.keep) {
        let start = bodies.len();
        let mut writer = Writer {
            strings: &mut strings,
            body: &mut bodies,
        };
        if writer.entry(entry).is_some() {
            let name = strings.number(&entry.family.name);
            rows.push([name, start, bodies.len() - start]);
        } else {
            bodies.truncate(start);
        }
    }
    let mut file = Vec::from(MAGIC);
    let push = |file: &mut Vec<u8>, number: usize| {
        file.extend(u32::try_from(number).ok()?.to_le_bytes());
        Some(())
    };
    for count in [strings.ends.len(), strings.text.len(), rows.len()] {
        push(&mut file, count)?;
    }
    for end in &strings.ends {
        push(&mut file, *end)?;
    }
    file.extend(strings.text.as_bytes());
    let bodies_start = file.len() + rows.len() * ROW;
    for [name, start, length] in rows {
        for number in [name, bodies_start + start, length] {
            push(&mut file, number)?;
        }
    }
    file.extend(bodies);
    Some(file)
}

/// All texts, each once.
#[derive(Default)]
struct Strings<'a> {
    numbers: FxHashMap<&'a str, usize>,
    ends: Vec<usize>,
    text: String,
}

impl<'a> Strings<'a> {
    fn number(&mut self, text: &'a str) -> usize {
        let next = self.ends.len();
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.text.push_str(text);
            self.ends.push(self.text.len());
        }
        number
    }
}

/// Writes one family's body.
struct Writer<'w, 'a> {
    strings: &'w mut Strings<'a>,
    body: &'w mut Vec<u8>,
}

impl<'a> Writer<'_, 'a> {
    fn entry(&mut self, entry: &'a Entry) -> Option<()> {
        let evidence = &entry.evidence;
        self.body.extend(evidence.stamp.to_bytes());
        let read_at = evidence.read_at.duration_since(UNIX_EPOCH).ok()?;
        self.push(u64::try_from(read_at.as_nanos()).ok()?);
        self.string(&evidence.combined);
        self.size(entry.problems.len());
        for problem in &entry.problems {
            self.string(problem.path.to_str()?);
            self.string(&problem.message);
        }
        self.size(evidence.hidden.len());
        for (name, stamp) in &evidence.hidden {
            self.string(name);
            self.body.extend(stamp.to_bytes());
        }
        self.size(evidence.sources.len());
        for Source { file, stamp } in &evidence.sources {
            // Zero is for none.
            let file = file
                .as_deref()
                .map_or(0, |file| self.strings.number(file) + 1);
            self.size(file);
            self.body.extend(stamp.to_bytes());
        }
        self.size(entry.family.packages.len());
        for package in &entry.family.packages {
            self.package(package)?;
        }
        Some(())
    }

    fn package(&mut self, package: &'a Package) -> Option<()> {
        self.string(package.version.as_str());
        match &package.definition {
            Ok(definition) => self.definition(definition),
            Err(defect) => self.defect(defect)?,
        }
        Some(())
    }

    fn definition(&mut self, definition: &'a Definition) {
        let flags = [
            (flag::BUILD_REQUIRES, !definition.build_requires.is_empty()),
            (flag::VARIANTS, definition.variants.is_some()),
            (flag::TIMESTAMP, definition.timestamp.is_some()),
            (flag::HASHED, definition.hashed_variants),
        ];
        let set = flags.iter().filter(|(_, is_set)| *is_set);
        self.body.push(set.fold(0, |all, (flag, _)| all | flag));
        self.requests(&definition.requires);
        if !definition.build_requires.is_empty() {
            self.requests(&definition.build_requires);
        }
        if let Some(variants) = &definition.variants {
            self.size(variants.len());
            for variant in variants {
                self.requests(variant);
            }
        }
        if let Some(timestamp) = definition.timestamp {
            self.body.extend(timestamp.to_le_bytes());
        }
    }

    fn requests(&mut self, requests: &'a [Arc<str>]) {
        self.size(requests.len());
        for request in requests {
            self.string(request);
        }
    }

    fn defect(&mut self, defect: &'a Defect) -> Option<()> {
        self.body.push(flag::DEFECT);
        let kind = KINDS.iter().position(|kind| *kind == defect.kind)?;
        self.size(kind);
        self.string(defect.file.to_str()?);
        self.push(defect.line.map_or(0, |line| u64::from(line) + 1));
        self.string(&defect.message);
        Some(())
    }

    fn string(&mut self, text: &'a str) {
        let number = self.strings.number(text);
        self.size(number);
    }

    fn size(&mut self, number: usize) {
        self.push(number as u64);
    }

    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    fn push(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                self.body.push(low);
                return;
            }
            self.body.push(low | 0x80);
        }
    }
}
