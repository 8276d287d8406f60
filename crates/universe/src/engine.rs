//! The search: a universe and a request go to pubgrub, its answer comes back in our own words.
//!
//! This is the only file that names the solver library. It translates in both directions:
//!
//! * **Packages become nodes.** The request is a node, every package is one, and every candidate with
//!   variants gets a *choice* node whose slots are its variants, most preferred first.
//! * **Positions become slots.** Slot 0 of a package means *absent*, position `p` is slot `p + 1`. A
//!   weak or forbidding requirement is an ordinary one that also allows slot 0.
//! * **Leaves become facts.** Of a failed search only the leaves of the derivation are kept; what they
//!   say about nodes and slots is told again as requirements with their origins.
//!
//! # Which answer is found
//!
//! The search decides one node after another and only gives up a decision when what it has *proved*
//! excludes it. So whatever is decided first gets its best value, then the second, and so on: the
//! order of decisions is the order of preference. Required packages of the request come first, in the
//! order asked; then the variants of their candidates, in the same order; then the rest, in uv's order:
//! those that conflict again and again first, then those with one candidate left, which decide nothing,
//! otherwise in the order of discovery. Nodes that may still be absent wait until everything else
//! stands, and are absent if they still may.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::sync::Arc;

use pubgrub::{
    Dependencies, DependencyProvider, DerivationTree, External, PackageResolutionStatistics,
    PubGrubError, VersionSet,
};

use crate::Positions;
use crate::conflict::{Conflict, Facts};
use crate::request::{Control, Preference, Request, StopReason};
use crate::solution::{Chosen, Edge, Solution};
use crate::universe::{
    Candidate, PackageId, Requirement, RequirementKind, Subject, Universe, UniverseError,
};

/// Why there is no solution.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The requirements contradict each other; the facts say how.
    #[error("the requirements contradict each other")]
    Conflict(Conflict),
    /// The caller stopped the search.
    #[error("the search was stopped: {0}")]
    Stopped(StopReason),
    /// The owner of a package could not answer.
    #[error("what is known about package {} could not be read", package.0)]
    Universe {
        /// The package that was asked about.
        package: PackageId,
        /// The owner's own error.
        source: UniverseError,
    },
}

/// Finds the best choice of candidates that satisfies the request, or the facts that rule it out.
///
/// The answer depends on nothing but the arguments: not on the order in which a candidate lists its
/// requirements, not on time, not on memory addresses.
pub fn solve<U: Universe + ?Sized>(
    universe: &U,
    request: &Request,
    control: &Control<'_>,
) -> Result<Solution, Failure> {
    let search = Search::new(universe, request, *control);
    match pubgrub::resolve(&search, Node::Request, 0u32) {
        Ok(slots) => Ok(search.solution(slots)),
        Err(PubGrubError::NoSolution(tree)) => Err(Failure::Conflict(search.conflict(tree))),
        Err(
            PubGrubError::ErrorRetrievingDependencies { source, .. }
            | PubGrubError::ErrorChoosingVersion { source, .. }
            | PubGrubError::ErrorInShouldCancel(source),
        ) => Err(match source {
            Interruption::Stopped(reason) => Failure::Stopped(reason),
            Interruption::Universe(package, source) => Failure::Universe { package, source },
        }),
    }
}

/// What the solver library calls a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Node {
    Request,
    Package(PackageId),
    /// Which variant the candidate at this position takes.
    Choice(PackageId, u32),
}

impl fmt::Display for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request => write!(formatter, "request"),
            Self::Package(package) => write!(formatter, "#{}", package.0),
            Self::Choice(package, position) => {
                write!(formatter, "#{} at {position}, variant", package.0)
            }
        }
    }
}

/// The slot of a package that means it is not there.
const ABSENT: u32 = 0;

/// What the solver library calls a set of versions; a type of its own keeps its traits off ours.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Slots(Positions);

impl Slots {
    fn allowed_by(requirement: &Requirement) -> Self {
        let slots = requirement.allowed.raised();
        Self(match requirement.kind {
            RequirementKind::Required => slots,
            RequirementKind::Weak | RequirementKind::Forbidden => {
                slots.union(&Positions::singleton(ABSENT))
            }
        })
    }
}

impl fmt::Display for Slots {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl VersionSet for Slots {
    type V = u32;

