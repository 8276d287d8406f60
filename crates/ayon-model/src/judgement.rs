//! The server's judgement of a bundle, `POST /api/bundles/check`, told again.
//!
//! Order, wording, what is skipped after what, and where the server crashes are the server's own (reference `ayon.md`
//! §7, ayon-backend 1.16.0). Where it crashes it answers HTTP 500 and every issue is lost; here the crash is recorded
//! and the judgement goes on, so that the caller has both.

use indexmap::IndexMap;
use semver::Version;

use crate::{
    AddonRelease, Finding, FindingCode, Judge, Knowledge, Relations, Severity, Studio, VersionRange,
};

/// What is judged: the body of the request.
#[derive(Clone, Copy, Debug)]
pub struct JudgementRequest<'a> {
    /// Addon name to version text, in the order in which issues come.
    pub addons: &'a IndexMap<String, Option<String>>,
    /// `installerVersion`
    pub installer_version: Option<&'a str>,
}

/// An issue, as the server words it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issue {
    /// `error` or `warning`.
    pub severity: Severity,
    /// The addon it is about.
    pub addon: String,
    /// The server's sentence.
    pub message: String,
    /// `requiredAddon`
    pub required_addon: Option<String>,
    /// Our code for it.
    pub code: FindingCode,
}

/// A place where the server's check raises and answers HTTP 500.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// The addon it was judging.
    pub addon: String,
    /// The field whose range it was evaluating.
    pub field: &'static str,
    /// The addon the range is about, if it is about one.
    pub required_addon: Option<String>,
    /// What it cannot read, and the way out.
    pub message: String,
}

/// Everything the server would say, and where it would crash instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// In the server's order.
    pub issues: Vec<Issue>,
    /// Empty for every bundle the server can judge.
    pub crashes: Vec<Crash>,
}

impl Judgement {
    /// The server's `success`: no issue is an error. A crash is no success.
    pub fn success(&self) -> bool {
        self.crashes.is_empty()
            && self
                .issues
                .iter()
                .all(|issue| issue.severity != Severity::Error)
    }

    /// The judgement as findings with origins.
    pub fn findings(&self, studio: &Studio, request: JudgementRequest<'_>) -> Vec<Finding> {
        let release = |addon: &str| studio.release(addon, request.addons.get(addon)?.as_deref()?);
        let issues = self.issues.iter().map(|issue| {
            let mut finding = Finding::ours(issue.code, issue.severity, &*issue.message);
            finding.judge = Judge::Server;
            finding.addon = Some(issue.addon.clone());
            finding.required_addon.clone_from(&issue.required_addon);
            if let (Some(release), Some(field)) = (release(&issue.addon), issue.field()) {
                let other = issue.required_addon.as_deref().map(Into::into);
                finding.origins.push(release.origin(field, other.as_ref()));
            }
            finding
        });
        let crashes = self.crashes.iter().map(|crash| {
            let message = format!("the server cannot check this bundle: {}", crash.message);
            let mut finding = Finding::ours(FindingCode::ServerCrash, Severity::Error, message);
            finding.judge = Judge::Server;
            finding.addon = Some(crash.addon.clone());
            finding.required_addon.clone_from(&crash.required_addon);
            if let Some(release) = release(&crash.addon) {
                let other = crash.required_addon.as_deref().map(Into::into);
                finding
                    .origins
                    .push(release.origin(crash.field, other.as_ref()));
            }
            finding
        });
        issues.chain(crashes).collect()
    }
}

impl Issue {
    /// The field of the package file that the issue is about.
    fn field(&self) -> Option<&'static str> {
        match self.code {
            FindingCode::ServerVersion => Some("ayon_server_version"),
            FindingCode::LauncherRequired | FindingCode::LauncherVersion => {
                Some("ayon_launcher_version")
            }
            FindingCode::AddonRequired | FindingCode::AddonForbidden => {
                Some("ayon_required_addons")
            }
            FindingCode::AddonVersion => Some("ayon_required_addons"),
            FindingCode::AddonCompatibility => Some("ayon_compatible_addons"),
            _ => None,
        }
    }
}

/// Judges a bundle against the library of `studio`, as its server of `studio.server_version` would.
///
/// A server version that is not known satisfies every range: nothing can be said about it.
pub fn judge(studio: &Studio, request: JudgementRequest<'_>) -> Judgement {
    let mut judge = Judging {
        studio,
        request,
        judgement: Judgement::default(),
    };
    for (addon, version) in request.addons {
        if let Some(version) = version {
            judge.addon(addon, version);
        }
    }
    judge.judgement
}

struct Judging<'a> {
    studio: &'a Studio,
    request: JudgementRequest<'a>,
    judgement: Judgement,
}

