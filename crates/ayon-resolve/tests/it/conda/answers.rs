//! What is chosen, and the files that it is written to.

use insta::assert_snapshot;

use super::{conda, place, plain, told, with_channel};
use crate::Place;

#[test]
fn what_is_chosen_is_listed() {
    assert_snapshot!(told(&conda(&place(), "solve numba")), @"
    exit code 0
    --- stdout
    4 packages for linux-64
      numba    0.57.0  h0_0  file://[folder]/forge/noarch
      numpy    1.26.4  h0_0  file://[folder]/forge/linux-64
      openssl  3.3.0   h0_0  file://[folder]/forge/linux-64
      python   3.11.9  h0_0  file://[folder]/forge/linux-64
    --- stderr
    ");
}

#[test]
fn verbose_says_who_asks() {
    assert_snapshot!(told(&conda(&place(), "solve|numba|python <3.12|-v")), @"
    exit code 0
    --- stdout
    4 packages for linux-64
      numba    0.57.0  h0_0  file://[folder]/forge/noarch
        your request needs numba
      numpy    1.26.4  h0_0  file://[folder]/forge/linux-64
        numba needs numpy <2
      openssl  3.3.0   h0_0  file://[folder]/forge/linux-64
        python needs openssl >=3
      python   3.11.9  h0_0  file://[folder]/forge/linux-64
        your request needs python <3.12
        numba needs python
        numpy needs python >=3.11,<3.12.0a0
    --- stderr
    ");
}

#[test]
fn a_choice_in_json_has_everything() {
    let outcome = conda(&place(), "solve blender --json");
    assert_snapshot!(told(&outcome), @r#"
    exit code 0
    --- stdout
    {
      "schema": {
        "name": "ayon-resolve.conda-solution",
        "version": 1
      },
      "channels": [
        "file://[folder]/forge/"
      ],
      "platforms": [
        {
          "platform": "linux-64",
          "virtualPackages": [
            "__archspec=1=x86_64",
            "__glibc=2.28=0",
            "__linux=4.18=0",
            "__unix=0=0"
          ],
          "packages": [
            {
              "name": "blender",
              "version": "3.6.5",
              "build": "h0_0",
              "url": "file://[folder]/forge/linux-64/blender-3.6.5-h0_0.conda",
              "sha256": "[hash]",
              "size": 1000,
              "wantedBy": [
                {
                  "by": "your request",
                  "asks": "blender"
                }
              ]
            },
            {
              "name": "openssl",
              "version": "3.3.0",
              "build": "h0_0",
              "url": "file://[folder]/forge/linux-64/openssl-3.3.0-h0_0.conda",
              "sha256": "[hash]",
              "size": 1000,
              "wantedBy": [
                {
                  "by": "python",
                  "asks": "openssl >=3"
                }
              ]
            },
            {
              "name": "python",
              "version": "3.11.9",
              "build": "h0_0",
              "url": "file://[folder]/forge/linux-64/python-3.11.9-h0_0.conda",
              "sha256": "[hash]",
              "size": 1000,
              "wantedBy": [
                {
                  "by": "blender",
                  "asks": "python 3.11.*"
                }
              ]
            }
          ]
        }
      ]
    }
    --- stderr
    "#);
}

#[test]
fn a_list_of_urls_is_the_usual_lock() {
    assert_snapshot!(told(&conda(&place(), "lock blender")), @"
    exit code 0
    --- stdout
    # platform: linux-64
    @EXPLICIT
    file://[folder]/forge/linux-64/openssl-3.3.0-h0_0.conda#sha256:[hash]
    file://[folder]/forge/linux-64/python-3.11.9-h0_0.conda#sha256:[hash]
    file://[folder]/forge/linux-64/blender-3.6.5-h0_0.conda#sha256:[hash]
    --- stderr
    ");
}

#[test]
fn the_name_of_the_file_says_the_format() {
    let place = place();
    let written = |words: &str, name: &str| {
        let outcome = conda(&place, words);
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        plain(&place.read(name)).replace(place.path().to_str().unwrap(), "[folder]")
    };
    assert_snapshot!(written("lock openssl -o pixi.lock", "pixi.lock"), @"
    version: 7
    platforms:
    - name: linux-64
      virtual-packages:
      - __archspec=1=x86_64
      - __glibc=2.28=0
      - __linux=4.18=0
      - __unix=0=0
    environments:
      default:
        channels:
        - url: file://[folder]/forge/
        packages:
          linux-64:
          - conda: [folder]/forge/linux-64/openssl-3.3.0-h0_0.conda
    packages:
    - conda: [folder]/forge/linux-64/openssl-3.3.0-h0_0.conda
      subdir: linux-64
      sha256: [hash]
      channel: file://[folder]/forge
      size: 1000
      timestamp: 1700000000000
    ");
    assert_snapshot!(written("lock openssl -o studio.conda-lock.yml", "studio.conda-lock.yml"), @r#"
    version: 1
    metadata:
      content_hash:
        linux-64: [hash]
      channels:
      - url: file://[folder]/forge/
        used_env_vars: []
      platforms:
      - linux-64
      sources: []
      custom_metadata:
        channel_priority: strict
        virtual_packages.linux-64: __archspec=1=x86_64 __glibc=2.28=0 __linux=4.18=0 __unix=0=0
    package:
    - build: h0_0
      category: main
      dependencies: {}
      hash:
        sha256: [hash]
      manager: conda
      name: openssl
      optional: false
      platform: linux-64
      url: file://[folder]/forge/linux-64/openssl-3.3.0-h0_0.conda
      version: "3.3.0"
    "#);
    assert_snapshot!(written("lock openssl -o explicit.txt", "explicit.txt"), @"
    # platform: linux-64
    @EXPLICIT
    file://[folder]/forge/linux-64/openssl-3.3.0-h0_0.conda#sha256:[hash]
    ");
    assert_snapshot!(told(&conda(&place, "lock openssl -o lock.json")), @"
    exit code 2
    --- stdout
    --- stderr
    error: what is `lock.json` to hold?

    hint: call it explicit.txt, pixi.lock or conda-lock.yml, or say `--format`
    ");
    assert_snapshot!(told(&conda(&place, "lock openssl --format pylock")), @"
    exit code 2
    --- stdout
    --- stderr
    error: `conda lock` writes no `pylock`

    hint: it writes explicit, pixi-lock or conda-lock
    ");
    assert_eq!(
        written("lock openssl --format pixi-lock -o other.txt", "other.txt"),
        written("lock openssl -o pixi.lock", "pixi.lock")
    );
}

#[test]
fn several_platforms_share_a_file_where_the_format_can() {
    let place = place();
    let outcome = conda(
        &place,
        "lock openssl --platform linux-64,win-64 --format conda-lock",
    );
    assert_snapshot!(told(&outcome), @r#"
    exit code 0
    --- stdout
    version: 1
    metadata:
      content_hash:
        linux-64: [hash]
        win-64: [hash]
      channels:
      - url: file://[folder]/forge/
        used_env_vars: []
      platforms:
      - linux-64
      - win-64
      sources: []
      custom_metadata:
        channel_priority: strict
        virtual_packages.linux-64: __archspec=1=x86_64 __glibc=2.28=0 __linux=4.18=0 __unix=0=0
        virtual_packages.win-64: __archspec=1=x86_64 __win=0=0
    package:
    - build: h0_0
      category: main
      dependencies: {}
      hash:
        sha256: [hash]
      manager: conda
      name: openssl
      optional: false
      platform: linux-64
      url: file://[folder]/forge/linux-64/openssl-3.3.0-h0_0.conda
      version: "3.3.0"
    - build: h0_0
      category: main
      dependencies: {}
      hash:
        sha256: [hash]
      manager: conda
      name: openssl
      optional: false
      platform: win-64
      url: file://[folder]/forge/win-64/openssl-3.3.0-h0_0.conda
      version: "3.3.0"
    --- stderr
    "#);
    let outcome = conda(&place, "lock openssl --platform linux-64,win-64");
    assert_snapshot!(told(&outcome), @"
    exit code 2
    --- stdout
    --- stderr
    error: there are 2 files to write: `explicit-linux-64.txt`, `explicit-win-64.txt`

    hint: name a folder for them: `-o FOLDER/`
    ");
    let outcome = conda(&place, "lock openssl --platform linux-64,win-64 -o locks/");
    assert_snapshot!(told(&outcome), @"
    exit code 0
    --- stdout
    --- stderr
    Wrote locks/explicit-linux-64.txt
    Wrote locks/explicit-win-64.txt
    ");
    assert!(
        place
            .read("locks/explicit-win-64.txt")
            .contains("/win-64/openssl-3.3.0")
    );
    let outcome = conda(&place, "solve openssl --platform linux-64,win-64,linux-64");
    assert_snapshot!(told(&outcome), @"
    exit code 0
    --- stdout
    1 package for linux-64
      openssl  3.3.0  h0_0  file://[folder]/forge/linux-64

    1 package for win-64
      openssl  3.3.0  h0_0  file://[folder]/forge/win-64
    --- stderr
    ");
}

#[test]
fn a_document_about_files_says_where_they_are() {
    let place = place();
    assert_snapshot!(told(&conda(&place, "lock openssl --json")), @r##"
    exit code 0
    --- stdout
    {
      "schema": {
        "name": "ayon-resolve.files",
        "version": 1
      },
      "files": [
        {
          "name": "explicit.txt",
          "text": "# platform: linux-64\n@EXPLICIT\nfile://[folder]/forge/linux-64/openssl-3.3.0-h0_0.conda#sha256:[hash]\n"
        }
      ]
    }
    --- stderr
    "##);
    assert_snapshot!(told(&conda(&place, "lock openssl --json -o explicit.txt")), @r#"
    exit code 0
    --- stdout
    {
      "schema": {
        "name": "ayon-resolve.files",
        "version": 1
      },
      "files": [
        {
          "name": "explicit.txt",
          "path": "explicit.txt"
        }
      ]
    }
    --- stderr
    "#);
}

#[test]
fn the_machines_are_those_that_are_solved_for() {
    let place = place();
    assert_snapshot!(told(&conda(&place, "solve torch --cuda 12.4")), @"
    exit code 0
    --- stdout
    4 packages for linux-64
      numpy    2.1.0   h0_0  file://[folder]/forge/linux-64
      openssl  3.3.0   h0_0  file://[folder]/forge/linux-64
      python   3.12.4  h0_0  file://[folder]/forge/linux-64
      torch    2.4.0   h0_0  file://[folder]/forge/linux-64
    --- stderr
    ");
    assert_snapshot!(told(&conda(&place, "solve torch")), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    the machine that is solved for does not have the __cuda that is needed:
      your request needs torch
        torch 2.4.0 needs __cuda >=12
      it has no __cuda
    it solves for a machine that has __cuda=12
    ");
    assert_snapshot!(told(&conda(&place, "solve python --glibc 2.12")), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    the machine that is solved for does not have the __glibc that is needed:
      your request needs python
        python 3.11.9 to 3.12.4 needs __glibc >=2.17
      it has __glibc 2.12
    it solves for a machine that has __glibc=2.17
    ");
}

#[test]
fn what_is_chosen_may_be_old_or_low() {
    let place = place();
    let lowest = conda(&place, "solve python --resolution lowest");
    assert!(lowest.stdout.contains("python   3.11.9"), "{lowest:?}");
    assert_snapshot!(told(&conda(&place, "solve openssl --exclude-newer 2020-01-01")), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    no openssl is what everybody asks for:
      your request needs openssl
      openssl 3.3.0 is left out: newer than the date that is asked for, or without one
      openssl 3.3.0 is there for win-64 only
    it solves if newer packages are looked at too
    ");
}

#[test]
fn priority_means_what_it_says() {
    let studio = [("linux-64", "blender", "4.1.0", &[][..])];
    let place = with_channel(place(), "studio", &studio);
    let words =
        |more: &str| format!("solve|blender 3.6.*|--channel|./studio|--channel|./forge{more}");
    assert_snapshot!(told(&conda(&place, &words(""))), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    no blender is what everybody asks for:
      your request needs blender 3.6.*
      blender 3.6.5 in file://[folder]/forge does not count: file://[folder]/studio comes first and has blender, and priority is strict
      there is blender 4.1.0 in file://[folder]/studio
    it solves if `file://[folder]/forge::blender 3.6.*` is asked (version 3.6.5 is chosen then)
    it solves if your request asks for any blender instead of `blender 3.6.*` (blender 4.1.0 is chosen then)
    ");
    for priority in ["flexible", "disabled"] {
        let outcome = conda(&place, &words(&format!("|--channel-priority|{priority}")));
        assert!(outcome.stdout.contains("3.6.5"), "{outcome:?}");
    }
    // What is said to help does.
    let helps = "solve|[folder]/forge::blender 3.6.*|--channel|./studio|--channel|./forge";
    let helps = helps.replace("[folder]", &format!("file://{}", place.path().display()));
    let named = conda(&place, &helps);
    assert!(named.stdout.contains("3.6.5"), "{named:?}");
}

#[test]
fn a_second_run_gives_the_same_bytes_from_the_cache() {
    let place = place().variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache");
    let words = "lock numba pip --format pixi-lock --platform linux-64";
    let first = conda(&place, words);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(conda(&place, words).told(), first.told());
    // A channel that says something else is asked anew.
    let place = with_channel(place, "forge", &[("linux-64", "openssl", "3.4.0", &[])]);
    let other = conda(&place, "solve openssl");
    assert!(other.stdout.contains("3.4.0"), "{other:?}");
    assert_eq!(conda(&place, words).code, Some(1));
}

#[test]
fn settings_say_what_flags_say() {
    let place = with_channel(Place::new(), "forge", super::FORGE).file(
        "ayon-resolve.toml",
        "platform = [\"win-64\"]\n\n[conda]\nchannels = [\"./forge\"]\n",
    );
    let outcome = conda(&place, "solve openssl");
    assert_snapshot!(told(&outcome), @"
    exit code 0
    --- stdout
    1 package for win-64
      openssl  3.3.0  h0_0  file://[folder]/forge/win-64
    --- stderr
    ");
}
