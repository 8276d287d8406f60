//! From what a network does to what a person can act on.

use std::error::Error;
use std::io;

/// Why a request got no whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The address is none.
    Address(String),
    /// No such host.
    UnknownHost,
    /// No connection.
    Unreachable(String),
    /// A proxy that does not let through.
    Proxy(String),
    /// The server's certificate does not hold, or there is no common cipher.
    Tls(String),
    /// Nothing came for too long, or everything together took too long.
    Timeout,
    /// The other side went away within an answer.
    Broken,
}

/// Why requests cannot be made at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// A variable that names no proxy.
    #[error("`{variable}` names no proxy: {reason}; write it as `http://HOST:PORT`")]
    ProxyAddress {
        /// The variable.
        variable: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Certificates of authorities that cannot be read.
    #[error(
        "the certificates in `{path}` cannot be used: {reason}; a file of PEM certificates is expected"
    )]
    Trust {
        /// The file or folder.
        path: String,
        /// Why not.
        reason: String,
    },
    /// TLS cannot be set up.
    #[error(
        "the connection is not secure: {0}; for a studio's own authority give its certificate with --ca-file"
    )]
    Tls(String),
}

impl Failure {
    /// What happened to a request.
    pub fn of(error: &reqwest::Error) -> Self {
        if let Some(tls) = cause::<rustls::Error>(error) {
            return Failure::Tls(line(&tls.to_string()));
        }
        let words = causes(error).map(ToString::to_string).collect::<Vec<_>>();
        let says = |what: &str| words.iter().any(|word| word.contains(what));
        if says("tunnel error") || says("socks") {
            let last = words.last().map(String::as_str).unwrap_or_default();
            return Failure::Proxy(line(match last {
                _ if says("authorization required") => "it wants a name and a password (407)",
                _ if says("unsuccessful") => "it refuses",
                last => last,
            }));
        }
        if error.is_timeout() {
            return Failure::Timeout;
        }
        if error.is_connect() {
            if says("tls handshake") {
                let what = "the server ends the connection instead of securing it";
                return Failure::Tls(what.to_owned());
            }
            if says("dns error") || says("lookup address") {
                return Failure::UnknownHost;
            }
            let reason = cause::<io::Error>(error).map(ToString::to_string);
            let reason = reason.or_else(|| words.last().cloned());
            return Failure::Unreachable(line(&reason.unwrap_or_default()));
        }
        if error.is_builder() {
            return Failure::Address(line(words.last().map_or("", String::as_str)));
        }
        // A request that was sent and a body that was begun fail in one way only: the other side went away.
        Failure::Broken
    }
}

/// A foreign text as one line of bounded length.
pub fn line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    visible.take(200).collect::<String>().trim().to_owned()
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

/// What of a kind an error stems from, if it does; also if it is wrapped as an I/O error.
pub fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}
