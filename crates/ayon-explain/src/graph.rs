//! Who needs whom: one value from which everything is told.
//!
//! A [`Graph`] is made [of a resolution](Graph::of) or [of a conflict](Graph::of_conflict). Its nodes are what people
//! talk about (the bundle, the launcher, addons, packages), its edges are requirements, each in its own words and with
//! the place where it is written. [`why`](crate::why), [`tree`](crate::tree), [`difference`](crate::difference) and the
//! [pictures](crate::picture) read nothing else, so they cannot disagree.
//!
//! Nodes are numbered in a stable order (the root first, then by kind and name), edges by their ends. Texts have lost their
//! control characters on the way in. Cycles are data; nothing here recurses.

mod conflict;
mod resolution;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use ayon_model::{closest, did_you_mean, printable};
use ayon_solve::Verb;

/// A node's number in its [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub(crate) usize);

/// What kind of thing a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Where everything starts: a bundle, or what was typed.
    Root,
    /// A bundle underneath the root's.
    Bundle,
    /// The studio, an index, a dependency package: whoever else has a say.
    Other,
    /// The server.
    Server,
    /// The launcher.
    Launcher,
    /// A DCC host.
    Host,
    /// The interpreter.
    Python,
    /// An addon.
    Addon,
    /// A Python distribution.
    Distribution,
    /// A package of a backend's ecosystem: conda's, rez's.
    Package,
}

/// One thing of a resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its kind.
    pub kind: Kind,
    /// Its name: `core`, `opentimelineio`; `staging` for a bundle.
    pub name: String,
    /// Its version, where one was chosen.
    pub version: Option<String>,
    /// The versions that everybody who asks allows, where nobody has chosen one yet.
    pub allowed: Option<String>,
    /// Where it comes from, as its ecosystem says: a channel, an index, a repository.
    pub location: Option<String>,
    /// Whether it is there already and not installed.
    pub is_given: bool,
    /// Set where a newer version exists that somebody leaves out.
    pub held_back: Option<HeldBack>,
    /// Whether it is what a conflict is about.
    pub is_contested: bool,
}

/// Why a package is not the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// The newest version that could be had otherwise.
    pub newest: String,
    /// Who leaves it out, with their words: `ftrack-python-api 3.1.0 (websocket-client<1)`.
    pub by: Vec<String>,
}

/// One requirement: who, what of whom, in which words, written where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Who.
    pub from: NodeId,
    /// Of whom.
    pub to: NodeId,
    /// What `from` does to `to`; `None` where only the fact is known that it belongs there.
    pub verb: Option<Verb>,
    /// The whole requirement in its own words: `websocket-client<1`, `maya-2024`, `core 1.6.11`.
    pub words: String,
    /// Where it is written.
    pub place: Option<String>,
}

/// Who needs whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    target: String,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// Per node: its neighbours, each with the edges between.
    outgoing: Vec<Vec<Link>>,
    incoming: Vec<Vec<Link>>,
}

/// A neighbour, and the indexes of the edges that lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) node: NodeId,
    pub(crate) edges: Vec<usize>,
}

/// Nothing of that name is in the graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing here is called `{name}`{}", did_you_mean("; ", .closest, ""))]
pub struct UnknownName {
    /// As asked.
    pub name: String,
    /// Names that are close.
    pub closest: Vec<String>,
}

/// In which direction to walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Down,
    Up,
}

