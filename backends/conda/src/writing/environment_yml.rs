//! `environment.yml` (CEP 24), every package pinned to its version, build and channel.

use std::fmt::Write as _;

use ayon_backend::spec;
use ayon_backend::{Demander, EmitError};
use ayon_model::Subject;
use conda::Spec;
use conda::lock::Location;

use super::locked::Solved;
use super::{OPENING, unwritable};
use crate::environment::environment_name;
use crate::yaml::scalar;

/// What pip asks anyway.
const USUAL_INDEX: &str = "https://pypi.org/simple";

pub(super) fn write(solved: &Solved<'_>, format: &'static str) -> Result<String, EmitError> {
    let mut body = solved.body();
    body.usage.push(
        "Install it with `conda env create --file FILE`, micromamba, or `pixi init --import FILE`."
            .to_owned(),
    );
    let mut text = spec::header(solved.resolution, &OPENING, &body);
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "name: {}",
        scalar(&environment_name(solved.resolution))
    );
    text.push_str("channels:\n");
    for channel in solved.channels() {
        let _ = writeln!(text, "  - {}", scalar(channel));
    }
    text.push_str("dependencies:\n");
    for (record, artefact) in solved
        .platform
        .records
        .iter()
        .zip(&solved.resolution.artefacts)
    {
        let spec = Spec::exact(record);
        let spec = if solved.channels().len() > 1 {
            spec.with_channel(record.channel())
        } else {
            spec
        };
        let _ = write!(text, "  - {}", scalar(&spec.to_string()));
        comment(&mut text, &who(artefact));
    }
    pip_section(&mut text, solved, format)?;
    Ok(text)
}

/// Everybody of the studio's who asks for it, briefly.
fn who(artefact: &ayon_backend::Artefact) -> String {
    let mut names: Vec<String> = Vec::new();
    for demand in &artefact.wanted_by {
        if let Demander::Origin(origin) = &demand.by {
            let name = match &origin.subject {
                Subject::Addon { name, .. } => name.to_string(),
                subject => subject.to_string(),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.join(", ")
}

fn comment(text: &mut String, words: &str) {
    if !words.is_empty() {
        let _ = write!(text, "  # {words}");
    }
    text.push('\n');
}

fn pip_section(
    text: &mut String,
    solved: &Solved<'_>,
    format: &'static str,
) -> Result<(), EmitError> {
    let distributions = &solved.platform.distributions;
    if distributions.is_empty() {
        return Ok(());
    }
    text.push_str("  - pip:\n");
    let indexes = solved.indexes();
    let is_usual = |index: &String| index.trim_end_matches('/') == USUAL_INDEX;
    if !indexes.iter().all(is_usual) {
        for (place, index) in indexes.iter().enumerate() {
            let option = if place == 0 {
                "--index-url"
            } else {
                "--extra-index-url"
            };
            let _ = writeln!(text, "      - {}", scalar(&format!("{option} {index}")));
        }
    }
    for distribution in distributions {
        let line = match &distribution.location {
            Location::Git(url) => format!("{} @ {}", distribution.name, git(url)),
            Location::Url(url) if distribution.index.is_none() => {
                format!("{} @ {url}", distribution.name)
            }
            Location::Path(path) => {
                return Err(unwritable(
                    conda::lock::LockError {
                        what: format!("{} from {path}", distribution.name),
                        reason: "a file on this machine means nothing elsewhere; publish it to an index, or write \
                                 `explicit`, whose requirements are found with `--find-links`"
                            .to_owned(),
                    },
                    format,
                ));
            }
            Location::Url(_) => format!("{}=={}", distribution.name, distribution.version),
        };
        let _ = writeln!(text, "      - {}", scalar(&line));
    }
    Ok(())
}

/// `git+https://host/x?rev=COMMIT#COMMIT` as pip says it.
fn git(url: &str) -> String {
    let (url, commit) = url.split_once('#').unwrap_or((url, ""));
    let (url, query) = url.split_once('?').unwrap_or((url, ""));
    let folder = query
        .split('&')
        .find_map(|part| part.strip_prefix("subdirectory="));
    let folder = folder.map_or_else(String::new, |folder| format!("#subdirectory={folder}"));
    format!("{url}@{commit}{folder}")
}
