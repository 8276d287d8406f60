//! Files on this machine, read where they lie, and whatever must be built to be understood.

use std::path::Path;

use pypi::{MetadataAnswer, WheelName};

use crate::build;
use crate::cache::{FileKey, StoredFile};
use crate::contents::Promise;
use crate::error::ClientError;
use crate::state::{Answer, State};

/// The largest source distribution that is read.
const MAX_SDIST: u64 = 2 * 1024 * 1024 * 1024;

/// What a file of a wheelhouse needs. What was learnt is kept: reading it again costs more.
pub(crate) fn metadata(
    state: &State,
    promise: &Promise,
    key: &FileKey,
    path: &Path,
) -> Answer<MetadataAnswer> {
    let failed = |reason: String| ClientError::Wheelhouse {
        place: path.display().to_string(),
        reason,
    };
    let entries = if let Ok(name) = promise.file.parse::<WheelName>() {
        let judged = promise.judge_wheel_at(&name, path);
        vec![(
            key.clone(),
            judged.map_err(|error| failed(error.to_string()))?,
        )]
    } else {
        let bytes = ayon_disk::read(path, MAX_SDIST);
        judge_sdist(
            state,
            promise,
            key,
            &bytes.map_err(|error| failed(error.source.to_string()))?,
        )
    };
    let answer = entries
        .last()
        .map(|(_, stored)| stored.answer(&promise.file));
    for (key, stored) in &entries {
        state.store.keep_file(key, stored);
    }
    answer.ok_or_else(|| failed("it says nothing".to_owned()))
}

/// What a source distribution says, to be kept under these keys; the last is the answer. It is built if it must be and
/// may be.
pub(crate) fn judge_sdist(
    state: &State,
    promise: &Promise,
    key: &FileKey,
    bytes: &[u8],
) -> Vec<(FileKey, StoredFile)> {
    let judged = promise.judge_sdist(bytes);
    let mut entries = vec![(key.clone(), judged)];
    if let (Some((_, StoredFile::Dynamic)), Some(python)) =
        (entries.first(), &state.options.allow_build)
    {
        let built = match build::metadata(state, python, &promise.file, bytes) {
            Ok(metadata) => promise.judge(&metadata),
            Err(reason) => promise.bad(reason),
        };
        entries.push((key.built_by(python), built));
    }
    entries
}
