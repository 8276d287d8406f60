//! What is chosen, and why.

use std::sync::atomic::{AtomicUsize, Ordering};

use conda::{Asker, From, Moment, OwnRecord, RecordFacts, SolveError, Strategy, solve};

use crate::worlds::{answer, ask, channel, chosen, is_refused, noarch, offering, roots};

#[test]
fn the_newest_that_fits_is_taken_with_all_it_needs() {
    let world = noarch(
        "conda-forge",
        &[
            ("numpy", "1.26", &["python >=3.9"]),
            ("numpy", "2.0", &["python >=3.12"]),
            ("python", "3.11", &[]),
            ("python", "3.12", &[]),
            ("unrelated", "1", &[]),
        ],
    );
    assert_eq!(
        chosen(&ask(vec![world.clone()], &["numpy"])),
        ["numpy 2.0", "python 3.12"]
    );
    let old = ask(vec![world], &["numpy", "python 3.11.*"]);
    assert_eq!(chosen(&old), ["numpy 1.26", "python 3.11"]);
}

#[test]
fn everybody_who_asks_is_told() {
    let world = noarch("conda-forge", &[("a", "1", &["b >=1"]), ("b", "1", &[])]);
    let mut question = ask(vec![world], &["a"]);
    question.own = vec![
        OwnRecord {
            name: "bundle staging".to_owned(),
            version: "7 of May".to_owned(),
            holds: vec![1, 0, 99],
            depends: Vec::new(),
        },
        OwnRecord {
            name: "addon".to_owned(),
            version: "1.0.0".to_owned(),
            holds: Vec::new(),
            depends: roots(&["b<2"]),
        },
    ];
    let solution = answer(&question).unwrap();
    let told: Vec<String> = solution
        .edges
        .iter()
        .map(|edge| format!("{:?} {} {}", edge.from, edge.to, edge.words))
        .collect();
    assert_eq!(
        told,
        [
            "Asker(Asker(0)) a a",
            "Own(1, Asker(0)) b b <2",
            "Package(PackageName(\"a\")) b b >=1",
        ]
    );
    assert_eq!(solution.edges[0].from, From::Asker(Asker(0)));
    assert_eq!(
        solution
            .get(&"b".parse().unwrap())
            .unwrap()
            .version()
            .to_string(),
        "1"
    );
}

#[test]
fn the_machine_is_the_target() {
    let world = noarch(
        "conda-forge",
        &[
            ("driver", "1", &["__cuda >=12"]),
            ("libc", "1", &["__glibc >=2.28,<3"]),
        ],
    );
    let mut question = ask(vec![world], &["driver"]);
    assert!(is_refused(&question));
    question.target = question.target.with_cuda("12.4".parse().unwrap());
    assert_eq!(chosen(&question), ["driver 1"]);
    question.roots = roots(&["libc", "__glibc"]);
    assert_eq!(chosen(&question), ["libc 1"]);
    question.target = question.target.with_glibc("2.17".parse().unwrap());
    assert!(is_refused(&question));
}

#[test]
fn constraints_pull_nothing_in() {
    let world = noarch(
        "conda-forge",
        &[
            ("a", "1", &["b"]),
            ("b", "1", &[]),
            ("b", "2", &[]),
            ("c", "1", &[]),
        ],
    );
    let mut question = ask(vec![world], &["a"]);
    question.constraints = roots(&["b<2", "c"]);
    assert_eq!(chosen(&question), ["a 1", "b 1"]);
    question.constraints = roots(&["b>2"]);
    assert!(is_refused(&question));
}

#[test]
fn what_is_pinned_is_taken_and_what_is_preferred_where_it_fits() {
    let world = noarch(
        "conda-forge",
        &[
            ("a", "1", &["b"]),
            ("b", "1", &[]),
            ("b", "2", &[]),
            ("b", "3", &[]),
        ],
    );
    let of_b = world[0].of(&"b".parse().unwrap()).unwrap();
    let mut question = ask(vec![world], &["a"]);
    question.preferred = vec![of_b[1].clone()];
    assert_eq!(chosen(&question), ["a 1", "b 2"]);
    question.constraints = roots(&["b !=2"]);
    assert_eq!(chosen(&question), ["a 1", "b 3"]);
    question.constraints = Vec::new();
    let foreign = RecordFacts::new("b", "0.5", "0").at(&channel("other"), conda::Platform::NOARCH);
    question.pinned = vec![foreign.unwrap()];
    assert_eq!(chosen(&question), ["a 1", "b 0.5"]);
    question.roots = roots(&["a", "b >=1"]);
    assert!(is_refused(&question));
}

#[test]
fn a_cut_leaves_out_what_is_newer_or_without_a_date() {
    let dated = |version: &str, time: Option<i64>| {
        let mut facts = RecordFacts::new("a", version, "0");
        facts.timestamp = time.and_then(Moment::from_milliseconds);
        facts
    };
    let world = offering(
        "conda-forge",
        vec![
            dated("1", Some(1000)),
            dated("2", Some(2000)),
            dated("3", None),
        ],
    );
    let mut question = ask(vec![world], &["a"]);
    assert_eq!(chosen(&question), ["a 3"]);
    question.exclude_newer = Moment::from_milliseconds(2000);
    assert_eq!(chosen(&question), ["a 2"]);
    question.exclude_newer = Moment::from_milliseconds(1999);
    assert_eq!(chosen(&question), ["a 1"]);
    question.exclude_newer = Moment::from_milliseconds(1);
    assert!(is_refused(&question));
}

#[test]
fn strategies_choose() {
    let world = noarch(
        "conda-forge",
        &[
            ("a", "1", &["b"]),
            ("a", "2", &["b"]),
            ("b", "1", &[]),
            ("b", "2", &[]),
        ],
    );
    let mut question = ask(vec![world], &["a"]);
    assert_eq!(chosen(&question), ["a 2", "b 2"]);
    question.strategy = Strategy::Lowest;
    assert_eq!(chosen(&question), ["a 1", "b 1"]);
    question.strategy = Strategy::LowestDirect;
    assert_eq!(chosen(&question), ["a 1", "b 2"]);
    question.own = vec![OwnRecord {
        name: "addon".to_owned(),
        version: "1".to_owned(),
        holds: Vec::new(),
        depends: std::mem::take(&mut question.roots),
    }];
    assert_eq!(chosen(&question), ["a 1", "b 2"]);
}

#[test]
fn what_channels_say_wrongly_only_rules_that_record_out() {
    let deep = format!("b {}1{}", "(".repeat(1000), ")".repeat(1000));
    let world = noarch(
        "conda-forge",
        &[
            ("a", "1", &["b"]),
            ("a", "2", &["b ===1"]),
            ("a", "3", &[&deep]),
            ("a", "4", &["b[when=\"c[when='d']\"]"]),
            ("a", "5", &["b*"]),
            ("a", "6", &[""]),
            ("b", "1", &[]),
        ],
    );
    assert_eq!(chosen(&ask(vec![world], &["a"])), ["a 1", "b 1"]);
}

#[test]
fn a_solve_can_be_stopped() {
    let asked = AtomicUsize::new(0);
    let world = noarch("conda-forge", &[("a", "1", &[])]);
    let stop = || asked.fetch_add(1, Ordering::Relaxed) == 0;
    let answer = solve(&ask(vec![world], &["a"]), &stop);
    assert!(matches!(answer, Err(SolveError::Stopped)));
}

#[test]
fn nothing_asked_is_nothing_chosen() {
    assert!(chosen(&ask(Vec::new(), &[])).is_empty());
    assert!(is_refused(&ask(Vec::new(), &["a"])));
}
