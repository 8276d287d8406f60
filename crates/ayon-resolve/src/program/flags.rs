//! The flags that several commands share, and how what was typed is added to a [`Layer`] of settings.

use clap::Args;

use super::plain::one_line;
use super::setting::{self, Layer, Source, Value, check_seconds};

/// Which bundle is asked about.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which bundle")]
pub(crate) struct BundleArguments {
    /// The bundle: a name, or `production`, `staging` or `dev`; otherwise production
    #[arg(short, long, value_name = "NAME")]
    bundle: Option<String>,
    /// Use the staging variant, also for a bundle named otherwise
    #[arg(long)]
    staging: bool,
    /// Use the dev bundle of the user
    #[arg(long)]
    dev: bool,
    /// Lay the bundle of this project over the studio's
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// Lay this project bundle over the studio's
    #[arg(long, value_name = "NAME")]
    project_bundle: Option<String>,
    /// Whose dev bundle is meant
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
}

impl BundleArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "bundle", self.bundle.as_deref());
        switch(layer, "staging", self.staging);
        switch(layer, "dev", self.dev);
        text(layer, "project", self.project.as_deref());
        text(layer, "project-bundle", self.project_bundle.as_deref());
        text(layer, "user", self.user.as_deref());
    }
}

/// What is asked for: processes and platforms.
#[derive(Debug, Args)]
#[command(next_help_heading = "What for")]
pub(crate) struct TargetArguments {
    /// A platform, such as linux-64, win-64 or osx-arm64; may be given several times [default: this machine's]
    #[arg(long, value_name = "PLATFORM", value_delimiter = ',')]
    platform: Vec<String>,
    /// A host with its version, such as maya/2025; may be given several times
    #[arg(long, value_name = "NAME/VERSION", value_delimiter = ',')]
    host: Vec<String>,
    /// A process without a user interface, such as a farm task
    #[arg(long)]
    headless: bool,
    /// A process: launcher, headless, or a host such as maya/2025; may be given several times [default: launcher]
    #[arg(long, value_name = "PROCESS", value_delimiter = ',')]
    process: Vec<String>,
    /// The launcher's version, instead of the bundle's; for `plan` a range of them
    #[arg(long, value_name = "VERSION")]
    launcher: Option<String>,
    /// The Python version, instead of the one the process brings
    #[arg(long, value_name = "VERSION")]
    python: Option<String>,
    /// Give up solving after this time
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time_limit: Option<f64>,
}

impl TargetArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        list(layer, "platform", &self.platform);
        list(layer, "host", &self.host);
        switch(layer, "headless", self.headless);
        list(layer, "process", &self.process);
        text(layer, "launcher", self.launcher.as_deref());
        text(layer, "python", self.python.as_deref());
        time_limit(layer, self.time_limit);
    }
}

/// How far to look for what would do, where the answer is no.
#[derive(Debug, Args)]
pub(crate) struct HintArguments {
    /// Where things conflict, look for so many ways out; each is tried before it is told [default: 4]
    #[arg(long, value_name = "N", help_heading = "What for")]
    hints: Option<u8>,
}

impl HintArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        small(layer, "hints", self.hints);
    }
}

/// Reads a time limit.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text
        .parse()
        .map_err(|_| format!("`{}` is not a number of seconds", one_line(text)))?;
    check_seconds(seconds)
}

/// Where a command writes.
#[derive(Debug, Args)]
pub(crate) struct OutputArguments {
    /// Write to this file, or into this folder, instead of to standard output
    #[arg(short, long, value_name = "PATH", help_heading = "What is written")]
    output: Option<String>,
}

impl OutputArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "output", self.output.as_deref());
    }
}

/// From which lock the answer is taken, instead of from a solve.
#[derive(Debug, Args)]
#[command(next_help_heading = "The lock")]
pub(crate) struct LockUseArguments {
    /// Take the answer from this lock, and solve nothing [default with the flags below: ayon.lock]
    #[arg(long, value_name = "FILE")]
    lock: Option<String>,
    /// Fail if the lock is not what the studio would give now: the studio is read, nothing is solved
    #[arg(long, conflicts_with = "frozen")]
    locked: bool,
    /// Use the lock as it is: not even the studio is read
    #[arg(long)]
    frozen: bool,
}

impl LockUseArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "lock", self.lock.as_deref());
        switch(layer, "locked", self.locked);
        switch(layer, "frozen", self.frozen);
    }
}

/// Which file is the lock.
#[derive(Debug, Args)]
#[command(next_help_heading = "The lock")]
pub(crate) struct LockFileArguments {
    /// The lock [default: ayon.lock]
    #[arg(long, value_name = "FILE")]
    lock: Option<String>,
}

impl LockFileArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "lock", self.lock.as_deref());
    }
}

/// Adds a text, if one was typed.
pub(crate) fn text(layer: &mut Layer, name: &'static str, text: Option<&str>) {
    if let Some(text) = text {
        layer.set(name, Value::Text(text.to_owned()), Source::Flag(name));
    }
}

/// Adds a switch, if it was typed.
pub(crate) fn switch(layer: &mut Layer, name: &'static str, on: bool) {
    if on {
        layer.set(name, Value::Switch(true), Source::Flag(name));
    }
}

/// Adds a time limit, if one was typed.
pub(crate) fn time_limit(layer: &mut Layer, seconds: Option<f64>) {
    if let Some(seconds) = seconds {
        layer.set(
            "time-limit",
            Value::Seconds(seconds),
            Source::Flag("time-limit"),
        );
    }
}

/// Adds texts, if any was typed.
pub(crate) fn list(layer: &mut Layer, name: &'static str, texts: &[String]) {
    if !texts.is_empty() {
        layer.set(name, Value::List(texts.to_vec()), Source::Flag(name));
    }
}

/// Adds paths, separated as in `PATH`, if any were typed.
pub(crate) fn paths(layer: &mut Layer, name: &'static str, text: Option<&str>) {
    if let Some(text) = text {
        layer.set(
            name,
            Value::List(setting::split_paths(text)),
            Source::Flag(name),
        );
    }
}

/// Adds a small number, if one was typed.
pub(crate) fn small(layer: &mut Layer, name: &'static str, number: Option<u8>) {
    if let Some(number) = number {
        layer.set(name, Value::Count(number), Source::Flag(name));
    }
}

/// Adds a number, if one was typed.
pub(crate) fn number(layer: &mut Layer, name: &'static str, number: Option<i64>) {
    if let Some(number) = number {
        layer.set(name, Value::Number(number), Source::Flag(name));
    }
}

/// Adds how often a switch was typed, if it was.
pub(crate) fn count(layer: &mut Layer, name: &'static str, count: u8) {
    if count > 0 {
        layer.set(name, Value::Count(count), Source::Flag(name));
    }
}
