//! Files that are mapped outlive their names, and are never seen half-written.

use std::fs;

use ayon_disk::{Cache, CacheWarning};

/// The files of all subjects of a cache.
fn files(cache: &Cache) -> Vec<std::path::PathBuf> {
    let list = |folder: &std::path::Path| ayon_disk::read_dir(folder).unwrap_or_default();
    let shards = list(cache.folder().unwrap());
    let subjects = shards.iter().flat_map(|shard| list(&shard.path));
    let files = subjects.flat_map(|subject| list(&subject.path));
    files.map(|file| file.path).collect()
}

#[test]
fn a_state_is_mapped_until_the_next_one_and_readers_keep_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path(), "records", 1);
    assert!(cache.map("channel", "first").is_none());
    cache.put_mapped("channel", "first", b"the first");
    cache.put_mapped("other", "first", b"");
    let reader = cache.map("channel", "first").unwrap();
    assert_eq!(&*reader, b"the first");
    assert!(cache.map("channel", "second").is_none());

    cache.put_mapped("channel", "second", b"the second");
    assert_eq!(reader.as_ref(), b"the first");
    assert!(cache.map("channel", "first").is_none());
    assert_eq!(&*cache.map("channel", "second").unwrap(), b"the second");
    assert!(cache.map("other", "first").unwrap().is_empty());
    assert_eq!(files(&cache).len(), 2);
    assert!(cache.take_warnings().is_empty());
}

#[test]
fn what_a_killed_process_left_goes_and_what_is_being_written_stays() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path(), "records", 1);
    cache.put_mapped("channel", "state", b"bytes");
    let beside = |name: &str| files(&cache)[0].with_file_name(name);
    let (old, new) = (beside(".old.tmp"), beside(".new.tmp"));
    for (path, hours) in [(&old, 2), (&new, 0)] {
        let file = fs::File::create(path).unwrap();
        let then = std::time::Duration::from_hours(hours);
        let now = file.metadata().unwrap().modified().unwrap();
        file.set_modified(now - then).unwrap();
    }
    cache.put_mapped("channel", "state", b"other bytes");
    assert_eq!((old.exists(), new.exists()), (false, true));
    assert_eq!(&*cache.map("channel", "state").unwrap(), b"other bytes");
}

#[test]
fn what_was_found_damaged_is_dropped_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path(), "records", 1);
    cache.put_mapped("channel", "state", b"bytes");
    let file = files(&cache).remove(0);
    cache.forget("channel", "state", "a block is wrong");
    assert!(!file.exists());
    let warnings = cache.take_warnings();
    assert!(
        matches!(warnings.as_slice(), [CacheWarning::Damaged { path, reason }] if *path == file && *reason == "a block is wrong"),
        "{warnings:?}"
    );
}

#[test]
fn without_a_folder_nothing_is_kept_and_it_is_said_once() {
    let disabled = Cache::disabled();
    disabled.put_mapped("channel", "state", b"bytes");
    assert!(disabled.map("channel", "state").is_none());
    disabled.forget("channel", "state", "nothing");
    assert!(disabled.take_warnings().is_empty());

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("records-v1"), "a file in the way").unwrap();
    let cache = Cache::new(folder.path(), "records", 1);
    cache.put_mapped("channel", "state", b"bytes");
    cache.put_mapped("other", "state", b"bytes");
    let warnings = cache.take_warnings();
    assert!(
        matches!(warnings.as_slice(), [CacheWarning::Unavailable { .. }]),
        "{warnings:?}"
    );
}
