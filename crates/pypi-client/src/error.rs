//! What ends a solve for reasons of the outside. Each names the project or place, and the way out.

use std::sync::Arc;

use pypi::{DistributionName, IndexError};

use crate::http::HttpError;

/// Why an answer is not known.
///
/// Errors are cheap to clone: what failed ahead of time is told when it is asked for.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// A request failed.
    #[error("{0}")]
    Http(Arc<HttpError>),
    /// Requests cannot be made at all: a wrong proxy, or certificates that cannot be read.
    #[error("{0}")]
    Setup(String),
    /// An index answered with something else than a page.
    #[error("no page of {name}: {reason}")]
    Page {
        /// The project.
        name: DistributionName,
        /// Where the page was, without secrets.
        url: String,
        /// What is wrong with it, and where.
        reason: String,
    },
    /// What only a connection could tell.
    #[error("offline, and `{place}` is not in the cache{}; run once without --offline", .name.as_ref().map(|name| format!(" for {name}")).unwrap_or_default())]
    Offline {
        /// The project, unless it is about all.
        name: Option<DistributionName>,
        /// The index or page, without secrets.
        place: String,
    },
    /// A folder of wheels, or a page of links, that cannot be read.
    #[error("the wheelhouse `{place}` cannot be read: {reason}")]
    Wheelhouse {
        /// The folder or URL.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file that is not what its index or lock promised.
    #[error("{0}")]
    File(String),
    /// The caller wished to stop.
    #[error("stopped")]
    Stopped,
    /// The thread that fetches could not be started, or ended before its time.
    #[error("the thread that fetches ended: {0}")]
    Thread(String),
}

impl From<HttpError> for ClientError {
    fn from(error: HttpError) -> Self {
        ClientError::Http(Arc::new(error))
    }
}

impl From<ClientError> for IndexError {
    fn from(error: ClientError) -> Self {
        IndexError::new(error)
    }
}
