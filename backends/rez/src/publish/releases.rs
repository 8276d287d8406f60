//! Launchers and addons as packages: what is released once and never changes.
//!
//! Such a package says what the *release* says, whatever bundle it is published with: only so can two bundles share it.
//!
//! * An addon's hard requirements are hard, its soft ones weak (`~`: if present, then in this range), its forbidden addons
//!   conflicts (`!`). *Compatible* addons are advice and are left out, and so is the server, which is in no environment.
//! * What an addon asks of Python is weak: it limits what may come in and brings nothing. Which distributions are really
//!   needed depends on what the launcher and the host have already, and is said by the bundle.
//! * Where conditions ask for different versions (`python_version < "3.10"`), the package allows all of them: which holds
//!   is decided per target, again by the bundle.
//! * The runtime half is in no package: AYON never puts it on `PYTHONPATH`, which every child process inherits. The
//!   launcher finds it by itself.

use std::collections::BTreeMap;

use ayon_model::{
    AddonName, AddonRelease, Half, Knowledge, Launcher, Origin, System, VersionRange,
};
use pypi::{Constraint, DistributionName, VersionSet};

use super::package_file::{PackageFile, literal};
use super::{Options, PublishError, system_table};
use crate::names::{self, system_word};
use crate::relations::relation_range;
use crate::requests::separated;
use crate::versions::{semver_text, version_range};

/// A launcher, with a variant for each system it is built for.
pub(super) fn launcher(
    launcher: &Launcher,
    options: &Options,
) -> Result<PackageFile, PublishError> {
    let version = launcher.version.to_string();
    let mut folders = BTreeMap::new();
    let mut executables = BTreeMap::new();
    let mut storages = BTreeMap::new();
    let mut variants = Vec::new();
    for system in System::ALL {
        let Some(build) = launcher.builds_for(system).next() else {
            continue;
        };
        let roots = options.roots_of(system);
        let folder = roots.launcher(system, &version, installer_folder(&build.filename))?;
        folders.insert(system, folder);
        executables.insert(system, roots.executable.clone());
        storages.insert(system, roots.storage(system)?);
        variants.push(vec![format!(
            "{}-{}",
            options.names.family(names::PLATFORM),
            system_word(system)
        )]);
    }
    if variants.is_empty() {
        return Err(PublishError::NoBuild { launcher: version });
    }
    let mut commands = system_table("folder", &folders);
    commands.extend(system_table("executable", &executables));
    commands.extend(system_table("storage", &storages));
    commands.extend([
        format!("env.AYON_VERSION = {}", literal(&version)),
        "env.AYON_ROOT = folder".into(),
        "env.AYON_EXECUTABLE = folder + '/' + executable".into(),
        "env.AYON_LAUNCHER_STORAGE_DIR = storage".into(),
        "env.AYON_ADDONS_DIR = storage + '/addons'".into(),
        "env.AYON_DEPENDENCIES_DIR = storage + '/dependency_packages'".into(),
        "env.AYON_MENU_LABEL = 'AYON'".into(),
        "env.USE_AYON_SERVER = '1'".into(),
        "env.PYTHONPATH.prepend(folder + '/dependencies')".into(),
        "env.PYTHONPATH.prepend(folder + '/common')".into(),
        "alias('ayon', '\"$AYON_EXECUTABLE\"')".into(),
    ]);
    Ok(PackageFile {
        name: options.names.family(names::LAUNCHER),
        version: semver_text(&launcher.version),
        description: format!("AYON launcher {version}"),
        tools: vec!["ayon".to_owned()],
        variants,
        commands,
        timestamp: options.timestamp,
        ..PackageFile::default()
    })
}

/// An addon's release. What cannot be said goes to `notes`.
pub(super) fn addon(
    release: &AddonRelease,
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<PackageFile, PublishError> {
    let (name, version) = (release.name.as_str(), release.version.to_string());
    // It becomes part of a path, in a text that rez expands.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !name.chars().all(is_plain) || name.trim_matches('.').is_empty() {
        return Err(PublishError::Name {
            name: ayon_model::printable(name),
        });
    }
    let mut folders = BTreeMap::new();
    for system in System::ALL {
        let folder = options.roots_of(system).addon(system, name, &version)?;
        folders.insert(system, folder);
    }
    let mut commands = system_table("folder", &folders);
    commands.push("env.PYTHONPATH.append(folder)".to_owned());
    let mut requires = relations(release, options)?;
    requires.extend(interpreter(release, options, notes));
    requires.extend(distributions(release, options, notes)?);
    Ok(PackageFile {
        name: options.names.addon_family(&release.name),
        version: semver_text(&release.version),
        description: format!("AYON addon {name} {version}"),
        requires,
        commands,
        timestamp: options.timestamp,
        ..PackageFile::default()
    })
}

