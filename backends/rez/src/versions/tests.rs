//! The writer against an evaluator of our own: rez's order of versions and the forms of range that are written.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

/// A subtoken: words are below numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subtoken {
    Word(String),
    Number(u64, String),
}

fn tokens(text: &str) -> Vec<Vec<Subtoken>> {
    text.split(['.', '-']).map(subtokens).collect()
}

fn subtokens(token: &str) -> Vec<Subtoken> {
    assert!(
        !token.is_empty()
            && token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_'),
        "no token: `{token}`"
    );
    let mut subtokens = Vec::new();
    let mut rest = token;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != is_digit)
            .unwrap_or(rest.len());
        let (part, tail) = rest.split_at(end);
        subtokens.push(match part.parse() {
            Ok(number) => Subtoken::Number(number, part.to_owned()),
            Err(_) => Subtoken::Word(part.to_owned()),
        });
        rest = tail;
    }
    subtokens
}

fn compare(left: &str, right: &str) -> Ordering {
    tokens(left).cmp(&tokens(right))
}

fn accepts(range: &str, version: &str) -> bool {
    range.is_empty() || range.split('|').any(|part| is_within(part, version))
}

/// The forms that are written: `==v`, and `v+`, `<v` or `<=v`, or one of the former with one of the latter.
fn is_within(part: &str, version: &str) -> bool {
    if let Some(exact) = part.strip_prefix("==") {
        return compare(version, exact).is_eq();
    }
    let (lower, upper) = part.split_at(part.find('<').unwrap_or(part.len()));
    let is_above = lower.is_empty() || {
        let lower = lower
            .strip_suffix('+')
            .expect("a lower bound ends with a plus");
        compare(version, lower).is_ge()
    };
    let is_below = match (upper.strip_prefix("<="), upper.strip_prefix('<')) {
        (Some(upper), _) => compare(version, upper).is_le(),
        (None, Some(upper)) => compare(version, upper).is_lt(),
        (None, None) => true,
    };
    assert!(
        !part.is_empty(),
        "an empty part makes the whole range mean every version"
    );
    is_above && is_below
}

fn set(text: &str) -> VersionSet {
    text.split("||")
        .map(|text| VersionSet::from_specifiers(text.trim()).unwrap())
        .reduce(|a, b| a.union(&b))
        .unwrap()
}

#[test]
fn the_evaluator_sorts_as_rez_does() {
    let ascending = [
        "1.beta", "1.0", "1.0.rc1", "1.0.0", "1.0.0_b", "1.0a", "1.1", "1.10", "2",
    ];
    for pair in ascending.windows(2) {
        assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
    }
    assert_eq!(compare("1.0", "1-0"), Ordering::Equal);
}

#[test]
fn sets_read_as_rez_people_write_them() {
    let cases = [
        ("", ""),
        (">=1.6,<1.7", "1.6+<1.7"),
        (">=1.6.0,<2.0.0", "1.6+<2"),
        ("<2", "<2"),
        ("==1.2.3", "==1.2.3"),
        ("==1.6", "==1.6|==1.6.0"),
        ("==1.6.*", "1.6+<1.7"),
        ("<=1.6", "<=1.6|==1.6.0"),
        (">1.6", "1.6.0.1+"),
        ("!=1.5.2", "<1.5.2|1.5.2.1+"),
        (">=1,<2||>=3", "1+<2|3+"),
        ("==1.0rc1", "==1.0.rc1"),
        ("==1.0.post1", "==1.0.post1"),
        ("==1.0+cu118.2", "==1.0-cu118.2"),
        (">=1.0rc1,<2", "1+<2"),
        ("<2.0b3", "<2"),
        (">=1.0.post2", "1.0.0.1+"),
        ("<=1.0.post2", "<=1|==1.0|==1.0.0"),
        ("==0.0", "==0|==0.0|==0.0.0"),
    ];
    for (asked, written) in cases {
        assert_eq!(
            version_range(&set(asked)).text.as_deref(),
            Some(written),
            "{asked}"
        );
    }
    for nothing in [">=1.0a1,<1.0rc1", ">=1!2.0"] {
        assert_eq!(version_range(&set(nothing)).text, None, "{nothing}");
    }
    assert_eq!(version_range(&VersionSet::none()).text, None);
}

#[test]
fn differences_are_noted() {
    let notes = |text: &str| version_range(&set(text)).notes;
    assert_eq!(notes(">=1.6,<1.7,!=1.6.3,!=1.6.5.*"), Vec::<&str>::new());
    assert_eq!(notes(">=1.0rc1"), [FINAL_ONLY]);
    assert_eq!(notes("<=1.0.post2"), [FINAL_ONLY]);
    assert_eq!(notes(">=1!2.0"), [NO_EPOCHS]);
}

#[test]
fn semver_becomes_tokens() {
    for (semver, rez) in [
        ("1.9.7", "1.9.7"),
        ("1.9.7-dev.1", "1.9.7-dev.1"),
        ("1.9.7+git", "1.9.7_git"),
        ("1.9.7-rc-2.x+a-b.3", "1.9.7-rc__2.x_a__b.3"),
    ] {
        assert_eq!(semver_text(&semver.parse().unwrap()), rez);
        assert!(!tokens(rez).is_empty());
    }
}

const OPERATORS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
const SUFFIXES: &[&str] = &[
    "",
    "",
    "",
    "",
    ".dev1",
    "a0",
    "rc1",
    "rc1.post2",
    ".post0",
    ".post1",
    ".post1.dev1",
];

fn release_text() -> impl Strategy<Value = String> {
    prop::collection::vec(0..4u8, 1..4).prop_map(|numbers| {
        numbers
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join(".")
    })
}

fn clause() -> impl Strategy<Value = VersionSet> {
    let version = (release_text(), prop::sample::select(SUFFIXES))
        .prop_map(|(release, end)| format!("{release}{end}"));
    let plain = (prop::sample::select(OPERATORS), version)
        .prop_map(|(op, version)| format!("{op}{version}"));
    let series = (prop::sample::select(vec!["==", "!="]), release_text())
        .prop_map(|(op, release)| format!("{op}{release}.*"));
    prop_oneof![3 => plain, 1 => series].prop_map(|text| set(&text))
}

fn any_set() -> impl Strategy<Value = VersionSet> {
    let and = |clauses: Vec<VersionSet>| {
        clauses
            .iter()
            .fold(VersionSet::any(), |all, one| all.intersection(one))
    };
    let list = prop::collection::vec(clause(), 1..4).prop_map(and);
    prop::collection::vec(list, 1..4).prop_map(|lists| {
        lists
            .iter()
            .fold(VersionSet::none(), |all, one| all.union(one))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_range_accepts_the_final_releases_of_the_set(
        set in any_set(),
        probes in prop::collection::vec(release_text(), 40),
    ) {
        let range = version_range(&set).text;
        for probe in probes {
            let version: Version = probe.parse().unwrap();
            let is_accepted = range.as_deref().is_some_and(|range| accepts(range, &probe));
            prop_assert_eq!(set.contains(&version), is_accepted, "{} as {:?}: {}", set, range, probe);
        }
    }
}
