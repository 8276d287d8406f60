//! From tree to text.

use std::fmt::Write as _;

use ayon_model::is_misleading;

use crate::node::{Kind, Node, Table};

/// The text of a tree: plain fields of the root first, then its tables and arrays of tables, all in their order.
pub(crate) fn write(root: &Table) -> String {
    let mut out = String::new();
    let is_section = |node: &Node| match &node.kind {
        Kind::Table(_) => true,
        Kind::List(items) => {
            !items.is_empty() && items.iter().all(|item| item.as_table().is_some())
        }
        _ => false,
    };
    for (name, node) in root.iter().filter(|(_, node)| !is_section(node)) {
        field(&mut out, &key(name), node);
    }
    for (name, node) in root.iter().filter(|(_, node)| is_section(node)) {
        match &node.kind {
            Kind::Table(fields) => section(&mut out, &format!("[{}]", key(name)), fields),
            Kind::List(items) => {
                for fields in items.iter().filter_map(Node::as_table) {
                    section(&mut out, &format!("[[{}]]", key(name)), fields);
                }
            }
            _ => {}
        }
    }
    out
}

fn section(out: &mut String, header: &str, fields: &Table) {
    out.push('\n');
    out.push_str(header);
    out.push('\n');
    for (name, node) in fields {
        field(out, &key(name), node);
    }
}

/// One field: a line, or several for a table and an array.
fn field(out: &mut String, path: &str, node: &Node) {
    match &node.kind {
        Kind::Table(fields) if !fields.is_empty() => {
            for (name, node) in fields {
                field(out, &format!("{path}.{}", key(name)), node);
            }
        }
        Kind::List(items) if !items.is_empty() => {
            out.push_str(path);
            out.push_str(" = [\n");
            for item in items {
                out.push_str("    ");
                inline(out, item);
                out.push_str(",\n");
            }
            out.push_str("]\n");
        }
        _ => {
            out.push_str(path);
            out.push_str(" = ");
            inline(out, node);
            out.push('\n');
        }
    }
}

fn inline(out: &mut String, node: &Node) {
    match &node.kind {
        Kind::Text(text) => string(out, text),
        Kind::Integer(number) => out.push_str(&number.to_string()),
        Kind::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Kind::Verbatim(text) => out.push_str(text),
        Kind::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                inline(out, item);
            }
            out.push(']');
        }
        Kind::Table(fields) if fields.is_empty() => out.push_str("{}"),
        Kind::Table(fields) => {
            for (index, (name, node)) in fields.iter().enumerate() {
                out.push_str(if index == 0 { "{ " } else { ", " });
                out.push_str(&key(name));
                out.push_str(" = ");
                inline(out, node);
            }
            out.push_str(" }");
        }
    }
}

fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(is_bare) {
        return name.to_owned();
    }
    let mut out = String::new();
    string(&mut out, name);
    out
}

/// A string on one line, whatever is in it: a program that changes line ends never changes a value. What would mislead
/// whoever reads a diff is escaped.
fn string(out: &mut String, text: &str) {
    let is_plain = !text.chars().any(is_misleading);
    // Markers, and records in JSON, are full of quotes.
    if is_plain && text.contains(['"', '\\']) && !text.contains('\'') {
        out.push('\'');
        out.push_str(text);
        out.push('\'');
        return;
    }
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_misleading(character) => {
                // A string takes whatever is written.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
