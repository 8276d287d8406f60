//! What is chosen, and what is said about it.

use insta::assert_snapshot;

use super::{lock, place, plain, told};

#[test]
fn requirements_become_a_lock() {
    let place = place().file(
        "reqs.in",
        "# what the tracker needs\nftrack-python-api\nrequests >=2 ; python_version >= '3.9'\n",
    );
    let outcome = lock(&place, "reqs.in -o pylock.toml");
    assert_snapshot!(told(&outcome), @r"
        exit code 0
        --- stdout
        --- stderr
        clique is held at 1.6.1 by ftrack-python-api 3.1.0 (clique<2); 2.0.0 exists
        websocket-client is held at 0.59.0 by ftrack-python-api 3.1.0 (websocket-client<1); 1.8.0 exists
        Locked 6 packages for linux x86_64, glibc 2.28 in [time]
        Wrote pylock.toml
        ");
    assert_snapshot!(plain(&place.read("pylock.toml")), @r#"
        lock-version = "1.0"
        environments = ["sys_platform == 'linux' and platform_machine == 'x86_64' and implementation_name == 'cpython' and python_full_version >= '3.11' and python_full_version < '3.12'"]
        requires-python = ">=3.11,<3.12"
        created-by = "ayon-resolve"

        [[packages]]
        name = "clique"
        version = "1.6.1"
        wheels = [
            { name = "clique-1.6.1-py3-none-any.whl", path = "wheels/clique-1.6.1-py3-none-any.whl", size = 617, hashes = { sha256 = "[hash]" } },
        ]

        [packages.tool.ayon-resolve]
        held-back = { newest = "2.0.0", by = ["ftrack-python-api 3.1.0 (clique<2)"] }

        [[packages]]
        name = "ftrack-python-api"
        version = "3.1.0"
        dependencies = [
            { name = "clique" },
            { name = "websocket-client" },
        ]
        wheels = [
            { name = "ftrack_python_api-3.1.0-py3-none-any.whl", path = "wheels/ftrack_python_api-3.1.0-py3-none-any.whl", size = 774, hashes = { sha256 = "[hash]" } },
        ]

        [packages.tool.ayon-resolve]
        wanted-by = [
            { who = "reqs.in:2", requirement = "ftrack-python-api" },
        ]

        [[packages]]
        name = "idna"
        version = "3.7"
        wheels = [
            { name = "idna-3.7-py3-none-any.whl", path = "wheels/idna-3.7-py3-none-any.whl", size = 585, hashes = { sha256 = "[hash]" } },
        ]

        [[packages]]
        name = "requests"
        version = "2.32.0"
        dependencies = [
            { name = "idna" },
            { name = "urllib3" },
        ]
        wheels = [
            { name = "requests-2.32.0-py3-none-any.whl", path = "wheels/requests-2.32.0-py3-none-any.whl", size = 687, hashes = { sha256 = "[hash]" } },
        ]

        [packages.tool.ayon-resolve]
        wanted-by = [
            { who = "reqs.in:3", requirement = "requests>=2 ; python_version >= \"3.9\"" },
        ]

        [[packages]]
        name = "urllib3"
        version = "2.2.0"
        wheels = [
            { name = "urllib3-2.2.0-py3-none-any.whl", path = "wheels/urllib3-2.2.0-py3-none-any.whl", size = 626, hashes = { sha256 = "[hash]" } },
        ]

        [[packages]]
        name = "websocket-client"
        version = "0.59.0"
        wheels = [
            { name = "websocket_client-0.59.0-py3-none-any.whl", path = "wheels/websocket_client-0.59.0-py3-none-any.whl", size = 714, hashes = { sha256 = "[hash]" } },
        ]

        [packages.tool.ayon-resolve]
        held-back = { newest = "1.8.0", by = ["ftrack-python-api 3.1.0 (websocket-client<1)"] }

        [tool.ayon-resolve]
        platforms = ["linux x86_64, glibc 2.28"]
        "#);
}

#[test]
fn requirements_may_be_typed_and_come_out_hashed() {
    let outcome = lock(
        &place(),
        "requests>=2 ayon-python-api --format requirements",
    );
    assert_snapshot!(told(&outcome), @r"
        exit code 0
        --- stdout
        ayon-python-api==1.2.25 \
            --hash=sha256:[hash]
            # via your request
        idna==3.7 \
            --hash=sha256:[hash]
            # via requests 2.32.0
        requests==2.32.0 \
            --hash=sha256:[hash]
            # via ayon-python-api 1.2.25
            # via your request
        urllib3==2.2.0 \
            --hash=sha256:[hash]
            # via requests 2.32.0
        websocket-client==1.8.0 \
            --hash=sha256:[hash]
            # via ayon-python-api 1.2.25
        --- stderr
        Locked 5 packages for linux x86_64, glibc 2.28 in [time]
        ");
}

#[test]
fn the_order_of_requirements_changes_nothing() {
    let place = place();
    let one = lock(
        &place,
        "ftrack-python-api requests ayon-python-api clique --json",
    );
    let other = lock(
        &place,
        "clique ayon-python-api requests ftrack-python-api --json",
    );
    assert_eq!(one.code, Some(0), "{one:?}");
    assert_eq!(one.stdout, other.stdout);
}

#[test]
fn a_lock_is_kept_to_until_somebody_says_otherwise() {
    let place = place().file("reqs.in", "requests<2.32\n");
    assert_eq!(lock(&place, "reqs.in -o pylock.toml").code, Some(0));
    let first = place.read("pylock.toml");
    assert!(first.contains("2.31.0"), "{first}");
    let place = place.file("reqs.in", "requests\n");
    let again = lock(&place, "reqs.in -o pylock.toml");
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(place.read("pylock.toml").contains("2.31.0"));
    let other = lock(&place, "reqs.in -o pylock.toml --upgrade-package idna");
    assert_eq!(other.code, Some(0), "{other:?}");
    assert!(place.read("pylock.toml").contains("2.31.0"));
    for words in ["--upgrade-package requests", "--upgrade"] {
        let place = place_with_old(&first);
        let outcome = lock(&place, &format!("reqs.in -o pylock.toml {words}"));
        assert!(
            outcome.stderr.contains("requests 2.31.0 -> 2.32.0"),
            "{outcome:?}"
        );
        assert!(place.read("pylock.toml").contains("2.32.0"));
    }
}

fn place_with_old(lock: &str) -> crate::Place {
    place()
        .file("reqs.in", "requests\n")
        .file("pylock.toml", lock)
}

#[test]
fn the_same_question_gives_the_same_bytes_and_writes_nothing() {
    let place = place().file("reqs.in", "ftrack-python-api\nayon-python-api\n");
    for file in ["pylock.toml", "requirements.txt", "lock.json"] {
        let words = format!("reqs.in -o {file}");
        assert_eq!(lock(&place, &words).code, Some(0));
        let first = place.read(file);
        let again = lock(&place, &words);
        assert!(
            again.stderr.contains(&format!("{file} is as it was")),
            "{again:?}"
        );
        assert_eq!(place.read(file), first);
    }
}

#[test]
fn constraints_overrides_and_exclusions_shape_the_answer() {
    let place = place()
        .file("reqs.in", "ftrack-python-api\n-c limits.txt\n")
        .file("limits.txt", "clique<1.7\nnumpy<2\n")
        .file("instead.txt", "websocket-client>=1\n");
    let outcome = lock(
        &place,
        "reqs.in --override instead.txt --exclude clique --format requirements",
    );
    assert_snapshot!(told(&outcome), @r"
        exit code 0
        --- stdout
        ftrack-python-api==3.1.0 \
            --hash=sha256:[hash]
            # via reqs.in:1
        websocket-client==1.8.0 \
            --hash=sha256:[hash]
            # via ftrack-python-api 3.1.0
        --- stderr
        Locked 2 packages for linux x86_64, glibc 2.28 in [time]
        ");
}

#[test]
fn pre_releases_and_the_lowest_versions_are_there_for_who_asks() {
    let versions = |words: &str| {
        let outcome = lock(
            &place(),
            &format!("requests {words} --format requirements -q"),
        );
        let lines = outcome.stdout.lines();
        let pins = lines.filter(|line| line.contains("=="));
        pins.map(|line| line.trim_end_matches(" \\").to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_snapshot!(versions(""), @"idna==3.7 requests==2.32.0 urllib3==2.2.0");
    assert_snapshot!(versions("--prerelease allow"), @"requests==3.0.0rc1 urllib3==2.2.0");
    assert_snapshot!(versions("--resolution lowest"), @"idna==3.7 requests==2.31.0 urllib3==2.2.0");
}

#[test]
fn one_run_serves_several_platforms() {
    let outcome = lock(
        &place(),
        "requests -o locks/ --platform linux-64,win-64,osx-arm64",
    );
    assert_snapshot!(told(&outcome), @r"
        exit code 0
        --- stdout
        --- stderr
        Locked 3 packages for linux x86_64, glibc 2.28 and windows amd64 and macos arm64, macOS 13.0 in [time]
        Wrote locks/pylock.linux-64.toml
        Wrote locks/pylock.win-64.toml
        Wrote locks/pylock.osx-arm64.toml
        ");
}

#[test]
fn programs_get_a_document() {
    let outcome = lock(&place(), "clique<2 --json");
    assert_snapshot!(plain(&outcome.stdout), @r#"
        {
          "schema": {
            "name": "ayon-resolve.pypi-lock",
            "version": 1
          },
          "files": [],
          "locks": [
            {
              "platform": "linux x86_64, glibc 2.28",
              "marker": "sys_platform == 'linux' and platform_machine == 'x86_64' and implementation_name == 'cpython' and python_full_version >= '3.11' and python_full_version < '3.12'",
              "requiresPython": ">=3.11,<3.12",
              "packages": [
                {
                  "name": "clique",
                  "version": "1.6.1",
                  "files": [
                    {
                      "name": "clique-1.6.1-py3-none-any.whl",
                      "path": "[folder]/wheels/clique-1.6.1-py3-none-any.whl",
                      "size": 617,
                      "hashes": {
                        "sha256": "[hash]"
                      }
                    }
                  ],
                  "dependencies": [],
                  "wantedBy": [
                    {
                      "who": "your request",
                      "requirement": "clique<2",
                      "isRoot": true
                    }
                  ],
                  "heldBack": {
                    "newest": "2.0.0",
                    "by": [
                      "your request (clique<2)"
                    ]
                  }
                }
              ]
            }
          ]
        }
        "#);
}
