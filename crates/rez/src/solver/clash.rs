//! What stands against what in a failed phase.
//!
//! When a phase fails, every release of some family is ruled out: by what scopes or the request ask of that family, or by
//! something of its own that cannot live with another family, which is then explained in turn. The statements that rule
//! something out, and no others, are what a reader needs.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::packages::{FamilyId, PackageFamily, RequirementId};
use super::phase::conflicts;
use super::scope::Scope;
use super::search::{Place, Search};
use super::statement::{Contested, Statement, Subject, join};
use crate::requirement::Requirement;
use crate::version::Version;

/// What makes a clash while it is being understood.
#[derive(Default)]
struct Clash {
    contested: Vec<(FamilyId, Vec<Statement>)>,
    /// What was explained already.
    seen: FxHashSet<(FamilyId, Option<Asker>)>,
}

/// A requirement and the family that has it.
type Asker = (RequirementId, FamilyId);

/// How far a chain of reasons is followed.
const DEPTH: usize = 16;

impl Search<'_> {
    /// What left nothing of `family` in the present state.
    pub(super) fn clash(&mut self, family: FamilyId) -> Vec<Contested> {
        let mut clash = Clash::default();
        self.explain(&mut clash, family, None, DEPTH);
        let contested = clash
            .contested
            .into_iter()
            .filter(|(_, statements)| !statements.is_empty());
        contested
            .map(|(family, statements)| Contested {
                family: self.pool.packages.name(family).clone(),
                statements,
            })
            .collect()
    }

    /// Finds what rules out the releases of a family: all of them, or those that an asker's requirement accepts. What the
    /// asker itself says does not count then.
    fn explain(&mut self, clash: &mut Clash, family: FamilyId, asker: Option<Asker>, depth: usize) {
        if depth == 0 || !clash.seen.insert((family, asker)) {
            return;
        }
        let statements = self.statements(family, asker.map(|(_, asker)| asker));
        let pooled = match self.pool.packages.family(family) {
            Ok(Some(pooled)) if !self.pool.packages.name(family).starts_with('.') => pooled,
            // Nothing is released of an ephemeral: its statements exclude each other by their ranges alone.
            _ => return clash.add(family, statements),
        };
        let accepts = |search: &Self, release: usize| {
            asker.is_none_or(|(accepted, _)| {
                permits(
                    search.pool.packages.value(accepted),
                    version(&pooled, release),
                )
            })
        };
        let mut open: Vec<usize> = (0..pooled.releases.len())
            .filter(|&release| accepts(self, release))
            .collect();
        let mut rest = statements;
        while let Some(best) = most_excluding(&rest, &pooled, &open) {
            let statement = rest.swap_remove(best);
            open.retain(|&release| permits(&statement.requirement, version(&pooled, release)));
            clash.add(family, vec![statement]);
        }
        self.explain_variants(clash, &pooled, &open, depth);
    }

    /// Finds what rules out the variants of releases that nobody's statement excludes: something they ask for themselves.
    fn explain_variants(
        &mut self,
        clash: &mut Clash,
        family: &Arc<PackageFamily>,
        releases: &[usize],
        depth: usize,
    ) {
        let mut reasons: Vec<(FamilyId, RequirementId)> = Vec::new();
        for &release in releases {
            let Ok(variants) = self.pool.packages.variants(family, release, self.building) else {
                continue;
            };
            let count = family.releases[release].variant_count;
            for (index, requires) in variants.iter().enumerate() {
                let found = requires.requirements.iter().find_map(|&requirement| {
                    let (about, term) = self.pool.packages.term(requirement);
                    let against = self.scopes[self.place(about)?].clone();
                    let (pool, term) = (&mut *self.pool, term?);
                    (about != family.id && conflicts(pool, term, &against))
                        .then_some((about, requirement))
                });
                let Some((about, requirement)) = found else {
                    continue;
                };
                let indices = if count > 1 { vec![index] } else { Vec::new() };
                let statement = Statement {
                    subject: Subject::Variants {
                        family: family.name.clone(),
                        versions: vec![(version(family, release).clone(), indices)],
                        path: self.path(family.id),
                    },
                    requirement: self.pool.packages.value(requirement).clone(),
                };
                clash.add(about, vec![statement]);
                if !reasons.contains(&(about, requirement)) {
                    reasons.push((about, requirement));
                }
            }
        }
        for (about, requirement) in reasons {
            self.explain(clash, about, Some((requirement, family.id)), depth - 1);
        }
    }

    /// What the request and all variants of each scope, but for one, ask of a family.
    fn statements(&mut self, family: FamilyId, but: Option<FamilyId>) -> Vec<Statement> {
        let mut statements = Vec::new();
        let name = self.pool.packages.name(family).clone();
        if let Some(request) = self
            .requests
            .iter()
            .find(|request| request.name() == &*name)
        {
            statements.push(Statement {
                subject: Subject::Request,
                requirement: request.clone(),
            });
        }
        for place in 0..self.scopes.len() {
            let scope = self.scopes[place].clone();
            let Scope::Packages(slice) = &*scope else {
                continue;
            };
            let Some(asked) = slice.candidates.asks().and_then(|asks| asks.of(family)) else {
                continue;
            };
            // Only what all variants that are left agree to say is said by the scope.
            let mut covered = slice.alive.clone();
            for (_, who) in &asked.terms {
                covered.remove_all(who);
            }
            let who = self.families[place];
            if !covered.is_empty() || who == family || Some(who) == but {
                continue;
            }
            for variant in slice.alive.iter() {
                let requirements = slice.candidates.requirements(variant).iter();
                for &requirement in requirements
                    .filter(|&&requirement| self.pool.packages.term(requirement).0 == family)
                {
                    let candidate = slice.candidates.variants[variant];
                    let release = &slice.candidates.family.releases[candidate.release()];
                    let indices = candidate.index().filter(|_| release.variant_count > 1);
                    let statement = Statement {
                        subject: Subject::Variants {
                            family: slice.candidates.family.name.clone(),
                            versions: vec![(
                                release.package.version.clone(),
                                indices.into_iter().collect(),
                            )],
                            path: self.path(slice.candidates.family.id),
                        },
                        requirement: self.pool.packages.value(requirement).clone(),
                    };
                    join(&mut statements, statement);
                }
            }
        }
        statements
    }

    /// Families from one that asked for `family` up to a requested one; empty where it was requested itself.
    fn path(&self, family: FamilyId) -> Vec<Arc<str>> {
        let mut path: Vec<Arc<str>> = Vec::new();
        let mut at = self.place(family);
        let mut seen: Vec<Place> = at.into_iter().collect();
        while let Some(place) = at.filter(|&place| place >= self.requests.len()) {
            let wants = |asker: &Place| {
                let slice = self.scopes[*asker].slice();
                slice.is_some_and(|slice| {
                    let asked = slice
                        .candidates
                        .asks()
                        .and_then(|asks| asks.of(self.families[place]));
                    asked.is_some_and(|asked| slice.alive.is_within(&asked.wanted))
                })
            };
            at = (0..self.scopes.len()).find(|asker| !seen.contains(asker) && wants(asker));
            if let Some(asker) = at {
                seen.push(asker);
                path.push(self.pool.packages.name(self.families[asker]).clone());
            }
        }
        path
    }
}

