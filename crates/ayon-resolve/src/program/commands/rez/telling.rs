//! Contexts told: as lines for a person, as a document for a program, as a refusal where there is no answer.

use std::fmt::Write as _;

use ayon_resolve::rez::Answer;
use pypi::Timestamp;
use rez::context::{Context, ContextStatus};
use rez::package::variant_label;
use rez::requirement::Requirement;
use rez::solver::Outcome;
use serde::Serialize;

use crate::program::Report;
use crate::program::settings::Settings;

mod failure;

use failure::FailureDocument;

/// The packages of a context, one a line, with where each comes from; by name, or in the order of their commands.
pub(super) fn packages(context: &Context, source_order: bool) -> String {
    let mut rows: Vec<(String, &str)> = context
        .resolved
        .iter()
        .map(|handle| {
            let package = handle.qualified_package_name();
            (variant_label(&package, handle.index), &*handle.location)
        })
        .collect();
    let ephemerals = context.ephemerals.iter();
    rows.extend(ephemerals.map(|request| (request.to_string(), "ephemeral")));
    if !source_order {
        rows.sort();
    }
    columns(&rows)
}

/// Two columns, the left one as wide as it has to be.
pub(super) fn columns<L: AsRef<str>, R: AsRef<str>>(rows: &[(L, R)]) -> String {
    let width = |row: &(L, R)| row.0.as_ref().chars().count();
    let width = rows.iter().map(width).max().unwrap_or(0);
    let mut text = String::new();
    for (left, right) in rows {
        let line = format!("{:<width$}  {}", left.as_ref(), right.as_ref());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// Everything a person wants to know of a context.
pub(super) fn summary(context: &Context, source_order: bool, verbose: bool) -> String {
    let unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".to_owned());
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} by {}@{}, on {}, using rez {}",
        context.status.as_str(),
        unknown(&context.user),
        unknown(&context.host),
        date(context.created),
        unknown(&context.rez_version),
    );
    let time = context.requested_timestamp.filter(|time| *time != 0);
    if let Some(time) = time {
        let _ = writeln!(text, "packages released after {} were ignored", date(time));
    }
    if verbose {
        let _ = writeln!(text, "\nsearch paths");
        for path in &context.package_paths {
            let _ = writeln!(text, "  {path}");
        }
        let is_empty = context.package_filter.as_array().is_none_or(Vec::is_empty);
        if !is_empty {
            let _ = writeln!(text, "\npackage filters\n  {}", context.package_filter);
        }
    }
    let requests = context
        .requests
        .iter()
        .map(|request| {
            let note = if request.is_ephemeral() {
                "ephemeral"
            } else {
                ""
            };
            (format!("  {request}"), note)
        })
        .chain(
            context
                .implicit
                .iter()
                .map(|request| (format!("  {request}"), "implicit")),
        );
    let requests: Vec<_> = requests.collect();
    let _ = write!(text, "\nrequested packages\n{}", columns(&requests));
    if context.status == ContextStatus::Solved {
        let packages = packages(context, source_order);
        let _ = writeln!(text, "\nresolved packages");
        for line in packages.lines() {
            let _ = writeln!(text, "  {line}");
        }
    } else if let Some(description) = &context.failure_description {
        let _ = writeln!(text, "\n{description}");
    }
    text
}

/// Seconds since 1970 as a date, in the one time zone that is the same everywhere.
fn date(seconds: i64) -> String {
    let microseconds = seconds.checked_mul(1_000_000);
    match microseconds.and_then(Timestamp::from_microseconds) {
        Some(moment) => moment.to_string().replace('T', " ").replace('Z', " UTC"),
        None => format!("{seconds} seconds since 1970"),
    }
}

/// A resolve for a program.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResolveDocument {
    status: &'static str,
    requests: Vec<String>,
    implicit: Vec<String>,
    package_paths: Vec<String>,
    /// In rez's order: dependencies first.
    packages: Vec<PackageDocument>,
    ephemerals: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<StatisticsDocument>,
}

