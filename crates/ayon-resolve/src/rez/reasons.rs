//! Why a resolve holds a package: every way from a request to it, with the requirement on each step.
//!
//! The ways are simple paths in the graph of what was resolved, the shortest first. There may be very many, so they
//! are counted only up to a limit; what is left out is said.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use rez::package::{qualified, variant_label};
use rez::requirement::Requirement;
use rez::version::Version;

/// A package in a resolve, with everything it asks for.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: Arc<str>,
    /// Its version.
    pub version: Version,
    /// Which of its variants; none where it has none.
    pub index: Option<usize>,
    /// The requests of the package and of that variant.
    pub requires: Vec<Requirement>,
}

impl Member {
    /// `maya-2024.1[0]`, as rez writes it; without brackets where there is no choice.
    pub fn label(&self) -> String {
        variant_label(&qualified(&self.name, &self.version), self.index)
    }
}

/// One way from a request to a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The request it starts from.
    pub request: Requirement,
    /// The packages passed, each with what it asks of the next; the package at the end of the way is not among them.
    pub steps: Vec<Step>,
}

/// A package on the way, and what it asks of the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Position among the members.
    pub member: usize,
    /// The requirement on the next package.
    pub requirement: Requirement,
}

/// Ways from requests to a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// Those found, the shortest first.
    pub paths: Vec<Path>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// More unfinished ways than this are not followed: far more than anybody reads.
const FRONTIER: usize = 100_000;

/// The ways from `requests` to the member called `name`, at most `limit` of them.
pub fn paths(members: &[Member], requests: &[Requirement], name: &str, limit: usize) -> Paths {
    let askers = askers(members);
    let mut found = Paths::default();
    // Each unfinished way leads backwards from the package; its last step is the nearest to the request.
    let mut frontier: VecDeque<Vec<Step>> = VecDeque::from([Vec::new()]);
    while let Some(way) = frontier.pop_front() {
        let here = way.last().map_or(name, |step| &members[step.member].name);
        for request in requests {
            if !request.is_conflict() && request.name() == here {
                if found.paths.len() == limit {
                    found.is_cut = true;
                    return found;
                }
                found.paths.push(Path {
                    request: request.clone(),
                    steps: way.iter().rev().cloned().collect(),
                });
            }
        }
        for (member, requirement) in askers.get(here).into_iter().flatten() {
            let is_passed = way.iter().any(|step| step.member == *member);
            if is_passed || *members[*member].name == *name {
                continue;
            }
            if frontier.len() == FRONTIER {
                found.is_cut = true;
                break;
            }
            let mut longer = way.clone();
            longer.push(Step {
                member: *member,
                requirement: (*requirement).clone(),
            });
            frontier.push_back(longer);
        }
    }
    found
}

/// For each name, who asks for it, in the order of the members.
fn askers(members: &[Member]) -> BTreeMap<&str, Vec<(usize, &Requirement)>> {
    let mut askers: BTreeMap<&str, Vec<(usize, &Requirement)>> = BTreeMap::new();
    for (position, member) in members.iter().enumerate() {
        for requirement in &member.requires {
            if !requirement.is_conflict() {
                askers
                    .entry(requirement.name())
                    .or_default()
                    .push((position, requirement));
            }
        }
    }
    askers
}

/// Who in a resolve excludes a version of a package by what they ask for.
///
/// `None` in the first place stands for a request.
pub fn excluding<'a>(
    members: &'a [Member],
    requests: &'a [Requirement],
    name: &str,
    version: &Version,
) -> Vec<(Option<&'a Member>, &'a Requirement)> {
    let asked = requests.iter().map(|request| (None, request));
    let required = members.iter().flat_map(|member| {
        let requires = member.requires.iter();
        requires.map(move |requirement| (Some(member), requirement))
    });
    let excludes =
        |requirement: &Requirement| requirement.name() == name && !requirement.permits(version);
    asked
        .chain(required)
        .filter(|(_, requirement)| excludes(requirement))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, requires: &[&str]) -> Member {
        Member {
            name: name.into(),
            version: Version::parse("1").unwrap(),
            index: None,
            requires: requests(requires),
        }
    }

    fn requests(texts: &[&str]) -> Vec<Requirement> {
        let parse = |text: &&str| Requirement::parse(text).unwrap();
        texts.iter().map(parse).collect()
    }

    fn told(members: &[Member], wanted: &[&str], name: &str, limit: usize) -> (Vec<String>, bool) {
        let found = paths(members, &requests(wanted), name, limit);
        let tell = |path: Path| {
            let steps = path
                .steps
                .iter()
                .map(|step| format!(" > {} {}", members[step.member].label(), step.requirement));
            format!("{}{}", path.request, steps.collect::<String>())
        };
        (found.paths.into_iter().map(tell).collect(), found.is_cut)
    }

    #[test]
    fn every_way_is_found_and_the_shortest_comes_first() {
        let members = [
            member("python", &[]),
            member("usd", &["python-3+", "~maya"]),
            member("maya", &["usd", "python-1"]),
            member("tool", &["maya-1", "!nuke"]),
        ];
        let (ways, is_cut) = told(&members, &["tool", "!python-2", "maya"], "python", 10);
        assert_eq!(
            ways,
            [
                "maya > maya-1 python-1",
                "maya > maya-1 usd > usd-1 python-3+",
                "tool > tool-1 maya-1 > maya-1 python-1",
                "tool > tool-1 maya-1 > maya-1 usd > usd-1 python-3+",
            ]
        );
        assert!(!is_cut);
        let (ways, is_cut) = told(&members, &["tool", "maya"], "python", 1);
        assert_eq!((ways.len(), is_cut), (1, true));
        assert!(told(&members, &["tool"], "nuke", 10).0.is_empty());
    }

    #[test]
    fn circles_end() {
        let members = [
            member("a", &["b"]),
            member("b", &["a"]),
            member("c", &["a"]),
        ];
        let (ways, _) = told(&members, &["c"], "b", 10);
        assert_eq!(ways, ["c > c-1 a > a-1 b"]);
    }

    #[test]
    fn who_excludes_a_version_is_named() {
        let members = [
            member("maya", &["python-2", "~qt-5"]),
            member("x", &["!python-3"]),
        ];
        let wanted = requests(&["python<3"]);
        let excluding = |name: &str, version: &str| -> Vec<String> {
            let version = Version::parse(version).unwrap();
            let who = excluding(&members, &wanted, name, &version).into_iter();
            who.map(|(member, requirement)| {
                format!(
                    "{} {requirement}",
                    member.map_or("request".into(), Member::label)
                )
            })
            .collect()
        };
        assert_eq!(
            excluding("python", "3"),
            ["request python<3", "maya-1 python-2", "x-1 !python-3"]
        );
        assert!(excluding("python", "2").is_empty());
        assert_eq!(excluding("qt", "6"), ["maya-1 ~qt-5"]);
    }
}
