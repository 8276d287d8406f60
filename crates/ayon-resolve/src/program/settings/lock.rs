//! What is special to the lock of a bundle: which file it is, and what may be done with it.

use std::path::PathBuf;

use crate::program::setting::Layer;

/// What a lock is called where nobody says otherwise.
const FILE_NAME: &str = "ayon.lock";

/// What is special to the lock of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Lock {
    /// The file, where it is named.
    pub(crate) named: Option<PathBuf>,
    /// Use it only if it is still what would be locked.
    pub(crate) locked: bool,
    /// Use it as it is.
    pub(crate) frozen: bool,
    /// Only say whether it still is.
    pub(crate) check: bool,
    /// Only say what would change.
    pub(crate) dry_run: bool,
}

impl Lock {
    /// The file.
    pub(crate) fn file(&self) -> PathBuf {
        self.named
            .clone()
            .unwrap_or_else(|| PathBuf::from(FILE_NAME))
    }

    /// Whether the answer comes from the lock, and nothing is solved.
    pub(crate) fn is_used(&self) -> bool {
        self.named.is_some() || self.locked || self.frozen
    }
}

/// What `layer` says about the lock.
pub(super) fn settings(layer: &Layer) -> Lock {
    Lock {
        named: layer.text("lock").map(PathBuf::from),
        locked: layer.is_on("locked"),
        frozen: layer.is_on("frozen"),
        check: layer.is_on("check"),
        dry_run: layer.is_on("dry-run"),
    }
}
