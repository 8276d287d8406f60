//! Reading markers: PEP 508's grammar, `marker_or` and below.
//!
//! A parser by descent with a counted depth, so that a thousand parentheses are an error and not a
//! full stack.

use crate::marker::{Comparison, Expression, Operator, Variable};
use crate::name::ExtraName;
use crate::text::printable;

/// No marker that anybody published is near these.
const LONGEST: usize = 16 * 1024;
const DEEPEST: usize = 64;

/// A text that is no PEP 508 marker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an environment marker: {expected} is expected at character {}", .offset + 1)]
pub struct MarkerError {
    text: String,
    offset: usize,
    expected: String,
}

impl MarkerError {
    /// The offset in bytes at which something else was expected.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What was expected there.
    pub fn expected(&self) -> &str {
        &self.expected
    }
}

/// Parses a whole text as one marker.
pub(crate) fn parse(text: &str) -> Result<Expression, MarkerError> {
    let mut parser = Parser { text, offset: 0 };
    if text.len() > LONGEST {
        return Err(parser.error("a shorter text"));
    }
    let expression = parser.any(0)?;
    parser.skip_whitespace();
    if parser.rest().is_empty() {
        Ok(expression)
    } else {
        Err(parser.error("`and`, `or` or the end"))
    }
}

struct Parser<'a> {
    text: &'a str,
    offset: usize,
}

/// One side of a comparison.
enum Side {
    Text(String),
    Variable(Variable),
    Extra,
}

impl<'a> Parser<'a> {
    fn any(&mut self, depth: usize) -> Result<Expression, MarkerError> {
        let mut parts = vec![self.all(depth)?];
        while self.keyword("or") {
            parts.push(self.all(depth)?);
        }
        Ok(Expression::any(parts).unwrap_or(Expression::And(Vec::new())))
    }

    fn all(&mut self, depth: usize) -> Result<Expression, MarkerError> {
        let mut parts = vec![self.one(depth)?];
        while self.keyword("and") {
            parts.push(self.one(depth)?);
        }
        Ok(Expression::all(parts))
    }

    fn one(&mut self, depth: usize) -> Result<Expression, MarkerError> {
        self.skip_whitespace();
        if !self.rest().starts_with('(') {
            return self.comparison();
        }
        if depth >= DEEPEST {
            return Err(self.error("a marker with fewer parentheses in each other"));
        }
        self.offset += 1;
        let inner = self.any(depth + 1)?;
        self.skip_whitespace();
        if !self.rest().starts_with(')') {
            return Err(self.error("`and`, `or` or `)`"));
        }
        self.offset += 1;
        Ok(inner)
    }

    fn comparison(&mut self) -> Result<Expression, MarkerError> {
        let left = self.side()?;
        let operator_at = self.skip_whitespace();
        let operator = self.operator()?;
        let right_at = self.skip_whitespace();
        let right = self.side()?;
        let wrong_operator = |parser: &mut Self, expected: &str| {
            parser.offset = operator_at;
            Err(parser.error(expected))
        };
        match (left, right) {
            (Side::Extra, Side::Text(text)) | (Side::Text(text), Side::Extra) => {
                let Ok(name) = text.parse::<ExtraName>() else {
                    self.offset = right_at;
                    return Err(self.error("the name of an extra"));
                };
                match operator {
                    Operator::Equal | Operator::NotEqual => Ok(Expression::Extra {
                        name,
                        wanted: operator == Operator::Equal,
                    }),
                    _ => wrong_operator(self, "`==` or `!=`, which alone compare `extra`,"),
                }
            }
            (Side::Variable(variable), Side::Text(text)) => {
                let comparison = Comparison {
                    variable,
                    operator,
                    text,
                };
                if comparison.has_meaning() {
                    Ok(Expression::Compare(comparison))
                } else {
                    wrong_operator(self, "an operator for texts")
                }
            }
            (Side::Text(text), Side::Variable(variable)) => match operator.exchanged() {
                Some(operator) if operator.fits_text() => Ok(Expression::Compare(Comparison {
                    variable,
                    operator,
                    text,
                })),
                _ => wrong_operator(self, "an operator that can be read from the right"),
            },
            (Side::Text(_), Side::Text(_)) => {
                self.offset = right_at;
                Err(self.error("a variable such as `python_version`"))
            }
            _ => {
                self.offset = right_at;
                Err(self.error("a text in quotation marks"))
            }
        }
    }

    fn side(&mut self) -> Result<Side, MarkerError> {
        self.skip_whitespace();
        let rest = self.rest();
        if let Some(mark) = rest
            .chars()
            .next()
            .filter(|next| matches!(next, '"' | '\''))
        {
            let body = &rest[1..];
            let Some(length) = body.find(mark) else {
                return Err(self.error("a text with its closing quotation mark"));
            };
            self.offset += length + 2;
            return Ok(Side::Text(body[..length].to_owned()));
        }
        let length = rest
            .find(|next: char| !(next.is_ascii_alphanumeric() || matches!(next, '_' | '.')))
            .unwrap_or(rest.len());
        let side = match &rest[..length] {
            "extra" => Side::Extra,
            word => match variable(word) {
                Some(variable) => Side::Variable(variable),
                None => {
                    return Err(self.error(
                        "a variable of PEP 508 such as `python_version`, or a text in \
                         quotation marks",
                    ));
                }
            },
        };
        self.offset += length;
        Ok(side)
    }

    fn operator(&mut self) -> Result<Operator, MarkerError> {
        if self.keyword("in") {
            return Ok(Operator::In);
        }
        if self.keyword("not") {
            self.skip_whitespace();
            return if self.keyword("in") {
                Ok(Operator::NotIn)
            } else {
                Err(self.error("`in` after `not`"))
            };
        }
        let rest = self.rest();
        let length = rest
            .find(|next| !matches!(next, '<' | '>' | '=' | '!' | '~'))
            .unwrap_or(rest.len());
        match Operator::from_text(&rest[..length]) {
            Some(operator) => {
                self.offset += length;
                Ok(operator)
            }
            None => Err(self.error("an operator such as `>=` or `in`")),
        }
    }

    /// Takes the word if it stands here as a word of its own.
    fn keyword(&mut self, word: &str) -> bool {
        self.skip_whitespace();
        let Some(after) = self.rest().strip_prefix(word) else {
            return false;
        };
        let ends = !after.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        if ends {
            self.offset += word.len();
        }
        ends
    }

    fn skip_whitespace(&mut self) -> usize {
        self.offset += self.rest().len() - self.rest().trim_start().len();
        self.offset
    }

    fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    fn error(&self, expected: &str) -> MarkerError {
        MarkerError {
            text: printable(self.text),
            offset: self.offset,
            expected: expected.to_owned(),
        }
    }
}

impl Comparison {
    /// Whether `packaging` could evaluate this: `~=` and `===` are for versions only.
    fn has_meaning(&self) -> bool {
        self.operator.fits_text() || self.clause().is_some() && self.variable.is_version()
    }
}

/// A variable by its name, or by the name that PEP 345 had for it.
fn variable(word: &str) -> Option<Variable> {
    let word = match word {
        "os.name" => "os_name",
        "sys.platform" => "sys_platform",
        "platform.version" => "platform_version",
        "platform.machine" => "platform_machine",
        "platform.python_implementation" | "python_implementation" => {
            "platform_python_implementation"
        }
        word => word,
    };
    Variable::NAMES
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, variable)| *variable)
}
