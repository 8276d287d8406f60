//! What changes from one resolution to another: things, versions, requirements, and where those are written.
//!
//! [`Difference`] compares two [graphs](Graph) by names, so it tells two bundles, two variants, two locks or two contexts
//! apart alike. It is a value; [text](Difference::text), [Markdown](Difference::markdown) and the
//! [document](crate::document::DifferenceDocument) are renderings of it.
//!
//! What follows from something else is not told again: the requirements of what came or went go with it.

mod render;

use std::collections::{BTreeMap, BTreeSet};

use ayon_solve::Verb;

use crate::graph::{Edge, Graph, Kind, Node, NodeId};

/// A thing by which two graphs are compared.
type Key<'a> = (Kind, &'a str);

/// What changes from `before` to `after`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What to call the first.
    pub before: String,
    /// What to call the second.
    pub after: String,
    /// Addons, packages and the rest that came, went or changed, by kind and name.
    pub things: Vec<ThingChange>,
    /// Requirements between things of which neither came nor went.
    pub requirements: Vec<RequirementChange>,
}

/// A thing that came, went or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThingChange {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What it was, unless it came.
    pub before: Option<State>,
    /// What it is now, unless it went.
    pub after: Option<State>,
    /// Who asks for it now, or asked, each with its words: `addon core needs numpy>=1.2`.
    pub because: Vec<String>,
}

/// What is compared of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its version, or what is allowed where none is chosen.
    pub version: Option<String>,
    /// Where it comes from.
    pub location: Option<String>,
    /// Whether it is there already.
    pub is_given: bool,
}

/// A requirement that came, went, changed its words or its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementChange {
    /// Who asks, without a version.
    pub from: String,
    /// What is asked for, without a version.
    pub to: String,
    /// What was said.
    pub before: Option<Saying>,
    /// What is said now.
    pub after: Option<Saying>,
}

/// What a requirement says, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Saying {
    /// `needs numpy>=1.2`
    pub text: String,
    /// Where it is written.
    pub place: Option<String>,
    /// Whether it pins one version: the change of that version tells it already.
    pub is_pin: bool,
}

impl Difference {
    /// What changes from `before` to `after`, called by these names.
    pub fn of(before: (&str, &Graph), after: (&str, &Graph)) -> Self {
        let ((before_label, before), (after_label, after)) = (before, after);
        let (things_before, things_after) = (things(before), things(after));
        let keys: BTreeSet<Key<'_>> = things_before
            .keys()
            .chain(things_after.keys())
            .copied()
            .collect();
        let things = keys.into_iter().filter_map(|key| {
            let (old, new) = (things_before.get(&key), things_after.get(&key));
            let (was, is) = (
                old.map(|(node, _)| state(node)),
                new.map(|(node, _)| state(node)),
            );
            if was == is {
                return None;
            }
            let because = match (old, new) {
                (_, Some((_, id))) => because(after, *id),
                (Some((_, id)), None) => because(before, *id),
                (None, None) => Vec::new(),
            };
            Some(ThingChange {
                kind: key.0,
                name: key.1.to_owned(),
                before: was,
                after: is,
                because,
            })
        });
        let things = things.collect();
        let in_both =
            |key: &Key<'_>| things_before.contains_key(key) && things_after.contains_key(key);
        Self {
            before: before_label.to_owned(),
            after: after_label.to_owned(),
            things,
            requirements: requirements(before, after, &in_both),
        }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.things.is_empty() && self.requirements.is_empty()
    }
}

impl ThingChange {
    /// What people call it, without a version: `addon core`.
    pub fn title(&self) -> String {
        match self.kind {
            Kind::Addon | Kind::Host | Kind::Bundle => format!("{} {}", self.kind, self.name),
            _ => self.name.clone(),
        }
    }
}

type Things<'a> = BTreeMap<Key<'a>, (&'a Node, NodeId)>;

/// What is compared: everything but the roots, which are the two ends of the comparison, and what nobody asks for.
fn things(graph: &Graph) -> Things<'_> {
    graph
        .nodes()
        .filter(|(id, node)| node.kind != Kind::Root && !graph.is_idle(*id))
        .map(|(id, node)| ((node.kind, node.name.as_str()), (node, id)))
        .collect()
}

fn state(node: &Node) -> State {
    State {
        version: node.version.clone().or_else(|| node.allowed.clone()),
        location: node.location.clone(),
        is_given: node.is_given,
    }
}

fn because(graph: &Graph, id: NodeId) -> Vec<String> {
    let because = |edge: &Edge| format!("{} {}", graph.node(edge.from).title(), edge.text());
    graph.askers(id).map(because).collect()
}

/// The roots are one thing under two names.
fn name(node: &Node) -> (Kind, String, String) {
    match node.kind {
        Kind::Root => (node.kind, String::new(), "the bundle".to_owned()),
        _ => (node.kind, node.name.clone(), node.short_title()),
    }
}

/// Who asks, and for what: kind, name and title of each.
type Ends = ((Kind, String, String), (Kind, String, String));

fn requirements(
    before: &Graph,
    after: &Graph,
    in_both: &dyn Fn(&Key<'_>) -> bool,
) -> Vec<RequirementChange> {
    let sayings = |graph: &Graph| {
        let mut sayings: BTreeMap<Ends, BTreeSet<Saying>> = BTreeMap::new();
        for edge in graph.edges() {
            let (from, to) = (graph.node(edge.from), graph.node(edge.to));
            let is_old = from.kind == Kind::Root || in_both(&(from.kind, &from.name));
            if is_old && in_both(&(to.kind, &to.name)) {
                let saying = Saying {
                    text: edge.text(),
                    place: edge.place.clone(),
                    is_pin: edge.verb == Some(Verb::Pins),
                };
                sayings
                    .entry((name(from), name(to)))
                    .or_default()
                    .insert(saying);
            }
        }
        sayings
    };
    let (old, new) = (sayings(before), sayings(after));
    let none = BTreeSet::new();
    let mut changes = Vec::new();
    let ends: BTreeSet<&Ends> = old.keys().chain(new.keys()).collect();
    for ends in ends {
        let (old, new) = (
            old.get(ends).unwrap_or(&none),
            new.get(ends).unwrap_or(&none),
        );
        // What is only written elsewhere is one change, as is what says something else.
        let mut gone: Vec<&Saying> = old.difference(new).collect();
        let mut come: Vec<&Saying> = new.difference(old).collect();
        let mut pairs = Vec::new();
        gone.retain(|was| match come.iter().position(|is| is.text == was.text) {
            Some(moved) => {
                pairs.push((Some(*was), Some(come.remove(moved))));
                false
            }
            None => true,
        });
        let paired = gone.len().min(come.len());
        let rest = gone.drain(..paired).zip(come.drain(..paired));
        pairs.extend(rest.map(|(was, is)| (Some(was), Some(is))));
        pairs.extend(gone.into_iter().map(|was| (Some(was), None)));
        pairs.extend(come.into_iter().map(|is| (None, Some(is))));
        let ((_, _, from), (_, _, to)) = ends;
        changes.extend(pairs.into_iter().map(|(was, is)| RequirementChange {
            from: from.clone(),
            to: to.clone(),
            before: was.cloned(),
            after: is.cloned(),
        }));
    }
    changes
}
