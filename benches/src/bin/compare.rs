//! `compare rez`: rez's own benchmark with rez and with us, side by side in one run.
//!
//! Exit code 0: every answer is rez's. 1: some are not; they are shown. 2: the comparison could not be made.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(unix)]
    return unix::main();
    #[cfg(not(unix))]
    {
        use std::io::Write as _;
        // Nobody is left to tell when this cannot be written.
        let _ = writeln!(
            std::io::stderr(),
            "compare: the time of other processes is only told by Unix"
        );
        ExitCode::from(2)
    }
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Write as _};
    use std::path::PathBuf;
    use std::process::ExitCode;

    use ayon_benches::compare::{Comparison, Options, rez};
    use clap::{Args, Parser};

    /// Compares us with another implementation, answers and times
    #[derive(Parser)]
    #[command(name = "compare")]
    enum Arguments {
        /// rez's own benchmark with rez 3.4.0, installed for this from PyPI, and with us
        Rez(RezArguments),
    }

    #[derive(Args)]
    struct RezArguments {
        /// Take only N of the 188 requests, evenly
        #[arg(long, value_name = "N")]
        requests: Option<usize>,
        /// The Python that makes rez's virtual environment
        #[arg(long, value_name = "PYTHON", default_value = "python3")]
        python: PathBuf,
        /// Our program; otherwise the one built beside this
        #[arg(long, value_name = "PATH")]
        program: Option<PathBuf>,
        /// Keep the virtual environment and the unpacked packages here, for the next time
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
        /// Write all figures to this file
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    }

    pub(super) fn main() -> ExitCode {
        let Arguments::Rez(arguments) = Arguments::parse();
        let compared = compare(&arguments);
        match compared {
            Ok(comparison) => {
                let code = if comparison.differences.is_empty() {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                };
                match writeln!(io::stdout(), "{comparison}") {
                    // A reader that has gone away is no failure of ours.
                    Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
                    _ => code,
                }
            }
            Err(error) => {
                say(&format!("compare: {error}"));
                ExitCode::from(2)
            }
        }
    }

    fn compare(arguments: &RezArguments) -> Result<Comparison, Box<dyn std::error::Error>> {
        let program = match &arguments.program {
            Some(program) => std::path::absolute(program)?,
            None => std::env::current_exe()?.with_file_name("ayon-resolve"),
        };
        if !program.is_file() {
            let program = program.display();
            return Err(format!("there is no program {program}; build it with `cargo build --release`, or name one with `--program`").into());
        }
        let temporary = tempfile::tempdir()?;
        let folder = match &arguments.folder {
            Some(folder) => std::path::absolute(folder)?,
            None => temporary.path().to_owned(),
        };
        ayon_disk::create_dir_all(&folder)?;
        let options = Options {
            requests: arguments.requests,
            python: arguments.python.clone(),
            program,
            folder,
        };
        let comparison = rez(&options, &mut say)?;
        if let Some(file) = &arguments.json {
            ayon_disk::write_atomic(file, comparison.json().as_bytes())?;
        }
        Ok(comparison)
    }

    fn say(text: &str) {
        // Nobody is left to tell when this cannot be written.
        let _ = writeln!(io::stderr(), "{text}");
    }
}
