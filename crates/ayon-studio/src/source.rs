//! The trait that every source implements, and the sources that read it all at once.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ayon_disk::Cache;
use ayon_model::{AddonName, Studio, Version, printable};

use crate::files::Files;
use crate::{Credentials, Location, SourceError, folder, sample, snapshot};

/// A future that can be stored and sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where a studio's facts come from.
///
/// Futures of a server need the runtime of `tokio` with time and I/O enabled; dropping one ends its requests.
pub trait Source: Send + Sync {
    /// What to call it in a message: an address, a path or `sample`, never with credentials.
    fn label(&self) -> &str;

    /// Everything that a few requests give. Relations that cost requests of their own may be
    /// [`Unknown`](ayon_model::Knowledge::Unknown).
    ///
    /// # Errors
    /// Where there is no studio at all. Mistakes in it are [`problems`](Studio::problems).
    fn load(&self) -> BoxFuture<'_, Result<Studio, SourceError>>;

    /// Fills in the relations of these releases of a studio that this source loaded, where they are unknown. Releases the
    /// studio does not have are passed over. By default there is nothing to do: the source has loaded them all.
    ///
    /// # Errors
    /// Where a server does not answer. A server that answers, but cannot evaluate a release, makes it a problem.
    fn relations<'a>(
        &'a self,
        studio: &'a mut Studio,
        wanted: &'a [(AddonName, Version)],
    ) -> BoxFuture<'a, Result<(), SourceError>> {
        let _ = (studio, wanted);
        Box::pin(async { Ok(()) })
    }
}

/// How far a source has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// The server is being asked for this.
    Asking(&'static str),
    /// The relations of so many releases are known, of so many that were wanted.
    Relations {
        /// Known.
        done: usize,
        /// Wanted.
        total: usize,
    },
}

/// Called with every step. Must be quick: requests wait for it.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// The schema for the [`Cache`] of [`Options::cache`]: raised whenever what is kept there changes its meaning.
pub const CACHE_SCHEMA: u32 = 1;

/// How to read a studio. Most of it concerns servers alone.
#[derive(Clone)]
pub struct Options {
    /// Ask no server: take what the cache holds, and say what it does not.
    pub offline: bool,
    /// Ask the server even for what the cache holds.
    pub refresh: bool,
    /// Where answers are kept between runs.
    pub cache: Arc<Cache>,
    /// Who asks.
    pub credentials: Option<Credentials>,
    /// Projects whose bundles are wanted. A server has many projects, so none is read unasked.
    pub projects: Vec<String>,
    /// The limit of one request; its retries may double it.
    pub timeout: Duration,
    /// How often a request is repeated that failed for a reason that may pass.
    pub retries: u32,
    /// Whom to tell of progress.
    pub progress: Option<OnProgress>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            offline: false,
            refresh: false,
            cache: Arc::new(Cache::disabled()),
            credentials: None,
            projects: Vec::new(),
            timeout: Duration::from_secs(30),
            retries: 2,
            progress: None,
        }
    }
}

/// Opens the source at a location. Nothing is read and nobody is asked before [`Source::load`], except that a path is
/// looked at: a folder, or a snapshot file.
///
/// # Errors
/// Where nothing is at a path, or the program was built without the server source.
pub fn open(location: &Location, options: Options) -> Result<Box<dyn Source>, SourceError> {
    match location {
        Location::Sample => Ok(Box::new(Folder {
            label: location.to_string(),
            files: sample::FILES,
        })),
        Location::Path(path) => open_path(path),
        #[cfg(feature = "server")]
        Location::Server(address) => Ok(Box::new(crate::server::Server::new(
            address.clone(),
            options,
        )?)),
        #[cfg(not(feature = "server"))]
        Location::Server(_) => {
            drop(options);
            Err(SourceError::NoServerSupport)
        }
    }
}

fn open_path(path: &Path) -> Result<Box<dyn Source>, SourceError> {
    let label = printable(&path.to_string_lossy());
    let metadata = std::fs::metadata(path).map_err(|error| SourceError::NoStudio {
        path: label.clone(),
        reason: error.to_string(),
    })?;
    if metadata.is_dir() {
        return Ok(Box::new(Folder {
            label,
            files: Files::Disk(path.to_owned()),
        }));
    }
    if !metadata.is_file() {
        let reason = "it is neither a folder nor a regular file".to_owned();
        return Err(SourceError::NoStudio {
            path: label,
            reason,
        });
    }
    Ok(Box::new(Snapshot {
        label,
        path: path.to_owned(),
    }))
}

/// A folder on disk, or the sample.
struct Folder {
    label: String,
    files: Files,
}

impl Source for Folder {
    fn label(&self) -> &str {
        &self.label
    }

    fn load(&self) -> BoxFuture<'_, Result<Studio, SourceError>> {
        Box::pin(async { Ok(folder::read(&self.files, &self.label)) })
    }
}

/// A snapshot file.
struct Snapshot {
    label: String,
    path: PathBuf,
}

impl Source for Snapshot {
    fn label(&self) -> &str {
        &self.label
    }

    fn load(&self) -> BoxFuture<'_, Result<Studio, SourceError>> {
        Box::pin(async {
            let bytes = ayon_disk::read(&self.path, snapshot::MAX_BYTES).map_err(|error| {
                SourceError::NoSnapshot {
                    path: self.label.clone(),
                    reason: error.source.to_string(),
                }
            })?;
            let mut studio = snapshot::read(&bytes, &self.label)?;
            studio.label = format!("{} (a snapshot of {})", self.label, studio.label);
            Ok(studio)
        })
    }
}
