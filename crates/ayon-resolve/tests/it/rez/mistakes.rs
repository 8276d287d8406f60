//! Bad input to the commands about rez: the word, the place, the way out, the exit code.

use insta::assert_snapshot;

use super::{rez, site};

#[test]
fn packages_and_versions_that_do_not_exist() {
    assert_snapshot!(rez("env pyhton").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: package family not found: pyhton (searched: [folder]/packages)

        hint: did you mean `python`?
        ");
    assert_snapshot!(rez("env python-4").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: Package could not be found: python-4

        hint: `python` has 3.11.4, 3.10.1, 3.9.7
        ");
    let place = site().file("packages/lost/1.0/package.py", "requires = ['nowhere-1']");
    assert_snapshot!(place.run("rez env lost").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: package family not found: nowhere, was required by: lost (searched: [folder]/packages)
        ");
    let place = site().file("packages/late/1.0/package.py", "requires = ['python-4+']");
    assert_snapshot!(place.run("rez env late --json").told(), @r#"
        exit code 1
        --- stdout
        {
          "schema": {
            "name": "ayon-resolve.error",
            "version": 1
          },
          "message": "Package could not be found: python-4+",
          "causes": [],
          "hints": [
            "`python` has 3.11.4, 3.10.1, 3.9.7"
          ],
          "exitCode": 1
        }
        --- stderr
        "#);
}

#[test]
fn a_package_that_contradicts_itself() {
    let place = site().file(
        "packages/torn/1.0/package.py",
        "requires = ['python-3.9', 'python-3.10']",
    );
    assert_snapshot!(place.run("rez env torn").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: The package torn-1.0[] has an internal requirements conflict: python-3.9 <--!--> python-3.10
        ");
}

#[test]
fn package_files_that_cannot_be_read() {
    let place = site().file("packages/broken/1.0/package.py", "requires = ['python-3'\n");
    assert_snapshot!(place.run("rez env broken").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: package broken-1.0 cannot be read: [folder]/packages/broken/1.0/package.py:1: this is not Python (column 12): this bracket is never closed: expected `]`
        ");
    let place = site().file("packages/broken/1.0/package.py", "requires = 3\n");
    assert_snapshot!(place.run("rez env broken").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: package broken-1.0 cannot be read: [folder]/packages/broken/1.0/package.py:1: `requires` must be a list of requests, not an integer
        ");
    let place = site().file(
        "packages/broken/1.0/package.py",
        "requires = ['python..']\n",
    );
    assert_snapshot!(place.run("rez env broken").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: package broken-1.0 has an invalid request: `python..` is no package request: `python..` is no package name; letters, digits and underscores are, with single dots between
        ");
    let place = site().file("packages/broken/1.0/readme.txt", "no package file here");
    assert_snapshot!(place.run("rez env broken").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: package broken-1.0 cannot be read: [folder]/packages/broken/1.0: the folder counts as a version but has no package file (package.py or package.yaml)
        ");
    let computed =
        "import sys\n@late()\ndef requires():\n    return ['python-%d' % sys.version_info[0]]\n";
    let place = site().file("packages/broken/1.0/package.py", computed);
    assert_snapshot!(place.run("rez env broken").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: package broken-1.0 cannot be read: [folder]/packages/broken/1.0/package.py:3: `requires` is not a literal: it is late-bound, a function to call in each resolve; only Python can tell it

        hint: let a Python run it, if you trust this repository: `--allow-python`
        ");
}

#[test]
fn two_folders_that_are_one_version() {
    let place = site()
        .file("packages/twin/1.0/package.py", "requires = ['python-3.9']")
        .file("packages/twin/1-0/package.py", "requires = ['python-3.10']");
    assert_snapshot!(place.run("rez env twin").told(), @r"
        exit code 0
        --- stdout
        python-3.9.7  [folder]/packages
        twin-1.0      [folder]/packages
        --- stderr
        warning: [folder]/packages/twin/1-0: it is the same version as `1.0`, which counts; rez may take either one
        ");
}

#[test]
fn requests_that_are_none() {
    for words in [
        "env python-3..4..5",
        "env maya-2024>2025<",
        "env !.feature",
        "env my/package",
        "why python maya-",
    ] {
        let outcome = rez(words);
        assert!(matches!(outcome.code, Some(0 | 2)), "{outcome:?}");
    }
    assert_snapshot!(rez("env python-3..4..5").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `python-3..4..5` is no package request: `3..4..5` is no version range: `.` does not fit there

        python-3..4..5
                   ^
        ");
    assert_snapshot!(rez("env !.feature").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `!.feature` is no package request: an ephemeral such as `.feature` takes neither `!` nor `~`

        !.feature
         ^^^^^^^^
        ");
    assert_snapshot!(rez("env my/package").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `my/package` is no package request: `my/package` is no package name; letters, digits and underscores are, with single dots between

        my/package
        ^^^^^^^^^^
        ");
    assert_snapshot!(rez("env maya-2024>2025< --json").stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.error",
            "version": 1
          },
          "message": "`maya-2024>2025<` is no package request: `2024>2025<` is no version range: `>` does not fit there",
          "causes": [],
          "hints": [],
          "exitCode": 2,
          "request": {
            "end": 9,
            "start": 9,
            "text": "maya-2024>2025<"
          }
        }
        "#);
}

#[test]
fn words_that_do_not_go_together() {
    let place = site();
    assert_eq!(place.run("rez env maya -o maya.rxt").code, Some(0));
    assert_snapshot!(place.run("rez env nuke --input maya.rxt").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: a context is taken as it is, so it cannot be given requests

        hint: to change its request: `--patch`
        ");
    assert_snapshot!(place.run("rez env nuke --patch").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: there is no context to patch

        hint: name one: `--input FILE.rxt`
        hint: inside a rez environment it is the one you are in (REZ_RXT_FILE)
        ");
    assert_snapshot!(place.run("rez why python").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: no request is named

        hint: say what is resolved: `ayon-resolve rez why PACKAGE REQUEST...`
        hint: or name a context: `--input FILE.rxt`
        ");
    assert_snapshot!(place.run("rez env maya --time yesterday").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: the setting `time` cannot be used (from --time)
        cause: `yesterday` is no time: write seconds since 1970, or how long ago, as in -10s, -5m, -0.5h, -10d
        ");
    assert_snapshot!(place.run("rez env maya --exclude regex([)").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: an exclusion: `regex([)` is no rule of a package filter: not a regular expression that can be used here: unclosed character class
        ");
    assert_snapshot!(place.run("rez index --no-cache").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: there is no folder for the index

        hint: name one: `--cache-dir FOLDER`, without `--no-cache`
        ");
}

#[test]
fn limits_are_kept_and_said() {
    assert_snapshot!(rez("env maya --time-limit 0.0000001").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: the resolve was given up

        the time limit of 0.0000001 s is reached
        ");
}

#[test]
fn places_that_cannot_be_written_or_read() {
    let place = site();
    assert_snapshot!(place.run("rez env maya -o missing/maya.rxt").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot write `missing/maya.rxt`: there is no folder `missing`
        ");
    assert_snapshot!(place.run("rez env maya --input missing.rxt").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: a context is taken as it is, so it cannot be given requests

        hint: to change its request: `--patch`
        ");
    assert_snapshot!(place.run("rez env maya --paths nowhere").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: package family not found: maya (searched: [folder]/nowhere)

        hint: `nowhere` is no folder; packages are looked for there
        ");
    let place = site().file("packages.txt", "a file, no folder");
    assert_snapshot!(place.run("rez env maya --paths packages.txt").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: package family not found: maya (searched: [folder]/packages.txt)

        hint: `packages.txt` is no folder; packages are looked for there
        ");
}

#[test]
fn a_cache_folder_that_cannot_be_written_is_a_warning() {
    // A file where the folder should be: nobody can write below it, not even the superuser.
    let outcome = site().file("cache", "in the way").run("rez env python");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert_eq!(outcome.stdout, rez("env python").stdout);
    let said: Vec<&str> = outcome.stderr.lines().collect();
    let is_about_cache = |line: &&str| line.starts_with("warning: the cache cannot be used");
    assert!(
        said.len() == 2 && said.iter().all(is_about_cache),
        "{outcome:?}"
    );
    // Who asks for the index alone is not helped by a warning.
    let outcome = site().file("cache", "in the way").run("rez index");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""));
    assert!(
        outcome.stderr.contains("error: the index cannot be kept"),
        "{outcome:?}"
    );
}

#[test]
fn a_damaged_index_is_made_anew() {
    let place = site();
    let first = place.run("rez env maya");
    assert_eq!(
        (first.code, first.stderr.as_str()),
        (Some(0), ""),
        "{first:?}"
    );
    let mut damaged = 0;
    for folder in std::fs::read_dir(place.path().join("cache")).unwrap() {
        let mut folders = vec![folder.unwrap().path()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    ayon_disk::write_atomic(&path, b"nonsense").unwrap();
                    damaged += 1;
                }
            }
        }
    }
    assert!(damaged > 0, "there is an index");
    let second = place.run("rez env maya");
    assert_eq!((second.code, &second.stdout), (Some(0), &first.stdout));
    assert!(
        second.stderr.contains("is damaged and was dropped"),
        "{second:?}"
    );
    let third = place.run("rez env maya");
    assert_eq!((third.code, third.stderr.as_str()), (Some(0), ""));
}

#[test]
fn what_changes_is_seen() {
    let place = site();
    assert_eq!(place.run("rez env qt").stdout.lines().count(), 2);
    // Edited in place: no folder tells of it.
    let place = place.file(
        "packages/qt/6.5/package.py",
        "requires = ['python-3.9', 'nuke']\n",
    );
    assert_snapshot!(place.run("rez env qt").told(), @r"
        exit code 0
        --- stdout
        python-3.9.7  [folder]/packages
        nuke-15.0[0]  [folder]/packages
        qt-6.5        [folder]/packages
        --- stderr
        ");
    let place = place.file("packages/qt/7.0/package.py", "");
    assert_snapshot!(place.run("rez env qt").stdout, @"qt-7.0  [folder]/packages");
}

#[test]
fn rez_settings_that_cannot_be_read() {
    let place = site()
        .file(
            "good.py",
            "packages_path = ['packages']\nimplicit_packages = []\n",
        )
        .file("computed.py", "import os\npackages_path = [os.getcwd()]\n")
        .file("wrong.yaml", "packages_path: 3\n");
    let named = |place: &crate::Place, file: &str| {
        let mut command = place.command("", &["rez", "search", "ma*"]);
        command
            .env_remove("AYON_RESOLVE_PATHS")
            .env("REZ_CONFIG_FILE", file);
        place.outcome(command.output().unwrap()).told()
    };
    assert_snapshot!(named(&place, "good.py"), @r"
        exit code 0
        --- stdout
        maya-2024.1
        maya-2025.0
        --- stderr
        ");
    assert_snapshot!(named(&place, "computed.py"), @r"
        exit code 1
        --- stdout
        --- stderr
        warning: `packages_path` in `computed.py`, line 2, is left out: it takes running `os.getcwd` to know the value
        error: no family was found
        ");
    assert_snapshot!(named(&place, "wrong.yaml"), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `packages_path` in `wrong.yaml`, line 1 is wrong: expected a list of texts, found an integer
        ");
}

#[cfg(target_os = "linux")]
#[test]
fn folders_that_cannot_be_read() {
    // A link that leads to itself cannot be followed by anybody, not even the superuser.
    let place = site();
    std::os::unix::fs::symlink("loop", place.path().join("packages/loop")).unwrap();
    assert_snapshot!(place.run("rez env loop").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot look at `[folder]/packages/loop`: Too many levels of symbolic links (os error 40)
        ");
    std::os::unix::fs::symlink("9.0", place.path().join("packages/tool/9.0")).unwrap();
    assert_snapshot!(place.run("rez env tool").told(), @r"
        exit code 0
        --- stdout
        python-3.11.4  [folder]/packages
        qt-6.5         [folder]/packages
        maya-2025.0    [folder]/packages
        tool-1.0       [folder]/packages
        --- stderr
        ");
    assert_snapshot!(place.run("rez env tool-1.0").told(), @r"
        exit code 0
        --- stdout
        python-3.11.4  [folder]/packages
        qt-6.5         [folder]/packages
        maya-2025.0    [folder]/packages
        tool-1.0       [folder]/packages
        --- stderr
        ");
    std::os::unix::fs::symlink("round", place.path().join("round")).unwrap();
    assert_snapshot!(place.run("rez env tool --paths round").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot look at `[folder]/round/tool`: Too many levels of symbolic links (os error 40)
        ");
    assert_snapshot!(place.run("rez search --paths round").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot list `[folder]/round`: Too many levels of symbolic links (os error 40)
        ");
}

#[test]
fn a_family_in_one_file_that_cannot_be_read() {
    let place = site().file("packages/combined.yaml", "versions: [1.0\n");
    assert_snapshot!(place.run("rez env combined").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot read `[folder]/packages/combined.yaml`: line 2: this is not YAML: while parsing a flow sequence, expected ',' or ']'
        ");
}
