//! `environment.yml` (CEP 24): name, channels, dependencies, and a pip section for what conda cannot give.

use std::collections::BTreeMap;
use std::fmt::Write;

use ayon_backend::spec::{self, Body};
use ayon_backend::{Asker, EmitError, Resolution, ResolvedDistribution};
use pypi::VersionSet;

use crate::Options;
use crate::names::CondaName;
use crate::versions::version_spec;
use crate::yaml::scalar;

const FORMAT: &str = "environment.yml";

/// Writes one resolution as an environment.
pub(crate) fn write(resolution: &Resolution, options: &Options) -> Result<Body, EmitError> {
    let mut body = Body::default();
    let sorted = sort(resolution, options, &mut body.notes);
    let pip = pip_section(&sorted.pip, &mut body.notes)?;
    if !sorted.pip.is_empty() {
        body.facts.push((
            "pip",
            format!(
                "{} of the packages come from an index by pip",
                sorted.pip.len()
            ),
        ));
    }
    let mut text = String::new();
    line(
        &mut text,
        &format!("name: {}", scalar(&environment_name(resolution))),
        "",
    );
    line(&mut text, "channels:", "");
    for channel in &options.channels {
        let (channel, is_changed) = without_token(channel);
        if is_changed {
            body.notes.push(format!(
                "the channel {channel} was given with a secret, which is left out"
            ));
        }
        line(&mut text, &format!("  - {}", scalar(&channel)), "");
    }
    line(&mut text, "dependencies:", "");
    line(
        &mut text,
        &format!("  - {}", scalar(&python(resolution))),
        &resolution.python.origin.subject.to_string(),
    );
    for (name, package) in &sorted.conda {
        let spec = version_spec(&package.set);
        body.notes
            .extend(spec.notes.iter().map(|note| format!("{name}: {note}")));
        let versions = spec.text.unwrap_or_default();
        let entry = if versions.is_empty() {
            name.clone()
        } else {
            format!("{name} {versions}")
        };
        line(
            &mut text,
            &format!("  - {}", scalar(&entry)),
            &package.who(),
        );
    }
    if !pip.is_empty() {
        if !sorted.conda.contains_key("pip") {
            line(&mut text, "  - pip", "");
        }
        line(&mut text, "  - pip:", "");
        for (requirement, who) in &pip {
            line(&mut text, &format!("      - {}", scalar(requirement)), who);
        }
    }
    body.text = text;
    Ok(body)
}

/// The missing distributions by where they come from.
#[derive(Default)]
struct Sorted<'a> {
    conda: BTreeMap<String, Package<'a>>,
    pip: Vec<&'a ResolvedDistribution>,
}

/// A conda package with all distributions that are in it.
struct Package<'a> {
    set: VersionSet,
    distributions: Vec<&'a ResolvedDistribution>,
}

impl Package<'_> {
    fn who(&self) -> String {
        spec::who(
            self.distributions
                .iter()
                .flat_map(|distribution| &distribution.askers),
        )
    }
}

fn sort<'a>(resolution: &'a Resolution, options: &Options, notes: &mut Vec<String>) -> Sorted<'a> {
    let mut sorted = Sorted::default();
    let mut unknown: Vec<&str> = Vec::new();
    for distribution in resolution.missing() {
        let name = &distribution.name;
        match options.names.look_up(name) {
            // What has a source of its own has it for a reason; pip says so in its line.
            _ if distribution.source.is_some() => sorted.pip.push(distribution),
            CondaName::Is(_) if !distribution.extras.is_empty() => {
                notes.push(format!(
                    "{name} is under pip: it is asked for with extras, which conda does not have"
                ));
                sorted.pip.push(distribution);
            }
            CondaName::Is(conda) => {
                let package = sorted
                    .conda
                    .entry(conda.to_owned())
                    .or_insert_with(|| Package {
                        set: VersionSet::any(),
                        distributions: Vec::new(),
                    });
                package.set = package.set.intersection(&distribution.set);
                package.distributions.push(distribution);
            }
            CondaName::Absent => sorted.pip.push(distribution),
            CondaName::Unknown => {
                unknown.push(name.as_str());
                sorted.pip.push(distribution);
            }
        }
    }
    if !unknown.is_empty() {
        let them = if unknown.len() == 1 {
            "it is"
        } else {
            "they are"
        };
        notes.push(format!(
            "nobody has told what conda calls {}; {them} left to pip",
            unknown.join(", ")
        ));
    }
    unsayable_to_pip(&mut sorted, notes);
    sorted
}

/// Moves to pip what conda has no version spec for.
fn unsayable_to_pip(sorted: &mut Sorted<'_>, notes: &mut Vec<String>) {
    let pip = &mut sorted.pip;
    sorted.conda.retain(|conda, package| {
        if version_spec(&package.set).text.is_some() {
            return true;
        }
        let asked: Vec<String> = package
            .distributions
            .iter()
            .map(|one| format!("{} {}", one.name, one.set))
            .collect();
        notes.push(format!(
            "{} left to pip: no version of conda's {conda} can be said to fit",
            asked.join(", ")
        ));
        pip.append(&mut package.distributions);
        false
    });
    pip.sort_by(|a, b| a.name.cmp(&b.name));
}

fn pip_section(
    distributions: &[&ResolvedDistribution],
    notes: &mut Vec<String>,
) -> Result<Vec<(String, String)>, EmitError> {
    let write = |distribution: &&ResolvedDistribution| {
        let requirement = spec::requirement(distribution, FORMAT)?;
        notes.extend(requirement.notes);
        let askers: &[Asker] = &distribution.askers;
        Ok((requirement.text, spec::who(askers)))
    };
    distributions.iter().map(write).collect()
}

/// `python ==3.11.9`, or `python 3.11.*` where only the series is known.
fn python(resolution: &Resolution) -> String {
    let python = &resolution.python;
    if python.is_exact {
        format!("python =={}", python.text())
    } else {
        format!("python {}.*", python.text())
    }
}

/// Bundle and process, in the letters that conda allows.
pub(crate) fn environment_name(resolution: &Resolution) -> String {
    let bundle = resolution.bundle.as_deref().unwrap_or("plan");
    format!(
        "{}-{}",
        spec::word(bundle),
        spec::process_word(&resolution.target.process)
    )
}

/// A channel without user, password, or token in the path (`/t/TOKEN/`, as Anaconda's servers have it).
fn without_token(channel: &str) -> (String, bool) {
    let (channel, mut is_changed) = spec::without_secret(channel);
    let mut parts: Vec<&str> = channel.split('/').collect();
    if let Some(index) = parts.iter().position(|part| *part == "t")
        && channel.contains("://")
        && index + 1 < parts.len()
    {
        parts.drain(index..index + 2);
        is_changed = true;
    }
    (parts.join("/"), is_changed)
}

/// Appends a line with a comment behind it, if there is one.
fn line(out: &mut String, text: &str, comment: &str) {
    // Writing to a string cannot fail.
    let _ = if comment.is_empty() {
        writeln!(out, "{text}")
    } else {
        writeln!(out, "{text}  # {comment}")
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_taken_from_channels() {
        let cases = [
            ("conda-forge", "conda-forge", false),
            (
                "https://conda.example.org/t/secret/studio",
                "https://conda.example.org/studio",
                true,
            ),
            (
                "https://me:secret@conda.example.org/studio",
                "https://conda.example.org/studio",
                true,
            ),
            ("s3://studio/t", "s3://studio/t", false),
        ];
        for (channel, safe, is_changed) in cases {
            assert_eq!(without_token(channel), (safe.to_owned(), is_changed));
        }
    }
}
