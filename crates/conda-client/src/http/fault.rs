//! From what rattler's code says went wrong to what a person can act on.
//!
//! Its own words are not used where ours are better, and never where they may quote an address: a token can be in it.

use std::error::Error;
use std::io;

use rattler_repodata_gateway::GatewayError;
use rattler_repodata_gateway::fetch::{FetchRepoDataError, RepoDataNotFoundError};
use transport::{Failure, cause, line};

use super::middleware::Refusal;

/// Why a subdirectory could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// There is none.
    #[error("there is none (404)")]
    Missing,
    /// 401, and whether credentials were sent.
    #[error("{}", unauthorized(*.0))]
    Unauthorized(bool),
    /// 403, and whether credentials were sent.
    #[error("{}", forbidden(*.0))]
    Forbidden(bool),
    /// Any other status.
    #[error("{}", status(*.0))]
    Status(u16),
    /// A bucket refuses, in its own words.
    #[error("{}", refused(*.status, .code))]
    Bucket {
        /// The status.
        status: u16,
        /// The bucket's word for it.
        code: String,
    },
    /// A request for a bucket could not be signed.
    #[error("the request cannot be signed: {}; {}", .0.trim_end_matches('.'), unsigned(.0))]
    Signature(String),
    /// This program cannot sign.
    #[error("buckets that want a signature need a program that was built with the feature `s3`")]
    NoSignature,
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
    /// The connection is not what it should be.
    #[error(
        "the connection is not secure: {0}; for a studio's own authority give its certificate with --ca-file"
    )]
    Tls(String),
    /// Nothing came for too long.
    #[error("nothing came for too long; try again, or work from the cache with --offline")]
    Timeout,
    /// The answer is not whole.
    #[error("the answer is not whole: {0}; try again, and if it stays so the channel is damaged")]
    Broken(String),
    /// It is redirected to nowhere good.
    #[error("{0}")]
    Redirected(#[from] Redirected),
    /// It is not in the cache, and nobody may be asked.
    #[error("offline, and it is not in the cache; run once without --offline")]
    Offline,
    /// The cache cannot be used.
    #[error("the cache cannot be used: {0}; choose another folder with --cache-dir")]
    Cache(String),
    /// A shard is not the one its index names.
    #[error(
        "a shard is not the one that the index names; try again, and if it stays so do not use the channel"
    )]
    Mismatch,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// A redirect that is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Redirected {
    /// From a secured to an open connection.
    #[error(
        "it redirects to a connection that is not secure, which is not followed; use an address that stays on https"
    )]
    Downgrade,
    /// One too many.
    #[error("it redirects in a circle; check the address")]
    Round,
}

impl Fault {
    /// Whether another folder for the cache would help.
    pub(crate) fn is_of_cache(&self) -> bool {
        matches!(self, Fault::Cache(_))
    }

    /// Of rattler's fetching of a whole repodata.
    pub(crate) fn of_fetch(error: &FetchRepoDataError, introduced: bool) -> Self {
        use FetchRepoDataError as E;
        match error {
            E::NotFound(RepoDataNotFoundError::HttpError(_)) => Fault::Missing,
            E::NotFound(RepoDataNotFoundError::FileSystemError(error))
            | E::FailedToCreateTemporaryFile(error)
            | E::FailedToGetMetadata(error)
            | E::FailedToWriteCacheState(error) => Fault::Cache(line(&error.to_string())),
            E::FailedToPersistTemporaryFile(error, _) => {
                Fault::Cache(line(&error.error.to_string()))
            }
            E::FailedToAcquireLock(error) => Fault::Cache(line(&error.root_cause().to_string())),
            E::NoCacheAvailable(_) => Fault::Offline,
            E::Cancelled => Fault::Other("it was ended before it was done".to_owned()),
            // Both are transparent: what stands inside is not their source.
            E::HttpError(reqwest_middleware::Error::Reqwest(error)) => Self::of(error, introduced),
            E::HttpError(reqwest_middleware::Error::Middleware(error)) => {
                Self::of(error.as_ref(), introduced)
            }
            E::IoError(error) | E::FailedToDownload(_, error) => {
                Self::of_reading(error, introduced)
            }
        }
    }

