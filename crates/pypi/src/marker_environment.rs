//! The environment that markers are asked about: of any target, not of this machine.

use crate::marker::Variable;
use crate::version::Version;

/// An operating system, as far as Python tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperatingSystem {
    /// `sys_platform == "linux"`.
    Linux,
    /// `sys_platform == "win32"`, whatever the width of the processor.
    Windows,
    /// macOS, `sys_platform == "darwin"`.
    Darwin,
}

/// The values of the marker variables for one target, with `CPython` as the implementation.
///
/// `platform_release` and `platform_version` describe one machine, not a target, and are empty:
/// comparisons with them are false unless they ask for something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkerEnvironment {
    system: OperatingSystem,
    machine: String,
    python_version: String,
    python_full_version: String,
}

impl MarkerEnvironment {
    /// The environment of a `CPython` of this full version.
    ///
    /// The machine may be written as any system writes it (`x86_64`, `AMD64`, `arm64`, `aarch64`);
    /// markers see it as the target's own Python does: `AMD64` on Windows, `arm64` on macOS,
    /// `aarch64` on Linux. A version of two numbers counts as its first patch, `3.11` as `3.11.0`.
    pub fn new(system: OperatingSystem, machine: &str, python: &Version) -> Self {
        let full = full_version(python);
        MarkerEnvironment {
            system,
            machine: native_machine(system, machine).to_owned(),
            python_version: full.release_prefix(2).to_string(),
            python_full_version: full.to_string(),
        }
    }

    /// The operating system.
    pub fn system(&self) -> OperatingSystem {
        self.system
    }

    /// `platform_machine`.
    pub fn machine(&self) -> &str {
        &self.machine
    }

    /// `python_full_version`.
    pub fn python_full_version(&self) -> &str {
        &self.python_full_version
    }

    /// The names and values of all variables, by name, for writing them down.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        Variable::NAMES
            .into_iter()
            .map(|(name, variable)| (name, self.value(variable)))
    }

    pub(crate) fn value(&self, variable: Variable) -> &str {
        let system = |linux, windows, darwin| match self.system {
            OperatingSystem::Linux => linux,
            OperatingSystem::Windows => windows,
            OperatingSystem::Darwin => darwin,
        };
        match variable {
            Variable::ImplementationName => "cpython",
            Variable::PlatformPythonImplementation => "CPython",
            Variable::OsName => system("posix", "nt", "posix"),
            Variable::PlatformSystem => system("Linux", "Windows", "Darwin"),
            Variable::SysPlatform => system("linux", "win32", "darwin"),
            Variable::PlatformMachine => &self.machine,
            Variable::PlatformRelease | Variable::PlatformVersion => "",
            Variable::PythonVersion => &self.python_version,
            Variable::PythonFullVersion | Variable::ImplementationVersion => {
                &self.python_full_version
            }
        }
    }
}

/// The version as `python_full_version` has it: three numbers and no local label.
pub(crate) fn full_version(python: &Version) -> Version {
    let full = python.public();
    if full.release().len() < 3 && !full.is_prerelease() {
        return full.release_prefix(3);
    }
    full
}

/// What `platform.machine()` says there. Other names than these two processors' stay as they are.
fn native_machine(system: OperatingSystem, machine: &str) -> &str {
    match (machine.to_ascii_lowercase().as_str(), system) {
        ("x86_64" | "amd64" | "x64", OperatingSystem::Windows) => "AMD64",
        ("x86_64" | "amd64" | "x64", _) => "x86_64",
        ("aarch64" | "arm64", OperatingSystem::Windows) => "ARM64",
        ("aarch64" | "arm64", OperatingSystem::Darwin) => "arm64",
        ("aarch64" | "arm64", OperatingSystem::Linux) => "aarch64",
        _ => machine,
    }
}
