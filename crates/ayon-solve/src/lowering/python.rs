//! Python in the universe: interpreters and distributions as *cells* of the version line.
//!
//! Without an index nobody knows which versions of a distribution exist, but every requirement that is in play does
//! divide the line of all versions into a few cells within which no requirement tells one version from another
//! ([`pypi::Cells`]). The cells are the candidates, the newest best. A launcher's module is the cell of just its
//! version; two requirements agree exactly when they share a cell. When an index is asked, its versions take the
//! cells' place and nothing else changes.
//!
//! A *source* (git, URL, path) is a candidate of its own, below all cells: it is chosen only when somebody asks for
//! it. A range does not exclude sources, since the version of a source is not known before it is fetched.

use std::collections::BTreeMap;

use ayon_model::{AddonRelease, LauncherBuild, PythonRequirement};

use pypi::{Cells, Constraint, DistributionName, MarkerEnvironment, Source, VersionSet};

use universe::Positions;

/// The candidates of one distribution, or of the interpreter.
pub(super) struct Line<'a> {
    sources: Vec<&'a Source>,
    cells: Cells,
}

/// Everything that is said about versions of one distribution by anybody in play.
#[derive(Default)]
pub(super) struct Sayings<'a> {
    /// By the text of the constraint: the same few texts recur in hundreds of releases.
    ranges: BTreeMap<&'a str, &'a VersionSet>,
    exact: Vec<VersionSet>,
    sources: Vec<&'a Source>,
}

impl<'a> Sayings<'a> {
    pub(super) fn add(&mut self, constraint: &'a Constraint) {
        match constraint {
            Constraint::Versions { set, text } => drop(self.ranges.insert(text, set)),
            Constraint::Source(source) => self.sources.push(source),
        }
    }

    pub(super) fn add_range(&mut self, text: &'a str, set: &'a VersionSet) {
        self.ranges.insert(text, set);
    }

    pub(super) fn add_set(&mut self, set: VersionSet) {
        self.exact.push(set);
    }

    pub(super) fn line(&self) -> Line<'a> {
        let mut sources = self.sources.clone();
        sources.sort_unstable();
        sources.dedup();
        Line {
            sources,
            cells: Cells::new(self.ranges.values().copied().chain(&self.exact)),
        }
    }
}

impl Line<'_> {
    pub(super) fn len(&self) -> u32 {
        self.offset() + u32::try_from(self.cells.len()).unwrap_or(u32::MAX)
    }

    fn offset(&self) -> u32 {
        u32::try_from(self.sources.len()).unwrap_or(u32::MAX)
    }

    /// The candidates that `constraint` allows.
    pub(super) fn positions(&self, constraint: &Constraint) -> Positions {
        match constraint {
            Constraint::Versions { set, .. } => {
                let sources = (!self.sources.is_empty()).then(|| 0..self.offset());
                Positions::from_ranges(sources.into_iter().chain(self.cells_of(set)))
            }
            Constraint::Source(source) => {
                let position = self
                    .sources
                    .binary_search(&source)
                    .ok()
                    .and_then(|index| u32::try_from(index).ok());
                position.map_or_else(Positions::empty, Positions::singleton)
            }
        }
    }

    /// The candidates that a given version, or a set of which one is given, is among. No source is.
    pub(super) fn given(&self, set: &VersionSet) -> Positions {
        Positions::from_ranges(self.cells_of(set))
    }

    fn cells_of(&self, set: &VersionSet) -> impl Iterator<Item = std::ops::Range<u32>> {
        let offset = self.offset();
        self.cells
            .positions(set)
            .into_iter()
            .map(move |run| run.start + offset..run.end + offset)
    }
}

/// A Python that the process may turn out to have, with what markers see under it.
pub(super) struct PossiblePython {
    pub(super) set: VersionSet,
    pub(super) environment: MarkerEnvironment,
    /// The version as people write it.
    pub(super) text: String,
}

/// The requirements of a release under each Python that may be the one: groups of Pythons that see the same.
///
/// Nearly all releases have one group. Where a marker tells Pythons apart there are several, which become variants.
pub(super) fn requirements_by_python<'a>(
    release: &'a AddonRelease,
    pythons: &[PossiblePython],
    reaches: impl Fn(&PythonRequirement) -> bool,
) -> Vec<(VersionSet, Vec<&'a PythonRequirement>)> {
    let reaching: Vec<&PythonRequirement> = release
        .python
        .distributions
        .iter()
        .filter(|requirement| !requirement.dependency.optional && reaches(requirement))
        .collect();
    if reaching
        .iter()
        .all(|requirement| requirement.dependency.marker.is_none())
    {
        return vec![(VersionSet::any(), reaching)];
    }
    let mut groups: Vec<(VersionSet, Vec<&PythonRequirement>)> = Vec::new();
    for python in pythons {
        let applies = |requirement: &&&PythonRequirement| {
            let marker = requirement.dependency.marker.as_ref();
            marker.is_none_or(|marker| marker.evaluate(&python.environment, &[]))
        };
        let applying: Vec<&PythonRequirement> = reaching.iter().filter(applies).copied().collect();
        let same = |known: &[&PythonRequirement]| {
            known.len() == applying.len()
                && known
                    .iter()
                    .zip(&applying)
                    .all(|(a, b)| std::ptr::eq(*a, *b))
        };
        match groups.iter_mut().find(|(_, known)| same(known)) {
            Some((set, _)) => *set = set.union(&python.set),
            None => groups.push((python.set.clone(), applying)),
        }
    }
    groups
}

/// The modules of a build that a process of the launcher's sees; `with_qt` for the launcher's own.
pub(super) fn modules(
    build: &LauncherBuild,
    with_qt: bool,
) -> impl Iterator<Item = (&'static str, &DistributionName, &pypi::Version)> {
    let qt = build.runtime_modules.iter().filter(move |_| with_qt);
    let common = build
        .modules
        .iter()
        .filter(move |(name, _)| !(with_qt && build.runtime_modules.contains_key(*name)));
    let common = common.map(|(name, version)| ("pythonModules", name, version));
    common.chain(qt.map(|(name, version)| ("runtimePythonModules", name, version)))
}
