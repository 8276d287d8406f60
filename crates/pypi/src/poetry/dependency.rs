//! Reading one entry of a table of dependencies.
//!
//! The value is a text (a constraint), a table, or a list of tables: several constraints, each for
//! the environments that its marker names. Of a table every key is understood or refused by name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::constraint::{ConstraintError, parse_constraint};
use super::value::Value;
use crate::marker::syntax::MarkerError;
use crate::marker::{Comparison, Expression, Marker, Operator, Variable};
use crate::name::{DistributionName, ExtraName, NameError};
use crate::requirement::write_extras;
use crate::source::{Constraint, Reference, Source};
use crate::text::printable;

/// One dependency as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The distribution.
    pub name: DistributionName,
    /// The name in the spelling of the file, for messages.
    pub name_as_written: String,
    /// The extras of it that are asked for.
    pub extras: BTreeSet<ExtraName>,
    /// Its versions, or its source.
    pub constraint: Constraint,
    /// Where the dependency holds, if not everywhere: `markers`, `python` and `platform` together.
    pub marker: Option<Marker>,
    /// Whether it is installed only as part of an extra of the package that asks.
    pub optional: bool,
    /// Whether pre-releases are welcome (or refused) whatever the constraint says.
    pub allow_prereleases: Option<bool>,
    /// The name of the one index to take it from.
    pub index: Option<String>,
}

/// An entry of a table of dependencies that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("dependency `{name}`: {}{mistake}", .key.as_ref().map(|key| format!("key `{key}`: ")).unwrap_or_default())]
pub struct DependencyError {
    name: String,
    key: Option<String>,
    mistake: Mistake,
}

impl DependencyError {
    /// The name of the dependency as it was written.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key inside the entry, if the mistake is in one.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Mistake {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Constraint(#[from] ConstraintError),
    #[error(transparent)]
    Marker(#[from] MarkerError),
    #[error("{expected} is expected, not {found}")]
    Kind {
        expected: &'static str,
        found: String,
    },
    #[error("it is not one of {}", KEYS.join(", "))]
    UnknownKey,
    #[error("`{0}` says already where the package comes from; only one of them can")]
    SecondSource(&'static str),
    #[error("`{0}` says already what is checked out; only one of them can")]
    SecondReference(&'static str),
    #[error("it has a meaning only beside {0}")]
    Alone(&'static str),
    #[error("one of `version`, `git`, `url` and `path` is expected")]
    NoSource,
    #[error("at least one table is expected in the list")]
    EmptyList,
    #[error("`{0}` is not a list of platforms such as `linux || darwin` or `!=win32`")]
    Platform(String),
    #[error("no Python fulfils `{0}`")]
    NoPython(String),
}

/// What can stand in a table.
const KEYS: [&str; 16] = [
    "allow-prereleases",
    "branch",
    "develop",
    "extras",
    "git",
    "markers",
    "optional",
    "path",
    "platform",
    "python",
    "rev",
    "source",
    "subdirectory",
    "tag",
    "url",
    "version",
];

/// Reads the value that a table of dependencies has under a name.
///
/// A list gives one dependency for each of its parts, everything else exactly one. The key
/// `python` of the table of dependencies itself is not for this function: it is the interpreter,
/// and [`parse_constraint`] reads it.
///
/// ```
/// use pypi::poetry::{Value, parse_dependency};
///
/// let value = Value::from([("version", "^6.8".into()), ("platform", "win32".into())]);
/// let dependencies = parse_dependency("PySide6", &value)?;
/// assert_eq!(
///     dependencies[0].to_string(),
///     r#"pyside6>=6.8,<7 ; sys_platform == "win32""#,
/// );
/// # Ok::<(), pypi::poetry::DependencyError>(())
/// ```
///
/// # Errors
/// The first mistake, with the name of the dependency and the key it is in.
pub fn parse_dependency(name: &str, value: &Value) -> Result<Vec<Dependency>, DependencyError> {
    let fail = |(key, mistake): (Option<&str>, Mistake)| DependencyError {
        name: printable(name),
        key: key.map(printable),
        mistake,
    };
    let distribution: DistributionName = name
        .parse()
        .map_err(|error| fail((None, Mistake::Name(error))))?;
    match value {
        Value::List(values) if values.is_empty() => Err(fail((None, Mistake::EmptyList))),
        Value::List(values) => values
            .iter()
            .map(|value| read_entry(&distribution, name, value).map_err(fail))
            .collect(),
        value => Ok(vec![read_entry(&distribution, name, value).map_err(fail)?]),
    }
}

/// A mistake and the key that it is in.
type Failure<'a> = (Option<&'a str>, Mistake);

fn read_entry<'a>(
    name: &DistributionName,
    name_as_written: &str,
    value: &'a Value,
) -> Result<Dependency, Failure<'a>> {
    let plain = |constraint| Dependency {
        name: name.clone(),
        name_as_written: name_as_written.to_owned(),
        extras: BTreeSet::new(),
        constraint,
        marker: None,
        optional: false,
        allow_prereleases: None,
        index: None,
    };
    match value {
        Value::String(text) => versions(text)
            .map(plain)
            .map_err(|error| (None, Mistake::Constraint(error))),
        Value::Table(entries) => {
            let table = Table { entries };
            table.check_keys()?;
            Ok(Dependency {
                extras: table.extras()?,
                marker: table.marker()?,
                optional: table.boolean("optional")?.unwrap_or(false),
                allow_prereleases: table.boolean("allow-prereleases")?,
                index: table.text("source")?.map(str::to_owned),
                ..plain(table.constraint()?)
            })
        }
        other => {
            let mistake = Mistake::Kind {
                expected: "a version constraint in quotation marks, or a table",
                found: other.describe(),
            };
            Err((None, mistake))
        }
    }
}

fn versions(text: &str) -> Result<Constraint, ConstraintError> {
    Ok(Constraint::Versions {
        set: parse_constraint(text)?,
        text: text.to_owned(),
    })
}

struct Table<'a> {
    entries: &'a BTreeMap<String, Value>,
}

