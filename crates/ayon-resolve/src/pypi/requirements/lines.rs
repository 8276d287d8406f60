//! From the text of a requirement file to its logical lines and their words.

/// A line that was put together, with the number of its first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    /// Without comment, and without blanks at its ends.
    pub(super) text: String,
}

/// The lines of `text` that say something.
///
/// A comment begins at `#` where a line or a blank stands before it, and ends a line that would have gone on.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut open: Option<Line> = None;
    for (index, raw) in text.lines().enumerate() {
        let is_comment = raw.trim_start().starts_with('#');
        let continued = raw.strip_suffix('\\').filter(|_| !is_comment);
        let line = open.get_or_insert_with(|| Line {
            number: index + 1,
            text: String::new(),
        });
        line.text.push_str(match (is_comment, continued) {
            (true, _) => "",
            (false, Some(rest)) => rest,
            (false, None) => raw,
        });
        if continued.is_none() {
            found.extend(open.take().as_ref().and_then(finished));
        }
    }
    found.extend(open.as_ref().and_then(finished));
    found
}

fn finished(line: &Line) -> Option<Line> {
    let text = without_comment(&line.text).trim().to_owned();
    (!text.is_empty()).then_some(Line {
        number: line.number,
        text,
    })
}

fn without_comment(text: &str) -> &str {
    let begins = |(at, _): &(usize, &str)| {
        text[..*at]
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace)
    };
    let comment = text.match_indices('#').find(begins);
    comment.map_or(text, |(at, _)| &text[..at])
}

/// `text` with `${NAME}` replaced by the variable of that name, where there is one. As with pip, names are upper case.
pub(super) fn expanded(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        result.push_str(before);
        let is_letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        let value = after.split_once('}').and_then(|(name, behind)| {
            let is_name = !name.is_empty() && name.bytes().all(is_letter);
            Some((is_name.then(|| variable(name)).flatten()?, behind))
        });
        rest = if let Some((value, behind)) = value {
            result.push_str(&value);
            behind
        } else {
            result.push_str("${");
            after
        };
    }
    result.push_str(rest);
    result
}

/// What a line says before its options, and its options as words, with quotes taken away.
pub(super) fn parts(text: &str) -> (&str, Vec<String>) {
    let mut at = 0;
    for word in text.split(' ') {
        if word.starts_with('-') {
            return (text[..at].trim(), words(&text[at..]));
        }
        at += word.len() + 1;
    }
    (text, Vec::new())
}

/// Words as a shell sees them: separated by blanks, with quotes round those that hold some.
fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            None if matches!(c, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => found.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    found.extend(word);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(usize, String)> {
        let line = |line: Line| (line.number, line.text);
        lines(text).into_iter().map(line).collect()
    }

    #[test]
    fn lines_go_on_and_comments_go_away() {
        assert_eq!(
            texts("# head\n\na \\\n  --hash=x \\\n  --hash=y # z\nb#no  # yes\r\nc\\\n# end\nd"),
            [
                (3, "a   --hash=x   --hash=y".to_owned()),
                (6, "b#no".to_owned()),
                (7, "c".to_owned()),
                (9, "d".to_owned())
            ]
        );
        assert_eq!(texts("a \\"), [(1, "a".to_owned())]);
    }

    #[test]
    fn variables_are_upper_case_and_known() {
        let variable = |name: &str| (name == "A_1").then(|| "x${A_1}".to_owned());
        assert_eq!(
            expanded("${A_1}/${B}/${a}/${A_1", &variable),
            "x${A_1}/${B}/${a}/${A_1"
        );
    }

    #[test]
    fn options_begin_with_the_first_dash() {
        assert_eq!(
            parts("a-b >=1 ; x == 'y' --hash=sha256:0 --hash sha256:1"),
            (
                "a-b >=1 ; x == 'y'",
                vec!["--hash=sha256:0".into(), "--hash".into(), "sha256:1".into()]
            )
        );
        assert_eq!(
            parts("-f 'my wheels'"),
            ("", vec!["-f".into(), "my wheels".into()])
        );
        assert_eq!(parts("a"), ("a", vec![]));
    }
}
