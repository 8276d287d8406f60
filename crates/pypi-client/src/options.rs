//! What a client is told: where to ask, where to remember, and how patient to be. All of it are values; the program
//! reads the environment, the files and the clock.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pypi::{DistributionName, Timestamp};

use crate::http::HttpOptions;

/// How a [`Client`](crate::Client) asks and remembers.
#[derive(Clone)]
pub struct Options {
    /// The indexes in the order in which they are asked; the first that has a name has it alone.
    pub indexes: Vec<IndexSource>,
    /// Folders of wheels and flat pages of links, whose files are added to those of the indexes.
    pub find_links: Vec<String>,
    /// The folder of the cache; none to remember nothing.
    pub cache: Option<PathBuf>,
    /// Whose pages are asked for again although they are fresh.
    pub refresh: Refresh,
    /// Whether nothing may be asked: what is cached is taken at any age.
    pub offline: bool,
    /// How long a page is fresh, unless its server says longer.
    pub page_lifetime: Duration,
    /// The time, for the age of pages.
    pub now: Timestamp,
    /// How requests are made.
    pub http: HttpOptions,
    /// The Python that may build source distributions; none if none may.
    pub allow_build: Option<PathBuf>,
    /// Who is told what was fetched.
    pub progress: Arc<dyn Progress>,
    /// Whether to give up, asked some twenty times a second.
    pub stop: Arc<dyn Fn() -> bool + Send + Sync>,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSource {
    /// The URL under which the pages of its projects are, or a folder of such pages, without a user part.
    pub url: String,
    /// The name by which a person knows it.
    pub name: Option<String>,
    /// The distributions that are asked for here and nowhere else.
    pub packages: BTreeSet<DistributionName>,
}

/// Which fresh pages are asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Refresh {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those of some distributions.
    Packages(BTreeSet<DistributionName>),
}

/// Is told how far fetching is. Called from the thread that fetches; should return at once.
pub trait Progress: Send + Sync {
    /// Something more is there.
    fn fetched(&self, tally: Tally);
}

/// How much was fetched so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Pages of projects.
    pub projects: u64,
    /// Files whose metadata is known.
    pub files: u64,
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
    /// What holds where nothing else is said: [`DEFAULT_INDEX`](crate::DEFAULT_INDEX), no cache, no wheelhouse, no building.
    pub fn new(now: Timestamp) -> Self {
        Options {
            indexes: vec![IndexSource::new(crate::DEFAULT_INDEX)],
            find_links: Vec::new(),
            cache: None,
            refresh: Refresh::None,
            offline: false,
            page_lifetime: Duration::from_mins(10),
            now,
            http: HttpOptions::default(),
            allow_build: None,
            progress: Arc::new(Silent),
            stop: Arc::new(|| false),
        }
    }
}

impl IndexSource {
    /// An index without a name of its own, asked for everything.
    pub fn new(url: impl Into<String>) -> Self {
        IndexSource {
            url: url.into(),
            name: None,
            packages: BTreeSet::new(),
        }
    }
}

impl Refresh {
    /// Whether a project's page is to be asked for again.
    pub(crate) fn covers(&self, name: &DistributionName) -> bool {
        match self {
            Refresh::None => false,
            Refresh::All => true,
            Refresh::Packages(names) => names.contains(name),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What decides how requests are made holds secrets.
        formatter
            .debug_struct("Options")
            .field("indexes", &self.indexes)
            .field("find_links", &self.find_links)
            .field("cache", &self.cache)
            .field("refresh", &self.refresh)
            .field("offline", &self.offline)
            .field("page_lifetime", &self.page_lifetime)
            .field("now", &self.now)
            .field("allow_build", &self.allow_build)
            .finish_non_exhaustive()
    }
}
