//! A failed resolve for a program: who asks for what, family by family.

use ayon_resolve::rez::Answer;
use rez::context::Context;
use rez::explain::Explanation;
use rez::solver::{Contested, Statement, Subject};
use serde::Serialize;

use super::texts;

/// Why there is no resolve.
#[derive(Debug, Serialize)]
pub(super) struct FailureDocument {
    /// In rez's words.
    description: String,
    /// In this program's; absent in a context that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationDocument>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExplanationDocument {
    /// Requests that cannot be had together, though any fewer of them could.
    requests: Vec<String>,
    /// How many requests have no part in it.
    other_requests: usize,
    contested: Vec<ContestedDocument>,
    /// Packages that need each other in a circle.
    cycle: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
}

#[derive(Debug, Serialize)]
struct ContestedDocument {
    family: String,
    statements: Vec<StatementDocument>,
}

#[derive(Debug, Serialize)]
struct StatementDocument {
    /// Null where the request itself asks.
    by: Option<AskerDocument>,
    requirement: String,
}

#[derive(Debug, Serialize)]
struct AskerDocument {
    family: String,
    versions: Vec<VersionDocument>,
    /// Who asked for that family, up to one that was requested.
    through: Vec<String>,
}

#[derive(Debug, Serialize)]
struct VersionDocument {
    version: String,
    /// Those that are meant; empty where all are.
    variants: Vec<usize>,
}

/// The failure that `context` tells of, if it does.
pub(super) fn document(context: &Context, answer: Option<&Answer>) -> Option<FailureDocument> {
    let description = context.failure_description.clone()?;
    let explanation = answer.and_then(|answer| answer.explanation.as_ref());
    Some(FailureDocument {
        description,
        explanation: explanation.map(ExplanationDocument::from),
    })
}

impl From<&Explanation> for ExplanationDocument {
    fn from(explanation: &Explanation) -> Self {
        Self {
            requests: texts(&explanation.requests),
            other_requests: explanation.others,
            contested: explanation.contested.iter().map(contested).collect(),
            cycle: explanation.cycle.clone(),
            limit: explanation.limit.clone(),
        }
    }
}

fn contested(contested: &Contested) -> ContestedDocument {
    ContestedDocument {
        family: contested.family.to_string(),
        statements: contested.statements.iter().map(statement).collect(),
    }
}

fn statement(statement: &Statement) -> StatementDocument {
    let by = match &statement.subject {
        Subject::Request => None,
        Subject::Variants {
            family,
            versions,
            path,
        } => Some(AskerDocument {
            family: family.to_string(),
            versions: versions
                .iter()
                .map(|(version, variants)| VersionDocument {
                    version: version.to_string(),
                    variants: variants.clone(),
                })
                .collect(),
            through: path.iter().map(ToString::to_string).collect(),
        }),
    };
    StatementDocument {
        by,
        requirement: statement.requirement.to_string(),
    }
}
