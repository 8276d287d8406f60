//! Made-up resolutions: a small studio in which everything happens once, and one of three hundred packages.
//!
//! Lines read as people would say them: `addon core 1.9.7 needs clique>=1.6`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ayon_model::{
    AddonName, Given, GivenPython, Half, Origin, Place, Platform, Process, Subject, System, Target,
};
use ayon_solve::{
    Artefact, Asker, ChosenAddon, ChosenLauncher, Conflict, Demand, Demander, Edge, Fact, Object,
    Resolution, ResolvedDistribution, Verb,
};
use pypi::lock::{HeldBack, Lock, LockTarget, LockedPackage, WantedBy};
use pypi::{DistributionName, MarkerEnvironment, OperatingSystem, Requirement, VersionSet};

/// A resolution in the making.
pub(crate) struct Made(pub(crate) Resolution);

pub(crate) fn launcher() -> Target {
    Target {
        platform: Platform::usual(System::Linux),
        process: Process::Launcher,
    }
}

fn place(file: &str, key: &str) -> Place {
    Place::file(file).at(key, None)
}

fn addon_origin(name: &str, version: &str) -> Origin {
    let subject = Subject::Addon {
        name: name.into(),
        version: version.parse().unwrap(),
    };
    Origin::new(
        subject,
        place(
            &format!("{name}/client/pyproject.toml"),
            "tool.poetry.dependencies",
        ),
    )
}

/// A bundle with launcher 1.6.3 and Python 3.9.
pub(crate) fn bundle(name: &str) -> Made {
    let launcher_origin = Origin::new(
        Subject::Launcher("1.6.3".into()),
        place("launchers/1.6.3.json", "pythonVersion"),
    );
    let pin = Origin::new(
        Subject::Bundle(name.into()),
        place("bundles.json", "installerVersion"),
    );
    Made(Resolution {
        bundle: Some(name.into()),
        target: launcher(),
        addons: Vec::new(),
        launcher: ChosenLauncher {
            version: "1.6.3".parse().unwrap(),
            filename: "AYON-1.6.3-linux.tar.gz".to_owned(),
        },
        python: GivenPython {
            set: VersionSet::from_specifiers("==3.9.13").unwrap(),
            version: "3.9.13".parse().unwrap(),
            is_exact: true,
            origin: launcher_origin,
        },
        distributions: BTreeMap::new(),
        modules: BTreeMap::new(),
        edges: vec![Edge {
            origin: pin,
            object: Object::Launcher,
            range: "1.6.3".to_owned(),
        }],
        artefacts: Vec::new(),
        assumptions: BTreeMap::new(),
        lock: None,
    })
}

impl Made {
    /// The launcher has a module.
    pub(crate) fn module(mut self, name: &str, version: &str) -> Self {
        let origin = Origin::new(
            Subject::Launcher("1.6.3".into()),
            place("launchers/1.6.3.json", "pythonModules"),
        );
        let given = Given {
            version: version.parse().unwrap(),
            origin,
        };
        self.0.modules.insert(name.parse().unwrap(), given);
        self
    }

    /// The bundle pins an addon, which needs these distributions and, after `addon`, these addons.
    pub(crate) fn addon(mut self, name: &str, version: &str, needs: &[&str]) -> Self {
        let bundle = self.0.bundle.clone().unwrap();
        self.0.addons.push(ChosenAddon {
            name: name.into(),
            version: version.parse().unwrap(),
            host_name: None,
            development: None,
        });
        self.0.edges.push(Edge {
            origin: Origin::new(
                Subject::Bundle(bundle),
                place("bundles.json", &format!("addons.{name}")),
            ),
            object: Object::Addon(name.into()),
            range: version.to_owned(),
        });
        for need in needs {
            let origin = addon_origin(name, version);
            if let Some(rest) = need.strip_prefix("addon ") {
                let (other, range) = rest.split_once(' ').unwrap();
                self.0.edges.push(Edge {
                    origin,
                    object: Object::Addon(other.into()),
                    range: range.to_owned(),
                });
            } else {
                self.asks(origin, need);
            }
        }
        self
    }

