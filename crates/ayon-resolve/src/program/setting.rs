//! Settings as they travel: named, loosely typed, and each with the place it came from.
//!
//! A setting can be given by a flag, by an environment variable or in a configuration file. All of them are read into
//! the same shape, a [`Layer`], so that precedence is written once, as laying one layer over another, and so that
//! `config show` and every error can say where a value came from. [`SETTINGS`] is the one list of what can be set; the
//! plain, typed values that commands use are made from the merged layer by [`super::settings`].

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::Report;
use super::environment::{Environment, Rank, VARIABLES};
use super::plain::one_line;

/// What kind of value a setting has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A path; in a configuration file, relative to that file.
    Path,
    /// A studio: `sample`, a URL, or a path as above.
    Studio,
    /// Several texts.
    List,
    /// On or off.
    Switch,
    /// A positive number of seconds.
    Seconds,
    /// A small number.
    Count,
    /// A whole number.
    Number,
    /// Paths; in a variable separated as in `PATH`, in a configuration file relative to that file.
    Paths,
    /// Several texts that may hold commas; in a variable separated by blanks.
    Words,
    /// Folders and URLs; in a variable separated by blanks, in a configuration file folders are relative to that file.
    Places,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// One thing that can be set. A flag `--NAME` has the same name, and so has the key in a configuration file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// Whether a configuration file may give it. What belongs to one run only may not: where it writes, how loud it is.
    pub(crate) in_file: bool,
}

const fn anywhere(name: &'static str, kind: Kind) -> Setting {
    Setting {
        name,
        kind,
        in_file: true,
    }
}

const fn this_run(name: &'static str, kind: Kind) -> Setting {
    Setting {
        name,
        kind,
        in_file: false,
    }
}

/// The words `--color` takes.
pub(crate) const COLOR_CHOICES: &[&str] = &["auto", "always", "never"];

/// The words `--variant-select-mode` takes, as rez writes them.
pub(crate) const SELECT_MODES: &[&str] = &["version_priority", "intersection_priority"];

/// The words `--pkg-cache-mode` takes.
pub(crate) const PACKAGE_CACHE_MODES: &[&str] = &["sync", "async"];

/// The words `rez search --type` takes.
pub(crate) const SEARCH_TYPES: &[&str] = &["package", "family", "variant", "auto"];

/// The words `--prerelease` takes.
pub(crate) const PRERELEASE_CHOICES: &[&str] = &["if-necessary", "allow", "disallow"];

/// The words `--resolution` takes.
pub(crate) const RESOLUTION_CHOICES: &[&str] = &["highest", "lowest", "lowest-direct"];

/// The words `--only` takes: the halves of an AYON dependency package.
pub(crate) const HALVES: &[&str] = &["dependencies", "runtime"];

/// The words `--channel-priority` takes, as conda's configuration has them.
pub(crate) const PRIORITIES: &[&str] = &["strict", "flexible", "disabled"];

