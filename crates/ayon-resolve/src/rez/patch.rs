//! The request of a context, changed (`src/rez/resolved_context.py: get_patched_request`).
//!
//! Each new request replaces the one about the same package if it is of the same kind (plain, conflict or weak), and is
//! added otherwise. Nothing is resolved here: the patched request is a request like any other.

use std::collections::{BTreeMap, BTreeSet};

use rez::context::Context;
use rez::requirement::{Requirement, RequirementError};

/// How a context's request is changed.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// Requests to replace or to add.
    pub requests: Vec<Requirement>,
    /// Names whose requests are taken away.
    pub without: BTreeSet<String>,
    /// Whether it starts from what was resolved, each package at its version, and not from what was requested.
    pub strict: bool,
    /// From 2 on: the version numbers before this one stay as they were resolved, in packages that are not requested
    /// here. 3 keeps major and minor. Without effect together with `strict`.
    pub rank: usize,
}

impl Patch {
    /// The request that `context`'s becomes.
    ///
    /// # Errors
    /// Where a name in the context is none that a request may have.
    pub fn apply(&self, context: &Context) -> Result<Vec<Requirement>, RequirementError> {
        let mut patched = if self.strict {
            let names = context
                .resolved
                .iter()
                .map(|handle| Requirement::parse_request(&handle.qualified_package_name()));
            names.collect::<Result<Vec<_>, _>>()?
        } else {
            context.requests.clone()
        };
        patched.retain(|request| !self.without.contains(request.name()));
        // Of several requests about one package the last one is replaced, as rez does.
        let positions = patched.iter().enumerate();
        let mut positions: BTreeMap<String, usize> = positions
            .map(|(position, request)| (request.name().to_owned(), position))
            .collect();
        let mut added = Vec::new();
        for request in &self.requests {
            let is_same_kind = |position: &usize| {
                patched.get(*position).is_some_and(|old| {
                    old.is_conflict() == request.is_conflict() && old.is_weak() == request.is_weak()
                })
            };
            match positions.get(request.name()).copied().filter(is_same_kind) {
                Some(position) => {
                    patched[position] = request.clone();
                    positions.remove(request.name());
                }
                None => added.push(request.clone()),
            }
        }
        patched.append(&mut added);
        if !self.strict && self.rank > 1 {
            patched.extend(self.limits(context)?);
        }
        Ok(patched)
    }

    /// Weak requests that keep the resolved packages below the next version of their first numbers.
    fn limits(&self, context: &Context) -> Result<Vec<Requirement>, RequirementError> {
        let asked = self
            .requests
            .iter()
            .filter(|request| !request.is_conflict());
        let asked: BTreeSet<&str> = asked.map(Requirement::name).collect();
        let mut limits = Vec::new();
        for handle in &context.resolved {
            let is_long = handle.version.tokens().count() >= self.rank;
            let next = handle.version.prefix(self.rank - 1).next();
            if let Some(next) = next.filter(|_| is_long && !asked.contains(&*handle.name)) {
                limits.push(Requirement::parse_request(&format!(
                    "~{}<{next}",
                    handle.name
                ))?);
            }
        }
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use rez::context::VariantHandle;
    use rez::package::PackageKind;
    use rez::repository::Location;
    use rez::version::Version;

    use super::*;

    fn context() -> Context {
        let parse = |text: &&str| Requirement::parse_request(text).unwrap();
        let location = Location {
            kind: "filesystem",
            path: "/packages".to_owned(),
        };
        let handle = |(name, version): &(&str, &str)| {
            VariantHandle::new(
                &location,
                PackageKind::Folder,
                (*name).into(),
                Version::parse(version).unwrap(),
                None,
            )
        };
        Context {
            requests: ["maya-2024", "!usd-22", "~qt-5"]
                .iter()
                .map(parse)
                .collect(),
            resolved: [("python", "3.9.7"), ("maya", "2024.1"), ("tool", "")]
                .iter()
                .map(handle)
                .collect(),
            ..Context::default()
        }
    }

    fn patched(patch: &Patch) -> String {
        let requests = patch.apply(&context()).unwrap();
        let texts: Vec<String> = requests.iter().map(ToString::to_string).collect();
        texts.join(" ")
    }

    fn requests(texts: &[&str]) -> Vec<Requirement> {
        let parse = |text: &&str| Requirement::parse_request(text).unwrap();
        texts.iter().map(parse).collect()
    }

    #[test]
    fn a_request_replaces_one_of_its_kind_and_is_added_otherwise() {
        let patch = |texts: &[&str]| Patch {
            requests: requests(texts),
            ..Patch::default()
        };
        assert_eq!(
            patched(&patch(&["nuke", "maya-2025", "~qt-6"])),
            "maya-2025 !usd-22 ~qt-6 nuke"
        );
        assert_eq!(
            patched(&patch(&["usd", "!maya-2023"])),
            "maya-2024 !usd-22 ~qt-5 usd !maya-2023"
        );
        // A request that has replaced one is not replaced again.
        assert_eq!(
            patched(&patch(&["maya-2025", "maya-2026"])),
            "maya-2025 !usd-22 ~qt-5 maya-2026"
        );
    }

    #[test]
    fn requests_are_taken_away_by_name() {
        let patch = Patch {
            requests: requests(&["usd"]),
            without: ["usd".to_owned(), "maya".to_owned()].into(),
            ..Patch::default()
        };
        assert_eq!(patched(&patch), "~qt-5 usd");
    }

    #[test]
    fn a_strict_patch_starts_from_what_was_resolved() {
        let patch = Patch {
            requests: requests(&["maya-2025"]),
            strict: true,
            rank: 2,
            ..Patch::default()
        };
        assert_eq!(patched(&patch), "python-3.9.7 maya-2025 tool");
    }

    #[test]
    fn a_rank_keeps_the_numbers_before_it() {
        let patch = |rank| Patch {
            requests: requests(&["nuke"]),
            rank,
            ..Patch::default()
        };
        assert_eq!(
            patched(&patch(3)),
            "maya-2024 !usd-22 ~qt-5 nuke ~python<3.9_"
        );
        assert_eq!(
            patched(&patch(2)),
            "maya-2024 !usd-22 ~qt-5 nuke ~python<3_ ~maya<2024_"
        );
        assert_eq!(patched(&patch(1)), "maya-2024 !usd-22 ~qt-5 nuke");
    }
}
