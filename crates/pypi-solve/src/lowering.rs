//! From distributions to the neutral universe, for one question.
//!
//! | package | candidates, best last | what they require |
//! |---|---|---|
//! | the request | one | the roots |
//! | a distribution | its usable versions, or the one that is given, or the sources somebody names | what its metadata says |
//! | an extra of one | the same | the distribution at the same place, and what the extra adds |
//!
//! The engine asks when it needs to know, and every answer may mean waiting for an index. So whatever an answer will
//! need is announced before any of it is waited for; and a package that is tried again and again has its next
//! versions announced in growing batches, since one try is one round trip.

mod ahead;
mod line;
mod words;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use pypi::{
    DistributionName, ExtraName, Index, Memo, MetadataAnswer, Requirement, Version, VersionSet,
};
use rustc_hash::{FxBuildHasher, FxHashMap};
use universe::{Candidate, OriginId, PackageId, Positions, Subject, Universe, UniverseError};

use self::ahead::Ahead;
use self::line::Settings;
pub(crate) use self::line::{Line, SourceCandidate};
pub(crate) use self::words::{Saying, Word};
use crate::candidates::{Candidates, Particular, number};
use crate::{Ask, Given, Root, Statistics};

/// A package of the universe.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// What is asked, as a whole.
    Request,
    /// A distribution.
    Distribution(DistributionName),
    /// An extra of a distribution.
    Extra(DistributionName, ExtraName),
}

