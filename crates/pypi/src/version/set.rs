//! Sets of versions, and their algebra.
//!
//! A set is kept as the ascending list of [`Cut`]s at which "in the set" turns into "not in the
//! set" or back, and whether the line begins inside. So every operation is one merge of two lists,
//! and because cuts are canonical, equal sets are equal values, whatever they were made from:
//! `>=1,<2` and `~=1.0` are `==`.
//!
//! A clause is turned into a set at once and only the set is asked. PEP 440 also has a rule that
//! does not speak of sets, "pre-releases are left out unless wanted"; it is a rule of choosing among
//! candidates and is not applied here: `>=1.0` contains `2.0a1`.

use std::fmt;
use std::hash::Hash;

use crate::text::{has_oversized_number, printable};
use crate::version::Version;
use crate::version::cut::Cut;
use crate::version::uv;

/// No specifier that anybody published is near this length.
const LONGEST: usize = 8 * 1024;

/// A text that is no list of PEP 440 version clauses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{clause}` is not a version clause as PEP 440 defines it: {reason}")]
pub struct SpecifierError {
    clause: String,
    offset: usize,
    reason: String,
}

impl SpecifierError {
    pub(crate) fn new(clause: &str, offset: usize, reason: impl AsRef<str>) -> Self {
        SpecifierError {
            clause: printable(clause),
            offset,
            reason: printable(reason.as_ref()),
        }
    }

    /// The offset in bytes of the clause in the text that was parsed.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What is wrong, without the clause.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// A set of PEP 440 versions.
///
/// ```
/// use pypi::{Version, VersionSet};
///
/// let wanted = VersionSet::from_specifiers(">=1.6,<2,!=1.7.*")?;
/// let series = VersionSet::series(&"1.7".parse()?);
/// assert!(wanted.is_disjoint(&series));
/// assert_eq!(wanted.union(&series).to_string(), ">=1.6,<2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VersionSet {
    /// Whether the lowest versions belong to the set.
    begins_inside: bool,
    /// Strictly ascending; membership flips at each.
    cuts: Vec<Cut>,
}

impl VersionSet {
    /// Every version.
    pub const fn any() -> Self {
        VersionSet {
            begins_inside: true,
            cuts: Vec::new(),
        }
    }

    /// No version at all.
    pub const fn none() -> Self {
        VersionSet {
            begins_inside: false,
            cuts: Vec::new(),
        }
    }

    /// What `==version` accepts: the version, and, if it has no local label itself, every local
    /// version of it (`1.0+cu118` for `1.0`).
    pub fn exactly(version: &Version) -> Self {
        if version.local().is_some() {
            return Self::only(version);
        }
        Self::between(
            Some(Cut::Before(version.clone())),
            Some(Cut::Before(version.next_public())),
        )
    }

    /// What `==X.Y.*` accepts, where `X.Y` are the release numbers of the version, as many as were
    /// written: every version that begins so, pre-releases and post-releases included.
    pub fn series(version: &Version) -> Self {
        let series = version.release_prefix(version.release().len());
        Self::between(
            Some(Cut::Before(series.first_dev())),
            Some(Cut::Before(series.next_release().first_dev())),
        )
    }

    /// What a PEP 440 list of clauses accepts: all of them at once. The empty text has no clause
    /// and accepts everything; a comma at the end is forgiven, as `packaging` does.
    ///
    /// # Errors
    /// The first clause that is none, with its place.
    pub fn from_specifiers(text: &str) -> Result<Self, SpecifierError> {
        Self::from_clauses(text, |specifier| specifier)
    }

    /// The same of the releases of an interpreter: what clauses say beyond a release is dropped.
    pub(crate) fn of_releases(text: &str) -> Result<Self, SpecifierError> {
        Self::from_clauses(text, |specifier| {
            let (operator, version) = (*specifier.operator(), specifier.version().only_release());
            uv::VersionSpecifier::from_version(operator, version).unwrap_or(specifier)
        })
    }

