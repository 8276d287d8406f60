//! The form of one cache entry: a header that lets every damage be noticed, then the key, then the bytes.
//!
//! ```text
//! magic 8 | schema 4 | key length 4 | bytes length 8 | sha-256 32 | key | bytes      (numbers little-endian)
//! ```
//! The hash covers everything but itself, so that an entry cut short, zeroed, mixed up or written by another schema never
//! passes for whole.

use sha2::{Digest, Sha256};

const MAGIC: &[u8; 8] = b"AYONCACH";
/// The header without the hash.
const PLAIN: usize = 24;
const HEADER: usize = PLAIN + 32;

/// What was found in an entry's file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    /// The bytes that were put.
    Whole(Vec<u8>),
    /// Not what was written, and how that shows.
    Damaged(&'static str),
}

/// The content of an entry's file; `None` for a key beyond four gigabytes, whose length has no place in the header.
pub(crate) fn encode(schema: u32, key: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let plain = plain_header(schema, key, bytes.len())?;
    let hash = hash(&plain, key.as_bytes(), bytes);
    Some([plain.as_slice(), &hash, key.as_bytes(), bytes].concat())
}

/// What an entry's file holds for a key.
pub(crate) fn decode(schema: u32, key: &str, mut content: Vec<u8>) -> Decoded {
    let Some((header, rest)) = content.split_at_checked(HEADER) else {
        return Decoded::Damaged("it is shorter than its header");
    };
    let (plain, stored_hash) = header.split_at(PLAIN);
    // Every number is compared as it must have been written: nothing read is ever used as a length.
    let expected = rest
        .len()
        .checked_sub(key.len())
        .and_then(|length| plain_header(schema, key, length));
    let Some(expected) = expected else {
        return Decoded::Damaged("it is shorter than its key");
    };
    if plain != expected {
        return Decoded::Damaged("its header does not fit its content");
    }
    let (stored_key, bytes) = rest.split_at(key.len());
    if hash(plain, stored_key, bytes) != stored_hash {
        return Decoded::Damaged("its content does not fit its hash");
    }
    if stored_key != key.as_bytes() {
        return Decoded::Damaged("it belongs to another key");
    }
    content.drain(..HEADER + key.len());
    Decoded::Whole(content)
}

/// The name of a key's file, and of the folder that holds it: a hash, cut after two digits.
pub(crate) fn file_name(key: &str) -> (String, String) {
    let mut digits =
        Sha256::digest(key.as_bytes())
            .iter()
            .fold(String::new(), |mut digits, byte| {
                for half in [byte >> 4, byte & 15] {
                    digits.extend(char::from_digit(u32::from(half), 16));
                }
                digits
            });
    let rest = digits.split_off(2);
    (digits, rest)
}

/// The header up to the hash, as it must be for these lengths.
fn plain_header(schema: u32, key: &str, length: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(PLAIN);
    plain.extend_from_slice(MAGIC);
    plain.extend_from_slice(&schema.to_le_bytes());
    plain.extend_from_slice(&u32::try_from(key.len()).ok()?.to_le_bytes());
    plain.extend_from_slice(&(length as u64).to_le_bytes());
    Some(plain)
}

fn hash(plain: &[u8], key: &[u8], bytes: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(plain)
        .chain_update(key)
        .chain_update(bytes)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_decodes(schema: u32, key: String, bytes: Vec<u8>) {
            let content = encode(schema, &key, &bytes).expect("keys here are short");
            prop_assert_eq!(decode(schema, &key, content), Decoded::Whole(bytes));
        }

        #[test]
        fn any_change_is_noticed(key: String, bytes: Vec<u8>, at: prop::sample::Index, change in 1..=255_u8) {
            let mut content = encode(1, &key, &bytes).expect("keys here are short");
            let at = at.index(content.len());
            content[at] ^= change;
            prop_assert!(matches!(decode(1, &key, content), Decoded::Damaged(_)));
        }

        #[test]
        fn any_cut_is_noticed(key: String, bytes: Vec<u8>, at: prop::sample::Index) {
            let mut content = encode(1, &key, &bytes).expect("keys here are short");
            content.truncate(at.index(content.len()));
            prop_assert!(matches!(decode(1, &key, content), Decoded::Damaged(_)));
        }

        #[test]
        fn garbage_is_noticed(key: String, content: Vec<u8>) {
            prop_assert!(matches!(decode(1, &key, content), Decoded::Damaged(_)));
        }

        #[test]
        fn another_key_or_schema_is_noticed(key: String, other: String, bytes: Vec<u8>) {
            let content = encode(1, &key, &bytes).expect("keys here are short");
            prop_assert!(matches!(decode(2, &key, content.clone()), Decoded::Damaged(_)));
            if key != other {
                prop_assert!(matches!(decode(1, &other, content), Decoded::Damaged(_)));
            }
        }
    }

    #[test]
    fn names_are_hexadecimal_and_steady() {
        let (folder, name) = file_name("abc");
        assert_eq!(
            folder + &name,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
