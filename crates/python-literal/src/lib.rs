//! Reads the literal part of a Python file as data, without ever executing it.
//!
//! AYON addons and rez packages describe themselves in a `package.py`: a Python file that is mostly assignments
//! of plain values. Running such a file to learn its version means running somebody else's code, so this crate
//! reads it instead. What is a literal becomes a [`Value`]; what is not is said to be [`NotEvaluable`], with the
//! reason and the place, and is never guessed.
//!
//! ```
//! let module = python_literal::parse(
//!     r#"
//! name = "core"
//! version = "1.9.7"
//! services = {"processor": {"image": f"studio/{name}:{version}"}}
//! build = compute()
//! "#,
//! )?;
//! assert_eq!(module.get("version").unwrap().unwrap().as_str(), Some("1.9.7"));
//! let build = module.get("build").unwrap().unwrap_err();
//! assert_eq!(build.to_string(), "line 5, column 9: it takes running `compute(…)` to know the value");
//! assert!(module.get("title").is_none());
//! # Ok::<(), python_literal::ParseError>(())
//! ```
//!
//! # What is evaluated
//! Strings of every prefix (`r`, `b`, `u`, `f`), triple-quoted and implicitly joined; integers and floats; `True`,
//! `False`, `None`; lists, tuples, dicts, sets; references to names assigned before; f-strings whose fields are
//! plain names; unary signs; `+` of numbers, strings, bytes, lists and tuples; `name = …`, `a = b = …`,
//! `name: type = …` and `name += …`.
//!
//! # What is not, and why that is safe
//! Everything else is a [`Statement::Code`]: it is skipped to the end of its block, and every name that it *may*
//! change loses its value from there on. That covers the plain ways (an assignment under `if`, a later `def`, `del`,
//! `from x import *`) and the quiet ones: `global` in a function, a list that is changed in place
//! (`requires.append(…)`), also through another name for the same list, or by a function that is called later.
//! The syntax of skipped code is checked only as far as tokens, brackets and indentation go.
//!
//! # Hostile input
//! Size ([`MAX_BYTES`]) and nesting ([`MAX_DEPTH`]) are limited, and so is what references and `+` may copy, so that
//! a short file cannot unfold into a huge value. Nothing recurses further than the depth limit; the time taken is
//! proportional to the size, up to a logarithm.

mod code;
mod container;
mod effects;
mod error;
mod expression;
mod key;
mod module;
mod number;
mod position;
mod scope;
mod statement;
mod text;
mod token;
mod tokenizer;
mod value;

pub use error::{NotEvaluable, ParseError, Reason};
pub use module::{CodeKind, Module, Statement};
pub use value::{Entry, Node, Value};

/// The largest source that [`parse`] reads: 4 MiB. Real package files have a few kilobytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// How deeply values may be nested, references included. Real ones stay below ten.
pub const MAX_DEPTH: usize = 100;

/// Reads a source of at most [`MAX_BYTES`] bytes. A byte order mark is accepted.
///
/// # Errors
/// [`ParseError`] where the text is not Python: an unfinished string, brackets that do not match, an indentation
/// that fits no block, or a malformed assignment. Valid Python that is merely not literal is no error.
pub fn parse(source: &str) -> Result<Module, ParseError> {
    statement::read_module(source, MAX_BYTES)
}

/// Reads a file's bytes, at most `max_bytes` of them, as UTF-8 with or without a byte order mark.
///
/// # Errors
/// As [`parse`]; and [`ParseError::NotUtf8`] with the offset of the first wrong byte, or [`ParseError::Encoding`] where
/// the file declares another encoding (PEP 263) and has characters that it would decode otherwise.
pub fn parse_bytes(bytes: &[u8], max_bytes: usize) -> Result<Module, ParseError> {
    if bytes.len() > max_bytes {
        return Err(ParseError::TooLarge {
            bytes: bytes.len(),
            limit: max_bytes,
        });
    }
    let source = std::str::from_utf8(bytes).map_err(|error| ParseError::NotUtf8 {
        offset: error.valid_up_to(),
    })?;
    if let Some(encoding) = position::declared_encoding(source)
        && !source.is_ascii()
    {
        return Err(ParseError::Encoding { encoding });
    }
    statement::read_module(source, max_bytes)
}
