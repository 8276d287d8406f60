//! Why there is no lock, with everything known about it as values.

use ayon_backend::{Cancellation, Stopped};
use ayon_model::{Architecture, Origin, Platform, Process, System};
use pypi::{DistributionName, Index, IndexError, Machine, Target, TargetPlatform, Version};
use pypi_solve::{Asker, Refusal};

use super::requirements::Wanted;

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The answer is no.
    #[error("there is no solution for {}", .0.target)]
    Refused(Box<Refused>),
    /// No file of the chosen version has a hash that was asked for.
    #[error("{name}{} has no file with a hash that {by} names", version_of(.version.as_ref()))]
    Hash {
        /// The package.
        name: DistributionName,
        /// The version that was chosen.
        version: Option<Version>,
        /// Who names hashes.
        by: String,
    },
    /// The index could not answer.
    #[error(transparent)]
    Index(IndexError),
    /// Somebody, or the time limit, said stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// No thread could be had.
    #[error("no work can be started")]
    Thread(#[source] std::io::Error),
}

/// A "no", with who asked for what.
#[derive(Debug)]
pub struct Refused {
    /// For which target, in words: `Python 3.11.0 on linux x86_64, glibc 2.28`.
    pub target: String,
    /// What the solver found.
    pub found: pypi_solve::Conflict,
    /// The same in the nouns of a studio, as `ayon-explain` tells it.
    pub conflict: ayon_backend::Conflict,
}

impl Refused {
    /// The packages of which no index has anything.
    pub fn unknown(&self) -> impl Iterator<Item = &DistributionName> {
        let absences = self.found.absences.iter();
        absences
            .filter(|absence| !absence.exists)
            .map(|absence| &absence.name)
    }
}

impl Error {
    /// Whether this is the answer "no", rather than no answer.
    pub fn is_no(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Hash { .. })
    }

    pub(super) fn refused(
        refusal: Refusal,
        index: &dyn Index,
        target: &Target,
        askers: &[&Wanted],
        cancellation: &Cancellation,
    ) -> Self {
        let found = match refusal {
            Refusal::Conflict(found) => *found,
            Refusal::Index(error) => return Self::Index(error),
            Refusal::Stopped => {
                return Self::Stopped(cancellation.stopped().unwrap_or(Stopped::Cancelled));
            }
        };
        let origin = |asker: Asker| {
            let wanted = askers.get(asker.0 as usize);
            wanted.map_or_else(Origin::request, |wanted| wanted.origin.clone())
        };
        let names = index.known_names();
        let asked = askers.iter().map(|wanted| &wanted.requirement.name);
        let known = names.iter().chain(asked);
        let process = ayon_model::Target {
            platform: platform(target),
            process: Process::Launcher,
        };
        Self::Refused(Box::new(Refused {
            target: target.to_string(),
            conflict: ayon_backend_venv::conflict(&found, &process, &origin, known),
            found,
        }))
    }
}

/// The platform of a target in AYON's words.
fn platform(target: &Target) -> Platform {
    Platform {
        system: match target.platform() {
            TargetPlatform::Linux { .. } => System::Linux,
            TargetPlatform::MacOs { .. } => System::Darwin,
            TargetPlatform::Windows { .. } => System::Windows,
        },
        architecture: match target.platform().machine() {
            Machine::X86_64 => Architecture::X86_64,
            Machine::Arm64 => Architecture::Arm64,
        },
    }
}

fn version_of(version: Option<&Version>) -> String {
    version.map_or_else(String::new, |version| format!(" {version}"))
}
