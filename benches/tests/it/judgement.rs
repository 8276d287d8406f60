//! Our judgement against a second one, written from reference `ayon.md` §7 for this test alone.
//!
//! Random bundles: of the corpus, where the versions and ranges are real, and of small made-up studios, where
//! everything occurs that real ones lack: soft requirements, addons that must not be there, ranges that raise.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_model::{
    Addon, AddonName, AddonRelease, JudgementRequest, Knowledge, Place, PythonNeeds, Relations,
    Severity, Studio, Version, VersionRange, judge,
};
use indexmap::IndexMap;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;

use crate::World;
use crate::python_semver::{Raised, satisfied};

/// What the server answers: severity, addon, message, required addon.
type Told = (Severity, String, String, Option<String>);
type Pins = IndexMap<String, Option<String>>;

/// The table of §7, line by line.
fn server(studio: &Studio, addons: &Pins, launcher: Option<&str>) -> Result<Vec<Told>, Raised> {
    let mut told = Vec::new();
    for (addon, version) in addons {
        let Some(version) = version else { continue };
        let mut say = |severity, message: String, required: Option<&str>| {
            told.push((
                severity,
                addon.clone(),
                message,
                required.map(str::to_owned),
            ));
        };
        let listed = studio
            .addons
            .get(addon.as_str())
            .into_iter()
            .flat_map(|addon| addon.releases.values());
        let mut listed = listed.filter(|release| release.version.to_string() == *version);
        let Some(release) = listed.next() else {
            say(
                Severity::Error,
                format!("{addon} {version} is not active"),
                Some(addon),
            );
            continue;
        };
        let Knowledge::Known(relations) = &release.relations else {
            continue;
        };
        if let Some(range) = &relations.server
            && !satisfied(studio.server_version.as_deref().unwrap(), range.text())?
        {
            say(
                Severity::Error,
                format!("Ayon server {} is required", range.text()),
                None,
            );
        }
        if let Some(range) = &relations.launcher {
            let Some(launcher) = launcher else {
                say(Severity::Error, "Launcher is required".to_owned(), None);
                continue;
            };
            if !satisfied(launcher, range.text())? {
                say(
                    Severity::Error,
                    format!("Launcher {} is required", range.text()),
                    None,
                );
            }
        }
        let present = |other: &AddonName| addons.get(other.as_str()).and_then(Option::as_deref);
        for (other, range) in &relations.required {
            let required = Some(other.as_str());
            match (present(other), range) {
                (None, Some(_)) => say(Severity::Error, format!("{other} is required"), required),
                (Some(_), None) => say(
                    Severity::Error,
                    format!("{other} must not be used"),
                    required,
                ),
                (Some(version), Some(range)) if !satisfied(version, range.text())? => {
                    say(
                        Severity::Error,
                        format!("{other} {} is required", range.text()),
                        required,
                    );
                }
                _ => {}
            }
        }
        for (other, range) in &relations.soft_required {
            if let (Some(version), Some(range)) = (present(other), range)
                && !satisfied(version, range.text())?
            {
                say(
                    Severity::Error,
                    format!("{other} {} is required", range.text()),
                    Some(other.as_str()),
                );
            }
        }
        for (other, range) in &relations.compatible {
            if let (Some(version), Some(range)) = (present(other), range)
                && !satisfied(version, range.text())?
            {
                say(
                    Severity::Warning,
                    format!("only compatible with {other} {}", range.text()),
                    Some(other.as_str()),
                );
            }
        }
    }
    Ok(told)
}

/// Both judgements of one request: same issues in the same order, or both a crash.
fn compare(studio: &Studio, addons: &Pins, launcher: Option<&str>) -> Result<(), TestCaseError> {
    let ours = judge(
        studio,
        JudgementRequest {
            addons,
            installer_version: launcher,
        },
    );
    match server(studio, addons, launcher) {
        Err(Raised) => prop_assert!(
            !ours.crashes.is_empty(),
            "the server crashes, ours does not: {addons:?}"
        ),
        Ok(told) => {
            prop_assert_eq!(&ours.crashes, &[]);
            let success = told
                .iter()
                .all(|(severity, ..)| *severity == Severity::Warning);
            prop_assert_eq!(ours.success(), success);
            let ours: Vec<Told> = ours
                .issues
                .into_iter()
                .map(|issue| {
                    (
                        issue.severity,
                        issue.addon,
                        issue.message,
                        issue.required_addon,
                    )
                })
                .collect();
            prop_assert_eq!(ours, told);
        }
    }
    Ok(())
}

/// A version that no studio has, in all the ways there are.
fn odd_version() -> impl Strategy<Value = String> {
    const TEXTS: [&str; 10] = [
        "0.0.0-0",
        "9999999.0.0",
        "1.9",
        "1",
        "",
        "__inherit__",
        "1.0.0 ",
        "01.0.0",
        "1.0.0-01",
        "v1.0.0",
    ];
    select(TEXTS.as_slice()).prop_map(str::to_owned)
}

