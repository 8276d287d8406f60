//! Locks that are damaged, merged, of a later schema, or somewhere else: what is wrong, where, and the way out.

use insta::assert_snapshot;

use super::fine;
use crate::{Outcome, Place};

/// A lock of requirements, with its text changed.
fn place(change: impl Fn(&str) -> String) -> Place {
    let place = Place::new()
        .variable("AYON_RESOLVE_STUDIO", "sample")
        .variable("AYON_RESOLVE_PLATFORM", "linux-64");
    fine(&place, "lock --bundle staging");
    let text = change(&place.read("ayon.lock"));
    place.file("ayon.lock", &text)
}

/// What emitting and locking again say; neither may touch the lock.
fn both(place: &Place) -> (Outcome, Outcome) {
    let before = place.read("ayon.lock");
    let emitted = place.run("--frozen --emit venv");
    let locked = place.run("lock");
    assert_eq!(
        (emitted.code, locked.code),
        (Some(2), Some(2)),
        "{locked:?}"
    );
    assert_eq!(place.read("ayon.lock"), before);
    (emitted, locked)
}

#[test]
fn a_later_schema() {
    let place = place(|text| text.replacen("schema = \"1.0\"", "schema = \"2.0\"", 1));
    let (emitted, locked) = both(&place);
    assert_snapshot!(emitted.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock `ayon.lock` cannot be used
    cause: line 4, column 10: the lock has schema 2.0, and this program reads 1.x; use a newer ayon-resolve, or lock again with this one
    ");
    assert_snapshot!(locked.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock `ayon.lock` cannot be used
    cause: line 4, column 10: the lock has schema 2.0, and this program reads 1.x; use a newer ayon-resolve, or lock again with this one

    hint: or forget it: `ayon-resolve lock --upgrade` makes the lock anew
    ");
    fine(&place, "lock --upgrade --bundle staging");
    assert!(place.read("ayon.lock").contains("schema = \"1.0\""));
}

#[test]
fn a_merge_conflict() {
    let place = place(|text| {
        let markers = "<<<<<<< HEAD\nname = \"core\"\n=======\nname = \"kore\"\n>>>>>>> branch\n";
        text.replacen("name = \"core\"\n", markers, 1)
    });
    let (emitted, _) = both(&place);
    assert_snapshot!(emitted.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock `ayon.lock` cannot be used
    cause: line 70, column 1: this is a merge conflict (`<<<<<<<`), not a lock; take either side of the whole file and lock again with `ayon-resolve lock`, which keeps every version that still fits
    ");
    let json = place.run("--frozen --json").json();
    assert!(
        json["causes"][0]
            .as_str()
            .unwrap()
            .contains("merge conflict"),
        "{json}"
    );
}

#[test]
fn damage() {
    let cut = place(|text| text[..text.len() / 2].to_owned());
    let (emitted, _) = both(&cut);
    assert_snapshot!(emitted.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock `ayon.lock` cannot be used
    cause: line 367, column 9: unclosed inline table, expected `}`; the lock is damaged: restore it from version control, or lock again
    ");
    let (emitted, _) = both(&place(|_| "\0\0\0\0".to_owned()));
    assert_snapshot!(emitted.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock `ayon.lock` cannot be used
    cause: line 1, column 5: key with no value, expected `=`; the lock is damaged: restore it from version control, or lock again
    ");
    let (emitted, _) = both(&place(|_| String::new()));
    assert_snapshot!(emitted.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock `ayon.lock` cannot be used
    cause: line 1, column 1: `schema` is missing: this is no lock of ayon-resolve; the lock is damaged: restore it from version control, or lock again
    ");
    let wrong = place(|text| text.replacen("version = \"", "version = \"x", 1));
    assert_eq!(wrong.run("--frozen").code, Some(2));
}

#[test]
fn what_was_merged_by_hand_is_not_used_but_locked_again() {
    let place =
        place(|text| text.replacen("variant = \"staging\"\n", "variant = \"production\"\n", 1));
    let frozen = place.run("--frozen --emit venv");
    assert_eq!(frozen.code, Some(2));
    assert!(
        frozen.stderr.contains("changed by hand, damaged or merged"),
        "{frozen:?}"
    );
    let again = fine(&place, "lock --bundle staging");
    assert!(
        again.stderr.contains("was changed since it was written"),
        "{again:?}"
    );
    fine(&place, "--frozen --emit venv");
}

#[test]
fn where_there_is_no_lock() {
    let place = Place::new();
    assert_snapshot!(place.run("emit --lock show.lock --emit venv").told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: there is no lock `show.lock`

    hint: make one: `ayon-resolve lock`, with the bundle and what it is for
    hint: or name the lock: `--lock FILE`
    ");
    let folder = place.run("lock --studio sample --bundle staging --lock nowhere/ayon.lock");
    assert_eq!(folder.code, Some(2));
    assert_snapshot!(folder.stderr, @"error: cannot write `nowhere/ayon.lock`: there is no folder `nowhere`");
    let both = place.run("--locked --frozen --emit venv");
    assert_eq!(both.code, Some(2));
}

#[test]
fn no_secret_reaches_a_lock() {
    let place = super::wheels().variable(
        "AYON_RESOLVE_INDEX_URL",
        "https://ada:canary@index.invalid/simple",
    );
    fine(
        &place,
        "lock --bundle staging --emit venv --platform linux-64",
    );
    assert!(!place.read("ayon.lock").contains("canary"));
}
