//! Decides small worlds by trying everything, and checks answers without knowing how they were found.

use std::collections::{BTreeMap, BTreeSet};

use universe::{Chosen, PackageId, Preference, Requirement, RequirementKind, Solution};

use crate::small_world::SmallWorld;

/// What stands where; a package that is not in it is absent.
type Standing = BTreeMap<PackageId, Chosen>;

/// The best solution for the packages asked for, by trying everything: their positions in the order
/// asked, then their variants in the same order. `None` if there is no solution.
pub(crate) fn best(small: &SmallWorld) -> Option<Vec<Chosen>> {
    let mut fixed = Fixed::default();
    if !exists(small, &fixed) {
        return None;
    }
    let asked = small.asked_packages();
    for &package in &asked {
        for position in positions_by_preference(small, package) {
            fixed.positions.insert(package, position);
            if exists(small, &fixed) {
                break;
            }
        }
    }
    for &package in &asked {
        let candidate = &small.packages[package.0 as usize][fixed.positions[&package] as usize];
        for variant in (0..).take(candidate.variants.len()) {
            fixed.variants.insert(package, variant);
            if exists(small, &fixed) {
                break;
            }
        }
    }
    let chosen = asked.iter().map(|package| Chosen {
        position: fixed.positions[package],
        variant: fixed.variants.get(package).copied(),
    });
    Some(chosen.collect())
}

/// Whether there is any solution.
pub(crate) fn is_solvable(small: &SmallWorld) -> bool {
    exists(small, &Fixed::default())
}

/// Says what is wrong with a solution, if anything.
pub(crate) fn mistake(small: &SmallWorld, solution: &Solution) -> Option<String> {
    let standing: Standing = solution.chosen().collect();
    for (package, chosen) in &standing {
        let candidates = &small.packages[package.0 as usize];
        let Some(candidate) = candidates.get(chosen.position as usize) else {
            return Some(format!("{package:?} has no candidate {}", chosen.position));
        };
        let variants = u32::try_from(candidate.variants.len()).unwrap();
        if chosen
            .variant
            .map_or(variants > 0, |variant| variant >= variants)
        {
            return Some(format!("{package:?}: {chosen:?} of {variants} variants"));
        }
    }
    let all = holding(small, &standing);
    if let Some(broken) = all
        .iter()
        .find(|requirement| !holds(requirement, &standing))
    {
        return Some(format!("{broken:?} does not hold"));
    }
    let told: Vec<&Requirement> = solution
        .edges()
        .iter()
        .map(|edge| &edge.requirement)
        .collect();
    if told != all {
        return Some(format!("the edges are {told:?}"));
    }
    let present: BTreeSet<PackageId> = standing.keys().copied().collect();
    (reachable(solution) != present).then(|| "something is there that nobody requires".into())
}

/// What is decided before everything is tried.
#[derive(Default)]
struct Fixed {
    positions: BTreeMap<PackageId, u32>,
    variants: BTreeMap<PackageId, u32>,
}

fn positions_by_preference(small: &SmallWorld, package: PackageId) -> Vec<u32> {
    let count = u32::try_from(small.packages[package.0 as usize].len()).unwrap();
    let mut positions: Vec<u32> = (0..count).rev().collect();
    match small.preferences.get(&package).copied().unwrap_or_default() {
        Preference::Newest => {}
        Preference::Oldest => positions.reverse(),
        Preference::Favoured(favoured) => positions.sort_by_key(|p| *p != favoured),
    }
    positions
}

/// Whether a solution has what is fixed: places one package after another, and gives up a branch as
/// soon as two placed packages disagree.
fn exists(small: &SmallWorld, fixed: &Fixed) -> bool {
    place(small, fixed, &mut Vec::new())
}

fn place(small: &SmallWorld, fixed: &Fixed, placed: &mut Vec<Option<Chosen>>) -> bool {
    let package = PackageId(u32::try_from(placed.len()).unwrap());
    let Some(candidates) = small.packages.get(placed.len()) else {
        return true;
    };
    let fixed_position = fixed.positions.get(&package).copied();
    let fixed_variant = fixed.variants.get(&package).copied();
    let mut options = Vec::new();
    if fixed_position.is_none() {
        options.push(None);
    }
    for (position, candidate) in (0..).zip(candidates) {
        if fixed_position.is_some_and(|fixed| fixed != position) {
            continue;
        }
        let count = u32::try_from(candidate.variants.len()).unwrap();
        if count == 0 {
            options.push(Some(Chosen {
                position,
                variant: None,
            }));
        }
        let variants = (0..count).filter(|v| fixed_variant.is_none_or(|fixed| fixed == *v));
        options.extend(variants.map(|v| {
            Some(Chosen {
                position,
                variant: Some(v),
            })
        }));
    }
    options.into_iter().any(|option| {
        placed.push(option);
        let found = fits(small, placed) && place(small, fixed, placed);
        placed.pop();
        found
    })
}

/// Whether every requirement of what is placed holds, as far as its package is placed.
fn fits(small: &SmallWorld, placed: &[Option<Chosen>]) -> bool {
    let standing: Standing = (0..)
        .map(PackageId)
        .zip(placed)
        .filter_map(|(package, chosen)| Some((package, (*chosen)?)))
        .collect();
    holding(small, &standing)
        .into_iter()
        .filter(|requirement| (requirement.package.0 as usize) < placed.len())
        .all(|requirement| holds(requirement, &standing))
}

/// Every requirement that is in force.
fn holding<'a>(small: &'a SmallWorld, standing: &Standing) -> Vec<&'a Requirement> {
    let mut all: Vec<&Requirement> = small.asked.iter().collect();
    for (package, chosen) in standing {
        let candidate = &small.packages[package.0 as usize][chosen.position as usize];
        all.extend(&candidate.requirements);
        all.extend(
            chosen
                .variant
                .iter()
                .flat_map(|v| &candidate.variants[*v as usize]),
        );
    }
    all
}

fn holds(requirement: &Requirement, standing: &Standing) -> bool {
    match standing.get(&requirement.package) {
        Some(chosen) => requirement.allowed.contains(chosen.position),
        None => requirement.kind != RequirementKind::Required,
    }
}

/// What the request reaches over required edges.
fn reachable(solution: &Solution) -> BTreeSet<PackageId> {
    let mut reached = BTreeSet::new();
    loop {
        let before = reached.len();
        for edge in solution.edges() {
            if edge.requirement.kind == RequirementKind::Required
                && edge.from.is_none_or(|from| reached.contains(&from.package))
            {
                reached.insert(edge.requirement.package);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}
