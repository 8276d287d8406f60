//! What a project bundle makes of a studio bundle: the server's merge, with its silences broken.
//!
//! Addons are merged entry by entry; the installer and the dependency packages are taken from the project bundle's own
//! record, even where that is empty (reference `ayon.md` §4, §5). Two cases fall back to the studio's version without
//! a word on the server; here each is a warning.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::{
    AddonChoice, AddonDevelopment, AddonName, Bundle, DISABLE, Finding, FindingCode, Origin, Place,
    Selected, Severity, Studio, Subject, System,
};

/// The bundle that a process really sees.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveBundle {
    /// The name to call it by: the project bundle's, else the studio bundle's.
    pub name: Arc<str>,
    /// The studio bundle underneath.
    pub studio_bundle: Arc<str>,
    /// The pins, in the order of the studio bundle, the project's own additions last.
    pub addons: IndexMap<AddonName, EffectivePin>,
    /// The launcher's version.
    pub installer_version: Option<String>,
    /// Dependency package file name by system.
    pub dependency_packages: BTreeMap<System, String>,
    /// What a developer works on, where it is enabled.
    pub development: BTreeMap<AddonName, AddonDevelopment>,
    /// Where it is written.
    pub place: Place,
    /// What the merge did in silence.
    pub findings: Vec<Finding>,
}

/// The version of one addon, and who decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectivePin {
    /// The version as written; it may be none.
    pub version: String,
    /// Whose decision.
    pub source: PinSource,
    /// Where it is written.
    pub place: Place,
}

/// Whose decision a pin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinSource {
    /// The studio bundle's.
    Studio,
    /// The project bundle's.
    Project,
}

impl EffectiveBundle {
    /// This bundle as the one who asks, at `key`.
    pub fn origin(&self, key: &str) -> Origin {
        Origin::new(
            Subject::Bundle(Arc::clone(&self.name)),
            self.place.at(key, None),
        )
    }

    /// The origin of the pin of `addon`.
    pub fn pin_origin(&self, addon: &AddonName) -> Option<Origin> {
        let pin = self.addons.get(addon)?;
        let name = match pin.source {
            PinSource::Studio => &self.studio_bundle,
            PinSource::Project => &self.name,
        };
        Some(Origin::new(
            Subject::Bundle(Arc::clone(name)),
            pin.place.clone(),
        ))
    }

    /// The pins as a check request has them.
    pub fn request_addons(&self) -> IndexMap<String, Option<String>> {
        self.addons
            .iter()
            .map(|(name, pin)| (name.as_str().to_owned(), Some(pin.version.clone())))
            .collect()
    }
}

/// Merges what was selected from `studio`.
pub fn merge(studio: &Studio, selected: &Selected<'_>) -> EffectiveBundle {
    let bundle = selected.bundle;
    let mut findings = Vec::new();
    let mut addons = studio_pins(bundle, &mut findings);
    let record = selected.project_bundle.unwrap_or(bundle);
    if let Some(project) = selected.project_bundle {
        for (addon, entry) in &project.addons {
            lay_over(
                studio,
                project,
                addon,
                entry.as_deref(),
                &mut addons,
                &mut findings,
            );
        }
    }
    let enabled = |development: &&AddonDevelopment| bundle.is_dev && development.enabled;
    let development = bundle
        .addon_development
        .iter()
        .filter(|(_, development)| enabled(development));
    EffectiveBundle {
        name: Arc::clone(&record.name),
        studio_bundle: Arc::clone(&bundle.name),
        addons,
        installer_version: record.installer_version.clone(),
        dependency_packages: record.dependency_packages.clone(),
        development: development
            .map(|(name, value)| (AddonName::from(name.as_str()), value.clone()))
            .collect(),
        place: record.place.clone(),
        findings,
    }
}

fn pin_place(bundle: &Bundle, addon: &str) -> Place {
    bundle.place.at(format!("addons.{addon}"), None)
}

fn studio_pins(bundle: &Bundle, findings: &mut Vec<Finding>) -> IndexMap<AddonName, EffectivePin> {
    let mut pins = IndexMap::new();
    for (addon, entry) in &bundle.addons {
        let name = AddonName::from(addon.as_str());
        let place = pin_place(bundle, addon);
        match AddonChoice::of(entry.as_deref()) {
            AddonChoice::Unused => continue,
            AddonChoice::Inherit => project_word(bundle, &name, crate::INHERIT, &place, findings),
            AddonChoice::Version(DISABLE) => project_word(bundle, &name, DISABLE, &place, findings),
            AddonChoice::Version(_) => {}
        }
        // The server keeps such a word as the version it judges, and so does the pin.
        let version = entry.clone().unwrap_or_default();
        pins.insert(
            name,
            EffectivePin {
                version,
                source: PinSource::Studio,
                place,
            },
        );
    }
    pins
}

fn project_word(
    bundle: &Bundle,
    addon: &AddonName,
    word: &str,
    place: &Place,
    findings: &mut Vec<Finding>,
) {
    let message = format!(
        "studio bundle {} gives `{word}` as the version of {addon}: only a project bundle can say that",
        crate::printable(&bundle.name)
    );
    let origin = Origin::new(Subject::Bundle(Arc::clone(&bundle.name)), place.clone());
    findings.push(
        Finding::ours(FindingCode::ProjectWord, Severity::Error, message)
            .about(addon)
            .written(origin)
            .hint("give a version, or null to leave the addon out"),
    );
}

fn lay_over(
    studio: &Studio,
    project: &Bundle,
    addon: &str,
    entry: Option<&str>,
    pins: &mut IndexMap<AddonName, EffectivePin>,
    findings: &mut Vec<Finding>,
) {
    let name = AddonName::from(addon);
    let version = match AddonChoice::of(entry) {
        AddonChoice::Inherit => return,
        AddonChoice::Unused => {
            pins.shift_remove(&name);
            return;
        }
        AddonChoice::Version(version) => version,
    };
    let place = pin_place(project, addon);
    let refusal = match studio.release(addon, version) {
        None if version == DISABLE => Some(
            "`__disable__` is no version the server knows; use null to take the addon out"
                .to_owned(),
        ),
        None => Some(format!("{addon} {version} is not in the server's library")),
        Some(release) if !release.project_can_override => Some(format!(
            "{addon} {version} does not allow project bundles to override it"
        )),
        Some(_) => None,
    };
    let Some(refusal) = refusal else {
        pins.insert(
            name,
            EffectivePin {
                version: version.to_owned(),
                source: PinSource::Project,
                place,
            },
        );
        return;
    };
    let instead = pins.get(&name).map_or_else(
        || "it is not used at all".to_owned(),
        |pin| format!("the studio's {} is used", crate::printable(&pin.version)),
    );
    let message = format!("{}; {instead}", crate::printable(&refusal));
    let origin = Origin::new(Subject::Bundle(Arc::clone(&project.name)), place);
    findings.push(
        Finding::ours(FindingCode::ProjectFallback, Severity::Warning, message)
            .about(&name)
            .written(origin),
    );
}
