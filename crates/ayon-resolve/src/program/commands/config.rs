//! `config show`: each setting, its value, and where it came from.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::program::configuration::ConfigurationFile;
use crate::program::environment::API_KEY;
use crate::program::flags::{BundleArguments, TargetArguments};
use crate::program::printer::Printer;
use crate::program::setting::{Given, Layer, NAME_TABLES, SETTINGS, Source, Value};
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// What can be done with the settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show each setting, its value, and where it came from
    Show(ShowArguments),
}

/// What `config show` takes: the flags whose effect it is to show.
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
}

impl ShowArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.bundle.record(layer);
        self.targets.record(layer);
    }
}

/// Shows the settings: as lines of a configuration file, or as JSON.
pub(crate) fn show(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    if printer.is_json() {
        printer.json("config", 1, &document(settings))?;
    } else {
        printer.text(&lines(settings))?;
    }
    Ok(Verdict::Fine)
}

/// Every setting that a file can keep, and its value if it has one; of those of one run only what is set. The fixed ones
/// come first, then the user's own names.
fn entries(settings: &Settings) -> Vec<(String, Option<&Given>)> {
    let layer = &settings.record.layer;
    let fixed = SETTINGS
        .iter()
        .map(|setting| (setting, layer.get(setting.name)))
        .filter(|(setting, given)| setting.in_file || given.is_some())
        .map(|(setting, given)| (setting.name.to_owned(), given));
    let named = NAME_TABLES.iter().flat_map(|table| {
        layer
            .table(table)
            .map(move |(key, given)| (format!("{table}.{}", toml_key(key)), Some(given)))
    });
    fixed.chain(named).collect()
}

/// A key as TOML writes it.
fn toml_key(key: &str) -> String {
    let is_bare = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_bare {
        key.to_owned()
    } else {
        Value::Text(key.to_owned()).to_string()
    }
}

fn lines(settings: &Settings) -> String {
    let mut text = String::new();
    let mut write = |left: String, right: String| {
        // A text never fails to grow.
        let _ = writeln!(text, "{left:<39} # {right}");
    };
    for (name, given) in entries(settings) {
        match given {
            Some(Given { value, source }) => write(format!("{name} = {value}"), source.to_string()),
            None => write(format!("# {name}"), "not set".to_owned()),
        }
    }
    let key = if settings.record.has_key {
        "set, and never shown"
    } else {
        "not set"
    };
    write(
        "# the server's key".to_owned(),
        format!("${API_KEY} is {key}"),
    );
    for file in &settings.record.files {
        write(
            format!("# {} file", file.owner.word()),
            file.path.display().to_string(),
        );
    }
    text
}

#[derive(Serialize)]
struct Document {
    settings: Vec<Entry>,
    files: Vec<File>,
    has_key: bool,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    value: serde_json::Value,
    source: Option<Origin>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Origin {
    Flag { name: String },
    Variable { name: &'static str },
    File { path: String, line: usize },
    Default,
}

#[derive(Serialize)]
struct File {
    owner: &'static str,
    path: String,
}

fn document(settings: &Settings) -> Document {
    let entry = |(name, given): (String, Option<&Given>)| Entry {
        name,
        value: given.map_or(serde_json::Value::Null, |given| json(&given.value)),
        source: given.map(|given| origin(&given.source)),
    };
    Document {
        settings: entries(settings).into_iter().map(entry).collect(),
        files: settings.record.files.iter().map(file).collect(),
        has_key: settings.record.has_key,
    }
}

fn origin(source: &Source) -> Origin {
    match source {
        Source::Flag(name) => Origin::Flag {
            name: format!("--{name}"),
        },
        Source::Variable(name) => Origin::Variable { name },
        Source::File { path, line } => Origin::File {
            path: path.display().to_string(),
            line: *line,
        },
        Source::Default => Origin::Default,
    }
}

fn file(file: &ConfigurationFile) -> File {
    File {
        owner: file.owner.word(),
        path: file.path.display().to_string(),
    }
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::List(texts) => texts.clone().into(),
        Value::Switch(on) => (*on).into(),
        Value::Seconds(seconds) => (*seconds).into(),
        Value::Count(count) => (*count).into(),
        Value::Number(number) => (*number).into(),
    }
}
