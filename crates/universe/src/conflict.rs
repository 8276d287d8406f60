//! Why there is no solution, as facts.
//!
//! A failed search proves that its request cannot be met. The proof's premises are plain facts about
//! the universe: who needs what, which positions have no candidate, what was asked. They are all that
//! is kept. They are sufficient by construction: a universe that contains nothing else still has no
//! solution. How to group, word and fold them is for whoever talks to people.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::Positions;
use crate::request::Request;
use crate::universe::{OriginId, PackageId, Requirement, RequirementKind, Subject};

/// One premise of a conflict. All of them are true of the universe; together they exclude a solution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// The request itself says so.
    Asked {
        /// As it stands in the request.
        requirement: Requirement,
    },
    /// Each of these candidates has this requirement.
    Needs {
        /// Whose candidates.
        package: PackageId,
        /// Which of them; at least one, and all exist.
        positions: Positions,
        /// If only one variant of them requires it: which.
        variant: Option<u32>,
        /// The package that it is about.
        on: PackageId,
        /// Where that may be.
        allowed: Positions,
        /// Whether it has to be there.
        kind: RequirementKind,
        /// Where all this was written, each origin once, lowest first.
        origins: Vec<OriginId>,
    },
    /// Each of these candidates comes in this many variants, and one has to be taken.
    Variants {
        /// Whose candidates.
        package: PackageId,
        /// Which of them.
        positions: Positions,
        /// How many.
        count: u32,
    },
    /// The package has no candidate at these positions: they are behind the end of its list.
    ///
    /// Worth telling people only of a [contested](Conflict::contested) package. Of any other it closes
    /// a gap in the proof: "any launcher" would also allow one that nobody has made yet.
    NoCandidate {
        /// Which package.
        package: PackageId,
        /// Where something was allowed, but nothing is. Has usually no upper end.
        positions: Positions,
    },
}

/// The facts that exclude a solution.
///
/// In this order: what was asked, as in the request; who needs what, from the request outwards; how
/// many variants there are; where nothing is. Each is told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    facts: Vec<Fact>,
    contested: Vec<PackageId>,
}

impl Conflict {
    /// The facts, in a stable order.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The packages about which the facts disagree, nearest to the request first.
    ///
    /// A package is contested if somebody must have it and either no candidate is where it is allowed,
    /// or somebody else, who may be there at the same time, allows nothing of that. Should no two facts
    /// disagree so, it is where all of them together leave nothing. There is always at least one.
    pub fn contested(&self) -> &[PackageId] {
        &self.contested
    }
}

/// Facts as they come in, with equal ones merged.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    asked: BTreeSet<PackageId>,
    needs: BTreeMap<Need, (Positions, BTreeSet<OriginId>)>,
    variants: BTreeMap<(PackageId, u32), Positions>,
    no_candidate: BTreeMap<PackageId, Positions>,
}

/// What makes two requirements one fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    package: PackageId,
    variant: Option<u32>,
    on: PackageId,
    allowed: Positions,
    kind: RequirementKind,
}

impl Facts {
    /// What the request says about `package` matters.
    pub(crate) fn asked(&mut self, package: PackageId) {
        self.asked.insert(package);
    }

    /// What `subject` requires of `on` matters.
    pub(crate) fn needs(&mut self, subject: Subject, requirements: &[Requirement], on: PackageId) {
        for requirement in requirements
            .iter()
            .filter(|requirement| requirement.package == on)
        {
            let need = Need {
                package: subject.package,
                variant: subject.variant,
                on,
                allowed: requirement.allowed.clone(),
                kind: requirement.kind,
            };
            let (positions, origins) = self.needs.entry(need).or_default();
            *positions = positions.union(&Positions::singleton(subject.position));
            origins.insert(requirement.origin);
        }
    }

    /// That `subject` has `count` variants matters.
    pub(crate) fn variants(&mut self, subject: Subject, count: usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let positions = self.variants.entry((subject.package, count)).or_default();
        *positions = positions.union(&Positions::singleton(subject.position));
    }

    /// That nothing is at `positions` matters.
    pub(crate) fn no_candidate(&mut self, package: PackageId, positions: &Positions) {
        let known = self.no_candidate.entry(package).or_default();
        *known = known.union(positions);
    }

