//! A lock says why it is stale.

use ayon_lock::{Digest, InputKind, InputName, InputState, Wanted, stale};
use ayon_model::{Process, Variant};
use proptest::prelude::*;

use crate::sample;
use crate::worlds::{inputs, lock};

fn wanted() -> Wanted {
    Wanted {
        subject: sample::subject(),
        targets: vec![sample::target("linux-64", Process::Launcher)],
        inputs: sample::inputs(),
    }
}

fn reasons(wanted: &Wanted) -> String {
    let reasons = stale(&sample::lock(), wanted);
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    reasons.join("\n")
}

#[test]
fn what_is_unchanged_is_not_stale() {
    assert_eq!(stale(&sample::lock(), &wanted()), []);
}

#[test]
fn every_change_is_told_by_name() {
    let mut wanted = wanted();
    wanted.subject.variant = Some(Variant::Production);
    wanted.subject.project = None;
    wanted.subject.backend = Some("venv".to_owned());
    wanted
        .targets
        .push(sample::target("osx-arm64", Process::Headless));
    let mut set = |kind, name: &str, value: Option<&str>, content: &str| {
        let state = InputState {
            value: value.map(str::to_owned),
            digest: Some(Digest::of(content)),
        };
        wanted.inputs.insert(InputName::new(kind, name), state);
    };
    set(InputKind::Bundle, "spring", None, "another");
    set(InputKind::Addon, "core", Some("1.2.4"), "another");
    set(InputKind::Addon, "maya", Some("0.5.8"), "maya");
    wanted
        .inputs
        .remove(&InputName::new(InputKind::Option, "prereleases"));
    insta::assert_snapshot!(reasons(&wanted), @"
    variant: was staging, is production
    project: was show01, is none
    backend: was conda, is venv
    it has nothing for headless on osx-arm64
    bundle spring: its content has changed
    addon core: was 1.2.3, is 1.2.4
    addon maya (0.5.8) is new
    option prereleases (no) is gone
    ");
}

#[test]
fn another_bundle_is_told_first() {
    let mut wanted = wanted();
    wanted.subject.bundle = Some("autumn\u{1b}[2J".into());
    insta::assert_snapshot!(reasons(&wanted), @"it was locked for bundle spring, not for bundle autumn�[2J");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn stale_is_just_what_differs(lock in lock(), other in inputs()) {
        let mut wanted = Wanted {
            subject: lock.subject().clone(),
            targets: lock.targets().cloned().collect(),
            inputs: lock.inputs().clone(),
        };
        prop_assert_eq!(stale(&lock, &wanted), []);
        wanted.inputs = other;
        let is_same = wanted.inputs == *lock.inputs();
        prop_assert_eq!(stale(&lock, &wanted).is_empty(), is_same);
    }
}
