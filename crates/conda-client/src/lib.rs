//! What channels say, from files, servers and buckets, remembered between runs.
//!
//! A [`Client`] opens the subdirectories of channels, several at once, and gives what a solve reads: [`conda::Records`].
//! What was packed before and has not changed since is opened from the cache without a thread, a runtime or TLS.

mod client;
mod error;
#[cfg(feature = "http")]
mod http;
mod local;
mod options;
#[cfg(feature = "http")]
mod remembered;

pub use client::{Client, Statistics, Subdir};
pub use error::ClientError;
#[cfg(feature = "http")]
pub use http::{
    Bucket, Credentials, CredentialsError, Fault, HttpOptions, Mirrors, PlaceError, Redirected,
};
pub use options::{Options, Progress, Silent, Tally};
#[cfg(feature = "http")]
pub use transport::{Proxies, Secret, Trust, shown};