    fn empty() -> Self {
        Self(Positions::empty())
    }
    fn full() -> Self {
        Self(Positions::full())
    }
    fn singleton(slot: u32) -> Self {
        Self(Positions::singleton(slot))
    }
    fn complement(&self) -> Self {
        Self(self.0.complement())
    }
    fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0))
    }
    fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0))
    }
    fn contains(&self, slot: &u32) -> bool {
        self.0.contains(*slot)
    }
    fn is_disjoint(&self, other: &Self) -> bool {
        self.0.is_disjoint(&other.0)
    }
    fn subset_of(&self, other: &Self) -> bool {
        self.0.is_subset_of(&other.0)
    }
}

/// When a node is decided; the greatest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    /// It may be absent, and whether it must not be is best known last.
    MaybeAbsent { conflicts: u32 },
    /// Nobody asked for it by name.
    Needed {
        /// How often, once it is [often](OFTEN); else 0.
        conflicts: u32,
        /// Whether one slot is left.
        is_settled: bool,
    },
    /// A choice among the variants of a package that was asked for.
    AskedVariant(Reverse<u32>),
    /// Asked for.
    Asked(Reverse<u32>),
}

/// From so many conflicts on, a package that nobody asked for is decided before others of its kind. uv's
/// number: one or two conflicts are met on the way to most answers, and say nothing.
const OFTEN: u32 = 5;

/// A candidate that contradicts itself: it requires its own package elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SelfContradiction;

impl fmt::Display for SelfContradiction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("because it rules itself out")
    }
}

/// What ends a search without an answer.
#[derive(Debug, thiserror::Error)]
enum Interruption {
    #[error("stopped")]
    Stopped(StopReason),
    #[error("no answer")]
    Universe(PackageId, #[source] UniverseError),
}

type NoSolution = DerivationTree<Node, Slots, SelfContradiction>;

/// One solve: what was asked, and what the universe has answered so far.
struct Search<'a, U: ?Sized> {
    universe: &'a U,
    request: &'a Request,
    control: Control<'a>,
    /// The place of each required package in the order asked.
    ranks: BTreeMap<PackageId, u32>,
    counts: RefCell<BTreeMap<PackageId, u32>>,
    candidates: RefCell<BTreeMap<(PackageId, u32), Candidate<'a>>>,
}

impl<'a, U: Universe + ?Sized> Search<'a, U> {
    fn new(universe: &'a U, request: &'a Request, control: Control<'a>) -> Self {
        let mut ranks = BTreeMap::new();
        for (rank, requirement) in (0..).zip(&request.requirements) {
            if requirement.kind == RequirementKind::Required {
                ranks.entry(requirement.package).or_insert(rank);
            }
        }
        Self {
            universe,
            request,
            control,
            ranks,
            counts: RefCell::default(),
            candidates: RefCell::default(),
        }
    }

