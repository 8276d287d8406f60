//! What the solver's thread and the fetching one share, and everything that can be told without fetching.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use pypi::{
    DistributionName, File, FileId, Location, MetadataAnswer, NewFile, NewLocation, Project,
    ProjectBuilder, Source, SourceAnswer,
};

use crate::cache::{FileKey, Store, StoredFile, StoredPage};
use crate::contents::Promise;
use crate::error::ClientError;
use crate::http::Counters;
use crate::indexes::{At, PlacedIndex};
use crate::local;
use crate::once::Once;
use crate::options::{Options, Tally};
use crate::wheelhouse::Wheelhouses;

/// What is known in the end: the answer, or why there is none.
pub(crate) type Answer<T> = Result<T, ClientError>;

/// Options, cache, and the answers of this run.
pub(crate) struct State {
    pub(crate) options: Options,
    pub(crate) indexes: Vec<PlacedIndex>,
    pub(crate) wheelhouses: Wheelhouses,
    pub(crate) store: Store,
    pub(crate) projects: Once<DistributionName, Answer<Option<Arc<Project>>>>,
    pub(crate) files: Once<FileKey, Answer<MetadataAnswer>>,
    pub(crate) sources: Once<Source, Answer<SourceAnswer>>,
    pub(crate) counts: Counts,
    /// Set when the client is dropped.
    pub(crate) over: AtomicBool,
}

/// What was done so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) pages_cached: AtomicU64,
    pub(crate) pages_fetched: AtomicU64,
    pub(crate) files_cached: AtomicU64,
    pub(crate) files_fetched: AtomicU64,
    /// Those of the requests, once there are any.
    pub(crate) http: OnceLock<Arc<Counters>>,
}

impl State {
    pub(crate) fn new(options: Options) -> Answer<Self> {
        let indexes = options
            .indexes
            .iter()
            .map(PlacedIndex::new)
            .collect::<Answer<_>>()?;
        Ok(State {
            indexes,
            wheelhouses: Wheelhouses::new(&options.find_links)?,
            store: Store::new(options.cache.as_deref()),
            projects: Once::default(),
            files: Once::default(),
            sources: Once::default(),
            counts: Counts::default(),
            over: AtomicBool::new(false),
            options,
        })
    }

    /// The indexes that may be asked for a project, in order.
    pub(crate) fn indexes_of(&self, name: &DistributionName) -> impl Iterator<Item = &PlacedIndex> {
        let pinned = self.indexes.iter().any(|index| index.is_pin_of(name));
        self.indexes
            .iter()
            .filter(move |index| !pinned || index.is_pin_of(name))
    }

    /// A project without asking anybody. None if somebody must be asked.
    pub(crate) fn project_at_hand(
        &self,
        name: &DistributionName,
    ) -> Option<Answer<Option<Arc<Project>>>> {
        let local = match self.wheelhouses.files_at_hand(self, name)? {
            Ok(local) => local,
            Err(error) => return Some(Err(error)),
        };
        let mut found = None;
        for index in self.indexes_of(name) {
            found = match &index.at {
                At::Folder(folder) => match folder.project(self, name) {
                    Ok(found) => found,
                    Err(error) => return Some(Err(error)),
                },
                At::Url(url) => match self.page_at_hand(url, name) {
                    Some(page) => page.project,
                    // Offline, what a wheelhouse has is what there is.
                    None if self.options.offline && !local.is_empty() => None,
                    None if self.options.offline => {
                        let (name, place) = (Some(name.clone()), index.shown());
                        return Some(Err(ClientError::Offline { name, place }));
                    }
                    None => return None,
                },
            };
            if found.is_some() {
                break;
            }
        }
        Some(merge(name, local, found))
    }

    /// A page of an index that need not be asked for.
    pub(crate) fn page_at_hand(&self, url: &str, name: &DistributionName) -> Option<StoredPage> {
        if self.options.refresh.covers(name) && !self.options.offline {
            return None;
        }
        let page = self.store.page(url, name)?;
        let Options {
            offline,
            now,
            page_lifetime,
            ..
        } = self.options;
        if !offline && !page.freshness.holds(now, page_lifetime) {
            return None;
        }
        self.counts.pages_cached.fetch_add(1, Ordering::Relaxed);
        Some(page)
    }

