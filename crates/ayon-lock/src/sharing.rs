//! What several targets have in common is written once.
//!
//! Entries with equal heads are one entry; the lines of its lists are *braided*: one list in which every target finds its
//! own lines in its own order. An entry or a line that is not for all says for which. Nothing is numbered and nothing
//! refers to anything by place, so a new package moves no line of another.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::Fault;
use crate::node::{Fields, Kind, Node, Table, field};
use crate::shape::{Entry, SECTIONS, Section, TARGETS};

/// The targets that have something, by their place in the list of all.
type Targets = BTreeSet<usize>;

/// An entry among equal ones: its section, its head, and which of several with that head it is.
type Key = (&'static str, Node, usize);

/// The sections of the file for what each of the named targets has.
pub(crate) fn share(labels: &[String], contents: Vec<Vec<Entry>>) -> Vec<(&'static str, Node)> {
    let everyone: Targets = (0..labels.len()).collect();
    let mut groups: BTreeMap<Key, Vec<(usize, Entry)>> = BTreeMap::new();
    for (target, entries) in contents.into_iter().enumerate() {
        let mut seen: BTreeMap<(&'static str, Node), usize> = BTreeMap::new();
        for entry in entries {
            let head = Node::table(entry.head.clone());
            // One target may have twice what looks the same: the first goes with the first of the others.
            let count = seen.entry((entry.section.name, head.clone())).or_default();
            let key = (entry.section.name, head, *count);
            *count += 1;
            groups.entry(key).or_default().push((target, entry));
        }
    }
    let mut written: BTreeMap<&'static str, Vec<Node>> = BTreeMap::new();
    for ((section, _, _), members) in groups {
        let fields = shared_entry(labels, &everyone, &members);
        if !fields.is_empty() {
            written
                .entry(section)
                .or_default()
                .push(Node::table(fields));
        }
    }
    let section = |section: Section| {
        let mut entries = written.remove(section.name)?;
        let node = if section.is_single && entries.len() == 1 {
            entries.pop()?
        } else {
            Node::list(entries)
        };
        Some((section.name, node))
    };
    SECTIONS.into_iter().filter_map(section).collect()
}

fn shared_entry(labels: &[String], everyone: &Targets, members: &[(usize, Entry)]) -> Table {
    let owners: Targets = members.iter().map(|(target, _)| *target).collect();
    let Some((_, first)) = members.first() else {
        return Table::new();
    };
    let (section, mut fields) = (first.section, first.head.clone());
    if owners != *everyone {
        fields.push(targets_field(labels, &owners));
    }
    for (index, list) in section.lists.iter().enumerate() {
        let lines = members.iter().map(|(target, entry)| {
            let lines = entry.lists.get(index).map_or(&[][..], Vec::as_slice);
            (*target, lines.iter().collect::<Vec<_>>())
        });
        let braided = braid(lines.collect(), list.is_ordered);
        let lines = braided.into_iter().map(|(line, targets)| {
            if targets == owners {
                return line.clone();
            }
            let mut fields = match &line.kind {
                Kind::Table(fields) => fields.clone(),
                _ => vec![("name".to_owned(), line.clone())],
            };
            fields.push(targets_field(labels, &targets));
            Node::table(fields)
        });
        let lines: Vec<Node> = lines.collect();
        if !lines.is_empty() {
            fields.push((list.name.to_owned(), Node::list(lines)));
        }
    }
    fields
}

fn targets_field(labels: &[String], targets: &Targets) -> (String, Node) {
    let labels = targets.iter().filter_map(|target| labels.get(*target));
    let labels = labels.map(Node::text).collect();
    (TARGETS.to_owned(), Node::list(labels))
}

/// One list in which every target finds its own lines, in its own order if that `is_ordered`, else sorted.
///
/// Of the lines that may come next the smallest does: so where the orders of the targets agree with the order of the
/// lines, the list is simply sorted, and a new line moves no other.
fn braid(lists: Vec<(usize, Vec<&Node>)>, is_ordered: bool) -> Vec<(&Node, Targets)> {
    let mut lists: Vec<(usize, std::vec::IntoIter<&Node>)> = lists
        .into_iter()
        .map(|(target, mut lines)| {
            if !is_ordered {
                lines.sort_by_key(|line| rank(line));
            }
            (target, lines.into_iter())
        })
        .collect();
    // How often each line is still to come, by list.
    let mut pending: Vec<BTreeMap<&Node, usize>> = lists
        .iter()
        .map(|(_, lines)| {
            let mut counts = BTreeMap::new();
            for line in lines.as_slice() {
                *counts.entry(*line).or_default() += 1;
            }
            counts
        })
        .collect();
    let mut braided = Vec::new();
    loop {
        let heads: Vec<Option<&Node>> = lists
            .iter()
            .map(|(_, lines)| lines.as_slice().first().copied())
            .collect();
        let is_ready = |line: &&Node| {
            heads
                .iter()
                .zip(&pending)
                .all(|(head, pending)| *head == Some(*line) || !pending.contains_key(*line))
        };
        let known = heads.iter().flatten().copied();
        let ready = known.clone().filter(is_ready).min_by_key(|line| rank(line));
        // Two targets that want the same lines in opposite orders get one of them twice.
        let Some(next) = ready.or_else(|| known.min_by_key(|line| rank(line))) else {
            return braided;
        };
        let mut targets = Targets::new();
        for (index, (target, lines)) in lines_mut(&mut lists).enumerate() {
            if heads.get(index).copied().flatten() != Some(next) {
                continue;
            }
            lines.next();
            targets.insert(*target);
            if let Some(counts) = pending.get_mut(index) {
                match counts.get_mut(next) {
                    Some(count) if *count > 1 => *count -= 1,
                    _ => {
                        counts.remove(next);
                    }
                }
            }
        }
        braided.push((next, targets));
    }
}

fn lines_mut<'l, 'n>(
    lists: &'l mut [(usize, std::vec::IntoIter<&'n Node>)],
) -> impl Iterator<Item = (&'l usize, &'l mut std::vec::IntoIter<&'n Node>)> {
    lists.iter_mut().map(|(target, lines)| (&*target, lines))
}

