//! `conformance [-v] KIND FILE...`: do we agree with recorded answers of other implementations?
//!
//! Exit code 0: every case agrees. 1: some do not; the first ten are shown. 2: something could not be read.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ayon_benches::conformance::{Input, KINDS, Kind, Report};

/// How many failures are shown; one mistake often fails many cases.
const SHOWN: usize = 10;

fn main() -> ExitCode {
    let mut verbose = false;
    let mut arguments = Vec::new();
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("-v" | "--verbose") => verbose = true,
            Some("-h" | "--help") => return finish(&usage(), ExitCode::SUCCESS),
            _ => arguments.push(PathBuf::from(argument)),
        }
    }
    let Some((kind, files)) = arguments
        .split_first()
        .filter(|(_, files)| !files.is_empty())
    else {
        return fail(&usage());
    };
    let Some(kind) = kind.to_str().and_then(Kind::named) else {
        return fail(&format!(
            "there is no kind `{}`\n{}",
            kind.display(),
            usage()
        ));
    };
    let inputs: Result<Vec<Input>, _> = files.iter().map(|file| Input::read(file)).collect();
    match inputs
        .map_err(Into::into)
        .and_then(|inputs| kind.run(&inputs))
    {
        Ok(report) => {
            let code = if report.failures.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            };
            finish(&show(&report, verbose), code)
        }
        Err(error) => fail(&error.to_string()),
    }
}

fn usage() -> String {
    let kinds = KINDS
        .iter()
        .map(|kind| format!("\n  {:<14} {}", kind.name, kind.about));
    format!(
        "usage: conformance [-v] KIND FILE...\n\nkinds:{}",
        kinds.collect::<String>()
    )
}

fn show(report: &Report, verbose: bool) -> String {
    let mut lines = Vec::new();
    for failure in report.failures.iter().take(SHOWN) {
        lines.push(format!("FAILED {}", failure.place));
        lines.extend(failure.differences.iter().map(|line| format!("  {line}")));
    }
    let hidden = report.failures.len().saturating_sub(SHOWN);
    if hidden > 0 {
        lines.push(format!("... and {hidden} more failures"));
    }
    if verbose {
        let total: usize = report.ours.values().sum();
        lines.push(format!("{total} findings of our own on top:"));
        lines.extend(
            report
                .ours
                .iter()
                .map(|(sort, count)| format!("  ours: {sort} {count}")),
        );
    }
    let left_out = report.left_out.iter();
    lines.extend(left_out.map(|(reason, count)| format!("left out: {reason} {count}")));
    lines.push(format!(
        "{} passed, {} failed",
        report.passed,
        report.failures.len()
    ));
    lines.join("\n")
}

/// Writes the answer. A reader that has gone away is no failure of ours.
fn finish(text: &str, code: ExitCode) -> ExitCode {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
        _ => code,
    }
}

fn fail(text: &str) -> ExitCode {
    // Nobody is left to tell when this cannot be written either.
    let _ = writeln!(io::stderr(), "conformance: {text}");
    ExitCode::from(2)
}
