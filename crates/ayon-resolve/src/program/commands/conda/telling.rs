//! What `conda lock` and `conda solve` say: what was chosen, or why nothing was.

use std::fmt::Write as _;

use ayon_backend::Cancellation;
use conda::lock::LockedPlatform;
use conda::{Conflict, From as Demander, Reason, Record, Solution, SolveError, Speaker, SpecError};
use serde::Serialize;

use super::choice::Choice;
use crate::program::Report;
use crate::program::plain::one_line;
use crate::program::printer::Printer;
use crate::program::settings::Settings;

/// Whoever typed the specs.
const ASKER: &str = "your request";

/// Lists what was chosen, or prints it as a document.
pub(super) fn choice(
    choice: &Choice,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<(), Report> {
    let platforms = choice.environment.platforms.iter().zip(&choice.solutions);
    if printer.is_json() {
        let document = ChoiceDocument {
            channels: &choice.environment.channels,
            platforms: platforms.map(PlatformDocument::from).collect(),
        };
        return printer.json("conda-solution", 1, &document);
    }
    let is_verbose = settings.display.verbosity > 0;
    let texts = platforms.map(|(platform, solution)| table(platform, solution, is_verbose));
    printer.text(&texts.collect::<Vec<_>>().join("\n"))
}

/// The packages of a platform, with everybody who asks for each if that is wanted.
fn table(platform: &LockedPlatform, solution: &Solution, is_verbose: bool) -> String {
    let rows: Vec<[String; 4]> = solution.records.iter().map(row).collect();
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let word = if rows.len() == 1 {
        "package"
    } else {
        "packages"
    };
    let mut text = format!("{} {word} for {}\n", rows.len(), platform.platform);
    for (record, [name, version, build, place]) in solution.records.iter().zip(&rows) {
        let [first, second, third] = widths;
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "  {name:<first$}  {version:<second$}  {build:<third$}  {place}"
        );
        if is_verbose {
            for (by, words) in demands(solution, record) {
                let _ = writeln!(text, "    {by} needs {words}");
            }
        }
    }
    text
}

fn row(record: &Record) -> [String; 4] {
    [
        record.name().to_string(),
        record.version().to_string(),
        record.build().to_owned(),
        format!("{}/{}", record.channel(), record.subdir()),
    ]
}

/// Who asks for a chosen record, in which words.
fn demands<'a>(
    solution: &'a Solution,
    record: &Record,
) -> impl Iterator<Item = (String, &'a str)> + use<'a> {
    let name = record.name();
    let edges = solution.edges.iter().filter(move |edge| edge.to == name);
    edges.map(|edge| {
        let by = match &edge.from {
            Demander::Asker(_) | Demander::Own(..) => ASKER.to_owned(),
            Demander::Package(name) => name.to_string(),
        };
        (by, edge.words.as_str())
    })
}

/// Texts that are no specs, each with its place marked.
pub(super) fn mistakes(mistakes: &[SpecError]) -> Report {
    let what = match mistakes {
        [only] => format!("`{}` is not a spec", one_line(&only.text)),
        several => format!("{} of the specs cannot be read", several.len()),
    };
    let drawn = mistakes.iter().map(SpecError::drawn);
    let indented = drawn.map(|lines| format!("  {}\n", lines.join("\n  ")));
    let documents: Vec<_> = mistakes.iter().map(MistakeDocument::from).collect();
    Report::unknown(what).with_body(
        indented.collect::<Vec<_>>().join("\n"),
        "mistakes",
        &documents,
    )
}

/// Why there is no answer.
pub(super) fn refusal(
    error: SolveError,
    platform: conda::Platform,
    cancellation: &Cancellation,
    settings: &Settings,
) -> Report {
    match error {
        SolveError::Conflict(conflict) => {
            let mut lines = conflict.lines(&|speaker| who(speaker));
            let document = ConflictDocument::from(&*conflict);
            if settings.display.verbosity > 0 {
                lines.push(String::new());
                lines.extend(conflict.account.iter().cloned());
            }
            let what = format!("what you ask for has no solution on {platform}");
            Report::no(what).with_body(lines.join("\n"), "conflict", &document)
        }
        SolveError::Stopped => match cancellation.stopped() {
            Some(why) => Report::unknown(why.to_string()),
            None => Report::unknown("stopped"),
        },
        error @ (SolveError::Records(_) | SolveError::Unsupported(_)) => {
            Report::unknown("the channels cannot be used").because_of(&error)
        }
    }
}

fn who(speaker: &Speaker) -> String {
    match speaker {
        Speaker::Asker(_) | Speaker::Own(..) => ASKER.to_owned(),
        Speaker::Package(name, _) => name.to_string(),
        Speaker::Pins => "what is pinned".to_owned(),
    }
}

/// A text that is no spec, in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MistakeDocument<'a> {
    text: &'a str,
    /// The bytes of the text that are wrong: the first, and the one after the last.
    start: usize,
    end: usize,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

impl<'a> From<&'a SpecError> for MistakeDocument<'a> {
    fn from(mistake: &'a SpecError) -> Self {
        Self {
            text: &mistake.text,
            start: mistake.place.start,
            end: mistake.place.end,
            reason: &mistake.reason,
            hint: mistake.hint.as_deref(),
        }
    }
}

