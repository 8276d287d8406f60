//! What one thing asks of a family of packages: `maya-2024`, `!qt-5`, `~python-3+`, `.feature-1`.
//!
//! A requirement is a name and a range. With `!` in front it is a *conflict*: the family must not be there in that range.
//! With `~` it is *weak*: the family need not be there, but if it is, then in that range; rez stores this as a conflict
//! with everything outside, and so does this module. `~foo` asks nothing and has no range at all.
//!
//! [`Requirement::parse`] accepts what rez's solver accepts, [`Requirement::parse_request`] only what rez takes from
//! users and package files. [`RequirementList`] merges requirements of one family into one.
//!
//! Source: reference `rez.md` §2; rez's `version/_requirement.py` and `utils/formatting.py: PackageRequest`.

mod error;
mod list;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

pub use error::RequirementError;
pub use list::RequirementList;

use crate::version::{Version, VersionError, VersionRange};

/// A request for a range of a family, a conflict with one, or a weak request. Cheap to clone.
///
/// Equal where name, range and being a conflict are: `~foo-1` equals `!foo<1|1_+`.
#[derive(Clone, Debug)]
pub struct Requirement {
    name: Arc<str>,
    /// What is asked for, or what is conflicted with. None asks nothing.
    range: Option<VersionRange>,
    kind: Kind,
    /// What stands between name and range where something has to.
    separator: Separator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Conflict,
    /// A conflict that is written as its opposite.
    Weak,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Dash,
    At,
    Hash,
}

impl Requirement {
    /// Reads a requirement as rez's own parts write it to each other: names are not looked at, `!.foo` is allowed.
    ///
    /// # Errors
    /// [`RequirementError`] where what follows the name is no range.
    pub fn parse(text: &str) -> Result<Self, RequirementError> {
        let (kind, rest) = if let Some(rest) = text.strip_prefix('!') {
            (Kind::Conflict, rest)
        } else if let Some(rest) = text.strip_prefix('~') {
            (Kind::Weak, rest)
        } else {
            (Kind::Plain, text)
        };
        let Some(end) = rest.find(['-', '@', '#', '=', '<', '>']) else {
            return Ok(Self {
                name: rest.into(),
                range: (kind != Kind::Weak).then(VersionRange::any),
                kind,
                separator: Separator::Dash,
            });
        };
        let (name, rest) = rest.split_at(end);
        let (separator, rest) = match rest.as_bytes() {
            [b'-', ..] => (Separator::Dash, &rest[1..]),
            [b'@', ..] => (Separator::At, &rest[1..]),
            [b'#', ..] => (Separator::Hash, &rest[1..]),
            _ => (Separator::Dash, rest),
        };
        let written = VersionRange::parse(rest).and_then(|range| match kind {
            Kind::Weak => range.inverse(),
            _ => Ok(Some(range)),
        });
        let offset = text.len() - rest.len();
        let range = written.map_err(|error| RequirementError::range(text, offset, error))?;
        Ok(Self {
            name: name.into(),
            range,
            kind,
            separator,
        })
    }

    /// Reads a request from a user or a package file: rez's `PackageRequest`.
    ///
    /// # Errors
    /// [`RequirementError`] where the name is no name of a package, or what follows it is no range. Ephemeral names
    /// (`.foo`) are only allowed without `!` and `~`, as in rez.
    pub fn parse_request(text: &str) -> Result<Self, RequirementError> {
        let request = Self::parse(text)?;
        let name = &*request.name;
        let name_start = usize::from(text.starts_with(['!', '~']));
        let checked = name.strip_prefix('.').filter(|_| name_start == 0);
        if is_package_name(checked.unwrap_or(name)) {
            Ok(request)
        } else {
            let span = name_start..name_start + name.len();
            Err(RequirementError::name(text, span))
        }
    }

    /// A plain requirement; without a range, for any version.
    pub fn construct(name: impl Into<Arc<str>>, range: Option<VersionRange>) -> Self {
        Self {
            name: name.into(),
            range: Some(range.unwrap_or_else(VersionRange::any)),
            kind: Kind::Plain,
            separator: Separator::Dash,
        }
    }