    /// Of rattler's fetching name by name.
    pub(crate) fn of_gateway(error: &GatewayError, introduced: bool) -> Self {
        use GatewayError as E;
        match error {
            E::SubdirNotFoundError(_) => Fault::Missing,
            E::ShardedIndexNotCached(_) | E::ShardNotCached(_) => Fault::Offline,
            E::ShardHashMismatch(_) => Fault::Mismatch,
            E::FetchRepoDataError(error) => Self::of_fetch(error, introduced),
            E::ReqwestError(error) => Self::of(error, introduced),
            E::ReqwestMiddlewareError(error) => Self::of(error.as_ref(), introduced),
            E::IoError(what, error) if what.contains("decode") || what.contains("parse") => {
                Fault::Broken(line(&error.to_string()))
            }
            E::IoError(_, error) => Fault::Cache(line(&error.to_string())),
            E::CacheError(what) => Fault::Cache(line(what)),
            _ => Fault::Other("its names cannot be asked for one by one".to_owned()),
        }
    }

    /// An answer that could not be read to its end, or not be written.
    fn of_reading(error: &io::Error, introduced: bool) -> Self {
        if cause::<reqwest::Error>(error).is_some() {
            return Self::of(error, introduced);
        }
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::FileTooLarge => Fault::Cache(line(&error.to_string())),
            _ => Fault::Broken(line(&error.to_string())),
        }
    }

    fn of(error: &(dyn Error + 'static), introduced: bool) -> Self {
        if let Some(redirected) = cause::<Redirected>(error) {
            return Fault::Redirected(*redirected);
        }
        if let Some(refusal) = cause::<Refusal>(error) {
            return Fault::Bucket {
                status: refusal.status,
                code: refusal.code.clone(),
            };
        }
        #[cfg(feature = "s3")]
        if let Some(reason) = super::signed::reason(error) {
            return Fault::Signature(reason);
        }
        let Some(error) = cause::<reqwest::Error>(error) else {
            return Fault::Other("the request could not be made".to_owned());
        };
        if let Some(status) = error.status() {
            return match status.as_u16() {
                404 | 410 => Fault::Missing,
                401 => Fault::Unauthorized(introduced),
                403 => Fault::Forbidden(introduced),
                status => Fault::Status(status),
            };
        }
        match Failure::of(error) {
            Failure::Address(_) if error.url().is_some_and(|url| url.scheme() == "s3") => {
                Fault::NoSignature
            }
            Failure::Address(reason) => {
                Fault::Other(format!("this is no address that can be asked: {reason}"))
            }
            Failure::UnknownHost => Fault::UnknownHost,
            Failure::Unreachable(reason) => Fault::Unreachable(reason),
            Failure::Proxy(reason) => Fault::Proxy(reason),
            Failure::Tls(reason) => Fault::Tls(reason),
            Failure::Timeout => Fault::Timeout,
            Failure::Broken => Fault::Broken("the connection ended".to_owned()),
        }
    }
}

fn unauthorized(introduced: bool) -> &'static str {
    if introduced {
        "the server does not accept the credentials (401); they are wrong or expired: log in again, or renew the token"
    } else {
        "the server wants credentials (401); put them into the channel's address, into the file of RATTLER_AUTH_FILE, or into \
         the netrc file"
    }
}

fn forbidden(introduced: bool) -> &'static str {
    if introduced {
        "the server refuses this user (403); the credentials may be expired, or lack the right to read this channel"
    } else {
        "the server refuses (403); if it wants credentials put them into the channel's address, into the file of \
         RATTLER_AUTH_FILE, or into the netrc file"
    }
}

fn status(status: u16) -> String {
    match status {
        429 => "the server is asked too often (429); ask it later".to_owned(),
        500..=599 => format!(
            "the server failed ({status}); try again, or work from the cache with --offline"
        ),
        _ => format!(
            "the server answers {status}, which is no answer of a channel; check the address"
        ),
    }
}

fn unsigned(reason: &str) -> &'static str {
    if reason.contains("region") {
        "set AWS_REGION, or a region in the profile that AWS_PROFILE names"
    } else {
        "give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
    }
}

fn refused(status: u16, code: &str) -> String {
    let said = if code.is_empty() {
        status.to_string()
    } else {
        format!("{status} {code}")
    };
    let help = match code {
        "ExpiredToken" | "TokenRefreshRequired" | "RequestExpired" => {
            "the credentials are expired: renew them"
        }
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken" => {
            "the credentials are wrong: check them"
        }
        "NoSuchBucket" => "there is no such bucket: check the name, and the endpoint if it has one",
        "AccessDenied" | "" => {
            "the credentials lack the right to read it; without the right to list the bucket that also is the answer to \
             what is not there"
        }
        "AuthorizationHeaderMalformed"
        | "PermanentRedirect"
        | "IllegalLocationConstraintException" => "the bucket is in another region: set AWS_REGION",
        _ => "check bucket, region and credentials",
    };
    format!("the bucket refuses ({said}); {help}")
}
