//! What stands against what in a failed phase.
//!
//! When a phase fails, every release of some family is ruled out: by what scopes or the request ask of that family, or by
//! something of its own that cannot live with another family, which is then explained in turn. The statements that rule
//! something out, and no others, are what a reader needs.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::packages::{FamilyId, PackageFamily, RequirementId};
use super::phase::conflicts;
use super::scope::Slice;
use super::search::{Place, Search};
use super::statement::{Contested, Statement, Subject, gather, join};
use crate::version::Version;

/// What makes a clash while it is being understood.
#[derive(Default)]
struct Clash {
    contested: Vec<Contested>,
    /// What was explained already.
    seen: FxHashSet<(FamilyId, Option<Asker>)>,
}

/// What one speaker says of a family: the request, or the variants of a scope, which may say different things.
type Claim = Vec<Statement>;

/// A requirement and the family that has it.
type Asker = (RequirementId, FamilyId);

/// How far a chain of reasons is followed.
const DEPTH: usize = 16;

impl Search<'_> {
    /// What left nothing of `family` in the present state.
    pub(super) fn clash(&mut self, family: FamilyId) -> Vec<Contested> {
        let mut clash = Clash::default();
        self.explain(&mut clash, family, None, DEPTH);
        let mut contested = clash.contested;
        contested.retain(|contested| !contested.statements.is_empty());
        contested
    }

    /// Finds what rules out the releases of a family: all of them, or those that an asker's requirement accepts. What the
    /// asker itself says does not count then.
    fn explain(&mut self, clash: &mut Clash, family: FamilyId, asker: Option<Asker>, depth: usize) {
        if depth == 0 || !clash.seen.insert((family, asker)) {
            return;
        }
        let mut claims = self.claims(family, asker.map(|(_, asker)| asker));
        let pooled = match self.pool.packages.family(family) {
            Ok(Some(pooled)) if !self.pool.packages.name(family).starts_with('.') => pooled,
            // Nothing is released of an ephemeral: what is said of it excludes each other by the ranges alone.
            _ => return self.add(clash, family, claims.concat()),
        };
        let accepts = |search: &Self, release: usize| {
            asker.is_none_or(|(accepted, _)| {
                let accepted = search.pool.packages.value(accepted);
                accepted.permits(version(&pooled, release))
            })
        };
        let mut open: Vec<usize> = (0..pooled.releases.len())
            .filter(|&release| accepts(self, release))
            .collect();
        while let Some(best) = most_excluding(&claims, &pooled, &open) {
            let claim = claims.swap_remove(best);
            open.retain(|&release| allows(&claim, version(&pooled, release)));
            self.add(clash, family, claim);
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
            let Ok(variants) =
                self.pool
                    .packages
                    .variants(family, release, self.pool.preference.building)
            else {
                continue;
            };
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
                let statement = self.statement(family, release, Some(index), requirement);
                self.add(clash, about, vec![statement]);
                if !reasons.contains(&(about, requirement)) {
                    reasons.push((about, requirement));
                }
            }
        }
        for (about, requirement) in reasons {
            self.explain(clash, about, Some((requirement, family.id)), depth - 1);
        }
    }

    fn add(&self, clash: &mut Clash, family: FamilyId, statements: Vec<Statement>) {
        let family = self.pool.packages.name(family).clone();
        gather(&mut clash.contested, Contested { family, statements });
    }

    /// What the request and all variants of each scope, but for one, ask of a family.
    fn claims(&self, family: FamilyId, but: Option<FamilyId>) -> Vec<Claim> {
        let name = self.pool.packages.name(family);
        let mut requests = self.requests.iter();
        let request = requests
            .find(|request| request.name() == &**name)
            .map(|request| {
                vec![Statement {
                    subject: Subject::Request,
                    requirement: request.clone(),
                }]
            });
        let scopes = self.scopes.iter().filter_map(|scope| scope.slice());
        let others = scopes.filter(|slice| {
            let who = slice.candidates.family.id;
            who != family && Some(who) != but
        });
        request
            .into_iter()
            .chain(others.filter_map(|slice| self.claim(slice, family)))
            .collect()
    }

    /// What a slice says of a family, if all its variants say something.
    fn claim(&self, slice: &Slice, family: FamilyId) -> Option<Claim> {
        let mut claim = Claim::new();
        let asked = slice.candidates.asks()?.of(family)?;
        let mut silent = slice.alive.clone();
        for (_, who) in &asked.terms {
            silent.remove_all(who);
        }
        for variant in slice.alive.iter().filter(|_| silent.is_empty()) {
            let candidate = slice.candidates.variants[variant];
            for &requirement in slice.candidates.requirements(variant) {
                if self.pool.packages.term(requirement).0 == family {
                    let of = &slice.candidates.family;
                    join(
                        &mut claim,
                        self.statement(of, candidate.release(), candidate.index(), requirement),
                    );
                }
            }
        }
        (!claim.is_empty()).then_some(claim)
    }

    /// What a variant says.
    fn statement(
        &self,
        family: &Arc<PackageFamily>,
        release: usize,
        index: Option<usize>,
        requirement: RequirementId,
    ) -> Statement {
        let several = family.releases[release].variant_count > 1;
        let indices = index.filter(|_| several).into_iter().collect();
        Statement {
            subject: Subject::Variants {
                family: family.name.clone(),
                versions: vec![(version(family, release).clone(), indices)],
                path: self.path(family.id),
            },
            requirement: self.pool.packages.value(requirement).clone(),
        }
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

fn version(family: &PackageFamily, release: usize) -> &Version {
    &family.releases[release].package.version
}

/// Whether one of a speaker's variants can live with a version.
fn allows(claim: &[Statement], version: &Version) -> bool {
    claim
        .iter()
        .any(|statement| statement.requirement.permits(version))
}

/// The claim that excludes most releases, if any excludes one.
fn most_excluding(claims: &[Claim], family: &PackageFamily, releases: &[usize]) -> Option<usize> {
    let excludes = |claim: &Claim| {
        let excluded = releases
            .iter()
            .filter(|&&release| !allows(claim, version(family, release)));
        excluded.count()
    };
    let counts = claims.iter().map(excludes).enumerate();
    // Of equals the first: what was requested comes before what packages say.
    let best = counts.rev().max_by_key(|(_, count)| *count)?;
    (best.1 > 0).then_some(best.0)
}
