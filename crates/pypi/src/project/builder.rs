//! Making a project: from a page, from a folder of wheels, from a test.
//!
//! A page may have ten thousand files of a few dozen versions and tags, so every text is put where
//! it will stay as soon as it is seen, and what was seen before is looked up, not read again.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{
    HEAD_WIDTH, Location, MAGIC, METADATA, Project, SECTIONS, TEXT_WIDTH, YANKED, file_row,
    version_row,
};
use crate::file::sdist_name::SdistName;
use crate::file::wheel_name::{BuildTag, WheelParts, WheelTags};
use crate::name::{DistributionName, is_spelling_of};
use crate::packed::{Arena, Place, pack, small};
use crate::timestamp::Timestamp;
use crate::version::Version;

/// Collects the files of one project, in any order.
///
/// What is neither a wheel nor an sdist, or belongs to another project, is left out and counted. Of
/// two files with one name the first is kept.
#[derive(Debug)]
pub struct ProjectBuilder {
    name: DistributionName,
    index: String,
    arena: Arena,
    files: Vec<Entry>,
    details: Vec<[Place; 2]>,
    skipped: Vec<Place>,
    versions: Distinct<Version>,
    tags: Distinct<()>,
    ranges: Distinct<()>,
}

/// A file that will be a row.
#[derive(Debug)]
struct Entry {
    /// The number of the version's text.
    version: u32,
    name: Place,
    location: Place,
    sha256: [u8; 32],
    size: u64,
    uploaded: u64,
    flags: u16,
    tags: u16,
    python: u16,
    details: Range<usize>,
}

/// Texts, each once, with what it means.
#[derive(Debug)]
struct Distinct<T> {
    numbers: FxHashMap<Box<str>, u32>,
    known: Vec<(Place, T)>,
}

/// A file as an index describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The file name.
    pub name: String,
    /// Where it is.
    pub location: NewLocation,
    /// Digests in hexadecimal, by the name of the algorithm.
    pub hashes: BTreeMap<String, String>,
    /// The clauses on the version of Python.
    pub requires_python: Option<String>,
    /// If it was yanked: why, or an empty text.
    pub yanked: Option<String>,
    /// The size in bytes.
    pub size: Option<u64>,
    /// When it was uploaded.
    pub uploaded: Option<Timestamp>,
    /// If its metadata can be had as a file of its own: the SHA-256 of that, or an empty text.
    pub core_metadata: Option<String>,
}

/// Where a new file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewLocation {
    /// An absolute URL without a user part and without a fragment.
    Url(String),
    /// A path.
    Path(String),
}

/// More than four gigabytes of page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the list of files of {name} is larger than this program handles")]
pub struct TooLarge {
    name: DistributionName,
}

/// A [`NewFile`] that owns nothing.
#[derive(Debug, Clone)]
pub(crate) struct FileView<'a> {
    pub(crate) name: &'a str,
    pub(crate) location: Location<'a>,
    pub(crate) hashes: Vec<(&'a str, &'a str)>,
    pub(crate) requires_python: Option<&'a str>,
    pub(crate) yanked: Option<&'a str>,
    pub(crate) size: Option<u64>,
    pub(crate) uploaded: Option<Timestamp>,
    pub(crate) core_metadata: Option<&'a str>,
}

impl NewFile {
    /// A file of which only name and place are known.
    pub fn new(name: impl Into<String>, location: NewLocation) -> Self {
        NewFile {
            name: name.into(),
            location,
            hashes: BTreeMap::new(),
            requires_python: None,
            yanked: None,
            size: None,
            uploaded: None,
            core_metadata: None,
        }
    }

    fn view(&self) -> FileView<'_> {
        let hashes = self.hashes.iter();
        FileView {
            name: &self.name,
            location: match &self.location {
                NewLocation::Url(url) => Location::Url(url),
                NewLocation::Path(path) => Location::Path(path),
            },
            hashes: hashes
                .map(|(key, digest)| (key.as_str(), digest.as_str()))
                .collect(),
            requires_python: self.requires_python.as_deref(),
            yanked: self.yanked.as_deref(),
            size: self.size,
            uploaded: self.uploaded,
            core_metadata: self.core_metadata.as_deref(),
        }
    }
}

impl From<&FileView<'_>> for NewFile {
    fn from(file: &FileView<'_>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let hashes = file.hashes.iter();
        NewFile {
            name: file.name.to_owned(),
            location: match file.location {
                Location::Url(url) => NewLocation::Url(url.to_owned()),
                Location::Path(path) => NewLocation::Path(path.to_owned()),
            },
            hashes: hashes
                .map(|(key, digest)| ((*key).to_owned(), (*digest).to_owned()))
                .collect(),
            requires_python: owned(file.requires_python),
            yanked: owned(file.yanked),
            size: file.size,
            uploaded: file.uploaded,
            core_metadata: owned(file.core_metadata),
        }
    }
}

