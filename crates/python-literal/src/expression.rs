//! Literal expressions, evaluated while they are parsed.
//!
//! The grammar is the part of Python's that needs no running: everything is an atom, a sign, a `+` or a bracket of
//! those. Whatever else may follow an expression in Python ends the evaluation with the reason; since no operator but
//! `+` is evaluated, precedence never matters. Brackets recurse, up to [`MAX_DEPTH`].

use crate::MAX_DEPTH;
use crate::container::Items;
use crate::error::{Reason, Stop};
use crate::module::Statement;
use crate::number;
use crate::position::Lines;
use crate::scope::{Known, Scope};
use crate::text::{self, Text};
use crate::token::{TokenKind, Tokens, is_keyword};
use crate::value::{Node, Value};

/// What all references and f-string fields of a module may copy together, in about bytes.
pub(crate) const COPY_BUDGET: usize = 16 * 1024 * 1024;

/// What a value counts for besides its text.
pub(crate) const NODE_WEIGHT: usize = 16;

/// A value with what is needed to bind it to a name.
#[derive(Debug)]
pub(crate) struct Evaluated {
    pub(crate) node: Node,
    pub(crate) weight: usize,
    pub(crate) depth: usize,
    /// The names that share a mutable part of it.
    pub(crate) group: Option<usize>,
}

/// Evaluates the tokens of one expression.
pub(crate) struct Evaluator<'e> {
    pub(crate) tokens: &'e Tokens<'e>,
    pub(crate) lines: &'e Lines<'e>,
    pub(crate) scope: &'e mut Scope,
    pub(crate) statements: &'e [Statement],
    /// What may still be copied.
    pub(crate) budget: &'e mut usize,
    /// The next token, and the one after the expression.
    pub(crate) index: usize,
    pub(crate) end: usize,
}

