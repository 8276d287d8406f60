//! `conda lock` and `conda solve`: specs in, what is chosen out.

use std::path::Path;

use clap::Args;
use conda::lock;

use super::arguments::ChannelArguments;
use super::choice::Choice;
use super::choosing::choose;
use super::telling;
use crate::program::flags::{list, seconds, text, time_limit};
use crate::program::output::{self, OutputFile};
use crate::program::plain::one_line;
use crate::program::printer::Printer;
use crate::program::setting::{Layer, RESOLUTION_CHOICES};
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve conda lock \"python 3.11.*\" \"numpy >=1.26\" --platform linux-64,win-64 --format pixi-lock -o pixi.lock
  ayon-resolve conda lock blender=4.2 --channel ./studio --channel deadline-cloud > explicit.txt
  ayon-resolve conda solve \"pytorch * *cuda*\" --cuda 12.4

Exit codes: 0 chosen; 1 the answer is no (nothing fits together, a package or version does not exist); 2 it could not be
told (a mistake in a spec, a channel out of reach).";

/// In which format a lock is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// CEP 23: a list of URLs for one platform.
    Explicit,
    /// rattler's.
    PixiLock,
    /// CEP 37.
    CondaLock,
}

/// Which packages, for what.
#[derive(Debug, Args)]
struct Question {
    /// What to choose: specs in conda's words, such as `python=3.11`, `numpy >=1.26` or `studio::maya`
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,
    /// A platform, such as linux-64, win-64 or osx-arm64; may be given several times [default: this machine's]
    #[arg(
        long,
        value_name = "PLATFORM",
        value_delimiter = ',',
        help_heading = "What for"
    )]
    platform: Vec<String>,
    /// The glibc that Linux machines have at least [default: 2.28]
    #[arg(long, value_name = "VERSION", help_heading = "What for")]
    glibc: Option<String>,
    /// The macOS that Macs have at least [default: 13.0]
    #[arg(long, value_name = "VERSION", help_heading = "What for")]
    macos: Option<String>,
    /// Give up after this time
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "What for")]
    time_limit: Option<f64>,
    /// Leave out packages that came into their channel after this time, or on a later day (UTC)
    #[arg(long, value_name = "DATE", help_heading = "Which packages")]
    exclude_newer: Option<String>,
    /// Which versions are tried first [default: highest]
    #[arg(long, value_name = "HOW", value_parser = RESOLUTION_CHOICES.to_vec(), help_heading = "Which packages")]
    resolution: Option<String>,
    #[command(flatten)]
    channels: ChannelArguments,
}

/// What `conda lock` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct LockArguments {
    #[command(flatten)]
    question: Question,
    /// The format: explicit, pixi-lock or conda-lock [default: as the file's name says, else explicit]
    #[arg(long, value_name = "FORMAT", help_heading = "What is written")]
    format: Option<String>,
    /// Write to this file, or into this folder, instead of to standard output
    #[arg(short, long, value_name = "PATH", help_heading = "What is written")]
    output: Option<String>,
}

/// What `conda solve` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct SolveArguments {
    #[command(flatten)]
    question: Question,
}

impl Question {
    fn record(&self, layer: &mut Layer) {
        list(layer, "platform", &self.platform);
        text(layer, "glibc", self.glibc.as_deref());
        text(layer, "macos", self.macos.as_deref());
        time_limit(layer, self.time_limit);
        text(layer, "exclude-newer", self.exclude_newer.as_deref());
        text(layer, "resolution", self.resolution.as_deref());
        self.channels.record(layer);
    }
}

impl LockArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.question.record(layer);
        text(layer, "format", self.format.as_deref());
        text(layer, "output", self.output.as_deref());
    }
}

impl SolveArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.question.record(layer);
    }
}

/// Chooses, and writes a lock.
pub(crate) fn lock(
    arguments: &LockArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let output = settings.emission.output.as_deref();
    let format = format(settings.packages.locking.format.as_deref(), output)?;
    let choice = choose(&arguments.question.specs, settings, printer)?;
    let files = files(&choice, format)
        .map_err(|error| Report::unknown("the lock cannot be written").because_of(&error))?;
    output::write(&files, output, printer)?;
    Ok(Verdict::Fine)
}

/// Chooses, and lists what was chosen.
pub(crate) fn solve(
    arguments: &SolveArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let choice = choose(&arguments.question.specs, settings, printer)?;
    telling::choice(&choice, settings, printer)?;
    Ok(Verdict::Fine)
}

/// The format that was asked for, or that the file's name says.
fn format(named: Option<&str>, output: Option<&Path>) -> Result<Format, Report> {
    match named {
        Some("explicit") => return Ok(Format::Explicit),
        Some("pixi-lock") => return Ok(Format::PixiLock),
        Some("conda-lock") => return Ok(Format::CondaLock),
        Some(other) => {
            let report = Report::unknown(format!("`conda lock` writes no `{}`", one_line(other)));
            return Err(report.hint("it writes explicit, pixi-lock or conda-lock"));
        }
        None => {}
    }
    let is_file = |path: &&Path| path.as_os_str() != "-" && !output::is_folder(path);
    let name = output.filter(is_file).and_then(Path::file_name);
    let Some(name) = name.map(|name| name.to_string_lossy()) else {
        return Ok(Format::Explicit);
    };
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&["pixi.lock"]) {
        Ok(Format::PixiLock)
    } else if ends(&["conda-lock.yml", "conda-lock.yaml"]) {
        Ok(Format::CondaLock)
    } else if ends(&[".txt"]) {
        Ok(Format::Explicit)
    } else {
        let report = Report::unknown(format!("what is `{}` to hold?", one_line(&name)));
        Err(report.hint("call it explicit.txt, pixi.lock or conda-lock.yml, or say `--format`"))
    }
}

/// The lock as files.
fn files(choice: &Choice, format: Format) -> Result<Vec<OutputFile>, lock::LockError> {
    let file = |name: &str, text: String| OutputFile {
        name: name.to_owned(),
        bytes: text.into_bytes(),
    };
    let environment = &choice.environment;
    match format {
        Format::PixiLock => {
            let text = lock::pixi::write(std::slice::from_ref(environment))?;
            Ok(vec![file("pixi.lock", text)])
        }
        Format::CondaLock => {
            let text = lock::conda_lock::write(environment, &[])?;
            Ok(vec![file("conda-lock.yml", text)])
        }
        Format::Explicit => {
            let one = |platform: &lock::LockedPlatform| {
                let name = match environment.platforms.as_slice() {
                    [_] => "explicit.txt".to_owned(),
                    _ => format!("explicit-{}.txt", platform.platform),
                };
                Ok(file(&name, lock::explicit::write(platform)?))
            };
            environment.platforms.iter().map(one).collect()
        }
    }
}
