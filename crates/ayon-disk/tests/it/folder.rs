//! Folders that appear whole.

use std::fs;

use ayon_disk::{remove_file, write_folder};

#[test]
fn a_folder_appears_with_its_files_and_nothing_beside_it() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("1.0");
    assert!(write_folder(&folder, &["c".to_owned()], &[("a", b"1"), ("b", b"2")]).unwrap());
    assert_eq!(fs::read(folder.join("a")).unwrap(), b"1");
    assert_eq!(fs::read(folder.join("b")).unwrap(), b"2");
    assert_eq!(fs::read_dir(folder.join("c")).unwrap().count(), 0);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any folder here, not as a person's temporary one.
        let other = place.path().join("other");
        fs::create_dir(&other).unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&folder), mode(&other));
    }
}

#[test]
fn what_is_there_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("1.0");
    fs::create_dir(&folder).unwrap();
    assert!(!write_folder(&folder, &[], &[("a", b"1")]).unwrap());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    let file = place.path().join("2.0");
    fs::write(&file, "x").unwrap();
    assert!(!write_folder(&file, &[], &[("a", b"1")]).unwrap());
    assert_eq!(fs::read(&file).unwrap(), b"x");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
}

#[test]
fn a_folder_that_cannot_be_written_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let error = write_folder(&place.path().join("missing/1.0"), &[], &[("a", b"1")]).unwrap_err();
    assert!(error.to_string().starts_with("cannot write `"), "{error}");
    // A file whose name is a folder's path.
    assert!(write_folder(&place.path().join("1.0"), &[], &[("a/b", b"1")]).is_err());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn one_of_many_writes_it() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("1.0");
    let written = std::thread::scope(|scope| {
        let write = |content: u8| write_folder(&folder, &[], &[("a", &[content; 4096])]).unwrap();
        let threads: Vec<_> = (0..8)
            .map(|content| scope.spawn(move || write(content)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .filter(|written| *written)
            .count()
    });
    assert_eq!(written, 1);
    let content = fs::read(folder.join("a")).unwrap();
    assert!(content.len() == 4096 && content.iter().all(|byte| *byte == content[0]));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn a_file_may_be_gone_before_it_is_removed() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("mark");
    fs::write(&file, "").unwrap();
    remove_file(&file).unwrap();
    assert!(!file.exists());
    remove_file(&file).unwrap();
    let error = remove_file(place.path()).unwrap_err();
    assert!(error.to_string().starts_with("cannot remove `"), "{error}");
}
