//! How an answer is fetched with the fewest requests: the page of a project, then of one file as little as tells its
//! metadata. See [`files`] for the latter.

mod files;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pypi::{DistributionName, FileId, MetadataAnswer, Project, page};
use tokio::sync::OnceCell;

use crate::cache::{Freshness, StoredPage};
use crate::error::ClientError;
use crate::http::{self, Http, PageAnswer, Validators};
use crate::indexes::At;
use crate::keeper::Entry;
use crate::state::{Answer, State, merge};
use files::Fetched;
use transport::shown;

/// What the tasks of the fetching thread have in common.
pub(crate) struct Plan {
    pub(crate) state: Arc<State>,
    pub(crate) http: Http,
    keeper: Sender<Entry>,
    /// The pages that were asked for again because a file of theirs was gone.
    renewed: Mutex<BTreeMap<DistributionName, Arc<Renewed>>>,
}

type Renewed = OnceCell<Answer<Option<Arc<Project>>>>;

impl Plan {
    pub(crate) fn new(state: Arc<State>, keeper: Sender<Entry>) -> Answer<Self> {
        let http = Http::new(state.options.http.clone())
            .map_err(|fault| ClientError::Setup(fault.to_string()))?;
        // Started once, so there is nothing there yet.
        let _ = state.counts.http.set(http.counters());
        Ok(Plan {
            state,
            http,
            keeper,
            renewed: Mutex::default(),
        })
    }

    /// A project: from the first index that has it, with the files of the wheelhouses.
    pub(crate) async fn project(&self, name: &DistributionName) -> Answer<Option<Arc<Project>>> {
        self.find(name, false).await
    }

    async fn find(&self, name: &DistributionName, again: bool) -> Answer<Option<Arc<Project>>> {
        let local = self.state.wheelhouses.files(self, name).await?;
        for index in self.state.indexes_of(name) {
            let found = match &index.at {
                At::Folder(folder) => folder.project(&self.state, name)?,
                At::Url(url) => self.page(url, name, again).await?,
            };
            if found.is_some() {
                return merge(name, local, found);
            }
        }
        merge(name, local, None)
    }

    /// What a file needs. Where the file is gone its page is stale: that is asked for once more.
    pub(crate) async fn metadata(
        &self,
        project: &Arc<Project>,
        file: FileId,
    ) -> Answer<MetadataAnswer> {
        let fetched = match self.fetch_file(project, file).await? {
            Fetched::Gone => match self.renewed_file(project, file).await? {
                Some((project, file)) => self.fetch_file(&project, file).await?,
                None => Fetched::Gone,
            },
            fetched @ Fetched::Answer(_) => fetched,
        };
        self.state
            .counts
            .files_fetched
            .fetch_add(1, Ordering::Relaxed);
        Ok(match fetched {
            Fetched::Answer(answer) => answer,
            Fetched::Gone => MetadataAnswer::Unusable(format!(
                "{} lists {}, but does not have it",
                shown(project.index()),
                project.file(file).name()
            )),
        })
    }

    /// The file of the same name on the page as it is now.
    async fn renewed_file(
        &self,
        project: &Project,
        file: FileId,
    ) -> Answer<Option<(Arc<Project>, FileId)>> {
        let name = project.name();
        let cell = Arc::clone(
            self.renewed
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(name.clone())
                .or_default(),
        );
        let Some(renewed) = cell.get_or_init(|| self.find(name, true)).await.clone()? else {
            return Ok(None);
        };
        let wanted = project.file(file).name();
        let mut files = (0..renewed.len()).flat_map(|position| renewed.files(position));
        let found = files
            .find(|file| file.name() == wanted)
            .map(|file| file.id());
        drop(files);
        Ok(found.map(|file| (renewed, file)))
    }

    /// The page of a project on an index. `again` asks although it is fresh, and does not take "unchanged" for an answer.
    async fn page(
        &self,
        index: &str,
        name: &DistributionName,
        again: bool,
    ) -> Answer<Option<Arc<Project>>> {
        if !again && let Some(page) = self.state.page_at_hand(index, name) {
            return Ok(page.project);
        }
        let stored = self
            .state
            .store
            .page(index, name)
            .filter(|page| !again && page.project.is_some());
        let validators = stored.as_ref().map(|page| &page.freshness.validators);
        let answer = self
            .http
            .page(&format!("{index}/{name}/"), validators)
            .await?;
        self.state
            .counts
            .pages_fetched
            .fetch_add(1, Ordering::Relaxed);
        let page = match answer {
            PageAnswer::Page(page) => {
                let freshness = self.freshness(page.fresh_for, page.validators.clone());
                let (index, name) = (index.to_owned(), name.clone());
                let parsed = self.beside(move || parse(*page, &index, &name));
                StoredPage {
                    project: Some(Arc::new(parsed.await?)),
                    freshness,
                }
            }
            PageAnswer::NotModified { fresh_for } => {
                let (project, validators) = stored
                    .map(|page| (page.project, page.freshness.validators))
                    .unwrap_or_default();
                StoredPage {
                    project,
                    freshness: self.freshness(fresh_for, validators),
                }
            }
            PageAnswer::Missing => StoredPage {
                project: None,
                freshness: self.freshness(None, Validators::default()),
            },
        };
        let project = page.project.clone();
        self.keep(Entry::Page {
            index: index.to_owned(),
            name: name.clone(),
            page,
        });
        Ok(project)
    }

    pub(crate) fn freshness(
        &self,
        promised: Option<Duration>,
        validators: Validators,
    ) -> Freshness {
        Freshness {
            fetched: self.state.options.now,
            promised,
            validators,
        }
    }

    /// Has something kept, soon.
    pub(crate) fn keep(&self, entry: Entry) {
        // The thread that keeps ends after all who send to it.
        let _ = self.keeper.send(entry);
    }

    /// Does what takes a while beside the network.
    pub(crate) async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|error| Err(ClientError::Thread(error.to_string())))
    }
}

fn parse(answer: http::Page, index: &str, name: &DistributionName) -> Answer<Project> {
    let url = shown(&answer.final_url);
    let bytes = answer.body.read()?;
    let page = page::Page {
        bytes: &bytes,
        content_type: &answer.content_type,
        url: &answer.final_url,
    };
    page::parse(&page, name, index).map_err(|error| ClientError::Page {
        name: name.clone(),
        url,
        reason: error.to_string(),
    })
}
