//! The netrc file: `machine HOST login NAME password SECRET`, in any order of lines.
//!
//! The grammar is that of Python's `netrc` module, which pip reads it with: words between white space, a word in quotes
//! may hold white space, `\` takes the next character as it is, `#` at the start of a word comments the line out,
//! and `macdef` runs to the next empty line.

use crate::{Login, Secret};

/// Files have a few lines.
const MAX_LENGTH: usize = 1024 * 1024;

/// Who to be on which host.
#[derive(Clone, Debug, Default)]
pub struct Netrc {
    machines: Vec<(String, Login)>,
    default: Option<Login>,
}

/// What is wrong with a netrc file. It quotes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the netrc file: {reason}")]
pub struct NetrcError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl Netrc {
    /// Takes a file's text in. Entries of a later text count where an earlier one has none.
    ///
    /// # Errors
    /// [`NetrcError`], with the line.
    pub fn add(&mut self, text: &str) -> Result<(), NetrcError> {
        if text.len() > MAX_LENGTH {
            return Err(NetrcError {
                line: 1,
                reason: "the file has more than a megabyte".to_owned(),
            });
        }
        let mut words = Words {
            rest: text,
            line: 1,
        };
        let mut word = words.next();
        while let Some(keyword) = word {
            let machine = match keyword.as_str() {
                "machine" => Some(words.value("machine")?.to_lowercase()),
                "default" => None,
                "macdef" => {
                    words.skip_macro();
                    word = words.next();
                    continue;
                }
                // The word itself may be a password that lost its place: it is not shown.
                _ => return Err(words.error("`machine`, `default` or `macdef` is expected here")),
            };
            let (login, next) = entry(&mut words)?;
            match machine {
                Some(machine) => self.machines.push((machine, login)),
                None => self.default = self.default.take().or(Some(login)),
            }
            word = next;
        }
        Ok(())
    }

    /// Who to be on a host; the default entry only where the caller wishes.
    pub fn login(&self, host: &str, or_default: bool) -> Option<&Login> {
        let of_host = self.machines.iter().find(|(machine, _)| machine == host);
        match of_host {
            Some((_, login)) => Some(login),
            None => self.default.as_ref().filter(|_| or_default),
        }
    }
}

/// What follows a machine's name, and the word after that.
fn entry(words: &mut Words<'_>) -> Result<(Login, Option<String>), NetrcError> {
    let mut login = Login::default();
    loop {
        let word = words.next();
        match word.as_deref() {
            Some("login" | "user") => login.name = Secret::new(words.value("login")?),
            Some("password") => login.password = Secret::new(words.value("password")?),
            Some("account") => drop(words.value("account")?),
            _ => return Ok((login, word)),
        }
    }
}

struct Words<'t> {
    rest: &'t str,
    line: usize,
}

impl Words<'_> {
    fn error(&self, reason: &str) -> NetrcError {
        NetrcError {
            line: self.line,
            reason: reason.to_owned(),
        }
    }

    fn value(&mut self, keyword: &str) -> Result<String, NetrcError> {
        self.next()
            .ok_or_else(|| self.error(&format!("`{keyword}` ends without its value")))
    }

    /// The next character, counted.
    fn take(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = &self.rest[character.len_utf8()..];
        self.line += usize::from(character == '\n');
        Some(character)
    }

    fn skip_line(&mut self) {
        while self.take().is_some_and(|character| character != '\n') {}
    }

    /// A macro ends at the first empty line.
    fn skip_macro(&mut self) {
        self.skip_line();
        loop {
            let is_end = self.rest.is_empty()
                || self.rest.starts_with('\n')
                || self.rest.starts_with("\r\n");
            self.skip_line();
            if is_end {
                return;
            }
        }
    }

    fn next(&mut self) -> Option<String> {
        loop {
            match self.rest.chars().next()? {
                '#' => self.skip_line(),
                character if character.is_whitespace() => drop(self.take()),
                _ => return Some(self.word()),
            }
        }
    }

    /// A word, in quotes or not. The caller saw that one starts here.
    fn word(&mut self) -> String {
        let mut word = String::new();
        let is_quoted = self.rest.starts_with('"');
        if is_quoted {
            self.take();
        }
        while let Some(character) = self.rest.chars().next() {
            if !is_quoted && character.is_whitespace() {
                break;
            }
            self.take();
            match character {
                '"' if is_quoted => break,
                '\\' => word.extend(self.take()),
                _ => word.push(character),
            }
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_entry_of_a_host_counts_and_the_default_only_where_it_is_wished_for() {
        let mut netrc = Netrc::default();
        let text = "machine a.invalid login one password x\nmachine a.invalid login two\ndefault login any password y";
        netrc.add(text).expect("a netrc");
        let name = |host, or_default| {
            let login = netrc.login(host, or_default);
            login.map(|login| login.name.expose().to_owned())
        };
        assert_eq!(name("a.invalid", false).as_deref(), Some("one"));
        assert_eq!(name("b.invalid", false), None);
        assert_eq!(name("b.invalid", true).as_deref(), Some("any"));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in any::<String>()) {
            let _ = Netrc::default().add(&text);
        }
    }
}
