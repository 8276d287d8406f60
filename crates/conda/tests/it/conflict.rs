//! What is said where nothing can be chosen.

use std::sync::Arc;

use conda::{MemoryRecords, Moment, OwnRecord, Platform, RecordFacts};

use crate::worlds::{ask, channel, noarch, offering, roots, told};

#[test]
fn two_who_ask_directly() {
    let world = noarch(
        "conda-forge",
        &[("numpy", "1.26", &[]), ("numpy", "2.0", &[])],
    );
    insta::assert_snapshot!(told(&ask(vec![world], &["numpy<2", "numpy>=2", "numpy"])), @r"
    no numpy is what everybody asks for:
      A needs numpy <2
      B needs numpy >=2
    it solves if A asks for any numpy instead of `numpy <2` (numpy 2.0 is chosen then)
    it solves if B asks for any numpy instead of `numpy >=2` (numpy 1.26 is chosen then)
    ");
}

#[test]
fn a_chain_is_followed() {
    let world = noarch(
        "conda-forge",
        &[
            ("numba", "0.57", &["numpy >=1.21,<1.25", "llvmlite"]),
            ("numba", "0.56", &["numpy >=1.18,<1.24", "llvmlite"]),
            ("numba", "0.60", &["numpy >=1.22,<2.1", "llvmlite"]),
            ("llvmlite", "0.40", &[]),
            ("numpy", "1.23", &[]),
            ("numpy", "2.0", &[]),
            ("other", "1", &["llvmlite"]),
        ],
    );
    insta::assert_snapshot!(told(&ask(vec![world], &["numpy>=2", "numba<0.58", "other"])), @r"
    no numpy is what everybody asks for:
      A needs numpy >=2
      B needs numba <0.58
        numba 0.56 to 0.57 needs numpy >=1.21,<1.25 or >=1.18,<1.24
    it solves if A asks for any numpy instead of `numpy >=2` (numpy 1.23 is chosen then)
    it solves if B asks for any numba instead of `numba <0.58` (numba 0.60 is chosen then)
    ");
}

#[test]
fn priority_names_the_winner_and_the_hidden() {
    let channels = vec![
        noarch("studio", &[("blender", "4.1.1", &[])]),
        noarch(
            "deadline-cloud",
            &[("blender", "3.6.0", &[]), ("blender", "4.2.0", &[])],
        ),
    ];
    insta::assert_snapshot!(told(&ask(channels, &["blender=3.6"])), @r"
    no blender is what everybody asks for:
      A needs blender 3.6.*
      blender 3.6.0 in deadline-cloud does not count: studio comes first and has blender, and priority is strict
      there is blender 4.1.1 in studio
    it solves if `deadline-cloud::blender 3.6.*` is asked (version 3.6.0 is chosen then)
    it solves if A asks for any blender instead of `blender 3.6.*` (blender 4.1.1 is chosen then)
    ");
}

#[test]
fn priority_of_what_is_reached() {
    let channels = vec![
        noarch("studio", &[("openexr", "3.1", &[])]),
        noarch(
            "conda-forge",
            &[
                ("openexr", "3.2", &[]),
                ("openexr", "3.3", &[]),
                ("usd", "24", &["openexr >=3.2"]),
            ],
        ),
    ];
    insta::assert_snapshot!(told(&ask(channels, &["usd"])), @r"
    no openexr is what everybody asks for:
      A needs usd
        usd 24 needs openexr >=3.2
      openexr 3.2 to 3.3 in conda-forge does not count: studio comes first and has openexr, and priority is strict
      there is openexr 3.1 in studio
    it solves if `conda-forge::openexr` is asked (version 3.3 is chosen then)
    ");
}

#[test]
fn the_machine_forbids() {
    let world = noarch(
        "conda-forge",
        &[
            ("pytorch", "2.4", &["__cuda >=12.0,<13"]),
            ("pytorch", "2.5", &["__cuda >=12.6"]),
        ],
    );
    let mut question = ask(vec![world], &["pytorch"]);
    insta::assert_snapshot!(told(&question), @r"
    the machine that is solved for does not have the __cuda that is needed:
      A needs pytorch
        pytorch 2.4 to 2.5 needs __cuda >=12.6 or >=12.0,<13
      it has no __cuda
    it solves for a machine that has __cuda=12.0
    ");
    question.target = question.target.with_cuda("11.8".parse().unwrap());
    insta::assert_snapshot!(told(&question), @r"
    the machine that is solved for does not have the __cuda that is needed:
      A needs pytorch
        pytorch 2.4 to 2.5 needs __cuda >=12.6 or >=12.0,<13
      it has __cuda 11.8
    it solves for a machine that has __cuda=12.0
    ");
}

#[test]
fn what_nobody_has() {
    let world = noarch(
        "conda-forge",
        &[
            ("opentimelineio-py", "1", &[]),
            ("pillow", "10", &[]),
            ("pyside6", "6", &["qt6-man"]),
            ("qt6-main", "6", &[]),
        ],
    );
    insta::assert_snapshot!(told(&ask(vec![world.clone()], &["pilow"])), @r"
    there is no pilow:
      A needs pilow
      no channel has pilow; close to it: pillow
    it solves if A does not ask for `pilow`
    ");
    insta::assert_snapshot!(told(&ask(vec![world.clone()], &["zzz"])), @r"
    there is no zzz:
      A needs zzz
      no channel has zzz
    it solves if A does not ask for `zzz`
    ");
    insta::assert_snapshot!(told(&ask(vec![world], &["pyside6"])), @r"
    there is no qt6-man:
      A needs pyside6
        pyside6 6 needs qt6-man
      no channel has qt6-man; close to it: qt6-main
    it solves if A does not ask for `pyside6`
    ");
}

#[test]
fn what_is_there_for_other_platforms() {
    let world = noarch("conda-forge", &[("python", "3.11", &[])]);
    let mut windows = MemoryRecords::new(channel("conda-forge"), Platform::WIN_64);
    windows.give("pywin32", "306", &[]);
    windows.give("pywin32", "305", &[]);
    let mut question = ask(vec![world], &["python", "pywin32 >=305"]);
    question.elsewhere = vec![Arc::new(windows)];
    insta::assert_snapshot!(told(&question), @r"
    no pywin32 is what everybody asks for:
      B needs pywin32 >=305
      pywin32 305 to 306 is there for win-64 only
    it solves if B does not ask for `pywin32 >=305`
    ");
}

#[test]
fn ones_own_are_named() {
    let world = noarch(
        "conda-forge",
        &[("pillow", "9.5", &[]), ("pillow", "10.4", &[])],
    );
    let mut question = ask(vec![world], &[]);
    question.own = vec![
        OwnRecord {
            name: "bundle staging".into(),
            version: "1".into(),
            holds: vec![1, 2],
            depends: vec![],
        },
        OwnRecord {
            name: "addon maya 0.5".into(),
            version: "0.5".into(),
            holds: vec![],
            depends: roots(&["pillow <10"]),
        },
        OwnRecord {
            name: "launcher 1.6".into(),
            version: "1.6".into(),
            holds: vec![],
            depends: roots(&["python-unneeded", "pillow >=10"])[1..].to_vec(),
        },
    ];
    insta::assert_snapshot!(told(&question), @r"
    no pillow is what everybody asks for:
      A of addon maya 0.5 needs pillow <10
      B of launcher 1.6 needs pillow >=10
    it solves if A of addon maya 0.5 asks for any pillow instead of `pillow <10` (pillow 10.4 is chosen then)
    it solves if B of launcher 1.6 asks for any pillow instead of `pillow >=10` (pillow 9.5 is chosen then)
    ");
}

#[test]
fn pins_constraints_and_dates() {
    let world = noarch(
        "conda-forge",
        &[("a", "1", &["b >=2"]), ("b", "1", &[]), ("b", "2", &[])],
    );
    let mut question = ask(vec![world.clone()], &["a"]);
    question.pinned = vec![world[0].of(&"b".parse().unwrap()).unwrap()[0].clone()];
    insta::assert_snapshot!(told(&question), @r"
    no b is what everybody asks for:
      A needs a
        a 1 needs b >=2
      b ==1 0 is pinned
    it solves if b is not pinned (b 2 is chosen then)
    ");
    question.pinned.clear();
    question.constraints = roots(&["unused", "b<2"]);
    insta::assert_snapshot!(told(&question), @r"
    no b is what everybody asks for:
      A needs a
        a 1 needs b >=2
      B allows only b <2
    it solves if B asks for any b instead of `b <2` (b 2 is chosen then)
    ");
    let mut dated = RecordFacts::new("a", "1", "0");
    dated.timestamp = Moment::from_milliseconds(2000);
    let mut question = ask(vec![offering("conda-forge", vec![dated])], &["a"]);
    question.exclude_newer = Moment::from_milliseconds(1000);
    insta::assert_snapshot!(told(&question), @r"
    no a is what everybody asks for:
      A needs a
      a 1 is left out: newer than the date that is asked for, or without one
    it solves if newer packages are looked at too
    ");
}

#[test]
fn constraints_of_records() {
    let mut strict = RecordFacts::new("scipy", "1.9", "0");
    strict.constrains = vec!["numpy <2".to_owned()];
    let world = offering(
        "conda-forge",
        vec![strict, RecordFacts::new("numpy", "2.1", "0")],
    );
    insta::assert_snapshot!(told(&ask(vec![world], &["scipy", "numpy"])), @r"
    no numpy is what everybody asks for:
      A needs scipy
        scipy 1.9 allows only numpy <2
      B needs numpy
    it solves if A does not ask for `scipy`
    ");
}

#[test]
fn a_channel_that_is_asked_for_and_is_another() {
    let world = noarch(
        "https://mirror.example/conda-forge",
        &[("numpy", "2.0", &[])],
    );
    insta::assert_snapshot!(told(&ask(vec![world], &["conda-forge::numpy"])), @r"
    no numpy is what everybody asks for:
      A needs conda-forge::numpy
      numpy 2.0 is in https://mirror.example/conda-forge, which is not the channel that is asked for
    it solves if `https://mirror.example/conda-forge::numpy` is asked (version 2.0 is chosen then)
    ");
}

#[test]
fn where_many_say_different_things_what_they_leave_is_told() {
    let versions = [
        "9.4", "10.3", "11.4", "12.3", "12.4", "13.2", "13.3", "14.3",
    ];
    let mut records = MemoryRecords::new(channel("conda-forge"), Platform::NOARCH);
    for version in versions {
        records.give("gcc", version, &[]);
        if !["11.4", "13.2"].contains(&version) {
            records.give("gfortran", version, &[&format!("gcc {version}.*")]);
        }
    }
    records.give("compilers", "1", &["gfortran"]);
    let world: Vec<Arc<dyn conda::Records>> = vec![Arc::new(records)];
    insta::assert_snapshot!(told(&ask(vec![world], &["gcc ==11.4", "compilers"])), @r"
    no gcc is what everybody asks for:
      A needs gcc ==11.4
      B needs compilers
        compilers 1 needs gfortran
        gfortran 9.4 to 14.3 needs gcc 9.4 to 10.3, 12.3 to 12.4, 13.3 to 14.3
    it solves if A asks for any gcc instead of `gcc ==11.4` (gcc 14.3 is chosen then)
    ");
}
