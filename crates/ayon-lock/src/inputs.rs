//! What a lock was made from, and why it is stale.
//!
//! An input is named, and has a value that people read (a version, the setting of an option), a digest of its content,
//! or both. Whoever locks computes them; here they are compared. So "why" is answered by name: *addon core: was 1.2.3,
//! is 1.2.4*, not by one sum that differs.

use std::collections::BTreeMap;
use std::fmt;

use ayon_model::{Target, printable};

use crate::digest::Digest;
use crate::fault::Fault;
use crate::lock::{Lock, Subject, bundle_words};
use crate::node::{Fields, Making, Table};
use crate::shape::{Entry, MADE_FROM};
use crate::unknown::Unknown;

/// Something that a resolution depends on, by kind and name: `addon core`, `option prereleases`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputName {
    /// In one word.
    pub kind: InputKind,
    /// Which of its kind; empty where there is one only.
    pub name: String,
}

/// A kind of input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputKind {
    /// A bundle's record: the studio's or the project's.
    Bundle,
    /// The pinned release of an addon, and what it says of itself.
    Addon,
    /// The launcher's release and its builds.
    Launcher,
    /// A dependency package's record.
    DependencyPackage,
    /// A host's profile.
    Host,
    /// The settings of a file, or of the studio.
    Settings,
    /// An option that was given.
    Option,
    /// Where packages come from: a channel, an index, a repository.
    Source,
    /// A kind that a later program knows.
    Other(String),
}

/// The state of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputState {
    /// What people read of it: a version, a setting.
    pub value: Option<String>,
    /// Of its content.
    pub digest: Option<Digest>,
}

/// All inputs of a lock, by name.
pub type Inputs = BTreeMap<InputName, InputState>;

/// Why a lock is stale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is for another bundle.
    Bundle {
        /// The lock's.
        was: Option<String>,
        /// What is wanted.
        is: Option<String>,
    },
    /// It is for another variant.
    Variant {
        /// The lock's.
        was: Option<String>,
        /// What is wanted.
        is: Option<String>,
    },
    /// It is for another project.
    Project {
        /// The lock's.
        was: Option<String>,
        /// What is wanted.
        is: Option<String>,
    },
    /// It was solved by another backend, or by none.
    Backend {
        /// The lock's.
        was: Option<String>,
        /// What is wanted.
        is: Option<String>,
    },
    /// It has nothing for this target.
    Target(Target),
    /// An input is new.
    Added(InputName, InputState),
    /// An input is gone.
    Removed(InputName, InputState),
    /// An input has another value.
    Value {
        /// Which.
        input: InputName,
        /// When it was locked.
        was: Option<String>,
        /// Now.
        is: Option<String>,
    },
    /// The content of an input has changed, and its value has not.
    Content(InputName),
}

/// What a lock is wanted for now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// For what.
    pub subject: Subject,
    /// For which targets.
    pub targets: Vec<Target>,
    /// What it would be made from.
    pub inputs: Inputs,
}

/// Why `lock` is not what would be made now: nothing where it is. The reasons come in the order in which they matter.
///
/// A lock may have more targets than are wanted: one person asks for one, the lock serves all.
pub fn stale(lock: &Lock, wanted: &Wanted) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let (was, is) = (lock.subject(), &wanted.subject);
    let text = |bundle: &Option<std::sync::Arc<str>>| bundle.as_deref().map(str::to_owned);
    if was.bundle != is.bundle {
        let (was, is) = (text(&was.bundle), text(&is.bundle));
        reasons.push(Reason::Bundle { was, is });
    }
    if was.variant != is.variant {
        let text = |subject: &Subject| subject.variant.as_ref().map(ToString::to_string);
        let (was, is) = (text(was), text(is));
        reasons.push(Reason::Variant { was, is });
    }
    if was.project != is.project {
        let (was, is) = (was.project.clone(), is.project.clone());
        reasons.push(Reason::Project { was, is });
    }
    if was.backend != is.backend {
        let (was, is) = (was.backend.clone(), is.backend.clone());
        reasons.push(Reason::Backend { was, is });
    }
    let missing = wanted
        .targets
        .iter()
        .filter(|target| lock.resolution(target).is_err());
    reasons.extend(missing.cloned().map(Reason::Target));
    changed_inputs(lock.inputs(), &wanted.inputs, &mut reasons);
    reasons
}

fn changed_inputs(was: &Inputs, is: &Inputs, reasons: &mut Vec<Reason>) {
    let names: std::collections::BTreeSet<&InputName> = was.keys().chain(is.keys()).collect();
    for name in names {
        let input = name.clone();
        reasons.extend(match (was.get(name), is.get(name)) {
            (None, None) => None,
            (None, Some(is)) => Some(Reason::Added(input, is.clone())),
            (Some(was), None) => Some(Reason::Removed(input, was.clone())),
            (Some(was), Some(is)) if was.value != is.value => Some(Reason::Value {
                input,
                was: was.value.clone(),
                is: is.value.clone(),
            }),
            (Some(was), Some(is)) => (was.digest != is.digest).then_some(Reason::Content(input)),
        });
    }
}

