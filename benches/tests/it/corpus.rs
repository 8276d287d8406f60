//! All of it is read, and read as what it says.

use ayon_benches::corpus::CorpusTexts;
use ayon_model::{Half, Knowledge, System};
use pypi::Constraint;
use serde_json::Value;

use crate::World;

pub(crate) fn every_release_and_launcher_parses(world: &World) {
    let studio = &world.studio;
    assert_eq!(studio.problems, []);
    assert_eq!(studio.addons.len(), 52);
    assert_eq!(
        studio
            .addons
            .values()
            .map(|addon| addon.releases.len())
            .sum::<usize>(),
        804
    );
    assert_eq!(studio.launchers.len(), 39);
    for launcher in studio.launchers.values() {
        let systems: Vec<_> = launcher.builds.iter().map(|build| build.system).collect();
        for system in System::ALL {
            assert!(
                systems.contains(&system),
                "{} for {system}",
                launcher.version
            );
        }
        let known = launcher.version >= ayon_model::Version::new(1, 5, 0);
        for build in &launcher.builds {
            assert_eq!(build.python.is_some(), known, "{}", build.filename);
            assert_eq!(!build.modules.is_empty(), known, "{}", build.filename);
            assert!(!build.runtime_modules.is_empty(), "{}", build.filename);
            assert!(build.unversioned_modules.is_empty(), "{}", build.filename);
        }
    }
    // 47 rows, of which five are about a host as a whole.
    assert!(studio.hosts.iter().all(|host| !host.version.is_empty()));
    assert!(studio.host("maya", "2025").is_some());
}

pub(crate) fn every_range_is_understood(world: &World) {
    let mut conditions = 0;
    for release in releases(world) {
        let Knowledge::Known(relations) = &release.relations else {
            panic!("{} has no relations", release.subject())
        };
        for (field, other, range) in relations.ranges() {
            assert!(
                range.fault().is_none(),
                "{} {field} {other:?}: {:?}",
                release.subject(),
                range.fault()
            );
            conditions += range.text().split(',').count();
        }
        assert!(release.is_readable(), "{}", release.subject());
    }
    // As the reference counts them over the same corpus.
    assert_eq!(conditions, 1921);
}

pub(crate) fn nothing_but_a_star_means_any(world: &World) {
    let mut stars = 0;
    for requirement in releases(world).flat_map(|release| &release.python.distributions) {
        if let Constraint::Versions { set, text } = &requirement.dependency.constraint {
            let name = &requirement.dependency.name;
            assert_eq!(
                set.is_any(),
                text == "*",
                "{name} `{text}` of {}",
                requirement.origin
            );
            assert!(!set.is_empty(), "{name} `{text}` of {}", requirement.origin);
            stars += usize::from(set.is_any());
        }
    }
    for interpreter in releases(world).filter_map(|release| release.python.interpreter.as_ref()) {
        assert!(
            !interpreter.set.is_any() && !interpreter.set.is_empty(),
            "{}",
            interpreter.origin
        );
    }
    let written = raw_requirements(world)
        .iter()
        .filter(|(_, _, value)| *value == "*")
        .count();
    assert_eq!(stars, written);
    assert_eq!(stars, 74);
}

pub(crate) fn every_requirement_arrives(world: &World) {
    // Counted on the raw file, without any of our readers.
    let raw = raw_requirements(world);
    let of = |half: Half| raw.iter().filter(|(written, ..)| *written == half).count();
    for half in [Half::Dependencies, Half::Runtime] {
        let read = releases(world).flat_map(|release| &release.python.distributions);
        assert_eq!(
            read.filter(|requirement| requirement.half == half).count(),
            of(half),
            "{half:?}"
        );
    }
    let sources = raw.iter().filter(|(_, _, value)| value.is_object()).count();
    let read = releases(world).flat_map(|release| &release.python.distributions);
    let is_source = |constraint: &Constraint| matches!(constraint, Constraint::Source(_));
    assert_eq!(
        read.filter(|requirement| is_source(&requirement.dependency.constraint))
            .count(),
        sources
    );
    assert_eq!(sources, 18);
}

/// The reference's scan of direct requirements against launcher pins found one contradiction; so must ours.
pub(crate) fn one_direct_contradiction_exists_in_the_wild(world: &World) {
    let mut interpreters = Vec::new();
    let mut modules = Vec::new();
    for launcher in world.studio.launchers.values() {
        let Some(build) = launcher.builds_for(System::Linux).next() else {
            panic!("{}", launcher.version)
        };
        for release in releases(world) {
            if let (Some(wanted), Some(python)) = (&release.python.interpreter, &build.python)
                && !wanted.set.contains(python)
            {
                interpreters.push((
                    release.name.as_str(),
                    release.version.clone(),
                    launcher.version.clone(),
                ));
            }
            let here = |system: Option<System>| system.is_none_or(|system| system == System::Linux);
            for requirement in release
                .python
                .distributions
                .iter()
                .filter(|requirement| here(requirement.system))
            {
                if let Constraint::Versions { set, .. } = &requirement.dependency.constraint
                    && let Some(given) = build.modules.get(&requirement.dependency.name)
                    && !set.contains(given)
                {
                    modules.push(format!(
                        "{} against {}",
                        requirement.origin, launcher.version
                    ));
                }
            }
        }
    }
    assert_eq!(modules, Vec::<String>::new());
    // 58 releases of core against four launchers.
    assert_eq!(interpreters.len(), 58 * 4);
    let old = |version: &ayon_model::Version| *version <= ayon_model::Version::new(1, 6, 11);
    assert!(
        interpreters
            .iter()
            .all(|(name, core, launcher)| *name == "core" && old(core) && launcher.minor == 6)
    );
}

fn releases(world: &World) -> impl Iterator<Item = &ayon_model::AddonRelease> {
    world
        .studio
        .addons
        .values()
        .flat_map(|addon| addon.releases.values().map(AsRef::as_ref))
}

/// Every requirement on a distribution as written, the interpreter left out.
fn raw_requirements(world: &World) -> Vec<(Half, String, Value)> {
    let raw = CorpusTexts::read(&world.shared)
        .unwrap()
        .raw_addons()
        .unwrap();
    let mut found = Vec::new();
    let mut add =
        |half, key: &String, value: &Value| found.push((half, key.clone(), value.clone()));
    for release in raw
        .as_object()
        .unwrap()
        .values()
        .flat_map(|addon| addon.as_object().unwrap().values())
    {
        for (key, value) in release["client_dependencies"]
            .as_object()
            .into_iter()
            .flatten()
        {
            if key != "python" {
                add(Half::Dependencies, key, value);
            }
        }
        for (key, value) in release["runtime_dependencies"]
            .as_object()
            .into_iter()
            .flatten()
        {
            match value.as_object() {
                Some(table) if ["windows", "linux", "darwin"].contains(&key.as_str()) => {
                    table
                        .iter()
                        .for_each(|(key, value)| add(Half::Runtime, key, value));
                }
                _ => add(Half::Runtime, key, value),
            }
        }
    }
    found
}
