//! What explanations look like as JSON: structs of their own, so that a model type can change without the wire.
//!
//! The program wraps these in its versioned schema; a [page](crate::picture::page) embeds them.

use ayon_model::{Origin, printable};
use ayon_solve::{Conflict, Fact};
use serde::Serialize;

use crate::difference::{Difference, RequirementChange, Saying, State, ThingChange};
use crate::graph::{Edge, Graph, Node};
use crate::tree::Visit;
use crate::why::Why;

/// A graph.
#[derive(Debug, Serialize)]
pub struct GraphDocument<'a> {
    /// Process and platform.
    pub target: &'a str,
    /// The nodes; the first is where everything starts.
    pub nodes: Vec<NodeDocument<'a>>,
    /// The requirements, whose ends are indexes of nodes.
    pub edges: Vec<EdgeDocument<'a>>,
}

/// A node.
#[derive(Debug, Serialize)]
pub struct NodeDocument<'a> {
    /// `addon`, `distribution`, `package`, …
    pub kind: String,
    /// Its name.
    pub name: &'a str,
    /// Its version, where one was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
    /// What is allowed, where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<&'a str>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<&'a str>,
    /// Whether it is there already.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub given: bool,
    /// Whether it is there and nobody asks for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub idle: bool,
    /// Whether a conflict is about it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub contested: bool,
    /// A newer version that exists and that somebody leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<&'a str>,
    /// What holds its version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<String>,
    /// What would lift that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lifts: Vec<String>,
}

/// A requirement.
#[derive(Debug, Serialize)]
pub struct EdgeDocument<'a> {
    /// Index of who asks.
    pub from: usize,
    /// Index of what is asked for.
    pub to: usize,
    /// `needs websocket-client<1`
    pub text: String,
    /// Where it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<&'a str>,
}

/// Why something is there.
#[derive(Debug, Serialize)]
pub struct WhyDocument {
    /// Name and version.
    pub subject: String,
    /// Whether it is there already.
    pub given: bool,
    /// Ways from the root, the shortest first.
    pub ways: Vec<Vec<StepDocument>>,
    /// Whether there are more.
    pub more: bool,
    /// Who else asks directly.
    pub also: Vec<AskerDocument>,
    /// What holds its version.
    pub held: Vec<String>,
    /// What would lift that.
    pub lifts: Vec<String>,
}

/// A step of a way.
#[derive(Debug, Serialize)]
pub struct StepDocument {
    /// Where it leads: name and version.
    pub to: String,
    /// The requirements taken.
    pub requirements: Vec<SayingDocument>,
}

/// What is said, and where.
#[derive(Debug, Serialize)]
pub struct SayingDocument {
    /// `needs websocket-client<1`
    pub text: String,
    /// Where it is written.
    pub place: Option<String>,
}

/// Somebody who asks.
#[derive(Debug, Serialize)]
pub struct AskerDocument {
    /// Name and version.
    pub from: String,
    /// What is said.
    #[serde(flatten)]
    pub saying: SayingDocument,
}

/// A line of a tree.
#[derive(Debug, Serialize)]
pub struct VisitDocument {
    /// Name and version.
    pub node: String,
    /// How far from the start.
    pub depth: usize,
    /// The requirements between this and the line above it that is one level less deep.
    pub requirements: Vec<SayingDocument>,
    /// Whether what is below was told before.
    pub repeated: bool,
}

/// What changes between two resolutions.
#[derive(Debug, Serialize)]
pub struct DifferenceDocument<'a> {
    /// What the first is called.
    pub before: &'a str,
    /// What the second is called.
    pub after: &'a str,
    /// What came, went or changed.
    pub things: Vec<ThingDocument<'a>>,
    /// Requirements between what stays.
    pub requirements: Vec<RequirementDocument<'a>>,
}

/// A thing that came (no `before`), went (no `after`) or changed.
#[derive(Debug, Serialize)]
pub struct ThingDocument<'a> {
    /// `addon`, `distribution`, `package`, …
    pub kind: String,
    /// Its name.
    pub name: &'a str,
    /// What it was.
    pub before: Option<StateDocument<'a>>,
    /// What it is.
    pub after: Option<StateDocument<'a>>,
    /// Who asks.
    pub because: &'a [String],
}

/// What is compared of a thing.
#[derive(Debug, Serialize)]
pub struct StateDocument<'a> {
    /// Its version.
    pub version: Option<&'a str>,
    /// Where it comes from.
    pub location: Option<&'a str>,
    /// Whether it is there already.
    pub given: bool,
}

/// A requirement that came, went, or says or stands otherwise.
#[derive(Debug, Serialize)]
pub struct RequirementDocument<'a> {
    /// Who asks.
    pub from: &'a str,
    /// What is asked for.
    pub to: &'a str,
    /// What was said.
    pub before: Option<SayingDocument>,
    /// What is said.
    pub after: Option<SayingDocument>,
}

/// Facts that cannot all be true.
#[derive(Debug, Serialize)]
pub struct ConflictDocument {
    /// `linux-64`
    pub platform: &'static str,
    /// `launcher`, `maya/2025`
    pub process: String,
    /// What the facts are about.
    pub contested: Vec<String>,
    /// The facts.
    pub facts: Vec<FactDocument>,
    /// The whole as text.
    pub text: String,
}

