//! What files say of themselves: their metadata held against their names, read here where they lie, elsewhere where they
//! were fetched.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use pypi::wheel::{self, Found, Part};
use pypi::{DistributionName, FileId, Metadata, Project, SdistKind, Version, WheelName, sdist};

use crate::cache::StoredFile;

/// A file by its name, and what its metadata must say.
#[derive(Debug, Clone)]
pub(crate) struct Promise {
    pub(crate) file: String,
    pub(crate) name: DistributionName,
    pub(crate) version: Version,
}

impl Promise {
    /// What a project promises of a file of its.
    pub(crate) fn of(project: &Project, id: FileId) -> Self {
        Promise {
            file: project.file(id).name().to_owned(),
            name: project.name().clone(),
            version: project.version(project.position_of_file(id)).clone(),
        }
    }

    /// The file is no good.
    pub(crate) fn bad(&self, reason: impl Display) -> StoredFile {
        StoredFile::Bad(format!("{}: {reason}", self.file))
    }

    /// What a `METADATA` says, if it is what was promised.
    pub(crate) fn judge(&self, metadata: &[u8]) -> StoredFile {
        let read = Metadata::parse(metadata).and_then(|metadata| {
            metadata.check(&self.name, &self.version)?;
            Ok(metadata)
        });
        match read {
            Ok(metadata) => StoredFile::Metadata(metadata.into()),
            Err(error) => self.bad(error),
        }
    }

    /// What a whole wheel says.
    pub(crate) fn judge_wheel(&self, name: &WheelName, bytes: &[u8]) -> StoredFile {
        match wheel::metadata_of(bytes, name) {
            Ok(metadata) => self.judge(&metadata),
            Err(error) => self.bad(error),
        }
    }

    /// What a whole source distribution says, if it says it for good.
    pub(crate) fn judge_sdist(&self, bytes: &[u8]) -> StoredFile {
        let Some((_, kind)) = SdistKind::of(&self.file) else {
            return self.bad("this is not the name of a source distribution");
        };
        match sdist::metadata_of(bytes, kind, &self.name) {
            Ok(metadata) => match self.judge(&metadata) {
                StoredFile::Metadata(metadata) if !metadata.static_dependencies() => {
                    StoredFile::Dynamic
                }
                judged => judged,
            },
            Err(error) => self.bad(error),
        }
    }

    /// What a wheel on this machine says.
    pub(crate) fn judge_wheel_at(&self, name: &WheelName, path: &Path) -> io::Result<StoredFile> {
        let mut file = File::open(path)?;
        let total = file.metadata()?.len();
        let mut parts = Parts::default();
        let mut range = total.saturating_sub(wheel::TAIL)..total;
        loop {
            let start = range.start;
            parts.add(start, part(&mut file, range)?);
            match parts.look(self, name, total) {
                Look::Done(stored) => return Ok(stored),
                Look::Needs(next) => range = next,
            }
        }
    }
}

/// The parts of a wheel that were read so far.
#[derive(Debug, Default)]
pub(crate) struct Parts(Vec<(u64, Vec<u8>)>);

/// What the parts of a wheel came to.
pub(crate) enum Look {
    Done(StoredFile),
    /// This range is missing.
    Needs(Range<u64>),
}

impl Parts {
    pub(crate) fn add(&mut self, start: u64, bytes: Vec<u8>) {
        self.0.push((start, bytes));
    }

    /// Looks for the metadata of a wheel of `total` bytes.
    pub(crate) fn look(&self, promise: &Promise, name: &WheelName, total: u64) -> Look {
        let parts: Vec<Part<'_>> = self
            .0
            .iter()
            .map(|(start, bytes)| Part {
                start: *start,
                bytes,
            })
            .collect();
        match wheel::locate(&parts, total, name) {
            Ok(Found::Metadata(metadata)) => Look::Done(promise.judge(&metadata)),
            Ok(Found::Range(range)) => Look::Needs(range),
            Err(error) => Look::Done(promise.bad(error)),
        }
    }
}

fn part(file: &mut File, range: Range<u64>) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(range.start))?;
    let mut bytes = Vec::new();
    file.take(range.end.saturating_sub(range.start))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
