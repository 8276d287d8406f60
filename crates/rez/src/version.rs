//! Versions and ranges of versions, exactly as rez orders, merges and writes them.
//!
//! A version is a list of *tokens* (`[a-zA-Z0-9_]+`) with one character between any two. Separators are cosmetic:
//! `1.0 == 1-0`. The order is rez's own and unlike any other world's: letters come before digits, a proper prefix comes
//! first, and zeros in front make another version (`01 < 1`).
//!
//! A solve compares versions by the million, so a [`Version`] is read once into a *key* whose bytes have the same order
//! (`key.rs`); comparing two versions is one comparison of bytes. The key and the text lie in one shared allocation.
//!
//! [`VersionRange`] is built on that in layers: a bound (`bound.rs`), the grammar (`grammar.rs`), and the algebra
//! (`range.rs`), where a fault of rez's that decides what ranges mean is kept on purpose.
//!
//! Source: reference `rez.md` §1; rez's `version/_version.py`.

mod bound;
mod error;
mod grammar;
mod key;
mod range;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

pub use bound::{Bound, LowerBound, UpperBound};
pub use error::VersionError;
pub use range::VersionRange;

pub(crate) use error::{caret, shown};

/// A version such as `2024.1`, `1.0-beta3`, or the empty one that stands for "unversioned" and is the smallest.
///
/// Equal and ordered by rez's order, in which separators do not count; written with the separators it was read with.
/// Cheap to clone.
#[derive(Clone)]
pub struct Version {
    /// The key, then the text. The key is ASCII, so the border between them is a border of characters.
    shared: Arc<str>,
    key_length: usize,
}

static EMPTY: LazyLock<Version> = LazyLock::new(|| Version {
    shared: Arc::from(""),
    key_length: 0,
});

impl Version {
    /// Reads a version; the empty text is the empty version.
    ///
    /// # Errors
    /// Where the text does not begin and end with a token, or has more than one character between two.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        if text.is_empty() {
            return Ok(Self::empty());
        }
        // Digits take up to three characters more than their text; most versions have three numbers.
        let mut shared = String::with_capacity(2 * text.len() + 12);
        let mut rest = text;
        loop {
            let token = token_length(rest);
            if token == 0 {
                return Err(VersionError::version(text, text.len() - rest.len()));
            }
            key::push_token(&mut shared, &rest[..token]);
            let mut after = rest[token..].chars();
            if after.next().is_none() {
                break;
            }
            rest = after.as_str();
            shared.push(key::NEXT_TOKEN);
        }
        let key_length = shared.len();
        shared.push_str(text);
        Ok(Self {
            shared: shared.into(),
            key_length,
        })
    }

    /// The version of what has none: no tokens, smaller than all others.
    pub fn empty() -> Self {
        EMPTY.clone()
    }

    /// Whether this is the empty version.
    pub fn is_empty(&self) -> bool {
        self.key_length == 0
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.shared[self.key_length..]
    }

    /// What stands between the separators.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.as_str()
            .split(|character| !is_token(character))
            .filter(|token| !token.is_empty())
    }

    /// The first `tokens` tokens, or the whole version where it has fewer.
    #[must_use]
    pub fn prefix(&self, tokens: usize) -> Self {
        self.split_at(tokens).0
    }

    /// The first `tokens` tokens, and the others.
    pub(crate) fn split_at(&self, tokens: usize) -> (Self, Self) {
        let Some(last) = tokens.checked_sub(1) else {
            return (Self::empty(), self.clone());
        };
        let (key, text) = self.shared.split_at(self.key_length);
        let mut borders = key.match_indices(key::NEXT_TOKEN);
        let mut separators = text.match_indices(|character| !is_token(character));
        // There are as many of the one as of the other.
        let (Some((border, mark)), Some((at, separator))) =
            (borders.nth(last), separators.nth(last))
        else {
            return (self.clone(), Self::empty());
        };
        let first = Self::joined(&key[..border], &text[..at]);
        let rest = Self::joined(&key[border + mark.len()..], &text[at + separator.len()..]);
        (first, rest)
    }

    /// The smallest version that rez's order puts after this one and all its extensions by further tokens, such as
    /// `1.2_` after `1.2`. None, which is to say infinity, after the empty version.
    ///
    /// Not everything that looks like an extension lies before it: `1_` and `1a` lie behind, `1A` before.
    pub fn next(&self) -> Option<Self> {
        if self.is_empty() {
            return None;
        }
        // An underscore after letters prolongs the subtoken; after digits it begins one. In a key, both are the same.
        let (key, text) = self.shared.split_at(self.key_length);
        Some(Self::joined(&format!("{key}_"), &format!("{text}_")))
    }

    /// Whether `other` is [`next`](Self::next) of this, without building it.
    pub(crate) fn is_followed_by(&self, other: &Self) -> bool {
        !self.is_empty() && other.key().strip_suffix(b"_") == Some(self.key())
    }

    fn joined(key: &str, text: &str) -> Self {
        Self {
            shared: [key, text].concat().into(),
            key_length: key.len(),
        }
    }

    fn key(&self) -> &[u8] {
        &self.shared.as_bytes()[..self.key_length]
    }
}

