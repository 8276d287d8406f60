//! What was learnt from indexes, kept between runs.
//!
//! A page is kept in the form in which it is used ([`Project::encode`]), so that a warm run parses no HTML and no JSON; a
//! page that its index does not have is kept as such. Both are good for a while only ([`Freshness`]). What a file needs
//! never changes, so that is kept for ever: under the file's hash, or under its name where no hash is known. Keys hold URLs
//! without their user part, and the index is part of every key: none decides what another says.
//!
//! What goes with the bytes of an entry stands behind them: cutting it off moves nothing.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ayon_disk::{Cache, CacheWarning};
use pypi::{DistributionName, FileId, Location, Metadata, MetadataAnswer, Project, Timestamp};

use crate::http::Validators;

/// Raised when the meaning of keys or of what stands behind the bytes changes; the bytes know their own form.
const SCHEMA: u32 = 1;

/// Pages and metadata on disk.
#[derive(Debug)]
pub(crate) struct Store {
    pages: Cache,
    files: Cache,
}

/// A page as it was when it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredPage<P = Arc<Project>> {
    /// None where the index answered that it has no such project.
    pub(crate) project: Option<P>,
    pub(crate) freshness: Freshness,
}

/// How long a page is taken for what the index would say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Freshness {
    pub(crate) fetched: Timestamp,
    /// How long its server promised that it would not change.
    pub(crate) promised: Option<Duration>,
    /// What to ask with whether it changed.
    pub(crate) validators: Validators,
}

/// What is known of a file for ever.
#[derive(Debug, Clone)]
pub(crate) enum StoredFile {
    /// Its metadata.
    Metadata(Arc<Metadata>),
    /// Its metadata is no good.
    Bad(String),
    /// It is a source distribution that says what it needs only once it is built.
    Dynamic,
}

/// Identifies a file in the cache.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileKey(String);

impl Freshness {
    /// Whether a page fetched then need not be asked for now. Time that runs backwards makes nothing fresh.
    pub(crate) fn holds(&self, now: Timestamp, lifetime: Duration) -> bool {
        let lifetime = self
            .promised
            .map_or(lifetime, |promised| promised.max(lifetime));
        let age = now.microseconds().checked_sub(self.fetched.microseconds());
        age.and_then(|age| u64::try_from(age).ok())
            .is_some_and(|age| Duration::from_micros(age) < lifetime)
    }

    fn to_text(&self) -> String {
        let promised = self.promised.map(|promised| promised.as_secs().to_string());
        let Validators {
            etag,
            last_modified,
        } = &self.validators;
        // None of them can hold a line break: they are numbers and values of headers.
        let parts = [promised.as_ref(), etag.as_ref(), last_modified.as_ref()];
        let parts = parts.map(|part| part.map_or("", String::as_str).replace('\n', " "));
        format!("{}\n{}", self.fetched.microseconds(), parts.join("\n"))
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split('\n');
        let mut optional = || {
            Some(parts.next()?).map(|part| Some(part.to_owned()).filter(|part| !part.is_empty()))
        };
        let fetched = optional()??.parse().ok()?;
        let promised = optional()?
            .map(|seconds| seconds.parse().map(Duration::from_secs))
            .transpose()
            .ok()?;
        Some(Freshness {
            fetched: Timestamp::from_microseconds(fetched)?,
            promised,
            validators: Validators {
                etag: optional()?,
                last_modified: optional()?,
            },
        })
    }
}

impl FileKey {
    /// The key of a file: its hash or else its name, and the index that says so. What is read of a file's end is not held
    /// against its hash, so what one index says of a hash must decide nothing for another.
    pub(crate) fn of(project: &Project, file: FileId) -> Self {
        let view = project.file(file);
        let index = match view.location() {
            Location::Url(_) => project.index(),
            // These were hashed here.
            Location::Path(_) => "here",
        };
        FileKey(match view.sha256() {
            Some(hash) => format!("sha256\n{hash}\n{index}"),
            None => format!("{index}\n{}", view.name()),
        })
    }

    /// The key of a file that was hashed here, or of a part of it.
    pub(crate) fn of_hash(hash: &str, subdirectory: Option<&str>) -> Self {
        FileKey(match subdirectory {
            Some(subdirectory) => format!("sha256\n{hash}\nhere\n{subdirectory}"),
            None => format!("sha256\n{hash}\nhere"),
        })
    }

    /// The key of a folder of a repository at a commit.
    pub(crate) fn of_commit(url: &str, commit: &str, subdirectory: &str) -> Self {
        FileKey(format!("git\n{url}\n{commit}\n{subdirectory}"))
    }

    /// The key of what a Python built of a file.
    pub(crate) fn built_by(&self, python: &Path) -> Self {
        FileKey(format!("{}\nbuilt by\n{}", self.0, python.display()))
    }

    /// Whether the key alone says what the file holds, whatever index has it.
    pub(crate) fn is_hash(&self) -> bool {
        self.0.starts_with("sha256\n")
    }
}

impl StoredFile {
    /// The answer to whoever asks what the file of this name needs.
    pub(crate) fn answer(&self, file: &str) -> MetadataAnswer {
        match self {
            StoredFile::Metadata(metadata) => MetadataAnswer::Known(Arc::clone(metadata)),
            StoredFile::Bad(reason) => MetadataAnswer::Unusable(reason.clone()),
            StoredFile::Dynamic => MetadataAnswer::Unusable(format!(
                "{file} says what it needs only once it is built, which takes --allow-build"
            )),
        }
    }
}