    fn candidate_count(&self, package: PackageId) -> Result<u32, Interruption> {
        match self.counts.borrow_mut().entry(package) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(unknown) => {
                let count = self.universe.candidate_count(package);
                Ok(*unknown.insert(count.map_err(|error| Interruption::Universe(package, error))?))
            }
        }
    }

    /// Asks the universe for a candidate, once, and lets `read` look at the answer.
    fn with_candidate<T>(
        &self,
        package: PackageId,
        position: u32,
        read: impl FnOnce(&Candidate<'a>) -> T,
    ) -> Result<T, Interruption> {
        match self.candidates.borrow_mut().entry((package, position)) {
            Entry::Occupied(known) => Ok(read(known.get())),
            Entry::Vacant(unknown) => {
                let candidate = self.universe.candidate(package, position);
                let candidate =
                    candidate.map_err(|error| Interruption::Universe(package, error))?;
                Ok(read(unknown.insert(candidate)))
            }
        }
    }

    /// Turns the library's answer back: which candidates, and all that they require.
    fn solution(&self, slots: impl IntoIterator<Item = (Node, u32)>) -> Solution {
        let slots: BTreeMap<Node, u32> = slots.into_iter().collect();
        let chosen = slots
            .iter()
            .filter_map(|(node, slot)| match node {
                Node::Package(package) => {
                    let position = slot.checked_sub(1)?;
                    let variant = slots.get(&Node::Choice(*package, position)).copied();
                    Some((*package, Chosen { position, variant }))
                }
                Node::Request | Node::Choice(..) => None,
            })
            .collect();
        let edges = self.edges(&chosen);
        Solution { chosen, edges }
    }

    fn edges(&self, chosen: &BTreeMap<PackageId, Chosen>) -> Vec<Edge> {
        let edge = |from, requirement: &Requirement| Edge {
            from,
            requirement: requirement.clone(),
        };
        let mut edges: Vec<Edge> = self
            .request
            .requirements
            .iter()
            .map(|asked| edge(None, asked))
            .collect();
        let candidates = self.candidates.borrow();
        for (&package, &Chosen { position, variant }) in chosen {
            let Some(candidate) = candidates.get(&(package, position)) else {
                continue;
            };
            let subject = Subject {
                package,
                position,
                variant: None,
            };
            edges.extend(
                candidate
                    .requirements
                    .iter()
                    .map(|own| edge(Some(subject), own)),
            );
            let subject = Subject { variant, ..subject };
            let extra = variant.map_or(&[][..], |variant| variant_of(candidate, variant));
            edges.extend(extra.iter().map(|extra| edge(Some(subject), extra)));
        }
        edges
    }

    /// Takes the derivation apart and keeps what its leaves say.
    ///
    /// The tree can be as deep as the search was long, so it is neither walked nor dropped by
    /// recursion; a shared part is read when its last owner lets go of it.
    fn conflict(&self, tree: NoSolution) -> Conflict {
        let mut facts = Facts::default();
        let mut rest = vec![Arc::new(tree)];
        while let Some(part) = rest.pop() {
            match Arc::into_inner(part) {
                Some(DerivationTree::Derived(derived)) => {
                    rest.extend([derived.cause1, derived.cause2]);
                }
                Some(DerivationTree::External(leaf)) => self.tell(leaf, &mut facts),
                None => {}
            }
        }
        facts.into_conflict(self.request)
    }

    fn tell(&self, leaf: External<Node, Slots, SelfContradiction>, facts: &mut Facts) {
        match leaf {
            External::NotRoot(..) => {}
            External::NoVersions(node, slots) => {
                if let Node::Package(package) = node {
                    facts.no_candidate(package, &slots.0.lowered());
                }
            }
            External::Custom(node, slots, SelfContradiction) => {
                self.tell_dependency(node, &slots, node, facts);
            }
            External::FromDependencyOf(node, slots, on, _) => {
                self.tell_dependency(node, &slots, on, facts);
            }
        }
    }

    /// The library merges requirements of one candidate, and candidates with equal requirements; here
    /// they are told one by one again, from what the universe said.
    fn tell_dependency(&self, node: Node, slots: &Slots, on: Node, facts: &mut Facts) {
        let candidates = self.candidates.borrow();
        match (node, on) {
            (Node::Request, Node::Package(on)) => facts.asked(on),
            (Node::Package(package), on) => {
                let asked = candidates.range((package, 0)..=(package, u32::MAX));
                for (&(_, position), candidate) in asked {
                    if !slots.0.contains(position.saturating_add(1)) {
                        continue;
                    }
                    let subject = Subject {
                        package,
                        position,
                        variant: None,
                    };
                    match on {
                        Node::Package(on) => facts.needs(subject, &candidate.requirements, on),
                        Node::Choice(..) => facts.variants(subject, candidate.variants.len()),
                        Node::Request => {}
                    }
                }
            }
            (Node::Choice(package, position), Node::Package(on)) => {
                let Some(candidate) = candidates.get(&(package, position)) else {
                    return;
                };
                for (variant, requirements) in (0..).zip(&candidate.variants) {
                    if slots.0.contains(variant) {
                        let subject = Subject {
                            package,
                            position,
                            variant: Some(variant),
                        };
                        facts.needs(subject, requirements, on);
                    }
                }
            }
            // Nothing depends on the request, and variants depend on packages only.
            _ => {}
        }
    }
}

