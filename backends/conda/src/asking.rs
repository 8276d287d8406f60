//! From a bundle's resolution to an environment: what conda is asked, what is left to pip, and what comes of both.
//!
//! One question for each target. Conda is asked first, for everything that any channel carries in a version that somebody
//! wants; what it chose is a fact for pip, which is asked for the rest. So nothing is in the environment twice, and what
//! cannot be is told by whichever world it cannot be in.
//!
//! *An environment is whole.* It brings its own interpreter, so whatever its packages need is in it. What the process has
//! already is not asked for again, but where something needs it, the environment has it at the process's version: the copy
//! of the process comes first on its path. Where no channel carries that version, what needs it is held against it.

mod learning;
mod learnt;
mod pip;
mod question;
mod refusing;
mod sorting;
mod sources;
mod words;
mod world;

use std::sync::Arc;

use ayon_backend::{
    Artefact, ArtefactFile, Context, Demand, Demander, EmitError, Resolution, ResolveError,
};
use ayon_model::Target;
use conda::{Record, Solution};
use pypi::lock::Lock;

use crate::options::Options;
use learnt::{ATTEMPTS, Learnt};
use pip::Pip;
use question::{Failure, Question};
use sorting::Sorted;
pub(crate) use sources::Sources;
use world::World;

/// What [`Resolution::assumptions`] are called.
pub(crate) mod assumption {
    /// The channels by URL, in their order.
    pub(crate) const CHANNELS: &str = "channels";
    /// One word: how they rank.
    pub(crate) const PRIORITY: &str = "channel-priority";
    /// What the machine has, as `name=version=build`.
    pub(crate) const VIRTUAL_PACKAGES: &str = "virtual-packages";
    /// What could not be said or had as it was meant.
    pub(crate) const NOTES: &str = "notes";
}

/// Solves for every resolution and puts what was chosen into it.
pub(crate) async fn resolve(
    sources: &Sources<'_>,
    options: &Options,
    resolutions: Vec<Resolution>,
    context: &Context,
) -> Result<Vec<Resolution>, ResolveError> {
    let mut pip = Pip::new(options, sources.index, sources.previous);
    let mut solved = Vec::new();
    for resolution in resolutions {
        let world = World::open(sources.channels, &resolution, options)?;
        solved.push(one(sources, options, &world, resolution, &mut pip, context).await?);
    }
    Ok(solved)
}

/// Solves for one resolution, as often as there is something to learn.
async fn one(
    sources: &Sources<'_>,
    options: &Options,
    world: &World,
    mut resolution: Resolution,
    pip: &mut Pip<'_>,
    context: &Context,
) -> Result<Resolution, ResolveError> {
    let mut learnt = Learnt::default();
    let mut best: Option<Found> = None;
    for _ in 0..ATTEMPTS {
        let attempt = Attempt {
            sources,
            options,
            world,
            resolution: &resolution,
            pip,
            context,
        };
        match attempt.make(&mut learnt).await {
            Ok(Some(found)) => {
                let lock = found.lock.clone();
                best = Some(found);
                let has_more = match &lock {
                    Some(lock) => learnt.promote(lock, &resolution, world, &options.names)?,
                    None => false,
                };
                if !has_more {
                    break;
                }
            }
            Ok(None) => {}
            // More than was needed was asked of conda.
            Err(ResolveError::Refused(_) | ResolveError::Conflict(_)) if best.is_some() => break,
            Err(error) => return Err(error),
        }
    }
    let found = best.ok_or_else(|| EmitError::Inexpressible {
        what: resolution.target.to_string(),
        format: "a conda environment",
        reason:
            "what conda has and what pip needs did not come together; ask for fewer versions of either"
                .to_owned(),
    })?;
    if let Some(lock) = &found.lock {
        pip.remember(lock);
    }
    resolution.artefacts = found.artefacts;
    resolution.lock = found.lock;
    resolution.assumptions = [
        (assumption::CHANNELS, world.channel_urls()),
        (
            assumption::PRIORITY,
            vec![priority_word(options.priority).to_owned()],
        ),
        (assumption::VIRTUAL_PACKAGES, world.virtual_packages()),
        (assumption::NOTES, found.notes),
    ]
    .into();
    Ok(resolution)
}

/// Conda asked once, then pip.
struct Attempt<'a> {
    sources: &'a Sources<'a>,
    options: &'a Options,
    world: &'a World,
    resolution: &'a Resolution,
    pip: &'a Pip<'a>,
    context: &'a Context,
}

/// An answer.
struct Found {
    artefacts: Vec<Artefact>,
    lock: Option<Arc<Lock>>,
    notes: Vec<String>,
}

