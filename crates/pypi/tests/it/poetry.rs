//! Poetry's grammar: tables of what is written and what it means.

use std::collections::BTreeMap;

use proptest::prelude::*;
use pypi::poetry::{Dependency, Value, parse_constraint, parse_dependency};
use pypi::{Constraint, MarkerEnvironment, OperatingSystem, Reference, Source, VersionSet};

use crate::worlds::clauses;

#[test]
fn constraints_mean_their_pep_440_clauses() {
    let table = [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^1.2", ">=1.2,<2"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^0.0.0", ">=0.0.0,<0.0.1"),
        ("^0.0.0.5", ">=0.0.0.5,<0.0.1"),
        ("^1.2.3.4", ">=1.2.3.4,<2"),
        ("^2023.1.2454917", ">=2023.1.2454917,<2024"),
        ("^1.2rc1", ">=1.2rc1,<2"),
        ("^1!1.2", ">=1!1.2,<1!2"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.2.3", ">=1.2.3,<1.3"),
        ("~=1.2", ">=1.2,<2"),
        ("~=1", ">=1,<2"),
        ("1.2.3", "==1.2.3"),
        ("v1.2", "==1.2"),
        ("= 1.2", "==1.2"),
        ("== 1.2+x", "==1.2+x"),
        ("1.6.*", "==1.6.*"),
        ("1.*", "==1.*"),
        ("1.*.*", "==1.*"),
        ("==1.2.*", "==1.2.*"),
        ("!=1.2.*", "!=1.2.*"),
        (">=1.2.*", ">=1.2"),
        ("<1.2.*", "<1.2"),
        ("*", ""),
        ("x", ""),
        ("*.*", ""),
        ("!=1.2", "!=1.2"),
        (">=3.9.1,<3.10", ">=3.9.1,<3.10"),
        (">=1.2 <2", ">=1.2,<2"),
        (">= 1.2 , < 2,", ">=1.2,<2"),
        ("^2.5.1,<2.6.0", ">=2.5.1,<2.6"),
        (" 1.2 ", "==1.2"),
        (">2,<1", "<0.dev0"),
    ];
    for (written, meant) in table {
        let set = parse_constraint(written).unwrap();
        assert_eq!(
            set,
            VersionSet::from_specifiers(meant).unwrap(),
            "{written}"
        );
    }
}

#[test]
fn alternatives_are_united() {
    for (written, shown) in [
        ("^1||^2", ">=1,<2 || >=2,<3"),
        ("^1 | ^3", ">=1,<2 || >=3,<4"),
        ("1.2 || 1.4.*", "==1.2 || ==1.4.*"),
        ("<1 || >=1", "<1 || >=1"),
        (">=1 || <=1", "*"),
        ("* || 1.2", "*"),
    ] {
        assert_eq!(parse_constraint(written).unwrap().to_string(), shown);
    }
}

