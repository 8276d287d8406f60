//! Reading one configuration file, and saying everything that is wrong with it at once.
//!
//! A file is TOML of at most one mebibyte. Unknown keys and values of the wrong type are mistakes, since a setting that
//! is silently ignored is worse than one that is refused; each is told with its line and the closest real key. Keys and
//! passwords are refused altogether: such a file is shared and committed.

use std::path::Path;

use ayon_model::{closest, did_you_mean};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::program::Report;
use crate::program::environment::API_KEY;
use crate::program::plain::one_line;
use crate::program::setting::{Kind, Layer, NAME_TABLES, SETTINGS, Source, Value};
use crate::program::setting::{beside, check_seconds, is_studio_path, is_url};

/// More than any file that a person keeps.
const SIZE_LIMIT: u64 = 1 << 20;

/// What `path` says, its relative paths seen from `base`.
pub(super) fn read(path: &Path, base: &Path) -> Result<Layer, Report> {
    let text = ayon_disk::read_to_string(path, SIZE_LIMIT)
        .map_err(|error| Report::unknown(error.to_string()))?;
    let (layer, mistakes) = understand(text.trim_start_matches('\u{feff}'), path, base);
    if mistakes.is_empty() {
        return Ok(layer);
    }
    let mut report = Report::unknown(format!(
        "the configuration file `{}` cannot be used",
        path.display()
    ));
    if mistakes.iter().any(|mistake| mistake.is_secret) {
        report = report.hint(format!(
            "give the key in the environment variable `{API_KEY}`"
        ));
    }
    Err(mistakes.iter().fold(report, |report, mistake| {
        report.because(format!(
            "{}:{}: {}",
            path.display(),
            mistake.line,
            mistake.message
        ))
    }))
}

/// Something wrong in the file.
struct Mistake {
    line: usize,
    message: String,
    is_secret: bool,
}

fn understand(text: &str, path: &Path, base: &Path) -> (Layer, Vec<Mistake>) {
    let line_ends = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'\n')
        .map(|(at, _)| at);
    let mut reader = Reader {
        line_ends: line_ends.collect(),
        path,
        base,
        layer: Layer::default(),
        mistakes: Vec::new(),
    };
    match DeTable::parse(text) {
        Ok(table) => reader.table("", table.get_ref()),
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            reader.mistake(start, error.message().to_owned());
        }
    }
    (reader.layer, reader.mistakes)
}

