//! One studio, opened as the settings say, and the library's words turned into the program's.

use std::sync::Arc;

use ayon_backend::{Cancellation, Conflict, Context, ResolveError};
use ayon_disk::Cache;
use ayon_model::Process;
use ayon_studio::Credentials;

use super::Report;
#[cfg(any(feature = "conda", feature = "rez", feature = "venv"))]
use super::backends;
use super::documents::{ConflictDocument, RefusalDocument};
#[cfg(feature = "conda")]
use super::opening::channels;
#[cfg(feature = "venv")]
use super::opening::index::{self, OpenIndex};
#[cfg(feature = "rez")]
use super::opening::site::OpenSite;
use super::printer::{Printer, Progress};
use super::settings::Settings;
#[cfg(feature = "venv")]
use ayon_resolve::pypi::requirements::RequirementFiles;
use ayon_resolve::{BundleAsk, Error, HintLimits, Resolver, Sources};

/// A resolver with what it needs to run to an end here. While it lives its progress line may be on the terminal.
pub(crate) struct Session {
    resolver: Resolver,
    runtime: tokio::runtime::Runtime,
    cache: Arc<Cache>,
    /// The rez packages that a context is made of, where one is.
    #[cfg(feature = "rez")]
    site: Option<OpenSite>,
    /// The package indexes that a lock is made from, where one is.
    #[cfg(feature = "venv")]
    index: Option<OpenIndex>,
    /// The channels that an environment is made from, where one is.
    #[cfg(feature = "conda")]
    channels: Option<Arc<channels::Asked>>,
    context: Context,
    is_verbose: bool,
}

/// The printer's progress line, as the library knows progress.
struct Line(Progress);

impl ayon_backend::Progress for Line {
    fn step(&self, what: &str, done: usize, of: usize) {
        match of {
            0 => self.0.say(what),
            of => self.0.say(&format!("{what} ({done}/{of})")),
        }
    }
}

/// A line of the printer's that says how far things are, until the value is dropped.
pub(crate) fn line(printer: &Printer, what: &str) -> Arc<dyn ayon_backend::Progress> {
    Arc::new(Line(printer.progress(what)))
}