    /// The family.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The family, to be shared.
    pub fn name_shared(&self) -> &Arc<str> {
        &self.name
    }

    /// What is asked for, or conflicted with. None asks nothing.
    pub fn range(&self) -> Option<&VersionRange> {
        self.range.as_ref()
    }

    /// Whether the range is what must *not* be there. Weak requirements are conflicts too.
    pub fn is_conflict(&self) -> bool {
        self.kind != Kind::Plain
    }

    /// Whether it was written with `~`.
    pub fn is_weak(&self) -> bool {
        self.kind == Kind::Weak
    }

    /// Whether it is about no package at all, but about a name that requirements agree on: `.foo`.
    pub fn is_ephemeral(&self) -> bool {
        self.name.starts_with('.')
    }

    /// Whether it can live with a version of its family.
    pub fn permits(&self, version: &Version) -> bool {
        let range = self.range.as_ref();
        range.is_none_or(|range| range.contains(version) != self.is_conflict())
    }

    /// Whether no version satisfies both. By rez's rule, two conflicts never conflict.
    pub fn conflicts_with(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (&self.range, &other.range) else {
            return false;
        };
        if self.name != other.name {
            return false;
        }
        match (self.is_conflict(), other.is_conflict()) {
            (true, true) => false,
            (true, false) => own.is_superset(others),
            (false, true) => others.is_superset(own),
            (false, false) => !own.intersects(others),
        }
    }

    /// The one requirement that says what both say, or None where nothing satisfies both or the names differ.
    ///
    /// Separator and weakness come from the plain one of the two, else from this one.
    ///
    /// # Errors
    /// Where a conflict's range has no inverse, which only rez's own fault makes so (see [`VersionRange`]).
    pub fn merged(&self, other: &Self) -> Result<Option<Self>, VersionError> {
        if self.name != other.name {
            return Ok(None);
        }
        let Some(own) = &self.range else {
            return Ok(Some(other.clone()));
        };
        let Some(others) = &other.range else {
            return Ok(Some(self.clone()));
        };
        Ok(match (self.is_conflict(), other.is_conflict()) {
            (true, true) => {
                let range = own.union(others);
                let is_weak = self.is_weak() && other.is_weak() && !range.is_any();
                Some(Self {
                    kind: if is_weak { Kind::Weak } else { Kind::Conflict },
                    ..self.with_range(range)
                })
            }
            (true, false) => {
                let range = others.difference(own)?;
                range.map(|range| other.with_range(range))
            }
            (false, true) => {
                let range = own.difference(others)?;
                range.map(|range| self.with_range(range))
            }
            (false, false) => {
                let range = own.intersection(others);
                range.map(|range| self.with_range(range))
            }
        })
    }

    /// The text rez gives it: a canonical range after the original separator.
    ///
    /// # Errors
    /// Where the requirement is weak and its range has no inverse to be written, as in [`merged`](Self::merged): rez
    /// raises `VersionError`. `Display` then writes the conflict that it is.
    pub fn rez_text(&self) -> Result<String, VersionError> {
        let (sign, written) = match (self.kind, &self.range) {
            (Kind::Weak, Some(range)) => ("~", range.inverse()?),
            (Kind::Weak, None) => ("~", None),
            (Kind::Conflict, range) => ("!", range.clone()),
            (Kind::Plain, range) => ("", range.clone()),
        };
        let range = written.map_or_else(String::new, |range| range.to_string());
        let separator = match (range.as_bytes().first(), self.separator) {
            (None | Some(b'=' | b'<' | b'>'), _) => "",
            (_, Separator::Dash) => "-",
            (_, Separator::At) => "@",
            (_, Separator::Hash) => "#",
        };
        Ok(format!("{sign}{}{separator}{range}", self.name))
    }

    fn with_range(&self, range: VersionRange) -> Self {
        Self {
            range: Some(range),
            ..self.clone()
        }
    }
}

