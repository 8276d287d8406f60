//! The order in which packages can be installed one after the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::Record;

/// Every record behind those it needs; where that leaves a choice, by name. Cycles are cut at the first name.
pub(super) fn installable(records: &[Record]) -> Vec<&Record> {
    let by_name: BTreeMap<String, &Record> = records
        .iter()
        .map(|record| (record.name().to_string(), record))
        .collect();
    let needs = |record: &Record| -> Vec<String> {
        let mut names: Vec<String> = record
            .depends()
            .iter()
            .map(|spec| name(spec).to_owned())
            .filter(|name| by_name.contains_key(name))
            .collect();
        // The stack is taken from its end.
        names.sort_unstable_by(|a, b| b.cmp(a));
        names
    };
    let mut ordered = Vec::with_capacity(records.len());
    let mut seen = BTreeSet::new();
    for first in by_name.keys() {
        // Depth first, without recursion: a name is met, and met again when all it needs is behind it.
        let mut open = vec![(first.clone(), false)];
        while let Some((name, is_done)) = open.pop() {
            let Some(record) = by_name.get(&name) else {
                continue;
            };
            if is_done {
                ordered.push(*record);
            } else if seen.insert(name.clone()) {
                open.push((name, true));
                open.extend(needs(record).into_iter().map(|name| (name, false)));
            }
        }
    }
    ordered
}

/// The name in a dependency, `python >=3.11,<3.12.0a0` or `conda-forge::python=3.11`.
pub(super) fn name(spec: &str) -> &str {
    let spec = spec.trim_start();
    // A channel may be an address, with everything but these in it.
    let until = |end: Option<usize>| spec.get(..end.unwrap_or(spec.len())).unwrap_or(spec);
    let first = until(spec.find(|c: char| c.is_whitespace() || "=<>!~[(;@,".contains(c)));
    first.rsplit_once("::").map_or(first, |(_, name)| name)
}
