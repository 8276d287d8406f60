//! Judges an answer by the packages alone: is it one, and is there nothing too much in it?
//!
//! No part of the solver is asked, nor the reader of metadata that it uses: requirements are read one by one, their
//! markers evaluated with and without each extra, and the closure is walked.

use std::collections::BTreeSet;

use pypi::{Constraint, DistributionName, ExtraName, Requirement, Target, Version, VersionSet};

use super::packages::{Choice, PythonWorld, Release};

/// Judges answers to one question.
pub struct Judgement<'a> {
    /// What there is.
    pub world: &'a PythonWorld,
    /// For whom.
    pub target: &'a Target,
    /// What is asked.
    pub roots: &'a [Requirement],
}

impl Judgement<'_> {
    /// What is wrong with an answer, one line each.
    pub fn faults(&self, answer: &Choice) -> Vec<String> {
        let mut faults = Vec::new();
        let mut walk = Walk {
            answer,
            next: Vec::new(),
            seen: BTreeSet::new(),
        };
        for root in self.roots {
            if root.marker.evaluate(self.target.environment(), &[]) {
                walk.follow(root, "the request", &mut faults);
            }
        }
        while let Some((name, extra)) = walk.next.pop() {
            let Some(release) = self.release(&name, &answer[&name]) else {
                continue;
            };
            let who = format!("{name} {}", answer[&name]);
            match self.needs(release, extra.as_ref()) {
                Ok(needs) => {
                    let needs = needs.iter();
                    needs.for_each(|need| walk.follow(need, &who, &mut faults));
                }
                Err(error) => faults.push(format!("{who}: {error}")),
            }
        }
        let reached: BTreeSet<_> = walk.seen.into_iter().map(|(name, _)| name).collect();
        for (name, version) in answer {
            match self.release(name, version) {
                None => faults.push(format!("{name} {version} does not exist")),
                Some(release) => faults.extend(self.unusable(name, version, release)),
            }
            if !reached.contains(name) {
                faults.push(format!("nobody needs {name} {version}"));
            }
        }
        faults
    }

    fn release(&self, name: &DistributionName, version: &Version) -> Option<&Release> {
        self.world.packages.get(name)?.get(version)
    }

    /// What a release needs here: by itself, or for an extra.
    fn needs(
        &self,
        release: &Release,
        extra: Option<&ExtraName>,
    ) -> Result<Vec<Requirement>, pypi::RequirementError> {
        let extras: Vec<ExtraName> = extra.into_iter().cloned().collect();
        let mut needs = Vec::new();
        for text in &release.requires {
            let requirement: Requirement = text.parse()?;
            let environment = self.target.environment();
            if requirement.marker.evaluate(environment, &extras) {
                needs.push(requirement);
            }
        }
        Ok(needs)
    }

    /// Why a release cannot be installed.
    fn unusable(
        &self,
        name: &DistributionName,
        version: &Version,
        release: &Release,
    ) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fits = release.wheels.iter().filter_map(|tags| tags.parse().ok());
        if !fits.any(|tags| self.target.rank(&tags).is_some()) {
            faults.push(format!("{name} {version} has no wheel for the target"));
        }
        if let Some(python) = &release.requires_python
            && !self.is_new_enough(python)
        {
            faults.push(format!("{name} {version} is for Python {python}"));
        }
        if release.is_yanked && !self.is_pinned(name, version) {
            faults.push(format!("{name} {version} is yanked"));
        }
        faults
    }

    /// Whether a range of Pythons begins at the target's or below. What it says of later ones is advice.
    fn is_new_enough(&self, python: &str) -> bool {
        let up_to = format!("<={}", self.target.python());
        match (
            VersionSet::from_specifiers(python),
            VersionSet::from_specifiers(&up_to),
        ) {
            (Ok(range), Ok(up_to)) => !range.is_disjoint(&up_to),
            _ => false,
        }
    }

    /// Whether the request itself names exactly this version.
    fn is_pinned(&self, name: &DistributionName, version: &Version) -> bool {
        self.roots.iter().any(|root| match &root.constraint {
            Constraint::Versions { set, .. } => {
                root.name == *name && set.as_exact().as_ref() == Some(version)
            }
            Constraint::Source(_) => false,
        })
    }
}

/// A walk over an answer.
struct Walk<'a> {
    answer: &'a Choice,
    next: Vec<(DistributionName, Option<ExtraName>)>,
    seen: BTreeSet<(DistributionName, Option<ExtraName>)>,
}

impl Walk<'_> {
    /// Holds a requirement against the answer, and goes where it leads.
    fn follow(&mut self, requirement: &Requirement, who: &str, faults: &mut Vec<String>) {
        let name = &requirement.name;
        let Some(version) = self.answer.get(name) else {
            faults.push(format!("{who} needs {requirement}, which is missing"));
            return;
        };
        if let Constraint::Versions { set, .. } = &requirement.constraint
            && !set.contains(version)
        {
            faults.push(format!("{who} needs {requirement}, and {version} is there"));
        }
        let extras = requirement.extras.iter().cloned().map(Some);
        for extra in std::iter::once(None).chain(extras) {
            let place = (name.clone(), extra);
            if self.seen.insert(place.clone()) {
                self.next.push(place);
            }
        }
    }
}

/// How two answers differ, one line each.
pub(crate) fn differences(expected: &Choice, ours: &Choice) -> Vec<String> {
    let names: BTreeSet<_> = expected.keys().chain(ours.keys()).collect();
    let show = |version: Option<&Version>| version.map_or("-".to_owned(), Version::to_string);
    names
        .into_iter()
        .filter(|name| expected.get(*name) != ours.get(*name))
        .map(|name| {
            let (expected, ours) = (show(expected.get(name)), show(ours.get(name)));
            format!("{name}: {expected} recorded, {ours} by us")
        })
        .collect()
}
