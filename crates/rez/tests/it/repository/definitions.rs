//! What one package file says.

use rez::package::DefectKind;

use super::Folder;

fn python(source: &str) -> Folder {
    Folder::with(&[("foo/1.0/package.py", source)])
}

fn yaml(source: &str) -> Folder {
    Folder::with(&[("foo/1.0/package.yaml", source)])
}

/// The defect's kind, place and message.
fn defect(folder: &Folder) -> String {
    let defect = folder.only().unwrap_err();
    format!("{:?} {}", defect.kind, folder.shorten(&defect.to_string()))
}

const INSTALLED: &str = "\
# -*- coding: utf-8 -*-

name = 'foo'

version = '1.0'

requires = [
    'python-2.7+<4',
    '~maya-2024',
    '!nuke',
]

build_requires = ['cmake-3']

private_build_requires = ['gcc']

variants = [
    ['platform-linux', 'qt-5'],
    ['platform-linux', 'qt-6']
]

def commands():
    import os
    env.PATH.append('{root}/bin')
    if 'maya' in request:
        requires = []

tools = ['foo']

hashed_variants = True

timestamp = 1600129484

changelog = \\
    \"\"\"
    requires = ['nothing']
    \"\"\"

format_version = 2
";

#[test]
fn what_rez_installs_is_read_whole() {
    let definition = python(INSTALLED).only().unwrap();
    insta::assert_debug_snapshot!(definition, @r#"
    Definition {
        requires: [
            "python-2.7+<4",
            "~maya-2024",
            "!nuke",
        ],
        build_requires: [
            "cmake-3",
        ],
        variants: Some(
            [
                [
                    "platform-linux",
                    "qt-5",
                ],
                [
                    "platform-linux",
                    "qt-6",
                ],
            ],
        ),
        timestamp: Some(
            1600129484,
        ),
        hashed_variants: true,
        evaluated: false,
    }
    "#);
}

#[test]
fn yaml_says_the_same() {
    let source = "
name: foo
version: 1.0
requires:
- python-2.7+<4
- ~maya-2024
- '!nuke'
build_requires: [cmake-3]
variants:
- [platform-linux, qt-5]
- [platform-linux, qt-6]
commands: |
  env.PATH.append('{root}/bin')
hashed_variants: yes
timestamp: 1600129484
";
    assert_eq!(yaml(source).only(), python(INSTALLED).only());
    let empty = yaml("").only().unwrap();
    assert!(empty.requires.is_empty() && empty.variants.is_none());
}

#[test]
fn name_and_version_are_not_read_and_other_code_does_not_matter() {
    let source = "
import os
from pathlib import Path
name = os.environ['NAME']
version = compute()
def helper(): return []
with scope('config') as c:
    c.release_packages_path = '/packages'
tools = [x for x in 'ab']
@late()
def tools(): return []
private_build_requires = compute()
requires = ['python-3']
";
    let definition = python(source).only().unwrap();
    assert_eq!(definition.requires.len(), 1);
}

#[test]
fn no_variants_and_an_empty_list_of_them_are_the_same() {
    assert_eq!(python("variants = []").only().unwrap().variants, None);
    let one = python("variants = [[]]").only().unwrap().variants.clone();
    assert_eq!(one, Some(vec![vec![]]));
}

#[test]
fn a_function_without_a_decorator_is_no_attribute() {
    let definition = python("def requires():\n    return ['python']\n").only();
    assert!(definition.unwrap().requires.is_empty());
}

#[test]
fn what_only_python_can_tell_is_said_with_its_line_and_name() {
    let defects: Vec<String> = [
        "name = 'foo'\n@late()\ndef requires():\n    return ['python']\n",
        "@early()\ndef variants():\n    return []\n",
        "requires = ['python-%s' % 3]\n",
        "import os\nrequires = ['python']\nif os.name == 'nt':\n    requires = ['windows']\n",
        "requires = ['python']\nrequires.append(extra)\n",
        "from common import *\n",
        "timestamp = int('3')\n",
        "hashed_variants = not False\n",
        "build_requires = a_function()\n",
        "from studio import requires\n",
    ]
    .iter()
    .map(|source| defect(&python(source)))
    .collect();
    insta::assert_snapshot!(defects.join("\n"), @r"
    NeedsPython …/foo/1.0/package.py:3: `requires` is not a literal: it is late-bound, a function to call in each resolve; only Python can tell it
    NeedsPython …/foo/1.0/package.py:2: `variants` is not a literal: it is a function to call; only Python can tell it
    NeedsPython …/foo/1.0/package.py:1: `requires` is not a literal: it takes running `%` to know the value; only Python can tell it
    NeedsPython …/foo/1.0/package.py:4: `requires` is not a literal: an `if` statement may bind it, depending on what runs; only Python can tell it
    NeedsPython …/foo/1.0/package.py:2: `requires` is not a literal: the code here may change it in place; only Python can tell it
    NeedsPython …/foo/1.0/package.py:1: `requires` is not a literal: `import *` may bind any name; only Python can tell it
    NeedsPython …/foo/1.0/package.py:1: `timestamp` is not a literal: it takes running `int(…)` to know the value; only Python can tell it
    NeedsPython …/foo/1.0/package.py:1: `hashed_variants` is not a literal: it takes running `not` to know the value; only Python can tell it
    NeedsPython …/foo/1.0/package.py:1: `build_requires` is not a literal: it takes running `a_function(…)` to know the value; only Python can tell it
    NeedsPython …/foo/1.0/package.py:1: `requires` is not a literal: it is bound by an import, not by a literal; only Python can tell it
    ");
}

#[test]
fn wrong_types_are_refused_as_rez_does() {
    let mut defects: Vec<String> = [
        "requires = ('python',)",
        "requires = None",
        "requires = 'python'",
        "requires = ['python', 3]",
        "requires = [\n  'python',\n  ['maya'],\n]",
        "variants = ['python']",
        "variants = [['python'], ('maya',)]",
        "variants = {'python': 1}",
        "timestamp = '1600129484'",
        "timestamp = 1.5",
        "timestamp = 123456789012345678901234567890",
        "hashed_variants = 1",
        // What is wrong in any case is told before what Python might tell.
        "requires = compute()\ntimestamp = 'now'",
    ]
    .iter()
    .map(|source| defect(&python(source)))
    .collect();
    for source in [
        "requires: [python, 3.7]",
        "requires: python",
        "variants:\n- python",
        "hashed_variants: 'yes'",
        "- foo",
    ] {
        defects.push(defect(&yaml(source)));
    }
    insta::assert_snapshot!(defects.join("\n"), @r"
    Invalid …/foo/1.0/package.py:1: `requires` must be a list of requests, not a tuple
    Invalid …/foo/1.0/package.py:1: `requires` must be a list of requests, not None
    Invalid …/foo/1.0/package.py:1: `requires` must be a list of requests, not a text
    Invalid …/foo/1.0/package.py:1: each request in `requires` must be a text, not an integer
    Invalid …/foo/1.0/package.py:3: each request in `requires` must be a text, not a list
    Invalid …/foo/1.0/package.py:1: each variant in `variants` must be a list, not a text
    Invalid …/foo/1.0/package.py:1: each variant in `variants` must be a list, not a tuple
    Invalid …/foo/1.0/package.py:1: `variants` must be a list of lists of requests, not a table
    Invalid …/foo/1.0/package.py:1: `timestamp` must be an integer, not a text
    Invalid …/foo/1.0/package.py:1: `timestamp` must be an integer, not a float
    Invalid …/foo/1.0/package.py:1: `timestamp` must be an integer, not a huge integer
    Invalid …/foo/1.0/package.py:1: `hashed_variants` must be True or False, not an integer
    Invalid …/foo/1.0/package.py:2: `timestamp` must be an integer, not a text
    Invalid …/foo/1.0/package.yaml:1: each request in `requires` must be a text, not a float
    Invalid …/foo/1.0/package.yaml:1: `requires` must be a list of requests, not a text
    Invalid …/foo/1.0/package.yaml:2: each variant in `variants` must be a list, not a text
    Invalid …/foo/1.0/package.yaml:1: `hashed_variants` must be True or False, not a text
    Invalid …/foo/1.0/package.yaml:1: expected a table of attributes, found a list
    ");
}

#[test]
fn what_is_no_package_file_at_all_is_refused_with_its_line() {
    let mut defects: Vec<String> = [
        "name = 'foo'\nraise Exception('never')",
        "name = 'foo\n",
        "requires = [\n",
        "  x = 1\n",
        "x = = 1",
    ]
    .iter()
    .map(|source| defect(&python(source)))
    .collect();
    for source in ["a: [1", "a: &x 1\nb: *x", "\t- a: b: c"] {
        defects.push(defect(&yaml(source)));
    }
    defects.push(defect(&python(&"x = [".repeat(100_000))));
    defects.push(defect(&python(&" ".repeat(5 << 20))));
    insta::assert_snapshot!(defects.join("\n"), @r"
    Invalid …/foo/1.0/package.py:2: the file raises an exception when it is read
    Invalid …/foo/1.0/package.py:1: this is not Python (column 8): this string is not closed on its line
    Invalid …/foo/1.0/package.py:1: this is not Python (column 12): this bracket is never closed: expected `]`
    Invalid …/foo/1.0/package.py:1: this is not Python (column 3): this line is indented without a reason
    Invalid …/foo/1.0/package.py:1: this is not Python (column 5): expected a target before `=`
    Invalid …/foo/1.0/package.yaml:2: this is not YAML: while parsing a flow sequence, expected ',' or ']'
    Invalid …/foo/1.0/package.yaml:2: aliases are not read; write the value out
    Invalid …/foo/1.0/package.yaml:1: this is not YAML: mapping values are not allowed in this context
    Invalid …/foo/1.0/package.py:1: this is not Python (column 1005): brackets are nested more than 200 deep
    Unreadable …/foo/1.0/package.py: it cannot be read: it is larger than the 4194304 bytes that are read
    ");
}

#[test]
fn the_time_of_release_is_found_where_old_rez_kept_it() {
    let times = |files: &[(&str, &str)]| Folder::with(files).only().unwrap().timestamp;
    let package = ("foo/1.0/package.yaml", "name: foo");
    let release = ("foo/1.0/release.yaml", "timestamp: 100\nrevision: {}");
    let metadata = ("foo/1.0/.metadata/release_time.txt", "200\n");
    assert_eq!(times(&[package, metadata]), Some(200));
    assert_eq!(times(&[package, metadata, release]), Some(100));
    assert_eq!(times(&[package]), None);
    let own = ("foo/1.0/package.yaml", "timestamp: 300");
    assert_eq!(times(&[own, metadata, release]), Some(300));
}

#[test]
fn a_newer_format_is_a_problem_and_is_read() {
    let folder = python("requires = ['python']\nformat_version = 3");
    assert_eq!(folder.only().unwrap().requires.len(), 1);
    insta::assert_snapshot!(folder.problems(), @"…/foo/1.0/package.py: it has format version 3, newer than the 2 that is known; it may be misread");
    assert_eq!(python("format_version = 'x'").problems(), "");
}

#[test]
#[cfg(unix)]
fn one_defect_hides_no_other_package() {
    let folder = Folder::with(&[
        ("foo/1.0/package.py", "requires = ["),
        ("foo/2.0/package.py", "requires = ['python']"),
        ("foo/3.0/", ""),
    ]);
    std::os::unix::fs::symlink("nowhere", folder.path().join("foo/3.0/package.py")).unwrap();
    let family = folder.family("foo").unwrap();
    assert_eq!(
        super::told(&family),
        ["3.0 Missing", "2.0 [python]", "1.0 Invalid"]
    );
    let defect = family.packages[0].definition.as_ref().unwrap_err();
    assert_eq!(defect.kind, DefectKind::Missing);
    insta::assert_snapshot!(folder.shorten(&defect.to_string()), @"…/foo/3.0: the folder counts as a version but has no package file (package.py or package.yaml)");
}
