//! What was chosen, in the files that consumers read.
//!
//! A pure function of the resolutions: conda's records are in their artefacts, pip's files in their lock, and what was
//! taken for granted in their assumptions.

mod deadline;
mod environment_yml;
mod locked;

use ayon_backend::spec::{self, Body, Opening};
use ayon_backend::{Emission, EmitError, Format, Resolution};
use conda::lock::{self, Environment, LockError};

use crate::asking::assumption;
use locked::{Solved, environments};

/// The words of the solved formats.
pub(crate) mod format {
    pub(crate) const ENVIRONMENT_YML: &str = "environment-yml";
    pub(crate) const EXPLICIT: &str = "explicit";
    pub(crate) const PIXI_LOCK: &str = "pixi-lock";
    pub(crate) const CONDA_LOCK: &str = "conda-lock";
    pub(crate) const DEADLINE: &str = "deadline";
}

/// Writes resolutions that were solved.
pub(crate) fn emit(resolutions: &[Resolution], format: &Format) -> Result<Emission, EmitError> {
    let solved: Vec<Solved<'_>> = resolutions
        .iter()
        .map(|resolution| Solved::new(resolution, format.name))
        .collect::<Result<_, _>>()?;
    let mut emission = match format.name {
        format::PIXI_LOCK => pixi(&solved, format)?,
        format::CONDA_LOCK => conda_lock(&solved, format)?,
        _ => Emission::new(),
    };
    if emission.files.is_empty() {
        let names = spec::file_names(format.file_name, resolutions);
        for (solved, name) in solved.iter().zip(names) {
            let text = match format.name {
                format::EXPLICIT => explicit(solved, format)?,
                format::DEADLINE => deadline::write(solved),
                _ => environment_yml::write(solved, format.name)?,
            };
            emission = emission.with_file(name.clone(), text);
            if format.name == format::EXPLICIT && !solved.platform.distributions.is_empty() {
                emission = beside(emission, solved, &name, format)?;
            }
        }
    }
    let notes = solved.iter().map(|solved| {
        let notes = solved.resolution.assumptions.get(assumption::NOTES);
        let mut notes: Vec<String> = notes.into_iter().flatten().cloned().collect();
        if format.name == format::DEADLINE {
            notes.extend(deadline::lacks(solved));
        }
        notes
    });
    emission.notes = together(resolutions, &notes.collect::<Vec<_>>());
    Ok(emission)
}

/// What is said of each resolution, each note once: with its targets, unless it goes for all.
fn together(resolutions: &[Resolution], notes: &[Vec<String>]) -> Vec<String> {
    let mut told: Vec<(&String, Vec<String>)> = Vec::new();
    for (resolution, notes) in resolutions.iter().zip(notes) {
        for note in notes {
            let target = resolution.target.to_string();
            match told.iter_mut().find(|(known, _)| *known == note) {
                Some((_, targets)) => targets.push(target),
                None => told.push((note, vec![target])),
            }
        }
    }
    let one = |(note, targets): (&String, Vec<String>)| {
        if targets.len() == resolutions.len() {
            note.clone()
        } else {
            format!("{}: {note}", targets.join(", "))
        }
    };
    told.into_iter().map(one).collect()
}

/// One file for all: an environment for each process, on each of its platforms.
fn pixi(solved: &[Solved<'_>], format: &Format) -> Result<Emission, EmitError> {
    let environments = environments(solved);
    let text = lock::pixi::write(&environments).map_err(|error| unwritable(error, format.name))?;
    Ok(Emission::new().with_file(format.file_name, text))
}

/// A file for each process, with all its platforms.
fn conda_lock(solved: &[Solved<'_>], format: &Format) -> Result<Emission, EmitError> {
    let environments = environments(solved);
    let mut emission = Emission::new();
    for environment in &environments {
        let name = match environments.as_slice() {
            [_] => format.file_name.to_owned(),
            // conda-lock takes a file for its own by the end of the name.
            _ => format!("{}.{}", environment.name, format.file_name),
        };
        let text = lock::conda_lock::write(environment, &[])
            .map_err(|error| unwritable(error, format.name))?;
        emission = emission.with_file(name, text);
    }
    Ok(emission)
}

fn explicit(solved: &Solved<'_>, format: &Format) -> Result<String, EmitError> {
    let mut body = solved.body();
    body.usage.push(
        "Install it with `conda create --name NAME --file FILE`, of conda 24.9 or newer, or with micromamba; nothing is \
         solved again."
            .to_owned(),
    );
    let distributions = &solved.platform.distributions;
    if !distributions.is_empty() {
        body.usage.push(format!(
            "Then install {} more with pip, from the file of requirements beside it.",
            distributions.len()
        ));
    }
    let list =
        lock::explicit::write(&solved.platform).map_err(|error| unwritable(error, format.name))?;
    let header = spec::header(solved.resolution, &OPENING, &body);
    // Readers of rattler's hold that nothing but comments comes before the mark, not even an empty line.
    Ok(header.trim_end().to_owned() + "\n#\n" + &list)
}

/// What pip installs, in a file beside the list.
fn beside(
    emission: Emission,
    solved: &Solved<'_>,
    name: &str,
    format: &Format,
) -> Result<Emission, EmitError> {
    let Some(lock) = solved.resolution.lock.as_deref() else {
        return Ok(emission);
    };
    let text = pypi::lock::requirements::write(std::slice::from_ref(lock)).map_err(|error| {
        EmitError::Inexpressible {
            what: "what is left to pip".to_owned(),
            format: format.name,
            reason: error.to_string(),
        }
    })?;
    let mut body = solved.body();
    body.usage.push(
        "Install it into the conda environment with `pip install --require-hashes --no-deps --only-binary :all: -r FILE`."
            .to_owned(),
    );
    let header = spec::header(solved.resolution, &PIP_OPENING, &body);
    let stem = name.strip_prefix("explicit").unwrap_or(name);
    Ok(emission.with_file(format!("requirements{stem}"), header + &text))
}

/// How the headers of locks begin.
const OPENING: Opening = Opening {
    kind: "Lock",
    about: "What to install with conda, solved against the channels below: everything that the addons need and the process does \
            not have already, with an interpreter of its own.",
    is_without_provided: true,
};

const PIP_OPENING: Opening = Opening {
    kind: "Lock of what no channel has",
    about: "What to install with pip beside the conda packages, solved around them.",
    is_without_provided: true,
};

fn unwritable(error: LockError, format: &'static str) -> EmitError {
    EmitError::Inexpressible {
        what: error.what,
        format,
        reason: error.reason,
    }
}

/// Facts for a header.
fn facts(environment: &Environment, solved: &Solved<'_>, body: &mut Body) {
    let platform = &solved.platform;
    for channel in &environment.channels {
        body.facts.push(("channel", channel.clone()));
    }
    body.facts
        .push(("priority", solved.priority_word().to_owned()));
    body.facts
        .push(("machine", platform.virtual_packages.join(" ")));
    body.facts.push((
        "packages",
        format!(
            "{} from channels, {} from an index by pip",
            platform.records.len(),
            platform.distributions.len()
        ),
    ));
}
