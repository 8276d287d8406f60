//! YAML as rez reads it, as the values of a Python literal.
//!
//! rez has three kinds of YAML files left: `package.yaml`, `rezconfig` and contexts of old. All three have a Python
//! twin, so a YAML document becomes the same [`Node`] that a Python file becomes, lines included, and nobody downstream
//! has to know the difference. Plain scalars follow YAML 1.1, which is what rez's reader speaks: `yes` is true, `0o7` is
//! text and `1_000` is a number.
//!
//! Built on the parser's events: depth is bounded here, and an alias, with which a short file could unfold into a huge
//! one, is refused.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use python_literal::{Entry, Node, Value};
use saphyr_parser::{Event, Parser, ScalarStyle};

/// How deeply a document may be nested.
const MAX_DEPTH: usize = 64;

/// A text is no YAML that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub(crate) struct YamlError {
    /// The line of the mistake, from 1.
    pub(crate) line: u32,
    /// What is wrong there.
    pub(crate) message: String,
}

/// A list or table that is being filled.
struct Open {
    line: u32,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Node>),
    Table {
        entries: Vec<Entry>,
        /// Where the entry of a key stands, by the key as Python prints it.
        positions: BTreeMap<String, usize>,
        /// A key that waits for its value.
        key: Option<Node>,
    },
}

impl Open {
    fn finish(self) -> Node {
        let value = match self.kind {
            OpenKind::List(items) => Value::List(items),
            OpenKind::Table { entries, .. } => Value::Dict(entries),
        };
        Node {
            value,
            line: self.line,
        }
    }
}

/// Reads the first document of a text; an empty text is `None`.
pub(crate) fn read(text: &str) -> Result<Node, YamlError> {
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| YamlError {
            line: u32::try_from(error.marker().line()).unwrap_or(u32::MAX),
            message: format!("this is not YAML: {}", error.info()),
        })?;
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        let refuse = |message: String| YamlError { line, message };
        let kind = match event {
            Event::Scalar(text, style, _, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let value = if plain {
                    scalar(&text)
                } else {
                    Value::Str(text.into_owned())
                };
                if let Some(document) = place(&mut open, Node { value, line })? {
                    return Ok(document);
                }
                continue;
            }
            Event::SequenceStart(..) => OpenKind::List(Vec::new()),
            Event::MappingStart(..) => OpenKind::Table {
                entries: Vec::new(),
                positions: BTreeMap::new(),
                key: None,
            },
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(done) = open.pop()
                    && let Some(document) = place(&mut open, done.finish())?
                {
                    return Ok(document);
                }
                continue;
            }
            Event::Alias(_) => {
                return Err(refuse(
                    "aliases are not read; write the value out".to_owned(),
                ));
            }
            Event::DocumentEnd | Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => continue,
        };
        if open.len() == MAX_DEPTH {
            return Err(refuse(format!("this is nested more than {MAX_DEPTH} deep")));
        }
        open.push(Open { line, kind });
    }
    Ok(Node {
        value: Value::None,
        line: 1,
    })
}

/// Puts a finished value where it belongs; a value that belongs nowhere is the document.
fn place(open: &mut [Open], node: Node) -> Result<Option<Node>, YamlError> {
    match open.last_mut().map(|open| &mut open.kind) {
        None => return Ok(Some(node)),
        Some(OpenKind::List(items)) => items.push(node),
        Some(OpenKind::Table {
            entries,
            positions,
            key,
        }) => match key.take() {
            // As in Python, the last of two equal keys decides, at the first one's place.
            Some(key) => match positions.entry(key.to_string()) {
                Slot::Occupied(slot) => entries[*slot.get()].value = node,
                Slot::Vacant(slot) => {
                    slot.insert(entries.len());
                    entries.push(Entry { key, value: node });
                }
            },
            None if matches!(node.value, Value::List(_) | Value::Dict(_)) => {
                let message = format!("a key must be a text, not {}", node.value.kind());
                return Err(YamlError {
                    line: node.line,
                    message,
                });
            }
            None => *key = Some(node),
        },
    }
    Ok(None)
}

/// A plain scalar in YAML 1.1. A date, for which a literal has no type, becomes bytes: no text, as in rez.
fn scalar(text: &str) -> Value {
    match text {
        _ if is_date(text) => Value::Bytes(text.as_bytes().to_vec()),
        "" | "~" | "null" | "Null" | "NULL" => Value::None,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        _ => number(text).unwrap_or_else(|| Value::Str(text.to_owned())),
    }
}

/// Whether a text starts as dates and times do: `2001-12-14`.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut digits = |most: usize| {
        let part = parts.next().unwrap_or_default();
        let count = part.bytes().take_while(u8::is_ascii_digit).count();
        (count <= most).then_some((count, &part[count..]))
    };
    let (year, month, day) = (digits(4), digits(2), digits(2));
    year == Some((4, ""))
        && matches!(month, Some((1 | 2, "")))
        && day.is_some_and(|(count, rest)| {
            let time = rest.starts_with(['T', 't', ' ', '\t']) && rest.contains(':');
            count > 0 && (rest.is_empty() || time)
        })
}

