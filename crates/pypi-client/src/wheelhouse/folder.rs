//! Folders of wheels, flat or with a folder for each project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ayon_disk::FolderEntryKind;
use pypi::page::{self, FlatLinks, Page};
use pypi::{DistributionName, NewFile, NewLocation, Project, ProjectBuilder};

use super::hashes::hashed;
use super::unreadable;
use crate::error::ClientError;
use crate::state::{Answer, State, again};

/// No page of a project in a folder is larger.
const MAX_PAGE: u64 = 64 * 1024 * 1024;

/// A flat folder, listed when first asked.
pub(super) struct FlatFolder {
    folder: PathBuf,
    files: OnceLock<Answer<FlatLinks>>,
}

/// A folder with a folder for each project, listed when first asked. In those are the files, or an `index.html`.
pub(crate) struct FolderIndex {
    folder: PathBuf,
    projects: OnceLock<Answer<BTreeMap<DistributionName, PathBuf>>>,
}

impl FlatFolder {
    pub(super) fn new(folder: PathBuf) -> Self {
        let files = OnceLock::new();
        FlatFolder { folder, files }
    }

    pub(super) fn shown(&self) -> String {
        self.folder.display().to_string()
    }

    /// The names of its projects, if it was listed.
    pub(super) fn names(&self) -> Vec<DistributionName> {
        match self.files.get() {
            Some(Ok(files)) => files.names().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// The files of a project.
    pub(super) fn files(&self, state: &State, name: &DistributionName) -> Answer<Vec<NewFile>> {
        match self.files.get_or_init(|| list(&self.folder)) {
            Ok(files) => hashed(state, &self.folder, files.files(name)),
            Err(error) => Err(error.clone()),
        }
    }
}

impl FolderIndex {
    pub(crate) fn new(folder: PathBuf) -> Self {
        let projects = OnceLock::new();
        FolderIndex { folder, projects }
    }

    /// A project, if there is a folder of its name.
    pub(crate) fn project(
        &self,
        state: &State,
        name: &DistributionName,
    ) -> Answer<Option<Arc<Project>>> {
        let projects = self
            .projects
            .get_or_init(|| self.list())
            .as_ref()
            .map_err(Clone::clone)?;
        let Some(folder) = projects.get(name) else {
            return Ok(None);
        };
        let files = if folder.join("index.html").is_file() {
            linked(folder, name)?
        } else {
            hashed(state, folder, list(folder)?.files(name))?
        };
        let mut builder = ProjectBuilder::new(name.clone(), self.folder.display().to_string());
        for file in files {
            builder.add(file);
        }
        let project = builder
            .build()
            .map_err(|error| ClientError::File(error.to_string()))?;
        Ok(Some(Arc::new(project)))
    }

    fn list(&self) -> Answer<BTreeMap<DistributionName, PathBuf>> {
        let failed = |reason: String| unreadable(self.folder.display().to_string(), reason);
        let entries =
            ayon_disk::read_dir(&self.folder).map_err(|error| failed(error.source.to_string()))?;
        let is_wheel = |path: &Path| path.extension().is_some_and(|extension| extension == "whl");
        if entries.iter().any(|entry| is_wheel(&entry.path)) {
            return Err(failed("an index has a folder for each project, and here are wheels themselves; use --find-links".to_owned()));
        }
        let folders = entries
            .into_iter()
            .filter(|entry| entry.kind == FolderEntryKind::Folder);
        Ok(folders
            .filter_map(|entry| Some((entry.name.to_str()?.parse().ok()?, entry.path)))
            .collect())
    }
}

/// The files that a project's page in a folder names. Those beside it are paths.
fn linked(folder: &Path, name: &DistributionName) -> Answer<Vec<NewFile>> {
    let path = folder.join("index.html");
    let failed = |reason: String| unreadable(path.display().to_string(), reason);
    let bytes =
        ayon_disk::read(&path, MAX_PAGE).map_err(|error| failed(error.source.to_string()))?;
    let url = reqwest::Url::from_directory_path(folder)
        .map_err(|()| failed("its path is no URL".to_owned()))?;
    let page = Page {
        bytes: &bytes,
        content_type: "",
        url: url.as_str(),
    };
    let project = page::parse(&page, name, "").map_err(|error| failed(error.to_string()))?;
    let files = (0..project.len()).flat_map(|position| project.files(position));
    Ok(files.map(|file| again(&project, file)).collect())
}

/// The wheels and source distributions of a folder.
fn list(folder: &Path) -> Answer<FlatLinks> {
    let entries = ayon_disk::read_dir(folder)
        .map_err(|error| unreadable(folder.display().to_string(), error.source))?;
    let mut files = FlatLinks::default();
    for entry in entries {
        // What is not Unicode is the name of no distribution; nor could a lock name a folder that is not.
        if entry.kind == FolderEntryKind::File
            && let (Some(name), Some(path)) = (entry.name.to_str(), entry.path.to_str())
        {
            files.add(NewFile::new(name, NewLocation::Path(path.to_owned())));
        }
    }
    Ok(files)
}
