//! The answer "no": facts that cannot all be true, and what is known of versions that would have helped.
//!
//! Neighbouring versions that say the same are one fact; so are versions of which each asks for its own range of the same
//! package, since eight hundred sentences that differ in two numbers say one thing.

use std::collections::BTreeSet;

use pypi::{Constraint, DistributionName, Requirement, Version, VersionSet};
use universe::PackageId;

use crate::candidates::index;
use crate::lowering::{Key, Line, Lowering, Saying, Word};
use crate::{Asker, Exclusion};

/// Facts that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The distributions that cannot be had as they are asked for, nearest to the request first.
    pub contested: Vec<DistributionName>,
    /// Who says what, by what it is about: the contested first.
    pub facts: Vec<Fact>,
    /// What exists of the contested, and cannot be used.
    pub absences: Vec<Absence>,
}

/// One fact, as in *boto3 1.20.0 needs botocore >=1.23,<1.24*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Who.
    pub subject: Subject,
    /// What they do.
    pub verb: Verb,
    /// What it is about.
    pub object: DistributionName,
    /// The versions, as written, with the extras before them; or why it cannot be used.
    pub text: String,
}

/// Who says something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Somebody outside.
    Asker(Asker),
    /// Versions of a distribution, ascending.
    Package(DistributionName, Vec<Version>),
}

/// What a subject does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Brings it, at one version that nothing can change.
    Provides,
    /// Cannot do without it.
    Needs,
    /// Needs it installed as it is given.
    Pins,
    /// Allows it only so, if anything needs it.
    Constrains,
    /// Says this instead of what others ask.
    Overrides,
    /// Cannot be used itself.
    IsUnusable,
}

/// What there is of a distribution that nobody can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Of which.
    pub name: DistributionName,
    /// Whether any index has it at all.
    pub exists: bool,
    /// What indexes were asked: one that has it hides the others.
    pub index: String,
    /// Its newest version that can be used on the target.
    pub newest: Option<Version>,
    /// Versions that what is asked would allow, newest first, with what rules them out.
    pub excluded: Vec<(Version, Exclusion)>,
}

impl Conflict {
    pub(crate) fn tell(lowering: &Lowering<'_>, conflict: &universe::Conflict) -> Self {
        let mut contested = Vec::new();
        for package in conflict.contested() {
            if let Key::Distribution(name) | Key::Extra(name, _) = lowering.key(*package)
                && !contested.contains(&name)
            {
                contested.push(name);
            }
        }
        let mut telling = Telling {
            lowering,
            groups: Vec::new(),
        };
        for fact in conflict.facts() {
            if let universe::Fact::Needs {
                package,
                positions,
                origins,
                ..
            } = fact
            {
                for origin in origins {
                    telling.say(*package, positions, &lowering.word(*origin));
                }
            }
        }
        let groups = telling.groups;
        let absences = contested
            .iter()
            .filter_map(|name| absence(lowering, name, &groups))
            .collect();
        let mut facts: Vec<Fact> = groups
            .into_iter()
            .map(|group| group.into_fact(lowering))
            .collect();
        for name in &contested {
            if let Some(Line::Given(given)) = lowering.known_line(name).as_deref() {
                facts.push(Fact {
                    subject: Subject::Asker(given.asker),
                    verb: Verb::Provides,
                    object: name.clone(),
                    text: given.version.to_string(),
                });
            }
        }
        let rank = |fact: &Fact| {
            contested
                .iter()
                .position(|name| *name == fact.object)
                .unwrap_or(usize::MAX)
        };
        facts.sort_by_cached_key(|fact| {
            (
                rank(fact),
                fact.object.clone(),
                fact.verb,
                fact.subject.clone(),
                fact.text.clone(),
            )
        });
        facts.dedup();
        Self {
            contested,
            facts,
            absences,
        }
    }
}

/// What one subject says about one object: one fact in the end.
struct Group {
    subject: Option<Asker>,
    /// Of a distribution that speaks: its name and versions.
    speaker: Option<(DistributionName, BTreeSet<Version>)>,
    verb: Verb,
    object: DistributionName,
    texts: Vec<String>,
    sets: Vec<VersionSet>,
}

struct Telling<'a> {
    lowering: &'a Lowering<'a>,
    groups: Vec<Group>,
}

impl Telling<'_> {
    fn say(&mut self, package: PackageId, positions: &universe::Positions, word: &Word) {
        let verb = match word.saying {
            Saying::Request | Saying::SameVersion(..) => return,
            Saying::Root(_) | Saying::Candidate(..) => Verb::Needs,
            Saying::Constraint(_) => Verb::Constrains,
            Saying::Pin(_) => Verb::Pins,
            Saying::Override(_) => Verb::Overrides,
            Saying::Unusable(..) => Verb::IsUnusable,
        };
        let asker = match word.saying {
            Saying::Root(asker)
            | Saying::Constraint(asker)
            | Saying::Pin(asker)
            | Saying::Override(asker) => Some(asker),
            _ => None,
        };
        let speaker = match self.lowering.key(package) {
            _ if asker.is_some() => None,
            Key::Distribution(name) | Key::Extra(name, _) => {
                let versions = self.lowering.versions(&name, positions);
                Some((name, versions))
            }
            Key::Request => None,
        };
        let (object, text, set) = match (&word.requirement, word.saying) {
            (Some(requirement), _) => (
                requirement.name.clone(),
                range(requirement),
                set(requirement),
            ),
            (None, Saying::Unusable(_, _, reason)) => {
                let Some((name, _)) = &speaker else { return };
                (
                    name.clone(),
                    self.lowering.reason(reason),
                    VersionSet::any(),
                )
            }
            (None, _) => return,
        };
        let same = |group: &&mut Group| {
            let name = |speaker: &Option<(DistributionName, _)>| {
                speaker.as_ref().map(|(name, _)| name.clone())
            };
            group.subject == asker
                && group.verb == verb
                && group.object == object
                && name(&group.speaker) == name(&speaker)
                && (speaker.is_some() || group.texts.contains(&text))
        };
        match self.groups.iter_mut().find(same) {
            Some(group) => {
                if let (Some((_, known)), Some((_, versions))) = (&mut group.speaker, speaker) {
                    known.extend(versions);
                }
                if !group.texts.contains(&text) {
                    group.texts.push(text);
                    group.sets.push(set);
                }
            }
            None => self.groups.push(Group {
                subject: asker,
                speaker,
                verb,
                object,
                texts: vec![text],
                sets: vec![set],
            }),
        }
    }
}