/// Everything that can be set, in the order in which it is shown.
pub(crate) const SETTINGS: &[Setting] = &[
    anywhere("studio", Kind::Studio),
    anywhere("bundle", Kind::Text),
    anywhere("staging", Kind::Switch),
    anywhere("dev", Kind::Switch),
    anywhere("project", Kind::Text),
    anywhere("project-bundle", Kind::Text),
    anywhere("user", Kind::Text),
    anywhere("platform", Kind::List),
    anywhere("host", Kind::List),
    anywhere("headless", Kind::Switch),
    this_run("process", Kind::List),
    anywhere("launcher", Kind::Text),
    anywhere("python", Kind::Text),
    anywhere("glibc", Kind::Text),
    anywhere("macos", Kind::Text),
    anywhere("prereleases", Kind::Switch),
    anywhere("time-limit", Kind::Seconds),
    anywhere("hints", Kind::Count),
    // One run explains one thing.
    this_run("with", Kind::Text),
    this_run("invert", Kind::Switch),
    this_run("against", Kind::Text),
    anywhere("emit", Kind::Text),
    anywhere("format", Kind::Text),
    this_run("output", Kind::Path),
    this_run("lock", Kind::Path),
    this_run("locked", Kind::Switch),
    this_run("frozen", Kind::Switch),
    this_run("dry-run", Kind::Switch),
    this_run("json", Kind::Switch),
    anywhere("offline", Kind::Switch),
    this_run("refresh", Kind::Switch),
    anywhere("cache-dir", Kind::Path),
    anywhere("no-cache", Kind::Switch),
    anywhere("server-timeout", Kind::Seconds),
    anywhere("server-retries", Kind::Count),
    anywhere("color", Kind::Choice(COLOR_CHOICES)),
    anywhere("no-progress", Kind::Switch),
    this_run("verbose", Kind::Count),
    this_run("quiet", Kind::Count),
    this_run("config-file", Kind::Path),
    this_run("no-config", Kind::Switch),
    anywhere("index-url", Kind::Text),
    anywhere("extra-index-url", Kind::Words),
    anywhere("index", Kind::Words),
    anywhere("package-index", Kind::Words),
    anywhere("no-index", Kind::Switch),
    anywhere("find-links", Kind::Places),
    this_run("refresh-package", Kind::Words),
    anywhere("netrc", Kind::Path),
    anywhere("ca-file", Kind::Paths),
    anywhere("connections", Kind::Count),
    anywhere("index-ttl", Kind::Seconds),
    anywhere("index-timeout", Kind::Seconds),
    anywhere("index-retries", Kind::Count),
    anywhere("exclude-newer", Kind::Text),
    anywhere("prerelease", Kind::Choice(PRERELEASE_CHOICES)),
    anywhere("resolution", Kind::Choice(RESOLUTION_CHOICES)),
    this_run("requirement", Kind::Paths),
    anywhere("constraint", Kind::Paths),
    anywhere("override", Kind::Paths),
    anywhere("exclude-package", Kind::Words),
    // No file that lies in some folder may make the program run code.
    this_run("allow-build", Kind::Text),
    this_run("upgrade", Kind::Switch),
    this_run("upgrade-package", Kind::Words),
    anywhere("all-wheels", Kind::Switch),
    anywhere("absolute-paths", Kind::Switch),
    anywhere("only", Kind::Choice(HALVES)),
    anywhere("with-provided", Kind::Switch),
    anywhere("conda.channels", Kind::List),
    // What `conda.channels` says, for one run.
    this_run("channel", Kind::Words),
    anywhere("channel-priority", Kind::Choice(PRIORITIES)),
    anywhere("channel-alias", Kind::Text),
    anywhere("channel-mirror", Kind::Words),
    anywhere("channel-bucket", Kind::Words),
    anywhere("cuda", Kind::Text),
    anywhere("virtual-package", Kind::Words),
    anywhere("no-pip", Kind::Switch),
    anywhere("conda-names", Kind::Path),
    anywhere("rez-path", Kind::Paths),
    anywhere("rez.roots.linux.launcher", Kind::Text),
    anywhere("rez.roots.linux.executable", Kind::Text),
    anywhere("rez.roots.linux.storage", Kind::Text),
    anywhere("rez.roots.linux.addon", Kind::Text),
    anywhere("rez.roots.windows.launcher", Kind::Text),
    anywhere("rez.roots.windows.executable", Kind::Text),
    anywhere("rez.roots.windows.storage", Kind::Text),
    anywhere("rez.roots.windows.addon", Kind::Text),
    anywhere("rez.roots.darwin.launcher", Kind::Text),
    anywhere("rez.roots.darwin.executable", Kind::Text),
    anywhere("rez.roots.darwin.storage", Kind::Text),
    anywhere("rez.roots.darwin.addon", Kind::Text),
    this_run("paths", Kind::Paths),
    this_run("no-local", Kind::Switch),
    // No file that lies in some folder may make the program run code.
    this_run("allow-python", Kind::Text),
    anywhere("check-files", Kind::Switch),
    this_run("build", Kind::Switch),
    this_run("time", Kind::Text),
    this_run("max-fails", Kind::Number),
    this_run("exclude", Kind::Words),
    this_run("include", Kind::Words),
    this_run("no-filters", Kind::Switch),
    this_run("no-implicit", Kind::Switch),
    this_run("variant-select-mode", Kind::Choice(SELECT_MODES)),
    this_run("input", Kind::Path),
    this_run("patch", Kind::Switch),
    this_run("strict", Kind::Switch),
    this_run("patch-rank", Kind::Number),
    this_run("stats", Kind::Switch),
    this_run("no-pkg-cache", Kind::Switch),
    this_run("pkg-cache-mode", Kind::Choice(PACKAGE_CACHE_MODES)),
    this_run("type", Kind::Choice(SEARCH_TYPES)),
    this_run("latest", Kind::Switch),
    this_run("validate", Kind::Switch),
    this_run("errors", Kind::Switch),
    this_run("before", Kind::Text),
    this_run("after", Kind::Text),
    this_run("depth", Kind::Number),
    this_run("build-requires", Kind::Switch),
    this_run("print-graph", Kind::Switch),
    this_run("diff", Kind::Path),
    this_run("fetch", Kind::Switch),
    this_run("print-request", Kind::Switch),
    this_run("print-resolve", Kind::Switch),
    this_run("source-order", Kind::Switch),
    this_run("check", Kind::Switch),
];

/// The tables of a configuration file whose keys are names of the user's own: a package's name in Python's world to its
/// name in the other, or `false` where that world has none.
pub(crate) const NAME_TABLES: &[&str] = &["conda.names", "rez.names"];

