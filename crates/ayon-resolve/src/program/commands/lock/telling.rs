//! Locks told: what was made, what has changed, and why one is stale; to a person and to a program.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::time::Duration;

use ayon_resolve::lock::{Change, Difference, Lock, PackageName, PackageState, Reason, difference};
use serde::Serialize;

use crate::program::Report;
use crate::program::printer::Printer;

/// So many changes are told one by one.
const CHANGES: usize = 20;

/// A lock that was made.
pub(super) struct Made<'a> {
    pub(super) file: String,
    pub(super) lock: &'a Lock,
    pub(super) old: Option<&'a Lock>,
    /// Whether its text is another than that which was there.
    pub(super) is_changed: bool,
    /// Whether it is not written all the same.
    pub(super) is_dry: bool,
    pub(super) time: Duration,
}

impl Made<'_> {
    /// Tells what was done.
    pub(super) fn tell(&self, printer: &mut Printer) -> Result<(), Report> {
        let changes = self.old.map(|old| changes(&difference(old, self.lock)));
        if printer.is_json() {
            return printer.json("lock", 1, &self.document(changes.unwrap_or_default()));
        }
        for change in changes.iter().flatten().take(CHANGES) {
            printer.note(&change.to_string());
        }
        let count = changes.as_ref().map_or(0, Vec::len);
        if let Some(more) = count.checked_sub(CHANGES + 1) {
            printer.note(&format!("and {} more changes", more + 1));
        }
        printer.note(&format!(
            "Locked {} in {}",
            contents(self.lock),
            seconds(self.time)
        ));
        let file = &self.file;
        printer.note(&match (self.is_changed, self.is_dry) {
            (true, false) => format!("Wrote {file}"),
            (true, true) => format!("{file} would change; nothing is written"),
            (false, _) => format!("{file} is as it was"),
        });
        Ok(())
    }

    fn document(&self, changes: Vec<ChangeDocument>) -> LockDocument<'_> {
        LockDocument {
            path: &self.file,
            is_changed: self.is_changed,
            is_written: self.is_changed && !self.is_dry,
            described: Described::from(self.lock),
            changes,
        }
    }
}

/// What a lock has, in a few words.
fn contents(lock: &Lock) -> String {
    let mut names = BTreeSet::new();
    for resolution in lock.resolutions() {
        names.extend(resolution.artefacts.iter().map(|one| one.name.clone()));
        let packages = resolution.lock.iter().flat_map(|lock| &lock.packages);
        names.extend(packages.map(|package| package.name.to_string()));
    }
    let targets: Vec<String> = lock.targets().map(ToString::to_string).collect();
    let targets = targets.join(", ");
    match (&lock.subject().backend, names.len()) {
        (None, _) => format!("the requirements for {targets}"),
        (Some(_), 1) => format!("1 package for {targets}"),
        (Some(_), several) => format!("{several} packages for {targets}"),
    }
}

fn seconds(spent: Duration) -> String {
    match spent.as_millis() {
        milliseconds @ 0..1000 => format!("{milliseconds} ms"),
        _ => format!("{:.1} s", spent.as_secs_f64()),
    }
}

/// Says that a lock is up to date.
pub(super) fn current(file: &str, lock: &Lock, printer: &mut Printer) -> Result<(), Report> {
    if printer.is_json() {
        let document = CheckDocument {
            path: file,
            is_current: true,
            described: Described::from(lock),
        };
        return printer.json("lock-check", 1, &document);
    }
    printer.text(&format!("{file} is up to date\n"))
}

/// Says why a lock is stale.
pub(super) fn stale(file: &str, reasons: &[Reason]) -> Report {
    let lines: Vec<String> = reasons.iter().map(|reason| format!("  {reason}")).collect();
    let documents: Vec<ReasonDocument> = reasons.iter().map(ReasonDocument::from).collect();
    Report::no(format!("the lock `{file}` is not up to date"))
        .with_body(lines.join("\n"), "stale", &documents)
        .hint("lock again, with the same words: `ayon-resolve lock`; what still fits is kept")
        .hint("or use it as it is: `--frozen`")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LockDocument<'a> {
    path: &'a str,
    /// Whether what was there is another.
    is_changed: bool,
    is_written: bool,
    #[serde(flatten)]
    described: Described<'a>,
    /// From the lock that was there, if one was.
    changes: Vec<ChangeDocument>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckDocument<'a> {
    path: &'a str,
    is_current: bool,
    #[serde(flatten)]
    described: Described<'a>,
}

/// Which lock it is.
#[derive(Serialize)]
struct Described<'a> {
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    backend: Option<&'a str>,
    targets: Vec<String>,
}

impl<'a> From<&'a Lock> for Described<'a> {
    fn from(lock: &'a Lock) -> Self {
        let subject = lock.subject();
        Self {
            digest: lock.digest().to_string(),
            bundle: subject.bundle.as_deref(),
            variant: subject.variant.as_ref().map(ToString::to_string),
            project: subject.project.as_deref(),
            backend: subject.backend.as_deref(),
            targets: lock.targets().map(ToString::to_string).collect(),
        }
    }
}

