//! What went wrong, as a value: one sentence, what is behind it, and what to do.
//!
//! A report is made where something fails and printed once, at the end, by the printer: as `error:`, `cause:` and
//! `hint:` lines, or as a JSON document with `--json`. The verdict it carries becomes the exit code.

use std::error::Error;

use ayon_model::{closest, did_you_mean};

/// How a run ended. The exit codes are those of `uv` and `ripgrep`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It was done, or the answer is yes: exit code 0.
    Fine,
    /// The question was answered, and the answer is no: exit code 1.
    No,
    /// The question could not be answered: a mistake in what was typed, a studio out of reach. Exit code 2.
    Unknown,
}

impl Verdict {
    /// The number a shell sees.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::No => 1,
            Self::Unknown => 2,
        }
    }
}

/// An error for a person (or, with `--json`, for a program) to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
    verdict: Verdict,
    body: Option<Box<Body>>,
}

/// What a report has to show beside its sentence: laid out for a person, and as data under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Body {
    text: String,
    key: &'static str,
    data: serde_json::Value,
}

impl Report {
    /// The answer is no: a conflict, a failed check.
    pub(crate) fn no(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            causes: Vec::new(),
            hints: Vec::new(),
            verdict: Verdict::No,
            body: None,
        }
    }

    /// The question could not be answered.
    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Unknown,
            ..Self::no(message)
        }
    }

    /// Adds what is behind it; the first cause added is the nearest.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Adds an error and everything behind it.
    #[must_use]
    pub(crate) fn because_of(mut self, error: &dyn Error) -> Self {
        // A chain is as long as somebody's wrapping; one that leads back to itself must still end.
        for error in std::iter::successors(Some(error), |&error| error.source()).take(16) {
            let cause = error.to_string();
            // Many errors tell their own cause at the end of their sentence.
            let said = self
                .causes
                .last()
                .is_some_and(|nearer| nearer.ends_with(&cause));
            if !said {
                self.causes.push(cause);
            }
        }
        self
    }

    /// Adds a way out.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what there is to show: `text` for a person, `data` under `key` for a program.
    #[must_use]
    pub(crate) fn with_body(
        mut self,
        text: String,
        key: &'static str,
        data: &impl serde::Serialize,
    ) -> Self {
        // A value that is no JSON would be a mistake of ours; the text still says everything.
        let data = serde_json::to_value(data).unwrap_or_default();
        self.body = Some(Box::new(Body { text, key, data }));
        self
    }

    /// What there is to show to a person, if anything.
    pub(crate) fn body_text(&self) -> Option<&str> {
        self.body.as_ref().map(|body| body.text.as_str())
    }

    /// What there is to show to a program, if anything, with its key.
    pub(crate) fn body_data(&self) -> Option<(&'static str, &serde_json::Value)> {
        self.body.as_ref().map(|body| (body.key, &body.data))
    }

    /// Adds the names closest to `word`, if any is close.
    #[must_use]
    pub(crate) fn did_you_mean<'a>(
        self,
        word: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let closest = closest(word, known);
        if closest.is_empty() {
            self
        } else {
            self.hint(did_you_mean("", &closest, ""))
        }
    }

    /// The sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// What is behind it, nearest first.
    pub(crate) fn causes(&self) -> &[String] {
        &self.causes
    }

    /// What to do.
    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// How a run that ends with this report ends.
    pub(crate) fn verdict(&self) -> Verdict {
        self.verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_behind_an_error_is_told_nearest_first() {
        #[derive(Debug, thiserror::Error)]
        #[error("{0}")]
        struct Link(&'static str, #[source] Option<Box<Link>>);
        let behind = Link("it is locked", Some(Box::new(Link("a lock", None))));
        let error = Link("no folder: it is locked", Some(Box::new(behind)));
        let report = Report::unknown("no studio").because_of(&error);
        assert_eq!(report.causes(), ["no folder: it is locked", "a lock"]);
        assert_eq!(report.verdict().exit_code(), 2);
    }
}
