//! Versions and ranges: the tables of rez's own `test_version.py`, as facts.

use rez::version::UpperBound;
use rez::{Version, VersionRange};

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn range(text: &str) -> VersionRange {
    VersionRange::parse(text).unwrap()
}

#[test]
fn tokens_are_ordered() {
    for (smaller, greater) in [
        ("3", "4"),
        ("01", "1"),
        ("beta", "1"),
        ("alpha3", "alpha4"),
        ("alpha", "alpha3"),
        ("gamma33", "33gamma"),
    ] {
        assert!(version(smaller) < version(greater), "{smaller} {greater}");
    }
}

#[test]
fn versions_are_ordered() {
    for (a, b) in [("", ""), ("1", "1"), ("1.2", "1-2"), ("1.2-3", "1-2.3")] {
        assert_eq!(version(a), version(b));
    }
    let ascending = [
        "", "0.0.0", "1", "2", "2.alpha1", "2.alpha2", "2.beta", "2.0", "2.0.8.8", "2.1", "2.1.0",
    ]
    .map(version);
    for (index, smaller) in ascending.iter().enumerate() {
        for greater in &ascending[index + 1..] {
            assert!(smaller < greater, "{smaller} {greater}");
        }
    }
    let tokens: Vec<String> = version("1.2.12").tokens().map(str::to_owned).collect();
    assert_eq!(tokens, ["1", "2", "12"]);
}

/// Two ways to write one range. Each is also taken apart, put together again, and turned inside out twice.
#[test]
fn ranges_are_equal() {
    for (a, b) in [
        ("", ""),
        ("1", "1"),
        ("1.0.0", "1.0.0"),
        ("3+<3_", "3"),
        ("_+<__", "_"),
        ("1.2+<=2.0", "1.2..2.0"),
        ("10+,<20", "10+<20"),
        ("1+<1.0", "1+<1.0"),
        (">=2", "2+"),
        (">=1.21.1,<1.23", ">=1.21.1<1.23"),
        (">1.21.1,<1.23", ">1.21.1<1.23"),
        (">1.21.1<1.23", ">1.21.1<1.23"),
        (">1.21.1,<=1.23", ">1.21.1<=1.23"),
        ("<1.23,>=1.21.1", ">=1.21.1<1.23"),
        ("<1.23,>1.21.1", ">1.21.1<1.23"),
        ("3|3", "3"),
        ("3|1", "1|3"),
        ("5|3|1", "1|3|5"),
        ("1|1_", "1+<1__"),
        ("1|1_|1__", "1+,<1___"),
        ("|", ""),
        ("||", "||||||||"),
        ("1|1_+", "1+"),
        ("<1|1", "<1_"),
        ("1+<3|3+<5", "1+<5"),
        (">4<6|1+<3", "1+<3|>4,<6"),
        ("4+<6|1+<3|", ""),
        ("4|2+", "2+"),
        ("3|<5", "<5"),
        ("<3|>3", ">3|<3"),
        ("3+|<3", ""),
        ("3+|<4", ""),
        ("2+<=6|3+<5", "2..6"),
        ("3+,<5|2+<=6", "2+<=6"),
        ("2|2+", "2+"),
        ("2|2.1+", "2+"),
        ("2|<2.1", "<2_"),
        ("3..3", "==3"),
        (">=3,<=3", "==3"),
        (">", ">"),
        ("+", ""),
        (">=", ""),
        ("<=", "=="),
        ("..", "=="),
        ("+<=", "=="),
    ] {
        let (first, second) = (range(a), range(b));
        assert_eq!(first, second, "{a} {b}");
        assert_eq!(range(&first.to_string()), first);
        assert_eq!(range(&a.replace('.', "-").replace("--", "..")), first);
        let parts: Vec<VersionRange> = a.split('|').map(range).collect();
        assert_eq!(VersionRange::union_of(&parts).unwrap(), first, "{a}");
        assert_eq!(first.union(&second), first);
        assert_eq!(first.difference(&second).unwrap(), None);
        assert_eq!(VersionRange::any().intersection(&first).unwrap(), first);
        assert!(first.is_superset(&second));
        let outside = first.inverse().unwrap();
        assert_eq!(outside, second.inverse().unwrap());
        if let Some(outside) = outside {
            assert_eq!(outside.inverse().unwrap().unwrap(), first);
            assert!(first.union(&outside).is_any(), "{a}");
            assert_eq!(first.intersection(&outside), None);
        }
    }
}

