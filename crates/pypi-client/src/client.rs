//! Indexes, wheelhouses and sources as one [`Index`].
//!
//! A warm run is measured in milliseconds, so what is at hand is read on the caller's own thread and nothing is started
//! for it: no thread, no runtime, no TLS. The first answer that is not at hand starts the fetching thread ([`Fetcher`]); from
//! then on hints run ahead of the caller, who waits only for what he asks for.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pypi::{
    DistributionName, FileId, Hint, Index, IndexError, MetadataAnswer, Project, Scout, Source,
    SourceAnswer,
};

use crate::cache::FileKey;
use crate::error::ClientError;
use crate::fetcher::{Fetcher, Job};
use crate::once::{Claim, Once};
use crate::options::Options;
use crate::source;
use crate::state::{Answer, State};

/// Answers what a solve asks, from a cache and from outside.
///
/// Dropping a client drops every request that is in flight, and keeps what was learnt.
pub struct Client {
    state: Arc<State>,
    /// Started by the first answer that is not at hand.
    fetcher: Mutex<Option<Fetcher>>,
}

/// What a client did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Requests, repetitions and redirects included.
    pub requests: u64,
    /// Bytes of answers.
    pub bytes: u64,
    /// Pages that the cache had.
    pub pages_cached: u64,
    /// Pages that an index was asked for.
    pub pages_fetched: u64,
    /// Files whose metadata the cache had.
    pub files_cached: u64,
    /// Files whose metadata was fetched or read.
    pub files_fetched: u64,
    /// Whether the fetching thread was started.
    pub fetched: bool,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::Relaxed);
    }
}

impl Client {
    /// Makes ready. Nothing is read and nobody is asked yet.
    ///
    /// # Errors
    /// Where an index or a wheelhouse is named by something that is neither a URL nor a folder.
    pub fn open(mut options: Options) -> Result<Self, ClientError> {
        options.http.stop = Arc::clone(&options.stop);
        Ok(Client {
            state: Arc::new(State::new(options)?),
            fetcher: Mutex::default(),
        })
    }

    /// What a person may want to know: what is wrong with the cache. Each is told once.
    pub fn warnings(&self) -> Vec<String> {
        let warnings = self.state.store.take_warnings();
        warnings.iter().map(ToString::to_string).collect()
    }

    /// The projects that some index was found to have, in any run with this cache: what somebody meant who mistyped a name
    /// is probably among them. Slow; for when something went wrong anyway.
    pub fn known_names(&self) -> BTreeSet<DistributionName> {
        self.state.store.names()
    }

    /// What was done so far.
    pub fn statistics(&self) -> Statistics {
        let counts = &self.state.counts;
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Statistics {
            requests: counts.http.get().map_or(0, |http| read(&http.requests)),
            bytes: counts.http.get().map_or(0, |http| read(&http.bytes)),
            pages_cached: read(&counts.pages_cached),
            pages_fetched: read(&counts.pages_fetched),
            files_cached: read(&counts.files_cached),
            files_fetched: read(&counts.files_fetched),
            fetched: self.fetcher().is_some(),
        }
    }

    /// Has the fetching thread do a job whose key the caller claimed.
    fn send(&self, job: Job) {
        let mut fetcher = self.fetcher();
        let started = match fetcher.take() {
            Some(running) => Ok(running),
            None => Fetcher::start(&self.state),
        };
        match started {
            Ok(running) => fetcher.insert(running).send(job),
            Err(error) => {
                // Who waits holds the answers and looks for the fetcher: never hold it and look for the answers.
                drop(fetcher);
                job.fail(&self.state, &ClientError::Thread(error.to_string()));
            }
        }
    }

    fn wait<K: Ord + Clone, V: Clone>(&self, once: &Once<K, Answer<V>>, key: &K) -> Answer<V> {
        let give_up = || {
            if (self.state.options.stop)() {
                return Some(ClientError::Stopped);
            }
            let ended = self
                .fetcher()
                .as_ref()
                .is_some_and(|fetcher| !fetcher.is_running());
            ended.then(|| ClientError::Thread("no answer will come".to_owned()))
        };
        once.wait(key, give_up)?
    }

