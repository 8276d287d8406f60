//! What the benches run on: the corpus where it is, else the sample studio, which is said.

use std::io::Write;

use ayon_model::{Bundle, Studio, System};
use ayon_solve::Question;
use ayon_studio::{Location, Options};

use crate::{Shared, bundle, corpus, effective, launcher_target, plan};

/// The pins of the bundle that AYON's own dependency tool was run on (`deptool-golden`).
pub const GOLDEN: [(&str, &str); 7] = [
    ("core", "1.9.7"),
    ("applications", "1.4.4"),
    ("shotgrid", "0.6.19"),
    ("ftrack", "1.6.4"),
    ("kitsu", "1.2.5"),
    ("slack", "1.3.1"),
    ("usd", "0.1.7"),
];

/// A studio with a bundle that works.
pub struct World {
    /// `corpus` or `sample`.
    pub name: &'static str,
    /// The studio.
    pub studio: Studio,
    /// The bundle.
    pub bundle: Bundle,
}

/// The shared data, or a word that it is not there.
pub fn shared() -> Option<Shared> {
    match Shared::find() {
        Ok(shared) => Some(shared),
        Err(absent) => {
            // A bench that nobody can read the output of still runs.
            let _ = writeln!(std::io::stderr(), "{absent}; using the sample studio");
            None
        }
    }
}

impl World {
    /// The corpus with the bundle that AYON's own dependency tool was run on, or the sample studio with its staging
    /// bundle.
    ///
    /// # Panics
    /// Where they are there and cannot be read.
    #[expect(
        clippy::expect_used,
        reason = "a bench without its data has nothing to do but to say why"
    )]
    pub fn load() -> Self {
        let Some(shared) = shared() else {
            let studio = sample();
            let mut bundles = studio.bundles.iter();
            let staging = bundles.find(|bundle| bundle.is_staging);
            let bundle = staging.expect("the sample has a staging bundle").clone();
            return Self {
                name: "sample",
                studio,
                bundle,
            };
        };
        let studio = corpus::studio(&shared).expect("the corpus can be read");
        Self {
            name: "corpus",
            studio,
            bundle: bundle("golden", GOLDEN, "1.6.3"),
        }
    }

    /// The question whether the bundle works in the launcher's process on Linux.
    pub fn verify(&self) -> Question {
        Question::of_bundle(
            &effective(&self.studio, &self.bundle),
            launcher_target(System::Linux),
        )
    }

    /// The plan of five addons that the project is measured by.
    pub fn plan(&self) -> Question {
        plan(&["core", "maya", "nuke", "houdini", "ftrack"], ">=1.6.0")
    }
}

/// The sample studio that is compiled into the program.
///
/// # Panics
/// Where it cannot be read.
#[expect(
    clippy::expect_used,
    reason = "a bench without its data has nothing to do but to say why"
)]
pub fn sample() -> Studio {
    let source = ayon_studio::open(&Location::Sample, Options::default())
        .expect("the sample is compiled in");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without I/O can be made");
    runtime
        .block_on(source.load())
        .expect("the sample can be read")
}
