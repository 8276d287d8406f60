//! `host probe` with a real Python, where there is one.

use std::process::Command;

use crate::{Place, run};

/// A Python to ask; the environment of the tests is empty, so it is found by its path.
fn python() -> Option<String> {
    let mut found = Command::new("python3");
    let output = found
        .args(["-c", "import sys; print(sys.executable)"])
        .output()
        .ok()?;
    let path = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !path.is_empty() && !path.contains(' ')).then_some(path)
}

#[test]
fn a_real_python_describes_itself() {
    let Some(python) = python() else {
        eprintln!("skipped: there is no python3 here");
        return;
    };
    let place = Place::new()
        .file("hosts/x", "")
        .variable("AYON_API_KEY", "canary")
        .variable("PYTHONPATH", "elsewhere");
    let outcome = place.run(&format!("host probe maya/2025 -o hosts -- {python}"));
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.stdout, "");
    assert_eq!(
        outcome.stderr.replace('\\', "/"),
        "Wrote hosts/maya-2025.toml\n"
    );
    let text =
        ayon_disk::read_to_string(&place.path().join("hosts/maya-2025.toml"), 1 << 20).unwrap();
    let profile: toml::Table = toml::from_str(&text).unwrap();
    assert_eq!(profile["name"].as_str(), Some("maya"));
    assert_eq!(profile["embedded_python"].as_bool(), Some(true));
    assert!(
        profile["python"].as_str().unwrap().starts_with("3."),
        "{text}"
    );
    let system = profile["platforms"][0].as_str().unwrap();
    assert!(["linux", "windows", "darwin"].contains(&system), "{text}");
    assert!(
        profile["modules"].is_table() && profile["tags"]["machine"].is_str(),
        "{text}"
    );
    assert!(!text.contains("canary"));
}

#[test]
fn the_profile_is_data_when_no_path_is_given() {
    let Some(python) = python() else {
        eprintln!("skipped: there is no python3 here");
        return;
    };
    let place = Place::new();
    let outcome = place.run(&format!("host probe nuke/15 -- {python} -I"));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    assert!(
        outcome.stdout.starts_with("# nuke 15, "),
        "{}",
        outcome.stdout
    );
    let document = place
        .run(&format!("host probe nuke/15 --json -- {python} -I"))
        .json();
    assert_eq!(document["files"][0]["name"], "nuke-15.toml");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let outcome = run("host probe maya/2025 -- no-such-mayapy");
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome
            .stderr
            .starts_with("error: `no-such-mayapy` cannot be run\ncause: "),
        "{outcome:?}"
    );
}