impl Session {
    /// Opens the studio that is named.
    pub(crate) fn open(settings: &Settings, printer: &Printer) -> Result<Self, Report> {
        let location = settings.studio()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Report::unknown("no work can be started").because_of(&error))?;
        let cancellation = Cancellation::default();
        let cancellation = match settings.solving.time_limit {
            Some(limit) => cancellation.with_time_limit(limit),
            None => cancellation,
        };
        let progress = line(printer, "resolving");
        let cache = Arc::new(match &settings.access.cache {
            Some(folder) => Cache::new(folder, "studio", ayon_studio::CACHE_SCHEMA),
            None => Cache::disabled(),
        });
        let options = options(settings, &cache, &progress);
        let context = Context {
            offline: settings.access.offline,
            progress,
            cancellation,
        };
        let sources = Sources {
            options,
            context: context.clone(),
            hints: hint_limits(settings),
        };
        let resolver = Resolver::open(location, sources);
        let mut resolver = resolver.map_err(|error| report(&error, false))?;
        configure(settings, resolver.registry_mut())?;
        #[cfg(feature = "rez")]
        resolver
            .registry_mut()
            .register(Box::new(backends::rez::rez(settings, None)?));
        Ok(Self {
            resolver,
            runtime,
            cache,
            #[cfg(feature = "rez")]
            site: None,
            #[cfg(feature = "venv")]
            index: None,
            #[cfg(feature = "conda")]
            channels: None,
            context,
            is_verbose: settings.display.verbosity > 0,
        })
    }

    /// Opens what the emission that the settings name is made of, beside the studio: for a context the rez packages, for a
    /// lock the package indexes.
    #[cfg_attr(
        not(any(feature = "conda", feature = "rez", feature = "venv")),
        expect(
            unused_variables,
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "nothing else is made of more than the studio"
        )
    )]
    pub(crate) fn prepare_emission(&mut self, settings: &Settings) -> Result<(), Report> {
        #[cfg(feature = "rez")]
        {
            self.site = backends::rez::site(settings)?;
            let rez = backends::rez::rez(settings, self.site.as_ref())?;
            self.resolver.registry_mut().register(Box::new(rez));
        }
        #[cfg(feature = "venv")]
        if backends::venv::is_lock(settings) {
            let (progress, cancellation) = (&self.context.progress, &self.context.cancellation);
            let index = index::open(
                settings,
                &RequirementFiles::default(),
                Arc::clone(progress),
                cancellation.clone(),
            )?;
            let venv = backends::venv::venv(settings, &index)?;
            self.resolver.registry_mut().register(Box::new(venv));
            self.index = Some(index);
        }
        #[cfg(feature = "conda")]
        if backends::conda::is_solved(settings) {
            self.prepare_environment(settings)?;
        }
        Ok(())
    }

    /// Opens the channels, and the index for what they do not carry.
    #[cfg(feature = "conda")]
    fn prepare_environment(&mut self, settings: &Settings) -> Result<(), Report> {
        let (progress, cancellation) = (&self.context.progress, &self.context.cancellation);
        let channels = channels::open(settings, Arc::clone(progress), cancellation.clone())?;
        let channels = Arc::new(channels);
        let conda = backends::conda::conda(settings)?
            .with_answers(channels.answers().clone())
            .with_channels(channels.clone());
        self.channels = Some(channels);
        #[cfg(feature = "venv")]
        let conda = if settings.conda.no_pip {
            conda
        } else {
            let files = RequirementFiles::default();
            let index = index::open(settings, &files, Arc::clone(progress), cancellation.clone())?;
            let conda = conda.with_index(index.as_index());
            self.index = Some(index);
            conda
        };
        self.resolver.registry_mut().register(Box::new(conda));
        Ok(())
    }

    /// The first format of `backend` that is solved for.
    pub(crate) fn solved_format(&self, backend: &str) -> Result<&'static str, Report> {
        let backend = self.resolver.registry().get(backend);
        let backend = backend.map_err(|error| report(&error.into(), self.is_verbose))?;
        let format = backend.formats().iter().find(|format| format.is_solved);
        format
            .map(|format| format.name)
            .ok_or_else(|| Report::unknown(format!("{} solves for no packages", backend.name())))
    }

    /// Runs a question to its end.
    pub(crate) fn run<T>(
        &mut self,
        question: impl AsyncFnOnce(&mut Resolver) -> Result<T, Error>,
    ) -> Result<T, Report> {
        let verbose = self.is_verbose;
        let answer = self.runtime.block_on(question(&mut self.resolver));
        #[cfg(feature = "rez")]
        if let (Err(_), Some(site)) = (&answer, &self.site) {
            // What was read is worth keeping, also where it led to no answer.
            site.save();
        }
        answer.map_err(|error| report(&error, verbose))
    }

    /// Takes the progress line away, so that the answer can be printed, and says what was amiss with the cache.
    pub(crate) fn finish(self, printer: &mut Printer) {
        let Self {
            resolver,
            cache,
            context,
            ..
        } = self;
        drop((resolver, context));
        #[cfg(feature = "rez")]
        if let Some(site) = self.site {
            site.finish(printer);
        }
        #[cfg(feature = "venv")]
        if let Some(index) = self.index {
            index.finish(printer);
        }
        #[cfg(feature = "conda")]
        if let Some(channels) = self.channels {
            channels.finish(printer);
        }
        for warning in cache.take_warnings() {
            printer.warning(&warning.to_string());
        }
    }
}

/// How far to look for hints.
fn hint_limits(settings: &Settings) -> HintLimits {
    let usual = HintLimits::default();
    HintLimits {
        most: settings.explaining.hints.map_or(usual.most, usize::from),
        ..usual
    }
}

