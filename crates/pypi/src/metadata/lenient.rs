//! Slips of the pen in published metadata that are forgiven.
//!
//! Metadata is immutable, and some of what is out there was never PEP 508, yet old tools installed
//! it. A text is read as it stands first. Only if that fails, small repairs are made one after the
//! other, each on top of those before, and after each the text is read again. They are the ones
//! that `uv` makes, so that both know the same releases; what they cannot make good is an error
//! about the text as it was.

use crate::marker::Marker;
use crate::requirement::{self, Requirement, RequirementError};
use crate::version::set::{SpecifierError, VersionSet};

/// A requirement taken apart.
pub(crate) struct Parts {
    /// All of it but the marker, readable without repairs.
    pub(crate) body: String,
    pub(crate) marker: Marker,
}

/// Reads a requirement.
pub(crate) fn requirement(text: &str) -> Result<Parts, RequirementError> {
    let (requirement, text) = repaired(text, |text| {
        let requirement: Requirement = text.parse()?;
        Ok((requirement, text.to_owned()))
    })?;
    Ok(Parts {
        body: requirement::split_marker(&text).0.to_owned(),
        marker: requirement.marker,
    })
}

/// Reads `Requires-Python` as a set of releases.
pub(crate) fn python_versions(text: &str) -> Result<VersionSet, SpecifierError> {
    repaired(text, VersionSet::of_releases)
}

/// Reads a text, with repairs if it must be.
fn repaired<T, E>(text: &str, read: impl Fn(&str) -> Result<T, E>) -> Result<T, E> {
    let error = match read(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let mut text = text.to_owned();
    for repair in REPAIRS {
        let better = repair(&text);
        if better != text {
            if let Ok(value) = read(&better) {
                return Ok(value);
            }
            text = better;
        }
    }
    Err(error)
}

const REPAIRS: [fn(&str) -> String; 8] = [
    missing_commas,
    tildes_after_not_equal,
    stars_after_order,
    missing_dots,
    trailing_comma,
    greater_than_dev,
    zeros_after_prereleases,
    stray_quotes,
];

/// `>=7.2.0<8.0.0` is `>=7.2.0,<8.0.0`.
fn missing_commas(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 2);
    let mut last = ' ';
    for next in text.chars() {
        if last.is_ascii_digit() && matches!(next, '<' | '>' | '=' | '~' | '^' | '!') {
            result.push(',');
        }
        result.push(next);
        last = next;
    }
    result
}

/// `!=~5.0` is `!=5.0.*`.
fn tildes_after_not_equal(text: &str) -> String {
    after_each(text, &["!=~"], |_, rest| {
        let length = release_length(rest);
        (length > 0).then(|| (format!("!={}.*", &rest[..length]), length))
    })
}

/// `>=1.9.*` is `>=1.9`.
fn stars_after_order(text: &str) -> String {
    after_each(text, &["<=", ">=", "<", ">"], |operator, rest| {
        let length = release_length(rest);
        let is_star = length > 0 && rest[length..].starts_with(".*");
        is_star.then(|| (format!("{operator}{}", &rest[..length]), length + 2))
    })
}

/// `!=3.0*` is `!=3.0.*`.
fn missing_dots(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 2);
    for next in text.chars() {
        let [.., a, b, c] = result.as_bytes() else {
            result.push(next);
            continue;
        };
        if next == '*' && a.is_ascii_digit() && *b == b'.' && c.is_ascii_digit() {
            result.push('.');
        }
        result.push(next);
    }
    result
}

/// `>=3.6,` is `>=3.6`.
fn trailing_comma(text: &str) -> String {
    let text = text.trim_end();
    text.strip_suffix(',').unwrap_or(text).to_owned()
}

/// `>dev` is `>0.0.0dev`.
fn greater_than_dev(text: &str) -> String {
    text.replace(">dev", ">0.0.0dev")
}

/// `>=9.0.0a1.0` is `>=9.0.0a1`.
fn zeros_after_prereleases(text: &str) -> String {
    after_each(text, &["a", "b", "rc", "post", "dev"], |word, rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let is_zero = digits > 0 && rest[digits..].starts_with(".0");
        is_zero.then(|| (format!("{word}{}", &rest[..digits]), digits + 2))
    })
}

