//! Where a lock goes, and what it is called.

use insta::assert_snapshot;

use super::{lock, place, told};

#[test]
fn a_name_that_installers_do_not_take_is_refused() {
    let outcome = lock(&place(), "clique -o Studio.toml");
    assert_snapshot!(told(&outcome), @r"
        exit code 2
        --- stdout
        --- stderr
        error: installers take no lock called `Studio.toml`
        cause: a lock is called pylock.toml, or pylock.NAME.toml with a name of small letters without a dot

        hint: call it `pylock.studio.toml`
        ");
}

#[test]
fn what_a_file_is_to_hold_must_be_known() {
    assert_snapshot!(told(&lock(&place(), "clique -o lock")), @r"
        exit code 2
        --- stdout
        --- stderr
        error: what is `lock` to hold?

        hint: call it pylock.toml, requirements.txt or lock.json, or say `--format`
        ");
    assert_snapshot!(told(&lock(&place(), "clique --format spec")), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `pypi lock` writes no `spec`

        hint: it writes pylock, requirements or json
        ");
}

#[test]
fn a_folder_that_is_not_there_is_made_up_for_only_where_it_is_named_as_one() {
    assert_eq!(lock(&place(), "clique -o a/b/").code, Some(0));
    assert_snapshot!(told(&lock(&place(), "clique -o a/pylock.toml")), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot write `a/pylock.toml`: there is no folder `a`
        ");
}

#[test]
fn a_file_that_is_no_lock_is_not_overwritten_without_a_word() {
    let place = place().file("pylock.toml", "lock-version = \"1.0\"\npackages = 3\n");
    let outcome = lock(&place, "clique -o pylock.toml");
    assert_eq!(outcome.code, Some(2));
    assert_snapshot!(told(&outcome), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `pylock.toml` is there and cannot be kept to
        cause: TOML parse error at line 2, column 12
          |
        2 | packages = 3
          |            ^
        invalid type: integer `3`, expected a sequence

        hint: remove it, write to another place, or choose everything anew: `--upgrade`
        ");
    assert_eq!(
        lock(&place, "clique -o pylock.toml --upgrade").code,
        Some(0)
    );
}

#[test]
fn paths_are_told_from_the_lock() {
    let place = place();
    assert_eq!(lock(&place, "clique -o a/b/").code, Some(0));
    let text = place.read("a/b/pylock.toml");
    assert!(
        text.contains("path = \"../../wheels/clique-2.0.0-py3-none-any.whl\""),
        "{text}"
    );
    assert_eq!(
        lock(&place, "clique -o a/b/ --absolute-paths").code,
        Some(0)
    );
    let text = place.read("a/b/pylock.toml");
    assert!(
        text.contains("/wheels/clique-2.0.0") && !text.contains(".."),
        "{text}"
    );
}
