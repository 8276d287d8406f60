//! Bad input: a clear word, its place, the way out and the right exit code.

use crate::{Place, run};

const PACKAGE: &str = "name = \"core\"\nversion = \"1.9.7\"\n";

/// A studio folder with one launcher, one addon and a bundle of this record.
fn studio(bundle: &str) -> Place {
    Place::new()
        .file("studio/studio.toml", "server_version = \"1.16.0\"\n")
        .file("studio/addons/core/1.9.7/package.py", PACKAGE)
        .file(
            "studio/launchers/1.6.3-linux.json",
            r#"{"filename": "AYON-1.6.3-linux.tar.gz", "platform": "linux", "version": "1.6.3",
                "pythonVersion": "3.11.9", "pythonModules": {}, "runtimePythonModules": {}}"#,
        )
        .file("studio/bundles/b.json", bundle)
}

const BUNDLE: &str = r#"{"name": "b", "addons": {"core": "1.9.7"}, "installerVersion": "1.6.3", "isProduction": true}"#;

fn check(place: &Place) -> crate::Outcome {
    place.run("check --studio studio --platform linux-64 -v")
}

#[test]
fn a_small_folder_is_a_studio() {
    let outcome = check(&studio(BUNDLE));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
}

#[test]
fn unknown_bundles_offer_the_closest() {
    let outcome = run("--studio sample --bundle studio-stagign --emit conda");
    insta::assert_snapshot!(outcome.told(), @r"
    exit code 2
    --- stdout
    --- stderr
    error: sample has no bundle `studio-stagign`; did you mean `studio-staging`?
    ");
}

#[test]
fn a_bundle_without_a_launcher() {
    let place = studio(&BUNDLE.replace("\"1.6.3\"", "null"));
    assert!(
        check(&place).stdout.contains("error[no-launcher]"),
        "{:?}",
        check(&place)
    );
    let emitted = place.run("--studio studio --emit conda");
    assert_eq!(emitted.code, Some(2));
    assert!(
        emitted
            .stderr
            .contains("(the newest of this studio is 1.6.3)"),
        "{emitted:?}"
    );
}

#[test]
fn malformed_versions_and_words_of_project_bundles() {
    for (pin, said) in [
        ("1.9", "addon-not-active"),
        ("__inherit__", "error[project-word]"),
    ] {
        let outcome = check(&studio(&BUNDLE.replace("1.9.7", pin)));
        assert!(outcome.stdout.contains(said), "{outcome:?}");
        assert_eq!(outcome.code, Some(1), "{outcome:?}");
    }
    let launcher = check(&studio(&BUNDLE.replace("1.6.3", "1.6")));
    assert!(
        launcher.stdout.contains("is no semantic version"),
        "{launcher:?}"
    );
}

#[test]
fn ranges_the_server_cannot_read() {
    for (range, way_out) in [
        (">= 1.0.0", "no space is allowed"),
        (">=1.0.0,", "remove the comma"),
    ] {
        let package = format!("{PACKAGE}ayon_required_addons = {{\"core\": \"{range}\"}}\n");
        let place = studio(BUNDLE).file("studio/addons/core/1.9.7/package.py", &package);
        let outcome = check(&place);
        assert!(outcome.stdout.contains(way_out), "{outcome:?}");
        assert!(
            outcome.stdout.contains("addons/core/1.9.7/package.py:3"),
            "{outcome:?}"
        );
        assert_eq!(place.run("--studio studio --emit venv").code, Some(2));
    }
}

#[test]
fn cyclic_requirements_are_fine() {
    let other =
        "name = \"maya\"\nversion = \"1.0.0\"\nayon_required_addons = {\"core\": \">=1.0.0\"}\n";
    let core = format!("{PACKAGE}ayon_required_addons = {{\"maya\": \">=1.0.0\"}}\n");
    let place = studio(&BUNDLE.replace(
        "\"core\": \"1.9.7\"",
        "\"core\": \"1.9.7\", \"maya\": \"1.0.0\"",
    ))
    .file("studio/addons/core/1.9.7/package.py", &core)
    .file("studio/addons/maya/1.0.0/package.py", other);
    assert_eq!(check(&place).code, Some(0), "{:?}", check(&place));
    assert_eq!(
        place
            .run("--studio studio --emit venv --platform linux-64")
            .code,
        Some(0)
    );
}

#[test]
fn code_in_a_package_file_is_not_run() {
    let package =
        "import os\nname = \"core\"\nversion = os.environ[\"CANARY\"]\nopen(\"ran\", \"w\")\n";
    let place = studio(BUNDLE).file("studio/addons/core/1.9.7/package.py", package);
    let outcome = check(&place);
    assert!(
        outcome.stdout.contains("addons/core/1.9.7/package.py"),
        "{outcome:?}"
    );
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(!place.path().join("ran").exists());
}

#[test]
fn invalid_text_and_json_are_named() {
    let place = studio("{\"name\": ");
    let outcome = place.run("studio show --studio studio");
    assert!(outcome.stdout.contains("bundles/b.json"), "{outcome:?}");
    let place = studio(BUNDLE);
    ayon_disk::write_atomic(
        &place.path().join("studio/addons/core/1.9.7/package.py"),
        b"name = \"\xff\"",
    )
    .unwrap();
    let outcome = place.run("studio show --studio studio");
    assert!(
        outcome.stdout.contains("addons/core/1.9.7/package.py"),
        "{outcome:?}"
    );
}

#[test]
fn studios_that_are_none() {
    let place = Place::new()
        .file("empty/readme.txt", "nothing")
        .file(
            "newer.json",
            r#"{"schema": {"name": "ayon-resolve.studio", "version": 99}}"#,
        )
        .file("other.json", "{}");
    let empty = place.run("--studio empty --emit conda");
    assert_eq!(empty.code, Some(2), "{empty:?}");
    let newer = place.run("--studio newer.json --emit conda");
    assert_eq!(newer.code, Some(2));
    assert!(newer.stderr.contains("99"), "{newer:?}");
    assert_eq!(place.run("--studio other.json --emit conda").code, Some(2));
    let nowhere = place.run("--studio nowhere --emit conda");
    assert_eq!(nowhere.code, Some(2));
    assert!(nowhere.stderr.contains("nowhere"), "{nowhere:?}");
}

#[test]
fn words_nobody_knows() {
    for (words, said) in [
        ("--studio sample --bundle staging --emit cnoda", "conda"),
        (
            "--studio sample --bundle staging --emit conda --format pixi",
            "it writes",
        ),
        (
            "--studio sample --bundle staging --platform beos",
            "is no platform",
        ),
        (
            "--studio sample --bundle staging --host maya/2031 --emit venv",
            "no host `maya/2031`",
        ),
        (
            "--studio sample --bundle staging --python three --emit venv",
            "--python",
        ),
        (
            "--studio sample --project nowhere --emit venv",
            "no project `nowhere`",
        ),
    ] {
        let outcome = run(words);
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.stderr.contains(said), "{outcome:?}");
    }
}

#[test]
fn a_time_limit_is_kept_and_said() {
    let outcome = run("plan core maya --studio sample --time-limit 0.000001");
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains("time limit"), "{outcome:?}");
}
