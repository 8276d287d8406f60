//! Poetry's grammar of version constraints.
//!
//! ```text
//! constraint  = all ( ("||" | "|") all )*
//! all         = one ( ("," | whitespace) one )* [","]
//! one         = "*" | "^" version | "~" version | "~=" version
//!             | [operator] version [".*"]          operator: == = != >= > <= <
//! ```
//!
//! | written | means |
//! | --- | --- |
//! | `^1.2.3`, `^0.2.3`, `^0.0.3` | `>=1.2.3,<2`, `>=0.2.3,<0.3`, `>=0.0.3,<0.0.4`: the left-most number that is not zero stays |
//! | `~1.2.3`, `~1.2`, `~1` | `>=1.2.3,<1.3`, `>=1.2,<1.3`, `>=1,<2` |
//! | `~=1.2.3`, `~=1.2` | PEP 440's: `>=1.2.3,<1.3`, `>=1.2,<2` |
//! | `1.2.3` | `==1.2.3`, not `^1.2.3` as in Cargo |
//! | `1.2.*` | `==1.2.*` |
//!
//! **Pre-releases at an upper bound.** PEP 440's `<2` leaves out `2.0rc1`. Poetry does the same for
//! `<2` and for the bound that a caret or a tilde stands for, so each form is made of PEP 440 clauses,
//! and a set from here and one from a wheel's metadata are values of one algebra.
//!
//! Compared with poetry-core 2.5.0 on 4,414 constraints and 363 versions (1.6 million verdicts): one
//! corner differs. `!=1.2` accepts `1.2.post1`, in Poetry too; but together with another constraint,
//! as in `^1.0,!=1.2`, Poetry loses it. Here the whole is what its parts say.
//!
//! **Left out on purpose**, each an error: texts of no version (`latest`, `dev`, the empty text),
//! `<>`, hyphen ranges (`1.0 - 2.0`), and a wildcard after an operator that it makes no sense with
//! (`>1.2.*`, `^1.2.*`), and a local label after anything but `==` and `!=`, which PEP 440 forbids
//! and Poetry lets pass.

use crate::text::printable;
use crate::version::Version;
use crate::version::set::VersionSet;
use crate::version::uv::Operator;

/// No constraint that anybody published is near this length.
const LONGEST: usize = 4 * 1024;

/// A text that is no version constraint of Poetry's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a version constraint: {expected} is expected at character {}{detail}", .offset + 1)]
pub struct ConstraintError {
    text: String,
    offset: usize,
    expected: &'static str,
    /// More about what stands there instead, with the punctuation that leads to it.
    detail: String,
}

impl ConstraintError {
    /// The text that was to be read, with control characters made visible.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The offset in bytes at which something else was expected.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What was expected there.
    pub fn expected(&self) -> &str {
        self.expected
    }
}

/// Reads a constraint as Poetry writes it.
///
/// ```
/// use pypi::poetry::parse_constraint;
///
/// assert_eq!(parse_constraint("^2.5.1,<2.6.0")?.to_string(), ">=2.5.1,<2.6.0");
/// assert_eq!(parse_constraint("~1.4 || ^3")?.to_string(), ">=1.4,<1.5 || >=3,<4");
/// assert!(parse_constraint("latest").is_err());
/// # Ok::<(), pypi::poetry::ConstraintError>(())
/// ```
///
/// # Errors
/// The place of the first thing that is no part of a constraint, and what should stand there. A
/// constraint that can be read but that no version fulfils (`>2,<1`) is not an error.
pub fn parse_constraint(text: &str) -> Result<VersionSet, ConstraintError> {
    let mut parser = Parser { text, offset: 0 };
    if text.len() > LONGEST {
        return Err(parser.error("a shorter text"));
    }
    let mut set = parser.all()?;
    while parser.take("||") || parser.take("|") {
        set = set.union(&parser.all()?);
    }
    if parser.rest().is_empty() {
        Ok(set)
    } else {
        Err(parser.error("`,`, `||` or the end"))
    }
}

