//! From text to tokens: Python's lexical rules, with brackets matched and blocks marked.
//!
//! Only what every later step relies on is checked here: strings end, brackets match, indentation fits. Numbers are
//! taken as a run of letters and digits and checked when their value is needed, so that odd code that is skipped
//! anyway does not stop the reading. Replacement fields of f-strings may hold any quotes (PEP 701), which reads the
//! older, stricter ones alike.

use crate::error::ParseError;
use crate::position::Lines;
use crate::token::{Token, TokenKind, Tokens};

/// Python's own limits on open brackets and blocks.
const MAX_BRACKETS: usize = 200;
const MAX_INDENTS: usize = 100;
/// How deeply f-strings may be nested in one another's fields.
const MAX_NESTED_TEXTS: usize = 100;

/// A mistake: where, and what is wrong.
type Mistake = (usize, String);

/// Splits a source into tokens.
pub(crate) fn tokenize<'a>(source: &'a str, lines: &Lines<'_>) -> Result<Tokens<'a>, ParseError> {
    let mut tokenizer = Tokenizer {
        source,
        bytes: source.as_bytes(),
        at: if source.starts_with('\u{feff}') { 3 } else { 0 },
        tokens: Vec::new(),
        brackets: Vec::new(),
        indents: vec![Indentation::default()],
    };
    tokenizer.run().map_err(|(offset, message)| {
        let (line, column) = lines.place(offset);
        ParseError::Syntax {
            line,
            column,
            message,
        }
    })?;
    Ok(Tokens {
        source,
        list: tokenizer.tokens,
    })
}

/// The width of a line's indentation, with tabs to the next multiple of eight and with tabs as one column. Two
/// indentations compare only when both widths agree on the order; otherwise the tab size would decide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Indentation {
    wide: usize,
    narrow: usize,
}

struct Tokenizer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    /// Open brackets: where each stands and which bracket closes it.
    brackets: Vec<(usize, u8)>,
    indents: Vec<Indentation>,
}