/// A reason why a lock is stale.
#[derive(Serialize)]
struct ReasonDocument {
    /// One word: `bundle`, `variant`, `project`, `backend`, `target`, `added`, `removed`, `value`, `content`.
    kind: &'static str,
    message: String,
}

impl From<&Reason> for ReasonDocument {
    fn from(reason: &Reason) -> Self {
        Self {
            kind: match reason {
                Reason::Bundle { .. } => "bundle",
                Reason::Variant { .. } => "variant",
                Reason::Project { .. } => "project",
                Reason::Backend { .. } => "backend",
                Reason::Target(_) => "target",
                Reason::Added(..) => "added",
                Reason::Removed(..) => "removed",
                Reason::Value { .. } => "value",
                Reason::Content(_) => "content",
            },
            message: reason.to_string(),
        }
    }
}

/// One change between two locks.
#[derive(Serialize)]
struct ChangeDocument {
    /// One word: `target`, `launcher`, `python`, `addon`, `package`, `module`, `requirement`.
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is: Option<String>,
    targets: Vec<String>,
}

impl Display for ChangeDocument {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.kind)?;
        if !self.name.is_empty() {
            write!(formatter, " {}", ayon_model::printable(&self.name))?;
        }
        let shown = |text: &Option<String>| text.as_deref().map(ayon_model::printable);
        match (shown(&self.was), shown(&self.is)) {
            (Some(was), Some(is)) => write!(formatter, " {was} -> {is}"),
            (None, Some(is)) if !is.is_empty() => write!(formatter, " {is} is new"),
            (None, _) => write!(formatter, " is new"),
            (Some(_), None) => write!(formatter, " is gone"),
        }
    }
}

/// What differs, the most important first. Origins are told where requirements are, in `diff`.
fn changes(found: &Difference) -> Vec<ChangeDocument> {
    let mut told = Vec::new();
    let target = |target: &ayon_model::Target, was: bool| ChangeDocument {
        kind: "target",
        name: target.to_string(),
        was: was.then(String::new),
        is: (!was).then(String::new),
        targets: vec![target.to_string()],
    };
    told.extend(found.targets_removed.iter().map(|one| target(one, true)));
    told.extend(found.targets_added.iter().map(|one| target(one, false)));
    tell(
        &mut told,
        "launcher",
        &found.launchers,
        |()| String::new(),
        |state, _| state.version.clone(),
    );
    tell(
        &mut told,
        "python",
        &found.pythons,
        |()| String::new(),
        |state, _| state.clone(),
    );
    tell(
        &mut told,
        "addon",
        &found.addons,
        ToString::to_string,
        |state, _| match &state.development {
            Some(folder) => format!("{} from {folder}", state.version),
            None => state.version.clone(),
        },
    );
    tell(
        &mut told,
        "package",
        &found.packages,
        package_name,
        package_words,
    );
    tell(
        &mut told,
        "module",
        &found.modules,
        ToString::to_string,
        |state, _| state.clone(),
    );
    tell(
        &mut told,
        "requirement",
        &found.requirements,
        |requirement| format!("{} of {}", requirement.about, requirement.by),
        |words, _| words.clone(),
    );
    told
}

fn tell<Name, State>(
    told: &mut Vec<ChangeDocument>,
    kind: &'static str,
    changes: &[Change<Name, State>],
    name: impl Fn(&Name) -> String,
    words: impl Fn(&State, Option<&State>) -> String,
) {
    let change = |change: &Change<Name, State>| {
        let (was, is) = (change.was.as_ref(), change.is.as_ref());
        ChangeDocument {
            kind,
            name: name(&change.name),
            was: was.map(|state| words(state, is)),
            is: is.map(|state| words(state, was)),
            targets: change.targets.iter().map(ToString::to_string).collect(),
        }
    };
    told.extend(changes.iter().map(change));
}

fn package_name(name: &PackageName) -> String {
    match name {
        PackageName::Artefact(name) => name.clone(),
        PackageName::Distribution(name) => name.to_string(),
    }
}

/// As much of a package as tells it from the other: its version, else its build, else its place, else its files.
fn package_words(state: &PackageState, other: Option<&PackageState>) -> String {
    let Some(other) = other.filter(|other| other.version == state.version) else {
        return state.version.clone();
    };
    if other.build != state.build {
        let build = state.build.as_deref().unwrap_or("without a build");
        return format!("{} {build}", state.version);
    }
    if other.location != state.location {
        return format!("{} of {}", state.version, state.location);
    }
    let files: Vec<String> = state
        .hashes
        .difference(&other.hashes)
        .map(|hash| hash.chars().take(12).collect())
        .collect();
    format!("{} ({})", state.version, files.join(", "))
}
