//! What distributions are chosen for: one `CPython` on one platform.
//!
//! Two things decide whether a distribution is of use there. *Markers* compare names (`sys_platform
//! == "linux"`) and are asked of the target's [`MarkerEnvironment`]. *Tags* say what a wheel was
//! built for, and know what markers cannot: which C library, how old a system. Both are computed
//! here from the same few facts, for any target on any machine.
//!
//! The oldest system that must be served is part of the target (a *floor*), since a lock made for
//! `linux-64` without one would hold wheels that half of a farm cannot load.

pub(crate) mod tags;

use std::fmt;

use crate::file::wheel_name::WheelTags;
use crate::marker::Variable;
use crate::marker::environment::{MarkerEnvironment, OperatingSystem, full_version};
use crate::target::tags::{SupportedTags, TagMismatch};
use crate::version::Version;

/// A processor that wheels are built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Machine {
    /// 64-bit x86: `x86_64`, on Windows `AMD64`.
    X86_64,
    /// 64-bit Arm: `aarch64` on Linux, `arm64` elsewhere, in markers on Windows `ARM64`.
    Arm64,
}

/// The C library of a Linux, with the oldest version that must be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Libc {
    /// The GNU library: wheels tagged `manylinux` ([PEP 600](https://peps.python.org/pep-0600/)).
    Glibc(u16, u16),
    /// musl, as in Alpine: wheels tagged `musllinux` ([PEP 656](https://peps.python.org/pep-0656/)).
    Musl(u16, u16),
}

/// A platform with its floor. Displays as `linux x86_64, glibc 2.28`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetPlatform {
    /// Linux.
    Linux {
        /// The processor.
        machine: Machine,
        /// The C library and its floor.
        libc: Libc,
    },
    /// macOS.
    MacOs {
        /// The processor.
        machine: Machine,
        /// The oldest macOS that must be served, `(13, 0)`.
        version: (u16, u16),
    },
    /// Windows. Wheels say nothing about its version.
    Windows {
        /// The processor.
        machine: Machine,
    },
}

/// A `CPython` on a platform.
///
/// ```
/// use pypi::{Libc, Machine, Target, TargetPlatform, WheelTags};
///
/// let libc = Libc::Glibc(2, 28);
/// let platform = TargetPlatform::Linux { machine: Machine::X86_64, libc };
/// let farm = Target::new(platform, &"3.11.9".parse()?);
///
/// let built: WheelTags = "cp311-cp311-manylinux_2_17_x86_64".parse()?;
/// let pure: WheelTags = "py3-none-any".parse()?;
/// assert!(farm.rank(&built) < farm.rank(&pure));
///
/// let newer: WheelTags = "cp311-cp311-manylinux_2_34_x86_64".parse()?;
/// assert_eq!(farm.rank(&newer), None);
/// let reason = farm.why_not(&newer).map(|mismatch| mismatch.to_string());
/// assert_eq!(reason.as_deref(), Some("needs glibc 2.34, the target has 2.28"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    platform: TargetPlatform,
    python: Version,
    environment: MarkerEnvironment,
    tags: SupportedTags,
}

impl Target {
    /// The target of a platform and a full version of `CPython`; `3.11` counts as `3.11.0`.
    pub fn new(platform: TargetPlatform, python: &Version) -> Self {
        let python = full_version(python);
        let system = platform.system();
        Target {
            platform,
            environment: MarkerEnvironment::new(system, platform.machine().as_str(), &python),
            tags: SupportedTags::new(platform, &python),
            python,
        }
    }

    /// The platform, with its floor.
    pub fn platform(&self) -> TargetPlatform {
        self.platform
    }

    /// The full version of Python.
    pub fn python(&self) -> &Version {
        &self.python
    }

    /// What markers see there.
    pub fn environment(&self) -> &MarkerEnvironment {
        &self.environment
    }

    /// How well a wheel of these tags fits; none if it cannot be installed. Lower is better.
    ///
    /// The number is the place of the best of the wheel's tags in the list that `packaging` and
    /// `pip` search ([`Target::tags`]). It costs a few look-ups; rank distinct tags once and
    /// compare numbers.
    pub fn rank(&self, tags: &WheelTags) -> Option<u32> {
        self.tags.rank(tags)
    }

