//! Resolves the environment of an AYON bundle: the library a bootstrapper embeds, and the program.
//!
//! ```
//! use ayon_resolve::{BundleAsk, Location, Resolver, Selection, Sources};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut resolver = Resolver::open(&Location::Sample, Sources::default())?;
//! let selection = Selection { bundle: Some("staging".into()), ..Selection::default() };
//! let ask = BundleAsk { selection, ..BundleAsk::default() };
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let answer = resolver.resolve_bundle(&ask).await?;
//! let emission = resolver.emit("conda", "spec", answer.resolutions).await?;
//! assert_eq!(emission.files[0].name, "environment.yml");
//! # Ok::<(), ayon_resolve::Error>(()) })?;
//! # Ok(())
//! # }
//! ```
//!
//! A [`Resolver`] has a source of facts, a registry of backends and a [`Context`] (progress, cancellation, offline).
//! Nothing is global, nothing is printed, nothing is written except the cache that the embedding program names.
//!
//! What it does, in order: load the studio, select the live bundle, lay the project's over it, answer the question for
//! each target, and hand the resolutions to a backend. A refusal is an [`Error`] with everything that is known about
//! it as values; `ayon-explain` makes words of it.
//!
//! Backends and the server source are cargo features (`conda`, `rez`, `venv`, `server`), so that a bootstrapper carries
//! only what it needs. The program itself is the feature `program`.

mod ask;
mod error;
pub mod lock;
mod outdated;
#[cfg(feature = "venv")]
pub mod pypi;
mod resolver;
#[cfg(feature = "rez")]
pub mod rez;

pub use ask::{BundleAsk, PlanAsk, PlanRequest, PlanRequestError, complete_range};
pub use ayon_backend::{
    Backend, Cancellation, Context, Emission, Format, Progress, Registry, Resolution,
};
pub use ayon_explain::hints::{Change, Hint};
pub use ayon_model::Selection;
pub use ayon_studio::{Location, Source};
pub use error::{Error, Refused};
pub use outdated::{Dated, Outdated};
pub use resolver::{BundleAnswer, CheckReport, HintLimits, PlanAnswer, Resolver, Sources};
