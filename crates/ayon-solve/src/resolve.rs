//! One question, answered: lower it, solve it, and tell the answer in AYON's nouns.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use ayon_model::{
    AddonName, AddonRelease, Origin, Process, Provision, ProvisionError, Studio, Version,
    VersionRange, closest, did_you_mean,
};
use pypi::{Constraint, DistributionName};

use crate::lowering::Lowering;
use crate::{
    Asker, ChosenAddon, ChosenLauncher, Conflict, Edge, Object, Question, Resolution,
    ResolvedDistribution, Wanted,
};
use universe::{Control, Failure, Solution, StopReason};

/// Why there is no resolution.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The answer is no.
    #[error("there is no solution")]
    Conflict(Box<Conflict>),
    /// The question itself cannot be asked of this studio.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// Relations of these releases are needed and not known; ask their source, and then again.
    #[error("the relations of {} addon releases are not known", .0.len())]
    Unknown(Vec<(AddonName, Version)>),
    /// Somebody said stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// A solve that was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// On demand.
    #[error("stopped on demand")]
    Cancelled,
    /// The time was over.
    #[error("stopped after the time limit of {}", seconds(.0))]
    TimeLimit(Duration),
}

fn seconds(duration: &Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

/// A question that this studio cannot answer, whatever is chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// No addon of this name.
    #[error("{studio} has no addon `{name}`{}", did_you_mean("; ", .closest, ""))]
    UnknownAddon {
        /// The studio's label.
        studio: String,
        /// What was asked.
        name: String,
        /// Names that are close.
        closest: Vec<String>,
    },
    /// A range that cannot be read.
    #[error(transparent)]
    Range(#[from] ayon_model::RangeFault),
    /// No launcher at all for the target's system.
    #[error("{studio} has no launcher for {system}; upload one, or ask for another `--platform`")]
    NoLauncher {
        /// The studio's label.
        studio: String,
        /// The system.
        system: &'static str,
    },
    /// The launcher asked for does not exist, or not for the target's system.
    #[error("{studio} has no launcher {wanted} for {system}; it has {}", .known.join(", "))]
    UnknownLauncher {
        /// The studio's label.
        studio: String,
        /// As asked.
        wanted: String,
        /// The system.
        system: &'static str,
        /// The versions there are for that system.
        known: Vec<String>,
    },
    /// The bundle pins a release that cannot be read as a whole.
    #[error("addon {addon}: {message} ({place}); mend it, or pin another release")]
    Unreadable {
        /// Name and version.
        addon: String,
        /// What cannot be read.
        message: String,
        /// Where.
        place: String,
    },
    /// The process cannot be described.
    #[error(transparent)]
    Provision(#[from] ProvisionError),
}

/// Answers `question` about `studio`. `stop` is asked regularly whether to go on.
///
/// The same studio and question give the same answer, whatever the order in which facts were read.
pub fn resolve(
    studio: &Studio,
    question: &Question,
    stop: &dyn Fn() -> Option<Stopped>,
) -> Result<Resolution, Refusal> {
    validate(studio, question)?;
    let host = match &question.target.process {
        Process::Host { name, version } => studio.host(name, version),
        Process::Launcher | Process::Headless => None,
    };
    let lowering = Lowering::new(studio, question, host);
    let request = lowering.request();
    let stopped = Cell::new(None);
    let should_stop = || {
        stopped.set(stop());
        // The engine only passes on that somebody said stop; why is kept here.
        stopped.get().map(|_| StopReason::Cancelled)
    };
    match universe::solve(&lowering, &request, &Control::new(&should_stop)) {
        Ok(solution) => Ok(answer(&lowering, &solution)?),
        Err(Failure::Conflict(conflict)) => {
            Err(Refusal::Conflict(Box::new(lowering.tell(&conflict))))
        }
        Err(Failure::Stopped(_)) => Err(Refusal::Stopped(
            stopped.get().unwrap_or(Stopped::Cancelled),
        )),
        // The lowering fails for one reason alone: it met releases whose relations nobody has asked for.
        Err(Failure::Universe { .. }) => Err(Refusal::Unknown(lowering.unknown())),
    }
}

/// What can be said without solving, so that the answer is about the mistake and not about its consequences.
fn validate(studio: &Studio, question: &Question) -> Result<(), QuestionError> {
    for ask in &question.addons {
        let fault = |range: &VersionRange| range.fault().cloned();
        if let Wanted::Within(range) = &ask.wanted
            && let Some(fault) = fault(range)
        {
            return Err(fault.into());
        }
        let Some(addon) = studio.addons.get(&ask.name) else {
            // A bundle may pin what its server has lost: that is a fact of the bundle, told with the others.
            if !question.is_open {
                continue;
            }
            let known = studio.addons.keys().map(AddonName::as_str);
            let closest = closest(ask.name.as_str(), known)
                .into_iter()
                .map(str::to_owned)
                .collect();
            let name = ask.name.to_string();
            return Err(QuestionError::UnknownAddon {
                studio: studio.label.clone(),
                name,
                closest,
            });
        };
        if !question.is_open {
            let pinned = addon
                .releases
                .values()
                .filter(|release| ask.wanted.admits(&release.version));
            pinned.map(AsRef::as_ref).try_for_each(readable)?;
        }
    }
    launcher(studio, question)?;
    if let Process::Host { .. } = question.target.process {
        // The profile and its Python are the same for every launcher: any build will do to ask.
        let builds = studio
            .launchers
            .values()
            .flat_map(|launcher| launcher.builds_for(question.target.platform.system));
        if let Some(build) = builds.into_iter().next() {
            Provision::of(
                studio,
                "",
                build,
                &question.target,
                question.python.as_ref(),
            )?;
        }
    }
    Ok(())
}

fn launcher(studio: &Studio, question: &Question) -> Result<(), QuestionError> {
    let system = question.target.platform.system;
    if let Wanted::Within(range) = &question.launcher.wanted
        && let Some(fault) = range.fault()
    {
        return Err(fault.clone().into());
    }
    let known: Vec<&Version> = studio
        .launchers
        .values()
        .filter(|launcher| launcher.builds_for(system).next().is_some())
        .map(|launcher| &launcher.version)
        .collect();
    if known.is_empty() {
        return Err(QuestionError::NoLauncher {
            studio: studio.label.clone(),
            system: system.as_str(),
        });
    }
    if known
        .iter()
        .any(|version| question.launcher.wanted.admits(version))
    {
        return Ok(());
    }
    Err(QuestionError::UnknownLauncher {
        studio: studio.label.clone(),
        wanted: question.launcher.wanted.text(),
        system: system.as_str(),
        known: known.iter().rev().map(ToString::to_string).collect(),
    })
}

fn readable(release: &AddonRelease) -> Result<(), QuestionError> {
    let unreadable = |origin: &Origin, message: String| QuestionError::Unreadable {
        addon: format!("{} {}", release.name, release.version),
        message: ayon_model::printable(&message),
        place: origin
            .place
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    };
    if let Some(requirement) = release.python.unreadable.first() {
        let message = format!(
            "the Python requirement `{}` cannot be read: {}",
            requirement.name, requirement.message
        );
        return Err(unreadable(&requirement.origin, message));
    }
    for (field, other, range) in release
        .relations()
        .into_iter()
        .flat_map(ayon_model::Relations::ranges)
    {
        if let Some(fault) = range.fault() {
            let origin = release.origin(field, other);
            return Err(unreadable(&origin, fault.to_string()));
        }
    }
    Ok(())
}

fn answer(lowering: &Lowering<'_>, solution: &Solution) -> Result<Resolution, QuestionError> {
    let mut releases: BTreeMap<AddonName, &AddonRelease> = BTreeMap::new();
    let mut launcher = None;
    for (package, chosen) in solution.chosen() {
        match lowering.object(package) {
            Object::Addon(name) => {
                if let Some(release) = lowering.release(&name, chosen.position) {
                    releases.insert(name, release);
                }
            }
            Object::Launcher => launcher = lowering.launcher(chosen.position, chosen.variant),
            Object::Server | Object::Python | Object::Distribution(_) => {}
        }
    }
    let question = lowering.question;
    // The launcher is among the requests, so every solution has one.
    let Some((version, build)) = launcher else {
        let system = question.target.platform.system.as_str();
        return Err(QuestionError::NoLauncher {
            studio: lowering.studio.label.clone(),
            system,
        });
    };
    let provision = Provision::of(
        lowering.studio,
        &version.to_string(),
        build,
        &question.target,
        question.python.as_ref(),
    )?;
    let distributions = distributions(&provision, &releases);
    let addons = releases.into_iter().map(|(name, release)| ChosenAddon {
        name,
        version: release.version.clone(),
        host_name: release.host_name.clone(),
        development: None,
    });
    Ok(Resolution {
        bundle: None,
        target: question.target.clone(),
        addons: addons.collect(),
        launcher: ChosenLauncher {
            version: version.clone(),
            filename: build.filename.clone(),
        },
        python: provision.python,
        distributions,
        modules: provision.modules,
        edges: edges(lowering, solution),
        artefacts: Vec::new(),
        assumptions: BTreeMap::new(),
        lock: None,
    })
}

/// Everything the chosen releases ask of Python in this process, merged by distribution.
fn distributions(
    provision: &Provision,
    releases: &BTreeMap<AddonName, &AddonRelease>,
) -> BTreeMap<DistributionName, ResolvedDistribution> {
    let environment = provision.marker_environment();
    let mut distributions: BTreeMap<DistributionName, ResolvedDistribution> = BTreeMap::new();
    for release in releases.values() {
        for requirement in provision.requirements(release, &environment) {
            let dependency = &requirement.dependency;
            let name = &dependency.name;
            let merged =
                distributions
                    .entry(name.clone())
                    .or_insert_with(|| ResolvedDistribution {
                        given: provision.modules.get(name).cloned(),
                        ..ResolvedDistribution::new(name.clone())
                    });
            merged.extras.extend(dependency.extras.iter().cloned());
            match &dependency.constraint {
                Constraint::Versions { set, .. } => merged.set = merged.set.intersection(set),
                Constraint::Source(source) => merged.source = Some(source.clone()),
            }
            let (origin, text) = (
                requirement.origin.clone(),
                dependency.constraint.to_string(),
            );
            merged.askers.push(Asker {
                origin,
                text,
                constraint: dependency.constraint.clone(),
                extras: dependency.extras.clone(),
                half: requirement.half,
            });
        }
    }
    distributions
}

/// Requirements on what is chosen one by one; those on distributions are kept with the distributions.
fn edges(lowering: &Lowering<'_>, solution: &Solution) -> Vec<Edge> {
    let words = lowering.words();
    let mut edges: Vec<Edge> = solution
        .edges()
        .iter()
        .map(|edge| words.get(edge.requirement.origin))
        .filter(|wording| !matches!(wording.object, Object::Distribution(_)))
        .map(|wording| Edge {
            origin: wording.origin.clone(),
            object: wording.object.clone(),
            range: wording.range.clone(),
        })
        .collect();
    edges.sort_by(|a, b| (&a.object, &a.origin, &a.range).cmp(&(&b.object, &b.origin, &b.range)));
    edges.dedup();
    edges
}
