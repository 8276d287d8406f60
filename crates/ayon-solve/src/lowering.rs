//! From AYON's nouns to the neutral universe, for one question.
//!
//! | package | candidates, best last | learnt from |
//! |---|---|---|
//! | server | the one version | the studio |
//! | launcher | its releases; the builds for the target's system are their variants | the studio |
//! | python | cells of the version line | interpreter requirements, launchers, the host |
//! | addon | its releases | the studio |
//! | distribution | sources, then cells of the version line | requirements in play, launchers, the host |
//!
//! The engine asks for candidates and requirements when it first needs them, so of a large studio only what the
//! question touches is lowered. Each requirement leaves an entry in the [`Words`] under its origin, from which
//! conflicts and resolutions are told again.

mod launcher;
mod python;
mod telling;
mod words;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use ayon_model::{
    AddonName, AddonRelease, Host, Knowledge, LauncherBuild, Origin, Process, Studio, Target,
    Version, VersionRange,
};
use indexmap::IndexSet;
use pypi::DistributionName;

use self::launcher::LauncherCandidate;
use self::python::{Line, PossiblePython, Sayings, requirements_by_python};
pub(crate) use self::words::{Wording, Words};
use crate::{Object, Question, Verb, Wanted};
use universe::{
    Candidate, PackageId, Positions, Preference, Request, Requirement, RequirementKind, Universe,
    UniverseError,
};

/// The universe of one question.
pub(crate) struct Lowering<'a> {
    pub(crate) studio: &'a Studio,
    pub(crate) question: &'a Question,
    host: Option<&'a Host>,
    launchers: Vec<LauncherCandidate<'a>>,
    pythons: Vec<PossiblePython>,
    sayings: BTreeMap<&'a DistributionName, Sayings<'a>>,
    python_line: Line<'a>,
    /// Objects by package id.
    objects: RefCell<IndexSet<Object>>,
    lines: RefCell<BTreeMap<PackageId, Rc<Line<'a>>>>,
    releases: RefCell<BTreeMap<AddonName, Rc<Releases<'a>>>>,
    words: RefCell<Words>,
    unknown: RefCell<Vec<(AddonName, Version)>>,
    server: OnceCell<Option<Version>>,
}

