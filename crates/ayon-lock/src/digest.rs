//! Digests: of inputs, and of the lock itself.
//!
//! A lock's digest is taken of its *tree*, not of its bytes: tables as sorted fields, every value with its kind and its
//! length. So line ends, comments and layout do not change it, and a program that does not know a field of a later
//! schema still computes the digest that the later program wrote.

use std::fmt;
use std::str::FromStr;

use ayon_model::printable;
use sha2::{Digest as _, Sha256};

use crate::node::{Kind, Node, Table};

/// A SHA-256, written `sha256:` and 64 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

/// A text that is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is no digest: `sha256:` and 64 lower-case hexadecimal digits are expected",
    printable(_0)
)]
pub struct DigestError(String);

impl Digest {
    /// Of these bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of a list of texts: the same texts otherwise divided give another digest.
    pub fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hasher = Sha256::new();
        for text in texts {
            feed(&mut hasher, b't', text.as_bytes());
        }
        Self(hasher.finalize().into())
    }

    /// Of a tree, but for the fields `without` of its root.
    pub(crate) fn of_tree(root: &Table, without: &[&str]) -> Self {
        let mut hasher = Sha256::new();
        let fields = root
            .iter()
            .filter(|(name, _)| !without.contains(&name.as_str()));
        feed_table(&mut hasher, fields.collect());
        Self(hasher.finalize().into())
    }
}

/// A kind, a length and the bytes: no two trees feed the same.
fn feed(hasher: &mut Sha256, kind: u8, bytes: &[u8]) {
    hasher.update([kind]);
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

fn feed_node(hasher: &mut Sha256, node: &Node) {
    match &node.kind {
        Kind::Text(text) => feed(hasher, b't', text.as_bytes()),
        Kind::Integer(number) => feed(hasher, b'i', &number.to_le_bytes()),
        Kind::Flag(flag) => feed(hasher, b'b', &[u8::from(*flag)]),
        Kind::Verbatim(text) => feed(hasher, b'v', text.as_bytes()),
        Kind::List(items) => {
            feed(hasher, b'l', &(items.len() as u64).to_le_bytes());
            for item in items {
                feed_node(hasher, item);
            }
        }
        Kind::Table(fields) => feed_table(hasher, fields.iter().collect()),
    }
}

fn feed_table(hasher: &mut Sha256, mut fields: Vec<&(String, Node)>) {
    fields.sort_by(|one, other| one.0.cmp(&other.0));
    feed(hasher, b'm', &(fields.len() as u64).to_le_bytes());
    for (name, node) in fields {
        feed(hasher, b'k', name.as_bytes());
        feed_node(hasher, node);
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("sha256:")?;
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let read = || {
            let digits = text.strip_prefix("sha256:")?.as_bytes();
            let digit = |byte: u8| match byte {
                b'0'..=b'9' => Some(byte - b'0'),
                b'a'..=b'f' => Some(byte - b'a' + 10),
                _ => None,
            };
            let mut bytes = [0; 32];
            if digits.len() != 2 * bytes.len() {
                return None;
            }
            for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
                *byte = digit(pair[0])? * 16 + digit(pair[1])?;
            }
            Some(Self(bytes))
        };
        read().ok_or_else(|| DigestError(text.chars().take(100).collect()))
    }
}
