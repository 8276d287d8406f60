//! What a client is told: where to remember, and how patient to be. All of it are values; the program reads the
//! environment, the files and the clock.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use conda::{Channel, Moment};

#[cfg(feature = "http")]
use crate::http::HttpOptions;

/// How a [`Client`](crate::Client) asks and remembers.
#[derive(Clone)]
pub struct Options {
    /// The folder of the cache; none to remember nothing.
    pub cache: Option<PathBuf>,
    /// Whether servers are asked again although what is cached is fresh.
    pub refresh: bool,
    /// Whether nobody may be asked: what is cached is taken at any age.
    pub offline: bool,
    /// How long what a server said is fresh, unless it says longer.
    pub lifetime: Duration,
    /// The time, for the age of what is cached.
    pub now: Moment,
    /// Channels with a folder of corrections of one's own: `patch_instructions.json` below the name of each subdirectory,
    /// in the form that conda-index reads.
    pub patches: Vec<(Channel, PathBuf)>,
    /// Channels of which this machine has a copy in a folder: it is read, nobody is asked, and records have the addresses of
    /// the channel.
    pub copies: Vec<(Channel, PathBuf)>,
    /// How servers are asked.
    #[cfg(feature = "http")]
    pub http: HttpOptions,
    /// Who is told how far fetching is.
    pub progress: Arc<dyn Progress>,
    /// Whether to give up, asked some twenty times a second.
    pub stop: Arc<dyn Fn() -> bool + Send + Sync>,
}

/// Is told how far fetching is. Called from the threads that fetch; should return at once.
pub trait Progress: Send + Sync {
    /// Something more is there.
    fn fetched(&self, tally: Tally);
}

/// How much was fetched so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Subdirectories that servers were asked for.
    pub subdirs: u64,
    /// Those of them that are there.
    pub done: u64,
    /// Bytes of answers.
    pub bytes: u64,
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn fetched(&self, _: Tally) {}
}

impl Options {
    /// What holds where nothing else is said: no cache.
    pub fn new(now: Moment) -> Self {
        Self {
            cache: None,
            refresh: false,
            offline: false,
            lifetime: Duration::from_mins(10),
            now,
            patches: Vec::new(),
            copies: Vec::new(),
            #[cfg(feature = "http")]
            http: HttpOptions::default(),
            progress: Arc::new(Silent),
            stop: Arc::new(|| false),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // How servers are asked holds secrets.
        formatter
            .debug_struct("Options")
            .field("cache", &self.cache)
            .field("refresh", &self.refresh)
            .field("offline", &self.offline)
            .field("lifetime", &self.lifetime)
            .field("now", &self.now)
            .field("patches", &self.patches)
            .field("copies", &self.copies)
            .finish_non_exhaustive()
    }
}
