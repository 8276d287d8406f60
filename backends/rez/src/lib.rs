//! From a bundle's requirements to a rez context.
//!
//! The format `spec` is a list of rez requests, one a line: platform, launcher, Python and host of the target, the
//! bundle's addons, and the Python distributions that the addons ask for and the process does not have. It is a
//! specification, not a solution (see [`ayon_backend::spec`]): rez, or a later format of this backend, solves it.
//!
//! ```
//! use ayon_backend::Backend;
//! use ayon_backend_rez::{Options, Rez};
//!
//! // A site whose rez packages keep PyPI's capitals, and that calls Maya otherwise.
//! let rez = Rez::new(Options {
//!     names: [("pyyaml".parse()?, Some("PyYAML".to_owned()))].into(),
//!     families: [("maya".to_owned(), "autodesk_maya".to_owned())].into(),
//! });
//! assert_eq!(rez.format("spec")?.file_name, "requests.txt");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Names
//!
//! | what | family | request |
//! |---|---|---|
//! | system, processor | `platform`, `arch` | `platform-linux`, `arch-x86_64`: rez's own words (`osx`, `AMD64`) |
//! | launcher | `ayon_launcher` | exact: `ayon_launcher==1.6.3` |
//! | interpreter | `python` | `python-3.11.9`, or `python-3.11` where the patch release is not known |
//! | DCC host | its name | `maya-2025` |
//! | addon `core` | `ayon_addon_core` | exact: `ayon_addon_core==1.9.7` |
//! | distribution `ayon-python-api` | `ayon_python_api` | a range: `ayon_python_api-1.2+<2` |
//!
//! Addons have a prefix of their own because addons and distributions share names, and an addon may be called
//! `launcher`. A letter that rez does not allow in a family becomes `_`. [`Options`] changes any of these names.
//!
//! # How it thinks
//!
//! *Order is importance.* rez prefers the newest packages of the families that are asked for first, so what is fixed comes
//! first, then addons, then distributions, each by name.
//!
//! *Never wider than asked.* [`version_range`] says what rez's order of versions makes of PEP 440's. What rez has no word
//! for, extras and sources, is left to the package of that family, with a note.

mod names;
pub mod publish;
mod relations;
mod requests;
mod versions;

use ayon_backend::{Backend, Emission, EmitError, Format, Resolution, spec};

pub use names::Options;
pub use relations::relation_range;
pub use versions::{Range, python_text, semver_text, version_range};

const FORMATS: &[Format] = &[Format {
    name: "spec",
    summary: "rez requests of the bundle, one a line, not solved",
    file_name: "requests.txt",
    is_solved: false,
}];

/// The rez backend.
#[derive(Clone, Debug, Default)]
pub struct Rez {
    options: Options,
}

impl Rez {
    /// With a studio's options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Backend for Rez {
    fn name(&self) -> &'static str {
        "rez"
    }

    fn formats(&self) -> &'static [Format] {
        FORMATS
    }

    fn emit(&self, resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError> {
        let format = self.format(format.name)?;
        spec::emit(resolutions, format, |resolution| {
            requests::write(resolution, &self.options)
        })
    }
}