/// The candidates of one addon, best last, and the positions of each range met so far.
struct Releases<'a> {
    candidates: Vec<&'a AddonRelease>,
    ranges: RefCell<BTreeMap<String, Positions>>,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(studio: &'a Studio, question: &'a Question, host: Option<&'a Host>) -> Self {
        let launchers = launcher::candidates(studio, question);
        let pythons = launcher::possible_pythons(question, host, &launchers);
        let mut sayings: BTreeMap<&DistributionName, Sayings<'a>> = BTreeMap::new();
        let mut python_sayings = Sayings::default();
        for release in in_play(studio, question) {
            for requirement in &release.python.distributions {
                sayings
                    .entry(&requirement.dependency.name)
                    .or_default()
                    .add(&requirement.dependency.constraint);
            }
            if let Some(interpreter) = &release.python.interpreter {
                python_sayings.add_range(&interpreter.text, &interpreter.set);
            }
        }
        for python in &pythons {
            python_sayings.add_set(python.set.clone());
        }
        launcher::say(question, host, &launchers, &mut sayings);
        Self {
            studio,
            question,
            host,
            launchers,
            pythons,
            sayings,
            python_line: python_sayings.line(),
            objects: RefCell::default(),
            lines: RefCell::default(),
            releases: RefCell::default(),
            words: RefCell::default(),
            unknown: RefCell::default(),
            server: OnceCell::new(),
        }
    }

    /// The request: addons in the order asked, then the launcher, then what the host brings.
    pub(crate) fn request(&self) -> Request {
        let mut requirements = Vec::new();
        let mut oldest = Vec::new();
        for ask in &self.question.addons {
            let package = self.package(Object::Addon(ask.name.clone()));
            let allowed = self.releases(&ask.name).admitted(&ask.wanted);
            requirements.push(self.asked(package, allowed, &ask.wanted, &ask.origin));
            oldest.extend(ask.oldest.then_some(package));
        }
        let ask = &self.question.launcher;
        let package = self.package(Object::Launcher);
        let allowed = positions_where(&self.launchers, |launcher| {
            ask.wanted.admits(launcher.version)
        });
        requirements.push(self.asked(package, allowed, &ask.wanted, &ask.origin));
        oldest.extend(ask.oldest.then_some(package));
        requirements.extend(self.host_python());
        let request = Request::new(requirements);
        oldest.into_iter().fold(request, |request, package| {
            request.prefer(package, Preference::Oldest)
        })
    }

    /// The interpreter a host process has, whatever launcher starts it.
    fn host_python(&self) -> Option<Requirement> {
        let (Process::Host { .. }, [python]) =
            (&self.question.target.process, self.pythons.as_slice())
        else {
            return None;
        };
        let origin = match (&self.question.python, self.host) {
            (None, Some(host)) => host.origin("python"),
            _ => Origin::request(),
        };
        let wording = Wording {
            verb: Verb::Provides,
            object: Object::Python,
            range: python.text.clone(),
            origin,
        };
        Some(self.requirement(
            self.python_line.given(&python.set),
            RequirementKind::Required,
            wording,
        ))
    }

    /// Releases whose relations the solver wanted and nobody knows yet.
    pub(crate) fn unknown(&self) -> Vec<(AddonName, Version)> {
        self.unknown.borrow().clone()
    }

    pub(crate) fn object(&self, package: PackageId) -> Object {
        self.objects.borrow()[package.0 as usize].clone()
    }

    pub(crate) fn words(&self) -> std::cell::Ref<'_, Words> {
        self.words.borrow()
    }

    /// The release that is candidate `position` of an addon.
    pub(crate) fn release(&self, name: &AddonName, position: u32) -> Option<&'a AddonRelease> {
        self.releases(name)
            .candidates
            .get(position as usize)
            .copied()
    }

    /// The launcher that is candidate `position`, and its build by variant.
    pub(crate) fn launcher(
        &self,
        position: u32,
        variant: Option<u32>,
    ) -> Option<(&'a Version, &'a LauncherBuild)> {
        let candidate = self.launchers.get(position as usize)?;
        Some((
            candidate.version,
            candidate.builds.get(variant.unwrap_or(0) as usize)?,
        ))
    }

    fn package(&self, object: Object) -> PackageId {
        let (index, _) = self.objects.borrow_mut().insert_full(object);
        PackageId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    fn asked(
        &self,
        package: PackageId,
        allowed: Positions,
        wanted: &Wanted,
        origin: &Origin,
    ) -> Requirement {
        let object = self.object(package);
        let verb = if matches!(wanted, Wanted::Exactly(_)) {
            Verb::Pins
        } else {
            Verb::Needs
        };
        let wording = Wording {
            verb,
            object,
            range: wanted.text(),
            origin: origin.clone(),
        };
        self.requirement(allowed, RequirementKind::Required, wording)
    }

    fn requirement(
        &self,
        allowed: Positions,
        kind: RequirementKind,
        wording: Wording,
    ) -> Requirement {
        let package = self.package(wording.object.clone());
        let origin = self.words.borrow_mut().add(wording);
        Requirement {
            package,
            allowed,
            kind,
            origin,
        }
    }

    fn server(&self) -> Option<&Version> {
        let parse = || {
            self.studio
                .server_version
                .as_deref()
                .and_then(|version| Version::parse(version).ok())
        };
        self.server.get_or_init(parse).as_ref()
    }

    fn line(&self, name: &DistributionName) -> Rc<Line<'a>> {
        let package = self.package(Object::Distribution(name.clone()));
        let mut lines = self.lines.borrow_mut();
        let line = lines.entry(package).or_insert_with(|| {
            Rc::new(
                self.sayings
                    .get(name)
                    .map_or_else(|| Sayings::default().line(), Sayings::line),
            )
        });
        Rc::clone(line)
    }

    fn releases(&self, name: &AddonName) -> Rc<Releases<'a>> {
        if let Some(releases) = self.releases.borrow().get(name) {
            return Rc::clone(releases);
        }
        let asked = self.question.addons.iter().any(|ask| ask.name == *name);
        let candidates = if asked || self.question.is_open {
            usable_releases(self.studio, self.question, name)
        } else {
            Vec::new()
        };
        let releases = Rc::new(Releases {
            candidates,
            ranges: RefCell::default(),
        });
        self.releases
            .borrow_mut()
            .insert(name.clone(), Rc::clone(&releases));
        releases
    }

    /// What a release says about the server, the launcher and other addons.
    fn relations(
        &self,
        release: &AddonRelease,
        needs: &mut Vec<Requirement>,
    ) -> Result<(), UniverseError> {
        let relations = match &release.relations {
            Knowledge::Known(relations) => relations,
            Knowledge::Legacy => return Ok(()),
            Knowledge::Unknown(reason) => {
                self.unknown
                    .borrow_mut()
                    .push((release.name.clone(), release.version.clone()));
                return Err(UniverseError::new(reason.to_string()));
            }
        };
        if let (Some(range), Some(server)) = (&relations.server, self.server()) {
            let allowed = if range.allows(server) == Ok(true) {
                Positions::singleton(0)
            } else {
                Positions::empty()
            };
            let wording = Wording {
                verb: Verb::Needs,
                object: Object::Server,
                range: range.to_string(),
                origin: release.origin("ayon_server_version", None),
            };
            needs.push(self.requirement(allowed, RequirementKind::Required, wording));
        }
        if let Some(range) = &relations.launcher {
            let allowed = positions_where(&self.launchers, |launcher| {
                range.allows(launcher.version) == Ok(true)
            });
            let wording = Wording {
                verb: Verb::Needs,
                object: Object::Launcher,
                range: range.to_string(),
                origin: release.origin("ayon_launcher_version", None),
            };
            needs.push(self.requirement(allowed, RequirementKind::Required, wording));
        }
        for (name, range) in &relations.required {
            let (verb, kind, text) = match range {
                Some(range) => (Verb::Needs, RequirementKind::Required, range.to_string()),
                None => (
                    Verb::Avoids,
                    RequirementKind::Forbidden,
                    "any version".to_owned(),
                ),
            };
            let allowed = range
                .as_ref()
                .map_or_else(Positions::empty, |range| self.releases(name).within(range));
            let origin = release.origin("ayon_required_addons", Some(name));
            let wording = Wording {
                verb,
                object: Object::Addon(name.clone()),
                range: text,
                origin,
            };
            needs.push(self.requirement(allowed, kind, wording));
        }
        for (name, range) in &relations.soft_required {
            let Some(range) = range else { continue };
            let wording = Wording {
                verb: Verb::IfPresentNeeds,
                object: Object::Addon(name.clone()),
                range: range.to_string(),
                origin: release.origin("ayon_soft_required_addons", Some(name)),
            };
            let allowed = self.releases(name).within(range);
            needs.push(self.requirement(allowed, RequirementKind::Weak, wording));
        }
        Ok(())
    }

    fn addon(&self, release: &AddonRelease) -> Result<Candidate<'static>, UniverseError> {
        let mut needs = Vec::new();
        self.relations(release, &mut needs)?;
        if let Some(interpreter) = &release.python.interpreter {
            let wording = Wording {
                verb: Verb::Needs,
                object: Object::Python,
                range: interpreter.text.clone(),
                origin: interpreter.origin.clone(),
            };
            let allowed = self.python_line.given(&interpreter.set);
            needs.push(self.requirement(allowed, RequirementKind::Required, wording));
        }
        let target = &self.question.target;
        let groups = requirements_by_python(release, &self.pythons, |requirement| {
            target.is_reached_by(requirement)
        });
        let single = groups.len() == 1;
        let mut variants: Vec<Cow<'static, [Requirement]>> = Vec::new();
        for (pythons, requirements) in groups {
            let mut variant = Vec::new();
            if !single {
                let wording = Wording {
                    verb: Verb::Needs,
                    object: Object::Python,
                    range: pythons.to_string(),
                    origin: Origin {
                        subject: release.subject(),
                        place: None,
                    },
                };
                let allowed = self.python_line.given(&pythons);
                variant.push(self.requirement(allowed, RequirementKind::Required, wording));
            }
            for requirement in requirements {
                let dependency = &requirement.dependency;
                let wording = Wording {
                    verb: Verb::Needs,
                    object: Object::Distribution(dependency.name.clone()),
                    range: dependency.constraint.to_string(),
                    origin: requirement.origin.clone(),
                };
                let allowed = self
                    .line(&dependency.name)
                    .positions(&dependency.constraint);
                variant.push(self.requirement(allowed, RequirementKind::Required, wording));
            }
            variants.push(Cow::Owned(variant));
        }
        if let (true, Some(only)) = (single, variants.pop()) {
            needs.extend(only.into_owned());
        }
        Ok(Candidate {
            requirements: Cow::Owned(needs),
            variants,
        })
    }
}

