//! Making a project: from a page, from a folder of wheels, from a test.

use std::collections::BTreeMap;

use super::{
    HEAD_WIDTH, MAGIC, METADATA, Project, SECTIONS, TEXT_WIDTH, YANKED, file_row, version_row,
};
use crate::name::DistributionName;
use crate::packed::{Arena, Place, pack, small};
use crate::timestamp::Timestamp;
use crate::version::Version;
use crate::wheel_name::{SdistName, WheelName};

/// Collects the files of one project, in any order.
///
/// What is neither a wheel nor an sdist, or belongs to another project, is left out and counted. Of
/// two files with one name the first is kept.
#[derive(Debug)]
pub struct ProjectBuilder {
    name: DistributionName,
    index: String,
    files: Vec<Entry>,
    skipped: Vec<String>,
    tags: BTreeMap<String, u16>,
    ranges: BTreeMap<String, u16>,
}

#[derive(Debug)]
struct Entry {
    version: Version,
    is_sdist: bool,
    tags: u16,
    python: u16,
    file: NewFile,
}

/// A file as an index describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The file name.
    pub name: String,
    /// Where it is.
    pub location: NewLocation,
    /// Digests in hexadecimal, by the name of the algorithm in lower case.
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
}

impl ProjectBuilder {
    /// No files yet. The label of the index is what [`Project::index`] will say.
    pub fn new(name: DistributionName, index: impl Into<String>) -> Self {
        ProjectBuilder {
            name,
            index: index.into(),
            files: Vec::new(),
            skipped: Vec::new(),
            tags: BTreeMap::new(),
            ranges: BTreeMap::new(),
        }
    }

    /// Adds a file, or counts it as skipped.
    pub fn add(&mut self, file: NewFile) {
        match self.entry(file) {
            Ok(entry) => self.files.push(entry),
            Err(name) => self.skipped.push(name),
        }
    }

    fn entry(&mut self, file: NewFile) -> Result<Entry, String> {
        let (version, tags) = if let Ok(wheel) = file.name.parse::<WheelName>()
            && wheel.name == self.name
        {
            (wheel.version, Some(wheel.tags.to_string()))
        } else if let Ok(sdist) = SdistName::parse(&file.name, &self.name) {
            (sdist.version, None)
        } else {
            return Err(file.name);
        };
        let is_sdist = tags.is_none();
        let tags = tags.map_or(Some(0), |text| number(&mut self.tags, text));
        let python = match &file.requires_python {
            Some(text) => number(&mut self.ranges, text.clone()),
            None => Some(file_row::NO_PYTHON),
        };
        let (Some(tags), Some(python)) = (tags, python) else {
            return Err(file.name);
        };
        Ok(Entry {
            version,
            is_sdist,
            tags,
            python,
            file,
        })
    }

    /// The project.
    ///
    /// # Errors
    /// If it takes more than four gigabytes.
    pub fn build(mut self) -> Result<Project, TooLarge> {
        self.files.sort_by(|a, b| {
            let by_version = a.version.cmp(&b.version);
            by_version.then_with(|| (a.is_sdist, &a.file.name).cmp(&(b.is_sdist, &b.file.name)))
        });
        self.files
            .dedup_by(|later, first| later.file.name == first.file.name);
        let too_large = TooLarge {
            name: self.name.clone(),
        };
        let bytes = self.packed().ok_or(too_large.clone())?;
        Project::decode(bytes).map_err(|_| too_large)
    }

