//! The lock of a bundle, for whoever embeds this: made, checked against the studio, and emitted from.
//!
//! ```
//! use ayon_resolve::lock::{self, Lock, LockAsk};
//! use ayon_resolve::{BundleAsk, Location, Resolver, Selection, Sources};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut resolver = Resolver::open(&Location::Sample, Sources::default())?;
//! let selection = Selection { bundle: Some("staging".into()), ..Selection::default() };
//! let bundle = BundleAsk { selection, platforms: vec!["linux-64".parse()?], ..BundleAsk::default() };
//! let ask = LockAsk { bundle, ..LockAsk::default() };
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let text = resolver.lock(&ask, None).await?.lock.to_text();
//!
//! // Later, on another machine, without studio, network or solver:
//! let lock = Lock::read(&text)?;
//! let emission = lock::emit(resolver.registry(), &lock, "conda", "spec", &[])?;
//! assert_eq!(emission.files[0].name, "environment.yml");
//!
//! // And where there is a studio, whether the lock is still what would be made of it:
//! assert!(resolver.stale(&ask, &lock).await?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # Ok(())
//! # }
//! ```
//!
//! # How it thinks
//!
//! *A lock answers for its inputs.* It is stale when something that it was made from is not what it was: the pins of the
//! bundle, what the pinned releases say of themselves, the launcher's build, a host's profile, an option, a place that
//! packages come from. It is not stale because something newer has appeared: that is what it is there for.
//!
//! *Old choices stay.* An old lock is a list of preferences for the next; what is to be chosen anew is left out of it.
//! rez chooses as rez does, whatever was there.
//!
//! *Nothing is read or written here.* A lock is a value with a text; where the text lies is the embedding program's.

mod inputs;

use std::collections::BTreeSet;

use ayon_backend::{Ask, Emission, Registry, Resolution};
use ayon_model::{EffectiveBundle, Target};
use pypi::DistributionName;

pub use ayon_lock::{
    Change, Difference, Digest, ExpectedFile, FileFinding, FoundFile, InputKind, InputName,
    InputState, Inputs, Lock, MakeError, OtherLock, PackageName, PackageState, ReadError, Reason,
    Subject, Wanted, check, difference, files, stale, verify,
};

use crate::resolver;
use crate::{BundleAsk, Error, Resolver};

/// What to lock.
#[derive(Clone, Debug, Default)]
pub struct LockAsk {
    /// The bundle and its targets. Where neither a platform nor a process is named, the targets of the old lock are meant.
    pub bundle: BundleAsk,
    /// The backend that solves. None locks what the bundle requires, which is enough for specifications.
    pub backend: Option<String>,
    /// What beside the studio decides what is chosen: options of the backend, channels, indexes.
    pub inputs: Inputs,
    /// What of an old lock is not kept.
    pub upgrade: Upgrade,
}

/// What of an old lock is chosen anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Upgrade {
    /// Nothing that still fits.
    #[default]
    Nothing,
    /// These packages, by their names in the backend's ecosystem or in Python's.
    Packages(BTreeSet<String>),
    /// Everything.
    All,
}

/// A lock that was made.
#[derive(Clone, Debug)]
pub struct Locked {
    /// The lock.
    pub lock: Lock,
    /// The bundle that was live, with the project's laid over it.
    pub bundle: EffectiveBundle,
    /// What was decided without being asked.
    pub notes: Vec<String>,
}

impl Resolver {
    /// Solves for every target and keeps what was chosen. What `old` has stays where it still fits.
    ///
    /// # Errors
    /// As [`Resolver::resolve_bundle`] and [`Resolver::emit`]; and where the answer has no text.
    pub async fn lock(&mut self, ask: &LockAsk, old: Option<&Lock>) -> Result<Locked, Error> {
        let wanted = wanted_targets(ask, old);
        let answer = self.resolve_targets(&ask.bundle, wanted).await?;
        let mut resolutions = answer.resolutions;
        if let Some(name) = &ask.backend {
            let backend = self.registry().get(name)?;
            let format = backend.formats().iter().find(|format| format.is_solved);
            if let Some(format) = format {
                let previous = kept(old, &ask.upgrade);
                let ask = Ask {
                    resolutions,
                    format,
                    previous: &previous,
                };
                resolutions = self.complete(backend, ask).await?;
            }
        }
        let targets: Vec<Target> = resolutions.iter().map(|one| one.target.clone()).collect();
        let subject = self.subject(ask).await?;
        let inputs = self.inputs(ask, &answer.bundle, &targets).await?;
        let lock = match old {
            // So that what a later program wrote about what is unchanged is still there.
            Some(old) if *old.subject() == subject => {
                old.clone().only(&targets).with(inputs, resolutions)?
            }
            _ => Lock::of(subject, inputs, resolutions)?,
        };
        Ok(Locked {
            lock,
            bundle: answer.bundle,
            notes: answer.notes,
        })
    }

