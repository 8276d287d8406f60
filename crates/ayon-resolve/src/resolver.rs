//! The order of things: facts, selection, merge, question, answer, backend.

use std::path::PathBuf;
use std::time::Duration;

use ayon_backend::{Ask, Backend, Context, Emission, Registry, Resolution, ResolveError};
use ayon_explain::hints::{self, Hint};
use ayon_model::{
    AddonName, EffectiveBundle, Finding, JudgementRequest, Knowledge, Platform, Problem, Process,
    Selected, Studio, System, Target, Version, inspect, judge, merge, select,
};
use ayon_solve::{AddonAsk, Conflict, LauncherAsk, Question, Refusal, Wanted};
use ayon_studio::{Location, Source};

use crate::{BundleAsk, Error, PlanAsk};

/// How to reach a studio's facts, and what to do on the way.
#[derive(Default)]
pub struct Sources {
    /// Credentials, cache, timeouts and offline, for sources that need them.
    pub options: ayon_studio::Options,
    /// Progress, cancellation, offline.
    pub context: Context,
    /// How far to look for what would do, once an answer is no.
    pub hints: HintLimits,
}

/// How far to look for hints. Each is found by solving again, so both have an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HintLimits {
    /// How many are enough; none are looked for at 0.
    pub most: usize,
    /// For how long.
    pub time: Duration,
}

impl Default for HintLimits {
    /// Four of them, for two seconds.
    fn default() -> Self {
        Self {
            most: 4,
            time: Duration::from_secs(2),
        }
    }
}

/// Answers questions about one studio.
pub struct Resolver {
    source: Box<dyn Source>,
    studio: Option<Studio>,
    registry: Registry,
    context: Context,
    hints: HintLimits,
}

/// The resolutions of a bundle, one per target.
#[derive(Clone, Debug)]
pub struct BundleAnswer {
    /// The bundle that was live, with the project's laid over it.
    pub bundle: EffectiveBundle,
    /// In the order of the targets asked: by platform, then by process.
    pub resolutions: Vec<Resolution>,
    /// What was decided without being asked.
    pub notes: Vec<String>,
}

/// The addon versions that were chosen, one resolution per target.
#[derive(Clone, Debug)]
pub struct PlanAnswer {
    /// In the order of the targets asked.
    pub resolutions: Vec<Resolution>,
}

/// Everything that is wrong with a bundle.
#[derive(Clone, Debug)]
pub struct CheckReport {
    /// The bundle that was live, with the project's laid over it.
    pub bundle: EffectiveBundle,
    /// Errors first; then by addon, in the order of the bundle.
    pub findings: Vec<Finding>,
    /// What was decided without being asked.
    pub notes: Vec<String>,
    /// What could not be read in the studio.
    pub problems: Vec<Problem>,
    /// The targets that were looked at.
    pub targets: Vec<Target>,
}

impl Resolver {
    /// A resolver for the studio at `location`, with the backends that were compiled in.
    pub fn open(location: &Location, sources: Sources) -> Result<Self, Error> {
        let source = ayon_studio::open(location, sources.options)?;
        let mut resolver = Self::new(source, default_registry(), sources.context);
        resolver.hints = sources.hints;
        Ok(resolver)
    }

    /// A resolver of parts.
    pub fn new(source: Box<dyn Source>, registry: Registry, context: Context) -> Self {
        Self {
            source,
            studio: None,
            registry,
            context,
            hints: HintLimits::default(),
        }
    }

    /// The backends, for adding one of your own.
    pub fn registry_mut(&mut self) -> &mut Registry {
        &mut self.registry
    }

    /// The backends.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The studio's facts, loaded when first asked for.
    pub async fn studio(&mut self) -> Result<&Studio, Error> {
        Ok(self.loaded().await?)
    }

    async fn loaded(&mut self) -> Result<&mut Studio, Error> {
        if self.studio.is_none() {
            self.studio = Some(self.source.load().await?);
        }
        // Filled in just above.
        Ok(self.studio.get_or_insert_default())
    }

