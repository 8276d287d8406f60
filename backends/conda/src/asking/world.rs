//! The channels for one target, and what they carry for its Python.

use std::sync::Arc;

use ayon_backend::{Resolution, ResolveError};
use conda::{Dialect, PackageName, Platform, Record, RecordsError, Spec, Target, Version};

use super::words;
use crate::channels::{Channels, OpenChannels};
use crate::options::Options;

/// Channels, open for one target.
pub(super) struct World {
    pub(super) open: OpenChannels,
    pub(super) target: Target,
    /// The interpreters that the process's may be.
    pythons: Vec<Version>,
    /// Whether there is one of just the process's version.
    is_exact: bool,
}

/// What channels have of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Carried {
    /// Something that is wanted.
    Yes,
    /// None has the name.
    No,
    /// They have it, but not as it is wanted.
    Otherwise,
}

impl World {
    pub(super) fn open(
        channels: &dyn Channels,
        resolution: &Resolution,
        options: &Options,
    ) -> Result<Self, ResolveError> {
        let failed = |source| ResolveError::Source {
            what: channels.describe(),
            source,
        };
        let platform: Platform = resolution
            .target
            .platform
            .to_string()
            .parse()
            .map_err(|error| failed(Box::new(error)))?;
        let mut world = Self {
            open: channels.open(platform).map_err(failed)?,
            target: options.target(platform),
            pythons: Vec::new(),
            is_exact: false,
        };
        world
            .find_pythons(resolution)
            .map_err(|error| failed(Box::new(error)))?;
        Ok(world)
    }

    /// What the interpreter must be: the process's own if a channel has it, else one of its series.
    ///
    /// # Errors
    /// The process's version is none of conda's.
    pub(super) fn python(&self, resolution: &Resolution) -> Result<Spec, ResolveError> {
        let [exact, series] = pythons(resolution);
        let text = if self.is_exact { exact } else { series };
        words::spec(&text)
    }

    /// Whether there is an interpreter of just the process's version.
    pub(super) fn has_exact_python(&self) -> bool {
        self.is_exact
    }

    /// Whether any channel, whatever its rank, has something that meets all `specs` of one package and runs on the
    /// process's Python.
    fn carries(&self, specs: &[Spec]) -> Result<Carried, RecordsError> {
        let Some(first) = specs.first() else {
            return Ok(Carried::No);
        };
        let records = self.records(first.name())?;
        if records.is_empty() {
            return Ok(Carried::No);
        }
        let fits =
            |record: &Record| specs.iter().all(|spec| spec.matches(record)) && self.runs(record);
        Ok(if records.iter().any(fits) {
            Carried::Yes
        } else {
            Carried::Otherwise
        })
    }

    /// The same; a channel that cannot be read is an error of the question.
    pub(super) fn carried(&self, specs: &[Spec]) -> Result<Carried, ResolveError> {
        self.carries(specs).map_err(|error| ResolveError::Source {
            what: format!("{}/{}", error.channel, error.platform),
            source: Box::new(error),
        })
    }

    /// The channels by URL, in their order.
    pub(super) fn channel_urls(&self) -> Vec<String> {
        let first = |subdirs: &Vec<Arc<dyn conda::Records>>| {
            let records = subdirs.first()?;
            Some(records.channel().url().to_owned())
        };
        self.open.channels.iter().filter_map(first).collect()
    }

    /// What the machine is said to have.
    pub(super) fn virtual_packages(&self) -> Vec<String> {
        let packages = self.target.virtual_packages();
        packages.iter().map(ToString::to_string).collect()
    }

    fn records(&self, name: &PackageName) -> Result<Vec<Record>, RecordsError> {
        let mut records = Vec::new();
        for subdir in self.open.channels.iter().flatten() {
            if subdir.has(name) {
                records.extend(subdir.of(name)?);
            }
        }
        Ok(records)
    }

    /// Whether a record has nothing against the process's Python. One that cannot be read has not.
    fn runs(&self, record: &Record) -> bool {
        if self.pythons.is_empty() {
            return true;
        }
        let refuses = |text: &String| {
            let spec = Spec::parse(text, Dialect::Lenient).ok();
            let spec = spec.filter(|spec| spec.name().as_str() == "python");
            spec.is_some_and(|spec| !self.pythons.iter().any(|python| spec.allows(python)))
        };
        !record.depends().iter().any(refuses)
    }

    fn find_pythons(&mut self, resolution: &Resolution) -> Result<(), RecordsError> {
        let read = |text: &String| Spec::parse(text, Dialect::Strict).ok();
        for text in &pythons(resolution) {
            let Some(spec) = read(text) else {
                continue;
            };
            let records = self.records(spec.name())?;
            let fitting = records.iter().filter(|record| spec.matches(record));
            self.pythons = fitting.map(Record::version).collect();
            if !self.pythons.is_empty() {
                self.is_exact = resolution.python.is_exact && text.contains("==");
                break;
            }
        }
        Ok(())
    }
}

/// The process's interpreter, as closely as it is known, and its series.
fn pythons(resolution: &Resolution) -> [String; 2] {
    let python = &resolution.python;
    let series = format!("python {}.*", python.version.release_prefix(2));
    if python.is_exact {
        [format!("python =={}", python.version), series]
    } else {
        [series.clone(), series]
    }
}