/// Whether rez lets a package have this name: `[a-zA-Z_0-9](\.?[a-zA-Z0-9_]+)*`, and not the name of a folder that is
/// never a package.
pub fn is_package_name(name: &str) -> bool {
    let is_letter = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut parts = name.split('.');
    name != "__pycache__" && parts.all(|part| !part.is_empty() && part.chars().all(is_letter))
}

impl FromStr for Requirement {
    type Err = RequirementError;

    fn from_str(text: &str) -> Result<Self, RequirementError> {
        Self::parse(text)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let conflict = |_| {
            let kind = Kind::Conflict;
            Self {
                kind,
                ..self.clone()
            }
            .rez_text()
        };
        // A conflict is written without an inverse, so the second text cannot fail.
        let text = self.rez_text().or_else(conflict).map_err(|_| fmt::Error)?;
        formatter.pad(&text)
    }
}

impl PartialEq for Requirement {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.range == other.range
            && self.is_conflict() == other.is_conflict()
    }
}

impl Eq for Requirement {}

impl Hash for Requirement {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.range.hash(state);
        self.is_conflict().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(text: &str) -> Requirement {
        Requirement::parse(text).unwrap()
    }

    fn merged(a: &str, b: &str) -> Option<String> {
        let merged = requirement(a).merged(&requirement(b)).unwrap();
        merged.map(|merged| merged.to_string())
    }

