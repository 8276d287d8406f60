//! Markers: what they mean for targets that are not this machine.

use std::collections::BTreeMap;

use proptest::prelude::*;
use pypi::{ExtraName, Marker, MarkerEnvironment, OperatingSystem, VersionSet};

fn environment(system: OperatingSystem, machine: &str, python: &str) -> MarkerEnvironment {
    MarkerEnvironment::new(system, machine, &python.parse().unwrap())
}

fn marker(text: &str) -> Marker {
    text.parse().unwrap()
}

#[test]
fn every_system_speaks_its_own_words() {
    let variables = |system| {
        let environment = environment(system, "arm64", "3.11");
        let lines: Vec<String> = environment
            .variables()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        lines.join(
            "
",
        )
    };
    insta::assert_snapshot!(variables(OperatingSystem::Linux), @"
    implementation_name=cpython
    implementation_version=3.11.0
    os_name=posix
    platform_machine=aarch64
    platform_python_implementation=CPython
    platform_release=
    platform_system=Linux
    platform_version=
    python_full_version=3.11.0
    python_version=3.11
    sys_platform=linux
    ");
    insta::assert_snapshot!(variables(OperatingSystem::Windows), @"
    implementation_name=cpython
    implementation_version=3.11.0
    os_name=nt
    platform_machine=ARM64
    platform_python_implementation=CPython
    platform_release=
    platform_system=Windows
    platform_version=
    python_full_version=3.11.0
    python_version=3.11
    sys_platform=win32
    ");
    insta::assert_snapshot!(variables(OperatingSystem::Darwin), @"
    implementation_name=cpython
    implementation_version=3.11.0
    os_name=posix
    platform_machine=arm64
    platform_python_implementation=CPython
    platform_release=
    platform_system=Darwin
    platform_version=
    python_full_version=3.11.0
    python_version=3.11
    sys_platform=darwin
    ");
    let windows = environment(OperatingSystem::Windows, "x86_64", "3.13.0rc1");
    assert_eq!(windows.machine(), "AMD64");
    assert_eq!(windows.python_full_version(), "3.13.0rc1");
}

#[test]
fn an_environment_can_be_given_by_its_values() {
    let linux = environment(OperatingSystem::Linux, "x86_64", "3.11.9");
    let values: BTreeMap<&str, &str> = linux.variables().collect();
    let with = |name, value| {
        let mut values = values.clone();
        values.insert(name, value);
        MarkerEnvironment::from_variables(values)
    };
    assert_eq!(with("os_name", "posix").as_ref(), Ok(&linux));
    let measured = with("platform_release", "5.15.0").unwrap();
    assert!(marker("platform_release >= '5'").evaluate(&measured, &[]));
    let other = with("implementation_name", "pypy").unwrap();
    assert!(marker("implementation_name == 'pypy'").evaluate(&other, &[]));
    let error = with("sys_platform", "beos").unwrap_err().to_string();
    assert!(error.contains("`beos` is none"), "{error}");
    let error = with("host", "maya").unwrap_err().to_string();
    assert!(error.contains("`host` is no variable"), "{error}");
    let most = values.into_iter().filter(|(name, _)| *name != "os_name");
    let error = MarkerEnvironment::from_variables(most)
        .unwrap_err()
        .to_string();
    assert!(error.contains("needs a value of `os_name`"), "{error}");
}

#[test]
fn comparisons_mean_what_the_reference_implementation_says() {
    let nuke = environment(OperatingSystem::Windows, "x86_64", "3.10.10");
    let table = [
        ("python_version == '3.10'", true),
        ("python_version < '3.9'", false),
        ("'3.9' < python_version", true),
        ("python_version >= '3.10' and python_version < '4'", true),
        ("python_version == '3.*'", true),
        ("python_version ~= '3.9'", true),
        ("python_full_version === '3.10.10'", true),
        ("python_full_version <= '3.10.9'", false),
        ("implementation_version != '3.10.10'", false),
        ("sys_platform == 'win32'", true),
        ("sys.platform != 'win32'", false),
        ("'win' in sys_platform", true),
        ("'linux' not in sys_platform", true),
        ("platform_machine in 'x86_64 AMD64'", true),
        ("platform_machine not in 'x86_64 AMD64'", false),
        ("python_implementation == 'CPython'", true),
        // A part of a text, not a member of a list.
        ("python_version in '2.7, 3.10'", true),
        ("python_version not in '2.7, 3.10'", false),
        ("python_version in '3.100'", true),
        // No PEP 440 clause, so texts are compared.
        ("python_version >= '3.6.*'", false),
        ("python_version != 'unknown'", true),
        ("os_name > 'a'", false),
        ("os_name <= 'nt'", true),
        ("platform_release >= '10'", false),
        ("extra == 'gui' or os_name == 'nt'", true),
        (
            "(os_name == 'posix' or os_name == 'nt') and os_name != 'nt'",
            false,
        ),
        (
            "os_name == 'posix' and os_name == 'posix' or os_name == 'nt'",
            true,
        ),
    ];
    for (text, expected) in table {
        assert_eq!(marker(text).evaluate(&nuke, &[]), expected, "{text}");
    }
}

#[test]
fn extras_are_asked_by_their_canonical_names() {
    let linux = environment(OperatingSystem::Linux, "x86_64", "3.11.9");
    let extras: [ExtraName; 2] = ["gui".parse().unwrap(), "dev-tools".parse().unwrap()];
    for (text, with, without) in [
        ("extra == 'Dev_Tools'", true, false),
        ("'gui' == extra", true, false),
        ("extra != 'gui'", false, true),
        ("extra == 'other'", false, false),
    ] {
        assert_eq!(marker(text).evaluate(&linux, &extras), with, "{text}");
        assert_eq!(marker(text).evaluate(&linux, &[]), without, "{text}");
        assert!(marker(text).names_extra());
    }
    assert!(!marker("os_name == 'nt'").names_extra());
}

#[test]
fn text_is_normal_and_reads_back() {
    for (text, shown) in [
        ("os_name=='nt'", r#"os_name == "nt""#),
        ("'3.9'<=python_version", r#"python_version >= "3.9""#),
        ("'linux' in  sys_platform", r#""linux" in sys_platform"#),
        ("os_name not   in 'a b'", r#"os_name not in "a b""#),
        ("os_name == 'a\"b'", "os_name == 'a\"b'"),
        (
            "((os_name=='a')) and (os_name=='b' or (os_name=='c' and extra=='D'))",
            r#"os_name == "a" and (os_name == "b" or (os_name == "c" and extra == "d"))"#,
        ),
    ] {
        assert_eq!(marker(text).to_string(), shown);
        assert_eq!(marker(shown), marker(text));
    }
    assert_eq!(Marker::always().to_string(), "");
    let both = marker("os_name == 'a' or os_name == 'b'").and(marker("extra == 'c'"));
    assert_eq!(
        both.to_string(),
        r#"(os_name == "a" or os_name == "b") and extra == "c""#
    );
    assert!(Marker::always().and(Marker::always()).is_true() && !both.is_true());
    assert_eq!(
        Marker::always().and(marker("os_name == 'a'")),
        marker("os_name == 'a'")
    );
}

#[test]
fn what_is_no_marker_is_refused_with_its_place() {
    for (text, offset, expected) in [
        ("", 0, "a variable of PEP 508"),
        ("os_name", 7, "an operator"),
        ("os_name == ", 11, "a variable of PEP 508"),
        ("os_name == 'a", 11, "closing quotation mark"),
        ("os_name == 'a' und", 15, "`and`, `or`"),
        ("(os_name == 'a'", 15, "`)`"),
        ("os_name == 'a')", 14, "`and`, `or`"),
        ("host == 'maya'", 0, "a variable of PEP 508"),
        ("'a' == 'b'", 7, "a variable"),
        ("os_name == sys_platform", 11, "in quotation marks"),
        ("os_name ~= 'a'", 8, "an operator for texts"),
        ("'3.9' ~= python_version", 6, "read from the right"),
        ("extra in 'a b'", 9, "the name of an extra"),
        ("extra > 'a'", 6, "`==` or `!=`"),
        ("os_name not 'a'", 12, "`in` after `not`"),
    ] {
        let error = text.parse::<Marker>().unwrap_err();
        assert_eq!(error.offset(), offset, "{error}");
        assert!(error.expected().contains(expected), "{error}");
    }
}

#[test]
fn a_set_of_pythons_becomes_a_marker() {
    let python = |text: &str| Marker::python_in(&VersionSet::from_specifiers(text).unwrap());
    assert_eq!(
        python(">=3.9,<3.12,!=3.10.*").unwrap().to_string(),
        r#"python_full_version >= "3.9" and python_full_version < "3.12" and python_full_version != "3.10.*""#
    );
    assert!(python("").unwrap().is_true());
    assert_eq!(python(">3,<2"), None);
    let holed = VersionSet::from_specifiers(">=3.9,<3.10").unwrap();
    let holed = holed.union(&VersionSet::from_specifiers(">=3.11").unwrap());
    let marker = Marker::python_in(&holed).unwrap();
    for (python, expected) in [("3.9.1", true), ("3.10.4", false), ("3.11.0", true)] {
        let maya = environment(OperatingSystem::Linux, "x86_64", python);
        assert_eq!(marker.evaluate(&maya, &[]), expected, "{python}");
    }
}

/// Markers nested at random, fully parenthesised, with the truth of each.
fn markers() -> impl Strategy<Value = (String, bool)> {
    let leaf = prop::sample::select(vec![
        ("os_name == 'posix'", true),
        ("os_name != 'posix'", false),
        ("extra == 'a'", true),
        ("extra == 'b'", false),
        ("python_version < '4'", true),
        ("python_version in '2.7'", false),
    ])
    .prop_map(|(text, truth)| (text.to_owned(), truth));
    leaf.prop_recursive(5, 24, 3, |inner| {
        (prop::collection::vec(inner, 1..4), any::<bool>()).prop_map(|(parts, all)| {
            let texts: Vec<String> = parts.iter().map(|(text, _)| format!("({text})")).collect();
            let mut truths = parts.iter().map(|(_, truth)| *truth);
            if all {
                (texts.join(" and "), truths.all(|truth| truth))
            } else {
                (texts.join(" or "), truths.any(|truth| truth))
            }
        })
    })
}

proptest! {
    #[test]
    fn nesting_and_precedence_hold((text, truth) in markers()) {
        let linux = environment(OperatingSystem::Linux, "x86_64", "3.11.9");
        let extras = ["a".parse().unwrap()];
        let read = marker(&text);
        prop_assert_eq!(read.evaluate(&linux, &extras), truth);
        let again = marker(&read.to_string());
        prop_assert_eq!(&again, &read);
        prop_assert_eq!(again.evaluate(&linux, &extras), truth);
    }
}
