//! What a distribution says about itself: its core metadata (`METADATA`, `PKG-INFO`).
//!
//! A file is read once in its life: all of its requirements are checked, and each is sorted by the
//! extra that must be asked for before it counts. After that a cache has it in the form of
//! `packed.rs`, where asking what the distribution itself needs ([`Metadata::needs`]) passes over
//! the hundreds of lines that belong to extras, judges each distinct marker once for a target, and
//! parses each distinct requirement once ([`Memo`]): releases of one project repeat each other, and
//! projects repeat the world.

pub(crate) mod lenient;
mod memo;
mod parse;

use std::fmt;
use std::sync::{Arc, OnceLock};

pub use memo::Memo;
pub use parse::MetadataError;

use crate::marker::environment::MarkerEnvironment;
use crate::name::{DistributionName, ExtraName};
use crate::packed::{Damaged, Magic, Packed, Row};
use crate::requirement::Requirement;
use crate::version::Version;
use crate::version::set::VersionSet;

const MAGIC: Magic = *b"pypimtd1";

/// The sections behind the arena, and the widths of their rows.
const HEAD: usize = 1;
const LINES: usize = 2;
const EXTRAS: usize = 3;
const GUARDS: usize = 4;
const SECTIONS: usize = 5;

const TEXT_WIDTH: usize = 8;

/// The one row about the distribution.
mod head_row {
    pub(super) const NAME: usize = 0;
    pub(super) const VERSION: usize = 8;
    pub(super) const PYTHON: usize = 16;
    pub(super) const FLAGS: usize = 24;
    pub(super) const WIDTH: usize = 28;

    pub(super) const HAS_PYTHON: u32 = 1;
    pub(super) const IS_STATIC: u32 = 2;
}

/// A requirement: as it was written; without its marker; the marker without the guard.
mod line_row {
    pub(super) const TEXT: usize = 0;
    pub(super) const BODY: usize = 8;
    pub(super) const MARKER: usize = 16;
    pub(super) const GUARD: usize = 24;
    pub(super) const WIDTH: usize = 28;

    /// In place of the number of an extra: no extra is spoken of, or not as a plain guard.
    pub(super) const NO_EXTRA: u32 = u32::MAX;
    pub(super) const MIXED: u32 = u32::MAX - 1;
}

/// The core metadata of one distribution.
///
/// ```
/// use pypi::{MarkerEnvironment, Memo, Metadata, OperatingSystem};
///
/// let metadata = Metadata::parse(
///     b"Metadata-Version: 2.1\n\
///       Name: arrow\n\
///       Version: 0.17.0\n\
///       Requires-Python: >=3.6\n\
///       Requires-Dist: python-dateutil (>=2.7.0)\n\
///       Requires-Dist: pytz ; extra == 'zones'\n\
///       Requires-Dist: typing-extensions ; python_version < '3.8'\n",
/// )?;
/// let linux = MarkerEnvironment::new(OperatingSystem::Linux, "x86_64", &"3.11".parse()?);
/// let memo = Memo::default();
/// let texts = |extra: Option<&str>| -> Result<Vec<String>, Box<dyn std::error::Error>> {
///     let extra = extra.map(str::parse).transpose()?;
///     let needs = metadata.needs(&linux, extra.as_ref(), &memo)?;
///     Ok(needs.iter().map(|need| need.to_string()).collect())
/// };
/// assert_eq!(texts(None)?, ["python-dateutil>=2.7.0"]);
/// assert_eq!(texts(Some("zones"))?, ["pytz"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Metadata {
    packed: Packed<SECTIONS>,
    name: DistributionName,
    version: Version,
    python: OnceLock<Option<VersionSet>>,
}

/// A requirement of a distribution as it was written.
#[derive(Clone, Copy)]
pub struct Line<'m> {
    metadata: &'m Metadata,
    row: Row<'m>,
}

impl Metadata {
    /// Reads a `METADATA` or `PKG-INFO` file, of which it takes the fields that speak of
    /// dependencies. Folded lines, any encoding of the rest, and the slips of the pen that `uv`
    /// forgives are accepted.
    ///
    /// # Errors
    /// If name or version are missing or none, if a requirement or `Requires-Python` cannot be
    /// read, or if it is larger than any metadata is (16 MiB, 65,536 requirements).
    pub fn parse(bytes: &[u8]) -> Result<Self, MetadataError> {
        parse::parse(bytes)
    }

    /// The bytes that [`Metadata::decode`] takes; nothing is computed.
    pub fn encode(&self) -> &[u8] {
        self.packed.bytes()
    }

