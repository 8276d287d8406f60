//! `rez publish`, and the contexts of what was published.

use insta::assert_snapshot;

use crate::{Outcome, Place};

pub(crate) const PUBLISH: &str =
    "rez publish packages --studio sample --bundle staging --platform linux-64";

/// A place with an empty repository and a few packages of a site.
pub(crate) fn place() -> Place {
    let site = [
        ("platform", "linux", ""),
        ("arch", "x86_64", ""),
        ("python", "3.11.9", ""),
        ("python", "3.10.8", ""),
        ("maya", "2024.2", "requires = ['python-3.10']"),
        ("clique", "1.6.5", ""),
        ("ftrack_python_api", "3.1.0", ""),
        ("gazu", "0.9.3", ""),
        ("jsonschema", "2.6.0", ""),
        ("markdown", "3.4.1", ""),
        ("pyblish_base", "1.8.11", ""),
        ("qtawesome", "0.7.3", ""),
        ("shotgun_api3", "3.4.0", ""),
        ("slack_sdk", "3.19.5", ""),
        ("speedcopy", "2.2.0", ""),
    ];
    let place = site
        .iter()
        .fold(Place::new(), |place, (name, version, rest)| {
            let file = format!("site/{name}/{version}/package.py");
            place.file(
                &file,
                &format!("name = '{name}'\nversion = '{version}'\n{rest}\n"),
            )
        });
    place
        .file("packages/readme.txt", "")
        .variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache")
        .variable("HOME", "[folder]")
        .variable("REZ_PACKAGES_PATH", "[folder]/packages:[folder]/site")
}

/// The first and the last lines of what was said: twenty addons lie between.
fn ends(outcome: &Outcome) -> String {
    let lines: Vec<&str> = outcome.stdout.lines().map(str::trim_end).collect();
    let (first, last) = (&lines[..2], &lines[lines.len() - 2..]);
    [first, &["..."], last].concat().join("\n")
}

fn file(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path().join(name)).unwrap()
}

