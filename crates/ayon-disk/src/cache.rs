//! A cache that never fails the work that it is to speed up.
//!
//! Entries are files of their own, named by a hash of their key, verified when they are read and replaced by a rename:
//! any number of processes may use one folder without a lock. A damaged entry is dropped and is a miss. Where the folder
//! cannot be written there is no cache, and one [`CacheWarning`] to tell a person why everything is slow today.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::Mapped;
use crate::entry::{check, encode, file_name, head_length, key_of};
use crate::read::{read_dir, read_split};
use crate::write::{Durability, replace};

/// Larger files are not read: none of ours comes near.
const MAX_ENTRY: u64 = 1 << 30;

/// Nobody writes a file for so long.
const ABANDONED: Duration = Duration::from_hours(1);

/// Bytes by key, kept in a folder between runs.
#[derive(Debug)]
pub struct Cache {
    /// None for a cache that keeps nothing.
    folder: Option<PathBuf>,
    schema: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    warnings: Vec<CacheWarning>,
    /// Set after the first write that failed; more of them would fail as well, and slowly.
    read_only: bool,
    /// Set after the first read that failed for another reason than that there is nothing.
    unreadable: bool,
}

/// Something about the cache that a person may want to know. The work went on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheWarning {
    /// The cache cannot be used, in part or at all. Said once.
    #[error("the cache cannot be used, so this takes longer: cannot {action} `{}`: {source}", .path.display())]
    Unavailable {
        /// What failed: `read` or `write`.
        action: crate::Action,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An entry was not what had been written; it is dropped and made again.
    #[error("the cache entry `{}` is damaged and was dropped: {reason}", .path.display())]
    Damaged {
        /// The entry's file.
        path: PathBuf,
        /// How the damage shows.
        reason: &'static str,
    },
}

impl Cache {
    /// A cache called `name` in a folder. The schema is a number to raise when the meaning of keys or bytes changes; it is
    /// part of the folder's name, so that older programs go on with theirs. Nothing is touched before the first use.
    pub fn new(parent: &Path, name: &str, schema: u32) -> Self {
        let folder = parent.join(format!("{name}-v{schema}"));
        Cache {
            folder: Some(folder),
            schema,
            state: Mutex::default(),
        }
    }

    /// A cache that keeps nothing, without a warning: for those who asked for none.
    pub fn disabled() -> Self {
        Cache {
            folder: None,
            schema: 0,
            state: Mutex::default(),
        }
    }

