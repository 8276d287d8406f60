//! Ranges of versions by number: which releases are in them, and rez's algebra on them, each answer kept.

use smallvec::SmallVec;

use super::family::Spans;
use super::{FamilyId, PackageFamily, Packages, RangeId};
use crate::version::VersionRange;

/// A range, and which releases of its family are in it.
pub(super) struct RangeEntry {
    /// Its number among the ranges of that family.
    pub(super) number: u32,
    pub(super) range: VersionRange,
    /// Half-open spans of ranks; known once the family is read.
    spans: Option<Spans>,
}

impl Packages {
    pub(in crate::solver) fn range_id(
        &mut self,
        family: FamilyId,
        range: &VersionRange,
    ) -> RangeId {
        let key = (family, range.clone());
        if let Some(&id) = self.range_ids.get(&key) {
            return id;
        }
        let id = RangeId::at(self.ranges.len());
        let count = &mut self.range_counts[family.index()];
        *count += 1;
        self.ranges.push(RangeEntry {
            number: *count - 1,
            range: range.clone(),
            spans: None,
        });
        self.range_ids.insert(key, id);
        id
    }

    pub(in crate::solver) fn range(&self, id: RangeId) -> &VersionRange {
        &self.ranges[id.index()].range
    }

    /// The number of a range among those of its family.
    pub(in crate::solver) fn number_in_family(&self, id: RangeId) -> usize {
        self.ranges[id.index()].number as usize
    }

    /// The ranks of a family that a range of it contains.
    pub(in crate::solver) fn spans(&mut self, id: RangeId, family: &PackageFamily) -> &Spans {
        let entry = &mut self.ranges[id.index()];
        entry
            .spans
            .get_or_insert_with(|| family.spans(&entry.range))
    }

    /// rez's union of several ranges, which is one operation, not many (see [`VersionRange::union_of`]).
    pub(in crate::solver) fn union(&mut self, family: FamilyId, ranges: &[RangeId]) -> RangeId {
        if let [only] = ranges
            && self.range(*only).bounds().len() == 1
        {
            return *only;
        }
        let mut key = SmallVec::<[RangeId; 4]>::from_slice(ranges);
        key.sort_unstable();
        if let Some(&id) = self.unions.get(&key) {
            return id;
        }
        let union = VersionRange::union_of(key.iter().map(|&id| self.range(id)));
        let id = self.range_id(family, &union.unwrap_or_else(VersionRange::any));
        self.unions.insert(key, id);
        id
    }

    /// What two ranges have in common.
    pub(in crate::solver) fn intersection(
        &mut self,
        family: FamilyId,
        a: RangeId,
        b: RangeId,
    ) -> Option<RangeId> {
        if a == b {
            return Some(a);
        }
        if let Some(&known) = self.intersections.get(&(a, b)) {
            return known;
        }
        let common = self
            .range(a)
            .intersection(self.range(b))
            .map(|range| self.range_id(family, &range));
        self.intersections.insert((a, b), common);
        common
    }

    /// Whether every version of `b`, released or not, is in `a`.
    pub(in crate::solver) fn is_superset(&mut self, a: RangeId, b: RangeId) -> bool {
        if let Some(&known) = self.supersets.get(&(a, b)) {
            return known;
        }
        let answer = self.range(a).is_superset(self.range(b));
        self.supersets.insert((a, b), answer);
        answer
    }
}
