//! Turns conflicts and resolutions into words, with hints that were found by solving again.
//!
//! A conflict arrives as facts ([`ayon_solve::Conflict`]); [`conflict::text`] lays them out as a table per contested
//! thing, who provides and who needs, each with its file, and closes with one sentence. Never more than a dozen lines,
//! never a solver's own words.
//!
//! [`hints::find`] asks the solver what single change would do: another release of one addon, another launcher, one
//! addon less. A hint is printed only if its change was solved.
//!
//! Nothing here reads, writes or prints.

pub mod conflict;
pub mod hints;
