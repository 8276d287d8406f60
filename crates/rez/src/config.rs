//! rez's settings, as far as they decide what is resolved.
//!
//! rez lays files over each other: its own defaults, the files in `REZ_CONFIG_FILE`, and `~/.rezconfig`; variables such
//! as `REZ_PACKAGES_PATH` come last. A `rezconfig.py` is a program, and is *not* run here. Its literals are read, and so
//! is `ModifyList` of literals; a setting that only running would tell is left out, and [`Settings::skipped`] says
//! which, where and why.
//!
//! Settings and the names of the machine need each other: `platform_map` renames the operating system, and
//! `{system.os}` may stand in a path. So there are two steps:
//!
//! ```
//! use rez::config::{Settings, Surroundings};
//! use rez::system::{LinuxFacts, MachineFacts, System};
//!
//! let variable = |name: &str| (name == "REZ_PACKAGES_PATH").then(|| "~/packages:/studio/{system.os}".to_owned());
//! let surroundings = Surroundings { variable: &variable, home: Some("/home/zoe".as_ref()), user: None, host: None };
//!
//! let settings = Settings::read(&surroundings)?;
//! let facts = MachineFacts::Linux(LinuxFacts {
//!     machine: "x86_64".to_owned(),
//!     lsb_release_file: Some("DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\n".to_owned()),
//!     ..LinuxFacts::default()
//! });
//! let system = System::new(&facts, &settings.platform_map()?)?;
//! let config = settings.config(&system, &surroundings)?;
//!
//! # if cfg!(unix) {
//! assert_eq!(config.packages_path, ["/home/zoe/packages", "/studio/Ubuntu-22.04"]);
//! assert_eq!(config.implicit_packages[2], "~os==Ubuntu-22.04");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod expand;
mod layers;
mod modify;
mod typed;

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

pub use layers::Settings;

use crate::solver::VariantSelectMode;
use crate::system::{PlatformMap, PlatformMapError, System};

/// What the settings may refer to, given as values.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Looks an environment variable up.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The user's home folder: `~`, and where `.rezconfig` lies.
    pub home: Option<&'a Path>,
    /// `{system.user}`.
    pub user: Option<&'a str>,
    /// `{system.hostname}`.
    pub host: Option<&'a str>,
}

/// The settings that decide what is resolved, and what a context records. Names and defaults are rez's.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the flags are rez's own")]
pub struct Config {
    /// The repositories to search, in order.
    pub packages_path: Vec<String>,
    /// The one among them into which a user builds, which `rez-env --no-local` leaves out.
    pub local_packages_path: String,
    /// What is asked for in addition to every request.
    pub implicit_packages: Vec<String>,
    /// Package filters in rez's plain form, as a list.
    pub package_filter: Value,
    /// Package orderers in rez's plain form, as a list.
    pub package_orderers: Value,
    /// Which variant of a package is better.
    pub variant_select_mode: VariantSelectMode,
    /// Whether a package may have no version.
    pub allow_unversioned_packages: bool,
    /// Whether a family that does not exist ends the resolve where a variant needs it.
    pub error_on_missing_variant_requires: bool,
    /// The names that a package's file may have, without extension, best first.
    pub package_filenames: Vec<String>,
    /// Whether a folder without such a file is no package, rather than a broken one.
    pub check_package_definition_files: bool,
    /// Whether caches may answer a resolve.
    pub resolve_caching: bool,
    /// Whether payloads are copied into the package cache in the background.
    pub package_cache_async: bool,
    /// Whether the package cache counts while building.
    pub package_cache_during_build: bool,
    /// Whether the picture of a failure shows only what led to it.
    pub prune_failed_graph: bool,
}

impl Config {
    /// The repositories without the user's own: what `rez-env --no-local` searches.
    pub fn nonlocal_packages_path(&self) -> Vec<String> {
        let mut paths = self.packages_path.clone();
        if let Some(local) = paths
            .iter()
            .position(|path| *path == self.local_packages_path)
        {
            paths.remove(local);
        }
        paths
    }
}

/// A setting in a `rezconfig.py` that only running it would tell. It counts as not set in this file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedSetting {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u32,
    /// The setting.
    pub setting: &'static str,
    /// Why it is not known.
    pub reason: String,
}

impl fmt::Display for SkippedSetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            setting,
            reason,
        } = self;
        let file = file.display();
        write!(
            formatter,
            "`{setting}` in `{file}`, line {line}, is left out: {reason}"
        )
    }
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// rez's own `rezconfig.py`.
    Defaults,
    /// A file, and the line in it.
    File(PathBuf, u32),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaults => formatter.write_str("rez's defaults"),
            Self::File(path, line) => write!(formatter, "`{}`, line {line}", path.display()),
            Self::Variable(name) => write!(formatter, "the variable {name}"),
        }
    }
}

/// The settings are wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file cannot be read.
    #[error(transparent)]
    Disk(#[from] ayon_disk::DiskError),
    /// A file is neither Python nor YAML, as its name has it.
    #[error("`{}` holds no rez settings: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong in it, and where.
        message: String,
    },
    /// A setting has another type than rez accepts.
    #[error("`{setting}` in {origin} is wrong: {message}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Where it is set.
        origin: Origin,
        /// What is expected, and what was found.
        message: String,
    },
    /// A pattern in `platform_map` cannot be used.
    #[error(transparent)]
    PlatformMap(#[from] PlatformMapError),
}

impl Settings {
    /// The setting `platform_map`.
    ///
    /// # Errors
    /// Where it is no table of tables of texts, or holds a pattern that cannot be used.
    pub fn platform_map(&self) -> Result<PlatformMap, ConfigError> {
        let pairs = |name| self.setting("platform_map").pairs(name);
        Ok(PlatformMap::new(&pairs("arch")?, &pairs("os")?)?)
    }

    /// The settings as values, with variables, `~` and `{system.…}` expanded as rez does.
    ///
    /// # Errors
    /// For a setting that is not of the type which rez accepts.
    pub fn config(
        &self,
        system: &System,
        surroundings: &Surroundings<'_>,
    ) -> Result<Config, ConfigError> {
        let scope = expand::Scope {
            system,
            surroundings,
        };
        let setting = |name| self.setting(name);
        let modes = [
            ("version_priority", VariantSelectMode::VersionPriority),
            (
                "intersection_priority",
                VariantSelectMode::IntersectionPriority,
            ),
        ];
        let filesystem = ["package_repository", "filesystem"];
        Ok(Config {
            packages_path: setting("packages_path").texts(&scope)?,
            local_packages_path: setting("local_packages_path").text(&scope)?,
            implicit_packages: setting("implicit_packages").texts(&scope)?,
            package_filter: setting("package_filter").tables(&scope)?,
            package_orderers: setting("package_orderers").tables(&scope)?,
            variant_select_mode: setting("variant_select_mode").one_of(&modes)?,
            allow_unversioned_packages: setting("allow_unversioned_packages").flag()?,
            error_on_missing_variant_requires: setting("error_on_missing_variant_requires")
                .flag()?,
            package_filenames: setting("plugins")
                .at(&filesystem, "package_filenames")
                .texts(&scope)?,
            check_package_definition_files: setting("plugins")
                .at(&filesystem, "check_package_definition_files")
                .flag()?,
            resolve_caching: setting("resolve_caching").flag()?,
            package_cache_async: setting("package_cache_async").flag()?,
            package_cache_during_build: setting("package_cache_during_build").flag()?,
            prune_failed_graph: setting("prune_failed_graph").flag()?,
        })
    }
}
