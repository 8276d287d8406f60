//! The two ends of a contiguous range, and how rez orders and writes them.
//!
//! Source: reference `rez.md` §1.2.

use std::cmp::Ordering;
use std::fmt;

use super::Version;

/// Where a contiguous range begins. No limit is the empty version, inclusive.
///
/// Ordered by version, then inclusive before exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LowerBound {
    /// The smallest version, or the one all others are greater than.
    pub version: Version,
    /// Whether the version itself is within.
    pub inclusive: bool,
}

/// Where a contiguous range ends. No limit is None, inclusive.
///
/// Ordered by version, then exclusive before inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpperBound {
    /// The greatest version, or the one all others are smaller than; None is infinity.
    pub version: Option<Version>,
    /// Whether the version itself is within.
    pub inclusive: bool,
}

/// A contiguous range. At least one point of rez's order lies within, though perhaps no version that exists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bound {
    /// Where it begins.
    pub lower: LowerBound,
    /// Where it ends.
    pub upper: UpperBound,
}

impl LowerBound {
    /// No lower limit.
    pub fn none() -> Self {
        Self::inclusive(Version::empty())
    }

    /// From `version` on.
    pub fn inclusive(version: Version) -> Self {
        Self {
            version,
            inclusive: true,
        }
    }

    /// Whether there is no lower limit.
    pub fn is_none(&self) -> bool {
        self.inclusive && self.version.is_empty()
    }

    /// Whether `version` does not lie below.
    pub fn admits(&self, version: &Version) -> bool {
        match version.cmp(&self.version) {
            Ordering::Less => false,
            Ordering::Equal => self.inclusive,
            Ordering::Greater => true,
        }
    }
}

impl UpperBound {
    /// No upper limit.
    pub fn none() -> Self {
        Self {
            version: None,
            inclusive: true,
        }
    }

    /// Up to and with `version`.
    pub fn inclusive(version: Version) -> Self {
        Self {
            version: Some(version),
            inclusive: true,
        }
    }

    /// Up to but without `version`.
    pub fn exclusive(version: Version) -> Self {
        Self {
            version: Some(version),
            inclusive: false,
        }
    }

    /// Whether there is no upper limit.
    pub fn is_none(&self) -> bool {
        self.version.is_none()
    }

    /// Whether `version` does not lie above.
    pub fn admits(&self, version: &Version) -> bool {
        match self.compare(version) {
            Ordering::Less => false,
            Ordering::Equal => self.inclusive,
            Ordering::Greater => true,
        }
    }

    /// The bound's version against another.
    pub(super) fn compare(&self, version: &Version) -> Ordering {
        match &self.version {
            Some(own) => own.cmp(version),
            None => Ordering::Greater,
        }
    }
}

impl Bound {
    /// From `lower` to `upper`, or None where nothing can lie between.
    pub fn new(lower: LowerBound, upper: UpperBound) -> Option<Self> {
        is_possible(&lower, &upper).then_some(Self { lower, upper })
    }

    /// Everything.
    pub fn any() -> Self {
        Self {
            lower: LowerBound::none(),
            upper: UpperBound::none(),
        }
    }

    /// One version.
    pub fn exact(version: Version) -> Self {
        Self {
            lower: LowerBound::inclusive(version.clone()),
            upper: UpperBound::inclusive(version),
        }
    }

    /// Whether `version` lies within.
    pub fn contains(&self, version: &Version) -> bool {
        self.lower.admits(version) && self.upper.admits(version)
    }

    /// Whether all of `other` lies within.
    pub fn is_superset(&self, other: &Self) -> bool {
        self.lower <= other.lower && self.upper >= other.upper
    }

    /// Whether the two have anything in common.
    pub fn intersects(&self, other: &Self) -> bool {
        let (lower, upper) = self.common(other);
        is_possible(lower, upper)
    }

    /// What the two have in common. Of equal versions with other separators, this bound's stay.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let (lower, upper) = self.common(other);
        is_possible(lower, upper).then(|| Self {
            lower: lower.clone(),
            upper: upper.clone(),
        })
    }

    fn common<'a>(&'a self, other: &'a Self) -> (&'a LowerBound, &'a UpperBound) {
        // Where both are equal, `max` takes the second and `min` the first.
        let lower = (&other.lower).max(&self.lower);
        let upper = (&self.upper).min(&other.upper);
        (lower, upper)
    }
}

/// Whether anything lies between.
fn is_possible(lower: &LowerBound, upper: &UpperBound) -> bool {
    match upper.compare(&lower.version) {
        Ordering::Less => false,
        Ordering::Equal => lower.inclusive && upper.inclusive,
        Ordering::Greater => true,
    }
}

impl Ord for LowerBound {
    fn cmp(&self, other: &Self) -> Ordering {
        let versions = self.version.cmp(&other.version);
        versions.then_with(|| other.inclusive.cmp(&self.inclusive))
    }
}

impl PartialOrd for LowerBound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UpperBound {
    fn cmp(&self, other: &Self) -> Ordering {
        let versions = match (&self.version, &other.version) {
            (Some(own), Some(others)) => own.cmp(others),
            (own, others) => own.is_none().cmp(&others.is_none()),
        };
        versions.then_with(|| self.inclusive.cmp(&other.inclusive))
    }
}

impl PartialOrd for UpperBound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for LowerBound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.version.is_empty(), self.inclusive) {
            (true, true) => Ok(()),
            (_, false) => write!(formatter, ">{}", self.version),
            (false, true) => write!(formatter, "{}+", self.version),
        }
    }
}

impl fmt::Display for UpperBound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            None => Ok(()),
            Some(version) if self.inclusive => write!(formatter, "<={version}"),
            Some(version) => write!(formatter, "<{version}"),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lower, upper) = (&self.lower, &self.upper);
        let Some(last) = &upper.version else {
            return write!(formatter, "{lower}");
        };
        if lower.version == *last {
            write!(formatter, "=={}", lower.version)
        } else if lower.inclusive && upper.inclusive {
            if lower.version.is_empty() {
                write!(formatter, "{upper}")
            } else {
                write!(formatter, "{}..{last}", lower.version)
            }
        } else if lower.inclusive && lower.version.is_followed_by(last) {
            write!(formatter, "{}", lower.version)
        } else {
            write!(formatter, "{lower}{upper}")
        }
    }
}
