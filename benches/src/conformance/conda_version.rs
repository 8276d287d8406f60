//! `conda-version`: versions in conda's order (`data/conda/versions/versions-ascending.txt.gz`), equal ones in one line with
//! tabs between.
//!
//! The file as a whole is a case, sorted by us from its reverse; and so is each pair of neighbouring lines.

use std::cmp::Ordering;

use conda::Version;
use serde::de::Error as _;

use super::{Judge, Kind, Verdict};

pub(super) const KIND: Kind = Kind {
    name: "conda-version",
    about: "conda's order of versions: lines that ascend, equal ones in one line",
    open: |_| Ok(Box::new(Versions)),
};

struct Versions;

impl Judge for Versions {
    fn cases<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, serde_json::Error> {
        let mut starts: Vec<usize> = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        starts.push(text.len());
        let mut cases = vec![text];
        cases.extend(starts.windows(3).map(|lines| &text[lines[0]..lines[2]]));
        cases.retain(|case| !case.trim().is_empty());
        Ok(cases)
    }

    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let lines: Vec<Line> = case.lines().map(Line::read).collect::<Result<_, _>>()?;
        let mut differences = Vec::new();
        for line in &lines {
            for (text, version) in &line.versions {
                let (first_text, first) = &line.versions[0];
                if version.cmp(first) != Ordering::Equal || version != first {
                    differences.push(format!("{first_text} = {text} by conda, not by us"));
                }
            }
        }
        let mut sorted: Vec<usize> = (0..lines.len()).rev().collect();
        sorted.sort_by(|a, b| lines[*a].first().cmp(lines[*b].first()));
        for (place, pair) in sorted.windows(2).enumerate() {
            let (a, b) = (&lines[pair[0]], &lines[pair[1]]);
            if pair != [place, place + 1] || a.first() >= b.first() {
                let (a, b) = (&a.versions[0].0, &b.versions[0].0);
                differences.push(format!("{b} is not after {a} by us"));
            }
        }
        Ok(Verdict {
            differences,
            ..Verdict::default()
        })
    }
}

/// Versions that are equal.
struct Line<'a> {
    /// At least one.
    versions: Vec<(&'a str, Version)>,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Result<Self, serde_json::Error> {
        let read = |text: &'a str| {
            let version = text.parse().map_err(serde_json::Error::custom)?;
            Ok((text, version))
        };
        let versions = line
            .split('\t')
            .map(read)
            .collect::<Result<_, serde_json::Error>>()?;
        Ok(Self { versions })
    }

    fn first(&self) -> &Version {
        &self.versions[0].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(text: &str) -> Vec<String> {
        let cases = Versions.cases(text).unwrap();
        let verdicts = cases.into_iter().map(|case| Versions.judge(case).unwrap());
        verdicts.flat_map(|verdict| verdict.differences).collect()
    }

    #[test]
    fn lines_ascend_and_hold_equals() {
        assert_eq!(
            Versions.cases("1\n2\n3\n").unwrap(),
            ["1\n2\n3\n", "1\n2\n", "2\n3\n", "3\n"]
        );
        assert!(differences("1.0a1\n1\t1.0\n1.1\n").is_empty());
        assert!(!differences("1.1\n1.0\n").is_empty());
        assert!(!differences("1.0\n1\n").is_empty());
        assert!(!differences("1.0\t1.1\n").is_empty());
        assert!(Versions.judge("1..2").is_err());
    }
}
