//! The algebra of version sets, asked of every version of a small dense world.

use proptest::prelude::*;
use pypi::{LowerBound, UpperBound, Version, VersionSet};

use crate::worlds::{UNIVERSE, clauses, sets};

fn set(text: &str) -> VersionSet {
    VersionSet::from_specifiers(text).unwrap()
}

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

proptest! {
    #[test]
    fn operations_are_those_of_sets(a in sets(), b in sets()) {
        let (both, either, without, not) =
            (a.intersection(&b), a.union(&b), a.difference(&b), a.complement());
        for version in UNIVERSE.iter() {
            let (in_a, in_b) = (a.contains(version), b.contains(version));
            prop_assert_eq!(both.contains(version), in_a && in_b);
            prop_assert_eq!(either.contains(version), in_a || in_b);
            prop_assert_eq!(without.contains(version), in_a && !in_b);
            prop_assert_eq!(not.contains(version), !in_a);
        }
        prop_assert_eq!(a.is_disjoint(&b), both.is_empty());
        prop_assert_eq!(a.is_subset_of(&b), without.is_empty());
        prop_assert_eq!(not.complement(), a);
    }

    /// Equal values and equal sets are the same thing: nothing is written in two ways, and nothing
    /// that is written contains no version.
    #[test]
    fn sets_are_canonical(a in sets(), b in sets()) {
        let differ = UNIVERSE.iter().any(|version| a.contains(version) != b.contains(version));
        prop_assert_eq!(a == b, !differ, "{} and {}", a, b);
        prop_assert_eq!(a.is_empty(), !UNIVERSE.iter().any(|version| a.contains(version)));
        prop_assert_eq!(a.is_any(), UNIVERSE.iter().all(|version| a.contains(version)));
    }

    #[test]
    fn a_list_of_clauses_is_their_intersection(list in prop::collection::vec(clauses(), 1..6)) {
        let each = list.iter().fold(VersionSet::any(), |all, clause| all.intersection(&set(clause)));
        prop_assert_eq!(set(&list.join(" , ")), each);
    }

    #[test]
    fn text_says_the_set_and_never_more(a in sets()) {
        let text = a.specifiers();
        let mut read = VersionSet::none();
        for alternative in text.alternatives() {
            let part = set(alternative);
            prop_assert!(read.is_disjoint(&part), "alternatives of {} overlap", text);
            prop_assert!(!part.is_empty(), "{} has an empty alternative", text);
            read = read.union(&part);
        }
        if text.is_exact() {
            prop_assert_eq!(&read, &a, "{}", text);
        } else {
            prop_assert!(read.is_subset_of(&a) && read != a, "{}", text);
        }
    }

    /// The text of a set that a person wrote is always exact.
    #[test]
    fn what_was_written_can_be_written(list in prop::collection::vec(clauses(), 0..5)) {
        let a = set(&list.join(","));
        let plain = list.iter().all(|clause| !clause.contains("==="));
        prop_assert!(!plain || a.specifiers().is_exact(), "{}", a);
    }

    /// Bounds in plain words describe the same set.
    #[test]
    fn intervals_describe_the_set(a in sets()) {
        let intervals = a.intervals();
        for version in UNIVERSE.iter() {
            let inside = intervals.iter().any(|interval| {
                is_above(&interval.lower, version) && is_below(&interval.upper, version)
            });
            prop_assert_eq!(inside, a.contains(version), "{} in {}", version, a);
        }
    }

    #[test]
    fn an_exact_set_is_recognised(clause in clauses()) {
        let a = set(&clause);
        let exact = UNIVERSE.iter().find(|version| VersionSet::exactly(version) == a);
        prop_assert_eq!(a.as_exact(), exact.cloned());
    }
}

/// The documented meaning of a lower bound, in terms of order alone.
fn is_above(bound: &LowerBound, version: &Version) -> bool {
    match bound {
        LowerBound::Unbounded => true,
        LowerBound::AtLeast(bound) => version >= bound,
        LowerBound::After(bound) => version > bound,
        LowerBound::Above(bound) => version > bound && !is_late_form_of(bound, version),
    }
}

/// The documented meaning of an upper bound, in terms of order alone.
fn is_below(bound: &UpperBound, version: &Version) -> bool {
    match bound {
        UpperBound::Unbounded => true,
        UpperBound::Below(bound) if bound.is_prerelease() => version < bound,
        UpperBound::Below(bound) => version < bound && version.public() < pre(bound),
        UpperBound::Before(bound) => version < bound,
        UpperBound::AtMost(bound) => version <= bound || version.public() == *bound,
        UpperBound::UpTo(bound) => version <= bound,
        UpperBound::Through(bound) => version <= bound || is_late_form_of(bound, version),
    }
}

/// The lowest pre-release of a version.
fn pre(version: &Version) -> Version {
    format!("{version}.dev0").parse().unwrap()
}

/// Whether a version is a local version or post-release of a final release.
fn is_late_form_of(release: &Version, version: &Version) -> bool {
    version.epoch() == release.epoch()
        && version.release_prefix(8) == release.release_prefix(8)
        && version >= release
}

