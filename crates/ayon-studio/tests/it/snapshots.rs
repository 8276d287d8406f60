//! Snapshots: what is written is read again as the same studio, and anything else is refused in clear words.

use ayon_model::{
    AddonName, Bundle, Host, HostPython, Knowledge, Place, Problem, ProjectBundles, Relations,
    Studio, Version, VersionRange,
};
use ayon_studio::{SourceError, snapshot};
use proptest::prelude::*;

use crate::support::{load_path, sample, studio_of, write};

fn again(studio: &Studio) -> Studio {
    snapshot::read(&snapshot::write(studio), "s").unwrap()
}

#[test]
fn every_kind_of_requirement_survives() {
    let pyproject = r#"
[tool.poetry.dependencies]
python = ">=3.9.1,<3.10 || ^3.11"
a = "^1.0 || ~2.1"
B_b = {version = "!=1.5", extras = ["x", "y"], optional = true, allow-prereleases = true, source = "studio"}
c = {git = "https://example.invalid/c.git", tag = "v1", subdirectory = "py"}
c2 = {git = "https://example.invalid/c.git", branch = "main"}
c3 = {git = "https://example.invalid/c.git", rev = "abc"}
d = {url = "https://example.invalid/d.zip"}
e = {path = "../e"}
f = [{version = "1.*", python = "<3.10"}, {version = ">=2", markers = "python_version >= '3.10' and (sys_platform == 'linux' or 'x' in platform_version)", platform = "!=win32"}]
g = "latest"
h = {version = "1.0", sauce = "x"}
[ayon.runtimeDependencies]
i = "*"
[ayon.runtimeDependencies.darwin]
j = "==1.2.*"
"#;
    let package = "name = \"core\"\nversion = \"1.0.0\"\nayon_required_addons = {\"b\": \"^1\", \"a\": None}\n\
                   ayon_server_version = \">= 1\"\nayon_soft_required_addons = {\"z\": \"\"}\n";
    let studio = studio_of(&[
        ("core/1.0.0/package.py", package),
        ("core/1.0.0/private/pyproject.toml", pyproject),
    ]);
    let needs = &studio.release("core", "1.0.0").unwrap().python;
    assert_eq!((needs.distributions.len(), needs.unreadable.len()), (11, 2));
    assert_eq!(again(&studio), studio);
}

