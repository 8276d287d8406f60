//! What is wrong with a bundle beyond the server's judgement.
//!
//! The server compares addon versions with ranges and nothing else. A bundle can pass and still be broken: a launcher
//! that does not exist, a dependency package built for another one, a Python requirement the launcher contradicts. All
//! of it is found in one pass over facts that are all pinned, so no solving is needed.
//!
//! Python requirements are looked at per target; a finding that holds on several targets is said once.

mod packages;
mod python;
mod relations;

use crate::{
    EffectiveBundle, Finding, FindingCode, LauncherBuild, Severity, Studio, Target, closest,
};

/// Every finding of our own about `bundle`, for processes `targets`; `python` overrides what the studio knows of theirs.
///
/// Findings that the merge made are included; those of [`judge`](crate::judge) are not.
pub fn inspect(
    studio: &Studio,
    bundle: &EffectiveBundle,
    targets: &[Target],
    python: Option<&pypi::Version>,
) -> Vec<Finding> {
    let mut findings = bundle.findings.clone();
    relations::inspect(studio, bundle, &mut findings);
    launcher(studio, bundle, targets, &mut findings);
    packages::inspect(studio, bundle, &mut findings);
    python::inspect(studio, bundle, targets, python, &mut findings);
    findings
}

fn launcher(
    studio: &Studio,
    bundle: &EffectiveBundle,
    targets: &[Target],
    findings: &mut Vec<Finding>,
) {
    let origin = bundle.origin("installerVersion");
    let Some(version) = &bundle.installer_version else {
        let message = format!("bundle {} names no launcher", bundle.name);
        let hint = "set the bundle's launcher, or give one with `--launcher`";
        findings.push(
            Finding::ours(FindingCode::NoLauncher, Severity::Error, message)
                .written(origin)
                .hint(hint),
        );
        return;
    };
    let shown = crate::printable(version);
    let Some(launcher) = studio.launcher(version) else {
        let known: Vec<String> = studio.launchers.keys().map(ToString::to_string).collect();
        let near = closest(version, known.iter().map(String::as_str));
        let hint = match (near.as_slice(), known.last()) {
            ([], None) => "the studio has no launcher at all; upload one".to_owned(),
            ([], Some(newest)) => format!("the newest launcher of the studio is {newest}"),
            (near, _) => format!("the studio has {}", near.join(", ")),
        };
        let malformed = semver::Version::parse(version).is_err();
        let why = if malformed {
            "is no semantic version (x.y.z)"
        } else {
            "does not exist in the studio"
        };
        let message = format!("launcher {shown} of bundle {} {why}", bundle.name);
        findings.push(
            Finding::ours(FindingCode::UnknownLauncher, Severity::Error, message)
                .written(origin)
                .hint(hint),
        );
        return;
    };
    let mut systems: Vec<_> = targets
        .iter()
        .map(|target| target.platform.system)
        .collect();
    systems.extend(bundle.dependency_packages.keys());
    systems.sort_unstable();
    systems.dedup();
    for system in systems
        .into_iter()
        .filter(|system| launcher.builds_for(*system).next().is_none())
    {
        let message = format!("launcher {shown} has no build for {system}");
        let built: Vec<_> = launcher
            .builds
            .iter()
            .map(|build| build.system.as_str())
            .collect();
        let hint = format!("it is built for {}", built.join(", "));
        findings.push(
            Finding::ours(FindingCode::LauncherPlatform, Severity::Error, message)
                .written(origin.clone())
                .hint(hint),
        );
    }
}

/// The build of the bundle's launcher that serves `target`, if the bundle has one.
fn launcher_build<'a>(
    studio: &'a Studio,
    bundle: &EffectiveBundle,
    target: &Target,
) -> Option<&'a LauncherBuild> {
    studio
        .launcher(bundle.installer_version.as_deref()?)?
        .builds_for(target.platform.system)
        .next()
}
