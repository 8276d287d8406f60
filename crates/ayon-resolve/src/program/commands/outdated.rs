//! `outdated`: what of a bundle is not the newest, how far it could go, and what keeps it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ayon_explain::why::WAYS;
use ayon_resolve::{Dated, Outdated};
use clap::Args;
use serde::Serialize;

use super::answers::{Answer, AnswerArguments, Asking};
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve outdated --bundle production
  ayon-resolve outdated --bundle staging --with venv --json

What fits was solved: that release instead of the pinned one, and everything else as it is.

Exit codes: 0 done, whatever was found; 1 the bundle has no answer; 2 the question could not be answered.";

/// What `outdated` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct OutdatedArguments {
    #[command(flatten)]
    answer: AnswerArguments,
}

impl OutdatedArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.answer.record(layer);
    }
}

#[derive(Serialize)]
struct Body<'a> {
    bundle: &'a str,
    studio: Vec<ReleaseDocument>,
    packages: &'a [Held],
}

/// The launcher or an addon.
#[derive(Serialize)]
struct ReleaseDocument {
    name: String,
    current: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fits: Option<String>,
    newest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
}

/// A package that a solver would have chosen newer.
#[derive(Serialize)]
struct Held {
    name: String,
    current: String,
    newest: String,
    because: Vec<String>,
    targets: Vec<String>,
}

/// Looks for newer releases.
pub(crate) fn run(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let mut asking = Asking::new(settings)?;
    let answer = asking.answer(printer)?;
    let outdated = asking.outdated(printer)?;
    asking.finish(printer);
    let packages = held(&answer);
    if printer.is_json() {
        let body = Body {
            bundle: &answer.title,
            studio: outdated.iter().map(document).collect(),
            packages: &packages,
        };
        printer.json("outdated", 1, &body)?;
    } else {
        printer.text(&text(&answer, &outdated, &packages))?;
    }
    Ok(Verdict::Fine)
}

fn name(outdated: &Outdated) -> String {
    match &outdated.what {
        Dated::Launcher => "launcher".to_owned(),
        Dated::Addon(name) => format!("addon {name}"),
    }
}

fn document(outdated: &Outdated) -> ReleaseDocument {
    ReleaseDocument {
        name: name(outdated),
        current: outdated.current.to_string(),
        fits: outdated.fits.as_ref().map(ToString::to_string),
        newest: outdated.newest.to_string(),
        because: outdated.because.clone(),
    }
}

/// The packages that are held back, each once for all targets that agree.
fn held(answer: &Answer) -> Vec<Held> {
    let mut found: BTreeMap<(String, String, String), Held> = BTreeMap::new();
    for (target, graph) in answer.graphs() {
        for (id, node) in graph.nodes() {
            let (Some(held_back), Some(current)) = (&node.held_back, &node.version) else {
                continue;
            };
            let key = (node.name.clone(), current.clone(), held_back.newest.clone());
            let held = found.entry(key).or_insert_with(|| Held {
                name: node.name.clone(),
                current: current.clone(),
                newest: held_back.newest.clone(),
                because: graph.why(id, WAYS).held,
                targets: Vec::new(),
            });
            held.targets.push(target.clone());
        }
    }
    found.into_values().collect()
}

fn text(answer: &Answer, outdated: &[Outdated], packages: &[Held]) -> String {
    let mut text = String::new();
    if outdated.is_empty() && packages.is_empty() {
        let _ = writeln!(text, "{}: everything is the newest", answer.title);
        return text;
    }
    let _ = writeln!(text, "{}", answer.title);
    if !outdated.is_empty() {
        let mut rows = vec![["", "now", "fits", "newest"].map(str::to_owned)];
        rows.extend(outdated.iter().map(row));
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max();
        let widths: Vec<usize> = (0..4).map(|column| width(column).unwrap_or(0)).collect();
        text.push('\n');
        let reasons = std::iter::once(None).chain(outdated.iter().map(|one| one.because.as_ref()));
        for ([name, now, fits, newest], reason) in rows.iter().zip(reasons) {
            let line = format!(
                "  {name:<0$}  {now:<1$}  {fits:<2$}  {newest:<3$}",
                widths[0], widths[1], widths[2], widths[3]
            );
            let _ = writeln!(text, "{}", line.trim_end());
            if let Some(reason) = reason {
                let _ = writeln!(text, "    {newest}: {reason}");
            }
        }
    }
    if !packages.is_empty() {
        text.push_str("\n  packages\n");
    }
    for held in packages {
        let _ = writeln!(text, "    {} {}", held.name, held.current);
        for reason in &held.because {
            let _ = writeln!(text, "      {reason}");
        }
    }
    text
}

fn row(outdated: &Outdated) -> [String; 4] {
    let fits = outdated.fits.as_ref();
    [
        name(outdated),
        outdated.current.to_string(),
        fits.map_or_else(|| "-".to_owned(), ToString::to_string),
        outdated.newest.to_string(),
    ]
}
