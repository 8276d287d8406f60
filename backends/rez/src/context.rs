//! The format `context`: requests solved against a site's repositories, written as rez's `.rxt`.
//!
//! Solving leaves what it chose in the resolution as artefacts. [Writing](write()) is a pure function of the resolution and
//! of what the program said about the machine; the requests are made again from the resolution, so nothing has to be kept
//! twice.
//!
//! # How it thinks
//!
//! *All that is missing, at once.* rez ends with the first family it cannot find. Before anything is solved, every request
//! is looked up, and all that is not there is told with who asks for it.
//!
//! *A context of another machine.* A context may be for Windows although a Linux machine makes it: the implicit requests
//! for platform and processor are the target's, and the one for the operating system's version counts only at home.
//!
//! *The bundle's own package, if it is there.* Launcher and addons bring code; which bundle they run in is said by the
//! package that [`publish`](crate::publish) makes of the bundle. Where the repositories have one it is requested too.

mod written;

use std::fmt;
use std::sync::Arc;

use ayon_backend::{Artefact, Cancellation, EmitError, Lack, Refusal, Resolution, ResolveError};
use rez::solver::{self, Control, Outcome, Pool, ResolvedVariant, SolveError, Stop};
use rez::{Context, PackageKind, Repository, RepositoryError, Requirement, Version};

pub(crate) use written::write;

use crate::names::{self, Options, platform_words};
use crate::publish::series_word;
use crate::requests::{Request, Requests};

const FORMAT: &str = "a rez context";
/// The form of a package that has a folder of its own.
const FOLDER: &str = "folder";

/// rez as a site has it, for one run: its packages, its settings, its machine.
///
/// A program that keeps an index, or that looks twice at files which may change, solves in its own [`solve`](Self::solve).
pub trait World: Send + Sync {
    /// The repositories; of a version that several have, the first one's is taken.
    fn repositories(&self) -> &[Arc<dyn Repository>];

    /// How the site solves, and what it requests implicitly. The requests are the bundle's.
    fn ask(&self) -> solver::Ask;

    /// What a context says beside the answer: paths, filters, times, who made it and where.
    fn context(&self) -> Context;

    /// The series of the package of `bundle`: its own name, or the word that it is wanted for, such as `staging`.
    fn series<'a>(&'a self, bundle: &'a str) -> &'a str {
        bundle
    }

    /// Solves. The places of the repositories in the answer are those of [`repositories`](Self::repositories); what was
    /// learnt on the way is given with it, so that a failure is explained without reading everything again.
    ///
    /// # Errors
    /// Where the solver gives up, or the packages cannot be read.
    fn solve(
        &self,
        ask: &solver::Ask,
        control: &mut Control<'_>,
    ) -> Result<(Outcome, Pool), WorldError> {
        let mut pool = Pool::new(self.repositories().to_vec());
        let outcome = solver::solve(&mut pool, ask, control)?;
        Ok((outcome, pool))
    }
}

impl fmt::Debug for dyn World {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repositories = self.repositories().iter();
        let locations = repositories.map(|repository| repository.location().to_string());
        formatter.debug_list().entries(locations).finish()
    }
}

/// A solve that came to no end.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The solver gave up.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// Anything else that a site's own way of solving met.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

/// What is asked for one target.
struct Question {
    requests: Vec<Requirement>,
    implicit: Vec<Requirement>,
}

/// A world that is asked about bundles.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) world: &'a dyn World,
    pub(crate) options: &'a Options,
}