/// Which bundle, for what.
pub(crate) fn bundle_ask(settings: &Settings) -> Result<BundleAsk, Report> {
    Ok(BundleAsk {
        selection: settings.selection.clone(),
        platforms: settings.targets.platforms.clone(),
        processes: processes(settings),
        launcher: settings.targets.launcher.clone(),
        python: python(settings)?,
    })
}

/// The processes asked for.
pub(crate) fn processes(settings: &Settings) -> Vec<Process> {
    let host = |host: &super::settings::HostName| Process::Host {
        name: host.name.as_str().into(),
        version: host.version.as_str().into(),
    };
    let headless = settings.targets.headless.then_some(Process::Headless);
    let mut processes: Vec<Process> = settings
        .targets
        .hosts
        .iter()
        .map(host)
        .chain(headless)
        .collect();
    for process in &settings.explaining.processes {
        if !processes.contains(process) {
            processes.push(process.clone());
        }
    }
    processes
}

/// The interpreter asked for.
pub(crate) fn python(settings: &Settings) -> Result<Option<pypi::Version>, Report> {
    let python = settings
        .targets
        .python
        .as_deref()
        .map(str::parse)
        .transpose();
    python.map_err(|error: pypi::VersionError| Report::unknown(format!("`--python`: {error}")))
}

/// Tells the backends what the settings say of them.
#[cfg_attr(
    not(feature = "conda"),
    expect(
        unused_variables,
        clippy::unnecessary_wraps,
        reason = "no other backend has settings alone"
    )
)]
fn configure(settings: &Settings, registry: &mut ayon_backend::Registry) -> Result<(), Report> {
    #[cfg(feature = "conda")]
    registry.register(Box::new(backends::conda::conda(settings)?));
    Ok(())
}

/// How to read the studio.
fn options(
    settings: &Settings,
    cache: &Arc<Cache>,
    progress: &Arc<dyn ayon_backend::Progress>,
) -> ayon_studio::Options {
    let defaults = ayon_studio::Options::default();
    let key = settings.server.key.clone();
    let progress = Arc::clone(progress);
    ayon_studio::Options {
        offline: settings.access.offline,
        refresh: settings.access.refresh,
        cache: Arc::clone(cache),
        credentials: key.map(Credentials::KeyOrToken),
        projects: settings.selection.project.iter().cloned().collect(),
        timeout: settings.server.timeout.unwrap_or(defaults.timeout),
        retries: settings.server.retries.map_or(defaults.retries, u32::from),
        progress: Some(Arc::new(move |step| match step {
            ayon_studio::Progress::Asking(what) => {
                progress.step(&format!("asking for {what}"), 0, 0);
            }
            ayon_studio::Progress::Relations { done, total } => {
                progress.step("learning relations", done, total);
            }
            _ => {}
        })),
    }
}

/// An error of the library, in the program's words.
pub(crate) fn report(error: &Error, verbose: bool) -> Report {
    if let Error::Resolve(ResolveError::Refused(refusal)) = error {
        let document = RefusalDocument::from(&**refusal);
        let mut text = refusal.text();
        if verbose && !refusal.account.is_empty() {
            text.push('\n');
            text.push_str(&refusal.account.join("\n"));
        }
        return Report::no(error.to_string()).with_body(text, "refusal", &document);
    }
    let Error::Refused(refused) = error else {
        let report = if error.is_no() {
            Report::no(error.to_string())
        } else {
            Report::unknown(error.to_string())
        };
        return match std::error::Error::source(error) {
            Some(source) => report.because_of(source),
            None => report,
        };
    };
    let report = with_conflict(error.to_string(), &refused.conflict, verbose);
    refused
        .hints
        .iter()
        .fold(report, |report, hint| report.hint(hint.change.to_string()))
}

/// A "no", with the facts that cannot all be true.
pub(crate) fn with_conflict(message: String, conflict: &Conflict, verbose: bool) -> Report {
    let rows = verbose.then_some(usize::MAX);
    let table = ayon_explain::conflict::text(conflict, rows);
    Report::no(message).with_body(table, "conflict", &ConflictDocument::from(conflict))
}
