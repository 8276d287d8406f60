//! `host show`: what is known of DCC hosts. `host probe` has a file of its own.

use clap::{Args, Subcommand};

use super::probe::ProbeArguments;
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// What can be done with hosts.
#[derive(Debug, Subcommand)]
pub(crate) enum HostCommand {
    /// Say what is known of hosts
    Show(ShowArguments),
    /// Ask a host's own Python what it brings, and write a host profile
    Probe(ProbeArguments),
}

impl HostCommand {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Show(_) => {}
            Self::Probe(arguments) => arguments.record(layer),
        }
    }
}

/// What `host show` takes.
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// A host, or a host with its version; otherwise all
    #[arg(value_name = "NAME[/VERSION]")]
    pub(crate) hosts: Vec<String>,
}

/// Says what is known of hosts.
pub(crate) fn show(
    arguments: &ShowArguments,
    _settings: &Settings,
    _printer: &mut Printer,
) -> Result<Verdict, Report> {
    let hosts = arguments.hosts.join(" ");
    Err(Report::unknown(format!(
        "`host show {hosts}` is not built into this program yet"
    )))
}
