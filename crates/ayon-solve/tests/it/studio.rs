//! A small studio, written as one would say it.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_model::{
    Addon, AddonRelease, Bundle, EffectiveBundle, Half, Host, HostPython, InterpreterRequirement,
    Knowledge, Launcher, LauncherBuild, Place, PythonNeeds, PythonRequirement, Relations,
    Selection, Studio, System, Target, Version, VersionRange, merge, select,
};
use ayon_solve::{Question, Refusal, Resolution, resolve};
use pypi::poetry::{Value, parse_constraint, parse_dependency};

#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) studio: Studio,
}

/// An empty studio. What a release says is given in lines such as `requires core >=1.0.0`, `soft deadline >=0.6.0`, `avoids legacy`,
/// `compatible maya >=1.0.0`, `launcher >=1.5.0`, `server >=1.8.0`, `python >=3.9,<3.10`, `needs clique 1.6.*`,
/// `runtime psutil ^7.0` and `needs-if NAME CONSTRAINT ; MARKER`.
pub(crate) fn studio() -> Made {
    let studio = Studio {
        label: "test".into(),
        server_version: Some("1.16.0".into()),
        ..Studio::default()
    };
    Made { studio }
}

impl Made {
    pub(crate) fn addon(mut self, name: &str, version: &str, says: &[&str]) -> Self {
        let release = Arc::new(release(name, version, says));
        let addon = self
            .studio
            .addons
            .entry(name.into())
            .or_insert_with(|| Addon {
                name: name.into(),
                releases: BTreeMap::new(),
            });
        addon.releases.insert(release.version.clone(), release);
        self
    }

    pub(crate) fn launcher(self, version: &str, python: &str, modules: &[(&str, &str)]) -> Self {
        self.build(version, "rocky9", python, modules)
    }

    pub(crate) fn build(
        mut self,
        version: &str,
        distribution: &str,
        python: &str,
        modules: &[(&str, &str)],
    ) -> Self {
        let version: Version = version.parse().unwrap();
        let filename = format!("AYON-{version}-linux-{distribution}.tar.gz");
        let modules = modules
            .iter()
            .map(|(name, version)| (name.parse().unwrap(), version.parse().unwrap()));
        let build = LauncherBuild {
            place: Place::file(format!("launchers/{version}-{distribution}.json")),
            filename,
            system: System::Linux,
            distribution: Some(distribution.to_owned()),
            python: Some(python.parse().unwrap()),
            modules: modules.collect(),
            runtime_modules: [("PySide6", "6.8.3")]
                .map(|(name, version)| (name.parse().unwrap(), version.parse().unwrap()))
                .into(),
            unversioned_modules: BTreeMap::new(),
        };
        let launcher = self.studio.launchers.entry(version.clone());
        launcher
            .or_insert_with(|| Launcher {
                version,
                builds: Vec::new(),
            })
            .builds
            .push(build);
        self
    }

    pub(crate) fn host(
        mut self,
        name: &str,
        version: &str,
        python: &str,
        modules: &[(&str, &str)],
    ) -> Self {
        let modules = modules
            .iter()
            .map(|(name, version)| (name.parse().unwrap(), version.parse().unwrap()));
        self.studio.hosts.push(Host {
            name: name.into(),
            version: version.into(),
            python: HostPython::Series(python.parse().unwrap()),
            systems: vec![System::Linux],
            qt_binding: None,
            modules: modules.collect(),
            place: Place::file(format!("hosts/{name}-{version}.toml")),
        });
        self
    }

    pub(crate) fn bundle(mut self, launcher: &str, addons: &[(&str, &str)]) -> Self {
        let mut bundle = Bundle::new("film", Place::file("bundles/film.json"));
        let pin =
            |(name, version): &(&str, &str)| ((*name).to_owned(), Some((*version).to_owned()));
        bundle.addons = addons.iter().map(pin).collect();
        bundle.installer_version = (!launcher.is_empty()).then(|| launcher.to_owned());
        bundle.is_production = true;
        self.studio.bundles.push(bundle);
        self
    }

    pub(crate) fn effective(&self) -> EffectiveBundle {
        merge(
            &self.studio,
            &select(&self.studio, &Selection::default()).unwrap(),
        )
    }

    pub(crate) fn question(&self, target: &str) -> Question {
        Question::of_bundle(&self.effective(), self::target(target))
    }

