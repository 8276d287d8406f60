//! What an addon's package file says: `package.py`, `package.yml` or `package.yaml`.
//!
//! A `package.py` is Python, and the server runs it. Here it is read as literals and never run: a key that only
//! running could tell is a [`Problem`] with its line, and the relations it would have held are *unknown*, not empty.
//! A release without a readable name and semantic version is one the server cannot load either: no release.
//! Source: reference `ayon.md` §9.

mod python;
mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_model::{Knowledge, Place, Problem, Relations, Version, VersionRange, printable};
use indexmap::IndexMap;

use crate::tree::{Entry, Node, Value};

/// No package file is larger; real ones have a few kilobytes.
pub(crate) const MAX_BYTES: u64 = 1024 * 1024;

/// The spellings of a package file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Python,
    Yaml,
}

/// What a package file says of a release.
#[derive(Debug, PartialEq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: Version,
    pub(crate) title: Option<String>,
    pub(crate) host_name: Option<String>,
    pub(crate) project_can_override: bool,
    pub(crate) relations: Knowledge,
}

/// A key of the file: its value, or where and why nobody can tell it without running the file.
enum Field {
    Written(Entry),
    Code { line: u32, reason: String },
}

/// Reads the package file at `place`. `None`: the server cannot load it, and a problem says why.
pub(crate) fn read(
    format: Format,
    bytes: &[u8],
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<Package> {
    let fields = match format {
        Format::Python => python::fields(bytes),
        Format::Yaml => yaml::fields(bytes),
    };
    match fields {
        Ok(fields) => Reading {
            fields,
            place,
            problems,
        }
        .package(),
        Err((line, message)) => {
            problems.push(Problem::new(place.at("", line), message));
            None
        }
    }
}

/// All keys that are read (reference `ayon.md` §9).
const KEYS: [&str; 10] = [
    "name",
    "version",
    "title",
    "app_host_name",
    "project_can_override_addon_version",
    "ayon_server_version",
    "ayon_launcher_version",
    "ayon_required_addons",
    "ayon_soft_required_addons",
    "ayon_compatible_addons",
];

struct Reading<'a> {
    fields: BTreeMap<&'static str, Field>,
    place: &'a Place,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn package(mut self) -> Option<Package> {
        let name = self.text("name").unwrap_or_default();
        let version = self.text("version").unwrap_or_default();
        let title = self.text("title").unwrap_or_default();
        let host_name = self.text("app_host_name").unwrap_or_default();
        let project_can_override = self.flag("project_can_override_addon_version");
        let relations = self.relations();
        let name = self.required("name", name);
        let version = self.required("version", version);
        let (name, version) = (name?, version?);
        match Version::parse(&version) {
            Ok(version) => Some(Package {
                name,
                version,
                title,
                host_name,
                project_can_override,
                relations,
            }),
            Err(error) => {
                let message = format!(
                    "version `{}` is no semantic version ({error}): the server cannot load this addon; write `x.y.z`",
                    printable(&version)
                );
                self.problem("version", self.line("version"), message);
                None
            }
        }
    }

    /// The text a release cannot be without. Where there is none and nothing was said so far, that is said.
    fn required(&mut self, key: &'static str, text: Option<String>) -> Option<String> {
        let text = text.filter(|text| !text.is_empty());
        let said = self.fields.get(key).is_some_and(|field| match field {
            Field::Written(entry) => entry.node.text().is_none() && entry.node.value != Value::Null,
            Field::Code { .. } => true,
        });
        if text.is_none() && !said {
            self.problem(
                key,
                self.line(key),
                format!("`{key}` is missing: the server cannot load this addon"),
            );
        }
        text
    }

    fn line(&self, key: &str) -> Option<u32> {
        match self.fields.get(key)? {
            Field::Written(entry) => entry.line,
            Field::Code { line, .. } => Some(*line),
        }
    }

    fn problem(&mut self, key: &str, line: Option<u32>, message: String) {
        self.problems
            .push(Problem::new(self.place.at(key, line), message));
    }

    /// The value of `key`, or nothing where it is absent or `None`. An error has been said and says what is unknown.
    fn value(&mut self, key: &'static str) -> Result<Option<Entry>, Arc<str>> {
        let (line, reason) = match self.fields.get(key) {
            None => return Ok(None),
            Some(Field::Written(entry)) if entry.node.value == Value::Null => return Ok(None),
            Some(Field::Written(entry)) => return Ok(Some(entry.clone())),
            Some(Field::Code { line, reason }) => (*line, reason.clone()),
        };
        let message =
            format!("`{key}` is code, not a literal: {reason}; the file is read, not run");
        self.problem(key, Some(line), message);
        Err(format!(
            "`{key}` in {} is code, not a literal",
            self.place.at("", Some(line))
        )
        .into())
    }

    fn wrong_kind(
        &mut self,
        key: &str,
        line: Option<u32>,
        expected: &str,
        found: &Node,
    ) -> Arc<str> {
        let message = format!(
            "`{}` must be {expected}, not {}",
            printable(key),
            found.kind()
        );
        let unknown = format!("{message} ({})", self.place.at("", line));
        self.problem(key, line, message);
        unknown.into()
    }

    fn text(&mut self, key: &'static str) -> Result<Option<String>, Arc<str>> {
        let Some(entry) = self.value(key)? else {
            return Ok(None);
        };
        match entry.node.text() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(self.wrong_kind(key, entry.line, "a text", &entry.node)),
        }
    }

    /// Absent, `None` and what cannot be read are no: the server's default is that a project may not override.
    fn flag(&mut self, key: &'static str) -> bool {
        match self.value(key) {
            Ok(Some(Entry {
                node:
                    Node {
                        value: Value::Bool(flag),
                        ..
                    },
                ..
            })) => flag,
            Ok(Some(entry)) => {
                self.wrong_kind(key, entry.line, "True or False", &entry.node);
                false
            }
            Ok(None) | Err(_) => false,
        }
    }

    fn relations(&mut self) -> Knowledge {
        let mut lines = BTreeMap::new();
        // All five are read even after a mistake: one run tells of them all.
        let server = self.range("ayon_server_version", &mut lines);
        let launcher = self.range("ayon_launcher_version", &mut lines);
        let required = self.ranges("ayon_required_addons", &mut lines);
        let soft_required = self.ranges("ayon_soft_required_addons", &mut lines);
        let compatible = self.ranges("ayon_compatible_addons", &mut lines);
        let relations = (|| {
            Ok(Relations {
                server: server?,
                launcher: launcher?,
                required: required?,
                soft_required: soft_required?,
                compatible: compatible?,
                lines,
            })
        })();
        relations.map_or_else(Knowledge::Unknown, |relations| {
            Knowledge::Known(Box::new(relations))
        })
    }

    fn range(
        &mut self,
        key: &'static str,
        lines: &mut BTreeMap<String, u32>,
    ) -> Result<Option<VersionRange>, Arc<str>> {
        let text = self.text(key)?;
        if let (Some(_), Some(line)) = (&text, self.line(key)) {
            lines.insert(key.to_owned(), line);
        }
        Ok(text.map(|text| VersionRange::read(&text)))
    }

    fn ranges(
        &mut self,
        key: &'static str,
        lines: &mut BTreeMap<String, u32>,
    ) -> Result<IndexMap<ayon_model::AddonName, Option<VersionRange>>, Arc<str>> {
        let Some(entry) = self.value(key)? else {
            return Ok(IndexMap::new());
        };
        let Some(table) = entry.node.table() else {
            return Err(self.wrong_kind(
                key,
                entry.line,
                "a dictionary of addon names and ranges",
                &entry.node,
            ));
        };
        if let Some(line) = entry.line {
            lines.insert(key.to_owned(), line);
        }
        let mut ranges = IndexMap::new();
        let mut wrong = None;
        for relation in table {
            let range = match &relation.node.value {
                Value::Null => None,
                Value::Text(text) => Some(VersionRange::read(text)),
                _ => {
                    let name = format!("{key}.{}", relation.key);
                    wrong = Some(self.wrong_kind(
                        &name,
                        relation.line,
                        "a range in quotes or None",
                        &relation.node,
                    ));
                    continue;
                }
            };
            if let Some(line) = relation.line {
                lines.insert(format!("{key}.{}", relation.key), line);
            }
            ranges.insert(relation.key.as_str().into(), range);
        }
        wrong.map_or(Ok(ranges), Err)
    }
}

#[cfg(test)]
mod tests;
