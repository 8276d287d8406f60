//! What rez answered, by us.

use ayon_benches::conformance::{Input, Kind};

use crate::World;

/// Every recorded answer: the algebra of versions, random small resolves, rez's own benchmark.
pub(crate) fn recorded_answers_are_ours(world: &World) {
    for (kind, file, cases) in [
        ("rez-version", "version_cases.json.gz", 15_500),
        ("rez-solver", "solver_cases.json.gz", 6_000),
        ("rez-benchmark", "expected.json.gz", 188),
    ] {
        let input = Input::read(&world.shared.rez(file)).unwrap();
        let report = Kind::named(kind).unwrap().run(&[input]).unwrap();
        assert_eq!(report.failures, [], "{kind}");
        assert_eq!(report.passed, cases, "{kind}");
    }
}
