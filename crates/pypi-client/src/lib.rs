//! What a Python solve needs from outside: pages and metadata from indexes, wheelhouses and source hosts, and a cache
//! of both.

mod build;
mod cache;
mod client;
mod contents;
mod credentials;
mod error;
mod fetcher;
pub mod http;
mod indexes;
mod keeper;
mod local;
mod once;
mod options;
mod plan;
mod process;
mod source;
mod state;
mod wheelhouse;

pub use client::{Client, Statistics};
pub use credentials::{Credentials, CredentialsError};
pub use error::ClientError;
pub use options::{IndexSource, Options, Progress, Refresh, Silent, Tally};
pub use transport::{Secret, shown};

/// The index that is asked where none is named.
pub const DEFAULT_INDEX: &str = "https://pypi.org/simple";
