//! What is different between two contexts.
//!
//! rez compares packages alone, and only where both contexts searched the same repositories; it also looks into the
//! repositories for the versions in between. Here two files are compared as they are, and everything that makes two
//! environments differ is told: the variant of a package, the repository it comes from, ephemerals, and what was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};
use std::sync::Arc;

use super::{Context, VariantHandle};
use crate::version::Version;

/// What is different between an old and a new context. `Display` lays it out for reading; it is empty where nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContextDifference {
    /// Status, platform, architecture, operating system, requested time, and whether it is a build environment and ends with
    /// the system's `PATH`, where they differ. Which rez made a context, who and when, makes no other environment.
    pub facts: Vec<TextChange>,
    /// What was asked for.
    pub requests: ListChange,
    /// What the settings asked for in addition.
    pub implicit: ListChange,
    /// The repositories that were searched.
    pub package_paths: ListChange,
    /// The packages of the answers, by name.
    pub packages: Vec<PackageChange>,
    /// Whether what both have is set up in another order, so that one variable may end up otherwise.
    pub packages_reordered: bool,
    /// The ephemerals of the answers.
    pub ephemerals: ListChange,
}

/// A fact that is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// The key in the context.
    pub key: &'static str,
    /// What it was, where it was anything.
    pub old: Option<String>,
    /// What it is, where it is anything.
    pub new: Option<String>,
}

/// What came to a list, what left it, and whether the rest stands in another order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListChange {
    /// Items of the new list alone, in its order.
    pub added: Vec<String>,
    /// Items of the old list alone, in its order.
    pub removed: Vec<String>,
    /// Whether what both have stands in another order.
    pub reordered: bool,
}

/// A package that is not the same in both contexts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageChange {
    /// The new context has it alone.
    Added(PackageState),
    /// The old context had it alone.
    Removed(PackageState),
    /// The new context has a higher version.
    Upgraded(PackageState, PackageState),
    /// The new context has a lower version.
    Downgraded(PackageState, PackageState),
    /// The version is the same, its variant another one.
    VariantChanged(PackageState, PackageState),
    /// Version and variant are the same, and come from another repository.
    Moved(PackageState, PackageState),
}

/// A package in one of the two contexts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageState {
    /// The package's family.
    pub name: Arc<str>,
    /// Its version; empty where it has none.
    pub version: Version,
    /// Which of its variants.
    pub index: Option<usize>,
    /// The repository it comes from.
    pub location: Arc<str>,
}

impl ContextDifference {
    /// Compares two contexts.
    pub fn between(old: &Context, new: &Context) -> Self {
        let time = |context: &Context| context.requested_timestamp.map(|time| time.to_string());
        let fact = |key, old: Option<String>, new: Option<String>| {
            (old != new).then_some(TextChange { key, old, new })
        };
        let flag = |flag: bool| Some(flag.to_string());
        let status = |context: &Context| Some(context.status.as_str().to_owned());
        let names = |context: &Context| -> Vec<Arc<str>> {
            let handles = context.resolved.iter();
            handles.map(|handle| Arc::clone(&handle.name)).collect()
        };
        let facts = [
            fact("status", status(old), status(new)),
            fact("platform", old.platform.clone(), new.platform.clone()),
            fact("arch", old.arch.clone(), new.arch.clone()),
            fact("os", old.os.clone(), new.os.clone()),
            fact("requested_timestamp", time(old), time(new)),
            fact("building", flag(old.building), flag(new.building)),
            fact(
                "append_sys_path",
                flag(old.append_sys_path),
                flag(new.append_sys_path),
            ),
        ];
        Self {
            facts: facts.into_iter().flatten().collect(),
            requests: ListChange::between(&old.requests, &new.requests),
            implicit: ListChange::between(&old.implicit, &new.implicit),
            package_paths: ListChange::between(&old.package_paths, &new.package_paths),
            packages: packages(&old.resolved, &new.resolved),
            packages_reordered: ListChange::between(&names(old), &names(new)).reordered,
            ephemerals: ListChange::between(&old.ephemerals, &new.ephemerals),
        }
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ListChange {
    /// Whether the lists are the same.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn between<T: Display>(old: &[T], new: &[T]) -> Self {
        let texts = |items: &[T]| items.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (old, new) = (texts(old), texts(new));
        let split = |items: Vec<String>, others: &BTreeSet<String>| -> (Vec<_>, Vec<_>) {
            items.into_iter().partition(|item| others.contains(item))
        };
        let (in_old, in_new) = (old.iter().cloned().collect(), new.iter().cloned().collect());
        let (kept_of_old, removed) = split(old, &in_new);
        let (kept_of_new, added) = split(new, &in_old);
        Self {
            added,
            removed,
            reordered: kept_of_old != kept_of_new,
        }
    }
}

fn packages(old: &[VariantHandle], new: &[VariantHandle]) -> Vec<PackageChange> {
    let states = |handles: &[VariantHandle]| -> BTreeMap<Arc<str>, PackageState> {
        handles
            .iter()
            .map(|handle| (Arc::clone(&handle.name), PackageState::of(handle)))
            .collect()
    };
    let (mut old, new) = (states(old), states(new));
    let mut changes: Vec<_> = new
        .into_values()
        .filter_map(|new| match old.remove(&new.name) {
            None => Some(PackageChange::Added(new)),
            Some(old) if new.version > old.version => Some(PackageChange::Upgraded(old, new)),
            Some(old) if new.version < old.version => Some(PackageChange::Downgraded(old, new)),
            Some(old) if new.index != old.index => Some(PackageChange::VariantChanged(old, new)),
            Some(old) if new.location != old.location => Some(PackageChange::Moved(old, new)),
            Some(_) => None,
        })
        .collect();
    changes.extend(old.into_values().map(PackageChange::Removed));
    changes.sort_by(|one, other| one.name().cmp(other.name()));
    changes
}

impl PackageState {
    fn of(handle: &VariantHandle) -> Self {
        Self {
            name: Arc::clone(&handle.name),
            version: handle.version.clone(),
            index: handle.index,
            location: Arc::clone(&handle.location),
        }
    }
}

impl PackageChange {
    /// The package's family.
    pub fn name(&self) -> &str {
        let (old, new) = self.states();
        old.or(new).map_or("", |state| &state.name)
    }

