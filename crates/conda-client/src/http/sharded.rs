//! Channels that answer name by name ([CEP 16]): an index of names, and a shard for each.
//!
//! Rattler's gateway fetches both, keeps them, and checks each shard against the index. It is asked with *bare names*:
//! asked with specs it leaves out records that do not match, and a name whose records were all left out no longer hides
//! those of later channels (rattler issue 1928). A solve walks names one by one, so the first question for a name fetches
//! all that it can lead to as well, a level of dependencies at a time, from all subdirectories of these channels.
//!
//! [CEP 16]: https://conda.org/learn/ceps/cep-0016

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use conda::{Channel, PackageName, Platform, Record, Records, RecordsError};
use rattler_conda_types::{
    Channel as RattlerChannel, PackageName as RattlerName, RepoDataRecord, Subdir,
};
use rattler_repodata_gateway::{
    ChannelRelationsMode, DownloadReporter, Gateway, GatewayError, Reporter,
};
use tempfile::TempDir;
use tokio::task::JoinSet;
use url::Url;

use super::engine::Engine;
use super::fault::Fault;
use super::fetch::Meter;
use crate::error::ClientError;

/// All subdirectories that answer name by name, of all channels of a client.
pub(crate) struct Catalogue {
    engine: Arc<Engine>,
    meter: Arc<Meter>,
    subdirs: Mutex<Vec<Arc<Shards>>>,
    /// Where shards are put, if that is to be gone afterwards.
    folders: Mutex<Vec<Arc<TempDir>>>,
}

/// One subdirectory that answers name by name.
pub(crate) struct Shards {
    channel: Channel,
    platform: Platform,
    source: RattlerChannel,
    subdir: Subdir,
    gateway: Gateway,
    /// Asked instead where what is kept turns out to be damaged: one that keeps, and trusts nothing that was kept.
    anew: Gateway,
    is_introduced: bool,
    names: BTreeSet<PackageName>,
    /// What was fetched so far.
    known: Mutex<BTreeMap<PackageName, Vec<Record>>>,
}

/// The same as a solve reads it.
pub(crate) struct ShardedRecords {
    shards: Arc<Shards>,
    catalogue: Arc<Catalogue>,
}

type Fetched = Vec<(PackageName, Vec<Record>)>;

impl Shards {
    /// Reads the index of a subdirectory. None if there is none after all.
    pub(crate) async fn open(
        channel: &Channel,
        platform: Platform,
        (gateway, anew): (Gateway, Gateway),
        is_introduced: bool,
    ) -> Result<Self, Fault> {
        let other = |what: &str| Fault::Other(what.to_owned());
        let url =
            Url::parse(channel.url()).map_err(|_| other("this is no address that can be asked"))?;
        let subdir: Subdir = platform
            .as_str()
            .parse()
            .map_err(|_| other("this is no platform"))?;
        let source = RattlerChannel::from_url(url);
        let names = |gateway: &Gateway| {
            let query = gateway.names([source.clone()], [subdir]);
            query
                .channel_relations(ChannelRelationsMode::Disabled)
                .execute()
        };
        let found = match names(&gateway).await {
            Err(error) if is_damage(&error) => names(&anew).await,
            found => found,
        };
        let found = found.map_err(|error| Fault::of_gateway(&error, is_introduced))?;
        let names = found
            .names
            .iter()
            .filter_map(|name| name.as_normalized().parse().ok());
        Ok(Self {
            channel: channel.clone(),
            platform,
            names: names.collect(),
            source,
            subdir,
            gateway,
            anew,
            is_introduced,
            known: Mutex::default(),
        })
    }

    /// Those of some names that it has, and that were not fetched yet.
    fn missing(&self, names: &BTreeSet<PackageName>) -> Vec<PackageName> {
        let known = self.known();
        let missing = names
            .iter()
            .filter(|name| self.names.contains(*name) && !known.contains_key(*name));
        missing.cloned().collect()
    }

