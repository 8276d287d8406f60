//! A site as the world in which bundles are resolved.

use std::sync::Arc;

use ayon_backend_rez::{World, WorldError};
use rez::context::Context;
use rez::repository::Repository;
use rez::solver::{self, Control, Outcome, Pool};

use super::error::Error;
use super::resolving::{Ask, Wishes};
use super::site::Site;

/// A site, and how it is to resolve bundles.
pub struct BundleWorld {
    site: Arc<Site>,
    ask: Ask,
    is_staging: bool,
}

impl BundleWorld {
    /// Bundles of `site`, resolved as its settings and the `wishes` say. `is_staging`: for the settings of staging, so that
    /// the bundle's package is the one published as `staging`; a project's own bundle has a package of its own.
    ///
    /// # Errors
    /// Where a rule, or a setting of the site, makes no sense.
    pub fn new(site: Arc<Site>, wishes: &Wishes, is_staging: bool) -> Result<Self, Error> {
        let ask = site.ask(Vec::new(), wishes)?;
        Ok(Self {
            site,
            ask,
            is_staging,
        })
    }
}

impl World for BundleWorld {
    fn repositories(&self) -> &[Arc<dyn Repository>] {
        self.site.shared_repositories()
    }

    fn ask(&self) -> solver::Ask {
        self.ask.solve.clone()
    }

    fn context(&self) -> Context {
        self.site.context(&self.ask)
    }

    fn series<'a>(&'a self, bundle: &'a str) -> &'a str {
        if self.is_staging && !bundle.starts_with("__project__") {
            "staging"
        } else {
            bundle
        }
    }

    fn solve(
        &self,
        ask: &solver::Ask,
        control: &mut Control<'_>,
    ) -> Result<(Outcome, Pool), WorldError> {
        self.site.solve(ask, control).map_err(|error| match error {
            Error::Solve(error) => error.into(),
            error => WorldError::Other(Box::new(error)),
        })
    }
}