impl Attempt<'_> {
    /// None if what was asked of conda or what it chose did not suit, and now it is known why.
    async fn make(&self, learnt: &mut Learnt) -> Result<Option<Found>, ResolveError> {
        let (resolution, world) = (self.resolution, self.world);
        let progress = &self.context.progress;
        progress.step("solving conda packages", 0, 0);
        let sorted = Sorted::new(resolution, world, learnt, self.options)?;
        if self.options.no_pip && !sorted.pip.is_empty() {
            return Err(refusing::without_pip(resolution, &sorted));
        }
        let mut question = Question::new(resolution, world, &sorted, learnt, self.options)?;
        question.ask.preferred = preferred(self.sources.previous, &resolution.target);
        let answers = &self.sources.answers;
        // To tell why conda refuses takes longer than all else, so what was learnt of it is remembered too.
        if let Some(note) = answers.note(&question.ask) {
            let names = note.split(' ').filter_map(|name| name.parse().ok());
            if learnt.retract(names.collect()) {
                return Ok(None);
            }
        }
        let solution = match question.solve(self.sources, self.context) {
            Ok(solution) => solution,
            Err(Failure::Conflict(conflict)) => {
                let names = learnt.blamed(&conflict, &question);
                let note: Vec<&str> = names.iter().map(conda::PackageName::as_str).collect();
                let note = note.join(" ");
                return if learnt.retract(names) {
                    answers.remember_note(&question.ask, &note);
                    Ok(None)
                } else {
                    Err(refusing::conflict(&question, resolution, &conflict))
                };
            }
            Err(Failure::Other(error)) => return Err(error),
        };
        let mut lock = None;
        if !sorted.pip.is_empty() {
            progress.step("solving Python packages", 0, 0);
            let brought = self.pip.brought(&solution);
            let chosen = self
                .pip
                .solve(resolution, &sorted, &brought, self.context)
                .await;
            match chosen {
                Err(ResolveError::Conflict(conflict))
                    if learnt.learn(
                        &conflict,
                        &brought,
                        &sorted,
                        world,
                        &self.options.names,
                    )? =>
                {
                    return Ok(None);
                }
                chosen => lock = Some(chosen?),
            }
        }
        let mut notes = sorted.notes.clone();
        notes.extend(question.notes(resolution, &solution));
        Ok(Some(Found {
            artefacts: artefacts(&question, &solution)?,
            lock,
            notes,
        }))
    }
}

/// The records that were chosen before for the same target. One that this program cannot read is not preferred.
fn preferred(previous: &[Resolution], target: &Target) -> Vec<Record> {
    let same = previous.iter().filter(|old| old.target == *target);
    let artefacts = same.flat_map(|old| &old.artefacts);
    let texts = artefacts.filter_map(|artefact| artefact.record.as_deref());
    texts
        .filter_map(|text| Record::from_text(text).ok())
        .collect()
}

/// How conda's configuration calls a priority.
pub(crate) fn priority_word(priority: conda::Priority) -> &'static str {
    match priority {
        conda::Priority::Strict => "strict",
        conda::Priority::Flexible => "flexible",
        conda::Priority::Disabled => "disabled",
    }
}

/// What was chosen, with everybody who asks for it.
fn artefacts(question: &Question, solution: &Solution) -> Result<Vec<Artefact>, EmitError> {
    let one = |record: &Record| {
        let name = record.name();
        let edges = solution.edges.iter().filter(|edge| edge.to == name);
        Ok(Artefact {
            name: name.to_string(),
            version: record.version().to_string(),
            build: Some(record.build().to_owned()),
            location: record.channel().url().to_owned(),
            form: match record.file_name().rsplit_once('.') {
                Some((_, "conda")) => "conda",
                _ => "tar.bz2",
            }
            .to_owned(),
            requires: record.depends().to_vec(),
            file: Some(ArtefactFile {
                name: record.file_name(),
                url: record.url().to_owned(),
                size: record.size(),
                sha256: record.sha256().map(|digest| digest.to_string()),
                md5: record.md5().map(|digest| digest.to_string()),
            }),
            wanted_by: edges
                .map(|edge| Demand {
                    by: match &edge.from {
                        conda::From::Asker(asker) | conda::From::Own(_, asker) => {
                            Demander::Origin(question.origin(*asker))
                        }
                        conda::From::Package(name) => Demander::Artefact(name.to_string()),
                    },
                    words: edge.words.clone(),
                })
                .collect(),
            record: Some(record.to_text().map_err(|error| EmitError::Inexpressible {
                what: error.what,
                format: "a resolution",
                reason: error.reason,
            })?),
        })
    };
    solution.records.iter().map(one).collect()
}
