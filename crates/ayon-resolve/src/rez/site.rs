//! A site: its settings and its packages, opened as rez would find them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ayon_disk::Cache;
use rez::config::{Config, Settings, Surroundings};
use rez::repository::{Facts, FilesystemRepository, Options, Python, Repository};
use rez::solver;
use rez::system::{MachineFacts, System, host_name, user_name};

use super::catalogue::Catalogue;
use super::error::Error;

/// Which packages are meant, and how they are read.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The repositories, in order; none for those that rez is configured with.
    pub paths: Option<Vec<String>>,
    /// Leaves out the folder of the user's own packages, where `paths` says nothing.
    pub without_local: bool,
    /// Where what was read is kept for the next time.
    pub cache: Arc<Cache>,
    /// Whether every package file is looked at again.
    pub check_files: bool,
    /// The Python that may run package files which cannot be read otherwise.
    pub python: Option<PathBuf>,
    /// The time, by the machine's clock.
    pub now: SystemTime,
}

/// A site of rez packages.
pub struct Site {
    config: Config,
    system: System,
    machine: Machine,
    paths: Vec<String>,
    files: Vec<Arc<FilesystemRepository>>,
    repositories: Vec<Arc<dyn Repository>>,
    python: Option<Arc<Python>>,
    notes: Vec<String>,
    now: SystemTime,
}

/// What a context records of where it was made.
#[derive(Clone, Debug, Default)]
pub(super) struct Machine {
    pub(super) user: Option<String>,
    pub(super) host: Option<String>,
}

impl Site {
    /// Opens a site. Nothing is read yet but settings and indexes; packages are when they are asked for.
    ///
    /// # Errors
    /// Where the settings are wrong, or a repository may not be looked at.
    pub fn open(
        variable: &dyn Fn(&str) -> Option<String>,
        home: Option<&Path>,
        opening: &Opening,
    ) -> Result<Self, Error> {
        let machine = Machine {
            user: user_name(variable),
            host: host_name(variable),
        };
        let surroundings = Surroundings {
            variable,
            home,
            user: machine.user.as_deref(),
            host: machine.host.as_deref(),
        };
        let settings = Settings::read(&surroundings)?;
        let facts = MachineFacts::read_remembering(variable, &|key, ask| {
            remembered(&opening.cache, key, ask)
        });
        let system = System::new(&facts, &settings.platform_map()?)?;
        let config = settings.config(&system, &surroundings)?;
        let paths = match &opening.paths {
            Some(paths) => paths.iter().map(|path| expanded(path, home)).collect(),
            None if opening.without_local => config.nonlocal_packages_path(),
            None => config.packages_path.clone(),
        };
        let program = opening.python.as_ref();
        let python = program.map(|program| Arc::new(Python::new(program)));
        let options = options(&config, opening, python.clone());
        let mut files: Vec<Arc<FilesystemRepository>> = Vec::new();
        for path in &paths {
            let repository = FilesystemRepository::open(Path::new(path), &options)?;
            // One place may be named twice; it is searched once.
            if files
                .iter()
                .all(|known| known.location() != repository.location())
            {
                files.push(Arc::new(repository));
            }
        }
        let repositories = files.iter().cloned();
        let notes = settings.skipped().iter().map(ToString::to_string);
        Ok(Self {
            notes: notes.collect(),
            repositories: repositories
                .map(|repository| repository as Arc<dyn Repository>)
                .collect(),
            config,
            system,
            machine,
            paths,
            files,
            python,
            now: opening.now,
        })
    }

    /// rez's settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The machine, as rez names it.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The folders that are searched, as they were named.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The repositories.
    pub fn repositories(&self) -> &[Arc<FilesystemRepository>] {
        &self.files
    }

    /// Everything that the repositories hold.
    pub fn catalogue(&self) -> Catalogue<'_> {
        Catalogue::new(&self.repositories)
    }

    /// Reads families of these names together, which is much faster than one after the other where there is no index, or
    /// where the disk is far away. Mistakes are told when a family is asked for.
    pub fn read_families(&self, names: &[&str]) {
        for files in &self.files {
            files.read_families(names.iter().copied());
        }
    }

    /// Reads every family, in the same way.
    ///
    /// # Errors
    /// Where a repository cannot be listed.
    pub fn read_all(&self) -> Result<(), Error> {
        for files in &self.files {
            files.read_all()?;
        }
        Ok(())
    }

    /// The time at which it was opened, in seconds since 1970.
    pub fn now(&self) -> i64 {
        let since = self.now.duration_since(SystemTime::UNIX_EPOCH);
        since
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .unwrap_or(0)
    }

    /// What somebody should know about the settings and the packages that were read so far: sentences.
    pub fn notes(&self) -> Vec<String> {
        let problems = self.files.iter().flat_map(|files| files.problems());
        let problems = problems.map(|problem| problem.to_string());
        self.notes.iter().cloned().chain(problems).collect()
    }

    /// Keeps what was read for the next time. What goes wrong with that is a warning of the cache.
    pub fn save(&self) {
        for files in &self.files {
            files.save();
        }
    }

    pub(super) fn shared_repositories(&self) -> &[Arc<dyn Repository>] {
        &self.repositories
    }

    /// Says to package files that are run what they may ask about.
    pub(super) fn tell_python(&self, ask: &solver::Ask) {
        if let Some(python) = &self.python {
            python.set_facts(Facts {
                requests: ask.requests.clone(),
                implicit: ask.implicit.clone(),
                building: ask.building,
                testing: false,
                system: Some(self.system.clone()),
            });
        }
    }

    pub(super) fn machine(&self) -> &Machine {
        &self.machine
    }
}

/// What a program printed, from the cache if it is there.
fn remembered(cache: &Cache, key: &str, ask: &dyn Fn() -> Option<String>) -> Option<String> {
    let known = cache.get(key);
    let text = known.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.unwrap_or_else(|| {
        // That there is no such program is worth remembering too.
        let text = ask().unwrap_or_default();
        cache.put(key, text.as_bytes());
        text
    });
    Some(text).filter(|text| !text.is_empty())
}

/// `~` as rez expands it in `--paths`.
fn expanded(path: &str, home: Option<&Path>) -> String {
    let below = match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', std::path::MAIN_SEPARATOR]) => rest,
        _ => return path.to_owned(),
    };
    match home.and_then(Path::to_str) {
        Some(home) => format!("{home}{below}"),
        None => path.to_owned(),
    }
}

fn options(config: &Config, opening: &Opening, python: Option<Arc<Python>>) -> Options {
    Options {
        package_filenames: config.package_filenames.clone(),
        allow_unversioned: config.allow_unversioned_packages,
        require_package_files: config.check_package_definition_files,
        cache: Arc::clone(&opening.cache),
        check_files: opening.check_files,
        python,
        ..Options::new(opening.now)
    }
}
