//! `studio pull` and `studio show`: a studio's facts, kept or looked at.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ayon_model::Studio;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::program::documents::ProblemDocument;
use crate::program::flags::OutputArguments;
use crate::program::output::{self, OutputFile};
use crate::program::printer::Printer;
use crate::program::session::Session;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// What can be done with a studio.
#[derive(Debug, Subcommand)]
pub(crate) enum StudioCommand {
    /// Write the studio's facts to one snapshot file, which `--studio` accepts
    Pull(PullArguments),
    /// Say what the studio holds
    Show(ShowArguments),
}

impl StudioCommand {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Pull(arguments) => arguments.output.record(layer),
            Self::Show(_) => {}
        }
    }
}

/// What `studio pull` takes.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  ayon-resolve studio pull --studio https://ayon.example -o studio.json"
)]
pub(crate) struct PullArguments {
    #[command(flatten)]
    output: OutputArguments,
}

/// What `studio show` takes.
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {}

/// Learns everything and writes it as one snapshot.
pub(crate) fn pull(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let mut session = Session::open(settings, printer)?;
    session.run(async |resolver| resolver.complete_studio().await.map(drop))?;
    let (bytes, counts, problems) = session.run(async |resolver| {
        let studio = resolver.studio().await?;
        Ok((
            ayon_studio::snapshot::write(studio),
            counts(studio),
            studio.problems.len(),
        ))
    })?;
    session.finish(printer);
    if problems > 0 {
        printer.warning(&format!(
            "{problems} things could not be read; `studio show` lists them"
        ));
    }
    let file = OutputFile {
        name: "studio.json".to_owned(),
        bytes,
    };
    output::write(&[file], settings.emission.output.as_deref(), printer)?;
    if settings.emission.output.is_some() {
        printer.note(&format!("Pulled {counts}"));
    }
    Ok(Verdict::Fine)
}

/// Shows what there is.
pub(crate) fn show(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let mut session = Session::open(settings, printer)?;
    let (text, document) = session.run(async |resolver| {
        let studio = resolver.studio().await?;
        Ok((text(studio), Document::from(studio)))
    })?;
    session.finish(printer);
    if printer.is_json() {
        printer.json("studio-overview", 1, &document)?;
    } else {
        printer.text(&text)?;
    }
    Ok(Verdict::Fine)
}

fn counts(studio: &Studio) -> String {
    let releases: usize = studio
        .addons
        .values()
        .map(|addon| addon.releases.len())
        .sum();
    format!(
        "{} addons in {releases} releases, {} launchers, {} bundles, {} dependency packages, {} hosts",
        studio.addons.len(),
        studio.launchers.len(),
        studio.bundles.len(),
        studio.dependency_packages.len(),
        studio.hosts.len()
    )
}

fn text(studio: &Studio) -> String {
    let mut text = String::new();
    let server = studio
        .server_version
        .as_deref()
        .map_or(String::new(), |version| format!(", server {version}"));
    let _ = writeln!(text, "studio {}{server}: {}", studio.label, counts(studio));
    let _ = writeln!(text, "\nbundles");
    for bundle in &studio.bundles {
        let flags = [
            (bundle.is_production, "production"),
            (bundle.is_staging, "staging"),
            (bundle.is_dev, "dev"),
            (bundle.is_project, "project"),
            (bundle.is_archived, "archived"),
        ];
        let flags: Vec<&str> = flags
            .iter()
            .filter(|(is_set, _)| *is_set)
            .map(|(_, word)| *word)
            .collect();
        let launcher = bundle.installer_version.as_deref().unwrap_or("none");
        let pins = bundle.addons.values().flatten().count();
        let flags = if flags.is_empty() {
            String::new()
        } else {
            format!(", {}", flags.join(", "))
        };
        let _ = writeln!(
            text,
            "  {} ({pins} addons, launcher {launcher}{flags})",
            bundle.name
        );
    }
    let _ = writeln!(text, "\nlaunchers");
    for launcher in studio.launchers.values().rev() {
        let mut systems: Vec<&str> = launcher
            .builds
            .iter()
            .map(|build| build.system.as_str())
            .collect();
        systems.dedup();
        let _ = writeln!(text, "  {} ({})", launcher.version, systems.join(", "));
    }
    let _ = writeln!(text, "\naddons");
    for addon in studio.addons.values() {
        let versions: Vec<String> = addon
            .releases
            .keys()
            .rev()
            .map(ToString::to_string)
            .collect();
        let _ = writeln!(text, "  {} {}", addon.name, versions.join(", "));
    }
    if !studio.problems.is_empty() {
        let _ = writeln!(text, "\ncould not be read");
        for problem in &studio.problems {
            let _ = writeln!(text, "  {}: {}", problem.place, problem.message);
        }
    }
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    studio: String,
    server_version: Option<String>,
    bundles: Vec<String>,
    launchers: Vec<String>,
    addons: BTreeMap<String, Vec<String>>,
    dependency_packages: Vec<String>,
    hosts: Vec<String>,
    projects: Vec<String>,
    problems: Vec<ProblemDocument>,
}

impl From<&Studio> for Document {
    fn from(studio: &Studio) -> Self {
        let versions =
            |addon: &ayon_model::Addon| addon.releases.keys().map(ToString::to_string).collect();
        Self {
            studio: studio.label.clone(),
            server_version: studio.server_version.clone(),
            bundles: studio
                .bundles
                .iter()
                .map(|bundle| bundle.name.to_string())
                .collect(),
            launchers: studio.launchers.keys().map(ToString::to_string).collect(),
            addons: studio
                .addons
                .values()
                .map(|addon| (addon.name.to_string(), versions(addon)))
                .collect(),
            dependency_packages: studio.dependency_packages.keys().cloned().collect(),
            hosts: studio
                .hosts
                .iter()
                .map(|host| format!("{}/{}", host.name, host.version))
                .collect(),
            projects: studio.projects.keys().cloned().collect(),
            problems: studio.problems.iter().map(ProblemDocument::from).collect(),
        }
    }
}
