//! From byte offsets to lines and columns.
//!
//! Everything inside works on byte offsets; people want lines and characters. Both are looked up, not counted, so
//! that a file of a single huge line with a remark on each of its statements still takes linear time.

/// A table from which each offset's line and column is found.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    source: &'a str,
    /// The offset at which each line starts.
    starts: Vec<usize>,
    /// How many characters start before each multiple of [`STRIDE`].
    characters: Vec<usize>,
}

/// Bytes between two entries of the table of characters.
const STRIDE: usize = 256;

impl<'a> Lines<'a> {
    /// Indexes a source. Lines end with `\n`, `\r\n` or `\r`, as in Python.
    pub(crate) fn new(source: &'a str) -> Self {
        let bytes = source.as_bytes();
        let mut starts = vec![if source.starts_with('\u{feff}') { 3 } else { 0 }];
        starts.extend((0..bytes.len()).filter_map(|at| {
            let ends =
                bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            ends.then_some(at + 1)
        }));
        let mut characters = Vec::with_capacity(bytes.len() / STRIDE + 1);
        let mut seen = 0;
        for chunk in bytes.chunks(STRIDE) {
            characters.push(seen);
            seen += count_characters(chunk);
        }
        Lines {
            source,
            starts,
            characters,
        }
    }

    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The line and the column of an offset, both from 1, the column in characters.
    pub(crate) fn place(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1];
        let column = self
            .characters_before(offset)
            .saturating_sub(self.characters_before(start))
            + 1;
        (
            u32::try_from(line).unwrap_or(u32::MAX),
            u32::try_from(column).unwrap_or(u32::MAX),
        )
    }

    fn characters_before(&self, offset: usize) -> usize {
        let offset = offset.min(self.source.len());
        let chunk = (offset / STRIDE).min(self.characters.len().saturating_sub(1));
        let counted = self.characters.get(chunk).copied().unwrap_or_default();
        counted + count_characters(&self.source.as_bytes()[chunk * STRIDE..offset])
    }
}

/// The characters that start in these bytes of UTF-8.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The encoding that a comment in the first two lines declares (PEP 263), unless it is UTF-8 or none is declared.
pub(crate) fn declared_encoding(source: &str) -> Option<String> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    for line in source.lines().take(2) {
        let Some(comment) = line.trim_start().strip_prefix('#') else {
            if line.trim().is_empty() {
                continue;
            }
            return None;
        };
        let name = comment
            .split_once("coding")
            .and_then(|(_, rest)| rest.strip_prefix([':', '=']))
            .map(|rest| {
                let rest = rest.trim_start_matches([' ', '\t']);
                let end = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
                    .unwrap_or(rest.len());
                rest[..end].to_ascii_lowercase().replace('_', "-")
            });
        match name {
            Some(name) if name == "utf8" || name == "utf-8" || name.starts_with("utf-8-") => {
                return None;
            }
            Some(name) if !name.is_empty() => return Some(name),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_across_strides() {
        let source = format!("first\r\n{}x\rlast", "é".repeat(300));
        let lines = Lines::new(&source);
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(lines.place(7 + 600), (2, 301));
        assert_eq!(lines.place(source.len()), (3, 5));
        assert_eq!(Lines::new("\u{feff}a").place(3), (1, 1));
        assert_eq!(Lines::new("").place(0), (1, 1));
    }

    #[test]
    fn only_a_foreign_encoding_in_the_first_two_lines_counts() {
        assert_eq!(
            declared_encoding("#!/usr/bin/python\n# -*- coding: latin-1 -*-\n").as_deref(),
            Some("latin-1")
        );
        assert_eq!(declared_encoding("# vim: set fileencoding=utf-8 :\n"), None);
        assert_eq!(declared_encoding("\n\n# coding: latin-1\n"), None);
        assert_eq!(declared_encoding("x = 1\n# coding: latin-1\n"), None);
    }
}
