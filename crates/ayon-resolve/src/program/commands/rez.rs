//! `rez`: resolves, searches and contexts in rez's own world; and, alone among them, what puts a studio's bundle there.
//!
//! What decides here is the library ([`ayon_resolve::rez`]); these commands read words and print answers. Flags are
//! named as rez names them, and exit codes mean what they mean elsewhere in this program: 1 is rez's *no* (nothing
//! fits, a package does not exist, a request contradicts itself), 2 is *could not tell* (a file that cannot be read, a
//! limit that was reached).

use clap::Subcommand;

use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

mod arguments;
mod asking;
mod context;
mod depends;
mod env;
mod index;
mod publish;
mod search;
mod telling;
mod why;

/// What can be asked about rez packages.
#[derive(Debug, Subcommand)]
pub(crate) enum RezCommand {
    /// Resolve a request as rez does, and show the answer or write it as a context
    Env(env::EnvArguments),
    /// Find packages
    Search(search::SearchArguments),
    /// Say which packages depend on one
    Depends(depends::DependsArguments),
    /// Say why a resolve holds a package, and what holds its version back
    Why(why::WhyArguments),
    /// Look at a context, or compare two
    Context(context::ContextArguments),
    /// Build the index that makes all of this fast, or say whether it is current
    Index(index::IndexArguments),
    /// Write a bundle, its addons and its launcher as rez packages
    Publish(publish::PublishArguments),
}

impl RezCommand {
    /// The words that lead to it.
    pub(crate) fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Env(_) => &["rez", "env"],
            Self::Search(_) => &["rez", "search"],
            Self::Depends(_) => &["rez", "depends"],
            Self::Why(_) => &["rez", "why"],
            Self::Context(_) => &["rez", "context"],
            Self::Index(_) => &["rez", "index"],
            Self::Publish(_) => &["rez", "publish"],
        }
    }

    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Env(arguments) => arguments.record(layer),
            Self::Search(arguments) => arguments.record(layer),
            Self::Depends(arguments) => arguments.record(layer),
            Self::Why(arguments) => arguments.record(layer),
            Self::Context(arguments) => arguments.record(layer),
            Self::Index(arguments) => arguments.record(layer),
            Self::Publish(arguments) => arguments.record(layer),
        }
    }

    /// Does what it says.
    pub(crate) fn run(
        &self,
        settings: &Settings,
        printer: &mut Printer,
    ) -> Result<Verdict, Report> {
        match self {
            Self::Env(arguments) => env::run(arguments, settings, printer),
            Self::Search(arguments) => search::run(arguments, settings, printer),
            Self::Depends(arguments) => depends::run(arguments, settings, printer),
            Self::Why(arguments) => why::run(arguments, settings, printer),
            Self::Context(arguments) => context::run(arguments, settings, printer),
            Self::Index(_) => index::run(settings, printer),
            Self::Publish(arguments) => publish::run(arguments, settings, printer),
        }
    }
}