    /// Why `lock` is not what would be made now; nothing where it is. Reads the studio, and solves nothing.
    ///
    /// # Errors
    /// The studio cannot be read, or has no such bundle.
    pub async fn stale(&mut self, ask: &LockAsk, lock: &Lock) -> Result<Vec<Reason>, Error> {
        let targets = wanted_targets(ask, Some(lock));
        // What the lock has for other targets is no reason, so what they were made from is looked at too.
        let mut all: Vec<Target> = lock.targets().cloned().collect();
        let new = targets
            .iter()
            .filter(|target| lock.resolution(target).is_err());
        all.extend(new.cloned());
        let (bundle, _) = self.live(&ask.bundle).await?;
        self.learn_pinned(&bundle).await?;
        let wanted = Wanted {
            subject: self.subject(ask).await?,
            inputs: self.inputs(ask, &bundle, &all).await?,
            targets,
        };
        Ok(stale(lock, &wanted))
    }

    /// For what the lock is.
    async fn subject(&mut self, ask: &LockAsk) -> Result<Subject, Error> {
        let studio = self.studio().await?;
        let selected = ayon_model::select(studio, &ask.bundle.selection)?;
        let project = selected.project_bundle.is_some();
        Ok(Subject {
            bundle: Some(ayon_model::merge(studio, &selected).name),
            variant: Some(selected.variant),
            project: ask.bundle.selection.project.clone().filter(|_| project),
            backend: ask.backend.clone(),
        })
    }

    /// What it is made from.
    async fn inputs(
        &mut self,
        ask: &LockAsk,
        bundle: &EffectiveBundle,
        targets: &[Target],
    ) -> Result<Inputs, Error> {
        let studio = self.studio().await?;
        let mut inputs = inputs::of_studio(studio, bundle, targets);
        if let Some(python) = &ask.bundle.python {
            inputs.insert(
                InputName::new(InputKind::Option, "python"),
                InputState {
                    value: Some(python.to_string()),
                    digest: None,
                },
            );
        }
        inputs.extend(ask.inputs.clone());
        Ok(inputs)
    }
}

/// Writes what was locked in `format` of `backend`: the bytes that the live resolution would give.
///
/// Only `targets` are written, in their order; all of the lock where none is named. Nothing is asked and nothing solved, so
/// a format that is solved can only be written where `backend` has solved for the lock.
///
/// # Errors
/// The lock has nothing of that backend or for a target, or the format cannot be written.
pub fn emit(
    registry: &Registry,
    lock: &Lock,
    backend: &str,
    format: &str,
    targets: &[Target],
) -> Result<Emission, Error> {
    let backend = registry.get(backend)?;
    let format = backend.format(format)?;
    if format.is_solved {
        lock.expect_backend(backend.name())?;
    }
    if targets.is_empty() {
        return Ok(backend.emit(lock.resolutions(), format)?);
    }
    let found = targets
        .iter()
        .map(|target| lock.resolution(target).cloned());
    let resolutions: Vec<Resolution> = found.collect::<Result<_, _>>()?;
    Ok(backend.emit(&resolutions, format)?)
}

/// The targets that are named: none where neither a platform nor a process is, and a lock has its own.
pub fn targets(ask: &BundleAsk) -> Vec<Target> {
    if ask.platforms.is_empty() && ask.processes.is_empty() {
        return Vec::new();
    }
    resolver::targets(&ask.platforms, &ask.processes)
}

/// The targets that a lock is to have.
fn wanted_targets(ask: &LockAsk, old: Option<&Lock>) -> Vec<Target> {
    let mut wanted = targets(&ask.bundle);
    if wanted.is_empty() {
        wanted.extend(old.into_iter().flat_map(Lock::targets).cloned());
    }
    if wanted.is_empty() {
        wanted = resolver::targets(&[], &[]);
    }
    wanted
}

/// What `old` has, without what is to be chosen anew.
fn kept(old: Option<&Lock>, upgrade: &Upgrade) -> Vec<Resolution> {
    let Some(old) = old.filter(|_| *upgrade != Upgrade::All) else {
        return Vec::new();
    };
    let mut kept = old.resolutions().to_vec();
    if let Upgrade::Packages(names) = upgrade {
        for resolution in &mut kept {
            let is_kept = |artefact: &ayon_backend::Artefact| !names.contains(&artefact.name);
            resolution.artefacts.retain(is_kept);
            if let Some(lock) = &mut resolution.lock {
                let is_kept = |name: &DistributionName| !names.contains(name.as_str());
                let lock = std::sync::Arc::make_mut(lock);
                lock.packages.retain(|package| is_kept(&package.name));
            }
        }
    }
    kept
}
