//! Bundles: exact addon versions, a launcher and dependency packages under one name.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::{Place, System};

/// In a project bundle: use the studio's version. Has no meaning in a studio bundle.
pub const INHERIT: &str = "__inherit__";
/// In a project bundle as people write it by hand; the merge treats it as an unknown version.
pub const DISABLE: &str = "__disable__";

/// A bundle as the server records it (reference `ayon.md` §1.1). Values are kept as recorded; reading them is judging.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the record's own independent flags"
)]
pub struct Bundle {
    /// Its name.
    pub name: Arc<str>,
    /// Addon name to version text; `None`: not used. In the order of the record, in which the server judges.
    pub addons: IndexMap<String, Option<String>>,
    /// The launcher's version.
    pub installer_version: Option<String>,
    /// Dependency package file name by system.
    pub dependency_packages: BTreeMap<System, String>,
    /// What a developer works on, by addon name.
    pub addon_development: BTreeMap<String, AddonDevelopment>,
    /// Live for production.
    pub is_production: bool,
    /// Live for staging. A bundle may be both.
    pub is_staging: bool,
    /// Put away.
    pub is_archived: bool,
    /// A developer's own.
    pub is_dev: bool,
    /// Laid over a studio bundle for one project.
    pub is_project: bool,
    /// The owner of a dev bundle.
    pub active_user: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// Where a developer keeps the sources of an addon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddonDevelopment {
    /// Whether it replaces the released one.
    pub enabled: bool,
    /// The folder; may hold `{VAR}` and `$VAR`.
    pub path: String,
}

/// What a bundle's entry for an addon means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddonChoice<'a> {
    /// Not used.
    Unused,
    /// The studio's version ([`INHERIT`]).
    Inherit,
    /// A version, read or not: [`DISABLE`] is one, as it is to the server.
    Version(&'a str),
}

impl<'a> AddonChoice<'a> {
    /// Reads an entry of [`Bundle::addons`].
    pub fn of(entry: Option<&'a str>) -> Self {
        match entry {
            None => Self::Unused,
            // The server stores "none" in any letter case as null.
            Some(text) if text.eq_ignore_ascii_case("none") => Self::Unused,
            Some(INHERIT) => Self::Inherit,
            Some(text) => Self::Version(text),
        }
    }
}

impl Bundle {
    /// An empty studio bundle, to be filled by its reader.
    pub fn new(name: impl Into<Arc<str>>, place: Place) -> Self {
        Self {
            name: name.into(),
            addons: IndexMap::new(),
            installer_version: None,
            dependency_packages: BTreeMap::new(),
            addon_development: BTreeMap::new(),
            is_production: false,
            is_staging: false,
            is_archived: false,
            is_dev: false,
            is_project: false,
            active_user: None,
            place,
        }
    }
}
