//! `rez publish`: a bundle's launcher, addons and the bundle itself as rez packages in a repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ayon_backend_rez::publish::{
    Facts, Options, Outcome, PublishError, Report as Published, Roots, WriteError, examine, plan,
    write,
};
use ayon_model::{Process, System};
use ayon_studio::Location;
use clap::Args;
use serde::Serialize;

use super::telling;
use crate::program::backends::rez;
use crate::program::flags::{BundleArguments, TargetArguments, switch, text};
use crate::program::opening::site;
use crate::program::printer::Printer;
use crate::program::session::{Session, bundle_ask};
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve rez publish /packages/ayon --bundle staging --platform linux-64,win-64
  ayon-resolve rez publish /packages/ayon --bundle production --host maya/2025 --host nuke/15
  ayon-resolve rez publish /packages/ayon --bundle staging --check
  rez-env maya ayon_bundle-staging      # then, with stock rez

What every process may have is published, for each platform; a host that needs something else, because of its Python
say, gets a variant of its own with --host. A launcher and an addon are published once. A bundle that has changed is
one more version, of which `ayon_bundle-NAME`, `ayon_bundle-staging` and `ayon_bundle-production` ask for the newest.
A package that is there is never changed: the same one is left alone, a different one of the same version is refused.

Files are not copied: the packages say where AYON keeps them, and `rez.roots` in the configuration says where that is.

Exit codes: 0 the packages are there; 1 they cannot be published as they are, or, with --check, are not there yet; 2 it
could not be told, or written.";

/// What `rez publish` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct PublishArguments {
    /// The repository: the folder that rez is to find the packages in
    #[arg(value_name = "FOLDER")]
    repository: PathBuf,
    /// Only say what would be written; write nothing
    #[arg(long, help_heading = "What is written")]
    check: bool,
    /// The time of the release instead of now: seconds since 1970, or how long ago, as in -10s, -5m, -0.5h, -10d
    #[arg(
        short,
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "What is written"
    )]
    time: Option<String>,
    #[command(flatten)]
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
}

impl PublishArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        switch(layer, "check", self.check);
        text(layer, "time", self.time.as_deref());
        self.bundle.record(layer);
        self.targets.record(layer);
    }
}

/// Plans the packages, writes them, and says which.
pub(crate) fn run(
    arguments: &PublishArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let mut ask = bundle_ask(settings)?;
    // What any process may have comes first: it is what the packages say.
    ask.processes
        .retain(|process| *process != Process::Headless);
    ask.processes.insert(0, Process::Headless);
    let now = site::seconds();
    let time = settings.rez.resolving.time;
    let options = Options {
        names: rez::options(settings)?,
        roots: roots(settings),
        server: match &settings.studio {
            Some(Location::Server(address)) => Some(address.to_string()),
            _ => None,
        },
        timestamp: time.map_or(now, |time| time.seconds(now)),
    };
    let mut session = Session::open(settings, printer)?;
    let answer = session.run(async |resolver| resolver.resolve_bundle(&ask).await)?;
    let publication = session.run(async |resolver| {
        let facts = Facts {
            studio: resolver.studio().await?,
            bundle: &answer.bundle,
            resolutions: &answer.resolutions,
        };
        Ok(plan(&facts, &options))
    })?;
    session.finish(printer);
    let findings = answer
        .bundle
        .findings
        .iter()
        .map(|finding| &finding.message);
    for note in answer.notes.iter().chain(findings) {
        printer.warning(note);
    }
    let publication = publication.map_err(|error| match error {
        PublishError::Roots(_) => Report::unknown(error.to_string()),
        error => Report::no(error.to_string()),
    })?;
    for note in &publication.notes {
        printer.warning(note);
    }
    let is_check = settings.rez.check;
    let publish = if is_check { examine } else { write };
    let published = publish(&publication, &arguments.repository).map_err(|error| match error {
        WriteError::Disk(_) => Report::unknown(error.to_string()),
        error => Report::no(error.to_string()),
    })?;
    tell(&published, is_check, printer)?;
    let is_missing = |(_, outcome): &(_, Outcome)| matches!(outcome, Outcome::Written { .. });
    Ok(if is_check && published.packages.iter().any(is_missing) {
        Verdict::No
    } else {
        Verdict::Fine
    })
}

/// Where AYON's files lie: what the configuration says, else AYON's own places.
fn roots(settings: &Settings) -> BTreeMap<System, Roots> {
    let mut all = Roots::usual();
    for (system, own) in &settings.rez.roots {
        let roots = all.entry(*system).or_insert_with(|| Roots::of(*system));
        let places = [
            (&mut roots.launcher, &own.launcher),
            (&mut roots.executable, &own.executable),
            (&mut roots.storage, &own.storage),
            (&mut roots.addon, &own.addon),
        ];
        for (place, own) in places {
            if let Some(own) = own {
                place.clone_from(own);
            }
        }
    }
    all
}

fn tell(published: &Published, is_check: bool, printer: &mut Printer) -> Result<(), Report> {
    let packages = published.packages.iter();
    if printer.is_json() {
        let packages = packages.map(|(package, outcome)| {
            let (outcome, file) = outcome_of(outcome, is_check);
            PackageDocument {
                what: &package.what,
                family: &package.family,
                version: &package.version,
                outcome,
                file: file.display().to_string(),
            }
        });
        let packages = packages.collect();
        return printer.json("rez-publish", 1, &Document { packages });
    }
    let rows: Vec<(String, String)> = packages
        .map(|(package, outcome)| {
            let (_, file) = outcome_of(outcome, is_check);
            let word = match outcome {
                Outcome::Written { .. } if is_check => "to write",
                Outcome::Written { .. } => "written",
                Outcome::AlreadyThere { .. } => "already there",
            };
            // A bundle that is there may be an earlier one of its series.
            let folder = file.parent().unwrap_or(file);
            (
                format!("{word} {}", package.what),
                folder.display().to_string(),
            )
        })
        .collect();
    printer.text(&telling::columns(&rows))
}

fn outcome_of(outcome: &Outcome, is_check: bool) -> (&'static str, &Path) {
    match outcome {
        Outcome::Written { file } if is_check => ("toWrite", file),
        Outcome::Written { file } => ("written", file),
        Outcome::AlreadyThere { file } => ("alreadyThere", file),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    /// Those that others need first.
    packages: Vec<PackageDocument<'a>>,
}

#[derive(Serialize)]
struct PackageDocument<'a> {
    what: &'a str,
    family: &'a str,
    version: &'a str,
    outcome: &'static str,
    file: String,
}
