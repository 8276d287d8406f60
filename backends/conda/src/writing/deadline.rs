//! The two parameters that queue environments of AWS Deadline Cloud take, as `parameter_values.yaml` of a job bundle.
//!
//! `CondaPackages` holds what the addons ask for, each at the version and build that were chosen; the worker solves the rest
//! from `CondaChannels`. A parameter has room for a few dozen words, so the whole set has none.

use std::collections::BTreeSet;

use ayon_backend::Demander;
use ayon_model::Subject;

use super::locked::Solved;
use crate::yaml::scalar;

/// What pip would bring, and nobody does.
pub(super) fn lacks(solved: &Solved<'_>) -> Option<String> {
    let left: BTreeSet<&str> = solved
        .platform
        .distributions
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    (!left.is_empty()).then(|| {
        format!(
            "a queue environment installs nothing with pip, so it lacks {}: publish these to a channel",
            Vec::from_iter(left).join(", ")
        )
    })
}

/// Writes the pair.
pub(super) fn write(solved: &Solved<'_>) -> String {
    let artefacts = &solved.resolution.artefacts;
    let is_asked = |artefact: &&ayon_backend::Artefact| {
        let mut askers = artefact.wanted_by.iter();
        askers.any(|demand| match &demand.by {
            // Nothing that pip would install is there to ask.
            Demander::Origin(origin) => !matches!(origin.subject, Subject::Distribution { .. }),
            Demander::Artefact(_) => false,
        })
    };
    let packages = artefacts
        .iter()
        .filter(is_asked)
        .filter(|artefact| artefact.name != "pip" || solved.platform.distributions.is_empty());
    // Words are separated by spaces, so none can be in one. Every dialect reads a build in brackets.
    let packages: Vec<String> = packages
        .map(|artefact| {
            let build = artefact.build.as_deref().unwrap_or("*");
            format!("{}=={}[build={build}]", artefact.name, artefact.version)
        })
        .collect();
    let parameter =
        |name: &str, value: &str| format!("- name: {name}\n  value: {}\n", scalar(value));
    format!(
        "parameterValues:\n{}{}",
        parameter("CondaPackages", &packages.join(" ")),
        parameter("CondaChannels", &solved.channels().join(" "))
    )
}
