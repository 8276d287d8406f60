//! One setting of a layer as a value of its kind, and how a text of one may be shown.

use std::path::PathBuf;
use std::time::Duration;

use super::Names;
use crate::program::Report;
use crate::program::setting::{Given, Kind, Layer, Value, read};

pub(super) fn not_usable(name: &str, given: &Given) -> Report {
    Report::unknown(format!(
        "the setting `{name}` cannot be used (from {})",
        given.source
    ))
}

pub(super) fn list(layer: &Layer, name: &str) -> Vec<String> {
    match layer.get(name).map(|given| &given.value) {
        Some(Value::List(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

pub(super) fn duration(layer: &Layer, name: &str) -> Option<Duration> {
    match layer.get(name)?.value {
        Value::Seconds(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        _ => None,
    }
}

pub(super) fn count(layer: &Layer, name: &str) -> u8 {
    match layer.get(name).map(|given| &given.value) {
        Some(Value::Count(count)) => *count,
        _ => 0,
    }
}

pub(super) fn number(layer: &Layer, name: &str) -> Option<i64> {
    match layer.get(name)?.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

pub(super) fn names(layer: &Layer, table: &str) -> Names {
    let name = |given: &Given| match &given.value {
        Value::Text(name) => Some(name.clone()),
        _ => None,
    };
    layer
        .table(table)
        .map(|(key, given)| (key.to_owned(), name(given)))
        .collect()
}

/// The interpreter that a setting names: a word that means yes stands for the usual one.
pub(super) fn interpreter(layer: &Layer, name: &str) -> Option<PathBuf> {
    let text = layer.text(name)?;
    match read(Kind::Switch, text) {
        Ok(Value::Switch(true)) => Some(USUAL_PYTHON.into()),
        Ok(_) => None,
        Err(_) => Some(PathBuf::from(text)),
    }
}

/// What an interpreter is called where nobody names one.
const USUAL_PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// Replaces URLs by what may be shown of them.
pub(super) fn conceal(layer: &mut Layer, name: &'static str) {
    let Some(given) = layer.get(name).cloned() else {
        return;
    };
    let value = match given.value {
        Value::Text(text) => Value::Text(shown(&text)),
        Value::List(texts) => Value::List(texts.iter().map(|text| shown(text)).collect()),
        other => other,
    };
    layer.set(name, value, given.source);
}

/// `text` with the user part of its URL hidden.
pub(super) fn shown(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://****{}", &rest[at..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::setting::Source;

    #[test]
    fn python_is_a_switch_or_a_path() {
        let python = |text: &str| {
            let mut layer = Layer::default();
            layer.set(
                "allow-python",
                Value::Text(text.to_owned()),
                Source::Default,
            );
            interpreter(&layer, "allow-python")
        };
        assert_eq!(python("yes"), Some(USUAL_PYTHON.into()));
        assert_eq!(python("0"), None);
        assert_eq!(python("/opt/python"), Some("/opt/python".into()));
    }
}
