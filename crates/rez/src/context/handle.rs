//! Variant handles: how a context names one variant of one package in one repository.
//!
//! rez compares handles for equality and hashes them, so there is one right way to write each: `version` is left out
//! where a package has none, `index` is `null` where it has no variants, and `location` is the repository's canonical
//! path.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::error::ContextError;
use super::fields::Fields;
use crate::package::{PackageKind, qualified, qualified_variant};
use crate::repository::Location;
use crate::version::Version;

/// One variant of one package in one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantHandle {
    /// The kind of resource: `filesystem.variant`, `filesystem.variant.combined`, `memory.variant`, or what a plugin
    /// for other repositories calls it.
    pub key: Arc<str>,
    /// The kind of repository: `filesystem`.
    pub repository_type: Arc<str>,
    /// The repository's canonical path, see [`canonical_path`](super::canonical_path). In a file that lies in a rez
    /// bundle it may be relative to the bundle.
    pub location: Arc<str>,
    /// Whether the package has a folder, or shares a file with the other versions.
    pub kind: PackageKind,
    /// The package's family.
    pub name: Arc<str>,
    /// Its version; empty where it has none.
    pub version: Version,
    /// Which of its variants; `None` where it has none.
    pub index: Option<usize>,
    /// Further variables, which only plugins for other repositories have.
    pub other: BTreeMap<String, Value>,
}

impl VariantHandle {
    /// A handle as rez's own repositories make it: its key follows from the kinds of repository and package.
    pub fn new(
        location: &Location,
        kind: PackageKind,
        name: Arc<str>,
        version: Version,
        index: Option<usize>,
    ) -> Self {
        let combined = match &kind {
            PackageKind::Folder => "",
            PackageKind::Combined { .. } => ".combined",
        };
        Self {
            key: format!("{}.variant{combined}", location.kind).into(),
            repository_type: location.kind.into(),
            location: location.path.as_str().into(),
            kind,
            name,
            version,
            index,
            other: BTreeMap::new(),
        }
    }

    /// `maya-2024.1`, or `maya` where there is no version: rez's qualified package name.
    pub fn qualified_package_name(&self) -> String {
        qualified(&self.name, &self.version)
    }

    pub(super) fn read(value: Value, place: &str) -> Result<Self, ContextError> {
        let mut fields = Fields::new(value, place)?;
        fields.require(&["key", "variables"])?;
        let key = fields.text("key")?;
        let mut variables = Fields::new(fields.take("variables"), &format!("{place}.variables"))?;
        variables.require(&["repository_type", "location", "name"])?;
        let version = match variables.optional_text("version")? {
            Some(text) => {
                Version::parse(&text).map_err(|error| variables.wrong("version", error))?
            }
            None => Version::empty(),
        };
        Ok(Self {
            key: key.into(),
            repository_type: variables.text("repository_type")?.into(),
            location: variables.text("location")?.into(),
            kind: match variables.optional_text("ext")? {
                Some(extension) => PackageKind::Combined {
                    extension: extension.into(),
                },
                None => PackageKind::Folder,
            },
            name: variables.text("name")?.into(),
            version,
            index: variables.optional_index("index")?,
            other: variables.rest(),
        })
    }

    pub(super) fn to_value(&self) -> Value {
        let mut variables: Map<String, Value> = self.other.clone().into_iter().collect();
        let mut set = |name: &str, value: Value| variables.insert(name.to_owned(), value);
        set("repository_type", (*self.repository_type).into());
        set("location", (*self.location).into());
        set("name", (*self.name).into());
        set("index", self.index.into());
        if !self.version.is_empty() {
            set("version", self.version.as_str().into());
        }
        if let PackageKind::Combined { extension } = &self.kind {
            set("ext", (**extension).into());
        }
        let mut handle = Map::new();
        handle.insert("key".to_owned(), (*self.key).into());
        handle.insert("variables".to_owned(), Value::Object(variables));
        Value::Object(handle)
    }
}

/// `maya-2024.1[0]`, `python-3.9.7[]`: rez's qualified name of a variant.
impl fmt::Display for VariantHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&qualified_variant(
            &self.qualified_package_name(),
            self.index,
        ))
    }
}
