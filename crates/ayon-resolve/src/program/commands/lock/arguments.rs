//! The flags about locks, which the main job and the commands share.

use clap::Args;

use crate::program::arguments::{switch, text};
use crate::program::setting::Layer;

/// From which lock the answer is taken, instead of from a solve.
#[derive(Debug, Args)]
#[command(next_help_heading = "The lock")]
pub(crate) struct UseArguments {
    /// Take the answer from this lock, and solve nothing [default with the flags below: ayon.lock]
    #[arg(long, value_name = "FILE")]
    lock: Option<String>,
    /// Fail if the lock is not what the studio would give now: the studio is read, nothing is solved
    #[arg(long, conflicts_with = "frozen")]
    locked: bool,
    /// Use the lock as it is: not even the studio is read
    #[arg(long)]
    frozen: bool,
}

impl UseArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "lock", self.lock.as_deref());
        switch(layer, "locked", self.locked);
        switch(layer, "frozen", self.frozen);
    }
}

/// Which file is the lock.
#[derive(Debug, Args)]
#[command(next_help_heading = "The lock")]
pub(crate) struct FileArguments {
    /// The lock [default: ayon.lock]
    #[arg(long, value_name = "FILE")]
    lock: Option<String>,
}

impl FileArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "lock", self.lock.as_deref());
    }
}
