//! Why is this here, and why this version?
//!
//! [`Why`] holds every way from the root to a node, shortest first and bounded, with the requirement on each step; what
//! holds its version where it is; and what would have to change for another one. The number of ways can be exponential,
//! so they are searched best first and never all listed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::fmt::Write as _;

use ayon_solve::Verb;

use crate::graph::{Direction, Edge, Graph, HeldBack, Kind, Link, Node, NodeId};

/// How many ways [`Graph::why`] tells where nobody says otherwise.
pub const WAYS: usize = 8;

/// How many steps a search may try. Only cycles make it try more than it returns.
const MOST_STEPS: usize = 20_000;

/// The answer for one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why<'a> {
    graph: &'a Graph,
    /// What was asked about.
    pub node: NodeId,
    /// Ways from the root, the shortest first; each a list of steps, none through a node twice.
    pub ways: Vec<Vec<Step<'a>>>,
    /// Whether there are more ways than these.
    pub has_more: bool,
    /// Who asks directly but is the last step of none of these ways.
    pub also: Vec<&'a Edge>,
    /// What holds the version where it is.
    pub held: Vec<String>,
    /// What would allow another version.
    pub lifts: Vec<String>,
}

/// One step of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// Where it leads.
    pub to: NodeId,
    /// The requirements taken, at least one.
    pub edges: Vec<&'a Edge>,
}

impl Graph {
    /// Why `node` is there: at most `limit` ways, and what decides its version.
    pub fn why(&self, node: NodeId, limit: usize) -> Why<'_> {
        let mut ways = self.ways(node, limit.saturating_add(1));
        let has_more = ways.len() > limit;
        ways.truncate(limit);
        let is_told = |edge: &Edge| {
            let mut last = ways.iter().filter_map(|way| way.last());
            last.any(|step| step.edges.contains(&edge))
        };
        let also = self.askers(node).filter(|edge| !is_told(edge)).collect();
        let (held, lifts) = self.held(node);
        Why {
            graph: self,
            node,
            ways,
            has_more,
            also,
            held,
            lifts,
        }
    }

    fn ways(&self, target: NodeId, limit: usize) -> Vec<Vec<Step<'_>>> {
        let distances = self.distances(target, Direction::Up);
        let mut ways = Vec::new();
        // Partial ways as a tree of (link, index of what it continues, length).
        let mut partial: Vec<(NodeId, &[usize], usize, usize)> = vec![(self.root(), &[], 0, 0)];
        let mut open = BinaryHeap::from([Reverse((0, Reverse(0), 0))]);
        while let Some(Reverse((_, _, index))) = open.pop() {
            let (node, _, _, length) = partial[index];
            if node == target {
                ways.push(self.steps(&partial, index));
            } else {
                for Link { node: next, edges } in self.links(node, Direction::Down) {
                    let Some(distance) = distances[next.0] else {
                        continue;
                    };
                    if !passes(&partial, index, *next) {
                        let length = length + 1;
                        open.push(Reverse((length + distance, Reverse(length), partial.len())));
                        partial.push((*next, edges, index, length));
                    }
                }
            }
            if ways.len() >= limit || partial.len() > MOST_STEPS {
                break;
            }
        }
        ways
    }

    fn steps(
        &self,
        partial: &[(NodeId, &[usize], usize, usize)],
        mut index: usize,
    ) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        while let (to, edges, before, 1..) = partial[index] {
            let edges = edges.iter().map(|edge| &self.edges()[*edge]).collect();
            steps.push(Step { to, edges });
            index = before;
        }
        steps.reverse();
        steps
    }

    /// What holds a node's version, and what would lift that.
    pub(crate) fn held(&self, id: NodeId) -> (Vec<String>, Vec<String>) {
        let (mut held, mut lifts) = (Vec::new(), Vec::new());
        for edge in self.askers(id) {
            let from = self.node(edge.from).title();
            match edge.verb {
                Some(Verb::Provides) => {
                    held.push(format!("{from} provides just this version"));
                    lifts.extend(self.lift(edge.from, "that has another"));
                }
                Some(Verb::Pins) => {
                    held.push(format!("{from} pins {}", edge.words));
                    lifts.push(format!("another version in {from}{}", place(edge)));
                }
                _ => {}
            }
        }
        if let Some(held_back) = &self.node(id).held_back {
            for by in &held_back.by {
                held.push(format!("{} exists; {}", held_back.newest, asking(by)));
                let mut askers = self.askers(id);
                let asker = askers.find(|edge| {
                    let title = self.node(edge.from).title();
                    by.strip_prefix(&title)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
                });
                lifts.extend(asker.and_then(|edge| self.lift(edge.from, "that allows it")));
            }
        }
        held.dedup();
        lifts.dedup();
        (held, lifts)
    }

    /// What to change about somebody who asks: another release of it, and who has to allow that.
    fn lift(&self, id: NodeId, which: &str) -> Option<String> {
        let node = self.node(id);
        let version = node.version.as_ref().filter(|_| node.kind != Kind::Root)?;
        let lift = format!("another {} than {version} {which}", node.short_title());
        let pin = self.askers(id).find(|edge| edge.verb == Some(Verb::Pins));
        Some(match (pin, &node.held_back) {
            (Some(pin), _) => {
                format!(
                    "{lift}; {} pins it{}",
                    self.node(pin.from).title(),
                    place(pin)
                )
            }
            (None, Some(HeldBack { newest, by })) => {
                let by: Vec<String> = by.iter().map(|by| asking(by)).collect();
                format!("{lift}; {newest} exists, but {}", by.join(" and "))
            }
            (None, None) => lift,
        })
    }
}

