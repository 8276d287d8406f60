//! A list of requirements with one for each family.
//!
//! Source: reference `rez.md` §2.4; rez's `RequirementList`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Requirement;
use crate::version::VersionError;

/// Requirements, merged by name, in the order in which the names first appear; or two that cannot be merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequirementList {
    /// Empty where there is a conflict.
    requirements: Vec<Requirement>,
    index: BTreeMap<Arc<str>, usize>,
    conflict: Option<Box<(Requirement, Requirement)>>,
}

impl RequirementList {
    /// Merges requirements from left to right, until two of them cannot be.
    ///
    /// # Errors
    /// As [`Requirement::merged`].
    pub fn new(requirements: impl IntoIterator<Item = Requirement>) -> Result<Self, VersionError> {
        let mut list = Self::default();
        for new in requirements {
            let Some(&index) = list.index.get(new.name()) else {
                list.index
                    .insert(new.name_shared().clone(), list.requirements.len());
                list.requirements.push(new);
                continue;
            };
            let sofar = &mut list.requirements[index];
            match sofar.merged(&new)? {
                Some(merged) => *sofar = merged,
                None => {
                    return Ok(Self {
                        conflict: Some(Box::new((sofar.clone(), new))),
                        ..Self::default()
                    });
                }
            }
        }
        Ok(list)
    }

    /// The merged requirements, one for each name. Empty where there is a conflict.
    pub fn iter(&self) -> std::slice::Iter<'_, Requirement> {
        self.requirements.iter()
    }

    /// The requirement of a name.
    pub fn get(&self, name: &str) -> Option<&Requirement> {
        self.index.get(name).map(|&index| &self.requirements[index])
    }

    /// The two that cannot be merged: what was merged so far, and the one that did not fit.
    pub fn conflict(&self) -> Option<(&Requirement, &Requirement)> {
        self.conflict.as_deref().map(|(sofar, new)| (sofar, new))
    }

    /// The names that are required, in order.
    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.names_where(false)
    }

    /// The names that are conflicted with, in order; among them those of weak requirements, even of those that ask
    /// nothing.
    pub fn conflict_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.names_where(true)
    }

    fn names_where(&self, conflict: bool) -> impl Iterator<Item = &Arc<str>> {
        self.iter()
            .filter(move |requirement| requirement.is_conflict() == conflict)
            .map(Requirement::name_shared)
    }
}

impl<'a> IntoIterator for &'a RequirementList {
    type Item = &'a Requirement;
    type IntoIter = std::slice::Iter<'a, Requirement>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for RequirementList {
    /// The requirements with spaces between, or the conflict as rez writes it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((sofar, new)) = self.conflict() {
            return write!(formatter, "{sofar} <--!--> {new}");
        }
        for (index, requirement) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { " " };
            write!(formatter, "{separator}{requirement}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[&str]) -> RequirementList {
        let requirements = texts.iter().map(|text| Requirement::parse(text).unwrap());
        RequirementList::new(requirements).unwrap()
    }

    #[test]
    fn names_keep_the_place_of_their_first_mention() {
        let merged = list(&["foo-3", "bar", "foo", "!baz-1", "~qux", "foo-3.1+"]);
        assert_eq!(merged.to_string(), "foo-3.1+<3_ bar !baz-1 ~qux");
        let names: Vec<&str> = merged.names().map(|name| &**name).collect();
        assert_eq!(names, ["foo", "bar"]);
        let names: Vec<&str> = merged.conflict_names().map(|name| &**name).collect();
        assert_eq!(names, ["baz", "qux"]);
        assert_eq!(
            merged.get("bar").map(ToString::to_string).as_deref(),
            Some("bar")
        );
        assert!(merged.get("quux").is_none());
    }

    #[test]
    fn the_first_two_that_do_not_fit_are_kept_and_nothing_else() {
        let merged = list(&["foo-1+", "bar", "foo-4", "foo-2", "bar-1"]);
        assert_eq!(merged.to_string(), "foo-4 <--!--> foo-2");
        assert_eq!(merged.iter().count(), 0);
        assert!(merged.get("bar").is_none());
    }
}
