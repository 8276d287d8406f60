//! All that is asked from outside.

use crate::{Ask, Root, Speaker, Spec};

/// Something that is asked from outside.
#[derive(Clone)]
pub(super) struct Asked<'a> {
    pub(super) spec: &'a Spec,
    pub(super) speaker: Speaker,
    pub(super) is_constraint: bool,
}

impl<'a> Asked<'a> {
    /// All of a question.
    pub(super) fn all(ask: &'a Ask) -> impl Iterator<Item = Self> {
        let of = |root: &'a Root, is_constraint: bool| Self {
            spec: &root.spec,
            speaker: Speaker::Asker(root.asker),
            is_constraint,
        };
        let roots = ask.roots.iter().map(move |root| of(root, false));
        let own = ask.own.iter().enumerate().flat_map(move |(own, asks)| {
            asks.depends.iter().map(move |root| Self {
                speaker: Speaker::Own(own, root.asker),
                ..of(root, false)
            })
        });
        let constraints = ask.constraints.iter().map(move |root| of(root, true));
        roots.chain(own).chain(constraints)
    }
}
