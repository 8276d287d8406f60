//! Compiles the sample studio into the crate: a table of the paths and contents of `fixtures/studio`, sorted by path.
//!
//! A build script rather than a macro crate, because cargo then notices files that are added as well as files that
//! change, and because it is fewer dependencies than lines.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[expect(
    clippy::disallowed_methods,
    reason = "a build script has nothing but the variables and the folder that cargo gives it"
)]
fn main() -> io::Result<()> {
    // Asked when it runs: a target folder may be shared by clones, of which some are gone.
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let folder = package.join("../../fixtures/studio").canonicalize()?;
    let mut files = Vec::new();
    collect(&folder, "", &mut files)?;
    files.sort();
    let mut table = String::from("const SAMPLE: &[(&str, &[u8])] = &[\n");
    for (name, path) in &files {
        // Writing to a string does not fail.
        let _ = writeln!(
            table,
            "    ({name:?}, include_bytes!({:?})),",
            path.display().to_string()
        );
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("sample.rs"), table)?;
    emit(&folder)
}

/// Tells cargo to look at the whole folder again when anything in it changes.
fn emit(folder: &Path) -> io::Result<()> {
    use io::Write as _;
    writeln!(io::stdout(), "cargo::rerun-if-changed={}", folder.display())
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| io::ErrorKind::InvalidFilename)?;
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push((path, entry.path()));
        }
    }
    Ok(())
}
