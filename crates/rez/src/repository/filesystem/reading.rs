//! Reading families, many at a time.
//!
//! Every family is first looked at: where is it, is it what the index knows, what versions does it have? Then the package
//! files of all families that have to be read are read together, so that one large family does not leave the other
//! threads idle. At last each family's folder is looked at again: if it changed meanwhile, that family is read anew.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use ayon_disk::{Stamp, read_stamped};

use super::combined;
use super::file::{FileRead, is_settled_and_same, is_unchanged, jobs, version_folder};
use super::layout::{Layout, Listing, Place, failed};
use crate::package::{Defect, DefectKind, Family, Package, PackageKind};
use crate::repository::definition::{Attributes, Format, MAX_BYTES};
use crate::repository::entry::{Entry, Evidence, Problem, Source};
use crate::repository::evaluate::Task;
use crate::repository::index::Index;
use crate::repository::{RepositoryError, parallel};
use crate::version::Version;

/// How often a family that changes while it is read is read again.
const ATTEMPTS: usize = 3;

/// What reading a family came to; nothing where the repository has no such family.
pub(super) type Outcome = Result<Option<Entry>, RepositoryError>;

/// Reads families of one repository.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) layout: Layout<'a>,
    pub(super) index: Option<&'a Index>,
    /// Families that are read even if the index seems to know them.
    pub(super) distrusted: &'a BTreeSet<Arc<str>>,
}

/// What is to be done about a family.
enum Plan {
    /// Nothing more.
    Done(Outcome),
    /// Its package files are to be read.
    Read(Place, Listing),
}

