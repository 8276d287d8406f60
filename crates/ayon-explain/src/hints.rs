//! What single change would do, found by solving again.
//!
//! For everything a conflict's facts name, one thing is loosened and the question is asked again; an answer is a hint,
//! and nothing else is. For a pinned addon or launcher the nearest newer version is tried first (the oldest that is
//! newer), then the nearest older one, then doing without it. Bounded in number; the caller bounds the time.

use std::fmt;

use ayon_model::{AddonName, Origin, Studio, Subject, VersionRange};
use ayon_solve::{
    AddonAsk, Conflict, Object, Question, Resolution, Stopped, Verb, Wanted, resolve,
};

/// A change after which there is a solution.
#[derive(Clone, Debug)]
pub struct Hint {
    /// What to change.
    pub change: Change,
    /// The question as changed: it solves.
    pub question: Question,
}

/// One change to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another release of an addon.
    Addon {
        /// Which.
        name: AddonName,
        /// The nearest release that will do.
        version: String,
    },
    /// An addon more.
    Add {
        /// Which.
        name: AddonName,
        /// The newest release that will do.
        version: String,
    },
    /// Another launcher.
    Launcher {
        /// The nearest that will do.
        version: String,
    },
    /// An addon less.
    Drop {
        /// Which.
        name: AddonName,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Addon { name, version } => write!(formatter, "addon {name} {version} would do"),
            Self::Add { name, version } => {
                write!(formatter, "adding addon {name} {version} would do")
            }
            Self::Launcher { version } => write!(formatter, "launcher {version} would do"),
            Self::Drop { name } => write!(formatter, "it would do without addon {name}"),
        }
    }
}

/// Up to `limit` hints for `conflict`, which is the answer to `question`. `stop` ends the search early.
pub fn find(
    studio: &Studio,
    question: &Question,
    conflict: &Conflict,
    limit: usize,
    stop: &dyn Fn() -> Option<Stopped>,
) -> Vec<Hint> {
    let mut search = Search {
        studio,
        stop,
        limit,
        hints: Vec::new(),
    };
    let named = named(question, conflict);
    for name in &named.absent {
        search.add(question, name);
    }
    for index in &named.addons {
        search.other_release(question, *index);
    }
    if named.launcher {
        search.other_launcher(question);
    }
    for index in &named.addons {
        // Doing without is a poor answer where another release would do.
        let name = &question.addons[*index].name;
        if !search
            .hints
            .iter()
            .any(|hint| matches!(&hint.change, Change::Addon { name: other, .. } if other == name))
        {
            search.drop(question, *index);
        }
    }
    search.hints
}

/// What the facts name that can be changed.
#[derive(Default)]
struct Named {
    addons: Vec<usize>,
    absent: Vec<AddonName>,
    launcher: bool,
}

fn named(question: &Question, conflict: &Conflict) -> Named {
    let mut named = Named::default();
    let position = |name: &AddonName| question.addons.iter().position(|ask| ask.name == *name);
    for fact in &conflict.facts {
        named.launcher |= fact.object == Object::Launcher;
        for subject in &fact.subjects {
            match subject {
                Subject::Launcher(_) => named.launcher = true,
                Subject::Addon { name, .. } => named.addons.extend(position(name)),
                _ => {}
            }
        }
        if let Object::Addon(name) = &fact.object {
            match position(name) {
                Some(index) => named.addons.push(index),
                None if fact.verb == Verb::Needs => named.absent.push(name.clone()),
                None => {}
            }
        }
    }
    named.addons.sort_unstable();
    named.addons.dedup();
    named.absent.sort_unstable();
    named.absent.dedup();
    named
}

struct Search<'a> {
    studio: &'a Studio,
    stop: &'a dyn Fn() -> Option<Stopped>,
    limit: usize,
    hints: Vec<Hint>,
}

impl Search<'_> {
    fn solve(&self, question: &Question) -> Option<Resolution> {
        if self.hints.len() >= self.limit || (self.stop)().is_some() {
            return None;
        }
        resolve(self.studio, question, self.stop).ok()
    }

    fn add(&mut self, question: &Question, name: &AddonName) {
        let mut changed = question.clone();
        changed.prereleases = false;
        let origin = Origin::request();
        changed.addons.push(AddonAsk {
            name: name.clone(),
            wanted: Wanted::Any,
            oldest: false,
            origin,
        });
        if let Some(version) = self
            .solve(&changed)
            .and_then(|resolution| version_of(&resolution, name))
        {
            self.hints.push(Hint {
                change: Change::Add {
                    name: name.clone(),
                    version,
                },
                question: changed,
            });
        }
    }

    fn other_release(&mut self, question: &Question, index: usize) {
        let name = question.addons[index].name.clone();
        for (wanted, oldest) in neighbours(&question.addons[index].wanted) {
            let mut changed = question.clone();
            changed.prereleases = false;
            changed.addons[index].wanted = wanted;
            changed.addons[index].oldest = oldest;
            if let Some(version) = self
                .solve(&changed)
                .and_then(|resolution| version_of(&resolution, &name))
            {
                self.hints.push(Hint {
                    change: Change::Addon { name, version },
                    question: changed,
                });
                return;
            }
        }
    }

    fn other_launcher(&mut self, question: &Question) {
        for (wanted, oldest) in neighbours(&question.launcher.wanted) {
            let mut changed = question.clone();
            changed.prereleases = false;
            changed.launcher.wanted = wanted;
            changed.launcher.oldest = oldest;
            if let Some(resolution) = self.solve(&changed) {
                let version = resolution.launcher.version.to_string();
                self.hints.push(Hint {
                    change: Change::Launcher { version },
                    question: changed,
                });
                return;
            }
        }
    }

    fn drop(&mut self, question: &Question, index: usize) {
        let mut changed = question.clone();
        let name = changed.addons.remove(index).name;
        if self.solve(&changed).is_some() {
            self.hints.push(Hint {
                change: Change::Drop { name },
                question: changed,
            });
        }
    }
}

fn version_of(resolution: &Resolution, name: &AddonName) -> Option<String> {
    resolution
        .addons
        .iter()
        .find(|addon| addon.name == *name)
        .map(|addon| addon.version.to_string())
}

/// What to try instead of a wish: the nearest newer version, then the nearest older one; of a range, any other.
fn neighbours(wanted: &Wanted) -> Vec<(Wanted, bool)> {
    match wanted {
        Wanted::Exactly(text) => {
            // A pin that is no version at all, or was lost, has no neighbours: the newest is the best guess.
            let Ok(version) = semver::Version::parse(text) else {
                return vec![(Wanted::Any, false)];
            };
            let range =
                |sign: &str| Wanted::Within(VersionRange::read(&format!("{sign}{version}")));
            vec![(range(">"), true), (range("<"), false)]
        }
        Wanted::Within(_) => vec![(Wanted::Any, false)],
        Wanted::Any => Vec::new(),
    }
}
