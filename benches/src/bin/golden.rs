//! `golden`: writes the studio of the recorded dependency package to standard output, as a snapshot for the program.
//!
//! Exit code 2 where the shared corpora are not there.

use std::io::{self, Write as _};
use std::process::ExitCode;

use ayon_benches::{Shared, golden};

fn main() -> ExitCode {
    match snapshot() {
        Ok(bytes) if io::stdout().write_all(&bytes).is_ok() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            // Nobody is left to tell when this cannot be written.
            let _ = writeln!(io::stderr(), "golden: {error}");
            ExitCode::from(2)
        }
    }
}

fn snapshot() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let shared = Shared::find()?;
    Ok(ayon_studio::snapshot::write(&golden::studio(&shared)?))
}