impl ProjectBuilder {
    /// No files yet. The label of the index is what [`Project::index`] will say.
    pub fn new(name: DistributionName, index: impl Into<String>) -> Self {
        ProjectBuilder {
            name,
            index: index.into(),
            arena: Arena::default(),
            files: Vec::new(),
            details: Vec::new(),
            skipped: Vec::new(),
            versions: Distinct::default(),
            tags: Distinct::default(),
            ranges: Distinct::default(),
        }
    }

    /// Adds a file, or counts it as skipped.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a file is given away: what becomes of it here is not the caller's to plan with"
    )]
    pub fn add(&mut self, file: NewFile) {
        self.add_view(&file.view());
    }

    pub(crate) fn add_view(&mut self, file: &FileView<'_>) {
        match self.entry(file) {
            Some(entry) => self.files.push(entry),
            None => self.skipped.push(self.arena.keep(file.name)),
        }
    }

    /// The file as an entry; nothing if it cannot be used.
    fn entry(&mut self, file: &FileView<'_>) -> Option<Entry> {
        let arena = &mut self.arena;
        let (version, tags) = match WheelParts::split(file.name) {
            // Names are escaped with single `_`, as `WheelParts::read` has it.
            Ok(parts) if is_spelling_of(parts.name, &self.name) && !parts.name.contains("__") => {
                if let Some(build) = parts.build {
                    build.parse::<BuildTag>().ok()?;
                }
                let version = self
                    .versions
                    .number(arena, parts.version, |text| text.parse().ok())?;
                let tags = self.tags.number(arena, parts.tags, |text| {
                    text.parse::<WheelTags>().is_ok().then_some(())
                })?;
                (version, Some(u16::try_from(tags).ok()?))
            }
            _ => {
                let sdist = SdistName::parse(file.name, &self.name).ok()?;
                let text = sdist.version.to_string();
                (
                    self.versions
                        .number(arena, &text, |_| Some(sdist.version))?,
                    None,
                )
            }
        };
        let python = match file.requires_python {
            Some(text) => {
                let number = self.ranges.number(arena, text, |_| Some(()))?;
                u16::try_from(number)
                    .ok()
                    .filter(|number| *number != file_row::NO_PYTHON)?
            }
            None => file_row::NO_PYTHON,
        };
        let (location, is_path) = match file.location {
            Location::Url(url) => (url, false),
            Location::Path(path) => (path, true),
        };
        let place = arena.keep(location);
        // Nearly always the name is the last part of the URL and needs no place of its own.
        let name = place.suffix(location, file.name);
        let name = name.unwrap_or_else(|| arena.keep(file.name));
        let sha256 = file.hashes.iter().find_map(|(key, digest)| {
            key.eq_ignore_ascii_case("sha256").then(|| binary(digest))?
        });
        let mut flags = 0;
        for (flag, condition) in [
            (file_row::IS_WHEEL, tags.is_some()),
            (file_row::IS_YANKED, file.yanked.is_some()),
            (file_row::IS_PATH, is_path),
            (file_row::HAS_SHA256, sha256.is_some()),
            (file_row::HAS_METADATA, file.core_metadata.is_some()),
        ] {
            flags |= if condition { flag } else { 0 };
        }
        Some(Entry {
            version,
            name,
            location: place,
            sha256: sha256.unwrap_or_default(),
            size: file.size.unwrap_or(file_row::NO_SIZE),
            uploaded: file.uploaded.map_or(file_row::NO_TIME, |time| {
                time.microseconds().cast_unsigned()
            }),
            flags,
            tags: tags.unwrap_or_default(),
            python,
            details: self.keep_details(file, sha256.is_some()),
        })
    }

    /// Keeps what few files have.
    fn keep_details(&mut self, file: &FileView<'_>, has_sha256: bool) -> Range<usize> {
        let start = self.details.len();
        let mut keep = |key: &str, value: &str| {
            let places = [key, value].map(|text| self.arena.keep(text));
            self.details.push(places);
        };
        for (key, digest) in &file.hashes {
            // A SHA-256 that is none stays a text: no file will ever match it.
            if !has_sha256 || !key.eq_ignore_ascii_case("sha256") {
                keep(&key.to_ascii_lowercase(), &digest.to_ascii_lowercase());
            }
        }
        for (key, value) in [(YANKED, file.yanked), (METADATA, file.core_metadata)] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                keep(key, value);
            }
        }
        start..self.details.len()
    }

    /// The project.
    ///
    /// # Errors
    /// If it takes more than four gigabytes.
    pub fn build(self) -> Result<Project, TooLarge> {
        let too_large = TooLarge {
            name: self.name.clone(),
        };
        let bytes = self.packed().ok_or(too_large.clone())?;
        Project::decode(bytes).map_err(|_| too_large)
    }

    fn packed(mut self) -> Option<Vec<u8>> {
        let ranks = self.versions.ranks();
        let mut files = std::mem::take(&mut self.files);
        // The sort is stable, so of two files of one name the first is the first.
        files.sort_by_key(|entry| ranks[entry.version as usize]);
        files.chunk_by_mut(same(&ranks)).for_each(|release| {
            let key = |entry: &Entry| (entry.flags & file_row::IS_WHEEL == 0, entry.name);
            release.sort_by(|a, b| {
                let ((a_sdist, a), (b_sdist, b)) = (key(a), key(b));
                a_sdist
                    .cmp(&b_sdist)
                    .then_with(|| self.arena.get(a).cmp(self.arena.get(b)))
            });
        });
        files.dedup_by(|later, first| self.arena.get(later.name) == self.arena.get(first.name));

        let mut head = Vec::with_capacity(HEAD_WIDTH);
        head.extend(self.arena.keep(self.name.as_str()).to_bytes());
        head.extend(self.arena.keep(&self.index).to_bytes());
        let mut versions = Vec::new();
        let mut first = 0;
        for release in files.chunk_by(same(&ranks)) {
            let (_, version) = self.versions.known.get(release.first()?.version as usize)?;
            let flags = u32::from(version.is_prerelease()) * version_row::PRERELEASE;
            versions.extend(self.arena.keep(&version.to_string()).to_bytes());
            versions.extend(small(first).to_le_bytes());
            versions.extend(flags.to_le_bytes());
            first += release.len();
        }
        let mut rows = Vec::with_capacity(files.len() * file_row::WIDTH);
        let mut details = Vec::with_capacity(self.details.len() * 2 * TEXT_WIDTH);
        for entry in &files {
            entry.write(small(details.len() / (2 * TEXT_WIDTH)), &mut rows);
            for place in self.details[entry.details.clone()].iter().flatten() {
                details.extend(place.to_bytes());
            }
        }
        let sections: [&[u8]; SECTIONS] = [
            self.arena.bytes(),
            &head,
            &versions,
            &rows,
            &self.tags.rows(),
            &self.ranges.rows(),
            &details,
            &self
                .skipped
                .iter()
                .flat_map(|place| place.to_bytes())
                .collect::<Vec<_>>(),
        ];
        pack(MAGIC, sections)
    }
}

