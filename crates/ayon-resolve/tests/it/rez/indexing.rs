//! `rez index`, and the repository of the fixtures, which has everything that rez's layout allows.

use insta::assert_snapshot;

use super::site;
use crate::{Outcome, Place};

/// The repository in `fixtures/rez`.
fn fixture() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/rez/packages")
}

fn fixture_place() -> Place {
    Place::new()
        .variable("AYON_RESOLVE_PATHS", fixture())
        .variable("AYON_RESOLVE_NO_IMPLICIT", "1")
}

fn on_fixture(words: &str) -> Outcome {
    on(&fixture_place(), words)
}

fn on(place: &Place, words: &str) -> Outcome {
    let mut outcome = place.run(&format!("rez {words}"));
    let real = std::fs::canonicalize(fixture()).unwrap();
    for text in [&mut outcome.stdout, &mut outcome.stderr] {
        *text = text.replace(real.to_str().unwrap(), "[packages]");
        *text = text.replace(fixture(), "[packages]");
    }
    outcome
}

#[test]
fn an_index_is_made_once_and_is_current_then() {
    // What has just been written is not trusted to stay, so this takes packages that are some minutes old.
    let place = fixture_place().variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache");
    assert_snapshot!(on(&place, "index --check").told(), @r"
        exit code 1
        --- stdout
        [packages]: 16 families, 32 packages, 6 of them cannot be read; not current: 16 families have to be read
        --- stderr
        warning: [packages]/twins/1-0: it is the same version as `1.0`, which counts; rez may take either one
        ");
    assert_snapshot!(on(&place, "index").told(), @r"
        exit code 0
        --- stdout
        [packages]: 16 families, 32 packages, 6 of them cannot be read; made current: 16 families were read
        --- stderr
        warning: [packages]/twins/1-0: it is the same version as `1.0`, which counts; rez may take either one
        ");
    assert_snapshot!(on(&place, "index --check").told(), @r"
        exit code 0
        --- stdout
        [packages]: 16 families, 32 packages, 6 of them cannot be read; current
        --- stderr
        warning: [packages]/twins/1-0: it is the same version as `1.0`, which counts; rez may take either one
        ");
    let mut document = on(&place, "index --json").json();
    document["repositories"][0]["seconds"] = 0.into();
    assert_snapshot!(serde_json::to_string_pretty(&document).unwrap(), @r#"
        {
          "current": true,
          "repositories": [
            {
              "broken": 6,
              "families": 16,
              "indexed": 16,
              "packages": 32,
              "read": 0,
              "repository": "[packages]",
              "seconds": 0
            }
          ],
          "schema": {
            "name": "ayon-resolve.rez-index",
            "version": 1
          }
        }
        "#);
}

#[test]
fn an_index_of_what_has_changed_is_not_current() {
    let place = site();
    assert_eq!(place.run("rez index").code, Some(0));
    let place = place.file("packages/qt/7.0/package.py", "");
    let outcome = place.run("rez index --check");
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(
        outcome
            .stdout
            .contains("6 families, 11 packages; not current"),
        "{outcome:?}"
    );
}

#[test]
fn the_fixture_is_read_in_all_its_parts() {
    assert_snapshot!(on_fixture("search --type package").told(), @r"
        exit code 0
        --- stdout
        broken-1.0
        broken-1.1
        broken-1.2
        broken-1.3
        broken-1.4
        cmake-3.28.1
        ffmpeg-6.1
        houdini-19.5.805
        houdini-20.5.332
        launcher-0.8
        launcher-0.9
        launcher-1.0
        lens_tools-2.0
        maya-2024.2
        maya-2025.1
        nuke-14.1.2
        ocio_config-1.2
        ocio_config-2.0
        ocio_config-2.1
        platform-linux
        platform-windows
        python-3.9.13
        python-3.10.11
        python-3.11.9
        qt-5.15.2
        qt-6.5.3
        render_submitter-1.4.0
        render_submitter-1.5.0-rc1
        site_settings-2023.1
        site_settings-2024.1
        studio_environment
        twins-1.0
        --- stderr
        warning: [packages]/twins/1-0: it is the same version as `1.0`, which counts; rez may take either one
        ");
    assert_snapshot!(on_fixture("search --errors --type package").stdout, @r"
        broken-1.0
          error: [packages]/broken/1.0/package.py:3: this is not Python (column 12): this bracket is never closed: expected `]`
        broken-1.1
          error: [packages]/broken/1.1/package.py:3: `requires` must be a list of requests, not a text
        broken-1.2
          error: [packages]/broken/1.2: the folder counts as a version but has no package file (package.py or package.yaml)
        broken-1.4
          error: [packages]/broken/1.4/package.yaml:2: each request in `requires` must be a text, not a float
        launcher-0.9
          error: [packages]/launcher/0.9/package.py:7: `requires` is not a literal: it takes running `%` to know the value; only Python can tell it
        launcher-1.0
          error: [packages]/launcher/1.0/package.py:7: `requires` is not a literal: it is late-bound, a function to call in each resolve; only Python can tell it
        ");
    assert_snapshot!(on_fixture("depends python").told(), @r"
        exit code 0
        --- stdout
        #0: python
        #1:
          houdini-20.5.332            needs python-3.11
          lens_tools-2.0              needs python-3
          maya-2025.1                 needs python-3.11
          nuke-14.1.2                 needs python-3.9
          ocio_config-2.1             needs python-3.10+
          qt-6.5.3                    needs python-3.10+ python-3.11
          render_submitter-1.5.0-rc1  needs python-3.10+
          studio_environment          needs python-3.10+
          twins-1.0                   needs python-3.11
        #2:
          site_settings-2024.1        needs studio_environment
        --- stderr
        warning: [packages]/twins/1-0: it is the same version as `1.0`, which counts; rez may take either one
        warning: broken-1.4 was left out: [packages]/broken/1.4/package.yaml:2: each request in `requires` must be a text, not a float
        warning: launcher-1.0 was left out: [packages]/launcher/1.0/package.py:7: `requires` is not a literal: it is late-bound, a function to call in each resolve; only Python can tell it
        ");
}

#[test]
fn the_fixture_resolves() {
    assert_snapshot!(on_fixture("env render_submitter maya").told(), @r"
        exit code 0
        --- stdout
        python-3.11.9               [packages]
        render_submitter-1.5.0-rc1  [packages]
        maya-2025.1                 [packages]
        .farm.queue-1               ephemeral
        --- stderr
        ");
    assert_snapshot!(on_fixture("env ocio_config site_settings studio_environment").told(), @r"
        exit code 0
        --- stdout
        python-3.11.9            [packages]
        ocio_config-2.1          [packages]
        studio_environment       [packages]
        platform-windows         [packages]
        site_settings-2024.1[1]  [packages]
        --- stderr
        ");
    assert_snapshot!(on_fixture("env broken").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: package broken-1.4 cannot be read: [packages]/broken/1.4/package.yaml:2: each request in `requires` must be a text, not a float
        ");
    assert_snapshot!(on_fixture("env twins").told(), @r"
        exit code 0
        --- stdout
        python-3.11.9  [packages]
        twins-1.0      [packages]
        --- stderr
        warning: [packages]/twins/1-0: it is the same version as `1.0`, which counts; rez may take either one
        ");
}

#[test]
fn a_python_runs_only_where_one_is_named() {
    assert_snapshot!(on_fixture("env launcher").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: package launcher-1.0 cannot be read: [packages]/launcher/1.0/package.py:7: `requires` is not a literal: it is late-bound, a function to call in each resolve; only Python can tell it

        hint: let a Python run it, if you trust this repository: `--allow-python`
        ");
    assert_snapshot!(on_fixture("env launcher --allow-python=/nowhere/python").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: package launcher-1.0 cannot be read: [packages]/launcher/1.0/package.py: it takes Python, and `/nowhere/python` cannot be used: it does not start: No such file or directory (os error 2)

        hint: let a Python run it, if you trust this repository: `--allow-python`
        ");
}