impl Asking<'_> {
    /// Solves every resolution and puts what was chosen into it.
    pub(crate) fn resolve(
        self,
        mut resolutions: Vec<Resolution>,
        cancellation: &Cancellation,
    ) -> Result<Vec<Resolution>, ResolveError> {
        let mut asked = Vec::new();
        let mut lacks: Vec<Lack> = Vec::new();
        let mut lacking = None;
        for resolution in &resolutions {
            let requests = Requests::of(resolution, self.options)?;
            for lack in self.lacks(&requests)? {
                lacking = lacking.or(Some(resolution));
                if !lacks.iter().any(|known| known.request == lack.request) {
                    lacks.push(lack);
                }
            }
            asked.push(requests);
        }
        if let Some(resolution) = lacking {
            return Err(refused(resolution, lacks, String::new()));
        }
        for (resolution, requests) in resolutions.iter_mut().zip(&asked) {
            let bundle = self.bundle_request(resolution);
            let has_bundle =
                matches!(&bundle, Some(bundle) if !self.versions(bundle)?.1.is_empty());
            let bundle = bundle.filter(|_| has_bundle);
            let question = self.question(resolution, requests, bundle)?;
            resolution.artefacts = self.solve(resolution, question, cancellation)?;
        }
        Ok(resolutions)
    }

    fn solve(
        self,
        resolution: &Resolution,
        question: Question,
        cancellation: &Cancellation,
    ) -> Result<Vec<Artefact>, ResolveError> {
        let ask = solver::Ask {
            requests: question.requests,
            implicit: question.implicit,
            ..self.world.ask()
        };
        let mut control = |_| cancellation.stopped().map(|why| Stop(why.to_string()));
        match self.world.solve(&ask, &mut control) {
            Ok((Outcome::Solved(resolve), _)) => Ok(resolve
                .packages
                .iter()
                .map(|package| self.artefact(package))
                .collect()),
            Ok((Outcome::Failed(failure), mut pool)) => {
                // Where it cannot be explained, rez's own words are better than none.
                let explanation = rez::explain::explain(&mut pool, &ask, &failure).map_or_else(
                    |_| failure.to_string(),
                    |explanation| explanation.to_string(),
                );
                Err(refused(resolution, Vec::new(), explanation))
            }
            Ok((Outcome::Aborted(stop, _), _)) => match cancellation.stopped() {
                Some(why) => Err(why.into()),
                None => Err(refused(resolution, Vec::new(), stop.0)),
            },
            Err(WorldError::Solve(
                error @ (SolveError::FamilyNotFound { .. }
                | SolveError::PackageNotFound { .. }
                | SolveError::SelfConflict { .. }),
            )) => Err(refused(resolution, Vec::new(), error.to_string())),
            Err(error) => Err(source("a rez package", error)),
        }
    }

    /// What is asked for and is not there.
    fn lacks(self, requests: &Requests) -> Result<Vec<Lack>, ResolveError> {
        let mut lacks = Vec::new();
        for request in requests.iter() {
            let requirement = requirement(request)?;
            let (all, fitting) = self.versions(&requirement)?;
            if fitting.is_empty() {
                lacks.push(Lack {
                    request: request.text.clone(),
                    reason: self.reason(request, all)?,
                    askers: request.askers.clone(),
                });
            }
        }
        Ok(lacks)
    }

    /// Why a request finds nothing.
    fn reason(self, request: &Request, mut versions: Vec<Version>) -> Result<String, ResolveError> {
        versions.sort();
        versions.dedup();
        let family = &request.family;
        let Some(newest) = versions.last() else {
            if request.is_ours {
                return Ok(format!(
                    "no repository has a family `{family}`; `ayon-resolve rez publish` writes its packages"
                ));
            }
            let mut families = Vec::new();
            for repository in self.world.repositories() {
                families.extend(repository.family_names().map_err(unreadable)?);
            }
            let close = ayon_model::closest(family, families.iter().map(AsRef::as_ref));
            let offer = ayon_model::did_you_mean("; ", &close, "");
            return Ok(format!("no repository has a family `{family}`{offer}"));
        };
        Ok(match versions.as_slice() {
            [only] => format!("there is only {only}"),
            [oldest, ..] => format!(
                "there are {} versions from {oldest} to {newest}, none of them in this range",
                versions.len()
            ),
            [] => String::new(),
        })
    }

    /// All versions of a family, and those that a request takes.
    fn versions(
        self,
        requirement: &Requirement,
    ) -> Result<(Vec<Version>, Vec<Version>), ResolveError> {
        let mut all = Vec::new();
        for repository in self.world.repositories() {
            let family = repository.family(requirement.name()).map_err(unreadable)?;
            let packages = family.iter().flat_map(|family| &family.packages);
            all.extend(packages.map(|package| package.version.clone()));
        }
        let is_fitting = |version: &&Version| requirement.permits(version);
        let fitting = all.iter().filter(is_fitting).cloned().collect();
        Ok((all, fitting))
    }

    /// The request for the bundle's own package.
    fn bundle_request(self, resolution: &Resolution) -> Option<Requirement> {
        let bundle = resolution.bundle.as_deref()?;
        let series = series_word(self.world.series(bundle));
        let text = format!("{}-{series}", self.options.family(names::BUNDLE));
        Requirement::parse_request(&text).ok()
    }

    /// All requests, and the implicit ones as they are on the target's machine.
    fn question(
        self,
        resolution: &Resolution,
        requests: &Requests,
        bundle: Option<Requirement>,
    ) -> Result<Question, EmitError> {
        let (system, processor) = platform_words(resolution.target.platform);
        let mut implicit = Vec::new();
        for requirement in &self.world.ask().implicit {
            let word = match requirement.name() {
                names::PLATFORM => format!("~platform=={system}"),
                names::ARCHITECTURE => format!("~arch=={processor}"),
                "os" if !self.is_home(resolution) => continue,
                _ => requirement.to_string(),
            };
            implicit.push(read(&word)?);
        }
        let mut all = Vec::new();
        for request in requests.iter() {
            all.push(requirement(request)?);
        }
        // Less important than what the target fixes, more than what the bundle brings.
        all.splice(requests.target.len()..requests.target.len(), bundle);
        Ok(Question {
            requests: all,
            implicit,
        })
    }

    /// Whether the target is the machine that the context is made on.
    fn is_home(self, resolution: &Resolution) -> bool {
        let (system, processor) = platform_words(resolution.target.platform);
        let Context { platform, arch, .. } = self.world.context();
        (platform.as_deref(), arch.as_deref()) == (Some(system), Some(processor))
    }

    fn artefact(self, package: &ResolvedVariant) -> Artefact {
        let location = self
            .world
            .repositories()
            .get(package.repository)
            .map(|repository| repository.location());
        Artefact {
            name: package.name.to_string(),
            version: package.version.to_string(),
            build: package.index.map(|index| index.to_string()),
            location: location.map_or_else(String::new, |location| {
                format!("{}@{}", location.kind, location.path)
            }),
            form: match &package.kind {
                PackageKind::Folder => FOLDER.to_owned(),
                PackageKind::Combined { extension } => extension.to_string(),
            },
            requires: package.requires.iter().map(ToString::to_string).collect(),
            ..Artefact::default()
        }
    }
}

