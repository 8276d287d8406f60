//! Learning the relations of releases by letting the server judge made-up bundles (reference `ayon.md` §8).
//!
//! Per release: once alone, which shows what it requires; then among all other names at the lowest and at the highest
//! versions, which breaks every range and shows it. Where the server fails (500) over a range it cannot evaluate, the
//! names are halved until the culprits are found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ayon_model::{Knowledge, Relations};
use indexmap::IndexMap;
use reqwest::Method;
use tokio::task::JoinSet;

use super::client::Client;
use super::reading::{Sayings, required};
use super::{Release, errors};
use crate::wire::{Check, CheckAnswer, Issue, from_json};
use crate::{ServerFault, SourceError};

/// Requests under way at once.
const AT_ONCE: usize = 16;
/// Requests spent on one release, at most, to find what makes the server fail.
const SEARCH_LIMIT: usize = 64;
/// Below every version that anybody writes.
const LOWEST: &str = "0.0.0-0";
/// Above every version that anybody writes.
const HIGHEST: &str = "9999999.0.0";

/// What was learnt about a release.
#[derive(Clone, Debug)]
pub(super) struct Learnt {
    pub(super) relations: Knowledge,
    /// Field of the package file, and what is wrong with it.
    pub(super) problems: Vec<(String, String)>,
}

impl Learnt {
    pub(super) fn known(relations: Relations) -> Self {
        Self {
            relations: Knowledge::Known(Box::new(relations)),
            problems: Vec::new(),
        }
    }

    pub(super) fn unknown(why: &str) -> Self {
        Self {
            relations: Knowledge::Unknown(why.into()),
            problems: Vec::new(),
        }
    }

    fn problem(mut self, field: &str, message: impl Into<String>) -> Self {
        self.problems.push((field.to_owned(), message.into()));
        self
    }
}

/// Learns about all of `releases`, many at a time. Names that turn up as required are added to `names`, and every
/// release is asked about them as well. `tell` is called with the number of releases that are done.
///
/// # Errors
/// The first request that fails for another reason than the release it is about; the others are dropped.
pub(super) async fn learn(
    client: &Arc<Client>,
    releases: &[Release],
    names: &mut BTreeSet<String>,
    tell: &(dyn Fn(usize) + Send + Sync),
) -> Result<BTreeMap<Release, Learnt>, SourceError> {
    let mut learnt = BTreeMap::new();
    let alone = side_by_side(
        releases,
        |release| Probe::new(client, release).alone(),
        &|_| (),
    )
    .await?;
    let mut rest = BTreeMap::new();
    for (release, alone) in alone {
        match alone {
            Alone::Learnt(known) => drop(learnt.insert(release, known)),
            Alone::Requires(required) => {
                names.extend(required.iter().cloned());
                rest.insert(release, required);
            }
        }
    }
    let names: Arc<[String]> = names.iter().cloned().collect();
    let done = learnt.len();
    let releases: Vec<Release> = rest.keys().cloned().collect();
    let extremes = |release: Release| {
        let required = rest.get(&release).cloned().unwrap_or_default();
        Probe::new(client, release).among(Arc::clone(&names), required)
    };
    learnt.extend(side_by_side(&releases, extremes, &|more| tell(done + more)).await?);
    Ok(learnt)
}

/// Does something for every release, a bounded number at a time. Ends with the first error, and then all at once.
async fn side_by_side<T, Work>(
    releases: &[Release],
    work: impl Fn(Release) -> Work,
    tell: &(dyn Fn(usize) + Send + Sync),
) -> Result<BTreeMap<Release, T>, SourceError>
where
    T: Send + 'static,
    Work: Future<Output = Result<T, SourceError>> + Send + 'static,
{
    let mut results = BTreeMap::new();
    let mut waiting = releases.iter();
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < AT_ONCE {
            let Some(release) = waiting.next().cloned() else {
                break;
            };
            let future = work(release.clone());
            tasks.spawn(async move { future.await.map(|result| (release, result)) });
        }
        match tasks.join_next().await {
            None => return Ok(results),
            // A task ends early only with the whole set, and then nobody is here to see it.
            Some(Err(_)) => {}
            Some(Ok(result)) => {
                let (release, result) = result?;
                results.insert(release, result);
                tell(results.len());
            }
        }
    }
}

/// What a release says alone.
enum Alone {
    /// It requires these; more can be learnt.
    Requires(BTreeSet<String>),
    /// Nothing more can be learnt.
    Learnt(Learnt),
}

/// The server's answer about the release.
enum Answer {
    Issues(Vec<Issue>),
    /// 500: there is something it cannot evaluate.
    Failed,
}

/// The judgement of one release.
struct Probe {
    client: Arc<Client>,
    name: String,
    version: String,
}

impl Probe {
    fn new(client: &Arc<Client>, (name, version): Release) -> Self {
        Self {
            client: Arc::clone(client),
            name: name.as_str().to_owned(),
            version: version.to_string(),
        }
    }

    async fn alone(self) -> Result<Alone, SourceError> {
        let issues = match self.ask(&[], LOWEST, Some(LOWEST)).await? {
            Answer::Issues(issues) => issues,
            Answer::Failed => return self.failed_alone().await.map(Alone::Learnt),
        };
        if issues
            .iter()
            .any(|issue| issue.message == format!("{} {} is not active", self.name, self.version))
        {
            let why = "the server does not have this release active";
            return Ok(Alone::Learnt(Learnt::unknown(why)));
        }
        Ok(Alone::Requires(
            issues
                .iter()
                .filter_map(required)
                .map(str::to_owned)
                .collect(),
        ))
    }

