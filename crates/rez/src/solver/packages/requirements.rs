//! Requirements by number, and what the variants of a release ask for.

use std::sync::Arc;

use smallvec::SmallVec;

use super::{FamilyId, PackageFamily, Packages, RangeId, RequirementId, VariantRequires};
use crate::package::qualified_variant;
use crate::requirement::Requirement;
use crate::solver::SolveError;

/// A range that is wanted, or refused by a conflict or weak requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::solver) struct Term {
    pub(in crate::solver) range: RangeId,
    pub(in crate::solver) is_conflict: bool,
}

impl Packages {
    /// A requirement in words.
    pub(in crate::solver) fn value(&self, id: RequirementId) -> &Requirement {
        &self.requirements[id.index()]
    }

    /// The number of a requirement.
    pub(in crate::solver) fn intern(&mut self, requirement: &Requirement) -> RequirementId {
        let text: Arc<str> = requirement.to_string().into();
        match self.requirement_ids.get(&text) {
            Some(&id) => id,
            None => self.add(text, requirement.clone()),
        }
    }

    fn add(&mut self, text: Arc<str>, value: Requirement) -> RequirementId {
        let family = self.family_id(value.name_shared());
        let range = value.range().map(|range| self.range_id(family, range));
        let id = RequirementId::at(self.requirements.len());
        let is_conflict = value.is_conflict();
        self.terms
            .push((family, range.map(|range| Term { range, is_conflict })));
        self.requirements.push(value);
        self.requirement_ids.insert(text, id);
        id
    }

    /// The family that a requirement is about and what it wants of it; `None` where that is nothing (`~x`).
    pub(in crate::solver) fn term(&self, id: RequirementId) -> (FamilyId, Option<Term>) {
        self.terms[id.index()]
    }

    /// What the variants of a release ask for, each list merged.
    ///
    /// # Errors
    /// A definition that cannot be read, a request that is none, or a variant that contradicts itself: what rez raises
    /// when it first looks at the release.
    pub(in crate::solver) fn variants(
        &mut self,
        family: &PackageFamily,
        release: usize,
        building: bool,
    ) -> Result<Arc<[VariantRequires]>, SolveError> {
        let entry = &family.releases[release];
        let cell = &entry.variants[usize::from(building)];
        if let Some(known) = cell.get() {
            return Ok(known.clone());
        }
        let definition = match &entry.package.definition {
            Ok(definition) => definition,
            Err(defect) => {
                return Err(SolveError::Broken {
                    package: family.qualified(release),
                    defect: defect.clone(),
                });
            }
        };
        let none = [Vec::new()];
        let variants = definition.variants().unwrap_or(&none);
        let mut compiled = Vec::with_capacity(variants.len());
        for (index, own) in variants.iter().enumerate() {
            let build: &[Arc<str>] = if building {
                &definition.build_requires
            } else {
                &[]
            };
            let texts = definition.requires.iter().chain(own).chain(build);
            compiled.push(self.merge(texts, || {
                let index = definition.variants().map(|_| index);
                (
                    family.qualified(release),
                    qualified_variant(&family.qualified(release), index),
                )
            })?);
        }
        let compiled: Arc<[VariantRequires]> = compiled.into();
        Ok(cell.get_or_init(|| compiled).clone())
    }

    /// Merges a list of requests (`RequirementList`).
    fn merge<'a>(
        &mut self,
        texts: impl Iterator<Item = &'a Arc<str>>,
        words: impl Fn() -> (String, String),
    ) -> Result<VariantRequires, SolveError> {
        let mut list: SmallVec<[RequirementId; 16]> = SmallVec::new();
        for text in texts {
            let new = if let Some(&id) = self.requirement_ids.get(text) {
                id
            } else {
                let value = Requirement::parse_request(text).map_err(|error| {
                    SolveError::InvalidRequest {
                        package: words().0,
                        error,
                    }
                })?;
                self.add(text.clone(), value)
            };
            let family = self.term(new).0;
            match list.iter().position(|&other| self.term(other).0 == family) {
                None => list.push(new),
                Some(at) => {
                    let before = list[at];
                    list[at] =
                        self.merged(before, new)?
                            .ok_or_else(|| SolveError::SelfConflict {
                                package: words().1,
                                first: self.value(before).clone(),
                                second: self.value(new).clone(),
                            })?;
                }
            }
        }
        Ok(VariantRequires {
            requirements: list.as_slice().into(),
        })
    }

    /// Two requirements of one family as one; `None` where they exclude each other.
    fn merged(
        &mut self,
        a: RequirementId,
        b: RequirementId,
    ) -> Result<Option<RequirementId>, SolveError> {
        if let Some(&known) = self.merges.get(&(a, b)) {
            return Ok(known);
        }
        let merged = self.value(a).merged(self.value(b))?;
        let merged = merged.map(|requirement| self.intern(&requirement));
        self.merges.insert((a, b), merged);
        Ok(merged)
    }
}
