//! From what a network and a server do to what a person can act on.

use std::time::Duration;

use transport::{Failure, SetupError, shown};

/// A request without a useful answer: one line that names the address, without secrets, what happened, and what helps.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {url}: {fault}{}", self.after_tries())]
pub struct HttpError {
    url: String,
    #[source]
    fault: HttpFault,
    tries: u32,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpFault {
    /// The address is none.
    #[error("this is no address that can be asked: {0}")]
    Address(String),
    /// No such host.
    #[error(
        "the host is not known; check the address and the network, or work from the cache with --offline"
    )]
    UnknownHost,
    /// No connection.
    #[error("no connection: {0}; check the network, or work from the cache with --offline")]
    Unreachable(String),
    /// A proxy that does not let through.
    #[error(
        "the proxy does not connect to it: {0}; check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY"
    )]
    Proxy(String),
    /// A proxy or certificates that cannot be used.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The server's certificate does not hold, or there is no common cipher.
    #[error(
        "the connection is not secure: {0}; for a studio's own authority give its certificate with --ca-file"
    )]
    Tls(String),
    /// Nothing came for too long, or everything together took too long.
    #[error("no whole answer within {} s; try again, or give it more time with --index-timeout", .limit.as_secs_f32())]
    Timeout {
        /// The limit that was passed.
        limit: Duration,
    },
    /// The connection ended within an answer.
    #[error("the connection broke before the answer was whole; try again")]
    Broken,
    /// 401.
    #[error("{}", unauthorized(*.introduced))]
    Unauthorized {
        /// Whether credentials were sent.
        introduced: bool,
    },
    /// 403.
    #[error("{}", forbidden(*.introduced))]
    Forbidden {
        /// Whether credentials were sent.
        introduced: bool,
    },
    /// 429.
    #[error("the server is asked too often (429){}; ask it later, or with fewer --connections", wishes(*.wait))]
    TooManyRequests {
        /// How long it wishes to be left alone.
        wait: Option<Duration>,
    },
    /// 5xx.
    #[error("the server failed ({status}){}; try again, or work from the cache with --offline", wishes(*.wait))]
    Failed {
        /// The status.
        status: u16,
        /// How long it wishes to be left alone.
        wait: Option<Duration>,
    },
    /// Any other status.
    #[error("the server answers {0}, which is no answer of an index; check the address")]
    Status(u16),
    /// Too many redirects.
    #[error("the server redirects in a circle; check the address")]
    Circle,
    /// A redirect from a secure to an open connection.
    #[error(
        "it redirects to {0}, which is not secure, and is not followed; use an address that stays on https"
    )]
    Downgrade(String),
    /// A redirect to nowhere.
    #[error("it redirects to no address that can be asked: {0}")]
    Redirect(String),
    /// More than is read.
    #[error("the answer has more than {limit} bytes, which is the most that is read of one")]
    TooLarge {
        /// The most that is read.
        limit: u64,
    },
    /// A body that is not what its headers say.
    #[error("the answer cannot be decoded: {0}")]
    Encoding(String),
    /// A file that is not the one the index names.
    #[error(
        "the file is not the one that the index names: {what} is {found}, not {expected}; do not use it"
    )]
    Mismatch {
        /// `size` or the hash's algorithm.
        what: String,
        /// What the index says.
        expected: String,
        /// What came.
        found: String,
    },
    /// The caller said stop.
    #[error("stopped")]
    Stopped,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl HttpError {
    /// An error of a URL, which is shown without secrets.
    pub(crate) fn new(url: &str, fault: HttpFault) -> Self {
        let url = shown(url);
        Self {
            url,
            fault,
            tries: 1,
        }
    }

    pub(crate) fn after(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// The address, without user part, query and fragment.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What happened.
    pub fn fault(&self) -> &HttpFault {
        &self.fault
    }

    /// The status of the answer, where there was an answer and its status was the problem.
    pub fn status(&self) -> Option<u16> {
        match self.fault {
            HttpFault::Unauthorized { .. } => Some(401),
            HttpFault::Forbidden { .. } => Some(403),
            HttpFault::TooManyRequests { .. } => Some(429),
            HttpFault::Failed { status, .. } | HttpFault::Status(status) => Some(status),
            _ => None,
        }
    }

    fn after_tries(&self) -> String {
        match self.tries {
            0 | 1 => String::new(),
            tries => format!(" (tried {tries} times)"),
        }
    }
}

/// The fault of a request that got no whole answer.
pub(super) fn of_transport(error: &reqwest::Error, limit: Duration) -> HttpFault {
    match Failure::of(error) {
        Failure::Address(reason) => HttpFault::Address(reason),
        Failure::UnknownHost => HttpFault::UnknownHost,
        Failure::Unreachable(reason) => HttpFault::Unreachable(reason),
        Failure::Proxy(reason) => HttpFault::Proxy(reason),
        Failure::Tls(reason) => HttpFault::Tls(reason),
        Failure::Timeout => HttpFault::Timeout { limit },
        Failure::Broken => HttpFault::Broken,
    }
}

fn unauthorized(introduced: bool) -> &'static str {
    if introduced {
        "the server does not accept the credentials (401); check the user and the password of this index"
    } else {
        "the server wants credentials (401); give AYON_RESOLVE_INDEX_<NAME>_USERNAME and _PASSWORD, or put the host into \
         the netrc file"
    }
}

fn forbidden(introduced: bool) -> &'static str {
    if introduced {
        "the server refuses this user (403); ask for the right to read this index"
    } else {
        "the server refuses (403); if it wants credentials give AYON_RESOLVE_INDEX_<NAME>_USERNAME and _PASSWORD"
    }
}

fn wishes(wait: Option<Duration>) -> String {
    wait.filter(|wait| !wait.is_zero())
        .map(|wait| format!(" and wishes to be left alone for {} s", wait.as_secs()))
        .unwrap_or_default()
}
