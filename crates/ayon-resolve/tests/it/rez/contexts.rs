//! `rez context`.

use insta::assert_snapshot;

use crate::Place;

/// A context as rez 3.4.0 writes it, shortened.
fn context(packages: &[(&str, &str)], requests: &str) -> String {
    let packages: Vec<String> = packages
        .iter()
        .map(|(name, version)| {
            format!(
                r#"{{"key": "filesystem.variant", "variables": {{"repository_type": "filesystem",
                    "location": "/packages", "name": "{name}", "version": "{version}", "index": null}}}}"#
            )
        })
        .collect();
    format!(
        r#"{{"serialize_version": "4.9", "status": "solved", "failure_description": null,
            "timestamp": 1700000000, "created": 1700000000, "building": false, "caching": false,
            "package_requests": [{requests}], "implicit_packages": ["~platform==linux"],
            "package_paths": ["/packages"], "resolved_packages": [{}],
            "graph": "{{'nodes': [], 'edges': []}}", "solve_time": 0.0, "load_time": 0.0,
            "rez_version": "3.4.0", "rez_path": "", "user": "ada", "host": "farm01",
            "platform": "linux", "arch": "x86_64", "os": "Debian-12"}}"#,
        packages.join(", ")
    )
}

fn place() -> Place {
    let old = context(&[("python", "3.9.7"), ("maya", "2024.1")], r#""maya-2024""#);
    let new = context(&[("maya", "2025.0"), ("qt", "6.5")], r#""maya""#);
    Place::new().file("old.rxt", &old).file("new.rxt", &new)
}

#[test]
fn a_context_is_shown() {
    assert_snapshot!(place().run("rez context old.rxt").told(), @r"
        exit code 0
        --- stdout
        solved by ada@farm01, on 2023-11-14 22:13:20 UTC, using rez 3.4.0

        requested packages
          maya-2024
          ~platform==linux  implicit

        resolved packages
          maya-2024.1   /packages
          python-3.9.7  /packages
        --- stderr
        ");
    assert_snapshot!(place().run("rez context old.rxt --source-order -v").stdout, @r"
        solved by ada@farm01, on 2023-11-14 22:13:20 UTC, using rez 3.4.0

        search paths
          /packages

        requested packages
          maya-2024
          ~platform==linux  implicit

        resolved packages
          python-3.9.7  /packages
          maya-2024.1   /packages
        ");
    assert_snapshot!(place().run("rez context old.rxt --print-request").stdout, @"maya-2024");
    assert_snapshot!(place().run("rez context old.rxt --res --so").stdout, @r"
        python-3.9.7
        maya-2024.1
        ");
    assert_snapshot!(place().run("rez context old.rxt --print-graph").stdout, @r"
        digraph g {
        }
        ");
    assert_snapshot!(place().run("rez context old.rxt --json").stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.rez-context",
            "version": 1
          },
          "status": "solved",
          "requests": [
            "maya-2024"
          ],
          "implicit": [
            "~platform==linux"
          ],
          "packagePaths": [
            "/packages"
          ],
          "packages": [
            {
              "name": "python",
              "version": "3.9.7",
              "variant": null,
              "repository": "/packages"
            },
            {
              "name": "maya",
              "version": "2024.1",
              "variant": null,
              "repository": "/packages"
            }
          ],
          "ephemerals": []
        }
        "#);
}

#[test]
fn the_context_around_is_the_one_that_is_meant() {
    let around = place().variable("REZ_RXT_FILE", "[folder]/new.rxt");
    assert_snapshot!(around.run("rez context --res").told(), @r"
        exit code 0
        --- stdout
        maya-2025.0
        qt-6.5
        --- stderr
        ");
    assert_snapshot!(place().run("rez context").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: no context is named

        hint: name one: `ayon-resolve rez context FILE.rxt`
        hint: inside a rez environment it is the one you are in (REZ_RXT_FILE)
        ");
}

#[test]
fn two_contexts_are_compared() {
    assert_snapshot!(place().run("rez context old.rxt --diff new.rxt").told(), @r"
        exit code 1
        --- stdout
        requests:
          - maya-2024
          + maya
        packages:
          maya-2024.1   maya-2025.0  upgraded
          python-3.9.7  -            removed
          -             qt-6.5       added
        --- stderr
        ");
    assert_snapshot!(place().run("rez context old.rxt --diff new.rxt --json").stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.rez-context-difference",
            "version": 1
          },
          "facts": [],
          "requests": {
            "added": [
              "maya"
            ],
            "removed": [
              "maya-2024"
            ],
            "reordered": false
          },
          "implicit": {
            "added": [],
            "removed": [],
            "reordered": false
          },
          "packagePaths": {
            "added": [],
            "removed": [],
            "reordered": false
          },
          "ephemerals": {
            "added": [],
            "removed": [],
            "reordered": false
          },
          "packages": [
            {
              "name": "maya",
              "change": "upgraded",
              "old": {
                "version": "2024.1",
                "variant": null,
                "repository": "/packages"
              },
              "new": {
                "version": "2025.0",
                "variant": null,
                "repository": "/packages"
              }
            },
            {
              "name": "python",
              "change": "removed",
              "old": {
                "version": "3.9.7",
                "variant": null,
                "repository": "/packages"
              },
              "new": null
            },
            {
              "name": "qt",
              "change": "added",
              "old": null,
              "new": {
                "version": "6.5",
                "variant": null,
                "repository": "/packages"
              }
            }
          ],
          "packagesReordered": false
        }
        "#);
    assert_snapshot!(place().run("rez context old.rxt --diff old.rxt").told(), @r"
        exit code 0
        --- stdout
        --- stderr
        ");
}

#[test]
fn what_is_no_context_is_said_with_its_place() {
    let text = context(&[], "");
    let place = place()
        .file("newer.rxt", &text.replace("\"4.9\"", "\"5.0\""))
        .file("broken.rxt", "{\"serialize_version\": ")
        .file("short.rxt", "{\"serialize_version\": \"4.9\"}");
    assert_snapshot!(place.run("rez context newer.rxt").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `newer.rxt` is not a rez context
        cause: the context has the form 5.0 of a newer rez, only 4.x is known; save it with a rez of the 2.x or 3.x series

        hint: a context is what `rez-env REQUEST... -o FILE.rxt` writes
        ");
    assert_snapshot!(place.run("rez context broken.rxt").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `broken.rxt` is not a rez context
        cause: line 1, column 22: this is not JSON: EOF while parsing a value

        hint: a context is what `rez-env REQUEST... -o FILE.rxt` writes
        ");
    assert_snapshot!(place.run("rez context short.rxt").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `short.rxt` is not a rez context
        cause: the context lacks `status`, `failure_description`, `timestamp`, `created`, `building`, `caching`, `package_requests`, `implicit_packages`, `package_paths`, `resolved_packages`, `graph`, `solve_time`, `load_time`, `rez_version`, `rez_path`, `user`, `host`, `platform`, `arch`, `os`

        hint: a context is what `rez-env REQUEST... -o FILE.rxt` writes
        ");
    assert_snapshot!(place.run("rez context nowhere.rxt").told(), @r"
        exit code 2
        --- stdout
        --- stderr
        error: cannot read `nowhere.rxt`: No such file or directory (os error 2)
        ");
}
