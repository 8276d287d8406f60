//! What is published reads back: our own reader of package files finds the very requirements that were written.

use std::collections::BTreeSet;
use std::time::UNIX_EPOCH;

use ayon_backend_rez::publish;
use ayon_model::Half;
use proptest::prelude::*;
use rez::repository::{FilesystemRepository, Options as Reading};
use rez::{Definition, Repository, Requirement};

use crate::studio::{World, python, range};

/// A package as the reader sees it.
fn read(world: &World, family: &str) -> Definition {
    let folder = tempfile::tempdir().unwrap();
    let mut publication = world.plan().unwrap();
    publication
        .packages
        .retain(|package| package.family == family);
    publish::write(&publication, folder.path()).unwrap();
    let repository = FilesystemRepository::open(folder.path(), &Reading::new(UNIX_EPOCH)).unwrap();
    let family = repository.family(family).unwrap().unwrap();
    let package = family
        .packages
        .iter()
        .max_by(|one, two| one.version.cmp(&two.version))
        .unwrap();
    Definition::clone(package.definition.as_ref().unwrap())
}

/// The requirements in a package file, found by their quotes and nothing else.
fn quoted(text: &str) -> BTreeSet<String> {
    let lists = text.split("def commands").next().unwrap();
    let after_description = lists.split("description").nth(1).unwrap();
    let quoted = after_description.split('\'').skip(1).step_by(2).skip(1);
    quoted.map(str::to_owned).collect()
}

fn all(definition: &Definition) -> BTreeSet<String> {
    let variants = definition.variants.iter().flatten().flatten();
    definition
        .requires
        .iter()
        .chain(variants)
        .map(ToString::to_string)
        .collect()
}

#[test]
fn every_published_package_is_read_without_running_it() {
    let world = World::new();
    for family in [
        "ayon_launcher",
        "ayon_addon_core",
        "ayon_addon_ftrack",
        "ayon_bundle",
    ] {
        let definition = read(&world, family);
        assert_eq!(definition.timestamp, Some(1_763_709_120), "{family}");
        assert_eq!(
            definition.hashed_variants,
            definition.variants.is_some(),
            "{family}"
        );
        assert!(!definition.evaluated, "{family}");
    }
    let bundle = read(&world, "ayon_bundle");
    assert_eq!(
        all(&bundle),
        quoted(&world.text("ayon_bundle"))
            .into_iter()
            .filter(|text| text != "ayon")
            .collect()
    );
    assert_eq!(bundle.variants.unwrap().len(), 2);
}

fn condition() -> impl Strategy<Value = String> {
    ("(>=|<=|>|<|==|!=)", [0..4_u8, 0..4, 0..4])
        .prop_map(|(sign, [a, b, c])| format!("{sign}{a}.{b}.{c}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A release's relations, whatever they are, come back as requirements that judge as the server does.
    #[test]
    fn relations_read_back(conditions in prop::collection::vec(condition(), 1..3), version in [0..4_u64, 0..4, 0..4]) {
        let mut world = World::new();
        let text = conditions.join(",");
        world.require_core(&text);
        let [major, minor, patch] = version;
        let wanted = semver::Version::new(major, minor, patch);
        let allows = range(&text).allows(&wanted).unwrap();
        if world.plan().is_err() {
            // Nothing is in it.
            prop_assert!(!allows);
            return Ok(());
        }
        let definition = read(&world, "ayon_addon_ftrack");
        let core = definition.requires.iter().find(|text| text.starts_with("ayon_addon_core")).unwrap();
        let core = Requirement::parse_request(core).unwrap();
        let version = rez::Version::parse(&wanted.to_string()).unwrap();
        prop_assert_eq!(core.range().unwrap().contains(&version), allows, "{} in {}", wanted, text);
    }

    /// Names and places, whatever is in them, change no requirement.
    #[test]
    fn names_and_places_change_no_requirement(bundle in ".{1,20}", server in ".{0,30}", folder in "[^{}]{1,20}") {
        let mut world = World::new();
        let before = all(&read(&world, "ayon_bundle"));
        world.bundle.name = bundle.as_str().into();
        world.options.server = Some(server);
        let roots = world.options.roots.entry(ayon_model::System::Linux);
        roots.or_insert_with(|| ayon_backend_rez::publish::Roots::of(ayon_model::System::Linux)).addon = folder;
        prop_assert_eq!(all(&read(&world, "ayon_bundle")), before);
    }

    /// Every range of Python that can be said is read back as it was meant.
    #[test]
    fn python_requirements_read_back(low in [0..9_u8, 0..9], high in 10..20_u8, name in "[a-z][a-z0-9_.-]{0,8}[a-z0-9]") {
        let mut world = World::new();
        let [major, minor] = low;
        world.release("ftrack").python.distributions = vec![python(&name, &format!(">={major}.{minor},<{high}"), Half::Dependencies)];
        let definition = read(&world, "ayon_addon_ftrack");
        let weak: Vec<Requirement> = definition.requires.iter().filter(|text| text.starts_with('~') && !text.contains("applications")).map(|text| Requirement::parse_request(text).unwrap()).collect();
        prop_assert_eq!(weak.len(), 1);
        let excluded = weak[0].range().unwrap();
        for (version, is_excluded) in [(format!("{high}.0"), true), (format!("{major}.{minor}.1"), false), (format!("{}.9", high - 1), false)] {
            prop_assert_eq!(excluded.contains(&version.parse().unwrap()), is_excluded, "{}", version);
        }
    }
}
