//! A backend's own "no": what its ecosystem lacks, and what its solver says.

use std::fmt::Write as _;

use ayon_model::{Origin, Target, printable};
use ayon_solve::Demand;

/// Why an ecosystem has no answer for a target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} has no {answer} for {target}: {}", self.reason())]
pub struct Refusal {
    /// What was resolved: `bundle staging`.
    pub what: String,
    /// What was wanted of it: `rez context`.
    pub answer: &'static str,
    /// For which target.
    pub target: Target,
    /// What is asked for and is not there, everything at once.
    pub lacks: Vec<Lack>,
    /// What the solver says, where everything is there and does not fit together; may have several lines.
    pub explanation: String,
    /// What does not fit together, as data: who asks for what. Empty where a solver tells no more than its explanation.
    pub demands: Vec<Demand>,
    /// All that the solver says, for who wants to read it; may be long.
    pub account: Vec<String>,
}

/// Something that is asked for and is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// The request, in the ecosystem's words: `clique-1.6+<1.7`.
    pub request: String,
    /// What there is instead: no such family, or which versions.
    pub reason: String,
    /// Who asks, where that is written, and in which words; empty where the target itself does.
    pub askers: Vec<(Origin, String)>,
}

impl Refusal {
    fn reason(&self) -> String {
        match self.lacks.len() {
            0 => "what it asks for does not fit together".to_owned(),
            1 => "one package that it asks for is not there".to_owned(),
            several => format!("{several} packages that it asks for are not there"),
        }
    }

    /// Everything for a person to read, several lines with a line feed at the end of each.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for lack in &self.lacks {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{}: {}",
                printable(&lack.request),
                printable(&lack.reason)
            );
            for (origin, words) in &lack.askers {
                let _ = writeln!(text, "    {origin} asks for {}", printable(words));
            }
        }
        for line in self.explanation.lines() {
            let _ = writeln!(text, "{}", printable(line));
        }
        text
    }
}
