//! The main job on the sample studio: a bundle in, files out.

use crate::{Place, run};

/// What every run below has in common: a platform, so that the machine does not show.
fn sample(words: &str) -> crate::Outcome {
    run(&format!("--studio sample --platform linux-64 {words}"))
}

#[test]
fn conda() {
    insta::assert_snapshot!(sample("--bundle staging --emit conda").told());
}

#[test]
fn rez() {
    insta::assert_snapshot!(sample("--bundle staging --emit rez").told());
}

#[test]
fn venv() {
    insta::assert_snapshot!(sample("--bundle staging --emit venv").told());
}

#[test]
fn a_host_gets_no_runtime_dependencies() {
    insta::assert_snapshot!(sample("--bundle staging --emit venv --host maya/2025").told());
}

#[test]
fn without_a_backend_the_answer_is_shown() {
    insta::assert_snapshot!(sample("--bundle production --headless").told());
    let json = sample("--bundle production --json").json();
    assert_eq!(json["schema"]["name"], "ayon-resolve.resolution");
    assert_eq!(json["resolutions"][0]["launcher"]["version"], "1.5.5");
}

#[test]
fn a_project_lays_its_bundle_over() {
    let outcome = sample("--project lighthouse --staging --emit rez");
    assert_eq!(outcome.code, Some(0));
    assert!(
        outcome
            .stderr
            .contains("photoshop 0.4.1 is not in the server's library"),
        "{outcome:?}"
    );
}

#[test]
fn several_targets_are_several_files() {
    let words =
        "--studio sample --bundle staging --emit venv --platform linux-64 --platform win-64";
    let refused = run(words);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("-o FOLDER/"), "{refused:?}");
    let place = Place::new();
    let written = place.run(&format!("{words} -o out/"));
    assert_eq!(written.code, Some(0), "{written:?}");
    let mut names: Vec<String> = std::fs::read_dir(place.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "requirements-launcher-linux-64.txt",
            "requirements-launcher-win-64.txt"
        ]
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for backend in ["conda", "rez", "venv"] {
        let words = format!("--bundle staging --emit {backend}");
        assert_eq!(sample(&words).stdout, sample(&words).stdout);
    }
}

#[test]
fn a_refusal_names_both_files_and_what_would_do() {
    insta::assert_snapshot!(sample("--bundle studio-2026-05 --launcher 1.6.3 --emit conda").told());
    let json = sample("--bundle studio-2026-05 --launcher 1.6.3 --emit conda --json");
    assert_eq!(json.code, Some(1));
    assert_eq!(json.json()["conflict"]["contested"][0], "python");
}