    /// The package in the old and in the new context.
    pub fn states(&self) -> (Option<&PackageState>, Option<&PackageState>) {
        match self {
            Self::Added(new) => (None, Some(new)),
            Self::Removed(old) => (Some(old), None),
            Self::Upgraded(old, new)
            | Self::Downgraded(old, new)
            | Self::VariantChanged(old, new)
            | Self::Moved(old, new) => (Some(old), Some(new)),
        }
    }

    /// What happened, in a word: `upgraded`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
            Self::Upgraded(..) => "upgraded",
            Self::Downgraded(..) => "downgraded",
            Self::VariantChanged(..) => "variant changed",
            Self::Moved(..) => "moved",
        }
    }

    /// The texts of the old and the new state: as much as it takes to tell them apart.
    fn columns(&self) -> (String, String) {
        let text = |state: Option<&PackageState>| match (state, self) {
            (None, _) => "-".to_owned(),
            (Some(state), Self::VariantChanged(..)) => {
                let index = state
                    .index
                    .map(|index| index.to_string())
                    .unwrap_or_default();
                format!("{state}[{index}]")
            }
            (Some(state), Self::Moved(..)) => format!("{state} in {}", state.location),
            (Some(state), _) => state.to_string(),
        };
        let (old, new) = self.states();
        (text(old), text(new))
    }
}

/// `maya-2024.1`, or `maya` where there is no version.
impl fmt::Display for PackageState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        if !self.version.is_empty() {
            write!(formatter, "-{}", self.version)?;
        }
        Ok(())
    }
}

/// Lines, each with its end: facts, lists with `+` and `-`, then a table of the packages.
impl fmt::Display for ContextDifference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.facts {
            let text = |fact: &Option<String>| fact.clone().unwrap_or_else(|| "none".to_owned());
            writeln!(
                formatter,
                "{}: {} -> {}",
                change.key,
                text(&change.old),
                text(&change.new)
            )?;
        }
        let lists = [
            ("requests", &self.requests),
            ("implicit packages", &self.implicit),
            ("package paths", &self.package_paths),
            ("ephemerals", &self.ephemerals),
        ];
        for (title, change) in lists {
            if change.is_empty() {
                continue;
            }
            writeln!(formatter, "{title}:")?;
            for item in &change.removed {
                writeln!(formatter, "  - {item}")?;
            }
            for item in &change.added {
                writeln!(formatter, "  + {item}")?;
            }
            if change.reordered {
                writeln!(formatter, "  in another order")?;
            }
        }
        if self.packages.is_empty() && !self.packages_reordered {
            return Ok(());
        }
        writeln!(formatter, "packages:")?;
        if self.packages_reordered {
            writeln!(formatter, "  in another order")?;
        }
        let rows: Vec<_> = self.packages.iter().map(PackageChange::columns).collect();
        let width = |texts: &mut dyn Iterator<Item = &String>| {
            texts
                .map(|text| text.chars().count())
                .max()
                .unwrap_or_default()
        };
        let old_width = width(&mut rows.iter().map(|(old, _)| old));
        let new_width = width(&mut rows.iter().map(|(_, new)| new));
        for (change, (old, new)) in self.packages.iter().zip(&rows) {
            let word = change.word();
            writeln!(formatter, "  {old:old_width$}  {new:new_width$}  {word}")?;
        }
        Ok(())
    }
}
