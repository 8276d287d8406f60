//! What the *specifications* of all ecosystems share: how files are named, what their headers say, who asks for a line.
//!
//! A specification is what the addons of a bundle ask for, merged and narrowed over all of them, without what the
//! process has already. It is not solved: nobody has looked whether such versions exist, and what the packages need in
//! turn is not in it. Every file says so in its first lines, in the same words, so that nobody takes it for a lock.
//!
//! A backend gives [`emit`] a function from one resolution to the [`Body`] of one file. Comments begin with `#`, which
//! YAML, requirement files and a `grep` before `rez-env` agree on.
//!
//! The same input gives the same bytes: a header names no date, no machine and no program version.

mod requirement;

use std::collections::BTreeSet;

use ayon_model::{Process, Subject, printable};

pub use requirement::{Requirement, requirement, without_secret};

use crate::{Asker, Emission, EmitError, Format, Resolution};

/// Columns after which a comment goes on in the next line.
const WIDTH: usize = 110;

/// What a backend says about one resolution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Lines for the header about how to use this file. Without the comment sign.
    pub usage: Vec<String>,
    /// Facts for the header, as label and text, behind those that all specifications have.
    pub facts: Vec<(&'static str, String)>,
    /// The file behind its header, with a line feed at its end.
    pub text: String,
    /// What could not be said as it was meant. They go to the header and to [`Emission::notes`].
    pub notes: Vec<String>,
}

/// Writes one file per resolution: a header, and what `write` makes of the resolution.
pub fn emit(
    resolutions: &[Resolution],
    format: &Format,
    mut write: impl FnMut(&Resolution) -> Result<Body, EmitError>,
) -> Result<Emission, EmitError> {
    let mut emission = Emission::new();
    for (resolution, name) in resolutions
        .iter()
        .zip(file_names(format.file_name, resolutions))
    {
        let body = write(resolution)?;
        let mut content = header(resolution, &SPECIFICATION, &body);
        content.push_str(&body.text);
        emission = emission.with_file(name, content);
        let about = if resolutions.len() > 1 {
            format!("{}: ", resolution.target)
        } else {
            String::new()
        };
        emission
            .notes
            .extend(body.notes.iter().map(|note| format!("{about}{note}")));
    }
    Ok(emission)
}

/// A name for each resolution's file: `plain` for a single one, else with process and platform before the extension,
/// as in `environment-maya-2025-linux-64.yml`.
///
/// Names differ even where case does not count, and hold nothing that a file system minds.
pub fn file_names(plain: &str, resolutions: &[Resolution]) -> Vec<String> {
    if let [_] = resolutions {
        return vec![plain.to_owned()];
    }
    let (stem, extension) = plain
        .rsplit_once('.')
        .map_or((plain, String::new()), |(stem, extension)| {
            (stem, format!(".{extension}"))
        });
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for resolution in resolutions {
        let target = &resolution.target;
        let base = format!(
            "{stem}-{}-{}",
            process_word(&target.process),
            target.platform
        );
        let mut name = format!("{base}{extension}");
        let mut count = 1;
        while !taken.insert(name.to_lowercase()) {
            count += 1;
            name = format!("{base}-{count}{extension}");
        }
        names.push(name);
    }
    names
}

/// A process as one word for names of files and environments: `launcher`, `maya-2025`.
pub fn process_word(process: &Process) -> String {
    match process {
        Process::Launcher => "launcher".to_owned(),
        Process::Headless => "headless".to_owned(),
        Process::Host { name, version } => format!("{}-{}", word(name), word(version)),
    }
}

/// `text` with everything but ASCII letters, digits, `.`, `_` and `-` replaced by `_`, and never only dots.
pub fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let word: String = text
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    if word.trim_matches('.').is_empty() {
        format!("_{}", word.replace('.', "_"))
    } else {
        word
    }
}

