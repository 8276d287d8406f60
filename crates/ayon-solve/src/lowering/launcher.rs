//! Launchers and hosts in the universe: what they give a process, at versions nothing can change.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ayon_model::{Host, LauncherBuild, Origin, Process, Studio, Subject, Version};
use pypi::{DistributionName, VersionSet};

use super::python::{PossiblePython, Sayings, modules};
use super::{Lowering, Wording, is_final, possible};
use crate::{Object, Question, Verb};
use universe::{Candidate, Requirement, RequirementKind};

/// A launcher with its builds for the target's system, best first.
pub(super) struct LauncherCandidate<'a> {
    pub(super) version: &'a Version,
    pub(super) builds: Vec<&'a LauncherBuild>,
}

/// The launchers that have a build for the target's system, best last.
pub(super) fn candidates<'a>(
    studio: &'a Studio,
    question: &Question,
) -> Vec<LauncherCandidate<'a>> {
    let mut candidates: Vec<LauncherCandidate<'_>> = studio
        .launchers
        .values()
        .map(|launcher| LauncherCandidate {
            version: &launcher.version,
            builds: launcher
                .builds_for(question.target.platform.system)
                .collect(),
        })
        .filter(|candidate| !candidate.builds.is_empty())
        .collect();
    if !question.prereleases {
        candidates.sort_by_key(|candidate| is_final(candidate.version));
    }
    candidates
}

/// The Pythons the process may turn out to have: the host's one, or one per launcher build that is admitted.
pub(super) fn possible_pythons(
    question: &Question,
    host: Option<&Host>,
    launchers: &[LauncherCandidate<'_>],
) -> Vec<PossiblePython> {
    if let Some(version) = &question.python {
        let given = ayon_model::GivenPython::new(version, Origin::request());
        return vec![possible(&question.target, given.set, version)];
    }
    if let Some(host) = host {
        let set = host.python_set();
        return set
            .zip(host.python_version())
            .map(|(set, version)| possible(&question.target, set, version))
            .into_iter()
            .collect();
    }
    let admitted = launchers
        .iter()
        .filter(|launcher| question.launcher.wanted.admits(launcher.version));
    let mut versions: Vec<_> = admitted
        .flat_map(|launcher| &launcher.builds)
        .filter_map(|build| build.python.as_ref())
        .collect();
    versions.sort_unstable();
    versions.dedup();
    versions
        .into_iter()
        .map(|version| possible(&question.target, VersionSet::exactly(version), version))
        .collect()
}

/// Adds the given versions of every module that anybody asks for; the others never come up.
pub(super) fn say(
    question: &Question,
    host: Option<&Host>,
    launchers: &[LauncherCandidate<'_>],
    sayings: &mut BTreeMap<&DistributionName, Sayings<'_>>,
) {
    let with_qt = question.target.process == Process::Launcher;
    let of_launchers = launchers.iter().flat_map(|launcher| &launcher.builds);
    let of_launchers = of_launchers
        .flat_map(|build| modules(build, with_qt))
        .map(|(_, name, version)| (name, version));
    for (name, version) in of_launchers.chain(host.into_iter().flat_map(|host| &host.modules)) {
        if let Some(sayings) = sayings.get_mut(name) {
            sayings.add_set(VersionSet::exactly(version));
        }
    }
}

impl Lowering<'_> {
    pub(super) fn launcher_candidate(&self, position: u32) -> Candidate<'static> {
        let Some(launcher) = self.launchers.get(position as usize) else {
            return Candidate::default();
        };
        let mut variants: Vec<Vec<Requirement>> = launcher
            .builds
            .iter()
            .map(|build| self.build(launcher.version, build))
            .collect();
        match variants.len() {
            1 => Candidate {
                requirements: variants.remove(0).into(),
                variants: Vec::new(),
            },
            _ => Candidate {
                requirements: Cow::default(),
                variants: variants.into_iter().map(Cow::Owned).collect(),
            },
        }
    }

    /// What a build fixes: the interpreter of the launcher's own processes, and its modules.
    fn build(&self, version: &Version, build: &LauncherBuild) -> Vec<Requirement> {
        let subject = Subject::Launcher(version.to_string().into());
        let origin = |key: &str| Origin::new(subject.clone(), build.place.at(key, None));
        let mut given = Vec::new();
        let is_host = matches!(self.question.target.process, Process::Host { .. });
        if let (false, Some(python)) = (
            is_host,
            self.question.python.as_ref().or(build.python.as_ref()),
        ) {
            let from = if self.question.python.is_some() {
                Origin::request()
            } else {
                origin("pythonVersion")
            };
            let allowed = self.python_line.given(&VersionSet::exactly(python));
            given.push(self.provides(Object::Python, python, allowed, from));
        }
        let with_qt = self.question.target.process == Process::Launcher;
        for (key, name, version) in modules(build, with_qt) {
            if self.sayings.contains_key(name) {
                let allowed = self.line(name).given(&VersionSet::exactly(version));
                given.push(self.provides(
                    Object::Distribution(name.clone()),
                    version,
                    allowed,
                    origin(key),
                ));
            }
        }
        // The launcher's modules come first on the path and hide a host's own of the same name.
        for (name, version) in self.host.into_iter().flat_map(|host| &host.modules) {
            if self.sayings.contains_key(name) && !build.modules.contains_key(name) {
                let allowed = self.line(name).given(&VersionSet::exactly(version));
                let from = self
                    .host
                    .map_or_else(Origin::request, |host| host.origin("modules"));
                given.push(self.provides(
                    Object::Distribution(name.clone()),
                    version,
                    allowed,
                    from,
                ));
            }
        }
        given
    }

    fn provides(
        &self,
        object: Object,
        version: &pypi::Version,
        allowed: universe::Positions,
        origin: Origin,
    ) -> Requirement {
        let wording = Wording {
            verb: Verb::Provides,
            object,
            range: version.to_string(),
            origin,
        };
        self.requirement(allowed, RequirementKind::Required, wording)
    }
}
