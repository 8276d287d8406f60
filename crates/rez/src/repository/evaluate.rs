//! Package files that compute what a solve needs, told by a real Python.
//!
//! Nothing runs unless the user named a Python for it. Then one process runs all such files of all repositories, one after
//! the other, in the scope that rez gives them (`src/rez/serialise.py: _load_py`; late-bound functions as in
//! `src/rez/packages.py: _eval_late_binding`), and tells attributes in JSON. Each file has a time limit. A file that ends
//! the process, or outlives its time, is a defect with what the process said last; the others get a new process.
//!
//! What is literal never comes here, and what comes out of here is never kept: it may depend on anything.

mod session;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::definition::value::{Node, Value};
use super::definition::{Attribute, Attributes};
use crate::package::{Defect, DefectKind};
use crate::requirement::Requirement;
use crate::system::System;
use crate::version::{Version, VersionRange};
use session::Session;

/// A Python that may run package files.
#[derive(Debug)]
pub struct Python {
    program: PathBuf,
    limit: Duration,
    modules: Vec<String>,
    state: Mutex<State>,
}

/// What late-bound functions may ask about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What the user requests (`request`).
    pub requests: Vec<Requirement>,
    /// What is requested of everybody (`implicits`).
    pub implicit: Vec<Requirement>,
    /// Whether the solve is for a build (`building`); without, `build_requires` is never asked for.
    pub building: bool,
    /// Whether the solve is for a test (`testing`).
    pub testing: bool,
    /// The machine's names (`system`).
    pub system: Option<System>,
}

#[derive(Debug, Default)]
struct State {
    facts: Facts,
    /// How often the facts were other ones.
    question: u64,
    session: Option<Session>,
    /// Set when Python could not even be started: then nothing more is tried.
    hopeless: Option<String>,
}

/// One file to run.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) file: PathBuf,
    pub(super) family: String,
    /// None for a combined file as a whole.
    pub(super) version: Option<Version>,
    /// The package's folder; none for one in a combined file.
    pub(super) base: Option<PathBuf>,
}

