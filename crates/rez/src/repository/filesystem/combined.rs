//! Families in one file: `<family>.py` or `<family>.yaml` with `versions` and `version_overrides`.
//!
//! The file's attributes are those of every version; overrides whose range holds the version are laid over them, in the
//! order written. Without `versions` the file is one package without a version.

use std::path::Path;
use std::sync::Arc;

use super::Options;
use super::layout::failed_on;
use crate::package::{Defect, DefectKind, Package, PackageKind};
use crate::repository::RepositoryError;
use crate::repository::definition::value::{Node, Value};
use crate::repository::definition::{Attribute, Attributes, Format};
use crate::repository::entry::Problem;
use crate::version::{Version, VersionRange};

/// A combined file, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Combined {
    pub(super) versions: Vec<Version>,
    pub(super) problems: Vec<Problem>,
    /// Overrides by range, or what is wrong with them: rez notices when it loads a version.
    overrides: Result<Vec<Override>, Defect>,
    attributes: Attributes,
}

type Override = (VersionRange, Vec<(Node, Node)>);

/// Takes a file apart.
///
/// # Errors
/// With the defect that leaves not even the versions known. rez raises it for whatever is asked of the family.
pub(super) fn read(
    path: &Path,
    attributes: Attributes,
    options: &Options,
) -> Result<Combined, Defect> {
    let mut combined = Combined {
        versions: Vec::new(),
        problems: Vec::new(),
        overrides: overrides(path, attributes.version_overrides.as_ref()),
        attributes,
    };
    combined.read_versions(path)?;
    if combined.versions.is_empty() && options.allow_unversioned {
        combined.versions.push(Version::empty());
    }
    if let Some(message) = combined.attributes.format_problem() {
        combined.problems.push(Problem::of(path, message));
    }
    Ok(combined)
}

impl Combined {
    fn read_versions(&mut self, path: &Path) -> Result<(), Defect> {
        let items = match &self.attributes.versions {
            None => return Ok(()),
            Some(Attribute::Computed { line, reason }) => {
                return Err(computed(path, "versions", *line, reason));
            }
            Some(Attribute::Written(node)) => match &node.value {
                Value::List(items) => items,
                _ => return Err(wrong(path, "`versions` must be a list of texts", node)),
            },
        };
        for item in items {
            let Value::Text(text) = &item.value else {
                return Err(wrong(
                    path,
                    "each of `versions` must be a text in quotes",
                    item,
                ));
            };
            let version = Version::parse(text)
                .map_err(|error| invalid(path, item.line, format!("in `versions`: {error}")))?;
            if let Some(first) = self.versions.iter().find(|other| **other == version) {
                let message = format!("`{version}` is the same version as `{first}`, which counts");
                self.problems.push(Problem::of(path, message));
            } else {
                self.versions.push(version);
            }
        }
        Ok(())
    }

    /// The attributes of one version: those of the file, with the version's overrides laid over them.
    pub(super) fn attributes_of(&self, version: &Version) -> Result<Attributes, Defect> {
        let mut attributes = self.attributes.clone();
        // Without `versions` rez does not look at the overrides.
        if self.attributes.versions.is_some() {
            let overrides = self.overrides.as_ref().map_err(Defect::clone)?;
            for (_, table) in overrides
                .iter()
                .filter(|(range, _)| range.contains(version))
            {
                attributes.update(table);
            }
        }
        Ok(attributes)
    }

    /// The packages in the order of the file.
    pub(super) fn packages(&self, path: &Path, format: Format) -> Vec<Package> {
        let extension: Arc<str> = format.extension().into();
        let package = |version: &Version| Package {
            version: version.clone(),
            kind: PackageKind::Combined {
                extension: extension.clone(),
            },
            definition: self
                .attributes_of(version)
                .and_then(|attributes| attributes.definition(path))
                .map(Arc::new),
        };
        self.versions.iter().map(package).collect()
    }
}

fn overrides(path: &Path, attribute: Option<&Attribute>) -> Result<Vec<Override>, Defect> {
    let node = match attribute {
        None => return Ok(Vec::new()),
        Some(Attribute::Computed { line, reason }) => {
            return Err(computed(path, "version_overrides", *line, reason));
        }
        Some(Attribute::Written(node)) => node,
    };
    let Value::Table(entries) = &node.value else {
        return Err(wrong(
            path,
            "`version_overrides` must be a table of ranges",
            node,
        ));
    };
    let one = |(key, value): &(Node, Node)| {
        let Value::Text(range) = &key.value else {
            return Err(wrong(
                path,
                "each range in `version_overrides` must be a text in quotes",
                key,
            ));
        };
        let range = VersionRange::parse(range).map_err(|error| {
            let message = format!("in `version_overrides`: {error}");
            invalid(path, key.line, message)
        })?;
        match &value.value {
            Value::Table(table) => Ok((range, table.clone())),
            _ => Err(wrong(
                path,
                "what `version_overrides` has for a range must be a table",
                value,
            )),
        }
    };
    entries.iter().map(one).collect()
}

fn computed(path: &Path, key: &str, line: u32, reason: &str) -> Defect {
    Defect {
        kind: DefectKind::NeedsPython,
        ..invalid(
            path,
            Some(line),
            format!("`{key}` is not a literal: {reason}; only Python can tell it"),
        )
    }
}

fn wrong(path: &Path, rule: &str, found: &Node) -> Defect {
    invalid(path, found.line, format!("{rule}, not {}", found.kind()))
}

fn invalid(path: &Path, line: Option<u32>, message: String) -> Defect {
    Defect {
        kind: DefectKind::Invalid,
        file: path.to_owned(),
        line,
        message,
    }
}

/// A family whose one file cannot be used at all.
pub(super) fn broken(defect: Defect) -> RepositoryError {
    let place = defect
        .line
        .map(|line| format!("line {line}: "))
        .unwrap_or_default();
    failed_on(
        "read",
        defect.file,
        &std::io::Error::other(format!("{place}{}", defect.message)),
    )
}
