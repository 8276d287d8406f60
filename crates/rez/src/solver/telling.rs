//! Telling a failure in rez's own words.
//!
//! The search does not keep what only a message needs. When a failure is to be told, the same search runs once more with
//! a [`Telling`], up to that failure, and does the reductions of the failing phase in rez's order.

use rustc_hash::FxHashSet;

use super::packages::FamilyId;
use super::scope::Slice;

/// Which failure to tell, and what its words depend on.
#[derive(Debug)]
pub(super) struct Telling {
    /// Number of the failure, from 1.
    pub(super) failure: u64,
    /// Releases whose variants rez has sorted by now, which it does when it first looks closely at one.
    sorted: FxHashSet<(FamilyId, usize)>,
}

impl Telling {
    pub(super) fn new(failure: u64) -> Self {
        Self {
            failure,
            sorted: FxHashSet::default(),
        }
    }

    /// rez sorts the first release of a slice when it looks at what the slice asks for.
    pub(super) fn looked_at(&mut self, slice: &Slice) {
        if let Some((release, _)) = slice.releases().first() {
            self.sort(slice.candidates.family.id, *release);
        }
    }

    /// rez sorts a release when it splits there.
    pub(super) fn sort(&mut self, family: FamilyId, release: usize) {
        self.sorted.insert((family, release));
    }

    /// Whether rez has sorted a release by now.
    pub(super) fn is_sorted(&self, release: (FamilyId, usize)) -> bool {
        self.sorted.contains(&release)
    }
}
