//! The text of a lock, byte for byte.
//!
//! Written by hand, not by a serializer: the order of keys, what stands on a line and what is quoted are ours to keep,
//! so that a lock of the same choice never differs, and one that does differs in the lines that say something else.

use std::fmt::Write;

use super::{Dependency, File, Location, Notes, Package, Pylock, Source};

impl Pylock {
    /// The text, with notes in the table of `tool`.
    pub fn to_text(&self, tool: &str) -> String {
        let mut out = String::new();
        let (major, minor) = self.lock_version;
        line(
            &mut out,
            "lock-version",
            &quoted(&format!("{major}.{minor}")),
        );
        if !self.environments.is_empty() {
            let markers = self.environments.iter().map(|marker| quoted(marker));
            line(&mut out, "environments", &array(markers));
        }
        optional(&mut out, "requires-python", self.requires_python.as_deref());
        line(&mut out, "created-by", &quoted(&self.created_by));
        if self.packages.is_empty() {
            // The key is required, and without any package there is no table to say it.
            line(&mut out, "packages", "[]");
        }
        for package in &self.packages {
            out.push_str("\n[[packages]]\n");
            write_package(&mut out, package, tool);
        }
        if !self.platforms.is_empty() {
            let _ = write!(out, "\n[tool.{}]\n", key(tool));
            let platforms = self.platforms.iter().map(|platform| quoted(platform));
            line(&mut out, "platforms", &array(platforms));
        }
        out
    }
}

fn write_package(out: &mut String, package: &Package, tool: &str) {
    line(out, "name", &quoted(package.name.as_str()));
    let version = package.version.as_ref().map(ToString::to_string);
    optional(out, "version", version.as_deref());
    optional(out, "marker", package.marker.as_deref());
    optional(out, "requires-python", package.requires_python.as_deref());
    if !package.dependencies.is_empty() {
        line(
            out,
            "dependencies",
            &array(package.dependencies.iter().map(dependency)),
        );
    }
    optional(out, "index", package.index.as_deref());
    match &package.source {
        Source::Files { wheels, sdist } => {
            if let Some(sdist) = sdist {
                line(out, "sdist", &table(file(sdist, true)));
            }
            if !wheels.is_empty() {
                // Each on a line of its own, even a single one: a second wheel changes one line.
                let wheels = wheels.iter().map(|wheel| table(file(wheel, true)));
                line(out, "wheels", &tall_array(wheels));
            }
        }
        Source::Vcs {
            kind,
            location: place,
            requested_revision,
            commit_id,
            subdirectory,
        } => {
            let mut pairs = vec![("type", quoted(kind)), location(place)];
            pairs.extend(text("requested-revision", requested_revision.as_deref()));
            pairs.push(("commit-id", quoted(commit_id)));
            pairs.extend(text("subdirectory", subdirectory.as_deref()));
            line(out, "vcs", &table(pairs));
        }
        Source::Archive {
            file: archive,
            subdirectory,
        } => {
            let mut pairs = file(archive, false);
            pairs.extend(text("subdirectory", subdirectory.as_deref()));
            line(out, "archive", &table(pairs));
        }
        Source::Directory {
            path,
            editable,
            subdirectory,
        } => {
            let mut pairs = vec![("path", quoted(path))];
            pairs.extend(editable.then(|| ("editable", "true".to_owned())));
            pairs.extend(text("subdirectory", subdirectory.as_deref()));
            line(out, "directory", &table(pairs));
        }
    }
    if !package.notes.is_empty() {
        let _ = write!(out, "\n[packages.tool.{}]\n", key(tool));
        write_notes(out, &package.notes);
    }
}

fn write_notes(out: &mut String, notes: &Notes) {
    optional(out, "half", notes.half.as_deref());
    if !notes.extras.is_empty() {
        let extras = notes.extras.iter().map(|extra| quoted(extra.as_str()));
        line(out, "extras", &array(extras));
    }
    if !notes.wanted_by.is_empty() {
        let wanted = notes.wanted_by.iter().map(|wanted| {
            table(vec![
                ("who", quoted(&wanted.who)),
                ("requirement", quoted(&wanted.requirement)),
            ])
        });
        line(out, "wanted-by", &tall_array(wanted));
    }
    if let Some(held_back) = &notes.held_back {
        let by = held_back.by.iter().map(|who| quoted(who));
        let by: Vec<String> = by.collect();
        let pairs = vec![
            ("newest", quoted(&held_back.newest.to_string())),
            ("by", format!("[{}]", by.join(", "))),
        ];
        line(out, "held-back", &table(pairs));
    }
    if notes.is_yanked {
        line(out, "yanked", "true");
    }
}

type Pairs = Vec<(&'static str, String)>;

fn dependency(dependency: &Dependency) -> String {
    let mut pairs = vec![("name", quoted(dependency.name.as_str()))];
    let version = dependency.version.as_ref().map(ToString::to_string);
    pairs.extend(text("version", version.as_deref()));
    pairs.extend(text("marker", dependency.marker.as_deref()));
    table(pairs)
}

/// The keys of a file in the order of the standard, which is another one for archives.
fn file(file: &File, is_named: bool) -> Pairs {
    let time = file.uploaded.map(|time| ("upload-time", time.to_string()));
    let size = file.size.map(|size| ("size", size.to_string()));
    let hashes = file.hashes.iter();
    let hashes =
        hashes.map(|(algorithm, digits)| format!("{} = {}", key(algorithm), quoted(digits)));
    let hashes = format!("{{ {} }}", hashes.collect::<Vec<_>>().join(", "));
    let mut pairs = Vec::new();
    if is_named {
        pairs.push(("name", quoted(&file.name)));
        pairs.extend(time);
        pairs.push(location(&file.location));
        pairs.extend(size);
    } else {
        pairs.push(location(&file.location));
        pairs.extend(size);
        pairs.extend(time);
    }
    pairs.push(("hashes", hashes));
    pairs
}

fn location(location: &Location) -> (&'static str, String) {
    match location {
        Location::Url(url) => ("url", quoted(url)),
        Location::Path(path) => ("path", quoted(path)),
    }
}

fn text(key: &'static str, value: Option<&str>) -> Option<(&'static str, String)> {
    value.map(|value| (key, quoted(value)))
}

fn optional(out: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        line(out, key, &quoted(value));
    }
}

fn line(out: &mut String, key: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{key} = {value}");
}

/// On one line for one value, else one on each.
fn array(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<String> = values.into_iter().collect();
    match values.as_slice() {
        [] => "[]".to_owned(),
        [only] => format!("[{only}]"),
        _ => tall_array(values),
    }
}

fn tall_array(values: impl IntoIterator<Item = String>) -> String {
    let mut out = "[\n".to_owned();
    for value in values {
        let _ = writeln!(out, "    {value},");
    }
    out.push(']');
    out
}

fn table(pairs: Pairs) -> String {
    let pairs = pairs
        .into_iter()
        .map(|(key, value)| format!("{key} = {value}"));
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

/// A key, bare where TOML lets it be.
fn key(text: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !text.is_empty() && text.chars().all(is_bare) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}
