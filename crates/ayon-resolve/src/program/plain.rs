//! Text from outside, made safe to print: nothing in it moves the cursor, hides words or turns them round.

use ayon_model::is_misleading;

/// `text` without what could move the cursor, hide words or turn them round; line ends and tabs stay.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, '\n' | '\t') || !is_misleading(*c))
        .collect()
}

/// As [`clean`], on one line: for a name from outside inside a sentence of ours.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .filter(|c| !is_misleading(*c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_moves_the_cursor() {
        assert_eq!(
            clean("a\u{1b}[2Jb\rc\u{9b}d\u{202e}e\n\tf"),
            "a[2Jbcde\n\tf"
        );
        assert_eq!(one_line("a\nb\tc\u{7}"), "a b c");
    }
}