    fn asks(&mut self, origin: Origin, words: &str) {
        let requirement: Requirement = words.parse().unwrap();
        let given = self.0.modules.get(&requirement.name).cloned();
        let distributions = &mut self.0.distributions;
        let distribution = distributions
            .entry(requirement.name.clone())
            .or_insert_with(|| ResolvedDistribution {
                name: requirement.name.clone(),
                extras: BTreeSet::new(),
                set: VersionSet::any(),
                source: None,
                given,
                askers: Vec::new(),
            });
        if let pypi::Constraint::Versions { set, .. } = &requirement.constraint {
            distribution.set = distribution.set.intersection(set);
        }
        distribution.askers.push(Asker {
            origin,
            text: requirement.constraint.to_string(),
            constraint: requirement.constraint,
            extras: requirement.extras,
            half: Half::Dependencies,
        });
    }

    /// A venv's solver chose this; `wanted` is `who: requirement`.
    pub(crate) fn locked(mut self, name: &str, version: &str, wanted: &[&str]) -> Self {
        let wanted_by = wanted.iter().map(|wanted| {
            let (who, requirement) = wanted.split_once(": ").unwrap();
            WantedBy {
                who: who.to_owned(),
                requirement: requirement.to_owned(),
                is_root: who.starts_with("addon") || who.starts_with("your"),
            }
        });
        let package = LockedPackage {
            name: name.parse().unwrap(),
            version: Some(version.parse().unwrap()),
            requires_python: None,
            index: Some("https://index.invalid/simple".to_owned()),
            extras: BTreeSet::new(),
            origin: pypi::lock::Origin::Files {
                wheels: Vec::new(),
                sdist: None,
            },
            dependencies: BTreeSet::new(),
            wanted_by: wanted_by.collect(),
            half: None,
            held_back: None,
            is_yanked: false,
        };
        let lock = self.0.lock.get_or_insert_with(|| {
            Arc::new(Lock {
                target: lock_target(),
                packages: Vec::new(),
            })
        });
        Arc::make_mut(lock).packages.push(package);
        self
    }

    /// The last locked package is not the newest.
    pub(crate) fn held_back(mut self, newest: &str, by: &[&str]) -> Self {
        let lock = Arc::make_mut(self.0.lock.as_mut().unwrap());
        lock.packages.last_mut().unwrap().held_back = Some(HeldBack {
            newest: newest.parse().unwrap(),
            by: by.iter().map(|by| (*by).to_owned()).collect(),
        });
        self
    }

    /// Conda or rez chose this; `wanted` is `who: words`, where who is an addon (`addon core 1.0.0`) or an artefact.
    pub(crate) fn artefact(
        mut self,
        name: &str,
        version: &str,
        requires: &[&str],
        wanted: &[&str],
    ) -> Self {
        let demand = |wanted: &&str| {
            let (who, words) = wanted.split_once(": ").unwrap();
            let by = match who.split(' ').collect::<Vec<_>>()[..] {
                ["addon", name, version] => Demander::Origin(addon_origin(name, version)),
                _ => Demander::Artefact(who.to_owned()),
            };
            Demand {
                by,
                words: words.to_owned(),
            }
        };
        self.0.artefacts.push(Artefact {
            name: name.to_owned(),
            version: version.to_owned(),
            location: "conda-forge".to_owned(),
            requires: requires.iter().map(|words| (*words).to_owned()).collect(),
            wanted_by: wanted.iter().map(demand).collect(),
            ..Artefact::default()
        });
        self
    }
}

fn lock_target() -> LockTarget {
    LockTarget {
        environment: MarkerEnvironment::new(
            OperatingSystem::Linux,
            "x86_64",
            &"3.9.13".parse().unwrap(),
        ),
        marker: "sys_platform == 'linux'".to_owned(),
        requires_python: ">=3.9,<3.10".to_owned(),
        platform: "linux x86_64, glibc 2.28".to_owned(),
    }
}

