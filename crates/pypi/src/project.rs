//! One project as one index offers it: which versions, and which files of each.
//!
//! A project is the same for every target. What depends on a target (tags, `Requires-Python`, a cut
//! by upload date) is asked of it and not kept in it, so that three platforms share one page.
//!
//! Large projects have thousands of files and a solve looks at a handful. So a project *is* the
//! bytes that a cache keeps (`packed.rs`): opening one checks a sum and reads the few distinct tags;
//! a version is parsed when somebody compares it, a URL is a slice of the whole. What comes from a
//! page of an index, a folder of wheels or a test goes through the same [`ProjectBuilder`], so there
//! is one form to get right.

mod builder;
mod file;
mod python_range;

use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

pub(crate) use builder::FileView;
pub use builder::{NewFile, NewLocation, ProjectBuilder, TooLarge};
pub use file::{File, FileId, FileKind, Location};
pub use python_range::PythonRange;

use crate::file::wheel_name::WheelTags;
use crate::name::DistributionName;
use crate::packed::{Damaged, Magic, Packed, Row, small};
use crate::version::Version;
use crate::version::cut::Cut;
use crate::version::set::VersionSet;

const MAGIC: Magic = *b"pypiprj1";

/// The sections behind the arena, and the widths of their rows.
const HEAD: usize = 1;
const VERSIONS: usize = 2;
const FILES: usize = 3;
const TAGS: usize = 4;
const RANGES: usize = 5;
const DETAILS: usize = 6;
const SKIPPED: usize = 7;
const SECTIONS: usize = 8;

const TEXT_WIDTH: usize = 8;
const HEAD_WIDTH: usize = 2 * TEXT_WIDTH;

/// A version: its text, the number of its first file, flags.
mod version_row {
    pub(super) const TEXT: usize = 0;
    pub(super) const FIRST_FILE: usize = 8;
    pub(super) const FLAGS: usize = 12;
    pub(super) const WIDTH: usize = 16;
    pub(super) const PRERELEASE: u32 = 1;
}

/// A file. Its details are the pairs of texts from `FIRST_DETAIL` to that of the next file.
mod file_row {
    pub(super) const LOCATION: usize = 0;
    pub(super) const NAME: usize = 8;
    pub(super) const SHA256: usize = 16;
    pub(super) const SIZE: usize = 48;
    pub(super) const UPLOADED: usize = 56;
    pub(super) const FLAGS: usize = 64;
    pub(super) const TAGS: usize = 66;
    pub(super) const PYTHON: usize = 68;
    pub(super) const FIRST_DETAIL: usize = 72;
    pub(super) const WIDTH: usize = 76;

    pub(super) const IS_WHEEL: u16 = 1;
    pub(super) const IS_YANKED: u16 = 2;
    pub(super) const IS_PATH: u16 = 4;
    pub(super) const HAS_SHA256: u16 = 8;
    pub(super) const HAS_METADATA: u16 = 16;
    /// No size, no time, no `requires-python`.
    pub(super) const NO_SIZE: u64 = u64::MAX;
    pub(super) const NO_TIME: u64 = u64::MAX;
    pub(super) const NO_PYTHON: u16 = u16::MAX;
}

/// The keys of details that are no names of hash algorithms.
const YANKED: &str = "yanked";
const METADATA: &str = "core-metadata";

/// A project of an index: its versions, ascending, and their files.
///
/// ```
/// use pypi::{NewFile, NewLocation, ProjectBuilder, VersionSet};
///
/// let mut builder = ProjectBuilder::new("clique".parse()?, "a test");
/// for name in ["clique-2.0.0-py3-none-any.whl", "clique-1.6.1.tar.gz", "clique-1.6.1.exe"] {
///     builder.add(NewFile::new(name, NewLocation::Path(format!("wheels/{name}"))));
/// }
/// let project = builder.build()?;
/// assert_eq!(project.len(), 2);
/// assert_eq!(project.version(0).to_string(), "1.6.1");
/// assert_eq!(project.files(1).next().map(|file| file.name()), Some("clique-2.0.0-py3-none-any.whl"));
/// assert_eq!(project.positions(&VersionSet::from_specifiers(">=2")?), [1..2]);
/// assert_eq!(project.skipped().collect::<Vec<_>>(), ["clique-1.6.1.exe"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Project {
    packed: Packed<SECTIONS>,
    name: DistributionName,
    /// Parsed when first asked for.
    versions: Box<[OnceLock<Version>]>,
    tags: Vec<WheelTags>,
    ranges: Vec<PythonRange>,
}

impl Project {
    /// The bytes that [`Project::decode`] takes; nothing is computed.
    pub fn encode(&self) -> &[u8] {
        self.packed.bytes()
    }