    fn fetcher(&self) -> std::sync::MutexGuard<'_, Option<Fetcher>> {
        self.fetcher.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims a project and finds it at hand, or has it fetched.
    fn start_project(
        &self,
        name: &DistributionName,
        scout: Option<&Arc<dyn Scout>>,
    ) -> Started<Answer<Option<Arc<Project>>>> {
        match self.state.projects.claim(name) {
            Claim::Known(answer) => Started::Known(answer),
            Claim::Pending => Started::Pending,
            Claim::Mine => {
                if let Some(answer) = self.state.project_at_hand(name) {
                    self.state.projects.fill(name.clone(), answer.clone());
                    return Started::Known(answer);
                }
                self.send(Job::Project(name.clone(), scout.cloned()));
                Started::Pending
            }
        }
    }

    /// Claims a file and finds its metadata at hand, or has it fetched.
    fn start_file(
        &self,
        project: &Arc<Project>,
        file: FileId,
        key: &FileKey,
        scout: Option<&Arc<dyn Scout>>,
    ) -> Started<Answer<MetadataAnswer>> {
        match self.state.files.claim(key) {
            Claim::Known(answer) => Started::Known(answer),
            Claim::Pending => Started::Pending,
            Claim::Mine => {
                if let Some(answer) = self.state.file_at_hand(project, file, key) {
                    self.state.files.fill(key.clone(), answer.clone());
                    return Started::Known(answer);
                }
                let project = Arc::clone(project);
                self.send(Job::File(project, file, key.clone(), scout.cloned()));
                Started::Pending
            }
        }
    }
}

/// Where an answer is once it was asked for.
enum Started<V> {
    Known(V),
    Pending,
}

impl Index for Client {
    fn project(&self, name: &DistributionName) -> Result<Option<Arc<Project>>, IndexError> {
        let answer = match self.start_project(name, None) {
            Started::Known(answer) => answer,
            Started::Pending => self.wait(&self.state.projects, name),
        };
        Ok(answer?)
    }

    fn metadata(&self, project: &Arc<Project>, file: FileId) -> Result<MetadataAnswer, IndexError> {
        let key = FileKey::of(project, file);
        let answer = match self.start_file(project, file, &key, None) {
            Started::Known(answer) => answer,
            Started::Pending => self.wait(&self.state.files, &key),
        };
        Ok(answer?)
    }

    fn source(&self, name: &DistributionName, source: &Source) -> Result<SourceAnswer, IndexError> {
        let sources = &self.state.sources;
        let answer = match sources.claim(source) {
            Claim::Known(answer) => answer,
            Claim::Pending => self.wait(sources, source),
            Claim::Mine => {
                if let Some(answer) = source::at_hand(&self.state, name, source) {
                    sources.fill(source.clone(), Ok(answer.clone()));
                    return Ok(answer);
                }
                self.send(Job::Source(name.clone(), source.clone()));
                self.wait(sources, source)
            }
        };
        Ok(answer?)
    }

    fn expect(&self, hint: Hint<'_>) {
        match hint {
            Hint::Project { name, scout } => {
                if let Started::Known(Ok(Some(project))) = self.start_project(name, Some(scout))
                    && let Some(file) = scout.best(&project)
                {
                    let key = FileKey::of(&project, file);
                    self.start_file(&project, file, &key, Some(scout));
                }
            }
            Hint::Metadata(project, file) => {
                self.start_file(project, file, &FileKey::of(project, file), None);
            }
        }
    }

    fn known_names(&self) -> Vec<DistributionName> {
        let projects = &self.state.projects;
        let mut names = projects.keys(|answer| matches!(answer, Ok(Some(_))));
        names.extend(self.state.wheelhouses.names());
        names
    }

    fn describe(&self) -> String {
        let indexes = self
            .state
            .indexes
            .iter()
            .map(|index| format!("the index {}", index.shown()));
        let wheelhouses = self
            .state
            .wheelhouses
            .shown()
            .map(|place| format!("the wheelhouse {place}"));
        let mut places: Vec<String> = indexes.chain(wheelhouses).collect();
        match places.pop() {
            None => "no index at all".to_owned(),
            Some(last) if places.is_empty() => last,
            Some(last) => format!("{} and {last}", places.join(", ")),
        }
    }
}
