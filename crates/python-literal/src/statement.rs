//! Statements: which are assignments of literals, where the others end, and what they leave of what was known.

use std::ops::Range;

use crate::code::{self, Binds};
use crate::error::{NotEvaluable, ParseError, Reason, Stop};
use crate::expression::{COPY_BUDGET, Evaluated, Evaluator};
use crate::module::{CodeKind, Module, Statement};
use crate::position::Lines;
use crate::scope::{Known, Scope};
use crate::token::{TokenKind, Tokens, is_keyword};
use crate::tokenizer::tokenize;

/// Reads a whole source.
pub(crate) fn read_module(source: &str, max_bytes: usize) -> Result<Module, ParseError> {
    let limit = max_bytes.min(u32::MAX as usize - 1);
    if source.len() > limit {
        return Err(ParseError::TooLarge {
            bytes: source.len(),
            limit,
        });
    }
    let lines = Lines::new(source);
    if let Some(offset) = source.find('\0') {
        return Err(syntax(
            &lines,
            offset,
            "a Python file contains no null bytes",
        ));
    }
    let tokens = tokenize(source, &lines)?;
    let reader = Reader {
        tokens: &tokens,
        lines: &lines,
        scope: Scope::default(),
        statements: Vec::new(),
        budget: COPY_BUDGET,
        index: 0,
    };
    reader.run()
}

fn syntax(lines: &Lines<'_>, offset: usize, message: impl Into<String>) -> ParseError {
    let (line, column) = lines.place(offset);
    ParseError::Syntax {
        line,
        column,
        message: message.into(),
    }
}

/// Reads one file, statement by statement.
pub(crate) struct Reader<'a> {
    pub(crate) tokens: &'a Tokens<'a>,
    pub(crate) lines: &'a Lines<'a>,
    pub(crate) scope: Scope,
    pub(crate) statements: Vec<Statement>,
    budget: usize,
    /// The next token.
    index: usize,
}

impl<'a> Reader<'a> {
    fn run(mut self) -> Result<Module, ParseError> {
        loop {
            match self.tokens.kind(self.index) {
                TokenKind::End => break,
                TokenKind::Newline | TokenKind::Dedent => self.index += 1,
                TokenKind::Indent => {
                    return Err(self.mistake(self.index, "this line is indented without a reason"));
                }
                _ => self.statement()?,
            }
        }
        let (names, anything) = self.scope.finish();
        Ok(Module {
            statements: self.statements,
            names,
            anything,
        })
    }

    /// Reads one statement and moves behind it.
    fn statement(&mut self) -> Result<(), ParseError> {
        let start = self.index;
        let text = self.tokens.text(start);
        if self.tokens.is_operator(start, ";") {
            return Err(self.mistake(start, "expected a statement before `;`"));
        }
        if let Some(kind) = self.compound_kind() {
            let end = self.compound_end()?;
            self.code(kind, start..end);
            self.index = end;
            return Ok(());
        }
        let end = self.tokens.statement_end(start);
        let has_keyword = self.tokens.kind(start) == TokenKind::Name && is_keyword(text);
        let kind = match text {
            "import" | "from" => Some(CodeKind::Import),
            "del" => Some(CodeKind::Delete),
            "not" | "lambda" | "await" | "yield" | "None" | "True" | "False" => {
                Some(CodeKind::Expression)
            }
            _ if has_keyword => Some(CodeKind::Other),
            "type"
                if self.tokens.kind(start + 1) == TokenKind::Name
                    && !is_keyword(self.tokens.text(start + 1)) =>
            {
                Some(CodeKind::Other)
            }
            _ => None,
        };
        match kind {
            Some(kind) => self.code(kind, start..end),
            None => self.assignment_or_expression(start..end)?,
        }
        self.index = end + usize::from(self.tokens.is_operator(end, ";"));
        Ok(())
    }

    /// What kind of block starts here, if one does.
    fn compound_kind(&self) -> Option<CodeKind> {
        let tokens = self.tokens;
        if tokens.is_operator(self.index, "@") {
            let definition = self.skip_decorators();
            return Some(if tokens.is_keyword(definition, "class") {
                CodeKind::Class
            } else {
                CodeKind::Function
            });
        }
        if tokens.kind(self.index) != TokenKind::Name {
            return None;
        }
        let word = if tokens.text(self.index) == "async" {
            self.index + 1
        } else {
            self.index
        };
        match tokens.text(word) {
            "def" => Some(CodeKind::Function),
            "class" => Some(CodeKind::Class),
            "if" => Some(CodeKind::If),
            "for" | "while" => Some(CodeKind::Loop),
            "try" => Some(CodeKind::Try),
            "with" => Some(CodeKind::With),
            "match" => {
                let colon = tokens
                    .clause_colon(word + 1)
                    .filter(|colon| *colon > word + 1)?;
                let block = tokens.kind(colon + 1) == TokenKind::Newline
                    && tokens.kind(colon + 2) == TokenKind::Indent;
                block.then_some(CodeKind::Match)
            }
            _ => None,
        }
    }

