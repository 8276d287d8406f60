//! `lock`: a bundle in, its lock out; or whether the lock there is still what would be made.

use std::time::Instant;

use ayon_model::{Selection, Variant};
use ayon_resolve::lock::{Lock, LockAsk, Subject, Upgrade};
use clap::Args;

use super::file::LockFile;
use super::{inputs, telling};
#[cfg(feature = "conda")]
use crate::program::commands::conda::arguments::CondaArguments;
use crate::program::commands::emit::PackageArguments;
use crate::program::flags::{
    BundleArguments, LockFileArguments, TargetArguments, paths, switch, text,
};
use crate::program::printer::Printer;
use crate::program::session::{Session, bundle_ask};
use crate::program::setting::Layer;
use crate::program::settings::{Emission, Settings};
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve lock --bundle staging --emit conda --platform linux-64,win-64
  ayon-resolve lock
  ayon-resolve lock --upgrade-package opentimelineio --dry-run
  ayon-resolve lock --check

Without words a lock that is there is made again: for its bundle, its targets and its backend, and with its versions where
they still fit.

Exit codes: 0 locked, or with --check up to date; 1 the answer is no: nothing fits together, or with --check the lock is
stale; 2 it could not be told.";

/// What `lock` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct LockArguments {
    #[command(flatten)]
    file: LockFileArguments,
    /// Write nothing: only say whether the lock is what the studio would give now, and if not, why
    #[arg(long, conflicts_with = "dry_run", help_heading = "The lock")]
    check: bool,
    /// Write nothing: only say what would change
    #[arg(long, help_heading = "The lock")]
    dry_run: bool,
    /// Who solves: conda, rez or venv [default: as in the lock that is there, else nobody: only requirements are locked]
    #[arg(short, long, value_name = "WHAT", help_heading = "The lock")]
    emit: Option<String>,
    /// Folders of rez packages, separated as in PATH [default: as rez is configured]
    #[arg(long, value_name = "PATHS", help_heading = "The lock")]
    rez_path: Option<String>,
    #[command(flatten)]
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
    #[cfg(feature = "conda")]
    #[command(flatten)]
    conda: CondaArguments,
    #[command(flatten)]
    packages: PackageArguments,
}

impl LockArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.file.record(layer);
        switch(layer, "check", self.check);
        switch(layer, "dry-run", self.dry_run);
        text(layer, "emit", self.emit.as_deref());
        paths(layer, "rez-path", self.rez_path.as_deref());
        self.bundle.record(layer);
        self.targets.record(layer);
        #[cfg(feature = "conda")]
        self.conda.record(layer);
        self.packages.record(layer);
    }
}

/// Locks, or checks.
pub(crate) fn run(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let file = LockFile::look(settings)?;
    if settings.lock.check {
        let lock = file.lock()?;
        return check(settings, &file, &lock, printer);
    }
    let old = match file.old() {
        Ok((old, notice)) => {
            if let Some(notice) = notice {
                printer.warning(&notice);
            }
            old
        }
        // Nothing of it is going to be kept.
        Err(_) if settings.packages.choosing.upgrade => None,
        Err(report) => return Err(report),
    };
    make(settings, &file, old.as_ref(), printer)
}

fn make(
    settings: &Settings,
    file: &LockFile,
    old: Option<&Lock>,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let started = Instant::now();
    let (settings, ask, mut session) = open(settings, old, printer)?;
    if ask.backend.is_some() {
        session.prepare_emission(&settings)?;
    }
    let locked = session.run(async |resolver| resolver.lock(&ask, old).await)?;
    session.finish(printer);
    for note in &locked.notes {
        printer.warning(note);
    }
    for finding in &locked.bundle.findings {
        printer.warning(&finding.message);
    }
    let text = locked.lock.to_text();
    let made = telling::Made {
        file: file.name(),
        lock: &locked.lock,
        old,
        is_changed: file.seen() != Some(&*text),
        is_dry: settings.lock.dry_run,
        time: started.elapsed(),
    };
    if made.is_changed && !made.is_dry {
        file.store(&text)?;
    }
    made.tell(printer)?;
    Ok(Verdict::Fine)
}

fn check(
    settings: &Settings,
    file: &LockFile,
    lock: &Lock,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let reasons = reasons(settings, lock, printer)?;
    if !reasons.is_empty() {
        return Err(telling::stale(&file.name(), &reasons));
    }
    telling::current(&file.name(), lock, printer)?;
    Ok(Verdict::Fine)
}

/// Why the lock is not what would be made now.
pub(super) fn reasons(
    settings: &Settings,
    lock: &Lock,
    printer: &mut Printer,
) -> Result<Vec<ayon_resolve::lock::Reason>, Report> {
    let (_, ask, mut session) = open(settings, Some(lock), printer)?;
    let reasons = session.run(async |resolver| resolver.stale(&ask, lock).await)?;
    session.finish(printer);
    Ok(reasons)
}

/// The studio, and what is asked: as the settings say, and as the lock that is there says where they say nothing.
fn open(
    settings: &Settings,
    old: Option<&Lock>,
    printer: &Printer,
) -> Result<(Settings, LockAsk, Session), Report> {
    let mut settings = settings.clone();
    if let Some(old) = old {
        let subject = old.subject();
        if settings.selection == Selection::default() {
            settings.selection = selection(subject);
        }
        let backend = &mut settings.emission.emit;
        *backend = backend.take().or_else(|| subject.backend.clone());
    }
    let mut session = Session::open(&settings, printer)?;
    let backend = settings.emission.emit.clone();
    if let Some(name) = &backend {
        let format = session.run(async |resolver| {
            let backend = resolver.registry().get(name)?;
            let solved = backend.formats().iter().find(|format| format.is_solved);
            Ok(solved.map(|format| format.name))
        })?;
        settings.emission = Emission {
            emit: backend.clone(),
            format: format.unwrap_or_default().to_owned(),
            output: None,
        };
    }
    let choosing = &settings.packages.choosing;
    let names = choosing.upgrade_packages.iter();
    let ask = LockAsk {
        bundle: bundle_ask(&settings)?,
        inputs: inputs::of(&settings, backend.as_deref())?,
        upgrade: match (choosing.upgrade, choosing.upgrade_packages.is_empty()) {
            (true, _) => Upgrade::All,
            (false, true) => Upgrade::Nothing,
            (false, false) => Upgrade::Packages(names.map(ToString::to_string).collect()),
        },
        backend,
    };
    Ok((settings, ask, session))
}

/// How the bundle of a lock is asked for again: by its name, and a project's by what it is laid over for.
pub(in crate::program::commands) fn selection(subject: &Subject) -> Selection {
    let is_staging = subject.variant == Some(Variant::Staging);
    let bundle = subject.bundle.as_deref().map(str::to_owned);
    Selection {
        bundle: bundle.filter(|_| subject.project.is_none()),
        staging: is_staging,
        project: subject.project.clone(),
        ..Selection::default()
    }
}