/// The kinds of a file's entry, the last byte of it.
const METADATA: u8 = 0;
const BAD: u8 = 1;
const DYNAMIC: u8 = 2;

impl Store {
    /// The store in a folder, or one that keeps nothing. Nothing is touched before the first use.
    pub(crate) fn new(folder: Option<&Path>) -> Self {
        let cache =
            |name| folder.map_or_else(Cache::disabled, |folder| Cache::new(folder, name, SCHEMA));
        Store {
            pages: cache("pypi-pages"),
            files: cache("pypi-files"),
        }
    }

    /// The page of a project on an index as it was last fetched.
    pub(crate) fn page(&self, index: &str, name: &DistributionName) -> Option<StoredPage> {
        let StoredPage { project, freshness } = self.bytes(&page_key(index, name.as_str()))?;
        let project = match project {
            Some(bytes) => Some(Arc::new(Project::decode(bytes).ok()?)),
            None => None,
        };
        Some(StoredPage { project, freshness })
    }

    /// Keeps the page of a project.
    pub(crate) fn keep_page(&self, index: &str, name: &DistributionName, page: &StoredPage) {
        let bytes = page.project.as_ref().map(|project| project.encode());
        self.keep_bytes(&page_key(index, name.as_str()), bytes, &page.freshness);
    }

    /// A page that is about no project: what a flat page of links held.
    pub(crate) fn links(&self, url: &str) -> Option<StoredPage<Vec<u8>>> {
        self.bytes(&page_key(url, ""))
    }

    /// Keeps the bytes of a page that is about no project.
    pub(crate) fn keep_links(&self, url: &str, bytes: &[u8], freshness: &Freshness) {
        self.keep_bytes(&page_key(url, ""), Some(bytes), freshness);
    }

    /// The projects of which pages are kept.
    pub(crate) fn names(&self) -> BTreeSet<DistributionName> {
        let keys = self.pages.keys();
        let exists = |key: &&String| self.bytes(key).is_some_and(|page| page.project.is_some());
        let names = keys
            .iter()
            .filter(exists)
            .filter_map(|key| key.rsplit_once('\n')?.1.parse().ok());
        names.collect()
    }

    /// What is known of a file.
    pub(crate) fn file(&self, key: &FileKey) -> Option<StoredFile> {
        let mut bytes = self.files.get(&key.0)?;
        match bytes.pop()? {
            METADATA => Some(StoredFile::Metadata(Arc::new(
                Metadata::decode(bytes).ok()?,
            ))),
            BAD => Some(StoredFile::Bad(String::from_utf8(bytes).ok()?)),
            DYNAMIC => Some(StoredFile::Dynamic),
            _ => None,
        }
    }

    /// Keeps what is known of a file.
    pub(crate) fn keep_file(&self, key: &FileKey, file: &StoredFile) {
        let (bytes, kind) = match file {
            StoredFile::Metadata(metadata) => (metadata.encode(), METADATA),
            StoredFile::Bad(reason) => (reason.as_bytes(), BAD),
            StoredFile::Dynamic => (&[][..], DYNAMIC),
        };
        self.files.put(&key.0, &[bytes, &[kind]].concat());
    }

    /// Notes of other modules, under keys of their own.
    pub(crate) fn note(&self, key: &str) -> Option<Vec<u8>> {
        self.files.get(&format!("note\n{key}"))
    }

    /// Keeps a note.
    pub(crate) fn keep_note(&self, key: &str, bytes: &[u8]) {
        self.files.put(&format!("note\n{key}"), bytes);
    }

    /// What happened to the cache since the last call that a person may want to know.
    pub(crate) fn take_warnings(&self) -> Vec<CacheWarning> {
        let mut warnings = self.pages.take_warnings();
        warnings.extend(self.files.take_warnings());
        warnings
    }

    fn bytes(&self, key: &str) -> Option<StoredPage<Vec<u8>>> {
        let mut bytes = self.pages.get(key)?;
        let length = u32::from_le_bytes(*bytes.last_chunk()?) as usize;
        let end = bytes.len().checked_sub(4)?;
        let start = end.checked_sub(length)?;
        let (exists, text) = std::str::from_utf8(&bytes[start..end])
            .ok()?
            .split_once('\n')?;
        let (exists, freshness) = (exists == "page", Freshness::from_text(text)?);
        bytes.truncate(start);
        Some(StoredPage {
            project: exists.then_some(bytes),
            freshness,
        })
    }

    fn keep_bytes(&self, key: &str, bytes: Option<&[u8]>, freshness: &Freshness) {
        let exists = if bytes.is_some() { "page" } else { "none" };
        let text = format!("{exists}\n{}", freshness.to_text());
        let Ok(length) = u32::try_from(text.len()) else {
            return;
        };
        let entry = [
            bytes.unwrap_or_default(),
            text.as_bytes(),
            &length.to_le_bytes(),
        ]
        .concat();
        self.pages.put(key, &entry);
    }
}

fn page_key(index: &str, name: &str) -> String {
    format!("{index}\n{name}")
}
