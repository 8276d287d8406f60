//! `conda-version`: what conda makes of 28,530 versions (`data/conda/versions`), in three forms.
//!
//! * In conda's order, equal ones in one line with tabs between (`versions-ascending.txt.gz`). The file as a whole is a case,
//!   sorted by us from its reverse; and so is each pair of neighbouring lines.
//! * Each with the parts that conda sees in it, below a comment (`parsed_versions.txt.gz`). A case is a pair of neighbouring
//!   lines: conda's rule, written down again here, says from the parts which comes first.
//! * Just listed (`versions.txt.gz`). Each is read, and written as it was.

use std::cmp::Ordering;

use conda::Version;
use serde::de::Error as _;

use super::{Input, Judge, Kind, Verdict};

pub(super) const KIND: Kind = Kind {
    name: "conda-version",
    about: "conda's order of versions: lines that ascend, parts that conda sees, or versions to read",
    open: |_| Ok(Box::new(Versions::default())),
};

#[derive(Default)]
struct Versions {
    form: Form,
}

/// What a line of a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    /// Equal versions, after those of the line before.
    #[default]
    Ascending,
    /// A version and its parts.
    Parsed,
    /// A version.
    Listed,
}

impl Judge for Versions {
    fn begin(&mut self, file: &Input) -> Result<(), serde_json::Error> {
        let name = file.file.file_name().unwrap_or_default();
        self.form = if file.text.starts_with('#') {
            Form::Parsed
        } else if name == "versions.txt" || name == "versions.txt.gz" {
            Form::Listed
        } else {
            Form::Ascending
        };
        Ok(())
    }

    fn cases<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, serde_json::Error> {
        let is_said = |line: &str| self.form != Form::Parsed || !line.starts_with('#');
        let from = text.lines().find(|line| is_said(line) && !line.is_empty());
        let from = from.map_or(0, |line| line.as_ptr() as usize - text.as_ptr() as usize);
        let text = &text[from..];
        let mut starts: Vec<usize> = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        starts.push(text.len());
        let lines = if self.form == Form::Listed { 2 } else { 3 };
        let mut cases = Vec::new();
        if self.form == Form::Ascending {
            cases.push(text);
        }
        cases.extend(
            starts
                .windows(lines)
                .map(|lines| &text[lines[0]..lines[lines.len() - 1]]),
        );
        cases.retain(|case| !case.trim().is_empty());
        Ok(cases)
    }

    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let differences = match self.form {
            Form::Ascending => ascending(case)?,
            Form::Parsed => parsed(case)?,
            Form::Listed => listed(case)?,
        };
        Ok(Verdict {
            differences,
            ..Verdict::default()
        })
    }
}

fn ascending(case: &str) -> Result<Vec<String>, serde_json::Error> {
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
    Ok(differences)
}

fn parsed(case: &str) -> Result<Vec<String>, serde_json::Error> {
    let lines: Vec<Parsed> = case.lines().map(Parsed::read).collect::<Result<_, _>>()?;
    let mut differences = Vec::new();
    for pair in lines.windows(2) {
        let [a, b] = pair else { continue };
        let (ours, theirs) = (a.version.cmp(&b.version), a.compare(b));
        // What is local is not among the parts.
        let is_local = theirs == Ordering::Equal && (a.text.contains('+') || b.text.contains('+'));
        if ours != theirs && !is_local {
            let (a, b) = (a.text, b.text);
            differences.push(format!("{a} to {b} is {theirs:?} by conda, {ours:?} by us"));
        }
    }
    Ok(differences)
}

fn listed(case: &str) -> Result<Vec<String>, serde_json::Error> {
    let text = case.trim_end();
    let version: Version = text.parse().map_err(serde_json::Error::custom)?;
    let again = version.to_string();
    Ok((again != text)
        .then(|| format!("{text} is written {again} by us"))
        .into_iter()
        .collect())
}

/// A version and what conda sees in it.
struct Parsed<'a> {
    text: &'a str,
    version: Version,
    parts: Vec<Vec<Part>>,
}

