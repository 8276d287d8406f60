//! `lock`: what it writes, when it writes nothing, and what stays.

use insta::assert_snapshot;

use super::{VENV, fine, told, wheels};
use crate::Place;
use crate::pypi::{bundles, house};

#[test]
fn a_bundle_is_locked_once() {
    let place = wheels();
    assert_snapshot!(told(&fine(&place, VENV)));
    let lock = place.read("ayon.lock");
    assert!(lock.contains("backend = \"venv\"\n"), "{lock}");
    // Whatever is said or left out, in whatever order: the same bytes, and nothing is written.
    for words in [
        "lock",
        VENV,
        "lock --bundle studio-staging --staging --platform win-64 --platform linux-64 --emit venv",
        "lock --upgrade",
    ] {
        let again = fine(&place, words);
        assert!(
            again.stderr.ends_with("ayon.lock is as it was\n"),
            "{words}: {again:?}"
        );
        assert_eq!(place.read("ayon.lock"), lock, "{words}");
    }
    let json = place.run("lock --json").json();
    assert_eq!(json["schema"]["name"], "ayon-resolve.lock");
    assert_eq!(json["isChanged"], false);
    assert_eq!(json["bundle"], "studio-staging");
    assert_eq!(json["targets"][1], "launcher on win-64");
}

/// As [`wheels`], with one more version of two packages than what was locked.
fn with_newer(place: Place) -> Place {
    [("gazu", "0.9.19"), ("speedcopy", "2.3.0")]
        .iter()
        .fold(place, |place, (name, version)| {
            let (file, bytes) = house::wheel(name, version, &[]);
            place.bytes(&format!("wheels/{file}"), &bytes)
        })
}

#[test]
fn what_is_locked_stays_until_it_is_asked_for_anew() {
    let place = wheels();
    fine(&place, VENV);
    let before = place.read("ayon.lock");
    let place = with_newer(place);
    fine(&place, "lock");
    assert_eq!(place.read("ayon.lock"), before);

    assert_snapshot!(told(&fine(&place, "lock --upgrade-package gazu --dry-run")), @"
    exit code 0
    --- stdout
    --- stderr
    package gazu 0.9.18 -> 0.9.19
    Locked 23 packages for launcher on linux-64, launcher on win-64 in [time]
    ayon.lock would change; nothing is written
    ");
    assert_eq!(place.read("ayon.lock"), before);
    fine(&place, "lock --upgrade-package gazu");
    let after = place.read("ayon.lock");
    assert!(after.contains("version = \"0.9.19\"") && after.contains("version = \"2.2.0\""));
    let changed: Vec<&str> = before
        .lines()
        .filter(|line| !after.contains(line))
        .collect();
    assert_eq!(changed.len(), 3, "{changed:#?}");

    assert_snapshot!(told(&fine(&place, "lock --upgrade")), @"
    exit code 0
    --- stdout
    --- stderr
    package speedcopy 2.2.0 -> 2.3.0
    Locked 23 packages for launcher on linux-64, launcher on win-64 in [time]
    Wrote ayon.lock
    ");
    assert!(place.read("ayon.lock").contains("version = \"2.3.0\""));
}

#[test]
fn requirements_are_locked_where_nobody_solves() {
    let place = Place::new();
    let words = "lock --studio sample --bundle staging --platform linux-64 --host maya/2025";
    assert_snapshot!(told(&fine(&place, words)), @"
    exit code 0
    --- stdout
    --- stderr
    Locked the requirements for maya/2025 on linux-64 in [time]
    Wrote ayon.lock
    ");
    let lock = place.read("ayon.lock");
    assert!(
        !lock.contains("backend") && !lock.contains("[[package]]"),
        "{lock}"
    );
}

#[test]
fn a_refusal_leaves_the_lock_as_it_was() {
    let place = wheels();
    fine(&place, VENV);
    let before = place.read("ayon.lock");
    let without: Vec<_> = bundles::ASKED
        .iter()
        .filter(|(name, ..)| *name == "gazu")
        .map(|(name, version, _)| house::wheel(name, version, &[]).0)
        .collect();
    ayon_disk::remove_file(&place.path().join("wheels").join(&without[0])).unwrap();
    let refused = place.run("lock");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("gazu"), "{refused:?}");
    assert_eq!(place.read("ayon.lock"), before);
}
