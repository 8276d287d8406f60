//! The candidates of a distribution, whatever they are, and what the whole question says about each distribution.

use std::collections::BTreeMap;
use std::sync::Arc;

use pypi::{
    Constraint, DistributionName, Index, IndexError, Requirement, Source, SourceAnswer,
    SourceRelease, VersionSet,
};
use universe::Positions;

use super::Saying;
use crate::candidates::{Candidates, Particular, Policy, number};
use crate::{Ask, Given, GivenKind, Root, Strategy};

/// The candidates of one distribution.
#[derive(Debug)]
pub(crate) enum Line {
    /// It is there already, at one version.
    Given(Given),
    /// The sources that somebody names; an index is not asked then.
    Sources(Vec<SourceCandidate>),
    /// The usable versions of an index.
    Indexed(Candidates),
    /// No index has it.
    Missing,
}

/// A distribution from a place of its own.
#[derive(Debug)]
pub(crate) struct SourceCandidate {
    pub(crate) source: Source,
    /// What it is, or why it cannot be used.
    pub(crate) answer: Result<Arc<SourceRelease>, String>,
}

impl Line {
    /// Asks the index.
    pub(super) fn learn(
        index: &dyn Index,
        settings: &Settings,
        name: &DistributionName,
    ) -> Result<Self, IndexError> {
        if let Some(given) = settings.provided(name) {
            return Ok(Self::Given(given.clone()));
        }
        if let Some(sources) = settings.sources.get(name) {
            let learn = |source: &Source| {
                let answer = match index.source(name, source)? {
                    SourceAnswer::Known(release) => Ok(release),
                    SourceAnswer::Unusable(why) => Err(why),
                };
                let source = source.clone();
                Ok(SourceCandidate { source, answer })
            };
            return Ok(Self::Sources(
                sources
                    .iter()
                    .map(learn)
                    .collect::<Result<_, IndexError>>()?,
            ));
        }
        Ok(match index.project(name)? {
            Some(project) => {
                let particular = settings.particular(name);
                Self::Indexed(Candidates::new(project, &settings.policy, &particular))
            }
            None => Self::Missing,
        })
    }

    pub(crate) fn len(&self) -> u32 {
        match self {
            Self::Given(_) => 1,
            Self::Sources(sources) => number(sources.len()),
            Self::Indexed(candidates) => number(candidates.len()),
            Self::Missing => 0,
        }
    }

    /// The candidates that a constraint allows.
    pub(crate) fn allowed(&self, constraint: &Constraint) -> Positions {
        match (self, constraint) {
            (Self::Given(given), Constraint::Versions { set, .. }) => {
                Positions::from(0..u32::from(set.contains(&given.version)))
            }
            (Self::Indexed(candidates), Constraint::Versions { set, .. }) => candidates.within(set),
            (Self::Sources(sources), _) => {
                let fits = |candidate: &SourceCandidate| match (constraint, &candidate.answer) {
                    (Constraint::Source(source), _) => *source == candidate.source,
                    (Constraint::Versions { set, .. }, Ok(release)) => {
                        set.contains(&release.version)
                    }
                    // What is wrong with it is told when it is tried.
                    (Constraint::Versions { .. }, Err(_)) => true,
                };
                (0..)
                    .zip(sources)
                    .filter(|(_, candidate)| fits(candidate))
                    .map(|(at, _)| at)
                    .collect()
            }
            _ => Positions::empty(),
        }
    }
}

/// The versions that a requirement allows, where it is about versions.
pub(crate) fn set_of(requirement: &Requirement) -> Option<&VersionSet> {
    match &requirement.constraint {
        Constraint::Versions { set, .. } => Some(set),
        Constraint::Source(_) => None,
    }
}

/// What the whole question says, by distribution.
#[derive(Debug)]
pub(crate) struct Settings {
    /// A copy: scouts go on with it on other threads.
    pub(crate) ask: Ask,
    pub(crate) policy: Policy,
    sources: BTreeMap<DistributionName, Vec<Source>>,
    constraints: BTreeMap<DistributionName, Vec<(Saying, Arc<Requirement>)>>,
    overrides: BTreeMap<DistributionName, Vec<(Saying, Arc<Requirement>)>>,
    /// Versions that are asked for by their exact number: those may be yanked.
    exact: BTreeMap<DistributionName, Vec<pypi::Version>>,
}

