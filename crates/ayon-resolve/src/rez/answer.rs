//! What came of a resolve, and the context it makes.

use std::sync::Arc;

use rez::context::{Context, ContextStatus, Graph, VariantHandle};
use rez::explain::{Explanation, Hint};
use rez::repository::Location;
use rez::requirement::Requirement;
use rez::solver::{Outcome, Progress, Resolve};

use super::reasons::Member;

/// What came of a resolve.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the solver says.
    pub outcome: Outcome,
    /// The same as rez keeps it, with what was asked and where.
    pub context: Context,
    /// Where it does not resolve: why, told better than rez does.
    pub explanation: Option<Explanation>,
    /// Where it does not resolve: single changes of the request with which it would.
    pub hints: Vec<Hint>,
}

impl Answer {
    /// An answer; `context` says what was asked, and is given what came of it.
    pub(super) fn new(outcome: Outcome, locations: &[&Location], mut context: Context) -> Self {
        let asked: Vec<Requirement> = context
            .requests
            .iter()
            .chain(&context.implicit)
            .cloned()
            .collect();
        match &outcome {
            Outcome::Solved(resolve) => {
                context.status = ContextStatus::Solved;
                context.resolved = handles(resolve, locations);
                context.ephemerals.clone_from(&resolve.ephemerals);
                context.graph = Graph::of_resolve(&asked, resolve).compact();
            }
            Outcome::Failed(failure) => {
                context.status = ContextStatus::Failed;
                context.failure_description = Some(failure.to_string());
                context.graph = Graph::of_failure(&asked, &failure.reason).compact();
            }
            Outcome::Aborted(stop, _) => {
                context.status = ContextStatus::Aborted;
                context.failure_description = Some(stop.0.clone());
            }
        }
        Self {
            outcome,
            context,
            explanation: None,
            hints: Vec::new(),
        }
    }

    /// The resolve, if there is one.
    pub fn resolve(&self) -> Option<&Resolve> {
        match &self.outcome {
            Outcome::Solved(resolve) => Some(resolve),
            Outcome::Failed(_) | Outcome::Aborted(..) => None,
        }
    }

    /// How much work it was.
    pub fn progress(&self) -> Progress {
        match &self.outcome {
            Outcome::Solved(resolve) => resolve.progress,
            Outcome::Failed(failure) => failure.progress,
            Outcome::Aborted(_, progress) => *progress,
        }
    }

    /// The packages with what they ask for; none where there is no resolve.
    pub fn members(&self) -> Vec<Member> {
        let packages = self
            .resolve()
            .into_iter()
            .flat_map(|resolve| &resolve.packages);
        packages
            .map(|package| Member {
                name: Arc::clone(&package.name),
                version: package.version.clone(),
                index: package.index,
                requires: package.requires.clone(),
            })
            .collect()
    }
}

fn handles(resolve: &Resolve, locations: &[&Location]) -> Vec<VariantHandle> {
    let packages = resolve.packages.iter().filter_map(|package| {
        Some(VariantHandle::new(
            // The solver names only repositories that it was given.
            locations.get(package.repository)?,
            package.kind.clone(),
            Arc::clone(&package.name),
            package.version.clone(),
            package.index,
        ))
    });
    packages.collect()
}