impl Universe for Lowering<'_> {
    fn candidate_count(&self, package: PackageId) -> Result<u32, UniverseError> {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        Ok(match self.object(package) {
            Object::Server => 1,
            Object::Launcher => count(self.launchers.len()),
            Object::Python => self.python_line.len(),
            Object::Addon(name) => count(self.releases(&name).candidates.len()),
            Object::Distribution(name) => self.line(&name).len(),
        })
    }

    fn candidate(&self, package: PackageId, position: u32) -> Result<Candidate<'_>, UniverseError> {
        match self.object(package) {
            Object::Server | Object::Python | Object::Distribution(_) => Ok(Candidate::default()),
            Object::Launcher => Ok(self.launcher_candidate(position)),
            Object::Addon(name) => self
                .release(&name, position)
                .map_or_else(|| Ok(Candidate::default()), |release| self.addon(release)),
        }
    }
}

impl Releases<'_> {
    fn admitted(&self, wanted: &Wanted) -> Positions {
        positions_where(&self.candidates, |release| wanted.admits(&release.version))
    }

    /// A relation's range. The same few texts recur in every release of an addon, so each is looked up once.
    fn within(&self, range: &VersionRange) -> Positions {
        if let Some(known) = self.ranges.borrow().get(range.text()) {
            return known.clone();
        }
        let positions = positions_where(&self.candidates, |release| {
            range.allows(&release.version) == Ok(true)
        });
        self.ranges
            .borrow_mut()
            .insert(range.text().to_owned(), positions.clone());
        positions
    }
}

