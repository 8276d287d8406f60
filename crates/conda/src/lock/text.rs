//! A record as text and back, so that what was chosen can be kept without its channel.

use rattler_conda_types::RepoDataRecord;

use super::LockError;
use crate::{Channel, ChannelBase, Record};

impl Record {
    /// The whole record on one line of JSON, with its URL and channel: what [`Record::from_text`] reads.
    ///
    /// # Errors
    /// It has no form as JSON, which no record that was read from a channel is without.
    pub fn to_text(&self) -> Result<String, LockError> {
        serde_json::to_string(self.rattler())
            .map_err(|error| LockError::new(&self.file_name(), &error))
    }

    /// The record that [`Record::to_text`] wrote.
    ///
    /// # Errors
    /// The text is not that of a record.
    pub fn from_text(text: &str) -> Result<Self, LockError> {
        let data: RepoDataRecord =
            serde_json::from_str(text).map_err(|error| LockError::new(&"a record", &error))?;
        let wrong = |reason: &dyn ToString| {
            LockError::new(&data.identifier.to_file_name(), &reason.to_string())
        };
        let Some(address) = &data.channel else {
            return Err(wrong(&"it names no channel"));
        };
        // A record names its channel by an address, which nothing completes.
        let channel =
            Channel::parse(address, &ChannelBase::new("")).map_err(|error| wrong(&error))?;
        Ok(Self::of_rattler(data, channel))
    }
}