impl<'a> Table<'a> {
    fn check_keys(&self) -> Result<(), Failure<'a>> {
        match self
            .entries
            .keys()
            .find(|key| !KEYS.contains(&key.as_str()))
        {
            Some(key) => Err((Some(key), Mistake::UnknownKey)),
            None => Ok(()),
        }
    }

    fn text(&self, key: &'static str) -> Result<Option<&'a str>, Failure<'a>> {
        match self.entries.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_kind(key, "a text", other)),
        }
    }

    fn boolean(&self, key: &'static str) -> Result<Option<bool>, Failure<'a>> {
        match self.entries.get(key) {
            None => Ok(None),
            Some(Value::Boolean(value)) => Ok(Some(*value)),
            Some(other) => Err(wrong_kind(key, "`true` or `false`", other)),
        }
    }

    fn extras(&self) -> Result<BTreeSet<ExtraName>, Failure<'a>> {
        let values = match self.entries.get("extras") {
            None => return Ok(BTreeSet::new()),
            Some(Value::List(values)) => values,
            Some(other) => return Err(wrong_kind("extras", "a list of names", other)),
        };
        let extra = |value: &Value| match value {
            Value::String(text) => text
                .parse()
                .map_err(|error| (Some("extras"), Mistake::Name(error))),
            other => Err(wrong_kind("extras", "a list of names", other)),
        };
        values.iter().map(extra).collect()
    }

    /// The versions or the source: exactly one of four keys says which.
    fn constraint(&self) -> Result<Constraint, Failure<'a>> {
        let mut found: Option<(&'static str, &'a str)> = None;
        for key in ["version", "git", "url", "path"] {
            if let Some(text) = self.text(key)? {
                if let Some((other, _)) = found {
                    return Err((Some(key), Mistake::SecondSource(other)));
                }
                found = Some((key, text));
            }
        }
        let Some((key, text)) = found else {
            return Err((None, Mistake::NoSource));
        };
        let is_git = key == "git";
        for (option, allowed, beside) in [
            ("branch", is_git, "`git`"),
            ("tag", is_git, "`git`"),
            ("rev", is_git, "`git`"),
            ("subdirectory", key != "version", "`git`, `url` or `path`"),
            ("develop", is_git || key == "path", "`git` or `path`"),
            ("source", key == "version", "`version`"),
        ] {
            if !allowed && self.entries.contains_key(option) {
                return Err((Some(option), Mistake::Alone(beside)));
            }
        }
        // An editable installation is the same package: nothing to resolve changes with it.
        self.boolean("develop")?;
        let subdirectory = self.text("subdirectory")?.map(str::to_owned);
        let text = text.to_owned();
        Ok(Constraint::Source(match key {
            "git" => Source::Git {
                url: text,
                reference: self.reference()?,
                subdirectory,
            },
            "url" => Source::Url {
                url: text,
                subdirectory,
            },
            "path" => Source::Path {
                path: text,
                subdirectory,
            },
            _ => {
                return versions(&text)
                    .map_err(|error| (Some("version"), Mistake::Constraint(error)));
            }
        }))
    }

    fn reference(&self) -> Result<Reference, Failure<'a>> {
        let mut found: Option<(&'static str, String)> = None;
        for key in ["branch", "tag", "rev"] {
            if let Some(text) = self.text(key)? {
                if let Some((other, _)) = found {
                    return Err((Some(key), Mistake::SecondReference(other)));
                }
                found = Some((key, text.to_owned()));
            }
        }
        Ok(match found {
            None => Reference::Default,
            Some(("branch", name)) => Reference::Branch(name),
            Some(("tag", name)) => Reference::Tag(name),
            Some((_, name)) => Reference::Revision(name),
        })
    }

    /// `markers`, `python` and `platform`, which must all hold.
    fn marker(&self) -> Result<Option<Marker>, Failure<'a>> {
        let mut marker = Marker::always();
        if let Some(text) = self.text("markers")? {
            let written = text
                .parse()
                .map_err(|error| (Some("markers"), Mistake::Marker(error)))?;
            marker = marker.and(written);
        }
        if let Some(text) = self.text("python")? {
            let set = parse_constraint(text)
                .map_err(|error| (Some("python"), Mistake::Constraint(error)))?;
            let Some(python) = Marker::python_in(&set) else {
                return Err((Some("python"), Mistake::NoPython(printable(text))));
            };
            marker = marker.and(python);
        }
        if let Some(text) = self.text("platform")? {
            let Some(platform) = platform_marker(text) else {
                return Err((Some("platform"), Mistake::Platform(printable(text))));
            };
            marker = marker.and(platform);
        }
        Ok((!marker.is_true()).then_some(marker))
    }
}

