//! The attributes of a `package.py`, read as literals and never run.
//!
//! Only names that a solve reads are looked at: an import, a `commands` function or a `with scope("config")` block
//! costs nothing unless it may change one of those.

use python_literal::{CodeKind, Module, ParseError, Reason, Statement};

use super::value::Node;
use super::{Attribute, Attributes, MAX_BYTES, Mistake};

pub(super) fn attributes(bytes: &[u8]) -> Result<Attributes, Mistake> {
    let limit = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    let module = python_literal::parse_bytes(bytes, limit).map_err(|error| match error {
        ParseError::Syntax {
            line,
            column,
            message,
        } => Mistake {
            line: Some(line),
            message: format!("this is not Python (column {column}): {message}"),
        },
        other => Mistake {
            line: None,
            message: other.to_string(),
        },
    })?;
    for statement in module.statements() {
        // What is not run is not known to fail, but this is.
        if let Statement::Code {
            line,
            span,
            kind: CodeKind::Other,
            ..
        } = statement
            && bytes.get(span.clone()).and_then(first_word) == Some("raise")
        {
            return Err(Mistake {
                line: Some(*line),
                message: "the file raises an exception when it is read".to_owned(),
            });
        }
    }
    Ok(Attributes::collect(|key| attribute(&module, bytes, key)))
}

fn attribute(module: &Module, source: &[u8], key: &str) -> Option<Attribute> {
    let code = match module.node(key)? {
        Ok(node) => return Some(Attribute::Written(Node::from(node))),
        Err(code) => code,
    };
    let mut reason = code.reason.to_string();
    if code.reason == Reason::Bound(CodeKind::Function) {
        let binding = module
            .statements()
            .iter()
            .rev()
            .find_map(|statement| match statement {
                Statement::Code { span, binds, .. } if binds.iter().any(|name| name == key) => {
                    Some(span.clone())
                }
                _ => None,
            });
        let text = binding.and_then(|span| source.get(span)).unwrap_or(b"@");
        if text.starts_with(b"def") || text.starts_with(b"async") {
            // rez drops functions without a decorator of its own: the attribute is not there.
            return None;
        }
        reason = if text.starts_with(b"@late") {
            "it is late-bound, a function to call in each resolve".to_owned()
        } else {
            "it is a function to call".to_owned()
        };
    }
    Some(Attribute::Computed {
        line: code.line,
        reason,
    })
}

fn first_word(text: &[u8]) -> Option<&str> {
    let end = text.iter().position(|byte| !byte.is_ascii_alphabetic());
    std::str::from_utf8(&text[..end.unwrap_or(text.len())]).ok()
}