/// Whether a character belongs to a token; every other character separates two.
fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// How long the token at the start of `text` is.
fn token_length(text: &str) -> usize {
    text.find(|character| !is_token(character))
        .unwrap_or(text.len())
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::parse(text)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({:?})", self.as_str())
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::empty()
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Version {}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(other.key())
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn the_order_is_rezs() {
        let ascending = [
            "", "A", "Z", "_", "a", "a.0", "a2", "a10", "aa", "b", "z", "0", "00", "001", "01",
            "01.1", "1", "1.A", "1.0", "1A", "1_", "1a", "1a2", "02", "2", "010", "10",
        ]
        .map(version);
        for pair in ascending.windows(2) {
            assert!(pair[0] < pair[1], "{} {}", pair[0], pair[1]);
        }
        let mut sorted = ascending.clone();
        sorted.reverse();
        sorted.sort();
        assert_eq!(sorted, ascending);
    }

    #[test]
    fn separators_are_cosmetic_but_kept() {
        assert_eq!(version("1.0-b"), version("1-0+b"));
        assert_eq!(version("1.0-b").to_string(), "1.0-b");
        assert_ne!(version("1.0"), version("1"));
        let tokens: Vec<String> = version("1.0é_b").tokens().map(str::to_owned).collect();
        assert_eq!(tokens, ["1", "0", "_b"]);
        assert_eq!(Version::empty().tokens().count(), 0);
    }

    #[test]
    fn what_is_no_version_is_shown_with_its_place() {
        for (text, at) in [
            (".", 0),
            ("1.", 2),
            ("1..2", 2),
            (" 1", 0),
            ("1. 2", 2),
            ("é", 0),
        ] {
            let error = Version::parse(text).unwrap_err();
            assert_eq!(error.span().start, at, "{text}");
        }
        insta::assert_snapshot!(Version::parse("1.0..2").unwrap_err(), @"`1.0..2` is no version: `.` stands where a letter, digit or underscore has to be");
        insta::assert_snapshot!(Version::parse("1.0.").unwrap_err(), @"`1.0.` is no version: it ends with a separator");
    }

    #[test]
    fn a_prefix_keeps_its_separators() {
        let whole = version("1.02-b3");
        assert_eq!(whole.prefix(0), Version::empty());
        assert_eq!(whole.prefix(1).as_str(), "1");
        assert_eq!(whole.prefix(2).as_str(), "1.02");
        assert_eq!(whole.prefix(2), version("1-02"));
        assert_eq!(whole.prefix(3).as_str(), "1.02-b3");
        assert_eq!(whole.prefix(9).as_str(), "1.02-b3");
        assert_eq!(Version::empty().prefix(1), Version::empty());
    }

    #[test]
    fn the_next_version_is_what_its_text_says() {
        for text in ["1.2", "1.2b", "1.2_", "a"] {
            let next = version(text).next().unwrap();
            assert_eq!(next.as_str(), format!("{text}_"));
            assert_eq!(next, version(next.as_str()));
            assert!(version(text).is_followed_by(&next));
            assert!(!next.is_followed_by(&version(text)));
        }
        assert_eq!(Version::empty().next(), None);
        assert!(!Version::empty().is_followed_by(&version("_")));
    }
}