impl Evaluator<'_> {
    /// The right side of an assignment: an expression, or several that make a tuple. It must take up all tokens.
    pub(crate) fn right_side(&mut self) -> Result<Evaluated, Stop> {
        if self.index >= self.end {
            return Err(Stop::syntax(self.offset(), "expected a value after `=`"));
        }
        let first = self.sum(0)?;
        if !self.takes(",") {
            return self.complete(first);
        }
        let mut items = Items::default();
        items.push(first, self.scope);
        while self.index < self.end {
            let item = self.sum(1)?;
            items.push(item, self.scope);
            if !self.takes(",") {
                break;
            }
        }
        let tuple = self.container(items.line, items, Value::Tuple)?;
        self.complete(tuple)
    }

    /// A copy of what a name is known to be.
    pub(crate) fn reference(&mut self, name: &str, offset: usize) -> Result<Evaluated, Stop> {
        let known = self.known(name, offset)?;
        self.charge(known.weight, offset)?;
        let node = self
            .assigned(known)
            .ok_or_else(|| unknown(name, offset))?
            .clone();
        Ok(Evaluated {
            node,
            weight: known.weight,
            depth: known.depth,
            group: known.group,
        })
    }

    /// The sum of two values; `offset` is that of the `+`.
    pub(crate) fn add(
        &mut self,
        left: Evaluated,
        right: Evaluated,
        offset: usize,
    ) -> Result<Evaluated, Stop> {
        let weight = left.weight + right.weight;
        let depth = left.depth.max(right.depth);
        let line = left.node.line;
        let refused = |left: &Value, right: &Value| {
            Stop::not_evaluable(
                offset,
                Reason::Refused(format!("{} + {}", left.kind(), right.kind())),
            )
        };
        let value = match (left.node.value, right.node.value) {
            (Value::Str(left), Value::Str(right)) => Value::Str(left + &right),
            (Value::Bytes(left), Value::Bytes(right)) => Value::Bytes([left, right].concat()),
            (Value::List(left), Value::List(right)) => Value::List(append(left, right)),
            (Value::Tuple(left), Value::Tuple(right)) => Value::Tuple(append(left, right)),
            (left, right) => match add_numbers(&left, &right) {
                Some(sum) => sum,
                None if left.is_number() && right.is_number() => {
                    return Err(Stop::not_evaluable(
                        offset,
                        Reason::Operation("+".to_owned()),
                    ));
                }
                None => return Err(refused(&left, &right)),
            },
        };
        // The sum is a new object; only what is mutable within it is shared with the operands.
        let shares = value
            .as_sequence()
            .is_some_and(|items| items.iter().any(|item| item.value.is_mutable()));
        let group = if shares {
            self.scope.join(left.group, right.group)
        } else {
            None
        };
        Ok(Evaluated {
            node: Node { value, line },
            weight,
            depth,
            group,
        })
    }

    /// The sum that `+=` gives. A list takes a tuple's items, too; and it is changed in place, so nothing else may share it.
    pub(crate) fn add_in_place(
        &mut self,
        old: Evaluated,
        right: Evaluated,
        at: usize,
    ) -> Result<Evaluated, Stop> {
        if old.group.is_some_and(|group| self.scope.is_shared(group))
            && matches!(old.node.value, Value::List(_))
        {
            return Err(Stop::not_evaluable(at, Reason::MayChange));
        }
        let right = match (&old.node.value, right) {
            (
                Value::List(_),
                Evaluated {
                    node:
                        Node {
                            value: Value::Tuple(items),
                            line,
                        },
                    weight,
                    depth,
                    group,
                },
            ) => Evaluated {
                node: Node {
                    value: Value::List(items),
                    line,
                },
                weight,
                depth,
                group,
            },
            (_, right) => right,
        };
        self.add(old, right, at)
    }

    pub(crate) fn offset(&self) -> usize {
        self.tokens.at(self.index).span().start
    }

    /// Consumes an operator if it is next.
    pub(crate) fn takes(&mut self, operator: &str) -> bool {
        let found = self.index < self.end && self.tokens.is_operator(self.index, operator);
        self.index += usize::from(found);
        found
    }

    fn complete(&self, value: Evaluated) -> Result<Evaluated, Stop> {
        if self.index < self.end {
            return Err(self.expected("the end of the statement"));
        }
        Ok(value)
    }

    pub(crate) fn expected(&self, what: &str) -> Stop {
        let found = match self.tokens.kind(self.index) {
            TokenKind::Newline | TokenKind::End => "the end of the line".to_owned(),
            TokenKind::Text => "a string".to_owned(),
            _ => format!("`{}`", self.tokens.text(self.index)),
        };
        Stop::syntax(self.offset(), format!("expected {what}, found {found}"))
    }

    /// Atoms joined by `+`, and nothing that binds them to what follows.
    pub(crate) fn sum(&mut self, depth: usize) -> Result<Evaluated, Stop> {
        if depth > MAX_DEPTH {
            return Err(too_deep(self.offset()));
        }
        let mut sum = self.signed(depth)?;
        loop {
            let offset = self.offset();
            if !self.takes("+") {
                break;
            }
            let right = self.signed(depth)?;
            self.nothing_follows()?;
            sum = self.add(sum, right, offset)?;
        }
        self.nothing_follows()?;
        Ok(sum)
    }

    /// Refuses what would continue an expression in Python.
    fn nothing_follows(&self) -> Result<(), Stop> {
        if self.index >= self.end {
            return Ok(());
        }
        let text = self.tokens.text(self.index);
        let operation = match (self.tokens.kind(self.index), text) {
            (TokenKind::Operator, "," | ":" | ")" | "]" | "}" | "+") => return Ok(()),
            (TokenKind::Operator, "(") => "(…)",
            (TokenKind::Operator, "[") => "[…]",
            (TokenKind::Name, "if") => "… if … else …",
            (TokenKind::Name, "for" | "async") => "… for … in …",
            (TokenKind::Name, "and" | "or" | "in" | "is" | "not") => text,
            (TokenKind::Operator, operator) if operator != "=" && operator != "->" => operator,
            _ => return Err(self.expected("an operator or the end of the value")),
        };
        Err(Stop::not_evaluable(
            self.offset(),
            Reason::Operation(operation.to_owned()),
        ))
    }

    /// An atom with any number of signs before it.
    fn signed(&mut self, depth: usize) -> Result<Evaluated, Stop> {
        let offset = self.offset();
        let line = self.lines.line(offset);
        let mut signed = false;
        let mut negative = false;
        loop {
            if self.takes("-") {
                negative = !negative;
            } else if !self.takes("+") {
                break;
            }
            signed = true;
        }
        let mut atom = self.atom(depth)?;
        if !signed {
            return Ok(atom);
        }
        self.nothing_follows()?;
        let negated = match &atom.node.value {
            Value::Bool(_) => {
                return Err(Stop::not_evaluable(
                    offset,
                    Reason::Operation("-".to_owned()),
                ));
            }
            value => number::negate(value),
        };
        let Some(negated) = negated else {
            let refused = Reason::Refused(format!("a sign before {}", atom.node.value.kind()));
            return Err(Stop::not_evaluable(offset, refused));
        };
        if negative {
            atom.node.value = negated;
        }
        atom.node.line = line;
        Ok(atom)
    }

    fn atom(&mut self, depth: usize) -> Result<Evaluated, Stop> {
        let offset = self.offset();
        let line = self.lines.line(offset);
        if self.index >= self.end {
            return Err(self.expected("a value"));
        }
        let text = self.tokens.text(self.index);
        match self.tokens.kind(self.index) {
            TokenKind::Number => {
                self.index += 1;
                Ok(scalar(number::read(text, offset)?, line))
            }
            TokenKind::Text => self.text(line),
            TokenKind::Name => self.name(text, offset, line),
            TokenKind::Operator => match text {
                "(" => self.parenthesis(depth, line),
                "[" => {
                    self.index += 1;
                    let items = self.items(Items::default(), depth, "]")?;
                    self.container(line, items, Value::List)
                }
                "{" => self.braces(depth, line),
                "..." => Err(Stop::not_evaluable(offset, Reason::Unsupported("`...`"))),
                "*" | "**" | "~" => Err(Stop::not_evaluable(
                    offset,
                    Reason::Operation(text.to_owned()),
                )),
                _ => Err(self.expected("a value")),
            },
            _ => Err(self.expected("a value")),
        }
    }

    fn name(&mut self, name: &str, offset: usize, line: u32) -> Result<Evaluated, Stop> {
        let constant = match name {
            "None" => Some(Value::None),
            "True" => Some(Value::Bool(true)),
            "False" => Some(Value::Bool(false)),
            "lambda" | "not" | "await" | "yield" => {
                return Err(Stop::not_evaluable(
                    offset,
                    Reason::Operation(name.to_owned()),
                ));
            }
            _ if is_keyword(name) => return Err(self.expected("a value")),
            _ => None,
        };
        self.index += 1;
        if let Some(constant) = constant {
            return Ok(scalar(constant, line));
        }
        // Named together with what is done to it, which says more than that the name is unknown.
        if self.index < self.end && self.tokens.kind(self.index) == TokenKind::Operator {
            let operation = match self.tokens.text(self.index) {
                "(" => format!("{name}(…)"),
                "[" => format!("{name}[…]"),
                "." => format!("{name}.{}", self.tokens.text(self.index + 1)),
                _ => String::new(),
            };
            if !operation.is_empty() {
                return Err(Stop::not_evaluable(offset, Reason::Operation(operation)));
            }
        }
        self.reference(name, offset)
    }

    /// What is known of a name, or why nothing is.
    fn known(&self, name: &str, offset: usize) -> Result<Known, Stop> {
        match self.scope.look_up(name) {
            Some(Ok(known)) => Ok(known),
            Some(Err(lost)) => Err(Stop::not_evaluable(
                offset,
                Reason::DependsOn {
                    name: name.to_owned(),
                    line: lost.line,
                },
            )),
            None => Err(unknown(name, offset)),
        }
    }

    fn assigned(&self, known: Known) -> Option<&Node> {
        match self.statements.get(known.statement)? {
            Statement::Assignment { outcome, .. } => outcome.as_ref().ok(),
            Statement::Code { .. } => None,
        }
    }

    fn charge(&mut self, weight: usize, offset: usize) -> Result<(), Stop> {
        *self.budget = self.budget.checked_sub(weight).ok_or_else(|| {
            Stop::not_evaluable(
                offset,
                Reason::TooLarge("too large: references and sums repeat too much"),
            )
        })?;
        Ok(())
    }

    /// One string, or several that are joined by standing next to each other.
    fn text(&mut self, line: u32) -> Result<Evaluated, Stop> {
        let mut joined: Option<Text> = None;
        while self.index < self.end && self.tokens.kind(self.index) == TokenKind::Text {
            let offset = self.offset();
            let literal = self.tokens.text(self.index);
            let part = text::decode(literal, offset, &mut |name, quoted, at| {
                self.field(name, quoted, at)
            })?;
            joined = Some(match (joined, part) {
                (None, part) => part,
                (Some(Text::Str(left)), Text::Str(right)) => Text::Str(left + &right),
                (Some(Text::Bytes(left)), Text::Bytes(right)) => Text::Bytes(left + &right),
                _ => return Err(Stop::syntax(offset, "text and bytes cannot be joined")),
            });
            self.index += 1;
        }
        let value = match joined {
            Some(Text::Str(text)) => Value::Str(text),
            // Each character stands for one byte.
            Some(Text::Bytes(text)) => {
                Value::Bytes(text.chars().filter_map(|c| u8::try_from(c).ok()).collect())
            }
            None => return Err(self.expected("a value")),
        };
        Ok(scalar(value, line))
    }

    /// The text that an f-string's field gets: `str` of the value, or its `repr`.
    fn field(&mut self, name: &str, quoted: bool, offset: usize) -> Result<String, Stop> {
        let known = self.known(name, offset)?;
        self.charge(known.weight, offset)?;
        let node = self.assigned(known).ok_or_else(|| unknown(name, offset))?;
        if let (Value::Str(text), false) = (&node.value, quoted) {
            return Ok(text.clone());
        }
        let written = node.to_string();
        // Python decides by its Unicode tables what `repr` escapes beyond ASCII, has its own words for infinity, and
        // orders a set by its hashes.
        if !written.is_ascii() || written.contains("1e999") || node.value.has_set() {
            return Err(Stop::not_evaluable(
                offset,
                Reason::FormatField(name.to_owned()),
            ));
        }
        self.charge(written.len(), offset)?;
        Ok(written)
    }
}

