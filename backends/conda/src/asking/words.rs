//! Wishes in conda's words.

use ayon_backend::{EmitError, ResolveError};
use ayon_model::Origin;
use conda::{Dialect, Spec};
use pypi::VersionSet;

use crate::versions::version_spec;

/// Somebody's wish for a conda package.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// What.
    pub(super) spec: Spec,
    /// Who.
    pub(super) origin: Origin,
}

/// A spec that this crate writes.
pub(super) fn spec(text: &str) -> Result<Spec, ResolveError> {
    Spec::parse(text, Dialect::Strict).map_err(|error| {
        ResolveError::Inexpressible(EmitError::Inexpressible {
            what: text.to_owned(),
            format: "a conda environment",
            reason: error.to_string(),
        })
    })
}

/// A set of PEP 440's as a spec of conda's, if there is one.
pub(super) fn versions(name: &str, set: &VersionSet) -> Option<Spec> {
    let versions = version_spec(set).text?;
    let text = format!("{name} {versions}");
    Spec::parse(text.trim_end(), Dialect::Strict).ok()
}
