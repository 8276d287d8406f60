//! What rez answered, by us: the algebra of versions, random small resolves, rez's own benchmark.

use ayon_benches::conformance::{Input, Kind};

use crate::World;

pub(crate) fn recorded_versions_are_ours(world: &World) {
    all_pass(world, "rez-version", "version_cases.json.gz", 15_500);
}

pub(crate) fn recorded_small_resolves_are_ours(world: &World) {
    all_pass(world, "rez-solver", "solver_cases.json.gz", 6_000);
}

pub(crate) fn recorded_benchmark_is_ours(world: &World) {
    all_pass(world, "rez-benchmark", "expected.json.gz", 188);
}

fn all_pass(world: &World, kind: &str, file: &str, cases: usize) {
    let input = Input::read(&world.shared.rez(file)).unwrap();
    let report = Kind::named(kind).unwrap().run(&[input]).unwrap();
    assert_eq!(report.failures, []);
    assert_eq!(report.passed, cases);
}