impl Judging<'_> {
    fn addon(&mut self, addon: &str, version: &str) {
        let studio = self.studio;
        let Some(release) = studio
            .release(addon, version)
            .filter(|release| release.broken.is_none())
        else {
            let message = format!("{addon} {version} is not active");
            self.issue(FindingCode::AddonNotActive, addon, message, Some(addon));
            return;
        };
        // Relations nobody could ask for are no reason to guess; `inspect` says that they are missing.
        let Knowledge::Known(relations) = &release.relations else {
            return;
        };
        self.server(release, relations);
        if self.launcher(release, relations) {
            self.addons(release, relations);
        }
    }

    fn server(&mut self, release: &AddonRelease, relations: &Relations) {
        let (Some(range), Some(version)) = (&relations.server, &self.studio.server_version) else {
            return;
        };
        if self.allows(release, "ayon_server_version", None, range, version) == Some(false) {
            let message = format!("Ayon server {} is required", range.text());
            self.issue(
                FindingCode::ServerVersion,
                release.name.as_str(),
                message,
                None,
            );
        }
    }

    /// Whether the checks of other addons follow: without a launcher the server leaves them out.
    fn launcher(&mut self, release: &AddonRelease, relations: &Relations) -> bool {
        let Some(range) = &relations.launcher else {
            return true;
        };
        let Some(version) = self.request.installer_version else {
            let message = "Launcher is required".to_owned();
            self.issue(
                FindingCode::LauncherRequired,
                release.name.as_str(),
                message,
                None,
            );
            return false;
        };
        if self.allows(release, "ayon_launcher_version", None, range, version) == Some(false) {
            let message = format!("Launcher {} is required", range.text());
            self.issue(
                FindingCode::LauncherVersion,
                release.name.as_str(),
                message,
                None,
            );
        }
        true
    }

    fn addons(&mut self, release: &AddonRelease, relations: &Relations) {
        let addon = release.name.as_str();
        for (other, range) in &relations.required {
            let other = other.as_str();
            match (self.present(other), range) {
                (None, None) => {}
                (None, Some(_)) => {
                    self.issue(
                        FindingCode::AddonRequired,
                        addon,
                        format!("{other} is required"),
                        Some(other),
                    );
                }
                (Some(_), None) => {
                    self.issue(
                        FindingCode::AddonForbidden,
                        addon,
                        format!("{other} must not be used"),
                        Some(other),
                    );
                }
                (Some(version), Some(range)) => {
                    self.other(release, "ayon_required_addons", other, &version, range);
                }
            }
        }
        let weak = [
            ("ayon_soft_required_addons", &relations.soft_required),
            ("ayon_compatible_addons", &relations.compatible),
        ];
        for (field, map) in weak {
            for (other, range) in map {
                if let (Some(version), Some(range)) = (self.present(other.as_str()), range) {
                    self.other(release, field, other.as_str(), &version, range);
                }
            }
        }
    }

    /// A present addon against a range on it. The version is the text of the request: it need not be in the library.
    fn other(
        &mut self,
        release: &AddonRelease,
        field: &'static str,
        other: &str,
        version: &str,
        range: &VersionRange,
    ) {
        if self.allows(release, field, Some(other), range, version) != Some(false) {
            return;
        }
        let addon = release.name.as_str();
        let range = range.text();
        if field == "ayon_compatible_addons" {
            let message = format!("only compatible with {other} {range}");
            self.issue(FindingCode::AddonCompatibility, addon, message, Some(other));
        } else {
            self.issue(
                FindingCode::AddonVersion,
                addon,
                format!("{other} {range} is required"),
                Some(other),
            );
        }
    }

    fn present(&self, addon: &str) -> Option<String> {
        self.request.addons.get(addon).cloned().flatten()
    }

    /// Evaluates a range as the server does, recording a crash where it raises.
    fn allows(
        &mut self,
        release: &AddonRelease,
        field: &'static str,
        other: Option<&str>,
        range: &VersionRange,
        version: &str,
    ) -> Option<bool> {
        let message = match Version::parse(version) {
            Ok(version) => match range.allows(&version) {
                Ok(allowed) => return Some(allowed),
                Err(fault) => fault.to_string(),
            },
            Err(error) => {
                let subject = other.unwrap_or(if field == "ayon_server_version" {
                    "the server"
                } else {
                    "the launcher"
                });
                format!(
                    "version `{}` of {subject} is no semantic version ({error})",
                    crate::printable(version)
                )
            }
        };
        let addon = release.name.as_str().to_owned();
        let required_addon = other.map(str::to_owned);
        self.judgement.crashes.push(Crash {
            addon,
            field,
            required_addon,
            message,
        });
        None
    }

    fn issue(
        &mut self,
        code: FindingCode,
        addon: &str,
        message: String,
        required_addon: Option<&str>,
    ) {
        let severity = if code == FindingCode::AddonCompatibility {
            Severity::Warning
        } else {
            Severity::Error
        };
        let required_addon = required_addon.map(str::to_owned);
        self.judgement.issues.push(Issue {
            severity,
            addon: addon.to_owned(),
            message,
            required_addon,
            code,
        });
    }
}
