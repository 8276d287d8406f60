//! A solution as a graph, for questions: why is this here, what needs it, in which order?
//!
//! Nodes are the packages that are present and the request; an edge means that one *requires* the
//! other, and so is why the other is there. Weak and forbidding requirements bring nothing in: they
//! are no edges, but [`Resolution::requirements_on`] tells them, since they have a say in the position.
//!
//! Cycles are ordinary data: packages may need each other. Nothing here recurses, so the depth of a
//! graph does not matter. This is the only file that names the graph library.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::solution::{Chosen, Edge, Solution};
use crate::universe::{PackageId, RequirementKind};

/// A [`Solution`] that can be walked. Every answer comes in a stable order.
#[derive(Debug, Clone)]
pub struct Resolution {
    solution: Solution,
    /// `None` is the request. An edge holds the indexes of the requirements that it stands for.
    graph: DiGraph<Option<PackageId>, Vec<usize>>,
    request: NodeIndex,
    nodes: BTreeMap<PackageId, NodeIndex>,
    /// The indexes of all requirements on a package, weak and forbidding ones included.
    on: BTreeMap<PackageId, Vec<usize>>,
}

/// One step of a way through a resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'a> {
    /// Where the step leads.
    pub to: PackageId,
    /// The required edges taken, at least one; all from the same candidate or from the request.
    pub requirements: Vec<&'a Edge>,
}

/// One line of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit<'a> {
    /// What is visited; `None` for the request, which can only end a branch of an inverted tree.
    pub package: Option<PackageId>,
    /// How far from the start.
    pub depth: usize,
    /// The required edges between this and what is one level above; none at the start.
    pub requirements: Vec<&'a Edge>,
    /// Whether what is below has been told further up and is not told again.
    pub repeated: bool,
}

/// How many steps [`Resolution::paths_to`] may try. Only cycles make it try more than it returns.
const MOST_STEPS: usize = 100_000;

impl Resolution {
    /// Builds the graph of a solution.
    pub fn new(solution: Solution) -> Self {
        let mut graph = DiGraph::new();
        let request = graph.add_node(None);
        let nodes: BTreeMap<PackageId, NodeIndex> = solution
            .chosen()
            .map(|(package, _)| (package, graph.add_node(Some(package))))
            .collect();
        let mut on: BTreeMap<PackageId, Vec<usize>> = BTreeMap::new();
        // Parallel requirements share an edge. Ordered by requirement, so that the request's own come
        // in the order asked.
        let mut edges: Vec<(NodeIndex, NodeIndex, Vec<usize>)> = Vec::new();
        let mut known: BTreeMap<(NodeIndex, NodeIndex), usize> = BTreeMap::new();
        for (index, edge) in solution.edges().iter().enumerate() {
            on.entry(edge.requirement.package).or_default().push(index);
            let from = match edge.from {
                None => Some(request),
                Some(subject) => nodes.get(&subject.package).copied(),
            };
            let to = nodes.get(&edge.requirement.package).copied();
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            if edge.requirement.kind == RequirementKind::Required {
                let place = *known.entry((from, to)).or_insert(edges.len());
                match edges.get_mut(place) {
                    Some((_, _, requirements)) => requirements.push(index),
                    None => edges.push((from, to, vec![index])),
                }
            }
        }
        for (from, to, requirements) in edges {
            graph.add_edge(from, to, requirements);
        }
        Self {
            solution,
            graph,
            request,
            nodes,
            on,
        }
    }

    /// The solution that this is the graph of.
    pub fn solution(&self) -> &Solution {
        &self.solution
    }

    /// Where `package` stands, `None` if it is absent.
    pub fn get(&self, package: PackageId) -> Option<Chosen> {
        self.solution.get(package)
    }

    /// The packages that the request itself requires, in the order asked.
    pub fn roots(&self) -> Vec<PackageId> {
        self.neighbours(self.request, Direction::Outgoing)
            .into_iter()
            .filter_map(|(node, _)| self.graph[node])
            .collect()
    }

    /// Every requirement on `package`, of any kind, present or not: the request's first.
    pub fn requirements_on(&self, package: PackageId) -> impl Iterator<Item = &Edge> {
        let indexes = self.on.get(&package).into_iter().flatten();
        indexes.map(|&index| &self.solution.edges()[index])
    }

    /// Every requirement of `package`, of any kind; of the request for `None`.
    pub fn requirements_of(&self, package: Option<PackageId>) -> &[Edge] {
        let edges = self.solution.edges();
        let owner = |edge: &Edge| edge.from.map(|subject| subject.package);
        let start = edges.partition_point(|edge| owner(edge) < package);
        let end = edges.partition_point(|edge| owner(edge) <= package);
        &edges[start..end]
    }

