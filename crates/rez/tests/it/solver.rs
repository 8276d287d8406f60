//! The solver: the worked cases of rez's reference, what ends a resolve, and what holds for every world.

use std::collections::BTreeMap;
use std::sync::Arc;

use insta::assert_snapshot;
use proptest::prelude::*;
use rez::solver::{Ask, Outcome, Pool, Resolve, Stop, VariantSelectMode, solve};
use rez::{PackageFilterList, PackageOrderList, Repository, Requirement, Version};
use serde_json::json;

use crate::world::{answer, ask, names, pool, repository, told};

#[test]
fn variants_follow_what_others_force() {
    let world = "
        app-1: | [py-2 qt-5] [py-3 qt-6]
        app-2: | [py-3 qt-6]
        qt-5
        qt-6: py-3
        py-2
        py-3
        tool-1: py-2";
    assert_snapshot!(answer(world, "app tool-1"), @"py-2[] qt-5[] app-1[0] tool-1[]");
}

#[test]
fn a_common_dependency_narrows_both() {
    let world = "a-1: c-1\n a-2: c-2\n b-1: c-1\n c-1\n c-2";
    assert_snapshot!(answer(world, "a b"), @"c-1[] a-1[] b-1[]");
}

#[test]
fn a_weak_request_counts_once_somebody_wants_the_family() {
    let world = "a-1: foo\n foo-1\n foo-2";
    assert_snapshot!(answer(world, "~foo-1"), @"");
    assert_snapshot!(answer(world, "~foo-1 a"), @"foo-1[] a-1[]");
    assert_snapshot!(answer(world, "~foo a"), @"foo-2[] a-1[]");
    assert_snapshot!(answer(world, "!foo-2 a"), @"foo-1[] a-1[]");
}

#[test]
fn a_missing_version_ends_everything_unless_it_is_ruled_out_before() {
    let world = "a-1: | [b-5] [c]\n b-1\n c-1";
    assert_snapshot!(answer(world, "a"), @"error: Package could not be found: b-5");
    assert_snapshot!(answer(world, "a b"), @"c-1[] a-1[1] b-1[]");
}

#[test]
fn fewer_additional_packages_come_before_higher_ranges_and_those_before_names() {
    let packages = "b-1\n b-2\n c-1\n c-9";
    let choice = |variants: &str| answer(&format!("a-1: | {variants}\n{packages}"), "a");
    assert_snapshot!(choice("[b-1 c] [b-2]"), @"b-2[] a-1[1]");
    assert_snapshot!(choice("[c-9] [b-1]"), @"c-9[] a-1[0]");
    assert_snapshot!(choice("[b-1] [c-1]"), @"c-1[] a-1[1]");
    assert_snapshot!(choice("[b-1] [b-1]"), @"b-1[] a-1[1]");
}

#[test]
fn ephemerals_are_ranges_that_packages_agree_on() {
    let world = "a-1: .feat-1+\n b-1: .feat<3\n c-1: .feat-7";
    assert_snapshot!(answer(world, "a b"), @"a-1[] b-1[] .feat-1+<3");
    assert_snapshot!(answer(world, "b c"), @"fails: The following package conflicts occurred: (.feat<3 <--!--> .feat-7)");
}

#[test]
fn a_cycle_is_final() {
    let world = "a-1\n a-2: b\n b-1: a";
    assert_snapshot!(answer(world, "a"), @"fails: A cyclic dependency was detected: a-2 --> b-1 --> a-2");
    assert_snapshot!(answer("a-1: a", "a"), @"fails: A cyclic dependency was detected: a-1 --> a-1");
}

#[test]
fn what_ends_a_resolve_says_what_rez_says() {
    assert_snapshot!(answer("a-1", "b"), @"error: package family not found: b (searched: memory@world)");
    assert_snapshot!(answer("a-1", "a-2"), @"error: Package could not be found: a-2");
    assert_snapshot!(answer("a-1: gone", "a"), @"error: package family not found: gone, was required by: a (searched: memory@world)");
    assert_snapshot!(answer("a-1: b-1 b-2\n b-1\n b-2", "a"), @"error: The package a-1[] has an internal requirements conflict: b-1 <--!--> b-2");
    assert_snapshot!(answer("a-1: b--", "a"), @"error: package a-1 has an invalid request: `b--` is no package request: `-` is no version range: `-` does not fit there");
}