#[test]
fn clauses_accept_what_pep_440_says() {
    // Clause, what it accepts, what it does not: the corners of the specification.
    let table: [(&str, &[&str], &[&str]); 16] = [
        (
            ">=1.0",
            &["1.0", "1.0+x", "1.0.post1", "2.0a1"],
            &["1.0rc1", "0.9"],
        ),
        (
            ">1.0",
            &["1.0.1", "1.0.1.dev0", "1.1a1"],
            &["1.0", "1.0+x", "1.0.post1"],
        ),
        (
            ">1.0.post1",
            &["1.0.post2", "1.0.post2.dev0"],
            &["1.0.post1", "1.0.post1+x"],
        ),
        (">1.0a1", &["1.0a2", "1.0"], &["1.0a1", "1.0a1.post0"]),
        (
            ">1.0.dev1",
            &["1.0.dev2", "1.0"],
            &["1.0.dev1", "1.0.dev1+x"],
        ),
        (
            "<1.0",
            &["0.9", "0.9.post1"],
            &["1.0", "1.0rc1", "1.0.dev0"],
        ),
        ("<1.0rc1", &["1.0b1", "1.0.dev0"], &["1.0rc1", "1.0"]),
        (
            "<1.0.post1",
            &["1.0", "1.0.post0"],
            &["1.0.post1.dev0", "1.0.post1"],
        ),
        (
            "<=1.0",
            &["1.0", "1.0+x", "1.0rc1"],
            &["1.0.post1", "1.0.post0.dev0"],
        ),
        ("==1.0", &["1.0", "1.0.0", "1.0+x"], &["1.0.post1", "1.0.1"]),
        ("==1.0+x", &["1.0+x"], &["1.0", "1.0+y"]),
        ("===1.0", &["1.0"], &["1.0+x"]),
        ("!=1.0", &["1.0.post1", "1.0rc1"], &["1.0", "1.0+x"]),
        (
            "==1.0.*",
            &["1.0.dev0", "1.0.7", "1.0.post1"],
            &["1.1.dev0", "0.9"],
        ),
        ("!=1.0.*", &["1.1.dev0", "0.9"], &["1.0.dev0", "1.0.7"]),
        (
            "~=1.4.5",
            &["1.4.5", "1.4.9", "1.4.5.post1"],
            &["1.5", "1.5.dev0", "1.4.4"],
        ),
    ];
    for (clause, accepted, refused) in table {
        for text in accepted {
            assert!(
                set(clause).contains(&version(text)),
                "{clause} accepts {text}"
            );
        }
        for text in refused {
            assert!(
                !set(clause).contains(&version(text)),
                "{clause} refuses {text}"
            );
        }
    }
}

#[test]
fn text_is_what_a_person_would_write() {
    let same = [
        ">=1.6,<1.7",
        "==1.2.3",
        "==1.2.3+cu118",
        "===1.2.3",
        "!=1.2",
        "!=1.2.*",
        "!=1.2+x",
        "==1.2.*",
        ">1.2",
        "<=1.2",
        ">=1.0,<2,!=1.3,!=1.5.*",
        "<2rc1",
        ">=1!1.0",
        "<1.0.post1",
        ">=3.8,!=3.9.0,!=3.9.1",
        "==1.2,!=1.2+x",
        ">1.0,<=2",
    ];
    for text in same {
        assert_eq!(set(text).to_string(), text);
    }
    let others = [
        ("", "*"),
        (">2,<1", "<0.dev0"),
        ("~=1.4.5", ">=1.4.5,<1.5"),
        ("~=1.4", ">=1.4,<2"),
        (">=1,>=2,<9,<8", ">=2,<8"),
        ("!=1.2.*,!=1.3.*", "<1.2 || >=1.4.dev0"),
        ("==1.2.*,!=1.2.5", "==1.2.*,!=1.2.5"),
    ];
    for (text, shown) in others {
        assert_eq!(set(text).to_string(), shown);
    }
    let complements = [
        (">=1.6", "<=1.6,!=1.6"),
        ("<2", ">=2.dev0"),
        ("<=1.0", ">=1.0.post0.dev0"),
        ("!=1.2", "==1.2"),
        ("==1.2+x", "!=1.2+x"),
        (">=1,<2", "<=1,!=1 || >=2.dev0"),
    ];
    for (text, shown) in complements {
        let complement = set(text).complement();
        assert_eq!(complement.to_string(), shown);
        assert!(complement.specifiers().is_exact());
    }
}

#[test]
fn what_has_no_text_is_narrowed_and_said_so() {
    let up_to_posts = set(">1.0").complement();
    assert_eq!(up_to_posts.to_string(), "<=1.0");
    assert!(!up_to_posts.specifiers().is_exact());

    let only_locals = set("==1.0").difference(&set("===1.0"));
    assert!(!only_locals.is_empty() && !only_locals.specifiers().is_exact());
    assert!(only_locals.specifiers().alternatives().is_empty());
}

#[test]
fn named_sets_are_those_of_their_clauses() {
    assert_eq!(VersionSet::exactly(&version("1.2")), set("==1.2.0"));
    assert_eq!(VersionSet::exactly(&version("1.2+x")), set("==1.2+x"));
    assert_eq!(VersionSet::series(&version("1.2")), set("==1.2.*"));
    assert_eq!(VersionSet::series(&version("1!1.0")), set("==1!1.0.*"));
    assert_eq!(VersionSet::series(&version("1.2rc1")), set("==1.2.*"));
    assert_eq!(set("==1.2").as_exact(), Some(version("1.2")));
    assert_eq!(
        set("===1.2").as_exact(),
        None,
        "it refuses the local versions of 1.2"
    );
    assert_eq!(set(">=1.2").as_exact(), None);
}
