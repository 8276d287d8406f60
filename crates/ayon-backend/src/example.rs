//! A made-up resolution to test backends with, ours and others' (feature `example`).
//!
//! ```
//! use ayon_backend::example;
//!
//! let mut resolution = example::resolution();
//! example::ask(&mut resolution, "core", "clique>=1.6,<2");
//! example::ask(&mut resolution, "ftrack", "clique<1.7");
//! let clique = resolution.missing().next().expect("somebody asks for it and nobody has it");
//! assert_eq!(clique.set.to_string(), ">=1.6,<1.7");
//! ```

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use ayon_model::{Given, GivenPython, Half, Origin, Place, Process, Subject, Target};
use pypi::{Constraint, DistributionName, Requirement};

use crate::{Asker, ChosenAddon, ChosenLauncher, Resolution, ResolvedDistribution};

const LAUNCHER: &str = "1.6.3";

/// The bundle `staging` for its launcher on 64-bit Linux: four addons, one of them from a developer's folder, and Python
/// 3.11.9. Nobody asks for any distribution yet.
pub fn resolution() -> Resolution {
    let addon = |name: &str, version, host: Option<&str>, folder: Option<&str>| ChosenAddon {
        name: name.into(),
        version,
        host_name: host.map(str::to_owned),
        development: folder.map(PathBuf::from),
    };
    let mut git = semver::Version::new(0, 6, 4);
    git.build = semver::BuildMetadata::new("git").unwrap_or_default();
    Resolution {
        bundle: Some(Arc::from("staging")),
        target: target(Process::Launcher, "linux-64"),
        addons: vec![
            addon("core", semver::Version::new(1, 9, 7), None, None),
            addon("ftrack", semver::Version::new(1, 6, 4), None, None),
            addon(
                "maya",
                semver::Version::new(0, 6, 5),
                Some("maya"),
                Some("/home/dev/ayon-maya"),
            ),
            addon("shotgrid", git, None, None),
        ],
        launcher: ChosenLauncher {
            version: semver::Version::new(1, 6, 3),
            filename: format!("AYON-{LAUNCHER}-linux-rocky9.tar.gz"),
        },
        python: GivenPython::new(&version("3.11.9"), provider()),
        distributions: BTreeMap::new(),
        modules: BTreeMap::new(),
        edges: Vec::new(),
        artefacts: Vec::new(),
        assumptions: BTreeMap::new(),
        lock: None,
    }
}

/// A target; `platform` is spelled as on the command line.
///
/// # Panics
/// There is no such platform.
pub fn target(process: Process, platform: &str) -> Target {
    Target {
        platform: platform.parse().expect("a platform"),
        process,
    }
}

/// One more requirement, in the words of PEP 508, of an addon of the resolution.
///
/// # Panics
/// It is no requirement, or there is no such addon.
pub fn ask(resolution: &mut Resolution, addon: &str, requirement: &str) {
    let requirement: Requirement = requirement.parse().expect("a requirement");
    let addon = resolution
        .addons
        .iter()
        .find(|chosen| chosen.name.as_str() == addon)
        .expect("an addon");
    let subject = Subject::Addon {
        name: addon.name.clone(),
        version: addon.version.clone(),
    };
    let file = format!(
        "addons/{}_{}/private/pyproject.toml",
        addon.name, addon.version
    );
    let line = u32::try_from(resolution.distributions.len()).unwrap_or_default() + 10;
    let asker = Asker {
        origin: Origin::new(
            subject,
            Place::file(file).at("tool.poetry.dependencies", Some(line)),
        ),
        text: requirement.constraint.to_string(),
        constraint: requirement.constraint.clone(),
        extras: requirement.extras.clone(),
        half: Half::Dependencies,
    };
    let distribution = entry(resolution, &requirement.name);
    distribution.extras.extend(requirement.extras);
    match requirement.constraint {
        Constraint::Versions { set, .. } => distribution.set = distribution.set.intersection(&set),
        Constraint::Source(source) => distribution.source = Some(source),
    }
    distribution.askers.push(asker);
}

/// The launcher has `name` at `text` already.
///
/// # Panics
/// One of them is not what it should be.
pub fn give(resolution: &mut Resolution, name: &str, text: &str) {
    let given = Given {
        version: version(text),
        origin: provider(),
    };
    let name: DistributionName = name.parse().expect("a name");
    resolution.modules.insert(name.clone(), given.clone());
    entry(resolution, &name).given = Some(given);
}

fn entry<'a>(
    resolution: &'a mut Resolution,
    name: &DistributionName,
) -> &'a mut ResolvedDistribution {
    resolution
        .distributions
        .entry(name.clone())
        .or_insert_with(|| ResolvedDistribution::new(name.clone()))
}

fn provider() -> Origin {
    Origin::new(
        Subject::Launcher(Arc::from(LAUNCHER)),
        Place::file("launchers.json"),
    )
}

fn version(text: &str) -> pypi::Version {
    text.parse().expect("a version")
}
