//! What a run is to do, in plain typed values: everything that was set, merged.
//!
//! Precedence, highest first: a flag, an environment variable, the project's configuration file, the user's, the
//! machine's, the launcher's `AYON_SERVER_URL`, and what holds when nobody says anything. Commands receive a
//! [`Settings`] and look nowhere else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ayon_model::{Platform, Selection};
use ayon_studio::{Location, Secret};

use super::Report;
use super::configuration::{self, ConfigurationFile};
use super::environment::{self, Environment, Rank};
use super::plain::one_line;
use super::setting::{self, Layer};

mod conda;
mod explaining;
mod lock;
mod python;
mod reading;
#[cfg_attr(
    not(feature = "rez"),
    expect(
        dead_code,
        reason = "settings are the same with and without the commands that read them"
    )
)]
mod rez;
mod typed;

pub(crate) use conda::Conda;
pub(crate) use explaining::Explaining;
pub(crate) use lock::Lock;
#[cfg(feature = "venv")]
pub(crate) use python::Indexes;
pub(crate) use python::Python;
pub(crate) use rez::Rez;
#[cfg(feature = "rez")]
pub(crate) use rez::{Moment, Resolving as RezResolving, Search as RezSearch};

/// Everything a command needs to know about what is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Which bundle.
    pub(crate) selection: Selection,
    /// For which processes and platforms.
    pub(crate) targets: Targets,
    /// Where the studio's facts come from, if anybody said; see [`Settings::studio`].
    pub(crate) studio: Option<Location>,
    /// How to speak to a server.
    pub(crate) server: Server,
    /// What may be used of the network and of the cache.
    pub(crate) access: Access,
    /// How versions are chosen.
    pub(crate) solving: Solving,
    /// What is made of the answer.
    pub(crate) emission: Emission,
    /// What is special to the lock of a bundle.
    pub(crate) lock: Lock,
    /// What is explained, and how.
    pub(crate) explaining: Explaining,
    /// What is special to conda.
    pub(crate) conda: Conda,
    /// What is special to Python packages.
    pub(crate) packages: Python,
    /// What is special to rez.
    pub(crate) rez: Rez,
    /// How to print.
    pub(crate) display: Display,
    /// The merged layer and the files it was made from, for `config show`.
    pub(crate) record: Record,
}

/// For which processes and platforms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Targets {
    /// Platforms; none means the one this program runs on.
    pub(crate) platforms: Vec<Platform>,
    /// Hosts.
    pub(crate) hosts: Vec<HostName>,
    /// Also, or only, a process without a user interface.
    pub(crate) headless: bool,
    /// The launcher's version (for `plan`: a range of them) instead of the bundle's.
    pub(crate) launcher: Option<String>,
    /// The Python version instead of the process's own.
    pub(crate) python: Option<String>,
}

/// A DCC host as a person names it: `maya/2025`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostName {
    /// Such as `maya`.
    pub(crate) name: String,
    /// Such as `2025`.
    pub(crate) version: String,
}

impl HostName {
    /// Reads `NAME/VERSION`; the error is a sentence.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        // It becomes part of a file's name.
        let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        let is_word =
            |word: &str| word.starts_with(char::is_alphanumeric) && word.chars().all(is_inner);
        match text.split_once('/') {
            Some((name, version)) if is_word(name) && is_word(version) => Ok(Self {
                name: name.to_owned(),
                version: version.to_owned(),
            }),
            _ => Err(format!(
                "`{}` is not NAME/VERSION, such as maya/2025",
                one_line(text)
            )),
        }
    }
}

/// How to speak to a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Server {
    /// The key or token; absent also where it belongs to another server.
    pub(crate) key: Option<Secret>,
    /// How long to wait for an answer, if the user has a wish.
    pub(crate) timeout: Option<Duration>,
    /// How often to ask again, if the user has a wish.
    pub(crate) retries: Option<u8>,
}

/// What may be used of the network and of the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Access {
    /// No network: the cache and snapshots only.
    pub(crate) offline: bool,
    /// Ask again for what the cache holds.
    pub(crate) refresh: bool,
    /// The cache's folder; none means to use no cache.
    pub(crate) cache: Option<PathBuf>,
}

/// How versions are chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Solving {
    /// When to give up.
    pub(crate) time_limit: Option<Duration>,
    /// Whether pre-releases may be chosen.
    pub(crate) prereleases: bool,
}

/// What is made of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Emission {
    /// The backend's name, to be looked up in the registry.
    pub(crate) emit: Option<String>,
    /// The backend's format.
    pub(crate) format: String,
    /// Where to write; none means standard output.
    pub(crate) output: Option<PathBuf>,
}

/// A package's name elsewhere, by its name on `PyPI`; `None` where the other world has no such package.
pub(crate) type Names = BTreeMap<String, Option<String>>;

