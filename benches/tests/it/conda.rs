//! What conda and rattler answered, by us.

use ayon_benches::conformance::{Input, Kind, Report};

use crate::World;

pub(crate) fn recorded_versions_of_conda_are_ours(world: &World) {
    let report = judged(
        world,
        "conda-version",
        &["versions/versions-ascending.txt.gz"],
    );
    assert_eq!(report.failures, []);
    // The pairs of neighbouring lines, the last line alone, and the file.
    assert_eq!(report.passed, 25_303 + 1);
}

pub(crate) fn recorded_requests_of_conda_are_ours(world: &World) {
    let report = judged(world, "conda-specs", &["specs.json"]);
    assert_eq!(report.failures, []);
    assert_eq!(report.passed, 20);
}

/// A judge that accepts whatever it is shown would pass the rest as well.
pub(crate) fn a_falsified_request_of_conda_fails(world: &World) {
    let mut input = Input::read(&world.shared.conda("specs.json")).unwrap();
    let mut document: serde_json::Value = serde_json::from_str(&input.text).unwrap();
    let requests = document["requests"].as_array_mut().unwrap();
    requests.truncate(1);
    let packages = requests[0]["packages"].as_array_mut().unwrap();
    packages[0] = "nothing=1=0".into();
    input.text = document.to_string();
    let report = Kind::named("conda-specs").unwrap().run(&[input]).unwrap();
    assert_eq!(report.failures[0].differences.len(), 2);
}

pub(crate) fn cases_of_condas_own_tests_are_ours(world: &World) {
    let files = ["basic", "constricting_specs", "cuda", "integration"];
    let files = files.map(|file| format!("conda-solvers/cases/{file}.yaml"));
    let report = judged(
        world,
        "conda-solvers",
        &files.each_ref().map(String::as_str),
    );
    assert_eq!(report.failures, []);
    assert_eq!(report.passed, 19);
    // Those about conda the program.
    assert_eq!(report.left_out.values().sum::<usize>(), 10);
}

fn judged(world: &World, kind: &str, files: &[&str]) -> Report {
    let inputs: Vec<Input> = files
        .iter()
        .map(|file| Input::read(&world.shared.conda(file)).unwrap())
        .collect();
    Kind::named(kind).unwrap().run(&inputs).unwrap()
}
