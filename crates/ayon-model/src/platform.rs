//! Platforms, in AYON's words (`linux`, `windows`, `darwin`) and in conda's (`linux-64`, `osx-arm64`).
//!
//! AYON knows only the operating system; an environment is made for a system *and* an architecture. [`Platform`] is
//! the pair, spelled as conda spells its subdirs, since that is what farm and conda users type.

use std::fmt;
use std::str::FromStr;

use pypi::MarkerEnvironment;

/// An operating system, as AYON names platforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// `linux`
    Linux,
    /// `windows`
    Windows,
    /// `darwin`
    Darwin,
}

impl System {
    /// All of them, in AYON's usual order.
    pub const ALL: [Self; 3] = [Self::Linux, Self::Windows, Self::Darwin];

    /// AYON's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::Darwin => "darwin",
        }
    }
}

impl fmt::Display for System {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for System {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|system| system.as_str() == text)
            .ok_or_else(|| PlatformError(text.to_owned()))
    }
}

/// A processor architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Architecture {
    /// 64-bit x86.
    X86_64,
    /// 64-bit Arm.
    Arm64,
}

/// A system on an architecture, spelled as conda spells subdirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// The operating system.
    pub system: System,
    /// The processor.
    pub architecture: Architecture,
}

/// A word that names no platform.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no platform; known are linux-64, linux-aarch64, win-64, win-arm64, osx-64, osx-arm64, and linux, windows, darwin for the usual processor of each"
)]
pub struct PlatformError(pub String);

impl Platform {
    const NAMES: [(&'static str, System, Architecture); 6] = [
        ("linux-64", System::Linux, Architecture::X86_64),
        ("linux-aarch64", System::Linux, Architecture::Arm64),
        ("win-64", System::Windows, Architecture::X86_64),
        ("win-arm64", System::Windows, Architecture::Arm64),
        ("osx-64", System::Darwin, Architecture::X86_64),
        ("osx-arm64", System::Darwin, Architecture::Arm64),
    ];

    /// The platform this program was compiled for.
    pub const fn current() -> Self {
        let system = if cfg!(target_os = "windows") {
            System::Windows
        } else if cfg!(target_os = "macos") {
            System::Darwin
        } else {
            System::Linux
        };
        let architecture = if cfg!(target_arch = "aarch64") {
            Architecture::Arm64
        } else {
            Architecture::X86_64
        };
        Self {
            system,
            architecture,
        }
    }

    /// The platform meant when only the system is named.
    pub const fn usual(system: System) -> Self {
        // Studios' Macs have been Arm machines since 2021; farms and workstations otherwise are x86.
        let architecture = match system {
            System::Darwin => Architecture::Arm64,
            System::Linux | System::Windows => Architecture::X86_64,
        };
        Self {
            system,
            architecture,
        }
    }

    /// The conda subdir, such as `win-64`.
    pub fn subdir(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, system, architecture)| {
                (*system, *architecture) == (self.system, self.architecture)
            })
            .map_or("noarch", |(name, ..)| name)
    }

    /// What Python markers see on this platform under a Python of `python`.
    pub fn marker_environment(self, python: &pypi::Version) -> MarkerEnvironment {
        let system = match self.system {
            System::Linux => pypi::OperatingSystem::Linux,
            System::Windows => pypi::OperatingSystem::Windows,
            System::Darwin => pypi::OperatingSystem::Darwin,
        };
        let machine = match self.architecture {
            Architecture::X86_64 => "x86_64",
            Architecture::Arm64 => "arm64",
        };
        MarkerEnvironment::new(system, machine, python)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.subdir())
    }
}

impl FromStr for Platform {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((_, system, architecture)) =
            Self::NAMES.into_iter().find(|(name, ..)| *name == text)
        {
            return Ok(Self {
                system,
                architecture,
            });
        }
        Ok(Self::usual(text.parse()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for (name, system, architecture) in Platform::NAMES {
            let platform: Platform = name.parse().unwrap();
            assert_eq!(
                platform,
                Platform {
                    system,
                    architecture
                }
            );
            assert_eq!(platform.to_string(), name);
        }
        assert_eq!("darwin".parse::<Platform>().unwrap().subdir(), "osx-arm64");
        assert!("beos".parse::<Platform>().is_err());
    }
}
