//! Why a lock cannot be read, and why it cannot be made. Every message names the place and the way out.

use std::fmt;

use ayon_model::{Target, printable};

use crate::digest::Digest;

/// A place in the text of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Position {
    /// The place of a byte of `text`.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset.min(text.len())).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// A text that is no lock, or not one that may be used. Whoever knows the file's name puts it before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Version control could not merge the file and has said so inside it.
    #[error(
        "{at}: this is a merge conflict (`{marker}`), not a lock; take either side of the whole file and lock again with \
         `ayon-resolve lock`, which keeps every version that still fits"
    )]
    MergeConflict {
        /// The first marker.
        at: Position,
        /// Its beginning.
        marker: &'static str,
    },
    /// The text is not TOML.
    #[error("{at}: {message}; the lock is damaged: restore it from version control, or lock again")]
    Syntax {
        /// Where.
        at: Position,
        /// What is wrong.
        message: String,
    },
    /// It was written by a later program, in a form that this one cannot know.
    #[error(
        "{at}: the lock has schema {found}, and this program reads {known}.x; use a newer ayon-resolve, or lock again with \
         this one"
    )]
    Newer {
        /// Where the schema is written.
        at: Position,
        /// Its schema.
        found: String,
        /// The major version that is known here.
        known: u32,
    },
    /// A field is missing, or says what it cannot say.
    #[error("{at}: {message}; the lock is damaged: restore it from version control, or lock again")]
    Field {
        /// Where.
        at: Position,
        /// What is wrong, with the names of the tables around it.
        message: String,
    },
    /// It has changed since it was written.
    #[error(
        "{at}: the lock says {written} of itself, and is {computed}: it was changed by hand, damaged or merged; restore it \
         from version control, or lock again with `ayon-resolve lock`, which keeps every version that still fits"
    )]
    Digest {
        /// Where the digest is written.
        at: Position,
        /// What is written.
        written: Digest,
        /// What it should be.
        computed: Digest,
    },
    /// No lock is near this size.
    #[error("the lock has {size} bytes; none is larger than {limit}")]
    TooLarge {
        /// Its bytes.
        size: usize,
        /// The most that are read.
        limit: usize,
    },
}

/// What was chosen cannot be kept in one lock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// A lock is about one bundle.
    #[error(
        "a lock is for one bundle: {target} was solved for {found}, the lock is for {wanted}; write a lock for each"
    )]
    TwoBundles {
        /// The target that differs.
        target: Target,
        /// Its bundle.
        found: String,
        /// The lock's.
        wanted: String,
    },
    /// A target was solved twice.
    #[error("{0} is twice in the lock; solve it once")]
    Twice(Target),
    /// A path that is no text.
    #[error(
        "{what}: `{}` cannot be written: it is not UTF-8; move it to a path that is",
        printable(path)
    )]
    NotText {
        /// What it belongs to.
        what: String,
        /// The path, as far as it can be shown.
        path: String,
    },
}

/// The lock is for something else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtherLock {
    /// For another bundle.
    #[error("the lock is for {found}, not for {wanted}; lock {wanted}, or name its own lock")]
    Bundle {
        /// What it is for.
        found: String,
        /// What was asked.
        wanted: String,
    },
    /// What another backend chose, or nobody.
    #[error(
        "the lock has {}, and nothing of {wanted}; lock again with `--emit {wanted}`, or emit {}",
        what_is_chosen(found.as_deref()), what_may_be_emitted(found.as_deref())
    )]
    Backend {
        /// Who has solved for it, if anybody.
        found: Option<String>,
        /// Whose choice was asked.
        wanted: String,
    },
    /// For other targets.
    #[error(
        "the lock has nothing for {wanted}, only for {}; lock again with that target",
        crate::error::listed(known)
    )]
    Target {
        /// What was asked.
        wanted: Target,
        /// What it is for.
        known: Vec<Target>,
    },
}

fn what_is_chosen(backend: Option<&str>) -> String {
    match backend {
        Some(backend) => format!("what {} chose", printable(backend)),
        None => "requirements that nobody has solved".to_owned(),
    }
}

fn what_may_be_emitted(backend: Option<&str>) -> String {
    match backend {
        Some(backend) => format!("what {} writes", printable(backend)),
        None => "a specification".to_owned(),
    }
}

pub(crate) fn listed(targets: &[Target]) -> String {
    if targets.is_empty() {
        return "no target at all".to_owned();
    }
    let targets: Vec<String> = targets.iter().map(Target::to_string).collect();
    targets.join(", ")
}
