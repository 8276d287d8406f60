//! Sets of candidate positions: the one kind of value the solver computes with.
//!
//! Whatever a version range looks like in its own ecosystem, against a fixed list of candidates it is
//! a set of positions in that list. Ranges are mostly runs of neighbours ("everything from 1.4 on"),
//! so a set is a sorted list of half-open intervals. Two of them fit without an allocation, which
//! covers nearly every set of a real solve; this type is the inner loop of the engine.
//!
//! The form is canonical: intervals are not empty, sorted, and neither overlap nor touch. So equal
//! sets are equal under [`Eq`], which the engine relies on.

use std::fmt;
use std::ops::Range;

use smallvec::SmallVec;

/// A set of candidate positions, in a canonical form.
///
/// Positions run from 0 to `u32::MAX - 1`. [`Positions::UNBOUNDED`] (`u32::MAX`) is the exclusive end
/// of an interval without an upper end and itself never a member: constructors drop it.
///
/// ```
/// use universe::Positions;
///
/// let newer_than_three = Positions::from(4..Positions::UNBOUNDED);
/// let known_bad: Positions = [6, 7].into_iter().collect();
/// let usable = newer_than_three.intersection(&known_bad.complement());
/// assert_eq!(usable.to_string(), "{4..6, 8..}");
/// assert_eq!(usable.highest_in(0..8), Some(5));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Positions {
    intervals: SmallVec<[Interval; 2]>,
}

/// `start..end`, never empty. A type of its own because [`Range`] is neither `Copy` nor ordered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Interval {
    start: u32,
    end: u32,
}

impl Positions {
    /// The exclusive end of an interval that has no upper end.
    pub const UNBOUNDED: u32 = u32::MAX;

    /// No position at all.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every position, those of candidates that do not exist yet included.
    pub fn full() -> Self {
        Self::from(0..Self::UNBOUNDED)
    }

    /// One position.
    pub fn singleton(position: u32) -> Self {
        Self::from(position..position.saturating_add(1))
    }

    /// The union of half-open ranges given in any order; empty ranges are dropped.
    pub fn from_ranges(ranges: impl IntoIterator<Item = Range<u32>>) -> Self {
        let mut intervals: SmallVec<[Interval; 2]> = ranges
            .into_iter()
            .filter(|range| range.start < range.end)
            .map(|range| Interval {
                start: range.start,
                end: range.end,
            })
            .collect();
        intervals.sort_unstable();
        let mut set = Self::empty();
        for interval in intervals {
            set.append(interval);
        }
        set
    }

    /// Whether there is no position in the set.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether exactly one position is in the set.
    pub fn is_singleton(&self) -> bool {
        matches!(self.intervals.as_slice(), [only] if only.end - only.start == 1)
    }

    /// Whether `position` is in the set.
    pub fn contains(&self, position: u32) -> bool {
        // The first interval that ends behind the position is the only one that can hold it.
        let index = self
            .intervals
            .partition_point(|interval| interval.end <= position);
        self.intervals
            .get(index)
            .is_some_and(|interval| interval.start <= position)
    }

