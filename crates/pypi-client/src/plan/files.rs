//! What a file needs, with the fewest requests and bytes.
//!
//! ```text
//! wheel   1. the index has the metadata as a file of its own: that
//!         2. the last 32 KiB, which nearly always hold the metadata; else exactly the range that their directory names
//!         3. all of it, where the server knows no ranges or the file is shorter
//! sdist   1. as above
//!         2. all of it: its PKG-INFO if that is final, else what a build says, if building is allowed
//! ```
//! What was read whole is held against the hash that its index gave. What is there and no good makes the file unusable,
//! for good; what could not be had is an error.

use std::sync::Arc;

use pypi::{FileId, FileKind, Location, MetadataAnswer, Project, WheelName, wheel};

use super::Plan;
use crate::cache::{FileKey, StoredFile};
use crate::contents::{Look, Parts, Promise};
use crate::http::{Expected, FileAnswer, Wanted};
use crate::keeper::Entry;
use crate::local;
use crate::state::Answer;

/// The largest part of a wheel, or file of metadata, that is read.
const MAX_PART: u64 = 64 * 1024 * 1024;
/// The largest file that is read whole for its metadata.
const MAX_FILE: u64 = 2 * 1024 * 1024 * 1024;

/// What came of asking for a file.
pub(super) enum Fetched {
    Answer(MetadataAnswer),
    /// The index has no such file any more.
    Gone,
}

/// A file as its index describes it.
struct Wished {
    url: String,
    promise: Promise,
    expected: Expected,
}

impl Plan {
    /// What a file of an index needs.
    pub(super) async fn fetch_file(&self, project: &Arc<Project>, id: FileId) -> Answer<Fetched> {
        let (file, key) = (project.file(id), FileKey::of(project, id));
        let Location::Url(url) = file.location() else {
            // What lies about was looked at where it is asked for.
            return Ok(Fetched::Gone);
        };
        let wished = Wished {
            url: url.to_owned(),
            promise: Promise::of(project, id),
            expected: Expected {
                size: file.size(),
                hashes: file
                    .hashes()
                    .map(|(algorithm, digest)| (algorithm.to_owned(), digest))
                    .collect(),
            },
        };
        let advertised = file
            .has_core_metadata()
            .then(|| file.core_metadata_sha256().map(str::to_owned));
        let is_wheel = matches!(file.kind(), FileKind::Wheel { .. });
        if let Some(hash) = advertised
            && let Some(stored) = self.advertised(&wished, hash).await?
        {
            return Ok(self.told(&wished, key, stored));
        }
        if is_wheel {
            let stored = self.wheel(&wished).await?;
            return Ok(stored.map_or(Fetched::Gone, |stored| self.told(&wished, key, stored)));
        }
        self.sdist(wished, key).await
    }

    /// Keeps what was learnt of a file, and answers with it.
    fn told(&self, wished: &Wished, key: FileKey, stored: StoredFile) -> Fetched {
        let answer = stored.answer(&wished.promise.file);
        self.keep(Entry::File { key, file: stored });
        Fetched::Answer(answer)
    }

    /// The metadata that the index has as a file of its own; none if it has not, whatever it says.
    async fn advertised(
        &self,
        wished: &Wished,
        hash: Option<String>,
    ) -> Answer<Option<StoredFile>> {
        let hashes = hash
            .into_iter()
            .map(|digest| ("sha256".to_owned(), digest))
            .collect();
        let expected = Expected { size: None, hashes };
        let answer = self
            .http
            .whole(&beside(&wished.url), &expected, MAX_PART)
            .await?;
        Ok(match answer {
            FileAnswer::Whole(bytes) => Some(wished.promise.judge(&bytes)),
            _ => None,
        })
    }

    /// The metadata of a wheel out of its end; none if the wheel is gone.
    async fn wheel(&self, wished: &Wished) -> Answer<Option<StoredFile>> {
        let promise = &wished.promise;
        let Ok(name) = promise.file.parse::<WheelName>() else {
            return Ok(Some(promise.bad("this is not the name of a wheel")));
        };
        let (mut parts, mut wanted) = (Parts::default(), Wanted::Suffix(wheel::TAIL));
        loop {
            match self.http.file(&wished.url, &wanted, MAX_FILE).await? {
                FileAnswer::Part {
                    bytes,
                    start,
                    total,
                } => {
                    parts.add(start, bytes);
                    match parts.look(promise, &name, total) {
                        Look::Done(stored) => return Ok(Some(stored)),
                        Look::Needs(range) => wanted = Wanted::Bytes(range),
                    }
                }
                FileAnswer::Whole(bytes) => {
                    return self.whole_wheel(wished, name, bytes).await.map(Some);
                }
                FileAnswer::Missing => return Ok(None),
            }
        }
    }

    async fn whole_wheel(
        &self,
        wished: &Wished,
        name: WheelName,
        bytes: Vec<u8>,
    ) -> Answer<StoredFile> {
        let Wished {
            url,
            promise,
            expected,
        } = wished;
        let (url, promise, expected) = (url.clone(), promise.clone(), expected.clone());
        let judged = self.beside(move || {
            expected.check(&url, &bytes)?;
            Ok(promise.judge_wheel(&name, &bytes))
        });
        judged.await
    }

    /// What a source distribution says, built if it must be and may be.
    async fn sdist(&self, wished: Wished, key: FileKey) -> Answer<Fetched> {
        let Wished {
            url,
            promise,
            expected,
        } = &wished;
        let FileAnswer::Whole(bytes) = self.http.whole(url, expected, MAX_FILE).await? else {
            return Ok(Fetched::Gone);
        };
        let (promise, state) = (promise.clone(), Arc::clone(&self.state));
        let judged = self.beside(move || Ok(local::judge_sdist(&state, &promise, &key, &bytes)));
        let learnt = judged.await?;
        for (key, file) in learnt.kept {
            self.keep(Entry::File { key, file });
        }
        Ok(Fetched::Answer(learnt.answer))
    }
}

/// The URL of the metadata beside a file: what the file is asked with stays behind it.
fn beside(url: &str) -> String {
    let (path, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    format!("{path}.metadata{rest}")
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn metadata_lies_beside_its_file() {
        assert_eq!(
            beside("https://h.invalid/a.whl"),
            "https://h.invalid/a.whl.metadata"
        );
        assert_eq!(
            beside("https://h.invalid/a.whl?sign=1"),
            "https://h.invalid/a.whl.metadata?sign=1"
        );
    }
}
