//! From a bundle's resolution to a lock: what is asked of the solver, and which half each answer belongs to.
//!
//! One question for each target: what every addon asks for in its own words, every module of the process as a fact, and
//! the choices of old locks as preferences. Both halves are solved together, so they cannot disagree; afterwards a
//! package belongs to `dependencies` if anything there needs it, and to `runtime` otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ayon_backend::{Cancellation, Resolution, ResolveError, Stopped};
use ayon_model::{Half, Origin};
use pypi::lock::pins::Pins;
use pypi::lock::{Lock, LockTarget};
use pypi::{DistributionName, Index, Marker, MarkerEnvironment, Requirement, Target, Version};
use pypi_solve::{Ask, Asker, Edge, From, Given, GivenKind, Refusal, Root, Solution};

use crate::commits::Remembering;
use crate::conflict::conflict;
use crate::{Asked, Options};

/// Everything that is asked beside the studio.
pub(crate) struct Asking<'a> {
    pub(crate) index: &'a dyn Index,
    pub(crate) options: &'a Options,
    /// What was chosen before.
    pub(crate) previous: &'a [Resolution],
}

impl Asking<'_> {
    /// Solves for every resolution and puts what was chosen into it.
    ///
    /// Targets get equal versions where they can: what one has is preferred for the next.
    pub(crate) fn resolve(
        &self,
        mut resolutions: Vec<Resolution>,
        cancellation: &Cancellation,
    ) -> Result<Vec<Resolution>, ResolveError> {
        let mut shared = BTreeMap::new();
        for resolution in &mut resolutions {
            let question = Question::new(resolution, self, &shared);
            let solution = question.solve(self.index, resolution, cancellation)?;
            for package in solution.packages() {
                shared
                    .entry(package.name.clone())
                    .or_insert_with(|| package.version.clone());
            }
            resolution.lock = Some(Arc::new(question.lock(&solution)));
        }
        Ok(resolutions)
    }

    /// What is to be kept for `target`: what was locked for it before what was locked for another.
    fn pins(&self, target: &ayon_model::Target, environment: &MarkerEnvironment) -> Pins {
        let mut all = Pins::default();
        let mut add = |pins: Pins| {
            all.versions.extend(pins.versions);
            all.commits.extend(pins.commits);
        };
        for is_own in [false, true] {
            let locks = self.options.previous.iter();
            for lock in locks.filter(|lock| lock.is_for(environment) == is_own) {
                add(lock.pins(environment));
            }
            let resolutions = self.previous.iter();
            for old in resolutions.filter(|old| (old.target == *target) == is_own) {
                old.lock.iter().for_each(|lock| add(Pins::of(lock)));
            }
        }
        let is_kept = |name: &DistributionName| !self.options.upgrade.is_of(name);
        all.versions.retain(|name, _| is_kept(name));
        all.commits.retain(|name, _| is_kept(name));
        all
    }
}

/// What is asked for one target, and who asks.
struct Question {
    ask: Ask,
    commits: BTreeMap<DistributionName, pypi::lock::pins::GitPin>,
    /// By the number of an [`Asker`].
    origins: Vec<Origin>,
    /// The half of each addon's requirement, by the same number; the studio's own words belong to none.
    halves: BTreeMap<u32, Half>,
}

impl Question {
    fn new(
        resolution: &Resolution,
        asking: &Asking<'_>,
        shared: &BTreeMap<DistributionName, Version>,
    ) -> Self {
        let options = asking.options;
        let platform = resolution.target.platform.with_floor(options.floors);
        let target = Arc::new(Target::new(platform, &resolution.python.version));
        let pins = asking.pins(&resolution.target, target.environment());
        let mut ask = Ask::new(target);
        ask.rules = options.rules.clone();
        ask.exclusions.clone_from(&options.exclusions);
        ask.preferences.clone_from(shared);
        // What this target had itself weighs more than what another has.
        ask.preferences.extend(pins.versions);
        let mut question = Self {
            ask,
            commits: pins.commits,
            origins: Vec::new(),
            halves: BTreeMap::new(),
        };
        for distribution in resolution.distributions.values() {
            for asker in &distribution.askers {
                let number = question.number(asker.origin.clone());
                question.halves.insert(number.0, asker.half);
                question.ask.roots.push(Root {
                    requirement: Requirement {
                        name: distribution.name.clone(),
                        extras: asker.extras.clone(),
                        constraint: asker.constraint.clone(),
                        // It was answered when the addon was looked at.
                        marker: Marker::always(),
                    },
                    asker: number,
                });
            }
        }
        let kind = if options.with_provided {
            GivenKind::Pinned
        } else {
            GivenKind::Provided
        };
        for (name, given) in &resolution.modules {
            let asker = question.number(given.origin.clone());
            let version = given.version.clone();
            let given = Given {
                version,
                asker,
                kind,
            };
            question.ask.given.insert(name.clone(), given);
        }
        question.ask.constraints = question.roots(&options.constraints);
        question.ask.overrides = question.roots(&options.overrides);
        question
    }

