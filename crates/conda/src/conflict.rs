//! The answer "no": a smallest set of statements that cannot all be true, what there is of the packages they are about,
//! and something that helps.
//!
//! Facts, not prose: the caller knows the words of who asks. [`Conflict::lines`] puts them into lines.

mod asked;
mod core;
mod lines;
mod remedy;
mod spans;
mod tell;

use std::collections::BTreeSet;

use rattler_solve::CancellationToken;

use crate::engine::Trouble;
use crate::world::World;
use crate::{Ask, Asker, Channel, PackageName, Platform, SolveError};

use self::core::Statements;
pub use self::remedy::Remedy;

/// Statements that cannot all be true. Leaving out any one of them, the others can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The package that cannot be had as it is asked for.
    pub contested: PackageName,
    /// Who says what; from who asks to the contested package.
    pub statements: Vec<Statement>,
    /// What there is of packages of which nothing fits.
    pub absences: Vec<Absence>,
    /// What was tried and helps: the smallest change first. Each helps by itself.
    pub remedies: Vec<Remedy>,
    /// The solver's own account of it: complete, and long.
    pub account: Vec<String>,
}

/// Somebody says what must be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Who says it.
    pub speaker: Speaker,
    /// What is said.
    pub verb: Verb,
    /// Of which package.
    pub about: PackageName,
    /// From which channel alone, if that is said.
    pub channel: Option<String>,
    /// In which words, without the name: what the newest say first. Records that say different things of the same package
    /// make one statement.
    pub ranges: Vec<String>,
    /// The versions there are of it that these ranges leave, as spans. Empty for who asks from outside, and for virtual
    /// packages.
    pub left: Vec<String>,
}

/// Who says something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// Somebody outside.
    Asker(Asker),
    /// One of the caller's own things, by its place in the question, through somebody.
    Own(usize, Asker),
    /// Records of a package: its versions, as spans of those there are (`1.0`, or `1.2 to 1.4`).
    Package(PackageName, Vec<String>),
    /// Whoever pins records.
    Pins,
}

/// What is said of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// It cannot be done without.
    Needs,
    /// If it is there, only so.
    Constrains,
    /// It is given, and nothing else can be had.
    Pins,
}

/// What there is of a package of which nothing fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Which.
    pub name: PackageName,
    /// What there is and can be used: versions of each channel that counts, as spans.
    pub offered: Vec<(Channel, String)>,
    /// Why other records that would fit cannot be used.
    pub reasons: Vec<Reason>,
}

/// Why records that would fit cannot be used, or are not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Strict priority: an earlier channel has the name, and so another's fitting records do not count.
    Hidden {
        /// The channel that is asked first.
        winner: Channel,
        /// The channel that is not.
        hidden: Channel,
        /// What it has that would fit, as spans of versions.
        versions: String,
    },
    /// They are in other channels than the one that is asked for by name.
    Elsewhere {
        /// The channel that has them.
        channel: Channel,
        /// As spans of versions.
        versions: String,
    },
    /// They are newer than what is looked at, or without a date.
    Newer {
        /// As spans of versions.
        versions: String,
    },
    /// They exist for other platforms only.
    OtherPlatform {
        /// For which.
        platforms: Vec<Platform>,
        /// As spans of versions.
        versions: String,
    },
    /// The machine does not have it: it is a virtual package. With what it has, if it has any.
    Machine {
        /// At which version.
        has: Option<String>,
    },
    /// No channel has any of it.
    Unknown {
        /// Names that are close to it.
        close: Vec<PackageName>,
    },
}

/// Finds out why there is no solution.
pub(crate) fn explain(
    ask: &Ask,
    world: &World,
    trouble: Trouble,
    token: &CancellationToken,
) -> Result<Conflict, SolveError> {
    let account = crate::own::in_own_words(ask, &trouble.account);
    let account = account.lines().map(str::to_owned).collect();
    let named: BTreeSet<PackageName> = trouble
        .names
        .into_iter()
        .filter_map(|name| name.parse().ok())
        .collect();
    let mut statements = Statements::around(ask, world, &named, token)?;
    let mut found = statements.smallest()?;
    if found.is_empty() {
        // The names were not all of it: look at everything.
        let all = world.names().cloned().chain(named).collect();
        statements = Statements::around(ask, world, &all, token)?;
        found = statements.smallest()?;
    }
    let mut conflict = tell::tell(ask, &statements, &found)?;
    conflict.account = account;
    conflict.remedies = remedy::find(ask, &statements, &found, &conflict, token)?;
    Ok(conflict)
}
