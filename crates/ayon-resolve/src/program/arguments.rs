//! What a person types, and how it becomes a [`Layer`] of settings.
//!
//! Without a command the program does its main job, to emit. Flags about the studio, the network and the output are
//! *global*: they may stand before the command or after it. Those about bundles and processes ([`super::flags`]) belong
//! to the commands that ask about one; they too may stand before the command, and a command that has no use for one
//! refuses it. Each command's own arguments stand in the command's file below [`super::commands`].
//!
//! The parser knows nothing of the environment, since a variable and a flag do not have the same rank; the variables
//! are only added to the help text here.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Args, CommandFactory, FromArgMatches, Parser};

use super::Report;
use super::commands::{Command, EmitArguments};
use super::environment::VARIABLES;
use super::flags::{count, switch, text};
use super::setting::{COLOR_CHOICES, Layer};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve --studio sample --bundle staging --emit conda
  ayon-resolve --bundle staging --host maya/2025 --platform win-64 --emit rez -o request.txt
  ayon-resolve check --bundle production --json
  ayon-resolve plan core \"maya>=0.5\" nuke --launcher \">=1.6\"

Exit codes: 0 done, or the answer is yes; 1 the answer is no; 2 the question could not be answered.";

/// Resolves the environment of an AYON bundle: which packages, from where, why, and what is wrong.
///
/// Takes the facts of a studio (a server, a folder or a snapshot), a bundle, and the processes and platforms to serve;
/// checks that addons, launcher, hosts and Python packages fit together; and emits the answer for conda, rez or a
/// virtual environment.
#[derive(Debug, Parser)]
#[command(name = "ayon-resolve", version, after_long_help = EXAMPLES, max_term_width = 110)]
pub(crate) struct Arguments {
    /// What the main job needs.
    #[command(flatten)]
    pub(crate) emit: EmitArguments,
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
    /// The command; none for the main job.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

impl Arguments {
    /// Reads `words`, the program's own name first.
    pub(crate) fn parse(words: Vec<OsString>) -> Result<Self, clap::Error> {
        let matches = command().try_get_matches_from(words)?;
        Self::from_arg_matches(&matches)
    }

    /// What was typed, as settings.
    ///
    /// # Errors
    /// Where a flag stands before a command that has no use for it.
    pub(crate) fn layer(&self) -> Result<Layer, Report> {
        let mut before = Layer::default();
        self.emit.record(&mut before);
        if let Some(command) = &self.command {
            let words = command.words();
            let accepted = accepted_flags(words);
            if let Some(flag) = before
                .names()
                .find(|name| !accepted.iter().any(|accepted| accepted == name))
            {
                let name = words.join(" ");
                return Err(
                    Report::unknown(format!("`{name}` has no use for `--{flag}`"))
                        .hint(format!("`ayon-resolve {name} -h` lists what it takes")),
                );
            }
            command.record(&mut before);
        }
        self.global.record(&mut before);
        Ok(before)
    }
}

/// The program's arguments with the environment variables in their help.
pub(crate) fn command() -> clap::Command {
    document(brief(Arguments::command()))
}

/// The commands that explain the answer to the main job, and take its flags about packages.
const EXPLAINING: [&str; 5] = ["why", "tree", "diff", "outdated", "graph"];

/// Leaves the flags about packages to the long help of the main job and of the commands that explain its answer: they have
/// enough of their own to say.
fn brief(program: clap::Command) -> clap::Command {
    let program = program.mut_subcommands(|command| {
        if EXPLAINING.contains(&command.get_name()) {
            briefer(command)
        } else {
            command
        }
    });
    briefer(program)
}

fn briefer(program: clap::Command) -> clap::Command {
    #[cfg(feature = "venv")]
    let program = program.mut_args(|arg| {
        let heading = arg.get_help_heading().unwrap_or_default();
        let is_about_packages = super::commands::pypi::arguments::HEADINGS.contains(&heading);
        arg.hide_short_help(is_about_packages)
    });
    #[cfg(feature = "conda")]
    let program = program.mut_args(|arg| {
        let is_about_conda =
            arg.get_help_heading() == Some(super::commands::conda::arguments::HEADING);
        let is_hidden = arg.is_hide_short_help_set();
        arg.hide_short_help(is_hidden || is_about_conda)
    });
    program
}

fn document(command: clap::Command) -> clap::Command {
    command.mut_args(with_variables).mut_subcommands(document)
}

/// Names the environment variables of a flag at the end of its long help.
fn with_variables(arg: Arg) -> Arg {
    let Some(flag) = arg.get_long() else {
        return arg;
    };
    let variables = VARIABLES
        .iter()
        .filter(|variable| variable.setting == Some(flag));
    let names: Vec<&str> = variables.map(|variable| variable.name).collect();
    let Some(help) = arg.get_long_help().or(arg.get_help()) else {
        return arg;
    };
    let long_help = format!("{help}\n\n[env: {}]", names.join(", "));
    arg.long_help(long_help)
}

/// The flags of the command that `words` lead to.
fn accepted_flags(words: &[&str]) -> Vec<String> {
    let program = Arguments::command();
    let command = words
        .iter()
        .try_fold(&program, |command, word| command.find_subcommand(word));
    let own = command.into_iter().flat_map(clap::Command::get_arguments);
    own.filter_map(|arg| arg.get_long().map(str::to_owned))
        .collect()
}

/// What clap has to say about a mistake, in our words' shape.
pub(crate) fn usage_report(error: &clap::Error) -> Report {
    let rendered = error.render().to_string();
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Report::unknown(format!("a command is missing\n\n{}", rendered.trim_end()));
    }
    let mut message = Vec::new();
    let mut hints = Vec::new();
    for line in rendered.trim_start_matches("error: ").trim_end().lines() {
        let line = line.trim_end();
        if let Some(tip) = line.trim_start().strip_prefix("tip: ") {
            hints.push(tip.to_owned());
        } else if let Some(more) = line.strip_prefix("For more information, ") {
            hints.push(format!(
                "for more information, {}",
                more.trim_end_matches('.')
            ));
        } else if !(line.is_empty() && message.last().is_none_or(String::is_empty)) {
            message.push(line.to_owned());
        }
    }
    hints
        .into_iter()
        .fold(Report::unknown(message.join("\n").trim_end()), Report::hint)
}

