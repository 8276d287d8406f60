//! Orders of versions, and keys that decide between variants.
//!
//! The tables are those of rez's own `test_packages_order.py`; what goes beyond was asked of rez 3.4.0.

use rez::orderer::{OrderKey, RangeKey, sort_best_first};
use rez::{PackageOrderList, Version, VersionRange};
use serde_json::{Value, json};

type Release = (&'static str, i64);

pub(crate) const TIMESTAMPED: [Release; 8] = [
    ("1.0.5", 1000),
    ("1.0.6", 2000),
    ("1.1.0", 3000),
    ("1.1.1", 4000),
    ("1.2.0", 5000),
    ("2.0.0", 6000),
    ("2.1.0", 7000),
    ("2.1.5", 8000),
];
const PYTHON: [Release; 4] = [("2.5.2", 0), ("2.6.0", 0), ("2.6.8", 0), ("2.7.0", 0)];
const PYMUM: [Release; 3] = [("1", 0), ("2", 0), ("3", 0)];
const PYSPLIT: [Release; 3] = [("7", 0), ("6", 0), ("5", 0)];

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn list(pod: &Value) -> PackageOrderList {
    PackageOrderList::from_pod(pod).unwrap()
}

/// The versions of a family, best first, and the same after the orderers went through their written form.
fn ordered(orderers: &Value, family: &str, releases: &[Release]) -> Vec<String> {
    let once = ordered_by(&list(orderers), family, releases);
    let again = list(&list(orderers).to_pod());
    assert_eq!(once, ordered_by(&again, family, releases));
    once
}

fn ordered_by(orderers: &PackageOrderList, family: &str, releases: &[Release]) -> Vec<String> {
    let siblings = || {
        let dated = |&(text, time): &Release| (version(text), Some(time));
        releases.iter().map(dated).collect()
    };
    let order = orderers.family_order(family, siblings);
    let mut versions: Vec<Version> = releases.iter().map(|(text, _)| version(text)).collect();
    sort_best_first(&mut versions, |version| order.key(Some(version)));
    versions.iter().map(ToString::to_string).collect()
}

fn timestamp(time: i64, rank: usize) -> Value {
    json!([{"type": "soft_timestamp", "timestamp": time, "rank": rank}])
}

#[test]
fn sorted_and_default() {
    for descending in [
        json!([]),
        json!(null),
        json!([{"type": "sorted", "descending": true}]),
        json!([{"type": "sorted", "descending": false, "packages": ["python"]}]),
    ] {
        assert_eq!(ordered(&descending, "pymum", &PYMUM), ["3", "2", "1"]);
    }
    let ascending = json!([{"type": "sorted", "descending": false}]);
    assert_eq!(ordered(&ascending, "pymum", &PYMUM), ["1", "2", "3"]);
}

#[test]
fn no_order_keeps_what_is_listed() {
    let listed = json!([{"type": "no_order"}]);
    assert_eq!(ordered(&listed, "pysplit", &PYSPLIT), ["7", "6", "5"]);
    assert_eq!(ordered(&listed, "pymum", &PYMUM), ["1", "2", "3"]);
}

#[test]
fn version_split() {
    let split = json!([{"type": "version_split", "first_version": "2.6.0"}]);
    let expected = ["2.6.0", "2.5.2", "2.7.0", "2.6.8"];
    assert_eq!(ordered(&split, "python", &PYTHON), expected);
    let older_style = json!([["version_split", {"first_version": "2.6.0"}]]);
    assert_eq!(ordered(&older_style, "python", &PYTHON), expected);
    assert_eq!(list(&split), list(&older_style));
}

#[test]
fn soft_timestamp() {
    for (time, rank, expected) in [
        (3001, 0, "1.1.0 1.0.6 1.0.5 1.1.1 1.2.0 2.0.0 2.1.0 2.1.5"),
        (3001, 3, "1.1.1 1.1.0 1.0.6 1.0.5 1.2.0 2.0.0 2.1.5 2.1.0"),
        (7001, 3, "2.1.5 2.1.0 2.0.0 1.2.0 1.1.1 1.1.0 1.0.6 1.0.5"),
        (4001, 3, "1.1.1 1.1.0 1.0.6 1.0.5 1.2.0 2.0.0 2.1.5 2.1.0"),
        (
            9_999_999_999,
            3,
            "2.1.5 2.1.0 2.0.0 1.2.0 1.1.1 1.1.0 1.0.6 1.0.5",
        ),
        (0, 3, "1.0.6 1.0.5 1.1.1 1.1.0 1.2.0 2.0.0 2.1.5 2.1.0"),
        // Not in rez's table: before the first token nothing differs, and before the second only 1 and 2 do.
        (3001, 1, "2.1.5 2.1.0 2.0.0 1.2.0 1.1.1 1.1.0 1.0.6 1.0.5"),
        (3001, 2, "1.2.0 1.1.1 1.1.0 1.0.6 1.0.5 2.1.5 2.1.0 2.0.0"),
    ] {
        let order = ordered(&timestamp(time, rank), "timestamped", &TIMESTAMPED);
        assert_eq!(order.join(" "), expected, "{time}, {rank}");
    }
    // Without timestamps nothing is late.
    assert_eq!(
        ordered(&timestamp(3001, 0), "pymum", &PYMUM),
        ["3", "2", "1"]
    );
    assert_eq!(ordered(&timestamp(3001, 2), "none", &[]), [""; 0]);
}

#[test]
fn per_family() {
    let orderers = json!([{
        "type": "per_family",
        "orderers": [
            {"type": "no_order", "packages": ["pysplit"]},
            {"type": "version_split", "first_version": "2.6.0", "packages": ["python"]},
            {"type": "soft_timestamp", "timestamp": 3001, "rank": 3, "packages": ["timestamped"]},
        ],
        "default_order": {"type": "sorted", "descending": false},
    }]);
    assert_eq!(ordered(&orderers, "pysplit", &PYSPLIT), ["7", "6", "5"]);
    let python = ordered(&orderers, "python", &PYTHON);
    assert_eq!(python, ["2.6.0", "2.5.2", "2.7.0", "2.6.8"]);
    let timestamped = ordered(&orderers, "timestamped", &TIMESTAMPED);
    assert_eq!(
        timestamped.join(" "),
        "1.1.1 1.1.0 1.0.6 1.0.5 1.2.0 2.0.0 2.1.5 2.1.0"
    );
    // A solve only asks an orderer for families it names, so the default is not asked for the others.
    assert_eq!(ordered(&orderers, "pymum", &PYMUM), ["3", "2", "1"]);
    // Unless `*` leads there.
    let mut starred = orderers.clone();
    starred[0]["orderers"][0]["packages"] = json!(["*"]);
    assert_eq!(ordered(&starred, "pymum", &PYMUM), ["1", "2", "3"]);
}

#[test]
fn the_first_that_names_a_family_counts_and_then_the_first_for_all() {
    let orderers = json!([
        {"type": "no_order"},
        {"type": "sorted", "descending": false, "packages": "pymum"},
        {"type": "sorted", "descending": true, "packages": ["pymum", "python"]},
    ]);
    assert_eq!(ordered(&orderers, "pymum", &PYMUM), ["1", "2", "3"]);
    let python = ordered(&orderers, "python", &PYTHON);
    assert_eq!(python, ["2.7.0", "2.6.8", "2.6.0", "2.5.2"]);
    assert_eq!(ordered(&orderers, "pysplit", &PYSPLIT), ["7", "6", "5"]);
}

#[test]
fn the_written_form_is_rezs() {
    let orderers = json!([
        {"type": "sorted", "descending": true, "packages": ["b", "a"]},
        {"type": "no_order"},
        {"type": "soft_timestamp", "timestamp": 7},
        {"type": "per_family", "orderers": [
            {"type": "version_split", "first_version": "1-0", "packages": ["y", "x"]},
            {"type": "sorted", "descending": false, "packages": ["x"]},
        ], "default_order": {"type": "no_order"}},
    ]);
    let expected = json!([
        {"type": "sorted", "descending": true, "packages": ["a", "b"]},
        {"type": "no_order", "packages": ["*"]},
        {"type": "soft_timestamp", "timestamp": 7, "rank": 0, "packages": ["*"]},
        {"type": "per_family", "orderers": [
            {"type": "version_split", "first_version": "1-0", "packages": ["y"]},
            {"type": "sorted", "descending": false, "packages": ["x"]},
        ], "default_order": {"type": "no_order", "packages": ["*"]}},
    ]);
    assert_eq!(list(&orderers).to_pod(), expected);
}

#[test]
fn what_is_no_orderer_is_said_with_its_place() {
    let deep = (0..40).fold(
        json!({"type": "no_order"}),
        |inner, _| json!({"type": "per_family", "orderers": [], "default_order": inner}),
    );
    let mut told = Vec::new();
    for wrong in [
        json!({"type": "sorted"}),
        json!([{"type": "sorted"}]),
        json!([{"descending": true}]),
        json!([{"type": "mine"}]),
        json!([{"type": "version_split", "first_version": "1..2"}]),
        json!([{"type": "soft_timestamp", "timestamp": "now"}]),
        json!([{"type": "soft_timestamp", "timestamp": 1, "rank": -1}]),
        json!([{"type": "no_order", "packages": [1]}]),
        json!([{"type": "per_family", "orderers": [{"type": "no_order"}]}]),
        json!([["sorted"]]),
        json!([deep]),
    ] {
        told.push(PackageOrderList::from_pod(&wrong).unwrap_err().to_string());
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    package_orderers: `{"type":"sorted"}` is not a list
    package_orderers[0]: it has no `descending`
    package_orderers[0]: it has no `type`
    package_orderers[0].type: `mine` is no type of orderer; rez has no_order, per_family, soft_timestamp, sorted and version_split
    package_orderers[0].first_version: `1..2` is no version: `.` stands where a letter, digit or underscore has to be
    package_orderers[0].timestamp: `"now"` is not an integer
    package_orderers[0].rank: `-1` is not a rank; 0 is none, 1 the first token
    package_orderers[0].packages[0]: `1` is not a text
    package_orderers[0].orderers[0]: it has no `packages`
    package_orderers[0]: `["sorted"]` is not an orderer: a dict, or a pair of type and dict
    package_orderers[0].default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order.default_order: `per_family` lies too deep in itself
    "#);
}

fn range_key(orderers: &Value, family: &str, range: &str) -> RangeKey {
    let order = list(orderers).family_order(family, Vec::new);
    order.range_key(&VersionRange::parse(range).unwrap())
}

#[test]
fn a_higher_range_has_a_greater_key() {
    let key = |range| range_key(&json!([]), "x", range);
    assert!(key("1") < key("2"));
    assert!(key("2") < key(">2"));
    assert!(key("2+<3") < key("2..3"));
    assert!(key("2..3") < key("2+"));
    assert!(key("2") < key("2|5"));
    assert!(key("") < key("0"));
    assert_eq!(key("1.0"), key("1-0"));
    let ascending = json!([{"type": "sorted", "descending": false}]);
    assert!(range_key(&ascending, "x", "1") > range_key(&ascending, "x", "2"));
    assert!(range_key(&ascending, "x", "1+") < range_key(&ascending, "x", "1"));
}

#[test]
fn keys_of_different_orderers_meet_by_version_and_are_never_equal() {
    let ascending = json!([{"type": "sorted", "descending": false}]);
    let of = |orderers: &Value, text: &str| -> OrderKey {
        let order = list(orderers).family_order("x", Vec::new);
        order.key(Some(&version(text)))
    };
    let (plain, reversed) = (of(&json!([]), "2"), of(&ascending, "2"));
    assert!(plain != reversed);
    assert_eq!(plain.partial_cmp(&reversed), None);
    assert!(of(&json!([]), "1") < reversed);
    assert!(of(&ascending, "3") > plain);
    // Which goes round in a circle, so sorting must not rely on it.
    let circle = [
        of(&ascending, "1"),
        of(&ascending, "2"),
        of(&json!([]), "1.5"),
    ];
    assert!(circle[1] < circle[0] && circle[0] < circle[2] && circle[2] < circle[1]);
    let mut many: Vec<OrderKey> = circle.iter().cycle().take(200).cloned().collect();
    sort_best_first(&mut many, OrderKey::clone);
    assert_eq!(many.len(), 200);
}

#[test]
fn sorting_is_stable() {
    let mut items = vec![(1, 'a'), (2, 'b'), (1, 'c'), (2, 'd'), (0, 'e'), (2, 'f')];
    sort_best_first(&mut items, |(key, _)| *key);
    let names: String = items.iter().map(|(_, name)| name).collect();
    assert_eq!(names, "bdface");
}
