//! A graph as a tree of lines: what the root brings in, or, turned round, what brings something in.
//!
//! Every node is unfolded where it is met first and marked `(*)` after that, as cargo does; so the tree is never longer
//! than the graph has edges, and cycles end.

use std::collections::BTreeSet;

use crate::graph::{Direction, Edge, Graph, NodeId};

/// What to show of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeOptions {
    /// Where to start; the root where nothing is named.
    pub start: Option<NodeId>,
    /// Whether to go up, to those who ask.
    pub is_inverted: bool,
    /// How far to go; all the way where nothing is said.
    pub depth: Option<usize>,
    /// Whether each line says what is asked for, in its own words.
    pub with_words: bool,
    /// Whether what is there anyway is shown though nobody asks for it.
    pub with_idle: bool,
}

/// One line of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit<'a> {
    /// What is visited.
    pub node: NodeId,
    /// How far from the start.
    pub depth: usize,
    /// The requirements between this and what is one level above; none at the start.
    pub edges: Vec<&'a Edge>,
    /// Whether what is below was told further up and is not told again.
    pub is_repeated: bool,
    /// Whether nothing more follows on the same level.
    pub is_last: bool,
}

impl Graph {
    /// The lines of a tree, in the order of reading.
    pub fn tree(&self, options: &TreeOptions) -> Vec<Visit<'_>> {
        let direction = if options.is_inverted {
            Direction::Up
        } else {
            Direction::Down
        };
        let start = options.start.unwrap_or(self.root());
        let mut unfolded = BTreeSet::new();
        let mut visits = Vec::new();
        let mut open: Vec<(NodeId, &[usize], usize, bool)> = vec![(start, &[], 0, true)];
        while let Some((node, edges, depth, is_last)) = open.pop() {
            let mut below: Vec<_> = self
                .links(node, direction)
                .iter()
                .filter(|link| options.with_idle || !self.is_idle(link.node))
                .map(|link| (link.node, link.edges.as_slice(), depth + 1, false))
                .collect();
            if let Some(last) = below.last_mut() {
                last.3 = true;
            }
            let is_deepest = options.depth.is_some_and(|most| depth >= most);
            // What the depth cut off was not told, and may be where it is met again.
            let is_repeated = !below.is_empty() && unfolded.contains(&node);
            visits.push(Visit {
                node,
                depth,
                edges: edges.iter().map(|edge| &self.edges()[*edge]).collect(),
                is_repeated,
                is_last,
            });
            if !is_repeated && !is_deepest {
                unfolded.insert(node);
                open.extend(below.into_iter().rev());
            }
        }
        visits
    }

    /// The same as text.
    pub fn tree_text(&self, options: &TreeOptions) -> String {
        let mut text = String::new();
        // Per open level: whether its line goes on.
        let mut rails: Vec<bool> = Vec::new();
        for visit in self.tree(options) {
            rails.truncate(visit.depth.saturating_sub(1));
            for goes_on in &rails {
                text.push_str(if *goes_on { "│   " } else { "    " });
            }
            if visit.depth > 0 {
                text.push_str(if visit.is_last {
                    "└── "
                } else {
                    "├── "
                });
                rails.push(!visit.is_last);
            }
            let node = self.node(visit.node);
            text.push_str(&node.title());
            if node.is_given {
                text.push_str(" (there already)");
            }
            if options.with_words {
                let words: Vec<String> = visit.edges.iter().map(|edge| edge.text()).collect();
                if !words.is_empty() {
                    text.push_str("  ");
                    text.push_str(&words.join("; "));
                }
            }
            if visit.is_repeated {
                text.push_str(" (*)");
            }
            text.push('\n');
        }
        text
    }
}
