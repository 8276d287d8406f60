//! `tree`: what a bundle brings in, or, turned round, what brings something in.

use ayon_explain::TreeOptions;
use ayon_explain::document::VisitDocument;
use ayon_explain::graph::Graph;
use clap::Args;
use serde::Serialize;

use super::answers::{self, AnswerArguments};
use super::why::{heading, unknown};
use crate::program::flags::{number, switch};
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve tree --bundle staging
  ayon-resolve tree \"addon ftrack\" --with venv
  ayon-resolve tree --invert urllib3 --with venv --process launcher,maya/2025

What was told further up is marked (*) and not told again. `-v` says also what is there already though nobody asks.

Exit codes: 0 done; 1 nothing of that name is in the answer, or there is no answer; 2 the question could not be answered.";

/// What `tree` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct TreeArguments {
    /// Where to start, by name [default: the bundle]
    #[arg(value_name = "NAME", required_if_eq("invert", "true"))]
    name: Option<String>,
    /// Show who asks, instead of what is asked for
    #[arg(long, help_heading = "What is shown")]
    invert: bool,
    /// Go so many steps only
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..), help_heading = "What is shown")]
    depth: Option<i64>,
    #[command(flatten)]
    answer: AnswerArguments,
}

impl TreeArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        switch(layer, "invert", self.invert);
        number(layer, "depth", self.depth);
        self.answer.record(layer);
    }
}

#[derive(Serialize)]
struct Body {
    trees: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    target: String,
    lines: Vec<VisitDocument>,
}

/// Shows the tree.
pub(crate) fn run(
    arguments: &TreeArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let answer = answers::answer(settings, printer)?;
    let graphs = answer.graphs();
    let mut text = String::new();
    let mut trees = Vec::new();
    for (target, graph) in &graphs {
        let Some(all) = options(arguments.name.as_deref(), graph, settings) else {
            continue;
        };
        if graphs.len() > 1 {
            text.push_str(&heading(&text, target));
        }
        for options in all {
            text.push_str(&graph.tree_text(&options));
            trees.push(Told {
                target: target.clone(),
                lines: graph.tree_document(&graph.tree(&options)),
            });
        }
    }
    if let (Some(name), true) = (&arguments.name, trees.is_empty()) {
        return Err(unknown(name, &answer, &graphs, settings));
    }
    if printer.is_json() {
        printer.json("tree", 1, &Body { trees })?;
    } else {
        printer.text(&text)?;
    }
    Ok(Verdict::Fine)
}

/// One tree for each thing of that name; none where there is none.
fn options(name: Option<&str>, graph: &Graph, settings: &Settings) -> Option<Vec<TreeOptions>> {
    let starts = match name {
        None => vec![None],
        Some(name) => graph.find(name).ok()?.into_iter().map(Some).collect(),
    };
    let options = |start| TreeOptions {
        start,
        is_inverted: settings.explaining.is_inverted,
        depth: settings.explaining.depth,
        with_words: true,
        with_idle: settings.display.verbosity > 0,
    };
    Some(starts.into_iter().map(options).collect())
}