#[test]
fn intersections() {
    for (a, b, both) in [
        ("3", "3", Some("3")),
        ("1", "==1", Some("==1")),
        ("", "==1", Some("==1")),
        ("3", "4", None),
        ("<3", "5+", None),
        ("4+<6", "6+<8", None),
        ("2+", "<=4", Some("2..4")),
        ("1", "1.0", Some("1.0")),
        ("4..6", "6+<8", Some("==6")),
    ] {
        let (a, b, both) = (range(a), range(b), both.map(range));
        assert_eq!(a.intersection(&b), both);
        assert_eq!(b.intersection(&a), both);
        let differences = [a.difference(&b).unwrap(), b.difference(&a).unwrap()];
        let parts: Vec<VersionRange> = differences.into_iter().chain([both]).flatten().collect();
        assert_eq!(VersionRange::union_of(&parts).unwrap(), a.union(&b));
    }
}

#[test]
fn inverses() {
    for (a, b) in [("3+", "<3"), ("<=3", ">3"), ("3.5", "<3.5|3.5_+")] {
        let (a, b) = (range(a), range(b));
        assert_eq!(a.inverse().unwrap().as_ref(), Some(&b));
        assert_eq!(b.inverse().unwrap().as_ref(), Some(&a));
        assert!(a.union(&b).is_any());
        assert_eq!(a.intersection(&b), None);
    }
}

#[test]
fn what_is_no_range() {
    let impossible = ["4+<2", ">3<3", ">3<=3", "3+<3"];
    let malformed = [
        "<", "><", ">3>4", "<3<4", "<4>3", ",<4", "4+,", "1>=", "+1", "4<", "1+<2<3",
    ];
    for wrong in impossible.iter().chain(&malformed) {
        assert!(VersionRange::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn limits() {
    let has_limits = |text: &str| {
        let range = range(text);
        let (first, last) = (range.bounds().first(), range.bounds().last());
        (
            first.is_some_and(|bound| !bound.lower.is_none()),
            last.is_some_and(|bound| bound.upper != UpperBound::none()),
        )
    };
    assert_eq!(has_limits("2+<4"), (true, true));
    assert_eq!(has_limits("2+"), (true, false));
    assert_eq!(has_limits("<2"), (false, true));
}

#[test]
fn what_lies_within() {
    for (text, within, outside) in [
        ("3+", ["3", "3.0.0"].as_slice(), [].as_slice()),
        ("3..5", &["5"], &["5_"]),
        ("3.1+", &[], &["3.0.0"]),
        ("<1|5|6|8|7|3|60+", &["3"], &[]),
        ("<1|5|6|8|7|==3|60+", &["3"], &[]),
    ] {
        let range = range(text);
        assert!(within.iter().all(|text| range.contains(&version(text))));
        assert!(!outside.iter().any(|text| range.contains(&version(text))));
    }
    for (part, whole, within) in [
        ("2.1+<4", "<4", true),
        ("2.1..4", "<4", false),
        ("3", "3", true),
        ("==3", "3", true),
        ("3.5+<3_", "3", true),
        ("3", "4+<6", false),
        ("3+<10", "4+<6", false),
    ] {
        assert_eq!(
            range(whole).is_superset(&range(part)),
            within,
            "{part} {whole}"
        );
    }
}

#[test]
fn how_many_of_seven_lie_within() {
    let versions = ["2", "3", "5", "10", "11", "13", "14"].map(version);
    let all = VersionRange::from_versions(versions.clone()).unwrap();
    for (text, count) in [
        ("", 7),
        ("0+", 7),
        ("5+", 5),
        ("6+", 4),
        ("50+", 0),
        (">5", 4),
        ("5", 1),
        ("6", 0),
        ("<5", 2),
        ("<6", 3),
        ("<50", 7),
        ("<=5", 3),
        ("<1", 0),
        ("2|9+", 5),
        ("3+<6|12+<13.5", 3),
        ("<1|20+", 0),
        (">0<20", 7),
    ] {
        let range = range(text);
        let mut within = versions.to_vec();
        within.retain(|version| range.contains(version));
        assert_eq!(within.len(), count, "{text}");
        assert_eq!(all.intersects(&range), count != 0, "{text}");
        assert_eq!(range.is_superset(&all), count == 7, "{text}");
        let common = all.intersection(&range);
        assert_eq!(common, VersionRange::from_versions(within), "{text}");
        assert!(common.is_none_or(|common| all.is_superset(&common)));
    }
    let some = ["3", "6.0", "4"].map(version);
    assert_eq!(
        VersionRange::from_versions(some).unwrap(),
        range("==3|==4|==6.0")
    );
}
