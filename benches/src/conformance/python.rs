//! What both kinds of recorded Python resolves share: asking our solver, and holding its answer against the record.

use std::collections::BTreeMap;
use std::sync::Arc;

use pypi::{Requirement, Target};
use pypi_solve::{Ask, Asker, Refusal, Root, Rules, solve};

use crate::python::{Choice, Form, Judgement, PythonWorld, differences};

/// A question about a closed world.
pub(super) struct Question {
    pub(super) world: PythonWorld,
    pub(super) target: Arc<Target>,
    pub(super) roots: Vec<Requirement>,
    pub(super) rules: Rules,
}

impl Question {
    /// How our answer differs from the recorded one, with the index's pages in `form`. `packages` is the recorded set; a
    /// record without it only says that there is one.
    pub(super) fn differences(
        &self,
        form: Form,
        satisfiable: bool,
        packages: Option<&Choice>,
    ) -> Vec<String> {
        let index = match self.world.index(form) {
            Ok(index) => index,
            Err(error) => return vec![error.to_string()],
        };
        match (solve(&index, &self.ask(), &|| false), satisfiable) {
            (Ok(solution), _) => {
                let ours: Choice = solution
                    .packages()
                    .map(|package| (package.name.clone(), package.version.clone()))
                    .collect();
                let mut lines = self.judgement().faults(&ours);
                if !satisfiable {
                    lines.push(format!("no solution recorded, {} by us", in_words(&ours)));
                }
                if let Some(packages) = packages {
                    lines.extend(differences(packages, &ours));
                }
                lines
            }
            (Err(Refusal::Conflict(_)), false) => Vec::new(),
            (Err(Refusal::Conflict(_)), true) => vec!["a solution recorded, none by us".to_owned()],
            (Err(error), _) => vec![error.to_string()],
        }
    }

    /// Judges answers without our solver.
    pub(super) fn judgement(&self) -> Judgement<'_> {
        Judgement {
            world: &self.world,
            target: &self.target,
            roots: &self.roots,
        }
    }

    /// The question for our solver.
    pub(super) fn ask(&self) -> Ask {
        let roots = self.roots.iter().zip(0..);
        let roots = roots.map(|(requirement, asker)| Root {
            requirement: requirement.clone(),
            asker: Asker(asker),
        });
        Ask {
            roots: roots.collect(),
            rules: self.rules.clone(),
            ..Ask::new(Arc::clone(&self.target))
        }
    }
}

/// A recorded set, read.
pub(super) fn recorded_choice(
    recorded: &BTreeMap<String, String>,
) -> Result<Choice, Box<dyn std::error::Error>> {
    recorded
        .iter()
        .map(|(name, version)| Ok((name.parse()?, version.parse()?)))
        .collect()
}

fn in_words(choice: &Choice) -> String {
    let pairs = choice
        .iter()
        .map(|(name, version)| format!("{name} {version}"));
    pairs.collect::<Vec<_>>().join(", ")
}
