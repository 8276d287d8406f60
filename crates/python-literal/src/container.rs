//! Brackets: tuples, lists, sets and dicts, with the size and depth that they come to.

use crate::MAX_DEPTH;
use crate::error::{Reason, Stop};
use crate::expression::{Evaluated, Evaluator, NODE_WEIGHT, too_deep};
use crate::key::{merge_entries, merge_items};
use crate::scope::Scope;
use crate::value::{Entry, Node, Value};

impl Evaluator<'_> {
    /// `()`, a value in parentheses, or a tuple.
    pub(crate) fn parenthesis(&mut self, depth: usize, line: u32) -> Result<Evaluated, Stop> {
        self.index += 1;
        if self.takes(")") {
            return self.container(line, Items::default(), Value::Tuple);
        }
        let first = self.sum(depth + 1)?;
        if self.takes(")") {
            return Ok(first);
        }
        if !self.takes(",") {
            return Err(self.expected("`,` or `)`"));
        }
        let mut items = Items::default();
        items.push(first, self.scope);
        let items = self.items(items, depth, ")")?;
        self.container(line, items, Value::Tuple)
    }

    /// Values separated by commas up to a closing bracket, after those already there.
    pub(crate) fn items(
        &mut self,
        mut items: Items,
        depth: usize,
        closing: &str,
    ) -> Result<Items, Stop> {
        while !self.takes(closing) {
            let item = self.sum(depth + 1)?;
            items.push(item, self.scope);
            if !self.takes(",") && !self.tokens.is_operator(self.index, closing) {
                return Err(self.expected(&format!("`,` or `{closing}`")));
            }
        }
        Ok(items)
    }

    /// A dict or a set.
    pub(crate) fn braces(&mut self, depth: usize, line: u32) -> Result<Evaluated, Stop> {
        let offset = self.offset();
        let unhashable =
            |kind| Stop::not_evaluable(offset, Reason::Refused(format!("{kind} as a key")));
        self.index += 1;
        if self.takes("}") {
            return self.container(line, Items::default(), |_| Value::Dict(Vec::new()));
        }
        let first = self.sum(depth + 1)?;
        let mut items = Items::default();
        if !self.tokens.is_operator(self.index, ":") {
            items.push(first, self.scope);
            if !self.takes(",") && !self.tokens.is_operator(self.index, "}") {
                return Err(self.expected("`:`, `,` or `}`"));
            }
            let mut items = self.items(items, depth, "}")?;
            items.nodes = merge_items(items.nodes).map_err(unhashable)?;
            return self.container(line, items, Value::Set);
        }
        let mut key = first;
        let mut entries = Vec::new();
        loop {
            if !self.takes(":") {
                return Err(self.expected("`:` after the key"));
            }
            let value = self.sum(depth + 1)?;
            items.count(&key, self.scope);
            items.count(&value, self.scope);
            entries.push(Entry {
                key: key.node,
                value: value.node,
            });
            let comma = self.takes(",");
            if self.takes("}") {
                break;
            }
            if !comma {
                return Err(self.expected("`,` or `}`"));
            }
            key = self.sum(depth + 1)?;
        }
        let entries = merge_entries(entries).map_err(unhashable)?;
        self.container(line, items, |_| Value::Dict(entries))
    }

    /// Makes one value of several, if it is not nested too deeply then.
    pub(crate) fn container(
        &self,
        line: u32,
        items: Items,
        make: impl FnOnce(Vec<Node>) -> Value,
    ) -> Result<Evaluated, Stop> {
        let depth = items.depth + 1;
        if depth > MAX_DEPTH {
            return Err(too_deep(
                self.tokens.at(self.index.saturating_sub(1)).span().start,
            ));
        }
        let weight = items.weight + NODE_WEIGHT;
        let node = Node {
            value: make(items.nodes),
            line,
        };
        Ok(Evaluated {
            node,
            weight,
            depth,
            group: items.group,
        })
    }
}

/// The items of a container, and what they amount to.
#[derive(Debug, Default)]
pub(crate) struct Items {
    pub(crate) nodes: Vec<Node>,
    weight: usize,
    depth: usize,
    group: Option<usize>,
    /// The line of the first one.
    pub(crate) line: u32,
}

impl Items {
    pub(crate) fn push(&mut self, item: Evaluated, scope: &mut Scope) {
        if self.nodes.is_empty() {
            self.line = item.node.line;
        }
        self.count(&item, scope);
        self.nodes.push(item.node);
    }

    pub(crate) fn count(&mut self, item: &Evaluated, scope: &mut Scope) {
        self.weight += item.weight;
        self.depth = self.depth.max(item.depth);
        self.group = scope.join(self.group, item.group);
    }
}
