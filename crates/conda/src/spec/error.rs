//! What is wrong with a spec, where, and what to write instead.

use std::fmt;
use std::ops::Range;

use rattler_conda_types::{
    ParseConstraintError, ParseMatchSpecError, ParseVersionSpecError, VersionSpec,
};

use super::{Dialect, strictness};
use crate::name::printable;

/// A text that is no spec. Displays in one line; [`SpecError::drawn`] shows the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// What was read.
    pub text: String,
    /// The bytes of it that are wrong, never empty unless the text is.
    pub place: Range<usize>,
    /// Why.
    pub reason: String,
    /// What to write instead, where that is plain.
    pub hint: Option<String>,
}

/// Nobody writes longer ones, and deeper ones are only made to break readers.
const LONGEST: usize = 2000;
const DEEPEST: usize = 16;

/// Refuses what is too large to be read safely.
pub(super) fn check_size(text: &str) -> Result<(), SpecError> {
    let refuse = |reason: &str| Err(SpecError::whole(text, reason));
    if text.len() > LONGEST {
        return refuse("it is too long to be a spec");
    }
    if let Some(place) = text.find(char::is_control) {
        let end = place + text[place..].chars().next().map_or(0, char::len_utf8);
        let mut error = SpecError::whole(text, "there is a control character in it");
        error.place = place..end;
        return Err(error);
    }
    if is_too_deep(text) {
        return refuse("its brackets are too deep");
    }
    Ok(())
}

/// Whether brackets are nested deeper than any spec needs: reading them takes stack.
pub(crate) fn is_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

impl SpecError {
    /// The text with the place marked under it, and the hint: two or three lines.
    ///
    /// ```text
    /// maya=2026.*
    ///     ^^^^^^^ `=` cannot be used with `*`
    /// write `2026.*` instead
    /// ```
    pub fn drawn(&self) -> Vec<String> {
        let shown = printable(&self.text);
        let before = self
            .text
            .get(..self.place.start)
            .unwrap_or("")
            .chars()
            .count();
        let marked = self
            .text
            .get(self.place.clone())
            .unwrap_or("")
            .chars()
            .count();
        let fits = before + marked.max(1) <= shown.chars().count().max(1);
        let mut lines = vec![shown];
        lines.push(if fits {
            format!(
                "{}{} {}",
                " ".repeat(before),
                "^".repeat(marked.max(1)),
                self.reason
            )
        } else {
            self.reason.clone()
        });
        lines.extend(self.hint.clone());
        lines
    }

    pub(super) fn whole(text: &str, reason: &str) -> Self {
        Self {
            text: text.to_owned(),
            place: 0..text.len(),
            reason: reason.to_owned(),
            hint: None,
        }
    }

    /// An address in a spec may hold a secret: then that is left out, and the place with it.
    pub(super) fn without_secrets(mut self) -> Self {
        let Some((scheme, rest)) = self.text.split_once("://") else {
            return self;
        };
        let end = rest.find("::").unwrap_or(rest.len());
        let (address, spec) = rest.split_at(end);
        if !address.contains('@') && !address.contains("/t/") && !address.contains('?') {
            return self;
        }
        let address = address.rsplit_once('@').map_or(address, |(_, host)| host);
        let host = address.split(['/', '?']).next().unwrap_or_default();
        self.text = format!("{scheme}://{host}/…{spec}");
        self.place = 0..self.text.len();
        self
    }

