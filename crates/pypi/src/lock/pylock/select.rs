//! What an installer would take from a lock: its duties by PEP 751, step by step.
//!
//! This is how a lock is verified for a target before anybody installs it, and how it is known whether an old lock still
//! holds. Nothing is downloaded; sizes and hashes are checked by whoever has the files.

use super::{File, Package, Pylock, Source};
use crate::file::wheel_name::{WheelName, WheelTags};
use crate::marker::Marker;
use crate::text::visible;
use crate::version::Version;
use crate::version::set::VersionSet;
use crate::{MarkerEnvironment, SdistName};

/// What is installed of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<'a> {
    /// This wheel.
    Wheel(&'a File),
    /// What is built from this source distribution.
    Sdist(&'a File),
    /// What is built from the package's [`Source`], which is no file of an index.
    Source,
}

/// Why a lock cannot be installed in an environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// Another Python.
    #[error("the lock is for Python {needed}, and this is {python}")]
    Python {
        /// What it is for.
        needed: String,
        /// What is there.
        python: String,
    },
    /// Another environment.
    #[error("the lock is for other environments: {}", .0.join(", or "))]
    Environment(Vec<String>),
    /// A marker or specifier that cannot be read.
    #[error("{place} of the lock cannot be read: {reason}")]
    Unreadable {
        /// Where.
        place: String,
        /// Why.
        reason: String,
    },
    /// A package that does not run there.
    #[error("{package} is for Python {needed}, and this is {python}")]
    PackagePython {
        /// The package.
        package: String,
        /// What it is for.
        needed: String,
        /// What is there.
        python: String,
    },
    /// Two entries of one name.
    #[error("two entries of {0} are for this environment")]
    Ambiguous(String),
    /// A file whose name is not that of its package.
    #[error("{file} is no file of {package}")]
    Name {
        /// The package.
        package: String,
        /// The file.
        file: String,
    },
    /// No file fits.
    #[error("no wheel of {package} fits here, and there is no source distribution")]
    NoFile {
        /// The package.
        package: String,
    },
}

impl Pylock {
    /// What would be installed in `environment`, where `rank` says how well a wheel fits: the lower the better, and none
    /// where it does not.
    ///
    /// # Errors
    /// An installer has to refuse the lock there.
    pub fn select(
        &self,
        environment: &MarkerEnvironment,
        rank: &dyn Fn(&WheelTags) -> Option<u32>,
    ) -> Result<Vec<(&Package, Choice<'_>)>, SelectError> {
        let python = environment.python_full_version();
        if let Some(needed) = &self.requires_python
            && !holds(needed, python, "requires-python")?
        {
            return Err(SelectError::Python {
                needed: visible(needed),
                python: python.to_owned(),
            });
        }
        let mut is_served = self.environments.is_empty();
        for text in &self.environments {
            is_served |= marker(text, "environments")?.evaluate(environment, &[]);
        }
        if !is_served {
            let texts = self.environments.iter().map(|text| visible(text));
            return Err(SelectError::Environment(texts.collect()));
        }
        let mut chosen: Vec<(&Package, Choice<'_>)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        for package in &self.packages {
            if let Some(text) = &package.marker {
                let place = format!("the marker of {}", package.name);
                if !marker(text, &place)?.evaluate(environment, &[]) {
                    continue;
                }
            }
            if let Some(needed) = &package.requires_python {
                let place = format!("requires-python of {}", package.name);
                if !holds(needed, python, &place)? {
                    return Err(SelectError::PackagePython {
                        package: package.name.to_string(),
                        needed: visible(needed),
                        python: python.to_owned(),
                    });
                }
            }
            if !names.insert(&package.name) {
                return Err(SelectError::Ambiguous(package.name.to_string()));
            }
            chosen.push((package, choose(package, rank)?));
        }
        Ok(chosen)
    }
}

fn choose<'a>(
    package: &'a Package,
    rank: &dyn Fn(&WheelTags) -> Option<u32>,
) -> Result<Choice<'a>, SelectError> {
    let Source::Files { wheels, sdist } = &package.source else {
        return Ok(Choice::Source);
    };
    let foreign = |file: &File| SelectError::Name {
        package: package.name.to_string(),
        file: visible(&file.name),
    };
    let is_other = |version: &Version| {
        let own = package.version.as_ref();
        own.is_some_and(|own| own != version)
    };
    let mut best: Option<(u32, std::cmp::Reverse<_>, &File)> = None;
    for wheel in wheels {
        let name: WheelName = wheel.name.parse().map_err(|_| foreign(wheel))?;
        if name.name != package.name || is_other(&name.version) {
            return Err(foreign(wheel));
        }
        let Some(rank) = rank(&name.tags) else {
            continue;
        };
        // Of two that fit as well the newer build is taken.
        let key = (rank, std::cmp::Reverse(name.build));
        if best
            .as_ref()
            .is_none_or(|(rank, build, _)| key < (*rank, build.clone()))
        {
            best = Some((key.0, key.1, wheel));
        }
    }
    if let Some(sdist) = sdist {
        let name = SdistName::parse(&sdist.name, &package.name).map_err(|_| foreign(sdist))?;
        if is_other(&name.version) {
            return Err(foreign(sdist));
        }
    }
    match (best, sdist) {
        (Some((_, _, wheel)), _) => Ok(Choice::Wheel(wheel)),
        (None, Some(sdist)) => Ok(Choice::Sdist(sdist)),
        (None, None) => Err(SelectError::NoFile {
            package: package.name.to_string(),
        }),
    }
}

fn marker(text: &str, place: &str) -> Result<Marker, SelectError> {
    text.parse()
        .map_err(|error: crate::MarkerError| SelectError::Unreadable {
            place: place.to_owned(),
            reason: error.to_string(),
        })
}

fn holds(specifiers: &str, python: &str, place: &str) -> Result<bool, SelectError> {
    let unreadable = |reason: String| SelectError::Unreadable {
        place: place.to_owned(),
        reason,
    };
    let set =
        VersionSet::from_specifiers(specifiers).map_err(|error| unreadable(error.to_string()))?;
    let python: Version = python
        .parse()
        .map_err(|error: crate::VersionError| unreadable(error.to_string()))?;
    Ok(set.contains(&python))
}
