//! Where packages come from, opened as the settings say: channels, indexes, repositories of rez.
//!
//! Each is opened once for a run, says how far it is, and tells at the end what was amiss with its cache.

#[cfg(feature = "conda")]
pub(crate) mod channels;
#[cfg(feature = "venv")]
pub(crate) mod index;
#[cfg(feature = "rez")]
pub(crate) mod site;
#[cfg(feature = "conda")]
mod unopened;
