//! From values to entries and back, a file for each kind of thing.
//!
//! Every pair of functions is each other's inverse, and what says nothing is not written: no empty text, no set of
//! versions that the words beside it already say.

pub(crate) mod artefact;
pub(crate) mod distribution;
pub(crate) mod origin;
pub(crate) mod package;
pub(crate) mod target;
pub(crate) mod versions;