/// The flags every command takes.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct GlobalArguments {
    /// The studio: a folder, a snapshot file, a server's URL, or the word `sample`
    ///
    /// `sample` is a small studio inside this program, to try it on. A server's key is taken from the environment
    /// variable `AYON_API_KEY`, and sent only to the server that `AYON_SERVER_URL` names, where that is set.
    #[arg(long, global = true, value_name = "PATH|URL", help_heading = "Studio")]
    studio: Option<String>,
    /// Use no network: only snapshots and the cache
    #[arg(long, global = true, help_heading = "Studio")]
    offline: bool,
    /// Ask again for what the cache already holds
    #[arg(
        long,
        global = true,
        conflicts_with = "offline",
        help_heading = "Studio"
    )]
    refresh: bool,
    /// The folder of the cache
    #[arg(long, global = true, value_name = "FOLDER", help_heading = "Studio")]
    cache_dir: Option<String>,
    /// Neither read nor write the cache
    #[arg(long, global = true, help_heading = "Studio")]
    no_cache: bool,
    /// Print JSON documents, errors included
    #[arg(long, global = true, help_heading = "What is printed")]
    json: bool,
    /// Say more; twice for still more
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = "What is printed")]
    verbose: u8,
    /// Say less: no notes; twice: no warnings either
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = "What is printed")]
    quiet: u8,
    /// When to use colour; `auto` means on a terminal
    #[arg(long, global = true, value_name = "WHEN", value_parser = COLOR_CHOICES.to_vec(), help_heading = "What is printed")]
    color: Option<String>,
    /// Show no progress
    #[arg(long, global = true, help_heading = "What is printed")]
    no_progress: bool,
    /// Read this configuration file, and no other
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        help_heading = "Configuration"
    )]
    config_file: Option<String>,
    /// Read no configuration file
    #[arg(
        long,
        global = true,
        conflicts_with = "config_file",
        help_heading = "Configuration"
    )]
    no_config: bool,
}

impl GlobalArguments {
    fn record(&self, layer: &mut Layer) {
        text(layer, "studio", self.studio.as_deref());
        switch(layer, "offline", self.offline);
        switch(layer, "refresh", self.refresh);
        text(layer, "cache-dir", self.cache_dir.as_deref());
        switch(layer, "no-cache", self.no_cache);
        switch(layer, "json", self.json);
        count(layer, "verbose", self.verbose);
        count(layer, "quiet", self.quiet);
        text(layer, "color", self.color.as_deref());
        switch(layer, "no-progress", self.no_progress);
        text(layer, "config-file", self.config_file.as_deref());
        switch(layer, "no-config", self.no_config);
    }
}

#[cfg(test)]
mod tests;
