//! A graph as a picture: DOT, Mermaid, SVG, and a page to walk about in.
//!
//! All four show the same things: every node that somebody asks for, one line per pair however many requirements it stands
//! for, and the requirements' words where there are few enough to be read ([`Words`]). A resolution and a conflict are
//! both graphs, so both have all four. Same graph, same bytes.

mod dot;
mod layout;
mod mermaid;
mod page;
mod svg;
mod words;
mod xml;

use crate::graph::{Direction, Edge, Graph, NodeId};

pub use dot::dot;
pub use mermaid::mermaid;
pub use page::{Page, page};
pub use svg::svg;

/// How many lines a picture may have and still carry words on them.
const MOST_LABELS: usize = 40;

/// Whether the requirements' own words stand on the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Words {
    /// Where there are few lines.
    #[default]
    IfFew,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What of a graph is drawn.
struct View<'a> {
    nodes: Vec<NodeId>,
    lines: Vec<Line<'a>>,
    has_labels: bool,
}

/// All requirements between two nodes.
struct Line<'a> {
    from: NodeId,
    to: NodeId,
    edges: Vec<&'a Edge>,
}

impl<'a> View<'a> {
    fn of(graph: &'a Graph, words: Words) -> Self {
        let all = || graph.nodes().map(|(id, _)| id);
        let lines: Vec<Line<'a>> = all()
            .filter(|from| !graph.is_idle(*from))
            .flat_map(|from| {
                graph
                    .links(from, Direction::Down)
                    .iter()
                    .map(move |link| (from, link))
            })
            .filter(|(_, link)| !graph.is_idle(link.node))
            .map(|(from, link)| Line {
                from,
                to: link.node,
                edges: link
                    .edges
                    .iter()
                    .map(|edge| &graph.edges()[*edge])
                    .collect(),
            })
            .collect();
        // A root that nothing hangs from is no part of a conflict.
        let is_drawn = |id: &NodeId| {
            let is_alone = graph.needs(*id).next().is_none() && graph.askers(*id).next().is_none();
            !graph.is_idle(*id) && (!is_alone || graph.len() == 1)
        };
        let has_labels = match words {
            Words::IfFew => lines.len() <= MOST_LABELS,
            Words::Always => true,
            Words::Never => false,
        };
        Self {
            nodes: all().filter(is_drawn).collect(),
            lines,
            has_labels,
        }
    }
}

impl Line<'_> {
    /// What stands on the line: each requirement once.
    fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.edges.iter().map(|edge| edge.text()).collect();
        words.dedup();
        words
    }
}
