//! Where a studio's facts come from: a server, a folder of addon packages, or a snapshot file.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let source = ayon_studio::open(&"sample".parse()?, ayon_studio::Options::default())?;
//! let studio = source.load().await?;
//! assert_eq!(studio.problems, []);
//! assert!(studio.addons.contains_key("core"));
//! # Ok(()) })
//! # }
//! ```
//!
//! # How it thinks
//!
//! *One trait, one value.* A [`Source`] gives an [`ayon_model::Studio`]: plain facts, wherever they came from. Nothing
//! downstream asks again, so that a judgement over a server and over its snapshot is the same judgement.
//!
//! *A mistake in a studio is no error.* Its `problems` say what could not be read, each with file and place, and the
//! rest is there. A [`SourceError`] means that there is no studio at all: nobody answers, nothing is there, no access.
//!
//! *Relations are dear on a server.* Its REST interface never shows what addons demand of each other; that is learnt by
//! asking it to judge made-up bundles, a few requests per release. So [`Source::load`] leaves such relations unknown,
//! and [`Source::relations`] fills in those that are wanted. Folders and snapshots have them all at once.
//!
//! *Reading only.* No request changes anything on a server, no addon's code is run, no archive is unpacked, and a key
//! is in no message, label, snapshot or cache.

mod archive;
mod credentials;
mod error;
mod files;
mod folder;
mod location;
mod package_file;
mod pyproject;
mod sample;
#[cfg(feature = "server")]
mod server;
pub mod snapshot;
mod source;
#[cfg(feature = "stand-in")]
pub mod stand_in;
mod tree;
mod wire;

pub use credentials::{Credentials, Secret};
pub use error::{ServerFault, SourceError};
pub use folder::read_host;
pub use location::{Location, LocationError, ServerAddress};
pub use pyproject::read_client_pyproject;
pub use source::{BoxFuture, CACHE_SCHEMA, OnProgress, Options, Progress, Source, open};
