//! What a subdirectory of a channel says, as the solve asks for it.

mod home;
mod intern;
mod layout;
mod loose;
mod pack;
mod packed;
mod packed_records;
mod patch;
mod record_cache;
mod repodata;
mod row;
mod source;
#[cfg(test)]
mod tests;

pub(crate) use packed_records::Light;
pub use packed_records::PackedRecords;
pub use record_cache::RecordCache;
pub use source::Repodata;

use crate::{Channel, PackageName, Platform, Record};

/// One subdirectory of one channel.
///
/// What it says must not change while it lives. Calls may block and read; they come from one thread at a time, but not
/// always the same.
pub trait Records: Send + Sync {
    /// Of which channel.
    fn channel(&self) -> &Channel;

    /// Which subdirectory.
    fn platform(&self) -> Platform;

    /// Whether it has any record of a name. Cheap.
    fn has(&self, name: &PackageName) -> bool;

    /// All records of a name, in any order; of a `.conda` and its `.tar.bz2` twin only the first. None if there are none.
    ///
    /// # Errors
    /// If what is stored cannot be read.
    fn of(&self, name: &PackageName) -> Result<Vec<Record>, RecordsError>;

    /// All names, for telling close ones.
    fn names(&self) -> Vec<PackageName>;

    /// What tells what it says from anything else it ever said or will say: an entity tag, a time and a size. None if
    /// nothing does, and then no answer that it has a part in is remembered.
    fn state(&self) -> Option<String> {
        None
    }

    /// The same as packed records, if that is what they are: a solve then reads rows of these and no whole records.
    fn packed(&self) -> Option<&PackedRecords> {
        None
    }
}

/// A channel that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{channel}/{platform}: {reason}")]
pub struct RecordsError {
    /// Of which channel.
    pub channel: Channel,
    /// Which subdirectory.
    pub platform: Platform,
    /// What is wrong, where, and what to do.
    pub reason: String,
    /// What it stems from.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}
