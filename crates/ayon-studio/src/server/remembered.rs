//! What is kept of a server between runs: its overview, for when it is not asked, and the relations of releases.
//!
//! A released version of an addon does not change; one under development does, and its relations are believed only when
//! nobody can be asked. Relations are kept with the names that were asked about: an addon that the server has had since
//! may be one that a release says something of.

use std::collections::BTreeSet;

use ayon_disk::Cache;
use ayon_model::{Knowledge, Studio};
use serde::{Deserialize, Serialize};

use super::Release;
use super::probe::Learnt;
use crate::{ServerAddress, snapshot};

/// The overview as it was last read.
pub(super) fn overview(cache: &Cache, address: &ServerAddress) -> Option<Studio> {
    let studio = snapshot::read(&cache.get(&overview_key(address))?, address.as_str()).ok()?;
    Some(studio)
}

pub(super) fn keep_overview(cache: &Cache, address: &ServerAddress, studio: &Studio) {
    cache.put(&overview_key(address), &snapshot::write(studio));
}

fn overview_key(address: &ServerAddress) -> String {
    format!("studio {address}")
}

/// The memory of one release.
pub(super) struct Relations<'a> {
    pub(super) address: &'a ServerAddress,
    pub(super) studio: &'a Studio,
    pub(super) release: &'a Release,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// The names that were asked about.
    names: BTreeSet<String>,
    relations: snapshot::RelationsRecord,
}

impl Relations<'_> {
    /// The relations, if an answer about at least these names is kept that still holds. Without names to ask about, and
    /// nobody to ask, any answer is better than none.
    pub(super) fn get(
        &self,
        cache: &Cache,
        names: Option<&BTreeSet<String>>,
    ) -> Option<ayon_model::Relations> {
        let entry: Entry = serde_json::from_slice(&cache.get(&self.key())?).ok()?;
        let holds = names.is_none_or(|names| names.is_subset(&entry.names) && !self.is_changing());
        holds.then(|| entry.relations.model())
    }

    /// Keeps what was learnt, unless the server failed over it.
    pub(super) fn keep(&self, cache: &Cache, names: &BTreeSet<String>, learnt: &Learnt) {
        let Knowledge::Known(relations) = &learnt.relations else {
            return;
        };
        if !learnt.problems.is_empty() {
            return;
        }
        let entry = Entry {
            names: names.clone(),
            relations: (&**relations).into(),
        };
        if let Ok(bytes) = serde_json::to_vec(&entry) {
            cache.put(&self.key(), &bytes);
        }
    }

    /// Whether the release is under development: `+git`, `+dev`, `-dev.1`.
    fn is_changing(&self) -> bool {
        let (_, version) = self.release;
        !version.build.is_empty() || version.pre.split('.').any(|part| part.starts_with("dev"))
    }

    /// The server's version is part of the key: which of its own ranges it says depends on it.
    fn key(&self) -> String {
        let (name, version) = self.release;
        let server = self.studio.server_version.as_deref().unwrap_or_default();
        format!(
            "relations {} {server} {} {version}",
            self.address,
            name.as_str()
        )
    }
}
