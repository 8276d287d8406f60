//! Python requirements in a snapshot.
//!
//! A dependency is written back in the grammar it was read from and read again by the same parser, so that there is no
//! second meaning of anything. Those that cannot be read are kept with what was said of them.

use std::sync::Arc;

use ayon_model::{
    Half, InterpreterRequirement, Origin, Place, PythonNeeds, PythonRequirement, Subject, System,
    UnreadableRequirement,
};
use pypi::poetry::{Dependency, parse_constraint, parse_dependency};
use pypi::{Constraint, Reference, Source};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::tree::Node;

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PythonRecord {
    /// The file that all of it stands in.
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    interpreter: Option<InterpreterRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    distributions: Vec<DistributionRecord>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unreadable: Vec<UnreadableRecord>,
}

#[derive(Serialize, Deserialize)]
struct InterpreterRecord {
    versions: String,
    #[serde(flatten)]
    at: At,
}

#[derive(Serialize, Deserialize)]
struct DistributionRecord {
    name: String,
    requirement: Value,
    half: HalfRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    #[serde(flatten)]
    at: At,
}

#[derive(Serialize, Deserialize)]
struct UnreadableRecord {
    name: String,
    message: String,
    #[serde(flatten)]
    at: At,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum HalfRecord {
    Dependencies,
    Runtime,
}

/// Where in the file.
#[derive(Serialize, Deserialize)]
struct At {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    key: String,
}

impl At {
    fn of(origin: &Origin) -> Self {
        let place = origin.place.as_ref();
        Self {
            line: place.and_then(|place| place.line),
            key: place.map(|place| place.key.to_string()).unwrap_or_default(),
        }
    }

    fn origin(self, subject: &Subject, file: &Arc<str>) -> Origin {
        let place = Place {
            file: Arc::clone(file),
            line: self.line,
            key: self.key.into(),
        };
        Origin::new(subject.clone(), place)
    }
}

impl From<&PythonNeeds> for PythonRecord {
    fn from(needs: &PythonNeeds) -> Self {
        let origins = needs.interpreter.iter().map(|need| &need.origin);
        let origins = origins.chain(needs.distributions.iter().map(|need| &need.origin));
        let mut origins = origins.chain(needs.unreadable.iter().map(|need| &need.origin));
        let file = origins.find_map(|origin| Some(origin.place.as_ref()?.file.to_string()));
        let distribution = |need: &PythonRequirement| DistributionRecord {
            name: need.dependency.name_as_written.clone(),
            requirement: requirement(&need.dependency),
            half: match need.half {
                Half::Dependencies => HalfRecord::Dependencies,
                Half::Runtime => HalfRecord::Runtime,
            },
            system: need.system.map(|system| system.to_string()),
            at: At::of(&need.origin),
        };
        let unreadable = |need: &UnreadableRequirement| UnreadableRecord {
            name: need.name.clone(),
            message: need.message.clone(),
            at: At::of(&need.origin),
        };
        let interpreter = |need: &InterpreterRequirement| InterpreterRecord {
            versions: need.text.clone(),
            at: At::of(&need.origin),
        };
        Self {
            file: file.unwrap_or_default(),
            interpreter: needs.interpreter.as_ref().map(interpreter),
            distributions: needs.distributions.iter().map(distribution).collect(),
            unreadable: needs.unreadable.iter().map(unreadable).collect(),
        }
    }
}

impl PythonRecord {
    pub(super) fn is_empty(&self) -> bool {
        self.interpreter.is_none() && self.distributions.is_empty() && self.unreadable.is_empty()
    }

    pub(super) fn model(self, subject: &Subject) -> Result<PythonNeeds, String> {
        let file: Arc<str> = self.file.into();
        let mut needs = PythonNeeds::default();
        if let Some(InterpreterRecord { versions: text, at }) = self.interpreter {
            let set = parse_constraint(&text).map_err(|error| error.to_string())?;
            needs.interpreter = Some(InterpreterRequirement {
                set,
                text,
                origin: at.origin(subject, &file),
            });
        }
        for DistributionRecord {
            name,
            requirement,
            half,
            system,
            at,
        } in self.distributions
        {
            let value: Node =
                serde_json::from_value(requirement).map_err(|error| error.to_string())?;
            let dependencies = parse_dependency(&name, &crate::pyproject::value(&value))
                .map_err(|error| error.to_string())?;
            let half = match half {
                HalfRecord::Dependencies => Half::Dependencies,
                HalfRecord::Runtime => Half::Runtime,
            };
            let system = system
                .map(|system| system.parse::<System>().map_err(|error| error.to_string()))
                .transpose()?;
            let origin = at.origin(subject, &file);
            let requirement = |dependency| PythonRequirement {
                dependency,
                half,
                system,
                origin: origin.clone(),
            };
            needs
                .distributions
                .extend(dependencies.into_iter().map(requirement));
        }
        for UnreadableRecord { name, message, at } in self.unreadable {
            let origin = at.origin(subject, &file);
            needs.unreadable.push(UnreadableRequirement {
                name,
                message,
                origin,
            });
        }
        Ok(needs)
    }
}

/// A dependency as one would write it: a text where versions are all of it, else a table.
pub(crate) fn requirement(dependency: &Dependency) -> Value {
    let mut table = Map::new();
    match &dependency.constraint {
        Constraint::Versions { text, .. } => drop(table.insert("version".to_owned(), json!(text))),
        Constraint::Source(source) => write_source(source, &mut table),
    }
    if !dependency.extras.is_empty() {
        let extras = dependency
            .extras
            .iter()
            .map(|extra| extra.as_str().to_owned())
            .collect::<Vec<_>>();
        table.insert("extras".to_owned(), json!(extras));
    }
    if let Some(marker) = dependency
        .marker
        .as_ref()
        .filter(|marker| !marker.is_true())
    {
        table.insert("markers".to_owned(), json!(marker.to_string()));
    }
    if dependency.optional {
        table.insert("optional".to_owned(), json!(true));
    }
    if let Some(allow) = dependency.allow_prereleases {
        table.insert("allow-prereleases".to_owned(), json!(allow));
    }
    if let Some(index) = &dependency.index {
        table.insert("source".to_owned(), json!(index));
    }
    match table.remove("version") {
        Some(version) if table.is_empty() => version,
        Some(version) => {
            table.insert("version".to_owned(), version);
            Value::Object(table)
        }
        None => Value::Object(table),
    }
}

fn write_source(source: &Source, table: &mut Map<String, Value>) {
    let mut put = |key: &str, text: &str| drop(table.insert(key.to_owned(), json!(text)));
    let subdirectory = match source {
        Source::Git {
            url,
            reference,
            subdirectory,
        } => {
            put("git", url);
            match reference {
                Reference::Default => {}
                Reference::Branch(name) => put("branch", name),
                Reference::Tag(name) => put("tag", name),
                Reference::Revision(name) => put("rev", name),
            }
            subdirectory
        }
        Source::Url { url, subdirectory } => {
            put("url", url);
            subdirectory
        }
        Source::Path { path, subdirectory } => {
            put("path", path);
            subdirectory
        }
    };
    if let Some(folder) = subdirectory {
        put("subdirectory", folder);
    }
}
