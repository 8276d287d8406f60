//! The machine as rez names it: `linux`, `x86_64`, `Debian-12`.
//!
//! These three names decide which variants a package offers, so they have to be rez's own to the letter, and rez has
//! them from different places on each system (`src/rez/utils/platform_.py`). The places are values here:
//! [`MachineFacts`] can be written down by a test or for another machine, and [`MachineFacts::read`] fills it from the
//! running one.

mod facts;
mod map;

pub use facts::{LinuxFacts, MachineFacts, Remember, host_name, user_name};
pub use map::{PlatformMap, PlatformMapError};

/// The names of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System {
    /// `linux`, `osx` or `windows`.
    pub platform: String,
    /// As `x86_64`, `arm64` or `AMD64`.
    pub arch: String,
    /// As `Debian-12`, `osx-14.1` or `windows-10.0.19045.SP0`.
    pub os: String,
}

/// The names of a machine cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SystemError {
    /// Nothing on a Linux machine says which distribution it is.
    #[error(
        "the Linux distribution is not known: /etc/lsb-release, `lsb_release -a` and /etc/os-release do not say; \
         rez needs DISTRIB_ID and DISTRIB_RELEASE in /etc/lsb-release"
    )]
    UnknownDistribution,
}

impl System {
    /// Names a machine; `map` is the setting `platform_map`.
    ///
    /// # Errors
    /// Where nothing says which Linux distribution it is.
    pub fn new(facts: &MachineFacts, map: &PlatformMap) -> Result<Self, SystemError> {
        let (platform, machine, os) = match facts {
            MachineFacts::Linux(linux) => ("linux", &linux.machine, distribution(linux)?),
            MachineFacts::MacOs { machine, version } => ("osx", machine, format!("osx-{version}")),
            MachineFacts::Windows {
                machine,
                version,
                service_pack,
            } => {
                let mut parts = vec![version.as_str()];
                parts.extend(service_pack.as_deref().filter(|text| !text.is_empty()));
                ("windows", machine, format!("windows-{}", parts.join(".")))
            }
        };
        Ok(Self {
            platform: platform.to_owned(),
            arch: safe_version(&map.arch(machine)),
            os: safe_version(&map.os(&os)),
        })
    }
}

/// The name of a Linux distribution. Three places are asked in turn, each for what is still missing, until both a name
/// and a release are known.
fn distribution(facts: &LinuxFacts) -> Result<String, SystemError> {
    let places = [
        (&facts.lsb_release_file, "DISTRIB_ID=", "DISTRIB_RELEASE="),
        (&facts.lsb_release_output, "Distributor ID:", "Release:"),
        (&facts.os_release_file, "ID=", "VERSION_ID="),
    ];
    let mut name = None;
    let mut release = None;
    for (text, name_key, release_key) in places {
        let text = text.as_deref().unwrap_or_default();
        name = name.or_else(|| value(text, name_key));
        release = release.or_else(|| value(text, release_key));
        if let (Some(name), Some(release)) = (&name, &release) {
            return Ok(format!("{name}-{release}"));
        }
    }
    // A rolling distribution has no release.
    let os_release = facts.os_release_file.as_deref().unwrap_or_default();
    value(os_release, "ID=")
        .map(str::to_lowercase)
        .ok_or(SystemError::UnknownDistribution)
}

/// The value behind the last line that starts with a key, without quotes, unless it is empty.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let line = text
        .trim()
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix(key))?
        .trim();
    let unquoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| line.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(line);
    Some(unquoted).filter(|value| !value.is_empty())
}

/// A text as a version: separators at the ends and double ones go, and what no version may contain becomes `_`.
fn safe_version(text: &str) -> String {
    let text = text.trim_matches('.').trim_matches('-');
    let mut safe = String::new();
    let mut separator = None;
    for token in text.split_inclusive(['.', '-']) {
        let word = token.trim_end_matches(['.', '-']);
        if !word.is_empty() {
            safe.extend(separator.filter(|_| !safe.is_empty()));
            let valid = |character: char| character.is_ascii_alphanumeric() || character == '_';
            safe.extend(
                word.chars()
                    .map(|found| if valid(found) { found } else { '_' }),
            );
            separator = None;
        }
        // Of several separators in a row, the first counts.
        separator = separator.or_else(|| token[word.len()..].chars().next());
    }
    if !safe.is_empty() {
        safe.extend(separator);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linux(
        lsb_release_file: &str,
        lsb_release_output: &str,
        os_release_file: &str,
    ) -> MachineFacts {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        MachineFacts::Linux(LinuxFacts {
            machine: "x86_64".to_owned(),
            lsb_release_file: given(lsb_release_file),
            lsb_release_output: given(lsb_release_output),
            os_release_file: given(os_release_file),
        })
    }

    fn os(facts: &MachineFacts) -> String {
        System::new(facts, &PlatformMap::default()).unwrap().os
    }

    #[test]
    fn linux_is_named_by_the_first_place_that_knows() {
        let ubuntu = "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\n";
        let debian =
            "Distributor ID:\tDebian\nDescription:\tDebian GNU/Linux 12 (bookworm)\nRelease:\t12\n";
        let rocky =
            "NAME=\"Rocky Linux\"\r\nID=\"rocky\"\r\nID_LIKE=\"rhel\"\r\nVERSION_ID='9.3'\r\n";
        assert_eq!(os(&linux(ubuntu, debian, rocky)), "Ubuntu-22.04");
        assert_eq!(
            os(&linux("LSB_VERSION=core-4.1", debian, rocky)),
            "Debian-12"
        );
        assert_eq!(os(&linux("", "", rocky)), "rocky-9.3");
        // What one place leaves open, the next one fills.
        assert_eq!(
            os(&linux("DISTRIB_ID=CentOS", "Release: 7.9.2009", "")),
            "CentOS-7.9.2009"
        );
        assert_eq!(os(&linux("DISTRIB_ID=CentOS", "", rocky)), "CentOS-9.3");
        assert_eq!(os(&linux("", "", "ID=Arch\n")), "arch");
        assert_eq!(
            os(&linux(
                "DISTRIB_ID=Linux Mint\nDISTRIB_RELEASE=\"n/a\"",
                "",
                ""
            )),
            "Linux_Mint-n_a"
        );
        assert_eq!(
            System::new(&linux("", "", "NAME=x"), &PlatformMap::default()),
            Err(SystemError::UnknownDistribution)
        );
    }

    #[test]
    fn other_systems_are_named_by_their_version() {
        let mac = MachineFacts::MacOs {
            machine: "arm64".to_owned(),
            version: "14.1".to_owned(),
        };
        assert_eq!(os(&mac), "osx-14.1");
        let windows = MachineFacts::Windows {
            machine: "AMD64".to_owned(),
            version: "10.0.19045".to_owned(),
            service_pack: Some("SP0".to_owned()),
        };
        let system = System::new(&windows, &PlatformMap::default()).unwrap();
        assert_eq!(
            (system.platform.as_str(), system.arch.as_str()),
            ("windows", "AMD64")
        );
        assert_eq!(system.os, "windows-10.0.19045.SP0");
    }

    #[test]
    fn what_is_no_version_is_made_one() {
        // As `System._make_safe_version_string` of rez has them.
        for (text, safe) in [
            ("CentOS-7.9", "CentOS-7.9"),
            ("..a--b.-c..", "a-b.c"),
            ("-.x", "x"),
            ("x.-", "x."),
            ("Ubuntu 22.04/é", "Ubuntu_22.04__"),
            (".-.", ""),
            ("", ""),
        ] {
            assert_eq!(safe_version(text), safe, "{text}");
        }
    }
}