fn wrong_kind<'a>(key: &'static str, expected: &'static str, found: &Value) -> Failure<'a> {
    let found = found.describe();
    (Some(key), Mistake::Kind { expected, found })
}

/// `linux`, `!=win32`, `linux || darwin`: names of `sys.platform` with `,` for AND and `||` for OR.
fn platform_marker(text: &str) -> Option<Marker> {
    let one = |text: &str| {
        let (operator, name) = if let Some(name) = text.strip_prefix("!=") {
            (Operator::NotEqual, name)
        } else {
            let name = text.strip_prefix("==").or_else(|| text.strip_prefix('='));
            (Operator::Equal, name.unwrap_or(text))
        };
        let name = name.trim();
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_name.then(|| {
            Expression::Compare(Comparison {
                variable: Variable::SysPlatform,
                operator,
                text: name.to_owned(),
            })
        })
    };
    let text = text.replace("||", "|");
    let mut alternatives = Vec::new();
    for alternative in text.split('|') {
        let parts: Option<Vec<Expression>> = alternative
            .split(',')
            .map(|part| one(part.trim()))
            .collect();
        alternatives.push(Expression::all(parts?));
    }
    Expression::any(alternatives).map(Marker)
}

impl fmt::Display for Dependency {
    /// PEP 508's shape, `name[extra]>=1,<2 ; marker` or `name @ git+https://… ; marker`. Versions
    /// that need `||`, which PEP 508 has not, are shown with it; `*` says any version.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.name)?;
        write_extras(formatter, &self.extras)?;
        match &self.constraint {
            Constraint::Versions { set, .. } if set.is_any() => {}
            Constraint::Versions { set, .. } => write!(formatter, "{set}")?,
            Constraint::Source(source) => write!(formatter, " @ {source}")?,
        }
        match &self.marker {
            Some(marker) => write!(formatter, " ; {marker}"),
            None => Ok(()),
        }
    }
}