/// What lines are sorted by: names first, else who asks and where, which is the order in which askers are met.
fn rank(line: &Node) -> (&str, &str, Option<i64>, &Node) {
    let Some(fields) = line.as_table() else {
        return (line.as_text().unwrap_or_default(), "", None, line);
    };
    let text = |name| field(fields, name).and_then(Node::as_text);
    let number = match field(fields, "line").map(|node| &node.kind) {
        Some(Kind::Integer(number)) => Some(*number),
        _ => None,
    };
    let first = ["name", "needs", "by"].into_iter().find_map(text);
    let file = text("file").unwrap_or_default();
    (first.unwrap_or_default(), file, number, line)
}

/// What each of the named targets has, read back from the file's sections: the raw fields, known or not.
pub(crate) fn unshare(labels: &[String], root: &Table) -> Result<Vec<Vec<Entry>>, Fault> {
    let mut contents: Vec<Vec<Entry>> = labels.iter().map(|_| Vec::new()).collect();
    for section in SECTIONS {
        let Some(node) = field(root, section.name) else {
            continue;
        };
        let nodes = match &node.kind {
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        for node in nodes {
            own_entries(labels, section, node, &mut contents)
                .map_err(|fault| fault.inside(section.name))?;
        }
    }
    Ok(contents)
}

fn own_entries(
    labels: &[String],
    section: Section,
    node: &Node,
    contents: &mut [Vec<Entry>],
) -> Result<(), Fault> {
    let fields = node.expect_table()?;
    let everyone: Targets = (0..labels.len()).collect();
    let owners = targets_of(labels, fields, &everyone)?;
    let is_list = |name: &str| section.lists.iter().any(|list| list.name == name);
    let table = node.as_table().map_or(&[][..], Vec::as_slice);
    let head: Table = table
        .iter()
        .filter(|(name, _)| name != TARGETS && !is_list(name))
        .cloned()
        .collect();
    for owner in &owners {
        let mut lists = Vec::new();
        for list in section.lists {
            let mut own = Vec::new();
            for line in fields.list(list.name)? {
                if targets_of_line(labels, line, &owners)?.contains(owner) {
                    own.push(without_targets(line));
                }
            }
            lists.push(own);
        }
        if let Some(content) = contents.get_mut(*owner) {
            content.push(Entry {
                section,
                at: node.at,
                head: head.clone(),
                lists,
            });
        }
    }
    Ok(())
}

fn targets_of_line(labels: &[String], line: &Node, owners: &Targets) -> Result<Targets, Fault> {
    match &line.kind {
        Kind::Table(table) => targets_of(labels, Fields::new(table, line.at), owners),
        _ => Ok(owners.clone()),
    }
}

fn targets_of(labels: &[String], fields: Fields<'_>, all: &Targets) -> Result<Targets, Fault> {
    if fields.get(TARGETS).is_none() {
        return Ok(all.clone());
    }
    let mut targets = Targets::new();
    for node in fields.list(TARGETS)? {
        let label = node.expect_text()?;
        let known = labels.iter().position(|known| known == label);
        targets.insert(known.ok_or_else(|| {
            let label = ayon_model::printable(label);
            Fault::new(node.at, format!("no [[target]] is called `{label}`"))
        })?);
    }
    Ok(targets)
}

fn without_targets(line: &Node) -> Node {
    let kind = match &line.kind {
        Kind::Table(fields) => {
            let rest = fields.iter().filter(|(name, _)| name != TARGETS);
            Kind::Table(rest.cloned().collect())
        }
        other => other.clone(),
    };
    Node { at: line.at, kind }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lists() -> impl Strategy<Value = Vec<Vec<Node>>> {
        let line = (0..6i64).prop_map(|number| Node::new(Kind::Integer(number)));
        prop::collection::vec(prop::collection::vec(line, 0..6), 0..4)
    }

    proptest! {
        #[test]
        fn every_target_finds_its_own_lines_in_its_own_order(lists in lists()) {
            let all = lists.iter().enumerate().map(|(target, lines)| (target, lines.iter().collect()));
            let braided = braid(all.collect(), true);
            for (target, lines) in lists.iter().enumerate() {
                let own: Vec<&Node> = braided
                    .iter()
                    .filter(|(_, targets)| targets.contains(&target))
                    .map(|(line, _)| *line)
                    .collect();
                prop_assert_eq!(own, lines.iter().collect::<Vec<_>>());
            }
            prop_assert!(braided.iter().all(|(_, targets)| !targets.is_empty()));
        }

        #[test]
        fn equal_lists_are_written_once(lines in lists(), count in 1..4usize) {
            let lines: Vec<&Node> = lines.iter().flatten().collect();
            let braided = braid((0..count).map(|target| (target, lines.clone())).collect(), true);
            prop_assert_eq!(braided.len(), lines.len());
        }
    }
}
