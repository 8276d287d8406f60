//! What a check has to say about a bundle: one finding per mistake, each with a stable code and its origin.

use std::fmt;

use crate::{AddonName, Origin};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The bundle does not work, or the server refuses it.
    Error,
    /// It may work; somebody should look.
    Warning,
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judge {
    /// The AYON server says the same, in these words, when the bundle is saved.
    Server,
    /// Only this program does.
    AyonResolve,
}

/// One thing that is wrong, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: FindingCode,
    /// How bad.
    pub severity: Severity,
    /// Who says so.
    pub judge: Judge,
    /// The addon it is about, as in the server's issues.
    pub addon: Option<String>,
    /// In one sentence. For the server's findings, the server's own words.
    pub message: String,
    /// The other addon concerned, as in the server's issues.
    pub required_addon: Option<String>,
    /// Where it is written.
    pub origins: Vec<Origin>,
    /// The way out, where one is known.
    pub hint: Option<String>,
}

impl Finding {
    /// A finding of this program's own.
    pub fn ours(code: FindingCode, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            judge: Judge::AyonResolve,
            addon: None,
            message: message.into(),
            required_addon: None,
            origins: Vec::new(),
            hint: None,
        }
    }

    /// About `addon`.
    #[must_use]
    pub fn about(mut self, addon: &AddonName) -> Self {
        self.addon = Some(addon.as_str().to_owned());
        self
    }

    /// Written at `origin`.
    #[must_use]
    pub fn written(mut self, origin: Origin) -> Self {
        self.origins.push(origin);
        self
    }

    /// With a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

macro_rules! finding_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The kind of a finding. Its text is stable, printed with every finding and explained in `docs/findings.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FindingCode {
            $($(#[$doc])* $name,)*
        }

        impl FindingCode {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code's text.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

finding_codes! {
    /// The bundle names a release that is not in the server's library.
    AddonNotActive = "addon-not-active",
    /// An addon needs another server.
    ServerVersion = "server-version",
    /// An addon needs a launcher and the bundle names none.
    LauncherRequired = "launcher-required",
    /// An addon needs another launcher.
    LauncherVersion = "launcher-version",
    /// An addon needs another addon that the bundle lacks.
    AddonRequired = "addon-required",
    /// An addon must not be in one bundle with another.
    AddonForbidden = "addon-forbidden",
    /// An addon needs another addon in another version.
    AddonVersion = "addon-version",
    /// An addon is only compatible with another one in another version.
    AddonCompatibility = "addon-compatibility",
    /// A range or version at which the server's own check crashes.
    ServerCrash = "server-crash",
    /// A range that cannot be read, though the server has not met it yet.
    UnreadableRange = "unreadable-range",
    /// A relation names an addon that the studio does not have under that name.
    UnknownAddon = "unknown-addon",
    /// Checks of an addon are skipped because the bundle names no launcher.
    ChecksLost = "checks-lost",
    /// An addon's relations are not known.
    RelationsUnknown = "relations-unknown",
    /// The server cannot use a release.
    AddonBroken = "addon-broken",
    /// The bundle names no launcher at all.
    NoLauncher = "no-launcher",
    /// The bundle names a launcher that the studio does not have.
    UnknownLauncher = "unknown-launcher",
    /// The launcher has no build for a platform.
    LauncherPlatform = "launcher-platform",
    /// The bundle names a dependency package that the studio does not have.
    UnknownDependencyPackage = "unknown-dependency-package",
    /// A dependency package was built for another platform.
    DependencyPackagePlatform = "dependency-package-platform",
    /// A dependency package was built for another launcher.
    DependencyPackageLauncher = "dependency-package-launcher",
    /// A dependency package was built for another Python.
    DependencyPackagePython = "dependency-package-python",
    /// A dependency package was built from other addon versions.
    DependencyPackageStale = "dependency-package-stale",
    /// A Python requirement that the launcher contradicts.
    PythonContradiction = "python-contradiction",
    /// Python requirements of several addons that no version satisfies.
    PythonDisagreement = "python-disagreement",
    /// A source and a range are asked of one distribution.
    PythonSource = "python-source",
    /// A Python requirement that cannot be read.
    UnreadableRequirement = "unreadable-requirement",
    /// A host's interpreter is not the one the launcher's modules were built for.
    HostPython = "host-python",
    /// A module of the launcher hides another version that a host brings.
    HostModule = "host-module",
    /// A target that the studio cannot describe: an unknown host, or one without a Python.
    UnknownHost = "unknown-host",
    /// A project bundle's entry that the server ignores without a word.
    ProjectFallback = "project-fallback",
    /// A word that only project bundles know stands in a studio bundle.
    ProjectWord = "project-word",
}

impl fmt::Display for FindingCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}
