//! Wheels that lie about: in a flat folder, in a folder for each project, or behind a flat page of links.
//!
//! The first and the last are wheelhouses (`--find-links`): their files are added to what the indexes offer, and where both
//! have a file of one name, the wheelhouse's is meant. The second is an index of its own kind ([`FolderIndex`]). Only the
//! files of projects that are asked for are hashed, and a hash is computed again only when the file's stamp changes.

mod folder;
mod hashes;
mod links;

use std::fmt::Display;

use pypi::page::FlatLinks;
use pypi::{DistributionName, NewFile};

pub(crate) use hashes::hexadecimal;

use folder::FlatFolder;
pub(crate) use folder::FolderIndex;
use links::LinkPage;

use crate::error::ClientError;
use crate::indexes::Place;
use crate::plan::Plan;
use crate::state::{Answer, State};

/// All wheelhouses, in the order in which they were named.
pub(crate) struct Wheelhouses {
    folders: Vec<FlatFolder>,
    pages: Vec<LinkPage>,
}

impl Wheelhouses {
    pub(crate) fn new(find_links: &[String]) -> Answer<Self> {
        let (mut folders, mut pages) = (Vec::new(), Vec::new());
        for text in find_links {
            match Place::parse(text)? {
                // The URL of a page is not touched: it may well end in a slash, or in `.html`.
                Place::Url(_) => pages.push(LinkPage::new(text.clone())),
                Place::Folder(folder) => folders.push(FlatFolder::new(folder)),
            }
        }
        Ok(Wheelhouses { folders, pages })
    }

    /// The files of a project, unless a page of links must be asked for first. Folders come first.
    pub(crate) fn files_at_hand(
        &self,
        state: &State,
        name: &DistributionName,
    ) -> Option<Answer<Vec<NewFile>>> {
        let pages: Option<Vec<_>> = self.pages.iter().map(|page| page.at_hand(state)).collect();
        Some(self.collect(state, name, pages?))
    }

    /// The files of a project, after asking for what is not at hand.
    pub(crate) async fn files(&self, plan: &Plan, name: &DistributionName) -> Answer<Vec<NewFile>> {
        let mut pages = Vec::new();
        for page in &self.pages {
            pages.push(page.fetch(plan).await);
        }
        self.collect(&plan.state, name, pages)
    }

    /// The names of the projects in folders.
    pub(crate) fn names(&self) -> impl Iterator<Item = DistributionName> {
        self.folders.iter().flat_map(FlatFolder::names)
    }

    fn collect(
        &self,
        state: &State,
        name: &DistributionName,
        pages: Vec<Answer<&FlatLinks>>,
    ) -> Answer<Vec<NewFile>> {
        let mut files = Vec::new();
        for folder in &self.folders {
            files.extend(folder.files(state, name)?);
        }
        for page in pages {
            files.extend(page?.files(name).iter().cloned());
        }
        Ok(files)
    }

    /// The wheelhouses in messages.
    pub(crate) fn shown(&self) -> impl Iterator<Item = String> {
        let folders = self.folders.iter().map(FlatFolder::shown);
        folders.chain(self.pages.iter().map(LinkPage::shown))
    }
}

fn unreadable(place: String, reason: impl Display) -> ClientError {
    let reason = reason.to_string();
    ClientError::Wheelhouse { place, reason }
}
