//! A small lock as a studio would have it, for the tests that look at text.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_lock::{Digest, InputKind, InputName, InputState, Inputs, Lock, Subject};
use ayon_model::{
    AddonName, GivenPython, Half, Origin, Place, Process, Subject as Asking, Target, Variant,
};
use ayon_solve::{
    Artefact, ArtefactFile, Asker, ChosenAddon, ChosenLauncher, Demand, Demander, Edge, Object,
    Resolution, ResolvedDistribution,
};
use pypi::lock::{FileLocation, Lock as Packages, LockTarget, LockedFile, LockedPackage, WantedBy};
use pypi::{Constraint, MarkerEnvironment, OperatingSystem, VersionSet};

/// A target by its platform and process.
pub(crate) fn target(platform: &str, process: Process) -> Target {
    Target {
        platform: platform.parse().unwrap(),
        process,
    }
}

fn asked_by(addon: &str, version: &str, line: u32) -> Origin {
    Origin::new(
        Asking::Addon {
            name: AddonName::from(addon),
            version: version.parse().unwrap(),
        },
        Place {
            file: Arc::from(format!("addons/{addon}/{version}/pyproject.toml")),
            line: Some(line),
            key: Arc::from("tool.poetry.dependencies"),
        },
    )
}

/// A distribution that `addon` asks for.
pub(crate) fn distribution(name: &str, words: &str, addon: (&str, &str)) -> ResolvedDistribution {
    let set = VersionSet::from_specifiers(words).unwrap();
    ResolvedDistribution {
        name: name.parse().unwrap(),
        extras: [].into(),
        set: set.clone(),
        source: None,
        given: None,
        askers: vec![Asker {
            origin: asked_by(addon.0, addon.1, 12),
            text: words.to_owned(),
            constraint: Constraint::Versions {
                set,
                text: words.to_owned(),
            },
            extras: [].into(),
            half: Half::Dependencies,
        }],
    }
}

/// An artefact with a file, which `by` wants.
pub(crate) fn artefact(name: &str, version: &str, by: Demander) -> Artefact {
    let file_name = format!("{name}-{version}-0.conda");
    Artefact {
        name: name.to_owned(),
        version: version.to_owned(),
        build: Some("0".to_owned()),
        location: "https://channel.invalid/forge".to_owned(),
        form: "conda".to_owned(),
        requires: vec!["python >=3.9".to_owned(), "libzlib".to_owned()],
        file: Some(ArtefactFile {
            url: format!("https://channel.invalid/forge/noarch/{file_name}"),
            name: file_name,
            size: Some(1200),
            sha256: Some(Digest::of(name).to_string()[7..].to_owned()),
            md5: None,
        }),
        wanted_by: vec![Demand {
            by,
            words: format!("{name} >=1"),
        }],
        record: Some(format!("{{\"name\":\"{name}\",\"noarch\":\"python\"}}")),
    }
}

fn packages() -> Packages {
    let python = "3.11.9".parse().unwrap();
    let file = |name: &str| LockedFile {
        name: name.to_owned(),
        location: FileLocation::Url(format!("https://files.invalid/{name}")),
        size: Some(64_000),
        uploaded: Some("2026-01-02T03:04:05.678Z".parse().unwrap()),
        hashes: [(
            "sha256".to_owned(),
            Digest::of(name).to_string()[7..].to_owned(),
        )]
        .into(),
    };
    let requests = LockedPackage {
        name: "requests".parse().unwrap(),
        version: Some("2.31.0".parse().unwrap()),
        requires_python: Some(">=3.7".to_owned()),
        index: Some("https://index.invalid/simple".to_owned()),
        extras: [].into(),
        origin: pypi::lock::Origin::Files {
            wheels: vec![file("requests-2.31.0-py3-none-any.whl")],
            sdist: Some(file("requests-2.31.0.tar.gz")),
        },
        dependencies: ["idna", "urllib3"].map(|name| name.parse().unwrap()).into(),
        wanted_by: vec![WantedBy {
            who: "addon core 1.2.3".to_owned(),
            requirement: "requests>=2".to_owned(),
            is_root: true,
        }],
        half: Some("dependencies".to_owned()),
        held_back: None,
        is_yanked: false,
    };
    Packages {
        target: LockTarget {
            environment: MarkerEnvironment::new(OperatingSystem::Linux, "x86_64", &python),
            marker: "sys_platform == 'linux'".to_owned(),
            requires_python: ">=3.11.9,<3.12".to_owned(),
            platform: "linux x86_64, glibc 2.28".to_owned(),
        },
        packages: vec![requests],
    }
}

