//! Tests of the venv backend.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot parse its own input should stop"
)]

mod lock;
mod spec;
mod world;
