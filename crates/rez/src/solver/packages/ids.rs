//! Numbers for what a pool holds, each kind with a type of its own.

/// A family name, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::solver) struct FamilyId(pub(super) u32);

/// A range of versions of one family, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::solver) struct RangeId(pub(super) u32);

/// A requirement, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::solver) struct RequirementId(pub(super) u32);

macro_rules! index {
    ($id:ty) => {
        impl $id {
            /// Its place in a list that has one element for each.
            pub(in crate::solver) fn index(self) -> usize {
                self.0 as usize
            }

            #[expect(
                clippy::cast_possible_truncation,
                reason = "a repository of 2^32 requests does not fit into memory"
            )]
            /// The number of what stands at a place.
            pub(super) fn at(index: usize) -> Self {
                Self(index as u32)
            }
        }
    };
}
index!(FamilyId);
index!(RangeId);
index!(RequirementId);
