//! Addons in a snapshot: releases and their relations.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_model::{
    Addon, AddonName, AddonRelease, Knowledge, Place, Relations, Subject, Version, VersionRange,
};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::python::PythonRecord;

/// Releases by version, in the order of versions.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct AddonRecord(IndexMap<String, ReleaseRecord>);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReleaseRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host_name: Option<String>,
    project_can_override: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
    package_file: String,
    relations: KnowledgeRecord,
    #[serde(default, skip_serializing_if = "PythonRecord::is_empty")]
    python: PythonRecord,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KnowledgeRecord {
    Known(Box<RelationsRecord>),
    Legacy,
    Unknown(String),
}

/// Relations as their author wrote them.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RelationsRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    launcher: Option<String>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    required: IndexMap<String, Option<String>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    soft_required: IndexMap<String, Option<String>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    compatible: IndexMap<String, Option<String>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    lines: BTreeMap<String, u32>,
}

impl From<&Relations> for RelationsRecord {
    fn from(relations: &Relations) -> Self {
        let text = |range: &VersionRange| range.text().to_owned();
        let texts = |ranges: &IndexMap<AddonName, Option<VersionRange>>| {
            ranges
                .iter()
                .map(|(name, range)| (name.as_str().to_owned(), range.as_ref().map(text)))
                .collect()
        };
        Self {
            server: relations.server.as_ref().map(text),
            launcher: relations.launcher.as_ref().map(text),
            required: texts(&relations.required),
            soft_required: texts(&relations.soft_required),
            compatible: texts(&relations.compatible),
            lines: relations.lines.clone(),
        }
    }
}

impl RelationsRecord {
    pub(crate) fn model(self) -> Relations {
        let range = |text: String| VersionRange::read(&text);
        let ranges = |texts: IndexMap<String, Option<String>>| {
            texts
                .into_iter()
                .map(|(name, text)| (AddonName::from(name), text.map(range)))
                .collect()
        };
        Relations {
            server: self.server.map(range),
            launcher: self.launcher.map(range),
            required: ranges(self.required),
            soft_required: ranges(self.soft_required),
            compatible: ranges(self.compatible),
            lines: self.lines,
        }
    }
}

impl From<&Addon> for AddonRecord {
    fn from(addon: &Addon) -> Self {
        Self(
            addon
                .releases
                .iter()
                .map(|(version, release)| (version.to_string(), (&**release).into()))
                .collect(),
        )
    }
}

impl From<&AddonRelease> for ReleaseRecord {
    fn from(release: &AddonRelease) -> Self {
        let relations = match &release.relations {
            Knowledge::Known(relations) => KnowledgeRecord::Known(Box::new((&**relations).into())),
            Knowledge::Legacy => KnowledgeRecord::Legacy,
            Knowledge::Unknown(why) => KnowledgeRecord::Unknown(why.to_string()),
        };
        Self {
            title: release.title.clone(),
            host_name: release.host_name.clone(),
            project_can_override: release.project_can_override,
            broken: release.broken.clone(),
            package_file: release.package_file.file.to_string(),
            relations,
            python: (&release.python).into(),
        }
    }
}

impl AddonRecord {
    pub(super) fn model(self, name: AddonName) -> Result<Addon, String> {
        let mut releases = BTreeMap::new();
        for (text, record) in self.0 {
            let said = |reason: String| {
                format!("addon {name} {}: {reason}", crate::error::quotable(&text))
            };
            let version = Version::parse(&text).map_err(|error| said(error.to_string()))?;
            let release = record.model(name.clone(), version.clone()).map_err(said)?;
            releases.insert(version, Arc::new(release));
        }
        Ok(Addon { name, releases })
    }
}

impl ReleaseRecord {
    fn model(self, name: AddonName, version: Version) -> Result<AddonRelease, String> {
        let subject = Subject::Addon {
            name: name.clone(),
            version: version.clone(),
        };
        let relations = match self.relations {
            KnowledgeRecord::Known(relations) => Knowledge::Known(Box::new(relations.model())),
            KnowledgeRecord::Legacy => Knowledge::Legacy,
            KnowledgeRecord::Unknown(why) => Knowledge::Unknown(why.into()),
        };
        Ok(AddonRelease {
            name,
            version,
            title: self.title,
            host_name: self.host_name,
            project_can_override: self.project_can_override,
            relations,
            python: self.python.model(&subject)?,
            broken: self.broken,
            package_file: Place::file(self.package_file),
        })
    }
}
