//! A studio's bundle as rez packages: planned as values, then written.
//!
//! [`plan`] is pure: it makes the text of every package. [`write()`] puts them into a repository, all or, where one of them
//! would change a package that is there, none.
//!
//! # Which packages
//!
//! | package | version | brings |
//! |---|---|---|
//! | `ayon_launcher` | `1.6.3` | `AYON_ROOT`, `AYON_EXECUTABLE`, the launcher's modules on `PYTHONPATH` |
//! | `ayon_addon_core` | `1.9.7` | the addon's code on `PYTHONPATH`, its relations as requirements |
//! | `ayon_bundle` | `studio-staging.20261121071200` | launcher, addons and distributions together; which bundle it is |
//! | `ayon_bundle` | `staging.20261121071200` | the same, for the word the bundle is live for |
//!
//! Launchers and addons are published once and shared by all bundles; a bundle is a series of versions (see
//! [`Series`](PlannedPackage::series)). Nothing is ever overwritten.
//!
//! # How it thinks
//!
//! *A package says where things are, it does not hold them.* AYON's launcher downloads addons and launchers and knows what
//! is whole; a second copy would only grow old. [`Roots`] says where they lie, AYON's own folders if nobody says else.
//!
//! *What needs a server or a person stays out.* No key, no site's identity, no login: those are of whoever enters.

mod bundle;
mod package_file;
mod releases;
mod roots;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use ayon_backend::{EmitError, Resolution};
use ayon_model::{EffectiveBundle, Origin, Process, Studio, System};

pub use roots::{Roots, RootsError};
pub use write::{Outcome, Report, WriteError, examine, write};

pub(crate) use bundle::series_word;

use crate::names::system_word;
use package_file::literal;

/// What is published.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Where launchers and addons are described.
    pub studio: &'a Studio,
    /// The bundle.
    pub bundle: &'a EffectiveBundle,
    /// Its resolutions: for every platform the headless process, which is what any process has, and the hosts that are
    /// to be checked on their own.
    pub resolutions: &'a [Resolution],
}

/// How to publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Families, as for requests.
    pub names: crate::Options,
    /// Where AYON's files lie; [AYON's own places](Roots::of) on systems that are not named.
    pub roots: BTreeMap<System, Roots>,
    /// The server's address, for `AYON_SERVER_URL`. A user or password in it is left out.
    pub server: Option<String>,
    /// The time of the release, in seconds since 1970.
    pub timestamp: i64,
}

/// Packages to write, those that others need first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// The packages.
    pub packages: Vec<PlannedPackage>,
    /// What rez has no words for.
    pub notes: Vec<String>,
}

/// One package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPackage {
    /// What it is, for people: `AYON addon core 1.9.7`.
    pub what: String,
    /// Its family.
    pub family: String,
    /// Its version, the name of its folder.
    pub version: String,
    /// For a bundle: the series it is the newest version of. It is written only if it differs from the newest there.
    pub series: Option<String>,
    /// Its `package.py`.
    pub text: String,
    /// The folders beside that, one for each variant. Nothing is in them.
    pub folders: Vec<String>,
}

/// Why nothing can be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Nobody resolved the bundle.
    #[error("bundle {bundle} is resolved for no target; give a platform")]
    NoTarget {
        /// The bundle.
        bundle: String,
    },
    /// The launcher's own process is no environment that others can have.
    #[error(
        "a rez environment is what every process may have, and {target} has more: the launcher brings its Qt and its \
         runtime packages itself; resolve for `--headless` instead"
    )]
    LauncherProcess {
        /// The target.
        target: String,
    },
    /// The studio does not have it.
    #[error("{what} is not in {studio}")]
    Missing {
        /// Launcher or addon, with its version.
        what: String,
        /// The studio's label.
        studio: String,
    },
    /// A launcher without builds.
    #[error("launcher {launcher} is built for no system, so no package can say where it is")]
    NoBuild {
        /// Its version.
        launcher: String,
    },
    /// A name that cannot stand in a path.
    #[error(
        "addon `{name}` cannot be published: only letters, digits, `_`, `-` and `.` can stand in its path"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// Nobody knows what the addon requires.
    #[error("what {addon} requires is not known: {reason}")]
    Unknown {
        /// The release.
        addon: String,
        /// Why.
        reason: String,
    },
    /// A relation that no rez range says.
    #[error("`{range}` of {origin} has no rez range: {reason}")]
    Range {
        /// As written.
        range: String,
        /// Why.
        reason: String,
        /// Who says it, and where.
        origin: Box<Origin>,
    },
    /// A Python requirement that nobody can read.
    #[error("requirement `{name}` of {origin} cannot be read: {reason}")]
    Requirement {
        /// As written.
        name: String,
        /// Why.
        reason: String,
        /// Who says it, and where.
        origin: Box<Origin>,
    },
    /// Two packages that would be one.
    #[error("{one} and {two} would both be package {package}; give one of them another family")]
    Clash {
        /// One.
        one: String,
        /// The other.
        two: String,
        /// Family and version.
        package: String,
    },
    /// A place that cannot be said.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// Something in the resolution that rez has no request for.
    #[error(transparent)]
    Request(#[from] EmitError),
}

