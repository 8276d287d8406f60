//! Filling in what only Python can tell, where a Python is allowed.

use std::sync::Arc;

use super::combined;
use super::file::{old_release_time, version_folder};
use super::layout::Layout;
use super::reading::Outcome;
use crate::package::{Defect, DefectKind, Definition, Family, Package, PackageKind};
use crate::repository::definition::Attributes;
use crate::repository::entry::{Entry, Evaluated};
use crate::repository::evaluate::Task;

/// Runs the package files of all packages that need it, and puts what they tell in their place.
pub(super) fn evaluate(layout: Layout<'_>, outcomes: &mut [Outcome]) {
    let Some(python) = &layout.options.python else {
        return;
    };
    let question = python.question();
    let needing = |entry: &Entry| -> Vec<usize> {
        let packages = entry.family.packages.iter().enumerate();
        packages
            .filter(|(_, package)| needs_python(package))
            .map(|(index, _)| index)
            .collect()
    };
    let mut tasks = Vec::new();
    for entry in entries(outcomes) {
        for index in needing(entry) {
            tasks.extend(task(layout, &entry.family, &entry.family.packages[index]));
        }
    }
    if tasks.is_empty() {
        return;
    }
    let mut told = tasks.iter().zip(python.evaluate(&tasks));
    for entry in entries(outcomes) {
        let indexes = needing(entry);
        if indexes.is_empty() {
            continue;
        }
        let mut family = Family::clone(&entry.family);
        for (index, (task, told)) in indexes.into_iter().zip(told.by_ref()) {
            let package = &mut family.packages[index];
            let definition = told.and_then(|told| definition(layout, task, told, &package.kind));
            package.definition = definition.map(Arc::new);
        }
        entry.evaluated = Some(Evaluated {
            family: Arc::new(family),
            question,
        });
    }
}

/// Whether an entry's answer was told for another question than the one that is asked now.
pub(super) fn is_outdated(layout: Layout<'_>, entry: &Entry) -> bool {
    match (&layout.options.python, &entry.evaluated) {
        (Some(python), Some(evaluated)) => evaluated.question != python.question(),
        _ => false,
    }
}

/// Whether only running a package's file would tell what it says.
pub(super) fn needs_python(package: &Package) -> bool {
    let defect = package.definition.as_ref().err();
    defect.is_some_and(|defect| defect.kind == DefectKind::NeedsPython)
}

fn entries(outcomes: &mut [Outcome]) -> impl Iterator<Item = &mut Entry> {
    outcomes
        .iter_mut()
        .filter_map(|outcome| outcome.as_mut().ok()?.as_mut())
}

fn task(layout: Layout<'_>, family: &Family, package: &Package) -> Option<Task> {
    let base = match package.kind {
        PackageKind::Folder => Some(version_folder(
            &layout.root.join(&*family.name),
            &package.version,
        )),
        PackageKind::Combined { .. } => None,
    };
    Some(Task {
        file: package.definition.as_ref().err()?.file.clone(),
        family: family.name.to_string(),
        version: Some(package.version.clone()),
        base,
    })
}

fn definition(
    layout: Layout<'_>,
    task: &Task,
    told: Attributes,
    kind: &PackageKind,
) -> Result<Definition, Defect> {
    let has_timestamp = told.has_timestamp();
    let told = match (kind, &task.version) {
        (PackageKind::Combined { .. }, Some(version)) => {
            combined::read(&task.file, told, layout.options)?.attributes_of(version)?
        }
        _ => told,
    };
    let mut definition = told.definition(&task.file)?;
    if let (false, Some(base)) = (has_timestamp, &task.base) {
        definition.timestamp = old_release_time(base);
    }
    Ok(definition)
}
