//! What a process already has before anything is installed for it: its Python, and modules at fixed versions.
//!
//! Paths decide (reference `ayon.md` §12.4): the launcher's modules are in every process's `PYTHONPATH`, so they hide a
//! host's own of the same name; the launcher's Qt is on its own path only; a host brings its interpreter.

use std::collections::BTreeMap;
use std::sync::Arc;

use pypi::{DistributionName, MarkerEnvironment, Version, VersionSet};

use crate::{
    AddonRelease, Host, HostPython, LauncherBuild, Origin, Process, PythonRequirement, Studio,
    Subject, Target, closest, did_you_mean,
};

/// What a target's process has.
#[derive(Clone, Debug, PartialEq)]
pub struct Provision {
    /// For which target.
    pub target: Target,
    /// The interpreter.
    pub python: GivenPython,
    /// The modules on its path.
    pub modules: BTreeMap<DistributionName, Given>,
    /// A host's own modules that one of the launcher's hides at another version.
    pub hidden: BTreeMap<DistributionName, Given>,
}

/// A module that is there at one version, and cannot be had at another.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The version.
    pub version: Version,
    /// Who brings it.
    pub origin: Origin,
}

/// The interpreter of a process.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenPython {
    /// The versions it may have: one, or a series where only that is known.
    pub set: VersionSet,
    /// The version to evaluate markers with: the lowest it may be.
    pub version: Version,
    /// Whether [`version`](Self::version) is exact.
    pub is_exact: bool,
    /// Who brings it.
    pub origin: Origin,
}

/// The studio does not say enough about a target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProvisionError {
    /// No profile of this host.
    #[error("{studio} has no host `{host}`{}; describe it with `ayon-resolve host probe`", did_you_mean(" (", .closest, ")"))]
    UnknownHost {
        /// The studio's label.
        studio: String,
        /// `name/version`
        host: String,
        /// Hosts that are close.
        closest: Vec<String>,
    },
    /// The host has no Python that anybody knows.
    #[error("{reason} ({place}); say which Python it runs with `--python X.Y`")]
    NoPython {
        /// What is known.
        reason: String,
        /// Where.
        place: String,
    },
    /// The launcher's record does not say.
    #[error(
        "the record of launcher build {filename} does not say its Python; say it with `--python X.Y.Z`"
    )]
    LauncherPython {
        /// The build.
        filename: String,
    },
    /// The host does not run there.
    #[error("host {host} does not run on {platform}, only on {systems}")]
    HostPlatform {
        /// `name/version`
        host: String,
        /// Asked.
        platform: String,
        /// Where it runs.
        systems: String,
    },
}

impl Provision {
    /// What `target` has when `build` of launcher `launcher` serves it. `python` overrides what the studio knows.
    pub fn of(
        studio: &Studio,
        launcher: &str,
        build: &LauncherBuild,
        target: &Target,
        python: Option<&Version>,
    ) -> Result<Self, ProvisionError> {
        let subject = Subject::Launcher(Arc::from(launcher));
        let origin = |key: &str| Origin::new(subject.clone(), build.place.at(key, None));
        let given = |key| {
            let origin = origin(key);
            move |(name, version): (&DistributionName, &Version)| {
                (
                    name.clone(),
                    Given {
                        version: version.clone(),
                        origin: origin.clone(),
                    },
                )
            }
        };
        let mut modules: BTreeMap<_, _> =
            build.modules.iter().map(given("pythonModules")).collect();
        let mut hidden = BTreeMap::new();
        let python = match &target.process {
            Process::Launcher | Process::Headless => {
                if target.process == Process::Launcher {
                    modules.extend(
                        build
                            .runtime_modules
                            .iter()
                            .map(given("runtimePythonModules")),
                    );
                }
                let known = python.or(build.python.as_ref());
                let version = known.ok_or_else(|| ProvisionError::LauncherPython {
                    filename: build.filename.clone(),
                })?;
                GivenPython::new(version, origin("pythonVersion"))
            }
            Process::Host { name, version } => {
                let host = find_host(studio, name, version)?;
                if !host.systems.contains(&target.platform.system) {
                    let systems: Vec<_> =
                        host.systems.iter().map(|system| system.as_str()).collect();
                    return Err(ProvisionError::HostPlatform {
                        host: format!("{name}/{version}"),
                        platform: target.platform.to_string(),
                        systems: systems.join(", "),
                    });
                }
                for (name, version) in &host.modules {
                    let given = Given {
                        version: version.clone(),
                        origin: host.origin("modules"),
                    };
                    match modules.get(name) {
                        None => {
                            modules.insert(name.clone(), given);
                        }
                        Some(over) if over.version != *version => {
                            hidden.insert(name.clone(), given);
                        }
                        Some(_) => {}
                    }
                }
                host_python(host, python)?
            }
        };
        Ok(Self {
            target: target.clone(),
            python,
            modules,
            hidden,
        })
    }