    fn packed(self) -> Option<Vec<u8>> {
        let mut arena = Arena::default();
        let mut head = Vec::with_capacity(HEAD_WIDTH);
        head.extend(arena.keep(self.name.as_str()).to_bytes());
        head.extend(arena.keep(&self.index).to_bytes());

        let mut versions = Vec::new();
        let mut files = Vec::with_capacity(self.files.len() * file_row::WIDTH);
        let mut details = Vec::new();
        let mut last: Option<&Version> = None;
        for (number, entry) in self.files.iter().enumerate() {
            if last != Some(&entry.version) {
                let flags = u32::from(entry.version.is_prerelease()) * version_row::PRERELEASE;
                versions.extend(arena.keep(&entry.version.to_string()).to_bytes());
                versions.extend(small(number).to_le_bytes());
                versions.extend(flags.to_le_bytes());
                last = Some(&entry.version);
            }
            write_file(entry, &mut arena, &mut files, &mut details);
        }
        let tags = texts(&mut arena, in_order(&self.tags));
        let ranges = texts(&mut arena, in_order(&self.ranges));
        let skipped = texts(&mut arena, self.skipped.iter().map(String::as_str));
        let sections: [&[u8]; SECTIONS] = [
            arena.bytes(),
            &head,
            &versions,
            &files,
            &tags,
            &ranges,
            &details,
            &skipped,
        ];
        pack(MAGIC, sections)
    }
}

/// The number of a text among the distinct ones, if there are not too many of them.
fn number(known: &mut BTreeMap<String, u16>, text: String) -> Option<u16> {
    if let Some(number) = known.get(&text) {
        return Some(*number);
    }
    let next = u16::try_from(known.len())
        .ok()
        .filter(|next| *next != u16::MAX)?;
    known.insert(text, next);
    Some(next)
}

/// The texts by their numbers.
fn in_order(known: &BTreeMap<String, u16>) -> impl Iterator<Item = &str> {
    let mut texts: Vec<_> = known.iter().collect();
    texts.sort_by_key(|(_, number)| **number);
    texts.into_iter().map(|(text, _)| text.as_str())
}

fn texts<'a>(arena: &mut Arena, texts: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut rows = Vec::with_capacity(texts.size_hint().0 * TEXT_WIDTH);
    for text in texts {
        rows.extend(arena.keep(text).to_bytes());
    }
    rows
}

fn write_file(entry: &Entry, arena: &mut Arena, files: &mut Vec<u8>, details: &mut Vec<u8>) {
    let file = &entry.file;
    let first_detail = small(details.len() / (2 * TEXT_WIDTH));
    let mut flags = 0;
    let mut set = |flag, condition| flags |= if condition { flag } else { 0 };
    set(file_row::IS_WHEEL, !entry.is_sdist);
    set(file_row::IS_YANKED, file.yanked.is_some());
    set(file_row::HAS_METADATA, file.core_metadata.is_some());
    let location = match &file.location {
        NewLocation::Url(url) => url,
        NewLocation::Path(path) => {
            set(file_row::IS_PATH, true);
            path
        }
    };
    let place = arena.keep(location);
    // Nearly always the name is the last part of the URL and needs no place of its own.
    let name = place.suffix(location, &file.name);
    let name = name.unwrap_or_else(|| arena.keep(&file.name));
    let sha256 = file.hashes.get("sha256").and_then(|digest| binary(digest));
    set(file_row::HAS_SHA256, sha256.is_some());

    let mut detail = |key: &str, value: &str| {
        details.extend(arena.keep(key).to_bytes());
        details.extend(arena.keep(value).to_bytes());
    };
    for (algorithm, digest) in &file.hashes {
        // A SHA-256 that is none stays a text: no file will ever match it.
        if algorithm != "sha256" || sha256.is_none() {
            detail(algorithm, &digest.to_ascii_lowercase());
        }
    }
    for (key, value) in [(YANKED, &file.yanked), (METADATA, &file.core_metadata)] {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            detail(key, value);
        }
    }

    let size = file.size.unwrap_or(file_row::NO_SIZE);
    let uploaded = file.uploaded.map_or(file_row::NO_TIME, |time| {
        time.microseconds().cast_unsigned()
    });
    let start = files.len();
    files.extend([place, name].into_iter().flat_map(Place::to_bytes));
    files.extend(sha256.unwrap_or_default());
    files.extend(size.to_le_bytes());
    files.extend(uploaded.to_le_bytes());
    for number in [flags, entry.tags, entry.python, 0] {
        files.extend(number.to_le_bytes());
    }
    files.extend(first_detail.to_le_bytes());
    debug_assert_eq!(files.len() - start, file_row::WIDTH);
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
