//! The configuration file `ayon-resolve.toml`: where it is looked for, and which one counts.
//!
//! Three files may be in force: the *project's*, found in the working directory or the nearest folder above it (as
//! `ayon-resolve.toml` or `.config/ayon-resolve.toml`), the *user's*, and the *machine's*. They are laid over each
//! other setting by setting, in that order of precedence. `--config-file` replaces all three, `--no-config` reads
//! none. What one file says is read in [`file`].

use std::path::{Path, PathBuf};

use super::Report;
use super::environment::Environment;
use super::setting::Layer;

mod file;

/// What a configuration file is called.
pub(crate) const FILE_NAME: &str = "ayon-resolve.toml";

/// Whose configuration a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The machine's.
    System,
    /// The user's.
    User,
    /// The project's: found from the working directory.
    Project,
    /// Named with `--config-file`.
    Named,
}

impl Owner {
    /// In one word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Project => "project",
            Self::Named => "named",
        }
    }
}

/// A configuration file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfigurationFile {
    /// Whose it is.
    pub(crate) owner: Owner,
    /// Where it is.
    pub(crate) path: PathBuf,
}

impl ConfigurationFile {
    fn new(owner: Owner, path: PathBuf) -> Self {
        Self { owner, path }
    }

    /// The folder its relative paths start from: its own, or the one that holds `.config`.
    fn base(&self) -> &Path {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        match folder.parent() {
            Some(above) if folder.file_name().is_some_and(|name| name == ".config") => above,
            _ => folder,
        }
    }

    /// Reads it.
    pub(crate) fn read(&self) -> Result<Layer, Report> {
        // The user's own ~/.config/ayon-resolve/ is a folder below `.config`, so the rule of `base` is not about it.
        file::read(&self.path, self.base())
    }
}

/// The files in force, the weakest first, and what the user should know about the search.
pub(crate) fn discover(
    directory: Option<&Path>,
    environment: &Environment,
) -> (Vec<ConfigurationFile>, Vec<String>) {
    let mut notices = Vec::new();
    let mut files = Vec::new();
    let in_folder = |owner, folder: PathBuf| {
        let path = folder.join(FILE_NAME);
        path.is_file().then(|| ConfigurationFile::new(owner, path))
    };
    files.extend(system_folder(environment).and_then(|folder| in_folder(Owner::System, folder)));
    files.extend(user_folder(environment).and_then(|folder| in_folder(Owner::User, folder)));
    for folder in directory.into_iter().flat_map(Path::ancestors) {
        let [plain, hidden] = [
            folder.join(FILE_NAME),
            folder.join(".config").join(FILE_NAME),
        ];
        let found = match (plain.is_file(), hidden.is_file()) {
            (false, false) => continue,
            (false, true) => hidden,
            (true, false) => plain,
            (true, true) => {
                notices.push(format!(
                    "`{}` is ignored: `{}` comes first",
                    hidden.display(),
                    plain.display()
                ));
                plain
            }
        };
        files.push(ConfigurationFile::new(Owner::Project, found));
        break;
    }
    (files, notices)
}

/// The one file the user named.
pub(crate) fn named(path: &str, directory: Option<&Path>) -> ConfigurationFile {
    let path = directory.map_or_else(|| PathBuf::from(path), |directory| directory.join(path));
    ConfigurationFile::new(Owner::Named, path)
}

/// The folder of this user's configuration: `$XDG_CONFIG_HOME/ayon-resolve` or its like.
fn user_folder(environment: &Environment) -> Option<PathBuf> {
    let base = if cfg!(windows) {
        environment.folder("APPDATA")
    } else {
        environment
            .folder("XDG_CONFIG_HOME")
            .or_else(|| Some(environment.folder("HOME")?.join(".config")))
    };
    Some(base?.join("ayon-resolve"))
}

/// The folder of this machine's configuration.
fn system_folder(environment: &Environment) -> Option<PathBuf> {
    let base = if cfg!(windows) {
        environment.folder("PROGRAMDATA")?
    } else {
        PathBuf::from("/etc")
    };
    Some(base.join("ayon-resolve"))
}

/// The folder of this user's cache, where nobody says otherwise.
pub(crate) fn default_cache_folder(environment: &Environment) -> Option<PathBuf> {
    if cfg!(windows) {
        return Some(
            environment
                .folder("LOCALAPPDATA")?
                .join("ayon-resolve")
                .join("cache"),
        );
    }
    let base = environment
        .folder("XDG_CACHE_HOME")
        .or_else(|| Some(environment.folder("HOME")?.join(".cache")));
    Some(base?.join("ayon-resolve"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_from_the_folder_that_holds_dot_config() {
        let base = |path: &str| {
            ConfigurationFile::new(Owner::Project, PathBuf::from(path))
                .base()
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(base("/show/ayon-resolve.toml"), "/show");
        assert_eq!(base("/show/.config/ayon-resolve.toml"), "/show");
        assert_eq!(
            base("/home/ada/.config/ayon-resolve/ayon-resolve.toml"),
            "/home/ada/.config/ayon-resolve"
        );
    }
}
