//! From text to tree.

use toml::de::{DeTable, DeValue};

use crate::error::{Position, ReadError};
use crate::fault::Fault;
use crate::node::{Kind, Node, Table};

/// No lock is near this size: ten thousand packages make ten megabytes.
const LARGEST: usize = 256 * 1024 * 1024;
/// No table of a lock is nested so deep; the parser itself refuses soon after.
const DEEPEST: usize = 32;

/// The fields of the root of a TOML text.
pub(crate) fn parse(text: &str) -> Result<Table, ReadError> {
    if text.len() > LARGEST {
        return Err(ReadError::TooLarge {
            size: text.len(),
            limit: LARGEST,
        });
    }
    // Conflicted files are no TOML, or worse, are: a marker is looked for before anything is believed.
    merge_marker(text)?;
    let root = DeTable::parse(text).map_err(|error| ReadError::Syntax {
        at: Position::of(text, error.span().map_or(0, |span| span.start)),
        message: ayon_model::printable(error.message()),
    })?;
    table(root.into_inner(), 0).map_err(|fault| ReadError::Field {
        at: Position::of(text, fault.at),
        message: fault.message,
    })
}

fn merge_marker(text: &str) -> Result<(), ReadError> {
    for (index, line) in text.lines().enumerate() {
        // No line of TOML begins so, and whoever took away one marker may have left another.
        for marker in ["<<<<<<<", "|||||||", "=======", ">>>>>>>"] {
            if line.starts_with(marker) {
                let at = Position {
                    line: index + 1,
                    column: 1,
                };
                return Err(ReadError::MergeConflict { at, marker });
            }
        }
    }
    Ok(())
}

fn table(fields: DeTable<'_>, depth: usize) -> Result<Table, Fault> {
    let read = |(name, value): (toml::Spanned<_>, toml::Spanned<DeValue<'_>>)| {
        let name: std::borrow::Cow<'_, str> = name.into_inner();
        let node = node(value, depth + 1)?;
        Ok((name.into_owned(), node))
    };
    let mut fields: Table = fields.into_iter().map(read).collect::<Result<_, Fault>>()?;
    // Whether the parser keeps the order of the file is a feature that anybody may switch on.
    fields.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(fields)
}

fn node(value: toml::Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Fault> {
    let at = value.span().start;
    if depth > DEEPEST {
        return Err(Fault::new(at, "this is nested too deep"));
    }
    let kind = match value.into_inner() {
        DeValue::String(text) => Kind::Text(text.into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map(Kind::Integer)
            .map_err(|_| Fault::new(at, "this number is too large"))?,
        DeValue::Boolean(flag) => Kind::Flag(flag),
        DeValue::Float(number) => Kind::Verbatim(number.as_str().to_owned()),
        DeValue::Datetime(date) => Kind::Verbatim(date.to_string()),
        DeValue::Array(items) => Kind::List(
            items
                .into_iter()
                .map(|item| node(item, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        DeValue::Table(fields) => Kind::Table(table(fields, depth)?),
    };
    Ok(Node { at, kind })
}
