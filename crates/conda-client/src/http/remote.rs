//! Channels that somebody must be asked for, several subdirectories at once.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use conda::{Channel, Platform};
use rattler_networking::LazyClient;
use rattler_repodata_gateway::fetch::CacheAction;
use rattler_repodata_gateway::{ChannelConfig, Gateway};
use tempfile::TempDir;
use tokio::task::{JoinSet, spawn_blocking};
use url::Url;

use super::HttpOptions;
use super::engine::Engine;
use super::fault::Fault;
use super::fetch::{Fetched, Meter, fetch};
use super::middleware::Seen;
use super::sharded::{Catalogue, Shards};
use crate::client::Subdir;
use crate::error::ClientError;
use crate::options::Options;

/// Whom to ask, and where to put what comes.
pub(crate) struct Remote {
    engine: Arc<Engine>,
    catalogue: Arc<Catalogue>,
    asking: Arc<Asking>,
    folder: Mutex<Folder>,
    warnings: Mutex<Vec<String>>,
}

/// What all questions share.
struct Asking {
    client: LazyClient,
    options: Arc<HttpOptions>,
    meter: Arc<Meter>,
    requests: Arc<AtomicU64>,
    seen: Arc<Seen>,
    /// Of the folder in use.
    gateways: Mutex<Option<(PathBuf, Gateways)>>,
    offline: bool,
    refresh: bool,
}

/// Where rattler's code puts what it fetched.
enum Folder {
    Cache(PathBuf),
    /// Where there is no cache, or none that can be used.
    Passing(Arc<TempDir>),
}

/// Which channel, and which of its subdirectories.
type Place = (usize, usize);

/// A subdirectory to ask for.
#[derive(Clone)]
pub(crate) struct Wanted {
    /// Where its answer goes.
    pub(crate) place: Place,
    pub(crate) channel: Channel,
    pub(crate) platform: Platform,
    /// Whether it must be had as a whole.
    pub(crate) is_whole: bool,
    /// Whether it is known to answer name by name, and need not be asked whether it still does.
    pub(crate) is_sharded: bool,
    url: Url,
}

/// What became of it.
pub(crate) enum Outcome {
    Whole(Box<Fetched>),
    /// And what tells its state, if somebody was asked and told it.
    Sharded(Box<Shards>, Option<String>),
    Missing,
}

/// One that takes what is kept, and one that does not.
type Gateways = (Gateway, Gateway);

pub(crate) type Answer = Result<Outcome, Fault>;

/// Makes of an answer what was asked for, on a thread on which that may take its time.
type Settle = Arc<dyn Fn(&Wanted, Answer, &Arc<Catalogue>) -> Settled + Send + Sync>;
type Settled = Result<Subdir, ClientError>;

impl Wanted {
    pub(crate) fn new(
        place: Place,
        channel: &Channel,
        platform: Platform,
    ) -> Result<Self, ClientError> {
        let url =
            Url::parse(&channel.subdir_url(platform)).map_err(|error| ClientError::Fetch {
                channel: channel.clone(),
                platform,
                fault: Fault::Other(error.to_string()),
            })?;
        Ok(Self {
            place,
            channel: channel.clone(),
            platform,
            is_whole: false,
            is_sharded: false,
            url,
        })
    }
}

impl Remote {
    pub(crate) fn start(options: &Options) -> Result<Self, ClientError> {
        let requests = Arc::new(AtomicU64::new(0));
        let seen = Arc::new(Seen::default());
        let client = super::client(&options.http, Arc::clone(&requests), Arc::clone(&seen))
            .map_err(ClientError::Setup)?;
        let engine = Engine::start(Arc::clone(&options.stop))
            .map_err(|error| ClientError::Thread(error.to_string()))?;
        let folder = match &options.cache {
            Some(folder) => Folder::Cache(folder.join("conda-repodata-v1")),
            None => Folder::passing()?,
        };
        let asking = Asking {
            client,
            options: Arc::new(options.http.clone()),
            meter: Arc::new(Meter::new(Arc::clone(&options.progress))),
            requests,
            seen,
            gateways: Mutex::default(),
            offline: options.offline,
            refresh: options.refresh,
        };
        let engine = Arc::new(engine);
        let catalogue = Catalogue::new(Arc::clone(&engine), Arc::clone(&asking.meter));
        folder.lend(&catalogue);
        Ok(Self {
            engine,
            catalogue: Arc::new(catalogue),
            asking: Arc::new(asking),
            folder: Mutex::new(folder),
            warnings: Mutex::default(),
        })
    }

