//! The backends, told what the settings say of them.

#[cfg(any(feature = "conda", feature = "rez"))]
use std::collections::BTreeMap;

#[cfg(any(feature = "conda", feature = "rez"))]
use pypi::DistributionName;

#[cfg(any(feature = "conda", feature = "rez"))]
use super::Report;
#[cfg(any(feature = "conda", feature = "rez"))]
use super::settings::Names;

#[cfg(feature = "conda")]
pub(crate) mod conda;
#[cfg(feature = "rez")]
pub(crate) mod rez;
#[cfg(feature = "venv")]
pub(crate) mod venv;

/// Names of distributions elsewhere, from a table of the settings.
#[cfg(any(feature = "conda", feature = "rez"))]
fn distributions(
    table: &str,
    names: &Names,
) -> Result<BTreeMap<DistributionName, Option<String>>, Report> {
    let read = |name: &String| {
        name.parse::<DistributionName>().map_err(|error| {
            Report::unknown(format!("`{table}` names no Python distribution: {error}"))
        })
    };
    names
        .iter()
        .map(|(name, other)| Ok((read(name)?, other.clone())))
        .collect()
}
