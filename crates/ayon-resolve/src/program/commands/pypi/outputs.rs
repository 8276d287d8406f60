//! Where locks go, in which format, and what lies there already.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ayon_model::Platform;
use pypi::Target;
use pypi::lock::pins::Pins;
use pypi::lock::{Lock, LockError, pylock, requirements};

use super::telling;
use crate::program::Report;
use crate::program::old_locks::{folder_of, old_lock, read_old};
use crate::program::output::{self, OutputFile, is_folder};
use crate::program::plain::one_line;
use crate::program::printer::Printer;
use crate::program::settings::Settings;

/// A target that is wished for.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// As it was named.
    pub(super) platform: Platform,
    /// With its floor and its Python.
    pub(super) target: Arc<Target>,
}

/// In which format a lock is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// PEP 751.
    Pylock,
    /// pip's, with hashes.
    Requirements,
    /// This program's own document.
    Json,
}

/// Every file that is going to be written.
#[derive(Debug)]
pub(super) struct Outputs {
    pub(super) format: Format,
    pub(super) files: Vec<Output>,
}

/// A file that is going to be written.
#[derive(Debug)]
pub(super) struct Output {
    /// Where; none for standard output.
    pub(super) path: Option<PathBuf>,
    /// Which of the targets it is for.
    pub(super) targets: Vec<usize>,
    /// Whether its folder is made where there is none.
    is_in_named_folder: bool,
    /// What lies there already.
    pub(super) old: Option<String>,
}

impl Outputs {
    /// What the settings say for these targets.
    pub(super) fn plan(settings: &Settings, targets: &[Wish]) -> Result<Self, Report> {
        let output = settings.emission.output.as_deref();
        let output = output.filter(|path| path.as_os_str() != "-");
        let format = format(settings, output)?;
        let all = (0..targets.len()).collect();
        let folder = output.filter(|path| is_folder(path));
        let planned: Vec<(Option<PathBuf>, Vec<usize>)> = match (output, folder) {
            (_, Some(folder)) => {
                let one = |(index, wish): (usize, &Wish)| {
                    let stem = (targets.len() > 1).then(|| wish.platform.subdir());
                    (Some(folder.join(file_name(format, stem))), vec![index])
                };
                targets.iter().enumerate().map(one).collect()
            }
            (Some(path), None) => {
                // Better now than after a minute of asking.
                output::check_folder(path)?;
                vec![(Some(path.to_owned()), all)]
            }
            // A document has all of it anyway.
            (None, None) if settings.display.json && settings.packages.locking.format.is_none() => {
                Vec::new()
            }
            (None, None) => vec![(None, all)],
        };
        let output = |(path, targets): (Option<PathBuf>, _)| {
            let old = path.as_deref().map(read_old).transpose()?.flatten();
            Ok(Output {
                path,
                targets,
                is_in_named_folder: folder.is_some(),
                old,
            })
        };
        Ok(Self {
            format,
            files: planned
                .into_iter()
                .map(output)
                .collect::<Result<_, Report>>()?,
        })
    }

    /// What the files that lie there have chosen for each target.
    pub(super) fn pins(&self, targets: &[Wish], settings: &Settings) -> Result<Vec<Pins>, Report> {
        let mut found = vec![Pins::default(); targets.len()];
        for file in &self.files {
            // A document of this program's own is for programs that look, not for the next run.
            let Some(old) = file.old.as_ref().filter(|_| self.format != Format::Json) else {
                continue;
            };
            let path = file.path.as_deref().unwrap_or(Path::new("-"));
            let old = match old_lock(path, old) {
                Ok(old) => old,
                // Nothing of it is going to be kept.
                Err(_) if settings.packages.choosing.upgrade => continue,
                Err(report) => return Err(report),
            };
            for &index in &file.targets {
                found[index] = old.pins(targets[index].target.environment());
            }
        }
        Ok(found)
    }

