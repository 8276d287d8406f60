//! Sources that are named outright: a Git repository, an archive at a URL, a file or folder.
//!
//! A source is fixed first, to a commit or a hash, then its metadata is read: of a wheel, of a `PKG-INFO` or
//! `pyproject.toml` that leaves nothing open, else of what a build makes, if building is allowed. What a fixed source says
//! never changes and is kept for ever; what a branch or a URL is fixed to is kept as long as a page is.

mod archive;
mod git;
mod repository;
mod tree;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use pypi::lock::Origin;
use pypi::{DistributionName, Source, SourceAnswer, SourceRelease};

use crate::cache::{FileKey, StoredFile};
use crate::http::Validators;
use crate::keeper::Entry;
use crate::plan::Plan;
use crate::state::{Answer, State};

/// What was found out about a source.
struct Learnt {
    /// What it is fixed to.
    origin: Origin,
    /// What it says.
    says: StoredFile,
    /// What to keep for ever.
    kept: Vec<(FileKey, StoredFile)>,
    /// What to keep for a while, in words of the source's own kind.
    pin: Option<String>,
}

/// What can be told of a source without asking a host. None if a host must be asked.
pub(crate) fn at_hand(
    state: &State,
    name: &DistributionName,
    source: &Source,
) -> Option<SourceAnswer> {
    if let Source::Path { path, subdirectory } = source {
        let learnt = archive::local(state, name, Path::new(path), subdirectory.as_deref());
        return Some(answer(
            name,
            source,
            learnt.map(|learnt| (learnt.says, learnt.origin)),
        ));
    }
    let known = match source {
        Source::Git { .. } => repository::Repository::of(source)
            .and_then(|repository| repository.at_hand(state, name)),
        Source::Url { .. } => archive::at_hand(state, name, source),
        Source::Path { .. } => None,
    };
    match known {
        Some(known) => {
            state.counts.files_cached.fetch_add(1, Ordering::Relaxed);
            Some(answer(name, source, Ok(known)))
        }
        None if state.options.offline => Some(SourceAnswer::Unusable(format!(
            "offline, and {source} is not in the cache; run once without --offline"
        ))),
        None => None,
    }
}

impl Plan {
    /// What a source holds, after asking its host.
    pub(crate) async fn source(
        &self,
        name: &DistributionName,
        source: &Source,
    ) -> Answer<SourceAnswer> {
        let state = Arc::clone(&self.state);
        let learnt = match source {
            // What lies about was looked at where it is asked for.
            Source::Path { .. } => Err("it is not looked at here".to_owned()),
            Source::Git { .. } => match repository::Repository::of(source) {
                Some(repository) => {
                    let name = name.clone();
                    self.beside(move || Ok(repository.learn(&state, &name)))
                        .await?
                }
                None => Err("this is no URL of a repository".to_owned()),
            },
            Source::Url { .. } => archive::fetch(self, name, source).await?,
        };
        self.state
            .counts
            .files_fetched
            .fetch_add(1, Ordering::Relaxed);
        Ok(answer(
            name,
            source,
            learnt.map(|learnt| {
                for (key, file) in learnt.kept {
                    self.keep(Entry::File { key, file });
                }
                if let Some(pin) = learnt.pin {
                    self.keep(Entry::Links {
                        url: pin_key(source),
                        bytes: pin.into_bytes(),
                        freshness: self.freshness(None, Validators::default()),
                    });
                }
                (learnt.says, learnt.origin)
            }),
        ))
    }
}

/// What a source is fixed to for now, as far as it is remembered.
fn pinned(state: &State, name: &DistributionName, source: &Source) -> Option<String> {
    let options = &state.options;
    if options.refresh.covers(name) && !options.offline {
        return None;
    }
    let page = state.store.links(&pin_key(source))?;
    let holds = options.offline || page.freshness.holds(options.now, options.page_lifetime);
    holds.then(|| String::from_utf8(page.project.unwrap_or_default()).ok())?
}

/// The key of what is remembered of a source. Its `Display` hides what may be secret, so who asks with another password
/// is told the same.
fn pin_key(source: &Source) -> String {
    format!("source {source}")
}

/// The answer to what a source was found to say.
fn answer(
    name: &DistributionName,
    source: &Source,
    learnt: Result<(StoredFile, Origin), String>,
) -> SourceAnswer {
    let refuse = |reason: &str| SourceAnswer::Unusable(format!("{source}: {reason}"));
    match learnt {
        Ok((StoredFile::Metadata(metadata), locked)) if metadata.name() == name => {
            SourceAnswer::Known(Arc::new(SourceRelease {
                name: name.clone(),
                version: metadata.version().clone(),
                metadata,
                locked,
            }))
        }
        Ok((StoredFile::Metadata(metadata), _)) => {
            refuse(&format!("it holds {}, not {name}", metadata.name()))
        }
        Ok((StoredFile::Bad(reason), _)) | Err(reason) => refuse(&reason),
        Ok((StoredFile::Dynamic, _)) => refuse(
            "it says what it needs only once it is built: allow a Python to do that with --allow-build, or ask its \
             authors to say name, version and dependencies in the table `project` of its pyproject.toml",
        ),
    }
}

/// A URL without what identifies its user; `ssh` keeps the user, who is part of the address there.
fn without_login(url: &str) -> String {
    match reqwest::Url::parse(url) {
        Ok(mut parsed) if matches!(parsed.scheme(), "http" | "https") => {
            transport::take_user_part(&mut parsed);
            parsed.into()
        }
        _ => url.to_owned(),
    }
}
