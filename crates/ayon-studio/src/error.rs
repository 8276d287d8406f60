//! Why no studio could be read at all. A mistake *inside* a studio is no error but a `Problem` of it.
//!
//! Every message says what was asked of whom, what came instead, and the way out. None repeats a response's body, a
//! traceback or a key: what a server says reaches a message only through [`printable`], cut short.

use std::time::Duration;

use ayon_model::printable;

/// A studio that could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The location is neither a folder nor a file.
    #[error("there is no studio at `{path}`: {reason}")]
    NoStudio {
        /// As given.
        path: String,
        /// What the disk says.
        reason: String,
    },
    /// A file is no snapshot.
    #[error("`{path}` is no studio snapshot: {reason}; write one with `ayon-resolve studio pull`")]
    NoSnapshot {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A snapshot that a newer program wrote.
    #[error(
        "`{path}` is a snapshot of schema {found}, and this program reads up to {known}; update ayon-resolve, or write the snapshot again with this one"
    )]
    NewerSnapshot {
        /// The file.
        path: String,
        /// Its schema.
        found: u64,
        /// The newest schema known.
        known: u64,
    },
    /// This program was built without the server source.
    #[error(
        "this build of ayon-resolve cannot ask a server; use a folder or a snapshot, or build it with the feature `server`"
    )]
    NoServerSupport,
    /// The server was not asked, as wished, and the cache does not hold what is needed.
    #[error(
        "offline, and {missing} of {server} is not in the cache; run once without --offline, or use a snapshot"
    )]
    Offline {
        /// The server.
        server: String,
        /// What is missing.
        missing: String,
    },
    /// A request to a server failed.
    #[error("{method} {server}{path}: {fault}")]
    Server {
        /// The server, without credentials.
        server: String,
        /// `GET` or `POST`.
        method: &'static str,
        /// The path of the request.
        path: String,
        /// What went wrong.
        fault: ServerFault,
    },
}

impl SourceError {
    /// Whether a server does not know the key it was sent.
    #[cfg(feature = "server")]
    pub(crate) fn is_bad_key(&self) -> bool {
        matches!(
            self,
            Self::Server {
                fault: ServerFault::BadKey,
                ..
            }
        )
    }
}

/// What went wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServerFault {
    /// 401 although nothing was sent.
    #[error("the server wants to know who asks (401); give an API key (AYON_API_KEY)")]
    NoCredentials,
    /// 401 to an API key.
    #[error(
        "the server does not know this API key (401); check AYON_API_KEY, or whether it is a login token instead"
    )]
    BadKey,
    /// 401 to a token.
    #[error(
        "the server does not accept this token (401); it may have expired, or it is an API key, which must not be sent as a token"
    )]
    BadToken,
    /// The credentials hold characters that no header can carry.
    #[error("the {0} holds characters that cannot be sent, perhaps a line end; set it anew")]
    UnusableCredentials(&'static str),
    /// 403.
    #[error(
        "the server refuses this to the user of these credentials (403); ask an administrator for access"
    )]
    Forbidden,
    /// 404 on something every AYON server has.
    #[error(
        "there is nothing here (404): this is no AYON server, or the address lacks a part of its path"
    )]
    NotFound,
    /// An answer that no AYON server gives.
    #[error("this is no AYON server: {0}")]
    NotAyon(String),
    /// 429.
    #[error("the server has had too many requests (429), also after {tries} tries; wait a little")]
    TooManyRequests {
        /// How often it was asked.
        tries: u32,
    },
    /// 5xx. `detail` is the server's own short word, cleaned.
    #[error("the server failed ({status}){}{}", tried(*.tries), said(.detail.as_deref()))]
    Failed {
        /// The status.
        status: u16,
        /// How often it was asked.
        tries: u32,
        /// The server's word for it.
        detail: Option<String>,
    },
    /// Any other status.
    #[error("the server answered with the unexpected status {status}{}", said(.detail.as_deref()))]
    Status {
        /// The status.
        status: u16,
        /// The server's word for it.
        detail: Option<String>,
    },
    /// A redirect that never ends.
    #[error(
        "the server redirects from one of its pages to another and never answers; check its address"
    )]
    RedirectLoop,
    /// A redirect that would carry the credentials elsewhere.
    #[error(
        "the server redirects to {0}, where credentials are not sent; if that is right, use that address"
    )]
    Redirect(String),
    /// No address for the host.
    #[error(
        "no address is known for this host; check the spelling, the network, and the proxy settings"
    )]
    UnknownHost,
    /// Nobody answers.
    #[error("nothing answers at this address ({reason}){}; is the server running, and the port right?", tried(*.tries))]
    Unreachable {
        /// In the system's words.
        reason: String,
        /// How often it was tried.
        tries: u32,
    },
    /// No secure connection.
    #[error(
        "no secure connection: {0}; check the server's certificate, or whether the address should begin with http://"
    )]
    Tls(String),
    /// Too slow.
    #[error("no answer within {:.1} s{}; the server or the network hangs, a longer time limit may help", .limit.as_secs_f64(), tried(*.tries))]
    Timeout {
        /// The limit of one try.
        limit: Duration,
        /// How often it was tried.
        tries: u32,
    },
    /// A page instead of data.
    #[error(
        "the answer is a web page (HTML), not data: a login page or a proxy stands before the server, or this is not the address of its API"
    )]
    Html,
    /// The answer ends too early.
    #[error(
        "the answer broke off before its end; something between here and the server cuts connections"
    )]
    Truncated,
    /// The answer is longer than anything a server should say.
    #[error("the answer is longer than {limit} bytes; this cannot be right")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// JSON of another shape.
    #[error("the answer is not what an AYON server says here: {}{reason}", place(.at))]
    Shape {
        /// Where in the document.
        at: String,
        /// What was expected.
        reason: String,
    },
    /// Not JSON at all.
    #[error("the answer is not JSON: {0}")]
    NotJson(String),
    /// What is left.
    #[error("the request failed: {0}")]
    Other(String),
}

fn place(at: &str) -> String {
    if at == "." {
        String::new()
    } else {
        format!("at `{at}`, ")
    }
}

fn tried(tries: u32) -> String {
    if tries > 1 {
        format!(", {tries} times")
    } else {
        String::new()
    }
}

fn said(detail: Option<&str>) -> String {
    detail.map_or_else(String::new, |detail| format!(": it says “{detail}”"))
}

/// A server's words, fit for a message: one line, no control characters, not endless.
pub(crate) fn quotable(text: &str) -> String {
    const LONGEST: usize = 200;
    let line = printable(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST).chain(['…']).collect()
}