    fn number(&mut self, origin: Origin) -> Asker {
        let number = u32::try_from(self.origins.len()).unwrap_or(u32::MAX);
        self.origins.push(origin);
        Asker(number)
    }

    fn roots(&mut self, asked: &[Asked]) -> Vec<Root> {
        let root = |asked: &Asked| Root {
            requirement: asked.requirement.clone(),
            asker: self.number(asked.origin.clone()),
        };
        asked.iter().map(root).collect()
    }

    fn origin(&self, asker: Asker) -> Origin {
        let known = self.origins.get(asker.0 as usize).cloned();
        known.unwrap_or_else(Origin::request)
    }

    /// Who asks, and what: where it is written stands beside what is asked for already.
    fn briefly(&self, edge: &Edge) -> String {
        let who = match &edge.from {
            From::Asker(asker) => self.origin(*asker).subject.to_string(),
            From::Package(name, version) => format!("{name} {version}"),
        };
        format!("{who} ({})", edge.requirement)
    }

    fn solve(
        &self,
        index: &dyn Index,
        resolution: &Resolution,
        cancellation: &Cancellation,
    ) -> Result<Solution, ResolveError> {
        let stop = || cancellation.stopped().is_some();
        let remembering = Remembering {
            inner: index,
            commits: self.commits.clone(),
        };
        let refusal = match pypi_solve::solve(&remembering, &self.ask, &stop) {
            Ok(solution) => return Ok(solution),
            Err(refusal) => refusal,
        };
        Err(match refusal {
            Refusal::Conflict(found) => {
                let names = index.known_names();
                let asked = resolution.distributions.keys();
                let known = resolution.modules.keys().chain(asked).chain(&names);
                let origin = |asker| self.origin(asker);
                let told = conflict(&found, &resolution.target, &origin, known);
                ResolveError::Conflict(Box::new(told))
            }
            Refusal::Index(error) => ResolveError::Source {
                what: index.describe(),
                source: error.into_inner(),
            },
            Refusal::Stopped => cancellation.stopped().unwrap_or(Stopped::Cancelled).into(),
        })
    }

    /// The lock of a solution, with the halves.
    fn lock(&self, solution: &Solution) -> Lock {
        let words = |asker| self.origin(asker).to_string();
        let mut lock = solution.lock(LockTarget::of(&self.ask.target), &words);
        let dependencies = self.dependencies(solution, &lock);
        for package in &mut lock.packages {
            let half = if dependencies.contains(&package.name) {
                Half::Dependencies
            } else {
                Half::Runtime
            };
            package.half = Some(half_word(half).to_owned());
            if let Some(held_back) = &mut package.held_back
                && let Some(chosen) = solution.get(&package.name)
                && let Some((_, by)) = &chosen.held_back
            {
                held_back.by = by.iter().map(|edge| self.briefly(edge)).collect();
            }
        }
        lock
    }

    /// Everything that the requirements of the first half need.
    fn dependencies(&self, solution: &Solution, lock: &Lock) -> BTreeSet<DistributionName> {
        let is_first = |from: &From| match from {
            From::Asker(asker) => self.halves.get(&asker.0) != Some(&Half::Runtime),
            From::Package(..) => false,
        };
        let needs: BTreeMap<&DistributionName, _> = lock
            .packages
            .iter()
            .map(|package| (&package.name, &package.dependencies))
            .collect();
        let wanted = solution
            .packages()
            .filter(|package| package.wanted_by.iter().any(|edge| is_first(&edge.from)));
        let mut open: Vec<&DistributionName> = wanted.map(|package| &package.name).collect();
        let mut reached = BTreeSet::new();
        while let Some(name) = open.pop() {
            if reached.insert(name.clone()) {
                open.extend(needs.get(name).into_iter().copied().flatten());
            }
        }
        reached
    }
}

/// How a lock calls a half, as AYON's dependency packages do.
pub(crate) fn half_word(half: Half) -> &'static str {
    match half {
        Half::Dependencies => "dependencies",
        Half::Runtime => "runtime",
    }
}
