//! What `rez why` has to tell, as lines and as a document.

use std::fmt::Write as _;

use ayon_resolve::rez::{Hindrance, Member, Newer, Path, Paths};
use serde::Serialize;

use super::Attempt;

/// A package in a resolve, how it came there, and what holds its version back.
pub(super) struct Story<'a> {
    pub(super) members: &'a [Member],
    pub(super) member: &'a Member,
    pub(super) ways: &'a Paths,
    /// The newer versions, the newest first.
    pub(super) newer: &'a [Newer],
    /// What comes of the newest one that nobody asks against.
    pub(super) tried: Option<&'a Attempt>,
}

/// So many lines about newer versions are shown, if nobody wants more.
const LINES: usize = 8;

impl Story<'_> {
    pub(super) fn text(&self, verbose: bool) -> String {
        let mut text = format!("{}\n", self.member.label());
        for way in &self.ways.paths {
            let _ = writeln!(text, "  {}", self.way(way));
        }
        if self.ways.is_cut {
            let more = if verbose { "" } else { "; `-v` shows more" };
            let _ = writeln!(text, "  and in more ways{more}");
        }
        if self.newer.is_empty() {
            let _ = writeln!(text, "\nno newer version is there");
            return text;
        }
        let lines = self.newer_lines();
        let shown = if verbose { lines.len() } else { LINES };
        let _ = writeln!(text, "\nnewer versions");
        for line in lines.iter().take(shown) {
            for (at, line) in line.lines().enumerate() {
                let indent = if at == 0 { "" } else { "  " };
                let _ = writeln!(text, "{}", format!("  {indent}{line}").trim_end());
            }
        }
        if lines.len() > shown {
            let _ = writeln!(text, "  and {} more; `-v` shows them", lines.len() - shown);
        }
        text
    }

    /// `request maya > maya-2024.1 needs python-3.10`.
    fn way(&self, way: &Path) -> String {
        let mut line = format!("request {}", way.request);
        for step in &way.steps {
            let label = self.members[step.member].label();
            let _ = write!(line, " > {label} needs {}", step.requirement);
        }
        line
    }

    /// Newer versions with what keeps them out, those with the same hindrance together.
    fn newer_lines(&self) -> Vec<String> {
        let mut lines: Vec<(Vec<String>, String)> = Vec::new();
        let mut tried = self.tried;
        for newer in self.newer {
            let reason = match &newer.hindrance {
                Hindrance::Own => match tried.take() {
                    Some(attempt) => told(attempt),
                    None => "nobody asks against it".to_owned(),
                },
                hindrance => hindrance_text(hindrance),
            };
            let version = newer.version.to_string();
            match lines.last_mut() {
                Some((versions, last)) if *last == reason => versions.push(version),
                _ => lines.push((vec![version], reason)),
            }
        }
        lines
            .into_iter()
            .map(|(versions, reason)| format!("{}: {reason}", versions.join(", ")))
            .collect()
    }

    pub(super) fn document(&self) -> Document {
        let step = |step: &ayon_resolve::rez::Step| StepDocument {
            package: self.members[step.member].label(),
            needs: step.requirement.to_string(),
        };
        let way = |way: &Path| WayDocument {
            request: way.request.to_string(),
            steps: way.steps.iter().map(step).collect(),
        };
        let mut tried = self.tried;
        let newer = |newer: &Newer| NewerDocument {
            version: newer.version.to_string(),
            hindrance: match &newer.hindrance {
                Hindrance::Requirements(asking) => HindranceDocument::Requirements {
                    asking: asking
                        .iter()
                        .map(|(package, requirement)| AskingDocument {
                            package: package.clone(),
                            needs: requirement.to_string(),
                        })
                        .collect(),
                },
                Hindrance::Filter(rule) => HindranceDocument::Filter { rule: rule.clone() },
                Hindrance::Broken(error) => HindranceDocument::Broken {
                    error: error.clone(),
                },
                Hindrance::Own => match tried.take() {
                    None => HindranceDocument::Untried,
                    Some(Attempt::Solved(changes)) => HindranceDocument::Chosen {
                        changes: changes.clone(),
                    },
                    Some(Attempt::Failed(explanation)) => HindranceDocument::Conflict {
                        explanation: explanation.clone(),
                    },
                },
            },
        };
        Document {
            package: self.member.name.to_string(),
            version: self.member.version.to_string(),
            variant: self.member.index,
            paths: self.ways.paths.iter().map(way).collect(),
            more_paths: self.ways.is_cut,
            newer: self.newer.iter().map(newer).collect(),
        }
    }
}

fn told(attempt: &Attempt) -> String {
    match attempt {
        Attempt::Solved(changes) if changes.is_empty() => {
            "it would do; another one was preferred".to_owned()
        }
        Attempt::Solved(changes) => {
            format!("nobody asks against it, but with it the resolve changes\n{changes}")
        }
        Attempt::Failed(explanation) => format!("with it nothing fits\n{explanation}"),
    }
}

fn hindrance_text(hindrance: &Hindrance) -> String {
    match hindrance {
        Hindrance::Requirements(asking) => {
            let asking = asking.iter().map(|(package, requirement)| match package {
                Some(package) => format!("{package} needs {requirement}"),
                None => format!("the request is {requirement}"),
            });
            asking.collect::<Vec<_>>().join(", ")
        }
        Hindrance::Filter(rule) => format!("left out by the filter {rule}"),
        Hindrance::Broken(error) => format!("cannot be read: {error}"),
        Hindrance::Own => String::new(),
    }
}

/// Why a package is in a resolve.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    package: String,
    version: String,
    variant: Option<usize>,
    paths: Vec<WayDocument>,
    more_paths: bool,
    newer: Vec<NewerDocument>,
}

#[derive(Serialize)]
struct WayDocument {
    request: String,
    steps: Vec<StepDocument>,
}

#[derive(Serialize)]
struct StepDocument {
    package: String,
    needs: String,
}

#[derive(Serialize)]
struct NewerDocument {
    version: String,
    hindrance: HindranceDocument,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum HindranceDocument {
    /// Somebody asks for other versions.
    Requirements { asking: Vec<AskingDocument> },
    /// A filter, or the time that was asked for.
    Filter { rule: String },
    /// It cannot be read.
    Broken { error: String },
    /// With it nothing fits.
    Conflict { explanation: String },
    /// With it the resolve is another one.
    Chosen { changes: String },
    /// Nobody asks against it, and it was not tried.
    Untried,
}

#[derive(Serialize)]
struct AskingDocument {
    /// None for a request.
    package: Option<String>,
    needs: String,
}
