//! The conda backend, from resolutions to files.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod refused;
mod solved;
mod spec;
mod world;