/// The folder that an installer's archive unpacks to.
fn installer_folder(filename: &str) -> &str {
    const ENDINGS: [&str; 5] = [".tar.gz", ".zip", ".exe", ".dmg", ".pkg"];
    ENDINGS
        .iter()
        .find_map(|ending| filename.strip_suffix(ending))
        .unwrap_or(filename)
}

fn relations(release: &AddonRelease, options: &Options) -> Result<Vec<String>, PublishError> {
    let relations = match &release.relations {
        Knowledge::Known(relations) => relations,
        Knowledge::Legacy => return Ok(Vec::new()),
        Knowledge::Unknown(reason) => {
            return Err(PublishError::Unknown {
                addon: release.subject().to_string(),
                reason: reason.to_string(),
            });
        }
    };
    let mut requires = Vec::new();
    if let Some(range) = &relations.launcher {
        let text = range_text(range, || release.origin("ayon_launcher_version", None))?;
        requires.push(options.names.family(names::LAUNCHER) + &separated(&text));
    }
    for (addon, range) in &relations.required {
        let family = options.names.addon_family(addon);
        requires.push(match range {
            Some(range) => {
                family + &separated(&relation(release, "ayon_required_addons", addon, range)?)
            }
            None => format!("!{family}"),
        });
    }
    for (addon, range) in &relations.soft_required {
        let Some(range) = range else { continue };
        let text = relation(release, "ayon_soft_required_addons", addon, range)?;
        if !text.is_empty() {
            let family = options.names.addon_family(addon);
            requires.push(format!("~{family}{}", separated(&text)));
        }
    }
    Ok(requires)
}

fn relation(
    release: &AddonRelease,
    field: &str,
    addon: &AddonName,
    range: &VersionRange,
) -> Result<String, PublishError> {
    range_text(range, || release.origin(field, Some(addon)))
}

/// A relation's range as rez writes it; empty for every version.
fn range_text(range: &VersionRange, origin: impl Fn() -> Origin) -> Result<String, PublishError> {
    relation_range(range).ok_or_else(|| PublishError::Range {
        range: range.to_string(),
        reason: range.fault().map_or_else(
            || "no version is in it".to_owned(),
            |fault| fault.reason.clone(),
        ),
        origin: Box::new(origin()),
    })
}

/// The interpreter, where one comes in as a package.
fn interpreter(
    release: &AddonRelease,
    options: &Options,
    notes: &mut Vec<String>,
) -> Option<String> {
    let interpreter = release.python.interpreter.as_ref()?;
    let family = options.names.family(names::PYTHON);
    weak(
        &family,
        &interpreter.set,
        &format!("{}: python", release.subject()),
        notes,
    )
}

/// The distributions that reach every process, all conditions together.
fn distributions(
    release: &AddonRelease,
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, PublishError> {
    if let Some(unreadable) = release.python.unreadable.first() {
        return Err(PublishError::Requirement {
            name: ayon_model::printable(&unreadable.name),
            reason: unreadable.message.clone(),
            origin: Box::new(unreadable.origin.clone()),
        });
    }
    let mut sets: BTreeMap<&DistributionName, VersionSet> = BTreeMap::new();
    let requirements = release.python.distributions.iter();
    for requirement in requirements.filter(|requirement| requirement.half == Half::Dependencies) {
        let dependency = &requirement.dependency;
        // A source may hold any version.
        let any = VersionSet::any();
        let set = match &dependency.constraint {
            Constraint::Versions { set, .. } => set,
            Constraint::Source(_) => &any,
        };
        sets.entry(&dependency.name)
            .and_modify(|known| *known = known.union(set))
            .or_insert_with(|| set.clone());
    }
    let weak = sets.into_iter().filter_map(|(name, set)| {
        let family = options.names.distribution_family(name)?;
        weak(
            &family,
            &set,
            &format!("{}: {name}", release.subject()),
            notes,
        )
    });
    Ok(weak.collect())
}

/// `~family-range`, or nothing where that would say nothing.
fn weak(family: &str, set: &VersionSet, what: &str, notes: &mut Vec<String>) -> Option<String> {
    let range = version_range(set);
    notes.extend(range.notes.iter().map(|note| format!("{what}: {note}")));
    let Some(text) = range.text else {
        notes.push(format!(
            "{what}: rez has no range for {set}, so the package does not limit it"
        ));
        return None;
    };
    (!text.is_empty()).then(|| format!("~{family}{}", separated(&text)))
}
