//! How rez draws what, as Graphviz attributes sorted by name.

use super::{EdgeKind, NodeKind};

/// A name and its value.
pub(super) type Attribute = (&'static str, Attr);

/// A value as rez keeps it: sizes of letters are numbers, all else is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attr {
    Text(&'static str),
    Number(u32),
}

impl Attr {
    pub(super) fn text(self) -> String {
        match self {
            Attr::Text(text) => text.to_owned(),
            Attr::Number(number) => number.to_string(),
        }
    }
}

const FONT_SIZE: Attribute = ("fontsize", Attr::Number(10));

impl NodeKind {
    pub(super) const ALL: [Self; 4] = [
        Self::Request,
        Self::Requirement,
        Self::Resolved,
        Self::Scope,
    ];

    pub(super) fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::Request => &[
                ("fillcolor", Attr::Text("#FFFFAA")),
                FONT_SIZE,
                ("style", Attr::Text("filled,dashed")),
            ],
            Self::Requirement => &[
                ("fillcolor", Attr::Text("#F6F6F6")),
                FONT_SIZE,
                ("style", Attr::Text("filled,dashed")),
            ],
            Self::Resolved => &[
                ("fillcolor", Attr::Text("#AAFFAA")),
                FONT_SIZE,
                ("style", Attr::Text("filled")),
            ],
            Self::Scope => &[
                ("fillcolor", Attr::Text("#F6F6F6")),
                FONT_SIZE,
                ("style", Attr::Text("filled")),
            ],
        }
    }
}

impl EdgeKind {
    pub(super) fn attributes(&self) -> &'static [Attribute] {
        match self {
            Self::Leads => &[("arrowsize", Attr::Text("0.5"))],
            Self::Merged => &[
                ("arrowhead", Attr::Text("odot")),
                ("arrowsize", Attr::Text("1")),
            ],
            Self::Conflict | Self::Cycle => &[
                ("arrowsize", Attr::Text("1")),
                ("color", Attr::Text("red")),
                ("fontcolor", Attr::Text("red")),
                ("style", Attr::Text("bold")),
            ],
            Self::Reduced(_) => &[("arrowsize", Attr::Text("1")), FONT_SIZE],
        }
    }

    pub(super) fn label(&self) -> &str {
        match self {
            Self::Leads | Self::Merged => "",
            Self::Conflict => "CONFLICT",
            Self::Cycle => "CYCLE",
            Self::Reduced(variants) => variants,
        }
    }

    /// The kind of an edge that was read.
    pub(super) fn of(label: &str, merged: bool) -> Self {
        match label {
            "" if merged => Self::Merged,
            "" => Self::Leads,
            "CONFLICT" => Self::Conflict,
            "CYCLE" => Self::Cycle,
            variants => Self::Reduced(variants.to_owned()),
        }
    }
}

/// A list of attributes as Python prints a tuple of pairs.
pub(super) fn print(attributes: &[Attribute]) -> String {
    let pairs: Vec<_> = attributes
        .iter()
        .map(|(name, value)| match value {
            Attr::Text(text) => format!("('{name}', '{text}')"),
            Attr::Number(number) => format!("('{name}', {number})"),
        })
        .collect();
    // A tuple of one item ends with a comma.
    let comma = if pairs.len() == 1 { "," } else { "" };
    format!("({}{comma})", pairs.join(", "))
}
