//! The channels that the settings name, opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ayon_backend::Cancellation;
use ayon_backend_conda::{Channels, ChannelsError, OpenChannels};
use conda::{Answers, Channel, ChannelBase, Moment, Platform, Records};
use conda_client::{Bucket, Client, Credentials, Options, Proxies, Tally, Trust};

use super::unopened::Unopened;
use crate::program::Report;
use crate::program::printer::Printer;
use crate::program::settings::Settings;

/// Platforms that a package is often there for when it is not for another.
const USUAL: [Platform; 5] = [
    Platform::LINUX_64,
    Platform::LINUX_AARCH64,
    Platform::OSX_64,
    Platform::OSX_ARM64,
    Platform::WIN_64,
];

/// More than any file of credentials that a person keeps.
const CREDENTIALS_LIMIT: u64 = 1 << 20;

/// The channels, to be asked.
pub(crate) struct Asked {
    client: Arc<Client>,
    answers: Answers,
    channels: Vec<Channel>,
}

/// Progress as the library tells it, from what the client tells.
struct Tale(Arc<dyn ayon_backend::Progress>);

impl conda_client::Progress for Tale {
    fn fetched(&self, tally: Tally) {
        let Tally {
            subdirs,
            done,
            bytes,
        } = tally;
        let megabytes = format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000);
        let what = format!("asking channels: {done} of {subdirs}, {megabytes} MB");
        self.0.step(&what, 0, 0);
    }
}

impl Channels for Asked {
    fn open(&self, platform: Platform) -> Result<OpenChannels, ChannelsError> {
        let opened = self
            .client
            .open(&self.channels, &[platform, Platform::NOARCH])?;
        let records = |subdir: conda_client::Subdir| subdir.records;
        let channels = opened
            .into_iter()
            .map(|subdirs| subdirs.into_iter().map(records).collect());
        Ok(OpenChannels {
            channels: channels.collect(),
            elsewhere: self.elsewhere(platform),
        })
    }

    fn describe(&self) -> String {
        let names: Vec<String> = self.channels.iter().map(ToString::to_string).collect();
        let word = if names.len() == 1 {
            "channel"
        } else {
            "channels"
        };
        format!("the {word} {}", names.join(", "))
    }
}

impl Asked {
    /// What folders have for the usual other platforms: nobody is asked for an error's sake.
    fn elsewhere(&self, platform: Platform) -> Vec<Arc<dyn Records>> {
        let mut elsewhere: Vec<Arc<dyn Records>> = Vec::new();
        for channel in &self.channels {
            for other in USUAL.into_iter().filter(|other| *other != platform) {
                if self.client.is_local(channel) {
                    let client = Arc::clone(&self.client);
                    elsewhere.push(Arc::new(Unopened::new(client, channel.clone(), other)));
                }
            }
        }
        elsewhere
    }

    /// What these channels answered before: nothing, where nothing is kept.
    pub(crate) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The channels by URL, in their order.
    pub(in crate::program) fn urls(&self) -> Vec<String> {
        let urls = self.channels.iter().map(|channel| channel.url().to_owned());
        urls.collect()
    }

    /// Says what was amiss with the cache.
    pub(crate) fn finish(&self, printer: &mut Printer) {
        let answers = self.answers.take_warnings().into_iter();
        let answers = answers.map(|warning| warning.to_string());
        for warning in self.client.warnings().into_iter().chain(answers) {
            printer.warning(&warning);
        }
    }
}

/// Makes ready to ask the channels that the settings name. Nobody is asked yet.
pub(crate) fn open(
    settings: &Settings,
    progress: Arc<dyn ayon_backend::Progress>,
    cancellation: Cancellation,
) -> Result<Asked, Report> {
    let base = base(settings)?;
    let channel = |text: &String| channel(text, &base);
    let channels = settings.conda.channels.iter().map(channel);
    let channels = channels.collect::<Result<_, _>>()?;
    let mut options = Options::new(now()?);
    options.cache.clone_from(&settings.access.cache);
    options.refresh = settings.access.refresh;
    options.offline = settings.access.offline;
    options.progress = Arc::new(Tale(progress));
    options.stop = Arc::new(move || cancellation.stopped().is_some());
    ask_politely(settings, &base, &mut options)?;
    let cache = options.cache.as_deref();
    Ok(Asked {
        answers: cache.map_or_else(Answers::disabled, Answers::new),
        client: Arc::new(Client::new(options)),
        channels,
    })
}

