//! A small studio around the made-up resolution of `ayon-backend`: its launcher, its four addons, its bundle.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ayon_backend::Resolution;
use ayon_backend::example::{ask, resolution, target};
use ayon_backend_rez::publish::{self, Facts, Publication, PublishError};
use ayon_model::{
    Addon, AddonName, AddonRelease, Bundle, EffectiveBundle, Half, InterpreterRequirement,
    Knowledge, Launcher, LauncherBuild, Origin, Place, Process, PythonNeeds, PythonRequirement,
    Relations, Studio, System, VersionRange,
};
use pypi::poetry::{Value, parse_constraint, parse_dependency};

/// Facts that a test may change before it publishes them.
pub(crate) struct World {
    pub(crate) studio: Studio,
    pub(crate) bundle: EffectiveBundle,
    pub(crate) resolutions: Vec<Resolution>,
    pub(crate) options: publish::Options,
}

impl World {
    /// Bundle `spring`, live for staging, for any process and for Maya 2024 on Linux.
    pub(crate) fn new() -> Self {
        let mut bundle = Bundle::new("spring", Place::file("bundles/spring.json"));
        bundle.is_staging = true;
        let mut plain = resolution();
        plain.bundle = Some("spring".into());
        plain.target = target(Process::Headless, "linux-64");
        plain
            .addons
            .iter_mut()
            .for_each(|addon| addon.development = None);
        ask(&mut plain, "core", "clique>=1.6,<1.7");
        let mut maya = plain.clone();
        let process = Process::Host {
            name: "maya".into(),
            version: "2024".into(),
        };
        maya.target = target(process, "linux-64");
        maya.python =
            ayon_model::GivenPython::new(&"3.10".parse().unwrap(), maya.python.origin.clone());
        ask(&mut maya, "core", "tomli>=2");
        let effective = EffectiveBundle {
            name: "spring".into(),
            studio_bundle: "spring".into(),
            addons: indexmap::IndexMap::new(),
            installer_version: Some("1.6.3".into()),
            dependency_packages: BTreeMap::new(),
            development: BTreeMap::new(),
            place: bundle.place.clone(),
            findings: Vec::new(),
        };
        Self {
            studio: studio(&plain, bundle),
            bundle: effective,
            resolutions: vec![plain, maya],
            options: publish::Options {
                timestamp: 1_763_709_120,
                ..publish::Options::default()
            },
        }
    }

    /// The release of an addon, to be changed.
    pub(crate) fn release(&mut self, name: &str) -> &mut AddonRelease {
        let releases = &mut self.studio.addons.get_mut(name).unwrap().releases;
        Arc::make_mut(releases.values_mut().next().unwrap())
    }

    /// The relations of an addon, to be changed.
    pub(crate) fn relations(&mut self, name: &str) -> &mut Relations {
        match &mut self.release(name).relations {
            Knowledge::Known(relations) => relations,
            other => panic!("{other:?}"),
        }
    }

    /// Lets ftrack require core in a range.
    pub(crate) fn require_core(&mut self, text: &str) {
        let required = &mut self.relations("ftrack").required;
        required.insert("core".into(), Some(range(text)));
    }

    pub(crate) fn plan(&self) -> Result<Publication, PublishError> {
        let facts = Facts {
            studio: &self.studio,
            bundle: &self.bundle,
            resolutions: &self.resolutions,
        };
        publish::plan(&facts, &self.options)
    }

    pub(crate) fn write(&self, repository: &Path) -> Result<publish::Report, publish::WriteError> {
        publish::write(&self.plan().unwrap(), repository)
    }

    /// The text of the package of a family; of the last one if there are several.
    pub(crate) fn text(&self, family: &str) -> String {
        let packages = self.plan().unwrap().packages;
        packages
            .into_iter()
            .rfind(|package| package.family == family)
            .unwrap()
            .text
    }
}

pub(crate) fn range(text: &str) -> VersionRange {
    VersionRange::read(text)
}

/// A requirement of Python, in the words of Poetry.
pub(crate) fn python(name: &str, constraint: &str, half: Half) -> PythonRequirement {
    let dependency = parse_dependency(name, &Value::String(constraint.to_owned())).unwrap();
    PythonRequirement {
        dependency: dependency.into_iter().next().unwrap(),
        half,
        system: None,
        origin: Origin::request(),
    }
}

fn studio(resolution: &Resolution, bundle: Bundle) -> Studio {
    let mut studio = Studio {
        label: "sample".to_owned(),
        bundles: vec![bundle],
        ..Studio::default()
    };
    for chosen in &resolution.addons {
        let release = AddonRelease {
            name: chosen.name.clone(),
            version: chosen.version.clone(),
            title: None,
            host_name: chosen.host_name.clone(),
            project_can_override: false,
            relations: Knowledge::Known(Box::new(relations(&chosen.name))),
            python: needs(&chosen.name),
            broken: None,
            package_file: Place::file(format!("addons/{}/package.py", chosen.name)),
        };
        let addon = Addon {
            name: chosen.name.clone(),
            releases: [(chosen.version.clone(), Arc::new(release))].into(),
        };
        studio.addons.insert(chosen.name.clone(), addon);
    }
    let build = |system, filename: &str| LauncherBuild {
        filename: filename.to_owned(),
        system,
        distribution: None,
        python: None,
        modules: BTreeMap::new(),
        runtime_modules: BTreeMap::new(),
        unversioned_modules: BTreeMap::new(),
        place: Place::file("launchers.json"),
    };
    let launcher = Launcher {
        version: resolution.launcher.version.clone(),
        builds: vec![
            build(System::Linux, "AYON-1.6.3-linux-rocky9.tar.gz"),
            build(System::Windows, "AYON-1.6.3-win.exe"),
        ],
    };
    studio.launchers.insert(launcher.version.clone(), launcher);
    studio
}

fn relations(addon: &AddonName) -> Relations {
    let mut relations = Relations::default();
    match addon.as_str() {
        "core" => {
            relations.server = Some(range(">=1.8.4,<2.0.0"));
            relations.launcher = Some(range(">=1.5.4"));
            relations
                .compatible
                .insert("deadline".into(), Some(range(">=0.6.0")));
        }
        "ftrack" => {
            relations
                .required
                .insert("core".into(), Some(range(">=0.4.3,<2.0.0")));
            relations
                .soft_required
                .insert("applications".into(), Some(range(">0.2.4")));
            relations.soft_required.insert("slack".into(), None);
            relations.required.insert("openpype".into(), None);
        }
        _ => drop(
            relations
                .required
                .insert("core".into(), Some(range(">=1.0.0"))),
        ),
    }
    relations
}

fn needs(addon: &AddonName) -> PythonNeeds {
    let mut needs = PythonNeeds::default();
    if addon.as_str() == "core" {
        let text = ">=3.9.1,<3.12";
        needs.interpreter = Some(InterpreterRequirement {
            set: parse_constraint(text).unwrap(),
            text: text.to_owned(),
            origin: Origin::request(),
        });
        needs.distributions = vec![
            python("clique", "1.6.*", Half::Dependencies),
            python("Click", "^8", Half::Runtime),
            // Two conditions, two ranges: the package allows both.
            python("tomli", ">=2,<3", Half::Dependencies),
            python("tomli", "1.2.3", Half::Dependencies),
            python("anything", "*", Half::Dependencies),
        ];
    }
    needs
}
