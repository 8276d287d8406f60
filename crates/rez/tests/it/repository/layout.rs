//! Which files and folders are families, versions and packages (reference `rez.md` §8.2).

use rez::repository::{FilesystemRepository, Repository};

use super::{Folder, told};

const EMPTY: &str = "";

fn names(folder: &Folder) -> Vec<String> {
    let names = folder.open().family_names().unwrap();
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn families_are_folders_and_files_with_a_packages_name() {
    let folder = Folder::with(&[
        ("maya/2024/package.py", EMPTY),
        ("Arnold/7/package.py", EMPTY),
        ("foo.bar/1/package.py", EMPTY),
        ("combined.py", EMPTY),
        ("old.yaml", EMPTY),
        ("maya.py", EMPTY),
        // None of these.
        ("settings.yaml", "disable_memcache: true"),
        (".hidden/1/package.py", EMPTY),
        ("__pycache__/1/package.py", EMPTY),
        ("two words/1/package.py", EMPTY),
        ("foo-bar/1/package.py", EMPTY),
        ("notes.txt", EMPTY),
        ("plain", EMPTY),
    ]);
    assert_eq!(
        names(&folder),
        ["Arnold", "combined", "foo.bar", "maya", "old"]
    );
    for name in names(&folder) {
        assert!(folder.family(&name).is_some(), "{name}");
    }
    for name in [
        "settings",
        ".hidden",
        "__pycache__",
        "foo-bar",
        "notes",
        "plain",
        "",
        "..",
        "maya/2024",
    ] {
        assert!(folder.family(name).is_none(), "{name}");
    }
    assert!(
        folder.family("arnold").is_none(),
        "the case of names counts"
    );
    // The folder comes before the file.
    assert_eq!(told(&folder.family("maya").unwrap()), ["2024 []"]);
}

#[test]
fn the_lock_folder_is_no_family() {
    let folder = Folder::with(&[("locks/1/package.py", EMPTY), ("maya/1/package.py", EMPTY)]);
    let mut options = Folder::options();
    options.lock_folder = Some("locks".to_owned());
    let repository = FilesystemRepository::open(&folder.path(), &options).unwrap();
    assert_eq!(repository.family_names().unwrap().len(), 1);
    assert!(repository.family("locks").unwrap().is_none());
}

#[test]
fn the_folders_name_is_the_version_and_newest_come_first() {
    let folder = Folder::with(&[
        ("foo/1.0/package.py", "version = '9.9'\nrequires = ['one']"),
        ("foo/10.0/package.py", "requires = ['ten']"),
        ("foo/9.0-beta/package.py", EMPTY),
        ("foo/9.0/package.py", EMPTY),
    ]);
    assert_eq!(
        told(&folder.family("foo").unwrap()),
        ["10.0 [ten]", "9.0-beta []", "9.0 []", "1.0 [one]"]
    );
}

#[test]
fn python_is_preferred_to_yaml_and_the_first_file_name_to_the_second() {
    let folder = Folder::with(&[
        ("foo/1/package.py", "requires = ['python']"),
        ("foo/1/package.yaml", "requires: [yaml]"),
        ("foo/2/package.yaml", "requires: [yaml]"),
        ("foo/3/studio.yaml", "requires: [studio]"),
        ("foo/3/package.py", "requires = ['package']"),
    ]);
    assert_eq!(
        told(&folder.family("foo").unwrap()),
        ["3 [package]", "2 [yaml]", "1 [python]"]
    );
    let mut options = Folder::options();
    options.package_filenames = vec!["studio".to_owned(), "package".to_owned()];
    let repository = FilesystemRepository::open(&folder.path(), &options).unwrap();
    let family = repository.family("foo").unwrap().unwrap();
    assert_eq!(told(&family), ["3 [studio]", "2 [yaml]", "1 [python]"]);
    options.package_filenames = vec!["studio".to_owned()];
    let repository = FilesystemRepository::open(&folder.path(), &options).unwrap();
    let family = repository.family("foo").unwrap().unwrap();
    assert_eq!(told(&family), ["3 [studio]", "2 Missing", "1 Missing"]);
    let defect = family.packages[1].definition.clone().unwrap_err();
    insta::assert_snapshot!(folder.shorten(&defect.to_string()), @"…/foo/2: the folder counts as a version but has no package file (studio.py or studio.yaml)");
}

#[test]
fn an_unversioned_package_hides_the_versions() {
    let folder = Folder::with(&[
        ("foo/package.yaml", "requires: [python]"),
        ("foo/1.0/package.py", EMPTY),
    ]);
    let family = folder.family("foo").unwrap();
    assert_eq!(told(&family), [" [python]"]);
    assert!(family.packages[0].version.is_empty());
    let mut options = Folder::options();
    options.allow_unversioned = false;
    let repository = FilesystemRepository::open(&folder.path(), &options).unwrap();
    assert_eq!(
        told(&repository.family("foo").unwrap().unwrap()),
        ["1.0 []"]
    );
}

#[test]
fn every_folder_is_a_version_except_those_with_a_dot() {
    let folder = Folder::with(&[
        ("foo/1.0/package.py", EMPTY),
        ("foo/2.0/", EMPTY),
        ("foo/__pycache__/x.pyc", EMPTY),
        ("foo/.git/package.py", EMPTY),
        ("foo/3.0", "a file"),
    ]);
    // An alphabetic token is smaller than a number.
    assert_eq!(
        told(&folder.family("foo").unwrap()),
        ["2.0 Missing", "1.0 []", "__pycache__ Missing"]
    );
    let mut options = Folder::options();
    options.require_package_files = true;
    let repository = FilesystemRepository::open(&folder.path(), &options).unwrap();
    assert_eq!(
        told(&repository.family("foo").unwrap().unwrap()),
        ["1.0 []"]
    );
}

#[test]
fn ignored_versions_are_hidden_and_building_ones_until_they_have_a_file() {
    let folder = Folder::with(&[
        ("foo/1.0/package.py", EMPTY),
        ("foo/.ignore1.0", EMPTY),
        ("foo/2.0/package.py", EMPTY),
        ("foo/.building2.0", EMPTY),
        ("foo/3.0/payload", EMPTY),
        ("foo/.building3.0", EMPTY),
        ("foo/4.0/package.py", EMPTY),
        ("foo/.ignore4.0/", EMPTY),
        ("foo/.building5.0", EMPTY),
    ]);
    assert_eq!(
        told(&folder.family("foo").unwrap()),
        ["4.0 []", "2.0 []"],
        "a folder called .ignore hides nothing"
    );
}

#[test]
fn of_equal_versions_one_counts_and_the_other_is_a_problem() {
    let folder = Folder::with(&[
        ("foo/1-0/package.py", "requires = ['dash']"),
        ("foo/1.0/package.py", "requires = ['dot']"),
        ("foo/2-0/package.py", "requires = ['dash']"),
        ("foo/2.0/", EMPTY),
    ]);
    assert_eq!(
        told(&folder.family("foo").unwrap()),
        ["2-0 [dash]", "1.0 [dot]"]
    );
    insta::assert_snapshot!(folder.problems(), @r"
    …/foo/1-0: it is the same version as `1.0`, which counts; rez may take either one
    …/foo/2.0: it is the same version as `2-0`, which counts; rez may take either one
    ");
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_no_versions_are_problems() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::with(&[
        ("foo/1.0/package.py", EMPTY),
        ("foo/copy (2)/package.py", EMPTY),
        ("foo/1..0/package.py", EMPTY),
        ("foo/1.0-/package.py", EMPTY),
    ]);
    let path = folder
        .path()
        .join("foo")
        .join(std::ffi::OsStr::from_bytes(b"2.\xff"));
    ayon_disk::create_dir_all(&path).unwrap();
    assert_eq!(told(&folder.family("foo").unwrap()), ["1.0 []"]);
    insta::assert_snapshot!(folder.problems(), @r"
    …/foo/1..0: it is skipped: `1..0` is no version: `.` stands where a letter, digit or underscore has to be
    …/foo/1.0-: it is skipped: `1.0-` is no version: it ends with a separator
    …/foo/2.�: it is skipped: its name is not Unicode
    …/foo/copy (2): it is skipped: `copy (2)` is no version: `(` stands where a letter, digit or underscore has to be
    ");
}
