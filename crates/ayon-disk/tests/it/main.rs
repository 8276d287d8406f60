//! What the crate promises of a disk, kept on a real one.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make the files that the crate is to read, and damage them"
)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod cache;
mod folder;
mod lock;
mod mapped;
mod read;
mod stamp;
mod write;

use std::path::Path;

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = ayon_disk::read_dir(folder).unwrap();
    entries
        .into_iter()
        .map(|entry| entry.name.to_string_lossy().into_owned())
        .collect()
}
