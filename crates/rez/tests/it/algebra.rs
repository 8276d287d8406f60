//! Laws of the algebra, and a second, naive reading of rez's rules to hold the first one against.

use std::cmp::Ordering;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rez::version::Bound;
use rez::{Requirement, RequirementList, Version, VersionError, VersionRange};

/// Tokens that lie close to each other in rez's order.
fn token() -> impl Strategy<Value = String> {
    let known = select(vec![
        "0", "00", "1", "01", "001", "2", "10", "a", "A", "_", "b", "1a", "1A", "1_", "a1", "a01",
        "z", "Z", "1a2", "a_", "ab",
    ]);
    prop_oneof![known.prop_map(str::to_owned), "[0-3a-bA_]{1,5}"]
}

fn version_text() -> impl Strategy<Value = String> {
    vec((token(), select(vec![".", "-"])), 0..4).prop_map(|tokens| {
        let mut text: String = tokens
            .into_iter()
            .flat_map(|(token, separator)| [token, separator.to_owned()])
            .collect();
        text.pop();
        text
    })
}

/// A part of a range that has a form, though its ends may be the wrong way round.
fn part() -> impl Strategy<Value = String> {
    let forms = select(vec![
        "{a}",
        "=={a}",
        "{a}+",
        ">{a}",
        "<={a}",
        "<{a}_",
        "{a}..{b}",
        "{a}+<{b}_",
        ">{a}<={b}",
        ">={a},<{b}_",
        "<{b}_,>={a}",
    ]);
    (forms, version_text(), version_text())
        .prop_map(|(form, a, b)| form.replace("{a}", &a).replace("{b}", &b))
}

/// Ranges of all forms; those that are impossible are drawn again.
fn range() -> impl Strategy<Value = VersionRange> {
    let possible = part().prop_filter_map("ends before it begins", |text| {
        VersionRange::parse(&text).ok()
    });
    vec(possible, 1..5).prop_map(|parts| VersionRange::union_of(&parts).unwrap())
}

fn version() -> impl Strategy<Value = Version> {
    version_text().prop_map(|text| Version::parse(&text).unwrap())
}

fn requirement() -> impl Strategy<Value = Requirement> {
    let sign = select(vec!["", "", "!", "~"]);
    let separator = select(vec!["-", "@", "#"]);
    (sign, separator, range()).prop_filter_map("cannot be inverted", |(sign, separator, range)| {
        Requirement::parse(&format!("{sign}x{separator}{range}")).ok()
    })
}

/// rez's order of versions, as its classes compare: lists of lists of subtokens.
fn naive_order(a: &str, b: &str) -> Ordering {
    naive_tokens(a).cmp(&naive_tokens(b))
}

fn naive_tokens(text: &str) -> Vec<Vec<Subtoken>> {
    let tokens = text.split(['.', '-']).filter(|token| !token.is_empty());
    tokens.map(naive_subtokens).collect()
}

