//! What is asked of the engine, and what may stop it.

use std::collections::BTreeMap;

use crate::universe::{PackageId, Requirement};

/// What to solve for.
///
/// The order of the requirements is the order of preference: of two possible answers the engine takes
/// the one that is better for the package asked first, whatever that costs the later ones. "Better" is
/// newest first unless [`prefer`](Self::prefer) says otherwise. Packages that nobody asked for come
/// after all that were.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) preferences: BTreeMap<PackageId, Preference>,
}

/// Which candidate of a package to try first.
///
/// A preference never makes a request unsolvable: to insist on a candidate, require it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preference {
    /// The highest position.
    #[default]
    Newest,
    /// The lowest position.
    Oldest,
    /// This position, say because a lock or the running bundle has it; otherwise the highest.
    Favoured(u32),
}

impl Request {
    /// A request for these requirements, most important first.
    pub fn new(requirements: impl IntoIterator<Item = Requirement>) -> Self {
        Self {
            requirements: requirements.into_iter().collect(),
            preferences: BTreeMap::new(),
        }
    }

    /// Sets which candidate of `package` is tried first, asked for or not.
    #[must_use]
    pub fn prefer(mut self, package: PackageId, preference: Preference) -> Self {
        self.preferences.insert(package, preference);
        self
    }

    /// What is asked, most important first.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }
}

/// Why a solve ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    /// Somebody asked for it.
    #[error("cancelled")]
    Cancelled,
    /// The time that the caller allowed is over.
    #[error("time limit reached")]
    TimeLimit,
}

/// How a caller stops a solve. The engine has no clock and no signal handler, so it asks.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    pub(crate) should_stop: &'a dyn Fn() -> Option<StopReason>,
}

impl<'a> Control<'a> {
    /// Asks `should_stop` before every decision, which is often: it should only look at a flag or
    /// compare two instants.
    pub fn new(should_stop: &'a dyn Fn() -> Option<StopReason>) -> Self {
        Self { should_stop }
    }
}

impl Control<'static> {
    /// Never stops.
    pub fn unlimited() -> Self {
        Self {
            should_stop: &|| None,
        }
    }
}

impl Default for Control<'static> {
    fn default() -> Self {
        Self::unlimited()
    }
}

impl std::fmt::Debug for Control<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Control").finish_non_exhaustive()
    }
}