impl Reader<'_> {
    /// Reads families, in the order of their names here.
    pub(super) fn read(self, names: &[Arc<str>]) -> Vec<Outcome> {
        let threads = self.layout.options.threads.get();
        let plans = parallel::map(threads, names, |name| self.plan(name, true));
        let mut to_read = Vec::new();
        for plan in &plans {
            if let Plan::Read(place, listing) = plan {
                to_read.extend(jobs(place, listing));
            }
        }
        let mut files = parallel::map(threads, &to_read, |job| job.read(self.layout)).into_iter();
        let mut read = Vec::new();
        for (plan, name) in plans.into_iter().zip(names) {
            read.push(match plan {
                Plan::Done(outcome) => (name, None, outcome),
                Plan::Read(place, listing) => {
                    let count = jobs(&place, &listing).count();
                    let files = files.by_ref().take(count).collect();
                    let entry = self.entry(name, &place, listing, files);
                    (name, Some(place), Ok(Some(entry)))
                }
            });
        }
        let checked = parallel::map(threads, &read, |(name, place, outcome)| {
            let (Some(place), Ok(Some(entry))) = (place, outcome) else {
                return None;
            };
            (!is_still(place, entry)).then(|| self.read_again(name))
        });
        let outcomes = read.into_iter().zip(checked);
        outcomes
            .map(|((_, _, outcome), again)| again.unwrap_or(outcome))
            .collect()
    }

    /// Looks at a family; `trusting` takes what the index knows, if it still is so.
    fn plan(self, name: &Arc<str>, trusting: bool) -> Plan {
        let place = match self.layout.place(name) {
            Ok(Some(place)) => place,
            Ok(None) => return Plan::Done(Ok(None)),
            Err(error) => return Plan::Done(Err(error)),
        };
        if trusting
            && !self.distrusted.contains(name)
            && let Some(entry) = self.index.and_then(|index| index.entry(name, &place.stamp))
            && self.is_current(&entry, &place)
        {
            return Plan::Done(Ok(Some(entry)));
        }
        if let Some(format) = place.combined {
            return Plan::Done(self.combined(name, &place, format).map(Some));
        }
        match self.layout.versions(&place.path) {
            Ok(listing) => Plan::Read(place, listing),
            // It may just have gone away.
            Err(error) => Plan::Done(match self.layout.place(name) {
                Ok(None) => Ok(None),
                _ => Err(error),
            }),
        }
    }

    /// Whether everything that an entry was read from is as it was then.
    fn is_current(self, entry: &Entry, place: &Place) -> bool {
        let evidence = &entry.evidence;
        let is_hidden_same = |(name, stamp): &(Arc<str>, Stamp)| {
            is_settled_and_same(&place.path.join(&**name), stamp, evidence.read_at)
        };
        let is_file_same = |(package, source): (&Package, &Source)| {
            // A folder that had no package file shows in its own stamp that it got one; a file that is edited in place
            // shows only in its own.
            let is_to_check = source.file.is_none() || self.layout.options.check_files;
            let folder = || version_folder(&place.path, &package.version);
            !is_to_check || is_unchanged(self.layout, &folder(), source, evidence.read_at)
        };
        let sources = entry.family.packages.iter().zip(&evidence.sources);
        evidence.stamp == place.stamp
            && evidence.stamp.is_settled(evidence.read_at)
            && *evidence.combined == *place.combined.map_or("", Format::extension)
            && evidence.hidden.iter().all(is_hidden_same)
            && { sources }.all(is_file_same)
    }

    /// Whether one version's package file is as it was when it was read.
    pub(super) fn is_version_unchanged(self, entry: &Entry, version: &Version) -> bool {
        let evidence = &entry.evidence;
        let family = self.layout.root.join(&*entry.family.name);
        if !evidence.combined.is_empty() {
            let file =
                family.with_file_name(format!("{}.{}", entry.family.name, evidence.combined));
            return is_settled_and_same(&file, &evidence.stamp, evidence.read_at);
        }
        let sources = entry.family.packages.iter().zip(&evidence.sources);
        let mut sources = sources.filter(|(package, _)| package.version == *version);
        sources.all(|(package, source)| {
            let folder = version_folder(&family, &package.version);
            is_unchanged(self.layout, &folder, source, evidence.read_at)
        })
    }

    /// Puts a folder's family together. Of equal versions the first that is not just an empty folder counts.
    fn entry(
        self,
        name: &Arc<str>,
        place: &Place,
        listing: Listing,
        files: Vec<FileRead>,
    ) -> Entry {
        let versions = match listing.unversioned {
            Some(_) => vec![Version::empty()],
            None => listing.versions,
        };
        let mut problems = listing.problems;
        let mut keep = true;
        let mut hidden_folders = listing.hidden;
        let mut packages: Vec<Package> = Vec::with_capacity(versions.len());
        let mut sources: Vec<Source> = Vec::with_capacity(versions.len());
        for (version, file) in versions.into_iter().zip(files) {
            keep &= file.keep;
            problems.extend(file.problem);
            let package = Package {
                version,
                kind: PackageKind::Folder,
                definition: file.definition,
            };
            match (packages.last_mut(), sources.last_mut()) {
                (Some(last), Some(source)) if last.version == package.version => {
                    let (mut used, mut hidden) = (&last.version, &package.version);
                    let takes_over = source.file.is_none() && file.source.file.is_some();
                    if takes_over {
                        std::mem::swap(&mut used, &mut hidden);
                    }
                    let message = format!(
                        "it is the same version as `{used}`, which counts; rez may take either one"
                    );
                    problems.push(Problem::of(&version_folder(&place.path, hidden), message));
                    let mut other = (package, file.source);
                    if takes_over {
                        std::mem::swap(last, &mut other.0);
                        std::mem::swap(source, &mut other.1);
                    }
                    if other.1.file.is_none() {
                        // Once it has a file, it may be the one that counts.
                        hidden_folders.push((other.0.version.as_str().into(), other.1.stamp));
                    }
                }
                _ => {
                    packages.push(package);
                    sources.push(file.source);
                }
            }
        }
        Entry {
            family: Arc::new(Family {
                name: name.clone(),
                packages,
            }),
            evaluated: None,
            problems,
            evidence: Evidence {
                stamp: place.stamp,
                read_at: self.layout.options.now,
                combined: "".into(),
                sources,
                hidden: hidden_folders,
                keep,
                indexed: false,
            },
        }
    }

    fn combined(
        self,
        name: &Arc<str>,
        place: &Place,
        format: Format,
    ) -> Result<Entry, RepositoryError> {
        let (bytes, stamp) =
            read_stamped(&place.path, MAX_BYTES).map_err(|error| failed("read", error))?;
        let mut attributes = Attributes::read(format, &bytes).map_err(|mistake| {
            combined::broken(Defect {
                kind: DefectKind::Invalid,
                file: place.path.clone(),
                line: mistake.line,
                message: mistake.message,
            })
        })?;
        // What Python tells is not kept: it may depend on anything.
        let mut keep = true;
        if attributes.hides_versions()
            && let Some(python) = &self.layout.options.python
        {
            let task = Task {
                file: place.path.clone(),
                family: name.to_string(),
                version: None,
                base: None,
            };
            if let Some(told) = python.evaluate(&[task]).pop() {
                attributes = told.map_err(combined::broken)?;
                keep = false;
            }
        }
        let file = combined::read(&place.path, attributes, self.layout.options)
            .map_err(combined::broken)?;
        Ok(Entry {
            family: Arc::new(Family {
                name: name.clone(),
                packages: file.packages(&place.path, format),
            }),
            evaluated: None,
            problems: file.problems,
            evidence: Evidence {
                stamp,
                read_at: self.layout.options.now,
                combined: format.extension().into(),
                sources: Vec::new(),
                hidden: Vec::new(),
                keep,
                indexed: false,
            },
        })
    }

    /// Reads a family that changed while it was read, until it stands still or patience ends.
    fn read_again(self, name: &Arc<str>) -> Outcome {
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let (place, listing) = match self.plan(name, false) {
                Plan::Done(outcome) => return outcome,
                Plan::Read(place, listing) => (place, listing),
            };
            let files = jobs(&place, &listing)
                .map(|job| job.read(self.layout))
                .collect();
            let entry = self.entry(name, &place, listing, files);
            if is_still(&place, &entry) {
                return Ok(Some(entry));
            }
            last = Some((place, entry));
        }
        Ok(last.map(|(place, mut entry)| {
            let message = "it keeps changing while it is read; what was seen may be half of it";
            entry
                .problems
                .push(Problem::of(&place.path, message.to_owned()));
            entry.evidence.keep = false;
            entry
        }))
    }
}

/// Whether a family's folder is as it was before it was read. Its stamp would not show a change within a tick of the
/// clock after another one; a version whose folder is gone shows that.
fn is_still(place: &Place, entry: &Entry) -> bool {
    let is_gone = |(package, source): (&Package, &Source)| {
        let defect = package.definition.as_ref().err();
        defect.is_some_and(|defect| defect.kind == DefectKind::Missing)
            && source.stamp == Stamp::default()
    };
    let mut sources = entry.family.packages.iter().zip(&entry.evidence.sources);
    !sources.any(is_gone)
        && fs::metadata(&place.path).is_ok_and(|metadata| Stamp::of(&metadata) == place.stamp)
}
