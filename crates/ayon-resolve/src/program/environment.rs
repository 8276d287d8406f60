//! Every environment variable the program reads, and the only place that reads one.
//!
//! The list is the documentation: the help text, the manual page and the test that every flag has a variable are all
//! made from it. A variable is captured once, at the start; after that the program looks at values, so that a test
//! can run with variables of its own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use ayon_model::{closest, did_you_mean};

mod variables;

pub(crate) use variables::VARIABLES;

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

/// The key that opens a server.
pub(crate) const API_KEY: &str = "AYON_API_KEY";

/// The server that the key belongs to.
pub(crate) const SERVER_URL: &str = "AYON_SERVER_URL";

/// The variables of [`VARIABLES`] that are set, as they were when the program started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    values: BTreeMap<&'static str, OsString>,
    all: BTreeMap<String, String>,
    network: BTreeMap<String, String>,
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
        let mut environment = Self {
            values,
            ..Self::default()
        };
        for (name, value) in std::env::vars_os() {
            if let (Ok(name), value) = (name.into_string(), value.into_string().ok()) {
                environment.note(name, value);
            }
        }
        environment
    }

    /// Sorts a variable into what it may be used for; one that is no text has no value here.
    fn note(&mut self, name: String, value: Option<String>) {
        if is_stranger(&name) {
            self.strangers.push(name);
            return;
        }
        let Some(value) = value else {
            return;
        };
        if is_about_the_network(&name) && !value.is_empty() {
            self.network.insert(name.clone(), value.clone());
        }
        if !is_secret(&name) {
            self.all.insert(name, value);
        }
    }

    /// An environment of these variables only.
    #[cfg(test)]
    pub(crate) fn of(pairs: &[(&'static str, &str)]) -> Self {
        let values = pairs
            .iter()
            .map(|(name, value)| (*name, OsString::from(value)));
        let mut environment = Self {
            values: values.collect(),
            ..Self::default()
        };
        for (name, value) in pairs {
            environment.note((*name).to_owned(), Some((*value).to_owned()));
        }
        environment
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

    /// Every variable that is text and no secret: each of rez's settings has one of its own, and may name others.
    pub(crate) fn all(&self) -> &BTreeMap<String, String> {
        &self.all
    }

    /// What says how to reach a package index: proxies, certificates, and users and passwords, which nobody else gets.
    pub(crate) fn network(&self) -> &BTreeMap<String, String> {
        &self.network
    }

    /// Sentences about variables that look like ours and are not.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let known = || VARIABLES.iter().map(|variable| variable.name);
        let tell = |name: &String| {
            let near = did_you_mean("; ", &closest(name, known()), "");
            format!("the environment variable `{name}` means nothing here{near}")
        };
        self.strangers.iter().map(tell).collect()
    }
}

/// Whether it gives a user or a password of an index: `AYON_RESOLVE_INDEX_[NAME_]USERNAME` or `_PASSWORD`, or uv's
/// variable for an index of the same name.
fn is_index_credential(name: &str) -> bool {
    let prefixes = ["AYON_RESOLVE_INDEX_", "UV_INDEX_"];
    let rest = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix));
    rest.is_some_and(|rest| rest.ends_with("USERNAME") || rest.ends_with("PASSWORD"))
}

/// Whether it says how to reach a package index.
fn is_about_the_network(name: &str) -> bool {
    let usual = [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "NETRC",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ];
    is_index_credential(name) || usual.iter().any(|usual| name.eq_ignore_ascii_case(usual))
}

/// What signs requests for buckets.
const AWS_SECRETS: [&str; 2] = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// Whether the variable must not be handed on.
fn is_secret(name: &str) -> bool {
    if is_index_credential(name) || AWS_SECRETS.contains(&name) {
        return true;
    }
    let is_it = |variable: &&Variable| variable.name == name;
    let variable = VARIABLES.iter().find(is_it);
    variable.is_some_and(|variable| variable.rank == Rank::Secret)
}

/// Whether `name` claims to be ours and is not. `AYON_RESOLVE_SHARED` is read by the repository's own benchmarks.
fn is_stranger(name: &str) -> bool {
    name.starts_with("AYON_RESOLVE_")
        && name != "AYON_RESOLVE_SHARED"
        && !is_index_credential(name)
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
    fn passwords_of_indexes_are_for_the_network_alone() {
        let pairs = [
            ("AYON_RESOLVE_INDEX_PASSWORD", "canary"),
            ("AYON_RESOLVE_INDEX_STUDIO_USERNAME", "ada"),
            ("http_proxy", "http://proxy.invalid"),
            ("REZ_X", "y"),
            ("AWS_SECRET_ACCESS_KEY", "canary"),
            ("AWS_SESSION_TOKEN", "canary"),
        ];
        let environment = Environment::of(&pairs);
        assert!(environment.warnings().is_empty());
        let names = |map: &BTreeMap<String, String>| map.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(environment.all()), ["REZ_X", "http_proxy"]);
        assert_eq!(
            names(environment.network()),
            [
                "AYON_RESOLVE_INDEX_PASSWORD",
                "AYON_RESOLVE_INDEX_STUDIO_USERNAME",
                "http_proxy"
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