    /// Learns the relations of every release in the studio, for a snapshot that needs no server any more.
    pub async fn complete_studio(&mut self) -> Result<&Studio, Error> {
        let studio = self.loaded().await?;
        let releases = studio
            .addons
            .values()
            .flat_map(|addon| addon.releases.values());
        let wanted: Vec<(AddonName, Version)> = releases
            .map(|release| (release.name.clone(), release.version.clone()))
            .collect();
        self.learn(wanted).await?;
        self.studio().await
    }

    /// The live bundle, resolved just as it is pinned, for every target asked.
    pub async fn resolve_bundle(&mut self, ask: &BundleAsk) -> Result<BundleAnswer, Error> {
        self.resolve_targets(ask, targets(&ask.platforms, &ask.processes))
            .await
    }

    /// As [`Resolver::resolve_bundle`], for these targets.
    pub(crate) async fn resolve_targets(
        &mut self,
        ask: &BundleAsk,
        targets: Vec<Target>,
    ) -> Result<BundleAnswer, Error> {
        let (bundle, notes) = self.live(ask).await?;
        self.learn_pinned(&bundle).await?;
        if bundle.installer_version.is_none() {
            let newest = self
                .studio()
                .await?
                .launchers
                .keys()
                .next_back()
                .map(ToString::to_string);
            return Err(Error::NoLauncher {
                bundle: bundle.name.to_string(),
                newest,
            });
        }
        let mut resolutions = Vec::new();
        for target in targets {
            let mut question = Question::of_bundle(&bundle, target);
            question.python.clone_from(&ask.python);
            let mut resolution = self
                .answer(&question, &format!("bundle {}", bundle.name))
                .await?;
            resolution.bundle = Some(bundle.name.clone());
            for addon in &mut resolution.addons {
                addon.development = bundle
                    .development
                    .get(&addon.name)
                    .map(|at| PathBuf::from(&at.path));
            }
            resolutions.push(resolution);
        }
        Ok(BundleAnswer {
            bundle,
            resolutions,
            notes,
        })
    }

    /// Everything that is wrong with the live bundle, in one go.
    ///
    /// Looks at the launcher's process on every platform the launcher is built for, unless platforms or processes are
    /// asked for.
    pub async fn check(&mut self, ask: &BundleAsk) -> Result<CheckReport, Error> {
        let (bundle, notes) = self.live(ask).await?;
        // What cannot be learnt is a finding of its own; a server that fails altogether is an error.
        self.learn(pinned(&bundle)).await?;
        let studio = self.studio().await?;
        let platforms = if ask.platforms.is_empty() {
            built_for(studio, &bundle)
        } else {
            ask.platforms.clone()
        };
        let targets = targets(&platforms, &ask.processes);
        let addons = bundle.request_addons();
        let request = JudgementRequest {
            addons: &addons,
            installer_version: bundle.installer_version.as_deref(),
        };
        let mut findings = judge(studio, request).findings(studio, request);
        findings.extend(inspect(studio, &bundle, &targets, ask.python.as_ref()));
        for finding in findings
            .iter_mut()
            .filter(|finding| finding.origins.is_empty())
        {
            // A release that is not there has no file to point at; what asks for it has.
            let pin = finding
                .addon
                .as_deref()
                .and_then(|name| bundle.pin_origin(&name.into()));
            finding.origins.extend(pin);
        }
        let position = |finding: &Finding| {
            finding
                .addon
                .as_deref()
                .and_then(|name| bundle.addons.get_index_of(name))
        };
        findings.sort_by_key(|finding| {
            (
                finding.severity,
                position(finding).unwrap_or(usize::MAX),
                finding.code,
            )
        });
        let problems = studio.problems.clone();
        Ok(CheckReport {
            bundle,
            findings,
            notes,
            problems,
            targets,
        })
    }

