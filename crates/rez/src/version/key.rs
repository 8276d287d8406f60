//! The key of a version: characters whose plain order is rez's order of versions.
//!
//! rez splits a token into subtokens, runs of digits and runs of other characters, and compares lists of lists: by
//! token, by subtoken, a proper prefix first. Letters compare by code point and come before all numbers; numbers compare
//! as (value, text). The key says the same without any structure, because at every point where two versions may part,
//! what may follow there is written so that the smaller goes first:
//!
//! * at the start of a token: a letter as itself (`A` to `z`), a number after [`NUMBER`], which is above all letters;
//! * after letters: the end of the key; [`NEXT_TOKEN`]; a number after [`AFTER_LETTERS`]; a further letter;
//! * after a number, whose length is known from its own start: the end of the key; [`NEXT_TOKEN`]; a letter.
//!
//! A number is written as the count of its digits without the zeros in front, those digits, and then its rank among the
//! equal ones. By the order of text, `001 < 01 < 1` but `0 < 00`, so the rank counts zeros in front downwards, and for
//! zero itself upwards.

use std::fmt::Write;

/// Between two tokens: below everything but the end.
pub(super) const NEXT_TOKEN: char = '\u{1}';

/// Between letters and a number: below every letter.
const AFTER_LETTERS: char = '\u{2}';

/// Before a number: above every letter.
const NUMBER: char = '\u{7f}';

/// The largest count that is written as one character.
const SHORT: u8 = 0x60;

/// What the count 0 is written as: above the marks, so that a mark is never taken for a count.
const ZERO: u8 = 0x10;

/// Appends the key of a token, which is a nonempty run of `[a-zA-Z0-9_]`.
pub(super) fn push_token(key: &mut String, token: &str) {
    let mut rest = token;
    while !rest.is_empty() {
        let is_number = rest.starts_with(|character: char| character.is_ascii_digit());
        let length = rest
            .find(|character: char| character.is_ascii_digit() != is_number)
            .unwrap_or(rest.len());
        let (subtoken, after) = rest.split_at(length);
        if is_number {
            push_number(key, subtoken, rest.len() < token.len());
        } else {
            key.push_str(subtoken);
        }
        rest = after;
    }
}

fn push_number(key: &mut String, digits: &str, after_letters: bool) {
    key.push(if after_letters { AFTER_LETTERS } else { NUMBER });
    let significant = digits.trim_start_matches('0');
    push_count(key, significant.len());
    key.push_str(significant);
    let zeros = digits.len() - significant.len();
    if significant.is_empty() {
        push_count(key, zeros);
    } else {
        push_count_downwards(key, zeros);
    }
}

/// Appends a count so that smaller counts go first.
fn push_count(key: &mut String, count: usize) {
    if let Some(count) = short(count) {
        key.push(char::from(ZERO + count));
    } else {
        key.push(char::from(ZERO + SHORT + 1));
        push_wide(key, count as u64);
    }
}

/// Appends a count so that larger counts go first.
fn push_count_downwards(key: &mut String, count: usize) {
    if let Some(count) = short(count) {
        key.push(char::from(ZERO + SHORT - count));
    } else {
        key.push(char::from(ZERO - 1));
        push_wide(key, !(count as u64));
    }
}

fn short(count: usize) -> Option<u8> {
    u8::try_from(count).ok().filter(|count| *count <= SHORT)
}

/// Appends a number at full width.
fn push_wide(key: &mut String, number: u64) {
    // Writing into a string cannot fail.
    let _ = write!(key, "{number:016x}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(token: &str) -> String {
        let mut key = String::new();
        push_token(&mut key, token);
        key
    }

    #[test]
    fn a_key_is_ascii_and_short_for_what_is_common() {
        assert_eq!(key("2024"), "\u{7f}\u{14}2024\u{70}");
        assert_eq!(key("rc01"), "rc\u{2}\u{11}1\u{6f}");
        assert!(key(&"0".repeat(500)).is_ascii());
    }

    #[test]
    fn counts_of_any_size_keep_their_order() {
        let counts = [0, 1, 95, 96, 97, 98, 255, 256, 5000];
        for pair in counts.windows(2) {
            let written = |count, write: fn(&mut String, usize)| {
                let mut key = String::new();
                write(&mut key, count);
                key
            };
            assert!(written(pair[0], push_count) < written(pair[1], push_count));
            assert!(
                written(pair[0], push_count_downwards) > written(pair[1], push_count_downwards)
            );
        }
        assert!(key(&"9".repeat(200)) < key(&format!("1{}", "0".repeat(200))));
        assert!(key(&format!("{}1", "0".repeat(300))) < key(&format!("{}1", "0".repeat(299))));
        assert!(key(&"0".repeat(299)) < key(&"0".repeat(300)));
    }
}
