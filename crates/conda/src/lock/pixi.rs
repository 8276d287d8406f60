//! `pixi.lock`, as rattler writes it: format 7, which pixi reads since the release that writes it.
//!
//! One file may hold several environments, each on several platforms. Conda's packages are written with their whole record,
//! so whatever reads the file need not ask a channel again. Virtual packages are a fact of a platform, so all environments
//! of a file must assume the same of it.

use std::collections::BTreeMap;

use rattler_lock::{
    CondaPackageData, LockFileBuilder, PackageHashes, PlatformData, PlatformName,
    PypiDistributionData, PypiIndexes, PypiPackageData, SolveOptions, UrlOrPath,
};
use rattler_solve::ChannelPriority;

use super::{Distribution, Environment, Location, LockError, LockedPlatform, NO_HASH, url};
use crate::{Priority, Record};

/// Writes `environments` to one file.
///
/// # Errors
/// A package has no hash, or something in it is not what its ecosystem calls so (a name, a version, a URL); or two
/// environments assume different virtual packages of one platform.
pub fn write(environments: &[Environment]) -> Result<String, LockError> {
    let mut builder = LockFileBuilder::new()
        .with_platforms(platforms(environments)?)
        .map_err(|error| LockError::new(&"the platforms", &error))?;
    for environment in environments {
        let name = environment.name.as_str();
        builder.set_channels(name, environment.channels.iter().map(String::as_str));
        builder.set_options(
            name,
            SolveOptions {
                channel_priority: match environment.priority {
                    Priority::Strict => ChannelPriority::Strict,
                    Priority::Flexible => ChannelPriority::Flexible,
                    Priority::Disabled => ChannelPriority::Disabled,
                },
                ..SolveOptions::default()
            },
        );
        let has_distributions = |one: &LockedPlatform| !one.distributions.is_empty();
        if environment.platforms.iter().any(has_distributions) {
            let indexes = environment.indexes.iter().map(|index| url(index));
            builder.set_pypi_indexes(
                name,
                PypiIndexes {
                    indexes: indexes.collect::<Result<_, _>>()?,
                    find_links: Vec::new(),
                },
            );
        }
        for platform in &environment.platforms {
            add(&mut builder, name, platform)?;
        }
    }
    builder
        .finish()
        .render_to_string()
        .map_err(|error| LockError::new(&"pixi.lock", &error))
}

/// Every platform that any environment is for, by name.
fn platforms(environments: &[Environment]) -> Result<Vec<PlatformData>, LockError> {
    let mut known: BTreeMap<String, PlatformData> = BTreeMap::new();
    for platform in environments
        .iter()
        .flat_map(|environment| &environment.platforms)
    {
        let subdir = platform.platform.0;
        let data = PlatformData {
            name: PlatformName::from(&subdir),
            subdir,
            virtual_packages: platform.virtual_packages.clone(),
        };
        let name = platform.platform.to_string();
        match known.get(&name) {
            Some(other) if *other != data => {
                return Err(LockError::new(
                    &name,
                    &"two environments assume different virtual packages of it; write them to two files",
                ));
            }
            Some(_) => {}
            None => {
                known.insert(name, data);
            }
        }
    }
    Ok(known.into_values().collect())
}

fn add(
    builder: &mut LockFileBuilder,
    environment: &str,
    platform: &LockedPlatform,
) -> Result<(), LockError> {
    let name = platform.platform.to_string();
    builder
        .add_environment_platform(environment, &name)
        .map_err(|error| LockError::new(&environment, &error))?;
    let mut records: Vec<&Record> = platform.records.iter().collect();
    records.sort_by_key(|record| record.url());
    for record in records {
        builder
            .add_conda_package(environment, &name, conda(record)?)
            .map_err(|error| LockError::new(&record.file_name(), &error))?;
    }
    let mut distributions: Vec<&Distribution> = platform.distributions.iter().collect();
    distributions.sort_by_key(|distribution| &distribution.name);
    for distribution in distributions {
        builder
            .add_pypi_package(environment, &name, pypi(distribution)?)
            .map_err(|error| LockError::new(&distribution.name, &error))?;
    }
    Ok(())
}

fn conda(record: &Record) -> Result<CondaPackageData, LockError> {
    if record.sha256().is_none() && record.md5().is_none() {
        return Err(LockError::new(&record.file_name(), &NO_HASH));
    }
    Ok(record.rattler().clone().into())
}

fn pypi(distribution: &Distribution) -> Result<PypiPackageData, LockError> {
    let name = &distribution.name;
    let location = match &distribution.location {
        Location::Url(text) | Location::Git(text) => UrlOrPath::Url(url(text)?),
        Location::Path(path) => UrlOrPath::Path(path.as_str().into()),
    };
    let hash = hashes(&distribution.hashes);
    if hash.is_none() && !matches!(distribution.location, Location::Git(_)) {
        return Err(LockError::new(
            &name,
            &"its index says neither sha256 nor md5 of it",
        ));
    }
    let requires = distribution.requires.iter().map(|text| {
        text.parse()
            .map_err(|error| LockError::new(&format!("{name} needs {text}"), &error))
    });
    let wrong = |error: &dyn ToString| LockError::new(&name, &error.to_string());
    Ok(PypiDistributionData {
        name: name.parse().map_err(|error| wrong(&error))?,
        version: distribution
            .version
            .parse()
            .map_err(|error| wrong(&error))?,
        location: location.into(),
        index_url: distribution.index.as_deref().map(url).transpose()?,
        hash,
        requires_dist: requires.collect::<Result<_, _>>()?,
        requires_python: distribution
            .requires_python
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|error| wrong(&error))?,
    }
    .into())
}

fn hashes(hashes: &BTreeMap<String, String>) -> Option<PackageHashes> {
    use rattler_digest::{Md5, Sha256, parse_digest_from_hex};
    let md5 = hashes
        .get("md5")
        .and_then(|text| parse_digest_from_hex::<Md5>(text));
    let sha256 = hashes.get("sha256");
    let sha256 = sha256.and_then(|text| parse_digest_from_hex::<Sha256>(text));
    PackageHashes::from_hashes(md5, sha256)
}
