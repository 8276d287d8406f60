//! The language of Graphviz.

use std::fmt::Write as _;

use crate::graph::{Graph, Kind, Node};

use super::{View, Words};

/// A graph in DOT, from left to right.
pub fn dot(graph: &Graph, words: Words) -> String {
    let view = View::of(graph, words);
    let mut text = String::from("digraph resolution {\n");
    let _ = writeln!(text, "  label=\"{}\";", escaped(graph.target()));
    text.push_str(
        "  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];\n",
    );
    text.push_str("  edge [color=\"#777777\", fontname=\"sans-serif\", fontsize=10];\n");
    for id in &view.nodes {
        let node = graph.node(*id);
        let title = escaped(&node.title());
        let _ = writeln!(text, "  n{} [label=\"{title}\", {}];", id.0, look(node));
    }
    for line in &view.lines {
        let words = escaped(&line.words().join("\n"));
        let attribute = if view.has_labels { "label" } else { "tooltip" };
        let _ = writeln!(
            text,
            "  n{} -> n{} [{attribute}=\"{words}\"];",
            line.from.0, line.to.0
        );
    }
    text.push_str("}\n");
    text
}

fn look(node: &Node) -> String {
    let fill = match node.kind {
        Kind::Root | Kind::Bundle => "#e4d9fb",
        Kind::Addon => "#d3e6fd",
        Kind::Launcher | Kind::Host | Kind::Python | Kind::Server | Kind::Other => "#dbe9d6",
        Kind::Distribution | Kind::Package => "#f4f1ea",
    };
    let line = match (node.is_contested, node.held_back.is_some(), node.is_given) {
        (true, ..) => "color=\"#c02626\", penwidth=2",
        (_, true, _) => "color=\"#b7791f\"",
        (_, _, true) => "color=\"#777777\", style=\"rounded,filled,dashed\"",
        _ => "color=\"#777777\"",
    };
    format!("fillcolor=\"{fill}\", {line}")
}

/// Text between quotes. A backslash would begin one of Graphviz's own escapes.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
