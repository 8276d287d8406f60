//! `plan`: choose addon versions that fit together.

use clap::Args;

use crate::program::arguments::{TargetArguments, switch};
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve plan core maya nuke
  ayon-resolve plan core \"maya>=0.5\" \"nuke<0.5\" --launcher \">=1.6\" --prereleases

Exit codes: 0 versions were chosen; 1 none fit together; 2 the question could not be answered.";

/// What `plan` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct PlanArguments {
    /// An addon, or an addon with a range; the newest version is tried first, in the order given
    #[arg(value_name = "REQUEST", required = true)]
    pub(crate) requests: Vec<String>,
    /// Allow pre-releases
    #[arg(long, help_heading = "What for")]
    prereleases: bool,
    #[command(flatten)]
    targets: TargetArguments,
}

impl PlanArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        switch(layer, "prereleases", self.prereleases);
        self.targets.record(layer);
    }
}

/// Chooses versions.
pub(crate) fn run(
    arguments: &PlanArguments,
    _settings: &Settings,
    _printer: &mut Printer,
) -> Result<Verdict, Report> {
    let requests = arguments.requests.join(" ");
    Err(Report::unknown(format!(
        "`plan {requests}` is not built into this program yet"
    )))
}
