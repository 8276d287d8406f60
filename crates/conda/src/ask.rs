//! What is asked: specs for one target over channels in order, and the rules of choice.

use std::sync::Arc;

use crate::{Moment, Record, Records, Spec, Target};

/// A question. [`Ask::new`] has the usual rules and nothing asked.
#[derive(Clone)]
pub struct Ask {
    /// For which machine.
    pub target: Target,
    /// The channels in order, each as its subdirectories: that of the platform, then `noarch`.
    pub channels: Vec<Vec<Arc<dyn Records>>>,
    /// Subdirectories of these channels for other platforms: looked at only to tell that a package is there.
    pub elsewhere: Vec<Arc<dyn Records>>,
    /// What it means that a channel comes first.
    pub priority: Priority,
    /// What is asked for.
    pub roots: Vec<Root>,
    /// The caller's own things that ask: each takes part in the solve as a record that must be taken.
    pub own: Vec<OwnRecord>,
    /// What must hold of a package if anything needs it.
    pub constraints: Vec<Root>,
    /// What must be taken of a package if anything needs it, wherever it comes from.
    pub pinned: Vec<Record>,
    /// What an old lock has: kept where it still fits and a channel still offers it.
    pub preferred: Vec<Record>,
    /// Only records from before this are looked at; one without a date is left out too.
    pub exclude_newer: Option<Moment>,
    /// Which versions are better.
    pub strategy: Strategy,
}

/// A spec from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// What is asked.
    pub spec: Spec,
    /// By whom.
    pub asker: Asker,
}

/// The caller's number for somebody who asks; the caller keeps the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asker(pub u32);

/// Something of the caller's that asks: a bundle, an addon, a launcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRecord {
    /// What it is called; any text.
    pub name: String,
    /// Its version; any text.
    pub version: String,
    /// The other own things it is made of, by their place in [`Ask::own`].
    pub holds: Vec<usize>,
    /// What it asks of channels.
    pub depends: Vec<Root>,
}

/// What it means that a channel comes before another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// The first channel that has a name is the only one it is taken from.
    #[default]
    Strict,
    /// What an earlier channel has is better, whatever its version; later ones are taken where nothing earlier fits.
    Flexible,
    /// Little: the best version is taken from anywhere, and of one version what an earlier channel has.
    Disabled,
}

/// Which versions are better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// The newest.
    #[default]
    Highest,
    /// The oldest.
    Lowest,
    /// The oldest of what is asked for from outside, the newest of the rest.
    LowestDirect,
}

impl Ask {
    /// Asks for nothing yet, of no channel, by the usual rules.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            channels: Vec::new(),
            elsewhere: Vec::new(),
            priority: Priority::default(),
            roots: Vec::new(),
            own: Vec::new(),
            constraints: Vec::new(),
            pinned: Vec::new(),
            preferred: Vec::new(),
            exclude_newer: None,
            strategy: Strategy::default(),
        }
    }

    /// All that is asked of channels, by whomever.
    pub(crate) fn asked(&self) -> impl Iterator<Item = &Root> {
        let own = self.own.iter().flat_map(|own| &own.depends);
        self.roots.iter().chain(own)
    }

    /// Whether a record is left out for its date.
    pub(crate) fn is_too_new(&self, record: &Record) -> bool {
        self.exclude_newer
            .is_some_and(|latest| record.timestamp().is_none_or(|time| time > latest))
    }
}
