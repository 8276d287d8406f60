//! Requests to an index: pages, and files or parts of them.
//!
//! Nothing here is built before the first question that the cache cannot answer: reading the authorities of TLS alone
//! takes as long as a whole solve from the cache. One [`Http`] is shared by everybody who asks, and bounds how many
//! questions are open at once. Dropping a question ends it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, RANGE,
};
use reqwest::{Method, Url, redirect};
use tokio::sync::{Semaphore, SemaphorePermit};

pub use answer::{Body, Expected, FileAnswer, Page, PageAnswer, Validators, Wanted};
pub use fault::{HttpError, HttpFault};
pub use transport::{Proxies, Trust};

use crate::Credentials;
use exchange::{Answer, Ask};

mod answer;
mod exchange;
mod fault;
mod freshness;

/// Both forms of an index's page, and a page that knows of neither (PEP 691). With it, some indexes that know HTML only
/// say when files were uploaded.
const ACCEPTED: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";
/// The longest page that is read. The largest real ones have some twenty megabytes.
const MAX_PAGE: u64 = 128 * 1024 * 1024;
/// How much of one answer may be under way, and how much of all on a connection, before the server waits for a word.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 64 << 20;
/// Bodies that are longer than this wait until all that are read at the same moment fit into the space for them.
const LARGE: u64 = 32 << 20;
/// The space for large bodies, in mebibytes. A body that is longer has it for itself.
const LARGE_SPACE: u32 = 512;
/// After which silence a shared connection is tried, and how long it has to answer. Every question hangs on it.
const PING_PERIOD: Duration = Duration::from_secs(10);

/// How to ask.
#[derive(Clone)]
pub struct HttpOptions {
    /// How many questions are open at once.
    pub connections: usize,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer may pause.
    pub read_timeout: Duration,
    /// How long one try may take, its body included; a long body that comes fast enough may take longer.
    pub timeout: Duration,
    /// How often a question is repeated after a failure that may pass.
    pub retries: u32,
    /// Who to be, and where.
    pub credentials: Credentials,
    /// Through whom to ask.
    pub proxies: Proxies,
    /// Whom to believe.
    pub trust: Trust,
    /// The name of the program.
    pub user_agent: String,
    /// Whether to stop. Every question ends soon after it says so.
    pub stop: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connections: 50,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(20),
            timeout: Duration::from_secs(30),
            retries: 3,
            credentials: Credentials::default(),
            proxies: Proxies::default(),
            trust: Trust::default(),
            user_agent: concat!("ayon-resolve/", env!("CARGO_PKG_VERSION")).to_owned(),
            stop: Arc::new(|| false),
        }
    }
}

/// What was asked so far. Another thread may look on.
#[derive(Debug, Default)]
pub struct Counters {
    /// Requests that were sent, repetitions and redirects included.
    pub requests: AtomicU64,
    /// Bytes of bodies that came.
    pub bytes: AtomicU64,
}

/// Asks indexes. Cheap to clone; must be used within a tokio runtime with time and input/output.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

struct Inner {
    transport: reqwest::Client,
    options: HttpOptions,
    places: Semaphore,
    /// For large bodies, in mebibytes.
    space: Semaphore,
    counters: Arc<Counters>,
    /// What was found out about servers that do not give every part of a file.
    parts: Mutex<BTreeMap<String, Parts>>,
}

/// Which parts of a file a server gives.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Parts {
    #[default]
    All,
    /// Those with a start only, not those counted from the end.
    NoSuffix,
    None,
}