    /// The index of what the decorators here decorate.
    fn skip_decorators(&self) -> usize {
        let mut index = self.index;
        while self.tokens.is_operator(index, "@") {
            index = self.tokens.statement_end(index);
            index += usize::from(self.tokens.kind(index) == TokenKind::Newline);
        }
        index
    }

    /// The index after a block with all its clauses.
    fn compound_end(&self) -> Result<usize, ParseError> {
        let tokens = self.tokens;
        let mut clause = self.skip_decorators();
        let defines = |at: usize| matches!(tokens.text(at), "def" | "class" | "async");
        if clause != self.index && !defines(clause) {
            return Err(self.mistake(clause, "expected `def` or `class` after the decorator"));
        }
        let has_clauses =
            !defines(clause) && tokens.text(clause) != "match" && tokens.text(clause) != "with";
        loop {
            let Some(colon) = tokens.clause_colon(clause + 1) else {
                return Err(self.mistake(tokens.statement_end(clause), "expected `:`"));
            };
            if tokens.ends_line(colon + 1) && tokens.kind(colon + 2) != TokenKind::Indent {
                return Err(self.mistake(colon + 1, "expected an indented block after this"));
            }
            let end = tokens.suite_end(colon);
            let continues = matches!(tokens.text(end), "elif" | "else" | "except" | "finally");
            if !(continues
                && tokens.kind(end) == TokenKind::Name
                && (has_clauses || tokens.text(clause) == "async"))
            {
                return Ok(end);
            }
            clause = end;
        }
    }

    /// A statement that starts with no keyword: some kind of assignment, or an expression.
    fn assignment_or_expression(&mut self, range: Range<usize>) -> Result<(), ParseError> {
        let tokens = self.tokens;
        let Range { start, end } = range.clone();
        let operator = tokens.find(start, |index| {
            code::is_assignment(tokens, index) || is_lambda(tokens, index)
        });
        let plain = tokens.plain_name(start);
        if let Some(name) = plain.filter(|_| tokens.is_operator(start + 1, ":")) {
            let equals = tokens.find(start, |index| tokens.is_operator(index, "="));
            if equals >= end {
                self.code(CodeKind::Declaration, range);
                return Ok(());
            }
            self.assignment(range, &[name], equals + 1)?;
            // Python looks at the type last.
            self.effects(start + 2..equals, CodeKind::Expression);
            return Ok(());
        }
        if operator >= end || is_lambda(tokens, operator) {
            self.code(CodeKind::Expression, range);
            return Ok(());
        }
        if code::is_augmented(tokens, operator) {
            if let Some(name) = plain.filter(|_| operator == start + 1) {
                return self.augmented(range, name);
            }
            return self.complex_assignment(range, operator + 1);
        }
        let mut names = Vec::new();
        let mut simple = true;
        let mut target = start;
        let mut equals = operator;
        loop {
            match tokens.plain_name(target) {
                Some(name) if equals == target + 1 => names.push(name),
                _ if target == equals => {
                    return Err(self.mistake(equals, "expected a target before `=`"));
                }
                _ => simple = false,
            }
            target = equals + 1;
            let next = tokens.find(target, |index| {
                tokens.is_operator(index, "=") || is_lambda(tokens, index)
            });
            if next >= end || is_lambda(tokens, next) {
                break;
            }
            equals = next;
        }
        if simple {
            self.assignment(range, &names, target)
        } else {
            self.complex_assignment(range, target)
        }
    }

