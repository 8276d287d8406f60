//! What a solve answers: where each package stands, and every requirement that put it there.

use std::collections::BTreeMap;

use crate::universe::{PackageId, Requirement, Subject};

/// A complete choice: at most one candidate per package, and every requirement satisfied.
///
/// Nothing is in it that the request does not need: each package is reached from the request over
/// required edges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    pub(crate) chosen: BTreeMap<PackageId, Chosen>,
    pub(crate) edges: Vec<Edge>,
}

/// Where one package stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chosen {
    /// The position of the candidate in its package's list.
    pub position: u32,
    /// The index of the variant, where the candidate has variants.
    pub variant: Option<u32>,
}

/// One requirement that holds in a solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Who requires: a chosen candidate or its chosen variant; `None` for the request itself.
    pub from: Option<Subject>,
    /// What. The package may be absent where the requirement is weak or forbidding.
    pub requirement: Requirement,
}

impl Solution {
    /// Where `package` stands, `None` if it is absent.
    pub fn get(&self, package: PackageId) -> Option<Chosen> {
        self.chosen.get(&package).copied()
    }

    /// Every package that is present, lowest id first.
    pub fn chosen(&self) -> impl Iterator<Item = (PackageId, Chosen)> + '_ {
        self.chosen
            .iter()
            .map(|(&package, &chosen)| (package, chosen))
    }

    /// Every requirement of the request, in the order asked, and then of every chosen candidate and
    /// its chosen variant, lowest package id first, in the order the universe gave them.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }
}
