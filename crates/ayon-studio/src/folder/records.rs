//! Everything of a studio folder but its addons.

use std::collections::BTreeMap;

use ayon_model::{Launcher, Place, Problem, Studio};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{below, list, read_text};
use crate::files::Files;
use crate::tree::Lines;
use crate::wire;

/// `studio.toml`: what a server knows about the studio as a whole.
#[derive(Debug, Deserialize)]
pub(super) struct Settings {
    server_version: Option<String>,
    /// The server's option of this name: an addon folder with a `.git` in it is version `x.y.z+git`.
    #[serde(default = "yes")]
    pub(super) use_git_suffix_for_addons: bool,
    #[serde(default)]
    projects: BTreeMap<String, Project>,
}

#[derive(Debug, Deserialize)]
struct Project {
    bundles: wire::ProjectBundles,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            server_version: None,
            use_git_suffix_for_addons: true,
            projects: BTreeMap::new(),
        }
    }
}

fn yes() -> bool {
    true
}

/// Reads the records into `studio`, and gives the settings that concern the addons.
pub(super) fn read(files: &Files, studio: &mut Studio) -> Settings {
    let mut settings = settings(files, &mut studio.problems);
    studio.server_version = settings.server_version.take();
    let projects = std::mem::take(&mut settings.projects);
    studio.projects = projects
        .into_iter()
        .map(|(name, project)| (name, project.bundles.model()))
        .collect();
    bundles(files, studio);
    launchers(files, studio);
    dependency_packages(files, studio);
    hosts(files, studio);
    settings
}

fn settings(files: &Files, problems: &mut Vec<Problem>) -> Settings {
    let Some(text) = read_text(files, "studio.toml", problems) else {
        return Settings::default();
    };
    match toml::from_str(&text) {
        Ok(settings) => settings,
        Err(error) => {
            problems.push(toml_problem(&error, &text, &Place::file("studio.toml")));
            Settings::default()
        }
    }
}

/// A mistake in a TOML file, in its line.
pub(super) fn toml_problem(error: &toml::de::Error, text: &str, place: &Place) -> Problem {
    let line = error.span().map(|span| Lines::of(text).line(span.start));
    Problem::new(place.at("", line), crate::error::quotable(error.message()))
}

fn bundles(files: &Files, studio: &mut Studio) {
    let mut bundles = Vec::new();
    for (place, record) in records::<wire::Bundle>(files, "bundles", &mut studio.problems) {
        let created = record.created_at.clone();
        bundles.push((created, record.model(place, &mut studio.problems)));
    }
    // Newest first, as the server lists them; those without a date after the others, by name.
    bundles.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.name.cmp(&other.name)));
    for (_, bundle) in bundles {
        if studio.bundle(&bundle.name).is_some() {
            let message = format!(
                "there is another bundle `{}`",
                ayon_model::printable(&bundle.name)
            );
            studio.problems.push(Problem::new(bundle.place, message));
        } else {
            studio.bundles.push(bundle);
        }
    }
}

fn launchers(files: &Files, studio: &mut Studio) {
    for (place, record) in records::<wire::Launcher>(files, "launchers", &mut studio.problems) {
        if let Some((version, build)) = record.model(place, &mut studio.problems) {
            add_build(&mut studio.launchers, version, build);
        }
    }
}

/// Adds a build to the launcher it is of.
pub(crate) fn add_build(
    launchers: &mut BTreeMap<ayon_model::Version, Launcher>,
    version: ayon_model::Version,
    build: ayon_model::LauncherBuild,
) {
    let launcher = launchers
        .entry(version)
        .or_insert_with_key(|version| Launcher {
            version: version.clone(),
            builds: Vec::new(),
        });
    launcher.builds.push(build);
}

fn dependency_packages(files: &Files, studio: &mut Studio) {
    let folder = "dependency_packages";
    for (place, record) in records::<wire::DependencyPackage>(files, folder, &mut studio.problems) {
        if let Some(package) = record.model(place, &mut studio.problems) {
            studio
                .dependency_packages
                .insert(package.filename.clone(), package);
        }
    }
}

fn hosts(files: &Files, studio: &mut Studio) {
    if !files.is_folder("hosts") {
        return;
    }
    for entry in list(files, "hosts", &mut studio.problems) {
        let path = below("hosts", &entry.name);
        if !entry.is_file("toml") {
            continue;
        }
        if let Some(text) = read_text(files, &path, &mut studio.problems) {
            let (host, problems) = super::read_host(&text, &Place::file(path));
            studio.hosts.extend(host);
            studio.problems.extend(problems);
        }
    }
    studio.hosts.sort_by(|one, other| one.name.cmp(&other.name));
}

/// The JSON files of a folder, each one record.
fn records<T: DeserializeOwned>(
    files: &Files,
    folder: &str,
    problems: &mut Vec<Problem>,
) -> Vec<(Place, T)> {
    if !files.is_folder(folder) {
        return Vec::new();
    }
    let mut records = Vec::new();
    for entry in list(files, folder, problems) {
        if !entry.is_file("json") {
            continue;
        }
        let path = below(folder, &entry.name);
        let Some(text) = read_text(files, &path, problems) else {
            continue;
        };
        let place = Place::file(path);
        match wire::from_json(text.as_bytes()) {
            Ok(record) => records.push((place, record)),
            Err(wire::Misshapen { at, line, reason }) => {
                let key = if at == "." { "" } else { &at };
                problems.push(Problem::new(
                    place.at(key, line),
                    format!("this record cannot be read: {reason}"),
                ));
            }
        }
    }
    records
}
