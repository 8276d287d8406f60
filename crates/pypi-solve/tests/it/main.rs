//! The solver at its boundary: an index in memory, requirements in, choices and conflicts out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod choice;
mod properties;
mod world;
