//! The program `ayon-resolve`: the only place that decides the exit code.

use std::process::ExitCode;

mod program;

use program::Verdict;

fn main() -> ExitCode {
    match program::run(std::env::args_os().collect()) {
        Verdict::Fine => ExitCode::SUCCESS,
        Verdict::No => ExitCode::from(1),
        Verdict::Unknown => ExitCode::from(2),
    }
}