    /// Chooses addon versions: the newest set in which everything fits, in the order asked.
    pub async fn plan(&mut self, ask: &PlanAsk) -> Result<PlanAnswer, Error> {
        self.loaded().await?;
        let mut resolutions = Vec::new();
        for target in targets(&ask.platforms, &ask.processes) {
            let wanted = |range: &Option<_>| range.clone().map_or(Wanted::Any, Wanted::Within);
            let origin = ayon_model::Origin::request();
            let addons = ask.addons.iter().map(|request| AddonAsk {
                name: request.name.clone(),
                wanted: wanted(&request.range),
                oldest: false,
                origin: origin.clone(),
            });
            let question = Question {
                target,
                addons: addons.collect(),
                launcher: LauncherAsk {
                    wanted: wanted(&ask.launcher),
                    oldest: false,
                    origin: origin.clone(),
                },
                python: ask.python.clone(),
                is_open: true,
                prereleases: ask.prereleases,
            };
            resolutions.push(self.answer(&question, "your request").await?);
        }
        Ok(PlanAnswer { resolutions })
    }

    /// Completes resolutions with what `backend` adds, and writes them in `format`.
    pub async fn emit(
        &self,
        backend: &str,
        format: &str,
        resolutions: Vec<Resolution>,
    ) -> Result<Emission, Error> {
        let resolutions = self.completed(backend, format, resolutions).await?;
        let backend = self.registry.get(backend)?;
        Ok(backend.emit(&resolutions, backend.format(format)?)?)
    }

    /// Resolutions with what `backend` adds for `format`: what [`Resolver::emit`] writes, as values.
    pub async fn completed(
        &self,
        backend: &str,
        format: &str,
        resolutions: Vec<Resolution>,
    ) -> Result<Vec<Resolution>, Error> {
        let backend = self.registry.get(backend)?;
        let ask = Ask {
            resolutions,
            format: backend.format(format)?,
            previous: &[],
        };
        self.complete(backend, ask).await
    }

    /// Completes resolutions with what `backend` adds.
    pub(crate) async fn complete(
        &self,
        backend: &dyn Backend,
        ask: Ask<'_>,
    ) -> Result<Vec<Resolution>, Error> {
        let bundle = ask.resolutions.iter().find_map(|one| one.bundle.clone());
        let resolved = backend.resolve(ask, &self.context).await;
        resolved.map_err(|error| match error {
            // Facts are told alike, whoever found them. What to change is not tried: that may take an index long.
            ResolveError::Conflict(conflict) => {
                let what = bundle.map_or_else(
                    || "your request".to_owned(),
                    |name| format!("bundle {name}"),
                );
                Error::refused(what, *conflict, Vec::new())
            }
            error => Error::Resolve(error),
        })
    }

    /// The bundle that is live, with the project's laid over it and the asker's launcher in it.
    pub(crate) async fn live(
        &mut self,
        ask: &BundleAsk,
    ) -> Result<(EffectiveBundle, Vec<String>), Error> {
        let studio = self.loaded().await?;
        let selected: Selected<'_> = select(studio, &ask.selection)?;
        let mut bundle = merge(studio, &selected);
        if let Some(launcher) = &ask.launcher {
            bundle.installer_version = Some(launcher.clone());
        }
        Ok((bundle, selected.notes))
    }

    /// Asks the source for what the releases of `bundle` relate to.
    pub(crate) async fn learn_pinned(&mut self, bundle: &EffectiveBundle) -> Result<(), Error> {
        self.learn(pinned(bundle)).await
    }

    /// Asks the source for relations that are not known yet.
    async fn learn(&mut self, mut wanted: Vec<(AddonName, Version)>) -> Result<(), Error> {
        let Some(studio) = &mut self.studio else {
            return Ok(());
        };
        wanted.retain(|(name, version)| {
            let release = studio
                .addons
                .get(name)
                .and_then(|addon| addon.releases.get(version));
            release.is_some_and(|release| matches!(release.relations, Knowledge::Unknown(_)))
        });
        if !wanted.is_empty() {
            self.source.relations(studio, &wanted).await?;
        }
        Ok(())
    }

