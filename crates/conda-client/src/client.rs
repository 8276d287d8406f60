//! Channels as the solve reads them.
//!
//! A warm run is measured in milliseconds, so what is at hand is opened on the caller's own thread and nothing is started
//! for it. Only what is not in the cache, or no longer fresh, starts the threads that fetch ([`crate::http`]).

use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

#[cfg(feature = "http")]
use conda::Repodata;
use conda::{Channel, MemoryRecords, PackageName, PackedRecords, Platform, RecordCache, Records};

use crate::error::ClientError;
use crate::local::{self, Found};
use crate::options::Options;
#[cfg(feature = "http")]
use crate::{
    http::remote::{Answer, Outcome, Remote, Wanted},
    http::sharded::Catalogue,
    remembered::{Form, Remembered},
};

/// The schema of what is remembered of subdirectories.
#[cfg(feature = "http")]
const SCHEMA: u32 = 1;

/// Opens channels, from a cache and from outside.
///
/// Dropping a client drops every request that is in flight, and keeps what was learnt.
pub struct Client {
    opener: Arc<Opener>,
    /// Started by the first question that is not answered at hand.
    #[cfg(feature = "http")]
    remote: Mutex<Option<Arc<Remote>>>,
}

/// Opens what is on this machine.
struct Opener {
    options: Options,
    records: RecordCache,
    counts: Mutex<Statistics>,
    #[cfg(feature = "http")]
    subdirs: ayon_disk::Cache,
}

/// One subdirectory of a channel, opened.
#[derive(Clone)]
pub struct Subdir {
    /// What it has: nothing, if it is not there.
    pub records: Arc<dyn Records>,
    /// What tells its content from any other, of this or another time; none where nothing does.
    pub state: Option<String>,
    /// Whether the channel has it.
    pub is_there: bool,
}

impl Subdir {
    /// One that is there.
    fn of(records: PackedRecords, state: Option<String>) -> Self {
        Self {
            records: Arc::new(records),
            state,
            is_there: true,
        }
    }
}

/// A subdirectory in a folder.
enum Local {
    Open(Subdir),
    /// It was not read in this state before.
    Unread(Found),
}

/// A subdirectory by the places of its channel and its platform in a question.
type Place = (usize, usize);

/// What a client did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Requests, repetitions included and redirects not.
    pub requests: u64,
    /// Bytes of answers, as they came.
    pub bytes: u64,
    /// Subdirectories that were at hand.
    pub kept: u64,
    /// Subdirectories that somebody was asked for.
    pub asked: u64,
}

impl Client {
    /// Makes ready. Nothing is read and nobody is asked yet.
    pub fn new(options: Options) -> Self {
        let records = options
            .cache
            .as_deref()
            .map_or_else(RecordCache::disabled, RecordCache::new);
        #[cfg(feature = "http")]
        let subdirs = match options.cache.as_deref() {
            Some(folder) => ayon_disk::Cache::new(folder, "conda-subdirs", SCHEMA),
            None => ayon_disk::Cache::disabled(),
        };
        let opener = Opener {
            options,
            records,
            counts: Mutex::default(),
            #[cfg(feature = "http")]
            subdirs,
        };
        Self {
            opener: Arc::new(opener),
            #[cfg(feature = "http")]
            remote: Mutex::default(),
        }
    }

    /// Opens some subdirectories of some channels: for each channel, in the order given, those of `platforms`, in the order
    /// given. What must be asked for is asked for at once.
    ///
    /// A subdirectory that the channel does not have is empty, save `noarch`, which every channel has.
    ///
    /// # Errors
    /// [`ClientError`], of the first that cannot be opened.
    pub fn open(
        &self,
        channels: &[Channel],
        platforms: &[Platform],
    ) -> Result<Vec<Vec<Subdir>>, ClientError> {
        let mut opened: Vec<Vec<Option<Subdir>>> = Vec::new();
        let mut folders = Vec::new();
        #[cfg(feature = "http")]
        let mut wanted = Vec::new();
        for channel in channels {
            let mut subdirs = Vec::new();
            for &platform in platforms {
                if (self.opener.options.stop)() {
                    return Err(ClientError::Stopped);
                }
                let place = (opened.len(), subdirs.len());
                if let Some(folder) = self.opener.folder(channel) {
                    folders.push((place, channel, platform, folder));
                    subdirs.push(None);
                    continue;
                }
                #[cfg(not(feature = "http"))]
                return Err(ClientError::NoHttp {
                    channel: channel.clone(),
                });
                #[cfg(feature = "http")]
                {
                    let at_hand = self.opener.at_hand(channel, platform);
                    if at_hand.is_none() {
                        let mut subdir = Wanted::new(place, channel, platform)?;
                        subdir.is_whole = self.opener.patches(channel, platform).is_some();
                        subdir.is_sharded = self.opener.is_sharded(channel, platform);
                        wanted.push(subdir);
                    }
                    subdirs.push(at_hand);
                }
            }
            opened.push(subdirs);
        }
        for ((row, column), subdir) in self.opener.folders(folders)? {
            opened[row][column] = Some(subdir);
        }
        #[cfg(feature = "http")]
        self.ask(wanted, &mut opened)?;
        let whole = opened
            .into_iter()
            .map(|subdirs| subdirs.into_iter().flatten().collect());
        Ok(whole.collect())
    }

