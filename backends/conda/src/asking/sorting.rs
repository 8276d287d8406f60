//! Which of the distributions come from conda, and which are left to pip.
//!
//! Conda's are those that a channel carries, under a name that somebody knows, in a version that everybody wants and for
//! the process's Python; whichever channel that is, since a package that is only hidden by a channel's rank is for the solve
//! to refuse. The rest are pip's, and each of them is told unless the reason is the plain one: no channel has it.

use std::collections::BTreeMap;

use ayon_backend::{Resolution, ResolveError, ResolvedDistribution};
use conda::{PackageName, Spec};
use pypi::{Constraint, DistributionName, VersionSet};

use super::learnt::Learnt;
use super::words::{self, Asked};
use super::world::{Carried, World};
use crate::names::CondaName;
use crate::options::Options;

/// The distributions that have to be in an environment, by where they come from.
#[derive(Debug, Default)]
pub(super) struct Sorted<'a> {
    /// What is asked of conda, by package.
    pub(super) conda: BTreeMap<PackageName, Vec<Asked>>,
    /// The distributions that are in each of these.
    pub(super) names: BTreeMap<PackageName, Vec<DistributionName>>,
    /// What is left to pip, with the reason.
    pub(super) pip: Vec<(&'a ResolvedDistribution, String)>,
    /// What is worth telling.
    pub(super) notes: Vec<String>,
}

/// Distributions that are in one conda package.
#[derive(Default)]
struct Group<'a> {
    distributions: Vec<&'a ResolvedDistribution>,
    asked: Vec<Asked>,
}

impl<'a> Sorted<'a> {
    pub(super) fn new(
        resolution: &'a Resolution,
        world: &World,
        learnt: &Learnt,
        options: &Options,
    ) -> Result<Self, ResolveError> {
        let mut sorted = Self::default();
        let mut groups: BTreeMap<PackageName, Group<'a>> = BTreeMap::new();
        let wanted = resolution.distributions.values();
        let wanted = wanted.filter(|one| options.with_provided || one.given.is_none());
        for distribution in wanted {
            let found = match learnt.left.get(&distribution.name) {
                Some(reason) => Err(Left::new(reason.clone())),
                None => package(distribution, options),
            };
            match found {
                Ok((name, asked)) => {
                    let group = groups.entry(name).or_default();
                    group.distributions.push(distribution);
                    group.asked.extend(asked);
                }
                Err(reason) => sorted.leave(distribution, reason),
            }
        }
        for (name, group) in groups {
            let specs: Vec<Spec> = group.asked.iter().map(|asked| asked.spec.clone()).collect();
            let carried = world.carried(&specs)?;
            let reason = match carried {
                Carried::Yes => {
                    let names = group.distributions.iter().map(|one| one.name.clone());
                    sorted.names.insert(name.clone(), names.collect());
                    sorted.conda.insert(name, group.asked);
                    continue;
                }
                Carried::No => Left {
                    reason: format!("no channel has {name}"),
                    is_plain: true,
                },
                Carried::Otherwise => Left {
                    reason: format!(
                        "no channel has {name} {} for Python {}",
                        ranges(&group.distributions),
                        resolution.python.text()
                    ),
                    is_plain: false,
                },
            };
            for distribution in group.distributions {
                sorted.leave(distribution, reason.clone());
            }
        }
        sorted.pip.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        Ok(sorted)
    }

    fn leave(&mut self, distribution: &'a ResolvedDistribution, left: Left) {
        if !left.is_plain {
            self.notes.push(format!(
                "{} is left to pip: {}",
                distribution.name, left.reason
            ));
        }
        self.pip.push((distribution, left.reason));
    }
}

/// Why a distribution is left to pip.
#[derive(Clone)]
struct Left {
    reason: String,
    /// Whether everybody expects it.
    is_plain: bool,
}

impl Left {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            is_plain: false,
        }
    }
}

/// The package a distribution is in, and everybody's wishes in conda's words; or why it is left to pip.
fn package(
    distribution: &ResolvedDistribution,
    options: &Options,
) -> Result<(PackageName, Vec<Asked>), Left> {
    if distribution.source.is_some() {
        return Err(Left {
            reason: "it comes from a source of its own".to_owned(),
            is_plain: true,
        });
    }
    let name = match options.names.look_up(&distribution.name) {
        CondaName::Is(name) => name,
        CondaName::Absent => {
            return Err(Left {
                reason: "no channel is known to carry it".to_owned(),
                is_plain: true,
            });
        }
        CondaName::Unknown => return Err(Left::new("nobody has told what conda calls it")),
    };
    if !distribution.extras.is_empty() {
        return Err(Left::new(
            "it is asked for with extras, which conda does not have",
        ));
    }
    let package = name
        .parse()
        .map_err(|error| Left::new(format!("its conda name is none: {error}")))?;
    let askers = distribution.askers.iter().map(|asker| {
        let set = match &asker.constraint {
            Constraint::Versions { set, .. } => set.clone(),
            Constraint::Source(_) => VersionSet::any(),
        };
        (set, &asker.origin)
    });
    let given = distribution
        .given
        .iter()
        .map(|given| (VersionSet::exactly(&given.version), &given.origin));
    let mut asked = Vec::new();
    for (set, origin) in askers.chain(given) {
        let spec = words::versions(name, &set)
            .ok_or_else(|| Left::new(format!("conda has no words for the versions {set}")))?;
        asked.push(Asked {
            spec,
            origin: origin.clone(),
        });
    }
    Ok((package, asked))
}

/// What is asked of distributions, for people.
fn ranges(distributions: &[&ResolvedDistribution]) -> String {
    let all = distributions
        .iter()
        .fold(VersionSet::any(), |all, one| all.intersection(&one.set));
    if all.is_any() {
        "in any version".to_owned()
    } else {
        all.to_string()
    }
}
