//! Channels on servers and in buckets.
//!
//! Nothing here is built before the first question that the cache cannot answer: reading the authorities of TLS alone
//! takes longer than a whole solve from the cache. What is fetched is fetched by rattler's own code ([`fetch`], and
//! [`sharded`] for channels that answer name by name); what happens to a request on its way is ours ([`middleware`]),
//! because credentials are never written, repetitions are bounded, and every error names its channel and no secret.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use rattler_networking::mirror_middleware::Mirror;
use rattler_networking::{LazyClient, MirrorMiddleware};
use reqwest::redirect;
use transport::{Proxies, Trust};
use url::Url;

pub use credentials::{Credentials, CredentialsError};
pub use fault::{Fault, Redirected};
pub use place::{Bucket, Mirrors, PlaceError};

use middleware::{Introduce, Patience, Unsigned};

pub(crate) mod credentials;
pub(crate) mod engine;
pub(crate) mod fault;
pub(crate) mod fetch;
mod middleware;
mod place;
pub(crate) mod remote;
pub(crate) mod sharded;
#[cfg(feature = "s3")]
mod signed;

/// The file that names the shards of a subdirectory.
const SHARDS_INDEX: &str = "repodata_shards.msgpack.zst";
/// How many redirects are followed.
const MAX_REDIRECTS: usize = 10;

/// How to ask.
#[derive(Clone)]
pub struct HttpOptions {
    /// How many requests for shards are open at once.
    pub connections: usize,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer may pause.
    pub read_timeout: Duration,
    /// How often a question is repeated after a failure that may pass.
    pub retries: u32,
    /// Before the first repetition; each further one waits twice as long.
    pub retry_pause: Duration,
    /// Who to be, and where.
    pub credentials: Credentials,
    /// What is asked elsewhere.
    pub mirrors: Mirrors,
    /// How buckets are reached, by their names.
    pub buckets: Vec<Bucket>,
    /// Through whom to ask.
    pub proxies: Proxies,
    /// Whom to believe.
    pub trust: Trust,
    /// Whether channels that answer name by name are asked so.
    pub sharded: bool,
    /// The name of the program.
    pub user_agent: String,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connections: 50,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            retries: 3,
            retry_pause: Duration::from_millis(500),
            credentials: Credentials::default(),
            mirrors: Mirrors::default(),
            buckets: Vec::new(),
            proxies: Proxies::default(),
            trust: Trust::default(),
            sharded: true,
            user_agent: concat!("ayon-resolve/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// The client that rattler's code asks with.
pub(crate) fn client(
    options: &HttpOptions,
    requests: Arc<AtomicU64>,
    seen: Arc<middleware::Seen>,
) -> Result<LazyClient, String> {
    let builder =
        transport::builder(&options.trust, &options.proxies).map_err(|error| error.to_string())?;
    let transport = builder
        .user_agent(&options.user_agent)
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.read_timeout)
        .redirect(redirects())
        .build()
        .map_err(|error| transport::line(&error.without_url().to_string()))?;
    let credentials = Arc::new(options.credentials.clone());
    let builder = reqwest_middleware::ClientBuilder::new(transport)
        .with(Patience {
            retries: options.retries,
            pause: options.retry_pause,
            requests,
            seen,
        })
        .with(mirrors(&options.mirrors))
        .with(Unsigned(
            options
                .buckets
                .iter()
                .filter_map(Bucket::open_place)
                .collect(),
        ));
    #[cfg(feature = "s3")]
    let builder = builder.with(signed::middleware(&options.buckets, &credentials));
    Ok(builder.with(Introduce(credentials)).build().into())
}

/// Mirrors come before credentials, so that each is told who asks by its own entry.
fn mirrors(mirrors: &Mirrors) -> MirrorMiddleware {
    let of = |place: &Url| Mirror {
        url: place.clone(),
        no_zstd: false,
        no_bz2: false,
        // One that is given up would answer that the channel does not exist.
        max_failures: None,
    };
    let places = mirrors.0.iter();
    let places = places.map(|(channel, places)| (channel.clone(), places.iter().map(of).collect()));
    MirrorMiddleware::from_map(places.collect())
}

/// Follows as far as is usual, and never from a secured connection to an open one.
fn redirects() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let was_secure = attempt
            .previous()
            .last()
            .is_some_and(|url| url.scheme() == "https");
        if was_secure && attempt.url().scheme() != "https" {
            attempt.error(fault::Redirected::Downgrade)
        } else if attempt.previous().len() > MAX_REDIRECTS {
            attempt.error(fault::Redirected::Round)
        } else {
            attempt.follow()
        }
    })
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpOptions")
            .field("connections", &self.connections)
            .field("retries", &self.retries)
            .field("credentials", &self.credentials)
            .field("mirrors", &self.mirrors)
            .field("buckets", &self.buckets)
            .field("sharded", &self.sharded)
            .finish_non_exhaustive()
    }
}
