//! The line of versions cut into cells by a family of sets, for a solver that knows positions only.
//!
//! A solver over positions needs a list of candidates for every package. Where nobody can list the
//! versions that exist (an index not asked yet, a check of ranges against ranges), the cells are the
//! candidates: the coarsest cut of the whole line such that each set of the family is a union of
//! cells. Two versions in one cell are told apart by no set of the family, so a set of cells is
//! empty, or contains another, exactly when the sets of versions do.

use std::ops::Range;

use crate::version::Version;
use crate::version::cut::Cut;
use crate::version::set::VersionSet;

/// A partition of all versions into stretches, numbered from the lowest up.
///
/// ```
/// use pypi::{Cells, VersionSet};
///
/// let old = VersionSet::from_specifiers("<2")?;
/// let middle = VersionSet::from_specifiers(">=1,<3")?;
/// let cells = Cells::new([&old, &middle]);
/// let texts: Vec<String> = (0..cells.len()).map(|i| cells.cell(i).to_string()).collect();
/// assert_eq!(texts, ["<=1,!=1", ">=1,<2", "==2.*", ">=3.dev0"]);
/// assert_eq!(cells.positions(&middle), [1..3]);
/// # Ok::<(), pypi::SpecifierError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// Strictly ascending: all cuts of the family. Cell `n` lies between cuts `n - 1` and `n`.
    cuts: Vec<Cut>,
    cells: Vec<VersionSet>,
}

impl Cells {
    /// The coarsest partition of which every given set is a union; one cell, everything, for none.
    ///
    /// Takes `n log n` comparisons for `n` bounds of sets.
    pub fn new<'a>(sets: impl IntoIterator<Item = &'a VersionSet>) -> Self {
        let mut cuts: Vec<&Cut> = sets.into_iter().flat_map(VersionSet::cuts).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let cuts: Vec<Cut> = cuts.into_iter().cloned().collect();
        let cells = (0..=cuts.len())
            .map(|index| {
                let lower = index.checked_sub(1).and_then(|before| cuts.get(before));
                VersionSet::between(lower.cloned(), cuts.get(index).cloned())
            })
            .collect();
        Cells { cuts, cells }
    }

    /// The number of cells, at least one.
    #[expect(
        clippy::len_without_is_empty,
        reason = "there is always at least one cell"
    )]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// A cell; none of them is empty.
    ///
    /// # Panics
    /// If there is no cell of this number, as indexing does.
    pub fn cell(&self, position: usize) -> &VersionSet {
        &self.cells[position]
    }

    /// All cells, ascending.
    pub fn iter(&self) -> std::slice::Iter<'_, VersionSet> {
        self.cells.iter()
    }

    /// The cell in which a version lies.
    pub fn position_of(&self, version: &Version) -> usize {
        self.cuts.partition_point(|cut| cut.is_before(version))
    }

    /// The cells of which a set consists: ascending half-open runs that do not touch.
    ///
    /// Exact for every union and intersection of the family. Of any other set, the cells that lie
    /// wholly inside it.
    pub fn positions(&self, set: &VersionSet) -> Vec<Range<u32>> {
        set.stretches()
            .filter_map(|(lower, upper)| {
                let first =
                    lower.map_or(0, |lower| self.cuts.partition_point(|cut| cut < lower) + 1);
                let end = upper.map_or(self.cells.len(), |upper| {
                    self.cuts.partition_point(|cut| cut <= upper)
                });
                (first < end).then(|| number(first)..number(end))
            })
            .collect()
    }
}

impl<'a> IntoIterator for &'a Cells {
    type Item = &'a VersionSet;
    type IntoIter = std::slice::Iter<'a, VersionSet>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A position as the solver writes it. More than four thousand million cells would not fit memory.
fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
