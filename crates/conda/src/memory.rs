//! Records in memory: for tests, and for records that somebody already has.

use std::collections::BTreeMap;

use crate::{Channel, PackageName, Platform, Record, RecordFacts, Records, RecordsError};

/// One subdirectory of one channel, held in memory.
#[derive(Clone, Debug)]
pub struct MemoryRecords {
    channel: Channel,
    platform: Platform,
    records: BTreeMap<PackageName, Vec<Record>>,
}

impl MemoryRecords {
    /// Without any record yet.
    pub fn new(channel: Channel, platform: Platform) -> Self {
        Self {
            channel,
            platform,
            records: BTreeMap::new(),
        }
    }

    /// Puts a record in.
    pub fn add(&mut self, record: Record) {
        let records = self.records.entry(record.name()).or_default();
        records.push(record);
    }

    /// Makes a record of a version with build `0` and what it depends on, and puts it in.
    ///
    /// # Panics
    /// If the name or the version is none: this is for worlds that are written by hand.
    pub fn give(&mut self, name: &str, version: &str, depends: &[&str]) {
        let mut facts = RecordFacts::new(name, version, "0");
        facts.depends = depends.iter().map(|&text| text.to_owned()).collect();
        let record = facts.at(&self.channel, self.platform);
        self.add(record.unwrap_or_else(|error| panic!("{error}")));
    }
}

impl Records for MemoryRecords {
    fn channel(&self) -> &Channel {
        &self.channel
    }

    fn platform(&self) -> Platform {
        self.platform
    }

    fn has(&self, name: &PackageName) -> bool {
        self.records.contains_key(name)
    }

    fn of(&self, name: &PackageName) -> Result<Vec<Record>, RecordsError> {
        Ok(self.records.get(name).cloned().unwrap_or_default())
    }

    /// Only that there is nothing is known of a content without a past.
    fn state(&self) -> Option<String> {
        self.records.is_empty().then(|| "empty".to_owned())
    }

    fn names(&self) -> Vec<PackageName> {
        self.records.keys().cloned().collect()
    }
}
