//! `rez env`: a request in, a resolve out, as rez would make it.
//!
//! Where rez would open a shell, this prints what was resolved, or writes it as a context that rez's own shells open.

use ayon_resolve::rez::Answer;
use clap::Args;
use rez::context::Context;
use serde::Serialize;

use super::arguments::{OutputArguments, PatchArguments, RepositoryArguments, ResolveArguments};
use super::{asking, telling};
use crate::program::opening::site;
use crate::program::output::{self, OutputFile};
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve rez env maya nuke-15
  ayon-resolve rez env \"maya-2024+<2026\" \"!usd-23\" --time -10d -o shot.rxt && rez-env --input shot.rxt
  ayon-resolve rez env --input shot.rxt --patch nuke-16 -o newer.rxt
  ayon-resolve rez env maya --paths /packages/int:/packages/ext --json

What is about the shell that rez-env opens (--shell, --norc, -c and so on) is rez's: give it the context.

Exit codes: 0 resolved; 1 there is no such resolve (nothing fits, a package or version does not exist, a package
contradicts itself); 2 it could not be told (a request or a file that makes no sense, a limit that was reached).";

/// What `rez env` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct EnvArguments {
    /// What to resolve, as rez writes it: `maya`, `maya-2024+<2026`, `!usd-23`, `~houdini-20`, `.feature-1`
    #[arg(value_name = "REQUEST")]
    requests: Vec<String>,
    #[command(flatten)]
    resolve: ResolveArguments,
    #[command(flatten)]
    patch: PatchArguments,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    repositories: RepositoryArguments,
}

impl EnvArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.resolve.record(layer);
        self.patch.record(layer);
        self.output.record(layer);
        self.repositories.record(layer);
    }
}

/// Resolves, and shows or writes the answer.
pub(crate) fn run(
    arguments: &EnvArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    if let Some(context) = asking::context_as_it_is(&arguments.requests, settings)? {
        // As with rez-env, a context that is not patched is not resolved again.
        return deliver(&context, None, settings, printer);
    }
    let requests = asking::requests(&arguments.requests, settings)?;
    let site = site::open(settings, None)?;
    let (_, answer) = site.resolve_requests(requests, settings, printer)?;
    site.finish(printer);
    if settings.rez.resolving.stats {
        let progress = answer.progress();
        printer.note(&format!(
            "Solved in {:.1} ms; steps: {}, failed: {}",
            answer.context.solve_time * 1000.0,
            progress.num_solves,
            progress.num_fails
        ));
    }
    let verdict = deliver(&answer.context, Some(&answer), settings, printer);
    site.leave();
    verdict
}

/// Writes or shows `context`; where it was just made, says how that went.
fn deliver(
    context: &Context,
    answer: Option<&Answer>,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let output = settings.emission.output.as_deref();
    let is_stdout = output.is_some_and(|path| path.as_os_str() == "-");
    if let Some(path) = output.filter(|_| !is_stdout) {
        let file = OutputFile {
            name: "context.rxt".to_owned(),
            bytes: context.write().into_bytes(),
        };
        output::put(file, path, printer)?;
    }
    let refusal = telling::refusal(context, answer, settings);
    if let Some(refusal) = refusal {
        // As rez does, also what failed is written.
        if is_stdout && !printer.is_json() {
            printer.bytes(context.write().as_bytes())?;
        }
        return Err(refusal);
    }
    if printer.is_json() {
        let document = EnvDocument {
            resolve: telling::document(context, answer),
            output: output.map(|path| path.display().to_string()),
            context: is_stdout.then(|| context.write()),
        };
        printer.json("rez-env", 1, &document)?;
    } else if is_stdout {
        printer.bytes(context.write().as_bytes())?;
    } else if output.is_none() {
        printer.text(&telling::packages(context, true))?;
    }
    Ok(Verdict::Fine)
}

#[derive(Serialize)]
struct EnvDocument {
    #[serde(flatten)]
    resolve: telling::ResolveDocument,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    /// The context's text, where it would be printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<String>,
}
