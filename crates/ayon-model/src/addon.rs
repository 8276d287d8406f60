//! Addons and their releases: what each asks of other addons, of the server, of the launcher and of Python.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use semver::Version;

use crate::{AddonName, Origin, Place, PythonNeeds, Subject, VersionRange};

/// An addon with all releases a studio has of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Addon {
    /// Its name.
    pub name: AddonName,
    /// Its releases by version. SemVer order; releases that differ in build metadata only are different releases.
    pub releases: BTreeMap<Version, Arc<AddonRelease>>,
}

/// One release of an addon: what its `package.py` and its client's `pyproject.toml` say.
#[derive(Clone, Debug, PartialEq)]
pub struct AddonRelease {
    /// The addon.
    pub name: AddonName,
    /// The release.
    pub version: Version,
    /// Name for people.
    pub title: Option<String>,
    /// The host this addon integrates, such as `maya`.
    pub host_name: Option<String>,
    /// Whether a project bundle may name another version of it (`project_can_override_addon_version`; absent is no).
    pub project_can_override: bool,
    /// What it says about other addons, the server and the launcher.
    pub relations: Knowledge,
    /// What it needs of Python.
    pub python: PythonNeeds,
    /// Why the server cannot use this release, if it cannot.
    pub broken: Option<String>,
    /// The package file, for origins.
    pub package_file: Place,
}

/// What is known of a release's relations.
#[derive(Clone, Debug, PartialEq)]
pub enum Knowledge {
    /// All of them.
    Known(Box<Relations>),
    /// It is of the kind that declares none (a legacy package): the server checks nothing.
    Legacy,
    /// Nobody has been able to ask yet, for this reason.
    Unknown(Arc<str>),
}

/// What a release says about other addons, the server and the launcher (`package.py`; reference `ayon.md` §7, §9).
///
/// A range of `None` has its own meaning in each map; the maps keep the order of the file, in which the server judges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations {
    /// `ayon_server_version`
    pub server: Option<VersionRange>,
    /// `ayon_launcher_version`
    pub launcher: Option<VersionRange>,
    /// `ayon_required_addons`; `None`: the addon must not be in the bundle.
    pub required: IndexMap<AddonName, Option<VersionRange>>,
    /// `ayon_soft_required_addons`: if the addon is in the bundle, then in this range. `None` says nothing.
    pub soft_required: IndexMap<AddonName, Option<VersionRange>>,
    /// `ayon_compatible_addons`: a warning when out of range, never a constraint. `None` says nothing.
    pub compatible: IndexMap<AddonName, Option<VersionRange>>,
    /// Line in the package file by key (`ayon_required_addons`) or key and name (`ayon_required_addons.core`).
    pub lines: BTreeMap<String, u32>,
}

impl AddonRelease {
    /// This release as the one who asks.
    pub fn subject(&self) -> Subject {
        Subject::Addon {
            name: self.name.clone(),
            version: self.version.clone(),
        }
    }

    /// The relations, where they are known.
    pub fn relations(&self) -> Option<&Relations> {
        match &self.relations {
            Knowledge::Known(relations) => Some(relations),
            Knowledge::Legacy | Knowledge::Unknown(_) => None,
        }
    }

    /// Whether everything it asks for can be read.
    pub fn is_readable(&self) -> bool {
        let mut ranges = self.relations().into_iter().flat_map(Relations::ranges);
        self.python.unreadable.is_empty() && ranges.all(|(_, _, range)| range.fault().is_none())
    }

    /// Where the relation `field` (perhaps to `addon`) is written.
    pub fn origin(&self, field: &str, addon: Option<&AddonName>) -> Origin {
        let key = addon.map_or_else(
            || field.to_owned(),
            |addon| format!("{field}.{}", addon.as_str()),
        );
        let line = self.relations().and_then(|relations| {
            relations
                .lines
                .get(&key)
                .or_else(|| relations.lines.get(field))
                .copied()
        });
        // The key as people search for it: the field; the addon's name is in the message already.
        Origin::new(self.subject(), self.package_file.at(field, line))
    }
}

impl Relations {
    /// Every range with the field it stands in and the addon it is about (none for server and launcher).
    pub fn ranges(
        &self,
    ) -> impl Iterator<Item = (&'static str, Option<&AddonName>, &VersionRange)> {
        let own = [
            ("ayon_server_version", &self.server),
            ("ayon_launcher_version", &self.launcher),
        ];
        let own = own
            .into_iter()
            .filter_map(|(field, range)| Some((field, None, range.as_ref()?)));
        own.chain(
            self.addons()
                .filter_map(|(field, name, range)| Some((field, Some(name), range?))),
        )
    }

    /// Every relation to another addon with the field it stands in.
    pub fn addons(
        &self,
    ) -> impl Iterator<Item = (&'static str, &AddonName, Option<&VersionRange>)> {
        let maps = [
            ("ayon_required_addons", &self.required),
            ("ayon_soft_required_addons", &self.soft_required),
            ("ayon_compatible_addons", &self.compatible),
        ];
        maps.into_iter().flat_map(|(field, map)| {
            map.iter()
                .map(move |(name, range)| (field, name, range.as_ref()))
        })
    }
}
