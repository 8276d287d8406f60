//! The Python requirements of a release: the two tables of its `pyproject.toml`, as JSON.
//!
//! The tables are walked here and each entry is read by `pypi::poetry`, as `ayon-studio` does it from a server's JSON;
//! a test holds the two walks against each other over the whole corpus.

use ayon_model::{
    Half, InterpreterRequirement, Origin, Place, PythonNeeds, PythonRequirement, Subject, System,
    UnreadableRequirement,
};
use pypi::poetry::{self, parse_constraint, parse_dependency};
use serde_json::{Map, Value};

/// What `[tool.poetry.dependencies]` and `[ayon.runtimeDependencies]` ask for; `file` is the file they stand in.
pub(super) fn needs(
    dependencies: Option<&Map<String, Value>>,
    runtime: Option<&Map<String, Value>>,
    subject: &Subject,
    file: &Place,
) -> PythonNeeds {
    let mut walk = Walk {
        subject,
        file,
        needs: PythonNeeds::default(),
    };
    for (key, value) in dependencies.into_iter().flatten() {
        let at = format!("tool.poetry.dependencies.{key}");
        match (key.as_str(), value) {
            ("python", Value::String(text)) => walk.interpreter(text, &at),
            _ => walk.distribution(key, value, &at, Half::Dependencies, None),
        }
    }
    for (key, value) in runtime.into_iter().flatten() {
        let at = format!("ayon.runtimeDependencies.{key}");
        match (key.parse::<System>(), value) {
            (Ok(system), Value::Object(table)) => {
                for (key, value) in table {
                    walk.distribution(
                        key,
                        value,
                        &format!("{at}.{key}"),
                        Half::Runtime,
                        Some(system),
                    );
                }
            }
            _ => walk.distribution(key, value, &at, Half::Runtime, None),
        }
    }
    walk.needs
}

struct Walk<'a> {
    subject: &'a Subject,
    file: &'a Place,
    needs: PythonNeeds,
}

impl Walk<'_> {
    fn origin(&self, at: &str) -> Origin {
        Origin::new(self.subject.clone(), self.file.at(at, None))
    }

    fn interpreter(&mut self, text: &str, at: &str) {
        let origin = self.origin(at);
        match parse_constraint(text) {
            Ok(set) => {
                self.needs.interpreter = Some(InterpreterRequirement {
                    set,
                    text: text.to_owned(),
                    origin,
                });
            }
            Err(error) => self.unreadable("python", error.to_string(), origin),
        }
    }

    fn distribution(
        &mut self,
        key: &str,
        value: &Value,
        at: &str,
        half: Half,
        system: Option<System>,
    ) {
        let origin = self.origin(at);
        match parse_dependency(key, &words(value)) {
            Ok(dependencies) => {
                let requirement = |dependency| PythonRequirement {
                    dependency,
                    half,
                    system,
                    origin: origin.clone(),
                };
                self.needs
                    .distributions
                    .extend(dependencies.into_iter().map(requirement));
            }
            Err(error) => self.unreadable(key, error.to_string(), origin),
        }
    }

    fn unreadable(&mut self, name: &str, message: String, origin: Origin) {
        self.needs.unreadable.push(UnreadableRequirement {
            name: name.to_owned(),
            message,
            origin,
        });
    }
}

/// A value in the words of the dependency grammar. Recursion is bounded by the JSON parser's own limit.
fn words(value: &Value) -> poetry::Value {
    match value {
        Value::String(text) => poetry::Value::String(text.clone()),
        Value::Bool(flag) => poetry::Value::Boolean(*flag),
        Value::Array(list) => poetry::Value::List(list.iter().map(words).collect()),
        Value::Object(table) => poetry::Value::Table(
            table
                .iter()
                .map(|(key, value)| (key.clone(), words(value)))
                .collect(),
        ),
        Value::Number(number) => poetry::Value::Other(format!("the number {number}")),
        Value::Null => poetry::Value::Other("null".to_owned()),
    }
}
