//! The netrc file: `machine HOST login NAME password SECRET`, in any order of lines.
//!
//! The grammar is that of Python's `netrc` module, which pip reads it with: words between white space, a word in quotes
//! may hold white space, `\` takes the next character as it is, `#` at the start of a word comments the line out,
//! and `macdef` runs to the next empty line.

use super::{CredentialsError, Login, Secret};

/// Files have a few lines.
const MAX_LENGTH: usize = 1024 * 1024;

/// Who to be on which host.
#[derive(Clone, Debug, Default)]
pub(super) struct Netrc {
    machines: Vec<(String, Login)>,
    default: Option<Login>,
}

impl Netrc {
    pub(super) fn add(&mut self, text: &str) -> Result<(), CredentialsError> {
        if text.len() > MAX_LENGTH {
            return Err(CredentialsError::Netrc {
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
    pub(super) fn login(&self, host: &str, or_default: bool) -> Option<&Login> {
        let of_host = self.machines.iter().find(|(machine, _)| machine == host);
        match of_host {
            Some((_, login)) => Some(login),
            None => self.default.as_ref().filter(|_| or_default),
        }
    }
}

/// What follows a machine's name, and the word after that.
fn entry(words: &mut Words<'_>) -> Result<(Login, Option<String>), CredentialsError> {
    let mut login = Login::default();
    loop {
        let word = words.next();
        match word.as_deref() {
            Some("login" | "user") => login.name = Secret(words.value("login")?),
            Some("password") => login.password = Secret(words.value("password")?),
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
    fn error(&self, reason: &str) -> CredentialsError {
        CredentialsError::Netrc {
            line: self.line,
            reason: reason.to_owned(),
        }
    }

    fn value(&mut self, keyword: &str) -> Result<String, CredentialsError> {
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
