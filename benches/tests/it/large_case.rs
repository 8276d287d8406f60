//! pubgrub's own large case: each of its candidates asked for alone, with a second solver as the judge.

use std::collections::BTreeMap;

use ayon_benches::large_case::{LargeCase, LargeWorld};
use universe::{Control, Failure, solve};

use crate::World;

/// Chosen versions by package.
type Choice = BTreeMap<u32, u32>;

pub(crate) fn every_candidate_of_the_large_case_is_answered_rightly(_: &World) {
    let case = LargeCase::shared().unwrap();
    let LargeWorld {
        world,
        requests,
        roots,
        packages,
    } = case.world();
    assert_eq!(roots.len(), 641);
    let mut solved = 0;
    for (request, &(name, version)) in requests.iter().zip(&roots) {
        let possible = search(&case, name, version);
        match solve(&world, request, &Control::unlimited()) {
            Ok(solution) => {
                assert!(possible, "{name} {version} has no solution");
                solved += 1;
                let chosen = solution.chosen().map(|(package, chosen)| {
                    let (name, versions) = &packages[package.0 as usize];
                    (*name, versions[chosen.position as usize])
                });
                let chosen: Choice = chosen.collect();
                assert_eq!(chosen.get(&name), Some(&version));
                check(&case, name, &chosen);
            }
            Err(Failure::Conflict(_)) => assert!(!possible, "{name} {version} has a solution"),
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(solved, 593);
}

/// Every dependency is there at a version that will do, and nothing is there that is no dependency.
fn check(case: &LargeCase, root: u32, chosen: &Choice) {
    let mut reached = vec![root];
    let mut next = 0;
    while let Some(&name) = reached.get(next) {
        next += 1;
        for (on, segments) in &case.packages[&name][&chosen[&name]] {
            let version = chosen[on];
            assert!(segments.iter().any(|segment| segment.contains(&version)));
            if !reached.contains(on) {
                reached.push(*on);
            }
        }
    }
    assert_eq!(reached.len(), chosen.len());
}

/// Whether there is a solution, by plain search: always the package with the fewest versions left, one after the other.
fn search(case: &LargeCase, root: u32, version: u32) -> bool {
    let mut left: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    left.insert(root, vec![version]);
    complete(case, &mut Choice::new(), left)
}

fn complete(case: &LargeCase, chosen: &mut Choice, mut left: BTreeMap<u32, Vec<u32>>) -> bool {
    let Some((&name, _)) = left.iter().min_by_key(|(_, versions)| versions.len()) else {
        return true;
    };
    let versions = left.remove(&name).unwrap_or_default();
    versions.into_iter().any(|version| {
        chosen.insert(name, version);
        let works = narrowed(case, chosen, &left, &case.packages[&name][&version])
            .is_some_and(|left| complete(case, chosen, left));
        chosen.remove(&name);
        works
    })
}

/// What is left once these dependencies must hold as well.
fn narrowed(
    case: &LargeCase,
    chosen: &Choice,
    left: &BTreeMap<u32, Vec<u32>>,
    dependencies: &ayon_benches::large_case::Dependencies,
) -> Option<BTreeMap<u32, Vec<u32>>> {
    let mut left = left.clone();
    for (on, segments) in dependencies {
        let fits = |version: &u32| segments.iter().any(|segment| segment.contains(version));
        if let Some(version) = chosen.get(on) {
            if !fits(version) {
                return None;
            }
            continue;
        }
        let all = || {
            case.packages
                .get(on)
                .into_iter()
                .flat_map(BTreeMap::keys)
                .copied()
                .collect()
        };
        let versions = left.entry(*on).or_insert_with(all);
        versions.retain(fits);
        if versions.is_empty() {
            return None;
        }
    }
    Some(left)
}
