//! A `repodata.json`, or one that is compressed: a single record that is wrong is told to who asks for it, and what is packed
//! of the rest is what is unpacked.
#![no_main]

use std::fs;

use ayon_fuzz::{FOLDER, SUBDIR, channel, check_records};
use conda::{RecordCache, Repodata};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = FOLDER.join("repodata.json");
    fs::write(&file, bytes).expect("a file can be written");
    let cache = RecordCache::new(&FOLDER);
    let source = Repodata::new(file);
    match cache.open(&channel(), SUBDIR, "made", &source) {
        Ok(made) => {
            let kept = cache.kept(&channel(), SUBDIR, "made", &source);
            let kept = kept.expect("what was packed is kept");
            assert_eq!(kept.len(), made.len());
            assert_eq!(check_records(&kept), check_records(&made));
            drop(kept);
            // The next file is another, though its state is called the same.
            let other = Repodata::new(FOLDER.join("none.json"));
            let _ = cache.open(&channel(), SUBDIR, "gone", &other);
            forget();
        }
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    }
});

/// Takes away what is kept.
fn forget() {
    for entry in fs::read_dir(&*FOLDER).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
