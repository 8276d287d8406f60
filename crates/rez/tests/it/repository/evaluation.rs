//! Package files that compute what a solve needs, told by a real Python.
//!
//! Where no Python is installed there is nothing to test.

use std::sync::Arc;
use std::time::Duration;

use rez::package::{DefectKind, Family};
use rez::repository::{Facts, FilesystemRepository, Options, Python, Repository, index_cache};
use rez::requirement::Requirement;
use rez::system::System;

use super::{Folder, told};

/// A Python with a user's facts, if there is one here.
fn python() -> Option<Python> {
    let name = if cfg!(windows) { "python" } else { "python3" };
    let works = std::process::Command::new(name).arg("--version").output();
    if !works.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let request = |text: &&str| Requirement::parse(text).unwrap();
    let facts = Facts {
        requests: ["maya-2024+", "!nuke", "~houdini-20"]
            .iter()
            .map(request)
            .collect(),
        implicit: ["~platform==linux"].iter().map(request).collect(),
        system: Some(System {
            platform: "linux".to_owned(),
            arch: "x86_64".to_owned(),
            os: "Debian-12".to_owned(),
        }),
        ..Facts::default()
    };
    Some(Python::new(name).with_facts(facts))
}

fn family(folder: &Folder, options: &Options, name: &str) -> Arc<Family> {
    let repository = FilesystemRepository::open(&folder.path(), options).unwrap();
    repository.family(name).unwrap().unwrap()
}

fn with(python: Python) -> Options {
    let mut options = Folder::options();
    options.python = Some(Arc::new(python));
    options
}

