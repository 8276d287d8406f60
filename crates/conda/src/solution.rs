//! The answer "yes": what was chosen, and who asks for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Ask, Asker, PackageName, Record};

/// What was chosen: exactly what is needed, and every reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// By name.
    pub records: Vec<Record>,
    /// Who needs what, in which words; sorted.
    pub edges: Vec<Edge>,
}

/// Somebody who needs a record, and gets it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// What is needed: one of the records.
    pub to: PackageName,
    /// Who needs it.
    pub from: From,
    /// In the words of whoever asks.
    pub words: String,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// Somebody outside.
    Asker(Asker),
    /// One of the caller's own things, by its place in the question, through somebody.
    Own(usize, Asker),
    /// A chosen record.
    Package(PackageName),
}

impl Solution {
    /// The chosen record of a name.
    pub fn get(&self, name: &PackageName) -> Option<&Record> {
        let place = self
            .records
            .binary_search_by(|record| record.name().cmp(name));
        place.ok().map(|place| &self.records[place])
    }

    pub(crate) fn tell(ask: &Ask, chosen: Vec<Record>) -> Self {
        let chosen: BTreeMap<PackageName, Record> = chosen
            .into_iter()
            .map(|record| (record.name(), record))
            .collect();
        let mut edges = BTreeSet::new();
        let mut say = |from: From, to: &PackageName, words: &str| {
            if chosen.contains_key(to) {
                edges.insert(Edge {
                    to: to.clone(),
                    from,
                    words: words.to_owned(),
                });
            }
        };
        for root in &ask.roots {
            say(
                From::Asker(root.asker),
                root.spec.name(),
                &root.spec.to_string(),
            );
        }
        for (place, own) in ask.own.iter().enumerate() {
            for root in &own.depends {
                say(
                    From::Own(place, root.asker),
                    root.spec.name(),
                    &root.spec.to_string(),
                );
            }
        }
        for (name, record) in &chosen {
            for text in record.depends() {
                say(
                    From::Package(name.clone()),
                    &PackageName::of_dependency(text),
                    text,
                );
            }
        }
        Self {
            edges: edges.into_iter().collect(),
            records: chosen.into_values().collect(),
        }
    }
}
