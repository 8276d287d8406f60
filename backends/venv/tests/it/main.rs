//! Tests of the venv backend.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot parse its own input should stop"
)]

mod conflicts;
mod lock;
mod repositories;
mod spec;
mod world;
