//! The indexes that the settings name, opened; and what the settings say about choosing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ayon_backend::Cancellation;
use ayon_model::Platform;
use ayon_resolve::pypi::requirements::RequirementFiles;
use ayon_resolve::pypi::{Error, LockAsk, Locked, lock};
use pypi::{Index, Target, Timestamp};
use pypi_client::http::{Proxies, Trust};
use pypi_client::{Client, Credentials, IndexSource, Options, Refresh, Tally};
use pypi_solve::{Prereleases, Rules, Sdists, Strategy};

use crate::program::Report;
use crate::program::printer::Printer;
use crate::program::settings::{Indexes, Settings};

/// More than any netrc file that a person keeps.
const NETRC_LIMIT: u64 = 1 << 20;

/// The indexes, open.
pub(crate) struct OpenIndex {
    client: Arc<Client>,
    cancellation: Cancellation,
}

/// Progress as the library tells it, from what the client tells.
struct Tale(Arc<dyn ayon_backend::Progress>);

impl pypi_client::Progress for Tale {
    fn fetched(&self, tally: Tally) {
        let Tally {
            projects,
            files,
            bytes,
        } = tally;
        let size = size(bytes);
        let what = format!("asking the index: {projects} packages, {files} files, {size}");
        self.0.step(&what, 0, 0);
    }
}

/// `1.2 MB`.
fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

/// When to stop, as the settings say.
pub(crate) fn cancellation(settings: &Settings) -> Cancellation {
    let cancellation = Cancellation::default();
    match settings.solving.time_limit {
        Some(limit) => cancellation.with_time_limit(limit),
        None => cancellation,
    }
}

/// Opens the indexes that the settings and requirement files name. Nothing is asked yet.
pub(crate) fn open(
    settings: &Settings,
    files: &RequirementFiles,
    progress: Arc<dyn ayon_backend::Progress>,
    cancellation: Cancellation,
) -> Result<OpenIndex, Report> {
    let mut options = options(settings, files)?;
    options.progress = Arc::new(Tale(progress));
    let stop = cancellation.clone();
    options.stop = Arc::new(move || stop.stopped().is_some());
    let client = Client::open(options)
        .map_err(|error| Report::unknown("the package index cannot be used").because_of(&error))?;
    Ok(OpenIndex {
        client: Arc::new(client),
        cancellation,
    })
}

impl OpenIndex {
    /// To be asked like any index.
    pub(crate) fn as_index(&self) -> Arc<dyn Index> {
        Arc::clone(&self.client) as Arc<dyn Index>
    }

    /// Locks with it.
    pub(crate) fn lock(&self, ask: &LockAsk) -> Result<Locked, Error> {
        lock(&*self.client, ask, &self.cancellation)
    }

    /// Says what was amiss with the cache.
    pub(crate) fn finish(self, printer: &mut Printer) {
        for warning in self.client.warnings() {
            printer.warning(&warning);
        }
    }
}

/// How a target is made of a platform.
pub(crate) fn target(platform: Platform, python: &pypi::Version, settings: &Settings) -> Target {
    Target::new(platform.with_floor(settings.packages.floors), python)
}

/// The rules of choice that the settings name.
pub(crate) fn rules(settings: &Settings, prereleases: bool) -> Rules {
    let choosing = &settings.packages.choosing;
    Rules {
        prereleases: match choosing.prerelease.as_deref() {
            Some("allow") => Prereleases::Allow,
            Some("disallow") => Prereleases::Disallow,
            None if prereleases => Prereleases::Allow,
            _ => Prereleases::IfNecessary,
        },
        exclude_newer: choosing.exclude_newer,
        sdists: match choosing.build_python {
            Some(_) => Sdists::Allow,
            None => Sdists::Never,
        },
        strategy: match choosing.resolution.as_deref() {
            Some("lowest") => Strategy::Lowest,
            Some("lowest-direct") => Strategy::LowestDirect,
            _ => Strategy::Highest,
        },
        all_wheels: settings.packages.locking.all_wheels,
        ..Rules::default()
    }
}

