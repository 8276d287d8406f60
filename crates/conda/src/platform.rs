//! The subdirectories of a channel: `linux-64`, `win-64`, `noarch`.

use std::fmt;
use std::str::FromStr;

use rattler_conda_types::Subdir;

/// A subdirectory of a channel, and so a kind of machine ([CEP 26]). Ordered by its text.
///
/// [CEP 26]: https://conda.org/learn/ceps/cep-0026
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform(pub(crate) Subdir);

/// A text that is no platform.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a conda platform: `linux-64`, `linux-aarch64`, `osx-64`, `osx-arm64`, `win-64` or `noarch` is expected"
)]
pub struct PlatformError {
    text: String,
}

impl Platform {
    /// What runs everywhere.
    pub const NOARCH: Self = Self(Subdir::NoArch);
    /// Linux on x86-64.
    pub const LINUX_64: Self = Self(Subdir::Linux64);
    /// Linux on ARM.
    pub const LINUX_AARCH64: Self = Self(Subdir::LinuxAarch64);
    /// macOS on Intel.
    pub const OSX_64: Self = Self(Subdir::Osx64);
    /// macOS on Apple's processors.
    pub const OSX_ARM64: Self = Self(Subdir::OsxArm64);
    /// Windows on x86-64.
    pub const WIN_64: Self = Self(Subdir::Win64);

    /// As a channel's folder is called.
    pub fn as_str(self) -> &'static str {
        self.0.as_str()
    }

    /// Whether it is a Linux.
    pub fn is_linux(self) -> bool {
        self.0.is_linux()
    }

    /// Whether it is a macOS.
    pub fn is_macos(self) -> bool {
        self.0.is_osx()
    }

    /// Whether it is a Windows.
    pub fn is_windows(self) -> bool {
        self.0.is_windows()
    }
}

impl FromStr for Platform {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, PlatformError> {
        let known = Subdir::from_str(text).ok();
        known
            .filter(|subdir| subdir.as_str() == text)
            .map(Self)
            .ok_or_else(|| PlatformError {
                text: crate::name::printable(text),
            })
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_written_as_they_are_read() {
        for text in [
            "noarch",
            "linux-64",
            "linux-aarch64",
            "osx-64",
            "osx-arm64",
            "win-64",
        ] {
            let platform: Platform = text.parse().unwrap();
            assert_eq!(platform.to_string(), text);
        }
        assert_eq!(Platform::WIN_64.as_str(), "win-64");
    }

    #[test]
    fn what_is_no_platform_is_refused_and_named() {
        for text in ["", "windows", "linux-65", "LINUX-64", "linux_64"] {
            let error = text.parse::<Platform>().unwrap_err();
            assert!(error.to_string().contains(&format!("`{text}`")), "{error}");
        }
    }
}
