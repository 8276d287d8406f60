//! A `package.yml` or `package.yaml` as fields.
//!
//! Built on the parser's events rather than on a document type: lines come with them, depth is bounded here, and an
//! alias, with which a short file could unfold into a huge one, is simply refused.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{Field, KEYS};
use crate::tree::{Entry, Node, Value};

/// How deeply a package file may be nested.
const MAX_DEPTH: usize = 64;

/// The line of a mistake, and what it is.
type Mistake = (Option<u32>, String);

/// The fields of a YAML package file, or the line and the mistake that keep it from being read.
pub(super) fn fields(bytes: &[u8]) -> Result<BTreeMap<&'static str, Field>, Mistake> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        (
            None,
            format!(
                "the file is not UTF-8: byte {} is wrong; save it as UTF-8",
                error.valid_up_to()
            ),
        )
    })?;
    let document = read(text)?;
    let Some(table) = document.table() else {
        return Err((
            document.line,
            format!("expected a table of keys, found {}", document.kind()),
        ));
    };
    let field = |key| {
        table
            .iter()
            .rev()
            .find(|entry| entry.key == key)
            .cloned()
            .map(Field::Written)
    };
    Ok(KEYS
        .into_iter()
        .filter_map(|key| Some((key, field(key)?)))
        .collect())
}

/// A list or table that is being filled.
enum Open {
    List {
        items: Vec<Node>,
        line: u32,
    },
    Table {
        entries: Vec<Entry>,
        key: Option<(String, u32)>,
        line: u32,
    },
}

/// The first document of `text`.
fn read(text: &str) -> Result<Node, Mistake> {
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            (
                u32::try_from(error.marker().line()).ok(),
                format!("this is not YAML: {}", error.info()),
            )
        })?;
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        let done = match event {
            Event::Scalar(text, style, _, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                Node {
                    value: scalar(&text, plain),
                    line: Some(line),
                }
            }
            Event::SequenceStart(..) => {
                open.push(Open::List {
                    items: Vec::new(),
                    line,
                });
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Table {
                    entries: Vec::new(),
                    key: None,
                    line,
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List { items, line }) => Node {
                    value: Value::List(items),
                    line: Some(line),
                },
                Some(Open::Table { entries, line, .. }) => Node {
                    value: Value::Table(entries),
                    line: Some(line),
                },
                None => continue,
            },
            Event::Alias(_) => {
                return Err((
                    Some(line),
                    "aliases are not read; write the value out".to_owned(),
                ));
            }
            Event::DocumentEnd | Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => continue,
        };
        if open.len() > MAX_DEPTH {
            return Err((
                Some(line),
                format!("the file is nested more than {MAX_DEPTH} deep"),
            ));
        }
        match open.last_mut() {
            None => return Ok(done),
            Some(Open::List { items, .. }) => items.push(done),
            Some(Open::Table { entries, key, .. }) => match key.take() {
                Some((key, line)) => entries.push(Entry {
                    key,
                    line: Some(line),
                    node: done,
                }),
                None => match done.value {
                    Value::Text(text) | Value::Number(text) => *key = Some((text, line)),
                    _ => {
                        return Err((
                            Some(line),
                            format!("a key must be a text, not {}", done.kind()),
                        ));
                    }
                },
            },
        }
    }
    Ok(Node::default())
}

/// A scalar as the server's YAML reader understands it: quoted ones are texts, plain ones may be something else.
fn scalar(text: &str, plain: bool) -> Value {
    if !plain {
        return Value::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        _ if text.parse::<f64>().is_ok() => Value::Number(text.to_owned()),
        _ => Value::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_becomes_a_tree_with_lines() {
        let node = read(
            "name: core\nversion: \"1.9.0\"\nayon_required_addons:\n  maya: '>=0.5.0'\n  old: ~\n",
        )
        .unwrap();
        assert_eq!(node.at(&["version"]).unwrap().node.text(), Some("1.9.0"));
        let maya = node.at(&["ayon_required_addons", "maya"]).unwrap();
        assert_eq!((maya.line, maya.node.text()), (Some(4), Some(">=0.5.0")));
        assert_eq!(
            node.at(&["ayon_required_addons", "old"])
                .unwrap()
                .node
                .value,
            Value::Null
        );
    }

    #[test]
    fn hostile_yaml_is_refused_with_its_line() {
        assert_eq!(read("a: &x [1]\nb: *x\n").unwrap_err().0, Some(2));
        let deep = "[".repeat(100_000);
        assert!(read(&deep).is_err());
        assert!(read("a: [1, 2").is_err());
        assert!(read("[a]: 1").is_err());
    }
}
