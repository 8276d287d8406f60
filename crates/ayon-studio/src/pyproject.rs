//! What an addon asks of Python: the tables of its client's `pyproject.toml`, from the file or from a server's JSON.
//!
//! `[tool.poetry.dependencies]` and `[ayon.runtimeDependencies]` are read in Poetry's grammar; the latter may have a
//! table per platform. What cannot be read is kept as unreadable, with its place, so that a check of a bundle says it:
//! nothing ever becomes "any version". Source: reference `ayon.md` §10.

use ayon_model::{
    Half, InterpreterRequirement, Origin, Place, Problem, PythonNeeds, PythonRequirement, Subject,
    System, UnreadableRequirement,
};
use pypi::poetry::{self, parse_constraint, parse_dependency};
use serde::{Deserialize, Deserializer};
use toml::de::{DeTable, DeValue};

use crate::tree::{Entry, Lines, Node, Value};

/// Reads a `pyproject.toml`. A file that is no TOML is a problem, and an unreadable requirement: what it asks for is not
/// nothing.
pub(crate) fn read(
    bytes: &[u8],
    subject: &Subject,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> PythonNeeds {
    let tree = std::str::from_utf8(bytes)
        .map_err(|error| {
            (
                None,
                format!(
                    "the file is not UTF-8: byte {} is wrong; save it as UTF-8",
                    error.valid_up_to()
                ),
            )
        })
        .and_then(|text| parse(text.strip_prefix('\u{feff}').unwrap_or(text)));
    match tree {
        Ok(tree) => needs(&tree, subject, place, problems),
        Err((line, message)) => {
            let place = place.at("", line);
            problems.push(Problem::new(place.clone(), message.clone()));
            let origin = Origin::new(subject.clone(), place);
            let unreadable = UnreadableRequirement {
                name: "pyproject.toml".to_owned(),
                message,
                origin,
            };
            PythonNeeds {
                unreadable: vec![unreadable],
                ..PythonNeeds::default()
            }
        }
    }
}

/// Reads a client's `pyproject.toml` from any data format, as a server's JSON has it under `clientPyproject` (reference
/// `ayon.md` §1.5): what `subject` needs of Python, and what is wrong with the document besides.
///
/// # Errors
/// Where the document is none.
pub fn read_client_pyproject<'de, D: Deserializer<'de>>(
    document: D,
    subject: &Subject,
    place: &Place,
) -> Result<(PythonNeeds, Vec<Problem>), D::Error> {
    let tree = Node::deserialize(document)?;
    let mut problems = Vec::new();
    let needs = needs(&tree, subject, place, &mut problems);
    Ok((needs, problems))
}

/// Reads the tables of a `pyproject.toml`, however they came here.
pub(crate) fn needs(
    tree: &Node,
    subject: &Subject,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> PythonNeeds {
    let mut reading = Reading {
        subject,
        place,
        problems,
        needs: PythonNeeds::default(),
    };
    reading.table(
        tree,
        &["tool", "poetry", "dependencies"],
        Half::Dependencies,
    );
    reading.table(tree, &["ayon", "runtimeDependencies"], Half::Runtime);
    reading.ignored(tree);
    reading.needs
}

struct Reading<'a> {
    subject: &'a Subject,
    place: &'a Place,
    problems: &'a mut Vec<Problem>,
    needs: PythonNeeds,
}

impl Reading<'_> {
    fn origin(&self, key: &str, line: Option<u32>) -> Origin {
        Origin::new(self.subject.clone(), self.place.at(key, line))
    }

    fn table(&mut self, tree: &Node, path: &[&str], half: Half) {
        let Some(entry) = tree.at(path) else { return };
        let key = path.join(".");
        let Some(table) = entry.node.table() else {
            return self.unreadable(
                &key,
                entry,
                &key,
                format!("expected a table, found {}", entry.node.kind()),
            );
        };
        for entry in table {
            let key = format!("{key}.{}", entry.key);
            let platform = (half == Half::Runtime)
                .then(|| entry.key.parse::<System>().ok())
                .flatten();
            match (platform, entry.node.table()) {
                (Some(system), Some(table)) => {
                    for entry in table {
                        self.requirement(
                            entry,
                            &format!("{key}.{}", entry.key),
                            half,
                            Some(system),
                        );
                    }
                }
                _ if entry.key == "python" => self.interpreter(entry, &key, half),
                _ => self.requirement(entry, &key, half, None),
            }
        }
    }

    fn unreadable(&mut self, name: &str, entry: &Entry, key: &str, message: String) {
        let origin = self.origin(key, entry.line);
        self.needs.unreadable.push(UnreadableRequirement {
            name: name.to_owned(),
            message,
            origin,
        });
    }

    /// The key `python`, which is about the interpreter.
    fn interpreter(&mut self, entry: &Entry, key: &str, half: Half) {
        let text = entry
            .node
            .text()
            .or_else(|| entry.node.entry("version")?.node.text());
        let Some(text) = text else {
            let message = format!(
                "expected the versions of Python as a text, found {}",
                entry.node.kind()
            );
            return self.unreadable("python", entry, key, message);
        };
        if half == Half::Runtime {
            let message =
                "the interpreter is asked for in `[tool.poetry.dependencies]` only".to_owned();
            return self.unreadable("python", entry, key, message);
        }
        match parse_constraint(text) {
            Ok(set) => {
                let origin = self.origin(key, entry.line);
                self.needs.interpreter = Some(InterpreterRequirement {
                    set,
                    text: text.to_owned(),
                    origin,
                });
            }
            Err(error) => self.unreadable("python", entry, key, error.to_string()),
        }
    }

    fn requirement(&mut self, entry: &Entry, key: &str, half: Half, system: Option<System>) {
        match parse_dependency(&entry.key, &value(&entry.node)) {
            Ok(dependencies) => {
                let origin = self.origin(key, entry.line);
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
            Err(error) => self.unreadable(&entry.key, entry, key, error.to_string()),
        }
    }

    /// Requirements where AYON does not look for them are a mistake that nobody would notice.
    fn ignored(&mut self, tree: &Node) {
        let Some(entry) = tree.at(&["project", "dependencies"]) else {
            return;
        };
        if matches!(&entry.node.value, Value::List(list) if !list.is_empty()) {
            let message = "AYON does not read `[project] dependencies`; move them to `[tool.poetry.dependencies]`";
            self.problems.push(Problem::new(
                self.place.at("project.dependencies", entry.line),
                message,
            ));
        }
    }
}

/// A value in the words of the dependency grammar.
pub(crate) fn value(node: &Node) -> poetry::Value {
    match &node.value {
        Value::Text(text) => poetry::Value::String(text.clone()),
        Value::Bool(flag) => poetry::Value::Boolean(*flag),
        Value::List(list) => poetry::Value::List(list.iter().map(value).collect()),
        Value::Table(entries) => poetry::Value::Table(
            entries
                .iter()
                .map(|entry| (entry.key.clone(), value(&entry.node)))
                .collect(),
        ),
        Value::Number(number) => poetry::Value::Other(format!("the number {number}")),
        Value::Null | Value::Other(_) => poetry::Value::Other(node.kind().to_owned()),
    }
}

/// A TOML document as a tree with lines, in the order of the file.
fn parse(text: &str) -> Result<Node, (Option<u32>, String)> {
    let lines = Lines::of(text);
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map(|span| lines.line(span.start));
        (
            line,
            format!(
                "this is not TOML: {}",
                crate::error::quotable(error.message())
            ),
        )
    })?;
    Ok(Node {
        value: table(document.get_ref(), &lines),
        line: Some(1),
    })
}

