//! A repository in folders: `<repository>/<family>/<version>/package.py`, as rez lays it out.
//!
//! Opening looks at nothing but the index of the last time. A family is looked at when it is first asked for, and read
//! only if it changed since it was indexed; what was answered once is the answer for as long as this repository is open,
//! so that a solve never sees two states. [`FilesystemRepository::save`] writes the index, for the next time.

mod combined;
mod evaluating;
mod file;
mod layout;
mod options;
mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashSet;

pub use options::Options;

use crate::context::canonical_path;
use crate::package::Family;
use crate::repository::entry::{Entry, Problem};
use crate::repository::index::Index;
use crate::repository::{Location, Repository, RepositoryError, parallel};
use crate::version::Version;
use layout::Layout;
use reading::Reader;

/// A repository in folders.
///
/// # Where this goes its own way
/// rez lists versions in the order of a set, that is, in none. Here they are listed newest first: an orderer that keeps the
/// repository's order then tries new versions before old ones, which is also what happens without an orderer. Of two
/// folders that are one version (`1.0`, `1-0`) rez takes either one; here the one with a package file and more dots counts,
/// and the other is a [`Problem`]. A folder whose name is no version at all ends everything in rez, whichever version is
/// asked for; here it is skipped, with a [`Problem`]. `settings.yaml` is no family even when asked for by name.
///
/// rez runs every `package.py` that it reads. Here it is run only if an attribute that a solve reads is computed and a
/// Python is allowed ([`Options::python`]); that the code around literal attributes would fail is not noticed. A package
/// that computes its `build_requires` needs Python also where nothing is built. In YAML, aliases are refused.
#[derive(Debug)]
pub struct FilesystemRepository {
    location: Location,
    root: PathBuf,
    options: Options,
    /// Where the index is kept.
    key: String,
    index: Option<Index>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What was asked for so far; nothing for families that do not exist.
    known: BTreeMap<Arc<str>, Option<Arc<Entry>>>,
    /// Families that turned out changed where the index could not see it.
    distrusted: BTreeSet<Arc<str>>,
    /// Whether every family was asked for, so that what is not known does not exist.
    complete: bool,
}

/// How families came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// So many are as the index knew them.
    pub indexed: usize,
    /// So many were read from their package files.
    pub read: usize,
}

impl FilesystemRepository {
    /// Opens the repository at a path. It need not exist: then it is empty, as for rez.
    ///
    /// # Errors
    /// Where the path is not Unicode: no context could name its packages.
    pub fn open(path: &Path, options: &Options) -> Result<Self, RepositoryError> {
        let location = canonical_path(path).into_os_string();
        let location = location.into_string().map_err(|location| RepositoryError {
            action: "open",
            path: location.into(),
            reason: "its path is not Unicode, so no context could name it".to_owned(),
        })?;
        let key = format!("{location}\n{}", options.fingerprint());
        let index = Index::load(&options.cache, &key);
        Ok(FilesystemRepository {
            root: PathBuf::from(&location),
            location: Location {
                kind: "filesystem",
                path: location,
            },
            options: options.clone(),
            key,
            index,
            state: Mutex::default(),
        })
    }

