//! The only printer: standard output is data, standard error is everything else.
//!
//! Whoever reads the data may leave early (`| head`); then the rest is dropped without a word, and the verdict stands.
//! Notes, warnings and errors are plain lines that begin with a word (`error:`, `cause:`, `warning:`, `hint:`), so
//! that they survive farm logs and screen readers; colour repeats what the word already says. Names from servers and
//! archives may hold anything, so control characters are removed from every line before a terminal sees it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::builder::StyledStr;
use serde::Serialize;

use super::environment::Environment;
use super::plain::{clean, one_line};
use super::setting::{self, Kind, Value};
use super::settings::{Display, Settings};
use super::{Report, Verdict};

mod progress;

pub(crate) use progress::Progress;

/// So many remarks are told, if nobody wants more.
const REMARKS: usize = 5;

/// How to print.
#[derive(Clone, Debug)]
pub(crate) struct Look(Display);

impl Look {
    /// What the settings say.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self(settings.display.clone())
    }

    /// The best guess before the words are parsed: a mistake in them is to be told in the way they ask for.
    pub(crate) fn guess(words: &[OsString], environment: &Environment) -> Self {
        let words = || {
            words
                .iter()
                .skip(1)
                .take_while(|word| *word != "--")
                .filter_map(|word| word.to_str())
        };
        let variable = |name: &str| environment.get(name).and_then(|value| value.to_str());
        let asks = |value: &str| setting::read(Kind::Switch, value) == Ok(Value::Switch(true));
        let after = words().skip_while(|word| *word != "--color").nth(1);
        let color = words()
            .find_map(|word| word.strip_prefix("--color="))
            .or(after);
        let color = color
            .or(variable("AYON_RESOLVE_COLOR"))
            .unwrap_or("auto")
            .to_owned();
        let json =
            words().any(|word| word == "--json") || variable("AYON_RESOLVE_JSON").is_some_and(asks);
        Self(Display {
            json,
            color,
            progress: false,
            verbosity: 0,
        })
    }

    fn choice(&self) -> ColorChoice {
        match self.0.color.as_str() {
            "always" => ColorChoice::Always,
            "never" => ColorChoice::Never,
            _ => ColorChoice::Auto,
        }
    }
}

/// Where everything that a person or a program reads goes through.
pub(crate) struct Printer {
    look: Look,
    data: BufWriter<AutoStream<io::Stdout>>,
    talk: AutoStream<io::Stderr>,
    /// Nobody reads the data any more.
    is_closed: bool,
}

impl Printer {
    /// A printer on the process's own streams.
    pub(crate) fn new(look: Look) -> Self {
        let choice = look.choice();
        Self {
            look,
            data: BufWriter::new(AutoStream::new(io::stdout(), choice)),
            talk: AutoStream::new(io::stderr(), choice),
            is_closed: false,
        }
    }

    /// Prints in another way from now on.
    pub(crate) fn adopt(&mut self, look: Look) {
        *self = Self::new(look);
    }

    /// Whether JSON is wanted.
    pub(crate) fn is_json(&self) -> bool {
        self.look.0.json
    }

