//! `check` and `plan` on the sample studio.

use crate::{Place, run};

#[test]
fn staging_is_fine() {
    insta::assert_snapshot!(run("check --studio sample --bundle staging").told());
}

#[test]
fn everything_wrong_is_said_in_one_run() {
    insta::assert_snapshot!(run("check --studio sample --bundle broken").told());
}

#[test]
fn findings_are_data() {
    let outcome = run("check --studio sample --bundle broken --json");
    assert_eq!(outcome.code, Some(1));
    let json = outcome.json();
    assert_eq!(json["schema"]["name"], "ayon-resolve.check");
    assert_eq!(json["success"], false);
    let codes: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect();
    for code in [
        "addon-not-active",
        "addon-required",
        "python-contradiction",
        "unknown-dependency-package",
    ] {
        assert!(codes.contains(&code), "{codes:?}");
    }
}

#[test]
fn hosts_are_judged_when_asked_about() {
    let outcome =
        run("check --studio sample --bundle staging --host maya/2024 --platform linux-64");
    assert!(outcome.stdout.contains("host-python"), "{outcome:?}");
    let unknown =
        run("check --studio sample --bundle staging --host resolve/20 --platform linux-64");
    assert!(unknown.stdout.contains("unknown-host"), "{unknown:?}");
    let told = run(
        "check --studio sample --bundle staging --host resolve/20 --python 3.11 --platform linux-64",
    );
    assert!(!told.stdout.contains("unknown-host"), "{told:?}");
}

#[test]
fn the_newest_set_is_planned() {
    let words = "plan core maya>=0.5 nuke --launcher 1.6 --studio sample --platform linux-64";
    insta::assert_snapshot!(run(words).told());
}

#[test]
fn a_plan_that_cannot_be_says_why() {
    let words = "plan core<1.7 maya>=0.6 --studio sample --platform linux-64";
    insta::assert_snapshot!(run(words).told());
    let unknown = run("plan houdinni --studio sample");
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("did you mean `houdini`?"),
        "{unknown:?}"
    );
    assert_eq!(run("plan core^1.2 --studio sample").code, Some(2));
}

#[test]
fn a_snapshot_says_the_same_as_the_studio() {
    let place = Place::new();
    let pulled = place.run("studio pull --studio sample -o studio.json");
    assert_eq!(pulled.code, Some(0), "{pulled:?}");
    for words in [
        "check --bundle broken",
        "--bundle staging --emit conda --platform win-64",
        "plan core maya --platform linux-64",
    ] {
        let live = place.run(&format!("{words} --studio sample"));
        let kept = place.run(&format!("{words} --studio studio.json --offline"));
        assert_eq!(
            (live.stdout, live.code),
            (kept.stdout, kept.code),
            "{words}"
        );
    }
}

#[test]
fn a_studio_is_shown() {
    let outcome = run("studio show --studio sample");
    assert_eq!(outcome.code, Some(0));
    assert!(
        outcome
            .stdout
            .contains("studio-staging (21 addons, launcher 1.6.3, staging)"),
        "{outcome:?}"
    );
    let json = run("studio show --studio sample --json").json();
    assert_eq!(json["launchers"][1], "1.6.3");
    let hosts = run("host show maya/2025 --studio sample");
    assert!(
        hosts.stdout.starts_with("maya/2025  python 3.11"),
        "{hosts:?}"
    );
}
