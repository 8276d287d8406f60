//! `rez context`: what a context holds, and how two differ.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use rez::context::{
    Context, ContextDifference, Graph, ListChange, PackageChange, PackageState, TextChange,
};
use serde::Serialize;

use super::arguments::RepositoryArguments;
use super::{asking, telling};
use crate::program::flags::{switch, text};
use crate::program::opening::site;
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve rez context shot.rxt
  ayon-resolve rez context today.rxt --diff yesterday.rxt
  ayon-resolve rez context shot.rxt --fetch
  ayon-resolve rez context shot.rxt --print-graph | dot -Tsvg > shot.svg

Exit codes: 0 done, and with --diff or --fetch no difference; 1 there is a difference; 2 a context could not be read.";

/// What `rez context` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ContextArguments {
    /// A .rxt file, or `-` for standard input [default: the context you are in]
    #[arg(value_name = "FILE")]
    file: Option<String>,
    /// Compare with this context
    #[arg(long, value_name = "FILE", help_heading = "What is shown")]
    diff: Option<String>,
    /// Compare with what the same request resolves to today
    #[arg(long, conflicts_with = "diff", help_heading = "What is shown")]
    fetch: bool,
    /// Only the requests, without the implicit ones
    #[arg(long, visible_alias = "req", help_heading = "What is shown")]
    print_request: bool,
    /// Only the resolved packages
    #[arg(long, visible_alias = "res", help_heading = "What is shown")]
    print_resolve: bool,
    /// Packages in the order in which their commands run, not by name
    #[arg(long, visible_alias = "so", help_heading = "What is shown")]
    source_order: bool,
    /// Print the resolve's graph in the DOT language
    #[arg(long, visible_alias = "pg", help_heading = "What is shown")]
    print_graph: bool,
    #[command(flatten)]
    repositories: RepositoryArguments,
}

impl ContextArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "diff", self.diff.as_deref());
        switch(layer, "fetch", self.fetch);
        switch(layer, "print-request", self.print_request);
        switch(layer, "print-resolve", self.print_resolve);
        switch(layer, "source-order", self.source_order);
        switch(layer, "print-graph", self.print_graph);
        self.repositories.record(layer);
    }
}

/// Shows a context, or compares two.
pub(crate) fn run(
    arguments: &ContextArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let file = arguments.file.as_deref().map(PathBuf::from);
    let file = file.or_else(|| asking::current(settings).map(Path::to_owned));
    let file = file.ok_or_else(|| {
        Report::unknown("no context is named")
            .hint("name one: `ayon-resolve rez context FILE.rxt`")
            .hint("inside a rez environment it is the one you are in (REZ_RXT_FILE)")
    })?;
    let context = asking::read_context(&file)?;
    let showing = &settings.rez.showing;
    if let Some(other) = &showing.diff {
        let other = asking::read_context(other)?;
        return compare(&context, &other, printer);
    }
    if showing.fetch {
        let site = site::open(settings, Some(&context.package_paths))?;
        let ask = site.ask_again(&context);
        let ask = ask.map_err(|error| site::report(&error, Some(&site)))?;
        let today = site.resolve(&ask, settings, printer)?;
        site.finish(printer);
        return compare(&context, &today.context, printer);
    }
    if showing.graph {
        let graph = Graph::parse(&context.graph).map_err(|error| {
            Report::unknown(format!("the graph in `{}` cannot be read", file.display()))
                .because_of(&error)
        })?;
        printer.text(&graph.dot())?;
        return Ok(Verdict::Fine);
    }
    if printer.is_json() {
        printer.json("rez-context", 1, &telling::document(&context, None))?;
    } else if showing.request {
        for request in &context.requests {
            printer.text(&format!("{request}\n"))?;
        }
    } else if showing.resolve {
        printer.text(&names(&context, showing.source_order))?;
    } else {
        let verbose = settings.display.verbosity > 0;
        printer.text(&telling::summary(&context, showing.source_order, verbose))?;
    }
    Ok(Verdict::Fine)
}

/// Says how two contexts differ; that they do is an answer of *no*.
fn compare(old: &Context, new: &Context, printer: &mut Printer) -> Result<Verdict, Report> {
    let difference = ContextDifference::between(old, new);
    if printer.is_json() {
        printer.json(
            "rez-context-difference",
            1,
            &DifferenceDocument::from(&difference),
        )?;
    } else {
        printer.text(&difference.to_string())?;
    }
    Ok(if difference.is_empty() {
        Verdict::Fine
    } else {
        Verdict::No
    })
}

/// The packages as rez's `--print-resolve` writes them.
fn names(context: &Context, source_order: bool) -> String {
    let names = context.resolved.iter();
    let mut names: Vec<String> = names
        .map(rez::context::VariantHandle::qualified_package_name)
        .collect();
    if !source_order {
        names.sort();
    }
    names.into_iter().fold(String::new(), |mut text, name| {
        let _ = writeln!(text, "{name}");
        text
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DifferenceDocument<'a> {
    facts: Vec<FactDocument<'a>>,
    requests: ListDocument<'a>,
    implicit: ListDocument<'a>,
    package_paths: ListDocument<'a>,
    ephemerals: ListDocument<'a>,
    packages: Vec<ChangeDocument<'a>>,
    /// Whether packages that are the same stand in another order, which is that of their commands.
    packages_reordered: bool,
}

#[derive(Serialize)]
struct FactDocument<'a> {
    key: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
}

#[derive(Serialize)]
struct ListDocument<'a> {
    added: &'a [String],
    removed: &'a [String],
    reordered: bool,
}

#[derive(Serialize)]
struct ChangeDocument<'a> {
    name: &'a str,
    change: &'a str,
    old: Option<StateDocument<'a>>,
    new: Option<StateDocument<'a>>,
}

#[derive(Serialize)]
struct StateDocument<'a> {
    version: String,
    variant: Option<usize>,
    repository: &'a str,
}

impl<'a> From<&'a ContextDifference> for DifferenceDocument<'a> {
    fn from(difference: &'a ContextDifference) -> Self {
        let list = |change: &'a ListChange| ListDocument {
            added: &change.added,
            removed: &change.removed,
            reordered: change.reordered,
        };
        let state = |state: &'a PackageState| StateDocument {
            version: state.version.to_string(),
            variant: state.index,
            repository: &state.location,
        };
        let change = |change: &'a PackageChange| {
            let (old, new) = change.states();
            ChangeDocument {
                name: change.name(),
                change: change.word(),
                old: old.map(state),
                new: new.map(state),
            }
        };
        let fact = |fact: &'a TextChange| FactDocument {
            key: fact.key,
            old: fact.old.as_deref(),
            new: fact.new.as_deref(),
        };
        Self {
            facts: difference.facts.iter().map(fact).collect(),
            requests: list(&difference.requests),
            implicit: list(&difference.implicit),
            package_paths: list(&difference.package_paths),
            ephemerals: list(&difference.ephemerals),
            packages: difference.packages.iter().map(change).collect(),
            packages_reordered: difference.packages_reordered,
        }
    }
}
