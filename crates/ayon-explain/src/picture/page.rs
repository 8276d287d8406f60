//! A page in one file: graphs to walk about in, a conflict, a difference.
//!
//! It asks nothing of anybody: pictures, ways and data are in it, and a policy in its head forbids every request and every
//! script and style but its own, which it names by their hashes. What comes from outside is escaped text in the pictures, and
//! data that no browser takes for markup everywhere else. `page.js` and `page.css` are files of their own.
//!
//! The ways are those of [`Graph::why`], so the page cannot tell another story than the text. Without scripts the pictures
//! are still there.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ayon_solve::Conflict;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::difference::Difference;
use crate::document::{ConflictDocument, DifferenceDocument, GraphDocument};
use crate::graph::{Edge, Graph};
use crate::why::WAYS;

use super::Words;
use super::svg::{STYLE, draw};
use super::xml::escaped;

const SCRIPT: &str = include_str!("page.js");
const PAGE_STYLE: &str = include_str!("page.css");

/// What is on a page.
#[derive(Clone, Debug, Default)]
pub struct Page<'a> {
    /// What it is called.
    pub title: &'a str,
    /// The graphs, each with what to call it: one per process and platform.
    pub graphs: Vec<(&'a str, &'a Graph)>,
    /// A conflict.
    pub conflict: Option<&'a Conflict>,
    /// What would do, as sentences.
    pub hints: Vec<String>,
    /// What changed. Its `after` is best the first graph, where it is shown too.
    pub difference: Option<&'a Difference>,
}

#[derive(Serialize)]
struct PageDocument<'a> {
    graphs: Vec<PageGraph<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<ConflictDocument>,
    hints: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<DifferenceDocument<'a>>,
}

#[derive(Serialize)]
struct PageGraph<'a> {
    #[serde(flatten)]
    graph: GraphDocument<'a>,
    /// Per node.
    ways: Vec<Ways>,
}

#[derive(Serialize)]
struct Ways {
    folds: Vec<FoldDocument>,
    more: bool,
}

/// A line of the folded ways.
#[derive(Serialize)]
struct FoldDocument {
    depth: usize,
    /// Indexes of edges.
    edges: Vec<usize>,
    repeated: bool,
}

/// A page, whole.
pub fn page(page: &Page<'_>) -> String {
    let document = PageDocument {
        graphs: page
            .graphs
            .iter()
            .map(|(_, graph)| page_graph(graph))
            .collect(),
        conflict: page.conflict.map(ConflictDocument::from),
        hints: &page.hints,
        difference: page.difference.map(Difference::document),
    };
    // Plain structs of strings, numbers and lists have no way to fail.
    let data = serde_json::to_string(&document).unwrap_or_default();
    let style = format!("{STYLE}{PAGE_STYLE}");
    let mut text =
        String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    let _ = writeln!(
        text,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">",
        hash(&style),
        hash(SCRIPT)
    );
    text.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    let _ = writeln!(
        text,
        "<title>{}</title>\n<style>{style}</style>\n</head>\n<body>",
        escaped(page.title)
    );
    header(&mut text, page);
    text.push_str("<main>\n");
    graphs(&mut text, page);
    conflict(&mut text, page);
    difference(&mut text, page);
    text.push_str("</main>\n");
    text.push_str(KEYS);
    // In JSON a `<` only stands in strings, where it may be written so; `</script` and `<!--` cannot come about.
    let data = data.replace('<', "\\u003c");
    let _ = write!(
        text,
        "<script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n"
    );
    text.push_str("</body>\n</html>\n");
    text
}

fn page_graph(graph: &Graph) -> PageGraph<'_> {
    let index: BTreeMap<&Edge, usize> = graph
        .edges()
        .iter()
        .enumerate()
        .map(|(index, edge)| (edge, index))
        .collect();
    let ways = graph.nodes().map(|(id, _)| {
        let why = graph.why(id, WAYS);
        let folds = why.folded().into_iter().map(|fold| FoldDocument {
            depth: fold.depth,
            edges: fold
                .step
                .edges
                .iter()
                .filter_map(|edge| index.get(edge).copied())
                .collect(),
            repeated: fold.is_repeated,
        });
        Ways {
            folds: folds.collect(),
            more: why.has_more,
        }
    });
    PageGraph {
        ways: ways.collect(),
        graph: graph.document(),
    }
}