    /// All tags that can be installed there, best first: `packaging.tags.sys_tags` of that Python.
    pub fn tags(&self) -> impl Iterator<Item = String> {
        self.tags.iter()
    }

    /// Why a wheel of these tags cannot be installed; none if it can.
    pub fn why_not(&self, tags: &WheelTags) -> Option<TagMismatch> {
        self.why_none([tags])
    }

    /// Why no wheel of a release can be installed: what keeps the *nearest* of them away, taken
    /// together where several are as near. None if one can be installed, or there is none at all.
    pub fn why_none<'a>(
        &self,
        wheels: impl IntoIterator<Item = &'a WheelTags>,
    ) -> Option<TagMismatch> {
        let mut nearest: Option<TagMismatch> = None;
        for tags in wheels {
            if self.rank(tags).is_some() {
                return None;
            }
            let mismatch = TagMismatch::between(self.platform, &self.tags, tags);
            nearest = Some(match nearest {
                Some(other) => other.nearest(mismatch),
                None => mismatch,
            });
        }
        nearest
    }

    /// The marker that is true on this target and no other: a system, a processor, and a minor
    /// series of `CPython`. What stands in `environments` of a lock ([PEP 751]).
    ///
    /// Floors are not in it, as no marker can say them.
    ///
    /// [PEP 751]: https://packaging.python.org/en/latest/specifications/pylock-toml/
    pub fn marker(&self) -> String {
        let value = |variable| self.environment.value(variable);
        let series = self.python.release_prefix(2);
        // `>= 3.15` leaves out the pre-releases of 3.15, `< 3.15` those as well.
        let first = if self.python.is_prerelease() {
            &self.python
        } else {
            &series
        };
        [
            format!("sys_platform == '{}'", value(Variable::SysPlatform)),
            format!("platform_machine == '{}'", value(Variable::PlatformMachine)),
            format!(
                "implementation_name == '{}'",
                value(Variable::ImplementationName)
            ),
            format!("python_full_version >= '{first}'"),
            format!("python_full_version < '{}'", series.next_release()),
        ]
        .join(" and ")
    }
}

impl TargetPlatform {
    /// The operating system.
    pub fn system(self) -> OperatingSystem {
        match self {
            TargetPlatform::Linux { .. } => OperatingSystem::Linux,
            TargetPlatform::MacOs { .. } => OperatingSystem::Darwin,
            TargetPlatform::Windows { .. } => OperatingSystem::Windows,
        }
    }

    /// The processor.
    pub fn machine(self) -> Machine {
        match self {
            TargetPlatform::Linux { machine, .. }
            | TargetPlatform::MacOs { machine, .. }
            | TargetPlatform::Windows { machine } => machine,
        }
    }

    /// What platform tags call the processor: `x86_64`, `aarch64`, `arm64`, `amd64`.
    pub(crate) fn machine_tag(self) -> &'static str {
        match (self, self.machine()) {
            (TargetPlatform::Windows { .. }, Machine::X86_64) => "amd64",
            (_, Machine::X86_64) => "x86_64",
            (TargetPlatform::Linux { .. }, Machine::Arm64) => "aarch64",
            (_, Machine::Arm64) => "arm64",
        }
    }
}

impl Machine {
    /// Its most usual name, `x86_64` or `arm64`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Machine::X86_64 => "x86_64",
            Machine::Arm64 => "arm64",
        }
    }
}

impl fmt::Display for Libc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Libc::Glibc(major, minor) => write!(formatter, "glibc {major}.{minor}"),
            Libc::Musl(major, minor) => write!(formatter, "musl {major}.{minor}"),
        }
    }
}

impl fmt::Display for TargetPlatform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TargetPlatform::Linux { libc, .. } => {
                write!(formatter, "linux {}, {libc}", self.machine_tag())
            }
            TargetPlatform::MacOs { version, .. } => {
                let (major, minor) = version;
                write!(
                    formatter,
                    "macos {}, macOS {major}.{minor}",
                    self.machine_tag()
                )
            }
            TargetPlatform::Windows { .. } => write!(formatter, "windows {}", self.machine_tag()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Python {} on {}", self.python, self.platform)
    }
}