    /// Opens what [`Metadata::encode`] gave.
    ///
    /// # Errors
    /// If a single byte is another, or another version of this program wrote them.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, Damaged> {
        let packed = Packed::open(MAGIC, bytes)?;
        let head = packed.row(HEAD, head_row::WIDTH, 0);
        Ok(Metadata {
            name: head.text(head_row::NAME).parse().map_err(|_| Damaged)?,
            version: head.text(head_row::VERSION).parse().map_err(|_| Damaged)?,
            python: OnceLock::new(),
            packed,
        })
    }

    /// The distribution.
    pub fn name(&self) -> &DistributionName {
        &self.name
    }

    /// Its version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The releases of Python that it is made for, if it says any.
    pub fn requires_python(&self) -> Option<&VersionSet> {
        let text = self.requires_python_text()?;
        let versions = self
            .python
            .get_or_init(|| lenient::python_versions(text).ok());
        versions.as_ref()
    }

    /// The text of `Requires-Python`.
    pub fn requires_python_text(&self) -> Option<&str> {
        self.flag(head_row::HAS_PYTHON)
            .then(|| self.head().text(head_row::PYTHON))
    }

    /// The extras that it says it has.
    pub fn provides_extras(&self) -> impl Iterator<Item = ExtraName> {
        self.names(EXTRAS)
    }

    /// Its requirements, all of them, in order.
    pub fn requirements(&self) -> impl ExactSizeIterator<Item = Line<'_>> {
        let rows = 0..self.packed.rows(LINES, line_row::WIDTH);
        rows.map(|index| Line {
            metadata: self,
            row: self.packed.row(LINES, line_row::WIDTH, index),
        })
    }

    /// Whether what the `PKG-INFO` of an sdist says here holds for whatever is built from it: since
    /// Metadata-Version 2.2, unless a field about dependencies is `Dynamic` (PEP 643).
    pub fn static_dependencies(&self) -> bool {
        self.flag(head_row::IS_STATIC)
    }

    /// What the distribution needs for a target: on its own (`None`), or what an extra adds to
    /// that. The markers are answered, and not in what comes back.
    ///
    /// # Errors
    /// If a requirement cannot be read. [`Metadata::parse`] has read them all.
    pub fn needs(
        &self,
        environment: &MarkerEnvironment,
        extra: Option<&ExtraName>,
        memo: &Memo,
    ) -> Result<Vec<Arc<Requirement>>, MetadataError> {
        // Guards are few, and the one that is asked for has one number.
        let guard = extra.and_then(|extra| {
            let number = self.names(GUARDS).position(|name| name == *extra)?;
            u32::try_from(number).ok()
        });
        let mut memo = memo.for_environment(environment);
        let mut needs = Vec::new();
        for line in self.requirements() {
            let marker = line.row.text(line_row::MARKER);
            let applies = match (line.row.u32(line_row::GUARD), extra) {
                (line_row::NO_EXTRA, None) => memo.holds(marker)?,
                (line_row::NO_EXTRA, Some(_)) => false,
                (line_row::MIXED, None) => memo.marker(marker)?.evaluate(environment, &[]),
                (line_row::MIXED, Some(extra)) => {
                    let marker = memo.marker(marker)?;
                    marker.evaluate(environment, std::slice::from_ref(extra))
                        && !marker.evaluate(environment, &[])
                }
                (number, _) => guard == Some(number) && memo.holds(marker)?,
            };
            if applies {
                needs.push(memo.requirement(line.row.text(line_row::BODY))?);
            }
        }
        Ok(needs)
    }

    /// Checks that this is about the distribution that the name of its file promised.
    ///
    /// # Errors
    /// If name or version are others. A local label may be missing here.
    pub fn check(&self, name: &DistributionName, version: &Version) -> Result<(), MetadataError> {
        if self.name != *name {
            Err(MetadataError::mismatch("name", &self.name, name))
        } else if self.version != *version && self.version != version.public() {
            Err(MetadataError::mismatch("version", &self.version, version))
        } else {
            Ok(())
        }
    }

    fn head(&self) -> Row<'_> {
        self.packed.row(HEAD, head_row::WIDTH, 0)
    }

    fn flag(&self, flag: u32) -> bool {
        self.head().u32(head_row::FLAGS) & flag != 0
    }

    fn names(&self, section: usize) -> impl Iterator<Item = ExtraName> {
        let rows = 0..self.packed.rows(section, TEXT_WIDTH);
        rows.filter_map(move |index| {
            self.packed
                .row(section, TEXT_WIDTH, index)
                .text(0)
                .parse()
                .ok()
        })
    }
}

impl<'m> Line<'m> {
    /// The requirement as it was written.
    pub fn text(&self) -> &'m str {
        self.row.text(line_row::TEXT)
    }

    /// The extra without which the requirement never holds, if its marker plainly says one.
    pub fn guard(&self) -> Option<ExtraName> {
        let number = usize::try_from(self.row.u32(line_row::GUARD)).ok()?;
        self.metadata.names(GUARDS).nth(number)
    }
}

impl PartialEq for Metadata {
    fn eq(&self, other: &Self) -> bool {
        self.packed == other.packed
    }
}

impl Eq for Metadata {}

impl fmt::Debug for Metadata {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Metadata")
            .field("name", &self.name)
            .field("version", &self.version)
            .field("requires_python", &self.requires_python_text())
            .field(
                "provides_extras",
                &self.provides_extras().collect::<Vec<_>>(),
            )
            .field("requirements", &self.requirements().collect::<Vec<_>>())
            .field("static_dependencies", &self.static_dependencies())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.text())
    }
}
