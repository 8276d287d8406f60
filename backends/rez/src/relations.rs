//! Ranges between addons as rez ranges.
//!
//! Releases of addons have three numbers, so a list of conditions is a span of releases with holes: `>=1.8.4,<2.0.0` is
//! `1.8.4+<2.0.0`, `>1.0.9` is `1.0.10+`, `!=1.9.6` is `<1.9.6|1.9.7+`. For releases the rez range is the list exactly.
//!
//! Pre-releases are another matter: rez sorts `1.9.7-dev.1` behind 1.9.7, SemVer before it. So a pre-release of a *bound* is
//! judged as if it were that release; any other is judged as SemVer judges it. A bundle pins its addons and is judged by
//! AYON's own rules before it is published, so this matters only to those who combine addons by hand.

use ayon_model::{Comparison, Condition, VersionRange};
use semver::Version;

use crate::versions::semver_text;

type Numbers = (u64, u64, u64);

/// The releases between two bounds.
#[derive(Clone, Copy, Default)]
struct Span {
    at_least: Option<Numbers>,
    below: Option<Numbers>,
}

/// A range as rez writes it, empty for every version; `None` where no version is in it, or where it cannot be read.
pub(crate) fn relation_range(range: &VersionRange) -> Option<String> {
    if range.fault().is_some() {
        return None;
    }
    if let Some(version) = exact_prerelease(range.conditions()) {
        return range
            .allows(version)
            .ok()?
            .then(|| format!("=={}", semver_text(version)));
    }
    let mut spans = vec![Span::default()];
    for condition in range.conditions() {
        let halves = spans_of(condition);
        spans = spans
            .iter()
            .flat_map(|span| halves.iter().filter_map(|half| span.intersection(*half)))
            .collect();
    }
    let texts: Vec<String> = spans.iter().map(Span::text).collect();
    (!texts.is_empty()).then(|| texts.join("|"))
}

/// A pre-release that is pinned: the one thing that can be said of pre-releases in both worlds.
fn exact_prerelease(conditions: &[Condition]) -> Option<&Version> {
    conditions
        .iter()
        .find(|condition| {
            condition.comparison == Comparison::Equal && !condition.version.pre.is_empty()
        })
        .map(|condition| &condition.version)
}

/// The releases for which a condition holds.
fn spans_of(condition: &Condition) -> Vec<Span> {
    let version = &condition.version;
    let release = (version.major, version.minor, version.patch);
    let next = (
        version.major,
        version.minor,
        version.patch.saturating_add(1),
    );
    let is_prerelease = !version.pre.is_empty();
    let at_least = |numbers| Span {
        at_least: Some(numbers),
        below: None,
    };
    let below = |numbers| Span {
        at_least: None,
        below: Some(numbers),
    };
    match condition.comparison {
        Comparison::AtLeast => vec![at_least(release)],
        // The release itself is above its pre-releases.
        Comparison::Above if is_prerelease => vec![at_least(release)],
        Comparison::Above => vec![at_least(next)],
        Comparison::Below => vec![below(release)],
        Comparison::AtMost if is_prerelease => vec![below(release)],
        Comparison::AtMost => vec![below(next)],
        Comparison::Equal => vec![Span {
            at_least: Some(release),
            below: Some(next),
        }],
        Comparison::Unequal if is_prerelease => vec![Span::default()],
        Comparison::Unequal => vec![below(release), at_least(next)],
    }
}

impl Span {
    fn intersection(self, other: Self) -> Option<Self> {
        let at_least = self.at_least.max(other.at_least);
        let below = match (self.below, other.below) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let is_empty = below.is_some_and(|below| at_least.unwrap_or_default() >= below);
        (!is_empty).then_some(Self { at_least, below })
    }

    fn text(&self) -> String {
        let numbers = |(major, minor, patch): Numbers| format!("{major}.{minor}.{patch}");
        if let (Some(low), Some(high)) = (self.at_least, self.below)
            && (low.0, low.1, low.2.saturating_add(1)) == high
        {
            return format!("=={}", numbers(low));
        }
        let low = self.at_least.map(|low| format!("{}+", numbers(low)));
        let high = self.below.map(|high| format!("<{}", numbers(high)));
        low.unwrap_or_default() + &high.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rez(range: &str) -> Option<String> {
        relation_range(&VersionRange::read(range))
    }

    #[test]
    fn conditions_become_a_span() {
        for (range, text) in [
            (">=1.8.4", "1.8.4+"),
            (">=1.8.4,<2.0.0", "1.8.4+<2.0.0"),
            (">1.0.9", "1.0.10+"),
            ("<=1.0.9", "<1.0.10"),
            ("1.9.7", "==1.9.7"),
            ("!=1.9.6", "<1.9.6|1.9.7+"),
            (
                ">=1.0.0,!=1.2.0,!=1.4.0,<2.0.0",
                "1.0.0+<1.2.0|1.2.1+<1.4.0|1.4.1+<2.0.0",
            ),
            (">=1.0.0-rc.1", "1.0.0+"),
            ("==1.0.0-rc.1", "==1.0.0-rc.1"),
            (">=1.9.7,<=1.9.7", "==1.9.7"),
        ] {
            assert_eq!(rez(range).as_deref(), Some(text), "{range}");
        }
    }

    #[test]
    fn what_nothing_satisfies_is_no_range() {
        for range in [
            ">=2.0.0,<1.0.0",
            "==1.0.0,==2.0.0",
            "==1.0.0-rc.1,>=1.0.0",
            "<0.0.0",
            "^1.0.0",
            ">1.9",
        ] {
            assert_eq!(rez(range), None, "{range}");
        }
    }

    prop_compose! {
        fn version()(numbers in [0..3_u64, 0..3, 0..3], pre in "(-[a-z][0-9]?(\\.[0-9])?)?") -> Version {
            let [major, minor, patch] = numbers;
            format!("{major}.{minor}.{patch}{pre}").parse().unwrap()
        }
    }

    proptest! {
        /// For releases the rez range is the range; so it is for pre-releases of a release that no condition speaks of.
        #[test]
        fn the_range_holds_what_the_server_lets_in(
            conditions in prop::collection::vec(("(>=|<=|>|<|==|!=)", version()), 1..4),
            wanted in version(),
        ) {
            let texts: Vec<String> = conditions.iter().map(|(sign, version)| format!("{sign}{version}")).collect();
            let range = VersionRange::read(&texts.join(","));
            let of_a_bound = |wanted: &Version| conditions.iter().any(|(_, version)| {
                (version.major, version.minor) == (wanted.major, wanted.minor)
                    && version.patch.abs_diff(wanted.patch) <= 1
            });
            prop_assume!(wanted.pre.is_empty() || !of_a_bound(&wanted));
            // A pinned pre-release leaves nothing else in.
            let rez_range = relation_range(&range).map(|text| rez::VersionRange::parse(&text).unwrap());
            let rez_version = rez::Version::parse(&semver_text(&wanted)).unwrap();
            let holds = rez_range.is_some_and(|range| range.contains(&rez_version));
            prop_assert_eq!(holds, range.allows(&wanted).unwrap(), "{} in {}", wanted, texts.join(","));
        }
    }
}