    /// Every position that is not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut set = Self::empty();
        let mut start = 0;
        for interval in &self.intervals {
            if start < interval.start {
                set.intervals.push(Interval {
                    start,
                    end: interval.start,
                });
            }
            start = interval.end;
        }
        if start < Self::UNBOUNDED {
            set.intervals.push(Interval {
                start,
                end: Self::UNBOUNDED,
            });
        }
        set
    }

    /// The positions in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.intervals.as_slice(), other.intervals.as_slice());
        let mut set = Self::empty();
        loop {
            let next = match (left.first(), right.first()) {
                (Some(a), Some(b)) if a.start <= b.start => take_first(&mut left),
                (Some(_), None) => take_first(&mut left),
                (_, Some(_)) => take_first(&mut right),
                (None, None) => return set,
            };
            if let Some(interval) = next {
                set.append(interval);
            }
        }
    }

    /// The positions in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut set = Self::empty();
        for_each_overlap(self, other, |overlap| {
            set.intervals.push(overlap);
            true
        });
        set
    }

    /// Whether no position is in both sets.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        for_each_overlap(self, other, |_| false)
    }

    /// Whether every position of this set is in `other`.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        let mut rest = other.intervals.iter();
        let mut current = rest.next();
        self.intervals.iter().all(|inner| {
            while current.is_some_and(|outer| outer.end < inner.end) {
                current = rest.next();
            }
            current.is_some_and(|outer| outer.start <= inner.start)
        })
    }

    /// The intervals as half-open ranges, lowest first.
    pub fn ranges(&self) -> impl Iterator<Item = Range<u32>> + '_ {
        self.intervals
            .iter()
            .map(|interval| interval.start..interval.end)
    }

    /// The single positions below `end`, lowest first.
    ///
    /// The bound is asked for because a set without an upper end has four thousand million members.
    pub fn iter_below(&self, end: u32) -> impl Iterator<Item = u32> + '_ {
        self.intervals
            .iter()
            .flat_map(move |interval| interval.start..interval.end.min(end))
    }

    /// The highest position inside `bound`.
    pub fn highest_in(&self, bound: Range<u32>) -> Option<u32> {
        // The last interval that starts below the end is the only one that can hold the answer.
        let behind = self
            .intervals
            .partition_point(|interval| interval.start < bound.end);
        let interval = self.intervals.get(behind.checked_sub(1)?)?;
        let highest = interval.end.min(bound.end).checked_sub(1)?;
        (highest >= bound.start).then_some(highest)
    }

    /// The lowest position inside `bound`.
    pub fn lowest_in(&self, bound: Range<u32>) -> Option<u32> {
        let index = self
            .intervals
            .partition_point(|interval| interval.end <= bound.start);
        let lowest = self.intervals.get(index)?.start.max(bound.start);
        (lowest < bound.end).then_some(lowest)
    }

    /// The set with every position one higher: makes room for one more candidate below all others.
    pub(crate) fn raised(&self) -> Self {
        let intervals = self.intervals.iter().filter_map(|interval| {
            let raised = Interval {
                start: interval.start.saturating_add(1),
                end: interval.end.saturating_add(1),
            };
            (raised.start < raised.end).then_some(raised)
        });
        Self {
            intervals: intervals.collect(),
        }
    }

    /// The reverse of [`raised`](Self::raised): position 0 is lost, an open upper end stays open.
    pub(crate) fn lowered(&self) -> Self {
        let intervals = self.intervals.iter().filter_map(|interval| {
            let end = match interval.end {
                Self::UNBOUNDED => Self::UNBOUNDED,
                end => end.saturating_sub(1),
            };
            let lowered = Interval {
                start: interval.start.saturating_sub(1),
                end,
            };
            (lowered.start < lowered.end).then_some(lowered)
        });
        Self {
            intervals: intervals.collect(),
        }
    }

    /// Adds an interval that starts no earlier than any before it.
    fn append(&mut self, interval: Interval) {
        match self.intervals.last_mut() {
            Some(last) if interval.start <= last.end => last.end = last.end.max(interval.end),
            _ => self.intervals.push(interval),
        }
    }
}

/// Calls `visit` with every overlap of the two sets, lowest first, until it returns `false`; returns
/// whether it never did.
fn for_each_overlap(
    left: &Positions,
    right: &Positions,
    mut visit: impl FnMut(Interval) -> bool,
) -> bool {
    let (mut left, mut right) = (left.intervals.as_slice(), right.intervals.as_slice());
    while let (Some(a), Some(b)) = (left.first(), right.first()) {
        let overlap = Interval {
            start: a.start.max(b.start),
            end: a.end.min(b.end),
        };
        if overlap.start < overlap.end && !visit(overlap) {
            return false;
        }
        if a.end <= b.end {
            left = &left[1..];
        } else {
            right = &right[1..];
        }
    }
    true
}

fn take_first(intervals: &mut &[Interval]) -> Option<Interval> {
    let (first, rest) = intervals.split_first()?;
    *intervals = rest;
    Some(*first)
}

impl From<Range<u32>> for Positions {
    fn from(range: Range<u32>) -> Self {
        let mut set = Self::empty();
        if range.start < range.end {
            set.intervals.push(Interval {
                start: range.start,
                end: range.end,
            });
        }
        set
    }
}

impl FromIterator<u32> for Positions {
    fn from_iter<I: IntoIterator<Item = u32>>(positions: I) -> Self {
        Self::from_ranges(
            positions
                .into_iter()
                .map(|position| position..position.saturating_add(1)),
        )
    }
}

/// `{0, 3..6, 8..}`: a form for logs and tests. Words for people are made from the origins.
impl fmt::Display for Positions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("{")?;
        for (index, Interval { start, end }) in self.intervals.iter().enumerate() {
            if index > 0 {
                formatter.write_str(", ")?;
            }
            match *end {
                Self::UNBOUNDED => write!(formatter, "{start}..")?,
                end if end - start == 1 => write!(formatter, "{start}")?,
                end => write!(formatter, "{start}..{end}")?,
            }
        }
        formatter.write_str("}")
    }
}

