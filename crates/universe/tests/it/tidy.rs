//! Rules of the house that no compiler checks.

use std::fs;
use std::path::PathBuf;

fn sources() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![folder];
    let mut sources = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                sources.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    sources.sort();
    sources
}

/// The files whose code names `word`; prose may.
fn files_naming(word: &str) -> Vec<String> {
    let names = |text: &str| {
        text.lines()
            .any(|line| !line.trim_start().starts_with("//") && line.contains(word))
    };
    sources()
        .into_iter()
        .filter(|(_, text)| names(text))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn each_library_is_named_in_one_file() {
    assert_eq!(files_naming("pubgrub"), ["engine.rs"]);
    assert_eq!(files_naming("petgraph"), ["resolution.rs"]);
}

/// What those libraries export and we import must not follow a `pub` on the same item.
#[test]
fn no_library_type_is_public() {
    let foreign = [
        "Dependencies",
        "DependencyProvider",
        "DerivationTree",
        "External",
        "VersionSet",
        "PubGrubError",
        "PackageResolutionStatistics",
        "DiGraph",
        "NodeIndex",
        "Direction",
        "EdgeRef",
    ];
    for (name, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for item in text.split("\npub ").chain(text.split("\n    pub ")).skip(1) {
            let signature = item.split(['{', ';']).next().unwrap_or_default();
            for word in signature.split(|c: char| !c.is_alphanumeric()) {
                assert!(!foreign.contains(&word), "{name}: pub {signature}");
            }
        }
    }
}

/// The core has no clock, no environment, no files and no network.
#[test]
fn the_core_touches_nothing_outside() {
    for word in [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::time",
        "std::thread",
    ] {
        assert!(files_naming(word).is_empty(), "{word}");
    }
}
