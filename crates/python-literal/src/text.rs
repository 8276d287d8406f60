//! String literals: prefixes, quotes, escapes, and the fields of f-strings.
//!
//! The tokenizer has found where a literal ends; here it gets its value. Escapes follow Python: an unknown one keeps
//! its backslash, a malformed `\x` or `\u` is an error, and what Rust's strings cannot hold (lone surrogates) is said
//! to be unsupported.

use std::fmt::{self, Write};

use crate::error::{Reason, Stop};
use crate::token::is_keyword;

/// One literal, decoded.
#[derive(Debug)]
pub(crate) enum Text {
    /// `"…"`, also with `r`, `u` or `f`.
    Str(String),
    /// `b"…"`. Each character of the string is one byte.
    Bytes(String),
}

/// Decodes the literal that starts at an offset. `field` gives the text of a name in an f-string's field: of its value,
/// or of the value's `repr` where the second argument is set; the third is the name's offset.
pub(crate) fn decode(
    literal: &str,
    offset: usize,
    field: &mut dyn FnMut(&str, bool, usize) -> Result<String, Stop>,
) -> Result<Text, Stop> {
    let quotes = literal.find(['"', '\'']).unwrap_or(literal.len());
    let prefix = literal[..quotes].to_ascii_lowercase();
    if prefix.contains('t') {
        return Err(Stop::not_evaluable(
            offset,
            Reason::Unsupported("a template string"),
        ));
    }
    let rest = &literal[quotes..];
    let triple = rest.len() >= 6 && (rest.starts_with("\"\"\"") || rest.starts_with("'''"));
    let width = if triple { 3 } else { 1 };
    let start = quotes + width;
    let body = literal
        .get(start..literal.len().saturating_sub(width))
        .unwrap_or_default();
    let bytes = prefix.contains('b');
    let body = Decoder {
        body,
        offset: offset + start,
        at: 0,
        raw: prefix.contains('r'),
        bytes,
        fields: prefix.contains('f'),
        decoded: String::with_capacity(body.len()),
    };
    let decoded = body.run(field)?;
    Ok(if bytes {
        Text::Bytes(decoded)
    } else {
        Text::Str(decoded)
    })
}

/// Walks a literal's body.
struct Decoder<'a> {
    body: &'a str,
    /// Where the body starts in the source.
    offset: usize,
    at: usize,
    raw: bool,
    bytes: bool,
    fields: bool,
    decoded: String,
}

