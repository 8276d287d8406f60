//! A subdirectory that is opened when somebody looks into it.
//!
//! Other platforms' subdirectories are looked at only to tell why there is no answer. Opened for the first time one is read
//! whole, which is most of what a question costs.

use std::sync::{Arc, OnceLock};

use conda::{Channel, PackageName, Platform, Record, Records, RecordsError};
use conda_client::Client;

/// One subdirectory of one channel, not opened yet. One that cannot be opened has nothing.
pub(super) struct Unopened {
    client: Arc<Client>,
    channel: Channel,
    platform: Platform,
    records: OnceLock<Option<Arc<dyn Records>>>,
}

impl Unopened {
    pub(super) fn new(client: Arc<Client>, channel: Channel, platform: Platform) -> Self {
        Self {
            client,
            channel,
            platform,
            records: OnceLock::new(),
        }
    }

    fn records(&self) -> Option<&Arc<dyn Records>> {
        let open = || {
            let channel = std::slice::from_ref(&self.channel);
            let opened = self.client.open(channel, &[self.platform]).ok()?;
            Some(opened.into_iter().flatten().next()?.records)
        };
        self.records.get_or_init(open).as_ref()
    }
}

impl Records for Unopened {
    fn channel(&self) -> &Channel {
        &self.channel
    }

    fn platform(&self) -> Platform {
        self.platform
    }

    fn has(&self, name: &PackageName) -> bool {
        self.records().is_some_and(|records| records.has(name))
    }

    fn of(&self, name: &PackageName) -> Result<Vec<Record>, RecordsError> {
        self.records()
            .map_or_else(|| Ok(Vec::new()), |records| records.of(name))
    }

    fn names(&self) -> Vec<PackageName> {
        self.records()
            .map_or_else(Vec::new, |records| records.names())
    }
}