impl Graph {
    /// For which process and platform, for people.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Where everything starts.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Every node, in order.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        let nodes = self.nodes.iter().enumerate();
        nodes.map(|(index, node)| (NodeId(index), node))
    }

    /// Every requirement, in order.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// A node of this graph.
    ///
    /// # Panics
    /// Where `id` is of another graph that has more nodes.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// Everybody who asks for `id`.
    pub fn askers(&self, id: NodeId) -> impl Iterator<Item = &Edge> {
        self.flat(&self.incoming[id.0])
    }

    /// Everything `id` asks for.
    pub fn needs(&self, id: NodeId) -> impl Iterator<Item = &Edge> {
        self.flat(&self.outgoing[id.0])
    }

    /// Everything called `name`, with or without its kind (`addon core`), and in whichever way of writing that Python
    /// allows (`Open_TimelineIO`). An addon and a distribution may share a name.
    pub fn find(&self, name: &str) -> Result<Vec<NodeId>, UnknownName> {
        let wanted = plain(name);
        let is_wanted = |node: &Node| {
            plain(&node.name) == wanted || plain(&format!("{} {}", node.kind, node.name)) == wanted
        };
        let found: Vec<NodeId> = self
            .nodes()
            .filter(|(_, node)| is_wanted(node))
            .map(|(id, _)| id)
            .collect();
        if found.is_empty() {
            let known = self.nodes.iter().map(|node| node.name.as_str());
            let closest = closest(name, known).into_iter().map(str::to_owned);
            return Err(UnknownName {
                name: printable(name),
                closest: closest.collect(),
            });
        }
        Ok(found)
    }

    /// Whether a node only stands there because something has it anyway, and nobody asks for it.
    pub fn is_idle(&self, id: NodeId) -> bool {
        self.node(id).is_given
            && self.outgoing[id.0].is_empty()
            && self
                .askers(id)
                .all(|edge| edge.verb == Some(Verb::Provides))
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn links(&self, id: NodeId, direction: Direction) -> &[Link] {
        match direction {
            Direction::Down => &self.outgoing[id.0],
            Direction::Up => &self.incoming[id.0],
        }
    }

    pub(crate) fn flat<'a>(&'a self, links: &'a [Link]) -> impl Iterator<Item = &'a Edge> {
        let indexes = links.iter().flat_map(|link| &link.edges);
        indexes.map(|&index| &self.edges[index])
    }

    /// The fewest steps from `start` to every node in one direction; `None` for those that are not reached.
    pub(crate) fn distances(&self, start: NodeId, direction: Direction) -> Vec<Option<usize>> {
        let mut distances = vec![None; self.len()];
        distances[start.0] = Some(0);
        let mut rest = VecDeque::from([(start, 0)]);
        while let Some((node, distance)) = rest.pop_front() {
            for link in self.links(node, direction) {
                if distances[link.node.0].is_none() {
                    distances[link.node.0] = Some(distance + 1);
                    rest.push_back((link.node, distance + 1));
                }
            }
        }
        distances
    }
}

impl Node {
    /// What people call it: `bundle staging`, `addon core 1.6.11`, `opentimelineio 0.17.0`.
    pub fn title(&self) -> String {
        match (&self.version, &self.allowed) {
            (Some(version), _) => format!("{} {version}", self.short_title()),
            (None, Some(allowed)) => format!("{} {allowed}", self.short_title()),
            (None, None) => self.short_title(),
        }
    }

    /// The same without its version.
    pub fn short_title(&self) -> String {
        match self.kind {
            Kind::Addon | Kind::Host | Kind::Bundle => format!("{} {}", self.kind, self.name),
            Kind::Root
            | Kind::Other
            | Kind::Server
            | Kind::Launcher
            | Kind::Python
            | Kind::Distribution
            | Kind::Package => self.name.clone(),
        }
    }
}

impl Edge {
    /// `needs websocket-client<1`, without who says so.
    pub fn text(&self) -> String {
        match (self.verb, self.words.as_str()) {
            (None, "") => "includes".to_owned(),
            (None, words) => format!("includes {words}"),
            (Some(verb), words) => format!("{verb} {words}").trim_end().to_owned(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Root => "root",
            Self::Bundle => "bundle",
            Self::Other => "other",
            Self::Server => "server",
            Self::Launcher => "launcher",
            Self::Host => "host",
            Self::Python => "python",
            Self::Addon => "addon",
            Self::Distribution => "distribution",
            Self::Package => "package",
        })
    }
}

/// A name as Python's world compares it.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// A graph in the making.
struct Builder {
    nodes: Vec<Node>,
    known: BTreeMap<(Kind, String), NodeId>,
    edges: Vec<Edge>,
}

