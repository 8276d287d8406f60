//! What a second run need not ask.

use std::collections::BTreeSet;

use pypi::Index;
use pypi_client::Refresh;

use crate::world::{Manner, PLAIN, Shelf, World, needs, open, options, project};

fn shelf() -> Shelf {
    Shelf::of(&[("one", "1.0", &["two"]), ("two", "1.0", &[])])
}

/// Asks for everything, as a solve would.
fn ask_all(client: &pypi_client::Client) {
    assert_eq!(needs(client, "one"), Ok(vec!["two".to_owned()]));
    assert_eq!(needs(client, "two"), Ok(Vec::new()));
    assert!(
        client
            .project(&"nowhere".parse().unwrap())
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_warm_run_asks_nobody_and_starts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for manner in [
        PLAIN,
        Manner {
            json: true,
            metadata_files: true,
            ..PLAIN
        },
    ] {
        let world = World::new(&manner, shelf());
        ask_all(&open(options(&[&world], Some(folder.path()), 0)));
        let asked = world.asked().len();
        assert_eq!(asked, 5);
        for seconds in [0, 1, 599] {
            let client = open(options(&[&world], Some(folder.path()), seconds));
            ask_all(&client);
            let statistics = client.statistics();
            assert!(!statistics.fetched, "{statistics:?}");
            assert_eq!(
                (
                    statistics.pages_cached,
                    statistics.files_cached,
                    statistics.requests
                ),
                (3, 2, 0)
            );
        }
        assert_eq!(world.asked().len(), asked);
    }
}

#[test]
fn names_that_exist_are_known_again() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(&PLAIN, shelf());
    ask_all(&open(options(&[&world], Some(folder.path()), 0)));
    let client = open(options(&[&world], Some(folder.path()), 1));
    let names: Vec<_> = client
        .known_names()
        .into_iter()
        .map(|name| name.to_string())
        .collect();
    assert_eq!(names, ["one", "two"]);
    assert!(open(options(&[&world], None, 1)).known_names().is_empty());
}

#[test]
fn pages_age_and_metadata_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(&PLAIN, shelf());
    ask_all(&open(options(&[&world], Some(folder.path()), 0)));
    // Also where the clock was set back.
    for seconds in [600, -1] {
        let before = world.asked().len();
        ask_all(&open(options(&[&world], Some(folder.path()), seconds)));
        assert_eq!(
            world.asked()[before..],
            ["/simple/one/", "/simple/two/", "/simple/nowhere/"]
        );
    }
}

#[test]
fn an_unchanged_page_is_not_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(
        &Manner {
            etag: Some("\"a\"".to_owned()),
            ..PLAIN
        },
        shelf(),
    );
    needs(&open(options(&[&world], Some(folder.path()), 0)), "one").unwrap();
    for seconds in [1000, 1100, 2000] {
        let client = open(options(&[&world], Some(folder.path()), seconds));
        assert_eq!(project(&client, "one").len(), 1);
    }
    let conditions: Vec<_> = world
        .server
        .requests()
        .iter()
        .filter(|request| request.target == "/simple/one/")
        .map(|request| request.header("if-none-match").map(str::to_owned))
        .collect();
    // The second confirmed it for ten minutes more.
    assert_eq!(
        conditions,
        [None, Some("\"a\"".to_owned()), Some("\"a\"".to_owned())]
    );

    world.change(|manner| manner.etag = Some("\"b\"".to_owned()));
    world.rearrange(|shelf| shelf.add("one", "2.0", &[]));
    assert_eq!(
        project(&open(options(&[&world], Some(folder.path()), 4000)), "one").len(),
        2
    );
}

#[test]
fn a_server_may_promise_more_than_we_assume() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(
        &Manner {
            cache_control: Some("max-age=3600".to_owned()),
            ..PLAIN
        },
        shelf(),
    );
    for (seconds, asked) in [(0, 1), (3599, 1), (3600, 2)] {
        project(
            &open(options(&[&world], Some(folder.path()), seconds)),
            "one",
        );
        assert_eq!(world.asked().len(), asked, "after {seconds} seconds");
    }
}

#[test]
fn who_refreshes_asks_again() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(&PLAIN, shelf());
    ask_all(&open(options(&[&world], Some(folder.path()), 0)));
    let asked = |refresh: Refresh| {
        let before = world.asked().len();
        let mut options = options(&[&world], Some(folder.path()), 1);
        options.refresh = refresh;
        ask_all(&open(options));
        world.asked()[before..].to_vec()
    };
    assert_eq!(
        asked(Refresh::All),
        ["/simple/one/", "/simple/two/", "/simple/nowhere/"]
    );
    assert_eq!(
        asked(Refresh::Packages(BTreeSet::from(["two".parse().unwrap()]))),
        ["/simple/two/"]
    );
    assert_eq!(asked(Refresh::None), [""; 0]);
}

#[test]
fn offline_is_what_was_remembered_at_any_age() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(
        &PLAIN,
        Shelf::of(&[
            ("one", "1.0", &["two"]),
            ("two", "1.0", &[]),
            ("three", "1.0", &[]),
        ]),
    );
    let client = open(options(&[&world], Some(folder.path()), 0));
    ask_all(&client);
    project(&client, "three");
    drop(client);
    let asked = world.asked().len();

    let mut options = options(&[&world], Some(folder.path()), 10_000_000);
    options.offline = true;
    let client = open(options);
    ask_all(&client);
    let reason = needs(&client, "three").unwrap_err();
    assert_eq!(
        reason,
        "offline, and what three-1.0-py3-none-any.whl needs is not in the cache"
    );
    let error = client
        .project(&"four".parse().unwrap())
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        format!(
            "offline, and `{}` is not in the cache for four; run once without --offline",
            world.server.url("/simple")
        )
    );
    assert!(!client.statistics().fetched);
    assert_eq!(world.asked().len(), asked);
}

#[test]
fn bad_metadata_is_remembered_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::default();
    let text = "Metadata-Version: 2.1\nName: bad\nVersion: 1\nRequires-Dist: ][\n";
    shelf.files.insert(
        "bad-1-py3-none-any.whl".to_owned(),
        crate::world::wheel("bad", "1", text),
    );
    let world = World::new(&PLAIN, shelf);
    let reason = needs(&open(options(&[&world], Some(folder.path()), 0)), "bad").unwrap_err();
    let client = open(options(&[&world], Some(folder.path()), 1));
    assert_eq!(needs(&client, "bad"), Err(reason));
    assert!(!client.statistics().fetched);
}

#[test]
fn one_index_says_nothing_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (
        World::new(&PLAIN, shelf()),
        World::new(&PLAIN, Shelf::of(&[("one", "1.0", &["evil"])])),
    );
    // Both say that the file has one hash; each lies about what is in it.
    other.rearrange(|shelf| shelf.mistaken.push("one-1.0-py3-none-any.whl".to_owned()));
    one.rearrange(|shelf| shelf.mistaken.push("one-1.0-py3-none-any.whl".to_owned()));
    assert_eq!(
        needs(&open(options(&[&other], Some(folder.path()), 0)), "one"),
        Ok(vec!["evil".to_owned()])
    );
    assert_eq!(
        needs(&open(options(&[&one], Some(folder.path()), 0)), "one"),
        Ok(vec!["two".to_owned()])
    );
}
