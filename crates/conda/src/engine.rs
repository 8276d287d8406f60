//! The solver: rattler's rules on resolvo. The only file that names either.
//!
//! `rattler_solve` can be asked in one call, and then tells a conflict in prose. So its rules are put under resolvo here,
//! which is what that call does, and a conflict is told by the names in it.

use std::collections::BTreeSet;

use rattler_conda_types::{GenericVirtualPackage, MatchSpec, NamelessMatchSpec, RepoDataRecord};
use rattler_solve::resolvo::{
    CondaDependencyProvider, NameType, RepoData, SolverMatchSpec, SolverPackageRecord,
};
use rattler_solve::{CancellationToken, ChannelPriority, SolveError, SolveStrategy};
use resolvo::conflict::{ConflictEdge, ConflictNode};
use resolvo::{
    ConditionalRequirement, Problem, Requirement, Solver, UnsolvableOrCancelled, VersionSetId,
};

use crate::{Priority, Strategy};

/// What the solver is asked.
pub(crate) struct Task<'a> {
    /// The records of each subdirectory, in the order of channels.
    pub(crate) lists: Vec<Vec<&'a RepoDataRecord>>,
    pub(crate) preferred: Vec<&'a RepoDataRecord>,
    pub(crate) machine: &'a [GenericVirtualPackage],
    /// Without channels: what is not from where it is asked for is no longer among the records.
    pub(crate) specs: Vec<MatchSpec>,
    pub(crate) constraints: Vec<MatchSpec>,
    pub(crate) priority: Priority,
    pub(crate) strategy: Strategy,
}

/// What the solver says.
pub(crate) enum Outcome<'a> {
    Chosen(Vec<&'a RepoDataRecord>),
    Unsolvable(Trouble),
    Stopped,
}

/// What the solver says of a conflict.
#[derive(Default)]
pub(crate) struct Trouble {
    /// The names in it.
    pub(crate) names: BTreeSet<String>,
    /// All of it in its own words.
    pub(crate) account: String,
}

/// Asks the solver. `tell` says whether anybody wants to know of a conflict more than that there is one.
pub(crate) fn ask<'a>(
    task: Task<'a>,
    token: &CancellationToken,
    tell: bool,
) -> Result<Outcome<'a>, String> {
    let provider = provider(&task, token).map_err(|error| error.to_string())?;
    let mut requirements: Vec<ConditionalRequirement> = Vec::new();
    for package in task.machine {
        let spec = NamelessMatchSpec::default();
        let name = package.name.as_normalized();
        requirements.push(version_set(&provider, name, spec).into());
    }
    for spec in task.specs {
        if let Some((name, spec)) = split(spec) {
            requirements.push(version_set(&provider, &name, spec).into());
        }
    }
    let mut constraints = Vec::new();
    for spec in task.constraints {
        if let Some((name, spec)) = split(spec) {
            constraints.push(version_set(&provider, &name, spec));
        }
    }
    let problem = Problem::new()
        .requirements(requirements)
        .constraints(constraints);
    let mut solver = Solver::new(provider);
    let chosen = match solver.solve(problem) {
        Ok(chosen) => chosen,
        Err(UnsolvableOrCancelled::Cancelled(_)) => return Ok(Outcome::Stopped),
        Err(UnsolvableOrCancelled::Unsolvable(_)) if !tell => {
            return Ok(Outcome::Unsolvable(Trouble::default()));
        }
        Err(UnsolvableOrCancelled::Unsolvable(conflict)) => {
            return Ok(Outcome::Unsolvable(Trouble {
                names: names(&conflict, &solver),
                account: conflict.display_user_friendly(&solver).to_string(),
            }));
        }
    };
    let pool = &solver.provider().pool;
    let chosen = chosen.into_iter();
    let records = chosen.filter_map(|id| match &pool.resolve_solvable(id).record {
        SolverPackageRecord::Record(record) => Some(*record),
        SolverPackageRecord::VirtualPackage(_) | SolverPackageRecord::Extra { .. } => None,
    });
    Ok(Outcome::Chosen(records.collect()))
}

fn provider<'a>(
    task: &Task<'a>,
    token: &CancellationToken,
) -> Result<CondaDependencyProvider<'a>, SolveError> {
    let lists = task.lists.iter().map(|list| RepoData {
        records: list.clone(),
        multi_channel: None,
    });
    #[expect(
        clippy::default_trait_access,
        reason = "its name is that of a type whose order is none"
    )]
    let none_excluded = Default::default();
    CondaDependencyProvider::new(
        lists,
        &task.preferred,
        &[],
        task.machine,
        &task.specs,
        None,
        Some(token.clone()),
        match task.priority {
            Priority::Strict => ChannelPriority::Strict,
            Priority::Flexible => ChannelPriority::Flexible,
            Priority::Disabled => ChannelPriority::Disabled,
        },
        None,
        match task.strategy {
            Strategy::Highest => SolveStrategy::Highest,
            Strategy::Lowest => SolveStrategy::LowestVersion,
            Strategy::LowestDirect => SolveStrategy::LowestVersionDirect,
        },
        Vec::new(),
        &none_excluded,
    )
}

/// A spec is always of a single name: others are refused when they are read.
fn split(spec: MatchSpec) -> Option<(String, NamelessMatchSpec)> {
    let name = spec.name.as_exact()?.as_normalized().to_owned();
    Some((name, spec.into()))
}

fn version_set(
    provider: &CondaDependencyProvider<'_>,
    name: &str,
    spec: NamelessMatchSpec,
) -> VersionSetId {
    let pool = &provider.pool;
    let name = pool.intern_package_name(NameType::Base(name.to_owned()));
    pool.intern_version_set(name, SolverMatchSpec::MatchSpec(spec))
}

/// The names in a conflict.
fn names(
    conflict: &resolvo::conflict::Conflict,
    solver: &Solver<CondaDependencyProvider<'_>>,
) -> BTreeSet<String> {
    let graph = conflict.graph(solver).graph;
    let pool = &solver.provider().pool;
    let of_nodes = graph.node_weights().filter_map(|node| match node {
        ConflictNode::Solvable(id) => Some(pool.resolve_solvable(*id).name),
        _ => None,
    });
    let of_edges = graph.edge_weights().filter_map(|edge| match edge {
        ConflictEdge::Requires(Requirement::Single(set)) => {
            Some(pool.resolve_version_set_package_name(*set))
        }
        _ => None,
    });
    of_nodes
        .chain(of_edges)
        .map(|name| pool.resolve_package_name(name).to_string())
        .collect()
}
