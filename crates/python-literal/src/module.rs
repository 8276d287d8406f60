//! What a Python file says, as far as that can be read: its statements in order, and what each name is in the end.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use crate::error::NotEvaluable;
use crate::value::{Node, Value};

/// A file, read.
#[derive(Debug, Clone)]
pub struct Module {
    pub(crate) statements: Vec<Statement>,
    pub(crate) names: BTreeMap<String, Name>,
    /// Set when code in the file may bind names that nothing in the text mentions.
    pub(crate) anything: Option<NotEvaluable>,
}

/// What a name is when the file has been run to its end.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) line: u32,
    /// The statement that assigned the value, or why there is none.
    pub(crate) outcome: Result<usize, NotEvaluable>,
}

/// One statement at the module's own level. Spans are bytes of the source.
#[derive(Debug, Clone)]
pub enum Statement {
    /// `name = …`, `a = b = …`, `name: type = …`, `name += …`.
    Assignment {
        /// The line on which the statement starts, from 1.
        line: u32,
        /// The whole statement.
        span: Range<usize>,
        /// The names that are assigned, as written. Of other targets (`a[0] = …`) none.
        names: Vec<String>,
        /// The value right after the statement; for `+=` the whole new value. Later statements may change it: what a
        /// name is in the end is told by [`Module::get`].
        outcome: Result<Node, NotEvaluable>,
    },
    /// Anything else. It is not looked into, except for what it may change.
    Code {
        /// The line on which the statement starts, from 1; that of the first decorator where there is one.
        line: u32,
        /// The whole statement with its blocks.
        span: Range<usize>,
        /// What kind of statement it is.
        kind: CodeKind,
        /// The names that it binds, or may bind, at the module's level.
        binds: Vec<String>,
    },
}

/// The kinds of statements that are not assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeKind {
    /// `import …` or `from … import …`.
    Import,
    /// `def` and `async def`, with decorators.
    Function,
    /// `class`, with decorators.
    Class,
    /// `if … elif … else`.
    If,
    /// `for` and `while`.
    Loop,
    /// `try`.
    Try,
    /// `with`.
    With,
    /// `match`.
    Match,
    /// `del`.
    Delete,
    /// `name: type` without a value.
    Declaration,
    /// An expression by itself: a docstring, a call.
    Expression,
    /// `pass`, `assert`, `raise`, `global` and the like.
    Other,
}

impl fmt::Display for CodeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            CodeKind::Import => "an import",
            CodeKind::Function => "a function definition",
            CodeKind::Class => "a class definition",
            CodeKind::If => "an `if` statement",
            CodeKind::Loop => "a loop",
            CodeKind::Try => "a `try` statement",
            CodeKind::With => "a `with` statement",
            CodeKind::Match => "a `match` statement",
            CodeKind::Delete => "a `del` statement",
            CodeKind::Declaration => "a declaration",
            CodeKind::Expression => "an expression",
            CodeKind::Other => "a statement",
        })
    }
}

impl Module {
    /// What a name is at the end of the file: `None` when nothing binds it, an error when only running would tell.
    pub fn get(&self, name: &str) -> Option<Result<&Value, &NotEvaluable>> {
        self.node(name)
            .map(|outcome| outcome.map(|node| &node.value))
    }

    /// As [`Module::get`], with the line on which the value is written.
    pub fn node(&self, name: &str) -> Option<Result<&Node, &NotEvaluable>> {
        match self.names.get(name) {
            Some(found) => self.outcome(found),
            None => self.anything.as_ref().map(Err),
        }
    }

    /// The line, from 1, of the statement that binds the name last.
    pub fn line(&self, name: &str) -> Option<u32> {
        self.names.get(name).map(|found| found.line)
    }

    /// All bound names in alphabetical order, each with what [`Module::node`] says of it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Result<&Node, &NotEvaluable>)> {
        self.names
            .iter()
            .filter_map(|(name, found)| Some((name.as_str(), self.outcome(found)?)))
    }

    /// The statements in the order of the file.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    fn outcome<'a>(&'a self, name: &'a Name) -> Option<Result<&'a Node, &'a NotEvaluable>> {
        match &name.outcome {
            Ok(index) => match self.statements.get(*index)? {
                Statement::Assignment { outcome, .. } => Some(outcome.as_ref()),
                Statement::Code { .. } => None,
            },
            Err(reason) => Some(Err(reason)),
        }
    }
}
