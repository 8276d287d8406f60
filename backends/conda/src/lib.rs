//! From a bundle's requirements to a conda environment.
//!
//! The format `spec` is an `environment.yml`: channels, the Python of the target, and what the addons ask for that the
//! process does not have, as conda packages where conda carries them and under `pip:` where it does not. It is a
//! specification, not a solution (see [`ayon_backend::spec`]).
//!
//! ```
//! use ayon_backend::Backend;
//! use ayon_backend_conda::{Conda, Names, Options};
//!
//! // A studio with a channel of its own, which carries what conda-forge does not.
//! let names = Names { studio: [("clique".parse()?, Some("clique".to_owned()))].into(), ..Names::default() };
//! let channels = vec!["studio".into(), "conda-forge".into()];
//! let conda = Conda::new(Options { channels, names, ..Options::default() });
//! assert_eq!(conda.format("spec")?.file_name, "environment.yml");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it thinks
//!
//! *Conda first, pip for the rest.* A quarter of what addons ask for is not on conda-forge, so a pure conda answer to a
//! bundle does not exist. Under `pip:` goes what conda does not carry, what has a source of its own (git, a URL), what
//! is asked for with extras, and what nobody has told this crate the conda name of: a name is never guessed, since a
//! package of the same name may be another thing. Each of these is a note unless it is the plain first case.
//!
//! *Never wider than asked.* [`version_spec`] says what conda's order of versions makes of PEP 440's, and what is
//! narrowed for it.
//!
//! *Several distributions can be one package.* `shiboken6`, `pyside6-essentials` and `pyside6-addons` are all in conda's
//! `pyside6`: their requirements are intersected.

mod asking;
mod channels;
mod environment;
mod names;
mod options;
mod versions;
mod writing;
mod yaml;

use std::fmt;
use std::sync::Arc;

use ayon_backend::{
    Ask, Backend, BoxFuture, Context, Emission, EmitError, Format, Resolution, ResolveError, spec,
};
use conda::Answers;
use pypi::Index;

pub use channels::{Channels, ChannelsError, OpenChannels};
pub use names::{CommunityNames, CommunityNamesError, Names};
pub use options::Options;
pub use versions::{Spec, version_spec};
use writing::format;

const FORMATS: &[Format] = &[
    Format {
        name: "spec",
        summary: "environment.yml with the requirements of the bundle, not solved",
        file_name: "environment.yml",
        is_solved: false,
    },
    Format {
        name: format::ENVIRONMENT_YML,
        summary: "environment.yml, solved: every package at its version, build and channel",
        file_name: "environment.yml",
        is_solved: true,
    },
    Format {
        name: format::EXPLICIT,
        summary: "@EXPLICIT list of URLs with hashes, solved; conda and micromamba install it",
        file_name: "explicit.txt",
        is_solved: true,
    },
    Format {
        name: format::PIXI_LOCK,
        summary: "pixi.lock, solved: all targets in one file",
        file_name: "pixi.lock",
        is_solved: true,
    },
    Format {
        name: format::CONDA_LOCK,
        summary: "conda-lock.yml, solved: a file for each process, with all its platforms",
        file_name: "conda-lock.yml",
        is_solved: true,
    },
    Format {
        name: format::DEADLINE,
        summary: "CondaPackages and CondaChannels for a Deadline Cloud queue environment, solved",
        file_name: "parameter_values.yaml",
        is_solved: true,
    },
];

/// The conda backend.
#[derive(Clone, Default)]
pub struct Conda {
    options: Options,
    channels: Option<Arc<dyn Channels>>,
    index: Option<Arc<dyn Index>>,
    answers: Option<Answers>,
}

impl Conda {
    /// With a studio's options. Without any channel conda-forge is meant.
    pub fn new(mut options: Options) -> Self {
        if options.channels.is_empty() {
            options.channels = Options::default().channels;
        }
        Self {
            options,
            channels: None,
            index: None,
            answers: None,
        }
    }

    /// With the channels that the solved formats need.
    #[must_use]
    pub fn with_channels(mut self, channels: Arc<dyn Channels>) -> Self {
        self.channels = Some(channels);
        self
    }

    /// With the index that what no channel has is solved against.
    #[must_use]
    pub fn with_index(mut self, index: Arc<dyn Index>) -> Self {
        self.index = Some(index);
        self
    }

    /// With what channels were asked before: the same question of channels that say the same is not solved again.
    #[must_use]
    pub fn with_answers(mut self, answers: Answers) -> Self {
        self.answers = Some(answers);
        self
    }
}

impl fmt::Debug for Conda {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channels = self.channels.as_ref().map(|channels| channels.describe());
        let index = self.index.as_ref().map(|index| index.describe());
        formatter
            .debug_struct("Conda")
            .field("options", &self.options)
            .field("channels", &channels)
            .field("index", &index)
            .field("answers", &self.answers)
            .finish()
    }
}

impl Backend for Conda {
    fn name(&self) -> &'static str {
        "conda"
    }

    fn formats(&self) -> &'static [Format] {
        FORMATS
    }

    fn resolve<'a>(
        &'a self,
        ask: Ask<'a>,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<Vec<Resolution>, ResolveError>> {
        Box::pin(async move {
            if let Some(why) = context.cancellation.stopped() {
                return Err(why.into());
            }
            if !ask.format.is_solved {
                return Ok(ask.resolutions);
            }
            let channels = self
                .channels
                .as_deref()
                .ok_or_else(|| EmitError::Inexpressible {
                    what: "the bundle".to_owned(),
                    format: ask.format.name,
                    reason: "no conda channel is known; name one with `--channel`".to_owned(),
                })?;
            let sources = asking::Sources {
                channels,
                index: self.index.as_ref(),
                answers: self.answers.clone().unwrap_or_else(Answers::disabled),
                previous: ask.previous,
            };
            asking::resolve(&sources, &self.options, ask.resolutions, context).await
        })
    }

    fn emit(&self, resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError> {
        let format = self.format(format.name)?;
        if format.is_solved {
            return writing::emit(resolutions, format);
        }
        spec::emit(resolutions, format, |resolution| {
            environment::write(resolution, &self.options)
        })
    }
}
