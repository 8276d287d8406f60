//! The commands, one file each: its arguments, and the function that does the work.
//!
//! A command takes the merged [`Settings`] and what was typed for it alone, does its work through the library, and
//! prints through the [`Printer`]. It answers with a [`Verdict`], or with a [`Report`] where there is no answer.

use clap::Subcommand;

use super::printer::Printer;
use super::setting::Layer;
use super::settings::Settings;
use super::{Report, Verdict};

mod answers;
mod check;
mod completions;
#[cfg(feature = "conda")]
pub(super) mod conda;
mod config;
mod diff;
mod emit;
mod graph;
mod host;
mod lock;
mod man;
mod outdated;
mod plan;
mod probe;
#[cfg(feature = "venv")]
pub(super) mod pypi;
#[cfg(feature = "rez")]
pub(super) mod rez;
mod studio;
mod tree;
mod why;

pub(crate) use emit::EmitArguments;

/// What can be asked, beside the main job.
#[derive(Debug, Subcommand)]
#[command(subcommand_value_name = "COMMAND")]
pub(crate) enum Command {
    /// Say everything that is wrong with a bundle
    Check(check::CheckArguments),
    /// Emit, as without a command; with `--lock FILE` from a lock
    Emit(Box<EmitArguments>),
    /// Keep what is chosen for a bundle in a lock, or say why the lock is stale
    Lock(Box<lock::making::LockArguments>),
    /// Hold files against the lock, by size and hashes
    Verify(lock::verify::VerifyArguments),
    /// Choose addon versions that fit together
    Plan(plan::PlanArguments),
    /// Say why something is in the answer, and what holds its version
    Why(why::WhyArguments),
    /// Show the answer as a tree
    Tree(tree::TreeArguments),
    /// Say what changes from one bundle to another
    Diff(diff::DiffArguments),
    /// Say what is not the newest, and how far it could go
    Outdated(outdated::OutdatedArguments),
    /// Draw the answer, or a page to walk about in
    Graph(graph::GraphArguments),
    /// Look at a studio, or keep it for offline work
    #[command(subcommand)]
    Studio(studio::StudioCommand),
    /// Lock Python packages, without a studio
    #[cfg(feature = "venv")]
    #[command(subcommand)]
    Pypi(pypi::PypiCommand),
    /// Choose conda packages, without a studio
    #[cfg(feature = "conda")]
    #[command(subcommand)]
    Conda(conda::CondaCommand),
    /// Resolve, search and explain rez packages, with or without a studio
    #[cfg(feature = "rez")]
    #[command(subcommand)]
    Rez(rez::RezCommand),
    /// Look at DCC hosts, or find out what one brings
    #[command(subcommand)]
    Host(host::HostCommand),
    /// Look at the settings in force
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArguments),
    /// Print the manual page, or write one for every command
    Man(man::ManArguments),
}

