//! Variables, `~` and `{system.…}` in settings, in this order (`src/rez/config.py: expand_system_vars`).

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

use super::Surroundings;
use crate::system::System;

/// What settings may refer to.
pub(super) struct Scope<'a> {
    pub(super) system: &'a System,
    pub(super) surroundings: &'a Surroundings<'a>,
}

/// `$NAME` and `${NAME}`.
static VARIABLE: LazyLock<Regex> = LazyLock::new(|| regex(r"\$(?:(\w+)|\{([^}]*)\})"));

/// A `~` that stands alone between separators; rez has no `~name`, since `~name` is a weak request.
static HOME: LazyLock<Regex> = LazyLock::new(|| {
    regex(if cfg!(windows) {
        r"(\A|\s|;)~([\\/]|;|\s|\z)"
    } else {
        r"(\A|\s|[:;])~(/|[:;]|\s|\z)"
    })
});

/// `{field}`, `{{` and `}}`.
static FIELD: LazyLock<Regex> = LazyLock::new(|| regex(r"\{\{|\}\}|\{([^{}]*)\}"));

#[expect(
    clippy::expect_used,
    reason = "the patterns above are constants, and the tests use each"
)]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern is valid")
}

impl Scope<'_> {
    /// A text with everything in it expanded. What is not known stays as it is written, as in rez.
    pub(super) fn expand(&self, text: &str) -> String {
        let text = VARIABLE.replace_all(text, |found: &Captures<'_>| {
            let name = found
                .get(1)
                .or_else(|| found.get(2))
                .map_or("", |name| name.as_str());
            (self.surroundings.variable)(name).unwrap_or_else(|| found[0].to_owned())
        });
        let text = self.expand_home(&text);
        FIELD
            .replace_all(&text, |found: &Captures<'_>| match &found[0] {
                "{{" => "{".to_owned(),
                "}}" => "}".to_owned(),
                whole => self.field(&found[1]).unwrap_or(whole).to_owned(),
            })
            .into_owned()
    }

    /// Expands every text in a tree, keys apart.
    pub(super) fn expand_all(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.expand(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.expand_all(item)),
            Value::Object(table) => table.values_mut().for_each(|item| self.expand_all(item)),
            _ => {}
        }
    }

    fn expand_home(&self, text: &str) -> String {
        let (Some(home), true) = (self.surroundings.home, text.contains('~')) else {
            return text.to_owned();
        };
        let home = home.to_string_lossy();
        let text = HOME.replace_all(text, |found: &Captures<'_>| {
            format!("{}{home}{}", &found[1], &found[2])
        });
        normalized(&text)
    }

    fn field(&self, name: &str) -> Option<&str> {
        Some(match name {
            "system.platform" => &self.system.platform,
            "system.arch" => &self.system.arch,
            "system.os" => &self.system.os,
            "system.user" => self.surroundings.user?,
            "system.hostname" => self.surroundings.host?,
            "system.home" => self.surroundings.home?.to_str()?,
            _ => return None,
        })
    }
}

/// A path without empty parts, `.` and `..`, decided by its text alone: Python's `os.path.normpath`. rez does this to
/// every text that has a `~` anywhere.
fn normalized(text: &str) -> String {
    let (text, separator) = if cfg!(windows) {
        (text.replace('/', r"\"), '\\')
    } else {
        (text.to_owned(), '/')
    };
    let leading = text
        .chars()
        .take_while(|character| *character == separator)
        .count();
    // Two leading separators mean something else than one; more do not.
    let root = match leading {
        0 => 0,
        2 => 2,
        _ => 1,
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split(separator) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if root > 0 => {}
            part => parts.push(part),
        }
    }
    let mut path = separator.to_string().repeat(root);
    path.push_str(&parts.join(&separator.to_string()));
    if path.is_empty() {
        ".".to_owned()
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> String {
        let variable = |name: &str| match name {
            "STUDIO" => Some("/studio".to_owned()),
            "NESTED" => Some("$STUDIO".to_owned()),
            _ => None,
        };
        let system = System {
            platform: "linux".to_owned(),
            arch: "x86_64".to_owned(),
            os: "Debian-12".to_owned(),
        };
        let surroundings = Surroundings {
            variable: &variable,
            home: Some("/home/zoe".as_ref()),
            user: Some("zoe"),
            host: None,
        };
        Scope {
            system: &system,
            surroundings: &surroundings,
        }
        .expand(text)
    }

    #[test]
    #[cfg(unix)]
    fn texts_are_expanded_as_rez_does() {
        // rez 3.4.0 gives the same for each.
        for (text, expanded) in [
            (
                "$STUDIO/${STUDIO}/$OTHER/${OTHER}",
                "/studio//studio/$OTHER/${OTHER}",
            ),
            ("$NESTED", "$STUDIO"),
            ("~", "/home/zoe"),
            ("~/packages//int/../ext/", "/home/zoe/packages/ext"),
            ("/a:~/b;~", "/a:/home/zoe/b;/home/zoe"),
            ("~:~", "/home/zoe:~"),
            ("~platform=={system.platform}", "~platform==linux"),
            ("~name/../..", ".."),
            ("//~", "//~"),
            ("///~", "/~"),
            ("a//b", "a//b"),
            (
                "{system.os}-{system.arch}-{system.user}",
                "Debian-12-x86_64-zoe",
            ),
            (
                "{system.nothing} {root} {{x}}",
                "{system.nothing} {root} {x}",
            ),
        ] {
            assert_eq!(expand(text), expanded, "{text}");
        }
        assert_eq!(
            expand("{system.hostname} { } }{"),
            "{system.hostname} { } }{"
        );
    }
}
