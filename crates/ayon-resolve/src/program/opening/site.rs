//! The site that a command is about, and the library's errors in the program's words.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ayon_disk::{Cache, CacheWarning};
use ayon_resolve::rez::{Answer, Ask, BundleWorld, Error, Opening, Site, Wishes};
use rez::package::DefectKind;
use rez::repository::{RepositoryError, index_cache};
use rez::requirement::Requirement;
use rez::solver::{SolveError, Stop, VariantSelectMode};

use crate::program::Report;
use crate::program::printer::Printer;
use crate::program::settings::{RezResolving, Settings};

/// A site with the cache that its indexes are kept in.
pub(crate) struct OpenSite {
    site: Arc<Site>,
    cache: Arc<Cache>,
}

impl std::ops::Deref for OpenSite {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

/// Opens the site that the settings name; `paths` come before all that they say.
pub(crate) fn open(settings: &Settings, paths: Option<&[String]>) -> Result<OpenSite, Report> {
    let repositories = &settings.rez.repositories;
    let cache = Arc::new(match &settings.access.cache {
        Some(folder) => index_cache(folder),
        None => Cache::disabled(),
    });
    let opening = Opening {
        paths: repositories
            .paths
            .clone()
            .or_else(|| paths.map(<[String]>::to_vec)),
        without_local: repositories.no_local,
        cache: Arc::clone(&cache),
        check_files: repositories.check_files || settings.access.refresh,
        python: repositories.python.clone(),
        now: now(),
    };
    let surroundings = &settings.rez.surroundings;
    let variable = |name: &str| surroundings.variables.get(name).cloned();
    let site = Site::open(&variable, surroundings.home.as_deref(), &opening);
    let site = site.map_err(|error| report(&error, None))?;
    Ok(OpenSite {
        site: Arc::new(site),
        cache,
    })
}

/// The time at which this program started, more or less.
#[expect(
    clippy::disallowed_methods,
    reason = "the program has a clock, the libraries are told the time"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// As [`now`], in seconds since 1970.
pub(crate) fn seconds() -> i64 {
    let since = now().duration_since(SystemTime::UNIX_EPOCH).ok();
    since
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or(0)
}

impl OpenSite {
    /// Bundles, resolved here as the settings say.
    pub(crate) fn world(&self, settings: &Settings) -> Result<BundleWorld, Report> {
        let selection = &settings.selection;
        let is_staging = selection.staging || selection.bundle.as_deref() == Some("staging");
        let wishes = wishes(&settings.rez.resolving, self.site.now());
        BundleWorld::new(Arc::clone(&self.site), &wishes, is_staging)
            .map_err(|error| report(&error, Some(&self.site)))
    }

    /// Keeps what was read, and says what somebody should know about it; whether it could be kept.
    pub(crate) fn finish(&self, printer: &mut Printer) -> bool {
        self.site.save();
        self.tell(printer)
    }

    /// Leaves everything that was read where it is: the process ends, and taking thousands of packages apart before that
    /// takes a tenth of its time.
    pub(crate) fn leave(self) {
        std::mem::forget(self);
    }

    /// Says what somebody should know about settings, packages and the cache; whether the cache can be used.
    pub(crate) fn tell(&self, printer: &mut Printer) -> bool {
        for note in self.site.notes() {
            printer.warning(&note);
        }
        let warnings = self.cache.take_warnings();
        for warning in &warnings {
            printer.warning(&warning.to_string());
        }
        let is_barred =
            |warning: &CacheWarning| matches!(warning, CacheWarning::Unavailable { .. });
        !warnings.iter().any(is_barred)
    }

    /// Resolves requests as the settings say.
    pub(crate) fn resolve_requests(
        &self,
        requests: Vec<Requirement>,
        settings: &Settings,
        printer: &mut Printer,
    ) -> Result<(Ask, Answer), Report> {
        let wishes = wishes(&settings.rez.resolving, self.site.now());
        let ask = self.site.ask(requests, &wishes);
        let ask = ask.map_err(|error| report(&error, Some(&self.site)))?;
        let answer = self.resolve(&ask, settings, printer)?;
        Ok((ask, answer))
    }

    /// Resolves; an error is told.
    pub(crate) fn resolve(
        &self,
        ask: &Ask,
        settings: &Settings,
        printer: &mut Printer,
    ) -> Result<Answer, Report> {
        self.solve(ask, settings, printer).map_err(|error| {
            // What was read is worth keeping, also where it led to no answer.
            self.finish(printer);
            report(&error, Some(&self.site))
        })
    }

