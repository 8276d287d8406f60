//! What a package file says, as a tree with lines: one shape for Python, YAML and what a Python process answers.

use std::borrow::Cow;

/// A value and the line it is written on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    /// From 1; none where the value was computed.
    pub(crate) line: Option<u32>,
}

/// A value, as far as package files need telling values apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
    List(Vec<Node>),
    /// In the order written; of equal keys the last is the one that counts.
    Table(Vec<(Node, Node)>),
    /// Something no attribute of ours may be; told by its kind.
    Other(Cow<'static, str>),
}

impl Node {
    /// What kind of value this is, in words for a message.
    pub(crate) fn kind(&self) -> &str {
        match &self.value {
            Value::Null => "None",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) => "an integer",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(kind) => kind,
        }
    }
}

impl From<&python_literal::Node> for Node {
    /// The depth of literals is bounded by their reader.
    fn from(node: &python_literal::Node) -> Self {
        use python_literal::Value as Literal;
        let value = match &node.value {
            Literal::None => Value::Null,
            Literal::Bool(flag) => Value::Bool(*flag),
            Literal::Int(number) => {
                i64::try_from(*number).map_or(Value::Other("a huge integer".into()), Value::Integer)
            }
            Literal::BigInt(_) => Value::Other("a huge integer".into()),
            Literal::Float(_) => Value::Other("a float".into()),
            Literal::Str(text) => Value::Text(text.clone()),
            Literal::Bytes(_) => Value::Other("bytes".into()),
            // rez checks for lists by type: a tuple or a set is refused where a list is due.
            Literal::Tuple(_) => Value::Other("a tuple".into()),
            Literal::Set(_) => Value::Other("a set".into()),
            Literal::List(items) => Value::List(items.iter().map(Node::from).collect()),
            Literal::Dict(entries) => Value::Table(
                entries
                    .iter()
                    .map(|entry| (Node::from(&entry.key), Node::from(&entry.value)))
                    .collect(),
            ),
        };
        Node {
            value,
            line: Some(node.line),
        }
    }
}
