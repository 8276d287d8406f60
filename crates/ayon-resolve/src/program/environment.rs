//! Every environment variable the program reads, and the only place that reads one.
//!
//! The list is the documentation: the help text, the manual page and the test that every flag has a variable are all
//! made from it. A variable is captured once, at the start; after that the program looks at values, so that a test
//! can run with variables of its own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use super::report::closest;

/// One variable: its name, the setting it gives, and what it is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is for, one line.
    pub(crate) about: &'static str,
    /// The setting it gives, if it gives one.
    pub(crate) setting: Option<&'static str>,
    /// How it stands to the other places a setting comes from.
    pub(crate) rank: Rank,
}

/// Where a variable's value stands, and whether it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    /// Above every configuration file.
    Setting,
    /// Below every configuration file: what the AYON launcher leaves around is a fallback, not a wish.
    Fallback,
    /// Not a setting: something about the surroundings.
    Surroundings,
    /// A secret: never shown, never handed to a program that we start.
    Secret,
}

const fn setting(name: &'static str, setting: &'static str, about: &'static str) -> Variable {
    Variable {
        name,
        about,
        setting: Some(setting),
        rank: Rank::Setting,
    }
}

const fn surroundings(name: &'static str, about: &'static str) -> Variable {
    Variable {
        name,
        about,
        setting: None,
        rank: Rank::Surroundings,
    }
}

/// The key that opens a server.
pub(crate) const API_KEY: &str = "AYON_API_KEY";

/// The server that the key belongs to.
pub(crate) const SERVER_URL: &str = "AYON_SERVER_URL";

/// Every variable. Where two give the same setting, the first that is set counts: ours, then the launcher's.
pub(crate) const VARIABLES: &[Variable] = &[
    setting(
        "AYON_RESOLVE_BUNDLE",
        "bundle",
        "The bundle: a name, or production, staging or dev",
    ),
    setting(
        "AYON_STUDIO_BUNDLE_NAME",
        "bundle",
        "The studio bundle's name, as the launcher reads it",
    ),
    setting("AYON_RESOLVE_STAGING", "staging", "Use the staging variant"),
    setting(
        "AYON_USE_STAGING",
        "staging",
        "Use the staging variant, as the launcher reads it",
    ),
    setting("AYON_RESOLVE_DEV", "dev", "Use the dev bundle of the user"),
    setting(
        "AYON_USE_DEV",
        "dev",
        "Use the dev bundle of the user, as the launcher reads it",
    ),
    setting(
        "AYON_RESOLVE_PROJECT",
        "project",
        "The project whose bundle is laid over the studio's",
    ),
    setting(
        "AYON_PROJECT_NAME",
        "project",
        "The project, as the launcher reads it",
    ),
    setting(
        "AYON_RESOLVE_PROJECT_BUNDLE",
        "project-bundle",
        "The project bundle, by name",
    ),
    setting(
        "AYON_BUNDLE_NAME",
        "project-bundle",
        "The project bundle's name, as the launcher reads it",
    ),
    setting(
        "AYON_RESOLVE_USER",
        "user",
        "The user whose dev bundle is meant",
    ),
    setting(
        "AYON_RESOLVE_PLATFORM",
        "platform",
        "Platforms to resolve for, separated by commas",
    ),
    setting(
        "AYON_RESOLVE_HOST",
        "host",
        "Hosts to resolve for, as NAME/VERSION, separated by commas",
    ),
    setting(
        "AYON_RESOLVE_HEADLESS",
        "headless",
        "Resolve for a process without a user interface",
    ),
    setting(
        "AYON_RESOLVE_LAUNCHER",
        "launcher",
        "The launcher version to use instead of the bundle's",
    ),
    setting(
        "AYON_RESOLVE_PYTHON",
        "python",
        "The Python version to use instead of the process's own",
    ),
    setting(
        "AYON_RESOLVE_PRERELEASES",
        "prereleases",
        "Allow pre-releases when choosing versions",
    ),
    setting(
        "AYON_RESOLVE_TIME_LIMIT",
        "time-limit",
        "Seconds after which solving gives up",
    ),
    setting(
        "AYON_RESOLVE_STUDIO",
        "studio",
        "The studio: a path, a URL, or the word sample",
    ),
    Variable {
        name: SERVER_URL,
        about: "The AYON server; used as the studio when nothing else names one",
        setting: Some("studio"),
        rank: Rank::Fallback,
    },
    Variable {
        name: API_KEY,
        about: "The key or token for the AYON server",
        setting: None,
        rank: Rank::Secret,
    },
    setting(
        "AYON_SERVER_TIMEOUT",
        "server-timeout",
        "Seconds to wait for the server's answer",
    ),
    setting(
        "AYON_SERVER_RETRIES",
        "server-retries",
        "How often to ask the server again",
    ),
    setting("AYON_RESOLVE_OFFLINE", "offline", "Use no network"),
    setting(
        "AYON_RESOLVE_REFRESH",
        "refresh",
        "Ask again for what the cache already holds",
    ),
    setting(
        "AYON_RESOLVE_CACHE_DIR",
        "cache-dir",
        "The folder of the cache",
    ),
    setting(
        "AYON_RESOLVE_NO_CACHE",
        "no-cache",
        "Neither read nor write the cache",
    ),
    setting(
        "AYON_RESOLVE_EMIT",
        "emit",
        "What to emit, such as conda, rez or venv",
    ),
    setting("AYON_RESOLVE_FORMAT", "format", "The format to emit in"),
    setting("AYON_RESOLVE_OUTPUT", "output", "Where to write"),
    setting("AYON_RESOLVE_JSON", "json", "Print JSON"),
    setting(
        "AYON_RESOLVE_COLOR",
        "color",
        "When to use colour: auto, always or never",
    ),
    setting(
        "AYON_RESOLVE_NO_PROGRESS",
        "no-progress",
        "Show no progress",
    ),
    setting(
        "AYON_RESOLVE_VERBOSE",
        "verbose",
        "How much more to say: 0, 1, 2",
    ),
    setting(
        "AYON_RESOLVE_QUIET",
        "quiet",
        "How much less to say: 0, 1, 2",
    ),
    setting(
        "AYON_RESOLVE_CONFIG_FILE",
        "config-file",
        "The configuration file to read instead of the discovered ones",
    ),
    setting(
        "AYON_RESOLVE_NO_CONFIG",
        "no-config",
        "Read no configuration file",
    ),
    surroundings("NO_COLOR", "Use no colour, whatever its value"),
    surroundings(
        "CLICOLOR_FORCE",
        "Use colour even where there is no terminal",
    ),
    surroundings("CI", "Show no progress"),
    surroundings(
        "XDG_CONFIG_HOME",
        "The folder of the user's configuration, otherwise ~/.config",
    ),
    surroundings(
        "XDG_CACHE_HOME",
        "The folder of the user's caches, otherwise ~/.cache",
    ),
    surroundings("HOME", "The user's home"),
    surroundings(
        "APPDATA",
        "The folder of the user's configuration on Windows",
    ),
    surroundings("LOCALAPPDATA", "The folder of the user's caches on Windows"),
    surroundings(
        "PROGRAMDATA",
        "The folder of the machine's configuration on Windows",
    ),
];

