//! Answers that are found once and then stand: whoever asks first finds the answer, everybody else waits for it.
//!
//! This is the only place where the solver's thread and the network's meet. The solver claims a key before it does
//! anything about it; what was claimed is filled exactly once, by whoever then has the answer.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often who waits looks up whether waiting still makes sense.
const TICK: Duration = Duration::from_millis(50);

/// Answers by key.
#[derive(Debug)]
pub(crate) struct Once<K, V> {
    /// None for what was claimed and is not known yet.
    answers: Mutex<BTreeMap<K, Option<V>>>,
    news: Condvar,
}

/// What claiming a key came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Claim<V> {
    /// The answer is known.
    Known(V),
    /// Somebody else is finding it.
    Pending,
    /// The caller is to find it, and to [`fill`](Once::fill) it in.
    Mine,
}

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Once {
            answers: Mutex::default(),
            news: Condvar::new(),
        }
    }
}

impl<K: Ord + Clone, V: Clone> Once<K, V> {
    /// Takes on a key, unless somebody did.
    pub(crate) fn claim(&self, key: &K) -> Claim<V> {
        let mut answers = self.answers();
        match answers.get(key) {
            Some(Some(answer)) => Claim::Known(answer.clone()),
            Some(None) => Claim::Pending,
            None => {
                answers.insert(key.clone(), None);
                Claim::Mine
            }
        }
    }

    /// Tells the answer to a claimed key, to all.
    pub(crate) fn fill(&self, key: K, answer: V) {
        self.answers().insert(key, Some(answer));
        self.news.notify_all();
    }

    /// Waits for the answer to a key that somebody claimed. Now and then asks whether to give up.
    pub(crate) fn wait<E>(&self, key: &K, give_up: impl Fn() -> Option<E>) -> Result<V, E> {
        let mut answers = self.answers();
        loop {
            if let Some(Some(answer)) = answers.get(key) {
                return Ok(answer.clone());
            }
            if let Some(reason) = give_up() {
                return Err(reason);
            }
            answers = self
                .news
                .wait_timeout(answers, TICK)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// The keys whose answers are known and such as wanted.
    pub(crate) fn keys(&self, wanted: impl Fn(&V) -> bool) -> Vec<K> {
        let answers = self.answers();
        let known = answers.iter();
        known
            .filter(|(_, answer)| answer.as_ref().is_some_and(&wanted))
            .map(|(key, _)| key.clone())
            .collect()
    }

    fn answers(&self) -> MutexGuard<'_, BTreeMap<K, Option<V>>> {
        // Every change is one insertion: a panic elsewhere leaves nothing half done.
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn one_finds_the_answer_and_all_have_it() {
        let once: Once<&str, u32> = Once::default();
        let finders = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let answer = match once.claim(&"key") {
                        Claim::Mine => {
                            finders.fetch_add(1, Ordering::Relaxed);
                            once.fill("key", 7);
                            7
                        }
                        Claim::Known(answer) => answer,
                        Claim::Pending => once.wait(&"key", || None::<()>).unwrap(),
                    };
                    assert_eq!(answer, 7);
                });
            }
        });
        assert_eq!(finders.into_inner(), 1);
        assert_eq!(once.claim(&"key"), Claim::Known(7));
    }

    #[test]
    fn who_waits_can_give_up() {
        let once: Once<u8, u8> = Once::default();
        assert_eq!(once.claim(&1), Claim::Mine);
        assert_eq!(once.claim(&1), Claim::Pending);
        assert_eq!(once.wait(&1, || Some("stopped")), Err("stopped"));
    }
}
