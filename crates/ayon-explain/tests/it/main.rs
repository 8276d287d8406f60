//! Explanations as their readers see them, of made-up resolutions.

#![expect(
    clippy::unwrap_used,
    reason = "made-up values are right, or the test says so"
)]

mod differences;
mod graphs;
mod made;
mod pictures;
mod trees;
mod whys;
