//! What things are called in rez: families, words for versions, words for platforms.
//!
//! A family is made of a prefix and AYON's or `PyPI`'s own name, and a studio may put any other in its place
//! ([`Options`]). Whatever rez does not allow in a word becomes `_`, so that no name from outside can end a
//! request or start an option.

use std::collections::BTreeMap;

use ayon_model::{AddonName, Architecture, Platform, System};
use pypi::DistributionName;

/// The family of AYON's launcher.
pub(crate) const LAUNCHER: &str = "ayon_launcher";
/// The family of bundles: each is one series of versions.
pub(crate) const BUNDLE: &str = "ayon_bundle";
/// The family of interpreters, as rez binds it.
pub(crate) const PYTHON: &str = "python";
/// The family of operating systems, as rez binds it.
pub(crate) const PLATFORM: &str = "platform";
/// The family of processors, as rez binds it.
pub(crate) const ARCHITECTURE: &str = "arch";

/// What a studio may say about its rez packages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Families of distributions; `None` where there is no such package, so that none is requested.
    pub names: BTreeMap<DistributionName, Option<String>>,
    /// Families of everything else, by the family this crate would choose: `maya`, `ayon_addon_core`.
    pub families: BTreeMap<String, String>,
}

impl Options {
    /// The family of anything but a distribution, by the one this crate would choose.
    pub fn family(&self, usual: &str) -> String {
        family_word(self.families.get(usual).map_or(usual, String::as_str))
    }

    /// The family of an addon: `ayon_addon_core`.
    pub fn addon_family(&self, addon: &AddonName) -> String {
        self.family(&format!("ayon_addon_{}", addon.as_str()))
    }

    /// The family of a distribution; `None` where the studio has no such package.
    pub fn distribution_family(&self, name: &DistributionName) -> Option<String> {
        match self.names.get(name) {
            Some(None) => None,
            Some(Some(family)) => Some(self.family(family)),
            None => Some(self.family(&name.with_underscores())),
        }
    }
}

/// rez's own words for a platform, as its implicit packages `platform` and `arch` have them.
pub(crate) fn platform_words(platform: Platform) -> (&'static str, &'static str) {
    let processor = match (platform.system, platform.architecture) {
        (System::Linux | System::Darwin, Architecture::X86_64) => "x86_64",
        (System::Linux, Architecture::Arm64) => "aarch64",
        (System::Windows, Architecture::X86_64) => "AMD64",
        (System::Windows, Architecture::Arm64) => "ARM64",
        (System::Darwin, Architecture::Arm64) => "arm64",
    };
    (system_word(platform.system), processor)
}

/// rez's own word for an operating system.
pub(crate) fn system_word(system: System) -> &'static str {
    match system {
        System::Linux => "linux",
        System::Windows => "windows",
        System::Darwin => "osx",
    }
}

/// A family that rez accepts, `[a-zA-Z_0-9](\.?[a-zA-Z0-9_]+)*`: whatever else is in `text` becomes `_`.
fn family_word(text: &str) -> String {
    let mut word = String::new();
    for (index, c) in text.char_indices() {
        // A dot must stand between two other letters.
        let next = text.get(index + 1..).and_then(|rest| rest.chars().next());
        let is_joint = c == '.'
            && !word.is_empty()
            && !word.ends_with('.')
            && next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_');
        word.push(if c.is_ascii_alphanumeric() || is_joint {
            c
        } else {
            '_'
        });
    }
    if word.is_empty() || word == "__pycache__" {
        "_".to_owned()
    } else {
        word
    }
}

/// A version that a rez range can hold, `[0-9a-zA-Z_]+([.-][0-9a-zA-Z_]+)*`: whatever else is in `text` becomes `_`.
pub(crate) fn version_word(text: &str) -> String {
    let parts = text.split(['.', '-']).filter(|part| !part.is_empty());
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let words: Vec<String> = parts
        .map(|part| part.chars().map(plain).collect())
        .collect();
    if words.is_empty() {
        "_".to_owned()
    } else {
        words.join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_those_of_rez() {
        for (text, family) in [
            ("core", "core"),
            ("my-addon x", "my_addon_x"),
            ("backports.tarfile", "backports.tarfile"),
            (".a..b.", "_a_.b_"),
            ("é", "_"),
            ("", "_"),
            ("__pycache__", "_"),
        ] {
            assert_eq!(family_word(text), family);
        }
    }

    #[test]
    fn host_versions_fit_into_a_range() {
        for (text, word) in [
            ("2025", "2025"),
            ("20.5v3", "20.5v3"),
            ("2025.1+x", "2025.1_x"),
            ("..", "_"),
        ] {
            assert_eq!(version_word(text), word);
        }
    }
}
