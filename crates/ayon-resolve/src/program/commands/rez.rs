//! `rez`: resolves, searches and contexts in rez's own world, without a studio.
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

#[expect(dead_code, reason = "for the commands that resolve")]
mod asking;
mod context;
#[expect(dead_code, reason = "for the commands that resolve")]
mod telling;

/// What can be asked about rez packages.
#[derive(Debug, Subcommand)]
pub(crate) enum RezCommand {
    /// Look at a context, or compare two
    Context(context::ContextArguments),
}

impl RezCommand {
    /// The words that lead to it.
    pub(crate) fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Context(_) => &["rez", "context"],
        }
    }

    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Context(arguments) => arguments.record(layer),
        }
    }

    /// Does what it says.
    pub(crate) fn run(
        &self,
        settings: &Settings,
        printer: &mut Printer,
    ) -> Result<Verdict, Report> {
        match self {
            Self::Context(arguments) => context::run(arguments, settings, printer),
        }
    }
}
