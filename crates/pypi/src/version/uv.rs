//! The one file that names uv's crates.
//!
//! They are internal crates of another project, without a promise about their interface, and are
//! pinned exactly. Everything else here speaks of them under the names below, and no public
//! signature does, so a new pin touches this file, the callers that stop compiling, and nothing
//! beyond this crate.
//!
//! Only the parsers of PEP 440 and the order of versions come from there. What a clause accepts, the
//! cuts of `cut.rs` say in a dozen lines, and exactly as `packaging` does, which uv's own
//! `VersionSpecifier::contains` does not (`>1.0a1`). Names are a dozen lines too. Markers are ours:
//! uv's are decision diagrams, kept for ever in a table of the process and exponential for a hostile
//! marker; and a comparison that uv cannot read it leaves out, which makes the marker true more often.

pub(crate) use uv_pep440::{Operator, Prerelease, Version, VersionParseError, VersionSpecifier};
