//! The tree of a lock between its text and its meaning.
//!
//! One tree serves both ways. What is read knows where it stands, for errors; what is about to be written stands nowhere.
//! Places never count when nodes are compared, and the fields of a table keep the order in which they are to be written.

use std::cmp::Ordering;
use std::fmt::Display;
use std::str::FromStr;

use crate::fault::Fault;

/// The fields of a table, in the order in which they are written.
pub(crate) type Table = Vec<(String, Node)>;

/// A value and where it begins in the text.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) at: usize,
    pub(crate) kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Text(String),
    Integer(i64),
    Flag(bool),
    /// A float or a date, of which a lock has none of its own: kept as it is spelled.
    Verbatim(String),
    List(Vec<Node>),
    Table(Table),
}

impl Node {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { at: 0, kind }
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::new(Kind::Text(text.into()))
    }

    pub(crate) fn list(items: Vec<Node>) -> Self {
        Self::new(Kind::List(items))
    }

    pub(crate) fn table(fields: Table) -> Self {
        Self::new(Kind::Table(fields))
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_table(&self) -> Option<&Table> {
        match &self.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Its kind, for errors.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Text(_) => "a string",
            Kind::Integer(_) => "an integer",
            Kind::Flag(_) => "a boolean",
            Kind::Verbatim(_) => "a number or a date",
            Kind::List(_) => "an array",
            Kind::Table(_) => "a table",
        }
    }

    /// The text of a node that must be one.
    pub(crate) fn expect_text(&self) -> Result<&str, Fault> {
        self.as_text().ok_or_else(|| self.unexpected("a string"))
    }

    /// The items of a node that must be a list.
    pub(crate) fn expect_list(&self) -> Result<&[Node], Fault> {
        match &self.kind {
            Kind::List(items) => Ok(items),
            _ => Err(self.unexpected("an array")),
        }
    }

    /// The fields of a node that must be a table.
    pub(crate) fn expect_table(&self) -> Result<Fields<'_>, Fault> {
        let table = self.as_table().ok_or_else(|| self.unexpected("a table"))?;
        Ok(Fields::new(table, self.at))
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        Fault::new(
            self.at,
            format!("{wanted} is expected, this is {}", self.describe()),
        )
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Node {}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Node {
    fn cmp(&self, other: &Self) -> Ordering {
        self.kind.cmp(&other.kind)
    }
}

/// The field of this name.
pub(crate) fn field<'a>(table: &'a Table, name: &str) -> Option<&'a Node> {
    table
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, node)| node)
}

/// Makes the fields of a table, leaving out what says nothing.
#[derive(Default)]
pub(crate) struct Making(Table);

impl Making {
    pub(crate) fn node(mut self, name: &str, node: Node) -> Self {
        self.0.push((name.to_owned(), node));
        self
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers hand over references and what they have just made alike"
    )]
    pub(crate) fn text(self, name: &str, text: impl ToString) -> Self {
        self.node(name, Node::text(text.to_string()))
    }

    pub(crate) fn maybe(self, name: &str, text: Option<impl ToString>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A text that is left out where it is empty.
    pub(crate) fn filled(self, name: &str, text: &str) -> Self {
        self.maybe(name, (!text.is_empty()).then_some(text))
    }

    pub(crate) fn flag(self, name: &str, flag: bool) -> Self {
        if flag {
            self.node(name, Node::new(Kind::Flag(true)))
        } else {
            self
        }
    }

    /// A number. TOML's end at 2^63: what is larger is written as text.
    pub(crate) fn number(self, name: &str, number: Option<u64>) -> Self {
        match number.map(|number| (i64::try_from(number), number)) {
            None => self,
            Some((Ok(number), _)) => self.node(name, Node::new(Kind::Integer(number))),
            Some((Err(_), number)) => self.text(name, number),
        }
    }

    pub(crate) fn texts(self, name: &str, texts: impl IntoIterator<Item = impl ToString>) -> Self {
        let texts: Vec<Node> = texts
            .into_iter()
            .map(|text| Node::text(text.to_string()))
            .collect();
        if texts.is_empty() {
            return self;
        }
        self.node(name, Node::list(texts))
    }

    pub(crate) fn table(self, name: &str, fields: Table) -> Self {
        if fields.is_empty() {
            return self;
        }
        self.node(name, Node::table(fields))
    }

    pub(crate) fn all(mut self, fields: Table) -> Self {
        self.0.extend(fields);
        self
    }

    pub(crate) fn done(self) -> Table {
        self.0
    }

    pub(crate) fn into_node(self) -> Node {
        Node::table(self.0)
    }
}

