//! What a backend is: the trait, its question, its answer as files, and the registry.
//!
//! A *backend* compiles the answer about a bundle to what one consumer speaks: conda, rez, a venv. It is given the
//! bundle's [`Resolution`] (one per target) and gives back an [`Emission`]: files as values. It writes nothing and
//! prints nothing, so it can be embedded anywhere and tested without a disk.
//!
//! A backend of one's own depends on this crate and `ayon-model` alone and is as good as those of this repository:
//!
//! ```
//! use ayon_backend::{Backend, Emission, EmitError, Format, Registry, Resolution};
//!
//! /// Writes the addons of a bundle, one `name==version` a line.
//! struct AddonList;
//!
//! const FORMATS: &[Format] = &[Format {
//!     name: "list",
//!     summary: "addon names and versions, one a line",
//!     file_name: "addons.txt",
//!     is_solved: true,
//! }];
//!
//! impl Backend for AddonList {
//!     fn name(&self) -> &'static str {
//!         "addon-list"
//!     }
//!
//!     fn formats(&self) -> &'static [Format] {
//!         FORMATS
//!     }
//!
//!     fn emit(&self, resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError> {
//!         let lines = resolutions.iter().flat_map(|resolution| &resolution.addons);
//!         let text: String = lines.map(|addon| format!("{}=={}\n", addon.name, addon.version)).collect();
//!         Ok(Emission::new().with_file(format.file_name, text))
//!     }
//! }
//!
//! let mut registry = Registry::new();
//! registry.register(Box::new(AddonList));
//! assert_eq!(registry.get("addon-list")?.formats()[0].name, "list");
//! # Ok::<(), ayon_backend::UnknownBackend>(())
//! ```
//!
//! # How it thinks
//!
//! *Resolving may take long; emitting may not.* [`Backend::resolve`] is where a backend with a solver of its own (conda
//! records, rez packages, an index) completes the resolution with [`Artefact`]s; it is asynchronous and can be stopped.
//! [`Backend::emit`] is a pure function of what was resolved, so a lock can be emitted later without solving again.
//!
//! *Nothing is global.* What a backend may use of the outside comes in a [`Context`].

mod context;
mod emission;
#[cfg(feature = "example")]
pub mod example;
mod refusal;
mod registry;
pub mod spec;

use std::future::Future;
use std::pin::Pin;

pub use ayon_solve::{
    Artefact, ArtefactFile, Asker, ChosenAddon, ChosenLauncher, Conflict, Demand, Demander, Edge,
    Fact, Object, Resolution, ResolvedDistribution, Stopped, Verb,
};
pub use context::{Cancellation, Context, Progress, Quiet};
pub use emission::{Emission, EmitError, EmittedFile};
pub use refusal::{Lack, Refusal};
pub use registry::{Registry, UnknownBackend};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One way in which a backend writes its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// What `--format` calls it: `spec`, `explicit`, `pylock`.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// The file it makes for a single target.
    pub file_name: &'static str,
    /// Whether it holds artefacts that were solved against an index. A *specification* holds requirements only.
    pub is_solved: bool,
}

/// What is asked of a backend: complete these resolutions, one per target, for writing them as `format`.
#[derive(Debug)]
pub struct Ask<'a> {
    /// The bundle's resolutions, one per target.
    pub resolutions: Vec<Resolution>,
    /// The format they will be written in.
    pub format: &'a Format,
    /// What was chosen before and should stay where it still fits: of the same target first, and where the ecosystem can,
    /// of the others. What is to be chosen anew is not in it. Empty where nothing was, or where the ecosystem's own
    /// choices must not depend on the past.
    pub previous: &'a [Resolution],
}

/// A consumer's ecosystem. See the crate's documentation for a whole one.
pub trait Backend: Send + Sync {
    /// The word for it on the command line: lower case, no spaces.
    fn name(&self) -> &'static str;

    /// The formats it writes, the default one first.
    fn formats(&self) -> &'static [Format];

    /// Completes the resolutions with what this ecosystem adds ([`Resolution::artefacts`]). A backend whose formats are all specifications has
    /// nothing to add: requirements are merged, narrowed and freed of what is provided already.
    ///
    /// Must return soon after `context.cancellation` is set.
    fn resolve<'a>(
        &'a self,
        ask: Ask<'a>,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<Vec<Resolution>, ResolveError>> {
        let stopped = context.cancellation.stopped();
        Box::pin(async move {
            stopped.map_or(Ok(ask.resolutions), |why| Err(ResolveError::Stopped(why)))
        })
    }

    /// Writes resolutions as files. Pure: the same input gives the same bytes.
    fn emit(&self, resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError>;

    /// The format of this name.
    fn format(&self, name: &str) -> Result<&'static Format, EmitError> {
        self.formats()
            .iter()
            .find(|format| format.name == name)
            .ok_or_else(|| EmitError::UnknownFormat {
                backend: self.name(),
                format: name.to_owned(),
                known: self.formats().iter().map(|format| format.name).collect(),
            })
    }
}

/// Why there is no resolution.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The answer is no.
    #[error("there is no solution")]
    Conflict(Box<Conflict>),
    /// The answer is no, in the words of the backend's own solver.
    #[error(transparent)]
    Refused(#[from] Box<Refusal>),
    /// The question cannot be said in the words of this ecosystem.
    #[error(transparent)]
    Inexpressible(#[from] EmitError),
    /// A source of facts failed.
    #[error("{what} could not be asked")]
    Source {
        /// What was asked.
        what: String,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Somebody, or the time limit, said stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}
