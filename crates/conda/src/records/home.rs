//! Where one packed subdir is kept, and how it is made again.

use std::sync::Arc;

use ayon_disk::Cache;

use super::packed::{Bytes, Packed};
use super::source::Repodata;
use crate::{Channel, Platform, RecordsError};

/// Where one packed subdir is kept.
#[derive(Debug)]
pub(super) struct Home {
    cache: Arc<Cache>,
    subject: String,
    state: String,
}

impl Home {
    pub(super) fn new(cache: Arc<Cache>, subject: String, state: String) -> Self {
        Self {
            cache,
            subject,
            state,
        }
    }

    /// What the file says it is.
    fn key(&self) -> String {
        format!("{}\n{}", self.subject, self.state)
    }

    /// The state of the subdir that is kept.
    pub(super) fn state(&self) -> &str {
        &self.state
    }

    /// What is kept there, unless there is nothing or its head is wrong.
    pub(super) fn packed(&self) -> Option<Packed> {
        let mapped = self.cache.map(&self.subject, &self.state)?;
        let packed = Packed::open(Bytes::Mapped(mapped), &self.key());
        if packed.is_err() {
            self.forget("its head does not fit its checksum");
        }
        packed.ok()
    }

    /// Drops what is kept.
    pub(super) fn forget(&self, reason: &'static str) {
        self.cache.forget(&self.subject, &self.state, reason);
    }

    /// Packs a repodata and keeps it.
    pub(super) fn make(
        &self,
        source: &Repodata,
        channel: &Channel,
        platform: Platform,
    ) -> Result<Packed, RecordsError> {
        let bytes = source.pack(channel, platform, &self.key())?;
        self.cache.put_mapped(&self.subject, &self.state, &bytes);
        Packed::open(Bytes::Owned(bytes), &self.key()).map_err(|error| RecordsError {
            channel: channel.clone(),
            platform,
            reason: "its records could not be packed".to_owned(),
            source: Some(Box::new(error)),
        })
    }
}
