//! `conda lock`, `conda solve` and the conda environment of a bundle, on small channels that the tests make themselves.

mod answers;
mod bundles;
mod mistakes;
mod names;
mod servers;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Outcome, Place};

/// A record of a channel: subdirectory, name, version, and what it needs.
pub(crate) type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

/// What a small channel has.
const FORGE: &[Row] = &[
    (
        "linux-64",
        "python",
        "3.11.9",
        &["openssl >=3", "__glibc >=2.17"],
    ),
    (
        "linux-64",
        "python",
        "3.12.4",
        &["openssl >=3", "__glibc >=2.17"],
    ),
    ("linux-64", "openssl", "3.3.0", &[]),
    ("linux-64", "numpy", "1.26.4", &["python >=3.11,<3.12.0a0"]),
    ("linux-64", "numpy", "2.1.0", &["python >=3.12,<3.13.0a0"]),
    ("linux-64", "torch", "2.4.0", &["__cuda >=12", "numpy"]),
    ("linux-64", "blender", "3.6.5", &["python 3.11.*"]),
    ("win-64", "python", "3.11.9", &["openssl >=3"]),
    ("win-64", "openssl", "3.3.0", &[]),
    ("win-64", "maya-shim", "1.0", &[]),
    ("noarch", "pip", "24.0", &["python >=3.8"]),
    ("noarch", "numba", "0.57.0", &["numpy <2", "python"]),
];

/// What a channel says in one of its subdirectories.
fn repodata(subdir: &str, rows: &[Row]) -> Value {
    let mut packages = BTreeMap::new();
    for (_, name, version, depends) in rows.iter().filter(|row| row.0 == subdir) {
        let file = format!("{name}-{version}-h0_0.conda");
        let digest = Sha256::digest(format!("{subdir}/{file}"));
        let mut record = json!({
            "name": name, "version": version, "build": "h0_0", "build_number": 0,
            "depends": depends, "subdir": subdir, "sha256": format!("{digest:x}"), "size": 1000,
            "timestamp": 1_700_000_000_000_u64,
        });
        if subdir == "noarch" {
            record["noarch"] = "python".into();
        }
        packages.insert(file, record);
    }
    json!({"info": {"subdir": subdir}, "packages": {}, "packages.conda": packages})
}

/// Puts a channel into a folder.
fn with_channel(place: Place, folder: &str, rows: &[Row]) -> Place {
    ["linux-64", "win-64", "noarch"]
        .into_iter()
        .fold(place, |place, subdir| {
            let path = format!("{folder}/{subdir}/repodata.json");
            place.file(&path, &repodata(subdir, rows).to_string())
        })
}

/// A place with the folder `forge`, from which everything is taken for 64-bit Linux.
fn place() -> Place {
    with_channel(Place::new(), "forge", FORGE)
        .variable("AYON_RESOLVE_CHANNEL", "./forge")
        .variable("AYON_RESOLVE_PLATFORM", "linux-64")
}

/// Runs `conda WORDS` there; words in which there are blanks are told apart by `|`.
fn conda(place: &Place, words: &str) -> Outcome {
    let arguments: Vec<&str> = if words.contains('|') {
        words.split('|').map(str::trim).collect()
    } else {
        words.split(' ').collect()
    };
    let arguments = [&["conda"], arguments.as_slice()].concat();
    place.outcome(place.command("", &arguments).output().unwrap())
}

/// What came of it, without the hashes, which are nobody's business.
fn told(outcome: &Outcome) -> String {
    plain(&outcome.told())
}

/// A text without hashes.
fn plain(text: &str) -> String {
    let is_hash =
        |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let mut result = String::new();
    for word in words {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if is_hash(&bare) {
            result.push_str("[hash]");
            result.push_str(&word[bare.len()..]);
        } else {
            result.push_str(word);
        }
    }
    result
}
