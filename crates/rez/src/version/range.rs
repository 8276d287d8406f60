//! Ranges of versions as sets: union, intersection, inverse.
//!
//! A range is a list of contiguous bounds that lie apart and ascend, so every operation is one walk along two lists.
//! There is no empty range: where a result would contain nothing it is None.
//!
//! # A fault that is kept
//! rez merges bounds into that form with a small mistake ([`merge`]): whether an exclusive lower bound at the running end
//! begins a new bound is decided by looking at the bound just before, not at the one that reaches furthest. So
//! `1+<5|2..3|>5` becomes `1+`, which contains 5, and `1+<=5|2+<3|>5` stays `1..5|>5`, whose two bounds touch and whose
//! inverse rez refuses to build. Texts, equality and choices follow from this form, so it is reproduced.
//!
//! Source: reference `rez.md` §1.4, §1.5; rez's `VersionRange`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use super::{Bound, LowerBound, UpperBound, Version, VersionError, grammar};

/// A nonempty set of versions, such as `1.2+<2|==5`. Cheap to clone.
///
/// Equal where the bounds are, whatever the text it was read from; ordered by the list of bounds, as rez does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionRange {
    bounds: Arc<[Bound]>,
}

static ANY: LazyLock<VersionRange> = LazyLock::new(|| vec![Bound::any()].into());

impl VersionRange {
    /// Reads a range; the empty text is [`any`](Self::any).
    ///
    /// # Errors
    /// Where a part has none of rez's forms, or ends before it begins (`3+<2`).
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let bounds = grammar::bounds(text)?;
        if bounds.is_empty() {
            return Ok(Self::any());
        }
        Ok(merge(bounds).into())
    }

    /// All versions.
    pub fn any() -> Self {
        ANY.clone()
    }

    /// Whether this is all versions.
    pub fn is_any(&self) -> bool {
        matches!(&*self.bounds, [bound] if bound.lower.is_none() && bound.upper.is_none())
    }

    /// This version only: `==1.2`.
    pub fn exact(version: Version) -> Self {
        vec![Bound::exact(version)].into()
    }

    /// These versions only: `==1|==1.2`. None where there are none.
    pub fn from_versions(versions: impl IntoIterator<Item = Version>) -> Option<Self> {
        let mut versions: Vec<Version> = versions.into_iter().collect();
        // Both are stable: of equal versions with other separators the first one stays, as in rez.
        versions.sort();
        versions.dedup();
        Self::nonempty(versions.into_iter().map(Bound::exact).collect())
    }

    /// The contiguous parts, ascending. Never empty.
    pub fn bounds(&self) -> &[Bound] {
        &self.bounds
    }

    /// Whether `version` lies within.
    pub fn contains(&self, version: &Version) -> bool {
        // The bounds lie apart, so only the last one that begins at or before the version can hold it.
        let begun = self
            .bounds
            .partition_point(|bound| bound.lower.admits(version));
        begun
            .checked_sub(1)
            .is_some_and(|last| self.bounds[last].upper.admits(version))
    }

    /// What lies in both, or None where nothing does.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        if other.is_any() {
            return Some(self.clone());
        }
        let pairs = Overlaps::of(self, other);
        Self::nonempty(
            pairs
                .filter_map(|(own, others)| own.intersection(others))
                .collect(),
        )
    }

    /// Whether anything lies in both.
    pub fn intersects(&self, other: &Self) -> bool {
        Overlaps::of(self, other).next().is_some()
    }

    /// Whether all of `other` lies within this, each of its bounds in a single one of ours.
    pub fn is_superset(&self, other: &Self) -> bool {
        let mut own = self.bounds.iter().peekable();
        other.bounds.iter().all(|bound| {
            while own.next_if(|own| own.upper < bound.upper).is_some() {}
            own.peek().is_some_and(|own| own.is_superset(bound))
        })
    }

    /// What lies in either, in rez's form.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        merge(self.bounds.iter().chain(&*other.bounds).cloned().collect()).into()
    }

    /// What lies in any of `ranges`, all merged at once, or None where there are no ranges.
    ///
    /// By rez's fault, merging one after the other may give another range, and a single range may not come out as it was.
    pub fn union_of<'a>(ranges: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let bounds = ranges
            .into_iter()
            .flat_map(|range| range.bounds.iter().cloned());
        Self::nonempty(merge(bounds.collect()))
    }

    /// What lies outside, or None where nothing does.
    ///
    /// # Errors
    /// Where two bounds touch, which only rez's fault leaves so.
    pub fn inverse(&self) -> Result<Option<Self>, VersionError> {
        let mut gaps = Vec::with_capacity(self.bounds.len() + 1);
        let mut begin = Some(LowerBound::none());
        for bound in &*self.bounds {
            if let Some(lower) = begin.take()
                && !bound.lower.is_none()
            {
                let upper = UpperBound {
                    version: Some(bound.lower.version.clone()),
                    inclusive: !bound.lower.inclusive,
                };
                let gap = Bound::new(lower, upper).ok_or_else(|| VersionError::inverse(self))?;
                gaps.push(gap);
            }
            begin = bound.upper.version.clone().map(|version| LowerBound {
                version,
                inclusive: !bound.upper.inclusive,
            });
        }
        if let Some(lower) = begin {
            gaps.push(Bound {
                lower,
                upper: UpperBound::none(),
            });
        }
        Ok(Self::nonempty(gaps))
    }

    /// What lies in this but not in `other`, or None where nothing does.
    ///
    /// # Errors
    /// As [`inverse`](Self::inverse) of `other`.
    pub fn difference(&self, other: &Self) -> Result<Option<Self>, VersionError> {
        let outside = other.inverse()?;
        Ok(outside.and_then(|outside| self.intersection(&outside)))
    }

    fn nonempty(bounds: Vec<Bound>) -> Option<Self> {
        (!bounds.is_empty()).then(|| bounds.into())
    }
}

