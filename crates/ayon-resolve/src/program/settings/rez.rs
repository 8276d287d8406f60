//! What is special to rez: where its packages are, how they are read, and how a resolve is made.
//!
//! The words are rez's own, so that what a person knows of `rez-env` holds here too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ayon_model::System;

use super::Names;
use super::reading::{interpreter, list, not_usable, number};
use crate::program::Report;
use crate::program::environment::Environment;
use crate::program::plain::one_line;
use crate::program::setting::{Given, Layer, Value};

/// What is special to rez.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rez {
    /// Names that differ from what the program knows.
    pub(crate) names: Names,
    /// Where AYON's files lie, by system.
    pub(crate) roots: BTreeMap<System, Roots>,
    /// Which packages there are.
    pub(crate) repositories: Repositories,
    /// How a resolve is made.
    pub(crate) resolving: Resolving,
    /// The context a resolve starts from.
    pub(crate) start: Start,
    /// What `rez search` is to find.
    pub(crate) search: Search,
    /// How many steps `rez depends` follows; none for all.
    pub(crate) depth: Option<u32>,
    /// Whether `rez depends` follows build requirements too.
    pub(crate) build_requires: bool,
    /// How a context is shown.
    pub(crate) showing: Showing,
    /// Only say whether the index is current.
    pub(crate) check: bool,
    /// Where this runs.
    pub(crate) surroundings: Surroundings,
}

/// Where AYON's files lie on one system, as templates; what is not said is where AYON puts it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roots {
    /// The folder of the launcher.
    pub(crate) launcher: Option<String>,
    /// The launcher in it.
    pub(crate) executable: Option<String>,
    /// The launcher's storage folder.
    pub(crate) storage: Option<String>,
    /// The folder of an addon.
    pub(crate) addon: Option<String>,
}

/// Where this runs, as far as rez cares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Surroundings {
    /// The environment variables, without secrets: any may stand in rez's settings.
    pub(crate) variables: BTreeMap<String, String>,
    /// The user's home.
    pub(crate) home: Option<PathBuf>,
}

impl Surroundings {
    /// What `environment` says.
    pub(super) fn of(environment: &Environment) -> Self {
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        Self {
            variables: environment.all().clone(),
            home: environment.folder(home),
        }
    }

    /// The context that a shell opened by rez runs in.
    pub(crate) fn current_context(&self) -> Option<&Path> {
        let path = self.variables.get("REZ_RXT_FILE")?;
        (!path.is_empty()).then(|| Path::new(path))
    }
}

/// Which packages there are, and how they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repositories {
    /// The folders to look in, as typed; none for those that rez is configured with.
    pub(crate) paths: Option<Vec<String>>,
    /// Without the folder of the user's own packages.
    pub(crate) no_local: bool,
    /// The Python that may run package files which cannot be read otherwise.
    pub(crate) python: Option<PathBuf>,
    /// Whether every package file is looked at again.
    pub(crate) check_files: bool,
}

/// How a resolve is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Resolving {
    /// Whether it is a build environment.
    pub(crate) build: bool,
    /// Packages released later do not count.
    pub(crate) time: Option<Moment>,
    /// When to give up.
    pub(crate) max_fails: Option<u64>,
    /// Rules that exclude packages.
    pub(crate) exclude: Vec<String>,
    /// Rules that include packages again.
    pub(crate) include: Vec<String>,
    /// Without the filters that rez is configured with.
    pub(crate) no_filters: bool,
    /// Without the implicit packages.
    pub(crate) no_implicit: bool,
    /// How a variant is chosen, in rez's word; none for the configured way.
    pub(crate) variant_select_mode: Option<String>,
    /// Whether to say how much work it was.
    pub(crate) stats: bool,
    /// Whether the context may use rez's package cache.
    pub(crate) package_caching: bool,
    /// Whether that cache is filled in the background; none for the configured way.
    pub(crate) package_cache_async: Option<bool>,
}

/// The context a resolve starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// Its file.
    pub(crate) input: Option<PathBuf>,
    /// Whether its request is to be changed.
    pub(crate) patch: bool,
    /// Whether the change starts from what was resolved.
    pub(crate) strict: bool,
    /// From which version number on the other packages may change.
    pub(crate) patch_rank: usize,
}

/// What `rez search` is to find.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// `family`, `package` or `variant`; none for whatever fits.
    pub(crate) kind: Option<String>,
    /// Only the latest version of each.
    pub(crate) latest: bool,
    /// Whether each is checked.
    pub(crate) validate: bool,
    /// Only those with errors.
    pub(crate) errors: bool,
    /// Only those released before.
    pub(crate) before: Option<Moment>,
    /// Only those released after.
    pub(crate) after: Option<Moment>,
}

/// How a context is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Showing {
    /// The context to compare with.
    pub(crate) diff: Option<PathBuf>,
    /// Compare with what the request resolves to today.
    pub(crate) fetch: bool,
    /// Only the requests.
    pub(crate) request: bool,
    /// Only the packages.
    pub(crate) resolve: bool,
    /// In the order of their commands, not of their names.
    pub(crate) source_order: bool,
    /// As a graph in the DOT language.
    pub(crate) graph: bool,
}

/// A point in time as a person names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Seconds since 1970.
    At(i64),
    /// Seconds before now.
    Ago(i64),
}

