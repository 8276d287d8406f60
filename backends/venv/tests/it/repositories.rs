//! Distributions from repositories.

use std::sync::Arc;

use ayon_backend::example::{ask, resolution};
use ayon_backend_venv::{Options, Upgrade};
use pypi::lock::pins::OldLock;
use pypi::{
    DistributionName, FileId, Index, IndexError, Metadata, MetadataAnswer, Project, Source,
    SourceAnswer, SourceRelease,
};

use crate::world::{run, text};

/// A repository whose branch moves.
struct Repository {
    head: &'static str,
}

impl Index for Repository {
    fn project(&self, _: &DistributionName) -> Result<Option<Arc<Project>>, IndexError> {
        Ok(None)
    }

    fn metadata(&self, _: &Arc<Project>, _: FileId) -> Result<MetadataAnswer, IndexError> {
        Ok(MetadataAnswer::Unusable("there is none".to_owned()))
    }

    fn source(&self, name: &DistributionName, source: &Source) -> Result<SourceAnswer, IndexError> {
        let Source::Git { url, reference, .. } = source else {
            return Err(IndexError::new("it is in a repository"));
        };
        let asked = reference.name();
        let is_commit = asked.is_some_and(|asked| asked.len() == 40);
        let text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n");
        Ok(SourceAnswer::Known(Arc::new(SourceRelease {
            name: name.clone(),
            version: "1.0".parse().unwrap(),
            metadata: Arc::new(Metadata::parse(text.as_bytes()).unwrap()),
            locked: pypi::lock::Origin::Git {
                url: url.clone(),
                commit: asked.filter(|_| is_commit).unwrap_or(self.head).to_owned(),
                requested: asked.map(str::to_owned),
                subdirectory: None,
            },
        })))
    }

    fn describe(&self) -> String {
        "a repository".to_owned()
    }
}

#[test]
fn a_branch_that_moved_stays_where_it_was_locked() {
    const OLD: &str = "0000000000000000000000000000000000000001";
    const NEW: &str = "0000000000000000000000000000000000000002";
    let lock = |head, options, branch: &str| {
        let mut resolution = resolution();
        ask(
            &mut resolution,
            "core",
            "tool @ git+https://me:secret@host.invalid/tool.git@main",
        );
        let tool = resolution.distributions.values_mut().next().unwrap();
        tool.askers[0].constraint = pypi::Constraint::Source(Source::Git {
            url: "https://me:secret@host.invalid/tool.git".to_owned(),
            reference: pypi::Reference::Branch(branch.to_owned()),
            subdirectory: None,
        });
        text(&run(Repository { head }, options, vec![resolution], "pylock").unwrap()).to_owned()
    };
    let first = lock(OLD, Options::default(), "main");
    assert!(first.contains(OLD) && !first.contains("secret"), "{first}");
    let previous = || Options {
        previous: vec![OldLock::read(&first).unwrap()],
        ..Options::default()
    };
    assert_eq!(lock(NEW, previous(), "main"), first);
    assert!(lock(NEW, previous(), "other").contains(NEW));
    let upgrade = Options {
        upgrade: Upgrade::All,
        ..previous()
    };
    assert!(lock(NEW, upgrade, "main").contains(NEW));
}
