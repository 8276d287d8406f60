//! What is wrong with a question or a channel, and what is said about it.

use insta::assert_snapshot;

use super::{conda, place, repodata, told};

/// How many lines are told of a refusal, without the sentence before them.
fn lines(stderr: &str) -> usize {
    let told = stderr.lines().skip_while(|line| !line.is_empty()).skip(1);
    told.count()
}

#[test]
fn a_spec_is_marked_where_it_is_wrong() {
    assert_snapshot!(told(&conda(&place(), "solve|numpy >=1.2,<")), @"
    exit code 2
    --- stdout
    --- stderr
    error: `numpy >=1.2,<` is not a spec

      numpy >=1.2,<
                  ^ this is not a version
    ");
    assert_snapshot!(told(&conda(&place(), "solve|numpy[version='>=1'|python|maya =>2026")), @"
    exit code 2
    --- stdout
    --- stderr
    error: 2 of the specs cannot be read

      numpy[version='>=1'
           ^^^^^^^^^^^^^^ this bracket is never closed

      maya =>2026
           ^^^^^^ `=>` is no comparison
    ");
    assert_snapshot!(told(&conda(&place(), "solve|numpy >=1.2,<|--json")), @r#"
    exit code 2
    --- stdout
    {
      "schema": {
        "name": "ayon-resolve.error",
        "version": 1
      },
      "message": "`numpy >=1.2,<` is not a spec",
      "causes": [],
      "hints": [],
      "exitCode": 2,
      "mistakes": [
        {
          "end": 13,
          "reason": "this is not a version",
          "start": 12,
          "text": "numpy >=1.2,<"
        }
      ]
    }
    --- stderr
    "#);
}

#[test]
fn a_conflict_takes_a_dozen_lines_at_most() {
    let outcome = conda(&place(), "solve|numba|numpy >=2");
    assert_snapshot!(told(&outcome), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    no numpy is what everybody asks for:
      your request needs numba
        numba 0.57.0 needs numpy <2
      your request needs numpy >=2
    it solves if your request asks for any numpy instead of `numpy >=2` (numpy 1.26.4 is chosen then)
    ");
    assert!(lines(&outcome.stderr) <= 12, "{outcome:?}");
    let verbose = conda(&place(), "solve|numba|numpy >=2|-v");
    assert!(verbose.stderr.len() > outcome.stderr.len(), "{verbose:?}");
    assert_snapshot!(told(&verbose), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    no numpy is what everybody asks for:
      your request needs numba
        numba 0.57.0 needs numpy <2
      your request needs numpy >=2
    it solves if your request asks for any numpy instead of `numpy >=2` (numpy 1.26.4 is chosen then)

    The following packages are incompatible
    ├─ numpy >=2 can be installed with any of the following options:
    │  └─ numpy 2.1.0
    └─ numba * cannot be installed because there are no viable options:
       └─ numba 0.57.0 would require
          └─ numpy <2, which cannot be installed because there are no viable options:
             └─ numpy 1.26.4, which conflicts with the versions reported above.
    ");
    assert_snapshot!(told(&conda(&place(), "solve|numba|numpy >=2|--json")), @r#"
    exit code 1
    --- stdout
    {
      "schema": {
        "name": "ayon-resolve.error",
        "version": 1
      },
      "message": "what you ask for has no solution on linux-64",
      "causes": [],
      "hints": [],
      "exitCode": 1,
      "conflict": {
        "account": [
          "The following packages are incompatible",
          "├─ numpy >=2 can be installed with any of the following options:",
          "│  └─ numpy 2.1.0",
          "└─ numba * cannot be installed because there are no viable options:",
          "   └─ numba 0.57.0 would require",
          "      └─ numpy <2, which cannot be installed because there are no viable options:",
          "         └─ numpy 1.26.4, which conflicts with the versions reported above."
        ],
        "contested": "numpy",
        "lines": [
          "no numpy is what everybody asks for:",
          "  your request needs numba",
          "    numba 0.57.0 needs numpy <2",
          "  your request needs numpy >=2",
          "it solves if your request asks for any numpy instead of `numpy >=2` (numpy 1.26.4 is chosen then)"
        ],
        "statements": [
          {
            "about": "numba",
            "by": "your request",
            "ranges": [
              "any version"
            ]
          },
          {
            "about": "numpy",
            "by": "numba",
            "ranges": [
              "<2"
            ]
          },
          {
            "about": "numpy",
            "by": "your request",
            "ranges": [
              ">=2"
            ]
          }
        ]
      }
    }
    --- stderr
    "#);
}

#[test]
fn names_that_are_close_are_told() {
    assert_snapshot!(told(&conda(&place(), "solve nunpy")), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    there is no nunpy:
      your request needs nunpy
      no channel has nunpy; close to it: numpy
    it solves if your request does not ask for `nunpy`
    ");
    assert_snapshot!(told(&conda(&place(), "solve|python 3.14.*")), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    no python is what everybody asks for:
      your request needs python 3.14.*
      there is python 3.11.9 to 3.12.4 in file://[folder]/forge
    it solves if your request asks for any python instead of `python 3.14.*` (python 3.12.4 is chosen then)
    ");
}

#[test]
fn what_is_for_other_platforms_is_told() {
    assert_snapshot!(told(&conda(&place(), "solve maya-shim")), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    no maya-shim is what everybody asks for:
      your request needs maya-shim
      maya-shim 1.0 is there for win-64 only
    it solves if your request does not ask for `maya-shim`
    ");
}

#[test]
fn platforms_are_those_that_are_known() {
    assert_snapshot!(told(&conda(&place(), "solve openssl --platform amiga-500")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the setting `platform` cannot be used (from --platform)
    cause: `amiga-500` is no platform; known are linux-64, linux-aarch64, win-64, win-arm64, osx-64, osx-arm64, and linux, windows, darwin for the usual processor of each
    ");
}

#[test]
fn channels_have_to_be_there() {
    let place = place();
    assert_snapshot!(told(&conda(&place, "solve openssl --channel ./nowhere")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel file://[folder]/nowhere could not be asked
    cause: `file://[folder]/nowhere` is no channel: [folder]/nowhere/ has no `noarch/repodata.json`; check the name or address. A channel without such packages needs the file all the same, with nothing in it: `conda index` and `rattler-index` make it
    ");
    assert_snapshot!(told(&conda(&place, "solve openssl --channel ftp://example.invalid/x")), @"
    exit code 2
    --- stdout
    --- stderr
    error: a channel cannot be used
    cause: `ftp://example.invalid/x` is not a channel: only `https`, `http`, `file` and `s3` addresses are read
    ");
    assert_snapshot!(told(&conda(&place, "solve openssl --channel-mirror conda-forge")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the setting `channel-mirror` cannot be used (from --channel-mirror)
    cause: `conda-forge` is not CHANNEL=PLACE, such as conda-forge=https://mirror.example/conda-forge or conda-forge=./copy
    ");
    // A channel without a subdirectory for the platform has nothing for it.
    assert_snapshot!(told(&conda(&place, "solve openssl --platform osx-arm64")), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on osx-arm64

    no openssl is what everybody asks for:
      your request needs openssl
      openssl 3.3.0 is there for linux-64, win-64 only
    it solves if your request does not ask for `openssl`
    ");
}

#[test]
fn repodata_that_is_cut_or_something_else_is_refused() {
    let whole = repodata("linux-64", super::FORGE).to_string();
    let file = "forge/linux-64/repodata.json";
    let cut = place().file(file, &whole[..whole.len() / 2]);
    assert_snapshot!(told(&conda(&cut, "solve openssl")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel file://[folder]/forge could not be asked
    cause: file://[folder]/forge/linux-64: `[folder]/forge/linux-64/repodata.json` is not whole: it ends after 950 bytes, in the middle of a value; fetch it again
    ");
    let page = place().file(file, "<!doctype html><title>Sign in</title>");
    assert_snapshot!(told(&conda(&page, "solve openssl")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel file://[folder]/forge could not be asked
    cause: file://[folder]/forge/linux-64: `[folder]/forge/linux-64/repodata.json` is not JSON: expected value, at byte 1
    ");
    let list = place().file(file, "[]");
    assert_snapshot!(told(&conda(&list, "solve openssl")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel file://[folder]/forge could not be asked
    cause: file://[folder]/forge/linux-64: `[folder]/forge/linux-64/repodata.json` is not a repodata: invalid type: sequence, expected the object of a repodata, at byte 0
    ");
}

#[test]
fn a_record_without_needs_is_refused_where_it_is() {
    let mut content = repodata("linux-64", super::FORGE);
    let record = &mut content["packages.conda"]["numpy-2.1.0-h0_0.conda"];
    record.as_object_mut().unwrap().remove("depends");
    let place = place().file("forge/linux-64/repodata.json", &content.to_string());
    assert_snapshot!(told(&conda(&place, "solve numpy")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channels cannot be used
    cause: file://[folder]/forge/linux-64: the record `numpy-2.1.0-h0_0.conda` of `[folder]/forge/linux-64/repodata.json` is wrong: it does not say what it depends on
    ");
    // Who does not ask for it is not concerned.
    assert_eq!(conda(&place, "solve openssl").code, Some(0));
}

#[test]
fn a_package_without_a_hash_is_no_lock() {
    let mut content = repodata("linux-64", super::FORGE);
    let record = &mut content["packages.conda"]["openssl-3.3.0-h0_0.conda"];
    record.as_object_mut().unwrap().remove("sha256");
    let place = place().file("forge/linux-64/repodata.json", &content.to_string());
    assert_eq!(conda(&place, "solve openssl").code, Some(0));
    assert_snapshot!(told(&conda(&place, "lock openssl")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock cannot be written
    cause: openssl-3.3.0-h0_0.conda: the channel says neither sha256 nor md5 of it, and a file without a hash is no lock
    ");
}

#[test]
fn nothing_is_written_where_there_is_no_folder() {
    let place = place();
    assert_snapshot!(told(&conda(&place, "lock openssl -o nowhere/pixi.lock")), @"
    exit code 2
    --- stdout
    --- stderr
    error: cannot write `nowhere/pixi.lock`: there is no folder `nowhere`
    ");
    assert_snapshot!(told(&conda(&place, "lock")), @r#"
    exit code 2
    --- stdout
    --- stderr
    error: nothing is asked for

    hint: say what to choose, as in `ayon-resolve conda solve "python 3.11.*" "numpy >=1.26"`
    "#);
    assert_snapshot!(told(&conda(&place, "solve openssl --time-limit 0")), @"
    exit code 2
    --- stdout
    --- stderr
    error: invalid value '0' for '--time-limit <SECONDS>': `0` is not a number of seconds above 0 and at most 604800

    hint: for more information, try '--help'
    ");
}
