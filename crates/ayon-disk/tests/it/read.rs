//! Reading names the file, keeps to its limit, and lists in order.

use std::fs;
use std::io;

use ayon_disk::FolderEntryKind::{self, File, Folder, Other};
use ayon_disk::{Action, read, read_dir, read_to_string};

#[test]
fn the_limit_is_the_last_size_that_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "12345").unwrap();
    assert_eq!(read(&path, 5).unwrap(), b"12345");
    let error = read(&path, 4).unwrap_err();
    assert_eq!(error.source.kind(), io::ErrorKind::FileTooLarge);
    assert_eq!(
        error.to_string(),
        format!(
            "cannot read `{}`: it is larger than the 4 bytes that are read",
            path.display()
        )
    );
}

/// Such a file says that it has no bytes, and gives some.
#[test]
#[cfg(target_os = "linux")]
fn the_limit_holds_for_files_that_hide_their_size() {
    let path = std::path::Path::new("/proc/self/maps");
    assert_eq!(
        read(path, 10).unwrap_err().source.kind(),
        io::ErrorKind::FileTooLarge
    );
    assert!(!read(path, u64::MAX).unwrap().is_empty());
}

#[test]
fn errors_name_the_file_and_the_action() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let error = read(&missing, 10).unwrap_err();
    assert_eq!(
        (error.action, error.path.as_path()),
        (Action::Read, missing.as_path())
    );
    assert_eq!(error.source.kind(), io::ErrorKind::NotFound);
    let error = read_dir(&missing).unwrap_err();
    assert_eq!(
        (error.action, error.path.as_path()),
        (Action::List, missing.as_path())
    );
    assert!(read(folder.path(), 10).is_err());
}

#[test]
fn text_is_utf_8_or_the_first_wrong_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text");
    fs::write(&path, "é!").unwrap();
    assert_eq!(read_to_string(&path, 10).unwrap(), "é!");
    fs::write(&path, b"ab\xe9cd").unwrap();
    let error = read_to_string(&path, 10).unwrap_err();
    assert_eq!(error.source.kind(), io::ErrorKind::InvalidData);
    assert!(
        error
            .to_string()
            .ends_with("it is not UTF-8: byte 2 is wrong"),
        "{error}"
    );
}

#[test]
fn folders_are_listed_in_order_and_links_followed() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b", "a", "B", "10", "9"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    fs::create_dir(folder.path().join("folder")).unwrap();
    let kinds = |folder: &std::path::Path| -> Vec<(String, FolderEntryKind)> {
        let entries = read_dir(folder).unwrap();
        entries
            .into_iter()
            .map(|entry| (entry.name.into_string().unwrap(), entry.kind))
            .collect()
    };
    let expected = [
        ("10", File),
        ("9", File),
        ("B", File),
        ("a", File),
        ("b", File),
        ("folder", Folder),
    ];
    assert_eq!(
        kinds(folder.path()),
        expected.map(|(name, kind)| (name.to_owned(), kind))
    );

    #[cfg(unix)]
    {
        let links = tempfile::tempdir().unwrap();
        for (name, target) in [("1", "folder"), ("2", "a"), ("3", "nothing")] {
            std::os::unix::fs::symlink(folder.path().join(target), links.path().join(name))
                .unwrap();
        }
        let expected = [("1", Folder), ("2", File), ("3", Other)];
        assert_eq!(
            kinds(links.path()),
            expected.map(|(name, kind)| (name.to_owned(), kind))
        );
    }
}
