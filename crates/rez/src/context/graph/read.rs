//! Reading the compact text back.

use python_literal::{Node, Value};

use super::{EdgeKind, Graph, GraphEdge, GraphNode, NodeId, NodeKind};

/// A text is not the compact text of a graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a resolve graph: {0}")]
pub struct GraphError(String);

impl Graph {
    /// Reads what [`Graph::compact`] or rez has written. What an unknown look stands for is not guessed: such a node is a
    /// [`NodeKind::Requirement`], such an edge leads.
    ///
    /// # Errors
    /// [`GraphError`] where the text has another form; `dot`, which rez wrote long ago, is one.
    pub fn parse(text: &str) -> Result<Self, GraphError> {
        let module = python_literal::parse(&format!("graph = {text}"))
            .map_err(|error| GraphError(error.to_string()))?;
        let tree = match module.get("graph") {
            Some(Ok(Value::Dict(entries))) => entries,
            Some(Err(error)) => return Err(GraphError(error.to_string())),
            _ => return Err(GraphError("a dict is expected".to_owned())),
        };
        let groups = |name: &str| -> Result<&[Node], GraphError> {
            let found = tree
                .iter()
                .find(|entry| entry.key.value.as_str() == Some(name));
            let Some(entry) = found else { return Ok(&[]) };
            let wrong = || GraphError(format!("`{name}` should be a list"));
            entry.value.value.as_sequence().ok_or_else(wrong)
        };
        let mut graph = Self::default();
        for group in groups("nodes")? {
            graph.read_nodes(group)?;
        }
        for group in groups("edges")? {
            graph.read_edges(group)?;
        }
        Ok(graph)
    }

    fn read_nodes(&mut self, group: &Node) -> Result<(), GraphError> {
        let (attributes, items) = split(group)?;
        let kind = NodeKind::ALL
            .into_iter()
            .find(|kind| super::look::print(kind.attributes()) == attributes.to_string())
            .unwrap_or(NodeKind::Requirement);
        for item in items {
            let (name, label) = match texts(item).as_slice() {
                [name, label] => (*name, *label),
                [name] => (*name, *name),
                _ => return Err(unexpected(item)),
            };
            let id = id(name)?;
            self.last = self.last.max(id.0);
            let label = label.to_owned();
            self.nodes.insert(id, GraphNode { kind, label });
        }
        Ok(())
    }

    fn read_edges(&mut self, group: &Node) -> Result<(), GraphError> {
        let (attributes, items) = split(group)?;
        let merged = super::look::print(EdgeKind::Merged.attributes()) == attributes.to_string();
        for item in items {
            let (from, to, label) = match texts(item).as_slice() {
                [from, to] => (*from, *to, ""),
                [from, to, label] => (*from, *to, *label),
                _ => return Err(unexpected(item)),
            };
            let (from, to) = (id(from)?, id(to)?);
            if !self.nodes.contains_key(&from) || !self.nodes.contains_key(&to) {
                return Err(GraphError(format!("{item} leads to or from no node")));
            }
            let kind = EdgeKind::of(label, merged);
            self.edges
                .entry(from)
                .or_default()
                .push(GraphEdge { to, kind });
        }
        Ok(())
    }
}

/// The attributes and the items of a group.
fn split(group: &Node) -> Result<(&Node, &[Node]), GraphError> {
    match group.value.as_sequence() {
        Some([attributes, items]) => match items.value.as_sequence() {
            Some(items) => Ok((attributes, items)),
            None => Err(unexpected(items)),
        },
        _ => Err(unexpected(group)),
    }
}

/// The texts of an item, or the one text that it is; empty where something else is among them.
fn texts(item: &Node) -> Vec<&str> {
    match &item.value {
        Value::Str(text) => vec![text],
        other => other
            .as_sequence()
            .into_iter()
            .flatten()
            .map(|text| text.value.as_str())
            .collect::<Option<_>>()
            .unwrap_or_default(),
    }
}

/// The number in a node's name, `_7`.
fn id(name: &str) -> Result<NodeId, GraphError> {
    name.strip_prefix('_')
        .and_then(|number| number.parse().ok())
        // Room is left for nodes that are added.
        .filter(|number| *number < u32::MAX / 2)
        .map(NodeId)
        .ok_or_else(|| GraphError(format!("`{name}` is no node")))
}

fn unexpected(node: &Node) -> GraphError {
    GraphError(format!("{} is not expected there", node.value.kind()))
}
