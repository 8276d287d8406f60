//! A conflict as a graph: every subject and every object is a node, every fact an edge.
//!
//! Releases of one addon are one node with all their versions, so that the way from the bundle through the addon to what
//! it cannot live with is one line of a picture.

use std::collections::BTreeMap;

use ayon_model::{Subject, printable};
use ayon_solve::{Conflict, Fact, Object};

use super::{Builder, Edge, Graph, Kind, NodeId};

impl Graph {
    /// The facts of `conflict`, for pictures. Nothing is laid in that no fact says.
    pub fn of_conflict(conflict: &Conflict) -> Self {
        let mut builder = Builder::new(&Subject::Request.to_string());
        let mut versions: BTreeMap<NodeId, Vec<String>> = BTreeMap::new();
        // Which versions of a node say what.
        let mut says: Vec<(Edge, Vec<String>)> = Vec::new();
        for fact in &conflict.facts {
            let to = object(&mut builder, &fact.object);
            let mut same = conflict.facts.iter();
            builder.nodes[to.0].is_contested |=
                same.any(|other| other.object == fact.object && other != fact);
            let mut speakers: BTreeMap<NodeId, Vec<String>> = BTreeMap::new();
            for subject in &fact.subjects {
                let (from, version) = node(&mut builder, subject);
                speakers.entry(from).or_default().extend(version);
            }
            for (from, speakers) in speakers {
                let known = versions.entry(from).or_default();
                for version in &speakers {
                    if !known.contains(version) {
                        known.push(version.clone());
                    }
                }
                if from != to {
                    says.push((edge(fact, from, to), speakers));
                }
            }
        }
        for (mut edge, speakers) in says {
            if versions
                .get(&edge.from)
                .is_some_and(|all| all.len() > speakers.len())
            {
                edge.words = format!("{} ({})", edge.words, printable(&speakers.join(", ")));
            }
            builder.edges.push(edge);
        }
        for (id, versions) in versions {
            builder.version(id, &versions.join(", "));
        }
        builder.finish(conflict.target.to_string())
    }
}

fn edge(fact: &Fact, from: NodeId, to: NodeId) -> Edge {
    let place = fact.origins.iter().find_map(|origin| origin.place.as_ref());
    Edge {
        from,
        to,
        verb: Some(fact.verb),
        words: printable(format!("{} {}", fact.object, fact.range).trim_end()),
        place: place.map(ToString::to_string),
    }
}

fn object(builder: &mut Builder, object: &Object) -> NodeId {
    match object {
        Object::Server => builder.node(Kind::Server, "server"),
        Object::Launcher => builder.node(Kind::Launcher, "launcher"),
        Object::Python => builder.node(Kind::Python, "python"),
        Object::Addon(name) => builder.node(Kind::Addon, name.as_str()),
        Object::Distribution(name) => builder.node(Kind::Distribution, name.as_str()),
    }
}

/// The node of a subject, and which version of it speaks.
fn node(builder: &mut Builder, subject: &Subject) -> (NodeId, Option<String>) {
    let (kind, name, version) = match subject {
        Subject::Request => return (Builder::root(), None),
        Subject::Bundle(name) => (Kind::Bundle, name.to_string(), None),
        Subject::Launcher(version) => (
            Kind::Launcher,
            "launcher".to_owned(),
            Some(version.to_string()),
        ),
        Subject::Host { name, version } => (Kind::Host, format!("{name}/{version}"), None),
        Subject::Addon { name, version } => {
            (Kind::Addon, name.to_string(), Some(version.to_string()))
        }
        Subject::Distribution { name, version } => (
            Kind::Distribution,
            name.to_string(),
            Some(version.to_string()),
        ),
        Subject::Studio(_) | Subject::DependencyPackage(_) | Subject::Index(_) => {
            (Kind::Other, subject.to_string(), None)
        }
    };
    (builder.node(kind, &name), version)
}
