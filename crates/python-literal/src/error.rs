//! What can go wrong, in two very different ways: the text is not Python ([`ParseError`]), or it is Python whose
//! value only Python could tell ([`NotEvaluable`]). The first ends the reading; the second concerns one name.

use std::fmt;
use std::ops::Range;

/// The text is not a Python file that can be read. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// A mistake in the text.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// The line of the mistake.
        line: u32,
        /// The column of the mistake.
        column: u32,
        /// What was expected there, or what is wrong.
        message: String,
    },
    /// The file is larger than the reader was told to accept.
    #[error("the file has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// The size of the file.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The file is not UTF-8.
    #[error("the file is not UTF-8: byte {offset} is wrong; save it as UTF-8")]
    NotUtf8 {
        /// Offset of the first wrong byte, from 0.
        offset: usize,
    },
    /// The file declares an encoding other than UTF-8, and it matters.
    #[error("the file declares the encoding `{encoding}`; save it as UTF-8")]
    Encoding {
        /// The name that the file gives.
        encoding: String,
    },
}

/// A name's value is known to Python alone: why, and where that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotEvaluable {
    /// Why the value is not known.
    pub reason: Reason,
    /// The line, from 1, of what prevents it.
    pub line: u32,
    /// The column, from 1 and in characters, of what prevents it.
    pub column: u32,
    /// The bytes of the source that would have to be run: a value, or a whole statement.
    pub span: Range<usize>,
}

impl fmt::Display for NotEvaluable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "line {}, column {}: {}",
            self.line, self.column, self.reason
        )
    }
}

impl std::error::Error for NotEvaluable {}

/// Why a value cannot be told without running the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// An operation outside the literal subset: a call, an attribute, `%`, `if … else`, a comprehension.
    #[error("it takes running `{0}` to know the value")]
    Operation(String),
    /// A name that nothing before it assigns: a builtin, or one that the runtime provides.
    #[error("`{0}` is not assigned before this")]
    UnknownName(String),
    /// A name that is itself not evaluable.
    #[error("it depends on `{name}`, which line {line} leaves open")]
    DependsOn {
        /// The other name.
        name: String,
        /// Where that name's value is lost.
        line: u32,
    },
    /// An f-string field that is more than a plain name.
    #[error("only plain names can be filled into an f-string, not `{0}`")]
    FormatField(String),
    /// A kind of literal with no counterpart here: `1j`, `...`, `\N{…}`, a lone surrogate, a template string.
    #[error("{0} has no counterpart as plain data")]
    Unsupported(&'static str),
    /// Running it would raise an exception.
    #[error("Python refuses this: {0}")]
    Refused(String),
    /// Values nested, or copied, beyond the limits.
    #[error("the value is {0}")]
    TooLarge(&'static str),
    /// Targets other than plain names: `a, b = …`, `a[0] = …`.
    #[error("what it is assigned to is not a plain name")]
    Target,
    /// The name is a function, a class or an import.
    #[error("it is bound by {0}, not by a literal")]
    Bound(crate::CodeKind),
    /// Code at module level may assign the name, or not.
    #[error("{0} may bind it, depending on what runs")]
    MayBind(crate::CodeKind),
    /// The value can be changed in place by code that mentions it.
    #[error("the code here may change it in place")]
    MayChange,
    /// `global name` in a function: any call may assign it.
    #[error("a function declares it `global` and may assign it")]
    Global,
    /// `del name`.
    #[error("it is deleted")]
    Deleted,
    /// Code that may bind any name: `from x import *`, `exec`, `globals()`, or a name that needs normalising.
    #[error("`{0}` may bind any name")]
    MayBindAnything(String),
}

/// Why an expression gives no value; the statement reader makes one of the public types of it.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The text at this offset is not Python.
    Syntax { offset: usize, message: String },
    /// The text at this offset is Python, but not literal.
    NotEvaluable { offset: usize, reason: Reason },
}

impl Stop {
    /// A syntax error at an offset.
    pub(crate) fn syntax(offset: usize, message: impl Into<String>) -> Self {
        Stop::Syntax {
            offset,
            message: message.into(),
        }
    }

    /// A value that cannot be told, because of what stands at an offset.
    pub(crate) fn not_evaluable(offset: usize, reason: Reason) -> Self {
        Stop::NotEvaluable { offset, reason }
    }
}