#[test]
fn a_missing_family_can_be_one_way_less() {
    let world = "a-1: b\n a-2: gone\n b-1";
    let tolerant = Ask {
        tolerate_missing_families: true,
        ..ask("a")
    };
    assert_snapshot!(told(solve(&mut pool(world), &tolerant, &mut |_| None)), @"b-1[] a-1[]");
}

#[test]
fn earlier_repositories_hide_versions_of_later_ones() {
    let first: Arc<dyn Repository> = Arc::new(repository("a-1: b"));
    let second: Arc<dyn Repository> = Arc::new(repository("a-1: gone\n a-2: gone\n b-1"));
    let mut pool = Pool::new(vec![first, second]);
    let outcome = solve(&mut pool, &ask("a-1"), &mut |_| None);
    let Ok(Outcome::Solved(resolve)) = outcome else {
        panic!("{outcome:?}");
    };
    let places: Vec<(String, usize)> = resolve
        .packages
        .iter()
        .map(|package| (package.to_string(), package.repository))
        .collect();
    assert_eq!(places, [("b-1[]".to_owned(), 1), ("a-1[]".to_owned(), 0)]);
}

#[test]
fn settings_change_what_is_seen_and_what_comes_first() {
    let world = "@100 a-1\n @200 a-2\n a-3";
    let mut pool = pool(world);
    let mut with = |change: &dyn Fn(&mut Ask)| {
        let mut ask = ask("a");
        change(&mut ask);
        told(solve(&mut pool, &ask, &mut |_| None))
    };
    assert_eq!(with(&|_| {}), "a-3[]");
    // What has no timestamp is never too late.
    assert_eq!(with(&|ask| ask.timestamp = Some(150)), "a-3[]");
    let newest = json!([{"excludes": ["range(a-3)"]}]);
    let filter = PackageFilterList::from_pod(&newest).unwrap();
    assert_eq!(with(&|ask| ask.filter = filter.clone()), "a-2[]");
    let oldest = json!([{"type": "sorted", "descending": false}]);
    let orderers = PackageOrderList::from_pod(&oldest).unwrap();
    assert_eq!(with(&|ask| ask.orderers = orderers.clone()), "a-1[]");
    // A pool that has served one setting serves the next.
    assert_eq!(with(&|_| {}), "a-3[]");
}

#[test]
fn sharing_more_can_come_before_sharing_better() {
    let world = "a-1: | [b-2] [b-1 c-1]\n b-1\n b-2\n c-1";
    let with = |variant_select_mode| {
        let ask = Ask {
            variant_select_mode,
            ..ask("a b c")
        };
        told(solve(&mut pool(world), &ask, &mut |_| None))
    };
    assert_snapshot!(with(VariantSelectMode::VersionPriority), @"b-2[] a-1[0] c-1[]");
    assert_snapshot!(with(VariantSelectMode::IntersectionPriority), @"b-1[] c-1[] a-1[1]");
}

/// Both ways to have `a` fail, one after the other.
const HOPELESS: &str = "
    a-1: | [p-1] [q-1]
    b-1: y-1
    p-1: y-2
    q-1: y-3
    y-1
    y-2
    y-3";