/// A fact.
#[derive(Debug, Serialize)]
pub struct FactDocument {
    /// Who.
    pub subjects: Vec<String>,
    /// `needs`
    pub verb: String,
    /// What it is about.
    pub object: String,
    /// The versions, as written.
    pub range: String,
    /// Who says so, and where.
    pub origins: Vec<String>,
    /// Where that is written, each place once.
    pub places: Vec<String>,
}

impl Graph {
    /// This graph as a document. What nobody asks for is in it, marked `idle`.
    pub fn document(&self) -> GraphDocument<'_> {
        GraphDocument {
            target: self.target(),
            nodes: self
                .nodes()
                .map(|(id, node)| {
                    let why = self.held(id);
                    node_document(node, self.is_idle(id), why)
                })
                .collect(),
            edges: self.edges().iter().map(edge_document).collect(),
        }
    }

    /// The lines of a tree as a document.
    pub fn tree_document(&self, visits: &[Visit<'_>]) -> Vec<VisitDocument> {
        let visits = visits.iter().map(|visit| VisitDocument {
            node: self.node(visit.node).title(),
            depth: visit.depth,
            requirements: visit.edges.iter().map(|edge| saying(edge)).collect(),
            repeated: visit.is_repeated,
        });
        visits.collect()
    }
}

fn node_document(
    node: &Node,
    idle: bool,
    (held, lifts): (Vec<String>, Vec<String>),
) -> NodeDocument<'_> {
    NodeDocument {
        kind: node.kind.to_string(),
        name: &node.name,
        version: node.version.as_deref(),
        allowed: node.allowed.as_deref(),
        location: node.location.as_deref(),
        given: node.is_given,
        idle,
        contested: node.is_contested,
        newest: node.held_back.as_ref().map(|held| held.newest.as_str()),
        held,
        lifts,
    }
}

fn edge_document(edge: &Edge) -> EdgeDocument<'_> {
    EdgeDocument {
        from: edge.from.0,
        to: edge.to.0,
        text: edge.text(),
        place: edge.place.as_deref(),
    }
}

fn saying(edge: &Edge) -> SayingDocument {
    SayingDocument {
        text: edge.text(),
        place: edge.place.clone(),
    }
}

impl Why<'_> {
    /// The answer as a document.
    pub fn document(&self) -> WhyDocument {
        let node = self.graph().node(self.node);
        let title = |id| self.graph().node(id).title();
        let way = |way: &Vec<crate::why::Step<'_>>| {
            let steps = way.iter().map(|step| StepDocument {
                to: title(step.to),
                requirements: step.edges.iter().map(|edge| saying(edge)).collect(),
            });
            steps.collect()
        };
        let also = self.also.iter().map(|edge| AskerDocument {
            from: title(edge.from),
            saying: saying(edge),
        });
        WhyDocument {
            subject: node.title(),
            given: node.is_given,
            ways: self.ways.iter().map(way).collect(),
            more: self.has_more,
            also: also.collect(),
            held: self.held.clone(),
            lifts: self.lifts.clone(),
        }
    }
}

impl Difference {
    /// This difference as a document.
    pub fn document(&self) -> DifferenceDocument<'_> {
        DifferenceDocument {
            before: &self.before,
            after: &self.after,
            things: self.things.iter().map(thing).collect(),
            requirements: self.requirements.iter().map(requirement).collect(),
        }
    }
}

fn thing(change: &ThingChange) -> ThingDocument<'_> {
    ThingDocument {
        kind: change.kind.to_string(),
        name: &change.name,
        before: change.before.as_ref().map(state),
        after: change.after.as_ref().map(state),
        because: &change.because,
    }
}

fn state(state: &State) -> StateDocument<'_> {
    StateDocument {
        version: state.version.as_deref(),
        location: state.location.as_deref(),
        given: state.is_given,
    }
}

fn requirement(change: &RequirementChange) -> RequirementDocument<'_> {
    let said = |saying: &Saying| SayingDocument {
        text: saying.text.clone(),
        place: saying.place.clone(),
    };
    RequirementDocument {
        from: &change.from,
        to: &change.to,
        before: change.before.as_ref().map(said),
        after: change.after.as_ref().map(said),
    }
}

impl From<&Conflict> for ConflictDocument {
    fn from(conflict: &Conflict) -> Self {
        let fact = |fact: &Fact| FactDocument {
            subjects: fact
                .subjects
                .iter()
                .map(|subject| printable(&subject.to_string()))
                .collect(),
            verb: fact.verb.to_string(),
            object: printable(&fact.object.to_string()),
            range: printable(&fact.range),
            origins: fact.origins.iter().map(Origin::to_string).collect(),
            places: places(fact),
        };
        Self {
            platform: conflict.target.platform.subdir(),
            process: conflict.target.process.to_string(),
            contested: conflict
                .contested()
                .into_iter()
                .map(ToString::to_string)
                .collect(),
            facts: conflict.facts.iter().map(fact).collect(),
            text: crate::conflict::text(conflict, None),
        }
    }
}

fn places(fact: &Fact) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    for place in fact
        .origins
        .iter()
        .filter_map(|origin| origin.place.as_ref())
    {
        let place = place.to_string();
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}