    /// What a file needs without asking anybody. None if somebody must be asked.
    pub(crate) fn file_at_hand(
        &self,
        project: &Project,
        file: FileId,
        key: &FileKey,
    ) -> Option<Answer<MetadataAnswer>> {
        let view = project.file(file);
        if let Some(stored) = self.stored_file(project.name(), key) {
            self.counts.files_cached.fetch_add(1, Ordering::Relaxed);
            return Some(Ok(stored.answer(view.name())));
        }
        match view.location() {
            Location::Path(path) => Some(local::metadata(
                self,
                &Promise::of(project, file),
                key,
                Path::new(path),
            )),
            Location::Url(_) if self.options.offline => {
                let reason = format!(
                    "offline, and what {} needs is not in the cache",
                    view.name()
                );
                Some(Ok(MetadataAnswer::Unusable(reason)))
            }
            Location::Url(_) => None,
        }
    }

    /// What the cache knows of a file, as far as that answers what it needs.
    fn stored_file(&self, name: &DistributionName, key: &FileKey) -> Option<StoredFile> {
        // What is not known by its hash may have been replaced; who refreshes wishes to know.
        if !key.is_hash() && !self.options.offline && self.options.refresh.covers(name) {
            return None;
        }
        self.stored(key)
    }

    /// What the cache knows for ever, as far as that answers what is needed.
    pub(crate) fn stored(&self, key: &FileKey) -> Option<StoredFile> {
        match (self.store.file(key)?, &self.options.allow_build) {
            (StoredFile::Dynamic, Some(python)) => self.store.file(&key.built_by(python)),
            (stored, _) => Some(stored),
        }
    }

    /// Whether nobody waits for answers any more.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed) || (self.options.stop)()
    }

    pub(crate) fn tally(&self) -> Tally {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Tally {
            projects: read(&self.counts.pages_fetched),
            files: read(&self.counts.files_fetched),
            bytes: self.counts.http.get().map_or(0, |http| read(&http.bytes)),
        }
    }
}

/// The files of wheelhouses and those of an index, as one project. A file that both have is the wheelhouse's: somebody
/// put it there on purpose.
pub(crate) fn merge(
    name: &DistributionName,
    local: Vec<NewFile>,
    found: Option<Arc<Project>>,
) -> Answer<Option<Arc<Project>>> {
    if local.is_empty() {
        return Ok(found);
    }
    let label = found.as_ref().map_or("", |project| project.index());
    let mut builder = ProjectBuilder::new(name.clone(), label);
    for file in local {
        builder.add(file);
    }
    if let Some(project) = &found {
        for position in 0..project.len() {
            for file in project.files(position) {
                builder.add(again(project, file));
            }
        }
    }
    let project = builder
        .build()
        .map_err(|error| ClientError::File(error.to_string()))?;
    Ok(Some(Arc::new(project)))
}

/// A file of a project, to be added to another.
pub(crate) fn again(project: &Project, file: File<'_>) -> NewFile {
    let location = match file.location() {
        Location::Url(url) => NewLocation::Url(url.to_owned()),
        Location::Path(path) => NewLocation::Path(path.to_owned()),
    };
    let python = file
        .requires_python()
        .and_then(|index| project.python_ranges().get(usize::from(index)));
    NewFile {
        hashes: file
            .hashes()
            .map(|(algorithm, digest)| (algorithm.to_owned(), digest))
            .collect(),
        requires_python: python.map(|range| range.text().to_owned()),
        yanked: file.is_yanked().then(|| file.yanked_reason().to_owned()),
        size: file.size(),
        uploaded: file.uploaded(),
        core_metadata: file
            .has_core_metadata()
            .then(|| file.core_metadata_sha256().unwrap_or_default().to_owned()),
        ..NewFile::new(file.name(), location)
    }
}