fn header(text: &mut String, page: &Page<'_>) {
    let _ = write!(
        text,
        "<header>\n<h1>{}</h1>\n<nav role=\"tablist\">",
        escaped(page.title)
    );
    for (view, title, is_there) in views(page) {
        if is_there {
            let _ = write!(
                text,
                "<button role=\"tab\" data-view=\"{view}\" aria-controls=\"{view}\" aria-selected=\"false\">{title}</button>"
            );
        }
    }
    text.push_str("</nav>\n");
    if page.graphs.len() > 1 {
        text.push_str("<select id=\"target\" aria-label=\"Process and platform\">");
        for (index, (label, _)) in page.graphs.iter().enumerate() {
            let _ = write!(
                text,
                "<option value=\"{index}\">{}</option>",
                escaped(label)
            );
        }
        text.push_str("</select>\n");
    }
    let hidden = if page.graphs.is_empty() {
        " hidden"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "<div class=\"search\"{hidden}><input id=\"search\" type=\"text\" role=\"combobox\" autocomplete=\"off\" spellcheck=\"false\" \
         placeholder=\"Search addons and packages\" aria-label=\"Search\" aria-controls=\"found\" aria-expanded=\"false\"><kbd>/</kbd>\
         <ul id=\"found\" role=\"listbox\" hidden></ul></div>\n<button id=\"keys\" aria-label=\"Keys\">?</button>\n</header>"
    );
}

/// Identifier, title, and whether the page has it.
fn views(page: &Page<'_>) -> [(&'static str, &'static str, bool); 3] {
    [
        ("graph", "Graph", !page.graphs.is_empty()),
        ("conflict", "Conflict", page.conflict.is_some()),
        ("difference", "Difference", page.difference.is_some()),
    ]
}

fn graphs(text: &mut String, page: &Page<'_>) {
    let hidden = if page.graphs.is_empty() {
        " hidden"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "<section id=\"graph\" role=\"tabpanel\"{hidden}>\n<div class=\"stage\">"
    );
    for (index, (_, graph)) in page.graphs.iter().enumerate() {
        let hidden = if index > 0 { " hidden" } else { "" };
        let _ = writeln!(
            text,
            "<div class=\"canvas\" data-graph=\"{index}\"{hidden}>"
        );
        draw(text, graph, Words::IfFew, None);
        text.push_str("</div>\n");
    }
    text.push_str(LEGEND);
    if page.difference.is_some() {
        text.push_str(LEGEND_OF_CHANGES);
    }
    text.push_str("</div>\n");
    text.push_str(TOOLS);
    text.push_str(PANEL);
    text.push_str("</section>\n");
}

fn conflict(text: &mut String, page: &Page<'_>) {
    let Some(conflict) = page.conflict else {
        return;
    };
    let hidden = if page.graphs.is_empty() {
        ""
    } else {
        " hidden"
    };
    let _ = writeln!(
        text,
        "<section id=\"conflict\" class=\"sheet\" role=\"tabpanel\"{hidden}>\n<div><h2>These cannot be together</h2>"
    );
    let _ = writeln!(
        text,
        "<p class=\"faint\">{}</p>\n<div class=\"scroll\">",
        escaped(&conflict.target.to_string())
    );
    draw(text, &Graph::of_conflict(conflict), Words::IfFew, None);
    text.push_str("</div><div id=\"facts\"></div></div>\n</section>\n");
}

