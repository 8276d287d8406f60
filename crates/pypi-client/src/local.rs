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
    let learnt = if let Ok(name) = promise.file.parse::<WheelName>() {
        let judged = promise.judge_wheel_at(&name, path);
        Learnt::of(
            promise,
            key.clone(),
            judged.map_err(|error| failed(error.to_string()))?,
        )
    } else {
        let bytes = ayon_disk::read(path, MAX_SDIST);
        let bytes = bytes.map_err(|error| failed(error.source.to_string()))?;
        judge_sdist(state, promise, key, &bytes)
    };
    for (key, stored) in &learnt.kept {
        state.store.keep_file(key, stored);
    }
    Ok(learnt.answer)
}

/// What a file was found to need, and what of that to keep.
pub(crate) struct Learnt {
    pub(crate) answer: MetadataAnswer,
    pub(crate) kept: Vec<(FileKey, StoredFile)>,
}

impl Learnt {
    fn of(promise: &Promise, key: FileKey, stored: StoredFile) -> Self {
        let answer = stored.answer(&promise.file);
        Learnt {
            answer,
            kept: vec![(key, stored)],
        }
    }
}

/// What a source distribution needs. It is built if it must be and may be; a build may fail today and not tomorrow, so
/// only what it makes is kept.
pub(crate) fn judge_sdist(state: &State, promise: &Promise, key: &FileKey, bytes: &[u8]) -> Learnt {
    let mut learnt = Learnt::of(promise, key.clone(), promise.judge_sdist(bytes));
    if let (Some((_, StoredFile::Dynamic)), Some(python)) =
        (learnt.kept.first(), &state.options.allow_build)
    {
        match build::of_sdist(state, python, &promise.file, bytes, None, &promise.name) {
            Ok(metadata) => {
                let built = promise.judge(&metadata);
                learnt.answer = built.answer(&promise.file);
                learnt.kept.push((key.built_by(python), built));
            }
            Err(reason) => {
                learnt.answer = MetadataAnswer::Unusable(format!("{}: {reason}", promise.file));
            }
        }
    }
    learnt
}