    /// Reads families that have not been read yet, together: much faster than one after the other where there is no
    /// index, or where the disk is far away. Mistakes are told when a family is asked for.
    pub fn read_families<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        let names: Vec<Arc<str>> = {
            let state = self.state();
            let unread = names
                .into_iter()
                .filter(|name| !state.known.contains_key(*name));
            unread
                .map(Arc::from)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect()
        };
        // An error is not kept: asking for the family will look again, and tell it.
        for _ in self.read(&names) {}
    }

    /// Reads every family, together.
    ///
    /// # Errors
    /// Where the repository cannot be listed. Families that cannot be read tell so when they are asked for.
    pub fn read_all(&self) -> Result<(), RepositoryError> {
        let names = self.layout().families()?;
        self.read_families(names.iter().map(|name| &**name));
        self.state().complete = true;
        Ok(())
    }

    /// Reads, together, the families of these names, and those that a solve may go on to: what any of their versions
    /// requires, and so on. What the index knows is not followed: asking for it one by one costs next to nothing, and a
    /// solve asks for less than it may.
    pub fn read_reachable<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        let mut wanted: BTreeSet<Arc<str>> = names.into_iter().map(Arc::from).collect();
        let mut seen = BTreeSet::new();
        while !wanted.is_empty() {
            self.read_families(wanted.iter().map(|name| &**name));
            let read: Vec<Arc<Entry>> = {
                let state = self.state();
                let known = wanted
                    .iter()
                    .filter_map(|name| state.known.get(name)?.clone());
                known.filter(|entry| !entry.evidence.indexed).collect()
            };
            seen.append(&mut wanted);
            let mut texts: FxHashSet<&str> = FxHashSet::default();
            for package in read.iter().flat_map(|entry| &entry.answer().packages) {
                if let Ok(definition) = &package.definition {
                    let variants = definition.variants.iter().flatten().flatten();
                    texts.extend(
                        definition
                            .requires
                            .iter()
                            .chain(variants)
                            .map(|text| &**text),
                    );
                }
            }
            let is_indexed = |name: &str| self.index.as_ref().is_some_and(|index| index.has(name));
            let led_to = texts.into_iter().filter_map(leads_to);
            wanted = led_to
                .filter(|name| !seen.contains(*name) && !is_indexed(name))
                .map(Arc::from)
                .collect();
        }
    }

    /// Keeps what was read for the next time, if that is more than what was kept before. Whatever goes wrong is a warning
    /// of the cache ([`ayon_disk::Cache::take_warnings`]).
    pub fn save(&self) {
        if self.options.cache.folder().is_none() {
            return;
        }
        let (known, complete) = {
            let state = self.state();
            (state.known.clone(), state.complete)
        };
        let news = |(name, entry): (&Arc<str>, &Option<Arc<Entry>>)| match entry {
            Some(entry) => !entry.evidence.indexed && entry.evidence.keep,
            None => self.index.as_ref().is_some_and(|index| index.has(name)),
        };
        let outdated = |index: &Index| complete && index.len() > known.values().flatten().count();
        if !known.iter().any(news) && !self.index.as_ref().is_some_and(outdated) {
            return;
        }
        let mut entries: BTreeMap<Arc<str>, Arc<Entry>> = BTreeMap::new();
        if !complete {
            // Not the index of the start: somebody else may have added to it since.
            let others = Index::load(&self.options.cache, &self.key).map(|index| index.all());
            entries.extend(
                others
                    .into_iter()
                    .flatten()
                    .map(|(name, entry)| (name, Arc::new(entry))),
            );
        }
        for (name, entry) in known {
            match entry {
                Some(entry) => entries.insert(name, entry),
                None => entries.remove(&name),
            };
        }
        Index::save(&self.options.cache, &self.key, &entries);
    }

    /// Looks at the package files of what a solve chose, and says which families are not what they were: a file that is
    /// edited in place leaves no trace that the index could see. Those are forgotten, and read anew when they are asked
    /// for again; a new solve should follow.
    ///
    /// # Errors
    /// As for asking for a family.
    pub fn verify<'a>(
        &self,
        chosen: impl IntoIterator<Item = (&'a str, &'a Version)>,
    ) -> Result<Vec<Arc<str>>, RepositoryError> {
        let asked: Vec<(Arc<Entry>, &Version)> = {
            let state = self.state();
            let known = chosen
                .into_iter()
                .filter_map(|(name, version)| Some((state.known.get(name)?.clone()?, version)));
            known.collect()
        };
        let reader = Reader {
            layout: self.layout(),
            index: None,
            distrusted: &BTreeSet::new(),
        };
        let threads = self.options.threads.get();
        let doubted = parallel::map(threads, &asked, |(entry, version)| {
            let is_unchanged = reader.is_version_unchanged(entry, version);
            (!is_unchanged).then(|| entry.family.name.clone())
        });
        let doubted: BTreeSet<Arc<str>> = doubted.into_iter().flatten().collect();
        let names: Vec<Arc<str>> = doubted.into_iter().collect();
        let mut changed = Vec::new();
        for (name, outcome) in names.iter().zip(reader.read(&names)) {
            let now = outcome?;
            let mut state = self.state();
            let before = state.known.get(name).and_then(Option::as_ref);
            let is_same = match (before, &now) {
                (Some(before), Some(now)) => says_the_same(before, now),
                (None, None) => true,
                _ => false,
            };
            if !is_same {
                state.known.remove(name);
                state.distrusted.insert(name.clone());
                changed.push(name.clone());
            }
        }
        Ok(changed)
    }

    /// How the families that were asked for so far came to be known.
    pub fn statistics(&self) -> Statistics {
        let state = self.state();
        let entries = || state.known.values().flatten();
        let indexed = entries().filter(|entry| entry.evidence.indexed).count();
        Statistics {
            indexed,
            read: entries().count() - indexed,
        }
    }

    /// What was found odd in the families that were read so far, sorted.
    pub fn problems(&self) -> Vec<Problem> {
        let state = self.state();
        let entries = state.known.values().flatten();
        let mut problems: Vec<Problem> = entries.flat_map(|entry| entry.problems.clone()).collect();
        problems.sort();
        problems.dedup();
        problems
    }

    /// Reads families and keeps what they are.
    fn read(&self, names: &[Arc<str>]) -> Vec<Result<Option<Arc<Entry>>, RepositoryError>> {
        if names.is_empty() {
            return Vec::new();
        }
        let distrusted = self.state().distrusted.clone();
        let reader = Reader {
            layout: self.layout(),
            index: self.index.as_ref(),
            distrusted: &distrusted,
        };
        let mut outcomes = reader.read(names);
        evaluating::evaluate(self.layout(), &mut outcomes);
        let mut state = self.state();
        let kept = outcomes.into_iter().zip(names).map(|(outcome, name)| {
            let entry = outcome?.map(Arc::new);
            // Whoever was first is who everybody has seen.
            Ok(state.known.entry(name.clone()).or_insert(entry).clone())
        });
        kept.collect()
    }

    /// Has Python tell again what it told for another question.
    fn ask_again(&self, entry: Arc<Entry>) -> Arc<Entry> {
        let mut outcomes = [Ok(Some(Entry::clone(&entry)))];
        evaluating::evaluate(self.layout(), &mut outcomes);
        let [Ok(Some(told))] = outcomes else {
            return entry;
        };
        let (name, told) = (entry.family.name.clone(), Arc::new(told));
        self.state().known.insert(name, Some(told.clone()));
        told
    }

    fn layout(&self) -> Layout<'_> {
        Layout {
            root: &self.root,
            options: &self.options,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the tables as whole as they were.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Repository for FilesystemRepository {
    fn location(&self) -> &Location {
        &self.location
    }

    fn family_names(&self) -> Result<Vec<Arc<str>>, RepositoryError> {
        Ok(self.layout().families()?.into_iter().collect())
    }

    fn family(&self, name: &str) -> Result<Option<Arc<Family>>, RepositoryError> {
        let known = self.state().known.get(name).cloned();
        let entry = match known {
            Some(Some(entry)) if evaluating::is_outdated(self.layout(), &entry) => {
                Some(self.ask_again(entry))
            }
            Some(entry) => entry,
            None => self.read(&[Arc::from(name)]).pop().transpose()?.flatten(),
        };
        Ok(entry.map(|entry| entry.answer().clone()))
    }
}

/// Whether two readings of a family come to the same. What only Python can tell is taken to change with its file.
fn says_the_same(one: &Entry, other: &Entry) -> bool {
    let needs_python = one.family.packages.iter().any(evaluating::needs_python);
    let is_same_source = || {
        one.evidence.stamp == other.evidence.stamp && one.evidence.sources == other.evidence.sources
    };
    one.family == other.family && (!needs_python || is_same_source())
}

/// The family that a request may bring in. Conflicts and weak requests bring in none.
fn leads_to(request: &str) -> Option<&str> {
    let end = request
        .find(['-', '@', '#', '=', '<', '>'])
        .unwrap_or(request.len());
    let name = request.get(..end)?;
    (!name.starts_with(['!', '~', '.'])).then_some(name)
}
