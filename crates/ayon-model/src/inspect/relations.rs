//! Relations that the server never gets to judge: names it does not know, ranges it cannot read, checks it skips.

use std::collections::BTreeSet;

use crate::{EffectiveBundle, Finding, FindingCode, Knowledge, Severity, Studio, closest};

pub(super) fn inspect(studio: &Studio, bundle: &EffectiveBundle, findings: &mut Vec<Finding>) {
    for (name, pin) in &bundle.addons {
        // A release that is not in the library is the server's own finding.
        let Some(release) = studio.release(name.as_str(), &pin.version) else {
            continue;
        };
        if let Some(reason) = &release.broken {
            let message = format!(
                "addon {name} {} is broken: {}",
                release.version,
                crate::printable(reason)
            );
            let origin = release.origin("", None);
            findings.push(
                Finding::ours(FindingCode::AddonBroken, Severity::Error, message)
                    .about(name)
                    .written(origin),
            );
        }
        let relations = match &release.relations {
            Knowledge::Known(relations) => relations,
            Knowledge::Legacy => continue,
            Knowledge::Unknown(reason) => {
                let message = format!(
                    "what addon {name} {} requires is not known: {reason}",
                    release.version
                );
                let finding =
                    Finding::ours(FindingCode::RelationsUnknown, Severity::Warning, message);
                findings.push(finding.about(name).written(release.origin("", None)));
                continue;
            }
        };
        if relations.launcher.is_some() && bundle.installer_version.is_none() {
            let addons: BTreeSet<&str> = relations
                .addons()
                .map(|(_, other, _)| other.as_str())
                .collect();
            let what = match addons.len() {
                0 => continue,
                _ => addons.into_iter().collect::<Vec<_>>().join(", "),
            };
            let message = format!(
                "without a launcher the server does not check what addon {name} asks of {what}"
            );
            let origin = release.origin("ayon_launcher_version", None);
            findings.push(
                Finding::ours(FindingCode::ChecksLost, Severity::Warning, message)
                    .about(name)
                    .written(origin),
            );
        }
        for (field, other, range) in relations.ranges() {
            if let Some(fault) = range.fault() {
                let subject = other.map_or_else(String::new, |other| format!(" for {other}"));
                let message = format!(
                    "addon {name} {}: the range{subject} cannot be read: {fault}",
                    release.version
                );
                let mut finding =
                    Finding::ours(FindingCode::UnreadableRange, Severity::Error, message)
                        .about(name);
                finding.required_addon = other.map(|other| other.as_str().to_owned());
                findings.push(finding.written(release.origin(field, other)));
            }
        }
        for (field, other, _) in relations
            .addons()
            .filter(|(_, other, _)| !studio.addons.contains_key(*other))
        {
            let near = closest(
                other.as_str(),
                studio.addons.keys().map(crate::AddonName::as_str),
            );
            let message = format!(
                "addon {name} {} speaks of `{other}`, which is no addon here",
                release.version
            );
            let mut finding =
                Finding::ours(FindingCode::UnknownAddon, Severity::Warning, message).about(name);
            finding.required_addon = Some(other.as_str().to_owned());
            finding.hint = near
                .first()
                .map(|near| format!("the closest addon is `{near}`"));
            findings.push(finding.written(release.origin(field, Some(other))));
        }
    }
}
