//! `rez-version`: rez's answers about versions, ranges and requirements (reference `rez.md` §1, §2).
//!
//! A file is one object of six lists, and what a case asks is known from what it answers. Ours is put into the words of
//! the record, texts and classes of errors included, and compared with it one answer at a time.

use std::cmp::Ordering;

use rez::{Requirement, RequirementList, Version, VersionError, VersionRange};
use serde::de::Error as _;
use serde_json::{Map, Value, json};

use super::{Judge, Kind, Verdict};

pub(super) const KIND: Kind = Kind {
    name: "rez-version",
    about: "answers of rez about versions, ranges and requirements",
    open: |_| Ok(Box::new(Algebra)),
};

/// Our own algebra, in rez's place.
struct Algebra;

type Object = Map<String, Value>;

impl Judge for Algebra {
    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let recorded: Object = serde_json::from_str(case)?;
        let case = Case(&recorded);
        let Some(ours) = case.answer()? else {
            let unknown = "this is no case of any of the six lists";
            return Err(serde_json::Error::custom(unknown));
        };
        let mut differences = Vec::new();
        for (question, answer) in &ours {
            let rez = recorded.get(question).unwrap_or(&Value::Null);
            if rez != answer {
                differences.push(format!("{question}: {rez} by rez, {answer} by us"));
            }
        }
        if !differences.is_empty() {
            differences.insert(0, case.question());
        }
        Ok(Verdict {
            differences,
            ..Verdict::default()
        })
    }
}

/// What is recorded of one case: questions and answers.
struct Case<'a>(&'a Object);

/// What a case asks about; the rest of it are answers.
const QUESTIONS: [&str; 4] = ["a", "b", "s", "in"];

impl Case<'_> {
    /// Our answers, or None where it is not known what is asked.
    fn answer(&self) -> Result<Option<Object>, serde_json::Error> {
        let is_about = |answer: &str| self.0.contains_key(answer);
        let answers = if is_about("cmp") {
            self.versions()?
        } else if is_about("r") {
            self.range()?
        } else if is_about("sub") {
            self.algebra()?
        } else if is_about("requirement") {
            self.requirement()?
        } else if is_about("merged") {
            self.merge()?
        } else if is_about("out") {
            self.list()?
        } else {
            return Ok(None);
        };
        Ok(Some(
            answers
                .into_iter()
                .map(|(key, answer)| (key.to_owned(), answer))
                .collect(),
        ))
    }

    fn versions(&self) -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
        let (a, b) = (self.version("a")?, self.version("b")?);
        let order = match a.cmp(&b) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        };
        let next = a.next().map_or("[INF]".to_owned(), |next| next.to_string());
        Ok(vec![("cmp", json!(order)), ("next_a", json!(next))])
    }

    fn range(&self) -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
        let range = match VersionRange::parse(self.text("s")?) {
            Ok(range) => range,
            Err(error) => return Ok(vec![("r", raised(&error))]),
        };
        let facts = json!({
            "str": range.to_string(),
            "any": range.is_any(),
            "bounds": range.bounds().len(),
        });
        let mut contained = Vec::new();
        for probe in self.list_of("contains")? {
            let version = probe.get(0).and_then(Value::as_str).unwrap_or_default();
            let version = Version::parse(version).map_err(serde_json::Error::custom)?;
            contained.push(json!([version.as_str(), range.contains(&version)]));
        }
        Ok(vec![
            ("r", facts),
            ("inverse", of_range(range.inverse())),
            ("contains", contained.into()),
        ])
    }

    fn algebra(&self) -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
        let read = |key| {
            let range = VersionRange::parse(self.text(key)?);
            range.map_err(serde_json::Error::custom)
        };
        let (a, b) = (read("a")?, read("b")?);
        Ok(vec![
            ("and", of_range(Ok(a.intersection(&b)))),
            ("or", of_range(Ok(Some(a.union(&b))))),
            ("sub", of_range(a.difference(&b))),
            ("intersects", json!(a.intersects(&b))),
            ("superset", json!(a.is_superset(&b))),
            ("lt", json!(a < b)),
            ("eq", json!(a == b)),
        ])
    }

    fn requirement(&self) -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
        let text = self.text("s")?;
        let plain =
            Requirement::parse(text).map_or_else(|error| raised(&error), |read| facts(&read));
        let request = match Requirement::parse_request(text) {
            Ok(request) => facts(&request),
            Err(error) if error.is_about_range() => raised(&error),
            Err(_) => json!({"error": "PackageRequestError"}),
        };
        Ok(vec![("requirement", plain), ("package_request", request)])
    }

    fn merge(&self) -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
        let read = |key| read_requirement(self.text(key)?);
        let (a, b) = (read("a")?, read("b")?);
        let merged = match a.merged(&b) {
            Ok(Some(merged)) => of_requirement(&merged),
            Ok(None) => Value::Null,
            Err(error) => raised(&error),
        };
        let conflicts = json!(a.conflicts_with(&b));
        Ok(vec![("merged", merged), ("conflicts", conflicts)])
    }

    fn list(&self) -> Result<Vec<(&'static str, Value)>, serde_json::Error> {
        let texts = self.list_of("in")?.iter();
        let read = texts.map(|text| read_requirement(text.as_str().unwrap_or_default()));
        let list = RequirementList::new(read.collect::<Result<Vec<_>, _>>()?);
        let told = list.and_then(|list| {
            let texts: Result<Vec<String>, _> = match list.conflict() {
                Some((sofar, new)) => [sofar, new]
                    .map(Requirement::rez_text)
                    .into_iter()
                    .collect(),
                None => list.iter().map(Requirement::rez_text).collect(),
            };
            let key = if list.conflict().is_some() {
                "conflict"
            } else {
                "reqs"
            };
            Ok(json!({key: texts?}))
        });
        Ok(vec![("out", told.unwrap_or_else(|error| raised(&error)))])
    }

    fn version(&self, key: &str) -> Result<Version, serde_json::Error> {
        Version::parse(self.text(key)?).map_err(serde_json::Error::custom)
    }

    fn text(&self, key: &str) -> Result<&str, serde_json::Error> {
        let text = self.0.get(key).and_then(Value::as_str);
        text.ok_or_else(|| serde_json::Error::custom(format!("`{key}` is no text")))
    }

    fn list_of(&self, key: &str) -> Result<&[Value], serde_json::Error> {
        let list = self.0.get(key).and_then(Value::as_array);
        let list = list.ok_or_else(|| serde_json::Error::custom(format!("`{key}` is no list")))?;
        Ok(list)
    }

    /// What is asked, in one line.
    fn question(&self) -> String {
        let asked = self
            .0
            .iter()
            .filter(|(key, _)| QUESTIONS.contains(&key.as_str()));
        let asked: Vec<String> = asked
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        asked.join(", ")
    }
}

