//! The candidates of one distribution for one target: which versions can be used, by which file, and in which order of
//! preference.
//!
//! One pass over a project's table decides all of it. Tags and `Requires-Python` repeat thousands of times on a page
//! and are judged once each; then a file is a few look-ups. No version is parsed for it: positions in the project are
//! ascending already, and stay so within each *stretch* of candidates, so that a requirement's runs of project
//! positions are found in the list by binary search.

use std::ops::Range;
use std::sync::Arc;

use pypi::{
    FileId, FileKind, LowerBound, Metadata, Project, PythonRange, Target, Version, VersionSet,
};
use universe::Positions;

use crate::{Prereleases, PythonBounds, Rules, Sdists};

/// What decides whether a file can be used, whatever project it is of.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) target: Arc<Target>,
    pub(crate) rules: Rules,
}

/// What is particular about one distribution.
#[derive(Clone, Debug, Default)]
pub(crate) struct Particular {
    /// Yanked versions that are asked for by their exact number.
    pub(crate) yanked: Vec<Version>,
    /// The version an old lock has.
    pub(crate) preferred: Option<Version>,
    /// Whether the oldest is best.
    pub(crate) is_lowest: bool,
}

/// The usable versions of one project, best last.
#[derive(Debug)]
pub(crate) struct Candidates {
    pub(crate) project: Arc<Project>,
    order: Order,
}

/// The candidates by themselves.
#[derive(Debug)]
struct Order {
    entries: Vec<Entry>,
    /// Runs of entries within which project positions go one way: pre-releases, finals, the preferred one.
    stretches: [Range<usize>; 3],
    is_descending: bool,
}

/// A version that can be used.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Its position in the project.
    position: u32,
    /// The best file.
    file: FileId,
}

/// The judgement of one project's tags and Pythons, each made once.
pub(crate) struct Judge<'a> {
    policy: &'a Policy,
    ranks: Vec<Option<u32>>,
    pythons: Vec<bool>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(policy: &'a Policy, project: &Project) -> Self {
        let tags = project.wheel_tags().iter();
        let ranges = project.python_ranges().iter();
        Self {
            policy,
            ranks: tags.map(|tags| policy.target.rank(tags)).collect(),
            pythons: ranges.map(|range| policy.accepts_python(range)).collect(),
        }
    }

    /// How good a file is, the least best; `None` if it cannot be used at all. Whether it was yanked is left out.
    pub(crate) fn rank(&self, file: &pypi::File<'_>) -> Option<u32> {
        let fits_python = file
            .requires_python()
            .is_none_or(|range| self.accepts(range));
        let rank = match file.kind() {
            FileKind::Wheel { tags } => self.ranks.get(usize::from(tags)).copied().flatten(),
            // Behind every wheel.
            FileKind::Sdist => (self.policy.rules.sdists == Sdists::Allow).then_some(u32::MAX),
        };
        rank.filter(|_| fits_python && self.is_old_enough(file))
    }

    /// Whether a `Requires-Python` of the project, by its number, accepts the target's Python.
    pub(crate) fn accepts(&self, range: u16) -> bool {
        self.pythons
            .get(usize::from(range))
            .copied()
            .unwrap_or(false)
    }

    /// Whether a file was uploaded before the cut.
    pub(crate) fn is_old_enough(&self, file: &pypi::File<'_>) -> bool {
        self.policy
            .rules
            .exclude_newer
            .is_none_or(|cut| file.uploaded().is_some_and(|uploaded| uploaded < cut))
    }
}

impl Policy {
    /// The text of `Requires-Python`, where it says that the target's Python will not do.
    pub(crate) fn refused_python<'m>(&self, metadata: &'m Metadata) -> Option<&'m str> {
        let text = metadata.requires_python_text()?;
        (!self.accepts_python(&PythonRange::new(text))).then_some(text)
    }

    pub(crate) fn accepts_python(&self, range: &PythonRange) -> bool {
        let python = self.target.python();
        match self.rules.python_bounds {
            PythonBounds::All => range.accepts(python),
            PythonBounds::Lower => range.versions().is_ok_and(|set| {
                set.intervals()
                    .first()
                    .is_some_and(|first| match &first.lower {
                        LowerBound::Unbounded => true,
                        LowerBound::AtLeast(lowest) => python >= lowest,
                        LowerBound::Above(below) | LowerBound::After(below) => python > below,
                    })
            }),
        }
    }
}

impl Candidates {
    pub(crate) fn new(project: Arc<Project>, policy: &Policy, particular: &Particular) -> Self {
        let order = Order::new(&project, policy, particular);
        Self { project, order }
    }

    /// The file that will be looked at first when a project is asked for a version of `set`.
    pub(crate) fn best_file(
        project: &Project,
        policy: &Policy,
        particular: &Particular,
        set: &VersionSet,
    ) -> Option<FileId> {
        let order = Order::new(project, policy, particular);
        let best = order
            .among(&project.positions(set))
            .highest_in(0..number(order.entries.len()))?;
        order.entries.get(index(best)).map(|entry| entry.file)
    }

    pub(crate) fn len(&self) -> usize {
        self.order.entries.len()
    }

