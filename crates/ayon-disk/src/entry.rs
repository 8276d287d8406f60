//! The form of one cache entry: a head that tells whose it is and lets every damage be noticed, then the bytes.
//!
//! ```text
//! magic 8 | schema 4 | key length 4 | bytes length 8 | XXH3-128 of the bytes 16 | key | bytes      (numbers little-endian)
//! ```
//! All of the head but the hash is known before anything is read, and is compared as a whole; the hash covers the rest. So
//! an entry cut short, zeroed, mixed up or written by another schema never passes for whole. The hash is not a
//! cryptographic one: it is to notice what disks do, at the speed at which memory is read, and who may write the cache
//! could make any hash fit.

use sha2::{Digest, Sha256};
use twox_hash::XxHash3_128;

const MAGIC: &[u8; 8] = b"AYONCAC2";
/// The header without the hash.
const PLAIN: usize = 24;
const HEADER: usize = PLAIN + 16;

/// The content of an entry's file: its head, and what follows it. None for a key beyond four gigabytes, whose length has
/// no place in the header.
pub(crate) fn encode(schema: u32, key: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let plain = plain_header(schema, key, bytes.len())?;
    let hash = XxHash3_128::oneshot(bytes).to_le_bytes();
    Some([plain.as_slice(), &hash, key.as_bytes(), bytes].concat())
}

/// How many bytes stand before the bytes of a key's entry.
pub(crate) fn head_length(key: &str) -> usize {
    HEADER + key.len()
}

/// The key of a file that begins with `header` and goes on with `rest`, if it is an entry.
pub(crate) fn key_of(schema: u32, header: &[u8], rest: &[u8]) -> Option<String> {
    let length = u32::from_le_bytes(*header.get(12..16)?.first_chunk()?) as usize;
    let key = std::str::from_utf8(rest.get(..length)?).ok()?;
    let expected = plain_header(schema, key, rest.len() - length)?;
    (header.get(..PLAIN)? == expected).then(|| key.to_owned())
}

/// Whether a file that begins with `head`, as much of [`head_length`] as there was, and goes on with `bytes` is what was
/// written for a key; otherwise how the damage shows.
pub(crate) fn check(schema: u32, key: &str, head: &[u8], bytes: &[u8]) -> Result<(), &'static str> {
    let Some((header, stored_key)) = head.split_at_checked(HEADER) else {
        return Err("it is shorter than its header");
    };
    if stored_key.len() < key.len() {
        return Err("it is shorter than its key");
    }
    let (plain, hash) = header.split_at(PLAIN);
    // Every number is compared as it must have been written: nothing read is ever used as a length.
    if plain_header(schema, key, bytes.len()).as_deref() != Some(plain) {
        return Err("its header does not fit its content");
    }
    if stored_key != key.as_bytes() {
        return Err("it belongs to another key");
    }
    if XxHash3_128::oneshot(bytes).to_le_bytes() != *hash {
        return Err("its content does not fit its hash");
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a file's content is found to be, split as it is when it is read.
    fn decode(schema: u32, key: &str, content: &[u8]) -> Result<Vec<u8>, &'static str> {
        let (head, bytes) = content.split_at(head_length(key).min(content.len()));
        check(schema, key, head, bytes).map(|()| bytes.to_vec())
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes(schema: u32, key: String, bytes: Vec<u8>) {
            let content = encode(schema, &key, &bytes).expect("keys here are short");
            prop_assert_eq!(decode(schema, &key, &content), Ok(bytes));
        }

        #[test]
        fn any_change_is_noticed(key: String, bytes: Vec<u8>, at: prop::sample::Index, change in 1..=255_u8) {
            let mut content = encode(1, &key, &bytes).expect("keys here are short");
            let at = at.index(content.len());
            content[at] ^= change;
            prop_assert!(decode(1, &key, &content).is_err());
        }

        #[test]
        fn any_cut_is_noticed(key: String, bytes: Vec<u8>, at: prop::sample::Index) {
            let mut content = encode(1, &key, &bytes).expect("keys here are short");
            content.truncate(at.index(content.len()));
            prop_assert!(decode(1, &key, &content).is_err());
        }

        #[test]
        fn garbage_is_noticed(key: String, content: Vec<u8>) {
            prop_assert!(decode(1, &key, &content).is_err());
        }

        #[test]
        fn another_key_or_schema_is_noticed(key: String, other: String, bytes: Vec<u8>) {
            let content = encode(1, &key, &bytes).expect("keys here are short");
            prop_assert!(decode(2, &key, &content).is_err());
            if key != other {
                prop_assert!(decode(1, &other, &content).is_err());
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
