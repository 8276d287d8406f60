//! What was chosen for specs, on every platform.

use conda::Solution;
use conda::lock::Environment;

/// What was chosen.
pub(super) struct Choice {
    /// As a lock has it.
    pub(super) environment: Environment,
    /// With everybody who asks, for each platform of the environment.
    pub(super) solutions: Vec<Solution>,
}
