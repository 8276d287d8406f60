//! From rows of a repodata to a packed subdir.

use std::collections::BTreeSet;

use rattler_conda_types::PackageName;
use twox_hash::XxHash3_128;

use super::intern::{Interner, Place, small};
use super::layout::{BLOCK, Cold, Hot, MAGIC, PLAIN, SEALED, SECTIONS, SUM, Section, Writer, flag};
use super::row::{Archive, NoArch, Row};

/// Takes records in any order, and puts them in theirs.
#[derive(Debug, Default)]
pub(crate) struct Packer {
    texts: Interner,
    names: Interner,
    specs: Interner,
    /// The name of each spec.
    spec_names: Vec<u32>,
    versions: Interner,
    /// Lists of specs, as the bytes that are written.
    lists: Interner,
    /// File names without extensions, only to order by.
    stems: Vec<u8>,
    entries: Vec<Entry>,
    removed: BTreeSet<String>,
    defects: Vec<(u32, Place, Place)>,
    base_url: Option<String>,
    /// One list, while it is made.
    list: Vec<u8>,
    stem: String,
}

#[derive(Debug)]
struct Entry {
    name: u32,
    stem: Place,
    archive: Archive,
    /// Whether it stands in the older maps; the newer ones describe a file better.
    legacy: bool,
    /// A record that cannot be used, with the reason.
    defect: Option<Place>,
    hot: Hot,
    cold: Cold,
}