/// Everything once: a module that is asked for and one that is not, a package that is held back, a way through packages.
pub(crate) fn film(name: &str) -> Made {
    bundle(name)
        .module("opentimelineio", "0.17.0")
        .module("pyside6", "6.5.2")
        .addon("core", "1.6.11", &["opentimelineio>=0.15", "requests>=2.28"])
        .addon("ftrack", "1.6.4", &["addon core >=1.6.0", "ftrack-python-api>=2,<3"])
        .addon("kitsu", "1.2.6", &["addon core >=1.5.0", "requests>=2.30"])
        .locked("ftrack-python-api", "2.5.4", &["addon ftrack 1.6.4 (ftrack/client/pyproject.toml, tool.poetry.dependencies): ftrack-python-api>=2,<3"])
        .held_back("3.1.0", &["addon ftrack 1.6.4 (ftrack-python-api>=2,<3)"])
        .locked("requests", "2.32.4", &["ftrack-python-api 2.5.4: requests<3,>=2"])
        .locked("urllib3", "2.2.0", &["requests 2.32.4: urllib3<3,>=1.21.1", "ftrack-python-api 2.5.4: urllib3<2.3"])
        .held_back("2.7.0", &["ftrack-python-api 2.5.4 (urllib3<2.3)"])
        .locked("websocket-client", "0.59.0", &["ftrack-python-api 2.5.4: websocket-client<1,>=0.40.0"])
        .held_back("1.9.0", &["ftrack-python-api 2.5.4 (websocket-client<1,>=0.40.0)"])
}

/// `count` locked packages below thirty addons, in the shape that real environments have: a few that everybody needs, many
/// that one other needs.
pub(crate) fn large(name: &str, count: usize, seed: usize) -> Made {
    let mut state = seed as u64 + 1;
    let mut random = |below: usize| {
        // Knuth's MMIX generator: any will do that is the same everywhere.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below.max(1)
    };
    let package = |index: usize| {
        format!(
            "{}-{}",
            WORDS[index % WORDS.len()],
            SECOND[index / WORDS.len() % SECOND.len()]
        )
    };
    let mut made = bundle(name);
    for index in 0..60 {
        made = made.module(&format!("module-{index}"), "1.0");
    }
    for (index, addon) in ADDONS.iter().enumerate() {
        let mut needs: Vec<String> = (0..=random(4))
            .map(|_| format!("{}>={}", package(random(40)), random(3)))
            .collect();
        needs.sort();
        needs.dedup();
        if index > 0 {
            needs.push("addon core >=1.0.0".to_owned());
        }
        if index % 3 == 0 {
            needs.push(format!("module-{}>=0.9", random(12)));
        }
        let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
        made = made.addon(addon, &format!("1.{}.{}", random(9), random(20)), &needs);
    }
    let versions: Vec<String> = (0..count)
        .map(|_| format!("{}.{}.{}", random(5), random(20), random(9)))
        .collect();
    for index in 0..count {
        // Needed by some that come before it; a few are needed by many.
        let many = if index % 23 == 22 { 9 } else { 1 + random(2) };
        let mut wanted = Vec::new();
        for _ in 0..if index < 30 { 0 } else { many } {
            let (by, least, most) = (random(index), random(2), 5 + random(4));
            let (who, what) = (package(by), package(index));
            wanted.push(format!("{who} {}: {what}>={least},<{most}", versions[by]));
        }
        wanted.sort();
        if index < 30 {
            wanted.push(format!("your request: {}", package(index)));
        }
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        made = made.locked(&package(index), &versions[index], &wanted);
        if index % 17 == 0
            && let Some(by) = wanted.first()
        {
            let (who, words) = by.split_once(": ").unwrap();
            made = made.held_back("99.0", &[&format!("{who} ({words})")]);
        }
    }
    made
}

/// Names that would be markup, were they not escaped.
pub(crate) fn hostile() -> Made {
    bundle("<script>broken = 1</script>")
        .artefact(
            "</script><script>broken = 1</script>",
            "<!--",
            &["\"onload=\"broken = 1"],
            &[],
        )
        .artefact("]]>&amp;\u{1b}[2J\\", "'\"", &[], &[])
}

