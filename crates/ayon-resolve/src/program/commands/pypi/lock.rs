//! `pypi lock`: requirements in, a lock out.

use std::sync::Arc;
use std::time::Instant;

use ayon_model::Platform;
use ayon_resolve::pypi::LockAsk;
use clap::Args;
use pypi::lock::pins::Pins;

use super::arguments::{ChoiceArguments, IndexArguments, LockingArguments};
use super::outputs::{Outputs, Wish};
use super::telling;
use crate::program::flags::{list, seconds, text, time_limit};
use crate::program::opening::index;
use crate::program::printer::Printer;
use crate::program::session::{line, python};
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict, requirements};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve pypi lock reqs.in --python 3.11 -o pylock.toml && uv pip sync pylock.toml
  ayon-resolve pypi lock \"requests>=2\" usd-core --python 3.11.9 --platform linux-64,win-64 -o locks/
  ayon-resolve pypi lock -r reqs.in --no-index --find-links wheels -o requirements.txt
  ayon-resolve pypi lock reqs.in --python 3.11 -o pylock.toml --upgrade-package requests

A file that is there already is kept to: its versions stay unless something forces a change.

Exit codes: 0 locked; 1 the answer is no (nothing fits together, a package or version does not exist); 2 it could not be
told (a mistake in a file, an index out of reach).";

/// What `pypi lock` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct LockArguments {
    /// What to lock: requirements as in `requests>=2`, and files of them
    #[arg(value_name = "REQUIREMENT|FILE")]
    words: Vec<String>,
    /// A file of requirements; may be given several times
    #[arg(short, long, value_name = "FILE", help_heading = "Which packages")]
    requirement: Vec<String>,
    #[command(flatten)]
    choices: ChoiceArguments,
    /// The Python to lock for, such as 3.11, which means 3.11.0, or 3.11.9
    #[arg(long, value_name = "VERSION", help_heading = "What for")]
    python: Option<String>,
    /// A platform, such as linux-64, win-64 or osx-arm64; may be given several times [default: this machine's]
    #[arg(
        long,
        value_name = "PLATFORM",
        value_delimiter = ',',
        help_heading = "What for"
    )]
    platform: Vec<String>,
    /// Give up after this time
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "What for")]
    time_limit: Option<f64>,
    #[command(flatten)]
    locking: LockingArguments,
    /// The format: pylock, requirements or json [default: as the file's name says, else pylock]
    #[arg(long, value_name = "FORMAT", help_heading = "What is written")]
    format: Option<String>,
    /// Write to this file, or for several platforms into this folder, instead of to standard output
    #[arg(short, long, value_name = "PATH", help_heading = "What is written")]
    output: Option<String>,
    #[command(flatten)]
    indexes: IndexArguments,
}

impl LockArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        list(layer, "requirement", &self.requirement);
        self.choices.record(layer);
        text(layer, "python", self.python.as_deref());
        list(layer, "platform", &self.platform);
        time_limit(layer, self.time_limit);
        self.locking.record(layer);
        text(layer, "format", self.format.as_deref());
        text(layer, "output", self.output.as_deref());
        self.indexes.record(layer);
    }
}

/// Locks, and writes what has changed.
pub(crate) fn run(
    arguments: &LockArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let started = Instant::now();
    let wishes = wishes(settings)?;
    let asked = requirements::asked(&arguments.words, settings)?;
    let outputs = Outputs::plan(settings, &wishes)?;
    let pins = outputs.pins(&wishes, settings)?;
    let progress = line(printer, "resolving");
    let cancellation = index::cancellation(settings);
    let opened = index::open(settings, &asked.files, Arc::clone(&progress), cancellation)?;
    if asked.files.requirements.is_empty() {
        printer.warning("the requirement files ask for nothing");
    }
    let ask = LockAsk {
        targets: wishes.iter().map(|wish| Arc::clone(&wish.target)).collect(),
        requirements: asked.files.requirements,
        constraints: asked.files.constraints,
        overrides: asked.overrides,
        exclusions: settings.packages.choosing.exclude.clone(),
        preferences: pins.iter().map(|pins| kept(pins, settings)).collect(),
        rules: index::rules(settings, asked.files.prereleases),
    };
    let answer = opened.lock(&ask);
    drop(progress);
    opened.finish(printer);
    let locked = answer.map_err(|error| telling::refusal(&error, settings))?;
    let texts = outputs.texts(&locked.locks, settings)?;
    telling::remarks(&locked, printer);
    telling::changes(&locked.locks, &pins, printer);
    telling::done(&locked, started.elapsed(), printer);
    outputs.write(&texts, printer)?;
    if printer.is_json() {
        telling::document(&locked, &outputs, &texts, printer)?;
    }
    Ok(Verdict::Fine)
}

/// The targets that the settings name.
fn wishes(settings: &Settings) -> Result<Vec<Wish>, Report> {
    let Some(python) = python(settings)? else {
        return Err(Report::unknown("no Python is named")
            .hint("say which one the lock is for: `--python 3.11`"));
    };
    let here = [Platform::current()];
    let platforms = match settings.targets.platforms.as_slice() {
        [] => &here,
        platforms => platforms,
    };
    let mut wishes: Vec<Wish> = Vec::new();
    for platform in platforms {
        let target = index::target(*platform, &python, settings);
        if wishes.iter().all(|wish| wish.platform != *platform) {
            wishes.push(Wish {
                platform: *platform,
                target: Arc::new(target),
            });
        }
    }
    Ok(wishes)
}

/// What is kept of an older lock.
fn kept(pins: &Pins, settings: &Settings) -> Pins {
    let choosing = &settings.packages.choosing;
    if choosing.upgrade {
        return Pins::default();
    }
    let mut kept = pins.clone();
    for name in &choosing.upgrade_packages {
        kept.versions.remove(name);
        kept.commits.remove(name);
    }
    kept
}