/// Merges bounds that overlap or touch, as rez does, mistake included (see the head of this file).
fn merge(mut bounds: Vec<Bound>) -> Vec<Bound> {
    if bounds.len() < 2 {
        return bounds;
    }
    bounds.sort();
    let mut merged: Vec<Bound> = Vec::with_capacity(bounds.len());
    let mut previous_is_inclusive = true;
    for bound in bounds {
        let is_inclusive = bound.upper.inclusive;
        match merged.last_mut() {
            Some(last) if !begins_anew(last, &bound.lower, previous_is_inclusive) => {
                if bound.upper > last.upper {
                    last.upper = bound.upper;
                }
            }
            _ => merged.push(bound),
        }
        previous_is_inclusive = is_inclusive;
    }
    merged
}

/// Whether a bound with this lower end lies apart from `last`, which reaches as far as any before.
///
/// To be right, this would look at `last.upper.inclusive`. rez looks at the bound just before.
fn begins_anew(last: &Bound, lower: &LowerBound, previous_is_inclusive: bool) -> bool {
    match last.upper.compare(&lower.version) {
        Ordering::Less => true,
        Ordering::Equal => !lower.inclusive && !previous_is_inclusive,
        Ordering::Greater => false,
    }
}

/// The pairs of bounds of two ranges that have something in common, ascending.
struct Overlaps<'a> {
    own: &'a [Bound],
    others: &'a [Bound],
}

impl<'a> Overlaps<'a> {
    fn of(own: &'a VersionRange, others: &'a VersionRange) -> Self {
        Self {
            own: &own.bounds,
            others: &others.bounds,
        }
    }
}

impl<'a> Iterator for Overlaps<'a> {
    type Item = (&'a Bound, &'a Bound);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (own, others) = (self.own.first()?, self.others.first()?);
            // The one that ends first meets nothing that comes later on the other side.
            if own.upper <= others.upper {
                self.own = &self.own[1..];
            } else {
                self.others = &self.others[1..];
            }
            if own.intersects(others) {
                return Some((own, others));
            }
        }
    }
}

impl From<Vec<Bound>> for VersionRange {
    fn from(bounds: Vec<Bound>) -> Self {
        Self {
            bounds: bounds.into(),
        }
    }
}

impl FromStr for VersionRange {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::parse(text)
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, bound) in self.bounds.iter().enumerate() {
            let separator = if index == 0 { "" } else { "|" };
            write!(formatter, "{separator}{bound}")?;
        }
        Ok(())
    }
}