/// What the launcher, or another process, gets on `platform`.
pub(crate) fn resolution(platform: &str, process: Process) -> Resolution {
    let bundle = Origin::new(
        Asking::Bundle(Arc::from("spring")),
        Place::file("bundles/spring.json").at("addons.core", None),
    );
    let launcher = Origin::new(
        Asking::Launcher(Arc::from("1.6.3")),
        Place::file("installers.json").at("pythonModules", None),
    );
    let core = ("core", "1.2.3");
    let python = Demander::Artefact("opentimelineio".to_owned());
    let is_launcher = process == Process::Launcher;
    let distributions = [
        distribution("opentimelineio", ">=0.16,<0.17", core),
        distribution("requests", ">=2", core),
    ];
    Resolution {
        bundle: Some(Arc::from("spring")),
        target: target(platform, process),
        addons: vec![ChosenAddon {
            name: AddonName::from("core"),
            version: "1.2.3".parse().unwrap(),
            host_name: None,
            development: None,
        }],
        launcher: ChosenLauncher {
            version: "1.6.3".parse().unwrap(),
            filename: format!("launcher-1.6.3-{platform}.zip"),
        },
        python: GivenPython::new(&"3.11.9".parse().unwrap(), launcher.clone()),
        distributions: distributions
            .into_iter()
            .map(|one| (one.name.clone(), one))
            .collect(),
        modules: ["acre", "six"]
            .map(|name| {
                let version = "1.0.0".parse().unwrap();
                let origin = launcher.clone();
                (name.parse().unwrap(), ayon_model::Given { version, origin })
            })
            .into(),
        edges: vec![Edge {
            origin: bundle,
            object: Object::Addon(AddonName::from("core")),
            range: "1.2.3".to_owned(),
        }],
        artefacts: vec![
            artefact("python", "3.11.9", python),
            artefact(
                "opentimelineio",
                "0.16.0",
                Demander::Origin(asked_by("core", "1.2.3", 12)),
            ),
        ],
        assumptions: BTreeMap::from([(
            "channels",
            vec!["https://channel.invalid/forge".to_owned()],
        )]),
        lock: is_launcher.then(|| Arc::new(packages())),
    }
}

/// The resolutions of the sample's three targets.
pub(crate) fn all() -> Vec<Resolution> {
    vec![
        resolution("linux-64", Process::Launcher),
        resolution("linux-64", Process::Headless),
        resolution(
            "win-64",
            Process::Host {
                name: Arc::from("maya"),
                version: Arc::from("2025"),
            },
        ),
    ]
}

pub(crate) fn subject() -> Subject {
    Subject {
        bundle: Some(Arc::from("spring")),
        variant: Some(Variant::Staging),
        project: Some("show01".to_owned()),
        backend: Some("conda".to_owned()),
    }
}

pub(crate) fn inputs() -> Inputs {
    let value = |value: &str| Some(value.to_owned());
    let input = |kind, name: &str, value, content: Option<&str>| {
        let state = InputState {
            value,
            digest: content.map(Digest::of),
        };
        (InputName::new(kind, name), state)
    };
    Inputs::from([
        input(InputKind::Bundle, "spring", None, Some("spring")),
        input(InputKind::Addon, "core", value("1.2.3"), Some("core")),
        input(InputKind::Option, "prereleases", value("no"), None),
    ])
}

pub(crate) fn lock() -> Lock {
    Lock::of(subject(), inputs(), all()).unwrap()
}
