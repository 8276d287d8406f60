//! The value of a key in a table of dependencies, whatever file format it came from.

use std::collections::BTreeMap;

/// A value as TOML and JSON have it, as far as a dependency can use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    String(String),
    /// True or false.
    Boolean(bool),
    /// A list.
    List(Vec<Value>),
    /// A table, or "object".
    Table(BTreeMap<String, Value>),
    /// Anything else, in the words that an error should call it by: `the number 1.2`.
    Other(String),
}

impl Value {
    /// What to call the value in a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Value::String(text) => format!("the text `{}`", crate::text::printable(text)),
            Value::Boolean(value) => format!("`{value}`"),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            Value::Other(words) => crate::text::printable(words),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Boolean(value)
    }
}

impl<const N: usize> From<[(&str, Value); N]> for Value {
    fn from(entries: [(&str, Value); N]) -> Self {
        let entries = entries.map(|(key, value)| (key.to_owned(), value));
        Value::Table(BTreeMap::from(entries))
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<T: IntoIterator<Item = Value>>(values: T) -> Self {
        Value::List(values.into_iter().collect())
    }
}