    /// The text of each file.
    pub(super) fn texts(&self, locks: &[Lock], settings: &Settings) -> Result<Vec<String>, Report> {
        let text = |file: &Output| {
            let locks: Vec<Lock> = file
                .targets
                .iter()
                .map(|&index| locks[index].clone())
                .collect();
            let folder = file.path.as_deref().map(folder_of).transpose()?;
            let options = pylock::Options {
                tool: "ayon-resolve",
                folder: folder.as_deref(),
                absolute_paths: settings.packages.locking.absolute_paths,
            };
            let written = match self.format {
                Format::Pylock => pylock::write(&locks, options),
                Format::Requirements => requirements::write(&locks),
                Format::Json => return telling::file(&locks),
            };
            written.map_err(|error| unwritable(&error))
        };
        self.files.iter().map(text).collect()
    }

    /// Writes what has changed.
    pub(super) fn write(&self, texts: &[String], printer: &mut Printer) -> Result<(), Report> {
        for (file, text) in self.files.iter().zip(texts) {
            let Some(path) = &file.path else {
                if !printer.is_json() {
                    printer.bytes(text.as_bytes())?;
                }
                continue;
            };
            if file.old.as_deref() == Some(text) {
                printer.note(&format!("{} is as it was", path.display()));
                continue;
            }
            let content = OutputFile {
                name: String::new(),
                bytes: text.clone().into_bytes(),
            };
            if let Some(folder) = path.parent().filter(|_| file.is_in_named_folder) {
                ayon_disk::create_dir_all(folder)
                    .map_err(|error| Report::unknown(error.to_string()))?;
            }
            output::put(content, path, printer)?;
        }
        Ok(())
    }
}

fn unwritable(error: &LockError) -> Report {
    let report = Report::unknown("the lock cannot be written").because_of(error);
    match error {
        LockError::NoRelativePath { .. } => report
            .hint("write it beside the wheels: `-o pylock.toml`")
            .hint("or name them by their whole paths: `--absolute-paths`"),
        _ => report,
    }
}

/// The format that was asked for, or that the file's name says.
fn format(settings: &Settings, output: Option<&Path>) -> Result<Format, Report> {
    let name = output
        .filter(|path| !is_folder(path))
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned());
    match settings.packages.locking.format.as_deref() {
        Some("pylock") => return Ok(Format::Pylock),
        Some("requirements") => return Ok(Format::Requirements),
        Some("json") => return Ok(Format::Json),
        Some(other) => {
            let report = Report::unknown(format!("`pypi lock` writes no `{}`", one_line(other)));
            return Err(report.hint("it writes pylock, requirements or json"));
        }
        None => {}
    }
    let Some(name) = name else {
        return Ok(Format::Pylock);
    };
    let ending = Path::new(&name).extension().unwrap_or_default();
    match ending.to_str() {
        Some("txt" | "in" | "lock") => Ok(Format::Requirements),
        Some("json") => Ok(Format::Json),
        Some("toml") if is_name_of_lock(&name) => Ok(Format::Pylock),
        Some("toml") => {
            let stem = name.strip_suffix(".toml").unwrap_or(&name);
            let stem = stem.strip_prefix("pylock.").unwrap_or(stem);
            Err(Report::unknown(format!(
                "installers take no lock called `{}`",
                one_line(&name)
            ))
            .because("a lock is called pylock.toml, or pylock.NAME.toml with a name of small letters without a dot")
            .hint(format!("call it `{}`", pylock::file_name(stem))))
        }
        _ => Err(
            Report::unknown(format!("what is `{}` to hold?", one_line(&name)))
                .hint("call it pylock.toml, requirements.txt or lock.json, or say `--format`"),
        ),
    }
}

/// Whether installers take a lock of this name.
fn is_name_of_lock(name: &str) -> bool {
    let inner = name
        .strip_prefix("pylock.")
        .and_then(|name| name.strip_suffix(".toml"));
    name == "pylock.toml" || inner.is_some_and(|inner| pylock::file_name(inner) == name)
}

fn file_name(format: Format, stem: Option<&str>) -> String {
    match (format, stem) {
        (Format::Pylock, None) => "pylock.toml".to_owned(),
        (Format::Pylock, Some(stem)) => pylock::file_name(stem),
        (Format::Requirements, None) => "requirements.txt".to_owned(),
        (Format::Requirements, Some(stem)) => format!("requirements-{stem}.txt"),
        (Format::Json, None) => "lock.json".to_owned(),
        (Format::Json, Some(stem)) => format!("lock-{stem}.json"),
    }
}
