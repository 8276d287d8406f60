//! Writing to the cache behind everybody's back: answers are told first and kept later.
//!
//! Ending a client waits for what is still to be written, which is a matter of milliseconds, so that what was paid for
//! once is there the next time.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use pypi::DistributionName;

use crate::cache::{FileKey, Freshness, StoredFile, StoredPage};
use crate::state::State;

/// Something to be kept.
pub(crate) enum Entry {
    /// A page of an index.
    Page {
        index: String,
        name: DistributionName,
        page: StoredPage,
    },
    /// A page of links.
    Links {
        url: String,
        bytes: Vec<u8>,
        freshness: Freshness,
    },
    /// A file.
    File { key: FileKey, file: StoredFile },
}

/// The thread that writes. It ends when the last sender is gone and everything is written.
pub(crate) fn start(state: Arc<State>) -> io::Result<(Sender<Entry>, JoinHandle<()>)> {
    let (sender, entries) = channel();
    let thread = thread::Builder::new()
        .name("pypi-cache".to_owned())
        .spawn(move || write_all(&state, &entries))?;
    Ok((sender, thread))
}

fn write_all(state: &State, entries: &Receiver<Entry>) {
    let store = &state.store;
    for entry in entries {
        match entry {
            Entry::Page { index, name, page } => store.keep_page(&index, &name, &page),
            Entry::Links {
                url,
                bytes,
                freshness,
            } => store.keep_links(&url, &bytes, &freshness),
            Entry::File { key, file } => store.keep_file(&key, &file),
        }
    }
}