/// Everybody who asks, each once and briefly: addons by their names alone, as in `core, ftrack`.
pub fn who<'a>(askers: impl IntoIterator<Item = &'a Asker>) -> String {
    let mut names: Vec<String> = Vec::new();
    for asker in askers {
        let name = match &asker.origin.subject {
            Subject::Addon { name, .. } => name.to_string(),
            subject => subject.to_string(),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// How a header begins.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// What the file is: `Specification`.
    pub kind: &'static str,
    /// What that means, for somebody who found the file.
    pub about: &'static str,
    /// Whether what the process has already is left out of it.
    pub is_without_provided: bool,
}

const SPECIFICATION: Opening = Opening {
    kind: "Specification",
    about: "What the addons ask for, merged and narrowed over all of them, without what the process has already. Not \
            solved against an index: nobody has looked whether such versions exist, and what these packages need in \
            turn is not listed.",
    is_without_provided: true,
};

/// The comments that a file begins with, and an empty line.
pub fn header(resolution: &Resolution, opening: &Opening, body: &Body) -> String {
    let mut out = String::new();
    let subject = resolution
        .bundle
        .as_ref()
        .map_or("a plan".to_owned(), |name| {
            format!("bundle {}", printable(name))
        });
    comment(
        &mut out,
        "",
        &format!("{} of {subject} for {}.", opening.kind, resolution.target),
    );
    comment(&mut out, "", opening.about);
    for line in &body.usage {
        comment(&mut out, "", line);
    }
    comment(&mut out, "", "");
    let facts = facts(resolution, opening.is_without_provided);
    for (label, text) in facts.iter().chain(&body.facts) {
        comment(&mut out, &format!("{label:<9} "), text);
    }
    for note in &body.notes {
        comment(&mut out, "note      ", note);
    }
    out.push('\n');
    out
}

fn facts(resolution: &Resolution, is_without_provided: bool) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(bundle) = &resolution.bundle {
        facts.push(("bundle", bundle.to_string()));
    }
    let launcher = &resolution.launcher;
    facts.push(("target", resolution.target.to_string()));
    facts.push((
        "launcher",
        format!("{} ({})", launcher.version, launcher.filename),
    ));
    let python = &resolution.python;
    let series = if python.is_exact {
        ""
    } else {
        ", any patch release"
    };
    facts.push((
        "python",
        format!("{}{series} ({})", python.text(), python.origin.subject),
    ));
    let addons = resolution.addons.iter().map(|addon| {
        let folder = if addon.development.is_some() {
            " (from a developer's folder)"
        } else {
            ""
        };
        format!("{} {}{folder}", addon.name, addon.version)
    });
    facts.push(("addons", addons.collect::<Vec<_>>().join(", ")));
    if !is_without_provided {
        return facts;
    }
    let asked = resolution.distributions.len();
    let provided = asked - resolution.missing().count();
    let is = if provided == 1 { "is" } else { "are" };
    facts.push((
        "provided",
        format!("{provided} of {asked} distributions asked for {is} there already, and not listed"),
    ));
    facts
}

/// Appends `text` as a comment, wrapped, the lines after the first one indented as far as `label`.
fn comment(out: &mut String, label: &str, text: &str) {
    let mut line = format!("# {label}");
    let indent = " ".repeat(label.chars().count());
    let mut is_empty = true;
    for word in printable(text).split(' ') {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            push_line(out, &line);
            line = format!("# {indent}");
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    push_line(out, &line);
}

fn push_line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_safe_in_file_names() {
        for (text, safe) in [
            ("2025", "2025"),
            ("20.5v3", "20.5v3"),
            ("../x y", ".._x_y"),
            ("..", "___"),
            ("", "_"),
        ] {
            assert_eq!(word(text), safe);
        }
    }

    #[test]
    fn comments_wrap_under_their_label_and_stay_comments() {
        let mut out = String::new();
        comment(&mut out, "addons    ", &"core 1.9.7, ".repeat(12));
        comment(&mut out, "", "a\nb");
        assert!(
            out.lines()
                .all(|line| line.starts_with("# ") && line.chars().count() <= WIDTH),
            "{out}"
        );
        assert_eq!(out.lines().count(), 3);
        assert!(
            out.lines()
                .nth(1)
                .is_some_and(|line| line.starts_with("#           core")),
            "{out}"
        );
        assert!(out.ends_with("# a\u{fffd}b\n"));
    }
}
