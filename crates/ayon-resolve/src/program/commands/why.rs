//! `why`: every way from the bundle to a package, what holds its version, and what would lift that.

use ayon_explain::document::WhyDocument;
use ayon_explain::graph::{Graph, UnknownName};
use ayon_explain::why::WAYS;
use clap::Args;
use serde::Serialize;

use super::answers::{self, Answer, AnswerArguments};
use crate::program::plain::one_line;
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve why opentimelineio --bundle staging
  ayon-resolve why \"addon core\" --host maya/2025
  ayon-resolve why urllib3 --with venv --json

Exit codes: 0 it was found; 1 nothing of that name is in the answer, or there is no answer; 2 the question could not be
answered.";

/// How many ways `-v` shows: each may be all that somebody has to change.
const MANY_WAYS: usize = 64;

/// What `why` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct WhyArguments {
    /// A package, an addon or anything else of the answer, as in `opentimelineio`, `core` or `addon core`
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    answer: AnswerArguments,
}

impl WhyArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.answer.record(layer);
    }
}

#[derive(Serialize)]
struct Body {
    answers: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    target: String,
    things: Vec<WhyDocument>,
}

/// Tells why.
pub(crate) fn run(
    arguments: &WhyArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let answer = answers::answer(settings, printer)?;
    let graphs = answer.graphs();
    let ways = if settings.display.verbosity > 0 {
        MANY_WAYS
    } else {
        WAYS
    };
    let mut told = Vec::new();
    let mut text = String::new();
    for (target, graph) in &graphs {
        // What one process lacks another may have.
        let Ok(found) = graph.find(&arguments.name) else {
            continue;
        };
        if graphs.len() > 1 {
            text.push_str(&heading(&text, target));
        }
        let mut things = Vec::new();
        for (index, id) in found.into_iter().enumerate() {
            let why = graph.why(id, ways);
            text.push_str(if index > 0 { "\n" } else { "" });
            text.push_str(&why.text());
            things.push(why.document());
        }
        told.push(Told {
            target: target.clone(),
            things,
        });
    }
    if told.is_empty() {
        return Err(unknown(&arguments.name, &answer, &graphs, settings));
    }
    if printer.is_json() {
        printer.json("why", 1, &Body { answers: told })?;
    } else {
        printer.text(&text)?;
    }
    Ok(Verdict::Fine)
}

/// What stands above the answer for one of several targets.
pub(super) fn heading(before: &str, target: &str) -> String {
    let gap = if before.is_empty() { "" } else { "\n" };
    format!("{gap}# {target}\n\n")
}

/// The answer to a name that is nowhere.
pub(super) fn unknown(
    name: &str,
    answer: &Answer,
    graphs: &[(String, Graph)],
    settings: &Settings,
) -> Report {
    let targets: Vec<&str> = graphs.iter().map(|(target, _)| target.as_str()).collect();
    let report = Report::no(format!(
        "nothing is called `{}` in {} for {}",
        one_line(name),
        answer.title,
        targets.join(", ")
    ));
    let unknown: Vec<UnknownName> = graphs
        .iter()
        .filter_map(|(_, graph)| graph.find(name).err())
        .collect();
    let closest = unknown.iter().flat_map(|unknown| &unknown.closest);
    let report = report.did_you_mean(name, closest.map(String::as_str));
    if settings.explaining.with.is_some() {
        report
    } else {
        report.hint("packages that only packages need are chosen by a backend: add `--with conda`, `--with rez` or `--with venv`")
    }
}
