//! What is wrong with the text of a version or range, and where.

use std::fmt;
use std::ops::Range;

use super::VersionRange;

/// A text that is no version or no range of versions, or a range that cannot be inverted.
///
/// rez raises `VersionError` in the same cases. Its text here is one line; [`caret`](Self::caret) shows the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError {
    text: String,
    span: Range<usize>,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    /// Not the form of a version.
    Version,
    /// Not the form of a range.
    Syntax,
    /// No version can lie within.
    Impossible,
    /// Two parts touch that rez leaves apart, and between them lies nothing to invert to.
    Inverse,
}

impl VersionError {
    /// `text` is no version: a token was expected at byte `at`.
    pub(super) fn version(text: &str, at: usize) -> Self {
        Self::new(text, at..at, Problem::Version)
    }

    /// `text` is no range: something else was expected at byte `at`.
    pub(super) fn syntax(text: &str, at: usize) -> Self {
        Self::new(text, at..at, Problem::Syntax)
    }

    /// The part at `span` of the range `text` ends before it begins.
    pub(super) fn impossible(text: &str, span: Range<usize>) -> Self {
        Self::new(text, span, Problem::Impossible)
    }

    /// `range` has no inverse.
    pub(super) fn inverse(range: &VersionRange) -> Self {
        let text = range.to_string();
        let whole = 0..text.len();
        Self::new(&text, whole, Problem::Inverse)
    }

    fn new(text: &str, span: Range<usize>, problem: Problem) -> Self {
        Self {
            text: text.to_owned(),
            span,
            problem,
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
}

impl fmt::Display for VersionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = shown(&self.text);
        let unexpected = self.text.get(self.span.start..);
        let unexpected = unexpected.and_then(|rest| rest.chars().next());
        match (self.problem, unexpected) {
            (Problem::Version, None) => {
                write!(
                    formatter,
                    "`{text}` is no version: it ends with a separator"
                )
            }
            (Problem::Version, Some(character)) => write!(
                formatter,
                "`{text}` is no version: `{}` stands where a letter, digit or underscore has to be",
                shown(&character.to_string())
            ),
            (Problem::Syntax, None) => {
                write!(formatter, "`{text}` is no version range: it ends too early")
            }
            (Problem::Syntax, Some(character)) => write!(
                formatter,
                "`{text}` is no version range: `{}` does not fit there",
                shown(&character.to_string())
            ),
            (Problem::Impossible, _) => {
                let part = self.text.get(self.span.clone()).unwrap_or_default();
                let part = shown(part);
                write!(
                    formatter,
                    "`{text}` is no version range: `{part}` ends before it begins"
                )
            }
            (Problem::Inverse, _) => write!(
                formatter,
                "the version range `{text}` has no inverse: two of its parts touch"
            ),
        }
    }
}

impl std::error::Error for VersionError {}

/// A text with a place in it, given in bytes, as two lines, the second with a caret under each character of the place; where
/// that is empty, one caret stands at its start.
pub(crate) fn caret(text: &str, span: &Range<usize>) -> String {
    // Control characters would tear the two lines apart, so each becomes one visible character.
    let visible = |character: char| {
        if character.is_control() {
            '\u{fffd}'
        } else {
            character
        }
    };
    let shown: String = text.chars().map(visible).collect();
    let starts = || text.char_indices().map(|(at, _)| at);
    let before = starts().filter(|at| *at < span.start).count();
    let marked = starts().filter(|at| span.contains(at)).count().max(1);
    format!("{shown}\n{}{}", " ".repeat(before), "^".repeat(marked))
}

/// How much of a text is shown in a sentence.
const SHOWN: usize = 200;

/// A text from outside, fit to be part of a sentence: no control characters, and not without end.
pub(crate) fn shown(text: &str) -> String {
    let escape = |character: char| -> String {
        if character.is_control() {
            character.escape_default().collect()
        } else {
            character.into()
        }
    };
    let mut all = text.chars();
    let mut shown: String = all.by_ref().take(SHOWN).map(escape).collect();
    if all.next().is_some() {
        shown.push('…');
    }
    shown
}
