//! Turns conflicts and resolutions into words, with hints that were found by solving again.
//!
//! A conflict arrives as facts ([`ayon_solve::Conflict`]); [`conflict::text`] lays them out as a table per contested
//! thing, who provides and who needs, each with its file, and closes with one sentence. Never more than a dozen lines,
//! never a solver's own words.
//!
//! [`hints::find`] asks the solver what single change would do: another release of one addon, another launcher, one
//! addon less. A hint is printed only if its change was solved.
//!
//! A resolution becomes a [`Graph`]: who needs whom, with the requirement's own words and place on every edge. From it come
//! [`Graph::why`] (every way to a package, what holds its version, what would lift that), [`Graph::tree`],
//! [`Difference`] between two, and the [pictures](picture). A conflict [becomes a graph](Graph::of_conflict) too, so the
//! same facts are text, JSON ([`document`]) and picture.
//!
//! Nothing here reads, writes or prints.

pub mod conflict;
pub mod difference;
pub mod document;
pub mod graph;
pub mod hints;
pub mod picture;
pub mod tree;
pub mod why;

pub use difference::Difference;
pub use graph::Graph;
pub use tree::TreeOptions;
pub use why::Why;