pub(crate) fn random_bundles_of_the_corpus_are_judged_alike(world: &World) {
    let studio = &world.studio;
    let names: Vec<AddonName> = studio.addons.keys().cloned().collect();
    let launchers: Vec<String> = studio.launchers.keys().map(ToString::to_string).collect();
    let versions = move |name: &AddonName| -> Vec<String> {
        studio.addons[name]
            .releases
            .keys()
            .map(ToString::to_string)
            .collect()
    };
    // Mostly a release there is; sometimes none, one of another addon, or nonsense.
    let pick = (
        any::<Index>(),
        prop_oneof![
            20 => any::<Index>().prop_map(|index| (0_u8, index, String::new())),
            1 => any::<Index>().prop_map(|index| (1, index, String::new())),
            1 => (any::<Index>(), odd_version()).prop_map(|(index, odd)| (2, index, odd)),
        ],
    );
    let launcher = prop_oneof![
        8 => select(launchers).prop_map(Some),
        1 => Just(None),
        1 => odd_version().prop_map(Some),
    ];
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(4000)
    });
    let picks = proptest::collection::vec(pick, 0..14);
    let judged = runner.run(&(picks, launcher), |(picks, launcher)| {
        let mut addons = Pins::new();
        for (name, (kind, version, odd)) in picks {
            let name = name.get(&names);
            let listed = versions(name);
            let version = match kind {
                0 => Some(version.get(&listed).clone()),
                1 => None,
                _ => Some(odd),
            };
            addons.insert(name.as_str().to_owned(), version);
        }
        compare(studio, &addons, launcher.as_deref())
    });
    judged.unwrap_or_else(|failure| panic!("{failure}"));
}

fn range() -> impl Strategy<Value = VersionRange> {
    const PARTS: [&str; 17] = [
        ">=1.0.0",
        ">1.0.0",
        "<2.0.0",
        "<=1.1.0",
        "==1.1.0",
        "!=1.0.0",
        "1.0.0",
        " >=1.0.0 ",
        ">=1.1.0-rc.1",
        "<1.1.0-rc.2",
        "==1.1.0+build",
        "^1.0.0",
        ">= 1.0.0",
        ">1.9",
        "~=1.0",
        "*",
        "",
    ];
    // The sound ones more often than those that raise.
    let part = prop_oneof![4 => select(&PARTS[..11]), 1 => select(PARTS.as_slice())];
    proptest::collection::vec(part, 1..4).prop_map(|parts| VersionRange::read(&parts.join(",")))
}

fn relations() -> impl Strategy<Value = Knowledge> {
    let others = || {
        let entry = (
            select(NAMES.as_slice()),
            proptest::option::weighted(0.8, range()),
        );
        proptest::collection::vec(entry, 0..3).prop_map(|entries| {
            entries
                .into_iter()
                .map(|(name, range)| (AddonName::from(name), range))
                .collect()
        })
    };
    let optional = || proptest::option::weighted(0.3, range());
    let known = (optional(), optional(), others(), others(), others()).prop_map(
        |(server, launcher, required, soft_required, compatible)| {
            let lines = BTreeMap::new();
            Knowledge::Known(Box::new(Relations {
                server,
                launcher,
                required,
                soft_required,
                compatible,
                lines,
            }))
        },
    );
    prop_oneof![9 => known, 1 => Just(Knowledge::Legacy)]
}

const NAMES: [&str; 5] = ["alpha", "beta", "gamma", "delta", "absent"];
const VERSIONS: [&str; 6] = [
    "1.0.0",
    "1.1.0-rc.1",
    "1.1.0-rc.2.1",
    "1.1.0",
    "1.1.0+build",
    "2.0.0",
];

/// A studio of four addons in a few versions each, with any relations between them.
fn studio() -> impl Strategy<Value = Studio> {
    let release = (
        select(&NAMES[..4]),
        select(VERSIONS.as_slice()),
        relations(),
    );
    proptest::collection::vec(release, 1..12).prop_map(|releases| {
        let mut studio = Studio {
            server_version: Some("1.1.0+DEVELOP".to_owned()),
            ..Studio::default()
        };
        for (name, version, relations) in releases {
            let (name, version) = (AddonName::from(name), version.parse::<Version>().unwrap());
            let release = AddonRelease {
                name: name.clone(),
                version: version.clone(),
                title: None,
                host_name: None,
                project_can_override: false,
                relations,
                python: PythonNeeds::default(),
                broken: None,
                package_file: Place::file("package.py"),
            };
            let addon = studio.addons.entry(name.clone());
            let addon = addon.or_insert_with(|| Addon {
                name,
                releases: BTreeMap::new(),
            });
            addon.releases.insert(version, Arc::new(release));
        }
        studio
    })
}

fn version() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        12 => select(VERSIONS.as_slice()).prop_map(|version| Some(version.to_owned())),
        1 => Just(None),
        1 => odd_version().prop_map(Some),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn made_up_studios_are_judged_alike(
        studio in studio(),
        pins in proptest::collection::vec((select(NAMES.as_slice()), version()), 0..6),
        launcher in version(),
    ) {
        let addons: Pins = pins.into_iter().map(|(name, version)| (name.to_owned(), version)).collect();
        compare(&studio, &addons, launcher.as_deref())?;
    }
}
