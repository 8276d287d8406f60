//! What package filters hide.
//!
//! The tables are those of rez's own `test_package_filter.py`; what goes beyond was asked of rez 3.4.0.

use rez::filter::Rule;
use rez::{PackageFilterList, Version};
use serde_json::{Value, json};

use crate::orderer::TIMESTAMPED;

fn list(pod: &Value) -> PackageFilterList {
    PackageFilterList::from_pod(pod).unwrap()
}

/// What remains of `timestamped`, and the same after the filters went through their written form.
fn remaining(filters: &Value) -> String {
    let once = remaining_by(&list(filters));
    let again = list(&list(filters).to_pod());
    assert_eq!(once, remaining_by(&again));
    once
}

fn remaining_by(filters: &PackageFilterList) -> String {
    let mut kept = TIMESTAMPED.to_vec();
    kept.retain(|(text, time)| {
        let version = Version::parse(text).unwrap();
        !filters.excludes("timestamped", &version, Some(*time))
    });
    let kept: Vec<&str> = kept.into_iter().map(|(text, _)| text).collect();
    kept.join(" ")
}

/// What remains under one exclusion.
fn without(rule: &str) -> String {
    remaining(&json!([{"excludes": [rule]}]))
}

const ALL: &str = "1.0.5 1.0.6 1.1.0 1.1.1 1.2.0 2.0.0 2.1.0 2.1.5";

#[test]
fn rezs_own_table() {
    assert_eq!(remaining(&json!([])), ALL);
    assert_eq!(remaining(&json!([{}])), ALL);
    assert_eq!(
        without("glob(timestamped-*.5)"),
        "1.0.6 1.1.0 1.1.1 1.2.0 2.0.0 2.1.0"
    );
    assert_eq!(
        without("regex(timestamped-1.[1|2].*)"),
        "1.0.5 1.0.6 2.0.0 2.1.0 2.1.5"
    );
    assert_eq!(without("range(timestamped-1.1+)"), "1.0.5 1.0.6");
    assert_eq!(without("before(timestamped:6999)"), "2.1.0 2.1.5");
    assert_eq!(without("glob(other-*)"), ALL);
    let both = json!([{"excludes": ["glob(*.5)"], "includes": ["range(timestamped-2)"]}]);
    assert_eq!(
        remaining(&both),
        "1.0.6 1.1.0 1.1.1 1.2.0 2.0.0 2.1.0 2.1.5"
    );
    let two = json!([{"excludes": ["*.0"]}, {"excludes": ["*-2.*"], "includes": ["pymum"]}]);
    assert_eq!(remaining(&two), "1.0.5 1.0.6 1.1.1");
    for text in ["1", "2", "3"] {
        let version = Version::parse(text).unwrap();
        assert!(!list(&two).excludes("pymum", &version, None));
    }
}

#[test]
fn a_rule_without_a_type_is_a_glob_or_a_range() {
    assert_eq!(without("timestamped-2"), "1.0.5 1.0.6 1.1.0 1.1.1 1.2.0");
    assert_eq!(without("!timestamped-2"), "2.0.0 2.1.0 2.1.5");
    assert_eq!(without("~timestamped-2"), without("timestamped-2"));
    assert_eq!(without("~timestamped"), "");
    assert_eq!(without("*-1*"), "2.0.0 2.1.0 2.1.5");
    // One dict or one text stand for a list of one.
    assert_eq!(remaining(&json!({"excludes": "timestamped"})), "");
    assert!(list(&json!(null)).is_empty());
}

#[test]
fn globs_are_those_of_file_names() {
    for (glob, remaining) in [
        ("timestamped-?.1.[!1-4]", "1.0.5 1.0.6 1.1.1 1.2.0 2.0.0"),
        (
            "timestamped-2.0.0",
            "1.0.5 1.0.6 1.1.0 1.1.1 1.2.0 2.1.0 2.1.5",
        ),
        ("timestamped-[]12]*0", "1.0.5 1.0.6 1.1.1 2.1.5"),
        ("timestamped-[*", ALL),
        ("timestamped-[!]*0", ALL),
        ("timestamped-[2-1]*", ALL),
        ("*-[2-]*", "1.0.5 1.0.6 1.1.0 1.1.1 1.2.0"),
        ("*-[!2-1]*", ""),
        ("*[!]-]?.?.?", ALL),
        ("*[a-d-e]-1*", "2.0.0 2.1.0 2.1.5"),
        // What rez takes for the family is `timestamped-[2`.
        ("timestamped-[2-]*", ALL),
    ] {
        assert_eq!(without(&format!("glob({glob})")), remaining, "{glob}");
    }
    assert_eq!(without("glob(*ed-*.*.*)"), "");
}

