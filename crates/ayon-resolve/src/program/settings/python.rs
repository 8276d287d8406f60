//! What is special to Python packages: which indexes are asked and how, which versions are wanted, what a lock holds.
//!
//! A user and a password may stand in a URL only where a variable gives it: words that are typed are seen by everybody on
//! the machine, and configuration files are shared. Such a URL is used as it is, and shown without them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use ayon_model::{Floor, FloorError, Floors};
use pypi::{DistributionName, Timestamp};

use super::reading::{conceal, count, duration, list, not_usable, shown};
use crate::program::Report;
use crate::program::environment::Environment;
use crate::program::plain::one_line;
use crate::program::setting::{Given, Layer, Source, Value};

/// What is special to Python packages.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Python {
    /// Which indexes are asked, and how.
    pub(crate) indexes: Indexes,
    /// Which versions are wanted.
    pub(crate) choosing: Choosing,
    /// What a lock holds.
    pub(crate) locking: Locking,
    /// The least that the machines have.
    pub(crate) floors: Floors,
}

/// Which indexes are asked, and how.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Indexes {
    /// Those with names, in order: they come first.
    pub(crate) named: Vec<(String, String)>,
    /// Those without, in order.
    pub(crate) extra: Vec<String>,
    /// The one that is asked last; none for the usual one.
    pub(crate) last: Option<String>,
    /// Ask none.
    pub(crate) none: bool,
    /// Packages that only one index is asked for, with its name.
    pub(crate) pins: Vec<(DistributionName, String)>,
    /// Folders and pages of wheels.
    pub(crate) find_links: Vec<String>,
    /// Packages to ask about again.
    pub(crate) refresh: BTreeSet<DistributionName>,
    /// The netrc file, where somebody named one.
    pub(crate) netrc: Option<PathBuf>,
    /// Certificates to trust as well.
    pub(crate) ca_files: Vec<PathBuf>,
    /// How many requests may be under way, if the user has a wish.
    pub(crate) connections: Option<u8>,
    /// For how long a page is not asked for again, if the user has a wish.
    pub(crate) ttl: Option<Duration>,
    /// How long to wait for an answer, if the user has a wish.
    pub(crate) timeout: Option<Duration>,
    /// How often to ask again, if the user has a wish.
    pub(crate) retries: Option<u8>,
    /// Proxies, certificates, users and passwords, by the names of variables.
    pub(crate) network: BTreeMap<String, String>,
    /// The user's home, where a netrc may be.
    pub(crate) home: Option<PathBuf>,
}

impl std::fmt::Debug for Indexes {
    /// Without anything that may hold a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Indexes").finish_non_exhaustive()
    }
}

/// Which versions are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choosing {
    /// The moment before which a file must have been uploaded.
    pub(crate) exclude_newer: Option<Timestamp>,
    /// `if-necessary`, `allow` or `disallow`.
    pub(crate) prerelease: Option<String>,
    /// `highest`, `lowest` or `lowest-direct`.
    pub(crate) resolution: Option<String>,
    /// Files of requirements.
    pub(crate) requirements: Vec<PathBuf>,
    /// Files of constraints.
    pub(crate) constraints: Vec<PathBuf>,
    /// Files of overrides.
    pub(crate) overrides: Vec<PathBuf>,
    /// Packages to leave out.
    pub(crate) exclude: BTreeSet<DistributionName>,
    /// The Python that may build source distributions.
    pub(crate) build_python: Option<PathBuf>,
    /// Choose everything anew.
    pub(crate) upgrade: bool,
    /// Choose these anew.
    pub(crate) upgrade_packages: BTreeSet<DistributionName>,
}

/// What a lock holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Locking {
    /// The format that was asked for in this run, and not in a file for another job.
    pub(crate) format: Option<String>,
    /// Every wheel of a version.
    pub(crate) all_wheels: bool,
    /// Whole paths to wheels on disk.
    pub(crate) absolute_paths: bool,
    /// `dependencies` or `runtime`; none for both.
    pub(crate) only: Option<String>,
    /// Also what the process has already.
    pub(crate) with_provided: bool,
}

/// What `layer` says about Python packages; what may not be shown is taken out of it.
pub(super) fn settings(layer: &mut Layer) -> Result<Python, Report> {
    let indexes = indexes(layer)?;
    for name in ["index-url", "extra-index-url", "index", "find-links"] {
        conceal(layer, name);
    }
    Ok(Python {
        indexes,
        choosing: choosing(layer)?,
        locking: Locking {
            format: layer
                .get("format")
                .filter(|given| matches!(given.source, Source::Flag(_) | Source::Variable(_)))
                .and_then(|_| layer.text("format").map(str::to_owned)),
            all_wheels: layer.is_on("all-wheels"),
            absolute_paths: layer.is_on("absolute-paths"),
            only: layer.text("only").map(str::to_owned),
            with_provided: layer.is_on("with-provided"),
        },
        floors: floors(layer)?,
    })
}

