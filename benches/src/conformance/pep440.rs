//! `pep440`: what `packaging` says of versions (`data/pypi/README.md`): whether a specifier set contains a version,
//! pre-releases being wanted, and how versions are ordered.

use std::cmp::Ordering;

use pypi::{Version, VersionSet};
use serde::Deserialize;
use serde::de::Error as _;

use super::{Judge, Kind, Verdict, lists};

pub(super) const KIND: Kind = Kind {
    name: "pep440",
    about: "verdicts of packaging on specifiers and versions, and its order of versions",
    open: |_| Ok(Box::new(Versions)),
};

struct Versions;

/// A row of the list of verdicts, or the list of versions in order, which is one case.
#[derive(Deserialize)]
#[serde(untagged)]
enum Case {
    Verdict(String, String, bool),
    Ascending(Vec<String>),
}

impl Judge for Versions {
    fn cases<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, serde_json::Error> {
        lists(text, &["contains_prereleases_true"], &["order"])
    }

    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let differences = match serde_json::from_str(case)? {
            Case::Verdict(specifiers, version, expected) => {
                let set = VersionSet::from_specifiers(&specifiers);
                let set = set.map_err(serde_json::Error::custom)?;
                let ours = set.contains(&read(&version)?);
                let difference =
                    format!("{version} in `{specifiers}`: {expected} by packaging, {ours} by us");
                (ours != expected)
                    .then_some(difference)
                    .into_iter()
                    .collect()
            }
            Case::Ascending(texts) => {
                let versions: Result<Vec<Version>, _> =
                    texts.iter().map(|text| read(text)).collect();
                out_of_order(&texts, &versions?)
            }
        };
        Ok(Verdict {
            differences,
            ..Verdict::default()
        })
    }
}

fn read(version: &str) -> Result<Version, serde_json::Error> {
    version.parse().map_err(serde_json::Error::custom)
}

/// Pairs that do not ascend. All of them are compared, not only neighbours, both ways: an order that contradicts itself
/// would show only so.
fn out_of_order(texts: &[String], versions: &[Version]) -> Vec<String> {
    let mut differences = Vec::new();
    for (place, (later_text, later)) in texts.iter().zip(versions).enumerate() {
        for (earlier_text, earlier) in texts.iter().zip(versions).take(place) {
            let orders = (earlier.cmp(later), later.cmp(earlier));
            if orders != (Ordering::Less, Ordering::Greater) || earlier == later {
                differences.push(format!(
                    "{earlier_text} < {later_text} by packaging, not by us"
                ));
            }
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::super::{Input, Report};
    use super::*;

    fn judged(text: &str) -> Report {
        let input = Input {
            file: "matrix.json".into(),
            text: text.to_owned(),
        };
        KIND.run(&[input]).unwrap()
    }

    #[test]
    fn rows_and_the_order_are_cases() {
        let report = judged(
            r#"{"format": 1, "oracle": "packaging", "order": ["1.0.dev0", "1.0a1", "1.0", "1!0"],
                "contains_prereleases_true": [["", "1.0", true], [">1.0", "1.0.post1", false], [">=1.0", "2.0a1", true]]}"#,
        );
        assert_eq!((report.passed, report.failures), (4, vec![]));
        // A file of one part.
        assert_eq!(judged(r#"{"order": ["1", "2"]}"#).passed, 1);
        assert_eq!(
            judged(r#"{"contains_prereleases_true": [["<2", "1", true]]}"#).passed,
            1
        );
    }

    #[test]
    fn a_falsified_verdict_is_shown_with_its_line() {
        let report = judged(
            "{\"order\": [\"1.0\", \"1.0rc1\", \"2\"],\n\"contains_prereleases_true\":\n[[\">1.0\", \"1.0.post1\", true]]}",
        );
        let shown: Vec<_> = report
            .failures
            .iter()
            .map(|failure| (&*failure.place, &failure.differences[..]))
            .collect();
        assert_eq!(
            shown,
            [
                (
                    "matrix.json:3",
                    &["1.0.post1 in `>1.0`: true by packaging, false by us".to_owned()][..]
                ),
                (
                    "matrix.json:1",
                    &["1.0 < 1.0rc1 by packaging, not by us".to_owned()][..]
                ),
            ]
        );
        assert_eq!(judged(r#"{"order": ["1.0", "1.0.0"]}"#).failures.len(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_no_failed_case() {
        for text in [
            r#"{"order": ["latest"]}"#,
            r#"{"contains_prereleases_true": [["~=1", "1", true]]}"#,
            r#"{"rows": []}"#,
            r#"{"order": 1}"#,
        ] {
            let input = Input {
                file: "matrix.json".into(),
                text: text.to_owned(),
            };
            assert!(KIND.run(&[input]).is_err(), "{text}");
        }
    }
}
