//! What is wrong with the text of a requirement, and where.

use std::ops::Range;

use crate::version::{VersionError, caret, shown};

/// A text that is no requirement. Its text is one line; [`caret`](Self::caret) shows the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no package request: {problem}", shown(.text))]
pub struct RequirementError {
    text: String,
    span: Range<usize>,
    #[source]
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("it has no name")]
    NoName,
    #[error("`{}` is no package name; letters, digits and underscores are, with single dots between", shown(.0))]
    Name(String),
    #[error("an ephemeral such as `{}` takes neither `!` nor `~`", shown(.0))]
    SignedEphemeral(String),
    #[error(transparent)]
    Range(VersionError),
}

impl RequirementError {
    /// The name at `span` is none.
    pub(super) fn name(text: &str, span: Range<usize>) -> Self {
        let name = text.get(span.clone()).unwrap_or_default().to_owned();
        let problem = if name.is_empty() {
            Problem::NoName
        } else if name.strip_prefix('.').is_some_and(super::is_package_name) {
            Problem::SignedEphemeral(name)
        } else {
            Problem::Name(name)
        };
        Self {
            text: text.to_owned(),
            span,
            problem,
        }
    }

    /// The range that begins at byte `offset` is none.
    pub(super) fn range(text: &str, offset: usize, error: VersionError) -> Self {
        let span = error.span();
        Self {
            text: text.to_owned(),
            span: offset + span.start..offset + span.end,
            problem: Problem::Range(error),
        }
    }

    /// The text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the text that are wrong; empty where something is missing or the rest does not fit.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The text, and a line with carets under the place.
    pub fn caret(&self) -> String {
        caret(&self.text, &self.span)
    }

    /// Whether it is the range that is wrong, for which rez raises `VersionError`; for a name, `PackageRequestError`.
    pub fn is_about_range(&self) -> bool {
        matches!(self.problem, Problem::Range(_))
    }
}