    /// The server fails over the release alone: its server or its launcher range cannot be evaluated. Without a
    /// launcher the latter is not, which tells them apart.
    async fn failed_alone(&self) -> Result<Learnt, SourceError> {
        // Perhaps it fails over everything; then this is no fact about the release.
        self.judge(IndexMap::new(), None).await?;
        let field = match self.ask(&[], LOWEST, None).await? {
            Answer::Issues(_) => "ayon_launcher_version",
            Answer::Failed => "ayon_server_version",
        };
        let why = format!(
            "the server fails (500) on bundles with {} {}: it cannot evaluate its {field}",
            self.name, self.version
        );
        Ok(Learnt::unknown(&why).problem(field, why))
    }

    async fn among(
        self,
        names: Arc<[String]>,
        required: BTreeSet<String>,
    ) -> Result<Learnt, SourceError> {
        let others: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|other| *other != self.name)
            .collect();
        let mut sayings = Sayings {
            required,
            ..Sayings::default()
        };
        let mut problems = Vec::new();
        for extreme in [LOWEST, HIGHEST] {
            if !self
                .extreme(&others, extreme, &mut sayings, &mut problems)
                .await?
            {
                let why = format!(
                    "the server fails (500) on so many bundles with {} {} that its relations cannot be told",
                    self.name, self.version
                );
                return Ok(Learnt::unknown(&why).problem("", why));
            }
        }
        let mut learnt = Learnt::known(sayings.relations());
        learnt.problems = problems;
        for culprit in &sayings.culprits {
            let message = format!(
                "the server fails (500) on bundles with {} {} and {culprit}: it cannot evaluate the range that the one has for the other",
                self.name, self.version
            );
            learnt = learnt.problem("", message);
        }
        Ok(learnt)
    }

    /// Asks about all others at one extreme. `false`: the search for what makes the server fail takes too long.
    async fn extreme(
        &self,
        others: &[&str],
        extreme: &str,
        sayings: &mut Sayings,
        problems: &mut Vec<(String, String)>,
    ) -> Result<bool, SourceError> {
        let mut launcher = extreme;
        let mut sets = vec![others];
        let mut search = 0;
        while let Some(set) = sets.pop() {
            match self.ask(set, extreme, Some(launcher)).await? {
                Answer::Issues(issues) => sayings.issues.extend(issues),
                Answer::Failed
                    if search == 0
                        && extreme != LOWEST
                        && self.fails_with_launcher(extreme).await? =>
                {
                    let message = format!(
                        "the server fails (500) over {} {} with newer launchers: it cannot evaluate the end of its launcher range",
                        self.name, self.version
                    );
                    problems.push(("ayon_launcher_version".to_owned(), message));
                    launcher = LOWEST;
                    sets.push(set);
                }
                Answer::Failed => match set {
                    [] => {}
                    [culprit] => {
                        if !sayings.culprits.iter().any(|known| known == culprit) {
                            sayings.culprits.push((*culprit).to_owned());
                        }
                    }
                    // The first half is asked first: issues stay in the server's order.
                    _ => {
                        let (first, second) = set.split_at(set.len() / 2);
                        sets.extend([second, first]);
                    }
                },
            }
            search += 1;
            if search > SEARCH_LIMIT {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn fails_with_launcher(&self, launcher: &str) -> Result<bool, SourceError> {
        Ok(matches!(
            self.ask(&[], LOWEST, Some(launcher)).await?,
            Answer::Failed
        ))
    }

    /// The issues about the release when `others` are at one version. The others' own versions do not exist, so that
    /// the server has nothing to say of them but that.
    async fn ask(
        &self,
        others: &[&str],
        version: &str,
        launcher: Option<&str>,
    ) -> Result<Answer, SourceError> {
        let mut addons: IndexMap<String, Option<String>> = others
            .iter()
            .map(|other| ((*other).to_owned(), Some(version.to_owned())))
            .collect();
        addons.insert(self.name.clone(), Some(self.version.clone()));
        match self.judge(addons, launcher).await {
            Ok(mut issues) => {
                issues.retain(|issue| issue.addon.as_deref() == Some(&self.name));
                Ok(Answer::Issues(issues))
            }
            Err(SourceError::Server {
                fault: ServerFault::Failed { status: 500, .. },
                ..
            }) => Ok(Answer::Failed),
            Err(error) => Err(error),
        }
    }

    async fn judge(
        &self,
        addons: IndexMap<String, Option<String>>,
        launcher: Option<&str>,
    ) -> Result<Vec<Issue>, SourceError> {
        const PATH: [&str; 3] = ["api", "bundles", "check"];
        let check = Check {
            name: "probe".to_owned(),
            addons,
            installer_version: launcher.map(str::to_owned),
        };
        let misshapen = |bytes: &[u8], misshapen| {
            self.client
                .error(&Method::POST, &PATH, errors::of_document(bytes, misshapen))
        };
        let body = serde_json::to_vec(&check).map_err(|error| {
            self.client
                .error(&Method::POST, &PATH, ServerFault::Other(error.to_string()))
        })?;
        let bytes = self.client.post(&PATH, &body).await?;
        let answer: CheckAnswer = from_json(&bytes).map_err(|error| misshapen(&bytes, error))?;
        Ok(answer.issues)
    }
}
