//! The picture of an answer, and that of a failure (`src/rez/solver.py: _ResolvePhase.get_graph`).
//!
//! Both start from the requests, merged as the solver merges them. An answer is drawn as rez draws it, except for ranges
//! that a package with several variants had asked for on the way; the solver does not keep these. Of a failure, what is
//! drawn is its reason, and the requests that lead to it.

use std::collections::BTreeMap;

use super::{EdgeKind, Graph, NodeId, NodeKind};
use crate::requirement::{Requirement, RequirementList};
use crate::solver::{Reason, Reduction, Resolve};
use crate::version::VersionRange;

/// A graph that is being drawn, and what is in it already.
#[derive(Default)]
struct Drawing {
    graph: Graph,
    /// Nodes of requests and requirements by their text.
    requirements: BTreeMap<String, NodeId>,
    /// The same in the order in which they were drawn, to be led to what was taken for them.
    order: Vec<(Requirement, NodeId)>,
    /// Nodes of what was taken, by family, and what they stand for as a request.
    taken: BTreeMap<String, (NodeId, Requirement)>,
}

impl Graph {
    /// Draws an answer. `requests` are all that were made, those of the settings included.
    pub fn of_resolve(requests: &[Requirement], resolve: &Resolve) -> Self {
        let mut drawing = Drawing::default();
        let requests = drawing.requests(requests);
        for package in &resolve.packages {
            let exact = VersionRange::exact(package.version.clone());
            let request = Requirement::construct(package.name.clone(), Some(exact));
            drawing.take(NodeKind::Resolved, package.to_string(), request);
        }
        for ephemeral in &resolve.ephemerals {
            drawing.take(NodeKind::Scope, ephemeral.to_string(), ephemeral.clone());
        }
        for (request, id) in requests {
            if let Some((taken, _)) = drawing.taken.get(request.name()) {
                drawing.graph.edge(id, *taken, EdgeKind::Leads);
            }
        }
        for package in &resolve.packages {
            for requirement in &package.requires {
                let id = drawing.requirement(requirement);
                if let Some((taken, _)) = drawing.taken.get(&*package.name) {
                    drawing.graph.edge(*taken, id, EdgeKind::Leads);
                }
            }
        }
        drawing.lead();
        drawing.graph
    }

    /// Draws a failure. `requests` are all that were made, those of the settings included.
    pub fn of_failure(requests: &[Requirement], reason: &Reason) -> Self {
        let mut drawing = Drawing::default();
        let requests = drawing.requests(requests);
        let targets = match reason {
            Reason::Conflict {
                dependency,
                request,
            } => drawing.conflict(dependency, request),
            Reason::Reduction(reductions) => drawing.reductions(reductions),
            Reason::Cycle(packages) => drawing.cycle(packages),
            Reason::Unknown => return drawing.graph,
        };
        // A request leads to what the failure says of its family.
        let said = drawing.order.split_off(requests.len());
        for (request, id) in requests {
            let node = said
                .iter()
                .rev()
                .find(|(other, _)| other.name() == request.name())
                .map(|(_, node)| *node)
                .or_else(|| Some(drawing.taken.get(request.name())?.0));
            if let Some(node) = node
                && drawing.graph.edges(id).is_empty()
            {
                drawing.graph.edge(id, node, EdgeKind::Leads);
            }
        }
        drawing.graph.prune_to(&targets);
        drawing.graph
    }
}

impl Drawing {
    /// Draws the merged requests; those that cannot be merged are drawn as they are.
    fn requests(&mut self, requests: &[Requirement]) -> Vec<(Requirement, NodeId)> {
        let merged = RequirementList::new(requests.iter().cloned())
            .ok()
            .map(|list| list.iter().cloned().collect::<Vec<_>>())
            .filter(|merged| !merged.is_empty())
            .unwrap_or_else(|| requests.to_vec());
        for request in &merged {
            self.request(NodeKind::Request, request);
        }
        self.order.clone()
    }

    fn requirement(&mut self, requirement: &Requirement) -> NodeId {
        self.request(NodeKind::Requirement, requirement)
    }

    /// The node of a request, which is drawn once.
    fn request(&mut self, kind: NodeKind, request: &Requirement) -> NodeId {
        let text = request.to_string();
        if let Some(id) = self.requirements.get(&text) {
            return *id;
        }
        let id = self.graph.node(kind, text.clone());
        self.requirements.insert(text, id);
        self.order.push((request.clone(), id));
        id
    }

    fn take(&mut self, kind: NodeKind, label: String, request: Requirement) -> NodeId {
        let id = self.graph.node(kind, label);
        self.taken.insert(request.name().to_owned(), (id, request));
        id
    }

    /// Leads every request that leads nowhere to what was taken for it.
    fn lead(&mut self) {
        for (request, id) in &self.order {
            if let Some((taken, as_request)) = self.taken.get(request.name())
                && self.graph.edges(*id).is_empty()
                && !request.conflicts_with(as_request)
            {
                self.graph.edge(*id, *taken, EdgeKind::Leads);
            }
        }
    }

    fn conflict(&mut self, dependency: &Requirement, request: &Requirement) -> Vec<NodeId> {
        let ids = [self.requirement(dependency), self.requirement(request)];
        self.graph.edge(ids[0], ids[1], EdgeKind::Conflict);
        ids.to_vec()
    }

    fn reductions(&mut self, reductions: &[Reduction]) -> Vec<NodeId> {
        let mut targets = Vec::new();
        for Reduction {
            variant,
            dependency,
            request,
        } in reductions
        {
            // `maya-2024.1[0]` is a variant of `maya`.
            let family = variant
                .split('[')
                .next()
                .and_then(|package| Requirement::parse(package).ok());
            let ids = self.conflict(dependency, request);
            let label = variant.clone();
            let node = match family.filter(|family| !self.taken.contains_key(family.name())) {
                Some(family) => self.take(NodeKind::Scope, label, family),
                None => self.graph.node(NodeKind::Scope, label),
            };
            let kind = match reductions {
                [_] => EdgeKind::Leads,
                _ => EdgeKind::Reduced(variant.clone()),
            };
            self.graph.edge(node, ids[0], kind);
            targets.extend(ids);
            targets.push(node);
        }
        targets
    }

    fn cycle(&mut self, packages: &[String]) -> Vec<NodeId> {
        let nodes: Vec<NodeId> = packages
            .iter()
            .map(|package| match Requirement::parse(package) {
                Ok(family) => self.take(NodeKind::Resolved, package.clone(), family),
                Err(_) => self.graph.node(NodeKind::Resolved, package.clone()),
            })
            .collect();
        for (index, node) in nodes.iter().enumerate() {
            self.graph
                .edge(*node, nodes[(index + 1) % nodes.len()], EdgeKind::Cycle);
        }
        nodes
    }
}
