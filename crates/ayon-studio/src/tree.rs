//! One shape for everything that is written as nested tables: TOML, YAML, JSON, and the literals of a `package.py`.
//!
//! The readers of package files and of `pyproject.toml` see only this, so that a rule stands in one place however the
//! file was spelled. Tables keep the order of the file, and every value knows its line where the format tells it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value and the line it starts on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    /// From 1, where the source knows it: a server's JSON does not.
    pub(crate) line: Option<u32>,
}

/// What can be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Value {
    #[default]
    Null,
    Bool(bool),
    /// A number as written: nothing here calculates.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
    /// Something no reader has a use for, in words: a date, a set.
    Other(&'static str),
}

/// One entry of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The line of the key.
    pub(crate) line: Option<u32>,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn table(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry `key` of a table. Of two with one name the last counts, as in Python and JSON.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.table()?.iter().rev().find(|entry| entry.key == key)
    }

    /// The entry at a path of table keys.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Entry> {
        let (last, above) = path.split_last()?;
        let table = above
            .iter()
            .try_fold(self, |node, key| node.entry(key).map(|entry| &entry.node))?;
        table.entry(last)
    }

    /// What kind of value this is, for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(kind) => kind,
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Self { value, line: None }
    }
}

/// From JSON (or any self-describing format), in the order of the document. The format bounds the depth.
impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(Self::from)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut table = Vec::new();
        while let Some((key, node)) = entries.next_entry()? {
            table.push(Entry {
                key,
                line: None,
                node,
            });
        }
        Ok(Value::Table(table))
    }
}

/// Lines of a text by byte offset.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        Self(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(offset, _)| offset)
                .collect(),
        )
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        let before = self.0.partition_point(|newline| *newline < offset);
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_order_and_a_line_is_found_by_offset() {
        let node: Node =
            serde_json::from_str(r#"{"b": {"y": 1, "x": [null, true]}, "a": "1.5"}"#).unwrap();
        let keys: Vec<&str> = node
            .table()
            .unwrap()
            .iter()
            .map(|entry| entry.key.as_str())
            .collect();
        assert_eq!(keys, ["b", "a"]);
        assert_eq!(
            node.at(&["b", "y"]).unwrap().node.value,
            Value::Number("1".into())
        );
        assert!(node.at(&["a", "y"]).is_none());
        let lines = Lines::of("one\ntwo\n\nfour");
        assert_eq!(
            [0, 3, 4, 8, 9].map(|offset| lines.line(offset)),
            [1, 1, 2, 3, 4]
        );
    }
}
