//! The text of a package file, as rez writes installed ones.
//!
//! rez's own readers take any Python here, but only what rez's `dump_package_data` writes is understood by everybody who
//! reads package files without running them. So the text is that function's, byte for byte: the order of the attributes,
//! a blank line between them, long lists broken as Python's `pprint` breaks them.

use std::fmt::Write as _;

use sha1::{Digest, Sha1};

/// Columns that `pprint` fills.
const WIDTH: usize = 80;

/// One package definition, as far as a published package has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PackageFile {
    pub(crate) name: String,
    pub(crate) version: String,
    /// A line for people; nothing is written where it is empty.
    pub(crate) description: String,
    /// The commands that the package brings, as aliases.
    pub(crate) tools: Vec<String>,
    pub(crate) requires: Vec<String>,
    pub(crate) variants: Vec<Vec<String>>,
    /// The lines of `commands()`, without indentation.
    pub(crate) commands: Vec<String>,
    /// Seconds since 1970.
    pub(crate) timestamp: i64,
}

impl PackageFile {
    /// The whole file.
    pub(crate) fn text(&self) -> String {
        let mut items = vec![
            format!("name = {}", literal(&self.name)),
            format!("version = {}", literal(&self.version)),
        ];
        if !self.description.is_empty() {
            items.push(description(&self.description));
        }
        let lists = [("tools", &self.tools), ("requires", &self.requires)];
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            let entries: Vec<String> = list.iter().map(|text| literal(text)).collect();
            items.push(assignment(name, &entries));
        }
        if !self.variants.is_empty() {
            // A list that stands alone has the brackets of the outer one in its line.
            let width = if self.variants.len() == 1 {
                WIDTH - 2
            } else {
                WIDTH
            };
            let lists = self.variants.iter();
            let entries: Vec<String> = lists.map(|list| pretty(list, width)).collect();
            items.push(assignment("variants", &entries));
        }
        if !self.commands.is_empty() {
            let lines: Vec<&str> = self.commands.iter().map(String::as_str).collect();
            items.push(format!("def commands():\n{}", indented(&lines.join("\n"))));
        }
        items.push(format!("timestamp = {}", self.timestamp));
        if !self.variants.is_empty() {
            // A variant's folder would else be named by its requirements, `<` and `|` among them.
            items.push("hashed_variants = True".to_owned());
        }
        items.push("format_version = 2".to_owned());
        format!("# -*- coding: utf-8 -*-\n\n{}\n", items.join("\n\n"))
    }
}

impl PackageFile {
    /// The folders of the variants, in which rez looks for their files: `rez bundle` and the package cache want them there,
    /// though nothing is in them.
    pub(crate) fn variant_folders(&self) -> Vec<String> {
        let folders = self.variants.iter().map(|variant| {
            let texts: Vec<String> = variant
                .iter()
                .map(|text| literal(&rez_text(text)))
                .collect();
            let hash = Sha1::digest(format!("[{}]", texts.join(", ")));
            hash.iter().fold(String::new(), |mut digits, byte| {
                // Writing to a string cannot fail.
                let _ = write!(digits, "{byte:02x}");
                digits
            })
        });
        folders.collect()
    }
}

/// A requirement as rez writes it, with its range put in order.
fn rez_text(text: &str) -> String {
    let requirement = rez::Requirement::parse_request(text).ok();
    requirement
        .and_then(|requirement| requirement.rez_text().ok())
        .unwrap_or_else(|| text.to_owned())
}

/// A string as Python's `repr` writes it.
pub(crate) fn literal(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            // Writing to a string cannot fail.
            c if u32::from(c) < 0x100 => drop(write!(out, "\\x{:02x}", u32::from(c))),
            c if u32::from(c) < 0x1_0000 => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => drop(write!(out, "\\U{:08x}", u32::from(c))),
        }
    }
    out.push(quote);
    out
}

/// Whether a letter can stand in a text as it is: what Rust's own `{:?}` leaves alone.
fn is_printable(c: char) -> bool {
    matches!(c, '\'' | '"') || c.escape_debug().len() == 1
}

fn description(text: &str) -> String {
    if text.chars().count() <= 40 {
        return format!("description = {}", literal(text));
    }
    let inner: String = text
        .chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if is_printable(c) => c.to_string(),
            // No line breaks: a description is one line.
            _ => " ".to_owned(),
        })
        .collect();
    format!(
        "description = \\\n{}",
        indented(&format!("\"\"\"\n{}\n\"\"\"", inner.trim_end()))
    )
}