impl Http {
    /// Reads the authorities and makes ready to ask. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// [`HttpFault::Setup`], where an authority or a proxy cannot be used.
    pub fn new(options: HttpOptions) -> Result<Self, HttpFault> {
        let transport = transport::builder(&options.trust, &options.proxies)?
            .user_agent(&options.user_agent)
            .connect_timeout(options.connect_timeout)
            .redirect(redirect::Policy::none())
            // Bodies are kept as they came and unpacked when they are read. Another crate of the program may have the
            // transport able to unpack, and then it would.
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .pool_max_idle_per_host(options.connections)
            .http2_initial_stream_window_size(STREAM_WINDOW)
            .http2_initial_connection_window_size(CONNECTION_WINDOW)
            .http2_keep_alive_interval(PING_PERIOD)
            .http2_keep_alive_timeout(PING_PERIOD)
            .build();
        let transport = transport.map_err(|error| fault::of_transport(&error, options.timeout))?;
        Ok(Self(Arc::new(Inner {
            transport,
            places: Semaphore::new(options.connections.clamp(1, Semaphore::MAX_PERMITS)),
            space: Semaphore::new(LARGE_SPACE as usize),
            options,
            counters: Arc::default(),
            parts: Mutex::default(),
        })))
    }

    /// What was asked so far.
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.0.counters)
    }

    /// A page of an index; with the validators of one that is known, only if it changed.
    ///
    /// # Errors
    ///
    /// [`HttpError`]. A page that is not there is an answer.
    pub async fn page(
        &self,
        url: &str,
        known: Option<&Validators>,
    ) -> Result<PageAnswer, HttpError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let mut condition = |name: HeaderName, text: Option<&String>| {
            let value = text.and_then(|text| HeaderValue::from_str(text).ok());
            value.map(|value| headers.insert(name, value));
        };
        condition(IF_NONE_MATCH, known.and_then(|known| known.etag.as_ref()));
        let date = known.and_then(|known| known.last_modified.as_ref());
        condition(IF_MODIFIED_SINCE, date);
        let is_conditional = known.is_some_and(|known| !known.is_empty());
        let ask = asking(Method::GET, headers, MAX_PAGE);
        let answer = self.ask(url, &ask).await?;
        match answer.status {
            200 | 203 => Ok(PageAnswer::Page(Box::new(Page::of(answer, MAX_PAGE)))),
            304 if is_conditional => Ok(PageAnswer::NotModified {
                fresh_for: freshness::of(&answer.headers),
            }),
            404 | 410 => Ok(PageAnswer::Missing),
            _ => Err(unexpected(&answer)),
        }
    }

    /// A file, or a part of it where the server gives parts; `limit` bounds what is read at most.
    ///
    /// A server that sends all of a file instead, or another part than it says, is asked for whole files from then on.
    /// One that gives parts but none that are counted from the end is asked for the length first.
    ///
    /// # Errors
    ///
    /// [`HttpError`]. A file that is not there is an answer.
    pub async fn file(
        &self,
        url: &str,
        wanted: &Wanted,
        limit: u64,
    ) -> Result<FileAnswer, HttpError> {
        let (exact, length) = match (wanted, self.parts(url)) {
            (Wanted::Whole, _) | (_, Parts::None) => return self.all(url, limit).await,
            (Wanted::Suffix(length), Parts::NoSuffix) => match self.suffix(url, *length).await? {
                Some(exact) => (exact, *length),
                None => return self.all(url, limit).await,
            },
            (Wanted::Suffix(length), Parts::All) => (wanted.clone(), *length),
            (Wanted::Bytes(range), _) => (wanted.clone(), range.end.saturating_sub(range.start)),
        };
        let range = match &exact {
            Wanted::Bytes(range) => {
                format!("bytes={}-{}", range.start, range.end.saturating_sub(1))
            }
            _ => format!("bytes=-{length}"),
        };
        let mut ask = plain(limit);
        ask.headers.insert(RANGE, header(&range));
        ask.whole_limit = matches!(exact, Wanted::Suffix(_)).then_some(length.saturating_mul(4));
        let answer = self.ask(url, &ask).await?;
        match answer.status {
            206 => match answer::part(answer, &exact) {
                Some(part) => return Ok(part),
                None => self.remember(url, Parts::None),
            },
            200 if answer.is_read => {
                // All of a file that is no longer than the part is the part.
                if answer.body.len() as u64 > length {
                    self.remember(url, Parts::None);
                }
                return Ok(FileAnswer::Whole(answer.body));
            }
            200 => {
                self.remember(url, Parts::NoSuffix);
                return Box::pin(self.file(url, wanted, limit)).await;
            }
            404 | 410 => return Ok(FileAnswer::Missing),
            // The file is shorter than it was thought to be.
            416 => {}
            400 | 405 | 501 => self.remember(url, Parts::None),
            _ => return Err(unexpected(&answer)),
        }
        self.all(url, limit).await
    }

    /// A whole file that is what the index says.
    ///
    /// # Errors
    ///
    /// [`HttpFault::Mismatch`] if it is not, and any other [`HttpError`].
    pub async fn whole(
        &self,
        url: &str,
        expected: &Expected,
        limit: u64,
    ) -> Result<FileAnswer, HttpError> {
        let answer = self.all(url, limit).await?;
        if let FileAnswer::Whole(bytes) = &answer {
            expected.check(url, bytes)?;
        }
        Ok(answer)
    }

    async fn all(&self, url: &str, limit: u64) -> Result<FileAnswer, HttpError> {
        let answer = self.ask(url, &plain(limit)).await?;
        match answer.status {
            200 => Ok(FileAnswer::Whole(answer.body)),
            404 | 410 => Ok(FileAnswer::Missing),
            _ => Err(unexpected(&answer)),
        }
    }

    /// Where the end of a file starts, for a server that must be told; `None` if it does not say how long the file is.
    async fn suffix(&self, url: &str, length: u64) -> Result<Option<Wanted>, HttpError> {
        let mut ask = plain(0);
        ask.method = Method::HEAD;
        let answer = self.ask(url, &ask).await?;
        let total = answer
            .headers
            .get(CONTENT_LENGTH)
            .filter(|_| answer.status == 200);
        let total: Option<u64> = total.and_then(|total| total.to_str().ok()?.parse().ok());
        Ok(total.map(|total| Wanted::Bytes(total.saturating_sub(length)..total)))
    }

    fn parts(&self, url: &str) -> Parts {
        let parts = self.0.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.get(&origin(url)).copied().unwrap_or_default()
    }

    fn remember(&self, url: &str, found: Parts) {
        let mut parts = self.0.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.insert(origin(url), found);
    }

    fn options(&self) -> &HttpOptions {
        &self.0.options
    }

    fn transport(&self) -> &reqwest::Client {
        &self.0.transport
    }

    /// One of the places for questions that are open. `None` never comes: the places are not closed.
    async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.0.places.acquire().await.ok()
    }

    /// Space for a body, if it is a large one.
    async fn space(&self, length: u64) -> Option<SemaphorePermit<'_>> {
        let wanted = u32::try_from(length >> 20).unwrap_or(LARGE_SPACE);
        let wanted = wanted.min(LARGE_SPACE);
        if length > LARGE {
            self.0.space.acquire_many(wanted).await.ok()
        } else {
            None
        }
    }

    fn count_request(&self) {
        self.0.counters.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn count_bytes(&self, bytes: usize) {
        let counter = &self.0.counters.bytes;
        counter.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Http").finish_non_exhaustive()
    }
}

fn asking(method: Method, headers: HeaderMap, limit: u64) -> Ask {
    Ask {
        method,
        headers,
        limit,
        whole_limit: None,
    }
}

/// A question for a file: its own bytes, not those of a compressed form, in which positions mean something else.
fn plain(limit: u64) -> Ask {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    asking(Method::GET, headers, limit)
}

fn header(digits: &str) -> HeaderValue {
    // Digits and punctuation are a header always.
    HeaderValue::from_str(digits).unwrap_or_else(|_| HeaderValue::from_static("bytes=0-"))
}

/// Scheme, host and port.
fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}

fn unexpected(answer: &Answer) -> HttpError {
    let status = answer.status;
    let fault = match status {
        500..=599 => HttpFault::Failed { status, wait: None },
        _ => HttpFault::Status(status),
    };
    HttpError::new(answer.url.as_str(), fault)
}
