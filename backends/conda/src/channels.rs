//! Where a solve reads channels from: whoever embeds this crate brings them.

use std::sync::Arc;

use conda::{Platform, Records};

/// The channels of a studio, in their order.
///
/// Opening may fetch; what is opened must not change while it lives.
pub trait Channels: Send + Sync {
    /// Opens every channel for `platform`.
    ///
    /// # Errors
    /// A channel cannot be had; the error says which, and what to do.
    fn open(&self, platform: Platform) -> Result<OpenChannels, ChannelsError>;

    /// What it is, in a few words: `conda-forge and studio`.
    fn describe(&self) -> String;
}

/// Why channels cannot be had.
pub type ChannelsError = Box<dyn std::error::Error + Send + Sync>;

/// Channels that can be read.
#[derive(Clone, Default)]
pub struct OpenChannels {
    /// Each as its subdirectories, that of the platform before `noarch`; the most important channel first.
    pub channels: Vec<Vec<Arc<dyn Records>>>,
    /// Their subdirectories for other platforms, as far as they are at hand: looked at only to tell that a package is there.
    pub elsewhere: Vec<Arc<dyn Records>>,
}