/// How servers are asked.
fn ask_politely(
    settings: &Settings,
    base: &ChannelBase,
    options: &mut Options,
) -> Result<(), Report> {
    let indexes = &settings.packages.indexes;
    let http = &mut options.http;
    http.credentials = credentials(settings)?;
    for (name, place) in &settings.conda.mirrors {
        let asked = channel(name, base)?;
        if let Some(folder) = folder(place, base) {
            options.copies.push((asked, folder));
            continue;
        }
        http.credentials.add_channel(place);
        http.mirrors
            .add(asked.url(), place)
            .map_err(|error| Report::unknown("a mirror cannot be used").because_of(&error))?;
    }
    let region = ["AWS_REGION", "AWS_DEFAULT_REGION"]
        .iter()
        .find_map(|name| indexes.network.get(*name));
    for text in &settings.conda.buckets {
        let bucket = Bucket::parse(text, region.map(String::as_str))
            .map_err(|error| Report::unknown("a bucket cannot be used").because_of(&error))?;
        http.buckets.push(bucket);
    }
    http.proxies = Proxies::new(&|name| indexes.network.get(name).cloned());
    let folders = indexes.network.get("SSL_CERT_DIR");
    http.trust = Trust {
        file: indexes.network.get("SSL_CERT_FILE").map(PathBuf::from),
        folders: folders
            .map(|folders| std::env::split_paths(Path::new(folders)).collect())
            .unwrap_or_default(),
        more: indexes.ca_files.clone(),
    };
    http.connections = indexes.connections.map_or(http.connections, usize::from);
    http.retries = indexes.retries.map_or(http.retries, u32::from);
    if let Some(timeout) = indexes.timeout {
        http.read_timeout = timeout;
        http.connect_timeout = http.connect_timeout.min(timeout);
    }
    if let Some(lifetime) = indexes.ttl {
        options.lifetime = lifetime;
    }
    Ok(())
}

/// The folder that a mirror is, if it is one.
fn folder(place: &str, base: &ChannelBase) -> Option<PathBuf> {
    Channel::parse(place, base).ok()?.folder()
}

/// Whom to introduce oneself as, from the usual places.
fn credentials(settings: &Settings) -> Result<Credentials, Report> {
    let mut credentials = Credentials::default();
    for text in &settings.conda.channels {
        credentials.add_channel(text);
    }
    let read = |path: &Path| {
        ayon_disk::read_to_string(path, CREDENTIALS_LIMIT)
            .map_err(|error| Report::unknown(error.to_string()))
    };
    let unusable = |path: &Path, error: &dyn std::error::Error| {
        Report::unknown(format!("`{}` cannot be used", path.display())).because_of(error)
    };
    if let Some(path) = &settings.conda.auth_file {
        credentials
            .add_file(&read(path)?)
            .map_err(|error| unusable(path, &error))?;
    }
    if let Some(path) = settings.packages.indexes.netrc_file() {
        credentials
            .add_netrc(&read(&path)?)
            .map_err(|error| unusable(&path, &error))?;
    }
    Ok(credentials)
}

/// What bare names and relative paths are completed with.
fn base(settings: &Settings) -> Result<ChannelBase, Report> {
    let folder = std::path::absolute(".")
        .map_err(|error| Report::unknown("the current folder is not known").because_of(&error))?;
    let base = ChannelBase::new(folder);
    match &settings.conda.alias {
        Some(alias) => base.with_alias(alias).map_err(|error| {
            Report::unknown("the channel alias cannot be used").because_of(&error)
        }),
        None => Ok(base),
    }
}

fn channel(text: &str, base: &ChannelBase) -> Result<Channel, Report> {
    Channel::parse(text, base)
        .map_err(|error| Report::unknown("a channel cannot be used").because_of(&error))
}

/// The time at which this program started, more or less.
#[expect(
    clippy::disallowed_methods,
    reason = "the program has a clock, the libraries are told the time"
)]
fn now() -> Result<Moment, Report> {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok();
    since
        .and_then(|since| Moment::from_milliseconds(i64::try_from(since.as_millis()).ok()?))
        .ok_or_else(|| Report::unknown("the clock of this machine cannot be used"))
}
