//! Python requirements against what a process already has, and against each other.

use std::collections::BTreeMap;

use pypi::{Constraint, DistributionName, VersionSet};

use super::launcher_build;
use crate::{
    AddonRelease, EffectiveBundle, Finding, FindingCode, LauncherBuild, Origin, Process, Provision,
    PythonRequirement, Severity, Studio, Target,
};

pub(super) fn inspect(
    studio: &Studio,
    bundle: &EffectiveBundle,
    targets: &[Target],
    python: Option<&pypi::Version>,
    findings: &mut Vec<Finding>,
) {
    let releases: Vec<&AddonRelease> = bundle
        .addons
        .iter()
        .filter_map(|(name, pin)| {
            studio
                .release(name.as_str(), &pin.version)
                .map(AsRef::as_ref)
        })
        .collect();
    for release in &releases {
        unreadable(release, findings);
    }
    let mut once = Once::default();
    for target in targets {
        // A missing launcher or build is a finding already; without one nothing can be said about a process.
        let Some(build) = launcher_build(studio, bundle, target) else {
            continue;
        };
        let version = bundle.installer_version.as_deref().unwrap_or_default();
        match Provision::of(studio, version, build, target, python) {
            Ok(provision) => process(&provision, build, &releases, &mut once),
            Err(error) => {
                let finding = Finding::ours(
                    FindingCode::UnknownHost,
                    Severity::Warning,
                    error.to_string(),
                );
                once.add(target, finding.written(Origin::request()));
            }
        }
    }
    once.into_findings(targets.len(), findings);
}

fn unreadable(release: &AddonRelease, findings: &mut Vec<Finding>) {
    for requirement in &release.python.unreadable {
        let message = format!(
            "addon {} {}: the Python requirement `{}` cannot be read: {}",
            release.name,
            release.version,
            crate::printable(&requirement.name),
            crate::printable(&requirement.message)
        );
        let finding = Finding::ours(FindingCode::UnreadableRequirement, Severity::Error, message);
        findings.push(
            finding
                .about(&release.name)
                .written(requirement.origin.clone()),
        );
    }
}

/// Findings, each said once for all the targets on which it holds.
#[derive(Default)]
struct Once {
    findings: Vec<(Finding, Vec<Target>)>,
}

impl Once {
    /// The same sentence is the same finding, also where each platform's launcher has a file of its own to point at.
    fn add(&mut self, target: &Target, finding: Finding) {
        let same = |(known, _): &&mut (Finding, Vec<Target>)| {
            (known.code, &known.message) == (finding.code, &finding.message)
        };
        match self.findings.iter_mut().find(same) {
            Some((known, targets)) => {
                targets.push(target.clone());
                let new = |origin: &Origin| !known.origins.contains(origin);
                let origins: Vec<Origin> = finding.origins.into_iter().filter(new).collect();
                known.origins.extend(origins);
            }
            None => self.findings.push((finding, vec![target.clone()])),
        }
    }

    fn into_findings(self, all: usize, findings: &mut Vec<Finding>) {
        for (mut finding, targets) in self.findings {
            if targets.len() < all {
                let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
                finding.message = format!("{} [{}]", finding.message, targets.join(", "));
            }
            findings.push(finding);
        }
    }
}

fn process(
    provision: &Provision,
    build: &LauncherBuild,
    releases: &[&AddonRelease],
    once: &mut Once,
) {
    host(provision, build, once);
    let environment = provision.marker_environment();
    let mut asked: BTreeMap<&DistributionName, Vec<(&AddonRelease, &PythonRequirement)>> =
        BTreeMap::new();
    for &release in releases {
        interpreter(provision, release, once);
        for requirement in provision.requirements(release, &environment) {
            asked
                .entry(&requirement.dependency.name)
                .or_default()
                .push((release, requirement));
        }
    }
    for (name, requirements) in asked {
        match provision.modules.get(name) {
            Some(_) => provided(provision, name, &requirements, once),
            None => agreement(&provision.target, name, &requirements, once),
        }
    }
}

