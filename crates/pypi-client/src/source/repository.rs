//! What a Git repository holds at one commit.

use pypi::lock::Origin;
use pypi::{DistributionName, Metadata, Reference, Source};

use super::{Learnt, git, pinned, tree, without_login};
use crate::build;
use crate::cache::{FileKey, StoredFile};
use crate::state::State;

/// A repository, and what of it is meant.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    source: Source,
    url: String,
    reference: Reference,
    subdirectory: Option<String>,
}

impl Repository {
    /// The repository that a source names, if it names one.
    pub(super) fn of(source: &Source) -> Option<Self> {
        let Source::Git {
            url,
            reference,
            subdirectory,
        } = source
        else {
            return None;
        };
        Some(Repository {
            source: source.clone(),
            url: url.strip_prefix("git+").unwrap_or(url).to_owned(),
            reference: reference.clone(),
            subdirectory: subdirectory.clone(),
        })
    }

    /// What it holds, as far as that is remembered.
    pub(super) fn at_hand(
        &self,
        state: &State,
        name: &DistributionName,
    ) -> Option<(StoredFile, Origin)> {
        let commit =
            git::full_commit(&self.reference).or_else(|| pinned(state, name, &self.source))?;
        let says = state.stored(&self.key(&commit))?;
        Some((says, self.origin(commit)))
    }

    /// What it holds, by asking its host.
    pub(super) fn learn(&self, state: &State, name: &DistributionName) -> Result<Learnt, String> {
        let commit = git::commit(state, &self.url, &self.reference)?;
        let key = self.key(&commit);
        let mut kept = Vec::new();
        let says = match state.stored(&key) {
            Some(says) => says,
            None => self.read(state, name, &commit, &mut kept)?,
        };
        let pin = git::full_commit(&self.reference)
            .is_none()
            .then(|| commit.clone());
        Ok(Learnt {
            origin: self.origin(commit),
            says,
            kept,
            pin,
        })
    }

    fn read(
        &self,
        state: &State,
        name: &DistributionName,
        commit: &str,
        kept: &mut Vec<(FileKey, StoredFile)>,
    ) -> Result<StoredFile, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        git::fetch(state, &self.url, commit, &self.reference, folder.path())?;
        let path = match &self.subdirectory {
            Some(subdirectory) => format!("{}/pyproject.toml", subdirectory.trim_matches('/')),
            None => "pyproject.toml".to_owned(),
        };
        let pyproject = git::file(state, folder.path(), commit, &path)?;
        let says = match pyproject.and_then(|text| tree::metadata(&text).ok()) {
            Some(metadata) => StoredFile::Metadata(metadata.into()),
            None => StoredFile::Dynamic,
        };
        kept.push((self.key(commit), says.clone()));
        let Some(python) = state
            .options
            .allow_build
            .as_ref()
            .filter(|_| matches!(says, StoredFile::Dynamic))
        else {
            return Ok(says);
        };
        let files = tempfile::tempdir().map_err(|error| error.to_string())?;
        git::check_out(state, folder.path(), commit, files.path())?;
        let built = build::of_path(
            state,
            python,
            files.path(),
            self.subdirectory.as_deref(),
            name,
        )?;
        let built = Metadata::parse(&built).map_err(|error| error.to_string())?;
        let built = StoredFile::Metadata(built.into());
        kept.push((self.key(commit).built_by(python), built.clone()));
        Ok(built)
    }

    fn key(&self, commit: &str) -> FileKey {
        let subdirectory = self.subdirectory.as_deref().unwrap_or_default();
        FileKey::of_commit(&without_login(&self.url), commit, subdirectory)
    }

    fn origin(&self, commit: String) -> Origin {
        Origin::Git {
            url: without_login(&self.url),
            commit,
            requested: self.reference.name().map(str::to_owned),
            subdirectory: self.subdirectory.clone(),
        }
    }
}
