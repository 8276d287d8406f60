//! Building a source distribution, to learn what it needs.

use std::path::Path;

use crate::state::State;

/// The metadata that a build makes.
pub(crate) fn metadata(
    _state: &State,
    python: &Path,
    file: &str,
    _sdist: &[u8],
) -> Result<Vec<u8>, String> {
    Err(format!("{file} cannot be built by {}", python.display()))
}
