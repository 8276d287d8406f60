//! `completions`: a script that teaches a shell what can be typed.

use clap::Args;
use clap_complete::Shell;

use super::Parser;
use crate::program::printer::Printer;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve completions bash > ~/.local/share/bash-completion/completions/ayon-resolve
  ayon-resolve completions powershell >> $PROFILE";

/// What `completions` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(
    arguments: &CompletionsArguments,
    parser: Parser,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut parser(), "ayon-resolve", &mut script);
    printer.bytes(&script)?;
    Ok(Verdict::Fine)
}