impl Group {
    fn into_fact(self, lowering: &Lowering<'_>) -> Fact {
        let text = self.text(lowering);
        let subject = match (self.subject, self.speaker) {
            (Some(asker), _) => Subject::Asker(asker),
            (None, Some((name, versions))) => {
                Subject::Package(name, versions.into_iter().collect())
            }
            // Every word is said by an asker or a candidate.
            (None, None) => Subject::Asker(Asker(u32::MAX)),
        };
        Fact {
            subject,
            verb: self.verb,
            object: self.object,
            text,
        }
    }

    /// The range where there is one; else what all of them together span.
    fn text(&self, lowering: &Lowering<'_>) -> String {
        let [first, .., last] = self.texts.as_slice() else {
            return self.texts.first().cloned().unwrap_or_default();
        };
        if self.verb == Verb::IsUnusable || self.texts.len() == 2 {
            return self.texts.join(" or ");
        }
        let all = self
            .sets
            .iter()
            .fold(VersionSet::none(), |all, set| all.union(set));
        let spanned = lowering
            .known_line(&self.object)
            .and_then(|line| match &*line {
                Line::Indexed(candidates) => {
                    let versions = candidates.project.positions(&all);
                    let (first, last) = (
                        versions.first()?.start,
                        versions.last()?.end.checked_sub(1)?,
                    );
                    let version =
                        |position: u32| candidates.project.version(index(position)).to_string();
                    Some(format!(
                        "{} to {}, each its own range",
                        version(first),
                        version(last)
                    ))
                }
                _ => None,
            });
        spanned.unwrap_or_else(|| format!("{first} … {last}"))
    }
}

/// What is asked, without the name: `[socks]>=2,<3`.
fn range(requirement: &Requirement) -> String {
    let text = requirement.constraint.to_string();
    let text = if text.is_empty() {
        "any version".to_owned()
    } else {
        text
    };
    if requirement.extras.is_empty() {
        return text;
    }
    let extras: Vec<&str> = requirement
        .extras
        .iter()
        .map(pypi::ExtraName::as_str)
        .collect();
    format!("[{}] {text}", extras.join(","))
}

fn set(requirement: &Requirement) -> VersionSet {
    match &requirement.constraint {
        Constraint::Versions { set, .. } => set.clone(),
        Constraint::Source(_) => VersionSet::any(),
    }
}

/// What exists of a contested distribution and cannot be used, if that is part of the trouble.
fn absence(lowering: &Lowering<'_>, name: &DistributionName, groups: &[Group]) -> Option<Absence> {
    let line = lowering.known_line(name)?;
    let candidates = match &*line {
        Line::Given(_) | Line::Sources(_) => return None,
        Line::Missing => {
            return Some(Absence {
                name: name.clone(),
                exists: false,
                index: lowering.index.describe(),
                newest: None,
                excluded: Vec::new(),
            });
        }
        Line::Indexed(candidates) => candidates,
    };
    let about = groups
        .iter()
        .filter(|group| group.object == *name && group.verb != Verb::IsUnusable);
    // What each party would take, all their versions together.
    let wanted: Vec<VersionSet> = about
        .map(|group| {
            group
                .sets
                .iter()
                .fold(VersionSet::none(), |all, set| all.union(set))
        })
        .collect();
    let all = wanted
        .iter()
        .fold(VersionSet::any(), |all, set| all.intersection(set));
    let excluded = |set: &VersionSet| -> Vec<(Version, Exclusion)> {
        let yanked = lowering.settings.exact(name);
        let positions = candidates
            .project
            .positions(set)
            .into_iter()
            .rev()
            .flat_map(Iterator::rev);
        let told = positions.filter_map(|position| {
            let exclusion = Exclusion::of(
                &candidates.project,
                position,
                &lowering.settings.policy,
                yanked,
            )?;
            Some((
                candidates.project.version(index(position)).clone(),
                exclusion,
            ))
        });
        told.collect()
    };
    let mut found = excluded(&all);
    let is_unmet = |set: &&VersionSet| candidates.within(set).is_empty();
    let unmet: Vec<&VersionSet> = wanted.iter().filter(is_unmet).collect();
    if found.is_empty() {
        found = unmet.iter().flat_map(|set| excluded(set)).collect();
    }
    let newest = candidates.newest().cloned();
    (!found.is_empty() || !unmet.is_empty() || newest.is_none()).then(|| Absence {
        name: name.clone(),
        exists: true,
        // A folder of wheels has no label of its own.
        index: match candidates.project.index() {
            "" => lowering.index.describe(),
            index => index.to_owned(),
        },
        newest,
        excluded: found,
    })
}
