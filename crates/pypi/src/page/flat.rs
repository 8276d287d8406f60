//! Flat lists of files: a page for `--find-links`, the listing of a folder.
//!
//! The names of the files are the only order in them. A wheel says whose it is. The name of a source
//! distribution does not say where the project's name ends (`a-b-1.0.tar.gz`), so it is kept under
//! every name that it may be of, and the project that is asked for decides.

use std::collections::BTreeMap;

use crate::file::sdist_name::{SdistKind, SdistName};
use crate::file::wheel_name::WheelParts;
use crate::name::DistributionName;
use crate::project::{NewFile, Project, ProjectBuilder, TooLarge};

/// The files of many projects.
#[derive(Debug, Clone, Default)]
pub struct FlatLinks {
    files: BTreeMap<DistributionName, Vec<NewFile>>,
    skipped: usize,
}

impl FlatLinks {
    /// Adds a file.
    pub fn add(&mut self, file: NewFile) {
        let mut names: Vec<DistributionName> = Vec::new();
        if let Ok(parts) = WheelParts::split(&file.name) {
            names.extend(parts.name.parse());
        } else if let Some((stem, _)) = SdistKind::of(&file.name) {
            for (dash, _) in stem.match_indices('-') {
                // The spellings `a-1` and `a_1` are one name, and one file is enough.
                if let Ok(name) = stem[..dash].parse()
                    && !names.contains(&name)
                    && SdistName::parse(&file.name, &name).is_ok()
                {
                    names.push(name);
                }
            }
        }
        let last = names.pop();
        for name in names {
            self.files.entry(name).or_default().push(file.clone());
        }
        match last {
            Some(name) => self.files.entry(name).or_default().push(file),
            None => self.skipped += 1,
        }
    }

    /// The names of which there may be files.
    pub fn names(&self) -> impl Iterator<Item = &DistributionName> {
        self.files.keys()
    }

    /// The files that may be of a project, to be added to others of it.
    pub fn files(&self, name: &DistributionName) -> &[NewFile] {
        self.files.get(name).map_or(&[], Vec::as_slice)
    }

    /// How many files are no distributions.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// The files of one project, if there are any. `index` is what [`Project::index`] will say.
    ///
    /// # Errors
    /// If they take more than four gigabytes.
    pub fn project(
        &self,
        name: &DistributionName,
        index: &str,
    ) -> Result<Option<Project>, TooLarge> {
        let Some(files) = self.files.get(name) else {
            return Ok(None);
        };
        let mut builder = ProjectBuilder::new(name.clone(), index);
        for file in files {
            builder.add(file.clone());
        }
        builder.build().map(Some)
    }
}
