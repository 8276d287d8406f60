//! `rez search`: which packages there are.

use std::fmt::Write as _;

use ayon_resolve::rez::{Catalogue, Found, Pattern};
use clap::Args;
use rez::package::{Definition, qualified, variant_label};
use rez::requirement::Requirement;
use serde::Serialize;

use super::arguments::RepositoryArguments;
use crate::program::flags::{switch, text};
use crate::program::opening::site;
use crate::program::printer::Printer;
use crate::program::setting::{Layer, SEARCH_TYPES};
use crate::program::settings::{RezSearch, Settings};
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve rez search
  ayon-resolve rez search \"ma*\"
  ayon-resolve rez search maya-2024+ --latest
  ayon-resolve rez search --type package --errors

Exit codes: 0 something was found; 1 nothing was; 2 the packages could not be read.";

/// What `rez search` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct SearchArguments {
    /// A request, such as `maya-2024+`, or a pattern for names, such as `ma*` [default: every package]
    #[arg(value_name = "PACKAGE")]
    package: Option<String>,
    /// What to look for; `auto` means packages where one family or a range is named, else families
    #[arg(short, long, value_name = "TYPE", value_parser = SEARCH_TYPES.to_vec(), help_heading = "What is found")]
    r#type: Option<String>,
    /// Only the latest version of each package
    #[arg(short, long, help_heading = "What is found")]
    latest: bool,
    /// Only packages released before this time: seconds since 1970, or how long ago, as in -5m or -10d
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "What is found"
    )]
    before: Option<String>,
    /// Only packages released after this time
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "What is found"
    )]
    after: Option<String>,
    /// Check each package that is found
    #[arg(long, help_heading = "What is found")]
    validate: bool,
    /// Only packages with errors
    #[arg(short, long, help_heading = "What is found")]
    errors: bool,
    #[command(flatten)]
    repositories: RepositoryArguments,
}

impl SearchArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "type", self.r#type.as_deref());
        switch(layer, "latest", self.latest);
        text(layer, "before", self.before.as_deref());
        text(layer, "after", self.after.as_deref());
        switch(layer, "validate", self.validate);
        switch(layer, "errors", self.errors);
        self.repositories.record(layer);
    }
}

/// Searches, and prints what was found: a name on each line.
pub(crate) fn run(
    arguments: &SearchArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let site = site::open(settings, None)?;
    let pattern = arguments
        .package
        .as_deref()
        .map_or_else(Pattern::all, Pattern::read);
    let progress = printer.progress("searching");
    let catalogue = site.catalogue();
    let names = catalogue
        .family_names()
        .map_err(|error| site::unread(&error))?;
    let known: Vec<&str> = names.iter().map(|name| &**name).collect();
    let families: Vec<&str> = known
        .iter()
        .copied()
        .filter(|name| pattern.matches_name(name))
        .collect();
    let wanted = settings.rez.search.kind.as_deref();
    let kind = wanted.unwrap_or(if pattern.has_range() || families.len() == 1 {
        "package"
    } else {
        "family"
    });
    let search = Search {
        catalogue,
        pattern: &pattern,
        wanted: &settings.rez.search,
        now: site.now(),
    };
    if kind != "family" {
        site.read_families(&families);
    }
    let mut results = Vec::new();
    for (done, family) in families.iter().enumerate() {
        progress.say(&format!("searching ({done}/{})", families.len()));
        match kind {
            "family" => results.push(Match::family(family)),
            _ => search
                .family(family, kind == "variant", &mut results)
                .map_err(|error| site::unread(&error))?,
        }
    }
    drop(progress);
    site.finish(printer);
    if results.is_empty() {
        let what = if settings.rez.search.errors {
            format!("no {kind} with an error was found")
        } else {
            format!("no {kind} was found")
        };
        let report = Report::no(what);
        return Err(if families.is_empty() {
            report.did_you_mean(pattern.name(), known)
        } else {
            report
        });
    }
    if printer.is_json() {
        printer.json(
            "rez-search",
            1,
            &Document {
                r#type: kind,
                results,
            },
        )?;
    } else {
        printer.text(&lines(&results, settings.display.verbosity > 0))?;
    }
    Ok(Verdict::Fine)
}

