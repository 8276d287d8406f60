//! What pip needs of conda, learnt from what it chose and from its conflicts.
//!
//! What pip's packages need in turn is asked of conda wherever a channel carries it, so that only what no channel has is
//! left to pip. Where that leads nowhere, what was found without is the answer.
//!
//! What pip's index lacks may still be in a channel: then conda is asked for that, too.
//!
//! Conda chooses first, and may choose what pip's packages cannot live with although something else is to be had. Then pip's
//! need is a condition of the next attempt. Where no channel carries what is needed, and no more than addons ask for the
//! package, it is left to pip as well.

use std::collections::BTreeSet;

use ayon_backend::{Conflict, Fact, Object, Resolution, ResolveError, Verb};
use ayon_model::{Origin, Place, Subject};
use conda::{PackageName, Speaker, Spec};
use pypi::lock::{Lock, LockedPackage};
use pypi::{Constraint, DistributionName, Requirement, VersionSet};

use super::learnt::{LEFT, Learnt};
use super::pip::Brought;
use super::question::Question;
use super::sorting::Sorted;
use super::words::{self, Asked};
use super::world::{Carried, World};
use crate::names::{CondaName, Names};

impl Learnt {
    /// Learns from a conflict of pip's. Whether there was anything new in it.
    pub(super) fn learn(
        &mut self,
        conflict: &Conflict,
        brought: &Brought,
        sorted: &Sorted<'_>,
        world: &World,
        names: &Names,
    ) -> Result<bool, ResolveError> {
        let mut is_new = self.supply(conflict, world, names)?;
        for (name, conda) in &brought.packages {
            let object = Object::Distribution(name.clone());
            let about = |fact: &&Fact| fact.object == object;
            let facts: Vec<&Fact> = conflict.facts.iter().filter(about).collect();
            if !facts.iter().any(|fact| fact.verb == Verb::Provides) {
                continue;
            }
            for fact in facts.iter().filter(|fact| fact.verb == Verb::Needs) {
                let (Some(subject), Some(set)) = (fact.subjects.first(), set(name, &fact.range))
                else {
                    continue;
                };
                let Some(spec) = words::versions(conda.as_str(), &set) else {
                    continue;
                };
                let asked = sorted.conda.get(conda);
                let mut specs: Vec<Spec> = asked
                    .into_iter()
                    .flatten()
                    .map(|asked| asked.spec.clone())
                    .collect();
                specs.push(spec.clone());
                let carried = world.carried(&specs)?;
                is_new |= if carried == Carried::Yes {
                    self.need(spec, subject)
                } else {
                    let reason = format!("{subject} needs {}, which no channel has", fact.range);
                    asked.is_some() && self.leave(sorted, conda, &reason)
                };
            }
        }
        Ok(is_new)
    }

    /// Asks conda for what pip's packages need and the index lacks. Whether there was anything new in it.
    fn supply(
        &mut self,
        conflict: &Conflict,
        world: &World,
        names: &Names,
    ) -> Result<bool, ResolveError> {
        let lacking = conflict
            .facts
            .iter()
            .filter(|fact| fact.verb == Verb::Lacks);
        let mut is_new = false;
        for lacking in lacking {
            let Object::Distribution(name) = &lacking.object else {
                continue;
            };
            let CondaName::Is(conda) = names.look_up(name) else {
                continue;
            };
            let is_need = |fact: &&Fact| fact.verb == Verb::Needs && fact.object == lacking.object;
            let needs = conflict.facts.iter().filter(is_need);
            let Some(wishes): Option<Vec<Asked>> = needs
                .map(|fact| {
                    let subject @ Subject::Distribution { .. } = fact.subjects.first()? else {
                        return None;
                    };
                    let set = set(name, &fact.range).unwrap_or_else(VersionSet::any);
                    Some(Asked {
                        spec: words::versions(conda, &set)?,
                        origin: Origin::new(subject.clone(), Place::file(LEFT)),
                    })
                })
                .collect()
            else {
                continue;
            };
            is_new |= self.ask(wishes, Vec::new(), world)?;
        }
        Ok(is_new)
    }

