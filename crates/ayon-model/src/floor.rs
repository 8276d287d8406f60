//! The oldest systems that an environment must run on.
//!
//! A platform's name does not say how old a machine of it may be, but a wheel does: built for glibc 2.34, it cannot be
//! loaded on a farm node with 2.28. So whoever makes an environment for `linux-64` needs a floor, and a studio that
//! never said one gets that of the [VFX Reference Platform], which the vendors of hosts build for.
//!
//! [VFX Reference Platform]: https://vfxplatform.com

use std::fmt;
use std::str::FromStr;

use pypi::{Libc, Machine, TargetPlatform};

use crate::{Architecture, Platform, System};

/// A version of a system, of two numbers, written `2.28`. From 11 on the first alone is enough, as macOS counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Floor {
    /// The first number.
    pub major: u16,
    /// The second.
    pub minor: u16,
}

/// The floor of each system that has one. Windows has none, as no wheel says which Windows it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Floors {
    /// The C library of Linux, on either processor.
    pub glibc: Floor,
    /// macOS, on either processor.
    pub macos: Floor,
}

/// A text that is no version of a system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is no version of a system; two numbers are expected, such as 2.28 for glibc or 13.0 for macOS",
    crate::printable(_0)
)]
pub struct FloorError(pub String);

impl Default for Floors {
    /// glibc 2.28, which CY2023 to CY2025 of the VFX Reference Platform name: Rocky Linux 8 and its kin, on which AYON
    /// publishes a launcher too. CY2026 names 2.34, for studios that have left those.
    ///
    /// macOS 13.0, one release below what CY2026 names, since Macs are renewed sooner than farms.
    fn default() -> Self {
        Self {
            glibc: Floor::new(2, 28),
            macos: Floor::new(13, 0),
        }
    }
}

impl Floor {
    /// The version of these numbers.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }
}

impl Platform {
    /// The platform as wheels see it: with its floor.
    pub fn with_floor(self, floors: Floors) -> TargetPlatform {
        let machine = match self.architecture {
            Architecture::X86_64 => Machine::X86_64,
            Architecture::Arm64 => Machine::Arm64,
        };
        match self.system {
            System::Linux => TargetPlatform::Linux {
                machine,
                libc: Libc::Glibc(floors.glibc.major, floors.glibc.minor),
            },
            System::Windows => TargetPlatform::Windows { machine },
            System::Darwin => TargetPlatform::MacOs {
                machine,
                version: (floors.macos.major, floors.macos.minor),
            },
        }
    }
}

impl fmt::Display for Floor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for Floor {
    type Err = FloorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| {
            let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| is_plain)
        };
        let read = match text.split_once('.') {
            Some((major, minor)) => number(major).zip(number(minor)),
            // `2` for glibc would silently mean a library that nobody has.
            None => number(text).filter(|major| *major >= 11).zip(Some(0)),
        };
        read.map(|(major, minor)| Self::new(major, minor))
            .ok_or_else(|| FloorError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_read_back() {
        for (text, floor) in [
            ("2.28", Floor::new(2, 28)),
            ("13.0", Floor::new(13, 0)),
            ("10.15", Floor::new(10, 15)),
            ("14", Floor::new(14, 0)),
        ] {
            assert_eq!(text.parse(), Ok(floor));
            assert_eq!(floor.to_string().parse(), Ok(floor));
        }
        for text in [
            "",
            "2",
            "2.",
            ".28",
            "2.28.1",
            "+2.28",
            "2.-1",
            "2.99999",
            "new\u{1b}",
        ] {
            let error = text.parse::<Floor>().unwrap_err().to_string();
            assert!(
                error.contains("two numbers") && !error.contains('\u{1b}'),
                "{error}"
            );
        }
    }

    /// The markers of a target are those of its platform, whichever way they are asked for.
    #[test]
    fn a_platform_has_one_marker_environment() {
        let python: pypi::Version = "3.11.9".parse().unwrap();
        let mut seen = Vec::new();
        for name in [
            "linux-64",
            "linux-aarch64",
            "win-64",
            "win-arm64",
            "osx-64",
            "osx-arm64",
        ] {
            let platform: Platform = name.parse().unwrap();
            let target = pypi::Target::new(platform.with_floor(Floors::default()), &python);
            assert_eq!(*target.environment(), platform.marker_environment(&python));
            seen.push(target.platform().to_string());
        }
        assert_eq!(
            seen,
            [
                "linux x86_64, glibc 2.28",
                "linux aarch64, glibc 2.28",
                "windows amd64",
                "windows arm64",
                "macos x86_64, macOS 13.0",
                "macos arm64, macOS 13.0",
            ]
        );
    }
}