    pub(crate) fn resolve(&self, target: &str) -> Result<Resolution, Refusal> {
        resolve(&self.studio, &self.question(target), &|| None)
    }

    /// The refusal's facts as the reader sees them.
    pub(crate) fn refusal(&self, target: &str) -> String {
        match self.resolve(target) {
            Err(Refusal::Conflict(conflict)) => ayon_explain::conflict::text(&conflict, None),
            other => panic!("no conflict: {other:?}"),
        }
    }
}

/// `launcher`, `headless` or `NAME/VERSION`, on linux-64.
pub(crate) fn target(process: &str) -> Target {
    use ayon_model::Process;
    let process = match process.split_once('/') {
        Some((name, version)) => Process::Host {
            name: name.into(),
            version: version.into(),
        },
        None if process == "headless" => Process::Headless,
        None => Process::Launcher,
    };
    Target {
        platform: "linux-64".parse().unwrap(),
        process,
    }
}

/// `name range` of everything that is left to install.
pub(crate) fn missing(resolution: &Resolution) -> Vec<String> {
    resolution
        .missing()
        .map(|distribution| format!("{} {}", distribution.name, distribution.set))
        .collect()
}

pub(crate) fn addons(resolution: &Resolution) -> Vec<String> {
    resolution
        .addons
        .iter()
        .map(|addon| format!("{} {}", addon.name, addon.version))
        .collect()
}

fn release(name: &str, version: &str, says: &[&str]) -> AddonRelease {
    let version: Version = version.parse().unwrap();
    let package_file = Place::file(format!("addons/{name}/{version}/package.py"));
    let mut release = AddonRelease {
        name: name.into(),
        version,
        title: None,
        host_name: None,
        project_can_override: true,
        relations: Knowledge::Legacy,
        python: PythonNeeds::default(),
        broken: None,
        package_file,
    };
    let mut relations = Relations::default();
    for line in says {
        say(&mut release, &mut relations, line);
    }
    release.relations = Knowledge::Known(Box::new(relations));
    release
}

fn say(release: &mut AddonRelease, relations: &mut Relations, line: &str) {
    let (verb, rest) = line.split_once(' ').unwrap();
    let (name, range) = rest.split_once(' ').unwrap_or((rest, ""));
    let pyproject = Place::file(format!(
        "addons/{}/{}/private/pyproject.toml",
        release.name, release.version
    ));
    let origin = |key: &str| ayon_model::Origin::new(release.subject(), pyproject.at(key, None));
    match verb {
        "server" => relations.server = Some(VersionRange::read(rest)),
        "launcher" => relations.launcher = Some(VersionRange::read(rest)),
        "requires" => drop(
            relations
                .required
                .insert(name.into(), Some(VersionRange::read(range))),
        ),
        "avoids" => drop(relations.required.insert(name.into(), None)),
        "soft" => drop(
            relations
                .soft_required
                .insert(name.into(), Some(VersionRange::read(range))),
        ),
        "compatible" => drop(
            relations
                .compatible
                .insert(name.into(), Some(VersionRange::read(range))),
        ),
        "python" => {
            let origin = origin("tool.poetry.dependencies.python");
            let set = parse_constraint(rest).unwrap();
            release.python.interpreter = Some(InterpreterRequirement {
                set,
                text: rest.to_owned(),
                origin,
            });
        }
        "needs" | "runtime" | "needs-if" => {
            let (range, marker) = range.split_once(" ; ").unwrap_or((range, ""));
            let (half, table) = match verb {
                "runtime" => (Half::Runtime, "ayon.runtimeDependencies"),
                _ => (Half::Dependencies, "tool.poetry.dependencies"),
            };
            let origin = origin(&format!("{table}.{name}"));
            for mut dependency in parse_dependency(name, &value(range)).unwrap() {
                if !marker.is_empty() {
                    dependency.marker = Some(marker.parse().unwrap());
                }
                let origin = origin.clone();
                release.python.distributions.push(PythonRequirement {
                    dependency,
                    half,
                    system: None,
                    origin,
                });
            }
        }
        _ => panic!("{line}"),
    }
}

fn value(text: &str) -> Value {
    match text.strip_prefix("git ") {
        Some(url) => Value::Table([("git".to_owned(), Value::from(url))].into()),
        None => Value::String(text.to_owned()),
    }
}
