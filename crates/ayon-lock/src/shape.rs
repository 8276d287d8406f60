//! The shape of a lock's file: which tables there are, and which of their fields are lists of lines.
//!
//! What one target gets is a list of [`Entry`]s: a package, an addon. What is true of it alone is its *head*; who asks for
//! it and which files fit are *lines*. Both are trees, so that sharing between targets ([`crate::sharing`]) and keeping
//! unknown fields ([`crate::unknown`]) are done once for every kind of entry.

use crate::node::{Node, Table};

/// A field whose value is an array with one line per item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListShape {
    pub(crate) name: &'static str,
    /// Whether the order of the lines says something.
    pub(crate) is_ordered: bool,
}

/// A table of the file, or an array of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) lists: &'static [ListShape],
    /// Whether it is one table that only holds lists.
    pub(crate) is_single: bool,
}

const fn ordered(name: &'static str) -> ListShape {
    ListShape {
        name,
        is_ordered: true,
    }
}

const fn sorted(name: &'static str) -> ListShape {
    ListShape {
        name,
        is_ordered: false,
    }
}

const fn section(name: &'static str, lists: &'static [ListShape]) -> Section {
    Section {
        name,
        lists,
        is_single: false,
    }
}

pub(crate) const LAUNCHER: Section = section("launcher", &[]);
pub(crate) const ADDON: Section = section("addon", &[]);
pub(crate) const DISTRIBUTION: Section = section("distribution", &[ordered("asked_by")]);
pub(crate) const ARTEFACT: Section = section("artefact", &[ordered("wanted_by")]);
pub(crate) const PACKAGE: Section = section(
    "package",
    &[
        sorted("extras"),
        sorted("dependencies"),
        ordered("wheels"),
        ordered("sdist"),
        ordered("wanted_by"),
    ],
);
pub(crate) const RELATIONS: Section = Section {
    name: "relations",
    lists: &[sorted("edges")],
    is_single: true,
};
pub(crate) const GIVEN: Section = Section {
    name: "given",
    lists: &[sorted("modules")],
    is_single: true,
};

/// Not of a target: what the lock was made from.
pub(crate) const MADE_FROM: Section = Section {
    name: "made_from",
    lists: &[sorted("inputs")],
    is_single: true,
};

/// In the order of the file: what people review first comes first.
pub(crate) const SECTIONS: [Section; 7] = [
    LAUNCHER,
    ADDON,
    DISTRIBUTION,
    ARTEFACT,
    PACKAGE,
    RELATIONS,
    GIVEN,
];

/// In an entry or a line: the targets it is for, where it is not for all.
pub(crate) const TARGETS: &str = "targets";

/// Something that one target has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) section: Section,
    /// Where it stands.
    pub(crate) at: usize,
    pub(crate) head: Table,
    /// By the lists of the section, in their order.
    pub(crate) lists: Vec<Vec<Node>>,
}

impl Entry {
    pub(crate) fn new(section: Section, head: Table, lists: Vec<Vec<Node>>) -> Self {
        Self {
            section,
            at: 0,
            head,
            lists,
        }
    }

    /// What to call it in an error: `artefact requests`.
    pub(crate) fn title(&self) -> String {
        let name = crate::node::field(&self.head, "name").and_then(Node::as_text);
        match name {
            Some(name) => format!("{} {name}", self.section.name),
            None => self.section.name.to_owned(),
        }
    }
}
