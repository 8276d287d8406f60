//! A file of a project, as the index describes it.

use std::fmt;

use super::{DETAILS, FILES, METADATA, Project, PythonRange, TEXT_WIDTH, YANKED, file_row};
use crate::packed::Row;
use crate::timestamp::Timestamp;

/// A file of one project, by its number: ascending by version, wheels before sdists, then by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(super) u32);

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A wheel; its tags are that element of [`Project::wheel_tags`].
    Wheel {
        /// The position of the tags.
        tags: u16,
    },
    /// A source distribution.
    Sdist,
}

/// Where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location<'p> {
    /// An absolute URL without a user part and without a fragment.
    Url(&'p str),
    /// A path, absolute or as the wheelhouse was named.
    Path(&'p str),
}

/// A file of a project.
#[derive(Clone, Copy)]
pub struct File<'p> {
    project: &'p Project,
    id: FileId,
    row: Row<'p>,
}

impl<'p> File<'p> {
    pub(super) fn new(project: &'p Project, id: FileId) -> Self {
        let row = project.packed.row(FILES, file_row::WIDTH, id.0 as usize);
        File { project, id, row }
    }

    /// Its number in the project.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// Whether it is a wheel, and with which tags.
    pub fn kind(&self) -> FileKind {
        if self.has(file_row::IS_WHEEL) {
            FileKind::Wheel {
                tags: self.row.u16(file_row::TAGS),
            }
        } else {
            FileKind::Sdist
        }
    }

    /// The file name.
    pub fn name(&self) -> &'p str {
        self.row.text(file_row::NAME)
    }

    /// Where it is.
    pub fn location(&self) -> Location<'p> {
        let text = self.row.text(file_row::LOCATION);
        if self.has(file_row::IS_PATH) {
            Location::Path(text)
        } else {
            Location::Url(text)
        }
    }

    /// The position of its `Requires-Python` in [`Project::python_ranges`], if the index says any.
    pub fn requires_python(&self) -> Option<u16> {
        Some(self.row.u16(file_row::PYTHON)).filter(|index| *index != file_row::NO_PYTHON)
    }

    /// Whether it was yanked (PEP 592).
    pub fn is_yanked(&self) -> bool {
        self.has(file_row::IS_YANKED)
    }

    /// Why it was yanked; empty if no reason was given.
    pub fn yanked_reason(&self) -> &'p str {
        self.detail(YANKED).unwrap_or_default()
    }

    /// When it was uploaded, if the index says so.
    pub fn uploaded(&self) -> Option<Timestamp> {
        let bits = self.row.u64(file_row::UPLOADED);
        let known = (bits != file_row::NO_TIME).then_some(bits)?;
        Timestamp::from_microseconds(known.cast_signed())
    }

    /// Its size in bytes, if the index says it.
    pub fn size(&self) -> Option<u64> {
        Some(self.row.u64(file_row::SIZE)).filter(|size| *size != file_row::NO_SIZE)
    }

    /// Its SHA-256 as the index says it, in lower-case hexadecimal.
    pub fn sha256(&self) -> Option<String> {
        self.has(file_row::HAS_SHA256)
            .then(|| hexadecimal(&self.row.bytes::<32>(file_row::SHA256)))
    }

    /// All its hashes: the algorithm's name in lower case, and the hexadecimal digest in lower case.
    pub fn hashes(&self) -> impl Iterator<Item = (&'p str, String)> {
        let others = self
            .details()
            .filter(|(key, _)| *key != YANKED && *key != METADATA);
        let others = others.map(|(key, value)| (key, value.to_owned()));
        self.sha256()
            .map(|digest| ("sha256", digest))
            .into_iter()
            .chain(others)
    }

    /// Whether the index has the metadata as a file of its own, at the URL with `.metadata` behind
    /// it (PEP 658).
    pub fn has_core_metadata(&self) -> bool {
        self.has(file_row::HAS_METADATA)
    }

    /// The SHA-256 of that metadata file, if the index says it.
    pub fn core_metadata_sha256(&self) -> Option<&'p str> {
        self.detail(METADATA)
    }

    fn has(&self, flag: u16) -> bool {
        self.row.u16(file_row::FLAGS) & flag != 0
    }

    fn detail(&self, wanted: &str) -> Option<&'p str> {
        self.details()
            .find(|(key, _)| *key == wanted)
            .map(|(_, value)| value)
    }

    fn details(&self) -> impl Iterator<Item = (&'p str, &'p str)> + use<'p> {
        let (packed, next) = (&self.project.packed, self.id.0 as usize + 1);
        let start = self.row.u32(file_row::FIRST_DETAIL) as usize;
        let all = packed.rows(DETAILS, 2 * TEXT_WIDTH);
        let end = if next < self.project.file_count() {
            let next = packed.row(FILES, file_row::WIDTH, next);
            (next.u32(file_row::FIRST_DETAIL) as usize).min(all)
        } else {
            all
        };
        (start..end).map(|index| {
            let row = packed.row(DETAILS, 2 * TEXT_WIDTH, index);
            (row.text(0), row.text(TEXT_WIDTH))
        })
    }
}

impl fmt::Debug for File<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = self
            .requires_python()
            .and_then(|index| self.project.ranges.get(usize::from(index)));
        formatter
            .debug_struct("File")
            .field("name", &self.name())
            .field("location", &self.location())
            .field("requires_python", &range.map(PythonRange::text))
            .field("yanked", &self.is_yanked().then(|| self.yanked_reason()))
            .field("uploaded", &self.uploaded())
            .field("size", &self.size())
            .field("hashes", &self.hashes().collect::<Vec<_>>())
            .field("has_core_metadata", &self.has_core_metadata())
            .field("core_metadata_sha256", &self.core_metadata_sha256())
            .finish()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
        .collect()
}