#[test]
fn upper_bounds_leave_out_pre_releases() {
    for written in ["<2", "^1", "~1", "~=1.5", "1.*", "==1.*"] {
        let set = parse_constraint(written).unwrap();
        assert!(!set.contains(&"2.0rc1".parse().unwrap()), "{written}");
    }
    assert!(
        parse_constraint("^2.0rc1")
            .unwrap()
            .contains(&"2.0rc1".parse().unwrap())
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    for (text, offset, expected) in [
        ("", 0, "a version such as"),
        ("  ", 2, "a version such as"),
        ("latest", 0, "a version"),
        ("dev", 0, "a version"),
        ("^", 1, "a version such as"),
        ("^^1", 0, "one of `^`"),
        ("=>1.2", 0, "one of `^`"),
        ("<>1.2", 0, "one of `^`"),
        ("^latest", 1, "a version"),
        (">=1.2,,<2", 6, "a version such as"),
        (",1.2", 0, "a version such as"),
        ("1.2 ||", 6, "a version such as"),
        ("|| 1.2", 0, "a version such as"),
        ("1.0 - 2.0", 4, "a version"),
        ("1.2==1.3", 3, "`,`, `||` or the end"),
        ("1.2.x", 0, "a version"),
        ("^1.2.*", 0, "before a version with `.*`"),
        ("~1.2.*", 0, "before a version with `.*`"),
        (">1.2.*", 0, "before a version with `.*`"),
        ("1.2rc1.*", 0, "before a version with `.*`"),
        (">=1.2, ^1.2+x", 7, "local label"),
        (">=99999999999999999999", 2, "too large"),
    ] {
        let error = parse_constraint(text).unwrap_err();
        assert_eq!(error.offset(), offset, "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.text(), text);
    }
}

/// Clauses without `===`, which Poetry has not.
fn ordinary() -> impl Strategy<Value = String> {
    clauses().prop_map(|clause| clause.replace("===", "=="))
}

proptest! {
    /// Every PEP 440 list is a Poetry constraint of the same meaning, but for `===`.
    #[test]
    fn pep_440_is_part_of_the_grammar(list in prop::collection::vec(ordinary(), 1..4)) {
        let text = list.join(",");
        prop_assert_eq!(parse_constraint(&text).unwrap(), VersionSet::from_specifiers(&text).unwrap());
    }

    /// The text of a set, alternatives and all, is a constraint of the same meaning.
    #[test]
    fn the_text_of_a_set_reads_back(lists in prop::collection::vec(prop::collection::vec(ordinary(), 1..3), 1..4)) {
        let texts: Vec<String> = lists.iter().map(|list| list.join(",")).collect();
        let text = texts.join("||");
        let set = parse_constraint(&text).unwrap();
        prop_assert_eq!(parse_constraint(&set.to_string()).unwrap(), set);
    }
}

fn one(name: &str, value: impl Into<Value>) -> Dependency {
    let mut all = parse_dependency(name, &value.into()).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn list(texts: &[&str]) -> Value {
    texts.iter().map(|text| Value::from(*text)).collect()
}

#[test]
fn a_text_is_a_constraint() {
    let click = one("Click", "^8");
    assert_eq!(click.name.as_str(), "click");
    assert_eq!(click.name_as_written, "Click");
    assert_eq!(click.to_string(), "click>=8,<9");
    let Constraint::Versions { text, .. } = &click.constraint else {
        panic!("a constraint is a set of versions");
    };
    assert_eq!(text, "^8");
    assert_eq!(one("fontTools", "*").to_string(), "fonttools");
    assert_eq!(one("a", "^1 || ^3").to_string(), "a>=1,<2 || >=3,<4");
}

#[test]
fn a_table_can_say_everything() {
    let value = Value::from([
        ("version", "^6.8".into()),
        ("extras", list(&["Dev_Tools", "gui"])),
        ("python", ">=3.9,<3.12 || ^3.13".into()),
        ("platform", "linux || darwin".into()),
        (
            "markers",
            "platform_machine == 'x86_64' or extra == 'all'".into(),
        ),
        ("optional", true.into()),
        ("allow-prereleases", false.into()),
        ("source", "studio".into()),
    ]);
    let dependency = one("PySide6", value);
    insta::assert_snapshot!(dependency, @r#"pyside6[dev-tools,gui]>=6.8,<7 ; (platform_machine == "x86_64" or extra == "all") and ((python_full_version >= "3.9" and python_full_version < "3.12") or (python_full_version >= "3.13" and python_full_version < "4")) and (sys_platform == "linux" or sys_platform == "darwin")"#);
    assert!(dependency.optional);
    assert_eq!(dependency.allow_prereleases, Some(false));
    assert_eq!(dependency.index.as_deref(), Some("studio"));

    let marker = dependency.marker.unwrap();
    let holds = |system, python: &str| {
        marker.evaluate(
            &MarkerEnvironment::new(system, "x86_64", &python.parse().unwrap()),
            &[],
        )
    };
    assert!(holds(OperatingSystem::Linux, "3.11.9"));
    assert!(!holds(OperatingSystem::Linux, "3.12.1"));
    assert!(!holds(OperatingSystem::Windows, "3.11.9"));
}

#[test]
fn sources_are_told_apart() {
    let url = "https://github.com/shotgunsoftware/python-api.git";
    let git = |option: &str, name: &str| {
        let mut table = BTreeMap::from([("git".to_owned(), Value::from(url))]);
        if !option.is_empty() {
            table.insert(option.to_owned(), name.into());
        }
        one("shotgun_api3", Value::Table(table)).constraint
    };
    let expected = |reference| {
        Constraint::Source(Source::Git {
            url: url.to_owned(),
            reference,
            subdirectory: None,
        })
    };
    assert_eq!(
        git("tag", "v3.4.0"),
        expected(Reference::Tag("v3.4.0".to_owned()))
    );
    assert_eq!(
        git("branch", "main"),
        expected(Reference::Branch("main".to_owned()))
    );
    assert_eq!(
        git("rev", "0123abc"),
        expected(Reference::Revision("0123abc".to_owned()))
    );
    assert_eq!(git("", ""), expected(Reference::Default));

    let tables = [
        (
            Value::from([
                ("git", url.into()),
                ("tag", "v1".into()),
                ("subdirectory", "py".into()),
            ]),
            "a @ git+https://github.com/shotgunsoftware/python-api.git@v1#subdirectory=py",
        ),
        (
            Value::from([("url", "https://h/a.whl".into())]),
            "a @ https://h/a.whl",
        ),
        (
            Value::from([
                ("path", "../a".into()),
                ("develop", true.into()),
                ("platform", "!=win32".into()),
            ]),
            "a @ ../a ; sys_platform != \"win32\"",
        ),
    ];
    for (value, shown) in tables {
        assert_eq!(one("a", value).to_string(), shown);
    }
}

#[test]
fn a_list_gives_several_dependencies() {
    let value: Value = [
        Value::from([("version", "<2".into()), ("python", "<3.10".into())]),
        Value::from([("version", ">=2".into()), ("python", ">=3.10".into())]),
    ]
    .into_iter()
    .collect();
    let shown: Vec<String> = parse_dependency("numpy", &value)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        shown,
        [
            r#"numpy<2 ; python_full_version < "3.10""#,
            r#"numpy>=2 ; python_full_version >= "3.10""#,
        ]
    );
}

#[test]
fn mistakes_name_the_dependency_and_the_key() {
    let table = |key: &str, value: Value| {
        Value::Table(BTreeMap::from([
            ("version".to_owned(), Value::from("^1")),
            (key.to_owned(), value),
        ]))
    };
    let no_versions: [(&str, Value); 0] = [];
    let messages: Vec<String> = [
        ("a b", Value::from("^1")),
        ("a", Value::from("latest")),
        ("a", Value::Other("the number 1.2".to_owned())),
        ("a", Value::from(true)),
        ("a", list(&[])),
        ("a", [list(&["^1"])].into_iter().collect()),
        ("a", Value::from(no_versions)),
        ("a", table("version", "newest".into())),
        ("a", table("version", true.into())),
        ("a", table("verison", "1".into())),
        ("a", table("extras", "gui".into())),
        ("a", table("extras", list(&["g ui"]))),
        ("a", table("python", "3.x".into())),
        ("a", table("python", ">3,<2".into())),
        ("a", table("platform", "linux darwin".into())),
        ("a", table("markers", "host == 'maya'".into())),
        ("a", table("optional", "yes".into())),
        ("a", table("git", "https://h/a".into())),
        ("a", table("tag", "v1".into())),
        ("a", table("subdirectory", "py".into())),
        (
            "a",
            Value::from([
                ("git", "u".into()),
                ("tag", "t".into()),
                ("branch", "b".into()),
            ]),
        ),
        (
            "a",
            Value::from([("path", "p".into()), ("source", "studio".into())]),
        ),
    ]
    .iter()
    .map(|(name, value)| parse_dependency(name, value).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
    dependency `a b`: `a b` is not the name of a distribution: only ASCII letters, digits, `-`, `_` and `.` may stand in it, a letter or a digit first and last
    dependency `a`: `latest` is not a version constraint: a version such as `1.2` is expected at character 1, not `latest`: expected version to start with a number, but no leading ASCII digits were found
    dependency `a`: a version constraint in quotation marks, or a table is expected, not the number 1.2
    dependency `a`: a version constraint in quotation marks, or a table is expected, not `true`
    dependency `a`: at least one table is expected in the list
    dependency `a`: a version constraint in quotation marks, or a table is expected, not a list
    dependency `a`: one of `version`, `git`, `url` and `path` is expected
    dependency `a`: key `version`: `newest` is not a version constraint: a version such as `1.2` is expected at character 1, not `newest`: expected version to start with a number, but no leading ASCII digits were found
    dependency `a`: key `version`: a text is expected, not `true`
    dependency `a`: key `verison`: it is not one of allow-prereleases, branch, develop, extras, git, markers, optional, path, platform, python, rev, source, subdirectory, tag, url, version
    dependency `a`: key `extras`: a list of names is expected, not the text `gui`
    dependency `a`: key `extras`: `g ui` is not the name of an extra: only ASCII letters, digits, `-`, `_` and `.` may stand in it, a letter or a digit first and last
    dependency `a`: key `python`: `3.x` is not a version constraint: a version such as `1.2` is expected at character 1, not `3.x`: after parsing `3`, found `.x`, which is not part of a valid version
    dependency `a`: key `python`: no Python fulfils `>3,<2`
    dependency `a`: key `platform`: `linux darwin` is not a list of platforms such as `linux || darwin` or `!=win32`
    dependency `a`: key `markers`: `host == 'maya'` is not an environment marker: a variable of PEP 508 such as `python_version`, or a text in quotation marks is expected at character 1
    dependency `a`: key `optional`: `true` or `false` is expected, not the text `yes`
    dependency `a`: key `git`: `version` says already where the package comes from; only one of them can
    dependency `a`: key `tag`: it has a meaning only beside `git`
    dependency `a`: key `subdirectory`: it has a meaning only beside `git`, `url` or `path`
    dependency `a`: key `tag`: `branch` says already what is checked out; only one of them can
    dependency `a`: key `source`: it has a meaning only beside `version`
    "#);
    let error = parse_dependency("Click", &table("verison", "1".into())).unwrap_err();
    assert_eq!((error.name(), error.key()), ("Click", Some("verison")));
}
