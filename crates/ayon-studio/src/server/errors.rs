//! From what a network and a server do to what a person can act on.

use std::error::Error;
use std::io;
use std::time::Duration;

use serde::Deserialize;

use crate::error::quotable;
use crate::{Credentials, ServerFault};

/// A redirect that is not followed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Redirected {
    /// It leads to another server.
    #[error("redirected to {0}")]
    Elsewhere(String),
    /// It was one too many.
    #[error("redirected in a circle")]
    Round,
}

/// The server's own form of an error. The traceback beside these is not read.
#[derive(Debug, Deserialize)]
struct Said {
    detail: Option<String>,
}

/// A request that got no whole answer.
pub(super) fn of_transport(error: &reqwest::Error, limit: Duration, tries: u32) -> ServerFault {
    match cause(error) {
        Some(Redirected::Elsewhere(place)) => return ServerFault::Redirect(place.clone()),
        Some(Redirected::Round) => return ServerFault::RedirectLoop,
        None => {}
    }
    if let Some(tls) = cause::<rustls::Error>(error) {
        return ServerFault::Tls(quotable(&tls.to_string()));
    }
    if error.is_timeout() {
        return ServerFault::Timeout { limit, tries };
    }
    let words = causes(error).map(ToString::to_string).collect::<Vec<_>>();
    if error.is_connect() {
        if words.iter().any(|word| word.contains("tls handshake")) {
            return ServerFault::Tls(
                "the server ends the connection instead of securing it".to_owned(),
            );
        }
        if words
            .iter()
            .any(|word| word.contains("dns error") || word.contains("lookup address"))
        {
            return ServerFault::UnknownHost;
        }
        let reason = cause::<io::Error>(error)
            .map_or_else(|| words.last().cloned(), |io| Some(io.to_string()));
        return ServerFault::Unreachable {
            reason: quotable(&reason.unwrap_or_default()),
            tries,
        };
    }
    let broke_off = error.is_body()
        || error.is_decode()
        || cause::<io::Error>(error).is_some_and(|io| {
            matches!(
                io.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::BrokenPipe
            )
        })
        || words.iter().any(|word| {
            word.contains("before message completed") || word.contains("closed before")
        });
    if broke_off {
        return ServerFault::Truncated;
    }
    ServerFault::Other(quotable(&words.last().cloned().unwrap_or_default()))
}

/// A request that was answered with an error, or with a page.
pub(super) fn of_status(
    status: u16,
    is_page: bool,
    body: &[u8],
    credentials: Option<&Credentials>,
    tries: u32,
) -> ServerFault {
    let said = || {
        serde_json::from_slice::<Said>(body)
            .ok()?
            .detail
            .map(|detail| quotable(&detail))
    };
    match (status, credentials) {
        (401, None) => ServerFault::NoCredentials,
        (401, Some(Credentials::ApiKey(_) | Credentials::KeyOrToken(_))) => ServerFault::BadKey,
        (401, Some(Credentials::Token(_))) => ServerFault::BadToken,
        (403, _) => ServerFault::Forbidden,
        (404, _) => ServerFault::NotFound,
        (429, _) => ServerFault::TooManyRequests { tries },
        (500..=599, _) => ServerFault::Failed {
            status,
            tries,
            detail: said(),
        },
        (200..=299, _) if is_page => ServerFault::Html,
        _ => ServerFault::Status {
            status,
            detail: said(),
        },
    }
}

/// Why an answer is not the JSON that was asked for.
pub(super) fn of_document(bytes: &[u8], misshapen: crate::wire::Misshapen) -> ServerFault {
    let start = bytes.trim_ascii_start();
    if start.starts_with(b"<") {
        return ServerFault::Html;
    }
    match serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
        Ok(_) => ServerFault::Shape {
            at: misshapen.at,
            reason: misshapen.reason,
        },
        Err(error) if error.is_eof() && !start.is_empty() => ServerFault::Truncated,
        Err(_) if start.is_empty() => ServerFault::NotJson("it is empty".to_owned()),
        Err(error) => ServerFault::NotJson(quotable(&error.to_string())),
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| deeper(*error))
}

fn deeper<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // The error inside an I/O error is not its source: it stands for it.
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inside) => Some(inside),
        None => error.source(),
    }
}

fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}