#[test]
fn the_bytes_are_stable_and_readable() {
    let studio = sample();
    let bytes = snapshot::write(&studio);
    assert_eq!(bytes, snapshot::write(&again(&studio)));
    let start = String::from_utf8(bytes).unwrap();
    let start = start.lines().take(7).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(start, @r#"
    {
      "schema": {
        "name": "ayon-resolve.studio",
        "version": 1
      },
      "label": "sample",
      "serverVersion": "1.16.0",
    "#);
}

#[test]
fn what_is_no_snapshot_is_refused_with_its_place() {
    let whole = String::from_utf8(snapshot::write(&sample())).unwrap();
    let said = |text: &str| {
        snapshot::read(text.as_bytes(), "studio.json")
            .unwrap_err()
            .to_string()
    };
    let newer = whole
        .replacen("\"version\": 1", "\"version\": 2", 1)
        .replacen("\"bundles\"", "\"packs\"", 1);
    let said = [
        said(&newer),
        said(&whole.replacen("ayon-resolve.studio", "conda\u{1b}[0m", 1)),
        said(""),
        said("{}"),
        said("[1]"),
        said(&whole[..whole.len() / 2]),
        said(&whole.replacen("\"1.16.0\"", "{}", 1)),
        said(&whole.replacen("\"platform\": \"darwin\"", "\"platform\": \"beos\"", 1)),
        said(&whole.replacen(
            "\"name\": \"__project__lighthouse__production\"",
            "\"nom\": \"a\"",
            1,
        )),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    `studio.json` is a snapshot of schema 2, and this program reads up to 1; update ayon-resolve, or write the snapshot again with this one
    `studio.json` is no studio snapshot: line 3: at `schema.name`, control character (\u0000-\u001F) found while parsing a string; write one with `ayon-resolve studio pull`
    `studio.json` is no studio snapshot: line 1: EOF while parsing a value; write one with `ayon-resolve studio pull`
    `studio.json` is no studio snapshot: line 1: missing field `schema`; write one with `ayon-resolve studio pull`
    `studio.json` is no studio snapshot: line 1: at `[0]`, invalid type: integer `1`, expected struct Schema; write one with `ayon-resolve studio pull`
    `studio.json` is no studio snapshot: line 2563: at `addons`, EOF while parsing an object; write one with `ayon-resolve studio pull`
    `studio.json` is no studio snapshot: line 7: at `serverVersion`, invalid type: map, expected a string; write one with `ayon-resolve studio pull`
    `studio.json` is no studio snapshot: launchers/1.5.5-darwin.json, platform: `beos` is no platform of AYON; known are linux, windows and darwin; write one with `ayon-resolve studio pull`
    `studio.json` is no studio snapshot: line 182: at `bundles[4].record`, missing field `name`; write one with `ayon-resolve studio pull`
    ");
}

#[test]
fn a_snapshot_is_a_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("studio.json");
    write(
        folder.path(),
        &[("studio.json", &snapshot::write(&sample()))],
    );
    let mut studio = load_path(&path).unwrap();
    assert_eq!(
        studio.label,
        format!("{} (a snapshot of sample)", path.display())
    );
    studio.label = "sample".to_owned();
    assert_eq!(studio, sample());
    write(folder.path(), &[("studio.json", b"\xff")]);
    assert!(matches!(
        load_path(&path),
        Err(SourceError::NoSnapshot { .. })
    ));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,6}", Just(String::new()), ".{0,12}"]
}

fn place() -> impl Strategy<Value = Place> {
    (text(), proptest::option::of(any::<u32>()), text())
        .prop_map(|(file, line, key)| Place::file(file).at(key, line))
}

fn relations() -> impl Strategy<Value = Knowledge> {
    let ranges = || proptest::collection::vec((text(), proptest::option::of(text())), 0..4);
    let known = (
        proptest::option::of(text()),
        ranges(),
        ranges(),
        any::<u32>(),
    )
        .prop_map(|(server, required, soft, line)| {
            let range = |text: String| VersionRange::read(&text);
            let ranges = |list: Vec<(String, Option<String>)>| {
                list.into_iter()
                    .map(|(name, text)| (AddonName::from(name), text.map(range)))
                    .collect()
            };
            Knowledge::Known(Box::new(Relations {
                server: server.map(range),
                required: ranges(required),
                soft_required: ranges(soft),
                lines: [("ayon_server_version".to_owned(), line)].into(),
                ..Relations::default()
            }))
        });
    prop_oneof![
        known,
        Just(Knowledge::Legacy),
        text().prop_map(|why| Knowledge::Unknown(why.into()))
    ]
}

proptest! {
    #[test]
    fn round_trip_is_identity(
        label in text(),
        server_version in proptest::option::of(text()),
        bundles in proptest::collection::vec((text(), place(), proptest::collection::vec((text(), proptest::option::of(text())), 0..4), any::<[bool; 5]>()), 0..4),
        problems in proptest::collection::vec((place(), text()), 0..4),
        project in (text(), proptest::option::of(text()), proptest::option::of(text())),
        host in (text(), text(), place()),
        releases in proptest::collection::vec((0..4_u64, 0..4_u64, relations(), proptest::option::of(text())), 0..4),
    ) {
        let mut studio = Studio { label, server_version, ..Studio::default() };
        for (name, place, addons, flags) in bundles {
            let mut bundle = Bundle::new(name, place);
            bundle.addons.extend(addons);
            [bundle.is_production, bundle.is_staging, bundle.is_archived, bundle.is_dev, bundle.is_project] = flags;
            studio.bundles.push(bundle);
        }
        studio.problems = problems.into_iter().map(|(place, message)| Problem { place, message }).collect();
        let (name, production, staging) = project;
        studio.projects.insert(name, ProjectBundles { production, staging });
        let (name, version, place) = host;
        studio.hosts.push(Host {
            name: name.into(), version: version.into(), python: HostPython::NotEmbedded, systems: vec![],
            qt_binding: None, modules: std::collections::BTreeMap::new(), place,
        });
        let mut core = sample().addons["core"].clone();
        let (_, template) = core.releases.pop_last().unwrap();
        core.releases.clear();
        for (major, minor, relations, broken) in releases {
            let version = Version::new(major, minor, 0);
            let mut release = (*template).clone();
            let subject = ayon_model::Subject::Addon { name: "core".into(), version: version.clone() };
            for need in &mut release.python.distributions {
                need.origin.subject = subject.clone();
            }
            release.version = version.clone();
            release.relations = relations;
            release.broken = broken;
            core.releases.insert(version, release.into());
        }
        studio.addons.insert("core".into(), core);
        prop_assert_eq!(snapshot::write(&again(&studio)), snapshot::write(&studio));
        prop_assert_eq!(again(&studio), studio);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>()) {
        prop_assert!(snapshot::read(&bytes, "s").is_err());
        let whole = snapshot::write(&Studio::default());
        let cut = cut.index(whole.len() - 1);
        prop_assert!(snapshot::read(&whole[..cut], "s").is_err());
    }
}