    /// Whether a channel is in a folder of this machine, so that nobody is asked for it.
    pub fn is_local(&self, channel: &Channel) -> bool {
        self.opener.folder(channel).is_some()
    }

    /// Fetches what these names can lead to, from channels that answer name by name and were opened before: many questions
    /// at once, which a solve would ask one behind the other. Nothing happens where there is no such channel.
    ///
    /// # Errors
    /// [`ClientError`], of the first that fails.
    pub fn prefetch(&self, names: &[PackageName]) -> Result<(), ClientError> {
        #[cfg(feature = "http")]
        {
            let remote = self.remote().as_ref().map(Arc::clone);
            if let Some(remote) = remote {
                remote.catalogue().fetch(names.iter().cloned().collect())?;
            }
        }
        #[cfg(not(feature = "http"))]
        let _ = names;
        Ok(())
    }

    /// What a person may want to know: what is wrong with the cache. Each is told once.
    pub fn warnings(&self) -> Vec<String> {
        let warnings = self.opener.records.take_warnings();
        #[cfg(feature = "http")]
        let warnings = warnings
            .into_iter()
            .chain(self.opener.subdirs.take_warnings());
        let mut warnings: Vec<String> = warnings
            .into_iter()
            .map(|warning| warning.to_string())
            .collect();
        #[cfg(feature = "http")]
        if let Some(remote) = self.remote().as_ref() {
            warnings.extend(remote.take_warnings());
        }
        // One folder that cannot be written is one thing to know, however many caches are in it.
        warnings.dedup();
        warnings
    }

    /// What was done so far.
    pub fn statistics(&self) -> Statistics {
        let counts = *self
            .opener
            .counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        #[cfg(feature = "http")]
        if let Some(remote) = self.remote().as_ref() {
            let (requests, bytes) = remote.counts();
            return Statistics {
                requests,
                bytes,
                ..counts
            };
        }
        counts
    }

    /// Asks for what is not at hand.
    #[cfg(feature = "http")]
    fn ask(
        &self,
        wanted: Vec<Wanted>,
        opened: &mut [Vec<Option<Subdir>>],
    ) -> Result<(), ClientError> {
        if wanted.is_empty() {
            return Ok(());
        }
        self.opener
            .count(|counts| counts.asked += wanted.len() as u64);
        let this_machine = Arc::clone(&self.opener);
        let settle = move |wanted: &Wanted, answer, catalogue: &Arc<Catalogue>| {
            this_machine.settle(wanted, answer, catalogue)
        };
        for ((row, column), subdir) in self.start()?.fetch(wanted, Arc::new(settle))? {
            opened[row][column] = Some(subdir);
        }
        Ok(())
    }

    #[cfg(feature = "http")]
    fn start(&self) -> Result<Arc<Remote>, ClientError> {
        let mut remote = self.remote();
        if let Some(remote) = remote.as_ref() {
            return Ok(Arc::clone(remote));
        }
        let started = Arc::new(Remote::start(&self.opener.options)?);
        Ok(Arc::clone(remote.insert(started)))
    }

