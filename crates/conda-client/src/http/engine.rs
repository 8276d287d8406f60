//! The threads on which everything that takes long happens.
//!
//! Callers block, and look now and then whether they are still wanted. They may be within a runtime of their own, so the
//! work is handed over and never driven from their thread.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::error::ClientError;

/// How often who waits looks up whether to go on.
const TICK: Duration = Duration::from_millis(50);
/// Answers are unpacked beside the network.
const WORKERS: usize = 2;

/// A runtime, and how to know whether to go on.
pub(crate) struct Engine {
    runtime: Option<Runtime>,
    stop: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Engine {
    pub(crate) fn start(stop: Arc<dyn Fn() -> bool + Send + Sync>) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .enable_all()
            .worker_threads(WORKERS)
            .thread_name("conda-fetcher")
            .build()?;
        Ok(Self {
            runtime: Some(runtime),
            stop,
        })
    }

    /// Has something done, and waits for it.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, ClientError> {
        let ended = || ClientError::Thread("it ended without an answer".to_owned());
        let runtime = self.runtime.as_ref().ok_or_else(ended)?;
        let (answer, answers) = channel();
        let task = runtime.spawn(async move {
            // Who gave up waiting needs no answer.
            let _ = answer.send(work.await);
        });
        loop {
            match answers.recv_timeout(TICK) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
                Err(RecvTimeoutError::Timeout) if (self.stop)() => {
                    task.abort();
                    return Err(ClientError::Stopped);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A lock that is waited for, or a name server that is still busy, is not waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
