//! Locks told: to a person in notes, to a program as a document, and as a refusal where there is none.

use std::collections::BTreeSet;
use std::time::Duration;

use ayon_resolve::pypi::{Error, Locked, Refused, Remark};
use pypi::lock::pins::Pins;
use pypi::lock::{FileLocation, Lock, LockedFile, LockedPackage, Origin};
use pypi::{DistributionName, Version};
use pypi_solve::Exclusion;
use serde::Serialize;

use super::outputs::Outputs;
use crate::program::Report;
use crate::program::printer::Printer;
use crate::program::session::with_conflict;
use crate::program::settings::Settings;

/// So many changes of an older lock are told one by one.
const CHANGES: usize = 20;

/// Says what somebody should know about the choice.
pub(super) fn remarks(locked: &Locked, printer: &mut Printer) {
    let mut told = Vec::new();
    for remark in &locked.remarks {
        match remark {
            Remark::Yanked { name, version, by } => printer.warning(&format!(
                "{name} {version} was withdrawn by its author; {} asks for just this one",
                by.join(", ")
            )),
            Remark::HeldBack {
                name,
                version,
                newest,
                by,
            } => told.push(format!(
                "{name} is held at {version} by {}; {newest} exists",
                by.join(", ")
            )),
            Remark::Differs { name, versions } => {
                let version =
                    |(platform, version): &(String, Version)| format!("{version} on {platform}");
                let versions: Vec<String> = versions.iter().map(version).collect();
                told.push(format!("{name} differs: {}", versions.join(", ")));
            }
            _ => {}
        }
    }
    printer.remarks(&told);
}

/// Says how the locks differ from those that were there.
pub(super) fn changes(locks: &[Lock], pins: &[Pins], printer: &mut Printer) {
    let mut told = BTreeSet::new();
    for (lock, pins) in locks.iter().zip(pins) {
        if pins.versions.is_empty() {
            continue;
        }
        for package in &lock.packages {
            let old = pins.versions.get(&package.name);
            match (old, &package.version) {
                (Some(old), Some(new)) if old != new => {
                    told.insert((package.name.clone(), format!("{old} -> {new}")));
                }
                (None, Some(new)) => {
                    told.insert((package.name.clone(), format!("{new} is new")));
                }
                _ => {}
            }
        }
        let is_gone =
            |name: &&DistributionName| lock.packages.iter().all(|package| package.name != **name);
        for name in pins.versions.keys().filter(is_gone) {
            told.insert((name.clone(), "is gone".to_owned()));
        }
    }
    for (name, change) in told.iter().take(CHANGES) {
        printer.note(&format!("{name} {change}"));
    }
    if let Some(more) = told.len().checked_sub(CHANGES + 1) {
        printer.note(&format!("and {} more changes", more + 1));
    }
}

/// Says what was done, in one line.
pub(super) fn done(locked: &Locked, spent: Duration, printer: &mut Printer) {
    let names: BTreeSet<&DistributionName> = locked
        .locks
        .iter()
        .flat_map(|lock| lock.packages.iter().map(|package| &package.name))
        .collect();
    let places: Vec<&str> = locked
        .locks
        .iter()
        .map(|lock| lock.target.platform.as_str())
        .collect();
    let packages = match names.len() {
        1 => "1 package".to_owned(),
        several => format!("{several} packages"),
    };
    printer.note(&format!(
        "Locked {packages} for {} in {}",
        places.join(" and "),
        seconds(spent)
    ));
}

fn seconds(spent: Duration) -> String {
    match spent.as_millis() {
        milliseconds @ 0..1000 => format!("{milliseconds} ms"),
        _ => format!("{:.1} s", spent.as_secs_f64()),
    }
}

/// Why there is no lock, in the program's words.
pub(super) fn refusal(error: &Error, settings: &Settings) -> Report {
    let make = if error.is_no() {
        Report::no
    } else {
        Report::unknown
    };
    let report = make(error.to_string());
    match error {
        Error::Refused(refused) => {
            let is_verbose = settings.display.verbosity > 0;
            let report = with_conflict(error.to_string(), &refused.conflict, is_verbose);
            hints(report, refused, settings)
        }
        Error::Hash { .. } => {
            report.hint("name the hashes of this version, or the version whose hashes they are")
        }
        other => match std::error::Error::source(other) {
            Some(source) => report.because_of(source),
            None => report,
        },
    }
}

/// What may help.
fn hints(mut report: Report, refused: &Refused, settings: &Settings) -> Report {
    if settings.packages.indexes.none && refused.unknown().next().is_some() {
        report = report.hint("no index was asked (`--no-index`)");
    }
    let is_about = |what: fn(&Exclusion) -> bool| {
        let absences = refused.found.absences.iter();
        let mut excluded = absences.flat_map(|absence| &absence.excluded);
        excluded.any(|(_, exclusion)| what(exclusion))
    };
    if is_about(|exclusion| matches!(exclusion, Exclusion::SdistOnly)) {
        report =
            report.hint("a source distribution can be built, if you trust it: `--allow-build`");
    }
    report
}

