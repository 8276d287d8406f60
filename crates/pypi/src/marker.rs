//! Environment markers: the `; python_version < "3.11" and sys_platform == "win32"` of PEP 508.
//!
//! A marker is kept as it was written, a tree of comparisons under `and` and `or`, and asked of one
//! [`MarkerEnvironment`] at a time. What a comparison means is what `packaging`, the
//! reference implementation, does:
//!
//! * `python_version`, `python_full_version`, `implementation_version` and `platform_release` are
//!   compared as versions where the text is a PEP 440 clause. Where it is not (`>= '3.6.*'`), and
//!   for every other variable, texts are compared: `<=` and `>=` are equality, `<` and `>` are never
//!   true. `in` and `not in` look for a part of a text.
//! * `extra == 'x'` asks whether the extra is among those wanted.

pub(crate) mod environment;
pub(crate) mod syntax;

use std::fmt;
use std::str::FromStr;

use crate::marker::environment::MarkerEnvironment;
use crate::marker::syntax::MarkerError;
use crate::name::ExtraName;
use crate::version::Version;
use crate::version::set::VersionSet;

/// A PEP 508 environment marker.
///
/// Two markers are equal if they were written alike, not if they mean the same.
///
/// ```
/// use pypi::{Marker, MarkerEnvironment, OperatingSystem};
///
/// let marker: Marker = "python_version < '3.10' and sys_platform == 'win32'".parse()?;
/// let maya = MarkerEnvironment::new(OperatingSystem::Windows, "x86_64", &"3.9.7".parse()?);
/// assert!(marker.evaluate(&maya, &[]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marker(pub(crate) Expression);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Expression {
    /// All of these; with none of them, the marker that is always true.
    And(Vec<Expression>),
    /// Any of these; at least two.
    Or(Vec<Expression>),
    Compare(Comparison),
    Extra {
        name: ExtraName,
        wanted: bool,
    },
}

/// A variable against a text. `'3.9' <= python_version` is kept as `python_version >= '3.9'`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Comparison {
    pub(crate) variable: Variable,
    pub(crate) operator: Operator,
    pub(crate) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Variable {
    ImplementationName,
    ImplementationVersion,
    OsName,
    PlatformMachine,
    PlatformPythonImplementation,
    PlatformRelease,
    PlatformSystem,
    PlatformVersion,
    PythonFullVersion,
    PythonVersion,
    SysPlatform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Compatible,
    Identical,
    /// The value is a part of the text: `sys_platform in 'linux linux2'`.
    In,
    NotIn,
    /// The text is a part of the value: `'linux' in sys_platform`.
    Contains,
    NotContains,
}

impl Marker {
    /// The marker that is always true.
    pub const fn always() -> Self {
        Marker(Expression::And(Vec::new()))
    }

    /// The marker that is true for the Python versions of a set, and nothing if there are none:
    /// `python_full_version >= "3.9" and python_full_version < "3.12"`.
    pub fn python_in(set: &VersionSet) -> Option<Self> {
        let text = set.specifiers();
        let alternatives = text.alternatives().iter().map(|clauses| {
            Expression::all(clauses.split(',').filter_map(|clause| {
                let split = clause.find(|next: char| next.is_ascii_digit())?;
                let (operator, version) = clause.split_at(split);
                Some(Expression::Compare(Comparison {
                    variable: Variable::PythonFullVersion,
                    operator: Operator::from_text(operator)?,
                    text: version.to_owned(),
                }))
            }))
        });
        Expression::any(alternatives).map(Marker)
    }

    /// Whether the marker holds in an environment, with these extras of the package wanted.
    pub fn evaluate(&self, environment: &MarkerEnvironment, extras: &[ExtraName]) -> bool {
        self.0.evaluate(environment, extras)
    }

    /// Whether the marker is always true because it asks nothing.
    pub fn is_true(&self) -> bool {
        self.0 == Expression::And(Vec::new())
    }