    /// The version of a candidate.
    pub(crate) fn version(&self, candidate: u32) -> Option<&Version> {
        self.position(candidate)
            .map(|position| self.project.version(index(position)))
    }

    /// The position of a candidate's version in the project.
    pub(crate) fn position(&self, candidate: u32) -> Option<u32> {
        self.order
            .entries
            .get(index(candidate))
            .map(|entry| entry.position)
    }

    /// The file of a candidate that is looked at for what it needs.
    pub(crate) fn file(&self, candidate: u32) -> Option<FileId> {
        self.order
            .entries
            .get(index(candidate))
            .map(|entry| entry.file)
    }

    /// Every file of a candidate that can be used, the best first.
    pub(crate) fn usable_files(&self, candidate: u32, policy: &Policy) -> Vec<FileId> {
        let Some(position) = self.position(candidate) else {
            return Vec::new();
        };
        let judge = Judge::new(policy, &self.project);
        let files = self.project.files(index(position));
        let mut ranked: Vec<(u32, FileId)> = files
            .filter_map(|file| Some((judge.rank(&file)?, file.id())))
            .collect();
        // As when the best was chosen: of equals the later.
        ranked.sort_by_key(|(rank, file)| (*rank, std::cmp::Reverse(*file)));
        ranked.into_iter().map(|(_, file)| file).collect()
    }

    /// The candidates that are versions of a set.
    pub(crate) fn within(&self, set: &VersionSet) -> Positions {
        self.order.among(&self.project.positions(set))
    }

    /// The newest version that can be used, final if there is one.
    pub(crate) fn newest(&self) -> Option<&Version> {
        let newest = |stretch: &Range<usize>| {
            let entries = self.order.entries[stretch.clone()].iter();
            entries.map(|entry| entry.position).max()
        };
        let [prereleases, finals, preferred] = &self.order.stretches;
        let position = newest(finals)
            .max(newest(preferred))
            .or_else(|| newest(prereleases))?;
        Some(self.project.version(index(position)))
    }
}

impl Order {
    fn new(project: &Project, policy: &Policy, particular: &Particular) -> Self {
        let judge = Judge::new(policy, project);
        let usable = (0..number(project.len()))
            .filter_map(|position| judge.entry(project, position, particular));
        let is_prerelease = |entry: &Entry| project.is_prerelease(index(entry.position));
        let (mut prereleases, mut finals): (Vec<Entry>, Vec<Entry>) = match policy.rules.prereleases
        {
            Prereleases::IfNecessary => usable.partition(is_prerelease),
            Prereleases::Allow => (Vec::new(), usable.collect()),
            Prereleases::Disallow => (
                Vec::new(),
                usable.filter(|entry| !is_prerelease(entry)).collect(),
            ),
        };
        let preferred = particular.preferred.as_ref().and_then(|version| {
            let position = number(project.position_of(version)?);
            let take = |entries: &mut Vec<Entry>| {
                let found = entries.binary_search_by_key(&position, |entry| entry.position);
                found.ok().map(|at| entries.remove(at))
            };
            take(&mut finals).or_else(|| take(&mut prereleases))
        });
        if particular.is_lowest {
            prereleases.reverse();
            finals.reverse();
        }
        let (first, second) = (prereleases.len(), prereleases.len() + finals.len());
        let entries: Vec<Entry> = prereleases
            .into_iter()
            .chain(finals)
            .chain(preferred)
            .collect();
        Self {
            stretches: [0..first, first..second, second..entries.len()],
            is_descending: particular.is_lowest,
            entries,
        }
    }

    /// The candidates among runs of project positions, as [`Project::positions`] gives them.
    fn among(&self, runs: &[Range<u32>]) -> Positions {
        let found = self.stretches.iter().flat_map(|stretch| {
            let entries = &self.entries[stretch.clone()];
            runs.iter().map(move |run| {
                let (start, end) = if self.is_descending {
                    let from =
                        |bound: u32| entries.partition_point(|entry| entry.position >= bound);
                    (from(run.end), from(run.start))
                } else {
                    let from = |bound: u32| entries.partition_point(|entry| entry.position < bound);
                    (from(run.start), from(run.end))
                };
                number(stretch.start + start)..number(stretch.start + end)
            })
        });
        Positions::from_ranges(found)
    }
}

impl Judge<'_> {
    /// The entry of a version, if one of its files can be used.
    fn entry(&self, project: &Project, position: u32, particular: &Particular) -> Option<Entry> {
        let mut best: Option<(u32, FileId)> = None;
        let mut is_allowed = None;
        for file in project.files(index(position)) {
            let Some(rank) = self.rank(&file) else {
                continue;
            };
            if file.is_yanked()
                && !*is_allowed.get_or_insert_with(|| {
                    let version = project.version(index(position));
                    particular.yanked.contains(version)
                        || particular.preferred.as_ref() == Some(version)
                })
            {
                continue;
            }
            // Of two files with the same tags the later has the higher build number, or the better name.
            if best.is_none_or(|(known, _)| rank <= known) {
                best = Some((rank, file.id()));
            }
        }
        best.map(|(_, file)| Entry { position, file })
    }
}

pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

pub(crate) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
