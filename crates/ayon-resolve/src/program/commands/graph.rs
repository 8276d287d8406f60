//! `graph`: the answer as a picture, or as a page to walk about in.
//!
//! A conflict is drawn too: then the picture is the answer, and the exit code says that it is no.

use std::path::Path;

use ayon_explain::picture::{self, Page, Words};
use ayon_explain::{Difference, Graph};
use ayon_resolve::{Error, Refused};
use clap::Args;

use super::answers::{Answer, AnswerArguments, Asking};
use super::diff::known;
use crate::program::flags::{OutputArguments, text};
use crate::program::output::{self, OutputFile};
use crate::program::printer::Printer;
use crate::program::session;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve graph --bundle staging | dot -Tpdf > staging.pdf
  ayon-resolve graph --bundle staging --with venv -o staging.html
  ayon-resolve graph --bundle staging --against production -o change.html
  ayon-resolve graph --bundle broken --format mermaid

The page is one file that asks nothing of anybody: mail it, or open it on a machine without a network.

Exit codes: 0 the answer was drawn; 1 a conflict was drawn, or there is no answer; 2 the question could not be answered.";

const FORMATS: [&str; 4] = ["dot", "mermaid", "svg", "html"];

/// What `graph` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct GraphArguments {
    /// What to draw: dot, mermaid, svg or html [default: what the output's name ends in, else dot]
    #[arg(long, value_name = "FORMAT", help_heading = "What is written")]
    format: Option<String>,
    /// Show also what changes from this bundle; html only
    #[arg(long, value_name = "BUNDLE", help_heading = "What is written")]
    against: Option<String>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    answer: AnswerArguments,
}

impl GraphArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "format", self.format.as_deref());
        text(layer, "against", self.against.as_deref());
        self.output.record(layer);
        self.answer.record(layer);
    }
}

/// Draws.
pub(crate) fn run(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let output = settings.emission.output.as_deref();
    let format = match settings.explaining.format.as_deref() {
        None => format_of(output),
        Some(format) => known(format, &FORMATS)?,
    };
    let against = settings.explaining.against.as_deref();
    if against.is_some() && format != "html" {
        return Err(Report::unknown("only a page shows what changes")
            .hint("draw one: `--format html`; or tell it in words: `ayon-resolve diff`"));
    }
    let mut asking = Asking::new(settings)?;
    let (files, verdict) = match asking.try_answer(printer)? {
        Ok(answer) => {
            let before = against.map(|bundle| asking.answer_about(bundle, printer));
            let before = before.transpose()?;
            (draw(&answer, before.as_ref(), format), Verdict::Fine)
        }
        Err(Error::Refused(refused)) => {
            let error = Error::Refused(refused.clone());
            printer.warning(&format!("{error}; this is why"));
            (vec![draw_conflict(&refused, format)], Verdict::No)
        }
        Err(error) => return Err(session::report(&error, settings.display.verbosity > 0)),
    };
    asking.finish(printer);
    output::write(&files, output, printer)?;
    Ok(verdict)
}

/// What the name of the file to write asks for.
fn format_of(output: Option<&Path>) -> &'static str {
    let ending = output
        .and_then(Path::extension)
        .and_then(|end| end.to_str());
    match ending {
        Some("html" | "htm") => "html",
        Some("svg") => "svg",
        Some("mmd" | "mermaid") => "mermaid",
        _ => "dot",
    }
}

/// A page for all targets, or a picture of each.
fn draw(answer: &Answer, before: Option<&Answer>, format: &str) -> Vec<OutputFile> {
    let graphs = answer.graphs();
    if format == "html" {
        let before = before.and_then(|before| Some((before, before.graphs().into_iter().next()?)));
        let difference = before.and_then(|(before, (_, old))| {
            let (_, new) = graphs.first()?;
            Some(Difference::of((&before.title, &old), (&answer.title, new)))
        });
        let page = picture::page(&Page {
            title: &answer.title,
            graphs: graphs
                .iter()
                .map(|(target, graph)| (target.as_str(), graph))
                .collect(),
            difference: difference.as_ref(),
            ..Page::default()
        });
        return vec![file("graph.html", page)];
    }
    let one = |(resolution, (_, graph)): (&ayon_resolve::Resolution, &(String, Graph))| {
        let target = &resolution.target;
        let name = if answer.resolutions.len() > 1 {
            let process = target.process.to_string().replace(['/', ' '], "-");
            format!("graph-{process}-{}.{}", target.platform, ending(format))
        } else {
            format!("graph.{}", ending(format))
        };
        file(&name, drawn(graph, format))
    };
    answer.resolutions.iter().zip(&graphs).map(one).collect()
}

fn draw_conflict(refused: &Refused, format: &str) -> OutputFile {
    let name = format!("graph.{}", ending(format));
    if format != "html" {
        return file(&name, drawn(&Graph::of_conflict(&refused.conflict), format));
    }
    let hints = refused.hints.iter().map(|hint| hint.change.to_string());
    let page = picture::page(&Page {
        title: &refused.what,
        conflict: Some(&refused.conflict),
        hints: hints.collect(),
        ..Page::default()
    });
    file(&name, page)
}

fn drawn(graph: &Graph, format: &str) -> String {
    match format {
        "mermaid" => picture::mermaid(graph, Words::IfFew),
        "svg" => picture::svg(graph, Words::IfFew),
        _ => picture::dot(graph, Words::IfFew),
    }
}

fn ending(format: &str) -> &str {
    match format {
        "mermaid" => "mmd",
        other => other,
    }
}

fn file(name: &str, text: String) -> OutputFile {
    OutputFile {
        name: name.to_owned(),
        bytes: text.into_bytes(),
    }
}