    /// Whether the marker speaks of extras.
    pub fn names_extra(&self) -> bool {
        self.0.names_extra()
    }

    /// The marker as `extra == "name" and rest`, with a rest that does not speak of extras. Without
    /// a name the marker is not of this shape, and whole.
    pub(crate) fn split_extra(self) -> (Option<ExtraName>, Marker) {
        let mut parts = match self.0 {
            Expression::And(parts) => parts,
            other => vec![other],
        };
        let guard = parts
            .iter()
            .position(|part| matches!(part, Expression::Extra { wanted: true, .. }));
        if let Some(index) = guard
            && parts.iter().filter(|part| part.names_extra()).count() == 1
            && let Expression::Extra { name, .. } = parts.remove(index)
        {
            return (Some(name), Marker(Expression::all(parts)));
        }
        (None, Marker(Expression::all(parts)))
    }

    /// The marker that holds where both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Marker(Expression::all([self.0, other.0]))
    }
}

impl Expression {
    /// All of the parts, without a level of its own where none is needed.
    pub(crate) fn all(parts: impl IntoIterator<Item = Expression>) -> Expression {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Expression::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match <[Expression; 1]>::try_from(flat) {
            Ok([only]) => only,
            Err(flat) => Expression::And(flat),
        }
    }

    /// Any of the parts; nothing if there is none.
    pub(crate) fn any(parts: impl IntoIterator<Item = Expression>) -> Option<Expression> {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Expression::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 | 1 => flat.pop(),
            _ => Some(Expression::Or(flat)),
        }
    }

    fn evaluate(&self, environment: &MarkerEnvironment, extras: &[ExtraName]) -> bool {
        match self {
            Expression::And(parts) => parts.iter().all(|part| part.evaluate(environment, extras)),
            Expression::Or(parts) => parts.iter().any(|part| part.evaluate(environment, extras)),
            Expression::Extra { name, wanted } => extras.contains(name) == *wanted,
            Expression::Compare(comparison) => comparison.holds(environment),
        }
    }

    fn names_extra(&self) -> bool {
        match self {
            Expression::And(parts) | Expression::Or(parts) => {
                parts.iter().any(Expression::names_extra)
            }
            Expression::Extra { .. } => true,
            Expression::Compare(_) => false,
        }
    }
}

impl Comparison {
    fn holds(&self, environment: &MarkerEnvironment) -> bool {
        let value = environment.value(self.variable);
        if self.variable.is_version()
            && let Some(set) = self.clause()
        {
            return value
                .parse::<Version>()
                .is_ok_and(|version| set.contains(&version));
        }
        match self.operator {
            Operator::Equal | Operator::LessEqual | Operator::GreaterEqual => value == self.text,
            Operator::NotEqual => value != self.text,
            Operator::In => self.text.contains(value),
            Operator::NotIn => !self.text.contains(value),
            Operator::Contains => value.contains(&self.text),
            Operator::NotContains => !value.contains(&self.text),
            Operator::Less | Operator::Greater | Operator::Compatible | Operator::Identical => {
                false
            }
        }
    }

    /// The versions that the comparison accepts, if operator and text are a PEP 440 clause.
    pub(crate) fn clause(&self) -> Option<VersionSet> {
        if self.operator.is_membership() || self.text.contains(',') || self.text.is_empty() {
            return None;
        }
        VersionSet::from_specifiers(&format!("{}{}", self.operator.as_str(), self.text)).ok()
    }
}

impl Variable {
    /// Whether comparisons with this variable are of versions rather than of texts.
    pub(crate) fn is_version(self) -> bool {
        matches!(
            self,
            Variable::ImplementationVersion
                | Variable::PlatformRelease
                | Variable::PythonFullVersion
                | Variable::PythonVersion
        )
    }