impl Tokenizer<'_> {
    fn run(&mut self) -> Result<(), Mistake> {
        let mut line_starts = true;
        loop {
            if line_starts && self.brackets.is_empty() {
                self.indentation()?;
            }
            line_starts = false;
            self.skip_blanks()?;
            let start = self.at;
            match self.peek(0) {
                None => return self.finish(),
                Some(b'\n' | b'\r') => {
                    self.line_end();
                    if self.brackets.is_empty() {
                        self.push_newline(start);
                        line_starts = true;
                    }
                }
                Some(_) => self.token(start)?,
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        // The size was checked to fit before the tokenizer was made.
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        self.tokens.push(Token {
            kind,
            start: narrow(start),
            end: narrow(self.at),
        });
    }

    /// A line end counts only after something stood on the line.
    fn push_newline(&mut self, start: usize) {
        let blank = self.tokens.last().is_none_or(|token| {
            matches!(
                token.kind,
                TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent
            )
        });
        if !blank {
            self.push(TokenKind::Newline, start);
        }
    }

    fn finish(&mut self) -> Result<(), Mistake> {
        if let Some((open, closing)) = self.brackets.last() {
            return Err((
                *open,
                format!(
                    "this bracket is never closed: expected `{}`",
                    char::from(*closing)
                ),
            ));
        }
        self.push_newline(self.at);
        for _ in 1..self.indents.len() {
            self.push(TokenKind::Dedent, self.at);
        }
        self.push(TokenKind::End, self.at);
        Ok(())
    }

    /// Consumes one line end of any of the three kinds.
    fn line_end(&mut self) {
        self.at += if self.peek(0) == Some(b'\r') && self.peek(1) == Some(b'\n') {
            2
        } else {
            1
        };
    }

    /// Spaces, comments, and a backslash that joins two lines.
    fn skip_blanks(&mut self) -> Result<(), Mistake> {
        loop {
            match self.peek(0) {
                Some(b' ' | b'\t' | b'\x0c') => self.at += 1,
                Some(b'#') => {
                    while !matches!(self.peek(0), None | Some(b'\n' | b'\r')) {
                        self.at += 1;
                    }
                }
                Some(b'\\') if matches!(self.peek(1), Some(b'\n' | b'\r')) => {
                    self.at += 1;
                    self.line_end();
                    if self.at == self.bytes.len() {
                        return Err((
                            self.at,
                            "a line must follow the `\\` at the end of the last one".to_owned(),
                        ));
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    /// Measures the line's indentation and marks the blocks that begin or end with it; blank lines do not count.
    fn indentation(&mut self) -> Result<(), Mistake> {
        let mut width = Indentation::default();
        loop {
            match self.peek(0) {
                Some(b' ') => {
                    width = Indentation {
                        wide: width.wide + 1,
                        narrow: width.narrow + 1,
                    }
                }
                Some(b'\t') => {
                    width = Indentation {
                        wide: (width.wide / 8 + 1) * 8,
                        narrow: width.narrow + 1,
                    }
                }
                Some(b'\x0c') => width = Indentation::default(),
                None | Some(b'\n' | b'\r' | b'#') => return Ok(()),
                Some(_) => break,
            }
            self.at += 1;
        }
        let inconsistent = (
            self.at,
            "tabs and spaces are mixed so that the indentation is ambiguous".to_owned(),
        );
        let current = self.indents.last().copied().unwrap_or_default();
        if width.wide == current.wide {
            return if width == current {
                Ok(())
            } else {
                Err(inconsistent)
            };
        }
        if width.wide > current.wide {
            if width.narrow <= current.narrow {
                return Err(inconsistent);
            }
            if self.indents.len() > MAX_INDENTS {
                return Err((
                    self.at,
                    format!("blocks are nested more than {MAX_INDENTS} deep"),
                ));
            }
            self.indents.push(width);
            self.push(TokenKind::Indent, self.at);
            return Ok(());
        }
        while self
            .indents
            .last()
            .is_some_and(|indent| indent.wide > width.wide)
        {
            self.indents.pop();
            self.push(TokenKind::Dedent, self.at);
        }
        match self.indents.last() {
            Some(indent) if *indent == width => Ok(()),
            Some(indent) if indent.wide == width.wide => Err(inconsistent),
            _ => Err((
                self.at,
                "this indentation matches no enclosing block".to_owned(),
            )),
        }
    }

    fn token(&mut self, start: usize) -> Result<(), Mistake> {
        let first = self.bytes[start];
        let starts_number = first.is_ascii_digit()
            || first == b'.' && self.peek(1).is_some_and(|b| b.is_ascii_digit());
        if starts_number {
            self.number();
            self.push(TokenKind::Number, start);
        } else if let Some(prefix) = self.text_prefix() {
            self.text(prefix, 0)?;
            self.push(TokenKind::Text, start);
        } else if self.name() {
            self.push(TokenKind::Name, start);
        } else {
            self.operator(start)?;
            self.push(TokenKind::Operator, start);
        }
        Ok(())
    }

    /// A run of letters, digits, `.` and `_`, and a sign after the `e` of an exponent.
    fn number(&mut self) {
        let hexadecimal = self.peek(0) == Some(b'0') && matches!(self.peek(1), Some(b'x' | b'X'));
        let mut before = b'0';
        while let Some(byte) = self.peek(0) {
            let sign = matches!(byte, b'+' | b'-') && matches!(before, b'e' | b'E') && !hexadecimal;
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || sign) {
                break;
            }
            before = byte;
            self.at += 1;
        }
    }

    /// A name; letters beyond ASCII are taken by Rust's idea of a letter.
    fn name(&mut self) -> bool {
        let rest = &self.source[self.at..];
        let starts = |c: char| c == '_' || c.is_alphabetic();
        if !rest.starts_with(starts) {
            return false;
        }
        let continues =
            |c: char| c == '_' || c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace());
        self.at += rest.find(|c| !continues(c)).unwrap_or(rest.len());
        true
    }

    fn operator(&mut self, start: usize) -> Result<(), Mistake> {
        const LONG: [&str; 25] = [
            "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=",
            "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=", "<>",
        ];
        let rest = &self.source[start..];
        if let Some(operator) = LONG.iter().find(|operator| rest.starts_with(**operator)) {
            self.at += operator.len();
            return Ok(());
        }
        let first = rest.chars().next().unwrap_or_default();
        self.at += first.len_utf8();
        match first {
            '(' | '[' | '{' => {
                if self.brackets.len() >= MAX_BRACKETS {
                    return Err((
                        start,
                        format!("brackets are nested more than {MAX_BRACKETS} deep"),
                    ));
                }
                let closing = if first == '(' {
                    b')'
                } else {
                    self.bytes[start] + 2
                };
                self.brackets.push((start, closing));
            }
            ')' | ']' | '}' => match self.brackets.pop() {
                Some((_, closing)) if char::from(closing) == first => {}
                Some((_, closing)) => {
                    return Err((
                        start,
                        format!("expected `{}`, found `{first}`", char::from(closing)),
                    ));
                }
                None => return Err((start, format!("`{first}` closes nothing"))),
            },
            '+' | '-' | '*' | '/' | '%' | '@' | '&' | '|' | '^' | '~' | '<' | '>' | ',' | ':'
            | '.' | ';' | '=' => {}
            _ => {
                return Err((
                    start,
                    format!(
                        "the character `{}` has no meaning here",
                        first.escape_default()
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The length of a string's prefix and whether it makes an f-string, if a string starts here.
    fn text_prefix(&self) -> Option<Prefix> {
        let length = (0..=2).find(|ahead| matches!(self.peek(*ahead), Some(b'"' | b'\'')))?;
        let prefix = self.bytes[self.at..self.at + length].to_ascii_lowercase();
        match prefix.as_slice() {
            b"" | b"r" | b"b" | b"u" | b"br" | b"rb" => Some(Prefix {
                length,
                has_fields: false,
                raw: false,
            }),
            b"f" | b"t" => Some(Prefix {
                length,
                has_fields: true,
                raw: false,
            }),
            b"fr" | b"rf" | b"tr" | b"rt" => Some(Prefix {
                length,
                has_fields: true,
                raw: true,
            }),
            _ => None,
        }
    }

    /// A string from its prefix to its closing quote.
    fn text(&mut self, prefix: Prefix, nesting: usize) -> Result<(), Mistake> {
        let start = self.at;
        self.at += prefix.length;
        let quote = self.bytes[self.at];
        let triple = self.peek(1) == Some(quote) && self.peek(2) == Some(quote);
        let width = if triple { 3 } else { 1 };
        self.at += width;
        loop {
            match self.peek(0) {
                None => return Err((start, "this string is never closed".to_owned())),
                Some(b'\n' | b'\r') if !triple => {
                    return Err((start, "this string is not closed on its line".to_owned()));
                }
                Some(byte) if byte == quote && self.closes(quote, width) => {
                    self.at += width;
                    return Ok(());
                }
                // Whatever follows a backslash is not the closing quote. A brace is left to be seen by itself.
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek(0) {
                        Some(b'\r' | b'\n') => self.line_end(),
                        Some(b'{' | b'}') if prefix.has_fields => {}
                        Some(b'N')
                            if prefix.has_fields && !prefix.raw && self.peek(1) == Some(b'{') =>
                        {
                            self.at += 2;
                        }
                        Some(_) => self.at += 1,
                        None => {}
                    }
                }
                Some(b'{') if prefix.has_fields => {
                    self.at += 1;
                    if self.peek(0) == Some(b'{') {
                        self.at += 1;
                    } else {
                        self.field(start, (quote, width), nesting)?;
                    }
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn closes(&self, quote: u8, width: usize) -> bool {
        (0..width).all(|ahead| self.peek(ahead) == Some(quote))
    }

    /// The replacement field of an f-string, after its `{`: an expression, then perhaps `:` and a format in which
    /// further fields may stand. One stack serves both: it holds whether each level is an expression's bracket.
    fn field(
        &mut self,
        start: usize,
        (quote, width): (u8, usize),
        nesting: usize,
    ) -> Result<(), Mistake> {
        if nesting >= MAX_NESTED_TEXTS {
            return Err((
                start,
                format!("strings are nested more than {MAX_NESTED_TEXTS} deep"),
            ));
        }
        let mut levels = vec![Level::Field];
        while let Some(level) = levels.last().copied() {
            let Some(byte) = self.peek(0) else {
                return Err((start, "this string is never closed".to_owned()));
            };
            if width == 1 && matches!(byte, b'\n' | b'\r') && level == Level::Format {
                return Err((start, "this string is not closed on its line".to_owned()));
            }
            if byte == quote && self.closes(quote, width) && level == Level::Format {
                return Err((
                    self.at,
                    "expected `}` before the end of the string".to_owned(),
                ));
            }
            if level != Level::Format {
                if let Some(prefix) = self
                    .text_prefix()
                    .filter(|prefix| self.starts_text(prefix.length))
                {
                    self.text(prefix, nesting + 1)?;
                    continue;
                }
                if byte == b'#' {
                    self.skip_blanks()?;
                    continue;
                }
            }
            if levels.len() > MAX_BRACKETS {
                return Err((
                    self.at,
                    format!("brackets are nested more than {MAX_BRACKETS} deep"),
                ));
            }
            self.at += 1;
            match byte {
                b'{' if level == Level::Format => levels.push(Level::Field),
                b'(' | b'[' | b'{' if level != Level::Format => levels.push(Level::Bracket),
                b')' | b']' if level != Level::Format => {
                    if level == Level::Field {
                        return Err((self.at - 1, "expected `}`".to_owned()));
                    }
                    levels.pop();
                }
                b'}' => {
                    levels.pop();
                    // The end of a format is the end of its field.
                    if level == Level::Format {
                        levels.pop();
                    }
                }
                b':' if level == Level::Field => levels.push(Level::Format),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a string's prefix here is one, not the last letters of a name.
    fn starts_text(&self, length: usize) -> bool {
        let before = self.at.checked_sub(1).map(|before| self.bytes[before]);
        length == 0
            || before
                .is_none_or(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80))
    }
}

/// What a string's prefix says about where the string ends.
#[derive(Debug, Clone, Copy)]
struct Prefix {
    length: usize,
    /// Whether `{…}` within it holds code.
    has_fields: bool,
    /// Whether such a field also follows `\\N`, which otherwise names a character.
    raw: bool,
}

/// Where within a replacement field the tokenizer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// In the expression of a field.
    Field,
    /// In a bracket within that expression.
    Bracket,
    /// In the format after the field's `:`.
    Format,
}