    #[test]
    fn the_name_ends_at_the_first_sign() {
        for (text, name, range) in [
            ("foo", "foo", ""),
            ("foo-1.2", "foo", "1.2"),
            ("foo@1", "foo", "1"),
            ("foo#1+", "foo", "1+"),
            ("foo<2", "foo", "<2"),
            ("foo==1", "foo", "==1"),
            ("foo-bar-1", "foo", "bar-1"),
            ("foo-", "foo", ""),
            ("", "", ""),
            ("foo bar", "foo bar", ""),
            ("!~foo-1", "~foo", "1"),
        ] {
            let read = requirement(text);
            assert_eq!(read.name(), name, "{text}");
            assert_eq!(read.range().unwrap().to_string(), range, "{text}");
        }
        assert_eq!(requirement("~foo").range(), None);
        assert_eq!(requirement("~foo-").range(), None);
        for wrong in ["foo=1", "foo--1", "foo-1+<", "!foo-3+<2", "foo<"] {
            assert!(Requirement::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_text_is_canonical_but_keeps_its_separator() {
        for (written, text) in [
            ("foo@1|2", "foo@1|2"),
            ("foo#>=1,<2", "foo#1+<2"),
            ("foo->=1", "foo-1+"),
            ("foo@<2", "foo<2"),
            ("!foo@3", "!foo@3"),
            ("~foo@3", "~foo@3"),
            ("~foo", "~foo"),
            (" foo", " foo"),
        ] {
            assert_eq!(requirement(written).to_string(), text);
        }
    }

    #[test]
    fn a_weak_requirement_is_the_conflict_with_everything_else() {
        assert_eq!(requirement("~foo-1"), requirement("!foo<1|1_+"));
        assert_ne!(requirement("~foo-1"), requirement("~foo-2"));
        assert_ne!(requirement("foo-1"), requirement("!foo-1"));
        assert!(requirement("~foo-1").is_conflict() && requirement("~foo-1").is_weak());
    }

    #[test]
    fn requests_have_package_names() {
        for right in [
            "foo",
            "1foo-2",
            "foo.bar_1-3",
            "__x",
            ".foo-1",
            "!foo",
            "~foo==1",
        ] {
            assert!(Requirement::parse_request(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "-1",
            ".",
            "..foo",
            "foo.",
            "foo..bar-1",
            "foo bar",
            "!.foo",
            "~.foo-1",
            "__pycache__",
            "f\u{f6}o",
            "foo+",
        ] {
            assert!(Requirement::parse_request(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        let shown = |text: &str| {
            let error = Requirement::parse_request(text).unwrap_err();
            format!("{error}\n{}", error.caret())
        };
        insta::assert_snapshot!(shown("!f o-1"), @r"
        `!f o-1` is no package request: `f o` is no package name; letters, digits and underscores are, with single dots between
        !f o-1
         ^^^
        ");
        insta::assert_snapshot!(shown("~foo@1|2=3"), @r"
        `~foo@1|2=3` is no package request: `1|2=3` is no version range: `=` does not fit there
        ~foo@1|2=3
                ^
        ");
        insta::assert_snapshot!(shown("foo-1|4+<3"), @r"
        `foo-1|4+<3` is no package request: `1|4+<3` is no version range: `4+<3` ends before it begins
        foo-1|4+<3
              ^^^^
        ");
        insta::assert_snapshot!(shown("-1"), @r"
        `-1` is no package request: it has no name
        -1
        ^
        ");
        insta::assert_snapshot!(shown("!.foo"), @r"
        `!.foo` is no package request: an ephemeral such as `.foo` takes neither `!` nor `~`
        !.foo
         ^^^^
        ");
        insta::assert_snapshot!(shown("foo\t1"), @r"
        `foo\t1` is no package request: `foo\t1` is no package name; letters, digits and underscores are, with single dots between
        foo�1
        ^^^^^
        ");
    }

    #[test]
    fn merging_says_what_both_say() {
        let merged = |a, b| merged(a, b).unwrap_or_else(|| "none".to_owned());
        assert_eq!(merged("foo-3+", "!foo-5+"), "foo-3+<5");
        assert_eq!(merged("!foo-5+", "foo@3+"), "foo@3+<5");
        assert_eq!(merged("foo-1", "foo-1.5"), "foo-1.5");
        assert_eq!(merged("foo-1", "foo-2"), "none");
        assert_eq!(merged("foo-1", "bar-1"), "none");
        assert_eq!(merged("!foo-2", "!foo-5"), "!foo-2|5");
        assert_eq!(merged("~foo-1", "~foo-2"), "!foo");
        assert_eq!(merged("~foo-1|2", "~foo-2|3"), "~foo-2");
        assert_eq!(merged("~foo-1", "!foo-1"), "!foo");
        assert_eq!(merged("~foo-1", "foo"), "foo-1");
        assert_eq!(merged("!foo", "foo"), "none");
        assert_eq!(merged("~foo", "!foo-1"), "!foo-1");
        assert_eq!(merged("foo#1", "~foo"), "foo#1");
    }

    #[test]
    fn a_weak_text_that_cannot_be_written_is_written_as_a_conflict() {
        let merged = requirement("~foo->5<=9").merged(&requirement("~foo-<2|3..5"));
        let merged = merged.unwrap().unwrap();
        assert!(merged.is_weak());
        assert!(merged.rez_text().is_err());
        assert_eq!(merged.to_string(), "!foo<=5|>5");
    }

    #[test]
    fn conflicts() {
        let conflict = |a: &str, b: &str| requirement(a).conflicts_with(&requirement(b));
        assert!(conflict("foo-1", "foo-2"));
        assert!(!conflict("foo-1", "bar-2"));
        assert!(conflict("!foo-1+", "foo-2"));
        assert!(conflict("foo-2", "!foo-1+"));
        assert!(!conflict("foo-2+", "!foo-3"));
        assert!(!conflict("!foo", "!foo"));
        assert!(!conflict("~foo", "foo-1"));
        assert!(conflict("~foo-1", "foo-2"));
    }

    #[test]
    fn versions_are_permitted_or_not() {
        let permits = |text: &str| requirement(text).permits(&Version::parse("2").unwrap());
        for text in ["foo", "foo-2", "!foo-1", "~foo-2", "~foo"] {
            assert!(permits(text), "{text}");
        }
        for text in ["foo-1", "!foo-2", "!foo", "~foo-1"] {
            assert!(!permits(text), "{text}");
        }
    }

    #[test]
    fn what_is_constructed_reads_like_what_is_written() {
        assert_eq!(Requirement::construct("foo", None), requirement("foo"));
        let range = VersionRange::parse("1|2").unwrap();
        let built = Requirement::construct("foo", Some(range));
        assert_eq!(built.to_string(), "foo-1|2");
        assert!(requirement(".x-1").is_ephemeral() && !built.is_ephemeral());
    }
}
