//! The lock of a bundle, from a folder of wheels.

use insta::assert_snapshot;

use super::{told, with_wheels};
use crate::{Outcome, Place};

/// One version of everything that the addons of the sample's staging bundle ask for, and the launcher does not have.
pub(crate) const ASKED: &[(&str, &str, &[&str])] = &[
    ("aiohttp-middlewares", "2.4.0", &[]),
    ("click", "8.1.7", &[]),
    ("clique", "1.6.1", &[]),
    ("clique", "2.0.0", &[]),
    ("dropbox", "11.36.2", &["six", "stone<3.3.3"]),
    ("fonttools", "4.60.0", &[]),
    (
        "ftrack-python-api",
        "3.1.0",
        &["clique==1.6.1", "websocket-client<1"],
    ),
    ("gazu", "0.9.18", &[]),
    ("google-api-python-client", "1.12.11", &[]),
    ("jsonschema", "2.6.0", &[]),
    ("markdown", "3.4.4", &[]),
    ("opencolorio", "2.5.2", &[]),
    ("opentimelineio", "0.16.0", &[]),
    ("pillow", "9.5.0", &[]),
    ("psutil", "7.1.0", &[]),
    ("pyblish-base", "1.8.12", &[]),
    ("qtawesome", "0.7.3", &[]),
    ("sftpretty", "1.2.0", &[]),
    ("shotgun-api3", "3.8.0", &[]),
    ("six", "1.17.0", &[]),
    ("slack-sdk", "3.27.0", &[]),
    ("speedcopy", "2.2.0", &[]),
    ("stone", "3.3.1", &["six"]),
    ("websocket-client", "0.59.0", &[]),
    ("websocket-client", "1.8.0", &[]),
    ("wsrpc-aiohttp", "3.2.0", &[]),
];

pub(crate) fn place(releases: &[(&str, &str, &[&str])]) -> Place {
    with_wheels(Place::new(), "wheels", releases)
        .variable("AYON_RESOLVE_NO_INDEX", "1")
        .variable("AYON_RESOLVE_FIND_LINKS", "[folder]/wheels")
        .variable("AYON_RESOLVE_STUDIO", "sample")
}

fn emit(place: &Place, words: &str) -> Outcome {
    place.run(&format!(
        "--bundle staging --emit venv --platform linux-64 {words}"
    ))
}

