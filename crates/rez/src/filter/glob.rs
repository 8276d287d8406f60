//! File-name patterns of Python's `fnmatch`: `*`, `?`, `[a-z]`, `[!a-z]`, matched against the whole text.
//!
//! Matching keeps one place to return to, the last `*`, so it takes at most the product of the two lengths.

/// A pattern, with the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Glob {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// Any number of characters.
    Many,
    /// One of any.
    One,
    Exactly(char),
    /// One that lies, or with `true` does not lie, in one of these ranges.
    Within(bool, Vec<(char, char)>),
}

impl Glob {
    /// Reads a pattern; every text is one.
    pub fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let mut rest = &characters[..];
        let mut parts = Vec::new();
        while let [first, after @ ..] = rest {
            rest = after;
            parts.push(match first {
                '*' => Part::Many,
                '?' => Part::One,
                '[' => match set(after) {
                    Some((set, after)) => {
                        rest = after;
                        set
                    }
                    // Without an end it stands for itself.
                    None => Part::Exactly('['),
                },
                other => Part::Exactly(*other),
            });
        }
        Self {
            text: text.to_owned(),
            parts,
        }
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole of `text` fits.
    pub fn matches(&self, text: &str) -> bool {
        let (mut parts, mut rest) = (&self.parts[..], text.chars());
        // What follows the last `*`, and the text from where it was last tried.
        let mut retry: Option<(&[Part], std::str::Chars<'_>)> = None;
        loop {
            if let [Part::Many, after @ ..] = parts {
                parts = after;
                retry = Some((after, rest.clone()));
                continue;
            }
            let mut ahead = rest.clone();
            match (parts, ahead.next()) {
                ([], None) => return true,
                ([part, after @ ..], Some(character)) if part.matches(character) => {
                    (parts, rest) = (after, ahead);
                    continue;
                }
                _ => {}
            }
            // The last `*` takes one more.
            let Some((after, from)) = &mut retry else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            (parts, rest) = (after, from.clone());
        }
    }
}

impl Part {
    fn matches(&self, character: char) -> bool {
        match self {
            Self::Many => false,
            Self::One => true,
            Self::Exactly(own) => *own == character,
            Self::Within(not, ranges) => {
                let within = ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&character));
                within != *not
            }
        }
    }
}

/// Reads a set after its `[`, and what follows its `]`. A `]` at its very start belongs to it.
fn set(after: &[char]) -> Option<(Part, &[char])> {
    let (not, body) = match after {
        ['!', body @ ..] => (true, body),
        body => (false, body),
    };
    let end = 1 + body
        .iter()
        .skip(1)
        .position(|character| *character == ']')?;
    let (mut members, rest) = (&body[..end], &body[end + 1..]);
    let mut ranges = Vec::new();
    loop {
        match members {
            [] => break,
            // An empty range, from high to low, has no members.
            [low, '-', high, others @ ..] => {
                ranges.push((*low, *high));
                members = others;
            }
            [one, others @ ..] => {
                ranges.push((*one, *one));
                members = others;
            }
        }
    }
    Some((Part::Within(not, ranges), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_a_shell() {
        for (pattern, text) in [
            ("*", ""),
            ("ma*", "maya"),
            ("*a*a", "maya"),
            ("m?ya", "maya"),
            ("[k-n]aya", "maya"),
            ("[!a-c]aya", "maya"),
            ("a[]]b", "a]b"),
            ("a[b", "a[b"),
            ("**", "x"),
        ] {
            assert!(Glob::new(pattern).matches(text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("ma", "maya"),
            ("?", ""),
            ("[!m]aya", "maya"),
            ("*b", "maya"),
            ("[", "maya"),
        ] {
            assert!(!Glob::new(pattern).matches(text), "{pattern} {text}");
        }
    }
}