impl Moment {
    /// Reads rez's form: `1393014494`, or `-10s`, `-5m`, `-0.5h`, `-10d`; the error is a sentence.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        if let Ok(seconds) = text.trim().parse() {
            return Ok(Self::At(seconds));
        }
        let ago = |text: &str| {
            let rest = text.strip_prefix('-')?;
            let unit = match rest.chars().next_back()? {
                'd' => 24.0 * 3600.0,
                'h' => 3600.0,
                'm' => 60.0,
                's' => 1.0,
                _ => return None,
            };
            let number = &rest[..rest.len() - 1];
            let seconds = number.parse::<f64>().ok()? * unit;
            #[expect(clippy::cast_possible_truncation, reason = "the range was tested")]
            (0.0..1e15)
                .contains(&seconds)
                .then_some(Self::Ago(seconds as i64))
        };
        ago(text).ok_or_else(|| {
            format!(
                "`{}` is no time: write seconds since 1970, or how long ago, as in -10s, -5m, -0.5h, -10d",
                one_line(text)
            )
        })
    }

    /// In seconds since 1970, if it is `now`.
    pub(crate) fn seconds(self, now: i64) -> i64 {
        match self {
            Self::At(seconds) => seconds,
            Self::Ago(seconds) => now.saturating_sub(seconds).max(0),
        }
    }
}

/// What `layer` says about rez.
pub(super) fn settings(layer: &Layer, names: Names) -> Result<Rez, Report> {
    let path = |name: &str| layer.text(name).map(PathBuf::from);
    let paths = ["paths", "rez-path"].into_iter();
    let mut paths = paths.filter_map(|name| layer.get(name).map(|_| list(layer, name)));
    Ok(Rez {
        names,
        roots: System::ALL
            .map(|system| (system, roots(layer, system)))
            .into(),
        repositories: Repositories {
            paths: paths.next(),
            no_local: layer.is_on("no-local"),
            python: interpreter(layer, "allow-python"),
            check_files: layer.is_on("check-files"),
        },
        resolving: resolving(layer)?,
        start: Start {
            input: path("input"),
            patch: layer.is_on("patch"),
            strict: layer.is_on("strict"),
            patch_rank: number(layer, "patch-rank")
                .and_then(|rank| usize::try_from(rank).ok())
                .unwrap_or(0),
        },
        search: Search {
            kind: layer
                .text("type")
                .filter(|word| *word != "auto")
                .map(str::to_owned),
            latest: layer.is_on("latest"),
            validate: layer.is_on("validate") || layer.is_on("errors"),
            errors: layer.is_on("errors"),
            before: moment(layer, "before")?,
            after: moment(layer, "after")?,
        },
        // As with rez, a limit below zero is none.
        depth: number(layer, "depth").and_then(|depth| u32::try_from(depth).ok()),
        build_requires: layer.is_on("build-requires"),
        showing: Showing {
            diff: path("diff"),
            fetch: layer.is_on("fetch"),
            request: layer.is_on("print-request"),
            resolve: layer.is_on("print-resolve"),
            source_order: layer.is_on("source-order"),
            graph: layer.is_on("print-graph"),
        },
        check: layer.is_on("check"),
        surroundings: Surroundings::default(),
    })
}

fn roots(layer: &Layer, system: System) -> Roots {
    let place = |what: &str| {
        let name = format!("rez.roots.{system}.{what}");
        layer.text(&name).map(str::to_owned)
    };
    Roots {
        launcher: place("launcher"),
        executable: place("executable"),
        storage: place("storage"),
        addon: place("addon"),
    }
}

fn resolving(layer: &Layer) -> Result<Resolving, Report> {
    Ok(Resolving {
        build: layer.is_on("build"),
        time: moment(layer, "time")?,
        max_fails: number(layer, "max-fails").and_then(|fails| u64::try_from(fails).ok()),
        exclude: list(layer, "exclude"),
        include: list(layer, "include"),
        no_filters: layer.is_on("no-filters"),
        no_implicit: layer.is_on("no-implicit"),
        variant_select_mode: layer.text("variant-select-mode").map(str::to_owned),
        stats: layer.is_on("stats"),
        package_caching: !layer.is_on("no-pkg-cache"),
        package_cache_async: layer.text("pkg-cache-mode").map(|mode| mode == "async"),
    })
}

fn moment(layer: &Layer, name: &str) -> Result<Option<Moment>, Report> {
    let read = |given: &Given| match &given.value {
        Value::Text(text) => Moment::read(text)
            .map(Some)
            .map_err(|cause| not_usable(name, given).because(cause)),
        _ => Ok(None),
    };
    layer.get(name).map_or(Ok(None), read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_rez_reads_them() {
        assert_eq!(Moment::read("1393014494"), Ok(Moment::At(1_393_014_494)));
        assert_eq!(Moment::read("-0.5h"), Ok(Moment::Ago(1800)));
        assert_eq!(Moment::read("-10d"), Ok(Moment::Ago(864_000)));
        assert_eq!(Moment::read("-5").unwrap(), Moment::At(-5));
        for wrong in [
            "",
            "-",
            "-d",
            "s",
            "-1w",
            "yesterday",
            "-1e99d",
            "--1s",
            "-é",
            "-NaNs",
        ] {
            assert!(Moment::read(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Moment::Ago(60).seconds(100), 40);
        assert_eq!(Moment::Ago(200).seconds(100), 0);
    }
}
