//! Mermaid's flowcharts, which code hosts draw where they are written.

use std::fmt::Write as _;

use crate::graph::{Graph, Kind, Node};

use super::{View, Words};

/// A graph as a flowchart from left to right.
pub fn mermaid(graph: &Graph, words: Words) -> String {
    let view = View::of(graph, words);
    let mut text = String::from("flowchart LR\n");
    for id in &view.nodes {
        let node = graph.node(*id);
        let _ = writeln!(
            text,
            "  n{}[\"{}\"]:::{}",
            id.0,
            escaped(&node.title()),
            class(node)
        );
    }
    for line in &view.lines {
        let words: Vec<String> = line.words().iter().map(|words| escaped(words)).collect();
        let label = if view.has_labels {
            format!("|\"{}\"|", words.join("<br>"))
        } else {
            String::new()
        };
        let _ = writeln!(text, "  n{} -->{label} n{}", line.from.0, line.to.0);
    }
    text.push_str("  classDef bundle fill:#e4d9fb,stroke:#777,color:#222\n");
    text.push_str("  classDef addon fill:#d3e6fd,stroke:#777,color:#222\n");
    text.push_str("  classDef given fill:#dbe9d6,stroke:#777,color:#222\n");
    text.push_str("  classDef package fill:#f4f1ea,stroke:#777,color:#222\n");
    text.push_str("  classDef held fill:#f4f1ea,stroke:#b7791f,color:#222\n");
    text.push_str("  classDef contested fill:#fde2e2,stroke:#c02626,stroke-width:2px,color:#222\n");
    text
}

fn class(node: &Node) -> &'static str {
    match node.kind {
        _ if node.is_contested => "contested",
        Kind::Root | Kind::Bundle => "bundle",
        Kind::Addon => "addon",
        Kind::Launcher | Kind::Host | Kind::Python | Kind::Server | Kind::Other => "given",
        Kind::Distribution | Kind::Package if node.is_given => "given",
        Kind::Distribution | Kind::Package if node.held_back.is_some() => "held",
        Kind::Distribution | Kind::Package => "package",
    }
}

/// Text between quotes: Mermaid takes entities with `#`, and what is not a letter, a digit or plainly harmless becomes one.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || " .,-_+/:@()~*".contains(c) {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
        }
    }
    escaped
}
