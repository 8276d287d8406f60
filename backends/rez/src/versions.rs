//! Versions of AYON and of Python as rez versions and ranges.
//!
//! rez compares versions token by token: `1.6 < 1.6.0`, which PEP 440 holds to be equal, and it has no pre-releases:
//! `1.6.rc1`, as `rez pip` spells `1.6rc1`, is an ordinary version between 1.6 and 1.6.0. So a range of rez can speak of
//! final releases only:
//!
//! * bounds lose the zeros at their end where that makes the range mean all spellings: `>=1.6.0` is `1.6+`, `<2.0` is `<2`;
//! * an exact version and the last one of `<=` are listed in all spellings of up to three numbers: `==1.6|==1.6.0`;
//! * `>1.6`, and what follows a hole, begins at `1.6.0.1`, behind all spellings of 1.6 and of its post-releases;
//! * a bound at a pre-release or post-release is narrowed to final releases, with a [note](Range::notes);
//! * a single version is said as it is, in the spelling of `rez pip` (`1.6.rc1`, `1.0-cu118`), whatever it is.
//!
//! For final releases the range is the set exactly (save `1.6.0.0.1`, behind `>1.6`). What is no final release may be
//! inside a range although pip would leave it out; rez has no word against it.

use pypi::{Interval, LowerBound, UpperBound, Version, VersionSet};

/// A set as a rez range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// `1.6+<1.7`; empty for every version, `None` where rez can say nothing of the set.
    pub text: Option<String>,
    /// How it differs from the set.
    pub notes: Vec<&'static str>,
}

const FINAL_ONLY: &str =
    "pre-releases and post-releases that a bound speaks of are left out: rez does not know them";
const NO_EPOCHS: &str = "versions of another epoch are left out: rez does not know epochs";

/// Spellings of a version have at least this many numbers in mind.
const NUMBERS: usize = 3;

/// Writes `set` as a rez range.
pub fn version_range(set: &VersionSet) -> Range {
    let mut notes = Vec::new();
    let parts: Vec<String> = set
        .intervals()
        .iter()
        .flat_map(|interval| parts(interval, &mut notes))
        .collect();
    notes.sort_unstable();
    notes.dedup();
    // An empty part would make the whole range mean every version, which is meant only when it is the only one.
    Range {
        text: (!parts.is_empty()).then(|| parts.join("|")),
        notes,
    }
}

/// An addon's or launcher's version as rez spells it: `1.9.7`, `1.9.7-dev.1`, `1.9.7_git`.
///
/// Numbers and pre-release as SemVer writes them; `+` before the build becomes `_`, since rez allows `.` and `-` alone
/// between tokens, and a hyphen inside an identifier becomes `__`. SemVer has no underscores, so nothing else reads so.
/// rez sorts `1.9.7-dev.1` behind 1.9.7, and SemVer before it: requests for such versions are exact.
pub fn semver_text(version: &semver::Version) -> String {
    let mut text = format!("{}.{}.{}", version.major, version.minor, version.patch);
    if !version.pre.is_empty() {
        text.push('-');
        text.push_str(&version.pre.replace('-', "__"));
    }
    if !version.build.is_empty() {
        text.push('_');
        text.push_str(&version.build.replace('-', "__"));
    }
    text
}

/// A Python version as `rez pip` spells it: the epoch dropped, `.` before a pre-release, `-` before a local label.
pub fn python_text(version: &Version) -> String {
    let release = numbers(&version.release());
    let public = version.public().to_string();
    let public = public
        .split_once('!')
        .map_or(public.as_str(), |(_, rest)| rest);
    let suffix = public.strip_prefix(&release).unwrap_or_default();
    let dot = if suffix.starts_with(|c: char| c.is_ascii_alphabetic()) {
        "."
    } else {
        ""
    };
    let local = version
        .local()
        .map_or_else(String::new, |local| format!("-{local}"));
    format!("{release}{dot}{suffix}{local}")
}

/// The parts of one interval, or none if nothing is left of it.
fn parts(interval: &Interval, notes: &mut Vec<&'static str>) -> Vec<String> {
    if let LowerBound::AtLeast(version) = &interval.lower {
        let exactly = VersionSet::exactly(version).intervals();
        if exactly.first() == Some(interval) || interval.upper == UpperBound::UpTo(version.clone())
        {
            return spellings(version)
                .iter()
                .map(|version| format!("=={version}"))
                .collect();
        }
    }
    let lower = Lower::of(&interval.lower, notes);
    let upper = Upper::of(&interval.upper, notes);
    if epoch(&interval.lower, &interval.upper) != 0 {
        notes.push(NO_EPOCHS);
        return Vec::new();
    }
    if upper.is_below(&lower) {
        return Vec::new();
    }
    let low = match &lower {
        Lower::Unbounded => String::new(),
        Lower::AtLeast(release) => format!("{}+", numbers(trimmed(release))),
        Lower::Above(release) => format!("{}.1+", numbers(&filled(release))),
    };
    match upper {
        Upper::Unbounded => vec![low],
        Upper::Below(release) => vec![format!("{low}<{}", numbers(trimmed(&release)))],
        Upper::AtMost(release) => {
            let mut spellings = spellings_of(&release).into_iter();
            let first = spellings.next().unwrap_or_default();
            let rest = spellings.map(|version| format!("=={version}"));
            std::iter::once(format!("{low}<={first}"))
                .chain(rest)
                .collect()
        }
    }
}

