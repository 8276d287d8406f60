//! `pypi lock`, on folders of wheels and small indexes that the tests make themselves.

mod answers;
pub(crate) mod bundles;
mod caches;
pub(crate) mod house;
mod indexes;
mod mistakes;
mod outputs;

use crate::{Outcome, Place};
use house::wheel;

/// What a small studio uses: name, version, and what it needs.
const STUDIO: &[(&str, &str, &[&str])] = &[
    ("clique", "1.6.1", &[]),
    ("clique", "2.0.0", &[]),
    (
        "ftrack-python-api",
        "3.0.0",
        &["clique<2", "websocket-client>=0.40"],
    ),
    (
        "ftrack-python-api",
        "3.1.0",
        &["clique<2", "websocket-client<1"],
    ),
    ("websocket-client", "0.59.0", &[]),
    ("websocket-client", "1.8.0", &[]),
    ("requests", "2.31.0", &["urllib3<3", "idna"]),
    ("requests", "2.32.0", &["urllib3<3", "idna"]),
    ("requests", "3.0.0rc1", &["urllib3<3"]),
    ("urllib3", "2.2.0", &[]),
    ("idna", "3.7", &[]),
    ("ayon-python-api", "1.2.24", &["requests>=2.27"]),
    (
        "ayon-python-api",
        "1.2.25",
        &["requests>=2.27", "websocket-client>=1"],
    ),
];

/// A place with the folder `wheels`, from which `pypi lock` takes everything for Python 3.11 on 64-bit Linux.
fn place() -> Place {
    with_wheels(Place::new(), "wheels", STUDIO)
        .variable("AYON_RESOLVE_NO_INDEX", "1")
        .variable("AYON_RESOLVE_FIND_LINKS", "[folder]/wheels")
        .variable("AYON_RESOLVE_PYTHON", "3.11")
        .variable("AYON_RESOLVE_PLATFORM", "linux-64")
}

/// Puts wheels into a folder.
pub(crate) fn with_wheels(place: Place, folder: &str, releases: &[(&str, &str, &[&str])]) -> Place {
    releases
        .iter()
        .fold(place, |place, (name, version, requires)| {
            let (file, bytes) = wheel(name, version, requires);
            place.bytes(&format!("{folder}/{file}"), &bytes)
        })
}

/// Runs `pypi lock WORDS` there.
fn lock(place: &Place, words: &str) -> Outcome {
    place.run(&format!("pypi lock {words}"))
}

/// What came of it, without hashes and times, which are nobody's business.
fn told(outcome: &Outcome) -> String {
    plain(&outcome.told())
}

/// A text without hashes and times.
fn plain(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_hexdigit()) {
        let end = rest[start..]
            .find(|c: char| !c.is_ascii_hexdigit())
            .map_or(rest.len(), |length| start + length);
        result.push_str(&rest[..start]);
        result.push_str(if end - start == 64 {
            "[hash]"
        } else {
            &rest[start..end]
        });
        rest = &rest[end..];
    }
    result.push_str(rest);
    let line = |line: &str| match line.split_once(" in ") {
        Some((before, _)) if line.starts_with("Locked ") => format!("{before} in [time]\n"),
        _ => format!("{line}\n"),
    };
    result.lines().map(line).collect()
}