/// Words come before numbers, and in the order of their letters.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Part {
    Word(String),
    Number(f64),
}

impl<'a> Parsed<'a> {
    fn read(line: &'a str) -> Result<Self, serde_json::Error> {
        let wrong = || serde_json::Error::custom(format!("`{line}` is no version with its parts"));
        let (text, parts) = line.split_once('=').ok_or_else(wrong)?;
        let parts = parts
            .strip_prefix("[[")
            .and_then(|parts| parts.strip_suffix("]]"));
        let part = |part: &str| {
            let word = part
                .strip_prefix('\'')
                .and_then(|part| part.strip_suffix('\''));
            // `inf` is a number too.
            match word {
                Some(word) => Some(Part::Word(word.to_owned())),
                None => part.parse().ok().map(Part::Number),
            }
        };
        let group = |group: &str| group.split(", ").map(part).collect::<Option<Vec<Part>>>();
        let parts = parts.ok_or_else(wrong)?.split("], [").map(group);
        Ok(Self {
            text,
            version: text.parse().map_err(serde_json::Error::custom)?,
            parts: parts.collect::<Option<_>>().ok_or_else(wrong)?,
        })
    }

    /// By conda's rule: part by part, where what is absent is zero.
    fn compare(&self, other: &Self) -> Ordering {
        let zero = Part::Number(0.0);
        for place in 0..self.parts.len().max(other.parts.len()) {
            let group = |parsed: &'_ Self| parsed.parts.get(place).cloned().unwrap_or_default();
            let (a, b) = (group(self), group(other));
            for place in 0..a.len().max(b.len()) {
                let (a, b) = (a.get(place).unwrap_or(&zero), b.get(place).unwrap_or(&zero));
                match a.partial_cmp(b) {
                    Some(Ordering::Equal) | None => {}
                    Some(order) => return order,
                }
            }
        }
        Ordering::Equal
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

    fn differences(file: &str, text: &str) -> Vec<String> {
        let input = Input {
            file: file.into(),
            text: text.to_owned(),
        };
        let mut versions = Versions::default();
        versions.begin(&input).unwrap();
        let cases = versions.cases(text).unwrap();
        let verdicts = cases.into_iter().map(|case| versions.judge(case).unwrap());
        verdicts.flat_map(|verdict| verdict.differences).collect()
    }

    #[test]
    fn lines_ascend_and_hold_equals() {
        let versions = Versions::default();
        assert_eq!(
            versions.cases("1\n2\n3\n").unwrap(),
            ["1\n2\n3\n", "1\n2\n", "2\n3\n", "3\n"]
        );
        let differences = |text| differences("ascending.txt", text);
        assert!(differences("1.0a1\n1\t1.0\n1.1\n").is_empty());
        assert!(!differences("1.1\n1.0\n").is_empty());
        assert!(!differences("1.0\n1\n").is_empty());
        assert!(!differences("1.0\t1.1\n").is_empty());
        assert!(versions.judge("1..2").is_err());
    }

    #[test]
    fn parts_say_which_comes_first() {
        let differences = |text| differences("parsed.txt", text);
        let right = "# About.\n\n1.0=[[0], [1], [0]]\n1.0a1=[[0], [1], [0, 'a', 1]]\n\
                     1.0dev=[[0], [1], [0, 'DEV']]\n1.0.post1=[[0], [1], [0], [0, inf, 1]]\n\
                     1=[[0], [1]]\n1.0=[[0], [1], [0]]\n";
        assert_eq!(differences(right), Vec::<String>::new());
        let wrong = "#\n1.0=[[0], [2], [0]]\n1.1=[[0], [1], [1]]\n";
        assert_eq!(
            differences(wrong),
            ["1.0 to 1.1 is Greater by conda, Less by us"]
        );
    }

    #[test]
    fn what_is_listed_is_written_as_it_was() {
        assert!(differences("versions.txt", "2\n1.0\n").is_empty());
    }
}
