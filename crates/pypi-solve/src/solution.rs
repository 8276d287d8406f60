//! The answer "yes": what was chosen, and who asks for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pypi::{
    Constraint, DistributionName, ExtraName, FileId, Project, Requirement, SourceRelease, Version,
};

use crate::candidates::Candidates;
use crate::lowering::{Key, Line, Lowering, Saying};
use crate::{Asker, GivenKind};

/// What was chosen: exactly what is needed, and every reason.
#[derive(Debug)]
pub struct Solution {
    packages: BTreeMap<DistributionName, Package>,
    /// What the search took.
    pub statistics: Statistics,
    pub(crate) all_wheels: bool,
}

/// A chosen distribution.
#[derive(Debug)]
pub struct Package {
    /// Which.
    pub name: DistributionName,
    /// In which version.
    pub version: Version,
    /// The extras that are asked of it.
    pub extras: BTreeSet<ExtraName>,
    /// Everybody who asks for it, and gets it.
    pub wanted_by: Vec<Edge>,
    /// The newest version that could be used, where that is newer, and who leaves it out.
    pub held_back: Option<(Version, Vec<Edge>)>,
    /// Whether the version was yanked: somebody asks for just this one.
    pub is_yanked: bool,
    pub(crate) place: Place,
}

/// Where a chosen distribution comes from.
#[derive(Debug)]
pub(crate) enum Place {
    /// It is there already.
    Given,
    /// A source of its own.
    Source(Arc<SourceRelease>),
    /// A version of a project: its position, and its files that can be used on the target, the best first.
    Release {
        project: Arc<Project>,
        position: usize,
        files: Vec<FileId>,
    },
}

/// Somebody who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Who.
    pub from: From,
    /// What, in its own words.
    pub requirement: Arc<Requirement>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// Somebody outside.
    Asker(Asker),
    /// A chosen distribution.
    Package(DistributionName, Version),
}

/// What a search took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The projects that were asked for.
    pub projects: usize,
    /// The versions whose metadata was looked at.
    pub versions: usize,
}

impl Solution {
    /// Everything that was chosen, by name. What is [given](Package::is_given) is among it if something needs it.
    pub fn packages(&self) -> impl ExactSizeIterator<Item = &Package> {
        self.packages.values()
    }

    /// The chosen distribution of a name.
    pub fn get(&self, name: &DistributionName) -> Option<&Package> {
        self.packages.get(name)
    }

    pub(crate) fn tell(lowering: &Lowering<'_>, solution: &universe::Solution) -> Self {
        let mut packages = BTreeMap::new();
        for (id, chosen) in solution.chosen() {
            if let Key::Distribution(name) = lowering.key(id)
                && let Some(line) = lowering.known_line(&name)
                && let Some(package) = package(lowering, &name, &line, chosen.position)
            {
                packages.insert(name, package);
            }
        }
        for (id, _) in solution.chosen() {
            if let Key::Extra(name, extra) = lowering.key(id)
                && let Some(package) = packages.get_mut(&name)
            {
                package.extras.insert(extra);
            }
        }
        let versions: BTreeMap<DistributionName, Version> = packages
            .iter()
            .map(|(name, package)| (name.clone(), package.version.clone()))
            .collect();
        for edge in solution.edges() {
            let word = lowering.word(edge.requirement.origin);
            let Some(requirement) = word.requirement else {
                continue;
            };
            let subject = edge.from.map(|subject| lowering.key(subject.package));
            let from = match (word.saying, subject) {
                // These are repeated by everybody who needs the package, and ask for nothing by themselves.
                (Saying::Constraint(_) | Saying::Pin(_), _) => continue,
                // An override says what, but it is the package that asks.
                (_, Some(Key::Distribution(name) | Key::Extra(name, _))) => {
                    match versions.get(&name) {
                        Some(version) => From::Package(name, version.clone()),
                        None => continue,
                    }
                }
                (Saying::Root(asker) | Saying::Override(asker), _) => From::Asker(asker),
                _ => continue,
            };
            if let Some(package) = packages.get_mut(&requirement.name) {
                let edge = Edge { from, requirement };
                if !package.wanted_by.contains(&edge) {
                    package.wanted_by.push(edge);
                }
            }
        }
        for package in packages.values_mut() {
            package.wanted_by.sort_by(|a, b| {
                let key = |edge: &Edge| (edge.from.clone(), edge.requirement.to_string());
                key(a).cmp(&key(b))
            });
            package.held_back = held_back(lowering, package);
        }
        Self {
            packages,
            statistics: lowering.statistics(),
            all_wheels: lowering.settings.ask.rules.all_wheels,
        }
    }
}

impl Package {
    /// Whether it is there already and not installed.
    pub fn is_given(&self) -> bool {
        matches!(self.place, Place::Given)
    }
}

fn package(
    lowering: &Lowering<'_>,
    name: &DistributionName,
    line: &Line,
    position: u32,
) -> Option<Package> {
    let (version, place) = match line {
        Line::Given(given) => (given.version.clone(), Place::Given),
        Line::Sources(sources) => {
            let release = sources.get(position as usize)?.answer.as_ref().ok()?;
            (release.version.clone(), Place::Source(Arc::clone(release)))
        }
        Line::Indexed(candidates) => {
            let at = candidates.position(position)? as usize;
            let files = candidates.usable_files(position, &lowering.settings.policy);
            let project = Arc::clone(&candidates.project);
            (
                project.version(at).clone(),
                Place::Release {
                    project,
                    position: at,
                    files,
                },
            )
        }
        Line::Missing => return None,
    };
    let is_yanked = match &place {
        Place::Release { project, files, .. } => files
            .first()
            .is_some_and(|file| project.file(*file).is_yanked()),
        Place::Given | Place::Source(_) => false,
    };
    Some(Package {
        name: name.clone(),
        version,
        extras: BTreeSet::new(),
        wanted_by: Vec::new(),
        held_back: None,
        is_yanked,
        place,
    })
}

/// The newest version of a package that could be used, where somebody's requirement leaves it out.
fn held_back(lowering: &Lowering<'_>, package: &Package) -> Option<(Version, Vec<Edge>)> {
    let line = lowering.known_line(&package.name)?;
    let Line::Indexed(candidates) = &*line else {
        return None;
    };
    let newest = Candidates::newest(candidates)
        .filter(|newest| **newest > package.version)?
        .clone();
    let leaves_out = |edge: &&Edge| match &edge.requirement.constraint {
        Constraint::Versions { set, .. } => !set.contains(&newest),
        Constraint::Source(_) => true,
    };
    let by: Vec<Edge> = package
        .wanted_by
        .iter()
        .filter(leaves_out)
        .cloned()
        .collect();
    let pinned = lowering
        .settings
        .ask
        .given
        .get(&package.name)
        .filter(|given| given.kind == GivenKind::Pinned);
    (!by.is_empty() && pinned.is_none()).then_some((newest, by))
}
