//! What a machine says of itself, and where it says so. Only files are read, but for two programs that rez runs too:
//! `lsb_release` on a Linux whose `/etc/lsb-release` does not suffice (Debian has no such file, and rez takes its
//! `Debian-12` from there; the files alone would make it `debian-12`), and `ver` on Windows.

use std::path::Path;
use std::process::{Command, Stdio};

/// No file that is read here comes near this size.
const MAX_BYTES: u64 = 64 * 1024;

/// What a machine says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MachineFacts {
    /// A Linux machine.
    Linux(LinuxFacts),
    /// A Mac.
    MacOs {
        /// As `uname -m` prints it: `arm64`, `x86_64`.
        machine: String,
        /// The product's version: `14.1`.
        version: String,
    },
    /// A Windows machine.
    Windows {
        /// The variable `PROCESSOR_ARCHITECTURE`: `AMD64`.
        machine: String,
        /// Three numbers: `10.0.19045`.
        version: String,
        /// As Python has it: `SP0`, also where there has never been one.
        service_pack: Option<String>,
    },
}

/// How a caller remembers what a program prints: given a text that stays the same for as long as the answer does, and a
/// way to ask.
pub type Remember<'a> = dyn Fn(&str, &dyn Fn() -> Option<String>) -> Option<String> + 'a;

/// What a Linux machine says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinuxFacts {
    /// As `uname -m` prints it: `x86_64`, `aarch64`.
    pub machine: String,
    /// The text of `/etc/lsb-release`, where there is one.
    pub lsb_release_file: Option<String>,
    /// What `lsb_release -a` prints, where it is there and the file does not say everything.
    pub lsb_release_output: Option<String>,
    /// The text of `/etc/os-release`.
    pub os_release_file: Option<String>,
}

impl MachineFacts {
    /// Asks the running machine. `variable` looks an environment variable up; only Windows is asked through it.
    pub fn read(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        Self::read_remembering(variable, &|_, ask| ask())
    }

    /// As [`MachineFacts::read`], but for a caller who remembers what programs printed: starting one takes longer than a
    /// resolve.
    pub fn read_remembering(
        variable: &dyn Fn(&str) -> Option<String>,
        remembered: &Remember<'_>,
    ) -> Self {
        if cfg!(windows) {
            // Nothing on Windows tells its version but the system itself.
            let output = program("cmd", &["/c", "ver"]).unwrap_or_default();
            let version = windows_version(&output).unwrap_or_default();
            Self::Windows {
                machine: variable("PROCESSOR_ARCHITEW6432")
                    .or_else(|| variable("PROCESSOR_ARCHITECTURE"))
                    .unwrap_or_default(),
                // Service packs ended with Windows 7.
                service_pack: (!version.starts_with("6.1.")).then(|| "SP0".to_owned()),
                version,
            }
        } else if cfg!(target_os = "macos") {
            let text = file("/System/Library/CoreServices/SystemVersion.plist").unwrap_or_default();
            Self::MacOs {
                machine: machine(),
                version: mac_version(&text).unwrap_or_default(),
            }
        } else {
            let lsb_release_file = file("/etc/lsb-release");
            let text = lsb_release_file.as_deref().unwrap_or_default();
            let suffices = ["DISTRIB_ID=", "DISTRIB_RELEASE="]
                .iter()
                .all(|key| text.lines().any(|line| line.starts_with(key)));
            let os_release_file = file("/etc/os-release");
            let ask = || program("lsb_release", &["-a"]);
            // What `lsb_release` says comes from these files; a new release of the system changes them.
            let key = format!(
                "lsb_release -a\n{}\n{}\n{}",
                os_release_file.as_deref().unwrap_or_default(),
                lsb_release_file.as_deref().unwrap_or_default(),
                file("/etc/debian_version").unwrap_or_default(),
            );
            Self::Linux(LinuxFacts {
                machine: machine(),
                lsb_release_output: if suffices {
                    None
                } else {
                    remembered(&key, &ask)
                },
                lsb_release_file,
                os_release_file,
            })
        }
    }
}

/// The machine's name in its network, as contexts record it.
pub fn host_name(variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let name = if cfg!(windows) {
        variable("COMPUTERNAME")
    } else {
        file("/proc/sys/kernel/hostname").or_else(|| program("hostname", &[]))
    };
    let name = name?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

/// The user's name, as contexts record it: the variables that Python asks, in its order.
pub fn user_name(variable: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    ["LOGNAME", "USER", "LNAME", "USERNAME"]
        .into_iter()
        .filter_map(variable)
        .find(|name| !name.is_empty())
}

/// What `uname -m` prints. Linux has it in a file since 6.1; otherwise it is what this program was built for.
fn machine() -> String {
    if let Some(text) = file("/proc/sys/kernel/arch") {
        return text.trim().to_owned();
    }
    match std::env::consts::ARCH {
        "aarch64" if cfg!(target_os = "macos") => "arm64",
        "x86" => "i686",
        other => other,
    }
    .to_owned()
}

fn file(path: &str) -> Option<String> {
    let bytes = ayon_disk::read(Path::new(path), MAX_BYTES).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a program prints, where it is there and succeeds.
fn program(name: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `Microsoft Windows [Version 10.0.19045.3448]` is `10.0.19045`.
fn windows_version(output: &str) -> Option<String> {
    let (_, bracket) = output.split_once('[')?;
    let (inner, _) = bracket.split_once(']')?;
    // The word before the number is in the system's language.
    let version = inner.split_whitespace().next_back()?;
    let parts: Vec<_> = version.split('.').take(3).collect();
    Some(parts.join("."))
}

/// The text of the element behind `<key>ProductVersion</key>`.
fn mac_version(property_list: &str) -> Option<String> {
    let (_, behind) = property_list.split_once("<key>ProductVersion</key>")?;
    let (_, value) = behind.split_once("<string>")?;
    let (version, _) = value.split_once("</string>")?;
    Some(version.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_systems_print() {
        assert_eq!(
            windows_version("\r\nMicrosoft Windows [Version 10.0.19045.3448]\r\n").unwrap(),
            "10.0.19045"
        );
        assert_eq!(
            windows_version("Microsoft Windows [Versión 10.0.22631]").unwrap(),
            "10.0.22631"
        );
        assert_eq!(windows_version("Microsoft"), None);
        let text = "<dict><key>ProductVersion</key>\n\t<string>14.1</string></dict>";
        assert_eq!(mac_version(text).unwrap(), "14.1");
        assert_eq!(mac_version("<dict/>"), None);
    }

    #[test]
    fn the_user_is_the_first_variable_that_says_so() {
        let variable = |name: &str| match name {
            "LOGNAME" => Some(String::new()),
            "USER" => Some("zoe".to_owned()),
            _ => None,
        };
        assert_eq!(user_name(&variable).as_deref(), Some("zoe"));
        assert_eq!(user_name(&|_| None), None);
    }

    #[test]
    fn the_running_machine_has_a_name() {
        let facts = MachineFacts::read(&|name| {
            std::env::vars()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value)
        });
        let (MachineFacts::Linux(LinuxFacts { machine, .. })
        | MachineFacts::MacOs { machine, .. }
        | MachineFacts::Windows { machine, .. }) = facts;
        assert!(!machine.is_empty());
    }
}
