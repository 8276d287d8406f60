//! What goes where: data and talk, colour, JSON, and readers that leave.

use std::process::Stdio;

use insta::assert_snapshot;

use crate::{Place, run};

#[test]
fn an_error_is_json_when_json_is_wanted() {
    let outcome = run("check --bundel x --json");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(2), ""));
    assert_snapshot!(outcome.stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.error",
            "version": 1
          },
          "message": "unexpected argument '--bundel' found\n\nUsage: ayon-resolve check --bundle <NAME>",
          "causes": [],
          "hints": [
            "a similar argument exists: '--bundle'",
            "for more information, try '--help'"
          ],
          "exitCode": 2
        }
        "#);
}

#[test]
fn an_error_is_json_when_a_variable_says_so() {
    let outcome = Place::new().variable("AYON_RESOLVE_JSON", "1").run("");
    assert_eq!(outcome.json()["schema"]["name"], "ayon-resolve.error");
    assert_eq!(outcome.json()["exitCode"], 2);
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let is_coloured = |place: Place, words: &str| place.run(words).stderr.contains('\u{1b}');
    assert!(!is_coloured(Place::new(), "chek"));
    assert!(is_coloured(Place::new(), "chek --color always"));
    assert!(is_coloured(
        Place::new().variable("CLICOLOR_FORCE", "1"),
        "chek"
    ));
    assert!(is_coloured(
        Place::new().variable("AYON_RESOLVE_COLOR", "always"),
        "chek"
    ));
    assert!(!is_coloured(
        Place::new().variable("CLICOLOR_FORCE", "1"),
        "chek --color never"
    ));
    assert!(!is_coloured(Place::new().variable("NO_COLOR", "1"), "chek"));
}

#[test]
fn control_characters_of_others_are_not_printed() {
    let place = Place::new();
    let output = place
        .command("", &["--host", "\u{1b}[2Jmaya\u{7}", "--emit", "conda"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told.contains("[2Jmaya") && !told.contains(['\u{1b}', '\u{7}']),
        "{told:?}"
    );
}

#[test]
fn a_misspelt_variable_is_a_warning_and_can_be_silenced() {
    let place = Place::new().variable("AYON_RESOLVE_BUNDEL", "x");
    let outcome = place.run("config show");
    assert_eq!(outcome.code, Some(0));
    assert_snapshot!(outcome.stderr, @"warning: the environment variable `AYON_RESOLVE_BUNDEL` means nothing here; did you mean `AYON_RESOLVE_BUNDLE`?");
    assert_eq!(place.run("config show -qq").stderr, "");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let place = Place::new();
    let output = place
        .command("", &["completions", "zsh"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let place = Place::new();
    let output = place
        .command("", &["config", "show"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("error: standard output cannot be written\n")
    );
}

#[test]
fn the_version_is_data() {
    let outcome = run("--version");
    assert_eq!(
        (outcome.code, outcome.stdout),
        (
            Some(0),
            format!("ayon-resolve {}\n", env!("CARGO_PKG_VERSION"))
        )
    );
}
