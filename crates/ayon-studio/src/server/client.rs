//! Requests: their headers, limits and repetitions.
//!
//! A request is repeated only where the failure may pass and nothing is changed by asking twice, which for the few
//! requests made here is always so: no connection, no answer in time, 429, 502, 503, 504. Everything else is final.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use reqwest::{Method, Url, redirect};

use super::errors;
use crate::{Credentials, Options, ServerAddress, ServerFault, SourceError};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an answer may pause.
const STALL_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest answer that is read: the largest real ones have a few megabytes.
pub(super) const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// Redirects within the server that are followed.
const MAX_REDIRECTS: usize = 3;
/// The first pause before a repetition; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause, whatever a server wishes.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Asks one server as one user.
pub(super) struct Client {
    http: reqwest::Client,
    address: ServerAddress,
    base: Url,
    credentials: Option<Credentials>,
    timeout: Duration,
    retries: u32,
}

/// A failed try, and whether and when another one makes sense.
struct Failure {
    fault: ServerFault,
    again: Option<Duration>,
}

impl Client {
    pub(super) fn new(address: ServerAddress, options: &Options) -> Result<Self, SourceError> {
        let failed = |fault| SourceError::Server {
            server: address.to_string(),
            method: "GET",
            path: "/api/info".to_owned(),
            fault,
        };
        let base = Url::parse(address.as_str())
            .map_err(|error| failed(ServerFault::Other(format!("this is no address: {error}"))))?;
        let mut headers = HeaderMap::new();
        if let Some(credentials) = &options.credentials {
            let (name, value) = header(credentials).map_err(failed)?;
            headers.insert(name, value);
        }
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let http = reqwest::Client::builder()
            .user_agent(concat!("ayon-resolve/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .connect_timeout(CONNECT_TIMEOUT.min(options.timeout))
            .read_timeout(STALL_TIMEOUT.min(options.timeout))
            .timeout(options.timeout)
            .redirect(stay_home())
            .retry(reqwest::retry::never())
            .tls_backend_preconfigured(
                tls().map_err(|error| failed(ServerFault::Tls(error.to_string())))?,
            )
            .build()
            .map_err(|error| failed(ServerFault::Other(error.without_url().to_string())))?;
        let (timeout, retries, credentials) = (
            options.timeout,
            options.retries,
            options.credentials.clone(),
        );
        Ok(Self {
            http,
            address,
            base,
            credentials,
            timeout,
            retries,
        })
    }

    pub(super) fn address(&self) -> &ServerAddress {
        &self.address
    }

    /// `GET`s a path: its segments, and a query.
    pub(super) async fn get(&self, path: &[&str], query: &str) -> Result<Vec<u8>, SourceError> {
        self.ask(&Method::GET, path, query, None).await
    }

    /// `POST`s a body that changes nothing.
    pub(super) async fn post(&self, path: &[&str], body: &[u8]) -> Result<Vec<u8>, SourceError> {
        self.ask(&Method::POST, path, "", Some(body)).await
    }

    /// The error of a request that was answered, but not with what was asked.
    pub(super) fn error(&self, method: &Method, path: &[&str], fault: ServerFault) -> SourceError {
        let path = ayon_model::printable(&format!("/{}", path.join("/")));
        let method = if *method == Method::POST {
            "POST"
        } else {
            "GET"
        };
        SourceError::Server {
            server: self.address.to_string(),
            method,
            path,
            fault,
        }
    }

    async fn ask(
        &self,
        method: &Method,
        path: &[&str],
        query: &str,
        body: Option<&[u8]>,
    ) -> Result<Vec<u8>, SourceError> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        // However the tries go, somebody is waiting: together they take at most twice the limit of one.
        let tries = self.tries(method, &url, body);
        let answer = tokio::time::timeout(self.timeout.saturating_mul(2), tries).await;
        let timeout = ServerFault::Timeout {
            limit: self.timeout,
            tries: 2,
        };
        answer
            .unwrap_or(Err(timeout))
            .map_err(|fault| self.error(method, path, fault))
    }

    async fn tries(
        &self,
        method: &Method,
        url: &Url,
        body: Option<&[u8]>,
    ) -> Result<Vec<u8>, ServerFault> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            let Failure { fault, again } =
                match self.once(method.clone(), url.clone(), body, tries).await {
                    Ok(answer) => return Ok(answer),
                    Err(failure) => failure,
                };
            let Some(wished) = again.filter(|_| tries <= self.retries) else {
                return Err(fault);
            };
            tokio::time::sleep(wished.max(pause).min(LONGEST_PAUSE)).await;
            pause = pause.saturating_mul(4);
            tries += 1;
        }
    }

    async fn once(
        &self,
        method: Method,
        url: Url,
        body: Option<&[u8]>,
        tries: u32,
    ) -> Result<Vec<u8>, Failure> {
        let mut request = self.http.request(method, url);
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_vec());
        }
        let transport = |error: reqwest::Error| {
            let fault = errors::of_transport(&error, self.timeout, tries);
            let passes = matches!(
                fault,
                ServerFault::Unreachable { .. } | ServerFault::Timeout { .. }
            );
            Failure {
                fault,
                again: passes.then_some(Duration::ZERO),
            }
        };
        let mut response = request.send().await.map_err(transport)?;
        let status = response.status();
        let wished = retry_after(response.headers());
        let is_page = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| {
                kind.trim_start()
                    .to_ascii_lowercase()
                    .starts_with("text/html")
            });
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(transport)? {
            if answer.len() + chunk.len() > MAX_ANSWER {
                return Err(Failure {
                    fault: ServerFault::TooLarge { limit: MAX_ANSWER },
                    again: None,
                });
            }
            answer.extend_from_slice(&chunk);
        }
        if status.is_success() && !is_page {
            return Ok(answer);
        }
        let fault = errors::of_status(
            status.as_u16(),
            is_page,
            &answer,
            self.credentials.as_ref(),
            tries,
        );
        let passes = matches!(status.as_u16(), 429 | 502 | 503 | 504);
        Err(Failure {
            fault,
            again: passes.then_some(wished),
        })
    }
}