/// Whether two files are of one version.
fn same(ranks: &[u32]) -> impl Fn(&Entry, &Entry) -> bool {
    |a, b| ranks[a.version as usize] == ranks[b.version as usize]
}

impl Entry {
    fn write(&self, first_detail: u32, rows: &mut Vec<u8>) {
        let start = rows.len();
        rows.extend(self.location.to_bytes());
        rows.extend(self.name.to_bytes());
        rows.extend(self.sha256);
        rows.extend(self.size.to_le_bytes());
        rows.extend(self.uploaded.to_le_bytes());
        for number in [self.flags, self.tags, self.python, 0] {
            rows.extend(number.to_le_bytes());
        }
        rows.extend(first_detail.to_le_bytes());
        debug_assert_eq!(rows.len() - start, file_row::WIDTH);
    }
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Distinct {
            numbers: FxHashMap::default(),
            known: Vec::new(),
        }
    }
}

impl<T> Distinct<T> {
    /// The number of a text, which is read when it is new; nothing if it cannot be read.
    fn number(
        &mut self,
        arena: &mut Arena,
        text: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<u32> {
        if let Some(number) = self.numbers.get(text) {
            return Some(*number);
        }
        let value = read(text)?;
        let number = small(self.known.len());
        self.known.push((arena.keep(text), value));
        self.numbers.insert(text.into(), number);
        Some(number)
    }

    fn rows(&self) -> Vec<u8> {
        self.known
            .iter()
            .flat_map(|(place, _)| place.to_bytes())
            .collect()
    }
}

impl Distinct<Version> {
    /// Of each text the rank of its version; texts of one version have one rank.
    fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.known.len()).collect();
        let version = |index: usize| &self.known[index].1;
        order.sort_by(|a, b| version(*a).cmp(version(*b)));
        let mut ranks = vec![0; self.known.len()];
        for (rank, group) in (0..).zip(order.chunk_by(|a, b| version(*a) == version(*b))) {
            for index in group {
                ranks[*index] = rank;
            }
        }
        ranks
    }
}

/// A SHA-256 out of its hexadecimal digits.
fn binary(digest: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let (pairs, rest) = digest.as_bytes().as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let digit = |index: usize| char::from(pair[index]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}
