//! A flat page of links to wheels: one page for all projects, fetched once and kept like the page of a project.

use std::sync::atomic::Ordering;

use pypi::page::{self, FlatLinks, Page};
use tokio::sync::OnceCell;

use super::unreadable;
use crate::cache::Freshness;
use crate::error::ClientError;
use crate::http::PageAnswer;
use crate::keeper::Entry;
use crate::plan::Plan;
use crate::state::{Answer, State};
use transport::shown;

/// A page by its URL.
pub(super) struct LinkPage {
    url: String,
    files: OnceCell<Answer<FlatLinks>>,
}

impl LinkPage {
    pub(super) fn new(url: String) -> Self {
        let files = OnceCell::new();
        LinkPage { url, files }
    }

    pub(super) fn shown(&self) -> String {
        shown(&self.url)
    }

    /// The files of the page, unless it must be asked for.
    pub(super) fn at_hand(&self, state: &State) -> Option<Answer<&FlatLinks>> {
        if self.files.get().is_none()
            && let Some(files) = self.stored(state)
        {
            // Somebody else may have been faster, with the same.
            let _ = self.files.set(files);
        }
        self.files
            .get()
            .map(|files| files.as_ref().map_err(Clone::clone))
    }

    /// The files of the page, after asking for it if that is needed.
    pub(super) async fn fetch(&self, plan: &Plan) -> Answer<&FlatLinks> {
        let files = self.files.get_or_init(|| async {
            match self.stored(&plan.state) {
                Some(files) => files,
                None => self.ask(plan).await,
            }
        });
        files.await.as_ref().map_err(Clone::clone)
    }

    /// The kept page if it is fresh; offline, at any age or as an error.
    fn stored(&self, state: &State) -> Option<Answer<FlatLinks>> {
        let options = &state.options;
        let stored = state.store.links(&self.url);
        let fresh = |freshness: &Freshness| {
            options.refresh == crate::options::Refresh::None
                && freshness.holds(options.now, options.page_lifetime)
        };
        match stored {
            Some(page) if options.offline || fresh(&page.freshness) => {
                state.counts.pages_cached.fetch_add(1, Ordering::Relaxed);
                Some(read(&page.project.unwrap_or_default(), &self.shown()))
            }
            _ if options.offline => Some(Err(ClientError::Offline {
                name: None,
                place: self.shown(),
            })),
            _ => None,
        }
    }

    async fn ask(&self, plan: &Plan) -> Answer<FlatLinks> {
        let PageAnswer::Page(page) = plan.http.page(&self.url, None).await? else {
            return Err(unreadable(self.shown(), "there is no such page"));
        };
        plan.state
            .counts
            .pages_fetched
            .fetch_add(1, Ordering::Relaxed);
        let freshness = plan.freshness(page.fresh_for, page.validators);
        let (head, body, place) = (
            format!("{}\n{}\n", page.final_url, page.content_type),
            page.body,
            self.shown(),
        );
        let parsed = plan.beside(move || {
            let bytes = [head.into_bytes(), body.read()?].concat();
            let files = read(&bytes, &place)?;
            Ok((bytes, files))
        });
        let (bytes, files) = parsed.await?;
        let url = self.url.clone();
        plan.keep(Entry::Links {
            url,
            bytes,
            freshness,
        });
        Ok(files)
    }
}

/// Reads a page as it is kept: its URL, its content type, and the page.
fn read(bytes: &[u8], place: &str) -> Answer<FlatLinks> {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut next = || parts.next().unwrap_or_default();
    let (url, kind, bytes) = (next(), next(), next());
    let (url, kind) = (String::from_utf8_lossy(url), String::from_utf8_lossy(kind));
    let page = Page {
        bytes,
        content_type: &kind,
        url: &url,
    };
    page::links(&page).map_err(|error| unreadable(place.to_owned(), error))
}