    fn from_clauses(
        text: &str,
        change: impl Fn(uv::VersionSpecifier) -> uv::VersionSpecifier,
    ) -> Result<Self, SpecifierError> {
        if text.len() > LONGEST {
            return Err(SpecifierError::new(text, 0, "the text is too long"));
        }
        let mut set = Self::any();
        let mut offset = 0;
        let body = text.trim_end();
        let body = body.strip_suffix(',').unwrap_or(body);
        if body.trim().is_empty() && body.len() == text.trim_end().len() {
            return Ok(set);
        }
        for clause in body.split(',') {
            let start = offset + (clause.len() - clause.trim_start().len());
            let clause_set = Self::from_clause(&change(parse_clause(clause.trim(), start)?));
            // Most texts have one clause or two, and the first one meets everything.
            set = if set.is_any() {
                clause_set
            } else {
                set.intersection(&clause_set)
            };
            offset += clause.len() + 1;
        }
        Ok(set)
    }

    /// What `operator version` accepts.
    ///
    /// # Errors
    /// Where PEP 440 has no such clause: a local label with an operator other than `==` and `!=`.
    pub(crate) fn from_operator(
        operator: uv::Operator,
        version: &Version,
    ) -> Result<Self, SpecifierError> {
        uv::VersionSpecifier::from_version(operator, version.as_uv().clone())
            .map(|specifier| Self::from_clause(&specifier))
            .map_err(|error| {
                SpecifierError::new(&format!("{operator}{version}"), 0, error.to_string())
            })
    }

    /// PEP 440's table of operators, as cuts.
    fn from_clause(specifier: &uv::VersionSpecifier) -> Self {
        use uv::Operator;
        let version = Version::from_uv(specifier.version().clone());
        let above = |lower| Self::between(Some(lower), None);
        let below = |upper| Self::between(None, Some(upper));
        match specifier.operator() {
            Operator::Equal => Self::exactly(&version),
            Operator::NotEqual => Self::exactly(&version).complement(),
            Operator::ExactEqual => Self::only(&version),
            Operator::EqualStar => Self::series(&version),
            Operator::NotEqualStar => Self::series(&version).complement(),
            Operator::GreaterThanEqual => above(Cut::Before(version)),
            Operator::LessThanEqual => below(Cut::Before(version.next_public())),
            // "Must not allow a pre-release of the version unless it is one itself."
            Operator::LessThan if version.is_prerelease() => below(Cut::Before(version)),
            Operator::LessThan => below(Cut::Before(version.first_dev())),
            // "Must not allow a post-release of the version unless it is one itself", nor a local
            // version of it.
            Operator::GreaterThan => above(match version.past_posts() {
                Some(next) => Cut::Before(next),
                None => Cut::PastPosts(version),
            }),
            // `~=1.4.5` is `>=1.4.5, ==1.4.*`, whatever follows the release.
            Operator::TildeEqual => {
                let length = version.release().len().saturating_sub(1);
                let end = version.release_prefix(length).next_release().first_dev();
                Self::between(Some(Cut::Before(version)), Some(Cut::Before(end)))
            }
        }
    }

    /// This very version, without local versions of it.
    fn only(version: &Version) -> Self {
        Self::between(
            Some(Cut::Before(version.clone())),
            Some(Cut::After(version.clone())),
        )
    }

    /// Everything between two cuts; `None` is the end of the line.
    pub(crate) fn between(lower: Option<Cut>, upper: Option<Cut>) -> Self {
        // No version lies before the lowest, so a cut there is the end of the line itself.
        let lower = lower.filter(|cut| !cut.is_lowest());
        let empty = match (&lower, &upper) {
            (Some(lower), Some(upper)) => lower >= upper,
            (None, Some(upper)) => upper.is_lowest(),
            (_, None) => false,
        };
        if empty {
            return Self::none();
        }
        VersionSet {
            begins_inside: lower.is_none(),
            cuts: lower.into_iter().chain(upper).collect(),
        }
    }

