//! A resolve from the words of a request to a context.
//!
//! The index of a repository cannot see that a file was edited in place. So the files of what was chosen are looked at
//! once more; where one is not what it was, its family is read anew and everything is solved again.

use rez::context::Context;
use rez::explain::{explain, hints};
use rez::filter::{PackageFilterList, Rule};
use rez::orderer::PackageOrderList;
use rez::requirement::Requirement;
use rez::solver::{self, Control, Outcome, Pool, VariantSelectMode, solve};

use super::answer::Answer;
use super::error::Error;
use super::site::Site;

/// What a context made here names as the rez that made it: the version whose answers these are, with ours behind it.
const REZ_VERSION: &str = concat!("3.4.0+ayon.resolve.", env!("CARGO_PKG_VERSION"));

/// How often packages may change while they are read before this gives up.
const ATTEMPTS: usize = 3;

/// How a resolve may differ from what a site's settings say.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct Wishes {
    /// Whether it is a build environment.
    pub building: bool,
    /// Packages released later, in seconds since 1970, do not count.
    pub timestamp: Option<i64>,
    /// How many failed attempts are one too many.
    pub max_fails: Option<u64>,
    /// Rules that exclude packages, in rez's words.
    pub exclude: Vec<String>,
    /// Rules that include packages again.
    pub include: Vec<String>,
    /// Leaves out the site's filters.
    pub without_filters: bool,
    /// Leaves out the implicit packages.
    pub without_implicit: bool,
    /// How a variant is chosen, if not as the site does.
    pub variant_select_mode: Option<VariantSelectMode>,
    /// Keeps the context from using rez's package cache.
    pub without_package_cache: bool,
    /// Whether that cache is filled in the background, if not as the site does.
    pub package_cache_async: Option<bool>,
}

/// A question in full: what a solver needs, and what a context keeps of it.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What is solved.
    pub solve: solver::Ask,
    /// Whether the context may use rez's package cache.
    pub package_caching: bool,
    /// Whether that cache is filled in the background.
    pub package_cache_async: bool,
}

impl Ask {
    /// All filters, with the time that was asked for as rez adds it to them.
    pub fn whole_filter(&self) -> PackageFilterList {
        let filter = self.solve.filter.clone();
        filter.with_timestamp(self.solve.timestamp.unwrap_or(0))
    }
}

impl Site {
    /// The question that `requests` are here.
    ///
    /// # Errors
    /// Where a rule, or a setting of the site, makes no sense.
    pub fn ask(&self, requests: Vec<Requirement>, wishes: &Wishes) -> Result<Ask, Error> {
        let config = self.config();
        let filter = if wishes.without_filters {
            PackageFilterList::default()
        } else {
            PackageFilterList::from_pod(&config.package_filter)
                .map_err(rule("`package_filter` of rez's settings"))?
        };
        let mut filter = filter;
        for text in &wishes.exclude {
            filter.add_exclusion(Rule::parse(text).map_err(rule("an exclusion"))?);
        }
        for text in &wishes.include {
            filter.add_inclusion(&Rule::parse(text).map_err(rule("an inclusion"))?);
        }
        let implicit = config.implicit_packages.iter();
        let implicit = implicit
            .filter(|_| !wishes.without_implicit)
            .map(|text| Requirement::parse_request(text).map_err(Error::Implicit));
        Ok(Ask {
            solve: solver::Ask {
                requests,
                implicit: implicit.collect::<Result<_, _>>()?,
                variant_select_mode: wishes
                    .variant_select_mode
                    .unwrap_or(config.variant_select_mode),
                building: wishes.building,
                tolerate_missing_families: !config.error_on_missing_variant_requires,
                max_fails: wishes.max_fails,
                filter,
                orderers: PackageOrderList::from_pod(&config.package_orderers)
                    .map_err(rule("`package_orderers` of rez's settings"))?,
                timestamp: wishes.timestamp,
            },
            package_caching: !wishes.without_package_cache,
            package_cache_async: wishes
                .package_cache_async
                .unwrap_or(config.package_cache_async),
        })
    }

