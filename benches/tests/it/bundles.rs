//! Bundles that are verified: the one that AYON's own dependency tool was run on, and one that must be refused.

use std::collections::BTreeMap;

use ayon_benches::world::GOLDEN;
use ayon_benches::{bundle, effective, launcher_target};
use ayon_model::{Launcher, Studio, Subject, System, Version};
use ayon_solve::{Conflict, Question, Refusal, Resolution, resolve};
use pypi::DistributionName;

use crate::World;

/// Launcher 1.6.3 as the tool met it, with the whole Qt family and Python 3.11.7.
const GOLDEN_LAUNCHER: &str = "1.6.3+py3117";

pub(crate) fn golden_bundle_leaves_nothing_the_launcher_has(world: &World) {
    let (resolution, launcher) = golden(world);
    let build = launcher.builds_for(System::Linux).next().unwrap();
    let qt = [
        "pyside6",
        "pyside6-essentials",
        "pyside6-addons",
        "shiboken6",
        "pyside2",
        "shiboken2",
    ];
    for missing in resolution.missing() {
        let name = missing.name.as_str();
        assert!(!qt.contains(&name), "{name} would be shipped again");
        let given = build
            .modules
            .get(&missing.name)
            .or_else(|| build.runtime_modules.get(&missing.name));
        let satisfied =
            given.is_some_and(|version| missing.source.is_none() && missing.set.contains(version));
        assert!(!satisfied, "{name} is there already at {given:?}");
    }
    // What is subtracted is subtracted because somebody asked for it, not because nobody looked.
    let subtracted: Vec<&str> = resolution
        .distributions
        .values()
        .filter(|distribution| distribution.given.is_some())
        .map(|distribution| distribution.name.as_str())
        .collect();
    assert_eq!(subtracted, ["pygments", "six"]);
}

/// Everything the tool installed because an addon named it is asked for by us too, in the same half.
pub(crate) fn golden_bundle_keeps_what_the_tool_shipped_rightly(world: &World) {
    #[derive(serde::Deserialize)]
    struct Contents {
        dist_info: BTreeMap<String, BTreeMap<String, String>>,
    }
    let text = world
        .shared
        .ayon_text("deptool-golden/run2/zip-contents.json")
        .unwrap();
    let contents: Contents = serde_json::from_str(&text).unwrap();
    let halves = |half: &str| -> BTreeMap<DistributionName, pypi::Version> {
        let listed = contents.dist_info[half].iter();
        listed
            .map(|(name, version)| (name.parse().unwrap(), version.parse().unwrap()))
            .collect()
    };
    let (dependencies, runtime) = (halves("dependencies"), halves("runtime"));
    let (resolution, _) = golden(world);
    for missing in resolution.missing() {
        let name = &missing.name;
        // The tool folds both halves; one wanted by both belongs to the dependencies, once.
        let shipped = dependencies.get(name).or_else(|| runtime.get(name));
        let Some(shipped) = shipped else {
            panic!("the tool did not ship {name}")
        };
        assert!(
            missing.set.contains(shipped),
            "{name} {shipped} is outside what we ask for"
        );
        let is_dependency = missing.half() == ayon_model::Half::Dependencies;
        assert!(
            !is_dependency || dependencies.contains_key(name),
            "{name} is in the other half"
        );
    }
    let asked: Vec<&str> = resolution
        .missing()
        .map(|missing| missing.name.as_str())
        .collect();
    assert_eq!(
        asked,
        [
            "aiohttp-middlewares",
            "click",
            "clique",
            "fonttools",
            "ftrack-python-api",
            "gazu",
            "jsonschema",
            "markdown",
            "opencolorio",
            "opentimelineio",
            "pillow",
            "psutil",
            "pyblish-base",
            "qtawesome",
            "shotgun-api3",
            "slack-sdk",
            "speedcopy",
            "websocket-client"
        ]
    );
}

pub(crate) fn old_core_and_new_launcher_are_refused(world: &World) {
    let conflict = verify(&world.studio, &[("core", "1.6.11")], "1.6.3").unwrap_err();
    let told: Vec<(String, String)> = conflict
        .facts
        .iter()
        .flat_map(|fact| fact.origins.iter())
        .map(|origin| {
            (
                origin.subject.to_string(),
                origin
                    .place
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            )
        })
        .collect();
    let place_of = |subject: &str| {
        let places = told
            .iter()
            .filter(|(told, _)| told == subject)
            .map(|(_, place)| place.as_str());
        places.collect::<Vec<_>>().join("; ")
    };
    assert!(
        place_of("addon core 1.6.11").contains("ynput/ayon-core@1.6.11/client/pyproject.toml"),
        "{told:?}"
    );
    assert!(
        place_of("launcher 1.6.3").contains("launchers.json"),
        "{told:?}"
    );
    let subjects: Vec<&Subject> = conflict
        .facts
        .iter()
        .flat_map(|fact| &fact.subjects)
        .collect();
    assert!(
        subjects.contains(&&Subject::Launcher("1.6.3".into())),
        "{subjects:?}"
    );
    // The pair next to it is fine: it is these two that do not fit.
    assert!(verify(&world.studio, &[("core", "1.6.12")], "1.6.3").is_ok());
    assert!(verify(&world.studio, &[("core", "1.6.11")], "1.5.5").is_ok());
}

/// The golden bundle resolved with the launcher that the recorded server lists.
fn golden(world: &World) -> (Resolution, Launcher) {
    let version: Version = GOLDEN_LAUNCHER.parse().unwrap();
    let launcher = crate::recorded::studio(world).launchers[&version].clone();
    let mut studio = world.studio.clone();
    studio.launchers.insert(version, launcher.clone());
    let resolution = verify(&studio, &GOLDEN, GOLDEN_LAUNCHER);
    (
        resolution.unwrap_or_else(|conflict| panic!("{conflict:#?}")),
        launcher,
    )
}

/// Verifies a bundle for the launcher's process on Linux.
fn verify(studio: &Studio, pins: &[(&str, &str)], launcher: &str) -> Result<Resolution, Conflict> {
    let bundle = bundle("verified", pins.iter().copied(), launcher);
    let question = Question::of_bundle(&effective(studio, &bundle), launcher_target(System::Linux));
    match resolve(studio, &question, &|| None) {
        Ok(resolution) => Ok(resolution),
        Err(Refusal::Conflict(conflict)) => Err(*conflict),
        Err(refusal) => panic!("{refusal}"),
    }
}
