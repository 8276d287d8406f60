//! The client as a solve uses it: what it asks for, what it remembers, and what it tells when something is wrong.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod fetching;
mod indexes;
mod remembering;
mod sdists;
mod sources;
mod wheelhouses;
