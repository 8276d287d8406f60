//! What cannot be, told in the nouns of a studio.

use ayon_backend::{Lack, Refusal, Resolution, ResolveError};
use conda::{Conflict, Speaker};

use super::question::Question;
use super::sorting::Sorted;

const ANSWER: &str = "conda environment";

/// The solver says no.
pub(super) fn conflict(
    question: &Question,
    resolution: &Resolution,
    conflict: &Conflict,
) -> ResolveError {
    let who = |speaker: &Speaker| match speaker {
        Speaker::Asker(asker) | Speaker::Own(_, asker) => question.origin(*asker).to_string(),
        Speaker::Package(name, _) => name.to_string(),
        Speaker::Pins => "what is pinned".to_owned(),
    };
    refusal(resolution, Vec::new(), conflict.lines(&who).join("\n"))
}

/// Pip may not bring what no channel carries.
pub(super) fn without_pip(resolution: &Resolution, sorted: &Sorted<'_>) -> ResolveError {
    let lacks = sorted.pip.iter().map(|(distribution, reason)| Lack {
        request: distribution.name.to_string(),
        reason: reason.clone(),
        askers: distribution
            .askers
            .iter()
            .map(|asker| {
                let words = if asker.text.is_empty() {
                    "any version"
                } else {
                    &asker.text
                };
                (asker.origin.clone(), words.to_owned())
            })
            .collect(),
    });
    let explanation = "Publish these to a channel, say what conda calls them, or leave them to pip: without `--no-pip`.";
    refusal(resolution, lacks.collect(), explanation.to_owned())
}

fn refusal(resolution: &Resolution, lacks: Vec<Lack>, explanation: String) -> ResolveError {
    ResolveError::Refused(Box::new(Refusal {
        what: match &resolution.bundle {
            Some(name) => format!("bundle {name}"),
            None => "the plan".to_owned(),
        },
        answer: ANSWER,
        target: resolution.target.clone(),
        lacks,
        explanation,
    }))
}
