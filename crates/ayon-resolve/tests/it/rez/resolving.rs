//! `rez env` and `rez why`.

use insta::assert_snapshot;

use super::{rez, site};

#[test]
fn a_resolve_is_a_list_of_packages() {
    assert_snapshot!(rez("env maya").told(), @r"
        exit code 0
        --- stdout
        python-3.11.4  [folder]/packages
        qt-6.5         [folder]/packages
        maya-2025.0    [folder]/packages
        --- stderr
        ");
    assert_snapshot!(rez("env nuke usd").told(), @r"
        exit code 0
        --- stdout
        python-3.10.1  [folder]/packages
        nuke-15.0[1]   [folder]/packages
        usd-23.11      [folder]/packages
        .feature-1+    ephemeral
        --- stderr
        ");
    assert_snapshot!(rez("env maya --time 1650000000").told(), @r"
        exit code 0
        --- stdout
        python-3.10.1  [folder]/packages
        qt-5.15        [folder]/packages
        maya-2024.1    [folder]/packages
        --- stderr
        ");
    assert_snapshot!(rez("env python --exclude python-3.11").told(), @r"
        exit code 0
        --- stdout
        python-3.10.1  [folder]/packages
        --- stderr
        ");
    let stats = rez("env maya --stats").stderr;
    assert!(stats.ends_with(" ms; steps: 2, failed: 0\n"), "{stats}");
}

#[test]
fn a_refusal_tells_who_is_against_whom() {
    assert_snapshot!(rez("env maya-2025 nuke").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: `maya-2025 nuke` cannot be had together

          python
            maya-2025.0   needs  python-3.11
            nuke-15.0[0]  needs  python-3.9
            nuke-15.0[1]  needs  python-3.10

        hint: `maya-2024.1` in place of `maya-2025` would do
        ");
    assert_snapshot!(rez("env maya-2025 nuke -v").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: `maya-2025 nuke` cannot be had together

          python
            maya-2025.0   needs  python-3.11
            nuke-15.0[0]  needs  python-3.9
            nuke-15.0[1]  needs  python-3.10

        rez says:
        The following package conflicts occurred: (python-3.11 <--!--> python-3.9|3.10)

        hint: `maya-2024.1` in place of `maya-2025` would do
        ");
    assert_snapshot!(rez("env maya !maya").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: `maya !maya` cannot be had together

          maya
            your request  needs   maya
            your request  avoids  maya

        hint: without `maya` the rest resolves
        hint: without `!maya` the rest resolves
        ");
}

#[test]
fn a_resolve_is_data_for_programs() {
    assert_snapshot!(rez("env nuke usd --json").stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.rez-env",
            "version": 1
          },
          "status": "solved",
          "requests": [
            "nuke",
            "usd"
          ],
          "implicit": [],
          "packagePaths": [
            "packages"
          ],
          "packages": [
            {
              "name": "python",
              "version": "3.10.1",
              "variant": null,
              "repository": "[folder]/packages",
              "requires": []
            },
            {
              "name": "nuke",
              "version": "15.0",
              "variant": 1,
              "repository": "[folder]/packages",
              "requires": [
                "python-3.10"
              ]
            },
            {
              "name": "usd",
              "version": "23.11",
              "variant": null,
              "repository": "[folder]/packages",
              "requires": [
                "python-3+<3.11",
                ".feature-1+"
              ]
            }
          ],
          "ephemerals": [
            ".feature-1+"
          ],
          "statistics": {
            "solves": 2,
            "fails": 0
          }
        }
        "#);
    let outcome = rez("env maya-2025 nuke --json");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let document = outcome.json();
    assert_eq!(document["resolve"]["status"], "failed");
}

#[test]
fn a_context_is_written_and_read_and_patched() {
    let place = site();
    let written = place.run("rez env maya-2024 -o maya.rxt");
    assert_snapshot!(written.told(), @r"
        exit code 0
        --- stdout
        --- stderr
        Wrote maya.rxt
        ");
    assert_snapshot!(place.run("rez env --input maya.rxt").told(), @r"
        exit code 0
        --- stdout
        python-3.10.1  [folder]/packages
        qt-5.15        [folder]/packages
        maya-2024.1    [folder]/packages
        --- stderr
        ");
    assert_snapshot!(place.run("rez env --input maya.rxt --patch maya-2025").told(), @r"
        exit code 0
        --- stdout
        python-3.11.4  [folder]/packages
        qt-6.5         [folder]/packages
        maya-2025.0    [folder]/packages
        --- stderr
        ");
    assert_snapshot!(place.run("rez env --input maya.rxt --patch ^maya python").told(), @r"
        exit code 0
        --- stdout
        python-3.11.4  [folder]/packages
        --- stderr
        ");
    assert_snapshot!(place.run("rez env --input maya.rxt --patch nuke --strict").told(), @r"
        exit code 0
        --- stdout
        python-3.10.1  [folder]/packages
        qt-5.15        [folder]/packages
        maya-2024.1    [folder]/packages
        nuke-15.0[1]   [folder]/packages
        --- stderr
        ");
    let piped = place.run("rez env maya-2024 -o -");
    assert_eq!((piped.code, piped.stderr.as_str()), (Some(0), ""));
    assert_eq!(piped.json()["status"], "solved");
}

#[test]
fn what_failed_is_written_too_as_rez_does() {
    let place = site();
    let outcome = place.run("rez env maya-2025 nuke -o failed.rxt");
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert_snapshot!(place.run("rez env --input failed.rxt").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: there is no such resolve

        The following package conflicts occurred: (python-3.11 <--!--> python-3.9|3.10)
        ");
}

#[test]
fn why_names_every_way_and_what_holds_the_version_back() {
    assert_snapshot!(rez("why python maya-2024 nuke").told(), @r"
        exit code 0
        --- stdout
        python-3.10.1
          request maya-2024 > maya-2024.1 needs python-3.10
          request nuke > nuke-15.0[1] needs python-3.10

        newer versions
          3.11.4: maya-2024.1 needs python-3.10, nuke-15.0[1] needs python-3.10
        --- stderr
        ");
    assert_snapshot!(rez("why python tool").told(), @r"
        exit code 0
        --- stdout
        python-3.11.4
          request tool > tool-1.0 needs maya > maya-2025.0 needs python-3.11
          request tool > tool-1.0 needs maya > maya-2025.0 needs qt-6 > qt-6.5 needs python-3.10+

        no newer version is there
        --- stderr
        ");
    assert_snapshot!(rez("why python maya-2024 --time 1650000000").told(), @r"
        exit code 0
        --- stdout
        python-3.10.1
          request maya-2024 > maya-2024.1 needs python-3.10

        newer versions
          3.11.4: maya-2024.1 needs python-3.10
        --- stderr
        ");
    assert_snapshot!(rez("why nuke maya").told(), @r"
        exit code 1
        --- stdout
        --- stderr
        error: `nuke` is not in the resolve
        ");
    assert_snapshot!(rez("why qt maya-2024 --json").stdout, @r#"
        {
          "schema": {
            "name": "ayon-resolve.rez-why",
            "version": 1
          },
          "package": "qt",
          "version": "5.15",
          "variant": null,
          "paths": [
            {
              "request": "maya-2024",
              "steps": [
                {
                  "package": "maya-2024.1",
                  "needs": "qt-5"
                }
              ]
            }
          ],
          "morePaths": false,
          "newer": [
            {
              "version": "6.5",
              "hindrance": {
                "kind": "requirements",
                "asking": [
                  {
                    "package": "maya-2024.1",
                    "needs": "qt-5"
                  }
                ]
              }
            }
          ]
        }
        "#);
}

#[test]
fn why_reads_a_context() {
    let place = site();
    assert_eq!(place.run("rez env tool -o tool.rxt").code, Some(0));
    assert_snapshot!(place.run("rez why qt --input tool.rxt").told(), @r"
        exit code 0
        --- stdout
        qt-6.5
          request tool > tool-1.0 needs maya > maya-2025.0 needs qt-6

        no newer version is there
        --- stderr
        ");
}

#[test]
fn flags_are_taken_as_rez_and_its_plugin_write_them() {
    let older = rez("env maya-2024");
    assert_eq!(older.code, Some(0), "{older:?}");
    for words in [
        "env --exclude=maya-2025 maya",
        "env --exclude=maya-2025 --exclude=regex(nuke.*) maya",
        "env maya --exclude maya-2025 regex(nuke.*)",
        "env maya --exclude python-3.11 maya-2025 --include python-3.11",
        "env --max-fails=-1 --nl --ni --build --exclude=maya-2025 -- maya",
        "env !maya-2025 maya ~nuke-15",
    ] {
        let outcome = rez(words);
        assert_eq!(
            (outcome.code, &outcome.stdout),
            (Some(0), &older.stdout),
            "{words}: {outcome:?}"
        );
    }
    for words in ["env python -t 1699999999", "env --time=1699999999 python"] {
        assert_eq!(rez(words).stdout, rez("env python-3.10").stdout, "{words}");
    }
    let place = site().variable("AYON_RESOLVE_EXCLUDE", "maya-2025 regex(nuke.*)");
    assert_eq!(place.run("rez env maya").stdout, older.stdout);
}

#[test]
fn the_site_is_what_rez_is_configured_with() {
    let configured = |file: &str, text: &str| {
        let place = site().file(file, text);
        let mut command = place.command("", &["rez", "env", "maya"]);
        command
            .env_remove("AYON_RESOLVE_PATHS")
            .env_remove("AYON_RESOLVE_NO_IMPLICIT")
            .env("REZ_CONFIG_FILE", file);
        place.outcome(command.output().unwrap()).told()
    };
    assert_snapshot!(configured("settings.yaml", "packages_path: [packages]\nimplicit_packages: ['!maya-2025']\n"), @r"
        exit code 0
        --- stdout
        python-3.10.1  [folder]/packages
        qt-5.15        [folder]/packages
        maya-2024.1    [folder]/packages
        --- stderr
        ");
    assert_snapshot!(configured("settings.py", "packages_path = ['packages']\nimplicit_packages = []\npackage_filter = {'excludes': ['glob(maya-2025*)']}\n"), @r"
        exit code 0
        --- stdout
        python-3.10.1  [folder]/packages
        qt-5.15        [folder]/packages
        maya-2024.1    [folder]/packages
        --- stderr
        ");
    assert_snapshot!(configured("wrong.py", "packages_path = ['packages']\nimplicit_packages = ['maya-']\npackage_filter = [{'excludes': ['glub(x)']}]\n"), @r"
        exit code 2
        --- stdout
        --- stderr
        error: `package_filter` of rez's settings: package_filter[0].excludes[0]: `glub(x)` is no rule of a package filter: `glub` is no type; there are glob, regex, range, before and after
        ");
}
