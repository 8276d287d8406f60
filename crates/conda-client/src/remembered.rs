//! What was last heard of a subdirectory, so that one that is fresh is opened without asking anybody.

use std::path::PathBuf;
use std::time::Duration;

use ayon_disk::Cache;
use conda::Moment;
use serde::{Deserialize, Serialize};

/// What was last heard of a subdirectory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub(crate) form: Form,
    /// What tells its content from any other.
    pub(crate) state: Option<String>,
    /// The file that holds it.
    pub(crate) path: Option<PathBuf>,
    /// When it was heard, in milliseconds.
    heard: i64,
    /// For how many milliseconds the server holds it to be fresh.
    fresh: i64,
}

/// How a subdirectory says what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Form {
    /// At once.
    Whole,
    /// Name by name.
    Sharded,
    /// It is not there.
    Missing,
}

impl Remembered {
    pub(crate) fn new(form: Form, heard: Moment) -> Self {
        Self {
            form,
            state: None,
            path: None,
            heard: heard.milliseconds(),
            fresh: 0,
        }
    }

    /// Takes in how long the server holds it to be fresh.
    pub(crate) fn keep_for(&mut self, fresh: Duration) {
        self.fresh = i64::try_from(fresh.as_millis()).unwrap_or(i64::MAX);
    }

    /// Whether it holds without asking. What was heard in the future does not: one of the clocks is wrong.
    pub(crate) fn is_fresh(&self, now: Moment, lifetime: Duration) -> bool {
        let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
        let age = now.milliseconds().saturating_sub(self.heard);
        (0..self.fresh.max(lifetime)).contains(&age)
    }

    pub(crate) fn get(cache: &Cache, url: &str) -> Option<Self> {
        serde_json::from_slice(&cache.get(url)?).ok()
    }

    pub(crate) fn put(&self, cache: &Cache, url: &str) {
        // Numbers and texts are written always.
        if let Ok(bytes) = serde_json::to_vec(self) {
            cache.put(url, &bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fresh_for_the_longer_of_both_times() {
        let at = |seconds: i64| Moment::from_milliseconds(seconds * 1000).expect("a time");
        let heard = |fresh| {
            let mut known = Remembered::new(Form::Whole, at(100));
            known.keep_for(Duration::from_secs(fresh));
            known
        };
        let minute = Duration::from_mins(1);
        assert!(heard(0).is_fresh(at(159), minute));
        assert!(!heard(0).is_fresh(at(160), minute));
        assert!(heard(120).is_fresh(at(219), minute));
        assert!(!heard(120).is_fresh(at(220), minute));
        assert!(
            !heard(120).is_fresh(at(99), minute),
            "the clock was set back"
        );
        assert!(!heard(0).is_fresh(at(100), Duration::ZERO));
    }
}
