//! Digests, in the hexadecimal digits that everybody writes.

use std::fmt;
use std::str::FromStr;

/// A SHA-256. Reads and displays as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256(pub [u8; 32]);

/// An MD5, which some formats still ask for. Reads and displays as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Md5(pub [u8; 16]);

macro_rules! hexadecimal {
    ($digest:ident, $length:literal) => {
        impl fmt::Display for $digest {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0
                    .iter()
                    .try_for_each(|byte| write!(formatter, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $digest {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }

        impl FromStr for $digest {
            type Err = DigestError;

            fn from_str(text: &str) -> Result<Self, DigestError> {
                let mut bytes = [0; $length];
                decode(text, &mut bytes).ok_or(DigestError {
                    digits: $length * 2,
                })?;
                Ok(Self(bytes))
            }
        }
    };
}

hexadecimal!(Sha256, 32);
hexadecimal!(Md5, 16);

/// A text that is no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{digits} hexadecimal digits are expected")]
pub struct DigestError {
    digits: usize,
}

fn decode(text: &str, bytes: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != bytes.len() * 2 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_as_they_are_read() {
        let text = "0123456789abcdef0123456789abcdef";
        assert_eq!(text.parse::<Md5>().unwrap().to_string(), text);
        let text = text.repeat(2);
        assert_eq!(text.parse::<Sha256>().unwrap().to_string(), text);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "0",
            "0123",
            "zz23456789abcdef0123456789abcdef",
            "é123456789abcdef0123456789abcde",
        ] {
            assert!(text.parse::<Md5>().is_err(), "{text}");
        }
    }
}
