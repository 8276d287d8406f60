//! What a lock does not keep of a resolution: secrets, and orders that say nothing.

use std::path::Path;
use std::sync::Arc;

use ayon_solve::{Artefact, Resolution};
use pypi::lock::{FileLocation, Lock, LockedFile, Origin};
use pypi::{Constraint, Source, without_secret};

use crate::error::MakeError;

/// The resolution as a lock has it. Paths must be texts, since a lock is one.
pub(crate) fn clean(mut resolution: Resolution) -> Result<Resolution, MakeError> {
    resolution
        .addons
        .sort_by(|one, other| one.name.cmp(&other.name));
    resolution.edges.sort_by(|one, other| {
        (&one.object, &one.origin, &one.range).cmp(&(&other.object, &other.origin, &other.range))
    });
    for addon in &resolution.addons {
        if let Some(path) = &addon.development {
            text_of(path, || format!("addon {} {}", addon.name, addon.version))?;
        }
    }
    for distribution in resolution.distributions.values_mut() {
        distribution.source.iter_mut().for_each(hide_in_source);
        for asker in &mut distribution.askers {
            if let Constraint::Source(source) = &mut asker.constraint {
                hide_in_source(source);
            }
        }
    }
    resolution.artefacts.iter_mut().for_each(hide_in_artefact);
    if let Some(lock) = resolution.lock.take() {
        let mut lock = Arc::unwrap_or_clone(lock);
        clean_packages(&mut lock)?;
        resolution.lock = Some(Arc::new(lock));
    }
    Ok(resolution)
}

fn clean_packages(lock: &mut Lock) -> Result<(), MakeError> {
    lock.packages
        .sort_by(|one, other| one.name.cmp(&other.name));
    for package in &mut lock.packages {
        package.index.iter_mut().for_each(hide);
        let name = package.name.clone();
        let files: Vec<&mut LockedFile> = match &mut package.origin {
            Origin::Files { wheels, sdist } => wheels.iter_mut().chain(sdist).collect(),
            Origin::Archive { file, .. } => vec![file],
            Origin::Git { url, .. } => {
                hide(url);
                Vec::new()
            }
            Origin::Directory { path, .. } => {
                text_of(path, || format!("package {name}"))?;
                Vec::new()
            }
        };
        for file in files {
            match &mut file.location {
                FileLocation::Url(url) => hide(url),
                FileLocation::Path(path) => text_of(path, || format!("package {name}"))?,
            }
        }
    }
    Ok(())
}

fn hide_in_artefact(artefact: &mut Artefact) {
    hide(&mut artefact.location);
    if let Some(file) = &mut artefact.file {
        hide(&mut file.url);
    }
}

fn hide_in_source(source: &mut Source) {
    match source {
        Source::Git { url, .. } | Source::Url { url, .. } => hide(url),
        Source::Path { .. } => {}
    }
}

fn hide(url: &mut String) {
    let (clean, has_secret) = without_secret(url);
    if has_secret {
        *url = clean;
    }
}

fn text_of(path: &Path, what: impl Fn() -> String) -> Result<(), MakeError> {
    match path.to_str() {
        Some(_) => Ok(()),
        None => Err(MakeError::NotText {
            what: what(),
            path: path.to_string_lossy().into_owned(),
        }),
    }
}