impl Settings {
    pub(super) fn new(ask: &Ask) -> Self {
        let policy = Policy {
            target: Arc::clone(&ask.target),
            rules: ask.rules.clone(),
        };
        let mut settings = Self {
            ask: ask.clone(),
            policy,
            sources: BTreeMap::new(),
            constraints: BTreeMap::new(),
            overrides: BTreeMap::new(),
            exact: BTreeMap::new(),
        };
        for Root { requirement, asker } in ask.holding(&ask.overrides) {
            let said = (Saying::Override(*asker), Arc::new(requirement.clone()));
            settings
                .overrides
                .entry(requirement.name.clone())
                .or_default()
                .push(said);
            settings.note(requirement);
        }
        for Root { requirement, asker } in ask.holding(&ask.constraints) {
            let said = (Saying::Constraint(*asker), Arc::new(requirement.clone()));
            settings
                .constraints
                .entry(requirement.name.clone())
                .or_default()
                .push(said);
            settings.note(requirement);
        }
        for Root { requirement, .. } in ask.holding(&ask.roots) {
            if !settings.overrides.contains_key(&requirement.name) {
                settings.note(requirement);
            }
        }
        for (name, given) in &ask.given {
            if given.kind == GivenKind::Pinned {
                let set = VersionSet::exactly(&given.version);
                let text = format!("=={}", given.version);
                let requirement = Requirement {
                    name: name.clone(),
                    extras: std::collections::BTreeSet::new(),
                    constraint: Constraint::Versions { set, text },
                    marker: pypi::Marker::always(),
                };
                settings.note(&requirement);
                let said = (Saying::Pin(given.asker), Arc::new(requirement));
                settings
                    .constraints
                    .entry(name.clone())
                    .or_default()
                    .push(said);
            }
        }
        settings
    }

    /// Notes the sources and exact versions that a requirement from outside names.
    fn note(&mut self, requirement: &Requirement) {
        let name = requirement.name.clone();
        match &requirement.constraint {
            Constraint::Source(source) => {
                let sources = self.sources.entry(name).or_default();
                if !sources.contains(source) {
                    sources.push(source.clone());
                }
            }
            Constraint::Versions { set, .. } => {
                if let Some(version) = set.as_exact() {
                    self.exact.entry(name).or_default().push(version);
                }
            }
        }
    }

    pub(super) fn particular(&self, name: &DistributionName) -> Particular {
        let ask = &self.ask;
        let is_direct = || ask.roots.iter().any(|root| root.requirement.name == *name);
        Particular {
            yanked: self.exact(name).to_vec(),
            preferred: ask.preferences.get(name).cloned(),
            is_lowest: match ask.rules.strategy {
                Strategy::Highest => false,
                Strategy::Lowest => true,
                Strategy::LowestDirect => is_direct(),
            },
        }
    }

    /// Whether the candidates of a distribution come from an index.
    pub(super) fn is_indexed(&self, name: &DistributionName) -> bool {
        self.provided(name).is_none() && !self.sources.contains_key(name)
    }

    fn provided(&self, name: &DistributionName) -> Option<&Given> {
        self.ask
            .given
            .get(name)
            .filter(|given| given.kind == GivenKind::Provided)
    }

    /// What is asked in truth: nothing of what is left out, and the overrides of a package, if there are any.
    pub(super) fn replace(
        &self,
        saying: Saying,
        asked: &Arc<Requirement>,
    ) -> Vec<(Saying, Arc<Requirement>)> {
        if self.ask.exclusions.contains(&asked.name) {
            return Vec::new();
        }
        let Some(overrides) = self.overrides.get(&asked.name) else {
            return vec![(saying, Arc::clone(asked))];
        };
        let with_extras = |(saying, instead): &(Saying, Arc<Requirement>)| {
            if asked.extras.is_subset(&instead.extras) {
                return (*saying, Arc::clone(instead));
            }
            let mut instead = Requirement::clone(instead);
            instead.extras.extend(asked.extras.iter().cloned());
            (*saying, Arc::new(instead))
        };
        overrides.iter().map(with_extras).collect()
    }

    /// What must hold of a package if anything needs it.
    pub(super) fn constraints(&self, name: &DistributionName) -> &[(Saying, Arc<Requirement>)] {
        self.constraints.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a package asks for a source that nothing from outside names: such a one is not fetched on its word.
    pub(super) fn is_stranger(&self, requirement: &Requirement) -> bool {
        let Constraint::Source(source) = &requirement.constraint else {
            return false;
        };
        !self.overrides.contains_key(&requirement.name)
            && !self
                .sources
                .get(&requirement.name)
                .is_some_and(|known| known.contains(source))
    }

    /// The versions that somebody outside asks for by their exact number.
    pub(crate) fn exact(&self, name: &DistributionName) -> &[pypi::Version] {
        self.exact.get(name).map_or(&[], Vec::as_slice)
    }
}