struct Reader<'a> {
    line_ends: Vec<usize>,
    path: &'a Path,
    base: &'a Path,
    layer: Layer,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    /// Reads the table named `prefix`. Tables go two deep at most, so this ends.
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        // The parser's table is sorted by key; a person expects the order of the file.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let word: &str = key.get_ref();
            let name = if prefix.is_empty() {
                word.to_owned()
            } else {
                format!("{prefix}.{word}")
            };
            self.entry(&name, prefix, key.span().start, value);
        }
    }

    fn entry(&mut self, name: &str, prefix: &str, start: usize, value: &Spanned<DeValue<'_>>) {
        if let (true, DeValue::Table(inner)) = (is_table(name), value.get_ref()) {
            return self.table(name, inner);
        }
        let read = if is_table(name) {
            Err(format!(
                "`{name}` must be a table, not {}",
                describe(value.get_ref())
            ))
        } else if NAME_TABLES.contains(&prefix) {
            read_name(name, value.get_ref())
        } else if let Some(setting) = SETTINGS
            .iter()
            .find(|setting| setting.name == name && setting.in_file)
        {
            self.read_value(name, setting.kind, value.get_ref())
        } else {
            return self.unknown(name, start);
        };
        match read {
            Ok(value) => {
                let source = Source::File {
                    path: self.path.to_owned(),
                    line: self.line(start),
                };
                self.layer.set(name, value, source);
            }
            Err(message) => self.mistake(value.span().start, message),
        }
    }

    fn read_value(&self, name: &str, kind: Kind, value: &DeValue<'_>) -> Result<Value, String> {
        let wrong = |wanted: &str| {
            Err(format!(
                "`{name}` must be {wanted}, not {}",
                describe(value)
            ))
        };
        match (kind, value) {
            (Kind::Studio, DeValue::String(text)) if !is_studio_path(text) => {
                Ok(Value::Text(text.to_string()))
            }
            (Kind::Path | Kind::Studio, DeValue::String(text)) => {
                beside(self.base, text).map(Value::Text)
            }
            (Kind::Text, DeValue::String(text)) => Ok(Value::Text(text.to_string())),
            (Kind::Choice(words), DeValue::String(text)) if words.contains(&&**text) => {
                Ok(Value::Text(text.to_string()))
            }
            (Kind::Paths, DeValue::String(text)) => Ok(Value::List(vec![beside(self.base, text)?])),
            (Kind::Paths, DeValue::Array(values)) => {
                let texts: Option<Vec<&str>> = values
                    .iter()
                    .map(|value| value.get_ref().as_str())
                    .collect();
                let Some(texts) = texts else {
                    return wrong("a list of paths");
                };
                let paths = texts.iter().map(|text| beside(self.base, text));
                paths.collect::<Result<_, _>>().map(Value::List)
            }
            (Kind::Places, DeValue::String(text)) => Ok(Value::List(vec![self.place(text)?])),
            (Kind::Places, DeValue::Array(values)) => {
                let texts: Option<Vec<&str>> = values
                    .iter()
                    .map(|value| value.get_ref().as_str())
                    .collect();
                let Some(texts) = texts else {
                    return wrong("a list of folders and URLs");
                };
                let places = texts.iter().map(|text| self.place(text));
                places.collect::<Result<_, _>>().map(Value::List)
            }
            (Kind::List | Kind::Words, DeValue::String(text)) => {
                Ok(Value::List(vec![text.to_string()]))
            }
            (Kind::List | Kind::Words, DeValue::Array(values)) => {
                let texts = values
                    .iter()
                    .map(|value| value.get_ref().as_str().map(str::to_owned));
                texts
                    .collect::<Option<_>>()
                    .map_or_else(|| wrong("a list of texts"), |texts| Ok(Value::List(texts)))
            }
            (Kind::Switch, DeValue::Boolean(on)) => Ok(Value::Switch(*on)),
            (Kind::Seconds, DeValue::Integer(_) | DeValue::Float(_)) => match number(value) {
                Some(seconds) => check_seconds(seconds).map(Value::Seconds),
                None => wrong("a number of seconds"),
            },
            (Kind::Count, DeValue::Integer(integer)) => {
                match u8::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(count) => Ok(Value::Count(count)),
                    Err(_) => Err(format!(
                        "`{name}` must be a number from 0 to 255, not {integer}"
                    )),
                }
            }
            (Kind::Number, DeValue::Integer(integer)) => {
                match i64::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(number) => Ok(Value::Number(number)),
                    Err(_) => wrong("a whole number"),
                }
            }
            (Kind::Text | Kind::Path | Kind::Studio, _) => wrong("a text"),
            (Kind::List | Kind::Words, _) => wrong("a list of texts"),
            (Kind::Paths, _) => wrong("a list of paths"),
            (Kind::Places, _) => wrong("a list of folders and URLs"),
            (Kind::Switch, _) => wrong("true or false"),
            (Kind::Seconds, _) => wrong("a number of seconds"),
            (Kind::Count, _) => wrong("a number"),
            (Kind::Number, _) => wrong("a whole number"),
            (Kind::Choice(words), _) => wrong(&format!("one of {}", words.join(", "))),
        }
    }

    /// A URL as it is, and a folder as seen from the file's.
    fn place(&self, text: &str) -> Result<String, String> {
        if is_url(text) {
            return Ok(text.to_owned());
        }
        beside(self.base, text)
    }

    fn unknown(&mut self, name: &str, start: usize) {
        let shown = one_line(name);
        let is_secret = is_secret(name);
        let message = if is_secret {
            format!("`{shown}`: keys and passwords do not belong in a configuration file")
        } else if SETTINGS.iter().any(|setting| setting.name == name) {
            format!(
                "`{shown}` belongs to one run: it can be a flag or a variable, not kept in a file"
            )
        } else {
            let known = SETTINGS
                .iter()
                .filter(|setting| setting.in_file)
                .map(|setting| setting.name);
            let near = closest(name, known.chain(NAME_TABLES.iter().copied()));
            let near = did_you_mean("; ", &near, "");
            format!("unknown key `{shown}`{near}")
        };
        self.mistakes.push(Mistake {
            line: self.line(start),
            message,
            is_secret,
        });
    }

    fn mistake(&mut self, start: usize, message: String) {
        self.mistakes.push(Mistake {
            line: self.line(start),
            message,
            is_secret: false,
        });
    }

    fn line(&self, start: usize) -> usize {
        self.line_ends.partition_point(|end| *end < start) + 1
    }
}

