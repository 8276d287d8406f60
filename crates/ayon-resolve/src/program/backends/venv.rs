//! The lock of a bundle: the venv backend, told what the settings say.

use std::path::{Path, PathBuf};

use ayon_backend_venv::{Asked, Options, Upgrade, Venv};
use ayon_model::Half;
use ayon_resolve::pypi::requirements::Wanted;
use pypi::lock::pins::OldLock;

use crate::program::opening::index::{self, OpenIndex};
use crate::program::output::is_folder;
use crate::program::settings::Settings;
use crate::program::{Report, old_locks, requirements};

/// Whether the emission that the settings name is a lock, and not a specification.
pub(crate) fn is_lock(settings: &Settings) -> bool {
    let emission = &settings.emission;
    emission.emit.as_deref() == Some("venv") && emission.format != "spec"
}

/// The venv backend, which asks `index`.
pub(crate) fn venv(settings: &Settings, index: &OpenIndex) -> Result<Venv, Report> {
    let choosing = &settings.packages.choosing;
    let output = settings.emission.output.as_deref();
    let output = output.filter(|path| path.as_os_str() != "-");
    let options = Options {
        previous: if choosing.upgrade {
            Vec::new()
        } else {
            previous(output)?
        },
        upgrade: match (choosing.upgrade, choosing.upgrade_packages.is_empty()) {
            (true, _) => Upgrade::All,
            (false, true) => Upgrade::Nothing,
            (false, false) => Upgrade::Packages(choosing.upgrade_packages.clone()),
        },
        with_provided: settings.packages.locking.with_provided,
        ..writing(settings, choices(settings)?)?
    };
    Ok(Venv::new(options).with_index(index.as_index()))
}

/// The venv backend, which only writes.
pub(crate) fn writer(settings: &Settings) -> Result<Venv, Report> {
    Ok(Venv::new(writing(settings, Options::default())?))
}

/// What the settings say about writing, beside `options`.
fn writing(settings: &Settings, options: Options) -> Result<Options, Report> {
    let locking = &settings.packages.locking;
    let output = settings.emission.output.as_deref();
    let output = output.filter(|path| path.as_os_str() != "-");
    Ok(Options {
        only: locking.only.as_deref().map(|half| match half {
            "runtime" => Half::Runtime,
            _ => Half::Dependencies,
        }),
        is_one_file: output.is_some_and(|path| !is_folder(path)),
        folder: match output {
            Some(path) if is_folder(path) => Some(old_locks::whole(path)?),
            Some(path) => Some(old_locks::folder_of(path)?),
            None => None,
        },
        absolute_paths: locking.absolute_paths,
        ..options
    })
}

/// What the settings say about choosing alone, whatever is written in the end.
pub(crate) fn choices(settings: &Settings) -> Result<Options, Report> {
    let asked = requirements::limits(settings)?;
    Ok(Options {
        floors: settings.packages.floors,
        rules: index::rules(settings, false),
        constraints: studio_asks(asked.files.constraints),
        overrides: studio_asks(asked.overrides),
        exclusions: settings.packages.choosing.exclude.clone(),
        ..Options::default()
    })
}

fn studio_asks(wanted: Vec<Wanted>) -> Vec<Asked> {
    let one = |wanted: Wanted| Asked {
        requirement: wanted.requirement,
        origin: wanted.origin,
    };
    wanted.into_iter().map(one).collect()
}

/// The locks that lie where these are going to be written.
fn previous(output: Option<&Path>) -> Result<Vec<OldLock>, Report> {
    let Some(path) = output else {
        return Ok(Vec::new());
    };
    let files: Vec<PathBuf> = if path.is_dir() {
        let entries =
            ayon_disk::read_dir(path).map_err(|error| Report::unknown(error.to_string()))?;
        let names = entries.into_iter().map(|entry| entry.name);
        let is_lock = |name: &std::ffi::OsString| {
            let name = name.to_string_lossy();
            let ends = |ending: &str| name.ends_with(ending);
            name.starts_with("pylock") && ends(".toml")
                || name.starts_with("requirements") && ends(".txt")
        };
        names.filter(is_lock).map(|name| path.join(name)).collect()
    } else {
        vec![path.to_owned()]
    };
    let mut found = Vec::new();
    for file in files {
        if let Some(text) = old_locks::read_old(&file)? {
            found.push(old_locks::old_lock(&file, &text)?);
        }
    }
    Ok(found)
}
