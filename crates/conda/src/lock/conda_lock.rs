//! `conda-lock.yml` (CEP 37, version 1): one environment on several platforms.
//!
//! The format has no place for what a record constrains, for virtual packages or for how channels rank; the last two stand
//! in its `custom_metadata`, so that nothing that was assumed is lost.

use std::collections::BTreeMap;

use rattler_conda_lock::{Channel, Hashes, LockFile, Manager, Metadata, Package};

use super::{Distribution, Environment, Location, LockError, NO_HASH, order};
use crate::{Platform, Priority, Record};

/// Writes `environment`. `sources` are the files it was made from, relative to the lock.
///
/// # Errors
/// A package has no hash, or is a Python distribution that no file at a URL holds.
pub fn write(environment: &Environment, sources: &[String]) -> Result<String, LockError> {
    let mut custom = BTreeMap::from([(
        "channel_priority".to_owned(),
        priority(environment.priority).to_owned(),
    )]);
    let mut lock = LockFile::default();
    for platform in &environment.platforms {
        let name = platform.platform;
        lock.metadata.platforms.push(name.to_string());
        custom.insert(
            format!("virtual_packages.{name}"),
            platform.virtual_packages.join(" "),
        );
        for record in &platform.records {
            lock.package.push(conda(record, name)?);
        }
        for distribution in &platform.distributions {
            lock.package.push(pypi(distribution, name)?);
        }
    }
    let channel = |url: &String| Channel {
        url: url.clone(),
        used_env_vars: Vec::new(),
    };
    lock.metadata = Metadata {
        content_hash: lock.compute_content_hashes(),
        channels: environment.channels.iter().map(channel).collect(),
        sources: sources.to_vec(),
        custom_metadata: Some(custom),
        ..lock.metadata
    };
    lock.to_yaml()
        .map_err(|error| LockError::new(&"conda-lock.yml", &error))
}

fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Strict => "strict",
        Priority::Flexible => "flexible",
        Priority::Disabled => "disabled",
    }
}

fn conda(record: &Record, platform: Platform) -> Result<Package, LockError> {
    let hash = Hashes {
        md5: record.md5().map(|digest| digest.to_string()),
        sha256: record.sha256().map(|digest| digest.to_string()),
    };
    if hash == Hashes::default() {
        return Err(LockError::new(&record.file_name(), &NO_HASH));
    }
    let mut dependencies: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for spec in record.depends() {
        let name = order::name(spec);
        // What the machine must have is no package of the lock.
        if name.is_empty() || name.starts_with("__") {
            continue;
        }
        let versions = spec
            .split_once(name)
            .map_or("", |(_, behind)| behind.trim());
        let all = dependencies.entry(name.to_owned()).or_default();
        if !versions.is_empty() && !all.contains(&versions) {
            all.push(versions);
        }
    }
    Ok(Package {
        name: record.name().to_string(),
        version: record.version().to_string(),
        manager: Manager::Conda,
        platform: platform.to_string(),
        dependencies: dependencies.into_iter().map(joined).collect(),
        url: record.url().to_owned(),
        hash,
        source: None,
        build: Some(record.build().to_owned()),
        category: "main".to_owned(),
        optional: false,
    })
}

/// A name with one constraint: a record may name a package twice, once with a build.
fn joined((name, mut all): (String, Vec<&str>)) -> (String, String) {
    let has_build = |constraint: &&str| constraint.contains(' ') || constraint.contains('[');
    // Builds cannot be joined by a comma; the constraint that has one is the narrowest that is written.
    if let Some(with_build) = all.iter().copied().find(has_build) {
        all = vec![with_build];
    }
    (name, all.join(","))
}

fn pypi(distribution: &Distribution, platform: Platform) -> Result<Package, LockError> {
    let name = &distribution.name;
    let Location::Url(url) = &distribution.location else {
        return Err(LockError::new(
            &name,
            &"conda-lock.yml holds files at URLs only; write pixi.lock, or publish it to an index",
        ));
    };
    let hash = Hashes {
        md5: distribution.hashes.get("md5").cloned(),
        sha256: distribution.hashes.get("sha256").cloned(),
    };
    if hash == Hashes::default() {
        return Err(LockError::new(
            &name,
            &"its index says neither sha256 nor md5 of it",
        ));
    }
    let dependencies = distribution
        .requires
        .iter()
        .map(|requirement| requirement_parts(requirement));
    Ok(Package {
        name: name.clone(),
        version: distribution.version.clone(),
        manager: Manager::Pip,
        platform: platform.to_string(),
        dependencies: dependencies.collect(),
        url: url.clone(),
        hash,
        source: None,
        build: None,
        category: "main".to_owned(),
        optional: false,
    })
}

/// The name of a requirement and its versions, `*` for any, without extras and marker.
fn requirement_parts(requirement: &str) -> (String, String) {
    let requirement = requirement.split(';').next().unwrap_or_default().trim();
    let name = order::name(requirement);
    let behind = requirement.get(name.len()..).unwrap_or_default().trim();
    let versions = match behind.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map_or("", |(_, versions)| versions),
        None => behind,
    };
    let versions = versions.trim().trim_matches(['(', ')']);
    let is_source = versions.starts_with('@');
    let versions = if versions.is_empty() || is_source {
        "*"
    } else {
        versions
    };
    (name.to_owned(), versions.to_owned())
}
