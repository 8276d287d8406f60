//! When two dict keys are one key.
//!
//! Python compares by value across types: `1`, `1.0` and `True` are the same key, `"1"` is another. A [`Key`] is a
//! value brought to one form, so that a dict is checked in the time of a sort rather than pair by pair.

use crate::value::{Entry, Node, Value};

/// The canonical form of a hashable value.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    None,
    Int(i128),
    /// An integer beyond 128 bits, in decimal digits.
    BigInt(String),
    /// A float that is no integer, by its bits.
    Float(u64),
    Str(String),
    Bytes(Vec<u8>),
    Tuple(Vec<Key>),
}

impl Key {
    /// The canonical form, or the kind of value that Python cannot hash.
    pub(crate) fn of(value: &Value) -> Result<Key, &'static str> {
        Ok(match value {
            Value::None => Key::None,
            Value::Bool(truth) => Key::Int(i128::from(*truth)),
            Value::Int(number) => Key::Int(*number),
            Value::BigInt(digits) => Key::BigInt(digits.clone()),
            Value::Float(number) => of_float(*number),
            Value::Str(text) => Key::Str(text.clone()),
            Value::Bytes(bytes) => Key::Bytes(bytes.clone()),
            Value::Tuple(items) => Key::Tuple(
                items
                    .iter()
                    .map(|item| Key::of(&item.value))
                    .collect::<Result<_, _>>()?,
            ),
            Value::List(_) | Value::Dict(_) | Value::Set(_) => return Err(value.kind()),
        })
    }
}

/// A float that is a whole number equals that integer; Rust prints such a float exactly.
fn of_float(number: f64) -> Key {
    if number.is_finite() && number.fract() == 0.0 {
        let digits = format!("{number:.0}");
        // `-0.0` prints with its sign, and is zero.
        return digits.parse().map_or(Key::BigInt(digits), Key::Int);
    }
    Key::Float(number.to_bits())
}

/// Merges entries with one key as Python does: the first key stays in its place, the last value wins.
pub(crate) fn merge_entries(entries: Vec<Entry>) -> Result<Vec<Entry>, &'static str> {
    let mut seen = std::collections::BTreeMap::new();
    let mut merged: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        match seen.entry(Key::of(&entry.key.value)?) {
            std::collections::btree_map::Entry::Occupied(place) => {
                let index: usize = *place.get();
                merged[index].value = entry.value;
            }
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(merged.len());
                merged.push(entry);
            }
        }
    }
    Ok(merged)
}

/// Keeps the first of equal items.
pub(crate) fn merge_items(mut items: Vec<Node>) -> Result<Vec<Node>, &'static str> {
    let mut seen = std::collections::BTreeSet::new();
    let mut refused = None;
    items.retain(|item| match Key::of(&item.value) {
        Ok(key) => seen.insert(key),
        Err(kind) => {
            refused.get_or_insert(kind);
            true
        }
    });
    refused.map_or(Ok(items), Err)
}