/// What each of these files requires as a package of version `1.5.beta`, or what goes wrong; all told by one process.
fn requires(python: Python, sources: &[impl AsRef<str>]) -> String {
    let folder = Folder::new();
    let name = |index: usize| format!("foo{index}");
    for (index, source) in sources.iter().enumerate() {
        folder.write(
            &format!("{}/1.5.beta/package.py", name(index)),
            source.as_ref(),
        );
    }
    let repository = FilesystemRepository::open(&folder.path(), &with(python)).unwrap();
    repository.read_all().unwrap();
    let told = (0..sources.len()).map(|index| {
        let family = repository.family(&name(index)).unwrap().unwrap();
        match &family.packages[0].definition {
            Ok(definition) => {
                assert!(definition.evaluated);
                definition.requires.join(" ")
            }
            Err(defect) => format!("{:?} {}", defect.kind, folder.shorten(&defect.to_string())),
        }
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_computed_is_told_in_rezs_scope() {
    let sources = [
        "requires = ['python-%d' % 3]",
        "import os\nrequires = [os.path.basename('a/maya')]",
        "extra = ['b']\nrequires = ['a']\nrequires.extend(extra)",
        "@early()\ndef requires():\n    return [this.name, str(building), 'index-%d' % build_variant_index]\nname = 'own'",
        "@early()\ndef requires(data):\n    return [data['name']]\nname = 'own'",
        "with scope('config') as c:\n    requires = ['inner']\n    c.plugins.deep.x = 1\nrequires = list('ab')",
        "print('noise')\nrequires = list('ab')",
        "import sys\nsys.stdout.write('{}\\n' * 9999)\nrequires = [sys.stdin.read() or 'nothing']",
        "if True:\n    timestamp = 5\nrequires = list('é')",
    ];
    let Some(python) = python() else { return };
    insta::assert_snapshot!(requires(python, &sources), @r"
    python-3
    maya
    a b
    own False index-0
    own
    a b
    a b
    nothing
    é
    ");
}

#[test]
fn late_functions_see_what_rez_binds_for_them() {
    let late = |body| {
        format!("name = 'foo'\ntools = ['t']\nimport os\n@late()\ndef requires():\n    {body}\n")
    };
    let bodies = [
        "return ['context-%s' % in_context(), 'package-%s' % this.is_package]",
        "return [this.name, str(this.version), this.version.major, str(len(this.version)), str(this.version[9])]",
        "return [str(this.version > '1.4'), str(this.version == '1-5-beta'), str(this.version < '1.5.alpha')]",
        "return this.tools + [str(this.variants)]",
        "return [request.maya, request.get('nuke'), str('x' in request), str('houdini' in request)]",
        "return ['maya' if intersects(request.maya, '2025') else 'old', str(intersects(request.nuke, '1'))]",
        "return [str(intersects(request.get_range('maya'), '2023')), str(request.get_range('none', '5'))]",
        "return [implicits.platform, system.platform, system.arch, system.os, str('x' in ephemerals)]",
        "return [str(building), str(testing), str(context.building)]",
        "return [this.base.split('/')[-1]]",
        // What goes wrong.
        "return [os.name]",
        "return [request.blender]",
        "return [system.home]",
        "return [this.nothing]",
        "return [str(intersects('maya-1', '1..2..3'))]",
        "return ('a', 'b')",
        "return None",
    ];
    let Some(python) = python() else { return };
    let sources = bodies.map(late);
    insta::assert_snapshot!(requires(python, &sources), @r"
    context-True package-True
    foo 1.5.beta 1 3 None
    True True False
    t None
    maya-2024+ !nuke False True
    maya False
    False 5
    ~platform==linux linux x86_64 Debian-12 False
    False False False
    1.5.beta
    Invalid …/foo10/1.5.beta/package.py:6: running it with Python failed: NameError: name 'os' is not defined
    Invalid …/foo11/1.5.beta/package.py:6: running it with Python failed: AttributeError: request does not exist: 'blender'
    Invalid …/foo12/1.5.beta/package.py:6: running it with Python failed: AttributeError: `system.home` is not known where packages are evaluated outside of rez
    Invalid …/foo13/1.5.beta/package.py:6: running it with Python failed: AttributeError: Package instance has no attribute 'nothing'
    Invalid …/foo14/1.5.beta/package.py:6: running it with Python failed: ValueError: `1..2..3` is no version range: `.` does not fit there
    Invalid …/foo15/1.5.beta/package.py: `requires` must be a list of requests, not a value of type `tuple`
    Invalid …/foo16/1.5.beta/package.py: `requires` must be a list of requests, not None
    ");
}

#[test]
fn what_goes_wrong_is_a_defect_of_one_package() {
    let sources = [
        ("1", "requires = ['a-%d' % 1]"),
        ("2", "import nothing_like_this\nrequires = compute()"),
        ("3", "\n\nrequires = [1 / 0]"),
        ("4", "import sys\nrequires = sys.exit('enough')"),
        (
            "5",
            "import os, sys\nsys.stderr.write('last words\\n')\nsys.stderr.flush()\nrequires = os._exit(3)",
        ),
        ("6", "requires = [x for x in iter(int, 1)]"),
        (
            "7",
            "if True:\n    raise InvalidPackageError('not for you')\nrequires = compute()",
        ),
        ("8", "requires = [object()]"),
        ("9", "x = []\nfor _ in range(99): x = [x]\nrequires = x"),
        ("10", "@late()\ndef variants():\n    return []"),
        (
            "11",
            "@late()\ndef commands():\n    pass\nrequires = compute()",
        ),
        ("12", "requires = 1 if x else 2 ="),
        ("13", "requires = ['b-%d' % 1]"),
    ];
    let folder = Folder::new();
    for (version, source) in sources {
        folder.write(&format!("foo/{version}/package.py"), source);
    }
    let Some(python) = python() else { return };
    // Long enough for a Python to start on a busy machine; the file that never ends takes all of it.
    let options = with(python.with_limit(Duration::from_secs(6)));
    let family = family(&folder, &options, "foo");
    let told = family
        .packages
        .iter()
        .rev()
        .map(|package| match &package.definition {
            Ok(definition) => format!("{} {}", package.version, definition.requires.join(" ")),
            Err(defect) => format!("{:?} {}", defect.kind, folder.shorten(&defect.to_string())),
        });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r"
    1 a-1
    Invalid …/foo/2/package.py:1: running it with Python failed: ModuleNotFoundError: No module named 'nothing_like_this'
    Invalid …/foo/3/package.py:3: running it with Python failed: ZeroDivisionError: division by zero
    Invalid …/foo/4/package.py:2: running it with Python failed: SystemExit: enough
    Invalid …/foo/5/package.py: running it with Python failed: the process ended: last words
    Invalid …/foo/6/package.py: running it with Python failed: it took longer than 6 s
    Invalid …/foo/7/package.py:2: running it with Python failed: InvalidPackageError: not for you
    Invalid …/foo/8/package.py: each request in `requires` must be a text, not a value of type `object`
    Invalid …/foo/9/package.py: running it with Python failed: ValueError: a value is nested more than 30 deep
    Invalid …/foo/10/package.py: `variants` must be a list of lists of requests, not a late-bound function
    Invalid …/foo/11/package.py:1: running it with Python failed: ValueError: Cannot use @late decorator on function 'commands'
    Invalid …/foo/12/package.py:1: this is not Python (column 27): expected a value after `=`
    13 b-1
    ");
}

#[test]
fn another_question_gets_another_answer() {
    let source = "@late()\ndef requires():\n    return ['for-maya' if 'maya' in request else 'for-others']\n";
    let folder = Folder::with(&[("foo/1/package.py", source), ("bar/1/package.py", "")]);
    let Some(python) = python() else { return };
    let options = with(python);
    let repository = FilesystemRepository::open(&folder.path(), &options).unwrap();
    let told = || told(&repository.family("foo").unwrap().unwrap());
    assert_eq!(told(), ["1 [for-maya]"]);
    let bar = repository.family("bar").unwrap();
    let python = options.python.as_ref().unwrap();
    python.set_facts(Facts::default());
    assert_eq!(told(), ["1 [for-others]"]);
    assert_eq!(told(), ["1 [for-others]"]);
    assert_eq!(repository.family("bar").unwrap(), bar);
}

#[test]
fn build_requires_are_only_asked_for_a_build() {
    let source = "@late()\ndef build_requires():\n    return ['cmake']\n";
    let folder = Folder::with(&[("foo/1/package.py", source)]);
    let Some(python) = python() else { return };
    let definition = |python| {
        family(&folder, &with(python), "foo").packages[0]
            .definition
            .clone()
            .unwrap()
    };
    assert!(definition(python).build_requires.is_empty());
    let facts = Facts {
        building: true,
        ..Facts::default()
    };
    let python = self::python().unwrap().with_facts(facts);
    assert_eq!(definition(python).build_requires.len(), 1);
}

#[test]
fn included_modules_are_found_beside_the_package_and_others_where_the_user_says() {
    let folder = Folder::with(&[
        (
            "foo/1/package.py",
            "@include('helper')\n@late()\ndef requires():\n    return helper.requests()\n",
        ),
        (
            "foo/1/.rez/include/helper.py",
            "def requests(): return ['helped']",
        ),
        (
            "foo/2/package.py",
            "from studio import common\nrequires = common()",
        ),
    ]);
    let modules = Folder::with(&[("studio.py", "def common(): return ['common']")]);
    let Some(python) = python() else { return };
    let python = python.with_modules(vec![modules.path().to_str().unwrap().to_owned()]);
    assert_eq!(
        told(&family(&folder, &with(python), "foo")),
        ["2 [common]", "1 [helped]"]
    );
}

#[test]
fn combined_files_are_evaluated_for_each_version() {
    let source = "
versions = ['%d' % number for number in (1, 2, 3)]
version_overrides = {'3': {'requires': ['three']}}
timestamp = 7
@late()
def requires():
    return ['python-%s' % this.version]
";
    let folder = Folder::with(&[
        ("foo.py", source),
        (
            "bar.py",
            &source.replace("['%d' % number for number in (1, 2, 3)]", "['1', '3']"),
        ),
    ]);
    assert!(
        folder
            .failure("foo")
            .to_string()
            .contains("`versions` is not a literal")
    );
    let Some(python) = python() else { return };
    let options = with(python);
    let all = family(&folder, &options, "foo");
    assert_eq!(told(&all), ["1 [python-1]", "2 [python-2]", "3 [three]"]);
    let definition = all.packages[2].definition.clone().unwrap();
    assert!(definition.evaluated && definition.timestamp == Some(7));
    let partly = family(&folder, &options, "bar");
    assert_eq!(told(&partly), ["1 [python-1]", "3 [three]"]);
    assert!(
        !partly.packages[1].definition.clone().unwrap().evaluated,
        "this one is literal"
    );
}

#[test]
fn what_python_told_is_never_kept() {
    let folder = Folder::with(&[
        ("foo/1/package.py", "requires = ['a-%d' % 1]"),
        ("foo/2/package.py", "requires = ['literal']"),
        ("bar.py", "versions = [str(1)]"),
    ]);
    let cache = tempfile::tempdir().unwrap();
    let Some(python) = python() else { return };
    let mut options = with(python);
    options.now += Duration::from_mins(1);
    options.cache = Arc::new(index_cache(cache.path()));
    let run = |options: &Options| {
        let repository = FilesystemRepository::open(&folder.path(), options).unwrap();
        repository.read_all().unwrap();
        repository.save();
        let bar = repository
            .family("bar")
            .map(|family| told(&family.unwrap()));
        (
            told(&repository.family("foo").unwrap().unwrap()),
            bar.ok(),
            repository.statistics().indexed,
        )
    };
    let evaluated = vec!["2 [literal]".to_owned(), "1 [a-1]".to_owned()];
    let bar = Some(vec!["1 []".to_owned()]);
    assert_eq!(run(&options), (evaluated.clone(), bar.clone(), 0));
    assert_eq!(run(&options), (evaluated.clone(), bar.clone(), 1));
    let allowed = options.python.take();
    let literal = vec!["2 [literal]".to_owned(), "1 NeedsPython".to_owned()];
    assert_eq!(run(&options), (literal, None, 1));
    options.python = allowed;
    assert_eq!(run(&options), (evaluated, bar, 1));
}

#[test]
fn a_chosen_file_that_is_evaluated_is_verified_by_its_stamp() {
    let folder = Folder::with(&[("foo/1/package.py", "requires = ['a-%d' % 1]")]);
    let Some(python) = python() else { return };
    let mut options = with(python);
    options.now += Duration::from_mins(1);
    let repository = FilesystemRepository::open(&folder.path(), &options).unwrap();
    let family = repository.family("foo").unwrap().unwrap();
    let verify = || {
        repository
            .verify([("foo", &family.packages[0].version)])
            .unwrap()
    };
    assert!(verify().is_empty());
    folder.write("foo/1/package.py", "requires = ['b-%d' % 1]");
    assert_eq!(verify().len(), 1);
    assert_eq!(
        told(&repository.family("foo").unwrap().unwrap()),
        ["1 [b-1]"]
    );
    assert!(verify().is_empty());
}

#[test]
fn a_python_that_does_not_work_is_said_once_for_all() {
    let folder = Folder::with(&[
        ("foo/1/package.py", "requires = compute()"),
        ("foo/2/package.py", "requires = compute()"),
    ]);
    for program in ["no-such-python", "cat", "false"] {
        let python = Python::new(program).with_limit(Duration::from_millis(500));
        let family = family(&folder, &with(python), "foo");
        for package in &family.packages {
            let defect = package.definition.clone().unwrap_err();
            assert_eq!(defect.kind, DefectKind::NeedsPython);
            let start = format!("it takes Python, and `{program}` cannot be used: ");
            assert!(defect.message.starts_with(&start), "{defect}");
        }
    }
}