impl Options {
    fn roots_of(&self, system: System) -> Roots {
        self.roots
            .get(&system)
            .cloned()
            .unwrap_or_else(|| Roots::of(system))
    }
}

/// The packages of a bundle: its launcher, its addons, and the bundle in each of its series.
///
/// # Errors
/// Where one of them cannot be said in rez's words: all that is published must be right, so nothing is left out silently.
pub fn plan(facts: &Facts<'_>, options: &Options) -> Result<Publication, PublishError> {
    let Facts {
        studio,
        bundle,
        resolutions,
    } = *facts;
    let Some(first) = resolutions.first() else {
        return Err(PublishError::NoTarget {
            bundle: ayon_model::printable(&bundle.name),
        });
    };
    if let Some(launcher) = resolutions
        .iter()
        .find(|resolution| resolution.target.process == Process::Launcher)
    {
        return Err(PublishError::LauncherProcess {
            target: launcher.target.to_string(),
        });
    }
    let missing = |what: String| PublishError::Missing {
        what,
        studio: ayon_model::printable(&studio.label),
    };
    let mut publication = Publication::default();
    let launcher = studio
        .launchers
        .get(&first.launcher.version)
        .ok_or_else(|| missing(format!("launcher {}", first.launcher.version)))?;
    let mut files = vec![(releases::launcher(launcher, options)?, None)];
    for chosen in &first.addons {
        let release = studio
            .addons
            .get(&chosen.name)
            .and_then(|addon| addon.releases.get(&chosen.version))
            .ok_or_else(|| missing(format!("addon {} {}", chosen.name, chosen.version)))?;
        let file = releases::addon(release, options, &mut publication.notes)?;
        files.push((file, None));
    }
    for live in bundle::series(studio, bundle) {
        let notes = &mut publication.notes;
        let file = bundle::package(bundle, &live, resolutions, options, notes)?;
        files.push((file, Some(live.series)));
    }
    publication.packages = files
        .into_iter()
        .map(|(file, series)| PlannedPackage {
            text: file.text(),
            folders: file.variant_folders(),
            what: file.description,
            family: file.name,
            version: file.version,
            series,
        })
        .collect();
    // What two packages say is one thing to know.
    let mut told = BTreeSet::new();
    publication.notes.retain(|note| told.insert(note.clone()));
    refuse_clashes(&publication.packages)?;
    Ok(publication)
}

fn refuse_clashes(packages: &[PlannedPackage]) -> Result<(), PublishError> {
    let mut known: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for package in packages {
        let key = (package.family.as_str(), package.version.as_str());
        if let Some(one) = known.insert(key, &package.what) {
            return Err(PublishError::Clash {
                one: one.to_owned(),
                two: package.what.clone(),
                package: format!("{}-{}", package.family, package.version),
            });
        }
    }
    Ok(())
}

/// `name = …`, by system where it differs.
fn system_table(name: &str, values: &BTreeMap<System, String>) -> Vec<String> {
    let mut texts: Vec<&String> = values.values().collect();
    texts.dedup();
    if let [text] = texts.as_slice() {
        return vec![format!("{name} = {}", literal(text))];
    }
    let rows = values
        .iter()
        .map(|(system, text)| format!("    '{}': {},", system_word(*system), literal(text)));
    let mut lines = vec![format!("{name} = {{")];
    lines.extend(rows);
    lines.push("}[system.platform]".to_owned());
    lines
}