impl Command {
    /// The words that lead to it.
    pub(crate) fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Check(_) => &["check"],
            Self::Emit(_) => &["emit"],
            Self::Lock(_) => &["lock"],
            Self::Verify(_) => &["verify"],
            Self::Plan(_) => &["plan"],
            Self::Why(_) => &["why"],
            Self::Tree(_) => &["tree"],
            Self::Diff(_) => &["diff"],
            Self::Outdated(_) => &["outdated"],
            Self::Graph(_) => &["graph"],
            Self::Studio(studio::StudioCommand::Pull(_)) => &["studio", "pull"],
            Self::Studio(studio::StudioCommand::Show(_)) => &["studio", "show"],
            Self::Host(host::HostCommand::Show(_)) => &["host", "show"],
            Self::Host(host::HostCommand::Probe(_)) => &["host", "probe"],
            Self::Config(config::ConfigCommand::Show(_)) => &["config", "show"],
            #[cfg(feature = "venv")]
            Self::Pypi(command) => command.words(),
            #[cfg(feature = "conda")]
            Self::Conda(command) => command.words(),
            #[cfg(feature = "rez")]
            Self::Rez(command) => command.words(),
            Self::Completions(_) => &["completions"],
            Self::Man(_) => &["man"],
        }
    }

    /// Adds what was typed for this command to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Check(arguments) => arguments.record(layer),
            Self::Emit(arguments) => arguments.record(layer),
            Self::Lock(arguments) => arguments.record(layer),
            Self::Verify(arguments) => arguments.record(layer),
            Self::Plan(arguments) => arguments.record(layer),
            Self::Why(arguments) => arguments.record(layer),
            Self::Tree(arguments) => arguments.record(layer),
            Self::Diff(arguments) => arguments.record(layer),
            Self::Outdated(arguments) => arguments.record(layer),
            Self::Graph(arguments) => arguments.record(layer),
            Self::Studio(command) => command.record(layer),
            Self::Host(command) => command.record(layer),
            Self::Config(config::ConfigCommand::Show(arguments)) => arguments.record(layer),
            #[cfg(feature = "venv")]
            Self::Pypi(command) => command.record(layer),
            #[cfg(feature = "conda")]
            Self::Conda(command) => command.record(layer),
            #[cfg(feature = "rez")]
            Self::Rez(command) => command.record(layer),
            Self::Man(arguments) => arguments.record(layer),
            Self::Completions(_) => {}
        }
    }

    /// Whether configuration files matter to it. A shell that loads completions must not stumble over one.
    pub(crate) fn reads_configuration_files(&self) -> bool {
        !matches!(self, Self::Completions(_) | Self::Man(_))
    }
}

/// The program's arguments, made when a command that writes them down asks.
pub(crate) type Parser = fn() -> clap::Command;

/// Does what is asked for: the main job, unless it is something else.
pub(crate) fn run(
    command: Option<&Command>,
    parser: Parser,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let Some(command) = command else {
        if settings.asks_for_nothing() {
            return Err(Report::unknown("nothing is asked for")
                .hint("say what to emit, as in `ayon-resolve --bundle staging --emit conda`")
                .hint("or name a command; `ayon-resolve -h` lists them"));
        }
        return main_job(settings, printer);
    };
    match command {
        Command::Check(_) => check::run(settings, printer),
        Command::Emit(_) => main_job(settings, printer),
        Command::Lock(_) => lock::making::run(settings, printer),
        Command::Verify(arguments) => lock::verify::run(arguments, settings, printer),
        Command::Plan(arguments) => plan::run(arguments, settings, printer),
        Command::Why(arguments) => why::run(arguments, settings, printer),
        Command::Tree(arguments) => tree::run(arguments, settings, printer),
        Command::Diff(arguments) => diff::run(arguments, settings, printer),
        Command::Outdated(_) => outdated::run(settings, printer),
        Command::Graph(_) => graph::run(settings, printer),
        Command::Studio(studio::StudioCommand::Pull(_)) => studio::pull(settings, printer),
        Command::Studio(studio::StudioCommand::Show(_)) => studio::show(settings, printer),
        Command::Host(host::HostCommand::Show(arguments)) => {
            host::show(arguments, settings, printer)
        }
        Command::Host(host::HostCommand::Probe(arguments)) => {
            probe::run(arguments, settings, printer)
        }
        Command::Config(config::ConfigCommand::Show(_)) => config::show(settings, printer),
        #[cfg(feature = "venv")]
        Command::Pypi(command) => command.run(settings, printer),
        #[cfg(feature = "conda")]
        Command::Conda(command) => command.run(settings, printer),
        #[cfg(feature = "rez")]
        Command::Rez(command) => command.run(settings, printer),
        Command::Completions(arguments) => completions::run(arguments, parser, printer),
        Command::Man(_) => man::run(parser, settings, printer),
    }
}

/// Resolves and emits; or emits what a lock has.
fn main_job(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    if settings.lock.is_used() {
        return lock::emitting::run(settings, printer);
    }
    emit::run(settings, printer)
}
