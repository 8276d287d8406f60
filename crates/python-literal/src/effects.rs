//! What the code that is not run leaves of what was known.
//!
//! Each such statement is asked which names it may bind and which it mentions; both cost those names their values, as far
//! as [`Scope`](crate::scope::Scope) finds that they can be touched at all.

use std::ops::Range;

use crate::code::{self, Binds};
use crate::error::{NotEvaluable, Reason};
use crate::module::{CodeKind, Statement};
use crate::scope::Known;
use crate::statement::{Reader, not_evaluable};

impl Reader<'_> {
    /// Records a statement that is not looked into, and what it may do.
    pub(crate) fn code(&mut self, kind: CodeKind, range: Range<usize>) {
        let line = self.lines.line(self.tokens.at(range.start).span().start);
        let mut binds = self.effects(range.clone(), kind);
        binds.sort_unstable();
        binds.dedup();
        self.statements.push(Statement::Code {
            line,
            span: self.span(range),
            kind,
            binds,
        });
    }

    /// Notes everything that unseen code does to the names of the module; gives the names that it may bind.
    pub(crate) fn effects(&mut self, range: Range<usize>, kind: CodeKind) -> Vec<String> {
        let tokens = self.tokens;
        if kind == CodeKind::Function && !tokens.is_operator(range.start, "@") {
            return self.function(range);
        }
        self.run_unseen(range.clone());
        let mut bound = Vec::new();
        for binds in code::bound_names(tokens, range.clone()) {
            match binds {
                Binds::Name(index, name) => {
                    let reason = self.not_evaluable(index, range.clone(), binding_reason(kind));
                    let line = reason.line;
                    self.bind(name, line, range.clone(), Err(reason));
                    bound.push(name.to_owned());
                }
                Binds::Anything(index) => {
                    let reason = Reason::MayBindAnything("import *".to_owned());
                    let reason = self.not_evaluable(index, range.clone(), reason);
                    self.scope.may_bind_anything(reason);
                }
            }
        }
        bound
    }

    /// A function without decorators: only its header runs now, and its body once something mentions it.
    fn function(&mut self, range: Range<usize>) -> Vec<String> {
        let tokens = self.tokens;
        let word = range.start + usize::from(tokens.is_keyword(range.start, "async"));
        let colon = tokens.clause_colon(range.start).unwrap_or(range.end);
        self.declare_globals(range.clone());
        self.run_unseen(word + 2..colon);
        let Some(name) = tokens.plain_name(word + 1) else {
            return Vec::new();
        };
        let reason = self.not_evaluable(word + 1, range.clone(), Reason::Bound(CodeKind::Function));
        let line = reason.line;
        self.bind(name, line, range.clone(), Err(reason));
        if let Some(body) = self.scope.define(name, colon..range.end) {
            self.call(body, range.start);
        }
        vec![name.to_owned()]
    }

    /// Notes what code that runs here, unseen, may change without binding it by name. What it leaves behind to run later
    /// may do so at any time from now on.
    pub(crate) fn run_unseen(&mut self, range: Range<usize>) {
        self.declare_globals(range.clone());
        self.mention_all(range.clone());
        if code::runs_later(self.tokens, range.clone()) {
            self.call(range.clone(), range.start);
        }
    }

    fn declare_globals(&mut self, range: Range<usize>) {
        for (index, name) in code::global_names(self.tokens, range.clone()) {
            let reason = self.not_evaluable(index, range.clone(), Reason::Global);
            self.scope.declare_global(name, reason);
        }
    }

    /// Notes all names that tokens which run here mention.
    fn mention_all(&mut self, range: Range<usize>) {
        for (index, name) in code::mentions(self.tokens, range.clone()) {
            if code::is_reflection(name) {
                let reason = self.not_evaluable(
                    index,
                    range.clone(),
                    Reason::MayBindAnything(name.to_owned()),
                );
                self.scope.may_bind_anything(reason);
            }
            let (tokens, lines) = (self.tokens, self.lines);
            self.scope.mention(name, || {
                not_evaluable(tokens, lines, index, &range, Reason::MayChange)
            });
            for body in self.scope.take_function(name) {
                self.call(body, index);
            }
        }
    }

    /// Notes that a function may be called from now on, and with it every function that it mentions. `from` is the token
    /// that mentions the first.
    fn call(&mut self, body: Range<usize>, from: usize) {
        let (tokens, lines) = (self.tokens, self.lines);
        let mut bodies = vec![body];
        while let Some(body) = bodies.pop() {
            for (index, name) in code::mentions(tokens, body.clone()) {
                if code::is_reflection(name) {
                    let reason = Reason::MayBindAnything(name.to_owned());
                    self.scope.may_always_bind_anything(self.not_evaluable(
                        index,
                        body.clone(),
                        reason,
                    ));
                }
                let may_change = || not_evaluable(tokens, lines, from, &body, Reason::MayChange);
                self.scope.watch(name, may_change);
                bodies.extend(self.scope.take_function(name));
            }
        }
    }

    /// Binds one name. Python normalises names beyond ASCII, so that such a name may be any other.
    pub(crate) fn bind(
        &mut self,
        name: &str,
        line: u32,
        range: Range<usize>,
        outcome: Result<Known, NotEvaluable>,
    ) {
        if !name.is_ascii() {
            let reason =
                self.not_evaluable(range.start, range, Reason::MayBindAnything(name.to_owned()));
            self.scope.may_bind_anything(reason);
        }
        self.scope.bind(name, line, outcome);
    }
}

/// The reason that a name which this kind of code binds has no value.
fn binding_reason(kind: CodeKind) -> Reason {
    match kind {
        CodeKind::Import | CodeKind::Function | CodeKind::Class | CodeKind::Other => {
            Reason::Bound(kind)
        }
        CodeKind::Delete => Reason::Deleted,
        _ => Reason::MayBind(kind),
    }
}
