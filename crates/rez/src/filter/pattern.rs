//! Regular expressions of Python's, matched at the start of a text as its `re.match` does.
//!
//! They are compiled by the `regex` crate, whose matching takes linear time whatever the pattern. The two languages differ
//! at a few places: what is only written otherwise is translated, and what would mean something else, or what takes
//! going back (looking around, back-references, possessive repetition), is refused.

use regex::Regex;

use crate::version::shown;

/// A pattern as it was written, and what it was compiled to.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    text: String,
    regex: Regex,
}

impl Pattern {
    /// Reads a pattern. The error says in words what is wrong.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let refused =
            |reason: &str| format!("not a regular expression that can be used here: {reason}");
        let translated = translate(text).map_err(|reason| refused(&reason))?;
        let regex = Regex::new(&translated).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => refused("it is too large"),
            error => {
                // The lines before show the pattern, which is known.
                let told = error.to_string();
                let last = told.lines().last().unwrap_or_default();
                refused(&shown(last.trim_start_matches("error: ")))
            }
        })?;
        let text = text.to_owned();
        Ok(Self { text, regex })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches at the start of the text, wherever it ends.
    pub(super) fn matches(&self, text: &str) -> bool {
        let found = self.regex.find(text);
        found.is_some_and(|found| found.start() == 0)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What stands just before a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Something,
    Repetition,
    LazyRepetition,
}

/// Writes a pattern of Python's in our syntax.
fn translate(text: &str) -> Result<String, String> {
    let mut translated = String::with_capacity(text.len());
    let mut before = Before::Something;
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(piece_length(rest));
        let mut now = Before::Something;
        match piece {
            // The one escape with another name here: the very end.
            "\\Z" => translated.push_str("\\z"),
            "*" | "+" | "?" => {
                now = match (before, piece) {
                    (Before::Something, _) => Before::Repetition,
                    (Before::Repetition, "?") => Before::LazyRepetition,
                    _ => return Err(format!("`{piece}` repeats what is repeated already")),
                };
                translated.push_str(piece);
            }
            set if set.starts_with('[') => {
                // Sets may hold sets here, and be joined by these signs.
                let (open, members) = set.split_at(1);
                translated.push_str(open);
                for member in members.chars() {
                    if matches!(member, '[' | '&' | '~') {
                        translated.push('\\');
                    }
                    translated.push(member);
                }
            }
            _ => {
                if piece == "}" && ends_with_count(&text[..text.len() - rest.len()]) {
                    now = Before::Repetition;
                }
                translated.push_str(piece);
            }
        }
        before = now;
        rest = after;
    }
    Ok(translated)
}

/// How long the first piece of a pattern is: an escape, a whole set, or one character.
fn piece_length(pattern: &str) -> usize {
    let mut places = pattern.char_indices();
    let end = match places.next() {
        Some((_, '\\')) => places.nth(1),
        Some((_, '[')) => {
            // A bracket that closes is a member where it is the first.
            let members = pattern[1..].strip_prefix('^').unwrap_or(&pattern[1..]);
            let start = pattern.len() - members.len();
            let mut escaped = false;
            let end = members.char_indices().find(|&(at, member)| {
                let closes = member == ']' && at > 0 && !escaped;
                escaped = member == '\\' && !escaped;
                closes
            });
            return end.map_or(pattern.len(), |(at, _)| start + at + 1);
        }
        _ => places.next(),
    };
    end.map_or(pattern.len(), |(at, _)| at)
}

/// Whether a brace that closes here would close a number of repetitions: `{2,`.
fn ends_with_count(before: &str) -> bool {
    let digits =
        before.trim_end_matches(|character: char| character.is_ascii_digit() || character == ',');
    digits.ends_with('{') && digits.len() < before.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(text)
    }

    #[test]
    fn what_python_writes_otherwise_is_translated() {
        assert!(matches(r"foo-1\Z", "foo-1"));
        assert!(!matches(r"foo-1\Z", "foo-1.2"));
        assert!(matches(r"foo\\Z", r"foo\Z"));
        assert!(matches("[[a]+$", "[a"));
        assert!(matches("[]a]+$", "a]a"));
        assert!(matches("[^]a]+$", "bcd"));
        assert!(matches(r"[\]a]+$", "a]a"));
        assert!(matches("[a&&b]+$", "a&b"));
        assert!(!matches("[a&&b]+$", "~"));
        assert!(matches("(?P<name>fo+?)-.{1,2}?$", "foo-12"));
    }

    #[test]
    fn it_matches_at_the_start_and_need_not_at_the_end() {
        assert!(matches("fo", "foo"));
        assert!(!matches("oo", "foo"));
        assert!(matches("x|fo", "foo"));
        assert!(matches("", "foo"));
    }

    #[test]
    fn what_would_mean_something_else_is_refused() {
        for wrong in [
            "a**", "a+*", "a?*", "a*+", "a*??", "a{2}*", "a{2}+", "(?=a)", "(?<!a)b", r"(a)\1",
            "[a", "(a", "*",
        ] {
            assert!(Pattern::new(wrong).is_err(), "{wrong}");
        }
        insta::assert_snapshot!(Pattern::new("a(?!b)").unwrap_err(), @"not a regular expression that can be used here: look-around, including look-ahead and look-behind, is not supported");
        insta::assert_snapshot!(Pattern::new("a*+").unwrap_err(), @"not a regular expression that can be used here: `+` repeats what is repeated already");
    }
}
