//! What a resolve is asked for: the words that were typed, and the context they start from.

use std::io::Read as _;
use std::path::Path;

use ayon_resolve::rez::Patch;
use rez::context::{Context, ContextError};
use rez::requirement::{Requirement, RequirementError};
use serde::Serialize;

use crate::program::Report;
use crate::program::settings::Settings;

/// The requests that `words` and the settings ask for together.
pub(super) fn requests(words: &[String], settings: &Settings) -> Result<Vec<Requirement>, Report> {
    let start = &settings.rez.start;
    let is_taken_away = |word: &&String| start.patch && word.starts_with('^');
    let requests = words.iter().filter(|word| !is_taken_away(word));
    let requests = requests
        .map(|word| Requirement::parse_request(word).map_err(|error| no_request(&error)))
        .collect::<Result<Vec<_>, _>>()?;
    if !start.patch {
        return Ok(requests);
    }
    let patch = Patch {
        requests,
        without: words
            .iter()
            .filter(is_taken_away)
            .map(|word| word[1..].to_owned())
            .collect(),
        strict: start.strict,
        rank: start.patch_rank,
    };
    let file = start.input.as_deref().or(current(settings));
    let file = file.ok_or_else(|| {
        Report::unknown("there is no context to patch")
            .hint("name one: `--input FILE.rxt`")
            .hint("inside a rez environment it is the one you are in (REZ_RXT_FILE)")
    })?;
    let context = read_context(file)?;
    patch
        .apply(&context)
        .map_err(|error| no_request(&error).because(format!("`{}` asks for it", file.display())))
}

/// The context named with `--input`, where it is taken as it is and not patched.
pub(super) fn context_as_it_is(
    words: &[String],
    settings: &Settings,
) -> Result<Option<Context>, Report> {
    let start = &settings.rez.start;
    let Some(path) = start.input.as_deref().filter(|_| !start.patch) else {
        return Ok(None);
    };
    if !words.is_empty() {
        return Err(
            Report::unknown("a context is taken as it is, so it cannot be given requests")
                .hint("to change its request: `--patch`"),
        );
    }
    read_context(path).map(Some)
}

/// The context that this program runs in, if rez opened one.
pub(super) fn current(settings: &Settings) -> Option<&Path> {
    settings.rez.surroundings.current_context()
}

/// Reads a context's file, `-` for standard input.
pub(super) fn read_context(path: &Path) -> Result<Context, Report> {
    let limit = rez::context::MAX_BYTES as u64;
    if path.as_os_str() != "-" {
        return Context::load(path).map_err(|error| no_context(&error));
    }
    let mut text = String::new();
    let read = std::io::stdin()
        .lock()
        .take(limit + 1)
        .read_to_string(&mut text);
    read.map_err(|error| Report::unknown("standard input cannot be read").because_of(&error))?;
    Context::read(&text).map_err(|error| {
        no_context(&ContextError::File {
            path: "standard input".into(),
            source: Box::new(error),
        })
    })
}

fn no_context(error: &ContextError) -> Report {
    let report = Report::unknown(error.to_string());
    match error {
        ContextError::File { source, .. } => report
            .because_of(source.as_ref())
            .hint("a context is what `rez-env REQUEST... -o FILE.rxt` writes"),
        _ => report,
    }
}

/// A request that is none, with the place pointed at.
fn no_request(error: &RequirementError) -> Report {
    #[derive(Serialize)]
    struct Place<'a> {
        text: &'a str,
        start: usize,
        end: usize,
    }
    let span = error.span();
    let place = Place {
        text: error.text(),
        start: span.start,
        end: span.end,
    };
    Report::unknown(error.to_string()).with_body(error.caret(), "request", &place)
}
