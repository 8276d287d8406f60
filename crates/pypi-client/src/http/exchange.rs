//! One question, until there is an answer or no use in asking again: redirects, limits and repetitions.
//!
//! A request is repeated only where the failure may pass, and nothing is changed by asking twice: no connection, no
//! answer in time, an answer that breaks off, 429, 500, 502, 503, 504. Everything else is final. Redirects are followed
//! here and not by the transport, so that each stop is asked as whom its own host knows, an answer is never fetched
//! over a weaker connection than it was asked for, and every error can say where it happened.

use std::time::Duration;

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Method, Response, Url};
use tokio::time::{Instant, sleep, timeout_at};

use super::fault::{self, HttpError, HttpFault};
use super::{Http, LARGE, freshness};
use transport::Login;

/// Redirects that are followed: indexes have one or two.
const MAX_REDIRECTS: usize = 5;
/// The first pause before a repetition; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause. A server that wishes for more is not asked again.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A body may take the time limit, and in addition what it would take at this speed, in bytes a second.
const LEAST_SPEED: u64 = 256 * 1024;
/// How often the caller is asked whether to stop.
const STOP_PERIOD: Duration = Duration::from_millis(50);

/// A question.
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    /// The longest body that is read.
    pub(super) limit: u64,
    /// Where all of a file comes instead of a part, the longest that is read before it is asked for otherwise, if the
    /// server says that it could have given the part.
    pub(super) whole_limit: Option<u64>,
}

/// An answer, whatever it says, unless it is one that stops.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Whether the body was read.
    pub(super) is_read: bool,
    /// Where it came from in the end.
    pub(super) url: Url,
}

/// A failed try, and after which pause another one makes sense.
struct Failure {
    error: HttpError,
    again: Option<Duration>,
}

impl Failure {
    fn last(url: &Url, fault: HttpFault) -> Self {
        let error = HttpError::new(url.as_str(), fault);
        Self { error, again: None }
    }

    fn passing(url: &Url, fault: HttpFault) -> Self {
        let error = HttpError::new(url.as_str(), fault);
        let again = Some(Duration::ZERO);
        Self { error, again }
    }
}

