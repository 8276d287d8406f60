//! The thread on which everything that takes long happens, started by the first thing that is not at hand.
//!
//! Jobs come in through a channel; each runs as a task of a single-threaded runtime, so that what limits them is the one
//! budget of requests of [`Http`](crate::http::Http). A job that came with a [`Scout`] starts those that its answer leads
//! to, so that a chain of needs is followed at the speed of the index while the solver still looks at its head. Their answers go into the [`Once`] maps on which the solver
//! waits. When the channel is closed the runtime ends and drops whatever is still in flight: nobody needs it any more.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use pypi::{DistributionName, FileId, MetadataAnswer, Project, Scout, Source};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{
    UnboundedReceiver, UnboundedSender, WeakUnboundedSender, unbounded_channel,
};

use crate::cache::FileKey;
use crate::error::ClientError;
use crate::keeper::{self, Entry};
use crate::once::{Claim, Once};
use crate::plan::Plan;
use crate::state::{Answer, State};

/// Pages are parsed, and wheels unpacked, beside the network; there is little to gain from more.
const WORKERS: usize = 2;

/// Something to find out. Its key was claimed by whoever sends it.
pub(crate) enum Job {
    /// A project, and then what its best file needs.
    Project(DistributionName, Option<Arc<dyn Scout>>),
    /// What a file needs.
    File(Arc<Project>, FileId, FileKey, Option<Arc<dyn Scout>>),
    /// What a source holds.
    Source(DistributionName, Source),
}

/// The running thread. Dropping it ends it, and waits until what is known is kept.
pub(crate) struct Fetcher {
    jobs: Option<UnboundedSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Fetcher {
    pub(crate) fn start(state: &Arc<State>) -> io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(WORKERS)
            .thread_name("pypi-parser")
            .build()?;
        let (keeper, writing) = keeper::start(Arc::clone(state))?;
        let (jobs, queue) = unbounded_channel();
        let state = Arc::clone(state);
        let more = jobs.downgrade();
        let fetching = thread::Builder::new()
            .name("pypi-fetcher".to_owned())
            .spawn(move || run(runtime, serve(state, queue, more, keeper)))?;
        Ok(Fetcher {
            jobs: Some(jobs),
            threads: vec![fetching, writing],
        })
    }

    /// Starts a job. Nothing happens if the thread is gone; who waits for the answer finds out.
    pub(crate) fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }

    /// Whether answers can still be expected.
    pub(crate) fn is_running(&self) -> bool {
        self.threads
            .first()
            .is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so, and there is nothing left to wait for.
            let _ = thread.join();
        }
    }
}

fn run(runtime: Runtime, work: impl Future<Output = ()>) {
    runtime.block_on(work);
    // Neither a parser nor a name server that is still busy is waited for.
    runtime.shutdown_background();
}

/// Does what comes through the queue. `more` leads back into it, and does not keep it open.
async fn serve(
    state: Arc<State>,
    mut queue: UnboundedReceiver<Job>,
    more: WeakUnboundedSender<Job>,
    keeper: Sender<Entry>,
) {
    let plan = match Plan::new(Arc::clone(&state), keeper) {
        Ok(plan) => Arc::new(plan),
        Err(error) => {
            while let Some(job) = queue.recv().await {
                job.fail(&state, &error);
            }
            return;
        }
    };
    while let Some(job) = queue.recv().await {
        tokio::spawn(job.run(Arc::clone(&plan), more.clone()));
    }
}

impl Job {
    async fn run(self, plan: Arc<Plan>, more: WeakUnboundedSender<Job>) {
        let state = &plan.state;
        match self {
            Job::Project(name, scout) => {
                let pending = Pending::of(&state.projects, name.clone());
                let answer = plan.project(&name).await;
                pending.fill(answer.clone());
                if let (Ok(Some(project)), Some(scout)) = (answer, scout)
                    && let Some(file) = scout.best(&project)
                    && let Some(answer) = expected(&plan, project, file).await
                {
                    go_on(state, &*scout, &answer, &more);
                }
            }
            Job::File(project, file, key, scout) => {
                let pending = Pending::of(&state.files, key);
                let answer = plan.metadata(&project, file).await;
                pending.fill(answer.clone());
                if let Some(scout) = scout {
                    go_on(state, &*scout, &answer, &more);
                }
            }
            Job::Source(name, source) => {
                let pending = Pending::of(&state.sources, source.clone());
                pending.fill(plan.source(&name, &source).await);
            }
        }
        state.options.progress.fetched(state.tally());
    }

    pub(crate) fn fail(self, state: &State, error: &ClientError) {
        match self {
            Job::Project(name, _) => state.projects.fill(name, Err(error.clone())),
            Job::File(_, _, key, _) => state.files.fill(key, Err(error.clone())),
            Job::Source(_, source) => state.sources.fill(source, Err(error.clone())),
        }
    }
}

/// Finds out what a file needs before anybody asks. None if somebody else is about to.
async fn expected(
    plan: &Plan,
    project: Arc<Project>,
    file: FileId,
) -> Option<Answer<MetadataAnswer>> {
    let state = &plan.state;
    let key = FileKey::of(&project, file);
    match state.files.claim(&key) {
        Claim::Known(answer) => Some(answer),
        Claim::Pending => None,
        Claim::Mine => {
            let pending = Pending::of(&state.files, key.clone());
            let answer = match state.file_at_hand(&project, file, &key) {
                Some(answer) => answer,
                None => plan.metadata(&project, file).await,
            };
            pending.fill(answer.clone());
            Some(answer)
        }
    }
}

/// Starts what the metadata of a file leads to, unless somebody did.
fn go_on(
    state: &State,
    scout: &dyn Scout,
    answer: &Answer<MetadataAnswer>,
    more: &WeakUnboundedSender<Job>,
) {
    let (Ok(MetadataAnswer::Known(metadata)), Some(more)) = (answer, more.upgrade()) else {
        return;
    };
    for (name, scout) in scout.next(metadata) {
        if matches!(state.projects.claim(&name), Claim::Mine) {
            let job = Job::Project(name, Some(scout));
            if let Err(refused) = more.send(job) {
                refused.0.fail(state, &ClientError::Stopped);
            }
        }
    }
}

/// A claimed key. It is filled however the task ends: who waits must never wait for nobody.
struct Pending<'a, K: Ord + Clone, V: Clone> {
    once: &'a Once<K, Answer<V>>,
    key: Option<K>,
}

impl<'a, K: Ord + Clone, V: Clone> Pending<'a, K, V> {
    fn of(once: &'a Once<K, Answer<V>>, key: K) -> Self {
        Pending {
            once,
            key: Some(key),
        }
    }

    fn fill(mut self, answer: Answer<V>) {
        if let Some(key) = self.key.take() {
            self.once.fill(key, answer);
        }
    }
}

impl<K: Ord + Clone, V: Clone> Drop for Pending<'_, K, V> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let reason = "a task was dropped before it had its answer".to_owned();
            self.once.fill(key, Err(ClientError::Thread(reason)));
        }
    }
}
