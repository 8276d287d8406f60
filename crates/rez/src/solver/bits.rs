//! Sets of small numbers as words of bits.
//!
//! A solve asks "is anything left?" and "is all of it inside?" millions of times, about sets that mostly fit into one or
//! two words; those live inline. All sets that meet in an operation have the same number of words.

use smallvec::SmallVec;

/// A set of numbers below a bound that its owner knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits(SmallVec<[u64; 2]>);

impl Bits {
    /// The empty set of numbers below `bound`.
    pub(super) fn none(bound: usize) -> Self {
        Self(SmallVec::from_elem(0, bound.div_ceil(64)))
    }

    /// All numbers below `bound`.
    pub(super) fn all(bound: usize) -> Self {
        let mut words = SmallVec::from_elem(u64::MAX, bound.div_ceil(64));
        if let (Some(last), rest @ 1..) = (words.last_mut(), bound % 64) {
            *last = (1 << rest) - 1;
        }
        Self(words)
    }

    pub(super) fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    pub(super) fn remove(&mut self, number: usize) {
        self.0[number / 64] &= !(1 << (number % 64));
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// How many numbers are in it.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// Whether all of this set is in `other`.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a |= b;
        }
    }

    pub(super) fn remove_all(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a &= !b;
        }
    }

    pub(super) fn keep_only(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a &= b;
        }
    }

    /// The smallest number in it.
    pub(super) fn first(&self) -> Option<usize> {
        self.iter().next()
    }

    /// The smallest number that is in both.
    pub(super) fn first_within(&self, other: &Self) -> Option<usize> {
        let words = self.0.iter().zip(&other.0).enumerate();
        let mut common = words.map(|(at, (a, b))| (at, a & b));
        let (at, word) = common.find(|(_, word)| *word != 0)?;
        Some(at * 64 + word.trailing_zeros() as usize)
    }

    /// Its numbers, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    use super::Bits;

    fn of(bound: usize, numbers: &BTreeSet<usize>) -> Bits {
        let mut bits = Bits::none(bound);
        for &number in numbers {
            bits.insert(number);
        }
        bits
    }

    proptest! {
        #[test]
        fn they_are_sets(
            bound in 1..200_usize,
            a in prop::collection::btree_set(0..200_usize, 0..40),
            b in prop::collection::btree_set(0..200_usize, 0..40),
        ) {
            let inside = |set: BTreeSet<usize>| -> BTreeSet<usize> { set.into_iter().filter(|&n| n < bound).collect() };
            let (a, b) = (inside(a), inside(b));
            let (x, y) = (of(bound, &a), of(bound, &b));
            prop_assert_eq!(x.iter().collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!(x.len(), a.len());
            prop_assert_eq!(x.is_empty(), a.is_empty());
            prop_assert_eq!(x.first(), a.first().copied());
            prop_assert_eq!(x.meets(&y), !a.is_disjoint(&b));
            prop_assert_eq!(x.is_within(&y), a.is_subset(&b));
            let mut union = x.clone();
            union.add_all(&y);
            prop_assert_eq!(union, of(bound, &a.union(&b).copied().collect()));
            let mut rest = x.clone();
            rest.remove_all(&y);
            prop_assert_eq!(rest, of(bound, &a.difference(&b).copied().collect()));
            prop_assert_eq!(x.first_within(&y), a.intersection(&b).min().copied());
            let mut common = x;
            common.keep_only(&y);
            prop_assert_eq!(common, of(bound, &a.intersection(&b).copied().collect()));
            prop_assert_eq!(Bits::all(bound).iter().count(), bound);
        }
    }
}
