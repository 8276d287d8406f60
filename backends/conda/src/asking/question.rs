//! What conda is asked for one target, and who asks.

use std::collections::{BTreeMap, BTreeSet};

use ayon_backend::{Context, Resolution, ResolveError, Stopped};
use ayon_model::{Origin, Place, Subject};
use conda::{
    Ask, Asker, Conflict, Dialect, OwnRecord, PackageName, Root, Solution, SolveError, Spec,
};
use pypi::{DistributionName, VersionSet};

use super::learnt::{LEFT, Learnt};
use super::sorting::Sorted;
use super::sources::Sources;
use super::words;
use super::world::{Carried, World};
use crate::names::CondaName;
use crate::options::Options;

/// A question, with the words of everybody who asks in it.
pub(super) struct Question {
    pub(super) ask: Ask,
    /// By the number of an [`Asker`].
    origins: Vec<Origin>,
    /// By the place of an [`OwnRecord`].
    subjects: Vec<Subject>,
    /// Modules of the process that no channel has at its version, by conda's name.
    loose: BTreeMap<PackageName, DistributionName>,
    /// Whether any Python of the series had to do.
    is_other_python: bool,
}

/// Why conda gave no answer.
pub(super) enum Failure {
    /// It said no.
    Conflict(Box<Conflict>),
    /// It could not tell.
    Other(ResolveError),
}

impl Question {
    pub(super) fn new(
        resolution: &Resolution,
        world: &World,
        sorted: &Sorted<'_>,
        learnt: &Learnt,
        options: &Options,
    ) -> Result<Self, ResolveError> {
        let mut ask = Ask::new(world.target.clone());
        ask.channels.clone_from(&world.open.channels);
        ask.elsewhere.clone_from(&world.open.elsewhere);
        ask.priority = options.priority;
        ask.exclude_newer = options.exclude_newer;
        ask.strategy = options.strategy;
        let mut question = Self {
            ask,
            origins: Vec::new(),
            subjects: Vec::new(),
            loose: BTreeMap::new(),
            is_other_python: resolution.python.is_exact && !world.has_exact_python(),
        };
        question.add_own(resolution);
        let needs_python = resolution.python.origin.clone();
        question.wish(world.python(resolution)?, needs_python);
        for asked in sorted.conda.values().flatten().chain(&learnt.asked) {
            question.wish(asked.spec.clone(), asked.origin.clone());
        }
        let has_pip = |name: &PackageName| name.as_str() == "pip";
        if !sorted.pip.is_empty() && !sorted.conda.keys().any(has_pip) {
            let section = match &resolution.bundle {
                Some(name) => Subject::Bundle(name.clone()),
                None => Subject::Request,
            };
            let origin = Origin::new(section, Place::file(LEFT));
            question.wish(words::spec("pip")?, origin);
        }
        for asked in &learnt.needs {
            let asker = question.number(asked.origin.clone());
            let spec = asked.spec.clone();
            question.ask.constraints.push(Root { spec, asker });
        }
        question.hold_modules(resolution, world, options)?;
        Ok(question)
    }