    /// Finds the place and the way out for what rattler says, which tells neither.
    pub(super) fn locate(text: &str, dialect: Dialect, error: &ParseMatchSpecError) -> Self {
        use ParseMatchSpecError as E;
        let parts = Parts::of(text);
        let at = |place: Range<usize>, reason: &str, hint: Option<String>| Self {
            text: text.to_owned(),
            place: if place.is_empty() {
                0..text.len()
            } else {
                place
            },
            reason: reason.to_owned(),
            hint,
        };
        let brackets = &text[parts.brackets.clone()];
        if !brackets.is_empty() && !brackets.contains(']') {
            return at(parts.brackets.clone(), "this bracket is never closed", None);
        }
        match error {
            E::MissingPackageName if parts.name.is_empty() => {
                at(0..text.len(), "the name of a package is missing", None)
            }
            E::InvalidPackageNameMatcher(_)
            | E::MissingPackageName
            | E::OnlyExactPackageNameMatchersAllowedGlob(_)
            | E::OnlyExactPackageNameMatchersAllowedRegex(_) => at(
                parts.name.clone(),
                "this is not the name of a package: letters, digits, `-`, `_` and `.` are allowed",
                None,
            ),
            E::InvalidVersionSpec(_) | E::InvalidVersionAndBuild(_) => {
                let (place, reason, hint) = parts.wrong_version(text, dialect);
                at(place, &reason, hint)
            }
            E::InvalidBuildString(build) => at(
                find(text, build, parts.version.start),
                "this is not a build: letters, digits, `_` and `*` are allowed",
                Some(format!("write `[build=\"{build}\"]` behind it instead")),
            ),
            E::InvalidBracketKey(key) => at(
                find(text, key, parts.brackets.start),
                "there is no such key",
                Some("`version`, `build`, `build_number`, `channel`, `subdir`, `md5`, `sha256`, `url` and `license` are known".to_owned()),
            ),
            E::MultipleValueForKey(key) => {
                at(parts.brackets.clone(), &format!("`{key}` is said twice"), None)
            }
            E::ParseChannelError(_) => at(parts.channel.clone(), "this is not a channel", None),
            E::InvalidBracket | E::MultipleBracketSectionsNotAllowed => at(
                parts.brackets.clone(),
                "one pair of brackets with `key=value` in it is expected at the end",
                None,
            ),
            other => at(0..text.len(), &printable(&other.to_string()), None),
        }
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marked = printable(self.text.get(self.place.clone()).unwrap_or(""));
        let text = printable(&self.text);
        write!(formatter, "`{text}` is not a spec: ")?;
        if marked != text {
            write!(formatter, "`{}`: ", marked.trim())?;
        }
        formatter.write_str(&self.reason)?;
        match &self.hint {
            Some(hint) => write!(formatter, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SpecError {}

/// Where `part` is in `text`, from `start` on.
fn find(text: &str, part: &str, start: usize) -> Range<usize> {
    let found = text.get(start..).and_then(|rest| rest.find(part));
    found.map_or(0..text.len(), |at| start + at..start + at + part.len())
}

/// Where the parts of a spec are, as far as one can tell of what is none.
struct Parts {
    channel: Range<usize>,
    name: Range<usize>,
    /// All between the name and the brackets.
    version: Range<usize>,
    brackets: Range<usize>,
}

impl Parts {
    fn of(text: &str) -> Self {
        let end = text.find('[').unwrap_or(text.len());
        let body = &text[..end];
        let separator = body.find("::");
        let channel = 0..separator.unwrap_or(0);
        let start = separator.map_or(0, |at| at + 2);
        let start = start + body[start..].len() - body[start..].trim_start().len();
        let rest = &body[start..];
        let is_end = |character: char| character.is_whitespace() || "=<>!~^|,;".contains(character);
        let name = start..start + rest.find(is_end).unwrap_or(rest.len());
        let behind = &body[name.end..];
        let from = name.end + behind.len() - behind.trim_start().len();
        let version = from.min(end)..from.min(end) + body[from.min(end)..].trim_end().len();
        Self {
            channel,
            name,
            version,
            brackets: end..text.len(),
        }
    }

    /// The first part of the version that cannot be read, why, and what to write instead.
    fn wrong_version(
        &self,
        text: &str,
        dialect: Dialect,
    ) -> (Range<usize>, String, Option<String>) {
        for piece in pieces(text, self.version.clone()) {
            let part = &text[piece.clone()];
            if let Err(error) = VersionSpec::from_str(part, strictness(dialect)) {
                let (reason, hint) = advice(part, &error);
                return (piece, reason, hint);
            }
        }
        (
            self.version.clone(),
            "this cannot be read as versions and a build".to_owned(),
            None,
        )
    }
}

/// The single constraints of a list of them; what stands behind a space is the build.
fn pieces(text: &str, version: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = None;
    for (at, character) in text[version.clone()].char_indices() {
        let at = version.start + at;
        let is_operator =
            |start: usize| text[start..at].trim().chars().all(|c| "=<>!~^".contains(c));
        match (character, start) {
            (',' | '|' | '(' | ')', Some(begin)) => {
                pieces.push(begin..at);
                start = None;
            }
            (character, Some(begin)) if character.is_whitespace() && !is_operator(begin) => {
                pieces.push(begin..at);
                start = None;
            }
            (character, None) if !character.is_whitespace() && !",|()".contains(character) => {
                start = Some(at);
            }
            _ => {}
        }
    }
    pieces.extend(start.map(|begin| begin..version.end));
    pieces
}

/// In plain words what is wrong with a single constraint, and what to write instead.
fn advice(part: &str, error: &ParseVersionSpecError) -> (String, Option<String>) {
    let write = |text: String| Some(format!("write `{text}` instead"));
    if let Some(version) = part.strip_prefix("===") {
        return (
            "`===` is not known to conda".to_owned(),
            write(format!("=={version}")),
        );
    }
    if let Some(version) = part.strip_prefix('^') {
        let reason = "`^` is not known to conda".to_owned();
        return (reason, compatible(version, true).and_then(write));
    }
    if let Some(version) = part.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        let reason = "`~` is not known to conda".to_owned();
        return (reason, compatible(version, false).and_then(write));
    }
    let ParseVersionSpecError::InvalidConstraint(error) = error else {
        return ("this is not a version".to_owned(), None);
    };
    match error {
        ParseConstraintError::GlobVersionIncompatibleWithOperator(_) => {
            let version = part.trim_start_matches(['=', '<', '>', '!', '~']).trim();
            let operator = part[..part.len() - version.len()].trim();
            let hint = match operator {
                "=" | "==" => write(version.to_owned()),
                ">=" | "<" => write(format!(
                    "{operator}{}",
                    version.trim_end_matches(['*', '.'])
                )),
                _ => None,
            };
            (format!("`{operator}` cannot be used with `*`"), hint)
        }
        ParseConstraintError::AmbiguousVersion(version) => (
            "this could mean exactly this version, or all that begin with it".to_owned(),
            Some(format!("write `=={version}` or `{version}.*` instead")),
        ),
        ParseConstraintError::InvalidOperator(operator) => {
            (format!("`{}` is no comparison", printable(operator)), None)
        }
        ParseConstraintError::RegexConstraintsNotSupported
        | ParseConstraintError::UnterminatedRegex => {
            ("regular expressions are not read here".to_owned(), None)
        }
        ParseConstraintError::ExpectedVersion => ("a version is missing here".to_owned(), None),
        ParseConstraintError::InvalidGlob => (
            "`*` can only stand at the end of a version".to_owned(),
            None,
        ),
        _ => ("this is not a version".to_owned(), None),
    }
}

/// Poetry's `^` and `~` in conda's words: `>=1.2,<2`.
fn compatible(version: &str, is_caret: bool) -> Option<String> {
    let numbers: Vec<u64> = version
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let kept = if is_caret {
        numbers
            .iter()
            .position(|number| *number > 0)
            .unwrap_or(numbers.len() - 1)
    } else {
        usize::from(numbers.len() > 1)
    };
    let mut next = numbers[..=kept].to_vec();
    next[kept] = next[kept].checked_add(1)?;
    let next: Vec<String> = next.iter().map(ToString::to_string).collect();
    Some(format!(">={version},<{}", next.join(".")))
}
