//! What is emitted from a lock is what is emitted live, byte for byte, in every format.

use super::{channel, fine, wheels};
use crate::Place;
use crate::pypi::{bundles, house};
use crate::rez::publish;

/// Nothing that could be asked is there any more: no studio, no wheels, no channel.
fn without_sources(place: &Place) -> Place {
    let lock = place.read("ayon.lock");
    Place::new()
        .file("ayon.lock", &lock)
        .variable("AYON_RESOLVE_OFFLINE", "1")
}

/// Emits live and from the lock, and compares all files.
fn same(place: &Place, bare: &Place, live: &str, words: &str) {
    let folder = format!("{}/", words.replace([' ', '-', '/', ','], "_"));
    fine(place, &format!("{live} {words} -o {folder}"));
    fine(bare, &format!("emit --lock ayon.lock {words} -o {folder}"));
    let names = |place: &Place| {
        let entries = std::fs::read_dir(place.path().join(&folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    assert_eq!(names(place), names(bare), "{words}");
    assert!(!names(place).is_empty());
    for name in names(place) {
        let read = |place: &Place| place.read(&format!("{folder}{name}"));
        assert_eq!(read(place), read(bare), "{words}: {name}");
    }
}

#[test]
fn venv() {
    let place = wheels();
    fine(
        &place,
        "lock --bundle staging --emit venv --platform linux-64,win-64",
    );
    let bare = without_sources(&place);
    let live = "--bundle staging";
    for format in ["spec", "pylock", "requirements"] {
        for targets in ["linux-64", "linux-64,win-64", "win-64,linux-64"] {
            // Wheels on disk are told relative to the lock, which is elsewhere.
            let words =
                format!("--emit venv --format {format} --platform {targets} --absolute-paths");
            same(&place, &bare, live, &words);
        }
    }
    for half in ["dependencies", "runtime"] {
        let words = format!("--emit venv --format requirements --platform linux-64 --only {half}");
        same(&place, &bare, live, &words);
    }
    // Specifications are there for everybody.
    for backend in ["conda", "rez"] {
        same(
            &place,
            &bare,
            live,
            &format!("--emit {backend} --platform linux-64,win-64"),
        );
    }
    // In one file, and shown.
    fine(
        &place,
        "--bundle staging --emit venv --format pylock --platform linux-64,win-64 --absolute-paths -o pylock.toml",
    );
    fine(
        &bare,
        "--frozen --emit venv --format pylock --platform linux-64,win-64 --absolute-paths -o pylock.toml",
    );
    assert_eq!(place.read("pylock.toml"), bare.read("pylock.toml"));
    for words in ["--platform win-64", "--platform win-64 --json"] {
        let live = fine(&place, &format!("--bundle staging {words}")).stdout;
        assert_eq!(fine(&bare, &format!("--frozen {words}")).stdout, live);
    }
}

#[test]
fn conda() {
    let records: &[(&str, &str, &[&str])] = &[
        ("python", "3.11.9", &["openssl >=3"]),
        ("openssl", "3.3.0", &[]),
        ("pip", "24.0", &["python >=3.8"]),
        ("pillow", "9.5.0", &["python >=3.11,<3.12.0a0"]),
        ("psutil", "7.1.0", &["python >=3.11,<3.12.0a0"]),
        ("jsonschema", "2.6.0", &["python"]),
        ("six", "1.16.0", &["python"]),
    ];
    // The launcher has another six than the newest.
    let mut releases = bundles::ASKED.to_vec();
    releases.push(("six", "1.16.0", &[]));
    let server = house::Server::start(&releases, &[]);
    let place = channel(Place::new(), records)
        .variable("AYON_RESOLVE_STUDIO", "sample")
        .variable("AYON_RESOLVE_INDEX_URL", &server.url())
        .variable("AYON_RESOLVE_CHANNEL", "[folder]/channel")
        .variable("AYON_RESOLVE_PLATFORM", "linux-64");
    fine(&place, "lock --bundle staging --emit conda");
    let bare = without_sources(&place).variable("AYON_RESOLVE_PLATFORM", "linux-64");
    for format in [
        "environment-yml",
        "explicit",
        "pixi-lock",
        "conda-lock",
        "deadline",
    ] {
        same(
            &place,
            &bare,
            "--bundle staging",
            &format!("--emit conda --format {format}"),
        );
    }
}

#[test]
fn rez() {
    let place = publish::place();
    fine(
        &place,
        &format!("{} --host maya/2024 --time 1745000000", publish::PUBLISH),
    );
    let target = "--platform linux-64 --host maya/2024";
    let studio = "--studio sample --bundle staging";
    fine(&place, &format!("lock {studio} {target} --emit rez"));
    let contexts = |words: &str| {
        let text = fine(&place, words).stdout;
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut value = value.as_object().unwrap().clone();
        // When it was made, and how long that took, is no part of the answer.
        assert!(value.remove("created").is_some() && value.remove("timestamp").is_some());
        value
    };
    let emit = format!("{target} --emit rez --format context");
    assert_eq!(
        contexts(&format!("--frozen {emit}")),
        contexts(&format!("{studio} {emit}"))
    );
}

#[test]
fn only_what_was_solved_is_emitted_as_such() {
    let place = bundles::place(bundles::ASKED);
    fine(
        &place,
        "lock --bundle staging --emit venv --platform linux-64",
    );
    let refused = place.run("emit --frozen --emit conda --format explicit");
    insta::assert_snapshot!(refused.told(), @"
        exit code 2
        --- stdout
        --- stderr
        error: the lock `ayon.lock` cannot be used
        cause: the lock has what venv chose, and nothing of conda; lock again with `--emit conda`, or emit what venv writes
        ");
    let refused = place.run("--frozen --emit venv --platform osx-arm64");
    insta::assert_snapshot!(refused.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock `ayon.lock` cannot be used
    cause: the lock has nothing for launcher on osx-arm64, only for launcher on linux-64; lock again with that target
    ");
    let refused = place.run("--frozen --bundle studio-production --emit venv");
    insta::assert_snapshot!(refused.told(), @"
    exit code 2
    --- stdout
    --- stderr
    error: the lock `ayon.lock` cannot be used
    cause: the lock is for bundle studio-staging, not for bundle studio-production; lock bundle studio-production, or name its own lock
    ");
    // The lock's own bundle by any of its names.
    for words in ["--bundle staging", "--bundle studio-staging", "--staging"] {
        assert_eq!(
            place.run(&format!("--frozen {words} --emit venv")).code,
            Some(0),
            "{words}"
        );
    }
}
