//! What one package file says of the attributes that a solve reads, without running it.
//!
//! Four shapes end in one: a `package.py` (its literals), a `package.yaml`, one version of a combined file, and what a
//! Python process answered. Each becomes [`Attributes`], is laid over by overrides where there are any, and is then
//! judged once, as rez's schema does: a wrong type is [`DefectKind::Invalid`] there and here. `name` and `version` are
//! not read at all, since rez goes by the names of folders (`src/rezplugins/package_repository/filesystem.py`).

mod python;
pub(crate) mod value;
mod yaml;

use std::path::Path;
use std::sync::Arc;

use crate::package::{Defect, DefectKind, Definition};
use value::{Node, Value};

/// No package file is larger; real ones have a few kilobytes.
pub(crate) const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The newest format rez 3.4.0 knows.
const FORMAT_VERSION: i64 = 2;

/// How a package file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Python,
    Yaml,
}

impl Format {
    /// In the order of preference.
    pub(crate) const ALL: [Format; 2] = [Format::Python, Format::Yaml];

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Python => "py",
            Format::Yaml => "yaml",
        }
    }
}

/// Why a text is no package file at all.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub(crate) line: Option<u32>,
    pub(crate) message: String,
}

/// An attribute: its value, or where and why only running the file would tell.
#[derive(Clone, Debug)]
pub(crate) enum Attribute {
    Written(Node),
    Computed { line: u32, reason: String },
}

/// The attributes that are read, each where the file has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes {
    requires: Option<Attribute>,
    build_requires: Option<Attribute>,
    variants: Option<Attribute>,
    timestamp: Option<Attribute>,
    hashed_variants: Option<Attribute>,
    format_version: Option<Attribute>,
    /// Of a combined file.
    pub(crate) versions: Option<Attribute>,
    /// Of a combined file.
    pub(crate) version_overrides: Option<Attribute>,
    /// Whether a Python process told these.
    pub(crate) evaluated: bool,
}

impl Attributes {
    /// Asks for each attribute by its name.
    pub(crate) fn collect(mut attribute: impl FnMut(&str) -> Option<Attribute>) -> Self {
        Attributes {
            requires: attribute("requires"),
            build_requires: attribute("build_requires"),
            variants: attribute("variants"),
            timestamp: attribute("timestamp"),
            hashed_variants: attribute("hashed_variants"),
            format_version: attribute("format_version"),
            versions: attribute("versions"),
            version_overrides: attribute("version_overrides"),
            evaluated: false,
        }
    }

    /// Reads a file's bytes.
    pub(crate) fn read(format: Format, bytes: &[u8]) -> Result<Self, Mistake> {
        match format {
            Format::Python => python::attributes(bytes),
            Format::Yaml => yaml::attributes(bytes),
        }
    }

    /// Lays a table of overrides over these, as `dict.update` does.
    pub(crate) fn update(&mut self, overrides: &[(Node, Node)]) {
        for (key, node) in overrides {
            let Value::Text(key) = &key.value else {
                continue;
            };
            let slot = match key.as_str() {
                "requires" => &mut self.requires,
                "build_requires" => &mut self.build_requires,
                "variants" => &mut self.variants,
                "timestamp" => &mut self.timestamp,
                "hashed_variants" => &mut self.hashed_variants,
                _ => continue,
            };
            *slot = Some(Attribute::Written(node.clone()));
        }
    }

    /// Whether the file says when it was released; if not, rez looks for files of older versions of itself.
    pub(crate) fn has_timestamp(&self) -> bool {
        self.timestamp.is_some()
    }

    /// Whether only running the file would tell the versions of a combined family.
    pub(crate) fn hides_versions(&self) -> bool {
        matches!(self.versions, Some(Attribute::Computed { .. }))
    }

    /// What to tell of a file that a newer rez wrote.
    pub(crate) fn format_problem(&self) -> Option<String> {
        let Some(Attribute::Written(node)) = &self.format_version else {
            return None;
        };
        match node.value {
            Value::Integer(version) if version > FORMAT_VERSION => Some(format!(
                "it has format version {version}, newer than the {FORMAT_VERSION} that is known; it may be misread"
            )),
            _ => None,
        }
    }

    /// Judges the attributes: the definition, or the first thing that is wrong. What is wrong in any case comes before
    /// what running the file might still tell.
    pub(crate) fn definition(&self, file: &Path) -> Result<Definition, Defect> {
        let judge = Judge { file };
        let requires = judge.attribute("requires", self.requires.as_ref(), Judge::requests);
        let build_requires = judge.attribute(
            "build_requires",
            self.build_requires.as_ref(),
            Judge::requests,
        );
        let variants = judge.attribute("variants", self.variants.as_ref(), Judge::variants);
        let timestamp = judge.attribute("timestamp", self.timestamp.as_ref(), Judge::timestamp);
        let hashed = judge.attribute(
            "hashed_variants",
            self.hashed_variants.as_ref(),
            Judge::flag,
        );
        let defects = [
            requires.as_ref().err(),
            variants.as_ref().err(),
            timestamp.as_ref().err(),
            hashed.as_ref().err(),
            build_requires.as_ref().err(),
        ];
        let is_invalid = |defect: &&&Defect| defect.kind == DefectKind::Invalid;
        let all = || defects.iter().flatten();
        if let Some(defect) = all().find(is_invalid).or_else(|| all().next()) {
            return Err(Defect::clone(defect));
        }
        Ok(Definition {
            requires: requires?.unwrap_or_default(),
            build_requires: build_requires?.unwrap_or_default(),
            // rez takes an empty list of variants for none.
            variants: variants?.filter(|variants| !variants.is_empty()),
            timestamp: timestamp?,
            hashed_variants: hashed?.unwrap_or_default(),
            evaluated: self.evaluated,
        })
    }
}

