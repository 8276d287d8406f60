//! Small helpers for text from outside.

/// A text from outside, safe to stand in a message: control characters become their escapes, and
/// what is longer than a line of reading is cut.
pub(crate) fn printable(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut result = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST {
            result.push('…');
            break;
        }
        if character.is_control() {
            result.extend(character.escape_default());
        } else {
            result.push(character);
        }
    }
    result
}

/// Whether a run of digits in the text is too long for any version that exists.
///
/// Eighteen digits always fit a `u64` with room for the successor that some bounds need; uv's
/// parser takes `u64::MAX` in places and would overflow on the successor.
pub(crate) fn has_oversized_number(text: &str) -> bool {
    let mut run = 0;
    for byte in text.bytes() {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        if run > 18 {
            return true;
        }
    }
    false
}
