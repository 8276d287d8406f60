//! Repodata patches: what a channel corrects of its packages after they were built.
//!
//! Published channels have theirs applied. A mirror or a channel of one's own may come with the instructions beside, as
//! `patch_instructions.json` in each subdir, in the form that conda-index reads.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::row::{Archive, Row};

/// The corrections of one subdir.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Patches {
    #[serde(default)]
    packages: BTreeMap<String, Patch>,
    #[serde(default, rename = "packages.conda")]
    conda_packages: BTreeMap<String, Patch>,
    #[serde(default)]
    remove: BTreeSet<String>,
    #[serde(default)]
    revoke: BTreeSet<String>,
    /// Files to remove, once more for the other form of an archive.
    #[serde(skip)]
    removed: BTreeSet<String>,
}

/// What becomes of one record. What stands in none of the fields stays.
#[expect(
    clippy::option_option,
    reason = "a field that is null takes away, and one that is not there changes nothing"
)]
#[derive(Debug, Deserialize)]
struct Patch {
    depends: Option<Vec<String>>,
    constrains: Option<Vec<String>>,
    #[serde(default, deserialize_with = "present")]
    license: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    license_family: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    track_features: Option<Option<Features>>,
    features: Option<Box<RawValue>>,
    purls: Option<Box<RawValue>>,
    extra_depends: Option<Box<RawValue>>,
    flags: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Features {
    Text(String),
    List(Vec<String>),
}

/// Tells a field that is null from one that is not there.
#[expect(clippy::option_option, reason = "these are its three cases")]
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

impl Patches {
    /// Reads the instructions.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let mut patches: Patches = serde_json::from_slice(bytes)?;
        for file in &patches.remove {
            patches.removed.insert(file.clone());
            // What is taken back in the old form is taken back in the new one.
            if let Some((stem, Archive::TarBz2)) = Archive::split(file) {
                patches.removed.insert(format!("{stem}.conda"));
            }
        }
        Ok(patches)
    }

    pub(crate) fn removed(&self) -> impl Iterator<Item = &str> {
        self.removed.iter().map(String::as_str)
    }

    /// Corrects a record.
    pub(crate) fn apply(&self, stem: &str, archive: Archive, row: &mut Row<'_>) {
        if self.packages.is_empty() && self.conda_packages.is_empty() && self.revoke.is_empty() {
            return;
        }
        let old = format!("{stem}{}", Archive::TarBz2.extension());
        let new = format!("{stem}{}", Archive::Conda.extension());
        // What is said of the old form holds for the new one too, unless that has its own.
        let own = (archive == Archive::Conda)
            .then(|| self.conda_packages.get(&new))
            .flatten();
        for patch in [self.packages.get(&old), own].into_iter().flatten() {
            patch.apply(row);
        }
        if self.revoke.contains(&old) || archive == Archive::Conda && self.revoke.contains(&new) {
            // As conda-index does it: a dependency that nothing fulfils, with words for a person.
            row.depends.push(Cow::Borrowed("package_has_been_revoked"));
        }
    }
}

impl Patch {
    fn apply(&self, row: &mut Row<'_>) {
        let own = |texts: &[String]| texts.iter().map(|text| Cow::Owned(text.clone())).collect();
        if let Some(depends) = &self.depends {
            row.depends = own(depends);
            row.has_depends = true;
        }
        if let Some(constrains) = &self.constrains {
            row.constrains = own(constrains);
        }
        if let Some(license) = &self.license {
            row.license = license.clone().map(Cow::Owned);
        }
        if let Some(family) = &self.license_family {
            row.license_family = family.clone().map(Cow::Owned);
        }
        if let Some(features) = &self.track_features {
            row.track_features = match features {
                None => Vec::new(),
                Some(Features::Text(text)) => {
                    let parts = text.split([',', ' ']).map(str::to_owned);
                    parts.map(Cow::Owned).collect()
                }
                Some(Features::List(list)) => own(list),
            };
            row.track_features
                .retain(|feature| !feature.trim().is_empty());
        }
        let rest = [
            ("features", &self.features),
            ("purls", &self.purls),
            ("extra_depends", &self.extra_depends),
            ("flags", &self.flags),
        ];
        for (key, json) in rest {
            if let Some(json) = json {
                row.keep(key, Cow::Owned(json.get().to_owned()));
                row.has_extras |= key == "extra_depends";
            }
        }
    }
}