/// Whether `name` is a table: one of [`NAME_TABLES`], or what stands before a dot in a setting's name.
fn is_table(name: &str) -> bool {
    let is_above = |full: &&str| {
        full.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    NAME_TABLES.contains(&name)
        || NAME_TABLES.iter().any(is_above)
        || SETTINGS.iter().any(|setting| is_above(&setting.name))
}

/// An entry of a table of [`NAME_TABLES`].
fn read_name(name: &str, value: &DeValue<'_>) -> Result<Value, String> {
    match value {
        DeValue::String(text) if !text.trim().is_empty() => Ok(Value::Text(text.to_string())),
        DeValue::Boolean(false) => Ok(Value::Switch(false)),
        other => Err(format!(
            "`{}` must be a package's name or false, not {}",
            one_line(name),
            describe(other)
        )),
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(integer) => u32::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .map(f64::from),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    }
}

fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.trim().is_empty() => "an empty text".to_owned(),
        DeValue::String(text) => format!("`{}`", one_line(text)),
        DeValue::Integer(integer) => integer.to_string(),
        DeValue::Float(float) => float.to_string(),
        DeValue::Boolean(on) => on.to_string(),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// Whether a key is named like something that must not be shared.
fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    ["apikey", "token", "password", "secret"]
        .iter()
        .any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Vec<String> {
        let (_, mistakes) = understand(text, Path::new("x.toml"), Path::new("/base"));
        mistakes
            .into_iter()
            .map(|mistake| format!("{}: {}", mistake.line, mistake.message))
            .collect()
    }

    #[test]
    fn a_good_file_is_read_and_its_paths_start_from_its_folder() {
        let text = "studio = \"studio\"\ncache-dir = '/cache'\nplatform = 'linux-64'\ntime-limit = 1_0\n\
                    [conda]\nchannels = ['mine', 'conda-forge']\nnames.opencolorio = 'ocio'\nnames.'a.b' = false\n";
        let (layer, mistakes) = understand(text, Path::new("x.toml"), Path::new("/base"));
        assert!(mistakes.is_empty());
        assert_eq!(
            layer.text("studio"),
            Some(beside(Path::new("/base"), "studio").unwrap().as_str())
        );
        assert_eq!(layer.text("cache-dir"), Some("/cache"));
        assert_eq!(
            layer.get("platform").unwrap().value,
            Value::List(vec!["linux-64".into()])
        );
        assert_eq!(layer.get("time-limit").unwrap().value, Value::Seconds(10.0));
        assert_eq!(
            layer.get("conda.names.a.b").unwrap().value,
            Value::Switch(false)
        );
        assert_eq!(
            layer.get("conda.channels").unwrap().source,
            Source::File {
                path: "x.toml".into(),
                line: 6
            }
        );
    }

    #[test]
    fn a_url_and_the_word_sample_are_no_paths() {
        for studio in ["sample", "https://ayon.example"] {
            let (layer, _) = understand(
                &format!("studio = '{studio}'"),
                Path::new("x.toml"),
                Path::new("/base"),
            );
            assert_eq!(layer.text("studio"), Some(studio));
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let text = "bundel = 'x'\nplatform = 3\noffline = 'yes'\noutput = 'x'\ntime-limit = -1\nconda = 3\n\
                    [rez.names]\na = true\n[rez]\ncolour = 1\n";
        insta::assert_snapshot!(mistakes(text).join("\n"), @r#"
        1: unknown key `bundel`; did you mean `bundle`?
        2: `platform` must be a list of texts, not 3
        3: `offline` must be true or false, not `yes`
        4: `output` belongs to one run: it can be a flag or a variable, not kept in a file
        5: `time-limit` must be a number of seconds, not -1
        6: `conda` must be a table, not 3
        8: `rez.names.a` must be a package's name or false, not true
        10: unknown key `rez.colour`
        "#);
    }

    #[test]
    fn secrets_are_refused_wherever_they_stand() {
        for text in ["api-key = 'k'", "[server]\nx = 1\n[conda]\nAPI_TOKEN = 'k'"] {
            let all = mistakes(text).join("\n");
            assert!(
                all.contains("do not belong") && !all.contains("'k'"),
                "{all}"
            );
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic() {
        for text in [
            "=",
            "[",
            "a.b.c.d = 1",
            "studio = {",
            "\u{0}",
            "[[conda]]",
            "[conda.names.x]\ny = 1",
            "x = 9e999",
        ] {
            assert!(!mistakes(text).is_empty(), "{text}");
        }
        assert!(!mistakes(&"[".repeat(100_000)).is_empty());
        assert!(!mistakes(&format!("x = {}", "[".repeat(100_000))).is_empty());
        assert!(!mistakes(&"a.".repeat(100_000)).is_empty());
    }
}