fn naive_subtokens(token: &str) -> Vec<Subtoken> {
    let mut subtokens: Vec<Subtoken> = Vec::new();
    for character in token.chars() {
        match (subtokens.last_mut(), character.is_ascii_digit()) {
            (Some(Subtoken::Number(_, text)), true) | (Some(Subtoken::Letters(text)), false) => {
                text.push(character);
            }
            (_, true) => subtokens.push(Subtoken::Number(0, character.into())),
            (_, false) => subtokens.push(Subtoken::Letters(character.into())),
        }
    }
    for subtoken in &mut subtokens {
        if let Subtoken::Number(value, text) = subtoken {
            *value = text.parse().unwrap();
        }
    }
    subtokens
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Subtoken {
    Letters(String),
    Number(u128, String),
}

/// rez's `VersionRange._union`, line by line.
fn naive_union(mut bounds: Vec<Bound>) -> Vec<Bound> {
    bounds.sort();
    let joined = |start: usize, upper: usize| Bound {
        lower: bounds[start].lower.clone(),
        upper: bounds[upper].upper.clone(),
    };
    let mut merged = Vec::new();
    let (mut start, mut furthest) = (0, 0);
    for (index, bound) in bounds.iter().enumerate().skip(1) {
        let reach = bounds[furthest].upper.version.as_ref();
        let previous = &bounds[index - 1];
        if reach.is_some_and(|reach| {
            bound.lower.version > *reach
                || bound.lower.version == *reach
                    && !bound.lower.inclusive
                    && !previous.upper.inclusive
        }) {
            merged.push(joined(start, furthest));
            start = index;
        }
        if bound.upper > bounds[furthest].upper {
            furthest = index;
        }
    }
    merged.push(joined(start, furthest));
    merged
}

/// Whether a version satisfies a requirement.
fn satisfies(version: &Version, requirement: &Requirement) -> bool {
    let range = requirement.range();
    range.is_none_or(|range| range.contains(version) != requirement.is_conflict())
}

/// Whether all of rez's bounds lie apart, as its fault does not always leave them.
fn is_sound(range: &VersionRange) -> bool {
    range.inverse().is_ok()
}

/// Whether merging gave exactly what lies in the parts, as rez's fault does not always let it.
fn is_exact(merged: &VersionRange, parts: &[&VersionRange], probes: &[Version]) -> bool {
    let either = |version: &Version| parts.iter().any(|part| part.contains(version));
    probes
        .iter()
        .all(|version| merged.contains(version) == either(version))
}

/// The versions at which ranges may differ: their ends, and what lies just behind.
fn probes(ranges: &[&VersionRange]) -> Vec<Version> {
    let bounds = ranges.iter().flat_map(|range| range.bounds());
    let ends = bounds.flat_map(|bound| {
        [
            Some(bound.lower.version.clone()),
            bound.upper.version.clone(),
        ]
    });
    ends.flatten()
        .flat_map(|version| {
            let longer = Version::parse(&format!("{version}.0")).or_else(|_| Version::parse("0"));
            [version.next(), longer.ok(), Some(version)]
        })
        .flatten()
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn the_key_has_the_naive_order(a in version_text(), b in version_text()) {
        let (x, y) = (Version::parse(&a).unwrap(), Version::parse(&b).unwrap());
        prop_assert_eq!(x.cmp(&y), naive_order(&a, &b));
        prop_assert_eq!(x == y, naive_order(&a, &b).is_eq());
        prop_assert_eq!(x.as_str(), a);
    }

    #[test]
    fn long_numbers_have_the_naive_order(a in "0{0,3}[0-9]{1,30}", b in "0{0,3}[0-9]{1,30}") {
        let (x, y) = (Version::parse(&a).unwrap(), Version::parse(&b).unwrap());
        prop_assert_eq!(x.cmp(&y), naive_order(&a, &b));
    }

    #[test]
    fn nothing_lies_between_a_version_with_its_extensions_and_the_next(a in version(), b in version()) {
        prop_assume!(!a.is_empty());
        let next = a.next().unwrap();
        prop_assert!(a < next);
        prop_assert_eq!(next.as_str(), format!("{a}_"));
        prop_assert_eq!(&Version::parse(next.as_str()).unwrap(), &next);
        let family = VersionRange::parse(a.as_str()).unwrap();
        prop_assert_eq!(family.contains(&b), a <= b && b < next);
    }

    #[test]
    fn prefixes_are_those_of_the_tokens(version in version(), count in 0usize..5) {
        let tokens: Vec<&str> = version.tokens().take(count).collect();
        prop_assert_eq!(version.prefix(count), Version::parse(&tokens.join(".")).unwrap());
        prop_assert!(version.as_str().starts_with(version.prefix(count).as_str()));
    }

    #[test]
    fn a_range_reads_as_it_is_written(range in range()) {
        let again = VersionRange::parse(&range.to_string()).unwrap();
        // What rez's fault left touching is merged when it is read again.
        if is_sound(&range) {
            prop_assert_eq!(&again, &range);
        }
        prop_assert_eq!(VersionRange::parse(&again.to_string()).unwrap(), again);
    }

    #[test]
    fn bounds_are_merged_as_by_rezs_own_lines(parts in vec(range(), 1..5)) {
        let bounds: Vec<Bound> = parts.iter().flat_map(VersionRange::bounds).cloned().collect();
        let merged = VersionRange::union_of(&parts).unwrap();
        let expected = if parts.len() == 1 { bounds } else { naive_union(bounds) };
        prop_assert_eq!(merged.bounds(), expected);
    }

    #[test]
    fn what_lies_within_lies_within_a_bound(range in range(), version in version()) {
        let naive = range.bounds().iter().any(|bound| bound.contains(&version));
        prop_assert_eq!(range.contains(&version), naive);
    }

    #[test]
    fn intersection_is_that_of_every_pair(a in range(), b in range()) {
        let pairs = a.bounds().iter().flat_map(|x| b.bounds().iter().filter_map(|y| x.intersection(y)));
        let naive: Vec<Bound> = pairs.collect();
        let common = a.intersection(&b);
        prop_assert_eq!(common.as_ref().map_or(&[][..], VersionRange::bounds), &naive[..]);
        prop_assert_eq!(a.intersects(&b), common.is_some());
        prop_assert_eq!(b.intersects(&a), common.is_some());
        let naive = b.bounds().iter().all(|y| a.bounds().iter().any(|x| x.is_superset(y)));
        prop_assert_eq!(a.is_superset(&b), naive);
    }

    #[test]
    fn sets_behave_as_sets_but_for_the_fault(a in range(), b in range()) {
        let probes = probes(&[&a, &b]);
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.intersection(&b), b.intersection(&a));
        let common = a.intersection(&b);
        for version in &probes {
            let both = a.contains(version) && b.contains(version);
            prop_assert_eq!(common.as_ref().is_some_and(|common| common.contains(version)), both);
        }
        // A union contains at least its parts; by the fault it may contain more, or not be minimal.
        let union = a.union(&b);
        for version in &probes {
            prop_assert!(union.contains(version) || !a.contains(version) && !b.contains(version));
        }
        match a.inverse() {
            Ok(outside) => {
                for version in &probes {
                    let without = outside.as_ref().is_some_and(|outside| outside.contains(version));
                    prop_assert_eq!(without, !a.contains(version));
                }
                if let Some(outside) = outside {
                    prop_assert_eq!(outside.inverse().unwrap(), Some(a));
                }
            }
            Err(error) => prop_assert!(error.to_string().ends_with("two of its parts touch")),
        }
    }

    #[test]
    fn a_requirement_reads_as_it_is_written(requirement in requirement()) {
        let text = requirement.rez_text();
        prop_assume!(text.is_ok());
        let again = Requirement::parse(&text.unwrap()).unwrap();
        prop_assert_eq!(again.to_string(), requirement.to_string());
        if requirement.range().is_none_or(is_sound) {
            prop_assert_eq!(again, requirement);
        }
    }

    #[test]
    fn merging_says_what_both_say(a in requirement(), b in requirement()) {
        let ranges: Vec<&VersionRange> = [&a, &b].into_iter().filter_map(Requirement::range).collect();
        let probes = probes(&ranges);
        let merged: Result<Option<Requirement>, VersionError> = a.merged(&b);
        let Ok(merged) = merged else {
            // Only where a conflict's range cannot be inverted.
            prop_assert!([&a, &b].iter().any(|one| one.is_conflict() && !one.range().is_none_or(is_sound)));
            return Ok(());
        };
        let Some(merged) = merged else {
            prop_assert!(!probes.iter().any(|version| satisfies(version, &a) && satisfies(version, &b)));
            return Ok(());
        };
        let union_is_exact = ranges.len() < 2
            || !(a.is_conflict() && b.is_conflict())
            || is_exact(merged.range().unwrap(), &ranges, &probes);
        for version in probes.iter().filter(|_| union_is_exact) {
            let both = satisfies(version, &a) && satisfies(version, &b);
            prop_assert_eq!(satisfies(version, &merged), both, "{}", version);
        }
        prop_assert_eq!(merged.is_conflict(), a.is_conflict() && b.is_conflict() || ranges.len() < 2 && merged.is_conflict());
        let list = RequirementList::new([a, b]).unwrap();
        prop_assert_eq!(list.iter().next(), Some(&merged));
    }

    #[test]
    fn conflicts_are_mutual_and_leave_nothing(a in requirement(), b in requirement()) {
        prop_assert_eq!(a.conflicts_with(&b), b.conflicts_with(&a));
        if let (true, Ok(merged)) = (a.conflicts_with(&b), a.merged(&b)) {
            prop_assert_eq!(merged, None);
        }
    }

    #[test]
    fn nothing_panics(text in "[0-9a-z_.+<>=,|!~@#\u{e9}\n -]{0,12}") {
        let _ = Version::parse(&text).map_err(|error| (error.to_string(), error.caret()));
        let _ = VersionRange::parse(&text).map_err(|error| (error.to_string(), error.caret()));
        let _ = Requirement::parse(&text).map(|requirement| requirement.to_string());
        let _ = Requirement::parse_request(&text).map_err(|error| (error.to_string(), error.caret()));
    }
}
