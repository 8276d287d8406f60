//! `plan`: choose addon versions that fit together.

use ayon_model::VersionRange;
use ayon_resolve::{PlanAsk, PlanRequest, complete_range};
use clap::Args;

use super::emit::deliver;
use crate::program::flags::{HintArguments, TargetArguments, switch};
use crate::program::printer::Printer;
use crate::program::session::{Session, processes, python};
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
    #[command(flatten)]
    hints: HintArguments,
}

impl PlanArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        switch(layer, "prereleases", self.prereleases);
        self.targets.record(layer);
        self.hints.record(layer);
    }
}

/// Chooses versions.
pub(crate) fn run(
    arguments: &PlanArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let addons: Result<Vec<PlanRequest>, _> =
        arguments.requests.iter().map(|text| text.parse()).collect();
    let addons = addons
        .map_err(|error: ayon_resolve::PlanRequestError| Report::unknown(error.to_string()))?;
    let launcher = settings
        .targets
        .launcher
        .as_deref()
        .map(launcher_range)
        .transpose()?;
    let ask = PlanAsk {
        addons,
        launcher,
        platforms: settings.targets.platforms.clone(),
        processes: processes(settings),
        python: python(settings)?,
        prereleases: settings.solving.prereleases,
    };
    let mut session = Session::open(settings, printer)?;
    let answer = session.run(async |resolver| resolver.plan(&ask).await)?;
    deliver(settings, session, answer.resolutions, "plan", printer)
}

/// `--launcher 1.6` means any 1.6: `>=1.6.0,<1.7.0`; `1.6.3` means just that; anything else is a range as it stands.
fn launcher_range(text: &str) -> Result<VersionRange, Report> {
    let numbers: Option<Vec<u64>> = text.split('.').map(|number| number.parse().ok()).collect();
    let text = match numbers.as_deref() {
        Some([major]) => format!(">={major}.0.0,<{}.0.0", major.saturating_add(1)),
        Some([major, minor]) => {
            format!(">={major}.{minor}.0,<{major}.{}.0", minor.saturating_add(1))
        }
        _ => text.to_owned(),
    };
    complete_range(&text).map_err(|fault| Report::unknown(format!("`--launcher`: {fault}")))
}