fn options(settings: &Settings, files: &RequirementFiles) -> Result<Options, Report> {
    let indexes = &settings.packages.indexes;
    let mut options = Options::new(now()?);
    let mut credentials = Credentials::default();
    add_netrc(indexes, &mut credentials)?;
    options.indexes = sources(indexes, files, &mut credentials)?;
    options.find_links = indexes
        .find_links
        .iter()
        .chain(&files.find_links)
        .cloned()
        .collect();
    options.cache.clone_from(&settings.access.cache);
    options.refresh = match (settings.access.refresh, indexes.refresh.is_empty()) {
        (true, _) => Refresh::All,
        (false, true) => Refresh::None,
        (false, false) => Refresh::Packages(indexes.refresh.clone()),
    };
    options.offline = settings.access.offline;
    options.page_lifetime = indexes.ttl.unwrap_or(options.page_lifetime);
    options
        .allow_build
        .clone_from(&settings.packages.choosing.build_python);
    let http = &mut options.http;
    http.credentials = credentials;
    http.proxies = Proxies::new(&|name| indexes.network.get(name).cloned());
    http.trust = trust(indexes);
    http.connections = indexes.connections.map_or(http.connections, usize::from);
    http.retries = indexes.retries.map_or(http.retries, u32::from);
    if let Some(timeout) = indexes.timeout {
        http.read_timeout = timeout;
        http.connect_timeout = http.connect_timeout.min(timeout);
    }
    Ok(options)
}

/// The indexes in the order in which they are asked: those with names, those without, and the last one.
fn sources(
    indexes: &Indexes,
    files: &RequirementFiles,
    credentials: &mut Credentials,
) -> Result<Vec<IndexSource>, Report> {
    if indexes.none || files.no_index {
        return Ok(Vec::new());
    }
    let named = indexes
        .named
        .iter()
        .map(|(name, url)| (Some(name.as_str()), url.as_str()));
    let extra = indexes.extra.iter().chain(&files.extra_index_urls);
    let last = indexes.last.as_deref().or(files.index_url.as_deref());
    let last = last.unwrap_or(pypi_client::DEFAULT_INDEX);
    let unnamed = extra.map(String::as_str).chain([last]);
    let mut found: Vec<IndexSource> = Vec::new();
    for (name, url) in named.chain(unnamed.map(|url| (None, url))) {
        let variable = |name: &str| indexes.network.get(name).cloned();
        let url = credentials
            .add_index(url, name, &variable)
            .map_err(|error| Report::unknown("an index cannot be used").because_of(&error))?;
        let packages = indexes
            .pins
            .iter()
            .filter(|(_, index)| Some(index.as_str()) == name);
        let source = IndexSource {
            url,
            name: name.map(str::to_owned),
            packages: packages.map(|(package, _)| package.clone()).collect(),
        };
        // An index may be named twice; it is asked once.
        if found.iter().all(|known| known.url != source.url) {
            found.push(source);
        }
    }
    Ok(found)
}

/// Reads the netrc file: the one that is named, or the usual one if it is there.
fn add_netrc(indexes: &Indexes, credentials: &mut Credentials) -> Result<(), Report> {
    let Some(path) = indexes.netrc_file() else {
        return Ok(());
    };
    let text = ayon_disk::read_to_string(&path, NETRC_LIMIT)
        .map_err(|error| Report::unknown(error.to_string()))?;
    credentials.add_netrc(&text).map_err(|error| {
        Report::unknown(format!("`{}` cannot be used", path.display())).because_of(&error)
    })
}

fn trust(indexes: &Indexes) -> Trust {
    let folders = indexes.network.get("SSL_CERT_DIR");
    Trust {
        file: indexes.network.get("SSL_CERT_FILE").map(PathBuf::from),
        folders: folders
            .map(|folders| std::env::split_paths(Path::new(folders)).collect())
            .unwrap_or_default(),
        more: indexes.ca_files.clone(),
    }
}

/// The time at which this program started, more or less.
#[expect(
    clippy::disallowed_methods,
    reason = "the program has a clock, the libraries are told the time"
)]
fn now() -> Result<Timestamp, Report> {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok();
    since
        .and_then(|since| Timestamp::from_microseconds(i64::try_from(since.as_micros()).ok()?))
        .ok_or_else(|| Report::unknown("the clock of this machine cannot be used"))
}
