//! The main job: a bundle in, an environment for a consumer out.

use std::fmt::Write as _;

use ayon_resolve::{Emission, Resolution};
use clap::Args;
use serde::Serialize;

#[cfg(feature = "conda")]
use super::conda::arguments::CondaArguments;
#[cfg(feature = "venv")]
use super::pypi::arguments::{ChoiceArguments, HalfArguments, IndexArguments, LockingArguments};
use crate::program::documents::ResolutionDocument;
use crate::program::flags::{
    BundleArguments, HintArguments, LockUseArguments, OutputArguments, TargetArguments, paths, text,
};
use crate::program::output::{self, OutputFile};
use crate::program::printer::Printer;
use crate::program::session::{Session, bundle_ask};
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// What the main job takes.
#[derive(Debug, Args)]
pub(crate) struct EmitArguments {
    /// What to emit: conda, rez or venv
    #[arg(short, long, value_name = "WHAT", help_heading = "What is written")]
    emit: Option<String>,
    /// The format to emit in [default: spec]
    #[arg(long, value_name = "FORMAT", help_heading = "What is written")]
    format: Option<String>,
    /// Folders of packages for a rez context, separated as in PATH [default: as rez is configured]
    #[arg(long, value_name = "PATHS", help_heading = "What is written")]
    rez_path: Option<String>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    lock: LockUseArguments,
    #[command(flatten)]
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
    #[command(flatten)]
    hints: HintArguments,
    #[cfg(feature = "conda")]
    #[command(flatten)]
    conda: CondaArguments,
    #[command(flatten)]
    packages: PackageArguments,
}

/// What a lock of Python packages takes.
#[derive(Debug, Args)]
pub(crate) struct PackageArguments {
    #[cfg(feature = "venv")]
    #[command(flatten)]
    half: HalfArguments,
    #[cfg(feature = "venv")]
    #[command(flatten)]
    choices: ChoiceArguments,
    #[cfg(feature = "venv")]
    #[command(flatten)]
    locking: LockingArguments,
    #[cfg(feature = "venv")]
    #[command(flatten)]
    indexes: IndexArguments,
}

impl PackageArguments {
    /// Adds what was typed to `layer`.
    #[cfg_attr(
        not(feature = "venv"),
        expect(clippy::unused_self, unused_variables, reason = "nothing can be typed")
    )]
    pub(crate) fn record(&self, layer: &mut Layer) {
        #[cfg(feature = "venv")]
        {
            self.half.record(layer);
            self.choices.record(layer);
            self.locking.record(layer);
            self.indexes.record(layer);
        }
    }
}

impl EmitArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "emit", self.emit.as_deref());
        text(layer, "format", self.format.as_deref());
        paths(layer, "rez-path", self.rez_path.as_deref());
        self.output.record(layer);
        self.lock.record(layer);
        self.bundle.record(layer);
        self.targets.record(layer);
        self.hints.record(layer);
        #[cfg(feature = "conda")]
        self.conda.record(layer);
        self.packages.record(layer);
    }
}

/// Resolves the bundle, and emits the answer or shows it.
pub(crate) fn run(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let ask = bundle_ask(settings)?;
    let mut session = Session::open(settings, printer)?;
    let answer = session.run(async |resolver| resolver.resolve_bundle(&ask).await)?;
    for note in &answer.notes {
        printer.warning(note);
    }
    for finding in &answer.bundle.findings {
        printer.warning(&finding.message);
    }
    deliver(settings, session, answer.resolutions, "resolution", printer)
}

/// Emits resolutions where a backend is named, else shows them.
pub(super) fn deliver(
    settings: &Settings,
    mut session: Session,
    resolutions: Vec<Resolution>,
    document: &str,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let Some(backend) = &settings.emission.emit else {
        session.finish(printer);
        show(&resolutions, document, printer)?;
        return Ok(Verdict::Fine);
    };
    session.prepare_emission(settings)?;
    let format = settings.emission.format.as_str();
    let emission =
        session.run(async |resolver| resolver.emit(backend, format, resolutions).await)?;
    session.finish(printer);
    hand_over(emission, settings, printer)?;
    Ok(Verdict::Fine)
}

/// Shows resolutions.
pub(super) fn show(
    resolutions: &[Resolution],
    document: &str,
    printer: &mut Printer,
) -> Result<(), Report> {
    if printer.is_json() {
        let resolutions = resolutions.iter().map(ResolutionDocument::from).collect();
        return printer.json(document, 1, &Body { resolutions });
    }
    let texts: Vec<String> = resolutions.iter().map(summary).collect();
    printer.text(&texts.join("\n"))
}

/// Writes what was emitted where the settings say, and says what somebody should know about it.
pub(super) fn hand_over(
    emission: Emission,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<(), Report> {
    for note in &emission.notes {
        printer.warning(note);
    }
    printer.remarks(&emission.remarks);
    let files = emission.files.into_iter().map(|file| OutputFile {
        name: file.name,
        bytes: file.content,
    });
    output::write(
        &files.collect::<Vec<_>>(),
        settings.emission.output.as_deref(),
        printer,
    )
}

#[derive(Serialize)]
struct Body {
    resolutions: Vec<ResolutionDocument>,
}

/// A resolution as a person reads it.
fn summary(resolution: &Resolution) -> String {
    let mut text = String::new();
    let what = resolution
        .bundle
        .as_ref()
        .map_or("the plan".to_owned(), |name| format!("bundle {name}"));
    let _ = writeln!(text, "{what} for {}", resolution.target);
    let _ = writeln!(text, "  launcher {}", resolution.launcher.version);
    let _ = writeln!(text, "  python   {}", resolution.python.text());
    let _ = writeln!(text, "\n  addons");
    let names = || {
        resolution
            .addons
            .iter()
            .map(|addon| addon.name.as_str().chars().count())
    };
    let width = names().max().unwrap_or(0);
    for addon in &resolution.addons {
        let path = addon
            .development
            .as_ref()
            .map_or(String::new(), |path| format!("  from {}", path.display()));
        let _ = writeln!(
            text,
            "    {:<width$}  {}{path}",
            addon.name.to_string(),
            addon.version
        );
    }
    let missing: Vec<_> = resolution.missing().collect();
    let given = resolution.distributions.len() - missing.len();
    let _ = writeln!(text, "\n  to install ({given} more are there already)");
    let width = missing
        .iter()
        .map(|distribution| distribution.name.as_str().len())
        .max()
        .unwrap_or(0);
    for distribution in missing {
        let wanted = match &distribution.source {
            Some(source) => source.to_string(),
            None => distribution.set.to_string(),
        };
        let mut askers: Vec<String> = distribution
            .askers
            .iter()
            .map(|asker| asker.origin.subject.to_string())
            .collect();
        askers.dedup();
        let _ = writeln!(
            text,
            "    {:<width$}  {wanted}  ({})",
            distribution.name.as_str(),
            askers.join(", ")
        );
    }
    text
}