fn floors(layer: &Layer) -> Result<Floors, Report> {
    let floor = |name: &str, usual: Floor| {
        let read = |text: &str| {
            text.trim()
                .parse()
                .map_err(|error: FloorError| error.to_string())
        };
        Ok::<_, Report>(each(layer, name, read)?.pop().unwrap_or(usual))
    };
    let usual = Floors::default();
    Ok(Floors {
        glibc: floor("glibc", usual.glibc)?,
        macos: floor("macos", usual.macos)?,
    })
}

impl Indexes {
    /// The netrc file: the one that is named, or the usual one if it is there.
    #[cfg_attr(
        not(any(feature = "conda", feature = "venv")),
        expect(dead_code, reason = "only those who ask channels or indexes need it")
    )]
    pub(crate) fn netrc_file(&self) -> Option<PathBuf> {
        let usual = if cfg!(windows) { "_netrc" } else { ".netrc" };
        let variable = self.network.get("NETRC").map(PathBuf::from);
        let home = || {
            let home = self.home.as_ref().map(|home| home.join(usual));
            home.filter(|path| path.is_file())
        };
        self.netrc.clone().or(variable).or_else(home)
    }

    /// Adds what is known of the surroundings.
    pub(super) fn surround(&mut self, environment: &Environment) {
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        self.network.clone_from(environment.network());
        self.home = environment.folder(home);
    }
}

fn indexes(layer: &Layer) -> Result<Indexes, Report> {
    let small = |name: &str| layer.get(name).map(|_| count(layer, name));
    let paths = |name: &str| list(layer, name).into_iter().map(PathBuf::from).collect();
    let found = Indexes {
        named: each(layer, "index", |text| match text.split_once('=') {
            Some((name, url)) if is_index_name(name) => {
                url_of_index(url).map(|url| (name.to_owned(), url))
            }
            _ => Err(format!(
                "`{}` is not NAME=URL, with a name of letters, digits, `-`, `_` and `.`",
                one_line(&shown(text))
            )),
        })?,
        extra: each(layer, "extra-index-url", url_of_index)?,
        last: each(layer, "index-url", url_of_index)?.pop(),
        none: layer.is_on("no-index"),
        pins: each(layer, "package-index", |text| match text.split_once('=') {
            Some((name, index)) => Ok((package(name)?, index.trim().to_owned())),
            None => Err(format!("`{}` is not PACKAGE=INDEX", one_line(text))),
        })?,
        find_links: each(layer, "find-links", |text| Ok(text.to_owned()))?,
        refresh: each(layer, "refresh-package", package)?
            .into_iter()
            .collect(),
        netrc: layer.text("netrc").map(PathBuf::from),
        ca_files: paths("ca-file"),
        connections: small("connections"),
        ttl: duration(layer, "index-ttl"),
        timeout: duration(layer, "index-timeout"),
        retries: small("index-retries"),
        network: BTreeMap::new(),
        home: None,
    };
    if found.connections == Some(0) {
        return Err(refusal(layer, "connections", "there must be at least one"));
    }
    for (package, index) in &found.pins {
        if found.named.iter().all(|(name, _)| name != index) {
            let cause = format!(
                "no index is called `{}`, which {package} is asked from",
                one_line(index)
            );
            let report = refusal(layer, "package-index", &cause);
            return Err(report.hint("name it: `--index NAME=URL`"));
        }
    }
    for (position, (name, _)) in found.named.iter().enumerate() {
        if found.named[..position]
            .iter()
            .any(|(earlier, _)| earlier == name)
        {
            let cause = format!("two indexes are called `{name}`");
            return Err(refusal(layer, "index", &cause));
        }
    }
    Ok(found)
}

fn choosing(layer: &Layer) -> Result<Choosing, Report> {
    let text = |name: &str| layer.text(name).map(str::to_owned);
    let paths = |name: &str| list(layer, name).into_iter().map(PathBuf::from).collect();
    let names = |name: &str| Ok::<_, Report>(each(layer, name, package)?.into_iter().collect());
    Ok(Choosing {
        exclude_newer: each(layer, "exclude-newer", end_of)?.pop(),
        prerelease: text("prerelease"),
        resolution: text("resolution"),
        requirements: paths("requirement"),
        constraints: paths("constraint"),
        overrides: paths("override"),
        exclude: names("exclude-package")?,
        build_python: super::reading::interpreter(layer, "allow-build"),
        upgrade: layer.is_on("upgrade"),
        upgrade_packages: names("upgrade-package")?,
    })
}

