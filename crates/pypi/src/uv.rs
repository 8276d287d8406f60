//! The one file that names uv's crates.
//!
//! They are internal crates of another project, without a promise about their interface, and are
//! pinned exactly. Everything else here speaks of them under the names below, and no public
//! signature does, so a new pin touches this file, the callers that stop compiling, and nothing
//! beyond this crate.
//!
//! Only PEP 440 comes from there: the parser and the order of versions, and what a clause accepts.
//! Names are a dozen lines of our own. Markers too: uv's are decision diagrams, kept for ever in a
//! table of the process and exponential for a hostile marker; and a comparison that uv cannot read
//! it leaves out, which makes the marker true more often.

pub(crate) use uv_pep440::{
    Operator, Version, VersionParseError, VersionSpecifier, canonicalize_version_ranges,
};
pub(crate) use version_ranges::Ranges;
