//! An index in memory: for tests, benchmarks, and whoever has all facts at hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use pypi::{
    DistributionName, FileId, Index, IndexError, Metadata, MetadataAnswer, NewFile, NewLocation,
    Project, ProjectBuilder, Source, SourceAnswer,
};

/// Projects with the metadata of their files, all in memory.
#[derive(Default)]
pub struct MemoryIndex {
    label: String,
    /// What was added piece by piece, until it is first asked for.
    pieces: BTreeMap<DistributionName, Vec<NewFile>>,
    projects: BTreeMap<DistributionName, Arc<Project>>,
    /// By file name.
    metadata: BTreeMap<String, MetadataAnswer>,
}

impl MemoryIndex {
    /// Nothing yet. The label is what messages call it.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// Adds a version with one wheel for everything, that needs `requires`.
    ///
    /// # Panics
    /// If a name, a version or a requirement is none: whoever builds an index in memory writes them himself.
    #[expect(
        clippy::expect_used,
        reason = "documented: the texts come from the caller's own code"
    )]
    pub fn add(&mut self, name: &str, version: &str, requires: &[&str]) {
        let name: DistributionName = name.parse().expect("a distribution's name");
        let mut text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        for requirement in requires {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "Requires-Dist: {requirement}");
        }
        let metadata = Metadata::parse(text.as_bytes()).expect("requirements that can be read");
        let file = format!("{}-{version}-py3-none-any.whl", name.with_underscores());
        let location = NewLocation::Url(format!("https://index.invalid/{name}/{file}"));
        self.add_file(
            name,
            NewFile::new(file, location),
            MetadataAnswer::Known(Arc::new(metadata)),
        );
    }

    /// Adds one file of a project and what is answered when its metadata is asked for.
    pub fn add_file(&mut self, name: DistributionName, file: NewFile, metadata: MetadataAnswer) {
        self.metadata.insert(file.name.clone(), metadata);
        let files = self.pieces.entry(name.clone()).or_default();
        files.push(file);
        let mut builder = ProjectBuilder::new(name.clone(), &self.label);
        for file in files.iter().cloned() {
            builder.add(file);
        }
        // More than four gigabytes of file names do not come about here.
        if let Ok(project) = builder.build() {
            self.projects.insert(name, Arc::new(project));
        }
    }

    /// Adds a whole project, as a page gives it, with what is answered for each of its files by name.
    pub fn add_project(
        &mut self,
        project: Arc<Project>,
        metadata: impl IntoIterator<Item = (String, MetadataAnswer)>,
    ) {
        self.projects.insert(project.name().clone(), project);
        self.metadata.extend(metadata);
    }

    /// The projects, by name.
    pub fn projects(&self) -> impl Iterator<Item = &Arc<Project>> {
        self.projects.values()
    }
}

impl Index for MemoryIndex {
    fn project(&self, name: &DistributionName) -> Result<Option<Arc<Project>>, IndexError> {
        Ok(self.projects.get(name).cloned())
    }

    fn metadata(&self, project: &Arc<Project>, file: FileId) -> Result<MetadataAnswer, IndexError> {
        let name = project.file(file).name();
        let unknown = || MetadataAnswer::Unusable("it has no metadata".to_owned());
        Ok(self.metadata.get(name).cloned().unwrap_or_else(unknown))
    }

    fn source(&self, _: &DistributionName, source: &Source) -> Result<SourceAnswer, IndexError> {
        Ok(SourceAnswer::Unusable(format!("{source} is not in memory")))
    }

    fn known_names(&self) -> Vec<DistributionName> {
        self.projects.keys().cloned().collect()
    }

    fn describe(&self) -> String {
        self.label.clone()
    }
}