impl Python {
    /// A Python by its path, or by its name on the search path. It is started when it is first needed.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Python {
            program: program.into(),
            limit: Duration::from_secs(10),
            modules: Vec::new(),
            state: Mutex::default(),
        }
    }

    /// How long one package file may run: ten seconds unless said otherwise.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Folders in which package files find modules (rez: `package_definition_build_python_paths`).
    #[must_use]
    pub fn with_modules(mut self, folders: Vec<String>) -> Self {
        self.modules = folders;
        self
    }

    /// What late-bound functions may ask about.
    #[must_use]
    pub fn with_facts(self, facts: Facts) -> Self {
        self.set_facts(facts);
        self
    }

    /// Says what late-bound functions may ask about from now on. Repositories that have asked already ask again.
    pub fn set_facts(&self, facts: Facts) {
        let mut state = self.state();
        if state.facts != facts {
            state.facts = facts;
            state.question += 1;
            state.session = None;
        }
    }

    /// A number that is another one once the facts are.
    pub(super) fn question(&self) -> u64 {
        self.state().question
    }

    /// Runs files: the attributes of each, or what went wrong.
    pub(super) fn evaluate(&self, tasks: &[Task]) -> Vec<Result<Attributes, Defect>> {
        let mut state = self.state();
        tasks
            .iter()
            .map(|task| self.run(&mut state, task))
            .collect()
    }

    fn run(&self, state: &mut State, task: &Task) -> Result<Attributes, Defect> {
        let needs_python = |message: String| Defect {
            kind: DefectKind::NeedsPython,
            file: task.file.clone(),
            line: None,
            message,
        };
        if let Some(reason) = &state.hopeless {
            return Err(needs_python(reason.clone()));
        }
        let mut session = match state.session.take() {
            Some(session) => session,
            None => match Session::start(&self.program, &self.facts(&state.facts), self.limit) {
                Ok(session) => session,
                Err(failure) => {
                    let program = self.program.display();
                    let reason =
                        format!("it takes Python, and `{program}` cannot be used: {failure}");
                    return Err(needs_python(state.hopeless.insert(reason).clone()));
                }
            },
        };
        match session.run(&task.to_json(), self.limit, answer) {
            Ok(reply) => {
                state.session = Some(session);
                task.attributes(&reply)
            }
            // The process is gone, or is to go.
            Err(failure) => Err(Defect {
                kind: DefectKind::Invalid,
                file: task.file.clone(),
                line: None,
                message: format!("running it with Python failed: {failure}"),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves at worst a process that is ended.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn facts(&self, facts: &Facts) -> Json {
        let requests = |requests: &[Requirement]| -> Vec<Json> {
            let told = requests.iter().map(|request| {
                let range = request.range().map(ToString::to_string);
                json!([request.name(), request.to_string(), range])
            });
            told.collect()
        };
        let system = facts.system.as_ref().map_or_else(
            || json!({}),
            |system| json!({"platform": system.platform, "arch": system.arch, "os": system.os}),
        );
        json!({
            "paths": self.modules,
            "requests": requests(&facts.requests),
            "implicit": requests(&facts.implicit),
            "building": facts.building,
            "testing": facts.testing,
            "system": system,
        })
    }
}

impl Task {
    fn to_json(&self) -> Json {
        json!({
            "file": self.file.to_string_lossy(),
            "family": self.family,
            "version": self.version.as_ref().map(Version::as_str),
            "base": self.base.as_deref().map(Path::to_string_lossy),
            // A combined file as a whole is asked for its versions only.
            "late": self.version.is_some(),
        })
    }

    fn attributes(&self, reply: &Json) -> Result<Attributes, Defect> {
        if let Some(error) = reply.get("error").and_then(Json::as_str) {
            let line = reply.get("line").and_then(Json::as_u64);
            return Err(Defect {
                kind: DefectKind::Invalid,
                file: self.file.clone(),
                line: line.and_then(|line| u32::try_from(line).ok()),
                message: format!("running it with Python failed: {error}"),
            });
        }
        let told = reply.get("attributes");
        let mut attributes = Attributes::collect(|key| Some(attribute(told?.get(key)?)));
        attributes.evaluated = true;
        Ok(attributes)
    }
}

fn attribute(told: &Json) -> Attribute {
    match told.get("late").and_then(Json::as_u64) {
        Some(line) => Attribute::Computed {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            reason: "it is late-bound, a function to call in each resolve".to_owned(),
        },
        None => Attribute::Written(node(told)),
    }
}

/// A value as the script tells it. Its depth is bounded by the JSON reader.
fn node(told: &Json) -> Node {
    let value = match told {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => number
            .as_i64()
            .map_or(Value::Other("a huge integer".into()), Value::Integer),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(node).collect()),
        Json::Object(object) => {
            if let Some(entries) = object.get("table").and_then(Json::as_array) {
                let entry = |entry: &Json| Some((node(entry.get(0)?), node(entry.get(1)?)));
                Value::Table(entries.iter().filter_map(entry).collect())
            } else {
                let kind = object.get("kind").and_then(Json::as_str);
                Value::Other(kind.unwrap_or("something else").to_owned().into())
            }
        }
    };
    Node { value, line: None }
}

/// Answers what a package file wants to know of versions.
fn answer(question: &Json) -> Result<Json, String> {
    let pair = |key: &str| {
        let pair = question.get(key)?;
        Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str()?))
    };
    let version = |text: &str| Version::parse(text).map_err(|error| error.to_string());
    let range = |text: &str| VersionRange::parse(text).map_err(|error| error.to_string());
    if let Some(text) = question.get("tokens").and_then(Json::as_str) {
        return Ok(version(text)?.tokens().collect());
    }
    if let Some((one, other)) = pair("compare") {
        return Ok(json!(version(one)?.cmp(&version(other)?) as i8));
    }
    if let Some((one, other)) = pair("intersects_range") {
        return Ok(json!(range(one)?.intersects(&range(other)?)));
    }
    let (request, wanted) = pair("intersects").ok_or("this is no question")?;
    let request = Requirement::parse(request).map_err(|error| error.to_string())?;
    let wanted = range(wanted)?;
    let intersects = !request.is_conflict()
        && request
            .range()
            .is_some_and(|range| range.intersects(&wanted));
    Ok(json!(intersects))
}
