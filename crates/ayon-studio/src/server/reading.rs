//! Relations read back from the server's sentences (reference `ayon.md` §8).
//!
//! A made-up bundle breaks every range of the judged release, and the server names each range it finds broken. The
//! sentence holds the whole range as its author wrote it, so that nothing is guessed: known words are cut off both ends.

use std::collections::{BTreeMap, BTreeSet};

use ayon_model::{AddonName, Relations, VersionRange};
use indexmap::IndexSet;

use crate::wire::Issue;

/// The range of a requirement that is there but that no version ever breaks: whatever it was, it means this.
const ANY: &str = ">=0.0.0-0";
/// Stands for a range at which the server fails, so that nobody can tell how it is written. It reads as a fault, which
/// is what it is.
const UNTOLD: &str = "(the server fails on it)";

/// What the server said of one release, in its judgements of made-up bundles.
#[derive(Debug, Default)]
pub(super) struct Sayings {
    /// Addons that it required when it was alone.
    pub(super) required: BTreeSet<String>,
    /// About it, among all others at the lowest and at the highest versions.
    pub(super) issues: Vec<Issue>,
    /// Addons whose mere presence makes the server fail.
    pub(super) culprits: Vec<String>,
}

/// The addon that the release requires, where an issue says that it is absent.
pub(super) fn required(issue: &Issue) -> Option<&str> {
    let other = issue.required_addon.as_deref()?;
    (issue.message == format!("{other} is required")).then_some(other)
}

impl Sayings {
    /// The relations behind the sentences. Server ranges that are satisfied, `!=`, and compatible ranges for addons that
    /// nobody mentioned stay unsaid, and so unknown (reference `ayon.md` §8).
    pub(super) fn relations(&self) -> Relations {
        let mut relations = Relations::default();
        // A range that both extremes break is said twice; two ranges for one addon are a hard and a soft one.
        let mut ranges: BTreeMap<&str, IndexSet<&str>> = BTreeMap::new();
        let mut order: IndexSet<&str> = IndexSet::new();
        for issue in &self.issues {
            let message = issue.message.as_str();
            let Some(other) = issue.required_addon.as_deref() else {
                if let Some(range) = between(message, "Launcher ", " is required") {
                    relations.launcher = Some(VersionRange::read(range));
                } else if let Some(range) = between(message, "Ayon server ", " is required") {
                    relations.server = Some(VersionRange::read(range));
                }
                continue;
            };
            if let Some(range) = between(message, &format!("only compatible with {other} "), "") {
                relations
                    .compatible
                    .entry(other.into())
                    .or_insert_with(|| Some(VersionRange::read(range)));
            } else if message == format!("{other} must not be used") {
                relations.required.insert(other.into(), None);
            } else if let Some(range) = between(message, &format!("{other} "), " is required") {
                order.insert(other);
                ranges.entry(other).or_default().insert(range);
            }
        }
        for other in order {
            let mut ranges = ranges
                .remove(other)
                .unwrap_or_default()
                .into_iter()
                .map(VersionRange::read);
            let name = AddonName::from(other);
            if self.required.contains(other) {
                relations.required.insert(name.clone(), ranges.next());
            }
            if let Some(range) = ranges.next() {
                relations.soft_required.insert(name, Some(range));
            }
        }
        let told: BTreeSet<String> = relations
            .addons()
            .map(|(_, name, _)| name.as_str().to_owned())
            .collect();
        for culprit in self
            .culprits
            .iter()
            .filter(|culprit| !told.contains(*culprit))
        {
            let map = if self.required.contains(culprit) {
                &mut relations.required
            } else {
                &mut relations.soft_required
            };
            map.insert(culprit.as_str().into(), Some(VersionRange::read(UNTOLD)));
        }
        for other in &self.required {
            relations
                .required
                .entry(other.as_str().into())
                .or_insert_with(|| Some(VersionRange::read(ANY)));
        }
        relations
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.strip_suffix(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(message: &str, required: Option<&str>) -> Issue {
        let required_addon = required.map(str::to_owned);
        Issue {
            severity: "error".into(),
            addon: Some("a".into()),
            message: message.into(),
            required_addon,
        }
    }

    fn texts(relations: &Relations) -> Vec<(&'static str, String, Option<String>)> {
        let text = |range: Option<&VersionRange>| range.map(|range| range.text().to_owned());
        relations
            .addons()
            .map(|(field, name, range)| (field, name.to_string(), text(range)))
            .collect()
    }

    #[test]
    fn sentences_become_relations() {
        let sayings = Sayings {
            required: ["core".to_owned(), "ui".to_owned()].into(),
            issues: vec![
                issue("Ayon server >=9.0.0 is required", None),
                issue("Launcher >=1.5.4,<2.0.0 is required", None),
                issue("core >=1.0.0, <2.0.0 is required", Some("core")),
                issue("nuke <0.3.0 is required", Some("nuke")),
                issue("old must not be used", Some("old")),
                issue(
                    "only compatible with is required >=1.0.0",
                    Some("is required"),
                ),
                issue("core >=1.0.0, <2.0.0 is required", Some("core")),
                issue("core !=1.5.0,<1.0.0 is required", Some("core")),
            ],
            culprits: vec!["maya".into()],
        };
        let relations = sayings.relations();
        assert_eq!(
            relations.server.as_ref().map(VersionRange::text),
            Some(">=9.0.0")
        );
        assert_eq!(
            relations.launcher.as_ref().map(VersionRange::text),
            Some(">=1.5.4,<2.0.0")
        );
        let some = |text: &str| Some(text.to_owned());
        let mut found = texts(&relations);
        found.sort();
        assert_eq!(
            found,
            [
                (
                    "ayon_compatible_addons",
                    "is required".to_owned(),
                    some(">=1.0.0")
                ),
                (
                    "ayon_required_addons",
                    "core".to_owned(),
                    some(">=1.0.0, <2.0.0")
                ),
                ("ayon_required_addons", "old".to_owned(), None),
                ("ayon_required_addons", "ui".to_owned(), some(ANY)),
                (
                    "ayon_soft_required_addons",
                    "core".to_owned(),
                    some("!=1.5.0,<1.0.0")
                ),
                ("ayon_soft_required_addons", "maya".to_owned(), some(UNTOLD)),
                (
                    "ayon_soft_required_addons",
                    "nuke".to_owned(),
                    some("<0.3.0")
                ),
            ]
        );
        assert!(VersionRange::read(UNTOLD).fault().is_some());
    }
}
