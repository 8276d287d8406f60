//! What the program decides about reading a repository.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::SystemTime;

use ayon_disk::Cache;

use crate::repository::Python;

/// Settings of a [`FilesystemRepository`](super::FilesystemRepository).
///
/// The first four are rez's own, from `plugins.package_repository.filesystem` and `rezconfig`; the others concern only
/// how fast and how carefully the reading is done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Base names of package files, the preferred first (rez: `package_filenames`).
    pub package_filenames: Vec<String>,
    /// A folder in the repository that holds locks and no packages (rez: `file_lock_dir`).
    pub lock_folder: Option<String>,
    /// Whether `<family>/package.py` is a package without a version (rez: `allow_unversioned_packages`).
    pub allow_unversioned: bool,
    /// Whether a folder without a package file is no version, instead of a broken one (rez:
    /// `check_package_definition_files`).
    pub require_package_files: bool,
    /// Where indexes are kept: of [`index_cache`](crate::repository::index_cache), or [`Cache::disabled`].
    pub cache: Arc<Cache>,
    /// Looks at every package file before trusting the index. A file that is edited in place leaves no trace on its
    /// family's folder; rez's own tools always leave one.
    pub check_files: bool,
    /// How many threads read at most.
    pub threads: NonZeroUsize,
    /// The time at which the program started, by the machine's clock.
    pub now: SystemTime,
    /// The Python that may run package files which compute what a solve needs; without one they are defects.
    pub python: Option<Arc<Python>>,
}

impl Options {
    /// rez's defaults, without an index or a Python.
    pub fn new(now: SystemTime) -> Self {
        // File systems answer better than they compute: several requests may be under way for each processor.
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = (processors * 2).clamp(4, 32);
        Options {
            package_filenames: vec!["package".to_owned()],
            lock_folder: None,
            allow_unversioned: true,
            require_package_files: false,
            cache: Arc::new(Cache::disabled()),
            check_files: false,
            threads: NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN),
            now,
            python: None,
        }
    }

    /// What of these changes what is read, as a text: part of the index's key.
    pub(super) fn fingerprint(&self) -> String {
        format!(
            "{:?} {:?} {} {}",
            self.package_filenames,
            self.lock_folder,
            self.allow_unversioned,
            self.require_package_files
        )
    }
}
