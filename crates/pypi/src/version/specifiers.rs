//! Writing a set of versions back: as text that people and `pip` read, and as plain bounds.
//!
//! The text is what a person would have written: a gap that is one version is `!=1.2`, one that is
//! a series is `!=1.2.*`, what is left is a lower and an upper clause. A list of PEP 440 clauses is a
//! conjunction, so a set with wider gaps needs several lists, *alternatives*.
//!
//! Every set that people write can be said exactly. Two kinds that only arise by complement cannot,
//! because PEP 440 has no clause that cuts there: "up to the last post-release of `1.0`" (not
//! `>1.0`), and "the local versions of `1.0` without `1.0` itself" (`==1.0` and not `===1.0`). There
//! the text says less than the set, never more, and [`SpecifierText::is_exact`] says so.

use std::fmt;

use crate::version::Version;
use crate::version::cut::Cut;
use crate::version::set::VersionSet;

/// A set of versions as text: alternatives, each a PEP 440 list of clauses.
///
/// `Display` joins the alternatives with ` || `, writes `*` for every version, and `<0.dev0`, which
/// no version fulfils, for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecifierText {
    alternatives: Vec<String>,
    exact: bool,
}

impl SpecifierText {
    /// The lists of clauses, ascending. One empty text for every version; no text for none.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// Whether the text says the set exactly; otherwise it leaves out a little of it.
    pub fn is_exact(&self) -> bool {
        self.exact
    }
}

impl fmt::Display for SpecifierText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.alternatives.as_slice() {
            [] => formatter.write_str("<0.dev0"),
            [all] if all.is_empty() => formatter.write_str("*"),
            alternatives => formatter.write_str(&alternatives.join(" || ")),
        }
    }
}

/// Where a stretch of versions begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LowerBound {
    /// At the lowest version.
    Unbounded,
    /// `>=V`: at this version.
    AtLeast(Version),
    /// `>V` for a final release: behind it, its local versions and its post-releases.
    Above(Version),
    /// Behind this one version; local versions of it, if it has none itself, are inside.
    After(Version),
}

/// Where a stretch of versions ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpperBound {
    /// Nowhere.
    Unbounded,
    /// `<V`: before this version, and, unless it is a pre-release itself, before its pre-releases.
    Below(Version),
    /// Before this final, post- or local release, with its pre-releases inside: what is not `>=V`.
    Before(Version),
    /// `<=V`: with this version and its local versions.
    AtMost(Version),
    /// With this very version, without the local versions of it that sort behind it.
    UpTo(Version),
    /// With this final release and its post-releases: what is not `>V`.
    Through(Version),
}

/// An unbroken stretch of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// Where it begins.
    pub lower: LowerBound,
    /// Where it ends.
    pub upper: UpperBound,
}

impl VersionSet {
    /// The set as unbroken stretches, ascending, for whoever writes another grammar than PEP 440.
    pub fn intervals(&self) -> Vec<Interval> {
        self.stretches()
            .map(|(lower, upper)| Interval {
                lower: lower_bound(lower),
                upper: upper_bound(upper),
            })
            .collect()
    }

    /// The set as text.
    pub fn specifiers(&self) -> SpecifierText {
        let (stretches, exact) = sayable(self);
        let mut alternatives: Vec<String> = Vec::new();
        let mut rest = stretches.as_slice();
        while let Some((first, mut tail)) = rest.split_first() {
            let (mut last, mut holes) = (first, Vec::new());
            while let Some((next, after)) = tail.split_first() {
                let Some(hole) = hole(last.1.as_ref(), next.0.as_ref()) else {
                    break;
                };
                holes.push(hole);
                (last, tail) = (next, after);
            }
            let mut clauses = outline(first.0.as_ref(), last.1.as_ref());
            clauses.extend(holes);
            clauses.dedup();
            alternatives.push(clauses.join(","));
            rest = tail;
        }
        SpecifierText {
            alternatives,
            exact,
        }
    }
}

fn lower_bound(cut: Option<&Cut>) -> LowerBound {
    match cut {
        None => LowerBound::Unbounded,
        Some(Cut::Before(version)) => LowerBound::AtLeast(version.clone()),
        Some(Cut::After(version)) => LowerBound::After(version.clone()),
        Some(Cut::PastPosts(version)) => LowerBound::Above(version.clone()),
    }
}

