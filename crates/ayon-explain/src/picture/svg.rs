//! A picture that a browser and a printer draw.
//!
//! Whoever asks stands on the left. Nodes and lines carry what they stand for as `<title>`, which a browser shows where the
//! pointer rests, and as `data-` attributes, by which the [page](super::page()) finds them. Colours come from
//! `picture.css`, light and dark.

use std::fmt::Write as _;

use crate::graph::{Graph, Kind, Node};

use super::layout::{NODE_HEIGHT, Room, layout};
use super::words::Labels;
use super::xml::{escaped, width};
use super::{View, Words};

/// The look of a picture, also within a page.
pub(super) const STYLE: &str = include_str!("picture.css");

/// Free space around everything.
const MARGIN: f64 = 16.0;
/// Width of a letter of the labels, rather too wide than too narrow.
const LETTER: f64 = 7.6;
const PADDING: f64 = 20.0;
/// Free space between two nodes of a layer, and where words stand between them.
const GAP: f64 = 8.0;
const WIDE_GAP: f64 = 26.0;
/// Free space below everything for words that hang under the last node.
const HANGING: f64 = 14.0;

/// A graph as a file of its own.
pub fn svg(graph: &Graph, words: Words) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    draw(&mut text, graph, words, Some(STYLE));
    text
}

/// A graph as an element; `style` goes into it where it has to stand alone.
pub(super) fn draw(text: &mut String, graph: &Graph, words: Words, style: Option<&str>) {
    let view = View::of(graph, words);
    let titles: Vec<String> = view
        .nodes
        .iter()
        .map(|id| graph.node(*id).title())
        .collect();
    let mut rooms: Vec<Room> = titles
        .iter()
        .map(|title| Room {
            width: width(title, LETTER) + PADDING,
            before: 0.0,
            after: 0.0,
        })
        .collect();
    let index = |id| view.nodes.binary_search(&id).unwrap_or_default();
    let lines: Vec<(usize, usize)> = view
        .lines
        .iter()
        .map(|line| (index(line.from), index(line.to)))
        .collect();
    let labels = view.has_labels.then(|| Labels::of(&view, &lines));
    if let Some(labels) = &labels {
        labels.make_room(&lines, &mut rooms);
    }
    let gap = if view.has_labels { WIDE_GAP } else { GAP };
    let layout = layout(&rooms, &lines, gap);
    let hanging = if view.has_labels { HANGING } else { 0.0 };
    let wide = layout.width + 2.0 * MARGIN;
    let high = layout.height + 2.0 * MARGIN + hanging;
    let _ = writeln!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 {wide:.0} {high:.0}\" \
         width=\"{wide:.0}\" height=\"{high:.0}\" role=\"group\" aria-label=\"{}\">",
        escaped(&format!(
            "{}, {}",
            graph.node(graph.root()).title(),
            graph.target()
        ))
    );
    if let Some(style) = style {
        let _ = writeln!(text, "<style>\n{style}</style>");
    }
    let _ = writeln!(text, "<g transform=\"translate({MARGIN} {MARGIN})\">");
    for (index, line) in view.lines.iter().enumerate() {
        let (from, to) = lines[index];
        let (x, y) = layout.places[from];
        let mut points = vec![(x + rooms[from].width, y)];
        points.extend(&layout.ways[index]);
        points.push(layout.places[to]);
        let _ = writeln!(
            text,
            "<path class=\"line\" data-from=\"{}\" data-to=\"{}\" d=\"{}\"><title>{}</title></path>",
            line.from.0,
            line.to.0,
            curve(&points),
            escaped(&line.words().join("\n")),
        );
        if let Some(labels) = &labels {
            labels.draw(text, &lines, index, &layout, &points);
        }
    }
    for ((place, title), id) in titles.iter().enumerate().zip(&view.nodes) {
        let (x, y) = layout.places[place];
        let node = graph.node(*id);
        let _ = writeln!(
            text,
            "<g class=\"node {}\" data-node=\"{}\" data-layer=\"{}\" transform=\"translate({x:.1} {y:.1})\">\
             <title>{}</title><rect y=\"{:.0}\" width=\"{:.1}\" height=\"{NODE_HEIGHT:.0}\" rx=\"5\"/>\
             <text x=\"10\" y=\"4.5\">{}</text></g>",
            classes(node),
            id.0,
            layout.layers[place],
            escaped(&tooltip(node, title)),
            -NODE_HEIGHT / 2.0,
            rooms[place].width,
            label_text(node),
        );
    }
    text.push_str("</g>\n</svg>\n");
}

/// A line with level ends: nodes are left and entered sideways, lanes are straight.
fn curve(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| points.get(before));
        let _ = match before {
            None => write!(path, "M{x:.1} {y:.1}"),
            // Every second piece is a lane.
            Some(_) if index % 2 == 0 => write!(path, "H{x:.1}"),
            Some((left, level)) => {
                // A line that goes back swings out on both sides.
                let bend = if x > left { (x - left) / 2.0 } else { 60.0 };
                let (out, into) = (left + bend, x - bend);
                write!(path, "C{out:.1} {level:.1} {into:.1} {y:.1} {x:.1} {y:.1}")
            }
        };
    }
    path
}

fn classes(node: &Node) -> String {
    let mut classes = match node.kind {
        Kind::Root | Kind::Bundle => "bundle",
        Kind::Addon => "addon",
        Kind::Launcher | Kind::Host | Kind::Python | Kind::Server | Kind::Other => "studio",
        Kind::Distribution | Kind::Package => "package",
    }
    .to_owned();
    for (is_so, class) in [
        (node.is_given, " given"),
        (node.held_back.is_some(), " held"),
        (node.is_contested, " contested"),
    ] {
        if is_so {
            classes.push_str(class);
        }
    }
    classes
}

/// Name and version, the version fainter.
fn label_text(node: &Node) -> String {
    let name = escaped(&node.short_title());
    match node.version.as_ref().or(node.allowed.as_ref()) {
        Some(version) => format!(
            "{name} <tspan class=\"version\">{}</tspan>",
            escaped(version)
        ),
        None => name,
    }
}

fn tooltip(node: &Node, title: &str) -> String {
    let mut lines = vec![title.to_owned()];
    lines.extend(node.is_given.then(|| "there already".to_owned()));
    lines.extend(node.location.clone());
    lines.extend(
        node.held_back
            .as_ref()
            .map(|held| format!("{} exists", held.newest)),
    );
    lines.join("\n")
}