    /// All records of some names.
    async fn fetch(
        &self,
        names: Vec<PackageName>,
        meter: Arc<Meter>,
    ) -> Result<Fetched, GatewayError> {
        let query = |gateway: &Gateway| {
            let bare = names
                .iter()
                .filter_map(|name| RattlerName::try_from(name.as_str()).ok());
            gateway
                .query([self.source.clone()], [self.subdir], bare)
                .recursive(false)
                .channel_relations(ChannelRelationsMode::Disabled)
                .with_reporter(Told(Arc::clone(&meter)))
                .execute()
        };
        let found = match query(&self.gateway).await {
            Err(error) if is_damage(&error) => query(&self.anew).await?,
            found => found?,
        };
        let mut fetched: BTreeMap<PackageName, Vec<Record>> =
            names.into_iter().map(|name| (name, Vec::new())).collect();
        for inner in found.iter().flat_map(|repodata| repodata.iter()) {
            let record = Record::from_rattler(RepoDataRecord::clone(inner), &self.channel);
            fetched.entry(record.name()).or_default().push(record);
        }
        Ok(fetched.into_iter().collect())
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<PackageName, Vec<Record>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether something that is kept, or that came, is not what it should be.
fn is_damage(error: &GatewayError) -> bool {
    matches!(Fault::of_gateway(error, false), Fault::Broken(_))
}

impl Catalogue {
    pub(crate) fn new(engine: Arc<Engine>, meter: Arc<Meter>) -> Self {
        Self {
            engine,
            meter,
            subdirs: Mutex::default(),
            folders: Mutex::default(),
        }
    }

    /// Has a folder stay as long as somebody reads.
    pub(crate) fn keep(&self, folder: Arc<TempDir>) {
        self.folders
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(folder);
    }

    /// Takes a subdirectory in, and gives it as a solve reads it.
    pub(crate) fn add(self: &Arc<Self>, shards: Shards) -> ShardedRecords {
        let shards = Arc::new(shards);
        let mut subdirs = self.subdirs.lock().unwrap_or_else(PoisonError::into_inner);
        // One that is opened again is asked through its newer index.
        subdirs
            .retain(|known| known.channel != shards.channel || known.platform != shards.platform);
        subdirs.push(Arc::clone(&shards));
        drop(subdirs);
        ShardedRecords {
            shards,
            catalogue: Arc::clone(self),
        }
    }

    /// Fetches some names and all that they can lead to.
    pub(crate) fn fetch(&self, names: BTreeSet<PackageName>) -> Result<(), ClientError> {
        let subdirs = self
            .subdirs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let meter = Arc::clone(&self.meter);
        self.engine.run(async move {
            let mut level = names;
            let mut seen = level.clone();
            while !level.is_empty() {
                let mut next = BTreeSet::new();
                for record in fetch_level(&subdirs, &level, &meter).await? {
                    for needed in record.depends() {
                        let name = RattlerName::normalized_name_from_matchspec_str(needed);
                        next.extend(name.parse::<PackageName>());
                    }
                }
                level = next
                    .into_iter()
                    .filter(|name| seen.insert(name.clone()))
                    .collect();
            }
            Ok(())
        })?
    }
}

/// Fetches some names from all subdirectories at once, and gives all their records.
async fn fetch_level(
    subdirs: &[Arc<Shards>],
    names: &BTreeSet<PackageName>,
    meter: &Arc<Meter>,
) -> Result<Vec<Record>, ClientError> {
    let mut tasks = JoinSet::new();
    for (index, shards) in subdirs.iter().enumerate() {
        let missing = shards.missing(names);
        if !missing.is_empty() {
            let (shards, meter) = (Arc::clone(shards), Arc::clone(meter));
            tasks.spawn(async move { (index, shards.fetch(missing, meter).await) });
        }
    }
    // The first subdirectory that fails is the one that is told, whichever failed first.
    let mut failed: Option<(usize, Fault)> = None;
    while let Some(done) = tasks.join_next().await {
        let (index, fetched) =
            done.map_err(|_| ClientError::Thread("a question for shards ended".to_owned()))?;
        let shards = &subdirs[index];
        match fetched {
            Ok(fetched) => shards.known().extend(fetched),
            Err(error) if failed.as_ref().is_none_or(|(first, _)| index < *first) => {
                failed = Some((index, Fault::of_gateway(&error, shards.is_introduced)));
            }
            Err(_) => {}
        }
    }
    if let Some((index, fault)) = failed {
        return Err(ClientError::Fetch {
            channel: subdirs[index].channel.clone(),
            platform: subdirs[index].platform,
            fault,
        });
    }
    let mut records = Vec::new();
    for shards in subdirs {
        let known = shards.known();
        records.extend(
            names
                .iter()
                .filter_map(|name| known.get(name))
                .flatten()
                .cloned(),
        );
    }
    Ok(records)
}

impl Records for ShardedRecords {
    fn channel(&self) -> &Channel {
        &self.shards.channel
    }

    fn platform(&self) -> Platform {
        self.shards.platform
    }

    fn has(&self, name: &PackageName) -> bool {
        self.shards.names.contains(name)
    }

    fn of(&self, name: &PackageName) -> Result<Vec<Record>, RecordsError> {
        if !self.shards.names.contains(name) {
            return Ok(Vec::new());
        }
        let known = || self.shards.known().get(name).cloned();
        if let Some(records) = known() {
            return Ok(records);
        }
        let fetched = self.catalogue.fetch(BTreeSet::from([name.clone()]));
        fetched.map_err(|error| self.error(name, error))?;
        Ok(known().unwrap_or_default())
    }

    fn names(&self) -> Vec<PackageName> {
        self.shards.names.iter().cloned().collect()
    }
}

impl ShardedRecords {
    fn error(&self, name: &PackageName, error: ClientError) -> RecordsError {
        let (channel, platform, reason) = match error {
            ClientError::Fetch {
                channel,
                platform,
                fault,
            } => (channel, platform, fault.to_string()),
            error => (
                self.shards.channel.clone(),
                self.shards.platform,
                error.to_string(),
            ),
        };
        RecordsError {
            channel,
            platform,
            reason: format!(
                "its records of {name}, or of what that needs, cannot be fetched: {reason}"
            ),
            source: None,
        }
    }
}

/// The meter, as the gateway takes it.
struct Told(Arc<Meter>);

impl Reporter for Told {
    fn download_reporter(&self) -> Option<&dyn DownloadReporter> {
        self.0.download_reporter()
    }
}
