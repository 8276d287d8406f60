//! `check`: everything that is wrong with a bundle, in one run.

use clap::Args;

use crate::program::arguments::{BundleArguments, TargetArguments};
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve check --bundle production
  ayon-resolve check --bundle film-2026 --project show01 --host maya/2025 --json

Exit codes: 0 the bundle is fine; 1 something is wrong; 2 it could not be judged.";

/// What `check` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
}

impl CheckArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.bundle.record(layer);
        self.targets.record(layer);
    }
}

/// Checks the bundle.
pub(crate) fn run(
    _arguments: &CheckArguments,
    _settings: &Settings,
    _printer: &mut Printer,
) -> Result<Verdict, Report> {
    Err(Report::unknown(
        "`check` is not built into this program yet",
    ))
}
