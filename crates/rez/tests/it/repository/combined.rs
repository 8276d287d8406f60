//! Families in one file.

use rez::package::PackageKind;

use super::{Folder, told};

const PYTHON: &str = "
name = 'foo'
versions = ['1.0', '1.1', '2.0']
requires = ['python-2']
version_overrides = {
    '1.1+': {'requires': ['python-2.7'], 'timestamp': 5},
    '2': {'requires': ['python-3'], 'variants': [['qt-5'], ['qt-6']]},
}
";

const YAML: &str = "
versions:
- '1.0'
- '1.1'
- '2.0'
requires: [python-2]
version_overrides:
    1.1+:
        requires: [python-2.7]
        timestamp: 5
    '2':
        requires: [python-3]
        variants: [[qt-5], [qt-6]]
";

#[test]
fn versions_come_in_the_files_order_with_their_overrides() {
    for (file, source, extension) in [("foo.py", PYTHON, "py"), ("foo.yaml", YAML, "yaml")] {
        let folder = Folder::with(&[(file, source)]);
        let family = folder.family("foo").unwrap();
        assert_eq!(
            told(&family),
            ["1.0 [python-2]", "1.1 [python-2.7]", "2.0 [python-3]"]
        );
        let last = &family.packages[2];
        let expected = PackageKind::Combined {
            extension: extension.into(),
        };
        assert_eq!(last.kind, expected);
        let definition = last.definition.as_ref().unwrap();
        assert_eq!(
            definition.timestamp,
            Some(5),
            "overrides are laid over each other"
        );
        assert_eq!(definition.variants.as_ref().unwrap().len(), 2);
        assert_eq!(
            family.packages[0].definition.as_ref().unwrap().variants,
            None
        );
    }
}

#[test]
fn python_is_preferred_to_yaml() {
    let folder = Folder::with(&[
        ("foo.yaml", "versions: ['1']"),
        ("foo.py", "versions = ['2']"),
    ]);
    assert_eq!(told(&folder.family("foo").unwrap()), ["2 []"]);
}

#[test]
fn without_versions_it_is_one_package() {
    let folder = Folder::with(&[
        ("foo.py", "requires = ['python']"),
        ("bar.yaml", "versions: []"),
    ]);
    assert_eq!(told(&folder.family("foo").unwrap()), [" [python]"]);
    assert_eq!(told(&folder.family("bar").unwrap()), [" []"]);
}

#[test]
fn equal_versions_are_one_and_a_problem() {
    let folder = Folder::with(&[("foo.py", "versions = ['1-0', '1.0']")]);
    assert_eq!(told(&folder.family("foo").unwrap()), ["1-0 []"]);
    insta::assert_snapshot!(folder.problems(), @"…/foo.py: `1.0` is the same version as `1-0`, which counts");
}

#[test]
fn a_file_that_tells_no_versions_is_an_error_of_its_family_alone() {
    let sources = [
        ("foo.yaml", "versions: [1.0]"),
        ("foo.yaml", "versions: '1.0'"),
        ("foo.yaml", "versions: ['1..0']"),
        ("foo.yaml", "versions: [1"),
        ("foo.py", "versions = list_them()"),
        ("foo.py", "versions = ["),
    ];
    let failures: Vec<String> = sources
        .iter()
        .map(|source| {
            let folder = Folder::with(&[*source, ("bar/1/package.py", "")]);
            assert_eq!(told(&folder.family("bar").unwrap()), ["1 []"]);
            folder.open().read_all().unwrap();
            folder.shorten(&folder.failure("foo").to_string())
        })
        .collect();
    insta::assert_snapshot!(failures.join("\n"), @r"
    cannot read `…/foo.yaml`: line 1: each of `versions` must be a text in quotes, not a float
    cannot read `…/foo.yaml`: line 1: `versions` must be a list of texts, not a text
    cannot read `…/foo.yaml`: line 1: in `versions`: `1..0` is no version: `.` stands where a letter, digit or underscore has to be
    cannot read `…/foo.yaml`: line 2: this is not YAML: while parsing a flow sequence, expected ',' or ']'
    cannot read `…/foo.py`: line 1: `versions` is not a literal: it takes running `list_them(…)` to know the value; only Python can tell it
    cannot read `…/foo.py`: line 1: this is not Python (column 12): this bracket is never closed: expected `]`
    ");
}

#[test]
fn wrong_overrides_are_a_defect_of_every_version() {
    let sources = [
        "versions = ['1']\nversion_overrides = {'1..2..3': {}}",
        "versions = ['1']\nversion_overrides = ['1']",
        "versions = ['1']\nversion_overrides = {1: {}}",
        "versions = ['1']\nversion_overrides = {'1': []}",
        "versions = ['1']\nversion_overrides = {'1': {'requires': 'python'}}",
        "versions = ['1']\n@late()\ndef requires():\n    return []",
        "versions = ['1']\nversion_overrides = make()",
    ];
    let defects: Vec<String> = sources
        .iter()
        .map(|source| {
            let folder = Folder::with(&[("foo.py", source)]);
            let defect = folder.only().unwrap_err();
            format!("{:?} {}", defect.kind, folder.shorten(&defect.to_string()))
        })
        .collect();
    insta::assert_snapshot!(defects.join("\n"), @r"
    Invalid …/foo.py:2: in `version_overrides`: `1..2..3` is no version range: `.` does not fit there
    Invalid …/foo.py:2: `version_overrides` must be a table of ranges, not a list
    Invalid …/foo.py:2: each range in `version_overrides` must be a text in quotes, not an integer
    Invalid …/foo.py:2: what `version_overrides` has for a range must be a table, not a list
    Invalid …/foo.py:2: `requires` must be a list of requests, not a text
    NeedsPython …/foo.py:3: `requires` is not a literal: it is late-bound, a function to call in each resolve; only Python can tell it
    NeedsPython …/foo.py:2: `version_overrides` is not a literal: it takes running `make(…)` to know the value; only Python can tell it
    ");
}

#[test]
fn an_override_replaces_what_only_python_could_tell() {
    let source = "
versions = ['1', '2']
@late()
def requires():
    return []
version_overrides = {'2': {'requires': ['python']}}
";
    let folder = Folder::with(&[("foo.py", source)]);
    assert_eq!(
        told(&folder.family("foo").unwrap()),
        ["1 NeedsPython", "2 [python]"]
    );
}