impl fmt::Debug for Positions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Positions below this are compared one by one; the rest is one block that is in or out.
    const END: u32 = 24;

    /// A set and the same set as an ordinary one, with whether everything from `END` on is in it.
    fn sets() -> impl Strategy<Value = (Positions, BTreeSet<u32>, bool)> {
        (
            proptest::collection::btree_set(0..END, 0..16),
            any::<bool>(),
        )
            .prop_map(|(members, open)| {
                let mut ranges: Vec<_> = members.iter().rev().map(|&m| m..m + 1).collect();
                if open {
                    ranges.insert(0, END..Positions::UNBOUNDED);
                }
                (Positions::from_ranges(ranges), members, open)
            })
    }

    fn members(set: &Positions) -> (BTreeSet<u32>, bool) {
        assert_canonical(set);
        let open = set.contains(END);
        assert_eq!(set.contains(u32::MAX - 1), open);
        (
            (0..END)
                .filter(|&position| set.contains(position))
                .collect(),
            open,
        )
    }

    fn assert_canonical(set: &Positions) {
        assert!(
            set.intervals
                .iter()
                .all(|interval| interval.start < interval.end)
        );
        assert!(
            set.intervals
                .windows(2)
                .all(|pair| pair[0].end < pair[1].start)
        );
    }

    proptest! {
        #[test]
        fn one_set((set, model, open) in sets(), low in 0..END, high in 0..END) {
            prop_assert_eq!(members(&set), (model.clone(), open));
            prop_assert_eq!(set.is_empty(), model.is_empty() && !open);
            prop_assert_eq!(set.is_singleton(), model.len() == 1 && !open);
            let rest: BTreeSet<u32> = (0..END).filter(|p| !model.contains(p)).collect();
            prop_assert_eq!(members(&set.complement()), (rest, !open));
            prop_assert_eq!(set.complement().complement(), set.clone());
            prop_assert_eq!(Positions::from_ranges(set.ranges()), set.clone());
            prop_assert_eq!(set.iter_below(END).collect::<BTreeSet<_>>(), model.clone());
            if !open {
                prop_assert_eq!(model.iter().copied().collect::<Positions>(), set.clone());
            }
            let inside = || model.iter().copied().filter(|p| (low..high).contains(p));
            prop_assert_eq!(set.highest_in(low..high), inside().max());
            prop_assert_eq!(set.lowest_in(low..high), inside().min());
        }

        #[test]
        fn two_sets((a, model_a, open_a) in sets(), (b, model_b, open_b) in sets()) {
            let union: BTreeSet<u32> = model_a.union(&model_b).copied().collect();
            prop_assert_eq!(members(&a.union(&b)), (union, open_a || open_b));
            let both: BTreeSet<u32> = model_a.intersection(&model_b).copied().collect();
            prop_assert_eq!(members(&a.intersection(&b)), (both.clone(), open_a && open_b));
            prop_assert_eq!(a.is_disjoint(&b), both.is_empty() && !(open_a && open_b));
            let subset = model_a.is_subset(&model_b) && (open_b || !open_a);
            prop_assert_eq!(a.is_subset_of(&b), subset);
            prop_assert_eq!(a == b, model_a == model_b && open_a == open_b);
        }

        #[test]
        fn raised_and_lowered((set, model, open) in sets()) {
            let raised = set.raised();
            assert_canonical(&raised);
            prop_assert!(!raised.contains(0));
            prop_assert!(model.iter().all(|p| raised.contains(p + 1)));
            prop_assert_eq!(raised.contains(u32::MAX - 1), open);
            prop_assert_eq!(raised.lowered(), set.clone());
            prop_assert_eq!(raised.union(&Positions::singleton(0)).lowered(), set);
        }
    }

    #[test]
    #[expect(
        clippy::reversed_empty_ranges,
        reason = "such a range is what is tested"
    )]
    fn the_top_is_not_a_position() {
        assert!(Positions::singleton(u32::MAX).is_empty());
        assert!(Positions::from(5..2).is_empty());
        assert_eq!(Positions::full().complement(), Positions::empty());
        assert_eq!(
            Positions::full().highest_in(0..u32::MAX),
            Some(u32::MAX - 1)
        );
        assert_eq!(Positions::empty().highest_in(0..u32::MAX), None);
        assert_eq!(
            Positions::from_ranges([3..5, 0..3, 9..u32::MAX]).to_string(),
            "{0..5, 9..}"
        );
        assert_eq!(Positions::from_ranges([7..8, 1..2]).to_string(), "{1, 7}");
    }
}