/// A setting's value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A text, a choice, a path or a studio.
    Text(String),
    /// Several texts.
    List(Vec<String>),
    /// On or off.
    Switch(bool),
    /// Seconds.
    Seconds(f64),
    /// A small number.
    Count(u8),
    /// A whole number.
    Number(i64),
}

impl fmt::Display for Value {
    /// As in a configuration file.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // JSON's texts and lists of texts are TOML's too.
        match self {
            Self::Text(text) => write!(formatter, "{}", serde_json::Value::from(text.as_str())),
            Self::List(texts) => {
                let texts: Vec<String> = texts
                    .iter()
                    .map(|text| serde_json::Value::from(&**text).to_string())
                    .collect();
                write!(formatter, "[{}]", texts.join(", "))
            }
            Self::Switch(on) => write!(formatter, "{on}"),
            Self::Seconds(seconds) => write!(formatter, "{seconds}"),
            Self::Count(count) => write!(formatter, "{count}"),
            Self::Number(number) => write!(formatter, "{number}"),
        }
    }
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Typed on the command line, as this flag.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A configuration file.
    File {
        /// Its path.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(formatter, "--{name}"),
            Self::Variable(name) => write!(formatter, "${name}"),
            Self::File { path, line } => write!(formatter, "{}:{line}", path.display()),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Given {
    /// The value.
    pub(crate) value: Value,
    /// Where it came from.
    pub(crate) source: Source,
}

/// The settings that one place gives, by name; those of [`NAME_TABLES`] as `TABLE.KEY`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    given: BTreeMap<String, Given>,
}

impl Layer {
    /// Sets `name`; a second value replaces the first.
    pub(crate) fn set(&mut self, name: impl Into<String>, value: Value, source: Source) {
        self.given.insert(name.into(), Given { value, source });
    }

    /// Lays `upper` over this layer, setting by setting.
    pub(crate) fn cover_with(&mut self, upper: Self) {
        self.given.extend(upper.given);
    }

    /// The value of `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Given> {
        self.given.get(name)
    }

    /// Whether a switch is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|given| given.value == Value::Switch(true))
    }

    /// The text of `name`.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name).map(|given| &given.value) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The entries of a table of [`NAME_TABLES`], without the table's name.
    pub(crate) fn table<'a>(&'a self, table: &str) -> impl Iterator<Item = (&'a str, &'a Given)> {
        self.given.iter().filter_map(move |(name, given)| {
            Some((name.strip_prefix(table)?.strip_prefix('.')?, given))
        })
    }

    /// The names that are set.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.given.keys().map(String::as_str)
    }
}

/// What the environment gives, above the configuration files ([`Rank::Setting`]) or below them ([`Rank::Fallback`]).
pub(crate) fn from_environment(environment: &Environment, rank: Rank) -> Result<Layer, Report> {
    let mut layer = Layer::default();
    for variable in VARIABLES.iter().filter(|variable| variable.rank == rank) {
        let Some(setting) = SETTINGS
            .iter()
            .find(|setting| Some(setting.name) == variable.setting)
        else {
            continue;
        };
        let Some(raw) = environment.get(variable.name) else {
            continue;
        };
        if layer.get(setting.name).is_some() {
            continue;
        }
        let refuse = |cause: String| {
            Report::unknown(format!(
                "the environment variable `{}` cannot be used",
                variable.name
            ))
            .because(cause)
        };
        let text = raw
            .to_str()
            .ok_or_else(|| refuse("it is not valid UTF-8".to_owned()))?;
        layer.set(
            setting.name,
            read(setting.kind, text).map_err(refuse)?,
            Source::Variable(variable.name),
        );
    }
    Ok(layer)
}

/// Reads `text`, as a variable holds it, as a value of `kind`; the error is a sentence.
pub(crate) fn read(kind: Kind, text: &str) -> Result<Value, String> {
    let wrong = |wanted: &str| format!("`{}` is not {wanted}", one_line(text));
    match kind {
        Kind::Text | Kind::Path | Kind::Studio => Ok(Value::Text(text.to_owned())),
        Kind::List => {
            let texts = text
                .split(',')
                .map(str::trim)
                .filter(|text| !text.is_empty());
            Ok(Value::List(texts.map(str::to_owned).collect()))
        }
        Kind::Switch => match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok(Value::Switch(true)),
            "0" | "false" | "no" | "off" => Ok(Value::Switch(false)),
            _ => Err(wrong("one of 1, 0, true, false, yes, no, on, off")),
        },
        Kind::Seconds => {
            let seconds = text
                .trim()
                .parse()
                .map_err(|_| wrong("a number of seconds"))?;
            check_seconds(seconds).map(Value::Seconds)
        }
        Kind::Count => text
            .trim()
            .parse()
            .map(Value::Count)
            .map_err(|_| wrong("a small number")),
        Kind::Number => text
            .trim()
            .parse()
            .map(Value::Number)
            .map_err(|_| wrong("a whole number")),
        Kind::Paths => Ok(Value::List(split_paths(text))),
        Kind::Words | Kind::Places => {
            let words = text.split_whitespace().map(str::to_owned);
            Ok(Value::List(words.collect()))
        }
        Kind::Choice(words) if words.contains(&text) => Ok(Value::Text(text.to_owned())),
        Kind::Choice(words) => Err(wrong(&format!("one of {}", words.join(", ")))),
    }
}

