//! A scope: everything that is still possible for one family.

use std::sync::Arc;

use super::bits::Bits;
use super::candidates::Candidates;
use super::packages::{Packages, RequirementId};
use crate::package::qualified_variant;
use crate::requirement::Requirement;
use crate::version::{Version, VersionRange};

/// What is possible for one family.
#[derive(Clone)]
pub(super) enum Scope {
    /// A conflict or weak request; it becomes packages when a package asks for the family.
    Conflict(RequirementId),
    /// `.name`: a range that packages agree on, without a package behind it. May be a conflict too.
    Ephemeral(RequirementId),
    /// Some variants.
    Packages(Slice),
}

/// Some of a family's candidates.
#[derive(Clone)]
pub(super) struct Slice {
    pub(super) candidates: Arc<Candidates>,
    pub(super) alive: Bits,
    /// Whether a split has put the releases in order; before, rez lists them as the repository does.
    pub(super) is_sorted: bool,
}

impl Scope {
    pub(super) fn slice(&self) -> Option<&Slice> {
        match self {
            Self::Packages(slice) => Some(slice),
            Self::Conflict(_) | Self::Ephemeral(_) => None,
        }
    }

    /// Whether more than one variant is left.
    pub(super) fn is_open(&self) -> bool {
        self.slice().is_some_and(|slice| slice.alive.len() > 1)
    }

    /// Whether it forbids versions and asks for none.
    pub(super) fn is_conflict(&self, packages: &Packages) -> bool {
        match self {
            Self::Conflict(_) => true,
            Self::Ephemeral(request) => packages.value(*request).is_conflict(),
            Self::Packages(_) => false,
        }
    }

    /// The request it makes of the others (rez: `package_request`): for packages, the very versions that are left.
    pub(super) fn request(&self, packages: &Packages) -> Requirement {
        match self {
            Self::Conflict(request) | Self::Ephemeral(request) => packages.value(*request).clone(),
            Self::Packages(slice) => {
                let range = VersionRange::from_versions(slice.versions());
                Requirement::construct(slice.candidates.family.name.clone(), range)
            }
        }
    }
}

impl Slice {
    /// All of some candidates.
    pub(super) fn new(candidates: Arc<Candidates>) -> Self {
        let alive = candidates.all();
        Self {
            candidates,
            alive,
            is_sorted: false,
        }
    }

    /// The same with fewer variants.
    pub(super) fn with(&self, alive: Bits) -> Self {
        Self {
            candidates: self.candidates.clone(),
            alive,
            is_sorted: self.is_sorted,
        }
    }

    /// The one variant that is left.
    pub(super) fn only(&self) -> Option<usize> {
        let mut variants = self.alive.iter();
        let first = variants.next()?;
        variants.next().is_none().then_some(first)
    }

    /// The versions that are left, one for each release.
    fn versions(&self) -> Vec<Version> {
        let family = &self.candidates.family;
        self.releases()
            .into_iter()
            .map(|(release, _)| family.releases[release].package.version.clone())
            .collect()
    }

    /// The releases that are left with their variants, in the order in which rez has them: as listed, or sorted.
    pub(super) fn releases(&self) -> Vec<(usize, Vec<usize>)> {
        let mut releases: Vec<(usize, Vec<usize>)> = Vec::new();
        for variant in self.alive.iter() {
            let release = self.candidates.variants[variant].release();
            match releases.last_mut() {
                Some((last, variants)) if *last == release => variants.push(variant),
                _ => releases.push((release, vec![variant])),
            }
        }
        if !self.is_sorted {
            releases.sort_by_key(|(release, _)| *release);
        }
        releases
    }

    /// `name-version[index]` of one of its variants.
    pub(super) fn qualified(&self, variant: usize) -> String {
        let candidate = self.candidates.variants[variant];
        let package = self.candidates.family.qualified(candidate.release());
        qualified_variant(&package, candidate.index())
    }
}
