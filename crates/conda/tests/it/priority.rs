//! Priority of channels beside what old locks and specs say, and between builds of one version.

use conda::{OwnRecord, Priority, RecordFacts};

use crate::worlds::{answer, ask, chosen, is_refused, noarch, offering, roots};

fn channels() -> Vec<Vec<std::sync::Arc<dyn conda::Records>>> {
    vec![
        noarch("studio", &[("blender", "4.1.1", &[])]),
        noarch(
            "deadline-cloud",
            &[("blender", "3.6.0", &[]), ("blender", "4.2.0", &[])],
        ),
    ]
}

#[test]
fn strict_priority_holds_for_what_an_old_lock_has() {
    let channels = channels();
    let name = "blender".parse().unwrap();
    let old = channels[1][0].of(&name).unwrap();
    let mut question = ask(channels, &["blender"]);
    question.preferred = old;
    assert_eq!(chosen(&question), ["blender 4.1.1"]);
    question.roots = roots(&["blender=3.6"]);
    assert!(is_refused(&question));
}

#[test]
fn a_channel_in_a_spec_is_an_address() {
    for priority in [Priority::Strict, Priority::Flexible, Priority::Disabled] {
        let mut question = ask(channels(), &["deadline-cloud::blender"]);
        question.priority = priority;
        assert_eq!(chosen(&question), ["blender 4.2.0"], "{priority:?}");
        question.roots =
            roots(&["https://token@conda.anaconda.org/t/x/deadline-cloud::blender=3.6"]);
        assert_eq!(chosen(&question), ["blender 3.6.0"], "{priority:?}");
        question.roots = roots(&["studio::blender", "deadline-cloud::blender"]);
        assert!(is_refused(&question), "{priority:?}");
        question.roots = roots(&["elsewhere::blender"]);
        assert!(is_refused(&question), "{priority:?}");
    }
}

#[test]
fn a_channel_in_a_spec_of_ones_own_counts_too() {
    let mut question = ask(channels(), &[]);
    question.own = vec![OwnRecord {
        name: "addon render".to_owned(),
        version: "0.1".to_owned(),
        holds: Vec::new(),
        depends: roots(&["deadline-cloud::blender=3.6"]),
    }];
    assert_eq!(chosen(&question), ["blender 3.6.0"]);
}

#[test]
fn without_priority_channels_break_ties() {
    let build = |build: &str, number: u64, version: &str| {
        let mut facts = RecordFacts::new("zlib", version, build);
        facts.build_number = number;
        facts
    };
    let channels = vec![
        offering(
            "first",
            vec![build("a_0", 0, "1.2"), build("a_1", 1, "1.2")],
        ),
        offering(
            "second",
            vec![build("b_2", 2, "1.2"), build("b_0", 0, "1.1")],
        ),
    ];
    let chosen = |channels: &[Vec<_>], spec: &str| {
        let mut question = ask(channels.to_vec(), &[spec]);
        question.priority = Priority::Disabled;
        answer(&question).unwrap().records[0].to_string()
    };
    assert_eq!(chosen(&channels, "zlib"), "first/noarch::zlib-1.2-a_1");
    assert_eq!(
        chosen(&channels, "zlib[build_number=2]"),
        "second/noarch::zlib-1.2-b_2"
    );
    let reversed: Vec<_> = channels.iter().rev().cloned().collect();
    assert_eq!(chosen(&reversed, "zlib"), "second/noarch::zlib-1.2-b_2");
    let mut newer = channels.clone();
    newer.push(offering("third", vec![build("c_0", 0, "1.3")]));
    assert_eq!(chosen(&newer, "zlib"), "third/noarch::zlib-1.3-c_0");
}