/// A list that is assigned: one entry a line where there are several.
fn assignment(name: &str, entries: &[String]) -> String {
    match entries {
        [entry] => {
            let text = entry.replace('\n', "\n ");
            if text.contains('\n') {
                format!("{name} = \\\n{}", indented(&format!("[{text}]")))
            } else {
                format!("{name} = [{text}]")
            }
        }
        entries => format!("{name} = [\n{}\n]", indented(&entries.join(",\n"))),
    }
}

/// A list of strings as `pprint` writes it: in one line if it fits, else one entry a line.
fn pretty(list: &[String], width: usize) -> String {
    let entries: Vec<String> = list.iter().map(|text| literal(text)).collect();
    let line = format!("[{}]", entries.join(", "));
    if line.chars().count() <= width {
        line
    } else {
        format!("[{}]", entries.join(",\n "))
    }
}

fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!("    {line}")
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    /// As rez 3.4.0's `dump_package_data` writes these values.
    #[test]
    fn a_whole_file() {
        let file = PackageFile {
            name: "ayon_bundle".into(),
            version: "staging.20261121071200".into(),
            description: "AYON bundle studio-staging, live for \"staging\"".into(),
            tools: strings(&["ayon"]),
            requires: strings(&["ayon_launcher==1.6.3", "clique-1.6+<1.7"]),
            variants: vec![
                strings(&["platform-linux", "arch-x86_64"]),
                strings(&[
                    "platform-windows",
                    "arch-AMD64",
                    "~python-3.11",
                    "gazu-0.9.3+<0.10",
                    "jsonschema-2.6+<3",
                ]),
            ],
            commands: strings(&["env.AYON_USE_STAGING = '1'", "unsetenv('AYON_USE_DEV')"]),
            timestamp: 1_700_000_000,
        };
        assert_snapshot!(file.text(), @r#"
        # -*- coding: utf-8 -*-

        name = 'ayon_bundle'

        version = 'staging.20261121071200'

        description = \
            """
            AYON bundle studio-staging, live for \"staging\"
            """

        tools = ['ayon']

        requires = [
            'ayon_launcher==1.6.3',
            'clique-1.6+<1.7'
        ]

        variants = [
            ['platform-linux', 'arch-x86_64'],
            ['platform-windows',
             'arch-AMD64',
             '~python-3.11',
             'gazu-0.9.3+<0.10',
             'jsonschema-2.6+<3']
        ]

        def commands():
            env.AYON_USE_STAGING = '1'
            unsetenv('AYON_USE_DEV')

        timestamp = 1700000000

        hashed_variants = True

        format_version = 2
        "#);
    }

    #[test]
    fn one_variant_is_written_in_one_line_while_it_fits() {
        let mut file = PackageFile {
            variants: vec![strings(&["platform-linux"])],
            ..PackageFile::default()
        };
        assert!(
            file.text().contains("\nvariants = [['platform-linux']]\n"),
            "{}",
            file.text()
        );
        file.variants = vec![strings(&["platform-linux"; 6])];
        assert!(
            file.text()
                .contains("\nvariants = \\\n    [['platform-linux',\n      'platform-linux',"),
            "{}",
            file.text()
        );
    }

    /// As rez 3.4.0 names them.
    #[test]
    fn the_folder_of_a_variant_is_a_hash() {
        let file = PackageFile {
            variants: vec![
                strings(&["platform-linux"]),
                strings(&["platform-linux", "~python-3.11"]),
            ],
            ..PackageFile::default()
        };
        assert_eq!(
            file.variant_folders(),
            [
                "63e36271342a1add5e585b0669cc2fecc4549d47",
                "0bfabae5cc7bbb3ee91eee45091c04698107c155"
            ]
        );
    }

    #[test]
    fn strings_are_those_of_python() {
        for (text, python) in [
            ("core", "'core'"),
            ("a'b", "\"a'b\""),
            ("a'\"b", "'a\\'\"b'"),
            ("C:\\x\n", "'C:\\\\x\\n'"),
            ("\u{1b}\u{7f}", "'\\x1b\\x7f'"),
            ("é", "'é'"),
            ("\u{202e}", "'\\u202e'"),
            ("\u{e0001}", "'\\U000e0001'"),
        ] {
            assert_eq!(literal(text), python);
        }
    }
}