    /// At most `limit` ways from the request to `package`, none through a package twice, shortest
    /// first. Each answers "why is this here" on its own.
    ///
    /// The number of ways can be exponential, so they are searched best first and never all listed.
    /// Where cycles lead the search astray too often it ends early with those found.
    pub fn paths_to(&self, package: PackageId, limit: usize) -> Vec<Vec<Step<'_>>> {
        let Some(&target) = self.nodes.get(&package) else {
            return Vec::new();
        };
        let distances = self.distances_to(target);
        let mut paths = Vec::new();
        // Partial paths as a tree of (node, requirements, index of what it continues, length).
        let mut partial: Vec<(NodeIndex, &[usize], usize, usize)> = vec![(self.request, &[], 0, 0)];
        let mut open = BinaryHeap::from([Reverse((0, Reverse(0), 0))]);
        while let Some(Reverse((_, _, index))) = open.pop() {
            let (node, _, _, length) = partial[index];
            if node == target {
                paths.push(self.steps(&partial, index));
            } else {
                for (next, requirements) in self.neighbours(node, Direction::Outgoing) {
                    let Some(distance) = distances.get(&next) else {
                        continue;
                    };
                    if !passes(&partial, index, next) {
                        let length = length + 1;
                        open.push(Reverse((length + distance, Reverse(length), partial.len())));
                        partial.push((next, requirements, index, length));
                    }
                }
            }
            if paths.len() >= limit || partial.len() > MOST_STEPS {
                break;
            }
        }
        paths.truncate(limit);
        paths
    }

    /// What the request brought in, as a tree in the order of reading. Every package is unfolded where
    /// it is met first and only named after that.
    pub fn tree(&self) -> Vec<Visit<'_>> {
        let mut visits = self.unfold(self.request, Direction::Outgoing);
        visits.remove(0);
        for visit in &mut visits {
            visit.depth -= 1;
        }
        visits
    }

    /// What `package` brings in, starting with itself; empty if it is absent.
    pub fn tree_of(&self, package: PackageId) -> Vec<Visit<'_>> {
        let start = self.nodes.get(&package);
        start.map_or_else(Vec::new, |&start| self.unfold(start, Direction::Outgoing))
    }

    /// What brings `package` in, starting with itself, up to the request; empty if it is absent.
    pub fn inverted_tree_of(&self, package: PackageId) -> Vec<Visit<'_>> {
        let start = self.nodes.get(&package);
        start.map_or_else(Vec::new, |&start| self.unfold(start, Direction::Incoming))
    }

    /// All packages, each after everything that it requires. Packages that require each other come in
    /// one group, lowest id first.
    pub fn dependencies_first(&self) -> Vec<Vec<PackageId>> {
        kosaraju_scc(&self.graph)
            .into_iter()
            .map(|group| {
                let mut group: Vec<PackageId> = group
                    .into_iter()
                    .filter_map(|node| self.graph[node])
                    .collect();
                group.sort_unstable();
                group
            })
            .filter(|group| !group.is_empty())
            .collect()
    }

    /// The neighbours of a node with the requirements between: as written for the request, then by id.
    fn neighbours(&self, node: NodeIndex, direction: Direction) -> Vec<(NodeIndex, &[usize])> {
        let mut neighbours: Vec<(NodeIndex, &[usize])> = self
            .graph
            .edges_directed(node, direction)
            .map(|edge| {
                let other = match direction {
                    Direction::Outgoing => edge.target(),
                    Direction::Incoming => edge.source(),
                };
                (other, edge.weight().as_slice())
            })
            .collect();
        if node == self.request {
            neighbours.sort_by_key(|(_, requirements)| *requirements);
        } else {
            neighbours.sort_by_key(|(node, _)| *node);
        }
        neighbours
    }

    /// The fewest steps from each node to `target`, for those that lead there at all.
    fn distances_to(&self, target: NodeIndex) -> BTreeMap<NodeIndex, usize> {
        let mut distances = BTreeMap::from([(target, 0)]);
        let mut rest = VecDeque::from([(target, 0)]);
        while let Some((node, distance)) = rest.pop_front() {
            for before in self.graph.neighbors_directed(node, Direction::Incoming) {
                distances.entry(before).or_insert_with(|| {
                    rest.push_back((before, distance + 1));
                    distance + 1
                });
            }
        }
        distances
    }

    /// Reads a partial path backwards and turns it round.
    fn steps(
        &self,
        partial: &[(NodeIndex, &[usize], usize, usize)],
        mut index: usize,
    ) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        while let (node, requirements, before, 1..) = partial[index] {
            if let Some(to) = self.graph[node] {
                steps.push(Step {
                    to,
                    requirements: self.edges(requirements),
                });
            }
            index = before;
        }
        steps.reverse();
        steps
    }

    fn unfold(&self, start: NodeIndex, direction: Direction) -> Vec<Visit<'_>> {
        let mut visits = Vec::new();
        let mut unfolded = vec![false; self.graph.node_count()];
        let mut rest: Vec<(NodeIndex, &[usize], usize)> = vec![(start, &[], 0)];
        while let Some((node, requirements, depth)) = rest.pop() {
            let below = self.neighbours(node, direction);
            let repeated = std::mem::replace(&mut unfolded[node.index()], true);
            visits.push(Visit {
                package: self.graph[node],
                depth,
                requirements: self.edges(requirements),
                repeated: repeated && !below.is_empty(),
            });
            if !repeated {
                let below = below.into_iter().rev();
                rest.extend(below.map(|(node, requirements)| (node, requirements, depth + 1)));
            }
        }
        visits
    }

    fn edges(&self, requirements: &[usize]) -> Vec<&Edge> {
        requirements
            .iter()
            .map(|&index| &self.solution.edges()[index])
            .collect()
    }
}

/// Whether the partial path that ends at `index` goes through `node`.
fn passes(
    partial: &[(NodeIndex, &[usize], usize, usize)],
    mut index: usize,
    node: NodeIndex,
) -> bool {
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