/// The header that introduces the user, marked so that nothing prints it.
fn header(credentials: &Credentials) -> Result<(HeaderName, HeaderValue), ServerFault> {
    let (name, text, kind) = match credentials {
        Credentials::ApiKey(key) | Credentials::KeyOrToken(key) => (
            HeaderName::from_static("x-api-key"),
            key.expose().to_owned(),
            "API key",
        ),
        Credentials::Token(token) => (AUTHORIZATION, format!("Bearer {}", token.expose()), "token"),
    };
    let mut value =
        HeaderValue::from_str(&text).map_err(|_| ServerFault::UnusableCredentials(kind))?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Follows redirects within the server only. Elsewhere the credentials would go along: an API key is in a header that
/// no client knows to be one.
fn stay_home() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let home = attempt.previous().first().map(Url::origin);
        if home != Some(attempt.url().origin()) {
            let elsewhere = attempt.url().origin().ascii_serialization();
            return attempt.error(errors::Redirected::Elsewhere(elsewhere));
        }
        if attempt.previous().len() > MAX_REDIRECTS {
            return attempt.error(errors::Redirected::Round);
        }
        attempt.follow()
    })
}

/// TLS with the system's certificates. `ring` rather than the default provider: it builds without cmake and in a
/// fraction of the time. It is given here, not installed, because nothing in a library should be process-wide.
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?;
    Ok(config.with_platform_verifier()?.with_no_client_auth())
}

/// How long a server wishes to be left alone, in seconds; a date is not read, for that takes a clock.
fn retry_after(headers: &HeaderMap) -> Duration {
    let seconds = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Duration::from_secs(seconds.unwrap_or(0))
}