/// Prints what was locked, and where it was written.
pub(super) fn document(
    locked: &Locked,
    outputs: &Outputs,
    texts: &[String],
    printer: &mut Printer,
) -> Result<(), Report> {
    let files = outputs.files.iter().zip(texts).map(|(file, text)| {
        let path = file.path.as_ref().map(|path| path.display().to_string());
        FileDocument {
            is_changed: file.old.as_deref() != Some(text),
            text: path.is_none().then(|| text.clone()),
            path,
        }
    });
    let document = Document {
        files: files.collect(),
        locks: locked.locks.iter().map(LockDocument::from).collect(),
    };
    printer.json("pypi-lock", 1, &document)
}

/// Locks as the text of a file.
pub(super) fn file(locks: &[Lock]) -> Result<String, Report> {
    #[derive(Serialize)]
    struct Schema {
        name: &'static str,
        version: u32,
    }
    #[derive(Serialize)]
    struct File {
        schema: Schema,
        locks: Vec<LockDocument>,
    }
    let file = File {
        schema: Schema {
            name: "ayon-resolve.pypi-lock",
            version: 1,
        },
        locks: locks.iter().map(LockDocument::from).collect(),
    };
    let mut text = serde_json::to_string_pretty(&file).map_err(|error| {
        Report::unknown("the lock cannot be written as JSON").because_of(&error)
    })?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct Document {
    files: Vec<FileDocument>,
    locks: Vec<LockDocument>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileDocument {
    /// Absent where it would be printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// Whether what was there is another.
    is_changed: bool,
    /// The file itself, where it would be printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LockDocument {
    platform: String,
    /// The environment marker that is true there and nowhere else.
    marker: String,
    requires_python: String,
    packages: Vec<PackageDocument>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PackageDocument {
    name: String,
    version: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extras: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    files: Vec<LockedFileDocument>,
    dependencies: Vec<String>,
    wanted_by: Vec<WantedByDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held_back: Option<HeldBackDocument>,
}

#[derive(Serialize)]
struct LockedFileDocument {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uploaded: Option<String>,
    hashes: std::collections::BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WantedByDocument {
    who: String,
    requirement: String,
    is_root: bool,
}

#[derive(Serialize)]
struct HeldBackDocument {
    newest: String,
    by: Vec<String>,
}

impl From<&Lock> for LockDocument {
    fn from(lock: &Lock) -> Self {
        let mut packages: Vec<&LockedPackage> = lock.packages.iter().collect();
        packages.sort_by_key(|package| &package.name);
        Self {
            platform: lock.target.platform.clone(),
            marker: lock.target.marker.clone(),
            requires_python: lock.target.requires_python.clone(),
            packages: packages.into_iter().map(PackageDocument::from).collect(),
        }
    }
}

impl From<&LockedPackage> for PackageDocument {
    fn from(package: &LockedPackage) -> Self {
        let (files, source): (Vec<&LockedFile>, Option<String>) = match &package.origin {
            Origin::Files { wheels, sdist } => (wheels.iter().chain(sdist).collect(), None),
            Origin::Archive { file, .. } => (vec![file], None),
            Origin::Git { url, commit, .. } => (Vec::new(), Some(format!("git+{url}@{commit}"))),
            Origin::Directory { path, .. } => (Vec::new(), Some(path.display().to_string())),
        };
        let texts = |names: &mut dyn Iterator<Item = String>| names.collect();
        Self {
            name: package.name.to_string(),
            version: package.version.as_ref().map(Version::to_string),
            extras: texts(&mut package.extras.iter().map(ToString::to_string)),
            index: package.index.clone(),
            source,
            files: files.into_iter().map(LockedFileDocument::from).collect(),
            dependencies: texts(&mut package.dependencies.iter().map(ToString::to_string)),
            wanted_by: package
                .wanted_by
                .iter()
                .map(|wanted| WantedByDocument {
                    who: wanted.who.clone(),
                    requirement: wanted.requirement.clone(),
                    is_root: wanted.is_root,
                })
                .collect(),
            held_back: package.held_back.as_ref().map(|held| HeldBackDocument {
                newest: held.newest.to_string(),
                by: held.by.clone(),
            }),
        }
    }
}

impl From<&LockedFile> for LockedFileDocument {
    fn from(file: &LockedFile) -> Self {
        let (url, path) = match &file.location {
            FileLocation::Url(url) => (Some(url.clone()), None),
            FileLocation::Path(path) => (None, Some(path.display().to_string())),
        };
        Self {
            name: file.name.clone(),
            url,
            path,
            size: file.size,
            uploaded: file.uploaded.map(|moment| moment.to_string()),
            hashes: file.hashes.clone(),
        }
    }
}
