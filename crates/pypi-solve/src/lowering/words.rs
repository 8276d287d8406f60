//! What each origin that the engine carries means.

use std::sync::Arc;

use pypi::Requirement;
use universe::PackageId;

use crate::Asker;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saying {
    /// The request as a whole.
    Request,
    /// A root.
    Root(Asker),
    /// A constraint.
    Constraint(Asker),
    /// A given package that is to be installed as it is.
    Pin(Asker),
    /// An override, in place of what somebody asked.
    Override(Asker),
    /// A candidate's metadata: the package and the position.
    Candidate(PackageId, u32),
    /// A candidate cannot be used; the number is that of the reason.
    Unusable(PackageId, u32, u32),
    /// An extra goes with its distribution at the same version.
    SameVersion(PackageId, u32),
}

/// A requirement in words.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) saying: Saying,
    /// What is asked; none where it is not about a requirement.
    pub(crate) requirement: Option<Arc<Requirement>>,
}
