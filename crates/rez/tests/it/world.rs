//! A small world written as text, one package a line: `maya-2024: python-3 qt-5 | [a-1 b] [c]`.
//!
//! Before the bar stand the requests of all variants, behind it those of each. A line `@100 maya-2024: ...` gives the
//! package a timestamp. Families and packages are listed in the order of the lines.

use std::sync::Arc;

use rez::solver::{Ask, Outcome, Pool, Resolve, SolveError, solve};
use rez::{Definition, Family, MemoryRepository, Package, PackageKind, Requirement, Version};

/// The packages of a world as a repository.
pub(crate) fn repository(world: &str) -> MemoryRepository {
    let mut families: Vec<Family> = Vec::new();
    for line in world.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (timestamp, line) = match line.strip_prefix('@') {
            None => (None, line),
            Some(line) => {
                let (time, line) = line.split_once(' ').expect("a package after a time");
                (Some(time.parse().expect("seconds")), line)
            }
        };
        let (head, asks) = line.split_once(':').unwrap_or((line, ""));
        let (name, version) = head.split_once('-').unwrap_or((head, ""));
        let (requires, variants) = asks.split_once('|').unwrap_or((asks, ""));
        let variants: Vec<Vec<Arc<str>>> = variants
            .split('[')
            .skip(1)
            .map(|variant| requests(variant.trim_end().trim_end_matches(']')))
            .collect();
        let package = Package {
            version: Version::parse(version).expect("a version"),
            kind: PackageKind::Folder,
            definition: Ok(Arc::new(Definition {
                requires: requests(requires),
                variants: (!variants.is_empty()).then_some(variants),
                timestamp,
                ..Definition::default()
            })),
        };
        match families.iter_mut().find(|family| &*family.name == name) {
            Some(family) => family.packages.push(package),
            None => families.push(Family {
                name: name.into(),
                packages: vec![package],
            }),
        }
    }
    MemoryRepository::new("world", families)
}

fn requests(text: &str) -> Vec<Arc<str>> {
    text.split_whitespace().map(Into::into).collect()
}

/// A pool over one world.
pub(crate) fn pool(world: &str) -> Pool {
    Pool::new(vec![Arc::new(repository(world))])
}

/// A plain ask.
pub(crate) fn ask(request: &str) -> Ask {
    Ask {
        requests: request
            .split_whitespace()
            .map(|text| Requirement::parse(text).expect("a request"))
            .collect(),
        ..Ask::default()
    }
}

/// What comes of a request, in one line: the packages and ephemerals, or rez's words.
pub(crate) fn answer(world: &str, request: &str) -> String {
    told(solve(&mut pool(world), &ask(request), &mut |_| None))
}

/// An outcome in one line.
pub(crate) fn told(outcome: Result<Outcome, SolveError>) -> String {
    match outcome {
        Ok(Outcome::Solved(resolve)) => names(&resolve).join(" "),
        Ok(Outcome::Failed(failure)) => format!("fails: {failure}"),
        Ok(Outcome::Aborted(stop, _)) => format!("stopped: {}", stop.0),
        Err(error) => format!("error: {error}"),
    }
}

/// What a resolve holds, in its order.
pub(crate) fn names(resolve: &Resolve) -> Vec<String> {
    let packages = resolve.packages.iter().map(ToString::to_string);
    packages
        .chain(resolve.ephemerals.iter().map(ToString::to_string))
        .collect()
}