/// More than four gigabytes of texts or records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Packer {
    /// Where the files are, unless beside the repodata.
    pub(crate) fn set_base_url(&mut self, url: &str) {
        self.base_url = Some(url.to_owned());
    }

    /// Files that are listed and not offered any more.
    pub(crate) fn remove(&mut self, file: &str) {
        self.removed.insert(file.to_owned());
    }

    /// Takes one record: its file's name without the extension, the archive's form, and the fields.
    pub(crate) fn push(
        &mut self,
        subdir: &str,
        stem: &str,
        archive: Archive,
        legacy: bool,
        row: &mut Row<'_>,
    ) {
        let file_name = name_of_stem(stem);
        if row.name.is_none() || row.version.is_none() || row.build.is_none() {
            row.wrong(|| "it lacks a name, a version or a build".to_owned());
        }
        if !row.has_depends {
            row.wrong(|| "it does not say what it depends on".to_owned());
        }
        if file_name.is_none() || stem.contains(is_strange) {
            row.wrong(|| "its file is not named name-version-build".to_owned());
        }
        let name = row
            .name
            .take()
            .unwrap_or_else(|| file_name.unwrap_or(stem).to_owned().into());
        let normal = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            row.keep("name", json(&name).into());
            name.to_ascii_lowercase()
        } else {
            name.into_owned()
        };
        if let Some(own) = row
            .subdir
            .take()
            .filter(|own| !own.is_empty() && own != subdir)
        {
            row.keep("subdir", json(&own).into());
        }
        let hot = self.hot(archive, row);
        let cold = self.cold(&normal, stem, row);
        let stem = Place {
            start: small(self.stems.len()),
            length: small({
                self.stems.extend_from_slice(stem.as_bytes());
                stem.len()
            }),
        };
        let defect = row.defect.take().map(|reason| self.texts.place(&reason));
        let name = self.names.intern(normal.as_bytes());
        self.entries.push(Entry {
            name,
            stem,
            archive,
            legacy,
            defect,
            hot,
            cold,
        });
    }

    fn hot(&mut self, archive: Archive, row: &mut Row<'_>) -> Hot {
        let mut flags = match row.noarch {
            NoArch::No => 0,
            NoArch::Old => 1,
            NoArch::Generic => 2,
            NoArch::Python => 3,
        };
        for (set, bit) in [
            (archive == Archive::TarBz2, flag::TAR_BZ2),
            (row.sha256.is_some(), flag::SHA256),
            (row.md5.is_some(), flag::MD5),
            (!row.track_features.is_empty(), flag::TRACKED),
            (!row.rest.is_empty(), flag::REST),
            (row.has_extras, flag::EXTRAS),
        ] {
            if set {
                flags |= bit;
            }
        }
        let (Ok(depends), Ok(constrains)) = (
            u16::try_from(row.depends.len()),
            u16::try_from(row.constrains.len()),
        ) else {
            row.wrong(|| "it depends on more than 65,535 packages".to_owned());
            return Hot::default();
        };
        let mut list = std::mem::take(&mut self.list);
        list.clear();
        for spec in row.depends.iter().chain(&row.constrains) {
            let number = self.spec(spec);
            list.extend(number.to_le_bytes());
        }
        let number = self.lists.intern(&list);
        let place = self.lists.places()[number as usize];
        self.list = list;
        Hot {
            version: self
                .versions
                .intern(row.version.as_deref().unwrap_or_default().as_bytes()),
            build: self.texts.place(row.build.as_deref().unwrap_or_default()),
            list: place.start / 4,
            depends,
            constrains,
            build_number: row.build_number,
            flags,
        }
    }

    fn cold(&mut self, name: &str, stem: &str, row: &Row<'_>) -> Cold {
        self.stem.clear();
        let (version, build) = (row.version.as_deref(), row.build.as_deref());
        for part in [
            name,
            "-",
            version.unwrap_or_default(),
            "-",
            build.unwrap_or_default(),
        ] {
            self.stem.push_str(part);
        }
        let stem = if self.stem == stem { "" } else { stem };
        let tracked = row.track_features.join(" ");
        let mut rest = String::new();
        for (key, json) in &row.rest {
            let comma = if rest.is_empty() { "" } else { "," };
            rest.extend([comma, "\"", key, "\":", json]);
        }
        let texts = [
            row.license.as_deref(),
            row.license_family.as_deref(),
            row.arch.as_deref(),
            row.platform.as_deref(),
            Some(stem),
            Some(&rest),
            Some(&tracked),
        ];
        Cold {
            timestamp: row.timestamp.unwrap_or(i64::MIN),
            size: row.size.unwrap_or(u64::MAX),
            sha256: row.sha256.unwrap_or_default(),
            md5: row.md5.unwrap_or_default(),
            texts: texts.map(|text| match text {
                None | Some("") => Place::default(),
                Some(text) => self.texts.place(text),
            }),
        }
    }

    fn spec(&mut self, text: &str) -> u32 {
        let number = self.specs.intern(text.as_bytes());
        if number as usize == self.spec_names.len() {
            let bare = text.trim_start();
            // A channel or a namespace may stand before the name.
            let bare = bare.rsplit_once("::").map_or(bare, |(_, bare)| bare);
            let name = PackageName::normalized_name_from_matchspec_str(bare);
            self.spec_names.push(self.names.intern(name.as_bytes()));
        }
        number
    }

    /// The packed subdir, under a key.
    pub(crate) fn finish(mut self, key: &str) -> Result<Vec<u8>, TooLarge> {
        let ranks = self.order();
        let sections = self.sections(&ranks)?;
        Ok(seal(key, &sections))
    }

    /// Orders the records by name and file, leaves out what is removed or comes in a better form, and gives each name its
    /// rank among the sorted ones.
    fn order(&mut self) -> Vec<u32> {
        let names = &self.names;
        let mut sorted: Vec<usize> = (0..names.places().len()).collect();
        sorted.sort_unstable_by_key(|&index| names.get(index));
        let mut ranks = vec![0; sorted.len()];
        for (rank, name) in sorted.into_iter().enumerate() {
            ranks[name] = small(rank);
        }

        let stems = &self.stems;
        let stem = |entry: &Entry| {
            let start = entry.stem.start as usize;
            &stems[start..start + entry.stem.length as usize]
        };
        if !self.removed.is_empty() {
            let removed = &self.removed;
            self.entries.retain(|entry| {
                let file = String::from_utf8_lossy(stem(entry)) + entry.archive.extension();
                !removed.contains(&*file)
            });
        }
        self.entries.sort_by(|a, b| {
            (ranks[a.name as usize].cmp(&ranks[b.name as usize]))
                .then_with(|| stem(a).cmp(stem(b)))
                .then_with(|| (a.archive, a.legacy).cmp(&(b.archive, b.legacy)))
        });
        self.entries
            .dedup_by(|later, first| later.name == first.name && stem(later) == stem(first));
        let entries = std::mem::take(&mut self.entries);
        for entry in entries {
            match entry.defect {
                None => self.entries.push(entry),
                Some(reason) => {
                    let file = String::from_utf8_lossy(stem(&entry)) + entry.archive.extension();
                    let file = self.texts.place(&file);
                    self.defects
                        .push((ranks[entry.name as usize], file, reason));
                }
            }
        }
        ranks
    }

    fn sections(&mut self, ranks: &[u32]) -> Result<[Vec<u8>; SECTIONS], TooLarge> {
        let base_url = self.base_url.take().unwrap_or_default();
        let base_url = self.texts.place(&base_url);
        let mut sections: [Vec<u8>; SECTIONS] = Default::default();
        // One arena; the places of what stands in a later part move.
        let mut offsets = [0; 3];
        let parts = [&self.texts, &self.names, &self.specs, &self.versions];
        for (index, part) in parts.into_iter().enumerate() {
            if let Some(offset) = index.checked_sub(1) {
                offsets[offset] = small(sections[0].len());
            }
            sections[0].extend_from_slice(part.arena());
        }
        let [names, specs, versions] = offsets;

        let mut rows = vec![(Place::default(), u32::MAX, 0); ranks.len()];
        for (place, rank) in self.names.places().iter().zip(ranks) {
            rows[*rank as usize].0 = place.behind(names);
        }
        for (index, entry) in self.entries.iter().enumerate() {
            let row = &mut rows[ranks[entry.name as usize] as usize];
            row.1 = row.1.min(small(index));
            row.2 += 1;
            entry.hot.write(&mut sections[Section::Hot as usize]);
            entry.cold.write(&mut sections[Section::Cold as usize]);
        }
        for (place, first, count) in rows {
            let mut writer = Writer(&mut sections[Section::Names as usize]);
            writer.place(place).u32(first).u32(count);
        }
        sections[Section::Lists as usize].extend_from_slice(self.lists.arena());
        for (place, name) in self.specs.places().iter().zip(&self.spec_names) {
            let mut writer = Writer(&mut sections[Section::Specs as usize]);
            writer.place(place.behind(specs)).u32(ranks[*name as usize]);
        }
        for place in self.versions.places() {
            Writer(&mut sections[Section::Versions as usize]).place(place.behind(versions));
        }
        let own = (u32::MAX, base_url, Place::default());
        for (name, file, reason) in self.defects.drain(..).chain([own]) {
            let mut writer = Writer(&mut sections[Section::Defects as usize]);
            writer.u32(name).place(file).place(reason);
        }
        let fits = |section: &Vec<u8>| u32::try_from(section.len()).is_ok();
        sections
            .iter()
            .all(fits)
            .then_some(sections)
            .ok_or(TooLarge)
    }
}