#[test]
fn limits_end_a_solve_in_rez_words() {
    let limited = Ask {
        max_fails: Some(1),
        ..ask("a b")
    };
    assert_snapshot!(told(solve(&mut pool(HOPELESS), &limited, &mut |_| None)), @r"
    fails: fail limit reached: aborted after 1 failures:
    The following package conflicts occurred: (y-3 <--!--> y==1)
    ");
    let mut steps = 0;
    let outcome = solve(&mut pool(HOPELESS), &ask("a b"), &mut |progress| {
        steps += 1;
        (progress.num_solves == 1).then(|| Stop("time limit exceeded".to_owned()))
    });
    assert_snapshot!(told(outcome), @"stopped: time limit exceeded");
    assert_eq!(steps, 1);
}

/// Worlds of a few families, whose packages ask for later families only, so that there are no cycles.
fn worlds() -> impl Strategy<Value = String> {
    let range = prop_oneof![
        Just(""),
        Just("-1"),
        Just("-2"),
        Just("-1+"),
        Just("<2"),
        Just("-1|3")
    ];
    let request = (
        prop_oneof![6 => Just(""), 1 => Just("~"), 1 => Just("!")],
        0..5_usize,
        range,
    );
    let requests = prop::collection::vec(request, 0..3);
    let variants = prop::collection::vec(requests.clone(), 0..3);
    let packages = prop::collection::vec((requests, variants), 1..4);
    prop::collection::vec(packages, 5).prop_map(|families| {
        let mut lines = Vec::new();
        for (family, packages) in families.into_iter().enumerate() {
            // Requests name families by their distance, so the last family asks for nothing.
            let words = |requests: Vec<(&str, usize, &str)>| {
                let later = requests
                    .into_iter()
                    .filter(|(_, far, _)| family + 1 + far < 5);
                let words = later
                    .map(|(prefix, far, range)| format!("{prefix}f{}{range}", family + 1 + far));
                words.collect::<Vec<_>>().join(" ")
            };
            for (version, (requires, variants)) in (1..).zip(packages) {
                let variants: Vec<String> = variants
                    .into_iter()
                    .map(|variant| format!("[{}]", words(variant)))
                    .collect();
                lines.push(format!(
                    "f{family}-{version}: {} | {}",
                    words(requires),
                    variants.join(" ")
                ));
            }
        }
        lines.join("\n")
    })
}

/// What is wrong with a resolve, by the meaning of requirements alone.
fn faults(resolve: &Resolve, requests: &[Requirement]) -> Vec<String> {
    let mut faults = Vec::new();
    let chosen: BTreeMap<&str, (usize, &Version)> = (0..)
        .zip(&resolve.packages)
        .map(|(place, package)| (&*package.name, (place, &package.version)))
        .collect();
    let packages = (0..)
        .zip(&resolve.packages)
        .map(|(place, package)| (place, &package.requires[..]));
    // The request comes after all that it asks for.
    for (place, requires) in packages.chain([(chosen.len(), requests)]) {
        for requirement in requires {
            let found = chosen.get(requirement.name());
            let within = |version| {
                requirement
                    .range()
                    .is_some_and(|range| range.contains(version))
            };
            let kept = match found {
                None => requirement.is_conflict(),
                Some((_, version)) if requirement.is_conflict() => !within(version),
                Some((before, version)) => within(version) && *before < place,
            };
            if !kept {
                faults.push(requirement.to_string());
            }
        }
    }
    faults
}

proptest! {
    #[test]
    fn a_resolve_keeps_every_requirement_and_puts_dependencies_first(world in worlds(), request in "(f[0-4](-[12])? ){1,3}") {
        let ask = ask(&request);
        if let Ok(Outcome::Solved(resolve)) = solve(&mut pool(&world), &ask, &mut |_| None) {
            prop_assert_eq!(faults(&resolve, &ask.requests), Vec::<String>::new(), "{}", names(&resolve).join(" "));
        }
    }

    #[test]
    fn a_kept_or_loaded_pool_answers_as_a_new_one(world in worlds(), requests in prop::collection::vec("(f[0-4](-[12])? ){1,3}", 1..5)) {
        let mut kept = pool(&world);
        let mut loaded = pool(&world);
        loaded.load().unwrap();
        for request in requests {
            let ask = ask(&request);
            let new = told(solve(&mut pool(&world), &ask, &mut |_| None));
            prop_assert_eq!(&told(solve(&mut kept, &ask, &mut |_| None)), &new);
            prop_assert_eq!(&told(solve(&mut loaded, &ask, &mut |_| None)), &new);
            loaded.forget();
        }
    }

    #[test]
    fn the_listing_order_changes_no_choice(world in worlds(), request in "(f[0-4](-[12])? ){1,3}") {
        let turned: Vec<&str> = world.lines().rev().collect();
        let solved = |world: &str| {
            let outcome = solve(&mut pool(world), &ask(&request), &mut |_| None);
            outcome.ok().map(|outcome| match outcome {
                Outcome::Solved(resolve) => names(&resolve),
                // The words of a total reduction follow the listing.
                Outcome::Failed(failure) => vec![failure.reason.class().to_owned()],
                Outcome::Aborted(..) => Vec::new(),
            })
        };
        prop_assert_eq!(solved(&world), solved(&turned.join("\n")));
    }
}
