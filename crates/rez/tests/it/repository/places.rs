//! Repositories that are elsewhere, missing, or closed.

use rez::repository::{FilesystemRepository, Repository};

use super::{Folder, told};

#[test]
fn a_repository_that_does_not_exist_is_empty() {
    let folder = Folder::with(&[("file", "")]);
    for path in ["missing", "missing/deep/../deep", "file"] {
        let path = folder.path().join(path);
        let repository = FilesystemRepository::open(&path, &Folder::options()).unwrap();
        assert!(repository.family_names().unwrap().is_empty());
        assert!(repository.family("maya").unwrap().is_none());
        repository.read_all().unwrap();
    }
}

#[test]
#[cfg(unix)]
fn links_are_followed_and_the_location_is_the_real_path() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(&[
        ("real/maya/2024/package.py", "requires = ['python']"),
        ("versions/1.0/package.py", ""),
    ]);
    let root = folder.path();
    symlink("real", root.join("link")).unwrap();
    symlink("../../versions/1.0", root.join("real/maya/1.0")).unwrap();
    symlink("maya", root.join("real/houdini")).unwrap();
    let repository = FilesystemRepository::open(&root.join("link/"), &Folder::options()).unwrap();
    assert_eq!(repository.location().kind, "filesystem");
    assert_eq!(
        repository.location().path,
        root.join("real").to_str().unwrap()
    );
    for family in ["maya", "houdini"] {
        let family = repository.family(family).unwrap().unwrap();
        assert_eq!(told(&family), ["2024 [python]", "1.0 []"]);
    }
}

#[test]
#[cfg(unix)]
fn a_package_file_that_cannot_be_reached_is_unreadable_and_hides_nothing() {
    let folder = Folder::with(&[("foo/1/package.py", ""), ("foo/2/", "")]);
    std::os::unix::fs::symlink("package.py", folder.path().join("foo/2/package.py")).unwrap();
    let family = folder.family("foo").unwrap();
    assert_eq!(told(&family), ["2 Unreadable", "1 []"]);
    let defect = family.packages[0].definition.as_ref().unwrap_err();
    assert!(
        folder
            .shorten(&defect.to_string())
            .starts_with("…/foo/2/package.py: it cannot be read: "),
        "{defect}"
    );
}

#[test]
#[cfg(unix)]
fn what_may_not_be_read_is_said_and_hides_nothing_else() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with(&[
        ("closed/1/package.py", ""),
        ("open/1/package.py", ""),
        ("open/2/package.py", ""),
        ("open/3/package.py", ""),
    ]);
    let path = |path: &str| folder.path().join(path);
    let close = |name: &str| set_permissions(path(name), Permissions::from_mode(0o0)).unwrap();
    let give = |name: &str| set_permissions(path(name), Permissions::from_mode(0o755)).unwrap();
    close("closed");
    close("open/2");
    close("open/3/package.py");
    if std::fs::read_dir(path("closed")).is_ok() {
        // The super-user may read everything.
        give("closed");
        give("open/2");
        return;
    }
    assert_eq!(
        told(&folder.family("open").unwrap()),
        ["3 Unreadable", "2 Unreadable", "1 []"]
    );
    assert_eq!(
        folder.shorten(&folder.failure("closed").to_string()),
        "cannot list `…/closed`: Permission denied (os error 13)"
    );
    close("");
    let listing =
        FilesystemRepository::open(&path(""), &Folder::options()).map(|open| open.family_names());
    give("");
    give("closed");
    give("open/2");
    let error = match listing {
        Ok(names) => names.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(
        folder.shorten(&error.to_string()),
        "cannot list `…`: Permission denied (os error 13)"
    );
}

/// Versions come and go all the time; there is always one at least, and each is whole.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test moves whole folders, as careful releases do"
)]
fn a_family_that_changes_while_it_is_read_is_never_seen_half() {
    use std::fs::rename;
    use std::sync::atomic::{AtomicBool, Ordering};
    let folder = Folder::with(&[("packages/foo/0/package.py", ""), ("waiting/", "")]);
    for version in 1..40 {
        folder.write(&format!("waiting/{version}/package.py"), "");
    }
    let root = folder.path();
    let waiting = |version: usize| root.join(format!("waiting/{version}"));
    let released = |version: usize| root.join(format!("packages/foo/{version}"));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..2000 {
                let (old, new) = (round % 40, (round + 1) % 40);
                rename(waiting(new), released(new)).unwrap();
                rename(released(old), waiting(old)).unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        while !done.load(Ordering::Relaxed) {
            let path = root.join("packages");
            let repository = FilesystemRepository::open(&path, &Folder::options()).unwrap();
            let family = repository.family("foo").unwrap().unwrap();
            let is_whole = family
                .packages
                .iter()
                .all(|package| package.definition.is_ok());
            let is_said = repository.problems().iter().any(|problem| {
                problem.message.starts_with("it keeps changing") && problem.path == path.join("foo")
            });
            assert!(is_whole || is_said, "{family:?}");
        }
    });
    let repository =
        FilesystemRepository::open(&root.join("packages"), &Folder::options()).unwrap();
    assert_eq!(told(&repository.family("foo").unwrap().unwrap()), ["0 []"]);
}