/// Puts the head before the sections.
fn seal(key: &str, sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let body: usize = sections.iter().map(Vec::len).sum();
    let head = PLAIN + SECTIONS * 16 + key.len() + body.div_ceil(BLOCK) * SUM;
    let mut bytes = Vec::with_capacity(head + body);
    bytes.extend_from_slice(MAGIC);
    bytes.resize(SEALED, 0);
    let mut writer = Writer(&mut bytes);
    let mut start = head as u64;
    writer
        .u64(start)
        .u64(start + body as u64)
        .u64(key.len() as u64);
    for section in sections {
        writer.u64(start).u64(section.len() as u64);
        start += section.len() as u64;
    }
    writer.raw(key.as_bytes());
    let sums = bytes.len();
    bytes.resize(head, 0);
    for section in sections {
        bytes.extend_from_slice(section);
    }
    for index in 0..body.div_ceil(BLOCK) {
        let start = head + index * BLOCK;
        let block = &bytes[start..(start + BLOCK).min(head + body)];
        let sum = XxHash3_128::oneshot(block).to_le_bytes();
        bytes[sums + index * SUM..sums + (index + 1) * SUM].copy_from_slice(&sum);
    }
    let sum = XxHash3_128::oneshot(&bytes[SEALED..head]).to_le_bytes();
    bytes[8..SEALED].copy_from_slice(&sum);
    bytes
}

/// The name of a file called `name-version-build`.
fn name_of_stem(stem: &str) -> Option<&str> {
    let name = stem.rsplitn(3, '-').nth(2)?;
    (!name.is_empty()).then_some(name)
}

/// Whether a character in a file's name would lead its address elsewhere.
fn is_strange(character: char) -> bool {
    matches!(character, '/' | '\\' | ':' | '?' | '#') || character.is_control()
}

/// A text as JSON.
pub(crate) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
