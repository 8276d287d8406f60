//! The corpus of real AYON: every release of the public addons, every launcher, the hosts people use, and what a real
//! server answered about some of them.
//!
//! The files have forms of their own (one JSON object per kind), so their structs live here; what a range or a Python
//! requirement *means* is read by the parsers that everything else uses. That is the point: a corpus read by other rules
//! would prove nothing.
//!
//! Reading is in two steps, [`CorpusTexts::read`] and [`CorpusTexts::studio`], so that a clock can be put on the second.

mod addons;
mod hosts;
mod launchers;
mod recorded;

use std::path::PathBuf;

use ayon_model::{Problem, Studio};

use crate::Shared;

pub use recorded::{Recorded, server_library};

/// The server whose answers are recorded.
pub const SERVER_VERSION: &str = "1.16.0";

/// The texts of the corpus.
#[derive(Clone, Debug)]
pub struct CorpusTexts {
    addons: String,
    launchers: String,
    hosts: String,
}

/// Shared data that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A file that cannot be read.
    #[error("cannot read {}: {error}", file.display())]
    Read {
        /// Which.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file that is not of its form.
    #[error("{file}: {error}")]
    Form {
        /// Which.
        file: String,
        /// What is wrong, with line and column.
        error: serde_json::Error,
    },
    /// The server's library names a release that the corpus does not describe.
    #[error(
        "server-responses/addons.json names {addon} {version}, which addons.json does not describe"
    )]
    NotDescribed {
        /// The addon.
        addon: String,
        /// The release.
        version: String,
    },
}

impl CorpusTexts {
    /// Reads the files.
    pub fn read(shared: &Shared) -> Result<Self, CorpusError> {
        Ok(Self {
            addons: shared.ayon_text("addons.json")?,
            launchers: shared.ayon_text("launchers.json")?,
            hosts: shared.ayon_text("hosts.json")?,
        })
    }

    /// The studio that has all of it, on a server of [`SERVER_VERSION`]. It has no bundles.
    pub fn studio(&self) -> Result<Studio, CorpusError> {
        let mut problems: Vec<Problem> = Vec::new();
        Ok(Studio {
            label: "the corpus".to_owned(),
            server_version: Some(SERVER_VERSION.to_owned()),
            addons: addons::read(&self.addons, &mut problems)?,
            launchers: launchers::read(&self.launchers, &mut problems)?,
            hosts: hosts::read(&self.hosts, &mut problems)?,
            problems,
            ..Studio::default()
        })
    }

    /// The addon releases as the file has them, without any reading of what they mean.
    pub fn raw_addons(&self) -> Result<serde_json::Value, CorpusError> {
        parse("addons.json", &self.addons)
    }
}

/// The corpus as one studio.
pub fn studio(shared: &Shared) -> Result<Studio, CorpusError> {
    CorpusTexts::read(shared)?.studio()
}

pub(crate) fn parse<'a, T: serde::Deserialize<'a>>(
    file: &str,
    text: &'a str,
) -> Result<T, CorpusError> {
    serde_json::from_str(text).map_err(|error| CorpusError::Form {
        file: file.to_owned(),
        error,
    })
}
