//! What was learnt about one target so far, which the next question to conda is made with.

use std::collections::{BTreeMap, BTreeSet};

use conda::PackageName;
use pypi::DistributionName;

use super::words::Asked;

/// Where pip's packages ask.
pub(super) const LEFT: &str = "what is left to pip";

/// After so many conflicts it is pip's last word.
pub(super) const ATTEMPTS: usize = 24;

/// What was learnt for one target so far.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    /// What pip's packages ask of conda.
    pub(super) asked: Vec<Asked>,
    /// Packages that conda is not asked for, since it cannot bring them.
    pub(super) kept: BTreeSet<PackageName>,
    /// What must hold of conda's packages.
    pub(super) needs: Vec<Asked>,
    /// What is left to pip, and why.
    pub(super) left: BTreeMap<DistributionName, String>,
}
