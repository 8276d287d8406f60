//! What uv and the authors of packse answered, by us.

use std::path::Path;

use ayon_benches::conformance::{Input, Kind};

use crate::World;

pub(crate) fn recorded_scenarios_are_ours(world: &World) {
    all_pass(world, "packse", "packse.json", 63);
}

pub(crate) fn recorded_real_sets_are_ours(world: &World) {
    for file in ["vfx.json", "airflow3.json.gz", "conflict.json"] {
        all_pass(world, "pypi-snapshot", &format!("snapshots/{file}"), 1);
    }
}

/// A judge that accepts whatever it is shown would pass the rest as well.
pub(crate) fn a_falsified_scenario_fails(world: &World) {
    let mut input = Input::read(&world.shared.pypi("packse.json")).unwrap();
    let true_answer =
        r#""expected_wheels_only": {"packages": {"a": "3.0.0"}, "satisfiable": true}"#;
    let compact = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let mut document = compact(&input.text);
    let scenarios = document["scenarios"].as_array_mut().unwrap();
    let expected = compact(&format!("{{{true_answer}}}"));
    let victim = scenarios
        .iter_mut()
        .find(|scenario| scenario["expected_wheels_only"] == expected["expected_wheels_only"]);
    victim.unwrap()["expected_wheels_only"]["packages"]["a"] = "2.0.0".into();
    input.text = document.to_string();
    let report = Kind::named("packse").unwrap().run(&[input]).unwrap();
    assert_eq!((report.passed, report.failures.len()), (62, 1));
    assert_eq!(
        report.failures[0].differences,
        [
            "html: a: 2.0.0 recorded, 3.0.0 by us",
            "json: a: 2.0.0 recorded, 3.0.0 by us"
        ]
    );
}

/// The rules of uv that the recorded scenarios may not touch, each in a world of our own. uv's answers are asked for anew
/// in `.ci/run`.
#[test]
fn rules_of_uv_are_ours() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/pypi/scenarios.json");
    let input = Input::read(&file).unwrap();
    let report = Kind::named("packse").unwrap().run(&[input]).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!(report.passed, 91);
}

fn all_pass(world: &World, kind: &str, file: &str, cases: usize) {
    let input = Input::read(&world.shared.pypi(file)).unwrap();
    let report = Kind::named(kind).unwrap().run(&[input]).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!(report.passed, cases);
}