/// Why a value nested beyond [`MAX_DEPTH`] is not evaluated.
pub(crate) fn too_deep(offset: usize) -> Stop {
    Stop::not_evaluable(offset, Reason::TooLarge("nested too deeply"))
}

fn unknown(name: &str, offset: usize) -> Stop {
    Stop::not_evaluable(offset, Reason::UnknownName(name.to_owned()))
}

/// A value without parts.
fn scalar(value: Value, line: u32) -> Evaluated {
    let text = match &value {
        Value::Str(text) | Value::BigInt(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 0,
    };
    Evaluated {
        node: Node { value, line },
        weight: NODE_WEIGHT + text,
        depth: 1,
        group: None,
    }
}

fn append(mut left: Vec<Node>, right: Vec<Node>) -> Vec<Node> {
    left.extend(right);
    left
}

/// The sum of two numbers, unless it leaves what can be told exactly.
fn add_numbers(left: &Value, right: &Value) -> Option<Value> {
    // An integer becomes a float by rounding to the nearest, as in Python.
    #[expect(clippy::cast_precision_loss, reason = "Python loses the same digits")]
    let float = |value: &Value| match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    };
    if let (Value::Int(left), Value::Int(right)) = (left, right) {
        return left.checked_add(*right).map(Value::Int);
    }
    let sum = float(left)? + float(right)?;
    sum.is_finite().then_some(Value::Float(sum))
}
