//! Dependency packages that do not exist, or were built for something else than this bundle.

use crate::{
    DependencyPackage, EffectiveBundle, Finding, FindingCode, Origin, Severity, Studio, System,
    closest,
};

pub(super) fn inspect(studio: &Studio, bundle: &EffectiveBundle, findings: &mut Vec<Finding>) {
    for (&system, filename) in &bundle.dependency_packages {
        let origin = bundle.origin(&format!("dependencyPackages.{system}"));
        let Some(package) = studio.dependency_packages.get(filename) else {
            let shown = crate::printable(filename);
            let message =
                format!("dependency package {shown} for {system} does not exist in the studio");
            let near = closest(
                filename,
                studio.dependency_packages.keys().map(String::as_str),
            );
            let mut finding = Finding::ours(
                FindingCode::UnknownDependencyPackage,
                Severity::Error,
                message,
            );
            finding.hint = near
                .first()
                .map(|near| format!("the closest one is {near}"));
            findings.push(finding.written(origin));
            continue;
        };
        compare(studio, bundle, system, package, &origin, findings);
    }
}

fn compare(
    studio: &Studio,
    bundle: &EffectiveBundle,
    system: System,
    package: &DependencyPackage,
    origin: &Origin,
    findings: &mut Vec<Finding>,
) {
    let name = crate::printable(&package.filename);
    let mut found = |code, severity, message: String, hint: &str| {
        let record = Origin {
            subject: origin.subject.clone(),
            place: Some(package.place.clone()),
        };
        let finding = Finding::ours(code, severity, message)
            .written(origin.clone())
            .written(record);
        findings.push(if hint.is_empty() {
            finding
        } else {
            finding.hint(hint)
        });
    };
    if package.system != system {
        let message = format!(
            "dependency package {name} was built for {}, not {system}",
            package.system
        );
        found(
            FindingCode::DependencyPackagePlatform,
            Severity::Error,
            message,
            "",
        );
    }
    let (built, used) = (
        package.installer_version.as_deref(),
        bundle.installer_version.as_deref(),
    );
    if let (Some(built), Some(used)) = (built, used)
        && built != used
    {
        let message = format!(
            "dependency package {name} was built for launcher {}, the bundle has {}",
            crate::printable(built),
            crate::printable(used)
        );
        found(
            FindingCode::DependencyPackageLauncher,
            Severity::Warning,
            message,
            "build it again for this bundle",
        );
    }
    // Without a record the server's convention is 3.9, but most records lack it: the launcher it was built for tells.
    let builder = built.and_then(|version| studio.launcher(version));
    let builder =
        builder.and_then(|launcher| launcher.builds_for(package.system).next()?.python.clone());
    let serving = used.and_then(|version| studio.launcher(version));
    let serving = serving.and_then(|launcher| launcher.builds_for(system).next()?.python.clone());
    if let (Some(built), Some(serving)) = (package.python.clone().or(builder), serving)
        && built.release_prefix(2) != serving.release_prefix(2)
    {
        let message = format!(
            "dependency package {name} was built for Python {built}, the launcher runs Python {serving}"
        );
        found(
            FindingCode::DependencyPackagePython,
            Severity::Error,
            message,
            "build it again for this bundle",
        );
    }
    stale(studio, bundle, package, &mut |message| {
        found(
            FindingCode::DependencyPackageStale,
            Severity::Warning,
            message,
            "build it again for this bundle",
        );
    });
}

/// Says which addons changed since the package was built, of those whose Python requirements are in it.
fn stale(
    studio: &Studio,
    bundle: &EffectiveBundle,
    package: &DependencyPackage,
    found: &mut dyn FnMut(String),
) {
    if package.source_addons.is_empty() {
        return;
    }
    let needs =
        |name: &str, version: &str| studio.release(name, version).map(|release| &release.python);
    let differs = |name: &str, old: Option<&str>, new: Option<&str>| {
        let old = old.and_then(|version| needs(name, version));
        let new = new.and_then(|version| needs(name, version));
        let texts = |needs: Option<&crate::PythonNeeds>| -> Vec<String> {
            needs.map_or_else(Vec::new, |needs| {
                let rows = needs.distributions.iter();
                let mut texts: Vec<_> = rows
                    .map(|row| format!("{:?} {:?} {}", row.half, row.system, row.dependency))
                    .collect();
                texts.extend(
                    needs
                        .interpreter
                        .iter()
                        .map(|interpreter| interpreter.text.clone()),
                );
                texts.sort_unstable();
                texts
            })
        };
        texts(old) != texts(new)
    };
    let mut changed = Vec::new();
    let pinned = |name: &str| bundle.addons.get(name).map(|pin| pin.version.as_str());
    let added = bundle.addons.keys().map(crate::AddonName::as_str);
    let mut names: Vec<&str> = package
        .source_addons
        .keys()
        .map(String::as_str)
        .chain(added)
        .collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (old, new) = (
            package.source_addons.get(name).map(String::as_str),
            pinned(name),
        );
        if old != new && differs(name, old, new) {
            let shown = |version: Option<&str>| {
                version.map_or_else(|| "absent".to_owned(), crate::printable)
            };
            changed.push(format!(
                "{} {} -> {}",
                crate::printable(name),
                shown(old),
                shown(new)
            ));
        }
    }
    if !changed.is_empty() {
        let name = crate::printable(&package.filename);
        found(format!(
            "dependency package {name} is stale: Python requirements changed with {}",
            changed.join(", ")
        ));
    }
}