/// A conflict in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConflictDocument<'a> {
    /// The package that cannot be had.
    contested: String,
    /// What cannot all be true.
    statements: Vec<StatementDocument>,
    /// Where priority is in the way: who has a package, and so hides what another has of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<HiddenDocument>,
    /// All of it in words.
    lines: Vec<String>,
    /// The solver's own words, which are long.
    account: &'a [String],
}

#[derive(Serialize)]
struct StatementDocument {
    by: String,
    about: String,
    ranges: Vec<String>,
}

#[derive(Serialize)]
struct HiddenDocument {
    package: String,
    winner: String,
    hidden: String,
    versions: String,
}

impl<'a> From<&'a Conflict> for ConflictDocument<'a> {
    fn from(conflict: &'a Conflict) -> Self {
        let statement = |statement: &conda::Statement| StatementDocument {
            by: who(&statement.speaker),
            about: statement.about.to_string(),
            ranges: statement.ranges.clone(),
        };
        let hidden = conflict.absences.iter().flat_map(|absence| {
            let reasons = absence.reasons.iter();
            reasons.filter_map(|reason| match reason {
                Reason::Hidden {
                    winner,
                    hidden,
                    versions,
                } => Some(HiddenDocument {
                    package: absence.name.to_string(),
                    winner: winner.to_string(),
                    hidden: hidden.to_string(),
                    versions: versions.clone(),
                }),
                _ => None,
            })
        });
        Self {
            contested: conflict.contested.to_string(),
            statements: conflict.statements.iter().map(statement).collect(),
            hidden: hidden.collect(),
            lines: conflict.lines(&|speaker| who(speaker)),
            account: &conflict.account,
        }
    }
}

/// A choice in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChoiceDocument<'a> {
    channels: &'a [String],
    platforms: Vec<PlatformDocument<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlatformDocument<'a> {
    platform: String,
    virtual_packages: &'a [String],
    packages: Vec<PackageDocument<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PackageDocument<'a> {
    name: String,
    version: String,
    build: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    md5: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    wanted_by: Vec<DemandDocument<'a>>,
}

#[derive(Serialize)]
struct DemandDocument<'a> {
    by: String,
    asks: &'a str,
}

impl<'a> From<(&'a LockedPlatform, &'a Solution)> for PlatformDocument<'a> {
    fn from((platform, solution): (&'a LockedPlatform, &'a Solution)) -> Self {
        let package = |record: &'a Record| PackageDocument {
            name: record.name().to_string(),
            version: record.version().to_string(),
            build: record.build(),
            url: record.url(),
            sha256: record.sha256().map(|digest| digest.to_string()),
            md5: record.md5().map(|digest| digest.to_string()),
            size: record.size(),
            wanted_by: demands(solution, record)
                .map(|(by, asks)| DemandDocument { by, asks })
                .collect(),
        };
        Self {
            platform: platform.platform.to_string(),
            virtual_packages: &platform.virtual_packages,
            packages: solution.records.iter().map(package).collect(),
        }
    }
}
