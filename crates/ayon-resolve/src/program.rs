//! The program around the library: what a person types, what they read, and what settings were in force.
//!
//! One run is five steps, each with a module of its own. The words become [`arguments`], which hold only what was
//! typed. [`environment`] and [`configuration`] add what was set elsewhere. [`settings`] merges all of it into plain
//! typed values. [`commands`] has one file per command, which takes the settings and does the work: on a studio
//! ([`session`]), with places that packages come from ([`opening`]) and [`backends`] that are told what the settings
//! say. Everything that is read goes through [`printer`], everything that is written to disk through [`output`], and
//! whatever went wrong is a [`Report`].

use std::ffi::OsString;

pub(crate) mod arguments;
pub(crate) mod backends;
pub(crate) mod commands;
pub(crate) mod configuration;
pub(crate) mod documents;
pub(crate) mod environment;
pub(crate) mod flags;
#[cfg(feature = "venv")]
pub(crate) mod old_locks;
pub(crate) mod opening;
pub(crate) mod output;
pub(crate) mod plain;
pub(crate) mod printer;
pub(crate) mod report;
#[cfg(feature = "venv")]
pub(crate) mod requirements;
pub(crate) mod session;
pub(crate) mod setting;
pub(crate) mod settings;

use arguments::Arguments;
use environment::Environment;
use printer::{Look, Printer};
pub(crate) use report::{Report, Verdict};
use settings::Settings;

/// Runs the program with `words`, its own name first, and says how it ended.
pub(crate) fn run(words: Vec<OsString>) -> Verdict {
    let environment = Environment::capture();
    // How to print must be known before the words are understood, since they may be misunderstood.
    let mut printer = Printer::new(Look::guess(&words, &environment));
    let verdict = attempt(words, &environment, &mut printer).unwrap_or_else(|report| {
        printer.report(&report);
        report.verdict()
    });
    printer.finish(verdict)
}

fn attempt(
    words: Vec<OsString>,
    environment: &Environment,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let arguments = match Arguments::parse(words) {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => {
            printer.styled(&error.render())?;
            return Ok(Verdict::Fine);
        }
        Err(error) => return Err(arguments::usage_report(&error)),
    };
    let flags = arguments.layer()?;
    let reads_files = arguments
        .command
        .as_ref()
        .is_none_or(commands::Command::reads_configuration_files);
    let directory = std::env::current_dir().ok();
    let (settings, notices) =
        Settings::load(flags, environment, directory.as_deref(), reads_files)?;
    printer.adopt(Look::of(&settings));
    for notice in notices {
        printer.warning(&notice);
    }
    let command = arguments.command.as_ref();
    commands::run(command, arguments::command, &settings, printer)
}
