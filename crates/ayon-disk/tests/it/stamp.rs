//! A stamp differs where the file does, and says when it cannot promise that.

use std::fs;
use std::io::ErrorKind;
use std::time::{Duration, SystemTime};

use ayon_disk::{Stamp, read_stamped};
use proptest::prelude::*;

#[test]
fn a_file_is_read_with_its_stamp() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, b"one").unwrap();
    let (bytes, stamp) = read_stamped(&path, 10).unwrap();
    assert_eq!((bytes.as_slice(), stamp.size), (&b"one"[..], 3));
    assert_eq!(stamp, Stamp::of(&fs::metadata(&path).unwrap()));
    fs::write(&path, b"four").unwrap();
    assert_ne!(stamp, Stamp::of(&fs::metadata(&path).unwrap()));
    assert_eq!(
        read_stamped(&path, 3).unwrap_err().source.kind(),
        ErrorKind::FileTooLarge
    );
    let missing = read_stamped(&folder.path().join("missing"), 3).unwrap_err();
    assert_eq!(missing.source.kind(), ErrorKind::NotFound);
}

#[test]
fn a_replaced_file_has_another_stamp_even_with_its_old_time_and_size() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    fs::write(&old, b"one").unwrap();
    fs::write(&new, b"two").unwrap();
    let before = fs::metadata(&old).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&new).unwrap();
    file.set_modified(before.modified().unwrap()).unwrap();
    drop(file);
    fs::rename(&new, &old).unwrap();
    let after = Stamp::of(&fs::metadata(&old).unwrap());
    let before = Stamp::of(&before);
    assert_eq!((after.modified, after.size), (before.modified, before.size));
    if cfg!(unix) {
        assert_ne!(after, before);
    }
}

#[test]
fn what_was_just_modified_is_not_settled() {
    let second = 1_000_000_000;
    let stamp = Stamp {
        modified: 100 * second,
        changed: 90 * second,
        inode: 1,
        size: 1,
    };
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    assert!(!stamp.is_settled(at(99)));
    assert!(!stamp.is_settled(at(100)));
    assert!(!stamp.is_settled(at(102)));
    assert!(stamp.is_settled(at(103)));
    let moved = Stamp {
        changed: 110 * second,
        ..stamp
    };
    assert!(!moved.is_settled(at(103)));
}

proptest! {
    #[test]
    fn bytes_and_back(modified: i64, changed: i64, inode: u64, size: u64) {
        let stamp = Stamp { modified, changed, inode, size };
        prop_assert_eq!(Stamp::from_bytes(&stamp.to_bytes()), stamp);
    }
}