fn difference(text: &mut String, page: &Page<'_>) {
    let Some(difference) = page.difference else {
        return;
    };
    let hidden = if page.graphs.is_empty() && page.conflict.is_none() {
        ""
    } else {
        " hidden"
    };
    let (before, after) = (escaped(&difference.before), escaped(&difference.after));
    let _ = writeln!(
        text,
        "<section id=\"difference\" class=\"sheet\" role=\"tabpanel\"{hidden}>\n<div><h2>From {before} to {after}</h2>\n\
         <p><input id=\"filter\" type=\"text\" placeholder=\"Filter\" aria-label=\"Filter\"></p>\n<div id=\"changes\"></div></div>\n</section>"
    );
}

const TOOLS: &str = "<div class=\"tools\"><button id=\"focus\" aria-pressed=\"false\" disabled>Only its ways</button>\
<button id=\"fit\">Show everything</button></div>\n";

const PANEL: &str = "</div>\n<aside id=\"panel\" aria-live=\"polite\"></aside>\n";

const LEGEND: &str = "<div class=\"legend\">\
<span><svg class=\"picture\"><g class=\"addon\"><g class=\"node\"><rect width=\"20\" height=\"11\" rx=\"3\"/></g></g></svg>addon</span>\
<span><svg class=\"picture\"><g class=\"studio\"><g class=\"node\"><rect width=\"20\" height=\"11\" rx=\"3\"/></g></g></svg>launcher, host, server</span>\
<span><svg class=\"picture\"><g class=\"node\"><rect width=\"20\" height=\"11\" rx=\"3\"/></g></svg>package</span>\
<span><svg class=\"picture\"><g class=\"given\"><g class=\"node\"><rect x=\"1\" y=\"1\" width=\"20\" height=\"10\" rx=\"3\"/></g></g></svg>there already</span>\
<span><svg class=\"picture\"><g class=\"held\"><g class=\"node\"><rect x=\"1\" y=\"1\" width=\"20\" height=\"10\" rx=\"3\"/></g></g></svg>a newer one exists</span>";

/// What a difference marks.
const LEGEND_OF_CHANGES: &str = "\
<span><svg class=\"picture\"><g class=\"node came\"><rect x=\"1\" y=\"1\" width=\"20\" height=\"10\" rx=\"3\"/></g></svg>new</span>\
<span><svg class=\"picture\"><g class=\"node changed\"><rect x=\"1\" y=\"1\" width=\"20\" height=\"10\" rx=\"3\"/></g></svg>changed</span>";

const KEYS: &str = "<dialog id=\"help\" aria-label=\"Keys\"><h2>Keys</h2><dl>\
<dt><kbd>/</kbd></dt><dd>search; arrows choose, Enter takes, Escape leaves</dd>\
<dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>to who asks, to what is needed</dd>\
<dt><kbd>↑</kbd> <kbd>↓</kbd></dt><dd>to the neighbour in the column</dd>\
<dt><kbd>Enter</kbd> <kbd>f</kbd></dt><dd>only the ways to the chosen one, or everything</dd>\
<dt><kbd>Escape</kbd></dt><dd>back</dd>\
<dt><kbd>+</kbd> <kbd>-</kbd> <kbd>0</kbd></dt><dd>nearer, farther, everything</dd>\
<dt><kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd></dt><dd>graph, conflict, difference</dd>\
</dl><form method=\"dialog\"><p><button>Close</button></p></form></dialog>\n";

/// SHA-256 in base 64, as a policy names a script.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(text.as_bytes());
    let mut base64 = String::with_capacity(44);
    for bytes in digest.chunks(3) {
        let word = bytes
            .iter()
            .fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - bytes.len()));
        for digit in 0..=bytes.len() {
            let index = word >> (18 - 6 * digit) & 63;
            base64.push(char::from(DIGITS[index as usize]));
        }
    }
    base64.push_str(&"=".repeat((3 - digest.len() % 3) % 3));
    base64
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn hashes_are_those_of_a_policy() {
        // From CSP's own examples: the hash of `alert('Hello, world.');`.
        assert_eq!(
            hash("alert('Hello, world.');"),
            "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
    }
}
