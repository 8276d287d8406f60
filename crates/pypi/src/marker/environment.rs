//! The environment that markers are asked about: of any target, not of this machine.

use crate::marker::Variable;
use crate::text::printable;
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

/// The values of the marker variables for one target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkerEnvironment {
    system: OperatingSystem,
    /// By [`Variable`], in the order of their declaration.
    values: [Box<str>; Variable::NAMES.len()],
}

/// Values that are no marker environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// A variable without a value.
    #[error("a marker environment needs a value of `{0}`")]
    Missing(&'static str),
    /// A name that is no variable.
    #[error("`{}` is no variable of PEP 508", printable(_0))]
    Unknown(String),
    /// A system that is none of [`OperatingSystem`].
    #[error(
        "`{}` is none of the values of `sys_platform`: linux, darwin, win32",
        printable(_0)
    )]
    System(String),
}

impl MarkerEnvironment {
    /// The environment of a `CPython` of this full version.
    ///
    /// The machine may be written as any system writes it (`x86_64`, `AMD64`, `arm64`, `aarch64`);
    /// markers see it as the target's own Python does: `AMD64` on Windows, `arm64` on macOS,
    /// `aarch64` on Linux. A version of two numbers counts as its first patch, `3.11` as `3.11.0`.
    ///
    /// `platform_release` and `platform_version` describe one machine, not a target, and are empty:
    /// comparisons with them are false unless they ask for something else.
    pub fn new(system: OperatingSystem, machine: &str, python: &Version) -> Self {
        let full = full_version(python);
        let series = full.release_prefix(2).to_string();
        let full = full.to_string();
        let of_system = |linux, windows, darwin| match system {
            OperatingSystem::Linux => linux,
            OperatingSystem::Windows => windows,
            OperatingSystem::Darwin => darwin,
        };
        let value = |(_, variable)| match variable {
            Variable::ImplementationName => "cpython",
            Variable::PlatformPythonImplementation => "CPython",
            Variable::OsName => of_system("posix", "nt", "posix"),
            Variable::PlatformSystem => of_system("Linux", "Windows", "Darwin"),
            Variable::SysPlatform => of_system("linux", "win32", "darwin"),
            Variable::PlatformMachine => native_machine(system, machine),
            Variable::PlatformRelease | Variable::PlatformVersion => "",
            Variable::PythonVersion => &series,
            Variable::PythonFullVersion | Variable::ImplementationVersion => &full,
        };
        MarkerEnvironment {
            system,
            values: Variable::NAMES.map(value).map(Box::from),
        }
    }

    /// The environment of these values, which an interpreter was asked for: of one machine, or of
    /// another implementation. Every variable of PEP 508 but `extra` must be there.
    ///
    /// # Errors
    /// See [`EnvironmentError`].
    pub fn from_variables<'a>(
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, EnvironmentError> {
        let mut values: [Option<Box<str>>; Variable::NAMES.len()] = Default::default();
        for (name, value) in variables {
            let known = Variable::NAMES.iter().zip(&mut values);
            match known.into_iter().find(|((known, _), _)| *known == name) {
                Some((_, place)) => *place = Some(value.into()),
                None => return Err(EnvironmentError::Unknown(name.to_owned())),
            }
        }
        for ((name, _), value) in Variable::NAMES.iter().zip(&values) {
            if value.is_none() {
                return Err(EnvironmentError::Missing(name));
            }
        }
        let values = values.map(Option::unwrap_or_default);
        let system = match &*values[Variable::SysPlatform as usize] {
            "linux" => OperatingSystem::Linux,
            "win32" => OperatingSystem::Windows,
            "darwin" => OperatingSystem::Darwin,
            other => return Err(EnvironmentError::System(other.to_owned())),
        };
        Ok(MarkerEnvironment { system, values })
    }

    /// The operating system.
    pub fn system(&self) -> OperatingSystem {
        self.system
    }

    /// `platform_machine`.
    pub fn machine(&self) -> &str {
        self.value(Variable::PlatformMachine)
    }

    /// `python_full_version`.
    pub fn python_full_version(&self) -> &str {
        self.value(Variable::PythonFullVersion)
    }

    /// The names and values of all variables, by name, for writing them down.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        Variable::NAMES
            .into_iter()
            .map(|(name, variable)| (name, self.value(variable)))
    }

    pub(crate) fn value(&self, variable: Variable) -> &str {
        &self.values[variable as usize]
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
