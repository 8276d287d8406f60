//! The answer "no": facts that cannot all be true, in AYON's nouns.
//!
//! A conflict is data before it is text. Each [`Fact`] says who wants what of whom, in the words in which it was
//! written and with the places where it stands; the facts alone already have no solution. Words, tables and pictures
//! are made of them elsewhere (`ayon-explain`).

use std::fmt;

use ayon_model::{AddonName, Origin, Subject, Target};
use pypi::DistributionName;

/// Facts that cannot all be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// For which target.
    pub target: Target,
    /// The facts, grouped by what they are about, the contested things nearest to the request first.
    pub facts: Vec<Fact>,
}

/// One fact: `subjects` `verb` `object` `range`, as in *addon editorial 0.4.1 needs opentimelineio <0.16*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Who: usually one, or several versions of one addon or launcher that say the same.
    pub subjects: Vec<Subject>,
    /// What they do.
    pub verb: Verb,
    /// What it is about.
    pub object: Object,
    /// The versions, as written.
    pub range: String,
    /// Where it is written, for the newest of the subjects first.
    pub origins: Vec<Origin>,
}

/// What a subject does to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Has it, at one version that nothing can change.
    Provides,
    /// Names exactly this version.
    Pins,
    /// Cannot do without it.
    Needs,
    /// Can do without it, but not with another version.
    IfPresentNeeds,
    /// Cannot be together with it.
    Avoids,
    /// Has no such version (the subject is the studio, the bundle or an index).
    Lacks,
    /// Cannot be used at all; the range says why.
    IsUnusable,
}

/// What a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// The server.
    Server,
    /// The launcher.
    Launcher,
    /// The interpreter.
    Python,
    /// An addon.
    Addon(AddonName),
    /// A Python distribution.
    Distribution(DistributionName),
}

impl Conflict {
    /// What the facts are about, each once, in their order.
    pub fn contested(&self) -> Vec<&Object> {
        let mut objects: Vec<&Object> = Vec::new();
        for fact in &self.facts {
            if !objects.contains(&&fact.object) {
                objects.push(&fact.object);
            }
        }
        objects
    }
}

impl fmt::Display for Object {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server => formatter.write_str("server"),
            Self::Launcher => formatter.write_str("launcher"),
            Self::Python => formatter.write_str("python"),
            Self::Addon(name) => name.fmt(formatter),
            Self::Distribution(name) => name.fmt(formatter),
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Provides => "provides",
            Self::Pins => "pins",
            Self::Needs => "needs",
            Self::IfPresentNeeds => "if present, needs",
            Self::Avoids => "avoids",
            Self::Lacks => "lacks",
            Self::IsUnusable => "cannot be used:",
        })
    }
}