fn upper_bound(cut: Option<&Cut>) -> UpperBound {
    match cut {
        None => UpperBound::Unbounded,
        Some(Cut::After(version)) if version.local().is_some() => {
            UpperBound::AtMost(version.clone())
        }
        Some(Cut::After(version)) => UpperBound::UpTo(version.clone()),
        Some(Cut::PastPosts(version)) => UpperBound::Through(version.clone()),
        Some(Cut::Before(version)) => {
            if let Some(last) = version.before_first_post() {
                UpperBound::AtMost(last)
            } else if let Some(stable) = version.without_first_dev() {
                UpperBound::Below(stable)
            } else if version.is_prerelease() && version.local().is_none() {
                UpperBound::Below(version.clone())
            } else {
                UpperBound::Before(version.clone())
            }
        }
    }
}

type Stretch = (Option<Cut>, Option<Cut>);

/// The stretches of a set, narrowed to cuts that clauses can say, and whether nothing was lost.
///
/// What comes out begins at `Before` a public version, or `PastPosts`; it ends `Before` a version.
/// The one exception are cuts around a single version: a stretch that is one version, or two
/// stretches with exactly one local version missing between them.
fn sayable(set: &VersionSet) -> (Vec<Stretch>, bool) {
    let mut result: Vec<Stretch> = Vec::new();
    let mut exact = true;
    for (lower, upper) in set.stretches() {
        let mut lower = lower.cloned();
        let mut upper = upper.cloned();
        if let Some(Cut::After(version)) = &lower {
            let ends_here = Some(Cut::Before(version.clone()));
            let hole =
                version.local().is_some() && result.last().is_some_and(|last| last.1 == ends_here);
            if !hole {
                lower = Some(Cut::Before(version.next_public()));
                exact = false;
            }
        }
        let mut single = None;
        match &upper {
            Some(Cut::PastPosts(version)) => {
                upper = Some(Cut::Before(version.next_public()));
                exact = false;
            }
            Some(Cut::After(version)) => {
                let before = Some(Cut::Before(version.clone()));
                single = Some((before.clone(), upper.clone()));
                upper = before;
            }
            _ => {}
        }
        if !VersionSet::between(lower.clone(), upper.clone()).is_empty() {
            result.push((lower, upper));
        }
        result.extend(single);
    }
    (result, exact)
}

/// The clause that says what is missing between two stretches, if one clause can.
fn hole(upper: Option<&Cut>, lower: Option<&Cut>) -> Option<String> {
    match (upper?, lower?) {
        (Cut::Before(from), Cut::After(to)) if from == to => Some(format!("!={from}")),
        (Cut::Before(from), Cut::Before(to)) if *to == from.next_public() => {
            Some(format!("!={from}"))
        }
        (Cut::Before(from), Cut::Before(to)) => {
            series_between(from, to).map(|series| format!("!={series}.*"))
        }
        _ => None,
    }
}

/// The clauses that say where an alternative begins and ends.
fn outline(lower: Option<&Cut>, upper: Option<&Cut>) -> Vec<String> {
    if let (Some(Cut::Before(from)), Some(to)) = (lower, upper) {
        match to {
            Cut::After(to) if from == to && from.local().is_some() => {
                return vec![format!("=={from}")];
            }
            Cut::After(to) if from == to => return vec![format!("==={from}")],
            Cut::Before(to) if *to == from.next_public() => return vec![format!("=={from}")],
            Cut::Before(to) => {
                if let Some(series) = series_between(from, to) {
                    return vec![format!("=={series}.*")];
                }
            }
            _ => {}
        }
    }
    let mut clauses = Vec::new();
    match lower_bound(lower) {
        LowerBound::AtLeast(version) => clauses.push(format!(">={version}")),
        LowerBound::Above(version) => clauses.push(format!(">{version}")),
        // `sayable` leaves no other.
        LowerBound::Unbounded | LowerBound::After(_) => {}
    }
    match upper_bound(upper) {
        UpperBound::Below(version) => clauses.push(format!("<{version}")),
        UpperBound::AtMost(version) | UpperBound::UpTo(version) | UpperBound::Through(version) => {
            clauses.push(format!("<={version}"));
        }
        UpperBound::Before(version) => {
            clauses.push(format!("<={}", version.public()));
            clauses.push(format!("!={}", version.public()));
        }
        UpperBound::Unbounded => {}
    }
    clauses
}

/// `1.6` if the versions from the first up to the second are those of `==1.6.*`.
fn series_between(from: &Version, to: &Version) -> Option<Version> {
    let (from, to) = (from.without_first_dev()?, to.without_first_dev()?);
    if from.is_postrelease() || to.is_postrelease() {
        return None;
    }
    let series = to.previous_release()?;
    (series == from).then_some(series)
}
