//! PEP 440 sets as conda version specs.
//!
//! conda's order (CEP 33) agrees with PEP 440 on final releases and on what is a post-release, and knows no rule that
//! hides pre-releases: in conda `<1.7` admits `1.7rc1`. So an upper bound is written `<1.7a0`, as conda-forge writes its
//! own. Pre-releases sort otherwise in several ways (`1.6.dev1` is behind `1.6a1`, `1.6a2` before `1.6.0a1`), so a bound at
//! one is narrowed to the final release, and so is an upper bound at a post-release, which conda sorts behind `1.6.0.1`.
//! A single version is said as it is, whatever it is. (One thing no text can help: `2.post1`, spelled with fewer numbers
//! than a bound, is behind 2.0.1 for conda.)
//!
//! Where the text differs from the set it is narrower, with one exception: conda has no word for PEP 440's `>1.6`, which
//! excludes the post-releases of 1.6. Each difference is a [note](Spec::notes). Local versions (`1.0+cu118`) do not occur
//! in channels and are not thought of.
//!
//! `,` is "and" and binds closer than `|`, "or"; `=1.6` would be a prefix and `==1.6` is exact (CEP 29).

use std::fmt;

use pypi::{Interval, LowerBound, UpperBound, Version, VersionSet};

/// A set as conda says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// `>=1.6,<1.7a0`; empty for every version, `None` where conda can say nothing of the set.
    pub text: Option<String>,
    /// How it differs from the set.
    pub notes: Vec<&'static str>,
}

const NO_PRERELEASES: &str = "pre-releases are left out, since conda sorts some of them otherwise";
const WITH_POSTS: &str =
    "conda also admits post-releases of the version in `>`, which pip does not";
const NO_POSTS: &str = "post-releases of the upper bound are left out";

/// Writes `set` as a conda version spec.
pub fn version_spec(set: &VersionSet) -> Spec {
    let mut notes = Vec::new();
    let mut alternatives: Vec<Vec<String>> = Vec::new();
    let mut previous: Option<UpperBound> = None;
    for interval in set.intervals() {
        if let (Some(hole), Some(clauses)) = (
            hole(previous.as_ref(), &interval.lower),
            alternatives.last_mut(),
        ) {
            // The alternative goes on behind a single version that is missing.
            if let Some(end) = clauses.last_mut() {
                *end = format!("!={hole}");
            }
            clauses.extend(upper(&interval.upper, &mut notes).map(|bound| bound.to_string()));
        } else if let Some(clauses) = clauses(&interval, &mut notes) {
            alternatives.push(clauses);
        } else {
            previous = None;
            continue;
        }
        previous = Some(interval.upper);
    }
    notes.sort_unstable();
    notes.dedup();
    let text = (!alternatives.is_empty()).then(|| {
        let alternatives: Vec<String> = alternatives
            .iter()
            .map(|clauses| clauses.join(","))
            .collect();
        alternatives.join("|")
    });
    Spec { text, notes }
}

/// One clause: an operator and a version as conda spells it.
struct Bound {
    operator: &'static str,
    version: Version,
    /// What stands behind the version: `a0` for "before its pre-releases".
    suffix: &'static str,
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}{}{}",
            self.operator, self.version, self.suffix
        )
    }
}

/// The clauses of one interval, or `None` if nothing is left of it.
fn clauses(interval: &Interval, notes: &mut Vec<&'static str>) -> Option<Vec<String>> {
    if let LowerBound::AtLeast(version) = &interval.lower {
        let exactly = VersionSet::exactly(version).intervals();
        if exactly.first() == Some(interval) || interval.upper == UpperBound::UpTo(version.clone())
        {
            return Some(vec![format!("=={version}")]);
        }
    }
    let lower = lower(&interval.lower, notes);
    let upper = upper(&interval.upper, notes);
    if let (Some(lower), Some(upper)) = (&lower, &upper) {
        let is_closed = lower.operator == ">=" && upper.operator == "<=";
        if lower.version > upper.version || (lower.version == upper.version && !is_closed) {
            return None;
        }
    }
    Some(
        [lower, upper]
            .into_iter()
            .flatten()
            .map(|bound| bound.to_string())
            .collect(),
    )
}