    /// Opens what [`Project::encode`] gave.
    ///
    /// # Errors
    /// If a single byte is another, or another version of this program wrote them.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, Damaged> {
        let packed = Packed::open(MAGIC, bytes)?;
        let head = packed.row(HEAD, HEAD_WIDTH, 0);
        let name = head.text(0).parse().map_err(|_| Damaged)?;
        let texts = |section| {
            let rows = 0..packed.rows(section, TEXT_WIDTH);
            let text = |index| packed.row(section, TEXT_WIDTH, index).text(0);
            rows.map(text).collect::<Vec<_>>()
        };
        let tags = texts(TAGS)
            .into_iter()
            .map(|text| text.parse().map_err(|_| Damaged));
        let tags = tags.collect::<Result<_, _>>()?;
        let ranges = texts(RANGES).into_iter().map(PythonRange::new).collect();
        let versions = packed.rows(VERSIONS, version_row::WIDTH);
        Ok(Project {
            name,
            versions: (0..versions).map(|_| OnceLock::new()).collect(),
            tags,
            ranges,
            packed,
        })
    }

    /// The name.
    pub fn name(&self) -> &DistributionName {
        &self.name
    }

    /// The index that offers it, in words or as a URL without a user part; empty for a wheelhouse.
    pub fn index(&self) -> &str {
        self.packed.row(HEAD, HEAD_WIDTH, 0).text(TEXT_WIDTH)
    }

    /// The number of versions.
    pub fn len(&self) -> usize {
        self.versions.len()
    }

    /// Whether there is no file that could be used.
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// A version by its position; they ascend.
    ///
    /// # Panics
    /// If there is no version at this position, as indexing does.
    pub fn version(&self, position: usize) -> &Version {
        self.versions[position].get_or_init(|| {
            let text = self.version_row(position).text(version_row::TEXT);
            // Only a forged cache holds a text that the builder did not write.
            text.parse().unwrap_or_else(|_| Version::lowest())
        })
    }

    /// Whether the version at a position is a pre-release, without reading its text.
    pub fn is_prerelease(&self, position: usize) -> bool {
        self.version_row(position).u32(version_row::FLAGS) & version_row::PRERELEASE != 0
    }

    /// The position of a version, if the project has it.
    pub fn position_of(&self, version: &Version) -> Option<usize> {
        let position = self.first_not(|at| at < version);
        (position < self.len() && self.version(position) == version).then_some(position)
    }

    /// The positions of the versions of a set: ascending half-open runs that do not touch.
    ///
    /// Compares `log n` versions for each bound of the set.
    pub fn positions(&self, set: &VersionSet) -> Vec<Range<u32>> {
        let before = |cut: Option<&Cut>| cut.map(|cut| self.first_not(|at| !cut.is_before(at)));
        let mut runs: Vec<Range<u32>> = Vec::new();
        for (lower, upper) in set.stretches() {
            let first = small(before(lower).unwrap_or(0));
            let end = small(before(upper).unwrap_or(self.len()));
            match runs.last_mut() {
                Some(last) if last.end == first => last.end = end,
                _ if first < end => runs.push(first..end),
                _ => {}
            }
        }
        runs
    }

    /// The files of the version at a position: wheels by name, then sdists by name.
    pub fn files(&self, position: usize) -> impl Iterator<Item = File<'_>> {
        let start = self.version_row(position).u32(version_row::FIRST_FILE);
        let end = if position + 1 < self.len() {
            self.version_row(position + 1).u32(version_row::FIRST_FILE)
        } else {
            small(self.file_count())
        };
        (start..end).map(|number| self.file(FileId(number)))
    }

    /// The number of files of all versions.
    pub fn file_count(&self) -> usize {
        self.packed.rows(FILES, file_row::WIDTH)
    }

    /// A file of this project.
    pub fn file(&self, id: FileId) -> File<'_> {
        File::new(self, id)
    }

    /// The position of the version that a file is of.
    pub fn position_of_file(&self, id: FileId) -> usize {
        let starts_later =
            |position: usize| self.version_row(position).u32(version_row::FIRST_FILE) > id.0;
        partition_point(self.len(), |position| !starts_later(position)).saturating_sub(1)
    }

    /// The distinct tags of the wheels. A target ranks each once, then files compare numbers.
    pub fn wheel_tags(&self) -> &[WheelTags] {
        &self.tags
    }

    /// The distinct `Requires-Python` of the files.
    pub fn python_ranges(&self) -> &[PythonRange] {
        &self.ranges
    }

    /// The names of files that are left out: neither wheels nor sdists, or of another project.
    pub fn skipped(&self) -> impl ExactSizeIterator<Item = &str> {
        let rows = 0..self.packed.rows(SKIPPED, TEXT_WIDTH);
        rows.map(|index| self.packed.row(SKIPPED, TEXT_WIDTH, index).text(0))
    }

    fn version_row(&self, position: usize) -> Row<'_> {
        self.packed.row(VERSIONS, version_row::WIDTH, position)
    }

    fn first_not(&self, holds: impl Fn(&Version) -> bool) -> usize {
        partition_point(self.len(), |position| holds(self.version(position)))
    }
}

/// [`slice::partition_point`] over positions.
fn partition_point(length: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl PartialEq for Project {
    fn eq(&self, other: &Self) -> bool {
        self.packed == other.packed
    }
}

impl Eq for Project {}

impl fmt::Debug for Project {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let positions = 0..self.len();
        let files = positions.flat_map(|position| self.files(position));
        formatter
            .debug_struct("Project")
            .field("name", &self.name)
            .field("index", &self.index())
            .field("files", &files.collect::<Vec<_>>())
            .field("skipped", &self.skipped().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
