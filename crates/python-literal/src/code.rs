//! What code that is not run may do to the names of the module.
//!
//! Two questions are asked of a row of tokens: which names may it bind at the module's own level ([`bound_names`]), and
//! which does it mention ([`mentions`])? Both answer rather too much than too little. Bodies of functions and classes
//! bind nothing outside themselves, except through `global` ([`global_names`]).

use std::ops::Range;

use crate::token::{TokenKind, Tokens, is_keyword};

/// Something that may bind a name: the token that says so, and the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binds<'a> {
    /// This name.
    Name(usize, &'a str),
    /// Any name: `from x import *`.
    Anything(usize),
}

/// A name that code mentions, and the token.
pub(crate) type Mention<'a> = (usize, &'a str);

/// Functions through which names can be bound that the text does not show.
const REFLECTION: [&str; 9] = [
    "globals", "locals", "vars", "exec", "eval", "execfile", "setattr", "delattr", "__dict__",
];

/// Whether a mention of this name means that any name may be bound.
pub(crate) fn is_reflection(name: &str) -> bool {
    REFLECTION.contains(&name)
}

/// The names that the tokens may bind at their own level, nested blocks included.
pub(crate) fn bound_names<'a>(tokens: &Tokens<'a>, range: Range<usize>) -> Vec<Binds<'a>> {
    let mut collector = Collector {
        tokens,
        end: range.end,
        found: Vec::new(),
    };
    collector.walk(range.start);
    collector.found
}

/// The names that `global` statements in the tokens declare.
pub(crate) fn global_names<'a>(tokens: &Tokens<'a>, range: Range<usize>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    let mut declaring = false;
    for index in range {
        if tokens.is_keyword(index, "global") {
            declaring = true;
        } else if tokens.ends_line(index) || tokens.is_operator(index, ";") {
            declaring = false;
        } else if declaring && let Some(name) = tokens.plain_name(index) {
            found.push((index, name));
        }
    }
    found
}

/// The names that the tokens mention: not attributes, not keyword arguments; but every word of an f-string, whose
/// fields hold code.
pub(crate) fn mentions<'a>(tokens: &Tokens<'a>, range: Range<usize>) -> Vec<Mention<'a>> {
    let mut found = Vec::new();
    let mut depth = 0;
    for index in range {
        depth += tokens.depth_change(index);
        match tokens.kind(index) {
            TokenKind::Name => {
                let keyword_argument = depth > 0 && tokens.is_operator(index + 1, "=");
                let text = tokens.text(index);
                if is_reflection(text) || (!keyword_argument && tokens.plain_name(index).is_some())
                {
                    found.push((index, text));
                }
            }
            TokenKind::Text => {
                found.extend(words_of_fields(tokens.text(index)).map(|word| (index, word)));
            }
            _ => {}
        }
    }
    found
}

/// Whether part of the tokens may run later than where it stands: a function, a method, a generator.
pub(crate) fn runs_later(tokens: &Tokens<'_>, mut range: Range<usize>) -> bool {
    let mut depth = 0;
    range.any(|index| {
        depth += tokens.depth_change(index);
        match tokens.text(index) {
            "lambda" | "def" => true,
            "for" => depth > 0,
            _ => false,
        }
    })
}

/// Whether a string is one whose `{…}` hold code.
fn has_fields(literal: &str) -> bool {
    let prefix = literal.split(['"', '\'']).next().unwrap_or_default();
    prefix.contains(['f', 'F', 't', 'T']) && literal.contains('{')
}

/// The words of an f-string; none for other strings.
fn words_of_fields(literal: &str) -> impl Iterator<Item = &str> {
    let text = if has_fields(literal) { literal } else { "" };
    text.split(|c: char| !(c == '_' || c.is_alphanumeric()))
        .filter(|word| !word.is_empty() && !is_keyword(word))
}

/// The words before each `:=` of an f-string.
fn walrus_in_fields(literal: &str) -> impl Iterator<Item = &str> {
    let text = if has_fields(literal) { literal } else { "" };
    let parts = text.split(":=").count();
    text.split(":=")
        .take(parts.saturating_sub(1))
        .filter_map(|before| {
            let before = before.trim_end();
            let word = before
                .rfind(|c: char| !(c == '_' || c.is_alphanumeric()))
                .map_or(before, |at| {
                    let width = before[at..].chars().next().map_or(1, char::len_utf8);
                    &before[at + width..]
                });
            (!word.is_empty()).then_some(word)
        })
}

/// Walks statements and notes what they bind.
struct Collector<'t, 'a> {
    tokens: &'t Tokens<'a>,
    end: usize,
    found: Vec<Binds<'a>>,
}

impl Collector<'_, '_> {
    fn walk(&mut self, start: usize) {
        let mut index = start;
        while index < self.end {
            index = match self.tokens.kind(index) {
                TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent => index + 1,
                _ if self.tokens.is_operator(index, ";") => index + 1,
                _ => self.statement(index).max(index + 1),
            };
        }
    }

