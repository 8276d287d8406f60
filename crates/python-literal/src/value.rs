//! The values that a literal can have, each with the line on which it is written.
//!
//! `Display` prints a value as Python would read it back: `parse("x = " + value)` gives an equal value.

use std::fmt;

/// A Python value as plain data.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits 128 bits.
    Int(i128),
    /// A larger one, written in decimal digits with an optional sign.
    BigInt(String),
    /// A floating point number, never NaN.
    Float(f64),
    /// Text.
    Str(String),
    /// `b"…"`.
    Bytes(Vec<u8>),
    /// `[…]`.
    List(Vec<Node>),
    /// `(…,)`.
    Tuple(Vec<Node>),
    /// `{…: …}` in the order written; keys are distinct in Python's sense (`1`, `1.0` and `True` are one key).
    Dict(Vec<Entry>),
    /// `{…}` in the order written; items are distinct as keys are.
    Set(Vec<Node>),
}

/// A value and the line on which it starts, from 1. A reference to another name keeps the lines of what it refers to.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its line.
    pub line: u32,
}

/// Nodes are equal when their values are: where something is written is no part of what it is.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// One entry of a dict. Its line is that of its key: `entry.key.line`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key: hashable in Python's sense.
    pub key: Node,
    /// The value.
    pub value: Node,
}

impl Value {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list or of a tuple.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match self {
            Value::List(items) | Value::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a dict.
    pub fn as_dict(&self) -> Option<&[Entry]> {
        match self {
            Value::Dict(entries) => Some(entries),
            _ => None,
        }
    }

    /// What kind of value this is, in words for a message: `a list`.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::None => "None",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::BigInt(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Str(_) => "a string",
            Value::Bytes(_) => "bytes",
            Value::List(_) => "a list",
            Value::Tuple(_) => "a tuple",
            Value::Dict(_) => "a dict",
            Value::Set(_) => "a set",
        }
    }

    /// Whether it is or contains a set, whose order is not Python's.
    pub(crate) fn has_set(&self) -> bool {
        match self {
            Value::Set(_) => true,
            Value::List(items) | Value::Tuple(items) => {
                items.iter().any(|item| item.value.has_set())
            }
            Value::Dict(entries) => entries.iter().any(|entry| entry.value.value.has_set()),
            _ => false,
        }
    }

    /// Whether Python adds it as a number.
    pub(crate) fn is_number(&self) -> bool {
        matches!(
            self,
            Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_)
        )
    }

    /// Whether code that holds this value could change it, or something within it, in place.
    pub(crate) fn is_mutable(&self) -> bool {
        match self {
            Value::List(_) | Value::Dict(_) | Value::Set(_) => true,
            Value::Tuple(items) => items.iter().any(|item| item.value.is_mutable()),
            _ => false,
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}

/// Prints as Python's `repr` does, except that an infinity is written so that it reads back.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => formatter.write_str("None"),
            Value::Bool(true) => formatter.write_str("True"),
            Value::Bool(false) => formatter.write_str("False"),
            Value::Int(number) => write!(formatter, "{number}"),
            Value::BigInt(digits) => formatter.write_str(digits),
            Value::Float(number) => formatter.write_str(&crate::number::print_float(*number)),
            Value::Str(text) => crate::text::print(formatter, text.chars().map(u32::from), false),
            Value::Bytes(bytes) => {
                crate::text::print(formatter, bytes.iter().copied().map(u32::from), true)
            }
            Value::List(items) => print_all(formatter, "[", items, "]"),
            Value::Tuple(items) if items.len() == 1 => print_all(formatter, "(", items, ",)"),
            Value::Tuple(items) => print_all(formatter, "(", items, ")"),
            Value::Set(items) => print_all(formatter, "{", items, "}"),
            Value::Dict(entries) => {
                formatter.write_str("{")?;
                for (index, entry) in entries.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(formatter, "{separator}{}: {}", entry.key, entry.value)?;
                }
                formatter.write_str("}")
            }
        }
    }
}

fn print_all(
    formatter: &mut fmt::Formatter<'_>,
    open: &str,
    items: &[Node],
    close: &str,
) -> fmt::Result {
    formatter.write_str(open)?;
    for (index, item) in items.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(formatter, "{separator}{item}")?;
    }
    formatter.write_str(close)
}
