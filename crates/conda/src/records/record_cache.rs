//! A cache of packed subdirs: what a channel said is parsed once, and mapped from then on.
//!
//! A subdir has one file, for one state of what the channel says. What that state is, the caller knows: an entity tag, a time
//! and a size, a hash. Where the state is another one, the repodata is packed anew and the old file goes; whoever still
//! reads that keeps it. Processes need no lock: files come by a rename, and two that pack the same make the same.

use std::path::Path;
use std::sync::Arc;

use ayon_disk::{Cache, CacheWarning};

use super::home::Home;
use super::packed_records::PackedRecords;
use super::source::Repodata;
use crate::{Channel, Platform, RecordsError};

/// To raise when the meaning of what is packed changes.
const SCHEMA: u32 = 1;

/// Packed subdirs, kept in a folder between runs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RecordCache {
    cache: Arc<Cache>,
}

impl RecordCache {
    /// A cache in a folder, which is made when something is first kept.
    pub fn new(parent: &Path) -> Self {
        RecordCache {
            cache: Arc::new(Cache::new(parent, "conda-records", SCHEMA)),
        }
    }

    /// A cache that keeps nothing.
    pub fn disabled() -> Self {
        RecordCache {
            cache: Arc::new(Cache::disabled()),
        }
    }

    /// What happened since the last call that a person may want to know: a folder that cannot be written, a damaged file.
    pub fn take_warnings(&self) -> Vec<CacheWarning> {
        self.cache.take_warnings()
    }

    /// The records of a subdir in a state, if they are kept. `source` is read only where a part of them is damaged.
    pub fn kept(
        &self,
        channel: &Channel,
        platform: Platform,
        state: &str,
        source: &Repodata,
    ) -> Option<PackedRecords> {
        let home = self.home(channel, platform, state);
        let packed = home.packed()?;
        PackedRecords::new(channel, platform, packed, source.clone(), home).ok()
    }

    /// The records of a subdir in a state: kept ones, or those of a repodata that is read now and kept.
    ///
    /// # Errors
    /// If nothing is kept and the repodata cannot be read or is none. A single record that is wrong is told only to who
    /// asks for its name. A cache that cannot be used is no error.
    pub fn open(
        &self,
        channel: &Channel,
        platform: Platform,
        state: &str,
        source: &Repodata,
    ) -> Result<PackedRecords, RecordsError> {
        if let Some(kept) = self.kept(channel, platform, state, source) {
            return Ok(kept);
        }
        let home = self.home(channel, platform, state);
        let packed = home.make(source, channel, platform)?;
        PackedRecords::new(channel, platform, packed, source.clone(), home)
    }

    fn home(&self, channel: &Channel, platform: Platform, state: &str) -> Home {
        let cache = Arc::clone(&self.cache);
        Home::new(cache, channel.subdir_url(platform), state.to_owned())
    }
}
