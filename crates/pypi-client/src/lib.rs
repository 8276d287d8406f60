//! What a Python solve needs from outside: pages and metadata from indexes, wheelhouses and source hosts, and a cache
//! of both.

mod build;
mod cache;
mod client;
mod credentials;
mod error;
mod fetcher;
pub mod http;
mod once;
mod options;
mod plan;
mod source;
mod wheelhouse;

pub use credentials::{Credentials, CredentialsError, Secret, shown};