#[derive(Debug, Serialize)]
struct PackageDocument {
    name: String,
    version: String,
    /// Which of its variants; null where it has none.
    variant: Option<usize>,
    repository: String,
    /// What package and variant require; absent in a context that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StatisticsDocument {
    solves: u64,
    fails: u64,
}

/// `context` as a document, with what is known of how it was made.
pub(super) fn document(context: &Context, answer: Option<&Answer>) -> ResolveDocument {
    let resolve = answer.and_then(Answer::resolve);
    let packages = context
        .resolved
        .iter()
        .enumerate()
        .map(|(position, handle)| PackageDocument {
            name: handle.name.to_string(),
            version: handle.version.to_string(),
            variant: handle.index,
            repository: handle.location.to_string(),
            requires: resolve
                .and_then(|resolve| Some(texts(&resolve.packages.get(position)?.requires))),
        });
    ResolveDocument {
        status: context.status.as_str(),
        requests: texts(&context.requests),
        implicit: texts(&context.implicit),
        package_paths: context.package_paths.clone(),
        packages: packages.collect(),
        ephemerals: texts(&context.ephemerals),
        requested_timestamp: context.requested_timestamp.filter(|time| *time != 0),
        failure: failure::document(context, answer),
        statistics: answer.map(|answer| StatisticsDocument {
            solves: answer.progress().num_solves,
            fails: answer.progress().num_fails,
        }),
    }
}

fn texts(requests: &[Requirement]) -> Vec<String> {
    requests.iter().map(ToString::to_string).collect()
}

/// What to say of a context without an answer; none where it has one.
pub(super) fn refusal(
    context: &Context,
    answer: Option<&Answer>,
    settings: &Settings,
) -> Option<Report> {
    let description = context.failure_description.as_deref().unwrap_or_default();
    let explanation = answer.and_then(|answer| answer.explanation.as_ref());
    let (make, told): (fn(String) -> Report, String) = match (context.status, explanation) {
        (ContextStatus::Solved, _) => return None,
        (ContextStatus::Failed, Some(explanation)) => {
            let is_verbose = settings.display.verbosity > 0;
            let text = if is_verbose {
                explanation.whole_text()
            } else {
                explanation.to_string()
            };
            let rez = format!("\n\nrez says:\n{description}");
            let rez = Some(rez).filter(|_| is_verbose).unwrap_or_default();
            (Report::no, format!("{}{rez}", text.trim_end()))
        }
        (ContextStatus::Failed, None) => (
            Report::no,
            format!("there is no such resolve\n{description}"),
        ),
        (ContextStatus::Aborted, _) => (
            Report::unknown,
            format!("the resolve was given up\n{description}"),
        ),
        (ContextStatus::Pending, _) => {
            let told = "this context was never resolved".to_owned();
            (Report::unknown, told)
        }
    };
    let (message, rest) = told.split_once('\n').unwrap_or((&told, ""));
    let body = rest.trim_matches('\n').to_owned();
    let report = make(message.to_owned());
    let report = report.with_body(body, "resolve", &document(context, answer));
    let hints = answer.into_iter().flat_map(|answer| &answer.hints);
    Some(hints.fold(report, |report, hint| report.hint(hint.to_string())))
}

/// Why there is no resolve, in this program's words; none where there is one.
pub(super) fn why_not(answer: &Answer) -> Option<String> {
    match &answer.outcome {
        Outcome::Failed(failure) => Some(match &answer.explanation {
            Some(explanation) => explanation.to_string(),
            None => failure.to_string(),
        }),
        Outcome::Aborted(stop, _) => Some(stop.0.clone()),
        Outcome::Solved(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(date(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(date(1_700_000_000), "2023-11-14 22:13:20 UTC");
        assert_eq!(date(-1), "1969-12-31 23:59:59 UTC");
        assert_eq!(date(253_402_300_800), "253402300800 seconds since 1970");
    }
}
