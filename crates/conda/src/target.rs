//! The machine that an answer is for, which is seldom the machine that solves.
//!
//! What a machine has and no package brings is told as *virtual packages*. They are never detected: whoever asks says what
//! the target has, and what is said by default is a floor that the platforms of the years around have.

use std::fmt;
use std::str::FromStr;

use rattler_conda_types::GenericVirtualPackage;
use rattler_conda_types::package::BuildString;

use crate::name::printable;
use crate::{PackageName, Platform, Version, VersionError};

/// A kind of machine: its platform, and what it has that no package brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    platform: Platform,
    has: Vec<VirtualPackage>,
}

/// Something a machine has: `__glibc=2.28=0` ([CEP 30]).
///
/// [CEP 30]: https://conda.org/learn/ceps/cep-0030
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualPackage {
    name: PackageName,
    version: Version,
    build: String,
}

/// A text that is no virtual package.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VirtualPackageError {
    /// It has no name, or one of a package.
    #[error(
        "`{0}` is not a virtual package: `__name=version` or `__name=version=build` is expected"
    )]
    Form(String),
    /// Its version is none.
    #[error(transparent)]
    Version(#[from] VersionError),
}

impl Target {
    /// A machine of a platform with the usual floors: glibc 2.28 on Linux, macOS 10.13 on Intel and 11.0 on Apple's
    /// processors, no CUDA.
    pub fn new(platform: Platform) -> Self {
        let mut target = Self {
            platform,
            has: Vec::new(),
        };
        let mut has = |text: &str| {
            // Every text is one of those below.
            if let Ok(package) = text.parse() {
                target.put(package);
            }
        };
        if platform.is_linux() {
            ["__unix=0", "__linux=4.18", "__glibc=2.28"]
                .into_iter()
                .for_each(&mut has);
        } else if platform.is_macos() {
            has("__unix=0");
            has(if platform == Platform::OSX_ARM64 {
                "__osx=11.0"
            } else {
                "__osx=10.13"
            });
        } else if platform.is_windows() {
            has("__win=0");
        }
        match platform.as_str() {
            "linux-64" | "osx-64" | "win-64" => has("__archspec=1=x86_64"),
            "linux-aarch64" => has("__archspec=1=aarch64"),
            "osx-arm64" => has("__archspec=1=m1"),
            _ => {}
        }
        target
    }

    /// A machine of a platform that has just these.
    pub fn with_only(platform: Platform, has: impl IntoIterator<Item = VirtualPackage>) -> Self {
        let mut target = Self {
            platform,
            has: Vec::new(),
        };
        has.into_iter().for_each(|package| target.put(package));
        target
    }

    /// The same with this glibc.
    #[must_use]
    pub fn with_glibc(self, version: Version) -> Self {
        self.with("__glibc", version)
    }

    /// The same with a driver for this CUDA.
    #[must_use]
    pub fn with_cuda(self, version: Version) -> Self {
        self.with("__cuda", version)
    }

    /// The same with this macOS.
    #[must_use]
    pub fn with_macos(self, version: Version) -> Self {
        self.with("__osx", version)
    }

    /// The same with this, whatever it had of the name.
    #[must_use]
    pub fn with_virtual_package(mut self, package: VirtualPackage) -> Self {
        self.put(package);
        self
    }

    /// Its platform.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// What it has, by name.
    pub fn virtual_packages(&self) -> &[VirtualPackage] {
        &self.has
    }

    pub(crate) fn to_rattler(&self) -> Vec<GenericVirtualPackage> {
        self.has.iter().map(VirtualPackage::to_rattler).collect()
    }

    fn with(self, name: &str, version: Version) -> Self {
        self.with_virtual_package(VirtualPackage {
            name: PackageName::unchecked(name.to_owned()),
            version,
            build: "0".to_owned(),
        })
    }

    fn put(&mut self, package: VirtualPackage) {
        match self.has.binary_search_by(|has| has.name.cmp(&package.name)) {
            Ok(place) => self.has[place] = package,
            Err(place) => self.has.insert(place, package),
        }
    }
}

impl VirtualPackage {
    /// What it is called, with its two underscores.
    pub fn name(&self) -> &PackageName {
        &self.name
    }

    /// Its version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    pub(crate) fn to_rattler(&self) -> GenericVirtualPackage {
        GenericVirtualPackage {
            name: self.name.to_rattler(),
            version: self.version.0.version().clone(),
            build_string: BuildString::new_unchecked(self.build.clone()),
        }
    }
}

impl FromStr for VirtualPackage {
    type Err = VirtualPackageError;

    fn from_str(text: &str) -> Result<Self, VirtualPackageError> {
        let refuse = || VirtualPackageError::Form(printable(text));
        let mut parts = text.trim().splitn(3, '=');
        let name: PackageName = parts
            .next()
            .and_then(|name| name.parse().ok())
            .filter(PackageName::is_virtual)
            .ok_or_else(refuse)?;
        let version = parts.next().unwrap_or("0").parse()?;
        let build = parts.next().unwrap_or("0").to_owned();
        let is_fine = |character: char| character.is_alphanumeric() || "_.+-".contains(character);
        if !build.chars().all(is_fine) {
            return Err(refuse());
        }
        Ok(Self {
            name,
            version,
            build,
        })
    }
}

impl fmt::Display for VirtualPackage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}={}={}", self.name, self.version, self.build)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(target: &Target) -> Vec<String> {
        target
            .virtual_packages()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn every_platform_has_its_floor() {
        assert_eq!(
            told(&Target::new(Platform::LINUX_64)),
            [
                "__archspec=1=x86_64",
                "__glibc=2.28=0",
                "__linux=4.18=0",
                "__unix=0=0"
            ]
        );
        assert_eq!(
            told(&Target::new(Platform::OSX_ARM64)),
            ["__archspec=1=m1", "__osx=11.0=0", "__unix=0=0"]
        );
        assert_eq!(
            told(&Target::new(Platform::WIN_64)),
            ["__archspec=1=x86_64", "__win=0=0"]
        );
        assert!(told(&Target::new(Platform::NOARCH)).is_empty());
    }

    #[test]
    fn what_is_said_replaces_the_floor() {
        let target = Target::new(Platform::LINUX_64)
            .with_glibc("2.17".parse().unwrap())
            .with_cuda("12.4".parse().unwrap());
        assert!(told(&target).contains(&"__glibc=2.17=0".to_owned()));
        assert!(told(&target).contains(&"__cuda=12.4=0".to_owned()));
        assert_eq!(told(&target).len(), 5);
    }

    #[test]
    fn what_is_no_virtual_package_is_refused() {
        for text in [
            "",
            "glibc=2",
            "__glibc=",
            "__glibc=1..2",
            "__a=1=b c",
            "__a b=1",
        ] {
            assert!(text.parse::<VirtualPackage>().is_err(), "{text}");
        }
    }
}
