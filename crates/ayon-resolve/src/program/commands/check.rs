//! `check`: everything that is wrong with a bundle, in one run.

use std::fmt::Write as _;

use ayon_model::{Finding, FindingCode, Judge, Severity};
use ayon_resolve::CheckReport;
use clap::Args;
use serde::Serialize;

use crate::program::documents::{FindingDocument, ProblemDocument};
use crate::program::flags::{BundleArguments, TargetArguments};
use crate::program::printer::Printer;
use crate::program::session::{Session, bundle_ask};
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve check --bundle production
  ayon-resolve check --bundle film-2026 --project show01 --host maya/2025 --json

Exit codes: 0 the bundle is fine; 1 something is wrong; 2 it could not be judged.";

/// What `check` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
}

impl CheckArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.bundle.record(layer);
        self.targets.record(layer);
    }
}

/// Checks the bundle.
pub(crate) fn run(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let ask = bundle_ask(settings)?;
    let mut session = Session::open(settings, printer)?;
    let report = session.run(async |resolver| resolver.check(&ask).await)?;
    session.finish(printer);
    for note in &report.notes {
        printer.warning(note);
    }
    let errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    if printer.is_json() {
        printer.json("check", 1, &document(&report, errors == 0))?;
    } else {
        printer.text(&text(&report, errors, settings.display.verbosity > 0))?;
    }
    // A bundle is not fine as long as somebody could not be asked about it.
    let is_known = |finding: &Finding| finding.code != FindingCode::RelationsUnknown;
    Ok(match errors {
        0 if report.findings.iter().all(is_known) => Verdict::Fine,
        0 => Verdict::Unknown,
        _ => Verdict::No,
    })
}

fn text(report: &CheckReport, errors: usize, verbose: bool) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        finding_text(&mut text, finding, verbose);
    }
    // What could not be read elsewhere in the studio is no fault of this bundle, but may be why something is missing.
    if verbose {
        for problem in &report.problems {
            let _ = writeln!(text, "note: {}: {}", problem.place, problem.message);
        }
    } else if !report.problems.is_empty() {
        let _ = writeln!(
            text,
            "note: {} things in this studio could not be read; `-v` lists them",
            report.problems.len()
        );
    }
    let bundle = &report.bundle;
    let launcher = bundle
        .installer_version
        .as_deref()
        .map_or("no launcher".to_owned(), |v| format!("launcher {v}"));
    let mut platforms: Vec<&str> = report
        .targets
        .iter()
        .map(|target| target.platform.subdir())
        .collect();
    platforms.dedup();
    let count =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let _ = writeln!(
        text,
        "bundle {} ({}, {launcher}; {}): {}, {}",
        bundle.name,
        count(bundle.addons.len(), "addon"),
        platforms.join(", "),
        count(errors, "error"),
        count(report.findings.len() - errors, "warning"),
    );
    text
}

fn finding_text(text: &mut String, finding: &Finding, verbose: bool) {
    let _ = write!(text, "{}[{}]: ", finding.severity, finding.code);
    // The server's sentences leave out whom they are about; ours name it.
    if let (Judge::Server, Some(addon)) = (finding.judge, &finding.addon) {
        let _ = write!(text, "{addon}: ");
    }
    let _ = writeln!(text, "{}", finding.message);
    let shown = if verbose { finding.origins.len() } else { 4 };
    for origin in finding.origins.iter().take(shown) {
        match &origin.place {
            Some(place) => drop(writeln!(text, "  at {place}")),
            None => drop(writeln!(text, "  at {}", origin.subject)),
        }
    }
    if finding.origins.len() > shown {
        let _ = writeln!(text, "  and {} more places", finding.origins.len() - shown);
    }
    if let Some(hint) = &finding.hint {
        let _ = writeln!(text, "  hint: {hint}");
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    bundle: &'a str,
    studio_bundle: &'a str,
    launcher: Option<&'a str>,
    targets: Vec<String>,
    success: bool,
    findings: Vec<FindingDocument>,
    notes: &'a [String],
    problems: Vec<ProblemDocument>,
}

fn document(report: &CheckReport, success: bool) -> Body<'_> {
    Body {
        bundle: &report.bundle.name,
        studio_bundle: &report.bundle.studio_bundle,
        launcher: report.bundle.installer_version.as_deref(),
        targets: report.targets.iter().map(ToString::to_string).collect(),
        success,
        findings: report.findings.iter().map(FindingDocument::from).collect(),
        notes: &report.notes,
        problems: report.problems.iter().map(ProblemDocument::from).collect(),
    }
}