impl InputKind {
    /// Its word in the file and for people.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bundle => "bundle",
            Self::Addon => "addon",
            Self::Launcher => "launcher",
            Self::DependencyPackage => "dependency-package",
            Self::Host => "host",
            Self::Settings => "settings",
            Self::Option => "option",
            Self::Source => "source",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for InputKind {
    fn from(word: &str) -> Self {
        let known = [
            Self::Bundle,
            Self::Addon,
            Self::Launcher,
            Self::DependencyPackage,
            Self::Host,
            Self::Settings,
            Self::Option,
            Self::Source,
        ];
        let found = known.into_iter().find(|kind| kind.as_str() == word);
        found.unwrap_or_else(|| Self::Other(word.to_owned()))
    }
}

impl InputName {
    /// This input.
    pub fn new(kind: InputKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
        }
    }
}

impl fmt::Display for InputName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(self.kind.as_str()))?;
        if self.name.is_empty() {
            return Ok(());
        }
        write!(formatter, " {}", printable(&self.name))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |value: &Option<String>| match value {
            Some(value) => printable(value),
            None => "none".to_owned(),
        };
        match self {
            Self::Bundle { was, is } => write!(
                formatter,
                "it was locked for {}, not for {}",
                bundle_words(was.as_deref()),
                bundle_words(is.as_deref())
            ),
            Self::Variant { was, is } => {
                write!(formatter, "variant: was {}, is {}", words(was), words(is))
            }
            Self::Project { was, is } => {
                write!(formatter, "project: was {}, is {}", words(was), words(is))
            }
            Self::Backend { was, is } => {
                write!(formatter, "backend: was {}, is {}", words(was), words(is))
            }
            Self::Target(target) => write!(formatter, "it has nothing for {target}"),
            Self::Added(input, state) => {
                write!(formatter, "{input}{} is new", in_brackets(state))
            }
            Self::Removed(input, state) => {
                write!(formatter, "{input}{} is gone", in_brackets(state))
            }
            Self::Value { input, was, is } => {
                write!(formatter, "{input}: was {}, is {}", words(was), words(is))
            }
            Self::Content(input) => write!(formatter, "{input}: its content has changed"),
        }
    }
}

fn in_brackets(state: &InputState) -> String {
    match &state.value {
        Some(value) => format!(" ({})", printable(value)),
        None => String::new(),
    }
}

/// All inputs, one per line.
pub(crate) fn entry(inputs: &Inputs) -> Entry {
    let line = |(input, state): (&InputName, &InputState)| {
        Making::default()
            .text("kind", input.kind.as_str())
            .filled("name", &input.name)
            .maybe("value", state.value.as_ref())
            .maybe("digest", state.digest)
            .into_node()
    };
    let lines = inputs.iter().map(line).collect();
    Entry::new(MADE_FROM, Table::new(), vec![lines])
}

/// The inputs of a lock; what is not known goes to `unknown`.
pub(crate) fn read(root: Fields<'_>, unknown: &mut Unknown) -> Result<Inputs, Fault> {
    let mut inputs = Inputs::new();
    let Some(table) = root.table(MADE_FROM.name)? else {
        return Ok(inputs);
    };
    let lines = table.list("inputs")?;
    let mut states = Vec::new();
    for line in lines {
        let state = line.expect_table().and_then(read_line);
        states.push(state.map_err(|fault| fault.inside("inputs").inside(MADE_FROM.name))?);
    }
    let own = table.iter().filter(|(name, _)| *name != "inputs");
    let own = own.map(|(name, node)| (name.to_owned(), node.clone()));
    let raw = Entry::new(MADE_FROM, own.collect(), vec![lines.to_vec()]);
    let known = states
        .iter()
        .map(|(name, state)| entry(&[(name.clone(), state.clone())].into()).lists);
    let known = vec![known.flatten().flatten().collect()];
    unknown.keep(&raw, &Entry::new(MADE_FROM, Table::new(), known));
    inputs.extend(states);
    Ok(inputs)
}

fn read_line(fields: Fields<'_>) -> Result<(InputName, InputState), Fault> {
    let input = InputName::new(
        InputKind::from(fields.text("kind")?),
        fields.filled("name")?,
    );
    let state = InputState {
        value: fields.maybe("value")?.map(str::to_owned),
        digest: fields.parse_maybe("digest")?,
    };
    Ok((input, state))
}
