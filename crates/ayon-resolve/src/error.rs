//! Why there is no answer, with everything known about it as values.

use ayon_backend::{EmitError, ResolveError, UnknownBackend};
use ayon_explain::hints::Hint;
use ayon_model::{SelectionError, Target};
use ayon_solve::{Conflict, QuestionError, Stopped};
use ayon_studio::SourceError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The facts could not be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// No bundle can be chosen.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// The bundle names no launcher and none was given.
    #[error("bundle {bundle} names no launcher; give one with `--launcher`{}", newest_of_studio(.newest.as_deref()))]
    NoLauncher {
        /// The bundle.
        bundle: String,
        /// The newest launcher of the studio.
        newest: Option<String>,
    },
    /// The question cannot be asked of this studio.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// The answer is no.
    #[error("{} has no solution for {}", .0.what, .0.conflict.target)]
    Refused(Box<Refused>),
    /// The relations of some releases are needed and could not be learnt.
    #[error("what {releases} require is not known, and their source cannot be asked now")]
    Unknown {
        /// Names and versions.
        releases: String,
    },
    /// Somebody, or the time limit, said stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// No such backend.
    #[error(transparent)]
    Backend(#[from] UnknownBackend),
    /// A backend could not complete the answer.
    #[error(transparent)]
    Resolve(ResolveError),
    /// The answer cannot be kept in a lock.
    #[error(transparent)]
    Lock(#[from] ayon_lock::MakeError),
    /// The lock is for something else.
    #[error(transparent)]
    OtherLock(#[from] ayon_lock::OtherLock),
    /// The answer cannot be written in this format.
    #[error(transparent)]
    Emit(#[from] EmitError),
}

/// A "no", with what would make it a "yes".
#[derive(Clone, Debug)]
pub struct Refused {
    /// What was asked about: a bundle by name, or the request.
    pub what: String,
    /// The facts that cannot all be true.
    pub conflict: Conflict,
    /// Single changes after which there is a solution: each was solved.
    pub hints: Vec<Hint>,
}

fn newest_of_studio(newest: Option<&str>) -> String {
    newest.map_or_else(String::new, |newest| {
        format!(" (the newest of this studio is {newest})")
    })
}

impl Error {
    /// Whether this is the answer "no", rather than no answer.
    pub fn is_no(&self) -> bool {
        matches!(
            self,
            Self::Refused(_) | Self::Resolve(ResolveError::Conflict(_) | ResolveError::Refused(_))
        )
    }

    pub(crate) fn refused(what: String, conflict: Conflict, hints: Vec<Hint>) -> Self {
        Self::Refused(Box::new(Refused {
            what,
            conflict,
            hints,
        }))
    }

    /// The target that has no solution.
    pub fn target(&self) -> Option<&Target> {
        match self {
            Self::Refused(refused) => Some(&refused.conflict.target),
            Self::Resolve(ResolveError::Refused(refusal)) => Some(&refusal.target),
            _ => None,
        }
    }
}
