//! What cannot be, told in the nouns of a studio.

use ayon_backend::{Demand, Demander, Lack, Refusal, Resolution, ResolveError};
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
    let demands = conflict.statements.iter().map(|statement| Demand {
        by: match &statement.speaker {
            Speaker::Asker(asker) | Speaker::Own(_, asker) => {
                Demander::Origin(question.origin(*asker))
            }
            speaker => Demander::Artefact(who(speaker)),
        },
        words: format!("{} {}", statement.about, statement.ranges.join(", ")),
    });
    let demands = demands.collect();
    let mut refusal = refusal(resolution, Vec::new(), conflict.lines(&who).join("\n"));
    refusal.demands = demands;
    refusal.account.clone_from(&conflict.account);
    ResolveError::Refused(Box::new(refusal))
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
    let refusal = refusal(resolution, lacks.collect(), explanation.to_owned());
    ResolveError::Refused(Box::new(refusal))
}

fn refusal(resolution: &Resolution, lacks: Vec<Lack>, explanation: String) -> Refusal {
    Refusal {
        what: match &resolution.bundle {
            Some(name) => format!("bundle {name}"),
            None => "the plan".to_owned(),
        },
        answer: ANSWER,
        target: resolution.target.clone(),
        lacks,
        explanation,
        demands: Vec::new(),
        account: Vec::new(),
    }
}
