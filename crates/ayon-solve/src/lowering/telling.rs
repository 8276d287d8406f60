//! The engine's facts, told again in AYON's nouns.
//!
//! The engine speaks of packages and positions; each requirement's origin leads back to the words it was made of. Some
//! premises are silent in numbers, because a range was already known to allow nothing when it was lowered: that the
//! bundle has no such addon, or which version the server has. They are said here, so that the facts read as a whole.

use std::sync::Arc;

use ayon_model::{Origin, Subject};

use super::{Lowering, Wording};
use crate::{Conflict, Fact, Object, Verb, Wanted};

impl Lowering<'_> {
    /// The conflict in words.
    pub(crate) fn tell(&self, conflict: &universe::Conflict) -> Conflict {
        let mut telling = Telling::default();
        let words = self.words();
        for fact in conflict.facts() {
            match fact {
                universe::Fact::Asked { requirement } => {
                    let wording = words.get(requirement.origin);
                    telling.say(wording);
                    if requirement.allowed.is_empty() {
                        telling.add(self.missing(&wording.object, &wording.range));
                    }
                }
                universe::Fact::Needs {
                    origins,
                    allowed,
                    kind,
                    ..
                } => {
                    for wording in origins.iter().map(|origin| words.get(*origin)) {
                        telling.say(wording);
                        if allowed.is_empty() && *kind == universe::RequirementKind::Required {
                            telling.add(self.missing(&wording.object, &wording.range));
                        }
                    }
                }
                // Elsewhere it only closes a gap in the proof: nobody asked for what is not there.
                universe::Fact::NoCandidate { package, .. }
                    if conflict.contested().contains(package) =>
                {
                    telling.add(self.missing(&self.object(*package), ""));
                }
                // That one of several builds has to be taken surprises nobody.
                universe::Fact::NoCandidate { .. } | universe::Fact::Variants { .. } => {}
            }
        }
        let contested: Vec<Object> = conflict
            .contested()
            .iter()
            .map(|package| self.object(*package))
            .collect();
        telling.into_conflict(self, &contested)
    }

    /// Why nothing satisfies a range on `object`: what there is instead, or that there is nothing.
    fn missing(&self, object: &Object, range: &str) -> Option<Fact> {
        let asker = &self.question.launcher.origin;
        let fact = |subject: Subject, verb, range: String, origins: Vec<Origin>| Fact {
            subjects: vec![subject],
            verb,
            object: object.clone(),
            range,
            origins,
        };
        let studio = Subject::Studio(Arc::from(self.studio.label.as_str()));
        match object {
            Object::Server => {
                let version = self.studio.server_version.as_deref()?;
                let subject = Subject::Studio(Arc::from(self.studio.label.as_str()));
                Some(fact(
                    subject,
                    Verb::Provides,
                    version.to_owned(),
                    Vec::new(),
                ))
            }
            Object::Launcher => match &self.question.launcher.wanted {
                Wanted::Exactly(version) => {
                    let version = ayon_model::printable(version);
                    Some(fact(
                        asker.subject.clone(),
                        Verb::Pins,
                        version,
                        vec![asker.clone()],
                    ))
                }
                Wanted::Within(_) | Wanted::Any => {
                    Some(fact(studio, Verb::Lacks, range.to_owned(), Vec::new()))
                }
            },
            Object::Addon(name) => {
                let is_asked = self.question.addons.iter().any(|ask| ask.name == *name);
                if is_asked || self.question.is_open {
                    Some(fact(studio, Verb::Lacks, range.to_owned(), Vec::new()))
                } else {
                    let place = asker.place.as_ref().map(|place| place.at("addons", None));
                    let origin = Origin {
                        subject: asker.subject.clone(),
                        place,
                    };
                    Some(fact(
                        asker.subject.clone(),
                        Verb::Lacks,
                        String::new(),
                        vec![origin],
                    ))
                }
            }
            Object::Python | Object::Distribution(_) => None,
        }
    }
}

/// Facts as they come in, those that say the same of neighbouring versions merged.
#[derive(Default)]
struct Telling {
    facts: Vec<Fact>,
}

impl Telling {
    fn say(&mut self, wording: &Wording) {
        self.add(Some(Fact {
            subjects: vec![wording.origin.subject.clone()],
            verb: wording.verb,
            object: wording.object.clone(),
            range: ayon_model::printable(&wording.range),
            origins: vec![wording.origin.clone()],
        }));
    }

    fn add(&mut self, fact: Option<Fact>) {
        let Some(fact) = fact else { return };
        let same = |known: &&mut Fact| {
            (known.verb, &known.object, &known.range) == (fact.verb, &fact.object, &fact.range)
                && known
                    .subjects
                    .iter()
                    .all(|subject| fact.subjects.iter().all(|other| is_kin(subject, other)))
        };
        match self.facts.iter_mut().find(same) {
            Some(known) => {
                known.subjects.extend(fact.subjects);
                known.origins.extend(fact.origins);
            }
            None => self.facts.push(fact),
        }
    }

    fn into_conflict(mut self, lowering: &Lowering<'_>, contested: &[Object]) -> Conflict {
        for fact in &mut self.facts {
            fact.subjects.sort_unstable();
            fact.subjects.dedup();
            // The newest subject's place is the one to look at.
            fact.origins.sort_unstable();
            fact.origins.dedup();
            fact.origins.reverse();
        }
        let rank = |fact: &Fact| {
            contested
                .iter()
                .position(|object| *object == fact.object)
                .unwrap_or(usize::MAX)
        };
        let key = |fact: &Fact| {
            (
                rank(fact),
                fact.object.clone(),
                fact.verb,
                fact.subjects.clone(),
            )
        };
        self.facts.sort_by_cached_key(key);
        Conflict {
            target: lowering.question.target.clone(),
            facts: self.facts,
        }
    }
}

/// Whether two subjects are versions of one thing.
fn is_kin(one: &Subject, other: &Subject) -> bool {
    match (one, other) {
        (Subject::Addon { name, .. }, Subject::Addon { name: other, .. }) => name == other,
        (Subject::Launcher(_), Subject::Launcher(_)) => true,
        (one, other) => one == other,
    }
}