/// `>= '2.7'` is `>= 2.7`; a marker keeps its quotation marks.
fn stray_quotes(text: &str) -> String {
    let (body, marker) = text.split_at(text.find(';').unwrap_or(text.len()));
    body.replace(['\'', '"'], "") + marker
}

/// Offers each place where one of the words stands, the first of them that fits, with what follows
/// it; takes what should stand there instead and how much of what follows that replaces.
fn after_each(
    text: &str,
    words: &[&str],
    instead: impl Fn(&str, &str) -> Option<(String, usize)>,
) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let word = words.iter().find(|word| rest.starts_with(**word));
        let replacement = word.and_then(|word| {
            let (text, length) = instead(word, &rest[word.len()..])?;
            Some((text, word.len() + length))
        });
        if let Some((text, length)) = replacement {
            result.push_str(&text);
            rest = &rest[length..];
        } else {
            result.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    result
}

/// The length of `1.9.2` at the beginning of a text, without a dot behind it.
fn release_length(text: &str) -> usize {
    let length = text
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
        .count();
    text[..length].trim_end_matches('.').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Constraint;

    #[test]
    fn what_is_forgiven_means_what_was_meant() {
        for (slip, meant) in [
            (
                "elasticsearch-dsl (>=7.2.0<8.0.0)",
                "elasticsearch-dsl (>=7.2.0,<8.0.0)",
            ),
            (
                "jupyter-core (!=~5.0,>=4.12)",
                "jupyter-core (!=5.0.*,>=4.12)",
            ),
            (
                "jupyter-core (!=~10,>=4.12)",
                "jupyter-core (!=10.*,>=4.12)",
            ),
            ("torch (>=1.9.*)", "torch (>=1.9)"),
            ("torch (<2.*,>1.9)", "torch (<2,>1.9)"),
            (
                "pyzmq (>=2.7,!=3.0*,!=3.1*,!=13.2*)",
                "pyzmq (>=2.7,!=3.0.*,!=3.1.*,!=13.2.*)",
            ),
            ("pyzmq >=3.6<4, ", "pyzmq >=3.6,<4"),
            ("botocore>=1.3.0,<1.4.0',", "botocore>=1.3.0,<1.4.0"),
            ("billiard >dev", "billiard >0.0.0dev"),
            ("ray >=9.0.0a1.0", "ray >=9.0.0a1"),
            (
                "'numpy' \">=1.19\" ; python_version >= '3.7'",
                "numpy >=1.19 ; python_version >= '3.7'",
            ),
            ("a >= '2.7', !=3.0*, <4.*", "a >= 2.7, !=3.0.*,<4"),
        ] {
            assert!(slip.parse::<Requirement>().is_err(), "{slip}");
            let parts = requirement(slip).unwrap();
            let read: Requirement = parts.body.parse().unwrap();
            let meant: Requirement = meant.parse().unwrap();
            assert_eq!((&read.name, &parts.marker), (&meant.name, &meant.marker));
            let (Constraint::Versions { set: read, .. }, Constraint::Versions { set: meant, .. }) =
                (read.constraint, meant.constraint)
            else {
                panic!("{slip} has versions");
            };
            assert_eq!(read, meant, "{slip}");
        }
    }

    #[test]
    fn what_cannot_be_repaired_is_told_as_it_was() {
        for text in ["torch ^1.9.*", "torch >=1.9.x*", "torch ~=1", "to rch"] {
            let error = requirement(text).err().unwrap();
            assert!(error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn pythons_are_releases() {
        for (text, meant) in [
            (">=3.7rc1", ">=3.7"),
            (
                ">=2.7, !=3.0.*, !=3.1.*', <3.4.*",
                ">=2.7,!=3.0.*,!=3.1.*,<3.4",
            ),
            ("<3.14.0a1", "<3.14"),
            (">=3.6,", ">=3.6"),
            ("", ""),
        ] {
            let meant = VersionSet::from_specifiers(meant).unwrap();
            assert_eq!(python_versions(text).unwrap(), meant, "{text}");
        }
        assert!(python_versions("3.7").is_err());
    }
}