/// What `read` makes of each text of a setting; a text with a user in it must come from a variable.
fn each<T>(
    layer: &Layer,
    name: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, Report> {
    let Some(given) = layer.get(name) else {
        return Ok(Vec::new());
    };
    let texts = match &given.value {
        Value::Text(text) => vec![text.clone()],
        Value::List(texts) => texts.clone(),
        _ => Vec::new(),
    };
    let read = |text: &String| {
        if shown(text) != *text && !matches!(given.source, Source::Variable(_)) {
            return Err(not_usable(name, given)
                .because("a URL with a user or a password is taken from a variable only")
                .hint(format!(
                    "give them in `AYON_RESOLVE_INDEX_USERNAME` and `AYON_RESOLVE_INDEX_PASSWORD`, in a netrc file, or the whole URL in `{}`",
                    variable(name)
                )));
        }
        read(text).map_err(|cause| not_usable(name, given).because(cause))
    };
    texts.iter().map(read).collect()
}

fn refusal(layer: &Layer, name: &str, cause: &str) -> Report {
    let nobody = Given {
        value: Value::Switch(false),
        source: Source::Default,
    };
    not_usable(name, layer.get(name).unwrap_or(&nobody)).because(cause)
}

fn variable(name: &str) -> String {
    format!("AYON_RESOLVE_{}", name.to_uppercase().replace('-', "_"))
}

fn url_of_index(text: &str) -> Result<String, String> {
    let has_host = |(scheme, rest): (&str, &str)| match &*scheme.to_ascii_lowercase() {
        "http" | "https" => !rest.starts_with(['/', '?', '#']) && !rest.is_empty(),
        "file" => rest.starts_with('/'),
        _ => false,
    };
    if text.split_once("://").is_some_and(has_host) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{}` is no URL of an index; one begins with `https://`, `http://` or `file:///`",
        one_line(&shown(text))
    ))
}

fn is_index_name(name: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.chars().all(is_inner)
}

fn package(text: &str) -> Result<DistributionName, String> {
    text.trim()
        .parse()
        .map_err(|error: pypi::NameError| error.to_string())
}

/// The first moment that does not count any more: a time itself, or the end of a day in UTC.
fn end_of(text: &str) -> Result<Timestamp, String> {
    const DAY: i64 = 24 * 3600 * 1_000_000;
    let text = text.trim();
    let moment: Timestamp = text
        .parse()
        .map_err(|error: pypi::TimestampError| error.to_string())?;
    let is_day = !text.contains(':');
    let end = is_day
        .then(|| Timestamp::from_microseconds(moment.microseconds() + DAY))
        .flatten();
    Ok(end.unwrap_or(moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&'static str, Value, Source)]) -> Result<(Python, Layer), Report> {
        let mut layer = Layer::default();
        for (name, value, source) in settings {
            layer.set(*name, value.clone(), source.clone());
        }
        super::settings(&mut layer).map(|python| (python, layer))
    }

    fn words(texts: &[&str]) -> Value {
        Value::List(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn a_password_comes_from_a_variable_and_is_not_shown() {
        let url = Value::Text("https://ada:canary@index.invalid/simple".to_owned());
        let from = |source| read(&[("index-url", url.clone(), source)]);
        let (python, layer) = from(Source::Variable("AYON_RESOLVE_INDEX_URL")).unwrap();
        assert!(python.indexes.last.unwrap().contains("canary"));
        assert_eq!(
            layer.text("index-url"),
            Some("https://****@index.invalid/simple")
        );
        for source in [
            Source::Flag("index-url"),
            Source::File {
                path: "x.toml".into(),
                line: 1,
            },
        ] {
            let report = from(source).unwrap_err();
            assert!(!format!("{report:?}").contains("canary"));
        }
        let named = words(&["studio=https://ada:canary@index.invalid/"]);
        let source = Source::Variable("AYON_RESOLVE_INDEX");
        let (_, layer) = read(&[("index", named, source)]).unwrap();
        assert!(!format!("{layer:?}").contains("canary"));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (name, value, said) in [
            ("index", words(&["https://index.invalid"]), "NAME=URL"),
            ("index", words(&["a=x"]), "no URL of an index"),
            (
                "index",
                words(&["a=https://x/", "a=https://y/"]),
                "two indexes",
            ),
            (
                "package-index",
                words(&["numpy=a"]),
                "no index is called `a`",
            ),
            ("package-index", words(&["numpy"]), "PACKAGE=INDEX"),
            ("exclude-package", words(&["-"]), "name of a distribution"),
            (
                "glibc",
                Value::Text("two".to_owned()),
                "version of a system",
            ),
            (
                "exclude-newer",
                Value::Text("soon".to_owned()),
                "not a time",
            ),
            ("connections", Value::Count(0), "at least one"),
        ] {
            let report = read(&[(name, value, Source::Default)]).unwrap_err();
            assert!(report.causes()[0].contains(said), "{report:?}");
        }
    }

    #[test]
    fn a_day_counts_to_its_end() {
        let at = |text: &str| end_of(text).unwrap().to_string();
        assert_eq!(at("2026-11-21"), "2026-11-22T00:00:00Z");
        assert_eq!(at("2026-11-21T08:00:00Z"), "2026-11-21T08:00:00Z");
    }
}
