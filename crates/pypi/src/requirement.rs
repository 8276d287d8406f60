//! A requirement as packages publish it: PEP 508, the text of `Requires-Dist`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::marker::Marker;
use crate::marker::syntax::MarkerError;
use crate::name::{DistributionName, ExtraName, NameError};
use crate::source::{Constraint, Source};
use crate::text::{printable, visible};
use crate::version::set::{SpecifierError, VersionSet};

/// No requirement that anybody published is near this length.
const LONGEST: usize = 32 * 1024;

/// `name[extras] clauses ; marker`, or `name[extras] @ url ; marker`.
///
/// ```
/// use pypi::Requirement;
///
/// let requirement: Requirement = "Requests [security] (>=2.8.1,<3); os_name == 'nt'".parse()?;
/// assert_eq!(requirement.name.as_str(), "requests");
/// assert_eq!(requirement.to_string(), r#"requests[security]>=2.8.1,<3 ; os_name == "nt""#);
/// # Ok::<(), pypi::RequirementError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The distribution.
    pub name: DistributionName,
    /// The extras of it that are asked for.
    pub extras: BTreeSet<ExtraName>,
    /// Its versions, or its source.
    pub constraint: Constraint,
    /// Where the requirement holds.
    pub marker: Marker,
}

/// A text that is no PEP 508 requirement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a requirement: {reason}")]
pub struct RequirementError {
    text: String,
    reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Reason {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Versions(#[from] SpecifierError),
    #[error(transparent)]
    Marker(#[from] MarkerError),
    #[error("{0}")]
    Shape(&'static str),
}

impl FromStr for Requirement {
    type Err = RequirementError;

    fn from_str(text: &str) -> Result<Self, RequirementError> {
        parse(text).map_err(|reason| RequirementError {
            // A direct reference may hold a secret, and where it ends is not certain here.
            text: printable(
                text.split_once('@')
                    .map_or(text, |(head, _)| head.trim_end()),
            ),
            reason,
        })
    }
}

/// A requirement as all that stands before its marker, and the marker with its `;`, if any.
///
/// In a URL a semicolon may stand, so there the marker begins after white space only.
pub(crate) fn split_marker(text: &str) -> (&str, &str) {
    let after_name = text.find(['@', ';']).unwrap_or(text.len());
    let end = match text[after_name..].strip_prefix('@') {
        Some(rest) => {
            let url = rest.trim_start();
            let url_end = url.find(char::is_whitespace).unwrap_or(url.len());
            text.len() - url.len() + url_end
        }
        None => after_name,
    };
    let (body, marker) = text.split_at(end);
    (body.trim(), marker.trim_start())
}

fn parse(text: &str) -> Result<Requirement, Reason> {
    if text.len() > LONGEST {
        return Err(Reason::Shape("it is too long"));
    }
    let (text, marker) = split_marker(text);
    let name_end = text
        .find(|next: char| !(next.is_alphanumeric() || matches!(next, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    let name = name.parse()?;
    let (extras, rest) = parse_extras(rest.trim_start())?;
    let rest = rest.trim_start();
    let constraint = match rest.strip_prefix('@') {
        Some(url) => parse_url(url.trim_start())?,
        None => parse_clauses(rest)?,
    };
    let marker = match marker.strip_prefix(';') {
        Some(marker) => marker.parse()?,
        None if marker.is_empty() => Marker::always(),
        None => {
            return Err(Reason::Shape(
                "` ;` and a marker, or nothing, may follow a URL",
            ));
        }
    };
    Ok(Requirement {
        name,
        extras,
        constraint,
        marker,
    })
}

fn parse_url(url: &str) -> Result<Constraint, Reason> {
    if !url.contains(':') {
        return Err(Reason::Shape("a URL is expected after `@`"));
    }
    Ok(Constraint::Source(Source::Url {
        url: url.to_owned(),
        subdirectory: None,
    }))
}

fn parse_extras(text: &str) -> Result<(BTreeSet<ExtraName>, &str), Reason> {
    let Some(inner) = text.strip_prefix('[') else {
        return Ok((BTreeSet::new(), text));
    };
    let Some((inner, rest)) = inner.split_once(']') else {
        return Err(Reason::Shape("the `[` of the extras has no `]`"));
    };
    if inner.trim().is_empty() {
        return Ok((BTreeSet::new(), rest));
    }
    let extras = inner.split(',').map(|extra| extra.trim().parse());
    Ok((extras.collect::<Result<_, NameError>>()?, rest))
}

/// The clauses, which old metadata puts in parentheses.
fn parse_clauses(text: &str) -> Result<Constraint, Reason> {
    let clauses = match text.strip_prefix('(') {
        Some(inner) => inner
            .strip_suffix(')')
            .ok_or(Reason::Shape(
                "the `(` of the versions has no `)` at its end",
            ))?
            .trim(),
        None => text,
    };
    Ok(Constraint::Versions {
        set: VersionSet::from_specifiers(clauses)?,
        text: clauses.to_owned(),
    })
}

impl fmt::Display for Requirement {
    /// The requirement with normal spelling and spacing, and without secrets of its URL.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.name)?;
        write_extras(formatter, &self.extras)?;
        match &self.constraint {
            Constraint::Versions { text, .. } => {
                // `pillow 9.5.0` and `click ^8` are Poetry's words; PEP 508's clauses begin with an operator.
                let is_poetry = text.starts_with(|first: char| !"<>=!~( ".contains(first));
                let space = if is_poetry { " " } else { "" };
                write!(formatter, "{space}{}", visible(text))?;
            }
            Constraint::Source(source) => write!(formatter, " @ {source}")?,
        }
        if self.marker.is_true() {
            Ok(())
        } else {
            write!(formatter, " ; {}", self.marker)
        }
    }
}

/// `[one,two]`, or nothing.
pub(crate) fn write_extras(
    formatter: &mut fmt::Formatter<'_>,
    extras: &BTreeSet<ExtraName>,
) -> fmt::Result {
    for (index, extra) in extras.iter().enumerate() {
        write!(formatter, "{}{extra}", if index == 0 { '[' } else { ',' })?;
    }
    formatter.write_str(if extras.is_empty() { "" } else { "]" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read() {
        for (text, shown) in [
            ("A.B-C_D", "a-b-c-d"),
            ("name>=1,<2", "name>=1,<2"),
            ("name (==1.*) ; extra == 'x'", "name==1.* ; extra == \"x\""),
            ("name[b, A]", "name[a,b]"),
            ("name[]~=1.4", "name~=1.4"),
            (
                "name @ https://h/n.whl#sha256=0;x",
                "name @ https://h/n.whl#sha256=0;x",
            ),
            (
                "name[a]@ git+https://t@h/n ; os_name=='nt'",
                "name[a] @ git+https://****@h/n ; os_name == \"nt\"",
            ),
        ] {
            let requirement: Requirement = text.parse().unwrap();
            assert_eq!(requirement.to_string(), shown);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, reason) in [
            ("", "name of a distribution"),
            ("name[a", "has no `]`"),
            ("name[a,,b]", "name of an extra"),
            ("name >=1 <2", "version clause"),
            ("name (>=1", "has no `)`"),
            ("name ^1.0", "version clause"),
            ("name; python_version", "an operator"),
            ("name @ ", "a URL"),
            ("name @ https://h/n x", "may follow a URL"),
            ("name; os_name == 'a' x", "or the end"),
        ] {
            let error = text.parse::<Requirement>().unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
        let error = "n @ https://secret@h x".parse::<Requirement>().unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
