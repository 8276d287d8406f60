//! Small random worlds: at most six packages with at most four candidates, some in variants.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use universe::{
    Fact, OriginId, PackageId, Positions, Preference, Request, Requirement, RequirementKind,
    Subject, World, WorldBuilder,
};

/// A world and a request, plain enough to be judged by hand; a failing property prints one.
#[derive(Debug, Clone, Default)]
pub(crate) struct SmallWorld {
    pub(crate) packages: Vec<Vec<SmallCandidate>>,
    pub(crate) asked: Vec<Requirement>,
    pub(crate) preferences: BTreeMap<PackageId, Preference>,
}

/// One candidate.
#[derive(Debug, Clone, Default)]
pub(crate) struct SmallCandidate {
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) variants: Vec<Vec<Requirement>>,
}

const MOST_PACKAGES: usize = 6;
const MOST_CANDIDATES: u32 = 4;

impl SmallWorld {
    /// Every requirement with its owner.
    pub(crate) fn requirements(&self) -> Vec<(Subject, Requirement)> {
        let mut all = Vec::new();
        for (package, candidates) in (0..).map(PackageId).zip(&self.packages) {
            for (position, candidate) in (0..).zip(candidates) {
                let own = Subject {
                    package,
                    position,
                    variant: None,
                };
                all.extend(candidate.requirements.iter().map(|r| (own, r.clone())));
                for (index, requirements) in (0..).zip(&candidate.variants) {
                    let variant = Subject {
                        variant: Some(index),
                        ..own
                    };
                    all.extend(requirements.iter().map(|r| (variant, r.clone())));
                }
            }
        }
        all
    }

    pub(crate) fn world(&self) -> World {
        self.world_in_order(self.requirements())
    }

    /// The same world with requirements inserted in another order.
    pub(crate) fn world_in_order(&self, requirements: Vec<(Subject, Requirement)>) -> World {
        let mut builder = WorldBuilder::new();
        for candidates in &self.packages {
            let package = builder.package();
            for candidate in candidates {
                let subject = builder.candidate(package);
                for _ in &candidate.variants {
                    builder.variant(subject);
                }
            }
        }
        for (subject, requirement) in requirements {
            builder.require(subject, requirement);
        }
        builder.build()
    }

    pub(crate) fn request(&self) -> Request {
        self.preferences.iter().fold(
            Request::new(self.asked.clone()),
            |request, (package, preference)| request.prefer(*package, *preference),
        )
    }

    /// The required packages in the order asked, each once.
    pub(crate) fn asked_packages(&self) -> Vec<PackageId> {
        let mut asked = Vec::new();
        for requirement in &self.asked {
            if requirement.kind == RequirementKind::Required
                && !asked.contains(&requirement.package)
            {
                asked.push(requirement.package);
            }
        }
        asked
    }

    /// Takes a candidate off the shelf: it stays in the list and cannot be chosen.
    pub(crate) fn withdraw(&mut self, package: PackageId, position: u32) {
        let nowhere = Requirement::required(package, Positions::empty(), OriginId(u32::MAX));
        self.packages[package.0 as usize][position as usize]
            .requirements
            .push(nowhere);
    }

    /// A world in which only `facts` are known: what is not said to be missing exists, and what is
    /// not said to be needed is not. Packages that nobody must have are left out.
    pub(crate) fn of_facts(facts: &[Fact]) -> Self {
        // One position for each told of, and two for the open ends of sets.
        let bound = MOST_CANDIDATES + 2;
        let mut small = Self {
            packages: vec![Vec::new(); MOST_PACKAGES],
            ..Self::default()
        };
        for fact in facts {
            let demanded = match fact {
                Fact::Asked { requirement } => requirement.package,
                Fact::Needs { on, .. } => *on,
                _ => continue,
            };
            small.packages[demanded.0 as usize] = vec![SmallCandidate::default(); bound as usize];
        }
        for fact in facts {
            if let Fact::Variants {
                package,
                positions,
                count,
            } = fact
            {
                for position in positions.iter_below(bound) {
                    let variants = vec![Vec::new(); *count as usize];
                    small.packages[package.0 as usize][position as usize].variants = variants;
                }
            }
        }
        for fact in facts {
            match fact {
                Fact::Asked { requirement } => small.asked.push(requirement.clone()),
                Fact::Variants { .. } => {}
                Fact::NoCandidate { package, positions } => {
                    for position in positions.iter_below(bound) {
                        small.withdraw(*package, position);
                    }
                }
                Fact::Needs {
                    package,
                    positions,
                    variant,
                    on,
                    allowed,
                    kind,
                    origins,
                } => {
                    for position in positions.iter_below(bound) {
                        let candidate = &mut small.packages[package.0 as usize][position as usize];
                        let requirements = match variant {
                            None => &mut candidate.requirements,
                            Some(variant) => &mut candidate.variants[*variant as usize],
                        };
                        requirements.push(Requirement {
                            package: *on,
                            allowed: allowed.clone(),
                            kind: *kind,
                            origin: origins[0],
                        });
                    }
                }
            }
        }
        small
    }
}

