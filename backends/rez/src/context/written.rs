//! Artefacts as the text of a context.

use ayon_backend::{Artefact, EmitError, Resolution};
use rez::context::{ContextStatus, Graph};
use rez::solver::{Progress, Resolve, ResolvedVariant};
use rez::{Location, PackageKind, Requirement, RequirementList, VariantHandle, Version};

use super::{Asking, FOLDER, Question, inexpressible};
use crate::names::{self, platform_words};
use crate::requests::Requests;

/// Writes what was solved as an `.rxt`. `notes` takes what the reader should know.
pub(crate) fn write(
    resolution: &Resolution,
    asking: Asking<'_>,
    notes: &mut Vec<String>,
) -> Result<String, EmitError> {
    if resolution.artefacts.is_empty() {
        return Err(inexpressible(
            resolution,
            "it is not solved against any repository yet; resolve it first",
        ));
    }
    let requests = Requests::of(resolution, asking.options)?;
    notes.extend(requests.all_notes(resolution));
    let family = asking.options.family(names::BUNDLE);
    let has_bundle = resolution
        .artefacts
        .iter()
        .any(|artefact| artefact.name == family);
    let bundle = asking.bundle_request(resolution).filter(|_| has_bundle);
    if let (false, Some(name)) = (has_bundle, &resolution.bundle) {
        let name = ayon_model::printable(name);
        notes.push(format!(
            "no repository has a package of bundle {name}, so the environment does not say which bundle it is; \
             `ayon-resolve rez publish` writes one"
        ));
    }
    let question = asking.question(resolution, &requests, bundle)?;
    let mut context = asking.world.context();
    let (system, processor) = platform_words(resolution.target.platform);
    if !asking.is_home(resolution) {
        context.os = None;
    }
    context.platform = Some(system.to_owned());
    context.arch = Some(processor.to_owned());
    context.status = ContextStatus::Solved;
    context.failure_description = None;
    let (resolve, locations) = resolve_of(resolution, &question)?;
    let asked: Vec<Requirement> = question
        .requests
        .iter()
        .chain(&question.implicit)
        .cloned()
        .collect();
    context.graph = Graph::of_resolve(&asked, &resolve).compact();
    context.resolved = resolve
        .packages
        .into_iter()
        .filter_map(|package| {
            let location = locations.get(package.repository)?;
            let ResolvedVariant {
                kind,
                name,
                version,
                index,
                ..
            } = package;
            Some(VariantHandle::new(location, kind, name, version, index))
        })
        .collect();
    context.ephemerals = resolve.ephemerals;
    context.requests = question.requests;
    context.implicit = question.implicit;
    Ok(context.write())
}

/// What was chosen, as the solver said it: one artefact each, with the location of its repository.
fn resolve_of(
    resolution: &Resolution,
    question: &Question,
) -> Result<(Resolve, Vec<Location>), EmitError> {
    let mut locations: Vec<Location> = Vec::new();
    let mut packages = Vec::new();
    for artefact in &resolution.artefacts {
        let read = read_artefact(artefact);
        let (mut package, location) = read.ok_or_else(|| {
            let reason = format!("`{}` is no rez package that was solved here", artefact.name);
            inexpressible(resolution, &reason)
        })?;
        let known = locations.iter().position(|known| *known == location);
        package.repository = known.unwrap_or(locations.len());
        if known.is_none() {
            locations.push(location);
        }
        packages.push(package);
    }
    let resolve = Resolve {
        ephemerals: ephemerals(resolution, question, &packages)?,
        packages,
        progress: Progress::default(),
    };
    Ok((resolve, locations))
}

fn read_artefact(artefact: &Artefact) -> Option<(ResolvedVariant, Location)> {
    const KINDS: [&str; 2] = ["filesystem", "memory"];
    let (kind, path) = artefact.location.split_once('@')?;
    let location = Location {
        kind: KINDS.into_iter().find(|known| *known == kind)?,
        path: path.to_owned(),
    };
    let requires = artefact.requires.iter();
    let package = ResolvedVariant {
        name: artefact.name.as_str().into(),
        version: Version::parse(&artefact.version).ok()?,
        index: match &artefact.build {
            Some(build) => Some(build.parse().ok()?),
            None => None,
        },
        repository: 0,
        kind: match artefact.form.as_str() {
            FOLDER => PackageKind::Folder,
            extension => PackageKind::Combined {
                extension: extension.into(),
            },
        },
        requires: requires
            .map(|text| Requirement::parse(text).ok())
            .collect::<Option<_>>()?,
    };
    Some((package, location))
}

/// What requests and packages say about things that are no packages, merged.
fn ephemerals(
    resolution: &Resolution,
    question: &Question,
    packages: &[ResolvedVariant],
) -> Result<Vec<Requirement>, EmitError> {
    let asked = question.requests.iter().chain(&question.implicit);
    let all = asked.chain(packages.iter().flat_map(|package| &package.requires));
    let ephemerals = all
        .filter(|requirement| requirement.is_ephemeral())
        .cloned();
    let list = RequirementList::new(ephemerals)
        .map_err(|error| inexpressible(resolution, &error.to_string()))?;
    let mut merged: Vec<Requirement> = list
        .iter()
        .filter(|requirement| !requirement.is_conflict())
        .cloned()
        .collect();
    merged.sort_by(|one, two| one.name().cmp(two.name()));
    Ok(merged)
}