    /// Prints `bytes` to standard output exactly as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Report> {
        // Not through the stream that drops colour: these may be any bytes.
        let result = self
            .data
            .flush()
            .and_then(|()| io::stdout().lock().write_all(bytes));
        self.settle(result)
    }

    /// Prints text to standard output; its lines are kept, its other control characters are not.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Report> {
        let result = self.data.write_all(clean(text).as_bytes());
        self.settle(result)
    }

    /// Prints help in the terminal's colours.
    pub(crate) fn styled(&mut self, text: &StyledStr) -> Result<(), Report> {
        let result = write!(self.data, "{}", text.ansi());
        self.settle(result)
    }

    /// Prints `body` to standard output as a JSON document of the schema `ayon-resolve.NAME`.
    pub(crate) fn json<T: Serialize>(
        &mut self,
        name: &str,
        version: u32,
        body: &T,
    ) -> Result<(), Report> {
        let schema = Schema {
            name: format!("ayon-resolve.{name}"),
            version,
        };
        let document =
            serde_json::to_string_pretty(&Document { schema, body }).map_err(|error| {
                Report::unknown(format!("the {name} cannot be written as JSON")).because_of(&error)
            })?;
        self.bytes(format!("{document}\n").as_bytes())
    }

    /// Says what was done, on standard error; `-q` silences it.
    pub(crate) fn note(&mut self, sentence: &str) {
        if self.look.0.verbosity >= 0 {
            self.say(&clean(sentence));
        }
    }

    /// Says what is worth knowing, a few lines of it unless `-v` asks for all.
    pub(crate) fn remarks(&mut self, sentences: &[String]) {
        let shown = if self.look.0.verbosity > 0 {
            sentences.len()
        } else {
            sentences.len().min(REMARKS)
        };
        for sentence in &sentences[..shown] {
            self.note(sentence);
        }
        let more = sentences.len() - shown;
        if more > 0 {
            self.note(&format!("and {more} more; `-v` tells all"));
        }
    }

    /// Warns, on standard error; `-qq` silences it.
    pub(crate) fn warning(&mut self, sentence: &str) {
        if self.look.0.verbosity >= -1 {
            self.prefixed("warning", AnsiColor::Yellow, sentence);
        }
    }

    /// Tells an error: to a person on standard error, to a program as a JSON document on standard output.
    pub(crate) fn report(&mut self, report: &Report) {
        if self.is_json() {
            let body = ErrorBody {
                message: clean(report.message()),
                causes: report.causes().iter().map(|cause| clean(cause)).collect(),
                hints: report.hints().iter().map(|hint| clean(hint)).collect(),
                exit_code: report.verdict().exit_code(),
                body: report.body_data().into_iter().collect(),
            };
            // A reader that is gone needs no error, and there is nobody else to tell.
            let _ = self.json("error", 1, &body);
            return;
        }
        // What was printed so far comes first, also where both streams go to one place.
        let _ = self.data.flush();
        self.prefixed("error", AnsiColor::Red, report.message());
        if let Some(body) = report.body_text().filter(|body| !body.is_empty()) {
            self.say(&format!("\n{}", clean(body).trim_end()));
        }
        for cause in report.causes() {
            self.prefixed("cause", AnsiColor::Red, cause);
        }
        if !report.hints().is_empty() {
            self.say("");
        }
        for hint in report.hints() {
            self.prefixed("hint", AnsiColor::Cyan, hint);
        }
    }

    /// Shows that `what` is going on, on a terminal, once it takes noticeably long and until the value is dropped.
    pub(crate) fn progress(&self, what: &str) -> Progress {
        let is_wanted =
            self.look.0.progress && self.look.0.verbosity >= 0 && io::stderr().is_terminal();
        if is_wanted {
            Progress::start(one_line(what))
        } else {
            Progress::silent()
        }
    }

    /// Hands over what is still held back, and says how the run ends.
    pub(crate) fn finish(&mut self, verdict: Verdict) -> Verdict {
        let result = self.data.flush();
        match self.settle(result) {
            Ok(()) => verdict,
            Err(report) => {
                self.report(&report);
                report.verdict()
            }
        }
    }

    fn settle(&mut self, result: io::Result<()>) -> Result<(), Report> {
        match result {
            _ if self.is_closed => Ok(()),
            Ok(()) => Ok(()),
            Err(error) => {
                self.is_closed = true;
                if error.kind() == ErrorKind::BrokenPipe {
                    return Ok(());
                }
                Err(Report::unknown("standard output cannot be written").because_of(&error))
            }
        }
    }

    fn prefixed(&mut self, word: &str, color: AnsiColor, sentence: &str) {
        let style = Style::new().bold().fg_color(Some(color.into()));
        self.say(&format!("{style}{word}:{style:#} {}", clean(sentence)));
    }

    fn say(&mut self, line: &str) {
        // When standard error is gone there is nobody left to tell.
        let _ = writeln!(self.talk, "{line}");
    }
}

#[derive(Serialize)]
struct Schema {
    name: String,
    version: u32,
}

#[derive(Serialize)]
struct Document<'a, T> {
    schema: Schema,
    #[serde(flatten)]
    body: &'a T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody<'a> {
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
    exit_code: u8,
    /// What there is beside the sentence, such as a `conflict`.
    #[serde(flatten)]
    body: BTreeMap<&'a str, &'a serde_json::Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_look_is_guessed_from_what_was_typed() {
        let guess = |words: &[&str], variables: &[(&'static str, &str)]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let Look(display) = Look::guess(&words, &Environment::of(variables));
            (display.json, display.color)
        };
        assert_eq!(
            guess(&["x", "--json", "--color", "never"], &[]),
            (true, "never".into())
        );
        assert_eq!(
            guess(&["x", "--color=always", "--", "--json"], &[]),
            (false, "always".into())
        );
        assert_eq!(
            guess(&["x", "--color"], &[("AYON_RESOLVE_JSON", "1")]),
            (true, "auto".into())
        );
    }
}