    /// What markers see in this process.
    pub fn marker_environment(&self) -> MarkerEnvironment {
        self.target
            .platform
            .marker_environment(&self.python.version)
    }

    /// The requirements of `release` that reach this process, with their markers evaluated in `environment` (as made
    /// by [`marker_environment`](Self::marker_environment), once for all releases).
    pub fn requirements<'a>(
        &'a self,
        release: &'a AddonRelease,
        environment: &'a MarkerEnvironment,
    ) -> impl Iterator<Item = &'a PythonRequirement> {
        let applies = |requirement: &&PythonRequirement| {
            let dependency = &requirement.dependency;
            // An optional dependency is installed only when an extra of the addon is asked for, and AYON asks for none.
            !dependency.optional
                && self.target.is_reached_by(requirement)
                && dependency
                    .marker
                    .as_ref()
                    .is_none_or(|marker| marker.evaluate(environment, &[]))
        };
        release.python.distributions.iter().filter(applies)
    }
}

impl GivenPython {
    /// A Python of `version`: a full one is exact, `3.11` is any of its patch releases.
    pub fn new(version: &Version, origin: Origin) -> Self {
        let is_exact = version.release().len() > 2;
        let set = if is_exact {
            VersionSet::exactly(version)
        } else {
            VersionSet::series(version)
        };
        Self {
            set,
            version: version.clone(),
            is_exact,
            origin,
        }
    }

    /// As people write it: `3.11.9`, or `3.11`.
    pub fn text(&self) -> String {
        self.version.to_string()
    }
}

fn find_host<'a>(
    studio: &'a Studio,
    name: &str,
    version: &str,
) -> Result<&'a Host, ProvisionError> {
    studio.host(name, version).ok_or_else(|| {
        let host = format!("{name}/{version}");
        let known: Vec<String> = studio
            .hosts
            .iter()
            .map(|host| format!("{}/{}", host.name, host.version))
            .collect();
        let closest = closest(&host, known.iter().map(String::as_str));
        let closest = closest.into_iter().map(str::to_owned).collect();
        ProvisionError::UnknownHost {
            studio: studio.label.clone(),
            host,
            closest,
        }
    })
}

fn host_python(host: &Host, python: Option<&Version>) -> Result<GivenPython, ProvisionError> {
    let origin = host.origin("python");
    if let Some(version) = python {
        return Ok(GivenPython::new(version, Origin::request()));
    }
    let reason = match &host.python {
        HostPython::Exact(version) | HostPython::Series(version) => {
            return Ok(GivenPython::new(version, origin));
        }
        HostPython::NotEmbedded => format!(
            "host {}/{} has no Python of its own",
            host.name, host.version
        ),
        HostPython::Unknown => format!(
            "nobody has said which Python host {}/{} has",
            host.name, host.version
        ),
    };
    Err(ProvisionError::NoPython {
        reason,
        place: host.place.to_string(),
    })
}
