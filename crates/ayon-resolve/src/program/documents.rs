//! What `--json` prints: structs of their own, so that the model can change without breaking a reader.
//!
//! Fields are only ever added within a version. Keys are camelCase, as on the AYON server.

use ayon_backend::{Demand, Demander, Refusal};
use ayon_model::{Finding, Given, Judge, Origin, Problem};
use ayon_solve::{Conflict, Resolution};
use serde::Serialize;

/// Who asks, and where that is written.
#[derive(Debug, Serialize)]
pub(crate) struct OriginDocument {
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl From<&Origin> for OriginDocument {
    fn from(origin: &Origin) -> Self {
        let place = origin.place.as_ref();
        let key = place
            .filter(|place| !place.key.is_empty())
            .map(|place| place.key.to_string());
        Self {
            subject: origin.subject.to_string(),
            file: place.map(|place| place.file.to_string()),
            line: place.and_then(|place| place.line),
            key,
        }
    }
}

fn origins(origins: &[Origin]) -> Vec<OriginDocument> {
    origins.iter().map(OriginDocument::from).collect()
}

/// A finding of `check`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FindingDocument {
    code: &'static str,
    severity: String,
    /// `server` where the AYON server says the same, else `ayon-resolve`.
    judge: &'static str,
    addon: Option<String>,
    message: String,
    required_addon: Option<String>,
    origins: Vec<OriginDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl From<&Finding> for FindingDocument {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: finding.severity.to_string(),
            judge: match finding.judge {
                Judge::Server => "server",
                Judge::AyonResolve => "ayon-resolve",
            },
            addon: finding.addon.clone(),
            message: finding.message.clone(),
            required_addon: finding.required_addon.clone(),
            origins: origins(&finding.origins),
            hint: finding.hint.clone(),
        }
    }
}

/// Something in a studio that could not be read.
#[derive(Debug, Serialize)]
pub(crate) struct ProblemDocument {
    place: String,
    message: String,
}

impl From<&Problem> for ProblemDocument {
    fn from(problem: &Problem) -> Self {
        Self {
            place: problem.place.to_string(),
            message: problem.message.clone(),
        }
    }
}

/// What one target gets.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResolutionDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<String>,
    platform: &'static str,
    process: String,
    launcher: LauncherDocument,
    python: String,
    addons: Vec<AddonDocument>,
    distributions: Vec<DistributionDocument>,
}

#[derive(Debug, Serialize)]
struct LauncherDocument {
    version: String,
    filename: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AddonDocument {
    name: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    development_path: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DistributionDocument {
    name: String,
    extras: Vec<String>,
    /// The versions that satisfy everybody, as PEP 440 writes them; alternatives are separated by ` || `.
    versions: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// The version that is there already; absent where it has to be installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    provided: Option<ProvidedDocument>,
    asked_by: Vec<AskerDocument>,
}

#[derive(Debug, Serialize)]
struct ProvidedDocument {
    version: String,
    by: OriginDocument,
}

#[derive(Debug, Serialize)]
struct AskerDocument {
    versions: String,
    #[serde(flatten)]
    origin: OriginDocument,
}

impl From<&Resolution> for ResolutionDocument {
    fn from(resolution: &Resolution) -> Self {
        let provided = |given: &Given| ProvidedDocument {
            version: given.version.to_string(),
            by: OriginDocument::from(&given.origin),
        };
        let distributions =
            resolution
                .distributions
                .values()
                .map(|distribution| DistributionDocument {
                    name: distribution.name.to_string(),
                    extras: distribution
                        .extras
                        .iter()
                        .map(ToString::to_string)
                        .collect(),
                    versions: distribution.set.to_string(),
                    source: distribution.source.as_ref().map(ToString::to_string),
                    provided: distribution.given.as_ref().map(provided),
                    asked_by: distribution
                        .askers
                        .iter()
                        .map(|asker| AskerDocument {
                            versions: asker.text.clone(),
                            origin: OriginDocument::from(&asker.origin),
                        })
                        .collect(),
                });
        let addons = resolution.addons.iter().map(|addon| AddonDocument {
            name: addon.name.to_string(),
            version: addon.version.to_string(),
            development_path: addon
                .development
                .as_ref()
                .map(|path| path.display().to_string()),
        });
        Self {
            bundle: resolution.bundle.as_ref().map(ToString::to_string),
            platform: resolution.target.platform.subdir(),
            process: resolution.target.process.to_string(),
            launcher: LauncherDocument {
                version: resolution.launcher.version.to_string(),
                filename: resolution.launcher.filename.clone(),
            },
            python: resolution.python.text(),
            addons: addons.collect(),
            distributions: distributions.collect(),
        }
    }
}

/// Facts that cannot all be true.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConflictDocument {
    platform: &'static str,
    process: String,
    contested: Vec<String>,
    facts: Vec<FactDocument>,
}

#[derive(Debug, Serialize)]
struct FactDocument {
    subjects: Vec<String>,
    verb: String,
    object: String,
    range: String,
    origins: Vec<OriginDocument>,
}

impl From<&Conflict> for ConflictDocument {
    fn from(conflict: &Conflict) -> Self {
        let facts = conflict.facts.iter().map(|fact| FactDocument {
            subjects: fact.subjects.iter().map(ToString::to_string).collect(),
            verb: fact.verb.to_string(),
            object: fact.object.to_string(),
            range: fact.range.clone(),
            origins: origins(&fact.origins),
        });
        Self {
            platform: conflict.target.platform.subdir(),
            process: conflict.target.process.to_string(),
            contested: conflict
                .contested()
                .iter()
                .map(ToString::to_string)
                .collect(),
            facts: facts.collect(),
        }
    }
}

/// What an ecosystem lacks, and what its solver says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefusalDocument {
    platform: &'static str,
    process: String,
    lacks: Vec<LackDocument>,
    #[serde(skip_serializing_if = "String::is_empty")]
    explanation: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    demands: Vec<DemandDocument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    account: Vec<String>,
}

#[derive(Debug, Serialize)]
struct LackDocument {
    request: String,
    reason: String,
    askers: Vec<DemandDocument>,
}

#[derive(Debug, Serialize)]
struct DemandDocument {
    by: OriginDocument,
    asks: String,
}

impl From<&Demand> for DemandDocument {
    fn from(demand: &Demand) -> Self {
        Self {
            by: match &demand.by {
                Demander::Origin(origin) => OriginDocument::from(origin),
                Demander::Artefact(name) => OriginDocument {
                    subject: name.clone(),
                    file: None,
                    line: None,
                    key: None,
                },
            },
            asks: demand.words.clone(),
        }
    }
}

impl From<&Refusal> for RefusalDocument {
    fn from(refusal: &Refusal) -> Self {
        let lacks = refusal.lacks.iter().map(|lack| LackDocument {
            request: lack.request.clone(),
            reason: lack.reason.clone(),
            askers: lack
                .askers
                .iter()
                .map(|(origin, words)| DemandDocument {
                    by: OriginDocument::from(origin),
                    asks: words.clone(),
                })
                .collect(),
        });
        Self {
            platform: refusal.target.platform.subdir(),
            process: refusal.target.process.to_string(),
            lacks: lacks.collect(),
            explanation: refusal.explanation.clone(),
            demands: refusal.demands.iter().map(DemandDocument::from).collect(),
            account: refusal.account.clone(),
        }
    }
}