    /// The bundle, its addons, and who brings the interpreter, as things of our own that ask.
    fn add_own(&mut self, resolution: &Resolution) {
        let addons = resolution.addons.iter().map(|addon| Subject::Addon {
            name: addon.name.clone(),
            version: addon.version.clone(),
        });
        let provider = resolution.python.origin.subject.clone();
        let launcher = Subject::Launcher(resolution.launcher.version.to_string().into());
        let mut parts: Vec<Subject> = addons.collect();
        for part in [launcher, provider] {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let whole = match &resolution.bundle {
            Some(name) => Subject::Bundle(name.clone()),
            None => Subject::Request,
        };
        let holds = (1..=parts.len()).collect();
        for (subject, holds) in
            std::iter::once((whole, holds)).chain(parts.into_iter().map(|part| (part, Vec::new())))
        {
            self.ask.own.push(OwnRecord {
                name: subject.to_string(),
                version: String::new(),
                holds,
                depends: Vec::new(),
            });
            self.subjects.push(subject);
        }
    }

    /// Somebody asks for something: one of our own if they are among them, else somebody outside.
    fn wish(&mut self, spec: Spec, origin: Origin) {
        let place = self.subjects.iter().position(|one| *one == origin.subject);
        let root = Root {
            spec,
            asker: self.number(origin),
        };
        match place.and_then(|place| self.ask.own.get_mut(place)) {
            Some(own) => own.depends.push(root),
            None => self.ask.roots.push(root),
        }
    }

    /// Holds what the environment has to the version that the process has, where a channel has that.
    fn hold_modules(
        &mut self,
        resolution: &Resolution,
        world: &World,
        options: &Options,
    ) -> Result<(), ResolveError> {
        for (name, given) in &resolution.modules {
            let CondaName::Is(conda) = options.names.look_up(name) else {
                continue;
            };
            let Some(spec) = words::versions(conda, &VersionSet::exactly(&given.version)) else {
                continue;
            };
            let carried = world.carried(std::slice::from_ref(&spec))?;
            match carried {
                Carried::Yes => {
                    let asker = self.number(given.origin.clone());
                    self.ask.constraints.push(Root { spec, asker });
                }
                Carried::Otherwise => {
                    self.loose.insert(spec.name().clone(), name.clone());
                }
                Carried::No => {}
            }
        }
        Ok(())
    }

    fn number(&mut self, origin: Origin) -> Asker {
        let number = u32::try_from(self.origins.len()).unwrap_or(u32::MAX);
        self.origins.push(origin);
        Asker(number)
    }

    pub(super) fn origin(&self, asker: Asker) -> Origin {
        let known = self.origins.get(asker.0 as usize).cloned();
        known.unwrap_or_else(Origin::request)
    }

    pub(super) fn solve(
        &self,
        sources: &Sources<'_>,
        context: &Context,
    ) -> Result<Solution, Failure> {
        let cancellation = &context.cancellation;
        let stop = || cancellation.stopped().is_some();
        let answer = sources.answers.solve(&self.ask, &stop);
        answer.map_err(|error| match error {
            SolveError::Conflict(conflict) => Failure::Conflict(conflict),
            SolveError::Stopped => {
                let why = cancellation.stopped().unwrap_or(Stopped::Cancelled);
                Failure::Other(why.into())
            }
            error @ (SolveError::Records(_) | SolveError::Unsupported(_)) => {
                Failure::Other(ResolveError::Source {
                    what: sources.channels.describe(),
                    source: Box::new(error),
                })
            }
        })
    }

    /// What is not as the process has it.
    pub(super) fn notes(&self, resolution: &Resolution, solution: &Solution) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_other_python
            && let Some(python) = solution
                .records
                .iter()
                .find(|one| one.name().as_str() == "python")
        {
            notes.push(format!(
                "no channel has Python {}, which {} brings: the environment has {}",
                resolution.python.text(),
                resolution.python.origin.subject,
                python.version()
            ));
        }
        for (conda, name) in &self.loose {
            let (Some(record), Some(given)) = (solution.get(conda), resolution.modules.get(name))
            else {
                continue;
            };
            let subject = &given.origin.subject;
            let brings = format!("{subject} has {name} {}", given.version);
            let refusing = refusing_askers(conda, &given.version.to_string(), solution);
            notes.push(if refusing.is_empty() {
                format!(
                    "{brings}, which no channel has for this Python: the environment has {}",
                    record.version()
                )
            } else {
                format!(
                    "{brings}, which comes first in the process and does not suit {}; no channel has it, so the environment has {}",
                    Vec::from_iter(refusing).join(", "),
                    record.version()
                )
            });
        }
        notes
    }
}

/// The chosen records whose words about `name` leave `version` out.
fn refusing_askers(name: &PackageName, version: &str, solution: &Solution) -> BTreeSet<String> {
    let Ok(version) = version.parse() else {
        return BTreeSet::new();
    };
    let edges = solution.edges.iter().filter(|edge| edge.to == *name);
    let asks = edges.filter_map(|edge| match &edge.from {
        conda::From::Package(asker) => Some((asker, &edge.words)),
        conda::From::Asker(_) | conda::From::Own(..) => None,
    });
    asks.filter(|(_, words)| {
        Spec::parse(words, Dialect::Lenient).is_ok_and(|spec| !spec.allows(&version))
    })
    .map(|(asker, words)| format!("{asker} ({words})"))
    .collect()
}