    /// The question that a context answers, asked here again.
    ///
    /// # Errors
    /// Where a filter or an orderer in it makes no sense.
    pub fn ask_again(&self, context: &Context) -> Result<Ask, Error> {
        let config = self.config();
        Ok(Ask {
            solve: solver::Ask {
                requests: context.requests.clone(),
                implicit: context.implicit.clone(),
                variant_select_mode: config.variant_select_mode,
                building: context.building,
                tolerate_missing_families: !config.error_on_missing_variant_requires,
                max_fails: None,
                filter: PackageFilterList::from_pod(&context.package_filter)
                    .map_err(rule("the context's package filter"))?,
                orderers: PackageOrderList::from_pod(&context.package_orderers)
                    .map_err(rule("the context's package orderers"))?,
                timestamp: context.requested_timestamp.filter(|time| *time != 0),
            },
            package_caching: context.package_caching,
            package_cache_async: context.package_cache_async,
        })
    }

    /// Resolves. `control` hears how far it is, and may stop it.
    ///
    /// # Errors
    /// Where there is no answer, or rez would give up at once; see [`Error::is_no`].
    pub fn resolve(&self, ask: &Ask, control: &mut Control<'_>) -> Result<Answer, Error> {
        let (outcome, mut pool) = self.solve(&ask.solve, control)?;
        let locations: Vec<_> = self
            .shared_repositories()
            .iter()
            .map(|repository| repository.location())
            .collect();
        let mut answer = Answer::new(outcome, &locations, self.context(ask));
        if let Outcome::Failed(failure) = &answer.outcome {
            let explanation = explain(&mut pool, &ask.solve, failure)?;
            answer.hints = hints(&mut pool, &ask.solve, &explanation);
            answer.explanation = Some(explanation);
        }
        Ok(answer)
    }

    /// What the solver says, and what it has learnt by then.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve).
    pub(super) fn solve(
        &self,
        ask: &solver::Ask,
        control: &mut Control<'_>,
    ) -> Result<(Outcome, Pool), Error> {
        self.tell_python(ask);
        let mut changed = Vec::new();
        for _ in 0..ATTEMPTS {
            let requests = ask.requests.iter().chain(&ask.implicit);
            let names: Vec<&str> = requests
                .filter(|request| !request.is_conflict() && !request.is_ephemeral())
                .map(Requirement::name)
                .collect();
            for repository in self.repositories() {
                repository.read_reachable(names.iter().copied());
            }
            let mut pool = Pool::new(self.shared_repositories().to_vec());
            let outcome = solve(&mut pool, ask, control)?;
            changed = self.changed(&outcome)?;
            if changed.is_empty() {
                return Ok((outcome, pool));
            }
        }
        Err(Error::Changing { families: changed })
    }

    /// The families of which a chosen package is no longer what was read.
    fn changed(&self, outcome: &Outcome) -> Result<Vec<String>, Error> {
        let Outcome::Solved(resolve) = outcome else {
            return Ok(Vec::new());
        };
        let mut changed = Vec::new();
        for (position, repository) in self.repositories().iter().enumerate() {
            let chosen = resolve.packages.iter();
            let chosen = chosen
                .filter(|package| package.repository == position)
                .map(|package| (&*package.name, &package.version));
            let names = repository.verify(chosen)?;
            changed.extend(names.iter().map(ToString::to_string));
        }
        Ok(changed)
    }

    /// A context that says what is asked, and where.
    pub(super) fn context(&self, ask: &Ask) -> Context {
        let now = self.now();
        let system = self.system();
        let machine = self.machine();
        let timestamp = ask.solve.timestamp;
        Context {
            requests: ask.solve.requests.clone(),
            implicit: ask.solve.implicit.clone(),
            package_paths: self.paths().to_vec(),
            package_filter: ask.solve.filter.to_pod(),
            package_orderers: ask.solve.orderers.to_pod(),
            requested_timestamp: timestamp,
            timestamp: timestamp.unwrap_or(now),
            building: ask.solve.building,
            package_caching: ask.package_caching,
            package_cache_async: ask.package_cache_async,
            rez_version: Some(REZ_VERSION.to_owned()),
            rez_path: Some(String::new()),
            user: machine.user.clone(),
            host: machine.host.clone(),
            platform: Some(system.platform.clone()),
            arch: Some(system.arch.clone()),
            os: Some(system.os.clone()),
            created: now,
            ..Context::default()
        }
    }
}

/// What is wrong with a rule, and where it stands.
fn rule<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> Error {
    move |error| Error::Rule {
        what,
        message: error.to_string(),
    }
}