impl Clash {
    fn add(&mut self, family: FamilyId, statements: Vec<Statement>) {
        let known = self
            .contested
            .iter()
            .position(|(known, _)| *known == family);
        let at = known.unwrap_or_else(|| {
            self.contested.push((family, Vec::new()));
            self.contested.len() - 1
        });
        for statement in statements {
            join(&mut self.contested[at].1, statement);
        }
    }
}

fn version(family: &PackageFamily, release: usize) -> &Version {
    &family.releases[release].package.version
}

/// Whether a requirement can live with a version.
fn permits(requirement: &Requirement, version: &Version) -> bool {
    let within = |version| {
        requirement
            .range()
            .is_some_and(|range| range.contains(version))
    };
    within(version) != requirement.is_conflict()
}

/// The statement that excludes most releases, if any excludes one.
fn most_excluding(
    statements: &[Statement],
    family: &PackageFamily,
    releases: &[usize],
) -> Option<usize> {
    let excludes = |statement: &Statement| {
        let permits =
            |release: &&usize| permits(&statement.requirement, version(family, **release));
        releases.iter().filter(|release| !permits(release)).count()
    };
    let counts = statements.iter().map(excludes).enumerate();
    // Of equals the first: what was requested comes before what packages say.
    let best = counts.rev().max_by_key(|(_, count)| *count)?;
    (best.1 > 0).then_some(best.0)
}
