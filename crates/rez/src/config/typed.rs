//! Settings as the types that rez accepts, from a file's values or from a variable's text.

use python_literal::{Node, Value};

use super::expand::Scope;
use super::{ConfigError, Origin};
use crate::yaml;

/// How a variable spells a setting.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// Texts between commas or blanks.
    Texts,
    /// Paths between the separators of `PATH`.
    Paths,
    /// A word for yes or no.
    Flag,
    /// What only JSON can spell.
    Structure,
}

impl Kind {
    /// The value that a variable's text spells; `json` is the variable to use instead where that cannot be.
    pub(super) fn parse(self, text: &str, json: &str) -> Result<Value, String> {
        let texts = |items: &mut dyn Iterator<Item = &str>| {
            let node = |item: &str| Node {
                value: Value::Str(item.to_owned()),
                line: 0,
            };
            Value::List(items.filter(|item| !item.is_empty()).map(node).collect())
        };
        match self {
            Self::Text => Ok(Value::Str(text.to_owned())),
            Self::Texts => Ok(texts(&mut text.replace(',', " ").split_whitespace())),
            Self::Paths => Ok(texts(&mut text.split(if cfg!(windows) {
                ';'
            } else {
                ':'
            }))),
            Self::Flag => match text.to_lowercase().as_str() {
                "1" | "true" | "t" | "yes" | "y" | "on" => Ok(Value::Bool(true)),
                "0" | "false" | "f" | "no" | "n" | "off" => Ok(Value::Bool(false)),
                _ => Err(format!(
                    "`{text}` is neither yes nor no; use `true` or `false`"
                )),
            },
            Self::Structure => Err(format!("it takes JSON to spell this; use {json}")),
        }
    }
}

/// A setting, and where it is set.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    name: &'static str,
    value: &'a Value,
    origin: &'a Origin,
}

impl<'a> Setting<'a> {
    pub(super) fn new(name: &'static str, value: &'a Value, origin: &'a Origin) -> Self {
        Self {
            name,
            value,
            origin,
        }
    }

    /// A setting within tables of settings; where there is none, it is `None`.
    pub(super) fn at(self, tables: &[&str], name: &'static str) -> Self {
        let mut value = self.value;
        for key in tables.iter().chain([&name]) {
            value = entry(value, key).unwrap_or(&Value::None);
        }
        Self {
            name,
            value,
            ..self
        }
    }

    pub(super) fn text(self, scope: &Scope<'_>) -> Result<String, ConfigError> {
        let text = self.value.as_str().ok_or_else(|| self.wrong("a text"))?;
        Ok(scope.expand(text))
    }

    pub(super) fn texts(self, scope: &Scope<'_>) -> Result<Vec<String>, ConfigError> {
        let Value::List(items) = self.value else {
            return Err(self.wrong("a list of texts"));
        };
        items
            .iter()
            .map(|item| match item.value.as_str() {
                Some(text) => Ok(scope.expand(text)),
                None => Err(self.wrong_item("a list of texts", &item.value)),
            })
            .collect()
    }

    pub(super) fn flag(self) -> Result<bool, ConfigError> {
        match self.value {
            Value::Bool(flag) => Ok(*flag),
            _ => Err(self.wrong("True or False")),
        }
    }

    pub(super) fn one_of<T: Copy>(self, choices: &[(&str, T)]) -> Result<T, ConfigError> {
        let found = choices
            .iter()
            .find(|(name, _)| self.value.as_str() == Some(name));
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<_> = choices
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            self.error(format!(
                "expected {}, found {}",
                names.join(" or "),
                self.value
            ))
        })
    }

    /// A list of tables as JSON has it, with the texts in it expanded; one table is a list of one, nothing an empty list.
    pub(super) fn tables(self, scope: &Scope<'_>) -> Result<serde_json::Value, ConfigError> {
        let mut list = match yaml::json(self.value) {
            serde_json::Value::Null => Vec::new(),
            serde_json::Value::Array(items) => items,
            item => vec![item],
        };
        if let Some(index) = list.iter().position(|item| !item.is_object()) {
            let expected = "a dict or a list of dicts";
            return Err(match self.value.as_sequence() {
                Some(items) => self.wrong_item(expected, &items[index].value),
                None => self.wrong(expected),
            });
        }
        for item in &mut list {
            scope.expand_all(item);
        }
        Ok(serde_json::Value::Array(list))
    }

    /// The pairs of texts in a table of this table, in order.
    pub(super) fn pairs(self, name: &str) -> Result<Vec<(String, String)>, ConfigError> {
        let expected = "a dict of dicts of texts";
        match self.value {
            Value::None | Value::Dict(_) => {}
            _ => return Err(self.wrong(expected)),
        }
        let entries = match entry(self.value, name) {
            None | Some(Value::None) => return Ok(Vec::new()),
            Some(table) => table.as_dict().ok_or_else(|| self.wrong(expected))?,
        };
        entries
            .iter()
            .map(
                |entry| match (entry.key.value.as_str(), entry.value.value.as_str()) {
                    (Some(key), Some(value)) => Ok((key.to_owned(), value.to_owned())),
                    _ => Err(self.wrong_item(expected, &entry.value.value)),
                },
            )
            .collect()
    }

    fn wrong_item(self, expected: &str, item: &Value) -> ConfigError {
        let (list, item) = (self.value.kind(), item.kind());
        self.error(format!(
            "expected {expected}, found {list} with {item} in it"
        ))
    }

    fn wrong(self, expected: &str) -> ConfigError {
        self.error(format!("expected {expected}, found {}", self.value.kind()))
    }

    fn error(self, message: String) -> ConfigError {
        ConfigError::Setting {
            setting: self.name,
            origin: self.origin.clone(),
            message,
        }
    }
}

fn entry<'a>(table: &'a Value, key: &str) -> Option<&'a Value> {
    let found = table
        .as_dict()?
        .iter()
        .find(|entry| entry.key.value.as_str() == Some(key))?;
    Some(&found.value.value)
}
