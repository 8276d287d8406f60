//! Why a channel cannot be opened. Each error names the channel, without secrets, and the way out.

use ayon_disk::DiskError;
use conda::{Channel, Platform, RecordsError};

#[cfg(feature = "http")]
use crate::http::Fault;

/// Why a channel cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// It is none. Other subdirectories may be missing, but conda and rattler hold that every channel has this one.
    #[error(
        "`{channel}` is no channel: {place} has no `noarch/repodata.json`; check the name or address. A channel without such \
         packages needs the file all the same, with nothing in it: `conda index` and `rattler-index` make it"
    )]
    NoChannel {
        /// The channel.
        channel: Channel,
        /// The folder or address at which it was looked for.
        place: String,
    },
    /// It could not be fetched.
    #[cfg(feature = "http")]
    #[error("cannot read {channel}/{platform}: {fault}")]
    Fetch {
        /// The channel.
        channel: Channel,
        /// The subdirectory.
        platform: Platform,
        /// What happened.
        fault: Fault,
    },
    /// A file of it could not be read.
    #[error("cannot read {channel}/{platform}: {source}")]
    Disk {
        /// The channel.
        channel: Channel,
        /// The subdirectory.
        platform: Platform,
        /// What the system said.
        source: Box<DiskError>,
    },
    /// What it says is not what a channel says.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// This program cannot ask.
    #[error(
        "cannot read {channel}: this program was built for channels in folders only, without the feature `http`"
    )]
    NoHttp {
        /// The channel.
        channel: Channel,
    },
    /// Requests cannot be made at all: a wrong proxy, or certificates that cannot be read.
    #[error("{0}")]
    Setup(String),
    /// The caller wished to stop.
    #[error("stopped")]
    Stopped,
    /// A thread that fetches could not be started, or ended before its time.
    #[error("the thread that fetches: {0}")]
    Thread(String),
}
