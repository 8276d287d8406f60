//! Just enough YAML to write: scalars that every reader reads back as the same text.

/// `text` as a YAML scalar on one line: plain where no reader could take it for something else, else double-quoted.
///
/// For block context, where brackets and commas mean nothing.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            // Also the line breaks that only YAML 1.1 knows, and the byte order mark.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let code = u32::from(c);
                quoted.extend(["\\u", &format!("{code:04x}")]);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether `text` means itself when it is written without quotes.
fn is_plain(text: &str) -> bool {
    // A letter first excludes numbers, indicators and `~`; what remains are the words of YAML 1.1 and 1.2.
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || " .,_-+*/<>=!|@[]~^".contains(c);
    // A colon is an indicator only before a space, a number sign only behind one; a URL has no spaces.
    let is_url = text.starts_with("https://")
        && text
            .chars()
            .all(|c| c != ' ' && (c == ':' || is_harmless(c)));
    let is_word =
        text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_harmless);
    is_url && !text.ends_with(':')
        || is_word && !text.ends_with(' ') && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_be_misread_is_quoted() {
        for plain in [
            "staging",
            "numpy >=1.24,<2a0",
            "python 3.11.*",
            "requests[socks]>=2",
            "https://conda.example.org/x",
        ] {
            assert_eq!(scalar(plain), plain);
        }
        for (text, quoted) in [
            ("", "\"\""),
            ("no", "\"no\""),
            ("Null", "\"Null\""),
            ("2024", "\"2024\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("a\\\"\n", "\"a\\\\\\\"\\u000a\""),
            ("*x", "\"*x\""),
            ("x ", "\"x \""),
        ] {
            assert_eq!(scalar(text), quoted);
        }
    }
}