/// A random world with a request.
pub(crate) fn small_worlds() -> impl Strategy<Value = SmallWorld> {
    (2..=MOST_PACKAGES).prop_flat_map(|count| {
        let packages = prop::collection::vec(
            prop::collection::vec(candidates(count), 1..=MOST_CANDIDATES as usize),
            count,
        );
        let asked = prop::collection::vec(requirements(count), 1..4);
        let preferences = prop::collection::vec((0..count, preferences()), 0..3);
        (packages, asked, preferences).prop_map(|(packages, asked, preferences)| {
            let preferences = preferences.into_iter();
            number(SmallWorld {
                packages,
                asked,
                preferences: preferences.map(|(package, p)| (id(package), p)).collect(),
            })
        })
    })
}

/// A random order for `requirements`.
pub(crate) fn shuffled<T>(mut items: Vec<T>, picks: &[Index]) -> Vec<T> {
    let mut shuffled = Vec::new();
    for pick in picks.iter().cycle() {
        if items.is_empty() {
            break;
        }
        shuffled.push(items.swap_remove(pick.index(items.len())));
    }
    shuffled
}

fn candidates(count: usize) -> impl Strategy<Value = SmallCandidate> {
    let variants = prop_oneof![
        1 => Just(Vec::new()),
        1 => prop::collection::vec(prop::collection::vec(requirements(count), 1..3), 1..4),
    ];
    (prop::collection::vec(requirements(count), 0..3), variants).prop_map(
        |(requirements, variants)| SmallCandidate {
            requirements,
            variants,
        },
    )
}

fn requirements(count: usize) -> impl Strategy<Value = Requirement> {
    let kinds = prop_oneof![
        4 => Just(RequirementKind::Required),
        1 => Just(RequirementKind::Weak),
        1 => Just(RequirementKind::Forbidden),
    ];
    (0..count, positions(), kinds).prop_map(|(package, allowed, kind)| Requirement {
        package: id(package),
        allowed,
        kind,
        origin: OriginId(0),
    })
}

/// Mostly generous, so that what conflicts is not the first thing looked at.
fn positions() -> impl Strategy<Value = Positions> {
    let bound = 0..=MOST_CANDIDATES;
    prop_oneof![
        4 => (0..3u32).prop_map(|start| Positions::from(start..Positions::UNBOUNDED)),
        4 => (1..=MOST_CANDIDATES).prop_map(|end| Positions::from(0..end)),
        2 => (bound.clone(), bound.clone()).prop_map(|(a, b)| Positions::from(a.min(b)..a.max(b))),
        1 => bound.clone().prop_map(Positions::singleton),
        2 => bound.prop_map(|position| Positions::singleton(position).complement()),
    ]
}

fn preferences() -> impl Strategy<Value = Preference> {
    prop_oneof![
        Just(Preference::Newest),
        Just(Preference::Oldest),
        (0..=MOST_CANDIDATES).prop_map(Preference::Favoured),
    ]
}

/// Gives every requirement an origin of its own.
fn number(mut small: SmallWorld) -> SmallWorld {
    let own = small.packages.iter_mut().flatten().flat_map(|candidate| {
        candidate
            .requirements
            .iter_mut()
            .chain(candidate.variants.iter_mut().flatten())
    });
    for (origin, requirement) in (0..).map(OriginId).zip(small.asked.iter_mut().chain(own)) {
        requirement.origin = origin;
    }
    small
}

fn id(index: usize) -> PackageId {
    PackageId(u32::try_from(index).unwrap())
}
