//! The conda backend on made-up resolutions.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod spec;