impl<U: Universe + ?Sized> DependencyProvider for Search<'_, U> {
    type P = Node;
    type V = u32;
    type VS = Slots;
    type Priority = Priority;
    type M = SelfContradiction;
    type Err = Interruption;

    fn prioritize(
        &self,
        node: &Node,
        slots: &Slots,
        statistics: &PackageResolutionStatistics,
    ) -> Priority {
        let conflicts = statistics.conflict_count();
        let rank = |package| self.ranks.get(package).copied().map(Reverse);
        let asked = match node {
            Node::Request => None,
            Node::Package(_) if slots.0.contains(ABSENT) => {
                return Priority::MaybeAbsent { conflicts };
            }
            Node::Package(package) => rank(package).map(Priority::Asked),
            Node::Choice(package, _) => rank(package).map(Priority::AskedVariant),
        };
        asked.unwrap_or_else(|| Priority::Needed {
            conflicts: if conflicts < OFTEN { 0 } else { conflicts },
            is_settled: slots.0.is_singleton(),
        })
    }

    fn choose_version(&self, node: &Node, slots: &Slots) -> Result<Option<u32>, Interruption> {
        let Slots(slots) = slots;
        let Node::Package(package) = node else {
            return Ok(slots.lowest_in(0..Positions::UNBOUNDED));
        };
        if slots.contains(ABSENT) {
            return Ok(Some(ABSENT));
        }
        let end = self.candidate_count(*package)?.saturating_add(1);
        self.universe.consider(*package, &slots.lowered());
        let favoured = match self
            .request
            .preferences
            .get(package)
            .copied()
            .unwrap_or_default()
        {
            Preference::Newest => None,
            Preference::Oldest => slots.lowest_in(1..end),
            Preference::Favoured(position) => {
                let slot = position.saturating_add(1);
                (slot < end && slots.contains(slot)).then_some(slot)
            }
        };
        Ok(favoured.or_else(|| slots.highest_in(1..end)))
    }

    fn get_dependencies(
        &self,
        node: &Node,
        &slot: &u32,
    ) -> Result<Dependencies<Node, Slots, SelfContradiction>, Interruption> {
        let constraints = match *node {
            Node::Request => combine(&self.request.requirements),
            Node::Package(package) => {
                let Some(position) = slot.checked_sub(1) else {
                    return Ok(Dependencies::Available([].into_iter().collect()));
                };
                let constraints = self.with_candidate(package, position, |candidate| {
                    let mut constraints = combine(&candidate.requirements);
                    if let Some(count) = u32::try_from(candidate.variants.len()).ok()
                        && count > 0
                    {
                        let any = Slots(Positions::from(0..count));
                        constraints.push((Node::Choice(package, position), any));
                    }
                    constraints
                })?;
                // The library cannot hold a node to itself; whether that works is known right here.
                let of_itself =
                    |(on, slots): &(Node, Slots)| (on == node).then(|| slots.0.contains(slot));
                if constraints.iter().filter_map(of_itself).any(|fits| !fits) {
                    return Ok(Dependencies::Unavailable(SelfContradiction));
                }
                return Ok(Dependencies::Available(
                    constraints
                        .into_iter()
                        .filter(|(on, _)| on != node)
                        .collect(),
                ));
            }
            Node::Choice(package, position) => {
                self.with_candidate(package, position, |candidate| {
                    combine(variant_of(candidate, slot))
                })?
            }
        };
        Ok(Dependencies::Available(constraints.into_iter().collect()))
    }

    fn should_cancel(&self) -> Result<(), Interruption> {
        match (self.control.should_stop)() {
            Some(reason) => Err(Interruption::Stopped(reason)),
            None => Ok(()),
        }
    }
}

fn variant_of<'c>(candidate: &'c Candidate<'_>, variant: u32) -> &'c [Requirement] {
    usize::try_from(variant)
        .ok()
        .and_then(|variant| candidate.variants.get(variant))
        .map_or(&[], |requirements| requirements)
}

/// One set per package, sorted by package: the order in which requirements were written must not
/// reach the answer.
fn combine(requirements: &[Requirement]) -> Vec<(Node, Slots)> {
    let mut constraints: Vec<(Node, Slots)> = requirements
        .iter()
        .map(|requirement| {
            (
                Node::Package(requirement.package),
                Slots::allowed_by(requirement),
            )
        })
        .collect();
    constraints.sort_by_key(|(node, _)| *node);
    constraints.dedup_by(|(node, slots), (kept, kept_slots)| {
        let same = node == kept;
        if same {
            *kept_slots = kept_slots.intersection(slots);
        }
        same
    });
    constraints
}