/// The universe of one question.
pub(crate) struct Lowering<'a> {
    pub(crate) index: &'a dyn Index,
    pub(crate) settings: Arc<Settings>,
    memo: Memo,
    keys: RefCell<IndexSet<Key, FxBuildHasher>>,
    lines: RefCell<IndexMap<DistributionName, Rc<Line>, FxBuildHasher>>,
    /// The extras of each distribution that anybody has asked for so far.
    extras: RefCell<FxHashMap<DistributionName, Vec<PackageId>>>,
    ahead: Ahead,
    words: RefCell<Vec<Word>>,
    /// Why candidates cannot be used.
    reasons: RefCell<Vec<String>>,
    looked_at: Cell<usize>,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(index: &'a dyn Index, ask: &Ask) -> Self {
        let lowering = Self {
            index,
            settings: Arc::new(Settings::new(ask)),
            memo: Memo::default(),
            keys: RefCell::default(),
            lines: RefCell::default(),
            extras: RefCell::default(),
            ahead: Ahead::default(),
            words: RefCell::default(),
            reasons: RefCell::default(),
            looked_at: Cell::new(0),
        };
        lowering.package(Key::Request);
        lowering
    }

    /// What the engine is asked: the request itself.
    pub(crate) fn request(&self) -> universe::Request {
        let all = self.say(Saying::Request, None);
        let package = self.package(Key::Request);
        universe::Request::new([universe::Requirement::required(
            package,
            Positions::full(),
            all,
        )])
    }

    pub(crate) fn key(&self, package: PackageId) -> Key {
        self.keys
            .borrow()
            .get_index(package.0 as usize)
            .cloned()
            .unwrap_or(Key::Request)
    }

    pub(crate) fn word(&self, origin: OriginId) -> Word {
        self.words.borrow()[origin.0 as usize].clone()
    }

    /// A line that was asked for before.
    pub(crate) fn known_line(&self, name: &DistributionName) -> Option<Rc<Line>> {
        self.lines.borrow().get(name).cloned()
    }

    /// The versions at positions of a distribution.
    pub(crate) fn versions(
        &self,
        name: &DistributionName,
        positions: &Positions,
    ) -> BTreeSet<Version> {
        let Some(line) = self.known_line(name) else {
            return BTreeSet::new();
        };
        let at = |position: u32| match &*line {
            Line::Given(given) => Some(given.version.clone()),
            Line::Sources(sources) => {
                let source = sources.get(position as usize)?;
                source
                    .answer
                    .as_ref()
                    .ok()
                    .map(|release| release.version.clone())
            }
            Line::Indexed(candidates) => candidates.version(position).cloned(),
            Line::Missing => None,
        };
        positions.iter_below(line.len()).filter_map(at).collect()
    }

    /// How many metadata were looked at, and how many projects.
    pub(crate) fn statistics(&self) -> Statistics {
        Statistics {
            projects: self.lines.borrow().len(),
            versions: self.looked_at.get(),
        }
    }

    fn package(&self, key: Key) -> PackageId {
        PackageId(number(self.keys.borrow_mut().insert_full(key).0))
    }

    fn say(&self, saying: Saying, requirement: Option<Arc<Requirement>>) -> OriginId {
        let mut words = self.words.borrow_mut();
        words.push(Word {
            saying,
            requirement,
        });
        OriginId(number(words.len() - 1))
    }

    /// The candidates of a distribution; waits for the index when it is first asked.
    pub(crate) fn line(&self, name: &DistributionName) -> Result<Rc<Line>, UniverseError> {
        if let Some(line) = self.known_line(name) {
            return Ok(line);
        }
        let line = Line::learn(self.index, &self.settings, name);
        let line = Rc::new(line.map_err(UniverseError::new)?);
        self.lines
            .borrow_mut()
            .insert(name.clone(), Rc::clone(&line));
        Ok(line)
    }

    /// Lowers what one party asks for: requirements with their markers answered.
    fn lower(
        &self,
        asked: &[(Saying, Arc<Requirement>)],
    ) -> Result<Vec<universe::Requirement>, UniverseError> {
        let replaced: Vec<(Saying, Arc<Requirement>)> = asked
            .iter()
            .flat_map(|(saying, asked)| self.settings.replace(*saying, asked))
            .collect();
        for (_, requirement) in &replaced {
            self.announce(requirement);
        }
        let mut lowered = Vec::with_capacity(replaced.len());
        for (saying, requirement) in &replaced {
            self.lower_one(*saying, requirement, &mut lowered)?;
        }
        Ok(lowered)
    }

    fn lower_one(
        &self,
        saying: Saying,
        requirement: &Arc<Requirement>,
        lowered: &mut Vec<universe::Requirement>,
    ) -> Result<(), UniverseError> {
        let name = &requirement.name;
        let allowed = if line::set_of(requirement).is_some_and(VersionSet::is_empty) {
            Positions::empty()
        } else {
            self.line(name)?.allowed(&requirement.constraint)
        };
        let origin = self.say(saying, Some(Arc::clone(requirement)));
        let package = self.package(Key::Distribution(name.clone()));
        lowered.push(universe::Requirement::required(
            package,
            allowed.clone(),
            origin,
        ));
        for extra in &requirement.extras {
            let package = self.package(Key::Extra(name.clone(), extra.clone()));
            self.note_extra(name, package);
            lowered.push(universe::Requirement::required(
                package,
                allowed.clone(),
                origin,
            ));
        }
        // What must hold of a package if anything needs it is said by whoever needs it.
        let package = self.package(Key::Distribution(name.clone()));
        for (saying, constraint) in self.settings.constraints(name) {
            let allowed = self.line(name)?.allowed(&constraint.constraint);
            let origin = self.say(*saying, Some(Arc::clone(constraint)));
            lowered.push(universe::Requirement::weak(package, allowed, origin));
        }
        Ok(())
    }

    /// What a candidate needs by its metadata; a candidate that cannot be used needs itself nowhere.
    fn needs(
        &self,
        subject: Subject,
        metadata: &MetadataAnswer,
        extra: Option<&ExtraName>,
    ) -> Result<Vec<universe::Requirement>, UniverseError> {
        let metadata = match metadata {
            MetadataAnswer::Known(metadata) => metadata,
            MetadataAnswer::Unusable(why) => return Ok(self.unusable(subject, why)),
        };
        if let Some(range) = self.settings.policy.refused_python(metadata) {
            return Ok(self.unusable(subject, &format!("it is made for Python {range}")));
        }
        let environment = self.settings.policy.target.environment();
        match metadata.needs(environment, extra, &self.memo) {
            Ok(needs) => {
                let saying = Saying::Candidate(subject.package, subject.position);
                let asked: Vec<_> = needs.into_iter().map(|need| (saying, need)).collect();
                if let Some(stranger) = asked
                    .iter()
                    .find(|(_, need)| self.settings.is_stranger(need))
                {
                    let why = format!(
                        "it asks for {}, a source that nobody else names",
                        stranger.1
                    );
                    return Ok(self.unusable(subject, &why));
                }
                self.lower(&asked)
            }
            Err(error) => Ok(self.unusable(subject, &error.to_string())),
        }
    }

    fn unusable(&self, subject: Subject, why: &str) -> Vec<universe::Requirement> {
        let saying = Saying::Unusable(subject.package, subject.position, self.keep(why));
        let origin = self.say(saying, None);
        vec![universe::Requirement::required(
            subject.package,
            Positions::empty(),
            origin,
        )]
    }

    /// Keeps a reason, and gives its number.
    fn keep(&self, reason: &str) -> u32 {
        let mut reasons = self.reasons.borrow_mut();
        reasons.push(reason.to_owned());
        number(reasons.len() - 1)
    }

    /// A reason that was kept.
    pub(crate) fn reason(&self, number: u32) -> String {
        let reasons = self.reasons.borrow();
        reasons.get(number as usize).cloned().unwrap_or_default()
    }

    fn roots(&self) -> Result<Vec<universe::Requirement>, UniverseError> {
        let ask = &self.settings.ask;
        let holding = ask.holding(&ask.roots);
        let mut asked: Vec<_> = holding
            .map(|Root { requirement, asker }| {
                (Saying::Root(*asker), Arc::new(requirement.clone()))
            })
            .collect();
        // What is met first is decided first, and the order of a file must not reach the answer.
        asked.sort_by_cached_key(|(_, requirement)| {
            (requirement.name.clone(), requirement.to_string())
        });
        // Every page of the last answer at once: what is deep in the chain need not wait for what is before it.
        for (_, requirement) in &asked {
            self.announce(requirement);
        }
        for name in self.settings.ask.preferences.keys() {
            self.announce_any(name);
        }
        self.lower(&asked)
    }

    fn distribution(
        &self,
        name: &DistributionName,
        extra: Option<&ExtraName>,
        subject: Subject,
    ) -> Result<Vec<universe::Requirement>, UniverseError> {
        let line = self.line(name)?;
        let answer = match &*line {
            // In place with all it needs.
            Line::Given(_) if extra.is_none() => return Ok(Vec::new()),
            Line::Given(given) => self.given_metadata(name, given)?,
            Line::Indexed(candidates) => {
                let Some(file) = candidates.file(subject.position) else {
                    return Ok(Vec::new());
                };
                self.looked_at
                    .set(self.looked_at.get() + usize::from(extra.is_none()));
                self.index
                    .metadata(&candidates.project, file)
                    .map_err(UniverseError::new)?
            }
            Line::Sources(sources) => match sources.get(subject.position as usize) {
                Some(SourceCandidate {
                    answer: Ok(release),
                    ..
                }) => MetadataAnswer::Known(Arc::clone(&release.metadata)),
                Some(SourceCandidate {
                    answer: Err(why), ..
                }) => MetadataAnswer::Unusable(why.clone()),
                None => return Ok(Vec::new()),
            },
            Line::Missing => return Ok(Vec::new()),
        };
        let mut requirements = self.needs(subject, &answer, extra)?;
        requirements.extend(self.same_version(name, extra.is_some(), subject));
        Ok(requirements)
    }

    /// An extra goes with its distribution at one version. Each says so of the other: else the extra of a distribution that
    /// is decided would be tried from the newest down.
    fn same_version(
        &self,
        name: &DistributionName,
        is_extra: bool,
        subject: Subject,
    ) -> Vec<universe::Requirement> {
        let here = || Positions::singleton(subject.position);
        let origin = || self.say(Saying::SameVersion(subject.package, subject.position), None);
        if is_extra {
            let package = self.package(Key::Distribution(name.clone()));
            return vec![universe::Requirement::required(package, here(), origin())];
        }
        let extras = self.extras.borrow();
        let extras = extras.get(name).into_iter().flatten();
        extras
            .map(|extra| universe::Requirement::weak(*extra, here(), origin()))
            .collect()
    }

    fn note_extra(&self, name: &DistributionName, package: PackageId) {
        let mut all = self.extras.borrow_mut();
        let extras = all.entry(name.clone()).or_default();
        if !extras.contains(&package) {
            extras.push(package);
        }
    }

    /// What an index says about the version of a package that is given: only asked for its extras.
    fn given_metadata(
        &self,
        name: &DistributionName,
        given: &Given,
    ) -> Result<MetadataAnswer, UniverseError> {
        let missing = || {
            let why = format!(
                "{} does not have {name} {}, whose extra is asked for",
                self.index.describe(),
                given.version
            );
            Ok(MetadataAnswer::Unusable(why))
        };
        let Some(project) = self.index.project(name).map_err(UniverseError::new)? else {
            return missing();
        };
        let policy = &self.settings.policy;
        let file = Candidates::best_file(
            &project,
            policy,
            &Particular::default(),
            &VersionSet::exactly(&given.version),
        );
        match file {
            Some(file) => self
                .index
                .metadata(&project, file)
                .map_err(UniverseError::new),
            None => missing(),
        }
    }
}

impl Universe for Lowering<'_> {
    fn candidate_count(&self, package: PackageId) -> Result<u32, UniverseError> {
        match self.key(package) {
            Key::Request => Ok(1),
            Key::Distribution(name) | Key::Extra(name, _) => Ok(self.line(&name)?.len()),
        }
    }

    fn consider(&self, package: PackageId, allowed: &Positions) {
        if let Key::Distribution(name) | Key::Extra(name, _) = self.key(package)
            && let Some(Line::Indexed(candidates)) = self.known_line(&name).as_deref()
        {
            self.announce_next(&name, candidates, allowed);
        }
    }

    fn candidate(&self, package: PackageId, position: u32) -> Result<Candidate<'_>, UniverseError> {
        let subject = Subject {
            package,
            position,
            variant: None,
        };
        let requirements = match self.key(package) {
            Key::Request => self.roots()?,
            Key::Distribution(name) => self.distribution(&name, None, subject)?,
            Key::Extra(name, extra) => self.distribution(&name, Some(&extra), subject)?,
        };
        Ok(Candidate {
            requirements: Cow::Owned(requirements),
            variants: Vec::new(),
        })
    }
}