    /// `name = …` with one or several names; the value starts at a token.
    fn assignment(
        &mut self,
        range: Range<usize>,
        names: &[&'a str],
        value: usize,
    ) -> Result<(), ParseError> {
        let evaluated = self.evaluator(value, range.end).right_side();
        let outcome = self.outcome(evaluated, value..range.end)?;
        self.assign(range, names, outcome);
        Ok(())
    }

    /// `name += …`, evaluated where both sides are known and nothing else shares the object.
    fn augmented(&mut self, range: Range<usize>, name: &'a str) -> Result<(), ParseError> {
        let value = range.start + 2;
        let place = self.tokens.at(range.start).span().start;
        let operator = self.tokens.at(range.start + 1).span().start;
        let evaluated = if self.tokens.text(range.start + 1) == "+=" {
            let mut evaluator = self.evaluator(value, range.end);
            evaluator.reference(name, place).and_then(|old| {
                let right = evaluator.right_side()?;
                evaluator.add_in_place(old, right, operator)
            })
        } else {
            let operation = Reason::Operation(self.tokens.text(range.start + 1).to_owned());
            Err(Stop::not_evaluable(operator, operation))
        };
        let outcome = self.outcome(evaluated, range.clone())?;
        self.assign(range, &[name], outcome);
        Ok(())
    }

    /// Targets that are not plain names: whatever they bind or change is open.
    fn complex_assignment(&mut self, range: Range<usize>, value: usize) -> Result<(), ParseError> {
        if value >= range.end {
            return Err(self.mistake(range.end, "expected a value after `=`"));
        }
        let names: Vec<&str> = code::bound_names(self.tokens, range.clone())
            .into_iter()
            .filter_map(|binds| {
                if let Binds::Name(_, name) = binds {
                    Some(name)
                } else {
                    None
                }
            })
            .collect();
        let reason = self.not_evaluable(range.start, range.clone(), Reason::Target);
        self.run_unseen(range.clone());
        self.assign(range, &names, Err(reason));
        Ok(())
    }

    fn evaluator(&mut self, index: usize, end: usize) -> Evaluator<'_> {
        Evaluator {
            tokens: self.tokens,
            lines: self.lines,
            scope: &mut self.scope,
            statements: &self.statements,
            budget: &mut self.budget,
            index,
            end,
        }
    }

    /// Sorts out what an evaluation came to; what could not be evaluated is code whose effects are noted.
    fn outcome(
        &mut self,
        evaluated: Result<Evaluated, Stop>,
        range: Range<usize>,
    ) -> Result<Result<Evaluated, NotEvaluable>, ParseError> {
        match evaluated {
            Ok(value) => Ok(Ok(value)),
            Err(Stop::Syntax { offset, message }) => Err(syntax(self.lines, offset, message)),
            Err(Stop::NotEvaluable { offset, reason }) => {
                let (line, column) = self.lines.place(offset);
                self.effects(range.clone(), CodeKind::Expression);
                Ok(Err(NotEvaluable {
                    reason,
                    line,
                    column,
                    span: self.span(range),
                }))
            }
        }
    }

    /// Records an assignment and binds its names.
    fn assign(
        &mut self,
        range: Range<usize>,
        names: &[&str],
        outcome: Result<Evaluated, NotEvaluable>,
    ) {
        let line = self.lines.line(self.tokens.at(range.start).span().start);
        let statement = self.statements.len();
        let (known, outcome) = match outcome {
            Ok(value) => {
                let Evaluated {
                    node,
                    weight,
                    depth,
                    group,
                } = value;
                let group =
                    group.or_else(|| node.value.is_mutable().then(|| self.scope.new_group()));
                (
                    Ok(Known {
                        statement,
                        weight,
                        depth,
                        group,
                    }),
                    Ok(node),
                )
            }
            Err(reason) => (Err(reason.clone()), Err(reason)),
        };
        for name in names {
            self.bind(name, line, range.clone(), known.clone());
        }
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        self.statements.push(Statement::Assignment {
            line,
            span: self.span(range),
            names,
            outcome,
        });
    }

    pub(crate) fn not_evaluable(
        &self,
        index: usize,
        range: Range<usize>,
        reason: Reason,
    ) -> NotEvaluable {
        not_evaluable(self.tokens, self.lines, index, &range, reason)
    }

    pub(crate) fn span(&self, range: Range<usize>) -> Range<usize> {
        span(self.tokens, &range)
    }

    fn mistake(&self, index: usize, message: &str) -> ParseError {
        syntax(self.lines, self.tokens.at(index).span().start, message)
    }
}

fn is_lambda(tokens: &Tokens<'_>, index: usize) -> bool {
    tokens.is_keyword(index, "lambda")
}

/// Why something has no value: the place is a token, the text that would have to be run a row of tokens.
pub(crate) fn not_evaluable(
    tokens: &Tokens<'_>,
    lines: &Lines<'_>,
    index: usize,
    range: &Range<usize>,
    reason: Reason,
) -> NotEvaluable {
    let (line, column) = lines.place(tokens.at(index).span().start);
    NotEvaluable {
        reason,
        line,
        column,
        span: span(tokens, range),
    }
}

/// The bytes from the first token to the last one that has a text.
fn span(tokens: &Tokens<'_>, range: &Range<usize>) -> Range<usize> {
    let start = tokens.at(range.start).span().start;
    let last = range
        .clone()
        .rev()
        .find(|index| !tokens.text(*index).is_empty());
    start..last.map_or(start, |index| tokens.at(index).span().end)
}
