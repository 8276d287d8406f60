//! `diff`: what changes from one bundle to another.

use ayon_explain::Difference;
use ayon_explain::document::DifferenceDocument;
use clap::Args;
use serde::Serialize;

use super::answers::{AnswerArguments, Asking};
use super::why::heading;
use crate::program::flags::text;
use crate::program::plain::one_line;
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve diff production staging
  ayon-resolve diff studio-2026-05 studio-2026-06 --host maya/2025 --with venv
  ayon-resolve diff yesterday.lock ayon.lock
  ayon-resolve diff production staging --format markdown >> pull-request.md

Exit codes: 0 the difference was told, also where there is none; 1 one of them has no answer; 2 the question could not be
answered.";

const FORMATS: [&str; 2] = ["text", "markdown"];

/// What `diff` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct DiffArguments {
    /// A bundle by name, or `production`, `staging` or `dev`; or the file of a lock
    #[arg(value_name = "BEFORE")]
    before: String,
    /// Another
    #[arg(value_name = "AFTER")]
    after: String,
    /// How to tell it: text or markdown [default: text]
    #[arg(long, value_name = "FORMAT", help_heading = "What is printed")]
    format: Option<String>,
    #[command(flatten)]
    answer: AnswerArguments,
}

impl DiffArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "format", self.format.as_deref());
        self.answer.record(layer);
    }
}

#[derive(Serialize)]
struct Body<'a> {
    differences: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    target: &'a str,
    #[serde(flatten)]
    difference: DifferenceDocument<'a>,
}

/// Tells the difference.
pub(crate) fn run(
    arguments: &DiffArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let format = match settings.explaining.format.as_deref() {
        None => FORMATS[0],
        Some(format) => known(format, &FORMATS)?,
    };
    let mut asking = Asking::new(settings)?;
    let before = asking.answer_about(&arguments.before, printer)?;
    let after = asking.answer_about(&arguments.after, printer)?;
    asking.finish(printer);
    // Two words for one bundle are told apart by the words.
    let labels = if before.title == after.title {
        (arguments.before.as_str(), arguments.after.as_str())
    } else {
        (before.title.as_str(), after.title.as_str())
    };
    let labels = (one_line(labels.0), one_line(labels.1));
    let (old, new) = (before.graphs(), after.graphs());
    // Locks may be for different targets.
    for (one, other, label) in [(&old, &new, &labels.0), (&new, &old, &labels.1)] {
        for (target, _) in one {
            if !other.iter().any(|(known, _)| known == target) {
                printer.warning(&format!("only {label} is for {target}"));
            }
        }
    }
    let both = old.iter().filter_map(|(target, before)| {
        let (_, after) = new.iter().find(|(known, _)| known == target)?;
        let difference = Difference::of((&labels.0, before), (&labels.1, after));
        Some((target.clone(), difference))
    });
    let differences: Vec<(String, Difference)> = both.collect();
    if printer.is_json() {
        let told = differences.iter().map(|(target, difference)| Told {
            target,
            difference: difference.document(),
        });
        let differences = told.collect();
        printer.json("diff", 1, &Body { differences })?;
        return Ok(Verdict::Fine);
    }
    let mut text = String::new();
    for (target, difference) in &differences {
        if differences.len() > 1 {
            text.push_str(&heading(&text, target));
        }
        text.push_str(&match format {
            "markdown" => difference.markdown(),
            _ => difference.text(),
        });
    }
    printer.text(&text)?;
    Ok(Verdict::Fine)
}

/// One of the formats that a command knows.
pub(super) fn known<'a>(format: &str, formats: &[&'a str]) -> Result<&'a str, Report> {
    let found = formats.iter().find(|known| **known == format);
    found.copied().ok_or_else(|| {
        Report::unknown(format!(
            "`{}` is not one of the formats {}",
            one_line(format),
            formats.join(", ")
        ))
        .did_you_mean(format, formats.iter().copied())
    })
}
