//! Writing a context, byte for byte as rez does: JSON with sorted keys, four spaces, and ASCII alone.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{Context, Graph, MAJOR_VERSION, NEWEST_MINOR_VERSION, VariantHandle};
use crate::requirement::Requirement;

impl Context {
    /// The text of an `.rxt` file, as rez's own `json.dumps(…, indent=4, sort_keys=True)` would print it: the same
    /// context is always the same bytes, and what rez wrote comes back unchanged.
    pub fn write(&self) -> String {
        let mut text = String::new();
        print(&Value::Object(self.table()), 0, &mut text);
        text
    }

    fn table(&self) -> Map<String, Value> {
        let mut table: Map<String, Value> = self.other.clone().into_iter().collect();
        let mut set = |key: &str, value: Value| {
            table.insert(key.to_owned(), value);
        };
        let minor_version = self.minor_version.max(NEWEST_MINOR_VERSION);
        set(
            "serialize_version",
            format!("{MAJOR_VERSION}.{minor_version}").into(),
        );
        set("status", self.status.as_str().into());
        set(
            "failure_description",
            self.failure_description.clone().into(),
        );
        set("package_requests", texts(&self.requests));
        set("implicit_packages", texts(&self.implicit));
        set("package_paths", self.package_paths.clone().into());
        set("package_filter", self.package_filter.clone());
        let orderers = match &self.package_orderers {
            Value::Array(none) if none.is_empty() => Value::Null,
            orderers => orderers.clone(),
        };
        set("package_orderers", orderers);
        set("requested_timestamp", self.requested_timestamp.into());
        set("timestamp", self.timestamp.into());
        set("building", self.building.into());
        set("testing", self.testing.into());
        set("caching", self.caching.into());
        set(
            "resolved_packages",
            Value::Array(self.resolved.iter().map(VariantHandle::to_value).collect()),
        );
        set("resolved_ephemerals", texts(&self.ephemerals));
        // rez loads a context without a graph, and then fails to save it.
        let graph = match self.graph.as_str() {
            "" => Graph::default().compact(),
            graph => graph.to_owned(),
        };
        set("graph", graph.into());
        set("from_cache", self.from_cache.into());
        set("solve_time", seconds(self.solve_time));
        set("load_time", seconds(self.load_time));
        set("num_loaded_packages", self.loaded_packages.into());
        set("append_sys_path", self.append_sys_path.into());
        set("package_caching", self.package_caching.into());
        set("package_cache_async", self.package_cache_async.into());
        set("default_patch_lock", self.default_patch_lock.clone().into());
        set("patch_locks", self.patch_locks.clone());
        set("rez_version", self.rez_version.clone().into());
        set("rez_path", self.rez_path.clone().into());
        set("user", self.user.clone().into());
        set("host", self.host.clone().into());
        set("platform", self.platform.clone().into());
        set("arch", self.arch.clone().into());
        set("os", self.os.clone().into());
        set("created", self.created.into());
        set("parent_suite_path", self.parent_suite_path.clone().into());
        set("suite_context_name", self.suite_context_name.clone().into());
        table
    }
}

fn texts(requirements: &[Requirement]) -> Value {
    requirements.iter().map(ToString::to_string).collect()
}

/// A number of seconds; one that is no number, which JSON does not have, is zero.
fn seconds(number: f64) -> Value {
    Value::from(if number.is_finite() { number } else { 0.0 })
}

/// Prints a value as Python's `json` does. Nesting is what the reader lets through, or what the caller has built.
fn print(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => {
                text.push_str(&python_literal::Value::Float(float).to_string());
            }
            _ => text.push_str(&number.to_string()),
        },
        Value::String(string) => print_text(string, text),
        Value::Array(items) => {
            print_block('[', items, ']', depth, text, |item, text| {
                print(item, depth + 1, text);
            });
        }
        Value::Object(table) => {
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            print_block('{', entries, '}', depth, text, |(key, item), text| {
                print_text(key, text);
                text.push_str(": ");
                print(item, depth + 1, text);
            });
        }
    }
}

/// Prints items one a line, indented, and nothing between the brackets where there are none.
fn print_block<T>(
    open: char,
    items: impl IntoIterator<Item = T>,
    close: char,
    depth: usize,
    text: &mut String,
    mut print_item: impl FnMut(T, &mut String),
) {
    text.push(open);
    let mut empty = true;
    for item in items {
        text.push_str(if empty { "\n" } else { ",\n" });
        empty = false;
        text.extend(std::iter::repeat_n("    ", depth + 1));
        print_item(item, text);
    }
    if !empty {
        text.push('\n');
        text.extend(std::iter::repeat_n("    ", depth));
    }
    text.push(close);
}

/// Prints a text with everything outside printable ASCII escaped, in UTF-16 as JSON wants it.
fn print_text(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing into a text cannot fail.
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}
