//! What a lock has, written for a consumer: the main job without a solve.

use ayon_backend::Registry;
use ayon_model::{Selection, Target};
use ayon_resolve::Resolution;
use ayon_resolve::lock::{self, Lock};

use super::file::LockFile;
use super::{making, telling};
use crate::program::backends;
use crate::program::commands::emit::{hand_over, show};
use crate::program::printer::Printer;
use crate::program::session::{self, bundle_ask};
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// Emits, or shows, what the lock that the settings name has.
pub(crate) fn run(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let (file, lock) = usable(settings, printer)?;
    let targets = lock::targets(&bundle_ask(settings)?);
    let Some(backend) = &settings.emission.emit else {
        let resolutions = of_targets(&lock, &targets).map_err(|error| other(&file, &error))?;
        show(&resolutions, "resolution", printer)?;
        return Ok(Verdict::Fine);
    };
    // Words such as rez's `ayon_bundle-staging` are about the lock's bundle.
    let mut settings = settings.clone();
    settings.selection = making::selection(lock.subject());
    let mut registry = Registry::new();
    let parts = backends::equip(&settings, &mut registry)?;
    let format = &settings.emission.format;
    let emission = lock::emit(&registry, &lock, backend, format, &targets);
    parts.finish(printer);
    let emission = emission.map_err(|error| match error {
        ayon_resolve::Error::OtherLock(error) => other(&file, &error),
        error => session::report(&error, false),
    })?;
    hand_over(emission, &settings, printer)?;
    Ok(Verdict::Fine)
}

/// The lock that the settings name, and what it has for the targets that they name.
pub(in crate::program::commands) fn resolutions(
    settings: &Settings,
    printer: &mut Printer,
) -> Result<(Lock, Vec<Resolution>), Report> {
    let (file, lock) = usable(settings, printer)?;
    let targets = lock::targets(&bundle_ask(settings)?);
    let resolutions = of_targets(&lock, &targets).map_err(|error| other(&file, &error))?;
    Ok((lock, resolutions))
}

/// The lock that the settings name, if it is one that they allow.
fn usable(settings: &Settings, printer: &mut Printer) -> Result<(LockFile, Lock), Report> {
    let file = LockFile::look(settings)?;
    let lock = file.lock()?;
    if settings.lock.locked {
        // Whether what is emitted was solved for is another question than whether the lock is what it was.
        let mut settings = settings.clone();
        settings.emission.emit.clone_from(&lock.subject().backend);
        let reasons = making::reasons(&settings, &lock, printer)?;
        if !reasons.is_empty() {
            return Err(telling::stale(&file.name(), &reasons));
        }
    } else {
        expect_bundle(settings, &lock, &file)?;
    }
    Ok((file, lock))
}

fn of_targets(lock: &Lock, targets: &[Target]) -> Result<Vec<Resolution>, lock::OtherLock> {
    if targets.is_empty() {
        return Ok(lock.resolutions().to_vec());
    }
    let found = targets.iter();
    found
        .map(|target| lock.resolution(target).cloned())
        .collect()
}

/// Refuses a lock of another bundle, where one is named.
fn expect_bundle(settings: &Settings, lock: &Lock, file: &LockFile) -> Result<(), Report> {
    let Selection {
        bundle, project, ..
    } = &settings.selection;
    let subject = lock.subject();
    let Some(named) = bundle else {
        return Ok(());
    };
    let is_variant = subject
        .variant
        .as_ref()
        .is_some_and(|variant| variant.to_string() == *named);
    // A project's bundle has a name of its own, and is laid over the one that is named.
    if is_variant || (project.is_some() && *project == subject.project) {
        return Ok(());
    }
    lock.expect_bundle(Some(named))
        .map_err(|error| other(file, &error))
}

fn other(file: &LockFile, error: &lock::OtherLock) -> Report {
    Report::unknown(format!("the lock `{}` cannot be used", file.name())).because_of(error)
}
