//! The tokens of a Python file, and the few questions that readers ask of a row of them.

use std::ops::Range;

/// What a token is. Its text is looked up in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An identifier or a keyword.
    Name,
    /// A number, not yet checked.
    Number,
    /// A string of any prefix, from its prefix to its closing quote.
    Text,
    /// An operator or a bracket.
    Operator,
    /// The end of a logical line.
    Newline,
    /// The start of a block.
    Indent,
    /// The end of a block.
    Dedent,
    /// The end of the file, once, as the last token.
    End,
}

/// One token: its kind and the bytes it covers. Offsets are 32 bits wide since a large file has millions of tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Token {
    /// The bytes that the token covers.
    pub(crate) fn span(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// All tokens of a source. Reading past the end gives the end token again, so that no reader needs to check.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    pub(crate) source: &'a str,
    pub(crate) list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// The token at an index.
    pub(crate) fn at(&self, index: usize) -> Token {
        self.list
            .get(index)
            .or(self.list.last())
            .copied()
            .unwrap_or(Token {
                kind: TokenKind::End,
                start: 0,
                end: 0,
            })
    }

    /// The kind of the token at an index.
    pub(crate) fn kind(&self, index: usize) -> TokenKind {
        self.at(index).kind
    }

    /// The text of the token at an index; empty for line ends and blocks.
    pub(crate) fn text(&self, index: usize) -> &'a str {
        match self.at(index).kind {
            TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::End => "",
            _ => self.source.get(self.at(index).span()).unwrap_or_default(),
        }
    }

    /// Whether the token is this operator or bracket.
    pub(crate) fn is_operator(&self, index: usize, text: &str) -> bool {
        self.kind(index) == TokenKind::Operator && self.text(index) == text
    }

    /// Whether the token is this keyword.
    pub(crate) fn is_keyword(&self, index: usize, text: &str) -> bool {
        self.kind(index) == TokenKind::Name && self.text(index) == text
    }

    /// The name at an index, unless it is a keyword, an attribute (`x.name`) or no name at all.
    pub(crate) fn plain_name(&self, index: usize) -> Option<&'a str> {
        let text = self.text(index);
        let attribute = index
            .checked_sub(1)
            .is_some_and(|before| self.is_operator(before, "."));
        (self.kind(index) == TokenKind::Name && !attribute && !is_keyword(text)).then_some(text)
    }

    /// Whether a logical line ends here.
    pub(crate) fn ends_line(&self, index: usize) -> bool {
        matches!(self.kind(index), TokenKind::Newline | TokenKind::End)
    }

    /// How the bracket depth changes over the token: 1, -1 or 0.
    pub(crate) fn depth_change(&self, index: usize) -> isize {
        match self.text(index) {
            "(" | "[" | "{" => 1,
            ")" | "]" | "}" => -1,
            _ => 0,
        }
    }

    /// The index of the first token from `from` on that is outside brackets and fits, or ends the simple statement.
    pub(crate) fn find(&self, from: usize, mut fits: impl FnMut(usize) -> bool) -> usize {
        let mut depth = 0;
        let mut index = from;
        loop {
            if self.ends_line(index) || depth <= 0 && (self.is_operator(index, ";") || fits(index))
            {
                return index;
            }
            depth += self.depth_change(index);
            index += 1;
        }
    }

    /// The index of the end of the simple statement: its line end, or the `;` outside brackets.
    pub(crate) fn statement_end(&self, from: usize) -> usize {
        self.find(from, |_| false)
    }

    /// The index of the colon that opens a clause's suite, if there is one on the line. A `lambda` has a colon of its own.
    pub(crate) fn clause_colon(&self, from: usize) -> Option<usize> {
        let mut lambdas = 0_usize;
        let found = self.find(from, |index| {
            if self.is_keyword(index, "lambda") {
                lambdas += 1;
            } else if self.is_operator(index, ":") {
                if lambdas == 0 {
                    return true;
                }
                lambdas -= 1;
            }
            false
        });
        self.is_operator(found, ":").then_some(found)
    }

    /// The index after the suite whose colon is given: after an indented block, or after the line.
    pub(crate) fn suite_end(&self, colon: usize) -> usize {
        let mut index = colon + 1;
        while !self.ends_line(index) {
            index += 1;
        }
        self.block_end(index)
    }

    /// The index after a line end and the indented block that follows it, if one does.
    pub(crate) fn block_end(&self, newline: usize) -> usize {
        let mut index = newline + usize::from(self.kind(newline) == TokenKind::Newline);
        if self.kind(index) != TokenKind::Indent {
            return index;
        }
        let mut depth = 0_usize;
        loop {
            match self.kind(index) {
                TokenKind::Indent => depth += 1,
                TokenKind::Dedent => depth -= 1,
                TokenKind::End => return index,
                _ => {}
            }
            index += 1;
            if depth == 0 {
                return index;
            }
        }
    }
}

/// Python's keywords, without the soft ones (`match`, `case`, `type`, `_`), which are also names.
pub(crate) fn is_keyword(text: &str) -> bool {
    matches!(
        text,
        "False"
            | "None"
            | "True"
            | "and"
            | "as"
            | "assert"
            | "async"
            | "await"
            | "break"
            | "class"
            | "continue"
            | "def"
            | "del"
            | "elif"
            | "else"
            | "except"
            | "finally"
            | "for"
            | "from"
            | "global"
            | "if"
            | "import"
            | "in"
            | "is"
            | "lambda"
            | "nonlocal"
            | "not"
            | "or"
            | "pass"
            | "raise"
            | "return"
            | "try"
            | "while"
            | "with"
            | "yield"
    )
}
