//! Which index is asked, with which password, and how often.

use super::house::{Answer, Server};
use super::{STUDIO, lock};
use crate::Place;

/// A place that locks for Python 3.11 on Linux, with a cache.
fn place() -> Place {
    Place::new()
        .variable("AYON_RESOLVE_PYTHON", "3.11")
        .variable("AYON_RESOLVE_PLATFORM", "linux-64")
        .variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache")
}

#[test]
fn a_warm_run_asks_nobody_and_so_does_an_offline_one() {
    let server = Server::start(STUDIO, &[]);
    let words = format!("ftrack-python-api requests --index-url {}", server.url());
    let place = place();
    let cold = lock(&place, &words);
    assert_eq!(cold.code, Some(0), "{cold:?}");
    let asked = server.asked().len();
    let warm = lock(&place, &words);
    let offline = lock(&place, &format!("{words} --offline"));
    assert_eq!(warm.stdout, cold.stdout);
    assert_eq!(offline.stdout, cold.stdout);
    assert_eq!(server.asked().len(), asked);
    let refreshed = lock(&place, &format!("{words} --refresh-package requests"));
    assert_eq!(refreshed.stdout, cold.stdout);
    let again = &server.asked()[asked..];
    assert_eq!(again, ["/simple/requests/"]);
    let unknown = lock(
        &place,
        &format!("ayon-python-api --offline --index-url {}", server.url()),
    );
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(unknown.stderr.contains("--offline"), "{unknown:?}");
}

#[test]
fn the_first_index_that_has_a_package_has_it_alone() {
    let ours = Server::start(&[("clique", "9.9", &[])], &[]);
    let theirs = Server::start(STUDIO, &[]);
    let words = format!(
        "clique requests --index studio={} --index-url {} --format requirements",
        ours.url(),
        theirs.url()
    );
    let outcome = lock(&place(), &words);
    assert!(outcome.stdout.contains("clique==9.9"), "{outcome:?}");
    assert!(!theirs.asked().iter().any(|path| path.contains("clique")));
    let pinned = lock(
        &place(),
        &format!("{words} --package-index requests=studio"),
    );
    assert_eq!(pinned.code, Some(1), "{pinned:?}");
}

#[test]
fn passwords_come_from_variables_and_netrc_and_are_never_shown() {
    let server = Server::start(STUDIO, &[]);
    let url = server.url();
    let (scheme, rest) = url.split_once("://").unwrap();
    let places = [
        place()
            .variable("AYON_RESOLVE_INDEX_URL", &url)
            .variable("AYON_RESOLVE_INDEX_USERNAME", "ada")
            .variable("AYON_RESOLVE_INDEX_PASSWORD", "canary"),
        place().variable(
            "AYON_RESOLVE_INDEX_URL",
            &format!("{scheme}://ada:canary@{rest}"),
        ),
        place()
            .variable("AYON_RESOLVE_INDEX", &format!("studio={url}"))
            .variable("AYON_RESOLVE_INDEX_STUDIO_USERNAME", "ada")
            .variable("AYON_RESOLVE_INDEX_STUDIO_PASSWORD", "canary"),
        place()
            .file("netrc", "machine 127.0.0.1 login ada password canary\n")
            .variable("NETRC", "[folder]/netrc")
            .variable("AYON_RESOLVE_INDEX_URL", &url),
    ];
    for place in places {
        let before = server.asked().len();
        let outcome = lock(&place, "clique -vv -o pylock.toml");
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        let asked = server.asked()[before..].to_vec();
        // `ada:canary` as HTTP writes it.
        assert!(
            asked
                .iter()
                .all(|line| line.contains("Basic YWRhOmNhbmFyeQ==")),
            "{asked:?}"
        );
        let config = place.run("config show");
        let lock = place.read("pylock.toml");
        for text in [outcome.told(), lock, config.told()] {
            assert!(!text.contains("canary"), "{text}");
        }
    }
}

#[test]
fn a_password_that_is_wrong_stops_the_run_and_says_where_it_belongs() {
    let instead = [("/simple/clique/", Answer::Status(401))];
    let server = Server::start(STUDIO, &instead);
    let outcome = lock(&place(), &format!("clique --index-url {}", server.url()));
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(
        outcome.stderr.contains("AYON_RESOLVE_INDEX_"),
        "{outcome:?}"
    );
}

#[test]
fn a_file_may_name_its_index() {
    let server = Server::start(STUDIO, &[]);
    let place = place().file(
        "reqs.in",
        &format!("--index-url {}\nclique\n", server.url()),
    );
    let outcome = lock(&place, "reqs.in");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(server.asked()[0], "/simple/clique/");
}
