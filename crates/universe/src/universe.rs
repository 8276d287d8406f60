//! The neutral universe: packages, candidates and requirements as numbers.
//!
//! Every ecosystem has a version grammar of its own, and the engine knows none. Who owns a package
//! turns names into [`PackageId`]s, versions into positions in an ordered list and ranges into
//! [`Positions`]; what is left is arithmetic. The words are not lost: each requirement carries an
//! [`OriginId`] that the owner can turn back into who asked, where, and in which words.

use std::borrow::Cow;

use crate::Positions;

/// A package, interned by whoever owns it.
///
/// The numbers mean nothing but identity, with one exception: where the engine has nothing else to go
/// by, the lower number comes first. An owner that interns in a stable order gets stable answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub u32);

/// Where a requirement was written. Opaque here; its owner turns it back into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginId(pub u32);

/// What a requirement asks of its package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequirementKind {
    /// The package must be there, at an allowed position.
    Required,
    /// The package may be absent; if it is there, then at an allowed position.
    Weak,
    /// The package must stay away from some positions, or be absent altogether.
    ///
    /// For the engine this is [`Weak`](Self::Weak) with the complement; the kind is kept apart because
    /// people call it by another verb ("avoids").
    Forbidden,
}

/// One claim about a package: where it may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requirement {
    /// The package that the claim is about.
    pub package: PackageId,
    /// The positions that satisfy it. For all three kinds these are the *good* positions; a
    /// [`Forbidden`](RequirementKind::Forbidden) requirement without any wants the package absent.
    pub allowed: Positions,
    /// Whether the package has to be there at all.
    pub kind: RequirementKind,
    /// Who asked.
    pub origin: OriginId,
}

impl Requirement {
    /// `package` must be there, at one of `allowed`.
    pub fn required(package: PackageId, allowed: Positions, origin: OriginId) -> Self {
        Self {
            package,
            allowed,
            kind: RequirementKind::Required,
            origin,
        }
    }

    /// If `package` is there, then at one of `allowed`.
    pub fn weak(package: PackageId, allowed: Positions, origin: OriginId) -> Self {
        Self {
            package,
            allowed,
            kind: RequirementKind::Weak,
            origin,
        }
    }

    /// `package` must not be at one of `forbidden`; [`Positions::full`] bans it altogether.
    pub fn forbidden(package: PackageId, forbidden: &Positions, origin: OriginId) -> Self {
        Self {
            package,
            allowed: forbidden.complement(),
            kind: RequirementKind::Forbidden,
            origin,
        }
    }

    /// Whether the package at `position`, `None` for absent, satisfies the requirement.
    pub fn is_satisfied_by(&self, position: Option<u32>) -> bool {
        match position {
            Some(position) => self.allowed.contains(position),
            None => self.kind != RequirementKind::Required,
        }
    }
}

/// Who has requirements: a candidate, or one variant of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The package.
    pub package: PackageId,
    /// The position of the candidate.
    pub position: u32,
    /// The index of the variant, where it is about one.
    pub variant: Option<u32>,
}

/// What a universe knows about one candidate.
#[derive(Debug, Clone, Default)]
pub struct Candidate<'a> {
    /// What it requires whatever its variant. The order does not matter; several requirements on one
    /// package must all hold.
    pub requirements: Cow<'a, [Requirement]>,
    /// Alternatives, the preferred one first, of which exactly one is chosen: what each requires on
    /// top. A candidate without alternatives has none; one with a single alternative always takes it.
    pub variants: Vec<Cow<'a, [Requirement]>>,
}

/// An error from whoever owns a package: a list that could not be fetched, metadata that is damaged.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct UniverseError(Box<dyn std::error::Error + Send + Sync>);

impl UniverseError {
    /// Wraps the owner's own error; its text and its sources are kept.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }

    /// The owner's own error again, for a caller that knows what to look for.
    pub fn into_inner(self) -> Box<dyn std::error::Error + Send + Sync> {
        self.0
    }
}

/// Packages, their candidates, and what those require.
///
/// The engine asks only when it needs to know, each question once per solve, so that lists can be
/// fetched on first use. What it relies on:
///
/// * **Answers do not change** during a solve. Positions in requirements are positions in the list
///   whose length [`candidate_count`](Self::candidate_count) tells.
/// * **Positions are complete.** A requirement must not leave out candidates that it would accept;
///   the engine never looks at versions again.
/// * **Unknown is not an error.** A package that nobody offers has no candidates. An error ends the
///   solve, so it is for what could not be found out.
/// * **A candidate that must not be used** (withdrawn, damaged, for another platform) stays in the
///   list and requires itself at no position, with an origin that says why: then a conflict can too.
///
/// ```
/// use universe::{Candidate, PackageId, Universe, UniverseError};
///
/// /// Every package has three candidates, and none needs another.
/// struct Flat;
///
/// impl Universe for Flat {
///     fn candidate_count(&self, _: PackageId) -> Result<u32, UniverseError> {
///         Ok(3)
///     }
///     fn candidate(&self, _: PackageId, _: u32) -> Result<Candidate<'_>, UniverseError> {
///         Ok(Candidate::default())
///     }
/// }
/// ```
pub trait Universe {
    /// How many candidates the package has. The best is the last.
    fn candidate_count(&self, package: PackageId) -> Result<u32, UniverseError>;

    /// The best of `allowed` is about to be chosen, and its neighbours may follow if that goes wrong. Says nothing
    /// about the answer: a universe that has to fetch can begin with what comes next.
    fn consider(&self, _package: PackageId, _allowed: &Positions) {}

    /// What the candidate at `position` requires. Only asked for positions below the count.
    fn candidate(&self, package: PackageId, position: u32) -> Result<Candidate<'_>, UniverseError>;
}
