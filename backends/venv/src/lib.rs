//! From a bundle's requirements to a venv's lock file.
//!
//! The format `spec` is a `requirements.txt` that `pip` and `uv` read: one PEP 508 line per distribution that the addons
//! ask for and the process does not have, and under it a `# via` comment for everybody who asks, with the file and line
//! where it is written. It is a specification, not a solution (see [`ayon_backend::spec`]).
//!
//! ```
//! use ayon_backend::Backend;
//! use ayon_backend_venv::Venv;
//!
//! assert_eq!(Venv::default().format("spec")?.file_name, "requirements.txt");
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

use std::fmt::Write;

use ayon_backend::spec::{self, Body};
use ayon_backend::{Backend, Emission, EmitError, Format, Resolution};

const FORMATS: &[Format] = &[Format {
    name: "spec",
    summary: "requirements.txt with the requirements of the bundle, not solved",
    file_name: "requirements.txt",
    is_solved: false,
}];

/// The venv backend.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Venv;

impl Backend for Venv {
    fn name(&self) -> &'static str {
        "venv"
    }

    fn formats(&self) -> &'static [Format] {
        FORMATS
    }

    fn emit(&self, resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError> {
        let format = self.format(format.name)?;
        spec::emit(resolutions, format, write)
    }
}

fn write(resolution: &Resolution) -> Result<Body, EmitError> {
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