struct Parser<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Parser<'a> {
    /// Constraints that must hold at once.
    fn all(&mut self) -> Result<VersionSet, ConstraintError> {
        self.skip_whitespace();
        let mut set = self.one()?;
        loop {
            let spaced = self.skip_whitespace();
            let comma = self.take(",");
            self.skip_whitespace();
            let ends = self.rest().is_empty() || self.rest().starts_with('|');
            if ends || !(spaced || comma) {
                return Ok(set);
            }
            set = set.intersection(&self.one()?);
        }
    }

    /// One constraint: an operator, if any, and a version.
    fn one(&mut self) -> Result<VersionSet, ConstraintError> {
        if self.everything() {
            return Ok(VersionSet::any());
        }
        let start = self.offset;
        let rest = self.rest();
        let length = rest
            .find(|next| !matches!(next, '^' | '~' | '=' | '!' | '<' | '>'))
            .unwrap_or(rest.len());
        let form = Form::from_operator(&rest[..length]).ok_or_else(|| {
            self.error("a version, or one of `^`, `~`, `~=`, `==`, `!=`, `>=`, `>`, `<=`, `<`")
        })?;
        self.offset += length;
        self.skip_whitespace();
        let (version, wildcard) = self.version()?;
        if wildcard {
            return form.with_wildcard(&version).ok_or_else(|| {
                self.offset = start;
                self.error("`==` or `!=`, or no operator, before a version with `.*`,")
            });
        }
        form.with_version(&version).ok_or_else(|| {
            self.offset = start;
            self.error("`==` or `!=` before a version with a local label")
        })
    }

    /// Takes a `*` that stands for a whole version; `x`, and `*.*`, are Poetry's other spellings.
    fn everything(&mut self) -> bool {
        let rest = self.rest();
        let length = word_length(rest);
        let word = &rest[..length];
        let is_any =
            !word.is_empty() && word.split('.').all(|part| matches!(part, "*" | "x" | "X"));
        if is_any {
            self.offset += length;
        }
        is_any
    }

    /// Takes a version, and tells whether a wildcard follows it.
    fn version(&mut self) -> Result<(Version, bool), ConstraintError> {
        let rest = self.rest();
        let length = word_length(rest);
        let word = &rest[..length];
        let mut stem = word;
        while let Some(shorter) = stem.strip_suffix(".*") {
            stem = shorter;
        }
        match stem.parse::<Version>() {
            Ok(version) => {
                self.offset += length;
                Ok((version, stem.len() < word.len()))
            }
            Err(_) if word.is_empty() => Err(self.error("a version such as `1.2`")),
            Err(error) => Err(ConstraintError {
                detail: format!(", not `{}`: {}", printable(word), error.reason()),
                ..self.error("a version such as `1.2`")
            }),
        }
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.offset += token.len();
        }
        found
    }

    /// Whether there was any.
    fn skip_whitespace(&mut self) -> bool {
        let before = self.offset;
        self.offset += self.rest().len() - self.rest().trim_start().len();
        self.offset > before
    }

    fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    fn error(&self, expected: &'static str) -> ConstraintError {
        ConstraintError {
            text: printable(self.text),
            offset: self.offset,
            expected,
            detail: String::new(),
        }
    }
}

/// Up to where a version can reach.
fn word_length(text: &str) -> usize {
    text.find(|next: char| {
        next.is_whitespace() || matches!(next, ',' | '|' | '^' | '~' | '=' | '<' | '>')
    })
    .unwrap_or(text.len())
}

/// What stands before a version.
#[derive(Clone, Copy)]
enum Form {
    Exact,
    Caret,
    Tilde,
    Compatible,
    Clause(Operator),
}

impl Form {
    fn from_operator(text: &str) -> Option<Form> {
        Some(match text {
            "" | "=" | "==" => Form::Exact,
            "^" => Form::Caret,
            "~" => Form::Tilde,
            "~=" => Form::Compatible,
            "!=" => Form::Clause(Operator::NotEqual),
            ">=" => Form::Clause(Operator::GreaterThanEqual),
            ">" => Form::Clause(Operator::GreaterThan),
            "<=" => Form::Clause(Operator::LessThanEqual),
            "<" => Form::Clause(Operator::LessThan),
            _ => return None,
        })
    }

    /// The versions, or nothing where PEP 440 allows no local label and there is one.
    fn with_version(self, version: &Version) -> Option<VersionSet> {
        let release = version.release();
        let kept = match self {
            Form::Exact => return Some(VersionSet::exactly(version)),
            Form::Clause(operator) => return VersionSet::from_operator(operator, version).ok(),
            // The number that stays, counted from one: the left-most that is not zero, and if all
            // are, the last that was written of the first three.
            Form::Caret => {
                let first = release.iter().take(3).position(|number| *number != 0);
                first.map_or(release.len().min(3), |index| index + 1)
            }
            Form::Tilde => release.len().min(2),
            Form::Compatible => release.len().saturating_sub(1).max(1),
        };
        let lower = VersionSet::from_operator(Operator::GreaterThanEqual, version).ok()?;
        let upper = version.release_prefix(kept).next_release();
        let below = VersionSet::from_operator(Operator::LessThan, &upper).ok()?;
        Some(lower.intersection(&below))
    }

    /// `1.2.*` and `!=1.2.*`; also `>=1.2.*` and `<1.2.*`, which are written and have one meaning.
    fn with_wildcard(self, version: &Version) -> Option<VersionSet> {
        if version.is_prerelease() || version.is_postrelease() || version.local().is_some() {
            return None;
        }
        match self {
            Form::Exact => Some(VersionSet::series(version)),
            Form::Clause(Operator::NotEqual) => Some(VersionSet::series(version).complement()),
            Form::Clause(Operator::GreaterThanEqual | Operator::LessThan) => {
                self.with_version(version)
            }
            _ => None,
        }
    }
}