/// Where an interval of final releases begins.
enum Lower {
    Unbounded,
    AtLeast(Vec<u64>),
    Above(Vec<u64>),
}

/// Where an interval of final releases ends.
enum Upper {
    Unbounded,
    Below(Vec<u64>),
    AtMost(Vec<u64>),
}

impl Lower {
    fn of(bound: &LowerBound, notes: &mut Vec<&'static str>) -> Self {
        match bound {
            LowerBound::Unbounded => Self::Unbounded,
            LowerBound::Above(version) | LowerBound::After(version) => {
                Self::Above(version.release())
            }
            LowerBound::AtLeast(version) => {
                let text = version.public().to_string();
                // `1.6.dev0` begins a series, `1.6.post0.dev0` is what follows 1.6: nobody wrote them.
                let is_written = !is_final(version) && !text.ends_with("dev0");
                if is_written {
                    notes.push(FINAL_ONLY);
                }
                if version.is_postrelease() && !is_pre_of_release(version) {
                    Self::Above(version.release())
                } else {
                    Self::AtLeast(version.release())
                }
            }
        }
    }
}

impl Upper {
    fn of(bound: &UpperBound, notes: &mut Vec<&'static str>) -> Self {
        let (version, is_inclusive) = match bound {
            UpperBound::Unbounded => return Self::Unbounded,
            UpperBound::Below(version) | UpperBound::Before(version) => (version, false),
            UpperBound::AtMost(version) | UpperBound::UpTo(version) => (version, true),
            UpperBound::Through(version) => {
                notes.push(FINAL_ONLY);
                (version, true)
            }
        };
        if !is_final(version) {
            notes.push(FINAL_ONLY);
        }
        let is_behind_release = version.is_postrelease() && !is_pre_of_release(version);
        if is_behind_release || (is_inclusive && is_final(version)) {
            Self::AtMost(version.release())
        } else {
            Self::Below(version.release())
        }
    }

    /// Whether no final release is between the bounds.
    fn is_below(&self, lower: &Lower) -> bool {
        let (Lower::AtLeast(low) | Lower::Above(low)) = lower else {
            return false;
        };
        // Only one release is between bounds at the same one, and only where both include it.
        let is_closed = matches!((lower, self), (Lower::AtLeast(_), Self::AtMost(_)));
        let (Self::Below(high) | Self::AtMost(high)) = self else {
            return false;
        };
        let (low, high) = (trimmed(low), trimmed(high));
        high < low || (high == low && !is_closed)
    }
}

/// Whether nothing but numbers is in the version; a local label does not count.
fn is_final(version: &Version) -> bool {
    !version.is_prerelease() && !version.is_postrelease()
}

/// Whether the version is before its final release, such as `1.0a1.post2`, a post-release of a pre-release.
fn is_pre_of_release(version: &Version) -> bool {
    *version < version.release_prefix(version.release().len())
}

/// The epoch of the bounds: that of the one that has one.
fn epoch(lower: &LowerBound, upper: &UpperBound) -> u64 {
    let lower = match lower {
        LowerBound::Unbounded => 0,
        LowerBound::AtLeast(version) | LowerBound::Above(version) | LowerBound::After(version) => {
            version.epoch()
        }
    };
    let upper = match upper {
        UpperBound::Unbounded => 0,
        UpperBound::Below(version)
        | UpperBound::Before(version)
        | UpperBound::AtMost(version)
        | UpperBound::UpTo(version)
        | UpperBound::Through(version) => version.epoch(),
    };
    lower.max(upper)
}

/// The spellings of a version that a rez package of it can have.
fn spellings(version: &Version) -> Vec<String> {
    if is_final(version) && version.local().is_none() {
        spellings_of(&version.release())
    } else {
        vec![python_text(version)]
    }
}

/// The release with zeros at its end, from none to as many as it was written with or as fill it to three numbers.
fn spellings_of(release: &[u64]) -> Vec<String> {
    let full = filled(release);
    let shortest = trimmed(release).len();
    (shortest..=full.len())
        .map(|length| numbers(&full[..length]))
        .collect()
}

fn filled(release: &[u64]) -> Vec<u64> {
    let mut numbers = release.to_vec();
    numbers.resize(numbers.len().max(NUMBERS), 0);
    numbers
}

/// Without zeros at the end, but never without any number.
fn trimmed(release: &[u64]) -> &[u64] {
    let length = release
        .iter()
        .rposition(|number| *number != 0)
        .map_or(1, |last| last + 1);
    release.get(..length).unwrap_or(release)
}

fn numbers(release: &[u64]) -> String {
    release
        .iter()
        .map(u64::to_string)
        .collect::<Vec<_>>()
        .join(".")
}

#[cfg(test)]
mod tests;
