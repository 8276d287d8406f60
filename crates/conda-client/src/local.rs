//! Channels in folders: read where they lie, told apart by the stamps of their files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ayon_disk::{DiskError, Stamp};
use conda::{Moment, Repodata};

/// A repodata on this machine, and what tells its content from any other.
pub(crate) struct Found {
    pub(crate) repodata: Repodata,
    /// None where the file was written a moment ago: it may be written once more without a trace.
    pub(crate) state: Option<String>,
}

/// The repodata in a subdirectory's folder; none if there is none. The uncompressed one counts, as it does for conda.
pub(crate) fn find(folder: &Path, now: Moment) -> Result<Option<Found>, DiskError> {
    for name in ["repodata.json", "repodata.json.zst"] {
        let path = folder.join(name);
        if let Some(state) = state(&path, now)? {
            let repodata = Repodata::new(path);
            return Ok(Some(Found {
                repodata,
                state: state.0,
            }));
        }
    }
    Ok(None)
}

/// Has a repodata corrected by the instructions in a folder, if there are some for that subdirectory.
pub(crate) fn patch(found: Found, folder: &Path, now: Moment) -> Result<Found, DiskError> {
    let path: PathBuf = folder.join("patch_instructions.json");
    let Some(patched) = state(&path, now)? else {
        return Ok(found);
    };
    let both = found.state.zip(patched.0);
    Ok(Found {
        repodata: found.repodata.with_patches(path),
        state: both.map(|(own, patch)| format!("{own} patched {patch}")),
    })
}

struct State(Option<String>);

/// What tells a file's content from any other; none if there is no file.
fn state(path: &Path, now: Moment) -> Result<Option<State>, DiskError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(None);
        }
        // Says what was being done to which file.
        Err(_) => return ayon_disk::read(path, 0).map(|_| None),
    };
    let stamp = Stamp::of(&metadata);
    let text = || {
        let Stamp {
            modified,
            changed,
            inode,
            size,
        } = stamp;
        format!("file {modified} {changed} {inode} {size}")
    };
    Ok(Some(State(stamp.is_settled(time(now)).then(text))))
}

fn time(now: Moment) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(now.milliseconds()).unwrap_or_default());
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}