impl Builder {
    /// A graph of the root alone.
    fn new(root: &str) -> Self {
        let mut builder = Self {
            nodes: Vec::new(),
            known: BTreeMap::new(),
            edges: Vec::new(),
        };
        builder.node(Kind::Root, root);
        builder
    }

    fn root() -> NodeId {
        NodeId(0)
    }

    /// The node of that name, made where there is none.
    fn node(&mut self, kind: Kind, name: &str) -> NodeId {
        let name = printable(name);
        let key = (kind, name);
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node {
            kind,
            name: key.1.clone(),
            version: None,
            allowed: None,
            location: None,
            is_given: false,
            held_back: None,
            is_contested: false,
        });
        self.known.insert(key, id);
        id
    }

    fn get(&self, kind: Kind, name: &str) -> Option<NodeId> {
        self.known.get(&(kind, printable(name))).copied()
    }

    fn version(&mut self, id: NodeId, version: &str) {
        if !version.is_empty() {
            self.nodes[id.0].version = Some(printable(version));
        }
    }

    fn edge(
        &mut self,
        from: NodeId,
        to: NodeId,
        verb: Verb,
        words: &str,
        place: Option<&ayon_model::Place>,
    ) {
        // What is said of oneself explains nothing.
        if from != to {
            self.edges.push(Edge {
                from,
                to,
                verb: Some(verb),
                words: printable(words),
                place: place.map(ToString::to_string),
            });
        }
    }

    /// Puts everything in order.
    fn finish(self, target: String) -> Graph {
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        order.sort_by(|a, b| {
            let key = |index: &usize| (self.nodes[*index].kind, &self.nodes[*index].name);
            key(a).cmp(&key(b))
        });
        let mut rank = vec![NodeId(0); order.len()];
        for (place, index) in order.iter().enumerate() {
            rank[*index] = NodeId(place);
        }
        let mut edges = self.edges;
        for edge in &mut edges {
            (edge.from, edge.to) = (rank[edge.from.0], rank[edge.to.0]);
        }
        edges.sort();
        edges.dedup();
        let mut nodes: Vec<Option<Node>> = self.nodes.into_iter().map(Some).collect();
        let nodes: Vec<Node> = order
            .iter()
            .filter_map(|index| nodes[*index].take())
            .collect();
        let (mut outgoing, mut incoming) =
            (vec![Vec::new(); nodes.len()], vec![Vec::new(); nodes.len()]);
        for (index, edge) in edges.iter().enumerate() {
            link(&mut outgoing[edge.from.0], edge.to, index);
            link(&mut incoming[edge.to.0], edge.from, index);
        }
        Graph {
            target,
            nodes,
            edges,
            outgoing,
            incoming,
        }
    }

    /// Ties what nothing leads to to the root: it belongs there, though nobody says why.
    fn tie(&mut self) {
        let mut below = vec![Vec::new(); self.nodes.len()];
        let mut has_asker = vec![false; self.nodes.len()];
        for edge in &self.edges {
            below[edge.from.0].push(edge.to);
            has_asker[edge.to.0] = true;
        }
        let mut reached = vec![false; self.nodes.len()];
        reach(&below, &mut reached, Self::root());
        // First what nobody asks for at all, in the order of names; then what only cycles ask for.
        let mut keys: Vec<(bool, &(Kind, String), NodeId)> = self
            .known
            .iter()
            .map(|(key, id)| (has_asker[id.0], key, *id))
            .collect();
        keys.sort();
        for (_, _, id) in keys {
            if !reached[id.0] {
                self.edges.push(Edge {
                    from: Self::root(),
                    to: id,
                    verb: None,
                    words: String::new(),
                    place: None,
                });
                reach(&below, &mut reached, id);
            }
        }
    }
}

/// Marks everything below `start`.
fn reach(below: &[Vec<NodeId>], reached: &mut [bool], start: NodeId) {
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut reached[node.0], true) {
            open.extend(&below[node.0]);
        }
    }
}

fn link(links: &mut Vec<Link>, node: NodeId, edge: usize) {
    match links.iter_mut().find(|link| link.node == node) {
        Some(link) => link.edges.push(edge),
        None => links.push(Link {
            node,
            edges: vec![edge],
        }),
    }
}
