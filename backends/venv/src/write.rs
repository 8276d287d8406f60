//! Locks as files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use ayon_backend::spec::{self, Body, Opening};
use ayon_backend::{Emission, EmitError, Format, Resolution};
use pypi::lock::{FileLocation, Lock, LockError, LockedPackage, Origin, pylock, requirements};

use crate::asking::half_word;
use crate::{Options, PYLOCK};

const TOOL: &str = "ayon-resolve";

/// Writes every resolution to a file of its own, or all to one.
pub(crate) fn emit(
    resolutions: &[Resolution],
    format: &Format,
    options: &Options,
) -> Result<Emission, EmitError> {
    let mut locks = Vec::new();
    for resolution in resolutions {
        let lock = resolution
            .lock
            .as_deref()
            .ok_or_else(|| EmitError::Inexpressible {
                what: resolution.target.to_string(),
                format: format.name,
                reason: "it was not solved against an index".to_owned(),
            })?;
        let mut lock = lock.clone();
        if let Some(half) = options.only.map(half_word) {
            let is_wanted = |package: &LockedPackage| package.half.as_deref() == Some(half);
            lock.packages.retain(is_wanted);
        }
        locks.push(lock);
    }
    let mut emission = Emission::new();
    for (resolution, lock) in resolutions.iter().zip(&locks) {
        let about = if resolutions.len() > 1 {
            format!("{}: ", resolution.target)
        } else {
            String::new()
        };
        let told = |what: fn(&LockedPackage) -> Option<String>| {
            let found = lock.packages.iter().filter_map(what);
            found
                .map(|text| format!("{about}{text}"))
                .collect::<Vec<_>>()
        };
        emission.notes.extend(told(yanked));
        emission.remarks.extend(told(held_back));
    }
    if options.is_one_file {
        let mut content = String::new();
        for (resolution, lock) in resolutions.iter().zip(&locks) {
            content.push_str(&header(resolution, lock, format, options));
        }
        content.push_str(&text(&locks, format, options)?);
        return Ok(emission.with_file(format.file_name, content));
    }
    let names = file_names(format, resolutions);
    for ((resolution, lock), name) in resolutions.iter().zip(&locks).zip(names) {
        let mut content = header(resolution, lock, format, options);
        content.push_str(&text(std::slice::from_ref(lock), format, options)?);
        emission = emission.with_file(name, content);
    }
    Ok(emission)
}

fn text(locks: &[Lock], format: &Format, options: &Options) -> Result<String, EmitError> {
    let written = if format.name == PYLOCK {
        let options = pylock::Options {
            tool: TOOL,
            folder: options.folder.as_deref(),
            absolute_paths: options.absolute_paths,
        };
        pylock::write(locks, options)
    } else {
        requirements::write(locks)
    };
    written.map_err(|error: LockError| EmitError::Inexpressible {
        what: "the lock".to_owned(),
        format: format.name,
        reason: error.to_string(),
    })
}

/// Names that installers take: `pylock.launcher-linux-64.toml`, `requirements-launcher-linux-64.txt`.
fn file_names(format: &Format, resolutions: &[Resolution]) -> Vec<String> {
    let names = spec::file_names(format.file_name, resolutions);
    if format.name != PYLOCK || resolutions.len() == 1 {
        return names;
    }
    let mut taken = BTreeSet::new();
    let stems = names.iter().map(|name| {
        let stem = name.strip_suffix(".toml").unwrap_or(name);
        stem.strip_prefix("pylock-").unwrap_or(stem)
    });
    stems
        .map(|stem| {
            let mut name = pylock::file_name(stem);
            let mut count = 1;
            while !taken.insert(name.clone()) {
                count += 1;
                name = pylock::file_name(&format!("{stem}-{count}"));
            }
            name
        })
        .collect()
}

fn header(resolution: &Resolution, lock: &Lock, format: &Format, options: &Options) -> String {
    let opening = Opening {
        kind: "Lock",
        about: if options.with_provided {
            "What to install into an empty environment, and from which files: everything that the addons need."
        } else {
            "What to install, and from which files: everything that the addons need and the process does not have already."
        },
        is_without_provided: !options.with_provided,
    };
    let mut body = Body::default();
    body.usage.push(
        if format.name == PYLOCK {
            "Install it with `uv pip sync FILE`, or with `pip install --no-deps -r FILE` (pip 26.1 or newer)."
        } else {
            "Install it with `pip install --require-hashes --no-deps --only-binary :all: -r FILE`."
        }
        .to_owned(),
    );
    body.facts.push(("platform", lock.target.platform.clone()));
    let halves = |word: &str| {
        let of = |package: &&LockedPackage| package.half.as_deref() == Some(word);
        lock.packages.iter().filter(of).count()
    };
    let (dependencies, runtime) = (halves("dependencies"), halves("runtime"));
    let mut counts = format!("{} to install", lock.packages.len());
    if options.only.is_none() {
        // Writing to a string cannot fail.
        let _ = write!(
            counts,
            ": {dependencies} in dependencies, {runtime} in runtime"
        );
    }
    body.facts.push(("packages", counts));
    if format.name != PYLOCK {
        let indexes: BTreeSet<&str> = lock
            .packages
            .iter()
            .filter_map(|package| package.index.as_deref())
            .collect();
        for index in indexes {
            let (index, _) = spec::without_secret(index);
            body.facts.push(("index", index));
        }
        if lock.packages.iter().any(is_on_disk) {
            body.usage
                .push("Some wheels are in a folder: name it with --find-links.".to_owned());
        }
    }
    spec::header(resolution, &opening, &body)
}

fn is_on_disk(package: &LockedPackage) -> bool {
    match &package.origin {
        Origin::Files { wheels, sdist } => wheels
            .iter()
            .chain(sdist)
            .any(|file| matches!(file.location, FileLocation::Path(_))),
        Origin::Git { .. } | Origin::Archive { .. } | Origin::Directory { .. } => false,
    }
}

/// Who leaves out a newer version.
fn held_back(package: &LockedPackage) -> Option<String> {
    let by = package.held_back_inside();
    let newest = &package.held_back.as_ref()?.newest;
    let title = title(package, " is held at ");
    (!by.is_empty()).then(|| format!("{title} by {}; {newest} exists", by.join(", ")))
}

/// Who asks for a version that its author has withdrawn.
fn yanked(package: &LockedPackage) -> Option<String> {
    let wanted = package.wanted_by.iter();
    let by: Vec<&str> = wanted.map(|wanted| wanted.who.as_str()).collect();
    package.is_yanked.then(|| {
        format!(
            "{} was withdrawn by its author; {} asks for just this one",
            title(package, " "),
            by.join(", ")
        )
    })
}

fn title(package: &LockedPackage, between: &str) -> String {
    match &package.version {
        Some(version) => format!("{}{between}{version}", package.name),
        None => package.name.to_string(),
    }
}
