//! pubgrub's own large case: one synthetic universe, and every candidate in it asked for once.
//!
//! The form is RON as pubgrub's tests write it, `{package: {version: {dependency: [(lower, Some(upper) or None), ...]}}}`
//! with half-open segments. Only what such a file uses of RON is read. Versions become positions: sorted, lowest first,
//! so that the highest is the best.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use universe::{OriginId, PackageId, Positions, Request, Requirement, World, WorldBuilder};

use crate::corpus::CorpusError;
use crate::shared::read;
use crate::{Shared, SharedAbsent};

/// The case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LargeCase {
    /// What each version of each package depends on, all by number; segments are half-open.
    pub packages: BTreeMap<u32, BTreeMap<u32, Dependencies>>,
}

/// What is depended on, and which versions of it will do.
pub type Dependencies = BTreeMap<u32, Vec<Range<u32>>>;

/// The case cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LargeCaseError {
    /// The shared data is not there.
    #[error(transparent)]
    Absent(#[from] SharedAbsent),
    /// Its file cannot be read.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// Its file is not of the form.
    #[error("pubgrub's large case, byte {at}: expected {expected}")]
    Form {
        /// Where in the text.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
}

/// The case as a world, and a question for each of its candidates.
pub struct LargeWorld {
    /// The world.
    pub world: World,
    /// One question for each version of each package, in order.
    pub requests: Vec<Request>,
    /// Which package and version that is.
    pub roots: Vec<(u32, u32)>,
    /// The packages by their number in the world, with their versions by position.
    pub packages: Vec<(u32, Vec<u32>)>,
}

impl LargeCase {
    /// The case as the shared data has it.
    pub fn shared() -> Result<Self, LargeCaseError> {
        Self::read(&Shared::find()?.pypi("pubgrub-large-case.ron"))
    }

    /// Reads a file.
    pub fn read(file: &Path) -> Result<Self, LargeCaseError> {
        Self::parse(&read(file)?)
    }

    /// Reads a text.
    pub fn parse(text: &str) -> Result<Self, LargeCaseError> {
        let mut ron = Ron { text, at: 0 };
        let packages = ron.map(|ron| ron.map(|ron| ron.map(Ron::segments)))?;
        ron.end()?;
        Ok(Self { packages })
    }

    /// The case in the engine's terms.
    pub fn world(&self) -> LargeWorld {
        let mut builder = WorldBuilder::new();
        let mut numbers: BTreeMap<u32, PackageId> = BTreeMap::new();
        // What is only depended on is a package without candidates.
        let names = self.packages.iter().flat_map(|(&name, versions)| {
            let dependencies = versions.values().flat_map(BTreeMap::keys);
            std::iter::once(name).chain(dependencies.copied())
        });
        for name in names {
            numbers.entry(name).or_insert_with(|| builder.package());
        }
        let origin = OriginId(0);
        for (name, versions) in &self.packages {
            for dependencies in versions.values() {
                let candidate = builder.candidate(numbers[name]);
                for (on, segments) in dependencies {
                    let allowed = self.positions(*on, segments);
                    builder.require(
                        candidate,
                        Requirement::required(numbers[on], allowed, origin),
                    );
                }
            }
        }
        let mut packages = vec![(0, Vec::new()); numbers.len()];
        for (name, package) in &numbers {
            let versions = self.packages.get(name).into_iter().flat_map(BTreeMap::keys);
            packages[package.0 as usize] = (*name, versions.copied().collect());
        }
        let roots = self
            .packages
            .iter()
            .flat_map(|(&name, versions)| versions.keys().map(move |&version| (name, version)));
        let roots: Vec<(u32, u32)> = roots.collect();
        let request = |&(name, version): &(u32, u32)| {
            let exactly = self.positions(name, std::slice::from_ref(&(version..version + 1)));
            Request::new([Requirement::required(numbers[&name], exactly, origin)])
        };
        LargeWorld {
            requests: roots.iter().map(request).collect(),
            world: builder.build(),
            roots,
            packages,
        }
    }

    /// The positions of a package's versions within `segments`.
    fn positions(&self, name: u32, segments: &[Range<u32>]) -> Positions {
        let versions = self
            .packages
            .get(&name)
            .into_iter()
            .flat_map(BTreeMap::keys);
        let within = (0_u32..)
            .zip(versions)
            .filter(|(_, version)| segments.iter().any(|segment| segment.contains(version)));
        Positions::from_ranges(within.map(|(position, _)| position..position + 1))
    }
}

/// A text that is read from left to right.
struct Ron<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Ron<'a> {
    /// `{number: value, ...}`.
    fn map<T>(
        &mut self,
        mut value: impl FnMut(&mut Self) -> Result<T, LargeCaseError>,
    ) -> Result<BTreeMap<u32, T>, LargeCaseError> {
        self.expect("{")?;
        let mut map = BTreeMap::new();
        while !self.has("}") {
            let key = self.number()?;
            self.expect(":")?;
            map.insert(key, value(self)?);
            if !self.has(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(map)
    }

    /// `[(lower, Some(upper)), (lower, None), ...]`.
    fn segments(&mut self) -> Result<Vec<Range<u32>>, LargeCaseError> {
        self.expect("[")?;
        let mut segments = Vec::new();
        while !self.has("]") {
            self.expect("(")?;
            let lower = self.number()?;
            self.expect(",")?;
            let upper = if self.has("None") {
                u32::MAX
            } else {
                self.expect("Some")?;
                self.expect("(")?;
                let upper = self.number()?;
                self.expect(")")?;
                upper
            };
            self.has(",");
            self.expect(")")?;
            segments.push(lower..upper);
            if !self.has(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(segments)
    }

    fn number(&mut self) -> Result<u32, LargeCaseError> {
        let rest = self.rest();
        let end = rest.find(|next: char| !next.is_ascii_digit());
        let digits = &rest[..end.unwrap_or(rest.len())];
        let number = digits.parse().map_err(|_| self.error("a number"))?;
        self.at += digits.len();
        Ok(number)
    }

    fn expect(&mut self, word: &'static str) -> Result<(), LargeCaseError> {
        if self.has(word) {
            Ok(())
        } else {
            Err(self.error(word))
        }
    }

    /// Goes past a word if it is what comes next.
    fn has(&mut self, word: &str) -> bool {
        let is_next = self.rest().starts_with(word);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    fn end(&mut self) -> Result<(), LargeCaseError> {
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(self.error("the end"))
        }
    }

    /// What is left, past any space.
    fn rest(&mut self) -> &'a str {
        let text = self.text;
        let rest = text[self.at..].trim_start();
        self.at = text.len() - rest.len();
        rest
    }

    fn error(&self, expected: &'static str) -> LargeCaseError {
        LargeCaseError::Form {
            at: self.at,
            expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use universe::{Control, solve};

    const SMALL: &str =
        "{ 7: { 1: {}, 4: { 9: [ (0, Some(3)), (5, None), ], }, }, 9: { 3: {}, 6: {} } }";

    #[test]
    fn a_small_case_is_read() {
        let case = LargeCase::parse(SMALL).unwrap();
        assert_eq!(case.packages[&7][&4][&9], [0..3, 5..u32::MAX]);
        assert!(case.packages[&9][&6].is_empty());
        let LargeWorld {
            world,
            requests,
            roots,
            packages,
        } = case.world();
        assert_eq!(roots, [(7, 1), (7, 4), (9, 3), (9, 6)]);
        assert_eq!(packages, [(7, vec![1, 4]), (9, vec![3, 6])]);
        let solution = solve(&world, &requests[1], &Control::unlimited()).unwrap();
        let chosen: Vec<u32> = solution
            .chosen()
            .map(|(_, chosen)| chosen.position)
            .collect();
        assert_eq!(chosen, [1, 1]);
    }

    #[test]
    fn what_is_only_depended_on_cannot_be_had() {
        let LargeWorld {
            world, requests, ..
        } = LargeCase::parse("{0: {1: {2: [(0, None)]}}}")
            .unwrap()
            .world();
        assert!(solve(&world, &requests[0], &Control::unlimited()).is_err());
    }

    #[test]
    fn an_error_has_its_place() {
        for (text, told) in [
            (
                "{0: {1: {2: [(0, Maybe)]}}}",
                "pubgrub's large case, byte 17: expected Some",
            ),
            (
                "{0: {}} 1",
                "pubgrub's large case, byte 8: expected the end",
            ),
            ("{x: {}}", "pubgrub's large case, byte 1: expected a number"),
            ("{0: {}", "pubgrub's large case, byte 6: expected }"),
        ] {
            assert_eq!(LargeCase::parse(text).unwrap_err().to_string(), told);
        }
    }
}
