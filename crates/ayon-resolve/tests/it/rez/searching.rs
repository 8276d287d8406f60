//! `rez search` and `rez depends`.

use insta::assert_snapshot;

use super::{rez, site};

#[test]
fn without_a_word_every_family_is_listed() {
    assert_snapshot!(rez("search").told(), @r"
        exit code 0
        --- stdout
        maya
        nuke
        python
        qt
        tool
        usd
        --- stderr
        ");
}

#[test]
fn a_family_is_listed_by_its_packages_and_a_range_narrows_them() {
    assert_snapshot!(rez("search python").told(), @r"
        exit code 0
        --- stdout
        python-3.9.7
        python-3.10.1
        python-3.11.4
        --- stderr
        ");
    assert_snapshot!(rez("search python-3.10+").stdout, @r"
        python-3.10.1
        python-3.11.4
        ");
    assert_snapshot!(rez("search python --latest").stdout, @"python-3.11.4");
    assert_snapshot!(rez("search [nq]*").stdout, @r"
        nuke
        qt
        ");
    assert_snapshot!(rez("search [nq]* --type package -v").stdout, @r"
        nuke-15.0  [folder]/packages
        qt-5.15    [folder]/packages
        qt-6.5     [folder]/packages
        ");
    assert_snapshot!(rez("search nuke --type variant").stdout, @r"
        nuke-15.0[0]
        nuke-15.0[1]
        ");
}

#[test]
fn times_narrow_a_search() {
    assert_snapshot!(rez("search python --before 1650000000").stdout, @"python-3.9.7");
    assert_snapshot!(rez("search python --after 1650000000").stdout, @r"
        python-3.10.1
        python-3.11.4
        ");
}

#[test]
fn what_is_not_there_is_a_no_and_what_is_close_is_offered() {
    assert_snapshot!(rez("search pyhton").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: no family was found

        hint: did you mean `python`?
        ");
    assert_snapshot!(rez("search python-4").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: no package was found
        ");
    assert_snapshot!(rez("search --errors --type package").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: no package with an error was found
        ");
}

#[test]
fn errors_are_searched_for() {
    let place = site()
        .file("packages/broken/1.0/package.py", "requires = [")
        .file("packages/broken/2.0/package.py", "requires = ['python..3']");
    assert_snapshot!(place.run("rez search broken --errors").told(), @r"
        exit code 0
        --- stdout
        broken-1.0
          error: [folder]/packages/broken/1.0/package.py:1: this is not Python (column 12): this bracket is never closed: expected `]`
        broken-2.0
          error: `python..3` is no package request: `python..3` is no package name; letters, digits and underscores are, with single dots between
        --- stderr
        ");
}

#[test]
fn a_search_is_data_for_programs() {
    assert_snapshot!(rez("search nuke --json").stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.rez-search",
            "version": 1
          },
          "type": "package",
          "results": [
            {
              "name": "nuke",
              "version": "15.0",
              "repository": "[folder]/packages",
              "requires": [],
              "variants": [
                [
                  "python-3.9"
                ],
                [
                  "python-3.10"
                ]
              ]
            }
          ]
        }
        "#);
}

#[test]
fn dependents_stand_by_their_distance_with_what_they_ask_for() {
    assert_snapshot!(rez("depends python").told(), @r"
        exit code 0
        --- stdout
        #0: python
        #1:
          maya-2025.0  needs python-3.11
          nuke-15.0    needs python-3.10 python-3.9
          qt-6.5       needs python-3.10+
          usd-23.11    needs python-3+<3.11
        #2:
          tool-1.0     needs maya
        --- stderr
        ");
    assert_snapshot!(rez("depends qt --depth 1").stdout, @r"
        #0: qt
        #1:
          maya-2025.0  needs qt-6
        ");
    assert_snapshot!(rez("depends tool").stdout, @"#0: tool");
    assert_snapshot!(rez("depends pyton").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no package `pyton`
        cause: searched: packages

        hint: did you mean `python`?
        ");
}

#[test]
fn dependents_are_a_graph_and_a_document() {
    assert_snapshot!(rez("depends qt --print-graph").stdout, @r#"
        digraph g {
          "qt";
          "maya" -> "qt" [label="qt-6"];
          "tool" -> "maya" [label="maya"];
        }
        "#);
    assert_snapshot!(rez("depends maya --json").stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.rez-depends",
            "version": 1
          },
          "package": "maya",
          "levels": [
            [
              {
                "name": "tool",
                "version": "1.0",
                "requests": [
                  "maya"
                ]
              }
            ]
          ],
          "unread": []
        }
        "#);
}

#[test]
fn a_package_that_cannot_be_read_is_left_out_with_a_word() {
    let place = site().file("packages/broken/1.0/package.py", "requires = [");
    assert_snapshot!(place.run("rez depends maya").told(), @r"
        exit code 0
        --- stdout
        #0: maya
        #1:
          tool-1.0  needs maya
        --- stderr
        warning: broken-1.0 was left out: [folder]/packages/broken/1.0/package.py:1: this is not Python (column 12): this bracket is never closed: expected `]`
        ");
}