/// The paths in `text`, separated as in `PATH`; empty ones are dropped, as rez drops them.
pub(crate) fn split_paths(text: &str) -> Vec<String> {
    // Every part of a text is a text again.
    std::env::split_paths(text)
        .filter_map(|path| path.into_os_string().into_string().ok())
        .filter(|path| !path.is_empty())
        .collect()
}

/// A number of seconds that a wait can have: above zero, and at most a week.
pub(crate) fn check_seconds(seconds: f64) -> Result<f64, String> {
    let week = 7.0 * 24.0 * 3600.0;
    if seconds > 0.0 && seconds <= week {
        Ok(seconds)
    } else {
        Err(format!(
            "`{seconds}` is not a number of seconds above 0 and at most {week}"
        ))
    }
}

/// Whether a studio's text names a place on disk, and not a server or the sample.
pub(crate) fn is_studio_path(text: &str) -> bool {
    text != "sample" && !text.contains("://")
}

/// Whether a text names a place in the network, and not a folder.
pub(crate) fn is_url(text: &str) -> bool {
    text.contains("://")
}

/// `path` as seen from `base`; the error is a sentence.
pub(crate) fn beside(base: &Path, path: &str) -> Result<String, String> {
    let joined = base.join(path).into_os_string().into_string();
    joined.map_err(|_| {
        format!(
            "`{}` stands in a folder whose name is not valid Unicode",
            one_line(path)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_variable_comes_before_the_launchers() {
        let both = [
            ("AYON_RESOLVE_BUNDLE", "ours"),
            ("AYON_STUDIO_BUNDLE_NAME", "theirs"),
        ];
        let layer = from_environment(&Environment::of(&both), Rank::Setting).unwrap();
        assert_eq!(layer.text("bundle"), Some("ours"));
        let layer = from_environment(&Environment::of(&both[1..]), Rank::Setting).unwrap();
        assert_eq!(
            layer.get("bundle").unwrap().source,
            Source::Variable("AYON_STUDIO_BUNDLE_NAME")
        );
    }

    #[test]
    fn a_variable_that_makes_no_sense_is_named() {
        let report = from_environment(
            &Environment::of(&[("AYON_RESOLVE_OFFLINE", "maybe")]),
            Rank::Setting,
        )
        .unwrap_err();
        assert_eq!(
            report.message(),
            "the environment variable `AYON_RESOLVE_OFFLINE` cannot be used"
        );
        assert_eq!(
            report.causes(),
            ["`maybe` is not one of 1, 0, true, false, yes, no, on, off"]
        );
    }

    #[test]
    fn values_are_read_by_their_kind() {
        assert_eq!(
            read(Kind::List, "maya/2025, nuke/15,"),
            Ok(Value::List(vec!["maya/2025".into(), "nuke/15".into()]))
        );
        assert_eq!(read(Kind::Switch, "Yes"), Ok(Value::Switch(true)));
        assert_eq!(read(Kind::Seconds, "0.5"), Ok(Value::Seconds(0.5)));
        for wrong in ["0", "-1", "NaN", "inf", "1e300", "soon"] {
            assert!(read(Kind::Seconds, wrong).is_err(), "{wrong}");
        }
        assert!(read(Kind::Choice(COLOR_CHOICES), "blue").is_err());
    }

    #[test]
    fn an_upper_layer_replaces_single_entries_of_a_table() {
        let one = |name: &str, text: &str| {
            let mut layer = Layer::default();
            layer.set(name, Value::Text(text.into()), Source::Default);
            layer
        };
        let mut layer = one("conda.names.pyside6", "user");
        layer.cover_with(one("conda.names.opencolorio", "project"));
        layer.cover_with(one("conda.names.pyside6", "project"));
        let names: Vec<_> = layer
            .table("conda.names")
            .map(|(name, given)| (name, given.value.to_string()))
            .collect();
        assert_eq!(
            names,
            [
                ("opencolorio", "\"project\"".into()),
                ("pyside6", "\"project\"".to_string())
            ]
        );
    }
}
