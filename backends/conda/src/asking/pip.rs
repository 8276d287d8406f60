//! What is left to pip, solved around what conda chose.
//!
//! The venv backend solves it. What conda brings is there already, so nothing that is chosen may need it otherwise; what
//! the process has and conda does not bring is installed at the process's version, if something needs it.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_backend::{Ask, Backend, Context, EmitError, Resolution, ResolveError};
use ayon_backend_venv::{Asked, Venv};
use ayon_model::{Given, GivenPython, Origin, Place, Subject};
use conda::{PackageName, Record, Solution};
use pypi::lock::Lock;
use pypi::lock::pins::OldLock;
use pypi::lock::requirements;
use pypi::{DistributionName, Index};

use super::sorting::Sorted;
use crate::options::Options;

/// What is left to pip for one target after another.
pub(super) struct Pip<'a> {
    options: &'a Options,
    index: Option<&'a Arc<dyn Index>>,
    /// What an older lock has.
    previous: &'a [Resolution],
    /// What was chosen for targets before: they get equal versions where they can.
    earlier: Vec<OldLock>,
}

impl<'a> Pip<'a> {
    pub(super) fn new(
        options: &'a Options,
        index: Option<&'a Arc<dyn Index>>,
        previous: &'a [Resolution],
    ) -> Self {
        Self {
            options,
            index,
            previous,
            earlier: Vec::new(),
        }
    }

    /// The lock of what is left to pip.
    pub(super) async fn solve(
        &self,
        resolution: &Resolution,
        sorted: &Sorted<'_>,
        brought: &Brought,
        context: &Context,
    ) -> Result<Arc<Lock>, ResolveError> {
        let names: Vec<&str> = sorted
            .pip
            .iter()
            .map(|(one, _)| one.name.as_str())
            .collect();
        let Some(index) = self.index else {
            return Err(ResolveError::Inexpressible(EmitError::Inexpressible {
                what: names.join(", "),
                format: "a conda environment",
                reason: "no channel has it, and no package index is known for pip".to_owned(),
            }));
        };
        let question = question(resolution, sorted, brought);
        let mut options = self.options.pip.clone();
        options.floors = self.options.floors;
        options.with_provided = false;
        options.previous.extend(self.earlier.iter().cloned());
        options.constraints.extend(held(resolution, &question));
        let venv = Venv::new(options).with_index(Arc::clone(index));
        let ask = Ask {
            resolutions: vec![question],
            format: venv.format("requirements")?,
            previous: self.previous,
        };
        let solved = venv.resolve(ask, context).await?;
        let lock = solved.into_iter().find_map(|one| one.lock);
        let lock = lock.ok_or_else(|| EmitError::Inexpressible {
            what: names.join(", "),
            format: "a conda environment",
            reason: "nothing was chosen for pip".to_owned(),
        })?;
        Ok(lock)
    }

    /// Keeps what was chosen for a target, for those that come.
    pub(super) fn remember(&mut self, lock: &Lock) {
        // What was written is read back as an older lock is; one that cannot be written is refused when it is emitted.
        if let Ok(text) = requirements::write(std::slice::from_ref(lock))
            && let Ok(old) = OldLock::read(&text)
        {
            self.earlier.push(old);
        }
    }

    /// The distributions in what conda chose.
    pub(super) fn brought(&self, solution: &Solution) -> Brought {
        let mut brought = Brought::default();
        for record in &solution.records {
            let version = record.version().to_string().parse::<pypi::Version>();
            let Ok(version) = version else {
                continue;
            };
            let given = Given {
                version,
                origin: from_conda(record),
            };
            let name = record.name();
            if name.as_str() == "python" {
                brought.python = Some(given.clone());
            }
            let needs_python = record.depends().iter().any(|text| is_of_python(text));
            for inside in self.options.names.inside(name.as_str(), needs_python) {
                brought.modules.insert(inside.clone(), given.clone());
                brought.packages.insert(inside, name.clone());
            }
        }
        brought
    }
}

/// What conda brings, in Python's names.
#[derive(Clone, Debug, Default)]
pub(super) struct Brought {
    /// The distributions.
    modules: BTreeMap<DistributionName, Given>,
    /// The packages they are in.
    pub(super) packages: BTreeMap<DistributionName, PackageName>,
    /// The interpreter.
    python: Option<Given>,
}

/// The resolution as the venv backend is to see it: what is left, and what conda brings as modules of the process.
fn question(resolution: &Resolution, sorted: &Sorted<'_>, brought: &Brought) -> Resolution {
    let mut question = resolution.clone();
    question.distributions = sorted
        .pip
        .iter()
        .map(|(one, _)| (one.name.clone(), (*one).clone()))
        .collect();
    question.modules.clone_from(&brought.modules);
    if let Some(python) = &brought.python {
        question.python = GivenPython::new(&python.version, python.origin.clone());
    }
    question
}

/// Whether a dependency is on an interpreter.
fn is_of_python(text: &str) -> bool {
    let rest = text.strip_prefix("python");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '=', '<', '>', '!', '[']))
}

fn from_conda(record: &Record) -> Origin {
    let words = format!("conda's {} {}", record.name(), record.version());
    Origin::new(
        Subject::Index(words.into()),
        Place::file(record.channel().url()),
    )
}

/// What the process has and conda does not bring, at the process's version.
fn held(resolution: &Resolution, question: &Resolution) -> Vec<Asked> {
    let modules = resolution.modules.iter();
    let missing = modules.filter(|(name, _)| !question.modules.contains_key(*name));
    missing
        .filter_map(|(name, given)| {
            Some(Asked {
                requirement: format!("{name}=={}", given.version).parse().ok()?,
                origin: given.origin.clone(),
            })
        })
        .collect()
}
