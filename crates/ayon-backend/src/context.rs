//! What a backend may use of the outside: progress, cancellation, and whether the network is allowed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ayon_solve::Stopped;

/// The outside, as far as a backend may see it.
#[derive(Clone)]
pub struct Context {
    /// Whether only what is cached may be used.
    pub offline: bool,
    /// Told what is being done.
    pub progress: Arc<dyn Progress>,
    /// Asked whether to go on.
    pub cancellation: Cancellation,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            offline: false,
            progress: Arc::new(Quiet),
            cancellation: Cancellation::default(),
        }
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Context")
            .field("offline", &self.offline)
            .finish_non_exhaustive()
    }
}

/// Told what is being done, for whoever waits. Called from any thread; must be quick.
pub trait Progress: Send + Sync {
    /// `what` is under way: `done` of `of` (0 where the total is not known).
    fn step(&self, what: &str, done: usize, of: usize);
}

/// Nobody waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn step(&self, _what: &str, _done: usize, _of: usize) {}
}

/// Says when to stop: on demand, or when a time limit is over. Clones share the demand.
#[derive(Clone, Debug, Default)]
pub struct Cancellation {
    demanded: Arc<AtomicBool>,
    limit: Option<(Instant, Duration)>,
}

impl Cancellation {
    /// Stops by itself when `limit` from now is over.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.limit = Some((Instant::now(), limit));
        self
    }

    /// Demands that whatever watches this stops soon.
    pub fn cancel(&self) {
        self.demanded.store(true, Ordering::Relaxed);
    }

    /// Why to stop, if one should.
    pub fn stopped(&self) -> Option<Stopped> {
        if self.demanded.load(Ordering::Relaxed) {
            return Some(Stopped::Cancelled);
        }
        let (start, limit) = self.limit?;
        (start.elapsed() >= limit).then_some(Stopped::TimeLimit(limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_demand() {
        let cancellation = Cancellation::default();
        let clone = cancellation
            .clone()
            .with_time_limit(Duration::from_hours(1));
        assert_eq!(clone.stopped(), None);
        cancellation.cancel();
        assert_eq!(clone.stopped(), Some(Stopped::Cancelled));
        let over = Cancellation::default().with_time_limit(Duration::ZERO);
        assert_eq!(over.stopped(), Some(Stopped::TimeLimit(Duration::ZERO)));
    }
}
