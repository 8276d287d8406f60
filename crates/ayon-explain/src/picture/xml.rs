//! Text in a picture.

use super::layout::float;

/// Text and attributes of XML.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// How wide a text is, of letters of this width.
pub(super) fn width(text: &str, letter: f64) -> f64 {
    float(text.chars().count()) * letter
}