/// How to print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Display {
    /// JSON instead of text.
    pub(crate) json: bool,
    /// `auto`, `always` or `never`.
    pub(crate) color: String,
    /// Whether progress may be shown at all.
    pub(crate) progress: bool,
    /// How often `-v` less how often `-q` was given.
    pub(crate) verbosity: i16,
}

/// Where everything came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    /// The merged settings.
    pub(crate) layer: Layer,
    /// The configuration files read, the weakest first.
    pub(crate) files: Vec<ConfigurationFile>,
    /// Whether a server's key is set; never which.
    pub(crate) has_key: bool,
}

impl Settings {
    /// Merges `flags`, the environment and, if `reads_files`, the configuration files in force in `directory`.
    ///
    /// Beside the settings come sentences the user should read: a file that is ignored, a misspelt variable.
    pub(crate) fn load(
        flags: Layer,
        environment: &Environment,
        directory: Option<&Path>,
        reads_files: bool,
    ) -> Result<(Self, Vec<String>), Report> {
        let mut notices = environment.warnings();
        let set_in_environment = setting::from_environment(environment, Rank::Setting)?;
        let files = match (
            flags.text("config-file"),
            set_in_environment.text("config-file"),
        ) {
            _ if !reads_files => Vec::new(),
            (Some(path), _) => vec![configuration::named(path, directory)],
            _ if flags.is_on("no-config") || set_in_environment.is_on("no-config") => Vec::new(),
            (None, Some(path)) => vec![configuration::named(path, directory)],
            (None, None) => {
                let (files, more) = configuration::discover(directory, environment);
                notices.extend(more);
                files
            }
        };
        let mut layer = typed::defaults(environment);
        layer.cover_with(setting::from_environment(environment, Rank::Fallback)?);
        for file in &files {
            layer.cover_with(file.read()?);
        }
        layer.cover_with(set_in_environment);
        layer.cover_with(flags);
        let mut settings = typed::settings(layer)?;
        settings.record.files = files;
        settings.packages.indexes.surround(environment);
        settings.conda.auth_file = conda::auth_file(environment);
        settings.rez.surroundings = rez::Surroundings::of(environment);
        settings.take_key(environment, &mut notices)?;
        settings.display.progress &= environment.get("CI").is_none();
        Ok((settings, notices))
    }

    /// Whether neither a bundle nor something to emit is named.
    pub(crate) fn asks_for_nothing(&self) -> bool {
        self.emission.emit.is_none()
            && self.selection == Selection::default()
            && !self.lock.is_used()
    }

    /// The same, as if this were to be emitted: without a place to write to, so that nothing that lies there counts.
    pub(crate) fn emitting(&self, backend: &str, format: &str) -> Self {
        let mut settings = self.clone();
        settings.emission = Emission {
            emit: Some(backend.to_owned()),
            format: format.to_owned(),
            output: None,
        };
        settings
    }

    /// Where the studio is, or a report that says how to name one.
    pub(crate) fn studio(&self) -> Result<&Location, Report> {
        self.studio.as_ref().ok_or_else(|| {
            Report::unknown("no studio is named")
                .hint("name one: `--studio PATH|URL`, or `--studio sample` to try the program on its own example")
                .hint(format!("or keep `studio = …` in `{}`, or set `AYON_SERVER_URL`", configuration::FILE_NAME))
        })
    }

    /// Takes the server's key from the environment, unless it belongs to another server than the one asked.
    ///
    /// The launcher sets URL and key together. A configuration file found in some folder may name another server, and
    /// sending the key there would give it away.
    fn take_key(
        &mut self,
        environment: &Environment,
        notices: &mut Vec<String>,
    ) -> Result<(), Report> {
        let Some(key) = environment.get(environment::API_KEY) else {
            return Ok(());
        };
        let refuse = || {
            Report::unknown(format!(
                "the environment variable `{}` cannot be used",
                environment::API_KEY
            ))
        };
        let key = key
            .to_str()
            .ok_or_else(|| refuse().because("it is not valid UTF-8"))?
            .trim();
        if key.chars().any(char::is_control) {
            return Err(refuse().because("it holds control characters"));
        }
        self.record.has_key = true;
        let Some(Location::Server(asked)) = &self.studio else {
            return Ok(());
        };
        match environment
            .get(environment::SERVER_URL)
            .and_then(|url| url.to_str())
        {
            Some(owner) if server_of(owner) != server_of(asked.as_str()) => notices.push(format!(
                "`{}` is not sent to {}: it belongs to the server that `{}` names",
                environment::API_KEY,
                asked,
                environment::SERVER_URL
            )),
            _ => self.server.key = Some(Secret::new(key)),
        }
        Ok(())
    }
}

/// The part of a URL that says who is asked: scheme, host and port.
fn server_of(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{authority}").to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
