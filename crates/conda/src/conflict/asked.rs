//! All that is asked from outside, and how to ask it otherwise.

use crate::{Ask, Root, Speaker, Spec};

/// Something that is asked from outside.
#[derive(Clone)]
pub(super) struct Asked<'a> {
    pub(super) spec: &'a Spec,
    pub(super) speaker: Speaker,
    pub(super) is_constraint: bool,
    place: Place,
}

/// Where in the question it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root(usize),
    Constraint(usize),
    Own(usize, usize),
}

impl<'a> Asked<'a> {
    /// All of a question.
    pub(super) fn all(ask: &'a Ask) -> impl Iterator<Item = Self> {
        let of = |root: &'a Root, place: Place| Self {
            spec: &root.spec,
            speaker: match place {
                Place::Own(own, _) => Speaker::Own(own, root.asker),
                Place::Root(_) | Place::Constraint(_) => Speaker::Asker(root.asker),
            },
            is_constraint: matches!(place, Place::Constraint(_)),
            place,
        };
        let roots = ask.roots.iter().enumerate();
        let roots = roots.map(move |(place, root)| of(root, Place::Root(place)));
        let own = ask.own.iter().enumerate().flat_map(move |(own, asks)| {
            let depends = asks.depends.iter().enumerate();
            depends.map(move |(place, root)| of(root, Place::Own(own, place)))
        });
        let constraints = ask.constraints.iter().enumerate();
        let constraints = constraints.map(move |(place, root)| of(root, Place::Constraint(place)));
        roots.chain(own).chain(constraints)
    }

    /// The same question with another spec here, or with none.
    pub(super) fn instead(&self, ask: &Ask, spec: Option<Spec>) -> Ask {
        let mut ask = ask.clone();
        let (list, place) = match self.place {
            Place::Root(place) => (&mut ask.roots, place),
            Place::Constraint(place) => (&mut ask.constraints, place),
            Place::Own(own, place) => (&mut ask.own[own].depends, place),
        };
        match spec {
            Some(spec) => list[place].spec = spec,
            None => {
                list.remove(place);
            }
        }
        ask
    }
}
