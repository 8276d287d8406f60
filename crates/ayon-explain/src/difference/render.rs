//! A difference as text, and as Markdown for a review.
//!
//! Both leave out requirements that only moved, and pins, which the versions tell already; the document has them.

use std::fmt::Write as _;

use crate::graph::Kind;
use crate::why::columns;

use super::{Difference, RequirementChange, State, ThingChange};

/// A group of things under one heading.
const GROUPS: [(&str, &[Kind]); 3] = [
    (
        "studio",
        &[
            Kind::Bundle,
            Kind::Other,
            Kind::Server,
            Kind::Launcher,
            Kind::Host,
            Kind::Python,
        ],
    ),
    ("addons", &[Kind::Addon]),
    ("packages", &[Kind::Distribution, Kind::Package]),
];

impl Difference {
    /// For people: `+` came, `-` went, `~` changed; requirements that changed between things that stay come last.
    pub fn text(&self) -> String {
        let mut text = self.headline();
        text.push('\n');
        for (title, kinds) in GROUPS {
            let lines: Vec<(String, String)> = self.of_kinds(kinds).map(line).collect();
            if !lines.is_empty() {
                let _ = writeln!(text, "\n{title}");
                columns(&mut text, &lines);
            }
        }
        let said: Vec<(String, String)> = self.said().map(requirement_line).collect();
        if !said.is_empty() {
            text.push_str("\nrequirements\n");
            columns(&mut text, &said);
        }
        text
    }

    /// The same for a pull request or a message: a table per group.
    pub fn markdown(&self) -> String {
        let mut text = format!("### {}\n", escaped(&self.headline()));
        for (title, kinds) in GROUPS {
            let mut rows = self.of_kinds(kinds).peekable();
            if rows.peek().is_none() {
                continue;
            }
            let _ = write!(
                text,
                "\n| {title} | before | after | why |\n|---|---|---|---|\n"
            );
            for change in rows {
                let version =
                    |state: &Option<State>| state.as_ref().map_or_else(String::new, words);
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} |",
                    escaped(&change.name),
                    escaped(&version(&change.before)),
                    escaped(&version(&change.after)),
                    escaped(&because(change)),
                );
            }
        }
        let mut said = self.said().peekable();
        if said.peek().is_some() {
            text.push_str("\n| who | before | after | where |\n|---|---|---|---|\n");
        }
        for change in said {
            let what = |saying: Option<&super::Saying>| {
                saying.map_or("", |saying| &saying.text).to_owned()
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                escaped(&change.from),
                escaped(&what(change.before.as_ref())),
                escaped(&what(change.after.as_ref())),
                escaped(place(change)),
            );
        }
        text
    }

    fn headline(&self) -> String {
        let ends = format!("{} → {}", self.before, self.after);
        if self.is_empty() {
            return format!("{ends}: no difference");
        }
        let mut counts = Vec::new();
        let mut count = |number: usize, one: &str, many: &str| match number {
            0 => {}
            1 => counts.push(format!("1 {one}")),
            _ => counts.push(format!("{number} {many}")),
        };
        count(
            self.of_kinds(GROUPS[0].1).count(),
            "part of the studio",
            "parts of the studio",
        );
        count(self.of_kinds(GROUPS[1].1).count(), "addon", "addons");
        count(self.of_kinds(GROUPS[2].1).count(), "package", "packages");
        count(self.said().count(), "requirement", "requirements");
        let moved = self
            .requirements
            .iter()
            .filter(|change| moved(change))
            .count();
        count(moved, "more that only moved", "more that only moved");
        format!("{ends}: {}", counts.join(", "))
    }

    fn of_kinds(&self, kinds: &'static [Kind]) -> impl Iterator<Item = &ThingChange> {
        self.things
            .iter()
            .filter(|change| kinds.contains(&change.kind))
    }

    /// Requirements that say something else now.
    fn said(&self) -> impl Iterator<Item = &RequirementChange> {
        let is_told = |change: &&RequirementChange| {
            let mut sayings = change.before.iter().chain(&change.after);
            moved(change) || sayings.all(|saying| saying.is_pin)
        };
        self.requirements
            .iter()
            .filter(move |change| !is_told(change))
    }
}

/// Whether only the place is another.
fn moved(change: &RequirementChange) -> bool {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => before.text == after.text,
        _ => false,
    }
}

fn line(change: &ThingChange) -> (String, String) {
    let line = match (&change.before, &change.after) {
        (Some(before), None) => format!("  - {} {}", change.title(), words(before)),
        (None, Some(after)) => format!("  + {} {}", change.title(), words(after)),
        (Some(before), Some(after)) => format!("  ~ {} {}", change.title(), step(before, after)),
        (None, None) => String::new(),
    };
    (line.trim_end().to_owned(), because(change))
}

/// `1.6.11 → 1.7.0`, and what else is another.
fn step(before: &State, after: &State) -> String {
    if before.version != after.version || before.is_given != after.is_given {
        return format!("{} → {}", words(before), words(after));
    }
    let from = |state: &State| {
        state
            .location
            .clone()
            .unwrap_or_else(|| "nowhere".to_owned())
    };
    format!("{} from {} → {}", words(after), from(before), from(after))
}

fn words(state: &State) -> String {
    let version = state.version.as_deref().unwrap_or("any version");
    if state.is_given {
        format!("{version} (there already)")
    } else {
        version.to_owned()
    }
}

/// The first that asks, and how many others do. Of what changed its version under unchanged requirements that says
/// enough: the document has all of them.
fn because(change: &ThingChange) -> String {
    let first = change.because.first().cloned().unwrap_or_default();
    match change.because.len() {
        0 | 1 => first,
        2 => format!("{first}, and 1 other asks"),
        number => format!("{first}, and {} others ask", number - 1),
    }
}

fn requirement_line(change: &RequirementChange) -> (String, String) {
    let (from, to) = (&change.from, &change.to);
    let line = match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("  ~ {from} {} → {}", before.text, after.text),
        (Some(before), None) => format!("  - {from} {}", before.text),
        (None, Some(after)) => format!("  + {from} {}", after.text),
        (None, None) => format!("  {from} {to}"),
    };
    (line, place(change).to_owned())
}

fn place(change: &RequirementChange) -> &str {
    let saying = change.after.as_ref().or(change.before.as_ref());
    saying
        .and_then(|saying| saying.place.as_deref())
        .unwrap_or_default()
}

/// A cell of a Markdown table: what Markdown or HTML would read otherwise is escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '~' | '#' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}