    pub(crate) fn into_conflict(self, request: &Request) -> Conflict {
        let asked: Vec<&Requirement> = request
            .requirements
            .iter()
            .filter(|requirement| self.asked.contains(&requirement.package))
            .collect();
        let distances = self.distances();
        let far = |package: &PackageId| distances.get(package).copied().unwrap_or(usize::MAX);

        let mut contested: Vec<PackageId> = self.contested(&asked);
        contested.sort_by_key(|package| (far(package), *package));

        let mut facts: Vec<Fact> = Vec::new();
        for requirement in asked {
            let fact = Fact::Asked {
                requirement: requirement.clone(),
            };
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        let mut needs: Vec<_> = self.needs.into_iter().collect();
        needs.sort_by_cached_key(|(need, (positions, _))| {
            (
                far(&need.package),
                need.package,
                positions.clone(),
                need.variant,
            )
        });
        facts.extend(
            needs
                .into_iter()
                .map(|(need, (positions, origins))| Fact::Needs {
                    package: need.package,
                    positions,
                    variant: need.variant,
                    on: need.on,
                    allowed: need.allowed,
                    kind: need.kind,
                    origins: origins.into_iter().collect(),
                }),
        );
        let variants = self.variants.into_iter();
        facts.extend(
            variants.map(|((package, count), positions)| Fact::Variants {
                package,
                positions,
                count,
            }),
        );
        let no_candidate = self.no_candidate.into_iter();
        facts.extend(
            no_candidate.map(|(package, positions)| Fact::NoCandidate { package, positions }),
        );
        Conflict { facts, contested }
    }

    /// How many needs away from the request each package is.
    fn distances(&self) -> BTreeMap<PackageId, usize> {
        let mut reached: BTreeMap<PackageId, BTreeSet<PackageId>> = BTreeMap::new();
        for need in self.needs.keys() {
            reached.entry(need.package).or_default().insert(need.on);
        }
        let mut distances: BTreeMap<PackageId, usize> =
            self.asked.iter().map(|package| (*package, 0)).collect();
        let mut rest: VecDeque<(PackageId, usize)> =
            self.asked.iter().map(|package| (*package, 0)).collect();
        while let Some((package, distance)) = rest.pop_front() {
            for &next in reached.get(&package).into_iter().flatten() {
                distances.entry(next).or_insert_with(|| {
                    rest.push_back((next, distance + 1));
                    distance + 1
                });
            }
        }
        distances
    }

    fn contested(&self, asked: &[&Requirement]) -> Vec<PackageId> {
        let mut claims: BTreeMap<PackageId, Vec<Claim<'_>>> = BTreeMap::new();
        for requirement in asked {
            let claim = Claim {
                by: None,
                allowed: &requirement.allowed,
                kind: requirement.kind,
            };
            claims.entry(requirement.package).or_default().push(claim);
        }
        for (need, (positions, _)) in &self.needs {
            let by = Some((need.package, positions, need.variant));
            let claim = Claim {
                by,
                allowed: &need.allowed,
                kind: need.kind,
            };
            claims.entry(need.on).or_default().push(claim);
        }
        let pick = |quarrel: fn(&[Claim<'_>], &Positions) -> bool| -> Vec<PackageId> {
            let nothing = Positions::empty();
            let missing = |package| self.no_candidate.get(package).unwrap_or(&nothing);
            let contested = claims.iter().filter(|(package, claims)| {
                let demanded = claims.iter().any(|c| c.kind == RequirementKind::Required);
                demanded && quarrel(claims, &missing(package).complement())
            });
            contested.map(|(package, _)| *package).collect()
        };
        let contested = pick(two_disagree);
        if contested.is_empty() {
            pick(all_disagree)
        } else {
            contested
        }
    }
}

/// What one party wants of a package.
struct Claim<'a> {
    /// Candidates of a package, all of their variants or one; `None` for the request.
    by: Option<(PackageId, &'a Positions, Option<u32>)>,
    allowed: &'a Positions,
    kind: RequirementKind,
}

impl Claim<'_> {
    /// Whether both can be in force at once. Two candidates of one package cannot.
    fn can_meet(&self, other: &Self) -> bool {
        match (self.by, other.by) {
            (Some((one, at, variant)), Some((two, other_at, other_variant))) if one == two => {
                let same_variant = variant.is_none() || other_variant.is_none();
                !at.is_disjoint(other_at) && (same_variant || variant == other_variant)
            }
            _ => true,
        }
    }
}

/// Whether a demand finds no candidate, or meets a claim that leaves it none.
///
/// Looking at pairs is enough for ranges without holes: if any two of them overlap, all do.
fn two_disagree(claims: &[Claim<'_>], existing: &Positions) -> bool {
    let demands = claims
        .iter()
        .filter(|claim| claim.kind == RequirementKind::Required);
    demands.into_iter().any(|demand| {
        let rest = demand.allowed.intersection(existing);
        rest.is_empty()
            || claims
                .iter()
                .any(|claim| claim.can_meet(demand) && claim.allowed.is_disjoint(&rest))
    })
}

/// Whether nothing satisfies all claims. In every conflict there is such a package: were there none,
/// taking what satisfies all claims, package by package, would be a solution.
fn all_disagree(claims: &[Claim<'_>], existing: &Positions) -> bool {
    let common = claims.iter().fold(existing.clone(), |rest, claim| {
        rest.intersection(claim.allowed)
    });
    common.is_empty()
}
