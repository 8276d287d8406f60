//! A `package.py` as fields, by reading its literals.

use std::collections::BTreeMap;

use python_literal::Value as Literal;

use super::{Field, KEYS, MAX_BYTES};
use crate::tree::{Entry, Node, Value};

/// The fields of a `package.py`, or the line and the mistake that keep it from being Python at all.
pub(super) fn fields(bytes: &[u8]) -> Result<BTreeMap<&'static str, Field>, (Option<u32>, String)> {
    let limit = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    let module = python_literal::parse_bytes(bytes, limit).map_err(|error| match error {
        python_literal::ParseError::Syntax {
            line,
            column,
            message,
        } => (
            Some(line),
            format!("this is not Python (column {column}): {message}"),
        ),
        other => (None, other.to_string()),
    })?;
    let field = |key: &'static str| {
        Some(match module.node(key)? {
            Ok(node) => {
                let line = module.line(key);
                Field::Written(Entry {
                    key: key.to_owned(),
                    line,
                    node: tree(node),
                })
            }
            Err(code) => Field::Code {
                line: code.line,
                reason: code.reason.to_string(),
            },
        })
    };
    Ok(KEYS
        .into_iter()
        .filter_map(|key| Some((key, field(key)?)))
        .collect())
}

/// A literal as a tree. The depth of literals is bounded by their reader.
fn tree(node: &python_literal::Node) -> Node {
    let value = match &node.value {
        Literal::None => Value::Null,
        Literal::Bool(flag) => Value::Bool(*flag),
        Literal::Int(_) | Literal::BigInt(_) | Literal::Float(_) => {
            Value::Number(node.value.to_string())
        }
        Literal::Str(text) => Value::Text(text.clone()),
        Literal::Bytes(_) => Value::Other("bytes"),
        Literal::Set(_) => Value::Other("a set"),
        Literal::List(items) | Literal::Tuple(items) => {
            Value::List(items.iter().map(tree).collect())
        }
        Literal::Dict(entries) => Value::Table(entries.iter().map(entry).collect()),
    };
    Node {
        value,
        line: Some(node.line),
    }
}

fn entry(entry: &python_literal::Entry) -> Entry {
    let key = entry
        .key
        .value
        .as_str()
        .map_or_else(|| entry.key.value.to_string(), str::to_owned);
    Entry {
        key,
        line: Some(entry.key.line),
        node: tree(&entry.value),
    }
}
