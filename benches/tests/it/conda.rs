//! What conda and rattler answered, by us.

use std::sync::Arc;

use ::conda::{
    Ask, Asker, Channel, ChannelBase, Dialect, Platform, RecordCache, Records, Repodata, Root,
    SolveError, Speaker, Spec, Target, solve,
};
use ayon_benches::conformance::{Input, Kind, Report};

use crate::World;

pub(crate) fn recorded_versions_of_conda_are_ours(world: &World) {
    let passed = |file: &str| {
        let report = judged(world, "conda-version", &[file]);
        assert_eq!(report.failures, [], "{file}");
        report.passed
    };
    // The pairs of neighbouring lines, the last line alone, and the file.
    assert_eq!(passed("versions/versions-ascending.txt.gz"), 25_303 + 1);
    assert_eq!(passed("versions/parsed_versions.txt.gz"), 28_530);
    assert_eq!(passed("versions/versions.txt.gz"), 28_530);
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

/// The solver's own account of this takes 276 lines. There is a gcc 11.4, and no gfortran for it.
pub(crate) fn the_cause_is_named_in_a_few_lines(world: &World) {
    let channel = Channel::parse("conda-forge", &ChannelBase::new("/")).unwrap();
    let subdirs = [Platform::LINUX_64, Platform::NOARCH].map(|platform| -> Arc<dyn Records> {
        let file = format!("conda-forge-harvest/{platform}/repodata.json.zst");
        let file = Repodata::new(world.shared.conda(&file));
        let cache = RecordCache::disabled();
        Arc::new(cache.open(&channel, platform, "", &file).unwrap())
    });
    let mut ask = Ask::new(Target::new(Platform::LINUX_64));
    ask.channels = vec![subdirs.to_vec()];
    let specs = ["gcc ==11.4", "cmake", "compilers"];
    ask.roots = specs
        .iter()
        .zip(0..)
        .map(|(text, number)| Root {
            spec: Spec::parse(text, Dialect::Strict).unwrap(),
            asker: Asker(number),
        })
        .collect();
    let Err(SolveError::Conflict(conflict)) = solve(&ask, &|| false) else {
        panic!("a conflict is expected");
    };
    assert!(conflict.account.len() > 200);
    let who = |speaker: &Speaker| match speaker {
        Speaker::Asker(Asker(number)) => format!("request {number}"),
        other => format!("{other:?}"),
    };
    assert_eq!(
        conflict.lines(&who),
        [
            "no gcc is what everybody asks for:",
            "  request 0 needs gcc ==11.4",
            "  request 2 needs compilers",
            "    compilers 1.3.0 to 1.11.0 needs fortran-compiler 1.3.0 to 1.11.0",
            "    fortran-compiler 1.3.0 to 1.11.0 needs gfortran",
            "    gfortran 9.4.0 to 14.3.0 needs gcc 9.4.0 to 10.3.0, 12.3.0 to 12.4.0, 13.3.0 to 14.3.0",
            "it solves if request 0 asks for any gcc instead of `gcc ==11.4` (gcc 14.3.0 is chosen then)",
        ]
    );
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
