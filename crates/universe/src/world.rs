//! A universe that is all in memory.
//!
//! It serves a bundle whose facts are loaded already, and tests. Requirements lie side by side in one
//! allocation, found through three tables of offsets (package → candidate → group → requirement), so
//! that asking costs two look-ups and no copy.

use std::borrow::Cow;

use crate::universe::{Candidate, PackageId, Requirement, Subject, Universe, UniverseError};

/// Collects packages, candidates and requirements, in any order, for a [`World`].
///
/// Packages and subjects must come from this builder: the handles carry the positions, so a
/// requirement cannot be given to a candidate that does not exist.
#[derive(Debug, Clone, Default)]
pub struct WorldBuilder {
    /// Per package, per candidate: how many variants it has.
    packages: Vec<Vec<u32>>,
    requirements: Vec<(Subject, Requirement)>,
}

impl WorldBuilder {
    /// An empty world.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a package that has no candidates yet.
    pub fn package(&mut self) -> PackageId {
        self.packages.push(Vec::new());
        PackageId(u32::try_from(self.packages.len() - 1).unwrap_or(u32::MAX))
    }

    /// Adds a candidate that is better than all before it.
    pub fn candidate(&mut self, package: PackageId) -> Subject {
        let position = match self.packages.get_mut(index(package.0)) {
            Some(candidates) => {
                candidates.push(0);
                u32::try_from(candidates.len() - 1).unwrap_or(u32::MAX)
            }
            None => u32::MAX,
        };
        Subject {
            package,
            position,
            variant: None,
        }
    }

    /// Adds a variant to a candidate, less preferred than all before it.
    pub fn variant(&mut self, candidate: Subject) -> Subject {
        let variants = self
            .packages
            .get_mut(index(candidate.package.0))
            .and_then(|candidates| candidates.get_mut(index(candidate.position)));
        let variant = variants.map(|count| {
            *count += 1;
            *count - 1
        });
        Subject {
            variant,
            ..candidate
        }
    }

    /// Adds a requirement of a candidate or of one of its variants.
    pub fn require(&mut self, subject: Subject, requirement: Requirement) {
        self.requirements.push((subject, requirement));
    }

    /// Lays everything out for solving.
    pub fn build(mut self) -> World {
        self.requirements.sort_by_key(|(subject, _)| *subject);
        let mut world = World::default();
        let mut rest = self.requirements.into_iter().peekable();
        for (package, candidates) in (0..).map(PackageId).zip(&self.packages) {
            world.candidates_from.push(world.groups_from.len());
            for (position, variants) in (0..).zip(candidates) {
                world.groups_from.push(world.requirements_from.len());
                let groups = std::iter::once(None).chain((0..*variants).map(Some));
                for variant in groups {
                    let subject = Subject {
                        package,
                        position,
                        variant,
                    };
                    world.requirements_from.push(world.requirements.len());
                    while let Some((who, requirement)) = rest.next_if(|(who, _)| *who <= subject) {
                        // A smaller one is a handle of some other builder: nobody can choose it.
                        if who == subject {
                            world.requirements.push(requirement);
                        }
                    }
                }
            }
        }
        world.candidates_from.push(world.groups_from.len());
        world.groups_from.push(world.requirements_from.len());
        world.requirements_from.push(world.requirements.len());
        world
    }
}

/// A [`Universe`] that is all in memory; made by [`WorldBuilder`].
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Per package, where its candidates begin in `groups_from`; one more entry ends the last.
    candidates_from: Vec<usize>,
    /// Per candidate, where its groups begin in `requirements_from`: its own, then one per variant.
    groups_from: Vec<usize>,
    /// Per group, where its requirements begin.
    requirements_from: Vec<usize>,
    requirements: Vec<Requirement>,
}

impl World {
    /// How many packages there are: their ids are the numbers below.
    pub fn package_count(&self) -> u32 {
        u32::try_from(self.candidates_from.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn group(&self, group: usize) -> &[Requirement] {
        match (
            self.requirements_from.get(group),
            self.requirements_from.get(group + 1),
        ) {
            (Some(&start), Some(&end)) => self.requirements.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl Universe for World {
    fn candidate_count(&self, package: PackageId) -> Result<u32, UniverseError> {
        let package = index(package.0);
        let bounds = (
            self.candidates_from.get(package),
            self.candidates_from.get(package + 1),
        );
        Ok(match bounds {
            (Some(start), Some(end)) => u32::try_from(end - start).unwrap_or(u32::MAX),
            _ => 0,
        })
    }

    fn candidate(&self, package: PackageId, position: u32) -> Result<Candidate<'_>, UniverseError> {
        if position >= self.candidate_count(package)? {
            return Ok(Candidate::default());
        }
        let candidate = self.candidates_from[index(package.0)] + index(position);
        let (own, end) = (self.groups_from[candidate], self.groups_from[candidate + 1]);
        Ok(Candidate {
            requirements: Cow::Borrowed(self.group(own)),
            variants: (own + 1..end)
                .map(|group| Cow::Borrowed(self.group(group)))
                .collect(),
        })
    }
}

/// A package id or position as an index.
fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
