//! The rules of a filter: `glob(foo-*.beta)`, `regex(..)`, `range(foo-3+)`, `before(1429830188)`, `after(foo:1429830188)`.
//!
//! Without a type, a text with a `*` in it is a glob, and any other a range. A rule is for one family where its text
//! begins with a name; what rez takes for a name there is sometimes none (`^foo` of `regex(^foo-.*)`), and then the rule
//! never matches anything. A filter has to hide here what it hides there, so this is kept.

use std::cell::OnceCell;
use std::fmt;

use super::glob::Glob;
use super::pattern::Pattern;
use crate::package::qualified;
use crate::requirement::Requirement;
use crate::version::{Version, shown};

/// One rule, written as rez writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    family: Option<String>,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Glob(Glob),
    Regex(Pattern),
    Range(Requirement),
    /// Released at this time or before.
    Before(i64),
    After(i64),
}

/// A package that rules are asked about.
pub(super) struct Subject<'a> {
    name: &'a str,
    version: &'a Version,
    timestamp: Option<i64>,
    /// `name-version`, which only some rules look at.
    qualified: OnceCell<String>,
}

/// A text that is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no rule of a package filter: {problem}", shown(.text))]
pub struct RuleError {
    text: String,
    problem: String,
}

impl Rule {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`RuleError`] where its type is unknown, or what it holds is not what its type takes. Of regular expressions,
    /// those that look around or refer back are refused.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        Self::read(text).map_err(|problem| RuleError {
            text: text.to_owned(),
            problem,
        })
    }

    fn read(written: &str) -> Result<Self, String> {
        let (kind, body) = match labelled(written) {
            Some((label, body)) => (label, body),
            None if written.contains('*') => ("glob", written),
            None => ("range", written),
        };
        // rez puts the two together and takes them apart again, which fails where the body has parentheses.
        let whole = format!("{kind}({body})");
        let body = labelled(&whole).map_or(&*whole, |(_, body)| body);
        let (family, test) = match kind {
            "glob" => (leading_family(body), Test::Glob(Glob::new(body))),
            "regex" => {
                let test = Test::Regex(Pattern::new(body)?);
                (leading_family(body), test)
            }
            "range" => {
                let range = Requirement::parse(body).map_err(|error| error.to_string())?;
                let family = Some(range.name().to_owned());
                let test = Test::Range(range);
                return Ok(Self { family, test });
            }
            "before" | "after" => {
                let (family, time) = match body.split_once(':') {
                    Some((family, time)) => (Some(family), time),
                    None => (None, body),
                };
                let seconds = integer(time);
                let time =
                    seconds.ok_or_else(|| format!("`{}` is no time in seconds", shown(time)))?;
                let test = if kind == "before" {
                    Test::Before(time)
                } else {
                    Test::After(time)
                };
                (family, test)
            }
            unknown => {
                return Err(format!(
                    "`{}` is no type; there are glob, regex, range, before and after",
                    shown(unknown)
                ));
            }
        };
        let family = family.map(str::to_owned);
        Ok(Self { family, test })
    }

    /// What was released after a time, of any family.
    pub(super) fn after(timestamp: i64) -> Self {
        Self {
            family: None,
            test: Test::After(timestamp),
        }
    }

    /// The family it is for; None is all.
    pub fn family(&self) -> Option<&str> {
        self.family.as_deref()
    }

    /// What it costs to ask it, by rez's estimate: a timestamp takes loading the package there.
    pub(super) fn cost(&self) -> u64 {
        match self.test {
            Test::Glob(_) | Test::Regex(_) | Test::Range(_) => 10,
            Test::Before(_) | Test::After(_) => 1000,
        }
    }

    /// Whether it matches a package of its family.
    pub(super) fn matches(&self, subject: &Subject<'_>) -> bool {
        // No timestamp, or the time 0, matches no time at all.
        let released = subject.timestamp.filter(|released| *released != 0);
        match &self.test {
            Test::Glob(glob) => glob.matches(subject.qualified()),
            Test::Regex(pattern) => pattern.matches(subject.qualified()),
            Test::Range(requirement) => requirement.permits(subject.version),
            Test::Before(time) => released.is_some_and(|released| released <= *time),
            Test::After(time) => released.is_some_and(|released| released > *time),
        }
    }
}

impl<'a> Subject<'a> {
    pub(super) fn new(name: &'a str, version: &'a Version, timestamp: Option<i64>) -> Self {
        Self {
            name,
            version,
            timestamp,
            qualified: OnceCell::new(),
        }
    }

    pub(super) fn name(&self) -> &str {
        self.name
    }

    fn qualified(&self) -> &str {
        self.qualified
            .get_or_init(|| qualified(self.name, self.version))
    }
}

/// Splits `label(body)`, where neither has parentheses in it.
fn labelled(text: &str) -> Option<(&str, &str)> {
    // Python's `$` also matches before a last line feed.
    let text = text.strip_suffix('\n').unwrap_or(text);
    let (label, body) = text.strip_suffix(')')?.split_once('(')?;
    let is_plain = !label.is_empty() && !body.is_empty() && !body.contains(['(', ')']);
    is_plain.then_some((label, body))
}

/// What stands before the last separator that comes before any wildcard.
fn leading_family(pattern: &str) -> Option<&str> {
    let plain = pattern.find(['*', '?']).unwrap_or(pattern.len());
    // At least one character stands before the separator.
    let end = pattern[..plain]
        .rfind(['-', '@', '#'])
        .filter(|end| *end > 0);
    end.map(|end| &pattern[..end])
}

/// An integer as Python's `int` reads it: spaces around, a sign, single underscores between digits.
fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut groups = digits.split('_');
    if !groups.all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timed = |formatter: &mut fmt::Formatter<'_>, label, time| match self
            .family()
            .filter(|family| !family.is_empty())
        {
            Some(family) => write!(formatter, "{label}({family}:{time})"),
            None => write!(formatter, "{label}({time})"),
        };
        match &self.test {
            Test::Glob(glob) => write!(formatter, "glob({})", glob.as_str()),
            Test::Regex(pattern) => write!(formatter, "regex({})", pattern.as_str()),
            Test::Range(requirement) => write!(formatter, "range({requirement})"),
            Test::Before(time) => timed(formatter, "before", time),
            Test::After(time) => timed(formatter, "after", time),
        }
    }
}