    /// Notes what one simple statement, or one clause up to its colon, binds; gives the index after it. Several clauses may
    /// stand on one line, so none looks further than it must.
    fn statement(&mut self, start: usize) -> usize {
        let tokens = self.tokens;
        let keyword = if tokens.kind(start) == TokenKind::Name {
            tokens.text(start)
        } else {
            ""
        };
        match keyword {
            "async" => return start + 1,
            "def" | "class" | "if" | "elif" | "else" | "while" | "try" | "except" | "finally"
            | "with" | "for" => {
                if let Some(colon) = tokens.clause_colon(start) {
                    return self.clause(keyword, start, colon);
                }
            }
            "match" | "case" => {
                if let Some(colon) = tokens
                    .clause_colon(start + 1)
                    .filter(|colon| *colon > start + 1)
                {
                    return self.clause(keyword, start, colon);
                }
            }
            _ => {}
        }
        let end = tokens.statement_end(start).min(self.end);
        match keyword {
            "import" | "from" => self.import(start, end),
            "del" => self.targets(start + 1, end),
            "type" if tokens.kind(start + 1) == TokenKind::Name => self.name(start + 1),
            _ => self.simple(start, end),
        }
        end
    }

    /// Notes what the head of a clause binds. `match` and `case` may be mere names before an annotation; then too much is noted.
    fn clause(&mut self, keyword: &str, start: usize, colon: usize) -> usize {
        let tokens = self.tokens;
        self.expressions(start, colon);
        match keyword {
            "def" | "class" => {
                self.name(start + 1);
                return tokens.suite_end(colon);
            }
            "for" => {
                let of = (start..colon).find(|index| tokens.is_keyword(*index, "in"));
                self.targets(start + 1, of.unwrap_or(colon));
            }
            "case" => (start + 1..colon).for_each(|index| self.name(index)),
            _ => {}
        }
        colon + 1
    }

    /// Assignments of any kind, and what expressions bind.
    fn simple(&mut self, start: usize, end: usize) {
        let tokens = self.tokens;
        let mut from = start;
        loop {
            let at = tokens.find(from, |index| {
                is_assignment(tokens, index) || tokens.is_keyword(index, "lambda")
            });
            if at >= end || !is_assignment(tokens, at) {
                break;
            }
            // The type in `name: type = …`, which only the first target has, binds nothing.
            let colon = if from == start {
                tokens.clause_colon(from)
            } else {
                None
            };
            let colon = colon.filter(|colon| *colon < at).unwrap_or(at);
            self.targets(from, colon);
            from = at + 1;
        }
        self.expressions(start, end);
    }

    /// The names among targets; `a[i]` and `a.b` bind neither `a` nor `i`.
    fn targets(&mut self, start: usize, end: usize) {
        let tokens = self.tokens;
        let mut index = start;
        while index < end {
            let opens = matches!(tokens.text(index), "[" | "(");
            if opens && index > start && follows_value(tokens, index) {
                index = closing_bracket(tokens, index, end);
            } else if !(matches!(tokens.text(index + 1), "[" | "." | "(") && index + 1 < end) {
                self.name(index);
            }
            index += 1;
        }
    }

    /// What expressions bind: `name := …`, and `… as name`.
    fn expressions(&mut self, start: usize, end: usize) {
        let tokens = self.tokens;
        for index in start..end {
            if tokens.is_operator(index, ":=") {
                self.name(index.saturating_sub(1));
            } else if tokens.kind(index) == TokenKind::Text {
                for name in walrus_in_fields(tokens.text(index)) {
                    self.found.push(Binds::Name(index, name));
                }
            } else if tokens.is_keyword(index, "as") {
                // `with x as (a, b)`: the names up to the end of the bracket.
                let bracket = tokens.depth_change(index + 1) == 1;
                let last = if bracket {
                    closing_bracket(tokens, index + 1, end)
                } else {
                    index + 2
                };
                self.targets(index + 1, last.min(end));
            }
        }
    }

    /// `import a.b` binds `a`; `import a.b as c` and `from a import b as c` bind `c`.
    fn import(&mut self, start: usize, end: usize) {
        let tokens = self.tokens;
        let from = tokens.text(start) == "from";
        let list = if from {
            tokens.find(start, |index| tokens.is_keyword(index, "import"))
        } else {
            start
        };
        for index in list + 1..end {
            if from && tokens.is_operator(index, "*") {
                self.found.push(Binds::Anything(index));
            } else if !tokens.is_keyword(index + 1, "as") {
                self.name(index);
            }
        }
    }

    fn name(&mut self, index: usize) {
        if let Some(name) = self.tokens.plain_name(index) {
            self.found.push(Binds::Name(index, name));
        }
    }
}

/// Whether the token is `=` or an augmented assignment.
pub(crate) fn is_assignment(tokens: &Tokens<'_>, index: usize) -> bool {
    tokens.is_operator(index, "=") || is_augmented(tokens, index)
}

/// Whether the token is `+=` or one of its kin.
pub(crate) fn is_augmented(tokens: &Tokens<'_>, index: usize) -> bool {
    tokens.kind(index) == TokenKind::Operator
        && matches!(
            tokens.text(index),
            "+=" | "-="
                | "*="
                | "/="
                | "//="
                | "%="
                | "**="
                | "&="
                | "|="
                | "^="
                | "@="
                | "<<="
                | ">>="
        )
}

/// Whether a bracket here indexes or calls what stands before it.
fn follows_value(tokens: &Tokens<'_>, bracket: usize) -> bool {
    let before = bracket - 1;
    match tokens.kind(before) {
        TokenKind::Name => !is_keyword(tokens.text(before)),
        TokenKind::Text => true,
        _ => tokens.depth_change(before) == -1,
    }
}

/// The index of the bracket that closes the one at `open`, or `end`.
fn closing_bracket(tokens: &Tokens<'_>, open: usize, end: usize) -> usize {
    let mut depth = 0;
    for index in open..end {
        depth += tokens.depth_change(index);
        if depth == 0 {
            return index;
        }
    }
    end
}