    /// The folder of the entries; none if the cache is disabled.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The bytes that were put under a key, unless there are none or they are damaged.
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        let path = self.path(key)?;
        match read_split(&path, head_length(key), MAX_ENTRY) {
            Ok((head, bytes)) => match check(self.schema, key, &head, &bytes) {
                Ok(()) => Some(bytes),
                Err(reason) => self.drop_damaged(path, reason),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                self.drop_damaged(path, "it is larger than any entry")
            }
            Err(source) => self.unreadable(path, source),
        }
    }

    /// Keeps bytes under a key, instead of those that were there. Not synced: what a loss of power damages is noticed.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        if self.state().read_only {
            return;
        }
        let (Some(path), Some(content)) = (self.path(key), encode(self.schema, key, bytes)) else {
            return;
        };
        self.write(path, &content);
    }

    /// The mapped file that was put for a subject in this state of it, unless there is none. What it holds is not checked:
    /// such files are large and read in small parts, and bring sums of their own. Who finds one wrong calls
    /// [`Cache::forget`].
    pub fn map(&self, subject: &str, state: &str) -> Option<Mapped> {
        let path = self.state_path(subject, state)?;
        match Mapped::open(&path) {
            Ok(mapped) => Some(mapped),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => self.unreadable(path, source),
        }
    }

    /// Keeps a file to be mapped for a subject in its present state, and drops those of its other states, with what
    /// processes that were killed left half-written. A process that still reads one of these goes on with it.
    pub fn put_mapped(&self, subject: &str, state: &str, bytes: &[u8]) {
        if self.state().read_only {
            return;
        }
        let Some(path) = self.state_path(subject, state) else {
            return;
        };
        self.write(path.clone(), bytes);
        let time = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
        let now = time(&path);
        let siblings = path.parent().map(read_dir).and_then(Result::ok);
        for sibling in siblings.unwrap_or_default() {
            // A hidden one is being written by somebody, unless he was stopped long ago.
            let is_written = sibling.name.as_encoded_bytes().starts_with(b".") && {
                let (Ok(now), Ok(then)) = (&now, time(&sibling.path)) else {
                    continue;
                };
                !now.duration_since(then).is_ok_and(|age| age > ABANDONED)
            };
            if sibling.path != path && !is_written {
                // Where the system keeps a file that is mapped, the next time will do.
                let _ = fs::remove_file(&sibling.path);
            }
        }
    }

    /// Drops a mapped file that was found damaged, with the reason.
    pub fn forget(&self, subject: &str, state: &str, reason: &'static str) {
        if let Some(path) = self.state_path(subject, state) {
            self.drop_damaged(path, reason);
        }
    }

    /// The keys of all entries, in no order: for the rare case that somebody looks for what he does not know. Costs a look
    /// into every file; whether the entries are whole is not checked.
    pub fn keys(&self) -> Vec<String> {
        let list = |folder: &Path| read_dir(folder).unwrap_or_default();
        let shards = self.folder.as_deref().map(list).unwrap_or_default();
        let files = shards.iter().flat_map(|shard| list(&shard.path));
        files
            .filter_map(|file| {
                let (header, rest) = read_split(&file.path, head_length(""), MAX_ENTRY).ok()?;
                key_of(self.schema, &header, &rest)
            })
            .collect()
    }

    /// What happened since the last call that a person may want to know.
    pub fn take_warnings(&self) -> Vec<CacheWarning> {
        std::mem::take(&mut self.state().warnings)
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        let (folder, name) = file_name(key);
        Some(self.folder.as_ref()?.join(folder).join(name))
    }

    /// The file of one state of a subject: in a folder of the subject's.
    fn state_path(&self, subject: &str, state: &str) -> Option<PathBuf> {
        let (folder, name) = file_name(state);
        Some(self.path(subject)?.join(folder + &name))
    }

    /// Writes a file, and makes its folder where that is missing. The first failure is a warning and ends all writing.
    fn write(&self, path: PathBuf, content: &[u8]) {
        let parent = path.parent().unwrap_or(&path);
        let written = match replace(&path, content, Durability::Unsynced) {
            // The folder is missing: before the first entry, or since somebody cleaned up.
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(parent)
                .and_then(|()| replace(&path, content, Durability::Unsynced)),
            written => written,
        };
        if let Err(source) = written {
            let mut state = self.state();
            if !state.read_only {
                state.read_only = true;
                let action = crate::Action::Write;
                state.warnings.push(CacheWarning::Unavailable {
                    action,
                    path,
                    source,
                });
            }
        }
    }

    /// Notes, once, that the cache cannot be read.
    fn unreadable<T>(&self, path: PathBuf, source: io::Error) -> Option<T> {
        let mut state = self.state();
        if !state.unreadable {
            state.unreadable = true;
            let action = crate::Action::Read;
            state.warnings.push(CacheWarning::Unavailable {
                action,
                path,
                source,
            });
        }
        None
    }

    /// Removes a damaged entry. Another process may just have made it whole again; then it is made once more.
    fn drop_damaged(&self, path: PathBuf, reason: &'static str) -> Option<Vec<u8>> {
        // Where it cannot be removed it is still replaced by the next put, or noticed again.
        let _ = fs::remove_file(&path);
        self.state()
            .warnings
            .push(CacheWarning::Damaged { path, reason });
        None
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic elsewhere leaves the list as whole as it was.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
