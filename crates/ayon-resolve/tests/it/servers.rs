//! The same studio behind a server: the same answers, and one clear error for each way a server can fail.

use ayon_studio::stand_in::{KEY, Misbehaviour, Running, StandIn};
use ayon_studio::{Location, Options, open};

use crate::{Outcome, Place, run};

/// The sample studio, served.
fn stand_in() -> StandIn {
    let source = open(&Location::Sample, Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    StandIn::new(runtime.block_on(source.load()).unwrap())
}

fn ask(server: &Running, key: &str, words: &str) -> Outcome {
    place(server, key).run(words)
}

fn place(server: &Running, key: &str) -> Place {
    Place::new()
        .variable("AYON_SERVER_URL", &server.url())
        .variable("AYON_API_KEY", key)
        .variable("AYON_SERVER_TIMEOUT", "2")
        .variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache")
}

/// The lines of an emission that are no comments: comments name files, and a server's files are endpoints.
fn lines(outcome: &Outcome) -> Vec<String> {
    let line = |line: &str| {
        line.split("  #")
            .next()
            .unwrap_or_default()
            .trim_end()
            .to_owned()
    };
    let lines = outcome.stdout.lines().map(line);
    lines
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect()
}

#[test]
fn a_server_gives_the_same_answers_as_its_facts() {
    let server = stand_in().start().unwrap();
    for words in [
        "--bundle staging --emit conda --platform linux-64",
        "--bundle staging --emit venv --platform win-64 --headless",
        "plan core maya nuke --launcher 1.6 --platform linux-64",
    ] {
        let (live, known) = (
            ask(&server, KEY, words),
            run(&format!("{words} --studio sample")),
        );
        assert_eq!(live.code, Some(0), "{live:?}");
        assert_eq!(lines(&live), lines(&known), "{words}");
    }
    let codes = |outcome: &Outcome| -> Vec<String> {
        let json = outcome.json();
        let findings = json["findings"].as_array().unwrap();
        findings
            .iter()
            .map(|f| format!("{} {}", f["code"], f["message"]))
            .collect()
    };
    let live = ask(&server, KEY, "check --bundle broken --json");
    let known = run("check --bundle broken --json --studio sample");
    assert_eq!(live.code, Some(1), "{live:?}");
    assert_eq!(codes(&live), codes(&known));
}

#[test]
fn what_was_asked_once_is_known_offline() {
    let server = stand_in().start().unwrap();
    let place = place(&server, KEY);
    let words = "--bundle staging --emit conda --platform linux-64";
    let online = place.run(words);
    assert_eq!(online.code, Some(0), "{online:?}");
    let asked = server.requests().len();
    let offline = place.run(&format!("{words} --offline"));
    assert_eq!((offline.stdout, offline.code), (online.stdout, online.code));
    assert_eq!(server.requests().len(), asked, "offline asks nobody");
    // Production's releases were never asked about.
    let missing = place.run("check --bundle production --offline");
    assert_eq!(missing.code, Some(2), "{missing:?}");
    assert!(
        missing.stdout.contains("warning[relations-unknown]"),
        "{missing:?}"
    );
}

#[test]
fn each_way_to_fail_has_one_clear_error() {
    for (misbehaviour, said) in [
        (Misbehaviour::Hang, "s"),
        (Misbehaviour::Html, "HTML"),
        (Misbehaviour::Truncate, ""),
        (Misbehaviour::Status(500), "500"),
    ] {
        let name = format!("{misbehaviour:?}");
        let server = stand_in()
            .misbehaving("/api/bundles", misbehaviour)
            .start()
            .unwrap();
        let outcome = ask(&server, KEY, "--bundle staging --emit conda");
        assert_eq!(outcome.code, Some(2), "{name}: {outcome:?}");
        assert!(outcome.stdout.is_empty(), "{name}: {outcome:?}");
        assert_eq!(
            outcome.stderr.matches("error:").count(),
            1,
            "{name}: {outcome:?}"
        );
        assert!(outcome.stderr.contains(said), "{name}: {outcome:?}");
        assert!(
            server.requests().len() < 20,
            "{name}: {:?}",
            server.requests()
        );
    }
}

#[test]
fn a_login_token_does_where_a_key_does() {
    let server = stand_in().token("canary-token").start().unwrap();
    let outcome = ask(&server, "canary-token", "check --bundle staging -v");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(!outcome.told().contains("canary"), "{outcome:?}");
}

#[test]
fn a_wrong_key_is_refused_at_once_and_never_shown() {
    let server = stand_in().start().unwrap();
    for words in [
        "--bundle staging --emit conda",
        "check -vv",
        "studio pull --json",
        "config show",
    ] {
        let outcome = ask(&server, "canary-0123456789", words);
        let told = outcome.told();
        assert!(!told.contains("canary"), "{told}");
        if words != "config show" {
            assert_eq!(outcome.code, Some(2), "{told}");
            assert!(told.contains("AYON_API_KEY"), "{told}");
        }
    }
    assert!(server.requests().len() <= 24, "{:?}", server.requests());
}
