//! `studio pull` and `studio show`: a studio's facts, kept or looked at.

use clap::{Args, Subcommand};

use crate::program::arguments::OutputArguments;
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// What can be done with a studio.
#[derive(Debug, Subcommand)]
pub(crate) enum StudioCommand {
    /// Write the studio's facts to one snapshot file, which `--studio` accepts
    Pull(PullArguments),
    /// Say what the studio holds
    Show(ShowArguments),
}

impl StudioCommand {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Pull(arguments) => arguments.output.record(layer),
            Self::Show(_) => {}
        }
    }
}

/// What `studio pull` takes.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n  ayon-resolve studio pull --studio https://ayon.example -o studio.json"
)]
pub(crate) struct PullArguments {
    #[command(flatten)]
    output: OutputArguments,
}

/// What `studio show` takes.
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {}

/// Writes a snapshot.
pub(crate) fn pull(
    _arguments: &PullArguments,
    _settings: &Settings,
    _printer: &mut Printer,
) -> Result<Verdict, Report> {
    Err(Report::unknown(
        "`studio pull` is not built into this program yet",
    ))
}

/// Says what the studio holds.
pub(crate) fn show(
    _arguments: &ShowArguments,
    _settings: &Settings,
    _printer: &mut Printer,
) -> Result<Verdict, Report> {
    Err(Report::unknown(
        "`studio show` is not built into this program yet",
    ))
}