impl Http {
    /// Asks until there is an answer. Any status comes back but those that stop: 401, 403, 407, 429 and failures of
    /// the server.
    pub(super) async fn ask(&self, url: &str, ask: &Ask) -> Result<Answer, HttpError> {
        let address = |reason: String| HttpError::new(url, HttpFault::Address(reason));
        let mut parsed = Url::parse(url).map_err(|error| address(error.to_string()))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(address(format!("`{}` is not asked", parsed.scheme())));
        }
        let login = transport::take_user_part(&mut parsed);
        tokio::select! {
            biased;
            () = self.stopped() => Err(HttpError::new(url, HttpFault::Stopped)),
            answer = self.tries(&parsed, login.as_ref(), ask) => answer,
        }
    }

    async fn stopped(&self) {
        while !(self.options().stop)() {
            sleep(STOP_PERIOD).await;
        }
    }

    async fn tries(
        &self,
        url: &Url,
        login: Option<&Login>,
        ask: &Ask,
    ) -> Result<Answer, HttpError> {
        let _place = self.place().await;
        // However the tries go, somebody is waiting: none starts after twice the limit of one.
        let latest = Instant::now() + self.options().timeout.saturating_mul(2);
        let mut pause = FIRST_PAUSE + spread(url);
        let mut tries = 1;
        loop {
            let Failure { error, again } = match self.once(url, login, ask).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let wait = again.map(|wish| wish.max(pause));
            let wait = wait.filter(|wait| {
                tries <= self.options().retries
                    && *wait <= LONGEST_PAUSE
                    && Instant::now() + *wait < latest
            });
            let Some(wait) = wait else {
                return Err(error.after(tries));
            };
            sleep(wait).await;
            pause = pause.saturating_mul(4);
            tries += 1;
        }
    }

    /// One try: all redirects, and the body.
    async fn once(&self, url: &Url, login: Option<&Login>, ask: &Ask) -> Result<Answer, Failure> {
        let started = Instant::now();
        let mut url = url.clone();
        let first = url.origin();
        for _ in 0..=MAX_REDIRECTS {
            // What the asked address itself says about whom to be is for its own host.
            let own = login.filter(|_| url.origin() == first);
            let login = own.or_else(|| self.options().credentials.login(&url));
            let response = self.send(&url, login, ask).await?;
            match target(&url, &response)? {
                Some(next) => {
                    self.consume(response, &url, started, 64 * 1024).await.ok();
                    url = next;
                }
                None => {
                    return self
                        .answer(response, url, login.is_some(), ask, started)
                        .await;
                }
            }
        }
        Err(Failure::last(&url, HttpFault::Circle))
    }

    /// One request, until its headers are there.
    async fn send(&self, url: &Url, login: Option<&Login>, ask: &Ask) -> Result<Response, Failure> {
        let options = self.options();
        let request = self.transport().request(ask.method.clone(), url.clone());
        let mut request = request.headers(ask.headers.clone());
        if let Some(login) = login {
            // It is marked there as a header that nothing prints.
            request = request.basic_auth(login.name.expose(), Some(login.password.expose()));
        }
        self.count_request();
        let limit = options.connect_timeout + options.read_timeout;
        let limit = limit.min(options.timeout);
        match timeout_at(Instant::now() + limit, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(failed(url, &error, options.connect_timeout)),
            Err(_) => Err(Failure::passing(url, HttpFault::Timeout { limit })),
        }
    }

    async fn answer(
        &self,
        response: Response,
        url: Url,
        introduced: bool,
        ask: &Ask,
        started: Instant,
    ) -> Result<Answer, Failure> {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let wait = freshness::retry_after(&headers);
        let fault = match status {
            401 => Some(HttpFault::Unauthorized { introduced }),
            403 => Some(HttpFault::Forbidden { introduced }),
            407 => Some(HttpFault::Proxy(
                "it wants a name and a password (407)".to_owned(),
            )),
            429 => Some(HttpFault::TooManyRequests { wait }),
            500 | 502..=504 => Some(HttpFault::Failed { status, wait }),
            _ => None,
        };
        let Some(fault) = fault else {
            let is_read = !is_needless(&response, ask);
            let body = if is_read {
                self.consume(response, &url, started, ask.limit).await?
            } else {
                Vec::new()
            };
            return Ok(Answer {
                status,
                headers,
                body,
                is_read,
                url,
            });
        };
        let again = match fault {
            HttpFault::TooManyRequests { .. } | HttpFault::Failed { .. } => {
                Some(wait.unwrap_or_default())
            }
            _ => None,
        };
        // Read, so that the connection can be used again; what it says is for people with browsers.
        self.consume(response, &url, started, 64 * 1024).await.ok();
        let error = HttpError::new(url.as_str(), fault);
        Err(Failure { error, again })
    }

    /// Reads a body, in bounded space and time.
    async fn consume(
        &self,
        mut response: Response,
        url: &Url,
        started: Instant,
        limit: u64,
    ) -> Result<Vec<u8>, Failure> {
        let options = self.options();
        let too_large = || Failure::last(url, HttpFault::TooLarge { limit });
        let length = response.content_length().unwrap_or(0);
        if length > limit {
            return Err(too_large());
        }
        // Where an index gives no parts, whole wheels come, and there are large ones. Their turn is not their time.
        let _space = self.space(length).await;
        let started = if length > LARGE {
            Instant::now()
        } else {
            started
        };
        let mut body = Vec::with_capacity(usize::try_from(length.min(4 << 20)).unwrap_or(0));
        loop {
            let length = body.len() as u64;
            let allowance = Duration::from_secs(length / LEAST_SPEED);
            let last = started + options.timeout + allowance;
            let next = Instant::now() + options.read_timeout;
            let limit_of = if last < next {
                options.timeout
            } else {
                options.read_timeout
            };
            let chunk = match timeout_at(last.min(next), response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return Ok(body),
                Ok(Err(error)) => return Err(failed(url, &error, options.read_timeout)),
                Err(_) => {
                    return Err(Failure::passing(
                        url,
                        HttpFault::Timeout { limit: limit_of },
                    ));
                }
            };
            self.count_bytes(chunk.len());
            if length + chunk.len() as u64 > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
    }
}

fn failed(url: &Url, error: &reqwest::Error, limit: Duration) -> Failure {
    let fault = fault::of_transport(error, limit);
    match fault {
        HttpFault::Unreachable(_) | HttpFault::Timeout { .. } | HttpFault::Broken => {
            Failure::passing(url, fault)
        }
        _ => Failure::last(url, fault),
    }
}

/// Where a redirect leads.
fn target(url: &Url, response: &Response) -> Result<Option<Url>, Failure> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let refused = |fault| Err(Failure::last(url, fault));
    let location = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok());
    let Some(location) = location else {
        return refused(HttpFault::Redirect("it does not say where".to_owned()));
    };
    let mut next = match url.join(location) {
        Ok(next) => next,
        Err(error) => return refused(HttpFault::Redirect(error.to_string())),
    };
    // Whom to be is the user's to say, not a server's.
    transport::take_user_part(&mut next);
    match next.scheme() {
        "https" => Ok(Some(next)),
        "http" if url.scheme() == "http" => Ok(Some(next)),
        "http" => refused(HttpFault::Downgrade(transport::shown(next.as_str()))),
        other => refused(HttpFault::Redirect(format!("`{other}` is not asked"))),
    }
}

/// Whether all of a long file comes where a part was asked for and could have been given.
fn is_needless(response: &Response, ask: &Ask) -> bool {
    let gives_parts = || {
        let header = response.headers().get(reqwest::header::ACCEPT_RANGES);
        header.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"bytes"))
    };
    ask.whole_limit.is_some_and(|limit| {
        response.status().as_u16() == 200
            && response
                .content_length()
                .is_some_and(|length| length > limit)
            && gives_parts()
    })
}

/// A small pause that differs between addresses, so that many that failed together do not come back together. There is
/// no chance in a library whose every answer can be had again.
fn spread(url: &Url) -> Duration {
    let sum = url.as_str().bytes().fold(0_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    Duration::from_millis(sum % 64)
}