fn requirement(request: &Request) -> Result<Requirement, EmitError> {
    read(&request.text)
}

fn read(text: &str) -> Result<Requirement, EmitError> {
    Requirement::parse_request(text).map_err(|error| EmitError::Inexpressible {
        what: text.to_owned(),
        format: FORMAT,
        reason: error.to_string(),
    })
}

fn inexpressible(resolution: &Resolution, reason: &str) -> EmitError {
    EmitError::Inexpressible {
        what: what(resolution),
        format: FORMAT,
        reason: reason.to_owned(),
    }
}

fn what(resolution: &Resolution) -> String {
    resolution.bundle.as_ref().map_or_else(
        || "your request".to_owned(),
        |name| format!("bundle {}", ayon_model::printable(name)),
    )
}

fn refused(resolution: &Resolution, lacks: Vec<Lack>, explanation: String) -> ResolveError {
    ResolveError::Refused(Box::new(Refusal {
        what: what(resolution),
        answer: "rez context",
        target: resolution.target.clone(),
        lacks,
        explanation,
        demands: Vec::new(),
        account: Vec::new(),
    }))
}

fn unreadable(error: RepositoryError) -> ResolveError {
    source("a rez repository", error)
}

fn source(what: &str, error: impl std::error::Error + Send + Sync + 'static) -> ResolveError {
    ResolveError::Source {
        what: what.to_owned(),
        source: Box::new(error),
    }
}
