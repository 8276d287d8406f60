//! The writer against an evaluator of our own: conda's order of versions (CEP 33) and the operators that are written.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

/// One part of a component. The order of the variants is conda's: `dev` is below all words, `post` above all numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Development,
    Word(String),
    Number(u64),
    Post,
}

/// The components of a conda version without epoch and local part.
fn components(text: &str) -> Vec<Vec<Part>> {
    text.split('.').map(parts).collect()
}

fn parts(component: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    // A component that begins with a word has an invisible zero before it.
    if !component.starts_with(|c: char| c.is_ascii_digit()) {
        parts.push(Part::Number(0));
    }
    let mut rest = component;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != is_digit)
            .unwrap_or(rest.len());
        let (part, tail) = rest.split_at(end);
        parts.push(match part {
            "dev" => Part::Development,
            "post" => Part::Post,
            number if is_digit => Part::Number(number.parse().unwrap()),
            word => Part::Word(word.to_owned()),
        });
        rest = tail;
    }
    parts
}

fn compare(left: &str, right: &str) -> Ordering {
    let (left, right) = (components(left), components(right));
    let zero = [Part::Number(0)];
    for index in 0..left.len().max(right.len()) {
        let left = left.get(index).map_or(zero.as_slice(), Vec::as_slice);
        let right = right.get(index).map_or(zero.as_slice(), Vec::as_slice);
        for index in 0..left.len().max(right.len()) {
            let left = left.get(index).unwrap_or(&zero[0]);
            let right = right.get(index).unwrap_or(&zero[0]);
            match left.cmp(right) {
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
    }
    Ordering::Equal
}

/// Whether a conda spec accepts a version.
fn accepts(spec: &str, version: &str) -> bool {
    spec.is_empty()
        || spec
            .split('|')
            .any(|alternative| alternative.split(',').all(|clause| holds(clause, version)))
}

fn holds(clause: &str, version: &str) -> bool {
    let end = clause.find(|c: char| c.is_ascii_digit()).unwrap();
    let (operator, bound) = clause.split_at(end);
    let order = compare(version, bound);
    match operator {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        other => panic!("no operator of conda: {other}"),
    }
}

fn set(text: &str) -> VersionSet {
    text.split("||")
        .map(|text| VersionSet::from_specifiers(text.trim()).unwrap())
        .reduce(|a, b| a.union(&b))
        .unwrap()
}

fn spec(text: &str) -> String {
    version_spec(&set(text)).text.unwrap_or("nothing".into())
}

#[test]
fn the_evaluator_sorts_as_conda_does() {
    // From CEP 33's own examples, as far as PEP 440 spells such versions.
    let ascending = [
        "0.4",
        "0.4.1rc1",
        "0.4.1",
        "0.5a1",
        "0.5b3",
        "0.5",
        "0.9.6",
        "0.960923",
        "1.0",
        "1.1dev1",
        "1.1a1",
        "1.1.0dev1",
        "1.1.0a1",
        "1.1.0rc1",
        "1.1",
        "1.1.post1",
        "1.1.1",
    ];
    for pair in ascending.windows(2) {
        assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
    }
    assert_eq!(compare("1.0", "1"), Ordering::Equal);
    assert_eq!(compare("1.0.dev1", "1.0a1"), Ordering::Greater);
}

#[test]
fn sets_read_as_conda_forge_writes_them() {
    let cases = [
        ("", ""),
        (">=1.6,<1.7", ">=1.6,<1.7a0"),
        ("<2.0.0", "<2a0"),
        ("==1.2.3", "==1.2.3"),
        ("==1.6.*", ">=1.6,<1.7a0"),
        ("~=1.4.2", ">=1.4.2,<1.5a0"),
        ("!=1.5", "!=1.5"),
        (">=1,!=1.5,<2", ">=1,!=1.5,<2a0"),
        (">=1,!=1.5.*", ">=1,<1.5a0|>=1.6"),
        ("<1||>=2,<3||==4.0", "<1a0|>=2,<3a0|==4.0"),
        ("<=1.6", "<=1.6"),
        (">1.6", ">1.6"),
        ("==1.0rc1", "==1.0rc1"),
        ("==1.0.post1", "==1.0.post1"),
        (">=1.0rc1,<2", ">=1.0,<2a0"),
        ("<2.0b3", "<2a0"),
        (">=1.0.post2", ">=1.0.post2"),
        ("<=1.0.post2", "<=1.0"),
        ("==1!2.0", "==1!2.0"),
        (">=1.0a1,<1.0rc1", "nothing"),
    ];
    for (asked, written) in cases {
        assert_eq!(spec(asked), written, "{asked}");
    }
}

#[test]
fn differences_are_noted() {
    let notes = |text: &str| version_spec(&set(text)).notes;
    assert_eq!(notes(">=1.6,<1.7,!=1.6.3"), Vec::<&str>::new());
    assert_eq!(notes(">=1.0rc1,<2.0b1"), [NO_PRERELEASES]);
    assert_eq!(notes(">1.6"), [WITH_POSTS]);
    assert_eq!(notes("<=1.0.post2"), [NO_POSTS]);
}

const OPERATORS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
const SUFFIXES: &[&str] = &[
    "",
    "",
    "",
    "",
    ".dev1",
    "a0",
    "a1",
    "rc1",
    "rc1.dev2",
    ".post0",
    ".post1",
    ".post1.dev1",
];

fn release_text(numbers: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(0..4u8, numbers).prop_map(|numbers| {
        numbers
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join(".")
    })
}

fn version_text(numbers: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    (release_text(numbers), prop::sample::select(SUFFIXES))
        .prop_map(|(release, suffix)| format!("{release}{suffix}"))
}

/// Final releases in any spelling; others spelled at least as long as any bound, as the module says.
fn probe() -> impl Strategy<Value = String> {
    prop_oneof![release_text(1..5), version_text(3..5)]
}

fn clause() -> impl Strategy<Value = VersionSet> {
    let plain = (prop::sample::select(OPERATORS), version_text(1..4))
        .prop_map(|(op, version)| format!("{op}{version}"));
    let series = (prop::sample::select(vec!["==", "!="]), release_text(1..4))
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
    fn the_text_accepts_what_the_set_does(set in any_set(), probes in prop::collection::vec(probe(), 40)) {
        let spec = version_spec(&set);
        let text = spec.text.clone().unwrap_or("<0a0".into());
        for probe in probes {
            let version: Version = probe.parse().unwrap();
            let (is_asked, is_accepted) = (set.contains(&version), accepts(&text, &probe));
            // conda's `>` and its spellings of post-releases are the exceptions that the module names.
            let is_excepted = version.is_postrelease() && (spec.notes.contains(&WITH_POSTS) || text.contains(".post"));
            prop_assert!(is_asked || !is_accepted || is_excepted, "{set} as {text} wrongly accepts {probe}");
            let is_final = !version.is_prerelease() && !version.is_postrelease();
            prop_assert!(
                !(is_final && is_asked) || is_accepted || text.contains(".post"),
                "{set} as {text} wrongly refuses {probe}"
            );
        }
    }
}
