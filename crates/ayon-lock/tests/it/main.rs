//! The lock from outside: what goes in comes out, and everything else is refused with its place.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod changes;
mod files;
mod reading;
mod round_trip;
mod sample;
mod staleness;
mod unknown;
mod worlds;