/// The names and versions in a lock.
fn packages(lock: &str) -> String {
    let lines: Vec<&str> = lock.lines().collect();
    let value = |line: &str, key: &str| Some(line.strip_prefix(key)?.trim_matches('"').to_owned());
    let names = lines.windows(2).filter_map(|pair| {
        let (name, version) = (value(pair[0], "name = ")?, value(pair[1], "version = ")?);
        Some(format!("{name} {version}"))
    });
    names.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_bundle_is_locked_and_its_halves_are_part_of_it() {
    let place = place(ASKED);
    let outcome = emit(&place, "--format pylock -o pylock.toml");
    assert_snapshot!(told(&outcome), @r"
        exit code 0
        --- stdout
        --- stderr
        clique is held at 1.6.1 by ftrack-python-api 3.1.0 (clique==1.6.1); 2.0.0 exists
        websocket-client is held at 0.59.0 by ftrack-python-api 3.1.0 (websocket-client<1); 1.8.0 exists
        Wrote pylock.toml
        ");
    let whole = place.read("pylock.toml");
    assert_snapshot!(packages(&whole), @"aiohttp-middlewares 2.4.0, click 8.1.7, clique 1.6.1, dropbox 11.36.2, fonttools 4.60.0, ftrack-python-api 3.1.0, gazu 0.9.18, google-api-python-client 1.12.11, jsonschema 2.6.0, markdown 3.4.4, opencolorio 2.5.2, opentimelineio 0.16.0, pillow 9.5.0, psutil 7.1.0, pyblish-base 1.8.12, qtawesome 0.7.3, sftpretty 1.2.0, shotgun-api3 3.8.0, slack-sdk 3.27.0, speedcopy 2.2.0, stone 3.3.1, websocket-client 0.59.0, wsrpc-aiohttp 3.2.0");
    let again = emit(&place, "--format pylock -o pylock.toml");
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(place.read("pylock.toml"), whole);
    assert_eq!(
        emit(
            &place,
            "--format pylock --only runtime -o pylock.runtime.toml"
        )
        .code,
        Some(0)
    );
    assert_snapshot!(packages(&place.read("pylock.runtime.toml")), @"aiohttp-middlewares 2.4.0, click 8.1.7, dropbox 11.36.2, fonttools 4.60.0, google-api-python-client 1.12.11, opencolorio 2.5.2, opentimelineio 0.16.0, pillow 9.5.0, psutil 7.1.0, sftpretty 1.2.0, stone 3.3.1, wsrpc-aiohttp 3.2.0");
}

#[test]
fn the_studios_own_words_count_too() {
    let place = place(ASKED).file("instead.txt", "websocket-client>=1\n");
    let outcome = emit(
        &place,
        "--format requirements --override instead.txt --exclude-package pillow -o requirements.txt",
    );
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let text = place.read("requirements.txt");
    assert!(text.contains("\nwebsocket-client==1.8.0 "), "{text}");
    assert!(!text.contains("\npillow=="), "{text}");
}

#[test]
fn a_conflict_is_told_addon_by_addon() {
    let without = ASKED
        .iter()
        .filter(|(name, ..)| !matches!(*name, "jsonschema" | "gazu"));
    let mut releases: Vec<_> = without.copied().collect();
    releases.push(("jsonschema", "4.26.0", &[]));
    assert_snapshot!(told(&emit(&place(&releases), "--format pylock")), @r"
        exit code 1
        --- stdout
        --- stderr
        error: bundle studio-staging has no solution for launcher on linux-64

          jsonschema
            addon core 1.9.7                       needs  ^2.6.0                                                    (addons/core/1.9.7/private/pyproject.toml:7, tool.poetry.dependencies.jsonschema)
            the wheelhouse [folder]/wheels  lacks  that is asked for; the newest that can be used is 4.26.0

          Because addon core 1.9.7 needs jsonschema ^2.6.0 and the wheelhouse [folder]/wheels has no jsonschema that is asked for; the newest that can be used is 4.26.0, they cannot be together.
        ");
}

#[test]
fn a_bundle_whose_packages_are_not_there_is_refused_with_who_asks() {
    let place = place(&[("aiohttp-middlewares", "1.0", &[])]);
    let words = "--format pylock";
    assert_snapshot!(told(&emit(&place, words)), @r##"
    exit code 1
    --- stdout
    --- stderr
    error: bundle studio-staging has no solution for launcher on linux-64

      wsrpc-aiohttp
        addon aftereffects 0.3.6               needs  ^3.1.1                     (addons/aftereffects/0.3.6/private/pyproject.toml:2, ayon.runtimeDependencies.wsrpc_aiohttp)
        addon photoshop 0.4.2                  needs  ^3.1.1                     (addons/photoshop/0.4.2/private/pyproject.toml:3, ayon.runtimeDependencies.wsrpc_aiohttp)
        the wheelhouse [folder]/wheels  lacks  (did you mean `aiohttp`?)

      Because addon aftereffects 0.3.6 needs wsrpc-aiohttp ^3.1.1 and the wheelhouse [folder]/wheels has no wsrpc-aiohttp (did you mean `aiohttp`?), they cannot be together, and one other disagrees too.
    "##);
}

#[test]
fn what_was_chosen_is_explained() {
    let place = place(ASKED);
    let why = place.run("why websocket-client --bundle staging --with venv");
    assert_snapshot!(told(&why));
    let outdated = place.run("outdated --bundle staging --with venv");
    assert_snapshot!(told(&outdated));
    let tree = place.run("tree ftrack-python-api --bundle staging --with venv");
    assert_snapshot!(tree.stdout, @r"
    ftrack-python-api 3.1.0
    ├── clique 1.6.1  needs clique==1.6.1
    └── websocket-client 0.59.0  needs websocket-client<1
    ");
}