/// The variables of [`VARIABLES`] that are set, as they were when the program started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    values: BTreeMap<&'static str, OsString>,
    strangers: Vec<String>,
}

impl Environment {
    /// Reads the process's variables.
    pub(crate) fn capture() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that lists and reads every variable"
        )]
        let read = |name: &str| std::env::var_os(name);
        let values = VARIABLES
            .iter()
            .filter_map(|variable| Some((variable.name, read(variable.name)?)))
            .collect();
        let ours = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let strangers = ours.filter(|name| is_stranger(name)).collect();
        Self { values, strangers }
    }

    /// An environment of these variables only.
    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&'static str, &str)]) -> Self {
        let strangers = pairs
            .iter()
            .filter(|(name, _)| is_stranger(name))
            .map(|(name, _)| (*name).to_owned());
        Self {
            strangers: strangers.collect(),
            values: pairs
                .iter()
                .map(|(name, value)| (*name, OsString::from(value)))
                .collect(),
        }
    }

    /// The value of `name`, unless it is unset or empty: an empty variable means an unset one.
    pub(crate) fn get(&self, name: &str) -> Option<&OsString> {
        self.values.get(name).filter(|value| !value.is_empty())
    }

    /// The value of `name` as a folder; relative ones are ignored, as the XDG specification asks.
    pub(crate) fn folder(&self, name: &str) -> Option<PathBuf> {
        self.get(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    }

    /// Sentences about variables that look like ours and are not.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let known = || VARIABLES.iter().map(|variable| variable.name);
        let tell = |name: &String| match closest(name, known()) {
            Some(near) => format!(
                "the environment variable `{name}` means nothing here; did you mean `{near}`?"
            ),
            None => format!("the environment variable `{name}` means nothing here"),
        };
        self.strangers.iter().map(tell).collect()
    }
}

/// Whether `name` claims to be ours and is not. `AYON_RESOLVE_SHARED` is read by the repository's own benchmarks.
fn is_stranger(name: &str) -> bool {
    name.starts_with("AYON_RESOLVE_")
        && name != "AYON_RESOLVE_SHARED"
        && VARIABLES.iter().all(|variable| variable.name != name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::setting::SETTINGS;

    #[test]
    fn every_variable_is_listed_once_and_names_a_real_setting() {
        for (index, variable) in VARIABLES.iter().enumerate() {
            assert!(
                !variable.about.is_empty(),
                "{} is not documented",
                variable.name
            );
            assert!(
                VARIABLES[..index]
                    .iter()
                    .all(|other| other.name != variable.name),
                "{} twice",
                variable.name
            );
            if let Some(name) = variable.setting {
                assert!(
                    SETTINGS.iter().any(|setting| setting.name == name),
                    "{} gives no setting",
                    variable.name
                );
            }
        }
    }

    #[test]
    fn a_misspelt_variable_is_noticed() {
        let environment =
            Environment::of(&[("AYON_RESOLVE_BUNDEL", "x"), ("AYON_RESOLVE_SHARED", "x")]);
        assert_eq!(
            environment.warnings(),
            [
                "the environment variable `AYON_RESOLVE_BUNDEL` means nothing here; did you mean `AYON_RESOLVE_BUNDLE`?"
            ]
        );
    }

    #[test]
    fn an_empty_variable_is_an_unset_one() {
        let environment = Environment::of(&[("CI", ""), ("HOME", "here")]);
        assert_eq!(environment.get("CI"), None);
        assert_eq!(
            environment.folder("HOME"),
            None,
            "a relative folder is no folder"
        );
    }
}