impl Definition {
    /// Reads the bytes of a package file without running it: YAML where the name of `file` ends in `.yaml`, else Python.
    ///
    /// # Errors
    /// [`Defect`], with the line, where the text is no package file, where an attribute is of a wrong type, and where
    /// only running it would tell what a solve needs.
    pub fn read(bytes: &[u8], file: &Path) -> Result<Self, Defect> {
        let is_yaml = file
            .extension()
            .is_some_and(|extension| extension == "yaml");
        let format = if is_yaml {
            Format::Yaml
        } else {
            Format::Python
        };
        read(format, bytes, file).map(|(definition, _)| definition)
    }
}

/// Reads a whole package file: the definition, and what else is to be told of it.
pub(crate) fn read(
    format: Format,
    bytes: &[u8],
    file: &Path,
) -> Result<(Definition, Attributes), Defect> {
    let attributes = Attributes::read(format, bytes).map_err(|mistake| Defect {
        kind: DefectKind::Invalid,
        file: file.to_owned(),
        line: mistake.line,
        message: mistake.message,
    })?;
    let definition = attributes.definition(file)?;
    Ok((definition, attributes))
}

/// The time of release in a `release.yaml`, which rez wrote before its version 2.
pub(crate) fn release_time(bytes: &[u8]) -> Option<i64> {
    let Ok(attributes) = yaml::attributes(bytes) else {
        return None;
    };
    match attributes.timestamp? {
        Attribute::Written(Node {
            value: Value::Integer(time),
            ..
        }) => Some(time),
        _ => None,
    }
}

/// Checks the types of one file's attributes (`src/rez/package_resources.py: package_pod_schema_dict`).
#[derive(Clone, Copy)]
struct Judge<'a> {
    file: &'a Path,
}

impl Judge<'_> {
    fn attribute<T>(
        self,
        key: &str,
        attribute: Option<&Attribute>,
        read: impl FnOnce(Self, &str, &Node) -> Result<T, Defect>,
    ) -> Result<Option<T>, Defect> {
        match attribute {
            None => Ok(None),
            Some(Attribute::Written(node)) => read(self, key, node).map(Some),
            Some(Attribute::Computed { line, reason }) => Err(Defect {
                kind: DefectKind::NeedsPython,
                file: self.file.to_owned(),
                line: Some(*line),
                message: format!("`{key}` is not a literal: {reason}; only Python can tell it"),
            }),
        }
    }

    fn requests(self, key: &str, node: &Node) -> Result<Vec<Arc<str>>, Defect> {
        let Value::List(items) = &node.value else {
            return Err(self.wrong(key, "a list of requests", node));
        };
        let request = |item: &Node| match &item.value {
            Value::Text(text) => Ok(Arc::from(text.as_str())),
            _ => Err(self.wrong(&format!("each request in `{key}`"), "a text", item)),
        };
        items.iter().map(request).collect()
    }

    fn variants(self, key: &str, node: &Node) -> Result<Vec<Vec<Arc<str>>>, Defect> {
        let Value::List(items) = &node.value else {
            return Err(self.wrong(key, "a list of lists of requests", node));
        };
        let variant = |item: &Node| match &item.value {
            Value::List(_) => self.requests(key, item),
            _ => Err(self.wrong(&format!("each variant in `{key}`"), "a list", item)),
        };
        items.iter().map(variant).collect()
    }

    fn timestamp(self, key: &str, node: &Node) -> Result<i64, Defect> {
        match node.value {
            Value::Integer(time) => Ok(time),
            // Python's booleans are integers.
            Value::Bool(flag) => Ok(i64::from(flag)),
            _ => Err(self.wrong(key, "an integer", node)),
        }
    }

    fn flag(self, key: &str, node: &Node) -> Result<bool, Defect> {
        match node.value {
            Value::Bool(flag) => Ok(flag),
            _ => Err(self.wrong(key, "True or False", node)),
        }
    }

    fn wrong(self, subject: &str, expected: &str, found: &Node) -> Defect {
        let subject = if subject.contains('`') {
            subject.to_owned()
        } else {
            format!("`{subject}`")
        };
        Defect {
            kind: DefectKind::Invalid,
            file: self.file.to_owned(),
            line: found.line,
            message: format!("{subject} must be {expected}, not {}", found.kind()),
        }
    }
}
