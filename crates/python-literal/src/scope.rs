//! What each name is known to be while the statements are read in order, and how that knowledge is lost.
//!
//! Three things make a value doubtful. A name may be *bound again* by code that is not run here. A list, dict or set may
//! be *changed in place* by any code that can reach it, so code that mentions such a name costs it its value; names that
//! share such an object form a group and lose it together. And code may *bind anything* (`from x import *`). A function's
//! body counts once the function is mentioned by code that runs: from then on, for good, since it may be called again.
//!
//! Every question is answered in the time of a look-up: groups are a union-find that remembers its loss, "anything"
//! is a mark in time that older bindings are compared with.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::NotEvaluable;
use crate::module::Name;

/// What is known of a name's value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// The assignment that holds the value.
    pub(crate) statement: usize,
    /// About how many bytes a copy takes.
    pub(crate) weight: usize,
    /// How deeply the value is nested.
    pub(crate) depth: usize,
    /// The names that share a part of it which can be changed in place; none if nothing can.
    pub(crate) group: Option<usize>,
}

#[derive(Debug)]
struct Binding {
    line: u32,
    /// When it was made, to compare with [`Scope::anything`].
    time: usize,
    outcome: Result<Known, NotEvaluable>,
}

/// One set of names that share a mutable object.
#[derive(Debug)]
struct Group {
    parent: usize,
    names: usize,
    lost: Option<NotEvaluable>,
}

/// The names of a module, up to some statement.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    bindings: BTreeMap<String, Binding>,
    groups: Vec<Group>,
    time: usize,
    /// Bindings made before this time may have been replaced.
    anything: Option<(usize, NotEvaluable)>,
    /// Set for good: a function that may bind anything can be called at any time.
    always_anything: Option<NotEvaluable>,
    /// Names that some function assigns through `global`.
    global: BTreeMap<String, NotEvaluable>,
    /// Names that a function which may have been called mentions.
    watched: BTreeMap<String, NotEvaluable>,
    /// Functions not yet mentioned by code that runs: their tokens.
    functions: BTreeMap<String, Vec<Range<usize>>>,
}

impl Scope {
    /// What a name is now; `None` if nothing bound it.
    pub(crate) fn look_up(&self, name: &str) -> Option<Result<Known, &NotEvaluable>> {
        if let Some(lost) = self.global.get(name).or(self.always_anything.as_ref()) {
            return Some(Err(lost));
        }
        let Some(binding) = self.bindings.get(name) else {
            return self.anything.as_ref().map(|(_, reason)| Err(reason));
        };
        if let Some((time, reason)) = &self.anything
            && binding.time < *time
        {
            return Some(Err(reason));
        }
        Some(match &binding.outcome {
            Err(reason) => Err(reason),
            Ok(known) => match known
                .group
                .and_then(|group| self.groups[self.root(group)].lost.as_ref())
            {
                Some(lost) => Err(lost),
                None => Ok(*known),
            },
        })
    }

    /// Binds a name anew.
    pub(crate) fn bind(&mut self, name: &str, line: u32, outcome: Result<Known, NotEvaluable>) {
        self.functions.remove(name);
        self.time += 1;
        if let Ok(Known {
            group: Some(group), ..
        }) = &outcome
        {
            let root = self.root(*group);
            self.groups[root].names += 1;
            if let Some(reason) = self.watched.get(name) {
                self.groups[root].lost.get_or_insert(reason.clone());
            }
        }
        self.bindings.insert(
            name.to_owned(),
            Binding {
                line,
                time: self.time,
                outcome,
            },
        );
    }

    /// Notes that a function declares the name `global`: it is open for good.
    pub(crate) fn declare_global(&mut self, name: &str, reason: NotEvaluable) {
        self.global.entry(name.to_owned()).or_insert(reason);
    }