    /// Resolves, with a progress line and within the time limit.
    pub(crate) fn solve(
        &self,
        ask: &Ask,
        settings: &Settings,
        printer: &Printer,
    ) -> Result<Answer, Error> {
        let started = Instant::now();
        let progress = printer.progress("reading packages");
        let limit = settings.solving.time_limit;
        let mut said = started;
        let mut answer = self.site.resolve(ask, &mut |so_far| {
            if let Some(limit) = limit.filter(|limit| started.elapsed() > *limit) {
                let seconds = limit.as_secs_f64();
                return Some(Stop(format!("the time limit of {seconds} s is reached")));
            }
            if said.elapsed() > BEAT {
                said = Instant::now();
                progress.say(&format!(
                    "resolving ({} steps, {} failed)",
                    so_far.num_solves, so_far.num_fails
                ));
            }
            None
        })?;
        answer.context.solve_time = started.elapsed().as_secs_f64();
        Ok(answer)
    }
}

/// How often the progress line may change.
const BEAT: Duration = Duration::from_millis(100);

fn wishes(resolving: &RezResolving, now: i64) -> Wishes {
    Wishes {
        building: resolving.build,
        timestamp: resolving.time.map(|time| time.seconds(now)),
        max_fails: resolving.max_fails,
        exclude: resolving.exclude.clone(),
        include: resolving.include.clone(),
        without_filters: resolving.no_filters,
        without_implicit: resolving.no_implicit,
        variant_select_mode: resolving.variant_select_mode.as_deref().map(|mode| {
            if mode == "intersection_priority" {
                VariantSelectMode::IntersectionPriority
            } else {
                VariantSelectMode::VersionPriority
            }
        }),
        without_package_cache: !resolving.package_caching,
        package_cache_async: resolving.package_cache_async,
    }
}

/// A repository that cannot be read.
pub(crate) fn unread(error: &RepositoryError) -> Report {
    Report::unknown(error.to_string())
}

/// There is no family of this name.
pub(crate) fn no_family(site: &Site, family: &str) -> Report {
    let report = Report::no(format!("there is no package `{family}`"));
    let searched = site.paths().join(", ");
    let report = if searched.is_empty() {
        report.because("no folders of packages are named")
    } else {
        report.because(format!("searched: {searched}"))
    };
    offer(report, site, family)
}

/// Adds the closest name that there is, and the folders that are not there.
fn offer(report: Report, site: &Site, family: &str) -> Report {
    // Where the names cannot be listed there is nothing to offer.
    let names = site.catalogue().family_names().unwrap_or_default();
    let report = report.did_you_mean(family, names.iter().map(|name| &**name));
    // For rez, too, a folder that is not there is one without packages.
    let missing = site.paths().iter().filter(|path| !Path::new(path).is_dir());
    missing.fold(report, |report, path| {
        report.hint(format!(
            "`{path}` is no folder; packages are looked for there"
        ))
    })
}

/// An error of the library in the program's words; with the site, what may help is looked up there.
pub(crate) fn report(error: &Error, site: Option<&Site>) -> Report {
    let make = if error.is_no() {
        Report::no
    } else {
        Report::unknown
    };
    let report = make(error.to_string());
    let Error::Solve(solve) = error else {
        return report;
    };
    match (solve, site) {
        (SolveError::FamilyNotFound { family, .. }, Some(site)) => offer(report, site, family),
        (SolveError::PackageNotFound { request, .. }, Some(site)) => {
            versions(report, site, request)
        }
        (SolveError::Broken { defect, .. }, _) if defect.kind == DefectKind::NeedsPython => {
            report.hint("let a Python run it, if you trust this repository: `--allow-python`")
        }
        _ => report,
    }
}

/// Adds which versions of a package there are.
fn versions(report: Report, site: &Site, request: &Requirement) -> Report {
    const SHOWN: usize = 5;
    let name = request.name();
    let packages = site.catalogue().packages(name);
    let packages = packages.unwrap_or_default();
    let newest = packages.iter().rev().take(SHOWN);
    let newest: Vec<String> = newest
        .map(|found| found.package.version.to_string())
        .filter(|version| !version.is_empty())
        .collect();
    match (newest.is_empty(), packages.len().saturating_sub(SHOWN)) {
        (true, _) => report,
        (false, 0) => report.hint(format!("`{name}` has {}", newest.join(", "))),
        (false, more) => report.hint(format!(
            "`{name}` has {} and {more} older",
            newest.join(", ")
        )),
    }
}
