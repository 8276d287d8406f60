//! Cells of the version line, judged by brute force.

use proptest::prelude::*;
use pypi::{Cells, VersionSet};

use crate::worlds::{UNIVERSE, sets};

proptest! {
    #[test]
    fn cells_cover_everything_once_and_in_order(family in prop::collection::vec(sets(), 0..6)) {
        let cells = Cells::new(&family);
        let mut before = 0;
        for version in UNIVERSE.iter() {
            let position = cells.position_of(version);
            prop_assert!(position >= before);
            before = position;
            for (index, cell) in cells.iter().enumerate() {
                prop_assert_eq!(cell.contains(version), index == position);
            }
        }
        prop_assert!(cells.iter().all(|cell| !cell.is_empty()));
        prop_assert_eq!(cells.iter().fold(VersionSet::none(), |all, cell| all.union(cell)), VersionSet::any());
    }

    #[test]
    fn positions_are_exact_for_the_family(family in prop::collection::vec(sets(), 1..6)) {
        let cells = Cells::new(&family);
        for set in &family {
            check_runs(&cells, set)?;
            prop_assert_eq!(&united(&cells, set), set);
        }
        let everywhere = family.iter().fold(VersionSet::any(), |all, set| all.intersection(set));
        prop_assert_eq!(united(&cells, &everywhere), everywhere);
    }

    /// No cell could be left out of the cuts: neighbours are told apart by some set.
    #[test]
    fn cells_are_as_few_as_can_be(family in prop::collection::vec(sets(), 0..6)) {
        let cells = Cells::new(&family);
        for index in 1..cells.len() {
            let told_apart = family.iter().any(|set| {
                cells.cell(index - 1).is_subset_of(set) != cells.cell(index).is_subset_of(set)
            });
            prop_assert!(told_apart);
        }
    }

    #[test]
    fn a_foreign_set_gets_the_cells_inside_it(family in prop::collection::vec(sets(), 0..5), set in sets()) {
        let cells = Cells::new(&family);
        check_runs(&cells, &set)?;
        let inside: Vec<usize> = (0..cells.len()).filter(|i| cells.cell(*i).is_subset_of(&set)).collect();
        prop_assert_eq!(members(&cells, &set), inside);
    }
}

/// Ascending, not empty, not touching.
fn check_runs(cells: &Cells, set: &VersionSet) -> Result<(), TestCaseError> {
    let runs = cells.positions(set);
    prop_assert!(runs.iter().all(|run| run.start < run.end));
    prop_assert!(
        runs.windows(2).all(|pair| pair[0].end < pair[1].start),
        "{:?}",
        runs
    );
    Ok(())
}

fn members(cells: &Cells, set: &VersionSet) -> Vec<usize> {
    let runs = cells.positions(set);
    runs.into_iter()
        .flatten()
        .map(|position| position as usize)
        .collect()
}

fn united(cells: &Cells, set: &VersionSet) -> VersionSet {
    let parts = members(cells, set)
        .into_iter()
        .map(|position| cells.cell(position));
    parts.fold(VersionSet::none(), |all, cell| all.union(cell))
}

#[test]
fn no_sets_make_one_cell() {
    let cells = Cells::new([]);
    assert_eq!(cells.len(), 1);
    assert!(cells.cell(0).is_any());
    let all: Vec<u32> = cells
        .positions(&VersionSet::any())
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(all, [0]);
    assert!(cells.positions(&VersionSet::none()).is_empty());
}
