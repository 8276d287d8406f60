//! What can go wrong between a request and its answer.

use rez::config::ConfigError;
use rez::repository::RepositoryError;
use rez::requirement::RequirementError;
use rez::solver::SolveError;
use rez::system::SystemError;

/// A question about rez packages that has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// rez's settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The machine cannot be named.
    #[error(transparent)]
    System(#[from] SystemError),
    /// A repository cannot be read.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// An implicit package of the settings is no request.
    #[error("`implicit_packages` of rez's settings: {0}")]
    Implicit(#[source] RequirementError),
    /// A package filter or orderer of the settings, or one that was asked for, makes no sense.
    #[error("{what}: {message}")]
    Rule {
        /// Where it stands.
        what: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The resolve could not go on.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// A package of a context is not where the context says.
    #[error("{package} is no longer in `{location}`")]
    Gone {
        /// The package, as `name-version[index]`.
        package: String,
        /// The repository.
        location: String,
    },
    /// Packages changed each time while they were read.
    #[error("the packages change while they are read: {}", families.join(", "))]
    Changing {
        /// The families that changed last.
        families: Vec<String>,
    },
}

impl Error {
    /// Whether it is an answer, and the answer is no: there is no such package, or one contradicts itself. In everything
    /// else the question could not be answered.
    pub fn is_no(&self) -> bool {
        matches!(
            self,
            Self::Solve(
                SolveError::FamilyNotFound { .. }
                    | SolveError::PackageNotFound { .. }
                    | SolveError::SelfConflict { .. }
            )
        )
    }
}