    /// Notes that code which runs here may bind any name.
    pub(crate) fn may_bind_anything(&mut self, reason: NotEvaluable) {
        self.time += 1;
        self.anything = Some((self.time, reason));
    }

    /// Notes that a function which may be called at any time may bind any name.
    pub(crate) fn may_always_bind_anything(&mut self, reason: NotEvaluable) {
        self.always_anything.get_or_insert(reason);
    }

    /// Notes that code which runs here mentions a name: what is mutable is lost.
    pub(crate) fn mention(&mut self, name: &str, reason: impl FnOnce() -> NotEvaluable) {
        // Even of a name that is already open: others may share what it was bound to.
        let outcome = self.bindings.get(name).map(|binding| &binding.outcome);
        let Some(Ok(Known {
            group: Some(group), ..
        })) = outcome
        else {
            return;
        };
        let root = self.root(*group);
        self.groups[root].lost.get_or_insert_with(reason);
    }

    /// Notes that a function which may be called at any time mentions a name.
    pub(crate) fn watch(&mut self, name: &str, reason: impl Fn() -> NotEvaluable) {
        self.mention(name, &reason);
        self.watched.entry(name.to_owned()).or_insert_with(reason);
    }

    /// Remembers a function's tokens. Gives them back if a function that may have been called mentions this one.
    pub(crate) fn define(&mut self, name: &str, body: Range<usize>) -> Option<Range<usize>> {
        if self.watched.contains_key(name) {
            return Some(body);
        }
        self.functions
            .entry(name.to_owned())
            .or_default()
            .push(body);
        None
    }

    /// The tokens of a function that is mentioned for the first time.
    pub(crate) fn take_function(&mut self, name: &str) -> Vec<Range<usize>> {
        self.functions.remove(name).unwrap_or_default()
    }

    /// A new group, for a mutable value that nothing else shares yet.
    pub(crate) fn new_group(&mut self) -> usize {
        self.groups.push(Group {
            parent: self.groups.len(),
            names: 0,
            lost: None,
        });
        self.groups.len() - 1
    }

    /// Makes one group of two.
    pub(crate) fn join(&mut self, left: Option<usize>, right: Option<usize>) -> Option<usize> {
        let (Some(left), Some(right)) = (left, right) else {
            return left.or(right);
        };
        let (left, right) = (self.root(left), self.root(right));
        if left == right {
            return Some(left);
        }
        // The smaller under the larger keeps the trees flat.
        let (small, large) = if self.groups[left].names < self.groups[right].names {
            (left, right)
        } else {
            (right, left)
        };
        self.groups[small].parent = large;
        self.groups[large].names += self.groups[small].names.max(1);
        let lost = self.groups[small].lost.take();
        self.groups[large].lost = self.groups[large].lost.take().or(lost);
        Some(large)
    }

    /// Whether more than one name was ever bound to a part of this group.
    pub(crate) fn is_shared(&self, group: usize) -> bool {
        self.groups[self.root(group)].names > 1
    }

    /// What every name is in the end, and whether unmentioned names may be bound, too.
    pub(crate) fn finish(self) -> (BTreeMap<String, Name>, Option<NotEvaluable>) {
        let mut names = BTreeMap::new();
        for (name, binding) in &self.bindings {
            let outcome = match self.look_up(name) {
                Some(Ok(known)) => Ok(known.statement),
                Some(Err(reason)) => Err(reason.clone()),
                None => continue,
            };
            names.insert(
                name.clone(),
                Name {
                    line: binding.line,
                    outcome,
                },
            );
        }
        for (name, reason) in self.global {
            names.entry(name).or_insert_with(|| Name {
                line: reason.line,
                outcome: Err(reason),
            });
        }
        (
            names,
            self.always_anything
                .or(self.anything.map(|(_, reason)| reason)),
        )
    }

    fn root(&self, mut group: usize) -> usize {
        while self.groups[group].parent != group {
            group = self.groups[group].parent;
        }
        group
    }
}
