//! What PyPA's `packaging` answered, by us: versions, specifiers, markers.

use ayon_benches::conformance::{Input, Kind};

use crate::World;

pub(crate) fn recorded_python_versions_are_ours(world: &World) {
    // One case of them is the whole order.
    all_pass(world, "pep440", "pep440-matrix.json", 4_265);
}

pub(crate) fn recorded_markers_are_ours(world: &World) {
    all_pass(world, "pep508", "pep508-matrix.json", 72);
}

fn all_pass(world: &World, kind: &str, file: &str, cases: usize) {
    let input = Input::read(&world.shared.pypi(file)).unwrap();
    let report = Kind::named(kind).unwrap().run(&[input]).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!(report.passed, cases);
}