    #[cfg(feature = "http")]
    fn remote(&self) -> std::sync::MutexGuard<'_, Option<Arc<Remote>>> {
        self.remote.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opener {
    /// The folder that a channel is read from, if nobody is asked for it.
    fn folder(&self, channel: &Channel) -> Option<PathBuf> {
        let mut copies = self.options.copies.iter();
        let copy = copies.find(|(copied, _)| copied == channel);
        copy.map(|(_, folder)| folder.clone())
            .or_else(|| channel.folder())
    }

    fn count(&self, change: impl FnOnce(&mut Statistics)) {
        change(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Opens subdirectories in folders. What was not read before is, as many at once as there are processors.
    fn folders(
        &self,
        wanted: Vec<(Place, &Channel, Platform, PathBuf)>,
    ) -> Result<Vec<(Place, Subdir)>, ClientError> {
        let mut opened = Vec::new();
        let mut unread = Vec::new();
        for (place, channel, platform, folder) in wanted {
            match self.local(channel, platform, &folder)? {
                Local::Open(subdir) => opened.push((place, subdir)),
                Local::Unread(found) => unread.push((place, channel, platform, found)),
            }
        }
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        for unread in unread.chunks(processors) {
            let read = |(_, channel, platform, found): &(_, &Channel, Platform, Found)| {
                self.read(channel, *platform, found)
            };
            let subdirs: Result<Vec<Subdir>, ClientError> = thread::scope(|scope| {
                let (first, others) = unread.split_at(1);
                let start = |one| thread::Builder::new().spawn_scoped(scope, move || read(one));
                let others: Vec<_> = others.iter().map(|one| (one, start(one))).collect();
                let first: Vec<_> = first.iter().map(read).collect();
                let others = others.into_iter().map(|(one, started)| match started {
                    Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                    // Where no thread can be had it is done here.
                    Err(_) => read(one),
                });
                first.into_iter().chain(others).collect()
            });
            opened.extend(unread.iter().map(|(place, ..)| *place).zip(subdirs?));
        }
        Ok(opened)
    }

    /// A subdirectory in a folder.
    fn local(
        &self,
        channel: &Channel,
        platform: Platform,
        folder: &Path,
    ) -> Result<Local, ClientError> {
        let disk = |source| ClientError::Disk {
            channel: channel.clone(),
            platform,
            source: Box::new(source),
        };
        let found = local::find(&folder.join(platform.as_str()), self.options.now).map_err(disk)?;
        let Some(found) = found else {
            return missing(channel, platform, &folder.display().to_string()).map(Local::Open);
        };
        let found = self.patched(channel, platform, found)?;
        Ok(match self.kept(channel, platform, &found) {
            Some(subdir) => Local::Open(subdir),
            None => Local::Unread(found),
        })
    }

    /// Opens a repodata, kept or packed now.
    #[cfg(feature = "http")]
    fn open(
        &self,
        channel: &Channel,
        platform: Platform,
        found: Found,
    ) -> Result<Subdir, ClientError> {
        let found = self.patched(channel, platform, found)?;
        match self.kept(channel, platform, &found) {
            Some(subdir) => Ok(subdir),
            None => self.read(channel, platform, &found),
        }
    }

    /// A repodata with the instructions that correct it.
    fn patched(
        &self,
        channel: &Channel,
        platform: Platform,
        found: Found,
    ) -> Result<Found, ClientError> {
        let Some(folder) = self.patches(channel, platform) else {
            return Ok(found);
        };
        let patched = local::patch(found, &folder, self.options.now);
        patched.map_err(|source| ClientError::Disk {
            channel: channel.clone(),
            platform,
            source: Box::new(source),
        })
    }

    /// What is kept of a repodata in its state.
    fn kept(&self, channel: &Channel, platform: Platform, found: &Found) -> Option<Subdir> {
        let state = found.state.as_ref()?;
        let kept = self
            .records
            .kept(channel, platform, state, &found.repodata)?;
        self.count(|counts| counts.kept += 1);
        Some(Subdir::of(kept, Some(state.clone())))
    }

    /// Reads a repodata, and keeps what it says if its state is known.
    fn read(
        &self,
        channel: &Channel,
        platform: Platform,
        found: &Found,
    ) -> Result<Subdir, ClientError> {
        let Found { repodata, state } = found;
        let records = match state {
            Some(state) => self.records.open(channel, platform, state, repodata)?,
            None => RecordCache::disabled().open(channel, platform, "", repodata)?,
        };
        Ok(Subdir::of(records, state.clone()))
    }

    /// The folder of the instructions that correct a subdirectory.
    fn patches(&self, channel: &Channel, platform: Platform) -> Option<PathBuf> {
        let mut patches = self.options.patches.iter();
        let (_, folder) = patches.find(|(patched, _)| patched == channel)?;
        Some(folder.join(platform.as_str()))
    }
}

#[cfg(feature = "http")]
impl Opener {
    /// What was last heard of a subdirectory, if it is fresh or nobody may be asked.
    fn known(&self, channel: &Channel, platform: Platform) -> Option<Remembered> {
        let known = Remembered::get(&self.subdirs, &channel.subdir_url(platform))?;
        let Options {
            offline,
            refresh,
            now,
            lifetime,
            ..
        } = self.options;
        let holds = offline || (!refresh && known.is_fresh(now, lifetime));
        holds.then_some(known)
    }

    /// Whether a subdirectory is known to answer name by name.
    fn is_sharded(&self, channel: &Channel, platform: Platform) -> bool {
        let known = self.known(channel, platform);
        known.is_some_and(|known| known.form == Form::Sharded)
    }

    /// A subdirectory of which is known what it is, and that is kept.
    fn at_hand(&self, channel: &Channel, platform: Platform) -> Option<Subdir> {
        let known = self.known(channel, platform)?;
        match known.form {
            Form::Missing => missing(channel, platform, channel.url()).ok(),
            Form::Sharded => None,
            Form::Whole => {
                let (state, path) = (known.state?, known.path?);
                let repodata = Repodata::new(path);
                // Only a kept one: whether the file still is the one that was meant is not known here.
                let found = Found {
                    repodata,
                    state: Some(state),
                };
                let found = match self.patches(channel, platform) {
                    Some(folder) => local::patch(found, &folder, self.options.now).ok()?,
                    None => found,
                };
                let state = found.state?;
                let records = self
                    .records
                    .kept(channel, platform, &state, &found.repodata)?;
                self.count(|counts| counts.kept += 1);
                Some(Subdir {
                    records: Arc::new(records),
                    state: Some(state),
                    is_there: true,
                })
            }
        }
    }

    /// Opens what came of asking, and remembers it. Called on a thread that fetches, as soon as there is an answer: what
    /// was fetched is locked until it is packed, and who waited for other answers with a lock could wait for ever.
    fn settle(
        &self,
        wanted: &Wanted,
        answer: Answer,
        catalogue: &Arc<Catalogue>,
    ) -> Result<Subdir, ClientError> {
        let (channel, platform) = (&wanted.channel, wanted.platform);
        let outcome = answer.map_err(|fault| ClientError::Fetch {
            channel: channel.clone(),
            platform,
            fault,
        })?;
        let (subdir, known) = match outcome {
            Outcome::Missing => {
                let known = Remembered::new(Form::Missing, self.options.now);
                (missing(channel, platform, channel.url())?, known)
            }
            Outcome::Sharded(shards, state) => {
                let mut known = Remembered::new(Form::Sharded, self.options.now);
                // Where nobody was asked, it is what it was.
                known.state = state.or_else(|| {
                    let before = Remembered::get(&self.subdirs, &channel.subdir_url(platform))?;
                    before.state.filter(|_| before.form == Form::Sharded)
                });
                let subdir = Subdir {
                    records: Arc::new(catalogue.add(*shards)),
                    state: known.state.clone(),
                    is_there: true,
                };
                (subdir, known)
            }
            Outcome::Whole(fetched) => {
                let mut known = Remembered::new(Form::Whole, self.options.now);
                known.keep_for(fetched.fresh_for());
                known.state = fetched.state();
                known.path = Some(fetched.path().to_owned());
                let repodata = Repodata::new(fetched.path());
                let state = fetched.state();
                (
                    self.open(channel, platform, Found { repodata, state })?,
                    known,
                )
            }
        };
        if !self.options.offline {
            known.put(&self.subdirs, &channel.subdir_url(platform));
        }
        Ok(subdir)
    }
}

/// A subdirectory that is not there. Every channel has `noarch`: where that is missing there is no channel (so it is for
/// conda and for rattler).
fn missing(channel: &Channel, platform: Platform, place: &str) -> Result<Subdir, ClientError> {
    if platform == Platform::NOARCH {
        return Err(ClientError::NoChannel {
            channel: channel.clone(),
            place: place.to_owned(),
        });
    }
    Ok(Subdir {
        records: Arc::new(MemoryRecords::new(channel.clone(), platform)),
        state: Some("missing".to_owned()),
        is_there: false,
    })
}
