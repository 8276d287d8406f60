//! A table of a context, taken apart key by key: who takes a value says which type it has, and what nobody takes is left.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde_json::{Map, Value};

use super::error::ContextError;

/// A table and the path that leads to it.
pub(super) struct Fields {
    /// Empty for the context itself.
    place: String,
    table: Map<String, Value>,
}

impl Fields {
    pub(super) fn new(value: Value, place: &str) -> Result<Self, ContextError> {
        match value {
            Value::Object(table) => Ok(Self {
                place: place.to_owned(),
                table,
            }),
            other => Err(ContextError::WrongType {
                place: if place.is_empty() {
                    "the context".to_owned()
                } else {
                    format!("`{place}`")
                },
                expected: "a table",
                found: kind(&other),
            }),
        }
    }

    /// Sees to it that all of these keys are there.
    pub(super) fn require(&self, keys: &[&str]) -> Result<(), ContextError> {
        let missing: Vec<_> = keys
            .iter()
            .filter(|key| !self.table.contains_key(**key))
            .map(|key| (*key).to_owned())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let place = match self.place.as_str() {
            "" => "the context".to_owned(),
            place => format!("`{place}`"),
        };
        Err(ContextError::Missing {
            place,
            keys: missing,
        })
    }

    /// A look at a value that stays where it is.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.table.get(key)
    }

    /// A value of any type; `null` where there is none.
    pub(super) fn take(&mut self, key: &str) -> Value {
        self.table.remove(key).unwrap_or_default()
    }

    /// As [`Fields::take`], with what stands there if nothing does.
    pub(super) fn take_or(&mut self, key: &str, default: Value) -> Value {
        self.table.remove(key).unwrap_or(default)
    }

    pub(super) fn text(&mut self, key: &str) -> Result<String, ContextError> {
        match self.take(key) {
            Value::String(text) => Ok(text),
            other => Err(self.type_error(key, "a text", &other)),
        }
    }

    pub(super) fn optional_text(&mut self, key: &str) -> Result<Option<String>, ContextError> {
        match self.take(key) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            other => Err(self.type_error(key, "a text or null", &other)),
        }
    }

    /// A flag; where the key may be absent, what it then is.
    pub(super) fn flag(&mut self, key: &str, default: bool) -> Result<bool, ContextError> {
        match self.take_or(key, Value::Bool(default)) {
            Value::Bool(flag) => Ok(flag),
            other => Err(self.type_error(key, "true or false", &other)),
        }
    }

    /// As [`Fields::flag`], with `null` as a third value.
    pub(super) fn optional_flag(
        &mut self,
        key: &str,
        default: bool,
    ) -> Result<Option<bool>, ContextError> {
        match self.take_or(key, Value::Bool(default)) {
            Value::Null => Ok(None),
            Value::Bool(flag) => Ok(Some(flag)),
            other => Err(self.type_error(key, "true, false or null", &other)),
        }
    }

    /// A number of seconds with its fraction.
    pub(super) fn seconds(&mut self, key: &str) -> Result<f64, ContextError> {
        let value = self.take(key);
        value
            .as_f64()
            .ok_or_else(|| self.type_error(key, "a number", &value))
    }

    /// A whole number, see [`whole`].
    pub(super) fn integer(&mut self, key: &str) -> Result<i64, ContextError> {
        let value = self.take(key);
        whole(&value).ok_or_else(|| self.type_error(key, "a number", &value))
    }

    pub(super) fn optional_integer(&mut self, key: &str) -> Result<Option<i64>, ContextError> {
        match self.take(key) {
            Value::Null => Ok(None),
            value => match whole(&value) {
                Some(number) => Ok(Some(number)),
                None => Err(self.type_error(key, "a number or null", &value)),
            },
        }
    }

    /// A position in a list.
    pub(super) fn optional_index(&mut self, key: &str) -> Result<Option<usize>, ContextError> {
        match self.take(key) {
            Value::Null => Ok(None),
            value => match value
                .as_u64()
                .and_then(|number| usize::try_from(number).ok())
            {
                Some(index) => Ok(Some(index)),
                None => Err(self.type_error(key, "a position or null", &value)),
            },
        }
    }

    /// A list, each item with the path that leads to it; empty where there is none.
    pub(super) fn list<T>(
        &mut self,
        key: &str,
        mut read: impl FnMut(Value, &str) -> Result<T, ContextError>,
    ) -> Result<Vec<T>, ContextError> {
        match self.take_or(key, Value::Array(Vec::new())) {
            Value::Array(items) => items
                .into_iter()
                .enumerate()
                .map(|(index, item)| read(item, &format!("{}[{index}]", self.path(key))))
                .collect(),
            other => Err(self.type_error(key, "a list", &other)),
        }
    }

    /// A list of texts, each of which is made something of.
    pub(super) fn texts<T, E: Display>(
        &mut self,
        key: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Vec<T>, ContextError> {
        self.list(key, |item, place| match item {
            Value::String(text) => read(&text).map_err(|error| ContextError::WrongValue {
                place: format!("`{place}`"),
                message: error.to_string(),
            }),
            other => Err(ContextError::WrongType {
                place: format!("`{place}`"),
                expected: "a text",
                found: kind(&other),
            }),
        })
    }

    /// What nobody has taken.
    pub(super) fn rest(self) -> BTreeMap<String, Value> {
        self.table.into_iter().collect()
    }

    /// The error for a text that does not mean what it should.
    pub(super) fn wrong(&self, key: &str, message: impl Display) -> ContextError {
        ContextError::WrongValue {
            place: format!("`{}`", self.path(key)),
            message: message.to_string(),
        }
    }

    pub(super) fn type_error(
        &self,
        key: &str,
        expected: &'static str,
        found: &Value,
    ) -> ContextError {
        ContextError::WrongType {
            place: format!("`{}`", self.path(key)),
            expected,
            found: kind(found),
        }
    }

    fn path(&self, key: &str) -> String {
        match self.place.as_str() {
            "" => key.to_owned(),
            place => format!("{place}.{key}"),
        }
    }
}

/// A number without its fraction. rez takes fractions of a second where its Python interface is given them; packages are
/// stamped in whole seconds, so cutting the fraction off changes no answer.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and no time is that far away"
)]
fn whole(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| Some(value.as_f64()?.floor() as i64))
}

/// The kind of a value, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
