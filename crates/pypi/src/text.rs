//! Small helpers for text from outside.

/// A text from outside with its control characters made visible, so that it can stand in a message
/// or on a terminal.
pub(crate) fn visible(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            result.extend(character.escape_default());
        } else {
            result.push(character);
        }
    }
    result
}

/// The same for an error: what is longer than anybody reads is cut.
pub(crate) fn printable(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => visible(&text[..end]) + "…",
        None => visible(text),
    }
}

/// Whether a run of digits in the text is too long for any version that exists.
///
/// Eighteen digits always fit a `u64` with room for the successor that some bounds need; uv's
/// parser takes `u64::MAX` in places and would overflow on the successor.
pub(crate) fn has_oversized_number(text: &str) -> bool {
    const LONGEST: usize = 18;
    if text.len() <= LONGEST {
        return false;
    }
    let mut run = 0;
    for byte in text.bytes() {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        if run > LONGEST {
            return true;
        }
    }
    false
}
