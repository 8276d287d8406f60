//! Locks between processes, on disks that may be remote.
//!
//! A lock is taken on a file of its own, never on the data: data files are replaced by renames, which would leave each
//! process with a lock on another file. The file is opened for reading *and* writing, because NFS turns a lock into one on
//! a byte range, and that needs a descriptor which may write. It is left in place afterwards: whoever removed it could
//! take away the file that a third process is just locking.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Action, DiskError};

/// How long a lock is waited for before the caller is told that it takes a while.
const PATIENCE: Duration = Duration::from_millis(200);

/// Who else may hold the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// Other shared holders: for those who read, or add without disturbing each other.
    Shared,
    /// Nobody: for those who change or clean.
    Exclusive,
}

/// A lock that is held until it is dropped. Advisory: it only keeps out those who ask for it, too.
#[derive(Debug)]
#[must_use = "the lock is released when this is dropped"]
pub struct FileLock {
    /// Held for its lock; none where the file system has no locks.
    file: Option<File>,
}

impl FileLock {
    /// Takes the lock on a file, which is made if it is missing. Waits up to `limit`; calls `on_wait` once when that
    /// takes longer than a moment, so that a person can be told what is being waited for.
    ///
    /// Where the file system has no locks the work goes on without: [`FileLock::is_held`] tells.
    ///
    /// # Errors
    /// With [`io::ErrorKind::TimedOut`] after `limit`, or where the file cannot be opened for writing.
    pub fn acquire(
        path: &Path,
        mode: LockMode,
        limit: Duration,
        on_wait: impl FnOnce(&Path),
    ) -> Result<Self, DiskError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Action::Lock.on(path))?;
        wait_for(&file, mode, limit, || on_wait(path))
            .map(|held| FileLock {
                file: held.then_some(file),
            })
            .map_err(Action::Lock.on(path))
    }

    /// Whether there really is a lock; `false` where the file system has none.
    pub fn is_held(&self) -> bool {
        self.file.is_some()
    }
}

/// Takes the lock; `false` if the file system has none. It asks again and again rather than waiting in the system, since
/// only so can the wait end.
fn wait_for(
    file: &File,
    mode: LockMode,
    limit: Duration,
    on_wait: impl FnOnce(),
) -> io::Result<bool> {
    let start = Instant::now();
    let mut on_wait = Some(on_wait);
    let mut pause = Duration::from_millis(5);
    loop {
        let attempt = match mode {
            LockMode::Shared => file.try_lock_shared(),
            LockMode::Exclusive => file.try_lock(),
        };
        match attempt {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) if is_unsupported(&error) => return Ok(false),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {
                continue;
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let waited = start.elapsed();
        if waited >= limit {
            let message = format!(
                "another process still holds it after {:.1} s; wait for that process, or end it",
                limit.as_secs_f64()
            );
            return Err(io::Error::new(io::ErrorKind::TimedOut, message));
        }
        if waited >= PATIENCE
            && let Some(on_wait) = on_wait.take()
        {
            on_wait();
        }
        std::thread::sleep(pause.min(limit.saturating_sub(waited)));
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

/// Whether the file system has no locks, or its lock server none left to give.
fn is_unsupported(error: &io::Error) -> bool {
    // ENOTSUP and ENOLCK, which have no kinds of their own on every platform.
    let codes: &[i32] = if cfg!(any(target_os = "linux", target_os = "android")) {
        &[95, 37]
    } else if cfg!(any(target_vendor = "apple", target_os = "freebsd")) {
        &[45, 102, 77]
    } else {
        &[]
    };
    error.kind() == io::ErrorKind::Unsupported
        || error
            .raw_os_error()
            .is_some_and(|code| codes.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn only_missing_support_lets_the_work_go_on() {
        for code in [95, 37, 38] {
            assert!(
                is_unsupported(&io::Error::from_raw_os_error(code)),
                "{code}"
            );
        }
        for code in [5, 13, 28, 116] {
            assert!(
                !is_unsupported(&io::Error::from_raw_os_error(code)),
                "{code}"
            );
        }
    }
}