    /// Asks for all, and waits for all; gives each its place, or the error of the first that has none.
    ///
    /// Where the cache cannot be written, everything is asked for once more with a folder that is gone afterwards.
    pub(crate) fn fetch(
        &self,
        wanted: Vec<Wanted>,
        settle: Settle,
    ) -> Result<Vec<(Place, Subdir)>, ClientError> {
        let folder = self.folder().path();
        let mut settled = self.fetch_into(&wanted, folder, Arc::clone(&settle))?;
        let trouble = settled.iter().find_map(|settled| match settled {
            Err(ClientError::Fetch { fault, .. }) if fault.is_of_cache() => Some(fault.to_string()),
            _ => None,
        });
        if let Some(trouble) = trouble
            && self.folder().is_cache()
        {
            let warning = format!("{trouble}; until then this takes longer");
            self.warnings
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(warning);
            let passing = Folder::passing()?;
            passing.lend(&self.catalogue);
            *self.folder() = passing;
            let folder = self.folder().path();
            settled = self.fetch_into(&wanted, folder, settle)?;
        }
        let is_cache = self.folder().is_cache();
        let told = |error| match error {
            ClientError::Fetch {
                fault: Fault::Cache(reason),
                ..
            } if !is_cache => no_place(&reason),
            error => error,
        };
        let places = wanted.into_iter().map(|wanted| wanted.place);
        places
            .zip(settled)
            .map(|(place, settled)| Ok((place, settled.map_err(told)?)))
            .collect()
    }

    fn fetch_into(
        &self,
        wanted: &[Wanted],
        folder: PathBuf,
        settle: Settle,
    ) -> Result<Vec<Settled>, ClientError> {
        let (asking, wanted) = (Arc::clone(&self.asking), wanted.to_vec());
        let catalogue = Arc::clone(&self.catalogue);
        asking
            .meter
            .count(|tally| tally.subdirs += wanted.len() as u64);
        self.engine.run(async move {
            let mut tasks = JoinSet::new();
            let mut settled: Vec<Settled> = Vec::new();
            for (index, wanted) in wanted.into_iter().enumerate() {
                let (asking, settle) = (Arc::clone(&asking), Arc::clone(&settle));
                let (catalogue, folder) = (Arc::clone(&catalogue), folder.clone());
                settled.push(Err(ClientError::Thread(
                    "it ended without an answer".to_owned(),
                )));
                tasks.spawn(async move {
                    let answer = asking.one(&wanted, folder).await;
                    (
                        index,
                        spawn_blocking(move || settle(&wanted, answer, &catalogue)).await,
                    )
                });
            }
            while let Some(done) = tasks.join_next().await {
                if let Ok((index, Ok(one))) = done {
                    settled[index] = one;
                    asking.meter.count(|tally| tally.done += 1);
                }
            }
            settled
        })
    }

    /// The subdirectories that answer name by name.
    pub(crate) fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    pub(crate) fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Requests and bytes so far.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (
            self.asking.requests.load(Ordering::Relaxed),
            self.asking.meter.tally().bytes,
        )
    }

    fn folder(&self) -> std::sync::MutexGuard<'_, Folder> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Folder {
    fn passing() -> Result<Self, ClientError> {
        let made = tempfile::Builder::new()
            .prefix("ayon-resolve-conda")
            .tempdir();
        made.map(|made| Folder::Passing(Arc::new(made)))
            .map_err(|error| no_place(&transport::line(&error.to_string())))
    }

    /// Shards are still put into it when the client is gone and somebody reads on.
    fn lend(&self, catalogue: &Catalogue) {
        if let Folder::Passing(folder) = self {
            catalogue.keep(Arc::clone(folder));
        }
    }

    fn path(&self) -> PathBuf {
        match self {
            Folder::Cache(path) => path.clone(),
            Folder::Passing(folder) => folder.path().to_owned(),
        }
    }

    fn is_cache(&self) -> bool {
        matches!(self, Folder::Cache(_))
    }
}

