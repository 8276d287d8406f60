//! From a bundle's requirements to rez requests, contexts and packages.
//!
//! * The format `spec` is a list of rez requests, one a line: platform, launcher, Python and host of the target, the bundle's
//!   addons, and the Python distributions that the addons ask for and the process does not have. It is a specification,
//!   not a solution (see [`ayon_backend::spec`]).
//! * The format `context` is an `.rxt`: those requests, solved against a site's repositories ([`World`]) with rez's own
//!   choices, for `rez-env --input`.
//! * [`publish`] makes packages of launcher, addons and bundle, for stock `rez-env maya ayon_bundle-staging`.
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
//! | bundle `studio-staging` | `ayon_bundle` | the newest of its series: `ayon_bundle-studio-staging` |
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

mod context;
mod names;
pub mod publish;
mod relations;
mod requests;
mod versions;

use std::sync::Arc;

use ayon_backend::{
    Ask, Backend, BoxFuture, Emission, EmitError, Format, Resolution, ResolveError, spec,
};

use context::Asking;
pub use context::{World, WorldError};
pub use names::Options;
pub use versions::{Range, python_text, semver_text, version_range};

const FORMATS: &[Format] = &[
    Format {
        name: "spec",
        summary: "rez requests of the bundle, one a line, not solved",
        file_name: "requests.txt",
        is_solved: false,
    },
    Format {
        name: CONTEXT,
        summary: "a rez context, solved against the site's repositories; rez-env --input enters it",
        file_name: "context.rxt",
        is_solved: true,
    },
];

const CONTEXT: &str = "context";

/// The rez backend.
#[derive(Clone, Debug, Default)]
pub struct Rez {
    options: Options,
    world: Option<Arc<dyn World>>,
}

impl Rez {
    /// With a studio's options.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            world: None,
        }
    }

    /// With the site's repositories, which the format `context` needs.
    #[must_use]
    pub fn with_world(mut self, world: Arc<dyn World>) -> Self {
        self.world = Some(world);
        self
    }

    fn asking(&self) -> Result<Asking<'_>, EmitError> {
        let world = self.world.as_deref();
        let world = world.filter(|world| !world.repositories().is_empty());
        let world = world.ok_or_else(|| EmitError::Inexpressible {
            what: "the bundle".to_owned(),
            format: "a rez context",
            reason:
                "no rez repository is known; name one with `--rez-path` or in REZ_PACKAGES_PATH"
                    .to_owned(),
        })?;
        Ok(Asking {
            world,
            options: &self.options,
        })
    }
}

impl Backend for Rez {
    fn name(&self) -> &'static str {
        "rez"
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
            if ask.format.name != CONTEXT {
                return Ok(ask.resolutions);
            }
            let asking = self.asking()?;
            context.progress.step("solving rez packages", 0, 0);
            asking.resolve(ask.resolutions, &context.cancellation)
        })
    }

    fn emit(&self, resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError> {
        let format = self.format(format.name)?;
        if format.name != CONTEXT {
            return spec::emit(resolutions, format, |resolution| {
                requests::write(resolution, &self.options)
            });
        }
        let asking = self.asking()?;
        let mut emission = Emission::new();
        for (resolution, name) in resolutions
            .iter()
            .zip(spec::file_names(format.file_name, resolutions))
        {
            let mut notes = Vec::new();
            let text = context::write(resolution, asking, &mut notes)?;
            emission = emission.with_file(name, text);
            emission.notes.extend(notes);
        }
        Ok(emission)
    }
}