    /// Every variable of PEP 508 but `extra`, with its name.
    pub(crate) const NAMES: [(&str, Variable); 11] = [
        ("implementation_name", Variable::ImplementationName),
        ("implementation_version", Variable::ImplementationVersion),
        ("os_name", Variable::OsName),
        ("platform_machine", Variable::PlatformMachine),
        (
            "platform_python_implementation",
            Variable::PlatformPythonImplementation,
        ),
        ("platform_release", Variable::PlatformRelease),
        ("platform_system", Variable::PlatformSystem),
        ("platform_version", Variable::PlatformVersion),
        ("python_full_version", Variable::PythonFullVersion),
        ("python_version", Variable::PythonVersion),
        ("sys_platform", Variable::SysPlatform),
    ];

    fn name(self) -> &'static str {
        Variable::NAMES
            .iter()
            .find(|(_, variable)| *variable == self)
            .map_or("", |(name, _)| name)
    }
}

impl Operator {
    pub(crate) fn from_text(text: &str) -> Option<Operator> {
        Some(match text {
            "==" => Operator::Equal,
            "!=" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::LessEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterEqual,
            "~=" => Operator::Compatible,
            "===" => Operator::Identical,
            "in" => Operator::In,
            "not in" => Operator::NotIn,
            _ => return None,
        })
    }

    fn as_str(self) -> &'static str {
        match self {
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::Compatible => "~=",
            Operator::Identical => "===",
            Operator::In | Operator::Contains => "in",
            Operator::NotIn | Operator::NotContains => "not in",
        }
    }

    fn is_membership(self) -> bool {
        matches!(
            self,
            Operator::In | Operator::NotIn | Operator::Contains | Operator::NotContains
        )
    }

    /// Whether texts that are no versions can be compared so.
    pub(crate) fn fits_text(self) -> bool {
        !matches!(self, Operator::Compatible | Operator::Identical)
    }

    /// The operator that says the same with its sides exchanged, if there is one.
    pub(crate) fn exchanged(self) -> Option<Operator> {
        Some(match self {
            Operator::Less => Operator::Greater,
            Operator::LessEqual => Operator::GreaterEqual,
            Operator::Greater => Operator::Less,
            Operator::GreaterEqual => Operator::LessEqual,
            Operator::In => Operator::Contains,
            Operator::NotIn => Operator::NotContains,
            Operator::Equal | Operator::NotEqual | Operator::Identical => self,
            Operator::Compatible | Operator::Contains | Operator::NotContains => return None,
        })
    }
}

impl FromStr for Marker {
    type Err = MarkerError;

    fn from_str(text: &str) -> Result<Self, MarkerError> {
        syntax::parse(text).map(Marker)
    }
}

impl fmt::Display for Marker {
    /// The marker with normal spacing; nothing at all for the one that is always true.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

impl fmt::Debug for Marker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expression::And(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    formatter.write_str(if index == 0 { "" } else { " and " })?;
                    match part {
                        Expression::Or(_) => write!(formatter, "({part})")?,
                        _ => write!(formatter, "{part}")?,
                    }
                }
                Ok(())
            }
            Expression::Or(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    formatter.write_str(if index == 0 { "" } else { " or " })?;
                    match part {
                        Expression::And(_) => write!(formatter, "({part})")?,
                        _ => write!(formatter, "{part}")?,
                    }
                }
                Ok(())
            }
            Expression::Extra { name, wanted } => {
                let operator = if *wanted { "==" } else { "!=" };
                write!(formatter, "extra {operator} \"{name}\"")
            }
            Expression::Compare(comparison) => write!(formatter, "{comparison}"),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, operator, text) = (self.variable.name(), self.operator.as_str(), &self.text);
        // A text cannot hold both kinds of quotation marks: there is no way to write that.
        let mark = if text.contains('"') { '\'' } else { '"' };
        match self.operator {
            Operator::Contains | Operator::NotContains => {
                write!(formatter, "{mark}{text}{mark} {operator} {name}")
            }
            _ => write!(formatter, "{name} {operator} {mark}{text}{mark}"),
        }
    }
}
