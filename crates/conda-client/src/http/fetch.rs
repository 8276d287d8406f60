//! A whole repodata, fetched by rattler's code into a folder of the cache, where it lies uncompressed.
//!
//! A server that knows the validators of the last answer is not made to send it again, and a process that comes while
//! another fetches waits and takes what that one got.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rattler_networking::LazyClient;
use rattler_networking::retry_policies::ExponentialBackoff;
use rattler_repodata_gateway::fetch::{
    CacheAction, CachedRepoData, FetchRepoDataError, FetchRepoDataOptions, fetch_repo_data,
};
use rattler_repodata_gateway::{DownloadReporter, Reporter};
use url::Url;

use super::HttpOptions;
use crate::{Progress, Tally};

/// A repodata as it lies in the cache. Nobody replaces it while this lives.
pub(crate) struct Fetched {
    repodata: CachedRepoData,
}

impl Fetched {
    pub(crate) fn path(&self) -> &Path {
        &self.repodata.repo_data_json_path
    }

    /// What tells its content from any other: the hash of what was received.
    pub(crate) fn state(&self) -> Option<String> {
        use std::fmt::Write as _;
        let hash = self.repodata.cache_state.blake2_hash.as_ref()?;
        let mut text = "blake2 ".to_owned();
        for byte in hash {
            // Writing to a text does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        Some(text)
    }

    /// How long the server holds it to be fresh.
    pub(crate) fn fresh_for(&self) -> Duration {
        let control = self
            .repodata
            .cache_state
            .cache_headers
            .cache_control
            .as_deref();
        control.map_or(Duration::ZERO, fresh_for)
    }
}

/// Fetches a subdirectory's repodata, or only looks whether it changed.
pub(crate) async fn fetch(
    client: LazyClient,
    url: Url,
    folder: PathBuf,
    action: CacheAction,
    options: Arc<HttpOptions>,
    meter: Arc<Meter>,
) -> Result<Fetched, FetchRepoDataError> {
    let again = ExponentialBackoff::builder()
        .retry_bounds(options.retry_pause, options.retry_pause.saturating_mul(8))
        .build_with_max_retries(options.retries);
    let settings = FetchRepoDataOptions {
        cache_action: action,
        // Whoever still makes these makes the others as well.
        bz2_enabled: false,
        retry_policy: Some(Arc::new(again)),
        ..FetchRepoDataOptions::default()
    };
    let reporter: Arc<dyn Reporter> = meter;
    let repodata = fetch_repo_data(url, client, folder, settings, Some(reporter)).await?;
    Ok(Fetched { repodata })
}

/// RFC 9111, as far as it says how long.
fn fresh_for(control: &str) -> Duration {
    let directives = control.split(',').map(str::trim);
    let mut seconds = 0;
    for directive in directives {
        match directive.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("max-age") => {
                seconds = value.trim().trim_matches('"').parse().unwrap_or(0);
            }
            None if ["no-store", "no-cache"]
                .iter()
                .any(|name| directive.eq_ignore_ascii_case(name)) =>
            {
                return Duration::ZERO;
            }
            _ => {}
        }
    }
    Duration::from_secs(seconds)
}

/// Counts what comes, and tells it.
pub(crate) struct Meter {
    progress: Arc<dyn Progress>,
    /// The bytes of each download so far.
    downloads: Mutex<Vec<u64>>,
    tally: Mutex<Tally>,
}

impl Meter {
    pub(crate) fn new(progress: Arc<dyn Progress>) -> Self {
        Self {
            progress,
            downloads: Mutex::default(),
            tally: Mutex::default(),
        }
    }

    /// Changes the tally, and tells it.
    pub(crate) fn count(&self, change: impl FnOnce(&mut Tally)) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut tally);
        let told = *tally;
        drop(tally);
        self.progress.fetched(told);
    }

    pub(crate) fn tally(&self) -> Tally {
        *self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reporter for Meter {
    fn download_reporter(&self) -> Option<&dyn DownloadReporter> {
        Some(self)
    }
}

impl DownloadReporter for Meter {
    fn on_download_start(&self, _: &Url) -> usize {
        let mut downloads = self
            .downloads
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        downloads.push(0);
        downloads.len() - 1
    }

    fn on_download_progress(&self, _: &Url, index: usize, bytes: usize, _: Option<usize>) {
        let mut downloads = self
            .downloads
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(known) = downloads.get_mut(index) else {
            return;
        };
        let more = (bytes as u64).saturating_sub(*known);
        *known += more;
        drop(downloads);
        self.count(|tally| tally.bytes += more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_say_how_long() {
        for (control, seconds) in [
            ("public, max-age=1200", 1200),
            ("Max-Age=\"30\" , must-revalidate", 30),
            ("no-cache, max-age=30", 0),
            ("max-age=30, no-store", 0),
            ("max-age=many", 0),
            ("public", 0),
            ("", 0),
        ] {
            assert_eq!(
                fresh_for(control),
                Duration::from_secs(seconds),
                "{control}"
            );
        }
    }
}