/// The same some releases ago: without the last packages and an addon, others in an older version.
pub(crate) fn earlier(made: Made, name: &str) -> Made {
    let mut resolution = made.0;
    resolution.bundle = Some(name.into());
    for edge in &mut resolution.edges {
        if matches!(edge.origin.subject, Subject::Bundle(_)) {
            edge.origin.subject = Subject::Bundle(name.into());
        }
    }
    let gone = [ADDONS[28], ADDONS[29]];
    let is_gone = |origin: &Origin| match &origin.subject {
        Subject::Addon { name, .. } => gone.contains(&name.as_str()),
        _ => false,
    };
    resolution
        .addons
        .retain(|addon| !gone.contains(&addon.name.as_str()));
    resolution.edges.retain(|edge| {
        let is_pin = matches!(&edge.object, Object::Addon(name) if gone.contains(&name.as_str()));
        !is_pin && !is_gone(&edge.origin)
    });
    for distribution in resolution.distributions.values_mut() {
        distribution.askers.retain(|asker| !is_gone(&asker.origin));
    }
    resolution.addons[1].version = "1.0.0".parse().unwrap();
    let lock = Arc::make_mut(resolution.lock.as_mut().unwrap());
    lock.packages.truncate(lock.packages.len() - 4);
    for (index, package) in lock.packages.iter_mut().enumerate() {
        if index % 19 == 3 {
            package.version = "0.9".parse().ok();
        }
        if index % 41 == 40
            && let Some(wanted) = package.wanted_by.first_mut()
        {
            wanted.requirement = format!("{}>=0.1", package.name);
        }
    }
    Made(resolution).addon("celaction", "0.2.0", &[])
}

/// The conflict everybody meets: what the launcher has against what two releases of an addon want.
pub(crate) fn conflict() -> Conflict {
    let editorial = |version: &str| Subject::Addon {
        name: name("editorial"),
        version: version.parse().unwrap(),
    };
    let otio = || Object::Distribution("opentimelineio".parse::<DistributionName>().unwrap());
    let fact = |subject: Subject, verb, object, range: &str, file: &str| Fact {
        origins: vec![Origin::new(subject.clone(), place(file, ""))],
        subjects: vec![subject],
        verb,
        object,
        range: range.to_owned(),
    };
    let mut both = fact(
        editorial("0.4.1"),
        Verb::Needs,
        otio(),
        "<0.16",
        "editorial/client/pyproject.toml",
    );
    both.subjects.push(editorial("0.4.2"));
    Conflict {
        target: launcher(),
        facts: vec![
            fact(
                Subject::Launcher("1.1.2".into()),
                Verb::Provides,
                otio(),
                "0.17.0",
                "launchers/1.1.2.json",
            ),
            both,
            fact(
                editorial("0.5.0"),
                Verb::Needs,
                otio(),
                ">=0.18",
                "editorial/client/pyproject.toml",
            ),
            fact(
                Subject::Bundle("film".into()),
                Verb::Needs,
                Object::Addon(name("editorial")),
                ">=0.4,<1",
                "bundles.json",
            ),
            fact(
                Subject::Bundle("film".into()),
                Verb::Pins,
                Object::Launcher,
                "1.1.2",
                "bundles.json",
            ),
        ],
    }
}

fn name(text: &str) -> AddonName {
    text.into()
}

const ADDONS: [&str; 30] = [
    "core",
    "maya",
    "nuke",
    "houdini",
    "blender",
    "usd",
    "ftrack",
    "kitsu",
    "shotgrid",
    "deadline",
    "royalrender",
    "applications",
    "traypublisher",
    "resolve",
    "hiero",
    "flame",
    "fusion",
    "harmony",
    "photoshop",
    "aftereffects",
    "substancepainter",
    "unreal",
    "zbrush",
    "max",
    "motionbuilder",
    "openrv",
    "sitesync",
    "slack",
    "clockify",
    "editorial",
];
const WORDS: [&str; 20] = [
    "aurora", "basalt", "cinder", "delta", "ember", "fathom", "granite", "harbor", "indigo",
    "juniper", "kelp", "lumen", "meadow", "nimbus", "opal", "prairie", "quartz", "ridge", "sable",
    "tundra",
];
const SECOND: [&str; 16] = [
    "client", "core", "io", "http", "cache", "schema", "utils", "media", "math", "image", "auth",
    "queue", "types", "render", "parse", "store",
];