/// Where something is written, in brackets.
fn place(edge: &Edge) -> String {
    edge.place
        .as_ref()
        .map_or_else(String::new, |place| format!(" ({place})"))
}

impl<'a> Why<'a> {
    /// The graph that this is about.
    pub fn graph(&self) -> &'a Graph {
        self.graph
    }

    /// For people: a headline, the ways with shared beginnings folded, what holds the version, what would lift it.
    pub fn text(&self) -> String {
        let node = self.graph.node(self.node);
        let mut text = format!("{}{}\n", node.title(), state(node));
        if self.ways.is_empty() && self.node == self.graph.root() {
            text.push_str("\n  everything starts here\n");
            return text;
        }
        text.push('\n');
        self.ways_text(&mut text);
        if self.has_more {
            text.push_str("  and more ways than these\n");
        }
        self.also_text(&mut text);
        section(&mut text, "what holds the version", &self.held);
        section(&mut text, "what would lift that", &self.lifts);
        text
    }

    fn ways_text(&self, text: &mut String) {
        let root = self.graph.node(self.graph.root()).title();
        let mut lines = vec![(format!("  {root}"), String::new())];
        for fold in self.folded() {
            for edge in &fold.step.edges {
                let gets = gets(edge, self.graph.node(fold.step.to));
                let repeated = if fold.is_repeated { " (*)" } else { "" };
                let indent = "  ".repeat(fold.depth + 2);
                let line = format!("{indent}{}{gets}{repeated}", edge.text());
                lines.push((line, edge.place.clone().unwrap_or_default()));
            }
        }
        columns(text, &lines);
    }

    fn also_text(&self, text: &mut String) {
        if self.also.is_empty() {
            return;
        }
        text.push_str("\n  also asked for by\n");
        let line = |edge: &&Edge| {
            let from = self.graph.node(edge.from).title();
            (
                format!("    {from} {}", edge.text()),
                edge.place.clone().unwrap_or_default(),
            )
        };
        let lines: Vec<(String, String)> = self.also.iter().map(line).collect();
        columns(text, &lines);
    }

    /// The ways as one tree in the order of reading: what several share is told once, where it is met first.
    pub fn folded(&self) -> Vec<Fold<'_>> {
        let mut below: BTreeMap<NodeId, Vec<&Step<'_>>> = BTreeMap::new();
        for way in &self.ways {
            let mut at = self.graph.root();
            for step in way {
                let known = below.entry(at).or_default();
                if !known.contains(&step) {
                    known.push(step);
                }
                at = step.to;
            }
        }
        let next = |node: NodeId, depth: usize| {
            let steps = below.get(&node).into_iter().flatten().rev();
            steps.map(move |step| (*step, depth))
        };
        let mut folds = Vec::new();
        let mut unfolded = BTreeSet::new();
        let mut open: Vec<(&Step<'_>, usize)> = next(self.graph.root(), 0).collect();
        while let Some((step, depth)) = open.pop() {
            let is_repeated = below.contains_key(&step.to) && !unfolded.insert(step.to);
            folds.push(Fold {
                step,
                depth,
                is_repeated,
            });
            if !is_repeated {
                open.extend(next(step.to, depth + 1));
            }
        }
        folds
    }
}

/// One line of the folded ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold<'a> {
    /// The step.
    pub step: &'a Step<'a>,
    /// How many steps it is from the root, less one.
    pub depth: usize,
    /// Whether what is below was told further up.
    pub is_repeated: bool,
}

fn state(node: &Node) -> &'static str {
    match (node.is_given, node.kind) {
        (true, Kind::Python) => ", the interpreter that is there",
        (true, _) => ", there already and not installed",
        _ => "",
    }
}

/// What a requirement ends up with, where its words do not say so themselves.
fn gets(edge: &Edge, to: &Node) -> String {
    match &to.version {
        _ if edge.words.is_empty() => format!(" {}", to.title()),
        Some(version) if !edge.words.ends_with(version.as_str()) => format!(", gets {version}"),
        _ => String::new(),
    }
}

/// `ftrack 1.6.4 (websocket-client<1)`, as a sentence.
fn asking(by: &str) -> String {
    match by.split_once(" (") {
        Some((who, words)) => format!("{who} asks for {}", words.trim_end_matches(')')),
        None => format!("{by} leaves it out"),
    }
}

fn section(text: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        let _ = writeln!(text, "\n  {title}");
        for line in lines {
            let _ = writeln!(text, "    {line}");
        }
    }
}

/// Lines with a second column, which starts after the longest line that is not much longer than others.
pub(crate) fn columns(text: &mut String, lines: &[(String, String)]) {
    const WIDEST: usize = 72;
    let lengths = lines.iter().map(|(line, _)| line.chars().count());
    let width = lengths
        .filter(|length| *length <= WIDEST)
        .max()
        .unwrap_or(0);
    for (line, place) in lines {
        let line = format!("{line:<width$}  {place}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// Whether the partial way that ends at `index` goes through `node`.
fn passes(partial: &[(NodeId, &[usize], usize, usize)], mut index: usize, node: NodeId) -> bool {
    loop {
        let (at, _, before, length) = partial[index];
        if at == node {
            return true;
        }
        if length == 0 {
            return false;
        }
        index = before;
    }
}
