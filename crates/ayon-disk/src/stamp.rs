//! What tells one state of a file or folder from another without reading it.
//!
//! A stamp is taken before the reading and compared later: equal stamps mean an unchanged file, *unless* the file was
//! changed twice within one tick of its file system's clock, the second time after it was read. [`Stamp::is_settled`]
//! finds those, as git does with its index: what was modified just before it was read is not trusted.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::{Action, DiskError};
use crate::read::read_opened;

/// File systems tick every few milliseconds; the coarsest in use, FAT, every two seconds.
const TICK: Duration = Duration::from_secs(2);

/// How often a file that changes while it is read is read again.
const ATTEMPTS: usize = 3;

/// The state of a file or folder, as far as its metadata tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Stamp {
    /// When its content (a folder's list of names) was last modified, in nanoseconds since 1970.
    pub modified: i64,
    /// When its content or metadata last changed (`ctime`), which nobody can set back; 0 where the system has none.
    pub changed: i64,
    /// Its number in the file system; 0 where the system has none.
    pub inode: u64,
    /// Its size in bytes.
    pub size: u64,
}

impl Stamp {
    /// The bytes of [`Stamp::to_bytes`].
    pub const BYTES: usize = 32;

    /// The stamp of what these metadata describe.
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().map_or(0, nanoseconds);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let seconds = metadata.ctime().saturating_mul(1_000_000_000);
            Stamp {
                modified,
                changed: seconds.saturating_add(metadata.ctime_nsec()),
                inode: metadata.ino(),
                size: metadata.len(),
            }
        }
        #[cfg(not(unix))]
        Stamp {
            modified,
            changed: 0,
            inode: 0,
            size: metadata.len(),
        }
    }

    /// Whether a change after `read_at` would show: the last one before is at least a tick of the clock older. A clock
    /// that is behind the file server's makes this `false` more often than it must be.
    pub fn is_settled(&self, read_at: SystemTime) -> bool {
        let tick = i64::try_from(TICK.as_nanos()).unwrap_or(i64::MAX);
        let last = self.modified.max(self.changed);
        last.saturating_add(tick) < nanoseconds(read_at)
    }

    /// Four little-endian numbers, to be kept.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let parts = [
            self.modified.to_le_bytes(),
            self.changed.to_le_bytes(),
            self.inode.to_le_bytes(),
            self.size.to_le_bytes(),
        ];
        for (place, part) in bytes.chunks_exact_mut(8).zip(parts) {
            place.copy_from_slice(&part);
        }
        bytes
    }

    /// What [`Stamp::to_bytes`] made.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let part = |index: usize| {
            let mut part = [0; 8];
            part.copy_from_slice(&bytes[index * 8..index * 8 + 8]);
            part
        };
        Stamp {
            modified: i64::from_le_bytes(part(0)),
            changed: i64::from_le_bytes(part(1)),
            inode: u64::from_le_bytes(part(2)),
            size: u64::from_le_bytes(part(3)),
        }
    }
}

/// Reads a whole regular file of at most `limit` bytes, with the stamp under which it stood while it was read.
///
/// # Errors
/// As [`read`](crate::read()); and with [`io::ErrorKind::ResourceBusy`] where the file keeps changing meanwhile.
pub fn read_stamped(path: &Path, limit: u64) -> Result<(Vec<u8>, Stamp), DiskError> {
    attempt(path, limit).map_err(Action::Read.on(path))
}

fn attempt(path: &Path, limit: u64) -> io::Result<(Vec<u8>, Stamp)> {
    for _ in 0..ATTEMPTS {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let before = Stamp::of(&metadata);
        let bytes = read_opened(&file, metadata.len(), limit)?;
        if Stamp::of(&file.metadata()?) == before {
            return Ok((bytes, before));
        }
    }
    let message = "it keeps changing while it is read; try again when it is done";
    Err(io::Error::new(io::ErrorKind::ResourceBusy, message))
}

/// Nanoseconds since 1970, negative before; the ends of the range stand for what lies beyond.
fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |before| -before)
        }
    }
}