    /// Answers one question; a conflict is searched for what would do.
    async fn answer(&mut self, question: &Question, what: &str) -> Result<Resolution, Error> {
        let conflict = match self.ask(question).await? {
            Ok(resolution) => return Ok(resolution),
            Err(conflict) => conflict,
        };
        let studio = self.studio.get_or_insert_default();
        let limit = self.context.cancellation.clone();
        let limit = limit.with_time_limit(self.hints.time);
        let most = self.hints.most;
        let hints: Vec<Hint> = hints::find(studio, question, &conflict, most, &|| limit.stopped());
        Err(Error::refused(what.to_owned(), *conflict, hints))
    }

    /// Asks one question, learning relations as the solver comes to need them.
    pub(crate) async fn ask(
        &mut self,
        question: &Question,
    ) -> Result<Result<Resolution, Box<Conflict>>, Error> {
        let mut asked = Vec::new();
        loop {
            let studio = self.studio.get_or_insert_default();
            let cancellation = &self.context.cancellation;
            match ayon_solve::resolve(studio, question, &|| cancellation.stopped()) {
                Ok(resolution) => return Ok(Ok(resolution)),
                Err(Refusal::Question(error)) => return Err(error.into()),
                Err(Refusal::Stopped(stopped)) => return Err(stopped.into()),
                Err(Refusal::Conflict(conflict)) => return Ok(Err(conflict)),
                Err(Refusal::Unknown(releases))
                    if releases.iter().all(|release| asked.contains(release)) =>
                {
                    let releases: Vec<String> = releases
                        .iter()
                        .map(|(name, version)| format!("{name} {version}"))
                        .collect();
                    return Err(Error::Unknown {
                        releases: releases.join(", "),
                    });
                }
                Err(Refusal::Unknown(releases)) => {
                    asked.extend(releases.iter().cloned());
                    self.learn(releases).await?;
                }
            }
        }
    }
}

/// The releases a bundle pins.
fn pinned(bundle: &EffectiveBundle) -> Vec<(AddonName, Version)> {
    let version = |text: &str| Version::parse(text).ok();
    bundle
        .addons
        .iter()
        .filter_map(|(name, pin)| Some((name.clone(), version(&pin.version)?)))
        .collect()
}

/// The platforms that the bundle's launcher is built for, or all where it has none.
fn built_for(studio: &Studio, bundle: &EffectiveBundle) -> Vec<Platform> {
    let launcher = bundle
        .installer_version
        .as_deref()
        .and_then(|version| studio.launcher(version));
    let built = |system: &System| {
        launcher.is_none_or(|launcher| launcher.builds_for(*system).next().is_some())
    };
    System::ALL
        .into_iter()
        .filter(built)
        .map(Platform::usual)
        .collect()
}

/// All of these platforms and processes; where none is named, this machine's and the launcher's.
pub(crate) fn targets(platforms: &[Platform], processes: &[Process]) -> Vec<Target> {
    let current = [Platform::current()];
    let platforms = if platforms.is_empty() {
        &current
    } else {
        platforms
    };
    let processes = if processes.is_empty() {
        &[Process::Launcher]
    } else {
        processes
    };
    let target = |platform: &Platform, process: &Process| Target {
        platform: *platform,
        process: process.clone(),
    };
    platforms
        .iter()
        .flat_map(|platform| {
            processes
                .iter()
                .map(move |process| target(platform, process))
        })
        .collect()
}

/// The backends that were compiled in.
fn default_registry() -> Registry {
    #[allow(
        unused_mut,
        reason = "without any backend feature nothing is registered"
    )]
    let mut registry = Registry::new();
    #[cfg(feature = "conda")]
    registry.register(Box::new(ayon_backend_conda::Conda::default()));
    #[cfg(feature = "rez")]
    registry.register(Box::new(ayon_backend_rez::Rez::default()));
    #[cfg(feature = "venv")]
    registry.register(Box::new(ayon_backend_venv::Venv::default()));
    registry
}
