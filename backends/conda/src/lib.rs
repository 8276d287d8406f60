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
//! let conda = Conda::new(Options { channels: vec!["studio".into(), "conda-forge".into()], names });
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

mod environment;
mod names;
mod versions;
mod yaml;

use ayon_backend::{Backend, Emission, EmitError, Format, Resolution, spec};
pub use names::{CommunityNames, CommunityNamesError, Names};
pub use versions::{Spec, version_spec};

const FORMATS: &[Format] = &[Format {
    name: "spec",
    summary: "environment.yml with the requirements of the bundle, not solved",
    file_name: "environment.yml",
    is_solved: false,
}];

/// The conda backend.
#[derive(Clone, Debug, Default)]
pub struct Conda {
    options: Options,
}

/// What a studio may say about its conda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The channels, the first the most important.
    pub channels: Vec<String>,
    /// Conda's names of distributions.
    pub names: Names,
}

impl Default for Options {
    /// conda-forge, and nothing known beyond what this crate knows of it.
    fn default() -> Self {
        Self {
            channels: vec!["conda-forge".to_owned()],
            names: Names::default(),
        }
    }
}

impl Conda {
    /// With a studio's options. Without any channel conda-forge is meant.
    pub fn new(mut options: Options) -> Self {
        if options.channels.is_empty() {
            options.channels = Options::default().channels;
        }
        Self { options }
    }
}

impl Backend for Conda {
    fn name(&self) -> &'static str {
        "conda"
    }

    fn formats(&self) -> &'static [Format] {
        FORMATS
    }

    fn emit(&self, resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError> {
        let format = self.format(format.name)?;
        spec::emit(resolutions, format, |resolution| {
            environment::write(resolution, &self.options)
        })
    }
}
