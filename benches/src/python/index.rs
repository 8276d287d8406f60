//! A world in memory, as a solve sees it: through the pages and the metadata that an index would send.

use std::sync::Arc;

use pypi::page::{Page, PageError, parse};
use pypi::{DistributionName, Metadata, MetadataAnswer};
use pypi_solve::MemoryIndex;

use super::packages::PythonWorld;
use super::pages::Form;

/// Where the pages say that they are.
const BASE: &str = "https://index.invalid/simple/";

/// A page of our own that cannot be read again.
#[derive(Debug, thiserror::Error)]
#[error("the {form} page of {name} cannot be read: {error}")]
pub struct WorldError {
    form: &'static str,
    name: DistributionName,
    error: PageError,
}

impl PythonWorld {
    /// The world as an index in memory: every page is written in `form` and read again, and so is all metadata.
    pub fn index(&self, form: Form) -> Result<MemoryIndex, WorldError> {
        let mut index = MemoryIndex::new("a recorded index");
        for (name, versions) in &self.packages {
            let text = self.page(name, form).unwrap_or_default();
            let url = format!("{BASE}{name}/");
            let page = Page {
                bytes: text.as_bytes(),
                content_type: form.content_type(),
                url: &url,
            };
            let project = parse(&page, name, BASE).map_err(|error| WorldError {
                form: form.name(),
                name: name.clone(),
                error,
            })?;
            let metadata = versions.iter().flat_map(|(version, release)| {
                let text = release.metadata(name, version);
                let answer = match Metadata::parse(text.as_bytes()) {
                    Ok(metadata) => MetadataAnswer::Known(Arc::new(metadata)),
                    Err(error) => MetadataAnswer::Unusable(error.to_string()),
                };
                let files = release.files(name, version).into_iter();
                files.map(move |file| (file, answer.clone()))
            });
            index.add_project(Arc::new(project), metadata.collect::<Vec<_>>());
        }
        Ok(index)
    }
}
