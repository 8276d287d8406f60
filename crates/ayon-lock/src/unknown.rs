//! Fields that a later program wrote and this one does not know: they stay where they are.
//!
//! What is known of an entry is found by writing it again: what its text has beside that is unknown. It is kept by what
//! it stands on, and written back where that is written unchanged. Where the entry itself has changed, nobody here can
//! tell whether the unknown field is still true, and it goes.

use std::collections::BTreeMap;

use crate::node::{Kind, Node, Table, field};
use crate::shape::Entry;

/// The unknown fields of one target, or of the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Of the table itself.
    pub(crate) own: Table,
    /// Of its entries, by what is known of them.
    entries: BTreeMap<Place, Vec<Table>>,
}

/// The known part of what an unknown field stands on: a section and a head, and perhaps a line of one of its lists.
type Place = (&'static str, Node, Option<(usize, Node)>);

impl Unknown {
    /// Keeps what `raw`, as it was read, has beside `known`, which is the same entry written again.
    pub(crate) fn keep(&mut self, raw: &Entry, known: &Entry) {
        let section = known.section.name;
        let head = Node::table(known.head.clone());
        self.add(
            (section, head.clone(), None),
            leftover(&raw.head, &known.head),
        );
        for (index, (raw, known)) in raw.lists.iter().zip(&known.lists).enumerate() {
            for (raw, known) in raw.iter().zip(known) {
                if let (Some(raw), Some(fields)) = (raw.as_table(), known.as_table()) {
                    let place = (section, head.clone(), Some((index, known.clone())));
                    self.add(place, leftover(raw, fields));
                }
            }
        }
    }

    /// An empty table is kept as well where a later one of equal known part is not, so that they are told apart.
    fn add(&mut self, place: Place, fields: Table) {
        if !fields.is_empty() {
            self.entries.entry(place).or_default().push(fields);
        }
    }

    /// Puts back what was kept of `entries`.
    pub(crate) fn restore(&self, entries: &mut [Entry]) {
        if self.entries.is_empty() {
            return;
        }
        let mut kept = self.entries.clone();
        for entry in entries {
            let head = Node::table(entry.head.clone());
            let section = entry.section.name;
            for (index, list) in entry.lists.iter_mut().enumerate() {
                for line in list {
                    let place = (section, head.clone(), Some((index, line.clone())));
                    if let (Some(fields), Kind::Table(line)) =
                        (next(&mut kept, &place), &mut line.kind)
                    {
                        graft(line, fields);
                    }
                }
            }
            if let Some(fields) = next(&mut kept, &(section, head, None)) {
                graft(&mut entry.head, fields);
            }
        }
    }
}

fn next(kept: &mut BTreeMap<Place, Vec<Table>>, place: &Place) -> Option<Table> {
    let tables = kept.get_mut(place)?;
    (!tables.is_empty()).then(|| tables.remove(0))
}

/// What `raw` has beside `known`, through all tables.
pub(crate) fn leftover(raw: &Table, known: &Table) -> Table {
    let beside = |(name, node): &(String, Node)| {
        let rest = match (field(known, name), node.as_table()) {
            (None, _) => node.clone(),
            (Some(known), Some(raw)) => {
                let rest = leftover(raw, known.as_table()?);
                if rest.is_empty() {
                    return None;
                }
                Node::table(rest)
            }
            (Some(_), None) => return None,
        };
        Some((name.clone(), rest))
    };
    raw.iter().filter_map(beside).collect()
}

/// Puts back what was left over.
pub(crate) fn graft(known: &mut Table, rest: Table) {
    for (name, node) in rest {
        let place = known.iter_mut().find(|(known, _)| *known == name);
        match (place, node.kind) {
            (None, kind) => known.push((name, Node::new(kind))),
            (Some((_, known)), Kind::Table(rest)) => {
                if let Kind::Table(known) = &mut known.kind {
                    graft(known, rest);
                }
            }
            (Some(_), _) => {}
        }
    }
}
