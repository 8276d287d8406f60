//! The backends, told what the settings say of them.

#[cfg(any(feature = "conda", feature = "rez"))]
use std::collections::BTreeMap;

#[cfg(any(feature = "conda", feature = "rez"))]
use pypi::DistributionName;

use super::Report;
use super::printer::Printer;
#[cfg(any(feature = "conda", feature = "rez"))]
use super::settings::Names;
use super::settings::Settings;

#[cfg(feature = "conda")]
pub(crate) mod conda;
#[cfg(feature = "rez")]
pub(crate) mod rez;
#[cfg(feature = "venv")]
pub(crate) mod venv;

/// What emitting from a lock needs open beside the backends.
pub(crate) struct Parts {
    #[cfg(feature = "rez")]
    site: Option<super::opening::site::OpenSite>,
}

impl Parts {
    /// Says what was amiss.
    #[cfg_attr(
        not(feature = "rez"),
        expect(unused_variables, clippy::unused_self, reason = "nothing was opened")
    )]
    pub(crate) fn finish(self, printer: &mut Printer) {
        #[cfg(feature = "rez")]
        if let Some(site) = self.site {
            site.finish(printer);
        }
    }
}

/// Adds the backends that were compiled in, as the settings say, for writing what has been solved: nobody is asked.
#[cfg_attr(
    not(any(feature = "conda", feature = "rez", feature = "venv")),
    expect(
        unused_variables,
        clippy::unnecessary_wraps,
        reason = "there is no backend"
    )
)]
pub(crate) fn equip(
    settings: &Settings,
    registry: &mut ayon_backend::Registry,
) -> Result<Parts, Report> {
    #[cfg(feature = "conda")]
    registry.register(Box::new(conda::conda(settings)?));
    #[cfg(feature = "venv")]
    registry.register(Box::new(venv::writer(settings)?));
    #[cfg(feature = "rez")]
    let site = rez::site(settings)?;
    #[cfg(feature = "rez")]
    registry.register(Box::new(rez::rez(settings, site.as_ref())?));
    Ok(Parts {
        #[cfg(feature = "rez")]
        site,
    })
}

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
