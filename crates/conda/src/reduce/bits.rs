//! Sets of candidates.

/// Candidates of one name, by their place in its list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// None of so many.
    pub(crate) fn none(count: usize) -> Self {
        Bits(vec![0; count.div_ceil(64)])
    }

    /// All of so many.
    pub(crate) fn all(count: usize) -> Self {
        let mut bits = Bits(vec![u64::MAX; count.div_ceil(64)]);
        if let Some(last) = bits.0.last_mut()
            && !count.is_multiple_of(64)
        {
            *last = (1 << (count % 64)) - 1;
        }
        bits
    }

    pub(crate) fn insert(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    /// Takes one out, and says whether it was in.
    pub(crate) fn remove(&mut self, place: usize) -> bool {
        let bit = 1 << (place % 64);
        let was = self.0[place / 64] & bit != 0;
        self.0[place / 64] &= !bit;
        was
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    pub(crate) fn join(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    pub(crate) fn intersect(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word &= more;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                word &= word.wrapping_sub(1);
                (bit < 64).then_some(index * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn bits(places: &BTreeSet<usize>) -> Bits {
        let mut bits = Bits::none(200);
        for &place in places {
            bits.insert(place);
        }
        bits
    }

    proptest! {
        #[test]
        fn they_are_sets(
            a in prop::collection::btree_set(0..200_usize, 0..50),
            b in prop::collection::btree_set(0..200_usize, 0..50),
            count in 0..200_usize,
        ) {
            let told = |bits: &Bits| bits.iter().collect::<BTreeSet<_>>();
            let (first, second) = (bits(&a), bits(&b));
            prop_assert_eq!(told(&first), a.clone());
            prop_assert_eq!(first.is_empty(), a.is_empty());
            prop_assert_eq!(first.meets(&second), !a.is_disjoint(&b));
            let mut joined = first.clone();
            joined.join(&second);
            prop_assert_eq!(told(&joined), &a | &b);
            let mut met = first.clone();
            met.intersect(&second);
            prop_assert_eq!(told(&met), &a & &b);
            prop_assert_eq!(told(&Bits::all(count)), (0..count).collect());
            let mut less = first;
            prop_assert_eq!(less.remove(count), a.contains(&count));
            prop_assert!(!less.iter().any(|place| place == count));
        }
    }
}
