//! Version ranges between addons, exactly as the server judges them.
//!
//! The server splits a range at commas, strips each part, and asks python-semver's `Version.match` for each, from left
//! to right, until one is false. There is no caret, no wildcard, no "or"; a part that `match` cannot read raises, and
//! the whole request ends as HTTP 500. So a range here is *the conditions before the first unreadable part, and then
//! perhaps a fault*: evaluation meets the fault only where the server would.
//!
//! Source: reference `ayon.md` §6, python-semver `Version.match`.

use std::cmp::Ordering;
use std::fmt;

use semver::Version;

/// A comma-separated list of conditions, every one of which must hold, as in `>=1.8.4,<2.0.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    text: String,
    conditions: Vec<Condition>,
    fault: Option<RangeFault>,
}

/// A part of a range that the server cannot evaluate: it answers HTTP 500 when it gets there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{part}` in `{range}` is no version condition: {reason}")]
pub struct RangeFault {
    /// The whole range.
    pub range: String,
    /// The part, stripped.
    pub part: String,
    /// What is wrong with it, and what to write instead.
    pub reason: String,
}

/// One part of a range: `>=1.8.4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub version: Version,
}

/// How a version is compared with that of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `<`
    Below,
    /// `==`, or no operator.
    Equal,
    /// `!=`
    Unequal,
}

impl VersionRange {
    /// Reads a range. What cannot be read becomes its [`fault`](Self::fault).
    pub fn read(text: &str) -> Self {
        let mut conditions = Vec::new();
        let mut fault = None;
        for part in text.split(',').map(str::trim) {
            match Condition::read(part) {
                Ok(condition) => conditions.push(condition),
                Err(reason) => {
                    fault = Some(RangeFault {
                        range: text.to_owned(),
                        part: part.to_owned(),
                        reason,
                    });
                    break;
                }
            }
        }
        Self {
            text: text.to_owned(),
            conditions,
            fault,
        }
    }

    /// The range as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The conditions in front of the first part that cannot be read.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The first part that cannot be read, if there is one.
    pub fn fault(&self) -> Option<&RangeFault> {
        self.fault.as_ref()
    }

    /// Whether `version` is in the range.
    ///
    /// # Errors
    /// The range's fault, when no condition before it is false. The server crashes in just these cases.
    pub fn allows(&self, version: &Version) -> Result<bool, &RangeFault> {
        if !self
            .conditions
            .iter()
            .all(|condition| condition.holds(version))
        {
            return Ok(false);
        }
        self.fault.as_ref().map_or(Ok(true), Err)
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&crate::printable(&self.text))
    }
}

impl Condition {
    fn read(part: &str) -> Result<Self, String> {
        use Comparison::{Above, AtLeast, AtMost, Below, Equal, Unequal};
        const OPERATORS: [(&str, Comparison); 6] = [
            (">=", AtLeast),
            ("<=", AtMost),
            ("==", Equal),
            ("!=", Unequal),
            (">", Above),
            ("<", Below),
        ];

        let (comparison, version) = OPERATORS
            .iter()
            .find_map(|(sign, comparison)| part.strip_prefix(sign).map(|rest| (*comparison, rest)))
            .or_else(|| {
                part.starts_with(|c: char| c.is_ascii_digit())
                    .then_some((Equal, part))
            })
            .ok_or_else(|| Self::advice(part))?;
        match Version::parse(version) {
            Ok(version) => Ok(Self {
                comparison,
                version,
            }),
            Err(error) => Err(Self::version_advice(version, &error)),
        }
    }

    fn advice(part: &str) -> String {
        match part.chars().next() {
            None => "it is empty; remove the comma, or the whole entry".to_owned(),
            Some('^' | '~' | '*' | '=') => {
                "the server knows only >=, <=, >, <, ==, != and a bare x.y.z; write `>=1.9.0,<2.0.0`".to_owned()
            }
            Some(_) => "expected >=, <=, >, <, ==, != or a version x.y.z".to_owned(),
        }
    }

    fn version_advice(version: &str, error: &semver::Error) -> String {
        if version.contains(char::is_whitespace) {
            return "no space is allowed inside a condition; separate conditions with a comma"
                .to_owned();
        }
        let numeric = !version.is_empty() && version.split('.').all(|n| n.parse::<u64>().is_ok());
        if numeric && version.split('.').count() < 3 {
            let padded = format!("{version}{}", ".0".repeat(3 - version.split('.').count()));
            return format!("a version needs all three numbers; write `{padded}`");
        }
        format!(
            "`{}` is no semantic version ({error})",
            crate::printable(version)
        )
    }

    /// SemVer precedence: build metadata is ignored, a pre-release is below its release, with no exception for either.
    fn holds(&self, version: &Version) -> bool {
        let order = version.cmp_precedence(&self.version);
        match self.comparison {
            Comparison::AtLeast => order != Ordering::Less,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::Above => order == Ordering::Greater,
            Comparison::Below => order == Ordering::Less,
            Comparison::Equal => order == Ordering::Equal,
            Comparison::Unequal => order != Ordering::Equal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allows(version: &str, range: &str) -> Option<bool> {
        VersionRange::read(range)
            .allows(&version.parse().unwrap())
            .ok()
    }

    /// Every row of the table in reference `ayon.md` §6.
    #[test]
    fn judges_as_the_server() {
        for (version, range, expected) in [
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
            ("1.9.7", " >=1.9.0 , <2.0.0 ", true),
        ] {
            assert_eq!(
                allows(version, range),
                Some(expected),
                "{version} in {range}"
            );
        }
    }

    #[test]
    fn faults_where_the_server_crashes() {
        for range in [
            "^1.9.0",
            "~=1.9",
            "=1.9.7",
            "=>1.8.0",
            "*",
            "",
            ">=1.8.0,",
            ">1.9",
            ">= 1.8.0",
            ">=1.8.0 <2.0.0",
            "v1.0.0",
        ] {
            assert_eq!(allows("1.9.7", range), None, "{range}");
            assert!(VersionRange::read(range).fault().is_some(), "{range}");
        }
    }

    #[test]
    fn a_false_condition_hides_a_later_fault() {
        assert_eq!(allows("1.9.7", ">=2.0.0,^3"), Some(false));
        assert_eq!(allows("2.9.7", ">=2.0.0,^3"), None);
    }

    #[test]
    fn a_fault_says_the_way_out() {
        let fault = |text| VersionRange::read(text).fault().unwrap().to_string();
        assert!(
            fault(">1.9").ends_with("a version needs all three numbers; write `1.9.0`"),
            "{}",
            fault(">1.9")
        );
        assert!(fault(">=1.8.0,").contains("remove the comma"));
        assert!(fault(">= 1.8.0").contains("no space is allowed"));
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,40}") {
            let range = VersionRange::read(&text);
            prop_assert_eq!(range.text(), text);
            let _ = range.allows(&Version::new(1, 2, 3));
        }

        #[test]
        fn opposite_operators_are_complements(a in 0u64..4, b in 0u64..4, pre in proptest::option::of("[a-z0-9]{1,3}")) {
            let written = match pre {
                Some(pre) if Version::parse(&format!("1.{a}.0-{pre}")).is_ok() => format!("1.{a}.0-{pre}"),
                _ => format!("1.{a}.0"),
            };
            let version = Version::new(1, b, 0);
            for (one, other) in [(">=", "<"), (">", "<="), ("==", "!=")] {
                let holds = |sign: &str| VersionRange::read(&format!("{sign}{written}")).allows(&version).unwrap();
                prop_assert_ne!(holds(one), holds(other));
            }
        }
    }
}
