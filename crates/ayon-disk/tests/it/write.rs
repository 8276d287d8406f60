//! A file is replaced whole or not at all.

use std::fs;
use std::path::Path;

use ayon_disk::{Action, create_dir_all, write_atomic};

use crate::names;

#[test]
fn a_file_is_made_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ayon.lock");
    for content in ["first", "", "second, and longer"] {
        write_atomic(&path, content.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
        assert_eq!(names(folder.path()), ["ayon.lock"]);
    }
    let long = folder.path().join("x".repeat(250));
    write_atomic(&long, b"long").unwrap();
    assert_eq!(fs::read(&long).unwrap(), b"long");
}

#[test]
fn a_failure_names_the_file_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("taken")).unwrap();
    fs::write(folder.path().join("file"), "kept").unwrap();
    for name in ["missing/x", "taken", "file/x", ""] {
        let path = if name.is_empty() {
            Path::new("").to_owned()
        } else {
            folder.path().join(name)
        };
        let error = write_atomic(&path, b"new").unwrap_err();
        assert_eq!(error.action, Action::Write, "{error}");
        assert_eq!(error.path, path);
        assert!(
            error
                .to_string()
                .starts_with(&format!("cannot write `{}`: ", path.display())),
            "{error}"
        );
    }
    assert_eq!(names(folder.path()), ["file", "taken"]);
    assert_eq!(fs::read(folder.path().join("file")).unwrap(), b"kept");
}

#[test]
fn folders_are_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b");
    create_dir_all(&path).unwrap();
    create_dir_all(&path).unwrap();
    fs::write(path.join("file"), "").unwrap();
    let error = create_dir_all(&path.join("file/c")).unwrap_err();
    assert_eq!(error.action, Action::CreateFolder);
    assert!(
        error.to_string().contains("cannot make the folder `"),
        "{error}"
    );
}

/// Readers see one of the written contents at any time, never a part or a mixture.
#[test]
fn readers_never_see_half_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shared");
    let contents: Vec<Vec<u8>> = (b'a'..=b'd')
        .map(|letter| vec![letter; 20_000 + usize::from(letter)])
        .collect();
    write_atomic(&path, &contents[0]).unwrap();
    std::thread::scope(|scope| {
        let (path, contents) = (&path, &contents);
        for content in contents {
            scope.spawn(move || (0..25).for_each(|_| write_atomic(path, content).unwrap()));
        }
        for _ in 0..2 {
            scope.spawn(move || {
                for _ in 0..200 {
                    assert!(contents.contains(&fs::read(path).unwrap()));
                }
            });
        }
    });
    assert_eq!(names(folder.path()), ["shared"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn permissions_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for kept in [0o640, 0o600, 0o755, 0o444] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            write_atomic(&path, b"new").unwrap();
            assert_eq!(mode(&path), kept);
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn a_new_file_gets_the_permissions_of_any_new_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plain"), "").unwrap();
        write_atomic(&folder.path().join("atomic"), b"").unwrap();
        assert_eq!(
            mode(&folder.path().join("atomic")),
            mode(&folder.path().join("plain"))
        );
    }

    #[test]
    fn links_are_followed_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real");
        fs::create_dir(&real).unwrap();
        fs::write(real.join("file"), "old").unwrap();
        symlink("real/file", folder.path().join("link")).unwrap();
        symlink(folder.path().join("link"), folder.path().join("second")).unwrap();
        symlink("real/later", folder.path().join("dangling")).unwrap();
        symlink("circle", folder.path().join("circle")).unwrap();

        write_atomic(&folder.path().join("second"), b"new").unwrap();
        assert_eq!(fs::read(real.join("file")).unwrap(), b"new");
        write_atomic(&folder.path().join("dangling"), b"made").unwrap();
        assert_eq!(fs::read(real.join("later")).unwrap(), b"made");
        for link in ["link", "second", "dangling"] {
            assert!(folder.path().join(link).is_symlink(), "{link}");
        }
        let error = write_atomic(&folder.path().join("circle"), b"").unwrap_err();
        assert!(error.to_string().contains("circle"), "{error}");
        assert_eq!(names(&real), ["file", "later"]);
    }
}
