//! What an environment is for: one process on one platform.
//!
//! Not everything an addon asks for reaches every process (reference `ayon.md` §10 and §12.4): its ordinary
//! dependencies reach all, its *runtime* dependencies only the launcher's own process; the launcher's modules are on
//! every path, its Qt only on its own; a host brings its own Python.

use std::fmt;
use std::sync::Arc;

use crate::{Half, Platform, PythonRequirement};

/// The process an environment is made for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Process {
    /// The AYON launcher itself, with its Qt: tray, browser, publisher.
    Launcher,
    /// A plain Python of the launcher's version without Qt and without runtime dependencies: a farm task.
    Headless,
    /// A DCC host.
    Host {
        /// Name as in `app_host_name`.
        name: Arc<str>,
        /// Version as the host profile spells it.
        version: Arc<str>,
    },
}

impl fmt::Display for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Launcher => formatter.write_str("launcher"),
            Self::Headless => formatter.write_str("headless"),
            Self::Host { name, version } => {
                write!(
                    formatter,
                    "{}/{}",
                    crate::printable(name),
                    crate::printable(version)
                )
            }
        }
    }
}

/// A process on a platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Where.
    pub platform: Platform,
    /// What.
    pub process: Process,
}

impl Target {
    /// Whether `requirement` reaches this target's process at all; its marker is a question of its own, since that
    /// needs the target's Python.
    pub fn is_reached_by(&self, requirement: &PythonRequirement) -> bool {
        let half = match requirement.half {
            Half::Dependencies => true,
            Half::Runtime => self.process == Process::Launcher,
        };
        half && requirement
            .system
            .is_none_or(|system| system == self.platform.system)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} on {}", self.process, self.platform)
    }
}
