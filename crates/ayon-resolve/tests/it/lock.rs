//! The lock of a bundle: made, checked, emitted from and held against files, on the sample studio.

mod emitting;
mod making;
mod mistakes;
mod staleness;
mod verifying;

use std::fmt::Write as _;

use crate::pypi::bundles;
use crate::{Outcome, Place};

/// A place with the wheels of a folder for everything that the sample's staging bundle needs.
fn wheels() -> Place {
    bundles::place(bundles::ASKED)
}

/// A lock of Python packages for the launcher on two platforms.
const VENV: &str = "lock --bundle staging --emit venv --platform linux-64,win-64";

/// Runs, and expects that it went well.
fn fine(place: &Place, words: &str) -> Outcome {
    let outcome = place.run(words);
    assert_eq!(outcome.code, Some(0), "{words}: {outcome:?}");
    outcome
}

/// What was said, without times and digests.
fn told(outcome: &Outcome) -> String {
    let line = |line: &str| match line.rsplit_once(" in ") {
        Some((before, _)) if line.starts_with("Locked ") => format!("{before} in [time]"),
        _ => line
            .split(' ')
            .map(|word| {
                let digits = word.trim_start_matches("sha256:");
                let digits = digits.trim_end_matches([',', ':', ';']);
                let is_digest = digits.len() == 64;
                if is_digest {
                    word.replace(digits, "[hash]")
                } else {
                    word.to_owned()
                }
            })
            .collect::<Vec<_>>()
            .join(" "),
    };
    let lines: Vec<String> = outcome.told().lines().map(line).collect();
    lines.join("\n")
}

/// A folder `channel` of conda records: name, version, what it depends on.
fn channel(place: Place, records: &[(&str, &str, &[&str])]) -> Place {
    let mut packages = String::new();
    for (name, version, depends) in records {
        let depends: Vec<String> = depends.iter().map(|text| format!("{text:?}")).collect();
        let digits = format!("{:0>64x}", name.bytes().map(u64::from).sum::<u64>());
        let comma = if packages.is_empty() { "" } else { "," };
        let _ = write!(
            packages,
            "{comma}\"{name}-{version}-0.conda\": {{\"name\": \"{name}\", \"version\": \"{version}\", \"build\": \"0\", \
             \"build_number\": 0, \"subdir\": \"linux-64\", \"size\": 1000, \"sha256\": \"{digits}\", \
             \"depends\": [{}]}}",
            depends.join(", ")
        );
    }
    let repodata = |subdir: &str, packages: &str| {
        format!(
            "{{\"info\": {{\"subdir\": \"{subdir}\"}}, \"packages\": {{}}, \"packages.conda\": {{{packages}}}, \
             \"repodata_version\": 1}}"
        )
    };
    place
        .file(
            "channel/linux-64/repodata.json",
            &repodata("linux-64", &packages),
        )
        .file("channel/noarch/repodata.json", &repodata("noarch", ""))
}