impl Asking {
    async fn one(&self, wanted: &Wanted, folder: PathBuf) -> Answer {
        if !self.options.sharded || wanted.is_whole || !self.is_sharded(wanted).await {
            return self.whole(wanted, folder).await;
        }
        let gateways = self.gateways(&folder);
        let is_introduced = self.is_introduced(&wanted.url);
        match Shards::open(&wanted.channel, wanted.platform, gateways, is_introduced).await {
            Ok(shards) => {
                let state = index_of(&wanted.url).and_then(|index| self.seen.state(&index));
                Ok(Outcome::Sharded(Box::new(shards), state))
            }
            Err(Fault::Missing) => self.whole(wanted, folder).await,
            // Some servers have a page for whatever they do not have. Where there is no repodata either it is the index
            // that is broken, and the subdirectory is not missing.
            Err(fault @ Fault::Broken(_)) => match self.whole(wanted, folder).await {
                Ok(whole @ Outcome::Whole(_)) => Ok(whole),
                _ => Err(fault),
            },
            Err(fault) => Err(fault),
        }
    }

    async fn whole(&self, wanted: &Wanted, folder: PathBuf) -> Answer {
        let (client, options) = (self.client.clone(), Arc::clone(&self.options));
        let (url, meter) = (wanted.url.clone(), Arc::clone(&self.meter));
        match fetch(client, url, folder, self.action(), options, meter).await {
            Ok(fetched) => Ok(Outcome::Whole(Box::new(fetched))),
            Err(error) => match Fault::of_fetch(&error, self.is_introduced(&wanted.url)) {
                Fault::Missing => Ok(Outcome::Missing),
                fault => Err(fault),
            },
        }
    }

    fn action(&self) -> CacheAction {
        match (self.offline, self.refresh) {
            (true, _) => CacheAction::ForceCacheOnly,
            (false, true) => CacheAction::NoCache,
            (false, false) => CacheAction::CacheOrFetch,
        }
    }

    /// Whether a subdirectory answers name by name. One that fails to say is asked for the whole, and then tells why.
    async fn is_sharded(&self, wanted: &Wanted) -> bool {
        if wanted.is_sharded || self.offline {
            return wanted.is_sharded;
        }
        let Some(index) = index_of(&wanted.url) else {
            return false;
        };
        let answer = self.client.client().head(index).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    fn gateways(&self, folder: &Path) -> Gateways {
        let mut gateways = self.gateways.lock().unwrap_or_else(PoisonError::into_inner);
        match gateways.as_ref() {
            Some((of, gateways)) if of == folder => gateways.clone(),
            _ => {
                let anew = if self.offline {
                    CacheAction::ForceCacheOnly
                } else {
                    CacheAction::NoCache
                };
                let made = (
                    self.gateway(folder, self.action()),
                    self.gateway(folder, anew),
                );
                *gateways = Some((folder.to_owned(), made.clone()));
                made
            }
        }
    }

    fn gateway(&self, folder: &Path, action: CacheAction) -> Gateway {
        let mut channels = ChannelConfig::default();
        channels.default.cache_action = action;
        channels.default.bz2_enabled = false;
        Gateway::builder()
            .with_client(self.client.clone())
            .with_cache_dir(folder)
            .with_channel_config(channels)
            .with_max_concurrent_requests(self.options.connections.max(1))
            .finish()
    }

    fn is_introduced(&self, url: &Url) -> bool {
        self.options.credentials.of(url).is_some()
    }
}

/// Neither in the cache nor beside it.
fn no_place(reason: &str) -> ClientError {
    ClientError::Setup(format!(
        "there is no place for what channels say: {reason}; free some space, or set TMPDIR"
    ))
}

/// Where the index of shards of a subdirectory is.
fn index_of(subdir: &Url) -> Option<Url> {
    subdir.join(super::SHARDS_INDEX).ok()
}
