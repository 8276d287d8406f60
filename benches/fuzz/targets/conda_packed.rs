//! Records as a cache may hand them back, damaged in any way: what is read is what was kept, or made anew from its source.
//!
//! The input is damage: each three bytes are a place and what is put over it, and an odd end cuts the file.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use ayon_fuzz::{FOLDER, SUBDIR, channel, check_records};
use conda::{RecordCache, Repodata};
use libfuzzer_sys::fuzz_target;

const REPODATA: &str = r#"{"packages.conda": {
  "a-1-0.conda": {"name": "a", "version": "1", "build": "0", "build_number": 0, "depends": ["b >=1", "c"],
    "constrains": ["d <2"], "timestamp": 1600000000000, "license": "MIT", "track_features": "x",
    "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "size": 7},
  "a-2-1.conda": {"name": "a", "version": "2", "build": "1", "build_number": 1, "depends": ["b >=1"]},
  "b-1.0-py_0.conda": {"name": "b", "version": "1.0", "build": "py_0", "build_number": 0, "depends": [], "noarch": "python"},
  "c-1-0.conda": {"name": "c", "version": "1", "build": "0", "build_number": 0}
}}"#;

/// What is kept, whole, where, and what is read of it.
struct Kept {
    bytes: Vec<u8>,
    file: PathBuf,
    said: Vec<(String, Option<Vec<String>>)>,
    cache: RecordCache,
    source: Repodata,
}

static KEPT: LazyLock<Kept> = LazyLock::new(|| {
    let source = FOLDER.join("repodata.json");
    fs::write(&source, REPODATA).expect("a file can be written");
    let source = Repodata::new(source);
    let cache = RecordCache::new(&FOLDER);
    let made = cache.open(&channel(), SUBDIR, "made", &source);
    let said = check_records(&made.expect("a repodata"));
    let mut folders = fs::read_dir(&*FOLDER).into_iter().flatten().flatten();
    let folder = folders
        .find(|entry| entry.path().is_dir())
        .expect("a cache");
    let file = file_below(&folder.path()).expect("a file in the cache");
    let bytes = fs::read(&file).expect("it can be read");
    Kept {
        bytes,
        file,
        said,
        cache,
        source,
    }
});

fuzz_target!(|damage: &[u8]| {
    let kept = &*KEPT;
    let mut bytes = kept.bytes.clone();
    let parts = damage.chunks_exact(3);
    if let [end, ..] = parts.remainder() {
        bytes.truncate(bytes.len() * usize::from(*end) / 256);
    }
    for part in parts {
        let place = usize::from(u16::from_be_bytes([part[0], part[1]]));
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= part[2];
        }
    }
    // As a process that is interrupted or a disk that forgets would leave it.
    let other = kept.file.with_extension("other");
    fs::write(&other, bytes).expect("a file can be written");
    fs::rename(&other, &kept.file).expect("a file can be replaced");
    let again = kept.cache.open(&channel(), SUBDIR, "made", &kept.source);
    assert_eq!(check_records(&again.expect("it is made anew")), kept.said);
});

/// The only file below a folder that is not in the way of others.
fn file_below(folder: &Path) -> Option<PathBuf> {
    let mut largest: Option<(u64, PathBuf)> = None;
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        let found = if path.is_dir() {
            file_below(&path)
        } else {
            Some(path)
        };
        let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
        if let Some(found) = found {
            let size = size(&found);
            if largest.as_ref().is_none_or(|(most, _)| size > *most) {
                largest = Some((size, found));
            }
        }
    }
    largest.map(|(_, path)| path)
}
