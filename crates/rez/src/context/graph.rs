//! The picture of a resolve: what was asked, what was taken, and which led to which.
//!
//! rez keeps it in every context, as the text of a Python literal in which nodes and edges of the same look share one
//! list of attributes, and draws it with Graphviz. The looks are fixed by what a node or an edge *is*, so a [`Graph`]
//! holds kinds and labels; colours and arrowheads appear only in the text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

mod look;
mod picture;
mod read;

pub use read::GraphError;

use look::Attribute;

/// A node's number, from 1. It stays when other nodes are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// A request of the user or of the settings: dashed, yellow.
    Request,
    /// A requirement of a package: dashed, grey.
    Requirement,
    /// A variant that was taken: green.
    Resolved,
    /// A family of which more than one variant is left, or an ephemeral: grey.
    Scope,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// What it stands for.
    pub kind: NodeKind,
    /// Its text: `maya-2024.1[0]`, `~platform==linux`.
    pub label: String,
}

/// Why an edge leads from one node to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    /// A request leads to what was taken for it, a variant to its requirements.
    Leads,
    /// A requirement became part of a narrower one, merged of several.
    Merged,
    /// The two cannot both be had.
    Conflict,
    /// One step of a circle of requirements.
    Cycle,
    /// A requirement ruled variants out, which the text names.
    Reduced(String),
}

/// An edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphEdge {
    /// Where it leads.
    pub to: NodeId,
    /// Why.
    pub kind: EdgeKind,
}

/// The picture of a resolve. Nodes are in the order in which they were made, and so are the edges of each node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    nodes: BTreeMap<NodeId, GraphNode>,
    edges: BTreeMap<NodeId, Vec<GraphEdge>>,
    last: u32,
}

impl Graph {
    /// Adds a node.
    pub fn node(&mut self, kind: NodeKind, label: impl Into<String>) -> NodeId {
        self.last += 1;
        let id = NodeId(self.last);
        self.nodes.insert(
            id,
            GraphNode {
                kind,
                label: label.into(),
            },
        );
        id
    }

    /// Adds an edge between two nodes; one that was there is replaced, and becomes the last. An edge to or from a node
    /// that has been removed is not added.
    pub fn edge(&mut self, from: NodeId, to: NodeId, kind: EdgeKind) {
        if self.nodes.contains_key(&from) && self.nodes.contains_key(&to) {
            let edges = self.edges.entry(from).or_default();
            edges.retain(|edge| edge.to != to);
            edges.push(GraphEdge { to, kind });
        }
    }

    /// The nodes.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &GraphNode)> {
        self.nodes.iter().map(|(id, node)| (*id, node))
    }

    /// The edges that leave a node.
    pub fn edges(&self, from: NodeId) -> &[GraphEdge] {
        self.edges.get(&from).map_or(&[], Vec::as_slice)
    }

    /// Removes every node from which none of `targets` can be reached. A target reaches itself.
    pub fn prune_to(&mut self, targets: &[NodeId]) {
        let mut sources: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
        for (from, edges) in &self.edges {
            for edge in edges {
                sources.entry(edge.to).or_default().push(*from);
            }
        }
        let mut kept: BTreeSet<NodeId> = BTreeSet::new();
        let mut waiting = targets.to_vec();
        while let Some(node) = waiting.pop() {
            if kept.insert(node) {
                waiting.extend(sources.get(&node).into_iter().flatten());
            }
        }
        self.nodes.retain(|id, _| kept.contains(id));
        self.edges.retain(|from, edges| {
            edges.retain(|edge| kept.contains(&edge.to));
            kept.contains(from)
        });
    }

    /// The text that rez keeps in a context: nodes and edges, grouped by their look.
    pub fn compact(&self) -> String {
        let mut nodes = Groups::default();
        for (id, node) in &self.nodes {
            let item = format!("('_{}', {})", id.0, quoted(&node.label));
            nodes.push(node.kind.attributes(), item);
        }
        let mut edges = Groups::default();
        for (from, edge) in self.all_edges() {
            let label = match edge.kind.label() {
                "" => String::new(),
                label => format!(", {}", quoted(label)),
            };
            let item = format!("('_{}', '_{}'{label})", from.0, edge.to.0);
            edges.push(edge.kind.attributes(), item);
        }
        format!("{{'nodes': {}, 'edges': {}}}", nodes.print(), edges.print())
    }

    /// The graph in the `dot` language, which Graphviz draws.
    pub fn dot(&self) -> String {
        let mut text = String::from("digraph g {\n");
        let attributes = |attributes: &[Attribute], label: &str| {
            let mut texts: Vec<_> = attributes
                .iter()
                .map(|(name, value)| format!("{name}=\"{}\"", value.text()))
                .collect();
            if !label.is_empty() {
                texts.push(format!(
                    "label=\"{}\"",
                    label.replace('\\', "\\\\").replace('"', "\\\"")
                ));
            }
            texts.join(", ")
        };
        // Writing into a text cannot fail.
        for (id, node) in &self.nodes {
            let attributes = attributes(node.kind.attributes(), &node.label);
            let _ = writeln!(text, "_{} [{attributes}];", id.0);
        }
        for (from, edge) in self.all_edges() {
            let attributes = attributes(edge.kind.attributes(), edge.kind.label());
            let _ = writeln!(text, "_{} -> _{} [{attributes}];", from.0, edge.to.0);
        }
        text.push('}');
        text
    }

    fn all_edges(&self) -> impl Iterator<Item = (NodeId, &GraphEdge)> {
        self.edges
            .iter()
            .flat_map(|(from, edges)| edges.iter().map(|edge| (*from, edge)))
    }
}

/// Printed items by their attributes, in the order in which these first occur.
#[derive(Default)]
struct Groups(Vec<(&'static [Attribute], Vec<String>)>);

impl Groups {
    fn push(&mut self, attributes: &'static [Attribute], item: String) {
        match self.0.iter_mut().find(|(known, _)| *known == attributes) {
            Some((_, items)) => items.push(item),
            None => self.0.push((attributes, vec![item])),
        }
    }

    fn print(&self) -> String {
        let groups: Vec<_> = self
            .0
            .iter()
            .map(|(attributes, items)| {
                format!("({}, [{}])", look::print(attributes), items.join(", "))
            })
            .collect();
        format!("[{}]", groups.join(", "))
    }
}

/// A text as Python prints it.
fn quoted(text: &str) -> String {
    python_literal::Value::Str(text.to_owned()).to_string()
}