fn read_requirement(text: &str) -> Result<Requirement, serde_json::Error> {
    Requirement::parse(text).map_err(serde_json::Error::custom)
}

fn facts(requirement: &Requirement) -> Value {
    match requirement.rez_text() {
        Ok(text) => json!({
            "str": text,
            "name": requirement.name(),
            "range": requirement.range().map(ToString::to_string),
            "conflict": requirement.is_conflict(),
            "weak": requirement.is_weak(),
        }),
        Err(error) => raised(&error),
    }
}

fn of_requirement(requirement: &Requirement) -> Value {
    requirement
        .rez_text()
        .map_or_else(|error| raised(&error), Value::from)
}

fn of_range(range: Result<Option<VersionRange>, VersionError>) -> Value {
    match range {
        Ok(range) => range.map(|range| range.to_string()).into(),
        Err(error) => raised(&error),
    }
}

/// What rez raises where we fail with a [`VersionError`], alone or within another.
fn raised(_: &impl std::error::Error) -> Value {
    json!({"error": "VersionError"})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(case: &str) -> Vec<String> {
        Algebra.judge(case).unwrap().differences
    }

    #[test]
    fn a_case_is_known_by_what_it_answers() {
        for right in [
            r#"{"a": "1", "b": "2", "cmp": -1, "next_a": "1_"}"#,
            r#"{"s": "<", "r": {"error": "VersionError"}}"#,
            r#"{"s": "1", "r": {"str": "1", "any": false, "bounds": 1}, "inverse": "<1|1_+", "contains": [["1.2", true]]}"#,
            r#"{"a": "1", "b": "2", "and": null, "or": "1|2", "sub": "1", "intersects": false, "superset": false, "lt": true, "eq": false}"#,
            r#"{"a": "x-1", "b": "x-2", "merged": null, "conflicts": true}"#,
            r#"{"in": ["x-1", "x", "y"], "out": {"reqs": ["x-1", "y"]}}"#,
            r#"{"in": ["x-1", "x-2"], "out": {"conflict": ["x-1", "x-2"]}}"#,
        ] {
            assert_eq!(differences(right), [""; 0], "{right}");
        }
        assert!(Algebra.judge(r#"{"a": "1", "b": "2"}"#).is_err());
    }

    #[test]
    fn a_falsified_answer_is_shown_with_its_question() {
        let case = r#"{"a": "1", "b": "2", "cmp": 1, "next_a": "1_"}"#;
        assert_eq!(
            differences(case),
            ["a = \"1\", b = \"2\"", "cmp: 1 by rez, -1 by us"]
        );
        let case = r#"{"s": "1+<", "r": {"str": "1+", "any": false, "bounds": 1}}"#;
        assert_eq!(differences(case).len(), 2);
        let case = r#"{"in": ["x-1"], "out": {"reqs": ["x-1", "y"]}}"#;
        assert_eq!(differences(case).len(), 2);
        let case = r#"{"s": "!.x", "requirement": {"str": "!.x", "name": ".x", "range": "", "conflict": true, "weak": false}, "package_request": {"error": "VersionError"}}"#;
        assert_eq!(
            differences(case)[1],
            r#"package_request: {"error":"VersionError"} by rez, {"error":"PackageRequestError"} by us"#
        );
    }
}
