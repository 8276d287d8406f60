//! rez: contexts are made of the packages of a site, anything else works without.

use std::sync::Arc;

use ayon_backend_rez::{Options, Rez};

use super::distributions;
use crate::program::Report;
use crate::program::opening::site::{self, OpenSite};
use crate::program::settings::Settings;

/// The rez packages, where the emission that the settings name is made of them.
pub(crate) fn site(settings: &Settings) -> Result<Option<OpenSite>, Report> {
    let emission = &settings.emission;
    let is_context = emission.emit.as_deref() == Some("rez") && emission.format == "context";
    is_context.then(|| site::open(settings, None)).transpose()
}

/// The rez backend, as the settings say.
pub(crate) fn rez(settings: &Settings, site: Option<&OpenSite>) -> Result<Rez, Report> {
    let rez = Rez::new(options(settings)?);
    Ok(match site {
        Some(site) => rez.with_world(Arc::new(site.world(settings)?)),
        None => rez,
    })
}

/// What the settings say of names in rez.
pub(crate) fn options(settings: &Settings) -> Result<Options, Report> {
    Ok(Options {
        names: distributions("rez.names", &settings.rez.names)?,
        ..Options::default()
    })
}
