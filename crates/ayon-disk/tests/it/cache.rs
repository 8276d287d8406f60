//! A cache gives what was put or nothing, whatever happens to its folder.

use std::fs;
use std::path::PathBuf;

use ayon_disk::{Cache, CacheWarning};

/// Something that happens to the content of a file.
type Damage = fn(Vec<u8>) -> Vec<u8>;

/// A cache with one entry, and the entry's file.
fn cache_with_an_entry(folder: &tempfile::TempDir) -> (Cache, PathBuf) {
    let cache = Cache::new(folder.path(), "facts", 3);
    cache.put("key", b"the bytes");
    let shards = ayon_disk::read_dir(cache.folder().unwrap()).unwrap();
    let files = ayon_disk::read_dir(&shards[0].path).unwrap();
    assert_eq!((shards.len(), files.len()), (1, 1));
    (cache, files[0].path.clone())
}

#[test]
fn what_is_put_is_got_also_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = cache_with_an_entry(&folder);
    cache.put("empty", b"");
    cache.put("key", b"newer");
    for cache in [&cache, &Cache::new(folder.path(), "facts", 3)] {
        assert_eq!(cache.get("key").as_deref(), Some(&b"newer"[..]));
        assert_eq!(cache.get("empty").as_deref(), Some(&b""[..]));
        assert_eq!(cache.get("other"), None);
        assert!(cache.take_warnings().is_empty());
    }
    assert_eq!(crate::names(folder.path()), ["facts-v3"]);
    assert_eq!(Cache::new(folder.path(), "facts", 4).get("key"), None);
}

#[test]
fn keys_are_those_of_entries() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, file) = cache_with_an_entry(&folder);
    cache.put("other", b"");
    fs::write(file.with_extension("else"), b"AYONCAC2 or not").unwrap();
    let mut keys = cache.keys();
    keys.sort();
    assert_eq!(keys, ["key", "other"]);
    assert!(Cache::new(folder.path(), "facts", 4).keys().is_empty());
    assert!(Cache::disabled().keys().is_empty());
}

#[test]
fn a_damaged_entry_is_dropped_reported_and_made_again() {
    let damages: [(&str, Damage); 6] = [
        ("cut", |content| content[..content.len() - 1].to_vec()),
        ("cut in the header", |content| content[..20].to_vec()),
        ("empty", |_| Vec::new()),
        ("zeroed", |content| vec![0; content.len()]),
        ("garbage", |_| b"{\"json\": true}".repeat(20)),
        ("one bit", |mut content| {
            let last = content.len() - 1;
            content[last] ^= 1;
            content
        }),
    ];
    for (name, damage) in damages {
        let folder = tempfile::tempdir().unwrap();
        let (cache, file) = cache_with_an_entry(&folder);
        fs::write(&file, damage(fs::read(&file).unwrap())).unwrap();
        assert_eq!(cache.get("key"), None, "{name}");
        let warnings = cache.take_warnings();
        assert!(
            matches!(warnings.as_slice(), [CacheWarning::Damaged { path, .. }] if *path == file),
            "{name}: {warnings:?}"
        );
        assert!(!file.exists(), "{name}");
        assert_eq!(cache.get("key"), None, "{name}");
        assert!(cache.take_warnings().is_empty(), "{name}");
        cache.put("key", b"again");
        assert_eq!(cache.get("key").as_deref(), Some(&b"again"[..]), "{name}");
    }
}

#[test]
fn an_entry_in_the_place_of_another_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, file) = cache_with_an_entry(&folder);
    let whole = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    cache.put("kex", b"the bytes");
    let other = ayon_disk::read_dir(cache.folder().unwrap())
        .unwrap()
        .into_iter()
        .flat_map(|shard| ayon_disk::read_dir(&shard.path).unwrap())
        .next()
        .unwrap();
    fs::write(&other.path, whole).unwrap();
    assert_eq!(cache.get("kex"), None);
    assert!(
        cache.take_warnings()[0]
            .to_string()
            .contains("it belongs to another key")
    );
}

/// A file where the folder should be fails for every user, also for those whom permissions do not stop.
#[test]
fn a_folder_that_cannot_be_used_is_no_cache_and_one_warning() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken");
    fs::write(&taken, "").unwrap();
    let cache = Cache::new(&taken, "facts", 1);
    for _ in 0..3 {
        cache.put("key", b"bytes");
    }
    let warnings = cache.take_warnings();
    assert!(
        matches!(warnings.as_slice(), [CacheWarning::Unavailable { .. }]),
        "{warnings:?}"
    );
    assert!(
        warnings[0]
            .to_string()
            .starts_with("the cache cannot be used"),
        "{}",
        warnings[0]
    );
    assert_eq!(cache.get("key"), None);
    assert_eq!(cache.get("key"), None);
    assert!(cache.take_warnings().len() <= 1);
    assert_eq!(fs::read(&taken).unwrap(), b"");
}

#[test]
#[cfg(unix)]
fn a_folder_without_permission_to_write_is_still_read() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let (cache, file) = cache_with_an_entry(&folder);
    let set = |mode| {
        for path in [cache.folder().unwrap(), file.parent().unwrap()] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o555);
    // Permissions do not stop the administrator: then the entries are simply written.
    let stopped = fs::write(file.with_extension("probe"), "").is_err();
    cache.put("key", b"newer");
    cache.put("other", b"bytes");
    let expected: &[u8] = if stopped { b"the bytes" } else { b"newer" };
    assert_eq!(cache.get("key").as_deref(), Some(expected));
    assert_eq!(cache.get("other").is_none(), stopped);
    assert_eq!(cache.take_warnings().len(), usize::from(stopped));
    set(0o755);
}

#[test]
fn a_disabled_cache_is_silent() {
    let cache = Cache::disabled();
    cache.put("key", b"bytes");
    assert_eq!(cache.get("key"), None);
    assert!(cache.folder().is_none() && cache.take_warnings().is_empty());
}

#[test]
fn many_writers_do_not_disturb_each_other() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..6_u8 {
            let folder = folder.path();
            scope.spawn(move || {
                // Each has a cache of its own, as processes have.
                let cache = Cache::new(folder, "facts", 1);
                for round in 0..60_u8 {
                    let key = format!("key {}", round % 5);
                    cache.put(&key, &vec![writer; 1000 + usize::from(writer)]);
                    let bytes = cache.get(&key).expect("somebody's entry is there, whole");
                    assert_eq!(bytes, vec![bytes[0]; 1000 + usize::from(bytes[0])]);
                }
                assert!(cache.take_warnings().is_empty());
            });
        }
    });
}