#[test]
fn a_regular_expression_matches_at_the_start() {
    assert_eq!(
        without("regex(.*5$)"),
        "1.0.6 1.1.0 1.1.1 1.2.0 2.0.0 2.1.0"
    );
    assert_eq!(
        without("regex(.*5\\Z)"),
        "1.0.6 1.1.0 1.1.1 1.2.0 2.0.0 2.1.0"
    );
    assert_eq!(without("regex(stamped.*)"), ALL);
    assert_eq!(without("regex(timestamped-1)"), "2.0.0 2.1.0 2.1.5");
    // What rez takes for the family is `^timestamped`.
    assert_eq!(without("regex(^timestamped-1)"), ALL);
}

#[test]
fn times() {
    assert_eq!(without("before(3000)"), "1.1.1 1.2.0 2.0.0 2.1.0 2.1.5");
    assert_eq!(without("after( +3_000 )"), "1.0.5 1.0.6 1.1.0");
    assert_eq!(without("after(other:3000)"), ALL);
    let never = Version::parse("1").unwrap();
    let filters = list(&json!([{"excludes": ["after(-5)", "before(5)"]}]));
    assert!(!filters.excludes("x", &never, None));
    assert!(!filters.excludes("x", &never, Some(0)));
    assert!(filters.excludes("x", &never, Some(1)));
}

#[test]
fn a_timestamp_goes_to_the_costliest_filter_whose_inclusions_weaken_it() {
    let timed = |filters: &Value| remaining_by(&list(filters).with_timestamp(4000));
    assert_eq!(timed(&json!([])), "1.0.5 1.0.6 1.1.0 1.1.1");
    let including = json!({"excludes": ["*.5"], "includes": ["timestamped-2.1"]});
    assert_eq!(timed(&json!([including])), "1.0.6 1.1.0 1.1.1 2.1.0 2.1.5");
    // The cost is that of the exclusions, and what is for one family costs a tenth.
    let costly = json!({"excludes": ["timestamped-1.0.6", "a-1", "b-1", "before(c:1)"]});
    assert_eq!(timed(&json!([costly, including])), "1.1.0 1.1.1");
    // Inclusions alone are no filter.
    let only = json!([{"includes": ["timestamped-2"]}]);
    assert_eq!(timed(&only), "1.0.5 1.0.6 1.1.0 1.1.1");
    assert_eq!(remaining_by(&list(&json!([])).with_timestamp(0)), ALL);
}

#[test]
fn the_excluding_rule_is_known() {
    let filters = list(&json!([{"excludes": ["*", "after(1)", "x", "before(x:9)", "x-1"]}]));
    let excluding = |name: &str, version: &str| {
        let version = Version::parse(version).unwrap();
        filters
            .excluded_by(name, &version, Some(5))
            .unwrap()
            .to_string()
    };
    assert_eq!(excluding("x", "1"), "range(x)");
    assert_eq!(excluding("y", "1"), "glob(*)");
    assert_eq!(excluding("y", ""), "glob(*)");
    let pod =
        json!([{"excludes": ["glob(*)", "after(1)", "range(x)", "range(x-1)", "before(x:9)"]}]);
    assert_eq!(filters.to_pod(), pod);
}

#[test]
fn rules_can_be_added() {
    let rule = |text: &str| Rule::parse(text).unwrap();
    let mut filters = list(&json!([]));
    filters.add_inclusion(&rule("timestamped-1.1"));
    filters.add_exclusion(rule("timestamped-1"));
    filters.add_inclusion(&rule("timestamped-1.0"));
    assert_eq!(remaining_by(&filters), "1.0.5 1.0.6 2.0.0 2.1.0 2.1.5");
}

#[test]
fn what_is_no_rule_is_said_with_its_place() {
    let mut told = Vec::new();
    for wrong in [
        json!(7),
        json!([{"excludes": ["foo", "globe(foo)"]}]),
        json!([{"excludes": ["foo-1+<"]}]),
        json!([{"includes": ["before(today)"]}]),
        json!([{"includes": ["after(99999999999999999999)"]}]),
        json!([{"includes": ["before(1__0)"]}]),
        json!([{"excludes": ["regex(foo-[)"]}]),
        json!([{"excludes": [1]}]),
        json!([{"excludes": null}]),
    ] {
        told.push(PackageFilterList::from_pod(&wrong).unwrap_err().to_string());
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    package_filter: `7` is not a list
    package_filter[0].excludes[1]: `globe(foo)` is no rule of a package filter: `globe` is no type; there are glob, regex, range, before and after
    package_filter[0].excludes[0]: `foo-1+<` is no rule of a package filter: `foo-1+<` is no package request: `1+<` is no version range: it ends too early
    package_filter[0].includes[0]: `before(today)` is no rule of a package filter: `today` is no time in seconds
    package_filter[0].includes[0]: `after(99999999999999999999)` is no rule of a package filter: `99999999999999999999` is no time in seconds
    package_filter[0].includes[0]: `before(1__0)` is no rule of a package filter: `1__0` is no time in seconds
    package_filter[0].excludes[0]: `regex(foo-[)` is no rule of a package filter: not a regular expression that can be used here: unclosed character class
    package_filter[0].excludes[0]: `1` is not a text
    package_filter[0].excludes: `null` is not a list
    ");
}
