//! The environment of a bundle: the conda backend, told what the settings say.

use std::path::PathBuf;
use std::sync::Arc;

use ayon_backend_conda::{CommunityNames, Conda, Names, Options};
use conda::{Moment, Priority, Strategy, VirtualPackage};

use super::distributions;
use crate::program::Report;
use crate::program::settings::Settings;

/// More than any mapping of names.
const NAMES_LIMIT: u64 = 64 << 20;
/// Where a copy of the community's mapping is looked for, in the cache.
const NAMES_IN_CACHE: &str = "conda-names/compressed_mapping.json";

/// Whether the emission that the settings name is solved, and not a specification.
pub(crate) fn is_solved(settings: &Settings) -> bool {
    let emission = &settings.emission;
    emission.emit.as_deref() == Some("conda") && emission.format != "spec"
}

/// The conda backend, as the settings say, without channels.
pub(crate) fn conda(settings: &Settings) -> Result<Conda, Report> {
    Ok(Conda::new(options(settings)?))
}

/// What the settings say of environments.
pub(crate) fn options(settings: &Settings) -> Result<Options, Report> {
    Ok(Options {
        channels: settings.conda.channels.clone(),
        names: Names {
            studio: distributions("conda.names", &settings.conda.names)?,
            community: community(settings)?,
        },
        no_pip: settings.conda.no_pip,
        with_provided: settings.packages.locking.with_provided,
        pip: pip(settings)?,
        ..choices(settings)?
    })
}

/// What the settings say of any choice of conda packages: for which machines, and what comes first.
pub(crate) fn choices(settings: &Settings) -> Result<Options, Report> {
    let choosing = &settings.packages.choosing;
    Ok(Options {
        priority: priority(settings),
        floors: settings.packages.floors,
        virtual_packages: virtual_packages(settings)?,
        exclude_newer: exclude_newer(settings),
        strategy: match choosing.resolution.as_deref() {
            Some("lowest") => Strategy::Lowest,
            Some("lowest-direct") => Strategy::LowestDirect,
            _ => Strategy::Highest,
        },
        ..Options::default()
    })
}

/// How what is left to pip is chosen.
#[cfg(feature = "venv")]
fn pip(settings: &Settings) -> Result<ayon_backend_venv::Options, Report> {
    super::venv::choices(settings)
}

#[cfg(not(feature = "venv"))]
#[expect(clippy::unnecessary_wraps, reason = "with an index it may fail")]
fn pip(_: &Settings) -> Result<ayon_backend_venv::Options, Report> {
    Ok(ayon_backend_venv::Options::default())
}

/// What it means that a channel comes first.
fn priority(settings: &Settings) -> Priority {
    match settings.conda.priority.as_deref() {
        Some("flexible") => Priority::Flexible,
        Some("disabled") => Priority::Disabled,
        _ => Priority::Strict,
    }
}

/// What the machines have beyond their floors.
fn virtual_packages(settings: &Settings) -> Result<Vec<VirtualPackage>, Report> {
    let cuda = settings
        .conda
        .cuda
        .iter()
        .map(|cuda| format!("__cuda={cuda}"));
    let others = settings.conda.virtual_packages.iter().cloned();
    cuda.chain(others)
        .map(|text| {
            text.parse().map_err(|error| {
                Report::unknown("what the machines have cannot be understood").because_of(&error)
            })
        })
        .collect::<Result<Vec<VirtualPackage>, Report>>()
}

/// The moment before which a record must have been in its channel.
fn exclude_newer(settings: &Settings) -> Option<Moment> {
    let moment = settings.packages.choosing.exclude_newer?;
    Moment::from_milliseconds(moment.microseconds() / 1_000)
}

/// The community's mapping: the file that is named, or a copy in the cache if it is there.
fn community(settings: &Settings) -> Result<Option<Arc<CommunityNames>>, Report> {
    let cached = || {
        let cache = settings.access.cache.as_ref()?;
        Some(cache.join(NAMES_IN_CACHE)).filter(|path| path.is_file())
    };
    let path: Option<PathBuf> = settings.conda.names_file.clone().or_else(cached);
    let Some(path) = path else {
        return Ok(None);
    };
    let bytes =
        ayon_disk::read(&path, NAMES_LIMIT).map_err(|error| Report::unknown(error.to_string()))?;
    let names = CommunityNames::read(&bytes).map_err(|error| {
        Report::unknown(format!("`{}` is no mapping of conda names", path.display()))
            .because_of(&error)
    })?;
    Ok(Some(Arc::new(names)))
}
