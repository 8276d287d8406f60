//! `rez depends`: which packages depend on one, directly and through others.

use std::fmt::Write as _;

use ayon_resolve::rez::{Dependent, Dependents, Reach, dependents};
use clap::Args;
use rez::package::qualified;
use serde::Serialize;

use super::arguments::RepositoryArguments;
use crate::program::flags::{number, switch};
use crate::program::opening::site;
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve rez depends python
  ayon-resolve rez depends usd --depth 1 --json
  ayon-resolve rez depends usd --print-graph | dot -Tsvg > usd.svg

Of each package only the latest version counts, with the requirements of all its variants; no resolve is made.

Exit codes: 0 done, also where nothing depends on it; 1 there is no such package; 2 the packages could not be read.";

/// What `rez depends` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct DependsArguments {
    /// The name of a package
    #[arg(value_name = "PACKAGE")]
    package: String,
    /// Follow so many steps only
    #[arg(short, long, value_name = "N", help_heading = "What is shown")]
    depth: Option<i64>,
    /// Follow build requirements too
    #[arg(short, long, help_heading = "What is shown")]
    build_requires: bool,
    /// Print a graph in the DOT language
    #[arg(long, visible_alias = "pg", help_heading = "What is shown")]
    print_graph: bool,
    #[command(flatten)]
    repositories: RepositoryArguments,
}

impl DependsArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        number(layer, "depth", self.depth);
        switch(layer, "build-requires", self.build_requires);
        switch(layer, "print-graph", self.print_graph);
        self.repositories.record(layer);
    }
}

/// Finds the dependents, and prints them by their distance.
pub(crate) fn run(
    arguments: &DependsArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let site = site::open(settings, None)?;
    let package = arguments.package.as_str();
    let reach = Reach {
        depth: settings.rez.depth,
        build_requires: settings.rez.build_requires,
    };
    let progress = printer.progress("reading packages");
    site.read_all()
        .map_err(|error| site::report(&error, None))?;
    let found = dependents(site.catalogue(), package, reach, |done, of| {
        progress.say(&format!("reading packages ({done}/{of})"));
    });
    drop(progress);
    let found = found.map_err(|error| site::unread(&error))?;
    site.finish(printer);
    let Some(found) = found else {
        return Err(site::no_family(&site, package));
    };
    for (name, version, defect) in &found.unread {
        let package = qualified(name, version);
        printer.warning(&format!("{package} was left out: {defect}"));
    }
    if printer.is_json() {
        printer.json("rez-depends", 1, &document(package, &found))?;
    } else if settings.rez.showing.graph {
        printer.text(&graph(package, &found))?;
    } else {
        printer.text(&text(package, &found))?;
    }
    Ok(Verdict::Fine)
}

fn label(dependent: &Dependent) -> String {
    qualified(&dependent.name, &dependent.version)
}

/// Levels as rez numbers them, with the requests that make each package a dependent.
fn text(package: &str, found: &Dependents) -> String {
    let mut text = format!("#0: {package}\n");
    let all = || found.levels.iter().flatten();
    let width = all()
        .map(|dependent| label(dependent).chars().count())
        .max()
        .unwrap_or(0);
    for (depth, level) in found.levels.iter().enumerate() {
        let _ = writeln!(text, "#{}:", depth + 1);
        for dependent in level {
            let label = label(dependent);
            let requests = dependent.requests.join(" ");
            let _ = writeln!(text, "  {label:<width$}  needs {requests}");
        }
    }
    text
}

/// The graph that rez draws: from each dependent to what it asks for.
fn graph(package: &str, found: &Dependents) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = format!("digraph g {{\n  {};\n", quoted(package));
    for dependent in found.levels.iter().flatten() {
        for request in &dependent.requests {
            // A request that was read before can be read again.
            let Ok(request) = rez::requirement::Requirement::parse(request) else {
                continue;
            };
            let _ = writeln!(
                text,
                "  {} -> {} [label={}];",
                quoted(&dependent.name),
                quoted(request.name()),
                quoted(&request.to_string())
            );
        }
    }
    text.push_str("}\n");
    text
}

#[derive(Serialize)]
struct Document<'a> {
    package: &'a str,
    levels: Vec<Vec<Entry<'a>>>,
    unread: Vec<Unread>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    version: String,
    requests: Vec<&'a str>,
}

#[derive(Serialize)]
struct Unread {
    name: String,
    version: String,
    error: String,
}

fn document<'a>(package: &'a str, found: &'a Dependents) -> Document<'a> {
    let entry = |dependent: &'a Dependent| Entry {
        name: &dependent.name,
        version: dependent.version.to_string(),
        requests: dependent
            .requests
            .iter()
            .map(|request| &**request)
            .collect(),
    };
    let unread = found.unread.iter().map(|(name, version, defect)| Unread {
        name: name.to_string(),
        version: version.to_string(),
        error: defect.to_string(),
    });
    Document {
        package,
        levels: found
            .levels
            .iter()
            .map(|level| level.iter().map(entry).collect())
            .collect(),
        unread: unread.collect(),
    }
}