/// A search within families.
struct Search<'a> {
    catalogue: Catalogue<'a>,
    pattern: &'a Pattern,
    wanted: &'a RezSearch,
    now: i64,
}

impl Search<'_> {
    fn family(
        &self,
        family: &str,
        by_variant: bool,
        results: &mut Vec<Match>,
    ) -> Result<(), rez::repository::RepositoryError> {
        let mut packages = self.catalogue.packages(family)?;
        packages.retain(|found| self.pattern.matches_version(&found.package.version));
        if self.wanted.latest {
            packages.drain(..packages.len().saturating_sub(1));
        }
        for found in packages {
            if !self.is_released_in_time(&found) {
                continue;
            }
            let whole = Match::package(family, &found, self.catalogue, self.wanted.validate);
            if self.wanted.errors && whole.error.is_none() {
                continue;
            }
            let variants = found
                .package
                .definition
                .ok()
                .and_then(|definition| definition.variants.as_ref().map(Vec::len))
                .filter(|_| by_variant);
            match variants {
                None => results.push(whole),
                Some(count) => results.extend((0..count).map(|index| whole.variant(index))),
            }
        }
        Ok(())
    }

    /// As rez: a package that does not say when it was released counts always.
    fn is_released_in_time(&self, found: &Found) -> bool {
        let definition = found.package.definition.as_ref().ok();
        let Some(released) = definition
            .and_then(|definition| definition.timestamp)
            .filter(|timestamp| *timestamp != 0)
        else {
            return true;
        };
        let bound = |moment: Option<crate::program::settings::Moment>| {
            moment
                .map(|moment| moment.seconds(self.now))
                .filter(|time| *time != 0)
        };
        bound(self.wanted.after).is_none_or(|after| released >= after)
            && bound(self.wanted.before).is_none_or(|before| released < before)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: &'a str,
    results: Vec<Match>,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Match {
    /// As rez writes it: `maya-2024.1[0]`.
    #[serde(skip)]
    label: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variants: Option<Vec<Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Match {
    fn family(name: &str) -> Self {
        Self {
            label: name.to_owned(),
            name: name.to_owned(),
            version: None,
            variant: None,
            repository: None,
            timestamp: None,
            requires: None,
            variants: None,
            error: None,
        }
    }

    fn package(name: &str, found: &Found, catalogue: Catalogue<'_>, validate: bool) -> Self {
        let definition = found.package.definition.as_deref();
        let texts = |texts: &[std::sync::Arc<str>]| texts.iter().map(ToString::to_string).collect();
        let good = definition.ok();
        let variants = good.and_then(|definition| definition.variants.as_deref());
        Self {
            label: qualified(name, &found.package.version),
            version: Some(found.package.version.to_string()),
            repository: Some(catalogue.location(found.repository).to_owned()),
            timestamp: good.and_then(|definition| definition.timestamp),
            requires: good.map(|definition| texts(&definition.requires)),
            variants: variants
                .map(|variants| variants.iter().map(|variant| texts(variant)).collect()),
            error: match definition {
                Err(defect) => Some(defect.to_string()).filter(|_| validate),
                Ok(definition) => faulty_request(definition).filter(|_| validate),
            },
            ..Self::family(name)
        }
    }

    fn variant(&self, index: usize) -> Self {
        Self {
            label: variant_label(&self.label, Some(index)),
            variant: Some(index),
            ..self.clone()
        }
    }
}

/// What is wrong with the first request that is none.
fn faulty_request(definition: &Definition) -> Option<String> {
    let variants = definition.variants.iter().flatten().flatten();
    let mut texts = definition
        .requires
        .iter()
        .chain(&definition.build_requires)
        .chain(variants);
    texts.find_map(|text| {
        Requirement::parse_request(text)
            .err()
            .map(|error| error.to_string())
    })
}

fn lines(results: &[Match], verbose: bool) -> String {
    let mut text = String::new();
    let width = results
        .iter()
        .map(|result| result.label.chars().count())
        .max()
        .unwrap_or(0);
    for result in results {
        let label = &result.label;
        match result.repository.as_deref().filter(|_| verbose) {
            Some(repository) => drop(writeln!(text, "{label:<width$}  {repository}")),
            None => drop(writeln!(text, "{label}")),
        }
        if let Some(error) = &result.error {
            let _ = writeln!(text, "  error: {error}");
        }
    }
    text
}
