//! python-semver's `Version.match`, written again from its documentation for the tests alone.
//!
//! Straightforward on purpose: text in, text compared, nothing shared with the project's own ranges.

use std::cmp::Ordering;

/// Python's `ValueError`, which the server turns into HTTP 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Raised;

/// `all(Version.parse(version).match(part.strip()) for part in range.split(","))`
pub(crate) fn satisfied(version: &str, range: &str) -> Result<bool, Raised> {
    for part in range.split(',') {
        if !matches(version, part.trim())? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn matches(version: &str, expression: &str) -> Result<bool, Raised> {
    let version = Parsed::of(version)?;
    let (operator, wanted) = match expression.get(..2) {
        Some(two @ (">=" | "<=" | "==" | "!=")) => (two, &expression[2..]),
        _ => match expression.chars().next() {
            Some('>') => (">", &expression[1..]),
            Some('<') => ("<", &expression[1..]),
            Some('0'..='9') => ("==", expression),
            _ => return Err(Raised),
        },
    };
    let order = version.compare(&Parsed::of(wanted)?);
    Ok(match operator {
        ">=" => order != Ordering::Less,
        "<=" => order != Ordering::Greater,
        "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        ">" => order == Ordering::Greater,
        _ => order == Ordering::Less,
    })
}

/// A semantic version: three numbers and a pre-release; build metadata has no say.
struct Parsed {
    numbers: [u64; 3],
    prerelease: Vec<String>,
}

impl Parsed {
    fn of(text: &str) -> Result<Self, Raised> {
        let (text, build) = text
            .split_once('+')
            .map_or((text, None), |(text, build)| (text, Some(build)));
        let (core, prerelease) = text
            .split_once('-')
            .map_or((text, None), |(core, pre)| (core, Some(pre)));
        let identifiers = |text: Option<&str>| -> Vec<String> {
            text.map(|text| text.split('.').map(str::to_owned).collect())
                .unwrap_or_default()
        };
        let (build, prerelease) = (identifiers(build), identifiers(prerelease));
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let sound = |identifier: &String| !identifier.is_empty() && identifier.chars().all(allowed);
        if !build.iter().all(sound) || !prerelease.iter().all(sound) {
            return Err(Raised);
        }
        // A number has no leading zero; only build metadata may have any.
        if prerelease
            .iter()
            .any(|identifier| is_number(identifier) && number(identifier).is_err())
        {
            return Err(Raised);
        }
        let parts: Vec<&str> = core.split('.').collect();
        let [major, minor, patch] = parts[..] else {
            return Err(Raised);
        };
        Ok(Self {
            numbers: [number(major)?, number(minor)?, number(patch)?],
            prerelease,
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        if self.numbers != other.numbers {
            return self.numbers.cmp(&other.numbers);
        }
        // A release is above all of its pre-releases.
        match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Greater,
            (false, true) => return Ordering::Less,
            (false, false) => {}
        }
        for (ours, theirs) in self.prerelease.iter().zip(&other.prerelease) {
            let order = match (is_number(ours), is_number(theirs)) {
                (true, true) => number(ours).unwrap().cmp(&number(theirs).unwrap()),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => ours.cmp(theirs),
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        self.prerelease.len().cmp(&other.prerelease.len())
    }
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

fn number(text: &str) -> Result<u64, Raised> {
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if text.is_empty() || !is_number(text) || leading_zero {
        Err(Raised)
    } else {
        text.parse().map_err(|_| Raised)
    }
}

/// The table of reference `ayon.md` §6, as observed on a running server.
#[test]
fn the_observed_table_holds() {
    let observed = [
        ("1.9.7+dev", "==1.9.7", true),
        ("1.9.7+dev", ">=1.9.7", true),
        ("1.9.7-dev.1", ">=1.9.7", false),
        ("1.9.7-dev.1", "<1.9.7", true),
        ("1.6.4-dev", ">=1.6.3", true),
        ("2.0.0-rc.1", "<2.0.0", true),
        ("1.9.7", "1.9.7", true),
        ("1.9.7", "!=1.9.6", true),
        ("1.16.0+DEVELOP", ">=1.8.4,<2.0.0", true),
        ("1.0.9", ">1.0.9+dev", false),
    ];
    for (version, range, expected) in observed {
        assert_eq!(satisfied(version, range), Ok(expected), "{version} {range}");
        // The project's own reading of the same table.
        let parsed: ayon_model::Version = version.parse().unwrap();
        assert_eq!(
            ayon_model::VersionRange::read(range).allows(&parsed),
            Ok(expected),
            "{version} {range}"
        );
    }
    let raising = [
        "^1.9.0",
        "~=1.9",
        "=1.9.7",
        "=>1.8.0",
        "*",
        "",
        ">=1.0.0,",
        ">1.9",
        ">= 1.8.0",
        ">=1.0.0 <2.0.0",
    ];
    for range in raising {
        assert_eq!(satisfied("1.9.7", range), Err(Raised), "{range}");
        assert!(
            ayon_model::VersionRange::read(range)
                .allows(&ayon_model::Version::new(1, 9, 7))
                .is_err(),
            "{range}"
        );
    }
}
