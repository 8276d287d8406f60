//! From a bundle's requirements to a venv's lock file.
//!
//! * The format `spec` is a `requirements.txt` that `pip` and `uv` read: one PEP 508 line per distribution that the addons
//!   ask for and the process does not have, and under it a `# via` comment for everybody who asks, with the file and line
//!   where it is written. It is a specification, not a solution (see [`ayon_backend::spec`]).
//! * The format `pylock` is a `pylock.toml` (PEP 751), solved against an index: `uv pip sync` and `pip install -r` install it.
//! * The format `requirements` is the same as a hashed `requirements.txt`, for `pip install --require-hashes`.
//!
//! ```
//! use ayon_backend::Backend;
//! use ayon_backend_venv::{Options, Venv};
//!
//! // A dependency package's first half alone. What is solved needs an index too: `with_index`.
//! let venv = Venv::new(Options { only: Some(ayon_model::Half::Dependencies), ..Options::default() });
//! assert_eq!(venv.format("spec")?.file_name, "requirements.txt");
//! assert_eq!(venv.format("pylock")?.file_name, "pylock.toml");
//! # Ok::<(), ayon_backend::EmitError>(())
//! ```
//!
//! # How it thinks
//!
//! *Python's own words.* What the addons ask for is PEP 440 already, so nothing is lost, with one exception: the clauses
//! of a requirement are all demanded, so "either `<2` or `>=3`" has no line. The newest alternative is written, and a
//! note says what was asked.
//!
//! *Sources are kept.* A distribution that must come from git or a URL is written as `name @ URL`, without the user and
//! password that the URL may have carried.
//!
//! *One solve for both halves.* What the launcher has is a fact of the solve, not something that is taken away
//! afterwards: nothing it has comes again at another version, and what is installed fits it.
//!
//! *Calm.* What an old lock has stays where it still fits, and targets share versions where they can.

mod asking;
mod commits;
mod conflict;
mod options;
mod write;

use std::fmt::{self, Write as _};
use std::sync::Arc;

use ayon_backend::spec::{self, Body};
use ayon_backend::{
    Ask, Backend, BoxFuture, Emission, EmitError, Format, Resolution, ResolveError,
};
use pypi::Index;

pub use commits::Remembering;
pub use conflict::conflict;
pub use options::{Asked, Options, Upgrade};

const FORMATS: &[Format] = &[
    Format {
        name: "spec",
        summary: "requirements.txt with the requirements of the bundle, not solved",
        file_name: "requirements.txt",
        is_solved: false,
    },
    Format {
        name: PYLOCK,
        summary: "pylock.toml, solved against an index; uv and pip install it",
        file_name: "pylock.toml",
        is_solved: true,
    },
    Format {
        name: "requirements",
        summary: "requirements.txt with hashes, solved against an index",
        file_name: "requirements.txt",
        is_solved: true,
    },
];

const PYLOCK: &str = "pylock";

/// The venv backend.
#[derive(Clone, Default)]
pub struct Venv {
    options: Options,
    index: Option<Arc<dyn Index>>,
}

impl Venv {
    /// With a studio's options.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            index: None,
        }
    }

    /// With the index that the solved formats need.
    #[must_use]
    pub fn with_index(mut self, index: Arc<dyn Index>) -> Self {
        self.index = Some(index);
        self
    }
}

impl fmt::Debug for Venv {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Venv")
            .field("options", &self.options)
            .field("index", &self.index.as_ref().map(|index| index.describe()))
            .finish()
    }
}

impl Backend for Venv {
    fn name(&self) -> &'static str {
        "venv"
    }

    fn formats(&self) -> &'static [Format] {
        FORMATS
    }

    fn resolve<'a>(
        &'a self,
        ask: Ask<'a>,
        context: &'a ayon_backend::Context,
    ) -> BoxFuture<'a, Result<Vec<Resolution>, ResolveError>> {
        Box::pin(async move {
            if let Some(why) = context.cancellation.stopped() {
                return Err(why.into());
            }
            if !ask.format.is_solved {
                return Ok(ask.resolutions);
            }
            let index = self
                .index
                .as_deref()
                .ok_or_else(|| EmitError::Inexpressible {
                    what: "the bundle".to_owned(),
                    format: ask.format.name,
                    reason:
                        "no package index is known; name one with `--index-url` or `--find-links`"
                            .to_owned(),
                })?;
            context.progress.step("solving Python packages", 0, 0);
            let asking = asking::Asking {
                index,
                options: &self.options,
                previous: ask.previous,
            };
            asking.resolve(ask.resolutions, &context.cancellation)
        })
    }

    fn emit(&self, resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError> {
        let format = self.format(format.name)?;
        if format.is_solved {
            write::emit(resolutions, format, &self.options)
        } else {
            spec::emit(resolutions, format, specification)
        }
    }
}

fn specification(resolution: &Resolution) -> Result<Body, EmitError> {
    let mut body = Body::default();
    for distribution in resolution.missing() {
        let requirement = spec::requirement(distribution, "requirements.txt")?;
        body.notes.extend(requirement.notes);
        body.text.push_str(&requirement.text);
        body.text.push('\n');
        for asker in &distribution.askers {
            // Writing to a string cannot fail.
            let _ = writeln!(body.text, "    # via {}", asker.origin);
        }
    }
    Ok(body)
}
