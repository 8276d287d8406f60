//! An index that remembers which commit a branch or tag was when the last lock was made.

use std::collections::BTreeMap;
use std::sync::Arc;

use pypi::lock::Origin;
use pypi::lock::pins::GitPin;
use pypi::{
    DistributionName, FileId, Hint, Index, IndexError, MetadataAnswer, Project, Reference, Source,
    SourceAnswer, SourceRelease,
};

/// `inner`, with what a lock recorded of repositories: a branch that has moved since stays where it was.
pub struct Remembering<'a> {
    /// What is asked.
    pub inner: &'a dyn Index,
    /// The commits, by package.
    pub commits: BTreeMap<DistributionName, GitPin>,
}

impl Index for Remembering<'_> {
    fn project(&self, name: &DistributionName) -> Result<Option<Arc<Project>>, IndexError> {
        self.inner.project(name)
    }

    fn metadata(&self, project: &Arc<Project>, file: FileId) -> Result<MetadataAnswer, IndexError> {
        self.inner.metadata(project, file)
    }

    fn source(&self, name: &DistributionName, source: &Source) -> Result<SourceAnswer, IndexError> {
        let Some((fixed, asked)) = self.remembered(name, source) else {
            return self.inner.source(name, source);
        };
        let mut answer = self.inner.source(name, &fixed)?;
        if let SourceAnswer::Known(release) = &answer
            && let Origin::Git {
                url,
                commit,
                subdirectory,
                ..
            } = &release.locked
        {
            // The lock goes on telling what was asked for.
            let locked = Origin::Git {
                url: url.clone(),
                commit: commit.clone(),
                requested: asked,
                subdirectory: subdirectory.clone(),
            };
            let release = SourceRelease {
                locked,
                ..SourceRelease::clone(release)
            };
            answer = SourceAnswer::Known(Arc::new(release));
        }
        Ok(answer)
    }

    fn expect(&self, hint: Hint<'_>) {
        self.inner.expect(hint);
    }

    fn known_names(&self) -> Vec<DistributionName> {
        self.inner.known_names()
    }

    fn describe(&self) -> String {
        self.inner.describe()
    }
}

impl Remembering<'_> {
    /// The source at the commit that was recorded for just this repository and reference, and the reference's name.
    fn remembered(
        &self,
        name: &DistributionName,
        source: &Source,
    ) -> Option<(Source, Option<String>)> {
        let pin = self.commits.get(name)?;
        let Source::Git {
            url,
            reference,
            subdirectory,
        } = source
        else {
            return None;
        };
        let asked = reference.name().map(str::to_owned);
        let bare = pypi::without_secret(url.strip_prefix("git+").unwrap_or(url)).0;
        if bare != pin.url || asked != pin.requested {
            return None;
        }
        let fixed = Source::Git {
            url: url.clone(),
            reference: Reference::Revision(pin.commit.clone()),
            subdirectory: subdirectory.clone(),
        };
        Some((fixed, asked))
    }
}