impl Default for VersionRange {
    fn default() -> Self {
        Self::any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> VersionRange {
        VersionRange::parse(text).unwrap()
    }

    fn text(range: Option<VersionRange>) -> Option<String> {
        range.map(|range| range.to_string())
    }

    #[test]
    fn a_text_has_one_canonical_form() {
        let same = [
            ("", ""),
            ("|1", ""),
            ("1|", ""),
            ("1", "1"),
            ("1+<1_", "1"),
            (">=1", "1+"),
            ("1+", "1+"),
            (">1", ">1"),
            ("<2", "<2"),
            ("+<2", "<2"),
            ("<=2", "<=2"),
            ("..2", "<=2"),
            ("1<2", "1+<2"),
            ("1,<2", "1+<2"),
            (">=1,<2", "1+<2"),
            ("<2,>=1", "1+<2"),
            ("5,>3", ">3<=5"),
            ("<5,<3", "3+<5"),
            ("1..1", "==1"),
            ("+>=", "=="),
            ("..", "=="),
            (">", ">"),
            (">=", ""),
            ("+", ""),
            ("5|1|3", "1|3|5"),
            ("3+<6|4+<8", "3+<8"),
            ("1.0-b", "1.0-b"),
            ("1\n", "1"),
        ];
        for (written, canonical) in same {
            assert_eq!(range(written).to_string(), canonical, "{written:?}");
            assert_eq!(range(canonical), range(written), "{written:?}");
        }
        assert!(range("1|").is_any());
        assert!(!range(">").is_any());
    }

    #[test]
    fn what_is_no_range_is_shown_with_its_place() {
        let shown = |text: &str| {
            let error = VersionRange::parse(text).unwrap_err();
            format!("{error}\n{}", error.caret())
        };
        insta::assert_snapshot!(shown("1|2 .3"), @r"
        `1|2 .3` is no version range: ` ` does not fit there
        1|2 .3
           ^
        ");
        insta::assert_snapshot!(shown("1+<"), @r"
        `1+<` is no version range: it ends too early
        1+<
           ^
        ");
        insta::assert_snapshot!(shown("1|4+<3"), @r"
        `1|4+<3` is no version range: `4+<3` ends before it begins
        1|4+<3
          ^^^^
        ");
        insta::assert_snapshot!(shown("<4>3"), @r"
        `<4>3` is no version range: `>` does not fit there
        <4>3
          ^
        ");
        for wrong in [
            "<", "1..", "1+<", "1.", "=1", "==1=", "!=1", "~=1", "1*", ",<3", ",>3", ">=1+<2",
            "<>3", "é", "<é", "1,é", "1|é",
        ] {
            assert!(VersionRange::parse(wrong).is_err(), "{wrong}");
        }
        // After an empty part only the form counts.
        assert!(VersionRange::parse("4+<3|").is_err());
        assert!(range("|4+<3").is_any());
        assert!(VersionRange::parse("|4+<").is_err());
    }

    #[test]
    fn rezs_fault_is_kept() {
        assert_eq!(range("1+<5|2..3|>5").to_string(), "1+");
        assert!(range("1+<5|2..3|>5").contains(&Version::parse("5").unwrap()));
        let touching = range("1+<=5|2+<3|>5");
        assert_eq!(touching.to_string(), "1..5|>5");
        insta::assert_snapshot!(touching.inverse().unwrap_err(), @"the version range `1..5|>5` has no inverse: two of its parts touch");
        // Merged at once and one after the other are two things.
        let (a, b, c) = (range("1..5"), range("2+<3"), range(">5"));
        assert_eq!(
            text(VersionRange::union_of([&a, &b, &c])).as_deref(),
            Some("1..5|>5")
        );
        assert_eq!(a.union(&b).union(&c).to_string(), "1+");
    }

    #[test]
    fn sets_behave_as_sets() {
        let (a, b) = (range("1+<4|6+"), range("2..3|==5|7"));
        assert_eq!(text(a.intersection(&b)).as_deref(), Some("2..3|7"));
        assert_eq!(a.union(&b).to_string(), "1+<4|==5|6+");
        assert_eq!(text(a.inverse().unwrap()).as_deref(), Some("<1|4+<6"));
        assert_eq!(text(b.difference(&a).unwrap()).as_deref(), Some("==5"));
        assert_eq!(text(a.difference(&a).unwrap()), None);
        assert!(a.intersects(&b) && !a.is_superset(&b));
        assert!(a.is_superset(&range("2..3|7|9+")));
        assert_eq!(range("1").intersection(&range("2")), None);
        assert_eq!(VersionRange::any().inverse().unwrap(), None);
        assert_eq!(a.difference(&VersionRange::any()).unwrap(), None);
        assert_eq!(text(range("==").inverse().unwrap()).as_deref(), Some(">"));
    }

    #[test]
    fn a_version_contains_its_extensions_by_tokens() {
        let one = range("1");
        for (version, within) in [
            ("1", true),
            ("1.x", true),
            ("1A", true),
            ("1a", false),
            ("1_", false),
            ("10", false),
            ("01", false),
        ] {
            assert_eq!(
                one.contains(&Version::parse(version).unwrap()),
                within,
                "{version}"
            );
        }
    }

    #[test]
    fn versions_become_a_range_of_exactly_these() {
        let versions = ["2", "1.0", "1-0"].map(|text| Version::parse(text).unwrap());
        assert_eq!(
            text(VersionRange::from_versions(versions)).as_deref(),
            Some("==1.0|==2")
        );
        assert_eq!(VersionRange::from_versions([]), None);
        assert_eq!(VersionRange::exact(Version::empty()).to_string(), "==");
    }
}
