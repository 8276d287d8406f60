//! What happens to a request on its way out: it is repeated where that may help, and introduced to whom it goes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::Extensions;
use reqwest::header::{AUTHORIZATION, ETAG, HeaderMap, HeaderValue, LAST_MODIFIED, RETRY_AFTER};
use reqwest::{Method, Request, Response, StatusCode};
use reqwest_middleware::{Middleware, Next, Result};
use url::Url;

use super::credentials::{Credentials, Introduction};

/// The longest pause that a server can wish for.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// A refusal of a bucket is a few lines of XML.
const MAX_REFUSAL: usize = 64 * 1024;

/// Repeats what may pass, and counts.
pub(super) struct Patience {
    pub(super) retries: u32,
    /// Before the first repetition; each further one is twice as long.
    pub(super) pause: Duration,
    pub(super) requests: Arc<AtomicU64>,
    pub(super) seen: Arc<Seen>,
}

/// Which state of which index of shards was seen: rattler's gateway keeps it to itself.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<BTreeMap<Url, String>>);

impl Seen {
    /// What tells the state of an index that was asked for.
    pub(crate) fn state(&self, index: &Url) -> Option<String> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(index).cloned()
    }

    fn look(&self, url: &Url, response: &Response) {
        let status = response.status();
        let is_index = url.path().ends_with(super::SHARDS_INDEX);
        if !is_index || !(status.is_success() || status == StatusCode::NOT_MODIFIED) {
            return;
        }
        let headers = response.headers();
        let validator = headers.get(ETAG).or_else(|| headers.get(LAST_MODIFIED));
        if let Some(validator) = validator.and_then(|validator| validator.to_str().ok()) {
            let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            seen.insert(url.clone(), format!("shards {validator}"));
        }
    }
}

/// A bucket that refuses, in its own words.
#[derive(Debug, thiserror::Error)]
#[error("the bucket refuses ({status} {code})")]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
}

#[async_trait]
impl Middleware for Patience {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let (url, is_get) = (request.url().clone(), request.method() == Method::GET);
        let result = self.patiently(request, extensions, next).await;
        if let (Ok(response), true) = (&result, is_get) {
            self.seen.look(&url, response);
        }
        result
    }
}

impl Patience {
    async fn patiently(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let is_bucket = request.url().scheme() == "s3";
        // Whether a compressed form is there is only asked for to save time: a failure means that it is not used.
        let retries = if request.method() == Method::HEAD {
            0
        } else {
            self.retries
        };
        let mut pause = self.pause;
        for _ in 0..retries {
            let Some(copy) = request.try_clone() else {
                break;
            };
            self.requests.fetch_add(1, Ordering::Relaxed);
            let result = next.clone().run(copy, extensions).await;
            match again(&result) {
                Again::After(wished) => {
                    tokio::time::sleep(wished.unwrap_or(pause).min(MAX_WAIT)).await;
                }
                Again::No => return told(result, is_bucket).await,
            }
            pause = pause.saturating_mul(2);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        told(next.run(request, extensions).await, is_bucket).await
    }
}

/// Whether another try may help.
enum Again {
    No,
    /// After as long as the server wishes to be left alone, if it says so.
    After(Option<Duration>),
}

fn again(result: &Result<Response>) -> Again {
    match result {
        Ok(response) => {
            let status = response.status();
            let may_pass = status == StatusCode::TOO_MANY_REQUESTS
                || (status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED);
            if may_pass {
                Again::After(wished(response.headers()))
            } else {
                Again::No
            }
        }
        Err(reqwest_middleware::Error::Reqwest(error)) => {
            let may_pass = error.is_connect() || error.is_timeout() || error.is_request();
            if may_pass {
                Again::After(None)
            } else {
                Again::No
            }
        }
        // Nobody was asked.
        Err(reqwest_middleware::Error::Middleware(_)) => Again::No,
    }
}

fn wished(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// The answer, or a bucket's own word for why there is none.
async fn told(result: Result<Response>, is_bucket: bool) -> Result<Response> {
    let response = result?;
    let status = response.status();
    // A bucket that is in another region redirects without telling to where.
    let is_refusal = status.is_client_error() || status == StatusCode::MOVED_PERMANENTLY;
    if !is_bucket || !is_refusal || status == StatusCode::NOT_FOUND {
        return Ok(response);
    }
    let text = response.text().await.unwrap_or_default();
    let text = text.get(..MAX_REFUSAL).unwrap_or(&text);
    let code = text
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    let code = code
        .map(|(code, _)| code)
        .filter(|code| code.chars().all(char::is_alphanumeric));
    Err(reqwest_middleware::Error::middleware(Refusal {
        status: status.as_u16(),
        code: code.unwrap_or_default().to_owned(),
    }))
}

/// Tells who asks, unless the request tells it already.
pub(super) struct Introduce(pub(super) Arc<Credentials>);

#[async_trait]
impl Middleware for Introduce {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        if !request.headers().contains_key(AUTHORIZATION)
            && let Some(introduction) = self.0.of(request.url())
        {
            introduce(&mut request, &introduction);
        }
        next.run(request, extensions).await
    }
}

fn introduce(request: &mut Request, introduction: &Introduction) {
    let value = match introduction {
        Introduction::Login(login) => basic(login.name.expose(), login.password.expose()),
        Introduction::Bearer(token) => format!("Bearer {}", token.expose()),
        Introduction::Token { folder, token } => {
            let path = request.url().path();
            if let Some(rest) = path.strip_prefix(folder.as_str()) {
                let path = format!("{folder}/t/{}{rest}", token.expose());
                request.url_mut().set_path(&path);
            }
            return;
        }
        // They sign, and are never sent.
        Introduction::Keys { .. } => return,
    };
    // What no header can hold is not sent; the server will say that it knows nobody.
    if let Ok(mut value) = HeaderValue::from_str(&value) {
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
}

fn basic(name: &str, password: &str) -> String {
    format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{name}:{password}"))
    )
}

/// A bucket that anybody may read, asked over HTTP without a signature.
pub(super) struct Unsigned(pub(super) Vec<(String, Url)>);

#[async_trait]
impl Middleware for Unsigned {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let url = request.url();
        let bucket = (url.scheme() == "s3").then(|| url.host_str()).flatten();
        let place = self
            .0
            .iter()
            .find(|(name, _)| Some(name.as_str()) == bucket);
        if let Some((_, place)) = place {
            let mut open = place.clone();
            open.set_path(&format!(
                "{}{}",
                place.path().trim_end_matches('/'),
                url.path()
            ));
            *request.url_mut() = open;
        }
        next.run(request, extensions).await
    }
}