/// Reads the fields of a table.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    table: &'a Table,
    at: usize,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(table: &'a Table, at: usize) -> Self {
        Self { table, at }
    }

    pub(crate) fn get(self, name: &str) -> Option<&'a Node> {
        field(self.table, name)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        self.table.iter().map(|(name, node)| (name.as_str(), node))
    }

    pub(crate) fn fault(self, message: impl Into<String>) -> Fault {
        Fault::new(self.at, message)
    }

    fn required(self, name: &str) -> Result<&'a Node, Fault> {
        self.get(name)
            .ok_or_else(|| self.fault(format!("`{name}` is missing")))
    }

    pub(crate) fn text(self, name: &str) -> Result<&'a str, Fault> {
        self.required(name)?
            .expect_text()
            .map_err(|fault| fault.inside(name))
    }

    pub(crate) fn maybe(self, name: &str) -> Result<Option<&'a str>, Fault> {
        self.get(name)
            .map(|node| node.expect_text().map_err(|fault| fault.inside(name)))
            .transpose()
    }

    /// A text that is empty where it is left out.
    pub(crate) fn filled(self, name: &str) -> Result<&'a str, Fault> {
        Ok(self.maybe(name)?.unwrap_or_default())
    }

    pub(crate) fn flag(self, name: &str) -> Result<bool, Fault> {
        match self.get(name).map(|node| (&node.kind, node)) {
            None => Ok(false),
            Some((Kind::Flag(flag), _)) => Ok(*flag),
            Some((_, node)) => Err(node.unexpected("a boolean").inside(name)),
        }
    }

    pub(crate) fn number(self, name: &str) -> Result<Option<u64>, Fault> {
        let Some(node) = self.get(name) else {
            return Ok(None);
        };
        let number = match &node.kind {
            Kind::Integer(number) => u64::try_from(*number).ok(),
            Kind::Text(text) => text.parse().ok(),
            _ => None,
        };
        number
            .map(Some)
            .ok_or_else(|| node.unexpected("a whole number from 0").inside(name))
    }

    pub(crate) fn list(self, name: &str) -> Result<&'a [Node], Fault> {
        match self.get(name) {
            None => Ok(&[]),
            Some(node) => node.expect_list().map_err(|fault| fault.inside(name)),
        }
    }

    pub(crate) fn texts(self, name: &str) -> Result<Vec<String>, Fault> {
        let items = self.list(name)?.iter();
        items
            .map(|item| item.expect_text().map(str::to_owned))
            .collect::<Result<_, _>>()
            .map_err(|fault| fault.inside(name))
    }

    pub(crate) fn table(self, name: &str) -> Result<Option<Fields<'a>>, Fault> {
        self.get(name)
            .map(|node| node.expect_table().map_err(|fault| fault.inside(name)))
            .transpose()
    }

    /// A text that has a meaning.
    pub(crate) fn parse<T: FromStr<Err: Display>>(self, name: &str) -> Result<T, Fault> {
        self.parse_maybe(name)?
            .ok_or_else(|| self.fault(format!("`{name}` is missing")))
    }

    pub(crate) fn parse_maybe<T: FromStr<Err: Display>>(
        self,
        name: &str,
    ) -> Result<Option<T>, Fault> {
        let Some(node) = self.get(name) else {
            return Ok(None);
        };
        let parse = |text: &str| {
            text.parse()
                .map_err(|error: T::Err| Fault::new(node.at, error.to_string()))
        };
        node.expect_text()
            .and_then(parse)
            .map(Some)
            .map_err(|fault| fault.inside(name))
    }
}