/// The number that a plain scalar is: `-1_000`, `0x1F`, `0b11`, `017`, `1.5`, `1.5e+3`, `.inf`, `1:30` (to the base 60).
fn number(text: &str) -> Option<Value> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    match digits {
        ".inf" | ".Inf" | ".INF" => return Some(Value::Float(f64::from(sign) * f64::INFINITY)),
        _ if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') => {
            return None;
        }
        _ => {}
    }
    let digits = digits.replace('_', "");
    if digits.contains(':') {
        return sexagesimal(&digits, f64::from(sign));
    }
    let (radix, body) = match digits.as_bytes() {
        [b'0', b'x', ..] => (16, &digits[2..]),
        [b'0', b'b', ..] => (2, &digits[2..]),
        [b'0', _, ..] if digits.bytes().all(|byte| byte.is_ascii_digit()) => (8, &digits[1..]),
        _ => (10, digits.as_str()),
    };
    if !body.starts_with(['+', '-'])
        && let Ok(number) = i128::from_str_radix(body, radix)
    {
        return Some(Value::Int(i128::from(sign) * number));
    }
    // A float needs its point, and a sign after the `e`: `1e5` is text.
    let has_form = digits.contains('.')
        && digits
            .split_once(['e', 'E'])
            .is_none_or(|(_, exponent)| exponent.starts_with(['+', '-']));
    match digits.parse::<f64>() {
        Ok(number) if has_form => Some(Value::Float(f64::from(sign) * number)),
        _ => None,
    }
}

/// A tree of Python values as JSON has it: a key that is no text becomes what Python prints for it, and what JSON does not
/// have becomes `null`. The depth is what the readers let through.
pub(crate) fn json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::None | Value::Bytes(_) => Json::Null,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Int(number) => i64::try_from(*number).map_or(Json::Null, Json::from),
        Value::BigInt(digits) => Json::from(digits.as_str()),
        Value::Float(number) => Json::from(*number),
        Value::Str(text) => Json::from(text.as_str()),
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
            items.iter().map(|item| json(&item.value)).collect()
        }
        Value::Dict(entries) => {
            let key = |key: &Value| key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            let pairs = entries
                .iter()
                .map(|entry| (key(&entry.key.value), json(&entry.value.value)));
            Json::Object(pairs.collect())
        }
    }
}

/// A number to the base 60, `1:30` or `1:30.5`; a time of many parts is not told from a large number.
fn sexagesimal(digits: &str, sign: f64) -> Option<Value> {
    let (mut seconds, mut parts) = (0.0, digits.split(':').peekable());
    let mut is_float = false;
    for position in 0.. {
        let Some(part) = parts.next() else { break };
        is_float = part.contains('.');
        let last = parts.peek().is_none();
        let number: f64 = part.parse().ok()?;
        if !part.starts_with(|first: char| first.is_ascii_digit())
            || (is_float && !last)
            || (position > 0 && number >= 60.0)
            || part.contains(['e', 'E'])
        {
            return None;
        }
        seconds = seconds * 60.0 + number;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and nobody counts so far in sixties"
    )]
    let whole = (sign * seconds) as i128;
    Some(if is_float {
        Value::Float(sign * seconds)
    } else {
        Value::Int(whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_the_value_that_the_python_file_would_have() {
        let node =
            read("name: maya\nversions: ['1.0', 2.0]\nrequires:\n- python-3\nempty: ~\n").unwrap();
        assert_eq!(
            node.to_string(),
            "{'name': 'maya', 'versions': ['1.0', 2.0], 'requires': ['python-3'], 'empty': None}"
        );
        let entries = node.value.as_dict().unwrap();
        assert_eq!(
            entries
                .iter()
                .map(|entry| entry.key.line)
                .collect::<Vec<_>>(),
            [1, 2, 3, 5]
        );
        assert_eq!(read("").unwrap().value, Value::None);
    }

    #[test]
    fn scalars_are_those_of_yaml_1_1() {
        let text = "[yes, off, 017, 0x1F, 0b11, -1_000, 1.5, 1.5e+3, 1e5, 0o7, 1.2.3, 08, +5, ., 1:30, -1:02:03.5, 1:75, 2001-12-14, 2001-12-14 10:00:00, 2001-12-14x, -.inf]";
        assert_eq!(
            read(text).unwrap().to_string(),
            "[True, False, 15, 31, 3, -1000, 1.5, 1500.0, '1e5', '0o7', '1.2.3', '08', 5, '.', 90, -3723.5, '1:75', b'2001-12-14', b'2001-12-14 10:00:00', '2001-12-14x', -1e999]"
        );
    }

    #[test]
    fn of_two_equal_keys_the_last_decides() {
        assert_eq!(
            read("a: 1\nb: 2\na: 3\n").unwrap().to_string(),
            "{'a': 3, 'b': 2}"
        );
    }

    #[test]
    fn hostile_documents_are_refused_with_their_line() {
        assert_eq!(read("a: &x [1]\nb: *x\n").unwrap_err().line, 2);
        assert!(read(&"[".repeat(100_000)).is_err());
        let deep = read(&"- ".repeat(100)).unwrap_err();
        assert!(deep.message.contains("deep"), "{deep}");
        assert!(read("a: [1, 2").is_err());
        assert!(
            read("[a]: 1")
                .unwrap_err()
                .message
                .contains("a key must be a text")
        );
    }
}
