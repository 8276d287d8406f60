//! Failures told: which requests, which families, both sides.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use proptest::prelude::*;
use rez::Requirement;
use rez::explain::{Hint, explain, hints};
use rez::solver::{Ask, Outcome, solve};

use crate::world::{ask, pool};

fn told_with(world: &str, ask: &Ask) -> Option<String> {
    let mut pool = pool(world);
    match solve(&mut pool, ask, &mut |_| None) {
        Ok(Outcome::Failed(failure)) => {
            Some(explain(&mut pool, ask, &failure).unwrap().to_string())
        }
        _ => None,
    }
}

fn told(world: &str, request: &str) -> String {
    told_with(world, &ask(request)).expect("this fails")
}

const STUDIO: &str = "
    maya-2023.1: python-3.9 qt-5
    maya-2024.1: python-3.10 qt-5
    maya-2024.2: python-3.10 qt-5
    nuke-15.0: python-3.10 qt-6
    nuke_tools-1: nuke-15
    tool-1
    qt-5.15
    qt-6.5
    python-3.9
    python-3.10";

#[test]
fn requests_without_a_part_in_it_are_left_out() {
    assert_snapshot!(told(STUDIO, "tool maya-2024 python nuke_tools"), @r#"
        `maya-2024 nuke_tools` cannot be had together (2 other requests do not matter)

          qt
            maya-2024.1, 2024.2  needs  qt-5
            nuke-15.0            needs  qt-6  (through nuke_tools)
        "#);
}

#[test]
fn every_version_is_accounted_for() {
    assert_snapshot!(told(STUDIO, "maya nuke_tools ~qt-5"), @r#"
        `nuke_tools ~qt-5` cannot be had together (1 other request does not matter)

          qt
            your request  if present, needs  qt-5
            nuke-15.0     needs              qt-6  (through nuke_tools)
        "#);
}

#[test]
fn conflicts_among_requests_name_them() {
    assert_snapshot!(told(STUDIO, "qt-5 tool qt-6"), @r#"
        `qt-5 qt-6` cannot be had together (1 other request does not matter)

          qt
            your request  needs  qt-5
            your request  needs  qt-6
        "#);
}

#[test]
fn every_variant_of_a_reduced_package_is_told() {
    let world = "
        plugin-1: | [maya-2023 python-3.9] [maya-2024 python-3.10]
        maya-2023
        maya-2024
        python-3.9
        python-3.10
        host-1: maya-2024
        old-1: python-3.9";
    assert_snapshot!(told(world, "plugin host old"), @r#"
        `plugin host old` cannot be had together

          maya
            plugin-1[0]  needs  maya-2023
            host-1       needs  maya-2024

          python
            plugin-1[1]  needs  python-3.10
            old-1        needs  python-3.9
        "#);
}

#[test]
fn what_variants_say_is_said_of_all_of_them() {
    let world = "nuke-15.0: | [python-3.9] [python-3.10]\n maya-2025: python-3.11\n python-3.9\n python-3.10\n python-3.11";
    assert_snapshot!(told(world, "maya nuke"), @r#"
        `maya nuke` cannot be had together

          python
            maya-2025     needs  python-3.11
            nuke-15.0[0]  needs  python-3.9
            nuke-15.0[1]  needs  python-3.10
        "#);
}

#[test]
fn a_cycle_is_shown_as_one() {
    assert_snapshot!(told("a-1: b\n b-1: a\n c-1", "c a"), @r#"
        `a` cannot be had (1 other request does not matter)

          these packages need each other:
            a-1 -> b-1 -> a-1
        "#);
}

#[test]
fn many_versions_are_folded() {
    let mut world = String::from("qt-5\n qt-6\n other-1: qt-6\n");
    world.extend((1..=40).map(|version| format!("maya-{version}: qt-5\n")));
    assert_snapshot!(told(&world, "maya other"), @r#"
        `maya other` cannot be had together

          qt
            maya-1 to 40 (40 versions)  needs  qt-5
            other-1                     needs  qt-6
        "#);
}

/// The hints of a failure, one a line.
fn hinted(world: &str, request: &str) -> String {
    let (mut pool, ask) = (pool(world), ask(request));
    let Ok(Outcome::Failed(failure)) = solve(&mut pool, &ask, &mut |_| None) else {
        panic!("this fails");
    };
    let explanation = explain(&mut pool, &ask, &failure).unwrap();
    let hints = hints(&mut pool, &ask, &explanation);
    hints
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn hints_are_other_versions_or_else_what_to_leave_out() {
    assert_snapshot!(hinted(STUDIO, "maya-2023 python-3.10 tool"), @r#"
        `maya-2024.2` in place of `maya-2023` would do
        `python-3.9` in place of `python-3.10` would do
        "#);
    assert_snapshot!(hinted(STUDIO, "maya nuke tool"), @r#"
        without `maya` the rest resolves
        without `nuke` the rest resolves
        "#);
    assert_snapshot!(hinted(STUDIO, "maya-2024 nuke"), @"without `nuke` the rest resolves");
    assert_snapshot!(hinted(STUDIO, "maya-2024 !qt-5 nuke_tools qt-6"), @"");
}

proptest! {
    #[test]
    fn the_requests_that_are_told_fail_alone(
        packages in prop::collection::vec(("f[0-3]-[1-3]", prop::collection::vec("[!~]?f[0-3](-[1-3])?", 0..3)), 3..9),
        request in prop::collection::vec("[!~]?f[0-3](-[1-3])?", 1..5),
    ) {
        let packages: BTreeMap<String, Vec<String>> = packages.into_iter().collect();
        let lines = packages.iter().map(|(package, requires)| format!("{package}: {}\n", requires.join(" ")));
        let world: String = lines.collect();
        let ask = ask(&request.join(" "));
        let mut pool = pool(&world);
        if let Ok(Outcome::Failed(failure)) = solve(&mut pool, &ask, &mut |_| None) {
            let explanation = explain(&mut pool, &ask, &failure).unwrap();
            let alone = Ask { requests: explanation.requests.clone(), ..Ask::default() };
            let outcome = solve(&mut pool, &alone, &mut |_| None);
            prop_assert!(matches!(outcome, Ok(Outcome::Failed(_))), "{outcome:?}");
            prop_assert!(explanation.to_string().lines().count() < 60);
            for hint in hints(&mut pool, &ask, &explanation) {
                let mut changed = ask.clone();
                match hint {
                    Hint::Without { request } => changed.requests.retain(|other| *other != request),
                    Hint::Instead { request, package } => {
                        let package = Requirement::parse(&package.replacen('-', "==", 1)).unwrap();
                        let same = changed.requests.iter_mut().filter(|other| **other == request);
                        same.for_each(|other| *other = package.clone());
                    }
                }
                let outcome = solve(&mut pool, &changed, &mut |_| None);
                prop_assert!(matches!(outcome, Ok(Outcome::Solved(_))), "{outcome:?}");
            }
        }
    }
}
