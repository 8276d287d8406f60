//! `man`: the manual, from the same definition as the help.
//!
//! Without `--output` it is the program's own page on standard output; with it, one page for every command in a
//! folder. The program's page ends with every environment variable.

use std::fmt::Write as _;

use clap::Args;
use clap_mangen::Man;

use super::Parser;
use crate::program::environment::{Rank, VARIABLES};
use crate::program::flags::OutputArguments;
use crate::program::output::{self, OutputFile};
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// What `man` takes.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Examples:\n  ayon-resolve man | man -l -\n  ayon-resolve man -o man1/"
)]
pub(crate) struct ManArguments {
    #[command(flatten)]
    output: OutputArguments,
}

impl ManArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.output.record(layer);
    }
}

/// Prints the page, or writes all pages.
pub(crate) fn run(
    parser: Parser,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let mut program = parser();
    program.build();
    let output = settings.emission.output.as_deref();
    let mut files = vec![page(&program)?];
    if output.is_some() {
        pages_below(&program, &mut files)?;
    }
    output::write(&files, output, printer)?;
    Ok(Verdict::Fine)
}

fn pages_below(command: &clap::Command, files: &mut Vec<OutputFile>) -> Result<(), Report> {
    for inner in command
        .get_subcommands()
        .filter(|inner| inner.get_name() != "help")
    {
        files.push(page(inner)?);
        pages_below(inner, files)?;
    }
    Ok(())
}

fn page(command: &clap::Command) -> Result<OutputFile, Report> {
    // After `build`, a command knows its full name: `ayon-resolve studio pull`.
    let full = command.get_bin_name().unwrap_or(command.get_name());
    let is_program = full == command.get_name();
    let name = full.replace(' ', "-");
    let mut bytes = Vec::new();
    Man::new(command.clone())
        .title(&name)
        .render(&mut bytes)
        .map_err(|error| {
            Report::unknown(format!("the manual page `{name}` cannot be made")).because_of(&error)
        })?;
    if is_program {
        bytes.extend(variables().into_bytes());
    }
    Ok(OutputFile {
        name: format!("{name}.1"),
        bytes,
    })
}

/// The section about environment variables, in the language of manual pages.
fn variables() -> String {
    let mut section =
        String::from(".SH ENVIRONMENT\nAn empty variable counts as one that is not set.\n");
    for variable in VARIABLES {
        let secret = if variable.rank == Rank::Secret {
            "; never shown"
        } else {
            ""
        };
        let _ = writeln!(
            section,
            ".TP\n\\fB{}\\fR\n{}{secret}.",
            variable.name,
            variable.about.replace('-', "\\-")
        );
    }
    section
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_in_the_manual() {
        let mut program = crate::program::arguments::command();
        program.build();
        let text = String::from_utf8(page(&program).unwrap().bytes).unwrap();
        for variable in VARIABLES {
            assert!(
                text.contains(&format!("\\fB{}\\fR", variable.name)),
                "{}",
                variable.name
            );
        }
    }
}
