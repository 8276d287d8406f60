//! A small index, and questions about it in a few words.

use std::sync::Arc;

use pypi::{Libc, Machine, Target, TargetPlatform};
use pypi_solve::{Ask, Asker, Conflict, MemoryIndex, Refusal, Root, Solution, solve};

/// An index of `name version` with what that needs.
pub(crate) fn index(releases: &[(&str, &str, &[&str])]) -> MemoryIndex {
    let mut index = MemoryIndex::new("a test");
    for (name, version, requires) in releases {
        index.add(name, version, requires);
    }
    index
}

/// Asks for requirements on Linux under Python 3.11; the number of the asker is the place of the requirement.
pub(crate) fn ask(requirements: &[&str]) -> Ask {
    let python = "3.11".parse().unwrap();
    let platform = TargetPlatform::Linux {
        machine: Machine::X86_64,
        libc: Libc::Glibc(2, 28),
    };
    let mut ask = Ask::new(Arc::new(Target::new(platform, &python)));
    ask.roots = roots(requirements);
    ask
}

pub(crate) fn roots(requirements: &[&str]) -> Vec<Root> {
    let root = |(number, text): (u32, &&str)| Root {
        requirement: text.parse().unwrap(),
        asker: Asker(number),
    };
    (0..).zip(requirements).map(root).collect()
}

pub(crate) fn solution(index: &MemoryIndex, ask: &Ask) -> Solution {
    solve(index, ask, &|| false).unwrap()
}

/// `name version, …` of what was chosen.
pub(crate) fn chosen(index: &MemoryIndex, ask: &Ask) -> String {
    let solution = solution(index, ask);
    let texts = solution.packages().map(|package| {
        let given = if package.is_given() { " (given)" } else { "" };
        format!("{} {}{given}", package.name, package.version)
    });
    texts.collect::<Vec<_>>().join(", ")
}

pub(crate) fn conflict(index: &MemoryIndex, ask: &Ask) -> Conflict {
    match solve(index, ask, &|| false) {
        Err(Refusal::Conflict(conflict)) => *conflict,
        other => panic!("a conflict was expected, and not {other:?}"),
    }
}
