//! Sort keys of versions and ranges, which compare as rez's do.
//!
//! In rez a key is whatever Python object the orderer made (a version, a reversed one, tuples of these), wrapped so that
//! where two cannot be compared their versions are. Equality never fails, but is never given between keys of different
//! forms. So two keys may be neither equal nor smaller nor greater: then [`PartialOrd`] says None, and like in Python
//! the comparison of the lists they stand in ends there.

use std::cmp::Ordering;

use crate::version::{Version, VersionRange};

/// The sort key of a version. The greatest comes first.
///
/// Keys of one orderer are always comparable.
#[derive(Clone, Debug)]
pub struct OrderKey {
    /// None is infinity.
    version: Option<Version>,
    form: Form,
}

/// What is compared between keys of one form.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// Nothing.
    Listed,
    /// The version.
    Plain,
    /// The version, reversed.
    Reversed,
    /// Whether it is among the first, then the version.
    Ranked(bool),
    /// As ranked, and not among the first; then the version reversed, or its beginning reversed and then the rest.
    Late {
        reversed: Option<Version>,
        rest: Option<Version>,
    },
}

/// The sort key of a range: for each bound the keys of both ends, each with how far it includes its version.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub struct RangeKey(Vec<(OrderKey, i8)>);

impl OrderKey {
    pub(super) fn listed(version: Option<Version>) -> Self {
        Self {
            version,
            form: Form::Listed,
        }
    }

    pub(super) fn plain(version: Option<Version>) -> Self {
        Self {
            version,
            form: Form::Plain,
        }
    }

    pub(super) fn reversed(version: Option<Version>) -> Self {
        Self {
            version,
            form: Form::Reversed,
        }
    }

    pub(super) fn ranked(first: bool, version: Option<Version>) -> Self {
        Self {
            version,
            form: Form::Ranked(first),
        }
    }

    /// `rank` counts from 1; 0 is none.
    pub(super) fn late(version: Option<Version>, rank: usize) -> Self {
        let (reversed, rest) = match (&version, rank.checked_sub(1)) {
            (Some(version), Some(kept)) => {
                let (beginning, rest) = version.split_at(kept);
                (Some(beginning), Some(rest))
            }
            // rez ends with a RuntimeError where infinity meets a rank.
            _ => (version.clone(), None),
        };
        Self {
            version,
            form: Form::Late { reversed, rest },
        }
    }

    /// By version alone, as rez does where two keys cannot be compared.
    fn by_version(&self, other: &Self) -> Option<Ordering> {
        let order = ascending(self.version.as_ref(), other.version.as_ref());
        // They are different all the same.
        order.is_ne().then_some(order)
    }
}

/// Versions in their order; none is infinity.
fn ascending(a: Option<&Version>, b: Option<&Version>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

impl PartialEq for OrderKey {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for OrderKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let versions = || ascending(self.version.as_ref(), other.version.as_ref());
        match (&self.form, &other.form) {
            (Form::Listed, Form::Listed) => Some(Ordering::Equal),
            (Form::Plain, Form::Plain) => Some(versions()),
            (Form::Reversed, Form::Reversed) => Some(versions().reverse()),
            (Form::Ranked(own), Form::Ranked(others)) => Some(own.cmp(others).then_with(versions)),
            (Form::Ranked(true), Form::Late { .. }) => Some(Ordering::Greater),
            (Form::Late { .. }, Form::Ranked(true)) => Some(Ordering::Less),
            (
                Form::Late { reversed, rest },
                Form::Late {
                    reversed: others,
                    rest: others_rest,
                },
            ) => {
                let beginnings = ascending(others.as_ref(), reversed.as_ref());
                Some(beginnings.then_with(|| rest.cmp(others_rest)))
            }
            _ => self.by_version(other),
        }
    }
}

impl RangeKey {
    pub(super) fn new(range: &VersionRange, key: impl Fn(Option<&Version>) -> OrderKey) -> Self {
        let ends = range.bounds().iter().flat_map(|bound| {
            let (lower, upper) = (&bound.lower, &bound.upper);
            [
                (
                    key(Some(&lower.version)),
                    if lower.inclusive { -2 } else { -1 },
                ),
                (
                    key(upper.version.as_ref()),
                    if upper.inclusive { 2 } else { 1 },
                ),
            ]
        });
        Self(ends.collect())
    }
}