    /// Whether the version is in the set.
    pub fn contains(&self, version: &Version) -> bool {
        let passed = self.cuts.partition_point(|cut| cut.is_before(version));
        self.begins_inside ^ (passed % 2 == 1)
    }

    /// Whether this is every version.
    pub fn is_any(&self) -> bool {
        self.begins_inside && self.cuts.is_empty()
    }

    /// Whether no version is in the set.
    pub fn is_empty(&self) -> bool {
        !self.begins_inside && self.cuts.is_empty()
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.combine(other, |left, right| left && right)
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |left, right| left || right)
    }

    /// What is in this one and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.combine(other, |left, right| left && !right)
    }

    /// Everything else.
    #[must_use]
    pub fn complement(&self) -> Self {
        VersionSet {
            begins_inside: !self.begins_inside,
            cuts: self.cuts.clone(),
        }
    }

    /// Whether nothing is in both.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.intersection(other).is_empty()
    }

    /// Whether all of this is in the other.
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.difference(other).is_empty()
    }

    /// The one version this set asks for, if it is what `==version` accepts (or one local version).
    pub fn as_exact(&self) -> Option<Version> {
        let candidate = match self.cuts.first()? {
            // The lowest version has no cut before it.
            _ if self.begins_inside => Version::lowest(),
            Cut::Before(version) => version.clone(),
            Cut::After(_) | Cut::PastPosts(_) => return None,
        };
        (*self == Self::exactly(&candidate)).then_some(candidate)
    }

    pub(crate) fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// The stretches of the set, ascending; `None` is the end of the line.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = (Option<&Cut>, Option<&Cut>)> {
        let begin = usize::from(!self.begins_inside);
        // The bounds of stretch `n` are the cuts at `2n - 1` and `2n`, counted from the first end.
        (begin..=self.cuts.len()).step_by(2).map(|upper| {
            let lower = upper.checked_sub(1).and_then(|index| self.cuts.get(index));
            (lower, self.cuts.get(upper))
        })
    }

    fn combine(&self, other: &Self, keep: impl Fn(bool, bool) -> bool) -> Self {
        let (mut left, mut right) = (self.begins_inside, other.begins_inside);
        let mut inside = keep(left, right);
        let mut result = VersionSet {
            begins_inside: inside,
            cuts: Vec::new(),
        };
        let mut lefts = self.cuts.iter().peekable();
        let mut rights = other.cuts.iter().peekable();
        while let Some(next) = match (lefts.peek(), rights.peek()) {
            (Some(a), Some(b)) => Some((*a).min(*b)),
            (a, b) => a.or(b).copied(),
        } {
            left ^= lefts.next_if_eq(&next).is_some();
            right ^= rights.next_if_eq(&next).is_some();
            if keep(left, right) != inside {
                inside = !inside;
                result.cuts.push(next.clone());
            }
        }
        result
    }
}

fn parse_clause(clause: &str, offset: usize) -> Result<uv::VersionSpecifier, SpecifierError> {
    let error = |reason: &str| Err(SpecifierError::new(clause, offset, reason));
    if clause.is_empty() {
        return error("a clause such as `>=1.0` is expected");
    }
    if has_oversized_number(clause) {
        return error("a number in it is too large");
    }
    match clause.parse::<uv::VersionSpecifier>() {
        Ok(specifier) => match specifier.operator() {
            uv::Operator::EqualStar | uv::Operator::NotEqualStar
                if !is_final(specifier.version()) =>
            {
                error("`.*` can follow the numbers of a release only")
            }
            _ => Ok(specifier),
        },
        Err(reason) => error(&reason.to_string()),
    }
}

/// Whether there is nothing behind the numbers of the release.
fn is_final(version: &uv::Version) -> bool {
    version.is_stable() && !version.is_post() && !version.is_local()
}

impl fmt::Display for VersionSet {
    /// The text of [`VersionSet::specifiers`].
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.specifiers().to_string())
    }
}

impl fmt::Debug for VersionSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.specifiers())
    }
}