#[test]
fn a_bundle_is_published_once() {
    let place = place();
    let check = place.run(&format!("{PUBLISH} --time 1745000000 --check"));
    assert_eq!((check.code, check.stderr.as_str()), (Some(1), ""));
    assert_snapshot!(ends(&check), @"
    to write AYON launcher 1.6.3                           packages/ayon_launcher/1.6.3
    to write AYON addon aftereffects 0.3.6                 packages/ayon_addon_aftereffects/0.3.6
    ...
    to write AYON bundle studio-staging                    packages/ayon_bundle/studio-staging.20250418181320
    to write AYON bundle studio-staging, live for staging  packages/ayon_bundle/staging.20250418181320
    ");
    let first = place.run(&format!("{PUBLISH} --time 1745000000"));
    assert_eq!((first.code, first.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(ends(&first), @"
    written AYON launcher 1.6.3                           packages/ayon_launcher/1.6.3
    written AYON addon aftereffects 0.3.6                 packages/ayon_addon_aftereffects/0.3.6
    ...
    written AYON bundle studio-staging                    packages/ayon_bundle/studio-staging.20250418181320
    written AYON bundle studio-staging, live for staging  packages/ayon_bundle/staging.20250418181320
    ");
    // Whenever it is asked again, and for a host that needs nothing else.
    for words in ["", "--check", "--time -1d", "--host maya/2025"] {
        let again = place.run(&format!("{PUBLISH} {words}"));
        assert_eq!(
            (again.code, again.stderr.as_str()),
            (Some(0), ""),
            "{again:?}"
        );
        let is_there = |line: &str| line.starts_with("already there ");
        assert!(again.stdout.lines().all(is_there), "{again:?}");
    }
    let json = place.run(&format!("{PUBLISH} --json")).json();
    let packages = json["packages"].as_array().unwrap();
    assert_eq!(packages.len(), 24);
    assert_eq!(packages[0]["outcome"], "alreadyThere");
    assert_eq!(json["schema"]["name"], "ayon-resolve.rez-publish");
}

#[test]
fn a_bundle_that_has_changed_is_one_more_version() {
    let place = place();
    assert_eq!(
        place.run(&format!("{PUBLISH} --time 1745000000")).code,
        Some(0)
    );
    let moved = place.run(&format!("{PUBLISH} --host maya/2024 --time 1755000000"));
    assert_eq!((moved.code, moved.stderr.as_str()), (Some(0), ""));
    assert_snapshot!(ends(&moved), @"
    already there AYON launcher 1.6.3                     packages/ayon_launcher/1.6.3
    already there AYON addon aftereffects 0.3.6           packages/ayon_addon_aftereffects/0.3.6
    ...
    written AYON bundle studio-staging                    packages/ayon_bundle/studio-staging.20250812120000
    written AYON bundle studio-staging, live for staging  packages/ayon_bundle/staging.20250812120000
    ");
    let late = place.run(&format!("{PUBLISH} --time 1750000000"));
    assert_snapshot!(late.told(), @"
    exit code 1
    --- stdout
    --- stderr
    error: AYON bundle studio-staging cannot be published: `packages/ayon_bundle/studio-staging.20250812120000` is as new or newer, so that nobody would get this one; wait a second, or set the clock right
    ");
}

#[test]
fn places_of_a_studio_are_those_of_its_configuration() {
    let own = "[rez.roots.linux]\nstorage = \"/mnt/ayon\"\nlauncher = \"/opt/ayon/{version}\"\n";
    let place = place().file("ayon-resolve.toml", own);
    let published = place.run(PUBLISH);
    assert_eq!((published.code, published.stderr.as_str()), (Some(0), ""));
    let core = file(&place, "packages/ayon_addon_core/1.9.7/package.py");
    assert!(
        core.contains("'linux': '/mnt/ayon/addons/core_1.9.7',"),
        "{core}"
    );
    let launcher = file(&place, "packages/ayon_launcher/1.6.3/package.py");
    assert!(
        launcher.contains("'linux': '/opt/ayon/1.6.3',"),
        "{launcher}"
    );
    // The packages that are there say something else than AYON's own places.
    let refused = place.run(&format!("{PUBLISH} --no-config"));
    assert_snapshot!(refused.told(), @"
    exit code 1
    --- stdout
    --- stderr
    error: AYON launcher 1.6.3 is in `packages/ayon_launcher/1.6.3/package.py` already, and differs in line 19: `        'linux': '/opt/ayon/1.6.3',` there, `        'linux': '$HOME/.local/share/AYON/app/AYON-1.6.3-linux-rocky9',` now; a published package is never changed: publish to another repository, or take that folder away if nobody uses it
    ");
    let wrong = place.file(
        "ayon-resolve.toml",
        "[rez.roots.linux]\naddon = \"{stroage}/{name}\"\n",
    );
    assert_snapshot!(wrong.run(PUBLISH).told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: `{stroage}/{name}` is no place for files of AYON on linux: `{stroage}` is not known here; known are {version}, {name}, {storage}, {root} and variables such as $HOME
    ");
    let unknown = wrong.file("ayon-resolve.toml", "[rez.roots.linux]\nadon = \"x\"\n");
    assert_snapshot!(unknown.run(PUBLISH).told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the configuration file `[folder]/ayon-resolve.toml` cannot be used
    cause: [folder]/ayon-resolve.toml:2: unknown key `rez.roots.linux.adon`; did you mean `rez.roots.linux.addon`?
    ");
}

#[test]
fn a_repository_has_to_be_named_and_there() {
    let place = place();
    let missing = place.run(&PUBLISH.replace("packages", "package"));
    assert_snapshot!(missing.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: cannot list the folder `package`: No such file or directory (os error 2)
    ");
    assert_eq!(place.run(&PUBLISH.replace("packages", "")).code, Some(2));
}

#[test]
fn a_published_bundle_becomes_a_context() {
    let place = place();
    assert_eq!(
        place
            .run(&format!("{PUBLISH} --host maya/2024 --time 1745000000"))
            .code,
        Some(0)
    );
    let emit = "--studio sample --bundle staging --platform linux-64 --emit rez --format context --host maya/2024";
    let made = place.run(&format!("{emit} -o maya.rxt"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let shown = place.run("rez context maya.rxt").stdout;
    for words in [
        "ayon_bundle-staging.20250418181320[1]",
        "maya-2024.2",
        "clique-1.6.5",
        "~platform==linux",
    ] {
        assert!(shown.contains(words), "{shown}");
    }
    // Without what was published, and without the site.
    let lacking = place.run(&format!("{emit} --rez-path packages -o maya.rxt"));
    assert_eq!(lacking.code, Some(1));
    let told = lacking.told();
    let about: Vec<&str> = told
        .lines()
        .filter(|line| {
            ["error", "clique", "gazu"]
                .iter()
                .any(|word| line.contains(word))
        })
        .collect();
    assert_snapshot!(about.join("\n"), @"
    error: bundle studio-staging has no rez context for maya/2024 on linux-64: 14 packages that it asks for are not there
    clique-1.6+<1.7: no repository has a family `clique`
        addon core 1.9.7 (addons/core/1.9.7/private/pyproject.toml:6, tool.poetry.dependencies.clique) asks for clique 1.6.*
    gazu-0.9.3+<0.10: no repository has a family `gazu`
        addon kitsu 1.2.5 (addons/kitsu/1.2.5/private/pyproject.toml:3, tool.poetry.dependencies.gazu) asks for gazu ^0.9.3
    ");
    let json = place
        .run(&format!("{emit} --rez-path packages --json"))
        .json();
    assert_snapshot!(json["refusal"]["lacks"][5], @r#"{"askers":[{"asks":"ftrack-python-api ^3.1.0","by":{"file":"addons/ftrack/1.6.4/private/pyproject.toml","key":"tool.poetry.dependencies.ftrack-python-api","line":2,"subject":"addon ftrack 1.6.4"}}],"reason":"no repository has a family `ftrack_python_api`","request":"ftrack_python_api-3.1+<4"}"#);
}
