//! The main job: a bundle in, an environment for a consumer out.

use clap::Args;

use crate::program::arguments::{BundleArguments, OutputArguments, TargetArguments, text};
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// What the main job takes.
#[derive(Debug, Args)]
pub(crate) struct EmitArguments {
    /// What to emit: conda, rez or venv
    #[arg(short, long, value_name = "WHAT", help_heading = "What is written")]
    emit: Option<String>,
    /// The format to emit in [default: spec]
    #[arg(long, value_name = "FORMAT", help_heading = "What is written")]
    format: Option<String>,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
}

impl EmitArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "emit", self.emit.as_deref());
        text(layer, "format", self.format.as_deref());
        self.output.record(layer);
        self.bundle.record(layer);
        self.targets.record(layer);
    }
}

/// Emits for `backend`.
pub(crate) fn run(
    backend: &str,
    _settings: &Settings,
    _printer: &mut Printer,
) -> Result<Verdict, Report> {
    Err(Report::unknown(format!(
        "`--emit {backend}` is not built into this program yet"
    )))
}