/// The parser bounds the depth.
fn table(table: &DeTable<'_>, lines: &Lines) -> Value {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (
        &toml::Spanned<toml::de::DeString<'_>>,
        &toml::Spanned<DeValue<'_>>,
    )| Entry {
        key: key.get_ref().to_string(),
        line: Some(lines.line(key.span().start)),
        node: node(value, lines),
    };
    Value::Table(entries.into_iter().map(entry).collect())
}

fn node(spanned: &toml::Spanned<DeValue<'_>>, lines: &Lines) -> Node {
    let value = match spanned.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(list) => Value::List(list.iter().map(|item| node(item, lines)).collect()),
        DeValue::Table(inner) => table(inner, lines),
    };
    Node {
        value,
        line: Some(lines.line(spanned.span().start)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject() -> Subject {
        Subject::Addon {
            name: "core".into(),
            version: ayon_model::Version::new(1, 9, 7),
        }
    }

    fn read_toml(text: &str) -> (PythonNeeds, Vec<Problem>) {
        let mut problems = Vec::new();
        let needs = read(
            text.as_bytes(),
            &subject(),
            &Place::file("private/pyproject.toml"),
            &mut problems,
        );
        (needs, problems)
    }

    const REAL: &str = "[tool.poetry.dependencies]\npython = \">=3.9.1,<3.10\"\nclique = \"1.6.*\"\n\n\
        [ayon.runtimeDependencies]\nClick = \"^8\"\nopencolorio = \"^2.5.1,<2.6.0\"\n\n\
        [ayon.runtimeDependencies.darwin]\npyobjc-core = \"^11.1\"\n";

    #[test]
    fn a_real_file_is_read_with_lines_and_keys() {
        let (needs, problems) = read_toml(REAL);
        assert_eq!((problems, needs.unreadable.len()), (vec![], 0));
        let lines: Vec<String> = needs
            .distributions
            .iter()
            .map(|need| {
                format!(
                    "{} {:?} {:?} <- {}",
                    need.dependency, need.half, need.system, need.origin
                )
            })
            .chain([format!(
                "{} <- {}",
                needs.interpreter.as_ref().unwrap().text,
                needs.interpreter.as_ref().unwrap().origin
            )])
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        clique==1.6.* Dependencies None <- addon core 1.9.7 (private/pyproject.toml:3, tool.poetry.dependencies.clique)
        click>=8,<9 Runtime None <- addon core 1.9.7 (private/pyproject.toml:6, ayon.runtimeDependencies.Click)
        opencolorio>=2.5.1,<2.6.0 Runtime None <- addon core 1.9.7 (private/pyproject.toml:7, ayon.runtimeDependencies.opencolorio)
        pyobjc-core>=11.1,<12 Runtime Some(Darwin) <- addon core 1.9.7 (private/pyproject.toml:10, ayon.runtimeDependencies.darwin.pyobjc-core)
        >=3.9.1,<3.10 <- addon core 1.9.7 (private/pyproject.toml:2, tool.poetry.dependencies.python)
        ");
    }

    #[test]
    fn json_says_the_same_without_lines() {
        let json: Node = serde_json::from_str(
            r#"{"tool": {"poetry": {"dependencies": {"python": ">=3.9.1,<3.10", "clique": "1.6.*"}}},
                "ayon": {"runtimeDependencies": {"Click": "^8", "opencolorio": "^2.5.1,<2.6.0",
                                                 "darwin": {"pyobjc-core": "^11.1"}}}}"#,
        )
        .unwrap();
        let mut problems = Vec::new();
        let from_json = needs(
            &json,
            &subject(),
            &Place::file("private/pyproject.toml"),
            &mut problems,
        );
        let (mut from_toml, _) = read_toml(REAL);
        for need in &mut from_toml.distributions {
            need.origin.place.as_mut().unwrap().line = None;
        }
        from_toml
            .interpreter
            .as_mut()
            .unwrap()
            .origin
            .place
            .as_mut()
            .unwrap()
            .line = None;
        assert_eq!(from_json, from_toml);
    }

    #[test]
    fn nothing_unreadable_is_lost() {
        let (needs, problems) = read_toml(
            "[tool.poetry.dependencies]\npython = 3.9\nclique = \"^1.x.y\"\n\"not a name!\" = \"*\"\nsix = 1.15\n\
             [ayon]\nruntimeDependencies = [\"click\"]\n[project]\ndependencies = [\"six\"]\n",
        );
        assert_eq!(needs.distributions, []);
        let said = needs
            .unreadable
            .iter()
            .map(|one| format!("{}: {} <- {}", one.name, one.message, one.origin));
        let said = said.chain(
            problems
                .iter()
                .map(|one| format!("{}: {}", one.place, one.message)),
        );
        insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"), @r"
        python: expected the versions of Python as a text, found a number <- addon core 1.9.7 (private/pyproject.toml:2, tool.poetry.dependencies.python)
        clique: dependency `clique`: `^1.x.y` is not a version constraint: a version such as `1.2` is expected at character 2, not `1.x.y`: after parsing `1`, found `.x.y`, which is not part of a valid version <- addon core 1.9.7 (private/pyproject.toml:3, tool.poetry.dependencies.clique)
        not a name!: dependency `not a name!`: `not a name!` is not the name of a distribution: only ASCII letters, digits, `-`, `_` and `.` may stand in it, a letter or a digit first and last <- addon core 1.9.7 (private/pyproject.toml:4, tool.poetry.dependencies.not a name!)
        six: dependency `six`: a version constraint in quotation marks, or a table is expected, not the number 1.15 <- addon core 1.9.7 (private/pyproject.toml:5, tool.poetry.dependencies.six)
        ayon.runtimeDependencies: expected a table, found a list <- addon core 1.9.7 (private/pyproject.toml:7, ayon.runtimeDependencies)
        private/pyproject.toml:9, project.dependencies: AYON does not read `[project] dependencies`; move them to `[tool.poetry.dependencies]`
        ");
    }

    #[test]
    fn a_file_that_is_no_toml_is_a_problem_and_still_asks_for_something() {
        for (bytes, line) in [
            (&b"[tool\n"[..], Some(1)),
            (b"a = 1\na = 2\n", Some(2)),
            (b"a = \"\xff\"\n", None),
        ] {
            let mut problems = Vec::new();
            let needs = read(bytes, &subject(), &Place::file("p"), &mut problems);
            assert_eq!(
                (
                    needs.unreadable.len(),
                    problems.len(),
                    problems[0].place.line
                ),
                (1, 1, line),
                "{problems:?}"
            );
        }
        let (_, problems) = read_toml(&format!("a = {}", "[".repeat(100_000)));
        assert_eq!(problems.len(), 1);
    }
}