fn lower(bound: &LowerBound, notes: &mut Vec<&'static str>) -> Option<Bound> {
    let (operator, version) = match bound {
        LowerBound::Unbounded => return None,
        LowerBound::AtLeast(version) => match (Kind::of(version), suffix(version).as_str()) {
            // Just behind a final release: where `!=1.6` goes on.
            (Kind::Post, ".post0.dev0") => (">", release(version)),
            (Kind::Final | Kind::Post, _) => (">=", version.clone()),
            // Where a series begins, `==1.6.*`: whoever asks for one does not ask for its pre-releases.
            (Kind::Development, ".dev0") => (">=", release(version)),
            (Kind::Pre | Kind::Development, _) => {
                notes.push(NO_PRERELEASES);
                (">=", release(version))
            }
        },
        LowerBound::Above(version) => {
            notes.push(WITH_POSTS);
            (">", version.clone())
        }
        LowerBound::After(version) => (">", version.clone()),
    };
    Some(Bound {
        operator,
        version,
        suffix: "",
    })
}

fn upper(bound: &UpperBound, notes: &mut Vec<&'static str>) -> Option<Bound> {
    let (version, is_inclusive) = match bound {
        UpperBound::Unbounded => return None,
        UpperBound::Below(version) if Kind::of(version) == Kind::Final => {
            return Some(Bound {
                operator: "<",
                version: trimmed(version),
                suffix: "a0",
            });
        }
        UpperBound::Below(version) | UpperBound::Before(version) => (version, false),
        UpperBound::AtMost(version) | UpperBound::UpTo(version) => (version, true),
        UpperBound::Through(version) => {
            notes.push(NO_POSTS);
            (version, true)
        }
    };
    Some(match Kind::of(version) {
        Kind::Final => Bound {
            operator: if is_inclusive { "<=" } else { "<" },
            version: version.clone(),
            suffix: "",
        },
        Kind::Post => {
            notes.push(NO_POSTS);
            Bound {
                operator: "<=",
                version: release(version),
                suffix: "",
            }
        }
        Kind::Pre | Kind::Development => {
            notes.push(NO_PRERELEASES);
            Bound {
                operator: "<",
                version: trimmed(version),
                suffix: "a0",
            }
        }
    })
}

/// The final release between two intervals, if that is all that separates them.
fn hole(upper: Option<&UpperBound>, lower: &LowerBound) -> Option<Version> {
    let UpperBound::Before(version) = upper? else {
        return None;
    };
    let around = VersionSet::exactly(version).complement().intervals();
    let [below, above] = around.as_slice() else {
        return None;
    };
    let is_hole =
        Some(&below.upper) == upper && above.lower == *lower && Kind::of(version) == Kind::Final;
    is_hole.then(|| version.clone())
}

/// What follows the release numbers of a version first, which decides where conda sorts it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Final,
    Pre,
    Post,
    Development,
}

impl Kind {
    fn of(version: &Version) -> Self {
        let suffix = suffix(version);
        match suffix.get(..4) {
            Some(".dev") => Self::Development,
            Some(".pos") => Self::Post,
            _ if suffix.is_empty() => Self::Final,
            _ => Self::Pre,
        }
    }
}

/// What follows the release numbers: `rc1.post2`.
fn suffix(version: &Version) -> String {
    let text = version.public().to_string();
    let suffix = text.strip_prefix(&release(version).to_string());
    suffix.unwrap_or_default().to_owned()
}

/// The final release of a version.
fn release(version: &Version) -> Version {
    version.release_prefix(version.release().len())
}

/// The final release without zeros at its end: before `2a0` means before `2.0a0` and before `2a0`, while `2.0a0` has
/// `2a0` before it.
fn trimmed(version: &Version) -> Version {
    let numbers = version.release();
    let zeros = numbers
        .iter()
        .rev()
        .take_while(|number| **number == 0)
        .count();
    version.release_prefix(numbers.len() - zeros)
}

#[cfg(test)]
mod tests;