    /// Asks conda for what pip's packages need of one package, if a channel carries that and `others`. Whether it is new.
    fn ask(
        &mut self,
        wishes: Vec<Asked>,
        others: Vec<Spec>,
        world: &World,
    ) -> Result<bool, ResolveError> {
        let is_known = |asked: &Asked| {
            let is_asked = self.asked.iter().any(|known| known.spec == asked.spec);
            is_asked || self.kept.contains(asked.spec.name())
        };
        if wishes.is_empty() || wishes.iter().any(is_known) {
            return Ok(false);
        }
        let mut specs = others;
        specs.extend(wishes.iter().map(|asked| asked.spec.clone()));
        let is_carried = world.carried(&specs)? == Carried::Yes;
        if is_carried {
            self.asked.extend(wishes);
        }
        Ok(is_carried)
    }

    /// Learns from what pip chose what conda could bring instead. Whether there was anything new in it.
    pub(super) fn promote(
        &mut self,
        lock: &Lock,
        resolution: &Resolution,
        world: &World,
        names: &Names,
    ) -> Result<bool, ResolveError> {
        let mut is_new = false;
        for package in &lock.packages {
            let is_left = package.wanted_by.iter().any(|wanted| wanted.is_root);
            if is_left || !package.extras.is_empty() {
                continue;
            }
            let CondaName::Is(conda) = names.look_up(&package.name) else {
                continue;
            };
            let Some(wishes) = wishes(package, conda) else {
                continue;
            };
            let given = resolution.modules.get(&package.name);
            let given = given.map(|given| VersionSet::exactly(&given.version));
            let given = given.and_then(|given| words::versions(conda, &given));
            is_new |= self.ask(wishes, given.into_iter().collect(), world)?;
        }
        Ok(is_new)
    }

    /// What of pip's packages' needs a refusal of conda's is about.
    pub(super) fn blamed(
        &self,
        conflict: &conda::Conflict,
        question: &Question,
    ) -> BTreeSet<PackageName> {
        let mut names = BTreeSet::new();
        for statement in &conflict.statements {
            if let Speaker::Asker(asker) = statement.speaker {
                let origin = question.origin(asker);
                let asked = self.asked.iter().filter(|asked| asked.origin == origin);
                let about = asked.filter(|asked| *asked.spec.name() == statement.about);
                names.extend(about.map(|asked| asked.spec.name().clone()));
            }
        }
        names
    }

    /// Learns what conda cannot bring to pip's packages. Whether there was anything of that among what is asked for them.
    pub(super) fn retract(&mut self, names: BTreeSet<PackageName>) -> bool {
        let before = self.asked.len();
        self.asked
            .retain(|asked| !names.contains(asked.spec.name()));
        let is_new = self.asked.len() < before;
        if is_new {
            self.kept.extend(names);
        }
        is_new
    }

    fn need(&mut self, spec: Spec, subject: &Subject) -> bool {
        if self.needs.iter().any(|asked| asked.spec == spec) {
            return false;
        }
        let origin = Origin::new(subject.clone(), Place::file(LEFT));
        self.needs.push(Asked { spec, origin });
        true
    }

    /// Leaves everything that addons ask for of a package to pip.
    fn leave(&mut self, sorted: &Sorted<'_>, conda: &conda::PackageName, reason: &str) -> bool {
        let names = sorted.names.get(conda).into_iter().flatten();
        let before = self.left.len();
        for name in names {
            self.left
                .entry(name.clone())
                .or_insert_with(|| reason.to_owned());
        }
        self.left.len() > before
    }
}

/// What is asked of a package of pip's, in conda's words, if it has any for it.
fn wishes(package: &LockedPackage, conda: &str) -> Option<Vec<Asked>> {
    let one = |wanted: &pypi::lock::WantedBy| {
        let requirement: Requirement = wanted.requirement.parse().ok()?;
        let Constraint::Versions { set, .. } = requirement.constraint else {
            return None;
        };
        let (name, version) = wanted.who.split_once(' ')?;
        let subject = Subject::Distribution {
            name: name.parse().ok()?,
            version: version.parse().ok()?,
        };
        Some(Asked {
            spec: words::versions(conda, &set)?,
            origin: Origin::new(subject, Place::file(LEFT)),
        })
    };
    package.wanted_by.iter().map(one).collect()
}

/// The versions that words allow.
fn set(name: &DistributionName, words: &str) -> Option<VersionSet> {
    let requirement: Requirement = format!("{name}{words}").parse().ok()?;
    match requirement.constraint {
        Constraint::Versions { set, .. } if !set.is_any() => Some(set),
        Constraint::Versions { .. } | Constraint::Source(_) => None,
    }
}
