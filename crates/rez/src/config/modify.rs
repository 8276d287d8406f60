//! `ModifyList`, with which a file adds to a list instead of replacing it. It is a call, but one whose meaning is known.

use python_literal::{Module, Node, Statement, Value};

/// A `ModifyList` whose arguments are literals.
pub(super) struct ModifyList {
    pub(super) line: u32,
    append: Vec<Node>,
    prepend: Vec<Node>,
}

impl ModifyList {
    /// The `ModifyList` that a file assigns to a name; `None` where it is anything else, or not all literal.
    pub(super) fn read(name: &str, module: &Module, source: &str) -> Option<Self> {
        let (line, start, span) =
            module
                .statements()
                .iter()
                .rev()
                .find_map(|statement| match statement {
                    Statement::Assignment {
                        line,
                        span,
                        names,
                        outcome,
                    } if names.iter().any(|found| found == name) => {
                        let value = outcome.as_ref().err()?.span.clone();
                        Some((*line, span.start, value))
                    }
                    _ => None,
                })?;
        // A later statement may change the name once more: then its value is not this one.
        let reason = module.node(name)?.err()?;
        if reason.span != span {
            return None;
        }
        let call = source.get(span)?;
        let arguments = call
            .strip_prefix("ModifyList")?
            .trim_start()
            .strip_prefix('(')?
            .strip_suffix(')')?;
        let mut modify = Self {
            line,
            append: Vec::new(),
            prepend: Vec::new(),
        };
        for (position, argument) in split(arguments)?.into_iter().enumerate() {
            let (is_append, text) = match keyword(argument) {
                Some(("append", text)) => (true, text),
                Some(("prepend", text)) => (false, text),
                Some(_) => return None,
                None => (position == 0, argument),
            };
            let items = evaluate(text, &source[..start])?;
            if is_append {
                modify.append = items;
            } else {
                modify.prepend = items;
            }
        }
        Some(modify)
    }

    /// The list, modified; nothing is an empty list.
    pub(super) fn apply(self, old: Option<Node>) -> Result<Node, String> {
        let line = self.line;
        let items = match old.map(|node| node.value) {
            None | Some(Value::None) => Vec::new(),
            Some(Value::List(items)) => items,
            Some(other) => {
                return Err(format!(
                    "ModifyList takes a list, and the setting so far is {}",
                    other.kind()
                ));
            }
        };
        let value = [self.prepend, items, self.append].concat();
        Ok(Node {
            value: Value::List(value),
            line,
        })
    }
}

/// The arguments of a call, split at the commas that are in no bracket, text or comment. `None` where a text or a bracket
/// does not end.
fn split(arguments: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut at) = (0, 0_usize, 0);
    let bytes = arguments.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' => {
                at += quoted(&arguments[at..])?;
                continue;
            }
            b'#' => {
                at += arguments[at..]
                    .find('\n')
                    .unwrap_or(arguments.len() - at - 1);
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                parts.push(&arguments[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&arguments[start..]);
    if parts.last().is_some_and(|last| last.trim().is_empty()) {
        parts.pop();
    }
    (depth == 0).then_some(parts)
}

/// The length of the Python text that starts here, quotes included.
fn quoted(text: &str) -> Option<usize> {
    let quote = &text[..1];
    let triple = quote.repeat(3);
    let end = if text.starts_with(&triple) {
        triple.as_str()
    } else {
        quote
    };
    let mut at = end.len();
    loop {
        let rest = text.get(at..)?;
        let next = rest.chars().next()?;
        if rest.starts_with(end) {
            return Some(at + end.len());
        }
        at += next.len_utf8();
        if next == '\\' {
            at += text.get(at..)?.chars().next()?.len_utf8();
        }
    }
}

/// `append = […]` as its two sides; comments may stand before it.
fn keyword(argument: &str) -> Option<(&str, &str)> {
    let mut argument = argument.trim_start();
    while let Some(comment) = argument.strip_prefix('#') {
        argument = comment.split_once('\n')?.1.trim_start();
    }
    let (name, value) = argument.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, value))
}

/// The list that an expression is, where the names that stand in it are those of the file before it. `None`, the value,
/// is an empty list.
fn evaluate(expression: &str, before: &str) -> Option<Vec<Node>> {
    let module =
        python_literal::parse(&format!("{before}\n__items = (\n{expression}\n)\n")).ok()?;
    match module.get("__items")?.ok()? {
        Value::List(items) => Some(items.clone()),
        Value::None => Some(Vec::new()),
        _ => None,
    }
}
