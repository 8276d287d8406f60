//! The setting `platform_map`: a studio's own names for architectures and operating systems.

use regex::{Captures, Regex};

/// Patterns and what they are replaced by, for the architecture and for the operating system.
#[derive(Debug, Clone, Default)]
pub struct PlatformMap {
    arch: Vec<Rule>,
    os: Vec<Rule>,
}

/// A pattern of a `platform_map` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("platform_map.{key}: `{pattern}` is no pattern that can be used: {message}")]
pub struct PlatformMapError {
    /// `arch` or `os`.
    pub key: &'static str,
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it, in one line.
    pub message: String,
}

#[derive(Debug, Clone)]
struct Rule {
    pattern: Regex,
    replacement: Vec<Part>,
}

/// A part of a replacement.
#[derive(Debug, Clone)]
enum Part {
    Text(String),
    /// `\1`, `\g<1>`
    Group(usize),
    /// `\g<name>`
    Name(String),
}

impl PlatformMap {
    /// A map of `(pattern, replacement)` pairs. Patterns and replacements are Python's (`Ubuntu-14.\d`, `\1`), except
    /// that a pattern can neither look around nor refer back.
    ///
    /// # Errors
    /// For the first pattern that cannot be used.
    pub fn new(
        arch: &[(String, String)],
        os: &[(String, String)],
    ) -> Result<Self, PlatformMapError> {
        let rules = |key: &'static str, pairs: &[(String, String)]| {
            pairs
                .iter()
                .map(|(pattern, replacement)| match Regex::new(pattern) {
                    Ok(pattern) => Ok(Rule {
                        pattern,
                        replacement: parts(replacement),
                    }),
                    Err(error) => Err(PlatformMapError {
                        key,
                        pattern: pattern.clone(),
                        message: error
                            .to_string()
                            .lines()
                            .last()
                            .unwrap_or_default()
                            .trim()
                            .to_owned(),
                    }),
                })
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            arch: rules("arch", arch)?,
            os: rules("os", os)?,
        })
    }

    pub(super) fn arch(&self, name: &str) -> String {
        apply(&self.arch, name)
    }

    pub(super) fn os(&self, name: &str) -> String {
        apply(&self.os, name)
    }
}

/// The name after the first rule whose pattern occurs in it, wherever it occurs.
fn apply(rules: &[Rule], name: &str) -> String {
    match rules.iter().find(|rule| rule.pattern.is_match(name)) {
        Some(rule) => rule
            .pattern
            .replace_all(name, |found: &Captures<'_>| {
                expand(&rule.replacement, found)
            })
            .into_owned(),
        None => name.to_owned(),
    }
}

fn expand(parts: &[Part], found: &Captures<'_>) -> String {
    let group =
        |found: Option<regex::Match<'_>>| found.map_or("", |group| group.as_str()).to_owned();
    parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Group(index) => group(found.get(*index)),
            Part::Name(name) => group(found.name(name)),
        })
        .collect()
}

/// A replacement as Python's `re.sub` reads it; what has no meaning there stays as it is written.
fn parts(replacement: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = replacement;
    while let Some(start) = rest.find('\\') {
        text.push_str(&rest[..start]);
        let escape = &rest[start + 1..];
        let (part, length) = match escape.as_bytes().first() {
            Some(b'1'..=b'9') => {
                let digits = escape
                    .bytes()
                    .take(2)
                    .take_while(u8::is_ascii_digit)
                    .count();
                (escape[..digits].parse().ok().map(Part::Group), digits)
            }
            Some(b'g') => match escape
                .strip_prefix("g<")
                .and_then(|name| name.split_once('>'))
            {
                Some((name, _)) => {
                    let part = name
                        .parse()
                        .map_or_else(|_| Part::Name(name.to_owned()), Part::Group);
                    (Some(part), name.len() + 3)
                }
                None => (None, 0),
            },
            Some(b'\\') => {
                text.push('\\');
                rest = &escape[1..];
                continue;
            }
            _ => (None, 0),
        };
        match part {
            Some(part) => {
                parts.push(Part::Text(std::mem::take(&mut text)));
                parts.push(part);
            }
            None => text.push('\\'),
        }
        rest = &escape[length..];
    }
    text.push_str(rest);
    parts.push(Part::Text(text));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> PlatformMap {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(one, other)| ((*one).to_owned(), (*other).to_owned()))
            .collect();
        PlatformMap::new(&[], &pairs).unwrap()
    }

    #[test]
    fn the_first_pattern_that_occurs_renames() {
        let rules = map(&[
            (r"Scientific Linux-(.*)", r"Scientific-\1"),
            (r"Ubuntu-14.\d", r"Ubuntu-14"),
            (r"(?P<name>CentOS)-(\d)\..*", r"\g<name>-\g<2>\\x\q"),
            (r"Ubuntu", r"never"),
        ]);
        assert_eq!(rules.os("Scientific Linux-7.9"), "Scientific-7.9");
        assert_eq!(rules.os("Ubuntu-14.04"), "Ubuntu-144");
        assert_eq!(rules.os("CentOS-7.9.2009"), r"CentOS-7\x\q");
        assert_eq!(rules.os("Debian-12"), "Debian-12");
        assert_eq!(map(&[("a", "<\\1>")]).os("banana"), "b<>n<>n<>");
        assert_eq!(rules.arch("x86_64"), "x86_64");
    }

    #[test]
    fn a_pattern_that_cannot_be_used_is_named() {
        let error = PlatformMap::new(&[("x(?=y)".to_owned(), String::new())], &[]).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("platform_map.arch: `x(?=y)` is no pattern that can be used: "),
            "{error}"
        );
    }
}