/// The releases that may end up in the answer: the pinned ones, or in an open world all.
fn in_play<'a>(
    studio: &'a Studio,
    question: &'a Question,
) -> impl Iterator<Item = &'a AddonRelease> {
    let open = question
        .is_open
        .then(|| studio.addons.values())
        .into_iter()
        .flatten();
    let open = open
        .flat_map(|addon| addon.releases.values())
        .map(AsRef::as_ref);
    let asked = question
        .addons
        .iter()
        .filter(|_| !question.is_open)
        .flat_map(|ask| {
            let releases = studio
                .addons
                .get(&ask.name)
                .into_iter()
                .flat_map(|addon| addon.releases.values());
            releases
                .map(AsRef::as_ref)
                .filter(|release: &&AddonRelease| ask.wanted.admits(&release.version))
        });
    open.chain(asked)
}

/// The releases of an addon that can be chosen, best last: not broken, and with nothing in them that cannot be read.
fn usable_releases<'a>(
    studio: &'a Studio,
    question: &Question,
    name: &AddonName,
) -> Vec<&'a AddonRelease> {
    let Some(addon) = studio.addons.get(name) else {
        return Vec::new();
    };
    let usable = |release: &&AddonRelease| {
        release.broken.is_none() && (!question.is_open || release.is_readable())
    };
    let mut releases: Vec<&AddonRelease> = addon
        .releases
        .values()
        .map(AsRef::as_ref)
        .filter(usable)
        .collect();
    if !question.prereleases {
        releases.sort_by_key(|release| is_final(&release.version));
    }
    releases
}

/// Whether a version is a release proper: neither a pre-release nor somebody's build such as `1.9.7+dev`.
pub(crate) fn is_final(version: &Version) -> bool {
    version.pre.is_empty() && version.build.is_empty()
}

fn positions_where<T>(candidates: &[T], allowed: impl Fn(&T) -> bool) -> Positions {
    let positions = candidates
        .iter()
        .zip(0u32..)
        .filter(|(candidate, _)| allowed(candidate));
    Positions::from_ranges(positions.map(|(_, position)| position..position + 1))
}

/// What markers would see on the target under each Python it may turn out to have.
fn possible(target: &Target, set: pypi::VersionSet, version: &pypi::Version) -> PossiblePython {
    PossiblePython {
        environment: target.platform.marker_environment(version),
        text: version.to_string(),
        set,
    }
}