impl Decoder<'_> {
    fn run(
        mut self,
        field: &mut dyn FnMut(&str, bool, usize) -> Result<String, Stop>,
    ) -> Result<String, Stop> {
        while let Some(character) = self.body[self.at..].chars().next() {
            if self.bytes && !character.is_ascii() {
                return Err(
                    self.mistake("bytes can only contain ASCII characters; write others as `\\x…`")
                );
            }
            match character {
                '\\' if !self.raw => self.escape()?,
                '{' if self.fields => self.opening_brace(field)?,
                '}' if self.fields => {
                    if !self.body[self.at..].starts_with("}}") {
                        return Err(self.mistake("a single `}` in an f-string: write `}}`"));
                    }
                    self.push('}', 2);
                }
                // Python reads every line end as `\n`.
                '\r' => {
                    let width = if self.body[self.at..].starts_with("\r\n") {
                        2
                    } else {
                        1
                    };
                    self.push('\n', width);
                }
                _ => self.push(character, character.len_utf8()),
            }
        }
        Ok(self.decoded)
    }

    fn push(&mut self, character: char, width: usize) {
        self.decoded.push(character);
        self.at += width;
    }

    fn mistake(&self, message: &str) -> Stop {
        Stop::syntax(self.offset + self.at, message)
    }

    fn escape(&mut self) -> Result<(), Stop> {
        let rest = &self.body[self.at + 1..];
        let Some(character) = rest.chars().next() else {
            return Err(self.mistake("a `\\` cannot be the last character"));
        };
        match character {
            '\n' => self.at += 2,
            '\r' => self.at += if rest.starts_with("\r\n") { 3 } else { 2 },
            '\\' | '\'' | '"' => self.push(character, 2),
            'a' => self.push('\x07', 2),
            'b' => self.push('\x08', 2),
            'f' => self.push('\x0c', 2),
            'n' => self.push('\n', 2),
            'r' => self.push('\r', 2),
            't' => self.push('\t', 2),
            'v' => self.push('\x0b', 2),
            '0'..='7' => {
                let digits = rest
                    .bytes()
                    .take(3)
                    .take_while(|byte| matches!(byte, b'0'..=b'7'))
                    .count();
                let code = u32::from_str_radix(&rest[..digits], 8).unwrap_or_default();
                // A byte takes the lower eight bits, as Python does.
                self.push_code(if self.bytes { code & 0xFF } else { code }, 1 + digits)?;
            }
            'x' => self.hexadecimal(2)?,
            'u' if !self.bytes => self.hexadecimal(4)?,
            'U' if !self.bytes => self.hexadecimal(8)?,
            'N' if !self.bytes => {
                let reason = Reason::Unsupported("a character given by its Unicode name");
                return Err(Stop::not_evaluable(self.offset + self.at, reason));
            }
            // An unknown escape stands for itself; what follows the backslash is read on its own.
            _ => self.push('\\', 1),
        }
        Ok(())
    }

    /// `\x`, `\u` and `\U` with their fixed number of digits.
    fn hexadecimal(&mut self, digits: usize) -> Result<(), Stop> {
        let start = self.at + 2;
        let code = self
            .body
            .get(start..start + digits)
            .filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(code) = code.and_then(|text| u32::from_str_radix(text, 16).ok()) else {
            return Err(self.mistake(&format!(
                "expected {digits} hexadecimal digits after this escape"
            )));
        };
        self.push_code(code, 2 + digits)
    }

    fn push_code(&mut self, code: u32, width: usize) -> Result<(), Stop> {
        match char::from_u32(code) {
            Some(character) => {
                self.push(character, width);
                Ok(())
            }
            None if code > 0x0010_FFFF => Err(self.mistake("there is no such Unicode character")),
            None => Err(Stop::not_evaluable(
                self.offset + self.at,
                Reason::Unsupported("a lone surrogate"),
            )),
        }
    }

    /// `{{`, or a field: `{name}`, `{name!s}` or `{name!r}`.
    fn opening_brace(
        &mut self,
        field: &mut dyn FnMut(&str, bool, usize) -> Result<String, Stop>,
    ) -> Result<(), Stop> {
        let rest = &self.body[self.at..];
        if rest.starts_with("{{") {
            self.push('{', 2);
            return Ok(());
        }
        let inner = rest[1..].split('}').next().unwrap_or_default();
        let (name, conversion) = inner.split_once('!').unwrap_or((inner, "s"));
        let name = name.trim();
        if name.is_empty() && !inner.contains('!') && rest.len() > 1 + inner.len() {
            return Err(self
                .mistake("expected an expression in the braces; a brace itself is written `{{`"));
        }
        let is_name = name.starts_with(|c: char| c == '_' || c.is_alphabetic())
            && name.chars().all(|c| c == '_' || c.is_alphanumeric())
            && !is_keyword(name);
        if !is_name || !matches!(conversion.trim_end(), "s" | "r") {
            let written: String = inner.chars().take(40).collect();
            return Err(Stop::not_evaluable(
                self.offset + self.at,
                Reason::FormatField(written),
            ));
        }
        let text = field(name, conversion.starts_with('r'), self.offset + self.at)?;
        self.decoded.push_str(&text);
        self.at += inner.len() + 2;
        Ok(())
    }
}

/// Prints text or bytes as a literal, with the quotes that Python's `repr` prefers. Control characters, and for bytes
/// everything beyond ASCII, are escaped.
pub(crate) fn print(
    formatter: &mut fmt::Formatter<'_>,
    codes: impl Iterator<Item = u32> + Clone,
    bytes: bool,
) -> fmt::Result {
    let single = u32::from('\'');
    let double = u32::from('"');
    let has = |quote: u32| codes.clone().any(|code| code == quote);
    let quote = if has(single) && !has(double) {
        '"'
    } else {
        '\''
    };
    if bytes {
        formatter.write_char('b')?;
    }
    formatter.write_char(quote)?;
    for code in codes {
        match char::from_u32(code) {
            Some('\n') => formatter.write_str("\\n")?,
            Some('\r') => formatter.write_str("\\r")?,
            Some('\t') => formatter.write_str("\\t")?,
            Some(character) if character == '\\' || character == quote => {
                write!(formatter, "\\{character}")?;
            }
            Some(character) if !character.is_control() && (character.is_ascii() || !bytes) => {
                formatter.write_char(character)?;
            }
            _ => write!(formatter, "\\x{code:02x}")?,
        }
    }
    formatter.write_char(quote)
}