fn host(provision: &Provision, build: &LauncherBuild, once: &mut Once) {
    let Process::Host { name, version } = &provision.target.process else {
        return;
    };
    let host = format!("{name}/{version}");
    if let Some(built) = build
        .python
        .as_ref()
        .filter(|built| built.release_prefix(2) != provision.python.version.release_prefix(2))
    {
        let message = format!(
            "the launcher's modules and dependency packages are built for Python {built}, host {host} runs Python {}: \
             compiled modules among them do not load there",
            provision.python.text()
        );
        let finding = Finding::ours(FindingCode::HostPython, Severity::Warning, message);
        once.add(
            &provision.target,
            finding.written(provision.python.origin.clone()),
        );
    }
    for (module, hidden) in &provision.hidden {
        let Some(over) = provision.modules.get(module) else {
            continue;
        };
        let message = format!(
            "{module} {} of host {host} is hidden by {} of the launcher, which comes first on its path",
            hidden.version, over.version
        );
        let finding = Finding::ours(FindingCode::HostModule, Severity::Warning, message);
        once.add(
            &provision.target,
            finding
                .written(hidden.origin.clone())
                .written(over.origin.clone()),
        );
    }
}

fn interpreter(provision: &Provision, release: &AddonRelease, once: &mut Once) {
    let Some(requirement) = &release.python.interpreter else {
        return;
    };
    if !requirement.set.is_disjoint(&provision.python.set) {
        return;
    }
    let message = format!(
        "{} has Python {}, but addon {} {} needs Python {}",
        provision.python.origin.subject,
        provision.python.text(),
        release.name,
        release.version,
        crate::printable(&requirement.text)
    );
    let finding = Finding::ours(FindingCode::PythonContradiction, Severity::Error, message)
        .about(&release.name);
    once.add(
        &provision.target,
        finding
            .written(provision.python.origin.clone())
            .written(requirement.origin.clone()),
    );
}

/// Requirements on a module that is there already, at one version.
fn provided(
    provision: &Provision,
    name: &DistributionName,
    requirements: &[(&AddonRelease, &PythonRequirement)],
    once: &mut Once,
) {
    let given = &provision.modules[name];
    for (release, requirement) in requirements {
        let text = match &requirement.dependency.constraint {
            Constraint::Versions { set, .. } if set.contains(&given.version) => continue,
            Constraint::Versions { text, .. } => text.clone(),
            Constraint::Source(source) => source.to_string(),
        };
        let tool = if LauncherBuild::is_build_tool(name) {
            " (a tool of the launcher's build)"
        } else {
            ""
        };
        let message = format!(
            "{} provides {name} {}{tool}, but addon {} {} needs {}",
            given.origin.subject,
            given.version,
            release.name,
            release.version,
            crate::printable(&text)
        );
        let finding = Finding::ours(FindingCode::PythonContradiction, Severity::Error, message);
        let finding = finding.about(&release.name).written(given.origin.clone());
        once.add(
            &provision.target,
            finding.written(requirement.origin.clone()),
        );
    }
}

/// Requirements of several addons on a distribution that has to be installed.
fn agreement(
    target: &Target,
    name: &DistributionName,
    requirements: &[(&AddonRelease, &PythonRequirement)],
    once: &mut Once,
) {
    let mut set = VersionSet::any();
    let mut sources = Vec::new();
    for (_, requirement) in requirements {
        match &requirement.dependency.constraint {
            Constraint::Versions { set: asked, .. } => set = set.intersection(asked),
            Constraint::Source(source) if sources.contains(&source) => {}
            Constraint::Source(source) => sources.push(source),
        }
    }
    let texts: Vec<String> = requirements
        .iter()
        .map(|(release, requirement)| {
            let text = match &requirement.dependency.constraint {
                Constraint::Versions { text, .. } => text.clone(),
                Constraint::Source(source) => source.to_string(),
            };
            format!(
                "addon {} {} needs {}",
                release.name,
                release.version,
                crate::printable(&text)
            )
        })
        .collect();
    let origins = requirements
        .iter()
        .map(|(_, requirement)| requirement.origin.clone())
        .collect();
    let finding = if set.is_empty() || sources.len() > 1 {
        let message = format!("no {name} satisfies everyone: {}", texts.join(", "));
        Finding::ours(FindingCode::PythonDisagreement, Severity::Error, message)
    } else if !sources.is_empty() && !set.is_any() {
        let message = format!(
            "{name} comes from a source whose version is not known before it is fetched: {}",
            texts.join(", ")
        );
        Finding::ours(FindingCode::PythonSource, Severity::Warning, message)
    } else {
        return;
    };
    once.add(target, Finding { origins, ..finding });
}
