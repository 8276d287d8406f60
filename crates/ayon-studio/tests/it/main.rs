//! The sources of a studio, tested on the sample studio, on folders and zips made for the purpose, and against a server
//! stand-in that can be told to misbehave. No test needs a network.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod archives;
mod folders;
mod probing;
mod requests;
mod snapshots;
mod sources;
mod support;
