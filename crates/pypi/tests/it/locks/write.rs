//! The texts of locks, whole.

use std::path::Path;

use pypi::lock::pylock::{self, Options, Pylock};
use pypi::lock::{Lock, LockError, LockTarget, Origin, requirements};
use pypi::{Machine, Target, TargetPlatform};

use super::sample::{OPTIONS, every_kind, package, targets, wheel};

#[test]
fn a_whole_pylock() {
    let options = Options {
        folder: Some(Path::new("/studio/locks")),
        absolute_paths: false,
        ..OPTIONS
    };
    let text = pylock::write(&[every_kind()], options).unwrap();
    insta::assert_snapshot!(text, @r##"
    lock-version = "1.0"
    environments = ["sys_platform == 'linux' and python_full_version >= '3.11' and python_full_version < '3.12'"]
    requires-python = "==3.11.*"
    created-by = "a-tool"

    [[packages]]
    name = "arrow"
    version = "0.17.0"
    requires-python = ">=3.8"
    dependencies = [{ name = "python-dateutil" }]
    index = "https://index.invalid/simple"
    wheels = [
        { name = "arrow-0.17.0-py2.py3-none-any.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/arrow-0.17.0-py2.py3-none-any.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [packages.tool.a-tool]
    half = "dependencies"
    wanted-by = [
        { who = "addon ftrack 1.6.4 (addons/ftrack/pyproject.toml:9, tool.poetry.dependencies)", requirement = "^0.17" },
    ]
    held-back = { newest = "1.4.0", by = ["ftrack-python-api 3.1.0 (arrow<1,>=0.4.4)"] }

    [[packages]]
    name = "checkout"
    requires-python = ">=3.8"
    directory = { path = "../checkout" }

    [[packages]]
    name = "frozen"
    version = "2.0"
    requires-python = ">=3.8"
    archive = { url = "https://host.invalid/a%20b/frozen.zip", size = 4096, upload-time = 2024-02-03T04:05:06.789Z, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" }, subdirectory = "python" }

    [[packages]]
    name = "python-dateutil"
    version = "2.9.0.post0"
    requires-python = ">=3.8"
    index = "https://index.invalid/simple"
    sdist = { name = "python-dateutil-2.9.0.post0.tar.gz", url = "https://index.invalid/python-dateutil-2.9.0.post0.tar.gz", hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } }
    wheels = [
        { name = "python_dateutil-2.9.0.post0-cp311-cp311-manylinux_2_17_x86_64.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/python_dateutil-2.9.0.post0-cp311-cp311-manylinux_2_17_x86_64.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
        { name = "python_dateutil-2.9.0.post0-py3-none-any.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/python_dateutil-2.9.0.post0-py3-none-any.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [packages.tool.a-tool]
    extras = ["fast"]

    [[packages]]
    name = "shotgun-api3"
    version = "3.4.0"
    requires-python = ">=3.8"
    vcs = { type = "git", url = "https://host.invalid/python-api.git", requested-revision = "v3.4.0", commit-id = "0123456789abcdef0123456789abcdef01234567" }

    [[packages]]
    name = "studio-tools"
    version = "1.0"
    requires-python = ">=3.8"
    wheels = [
        { name = "studio_tools-1.0-py3-none-any.whl", upload-time = 2024-02-03T04:05:06.789Z, path = "../wheels/studio_tools-1.0-py3-none-any.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [tool.a-tool]
    platforms = ["linux x86_64, glibc 2.28"]
    "##);
}

#[test]
fn a_whole_requirements_file() {
    let mut lock = every_kind();
    let names: Vec<String> = lock
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    for name in ["shotgun-api3", "checkout"] {
        let error = requirements::write(&[lock.clone()]).unwrap_err();
        assert!(matches!(error, LockError::NotHashable { .. }), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
        lock.packages
            .retain(|package| package.name.as_str() != name);
    }
    assert_eq!(lock.packages.len(), names.len() - 2);
    insta::assert_snapshot!(requirements::write(&[lock]).unwrap(), @r##"
    arrow==0.17.0 \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
        # held back from 1.4.0 by ftrack-python-api 3.1.0 (arrow<1,>=0.4.4)
        # via addon ftrack 1.6.4 (addons/ftrack/pyproject.toml:9, tool.poetry.dependencies)
        # via ftrack-python-api 3.1.0
    frozen @ https://host.invalid/a%20b/frozen.zip#subdirectory=python \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    python-dateutil==2.9.0.post0 \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
        # via arrow 0.17.0
    studio-tools==1.0 \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    "##);
}

/// One release for both, one with a wheel of its own for each, two versions, and one for Linux alone.
fn two_targets() -> [Lock; 2] {
    let [linux, windows, ..]: [LockTarget; 4] = targets().try_into().unwrap();
    let any = |version| wheel("same", version, "py3-none-any", None);
    let mut qt = package(
        "qt",
        "5.15.2",
        vec![wheel(
            "qt",
            "5.15.2",
            "py3-none-manylinux_2_17_x86_64",
            None,
        )],
    );
    qt.dependencies.insert("same".parse().unwrap());
    let mut qt_elsewhere = package(
        "qt",
        "5.15.1",
        vec![wheel("qt", "5.15.1", "py3-none-win_amd64", None)],
    );
    qt_elsewhere.dependencies.insert("same".parse().unwrap());
    let fast = |tags| package("fast", "1", vec![wheel("fast", "1", tags, None)]);
    let mut app = package("app", "1", vec![wheel("app", "1", "py3-none-any", None)]);
    app.dependencies = ["qt", "fast"].map(|name| name.parse().unwrap()).into();
    [
        Lock {
            target: windows,
            packages: vec![
                app.clone(),
                qt_elsewhere,
                package("same", "1.0", vec![any("1.0")]),
                fast("cp311-cp311-win_amd64"),
            ],
        },
        Lock {
            target: linux,
            packages: vec![
                app,
                qt,
                package("same", "1.0", vec![any("1.0")]),
                fast("cp311-cp311-manylinux_2_17_x86_64"),
                package("only", "3", vec![wheel("only", "3", "py3-none-any", None)]),
            ],
        },
    ]
}

#[test]
fn several_targets_share_a_file() {
    let locks = two_targets();
    insta::assert_snapshot!(pylock::write(&locks, OPTIONS).unwrap(), @r##"
    lock-version = "1.0"
    environments = [
        "sys_platform == 'linux' and python_full_version >= '3.11' and python_full_version < '3.12'",
        "sys_platform == 'win32' and python_full_version >= '3.11' and python_full_version < '3.12'",
    ]
    requires-python = "==3.11.*"
    created-by = "a-tool"

    [[packages]]
    name = "app"
    version = "1"
    requires-python = ">=3.8"
    dependencies = [
        { name = "fast" },
        { name = "qt", version = "5.15.1" },
        { name = "qt", version = "5.15.2" },
    ]
    index = "https://index.invalid/simple"
    wheels = [
        { name = "app-1-py3-none-any.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/app-1-py3-none-any.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [[packages]]
    name = "fast"
    version = "1"
    requires-python = ">=3.8"
    index = "https://index.invalid/simple"
    wheels = [
        { name = "fast-1-cp311-cp311-manylinux_2_17_x86_64.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/fast-1-cp311-cp311-manylinux_2_17_x86_64.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
        { name = "fast-1-cp311-cp311-win_amd64.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/fast-1-cp311-cp311-win_amd64.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [[packages]]
    name = "only"
    version = "3"
    marker = "sys_platform == 'linux' and python_full_version >= '3.11' and python_full_version < '3.12'"
    requires-python = ">=3.8"
    index = "https://index.invalid/simple"
    wheels = [
        { name = "only-3-py3-none-any.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/only-3-py3-none-any.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [[packages]]
    name = "qt"
    version = "5.15.1"
    marker = "sys_platform == 'win32' and python_full_version >= '3.11' and python_full_version < '3.12'"
    requires-python = ">=3.8"
    dependencies = [{ name = "same" }]
    index = "https://index.invalid/simple"
    wheels = [
        { name = "qt-5.15.1-py3-none-win_amd64.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/qt-5.15.1-py3-none-win_amd64.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [[packages]]
    name = "qt"
    version = "5.15.2"
    marker = "sys_platform == 'linux' and python_full_version >= '3.11' and python_full_version < '3.12'"
    requires-python = ">=3.8"
    dependencies = [{ name = "same" }]
    index = "https://index.invalid/simple"
    wheels = [
        { name = "qt-5.15.2-py3-none-manylinux_2_17_x86_64.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/qt-5.15.2-py3-none-manylinux_2_17_x86_64.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [[packages]]
    name = "same"
    version = "1.0"
    requires-python = ">=3.8"
    index = "https://index.invalid/simple"
    wheels = [
        { name = "same-1.0-py3-none-any.whl", upload-time = 2024-02-03T04:05:06.789Z, url = "https://index.invalid/files/same-1.0-py3-none-any.whl", size = 4096, hashes = { sha256 = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" } },
    ]

    [tool.a-tool]
    platforms = [
        "linux x86_64, glibc 2.28",
        "windows x86_64",
    ]
    "##);
    insta::assert_snapshot!(requirements::write(&locks).unwrap(), @r##"
    app==1 \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    fast==1 \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    only==3 ; sys_platform == 'linux' and python_full_version >= '3.11' and python_full_version < '3.12' \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    qt==5.15.1 ; sys_platform == 'win32' and python_full_version >= '3.11' and python_full_version < '3.12' \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    qt==5.15.2 ; sys_platform == 'linux' and python_full_version >= '3.11' and python_full_version < '3.12' \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    same==1.0 \
        --hash=sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    "##);
}

#[test]
fn environments_that_overlap_cannot_share_a_file() {
    let lock = every_kind();
    let mut other = lock.clone();
    other.target.platform = "linux x86_64, glibc 2.17".to_owned();
    other.target.marker = "sys_platform == 'linux'".to_owned();
    let error = Pylock::of(&[lock, other], OPTIONS).unwrap_err();
    assert!(matches!(error, LockError::Overlap { .. }), "{error}");
}

#[test]
fn what_cannot_be_locked_is_named() {
    let mut lock = every_kind();
    if let Origin::Files { wheels, .. } = &mut lock.packages[5].origin {
        wheels[0].hashes.clear();
    }
    let error = pylock::write(std::slice::from_ref(&lock), OPTIONS).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("arrow 0.17.0: no hash of arrow-0.17.0"),
        "{error}"
    );
    let error = requirements::write(&[Lock {
        packages: vec![lock.packages[5].clone()],
        ..lock.clone()
    }])
    .unwrap_err();
    assert!(matches!(error, LockError::NoHash { .. }), "{error}");
    lock.packages[5].origin = Origin::Files {
        wheels: Vec::new(),
        sdist: None,
    };
    let error = pylock::write(std::slice::from_ref(&lock), OPTIONS).unwrap_err();
    assert!(matches!(error, LockError::NoFile { .. }), "{error}");
    let twice = Lock {
        packages: vec![lock.packages[0].clone(), lock.packages[0].clone()],
        ..lock.clone()
    };
    let error = pylock::write(&[twice], OPTIONS).unwrap_err();
    assert!(matches!(error, LockError::Twice { .. }), "{error}");
    let options = Options {
        absolute_paths: false,
        ..OPTIONS
    };
    let error = pylock::write(&[every_kind()], options).unwrap_err();
    assert!(matches!(error, LockError::NoRelativePath { .. }), "{error}");
}

#[test]
fn a_python_that_the_author_feared_does_not_make_the_lock_useless() {
    let mut lock = every_kind();
    lock.packages.truncate(1);
    lock.packages[0].requires_python = Some(">=3.6,<=3.8".to_owned());
    let pylock = Pylock::of(&[lock], OPTIONS).unwrap();
    assert_eq!(pylock.packages[0].requires_python, None);
}

#[test]
fn a_target_says_where_its_lock_may_be_installed() {
    let machine = Machine::X86_64;
    for (python, requires) in [("3.11", ">=3.11,<3.12"), ("3.9.13", ">=3.9.13,<3.10")] {
        let target = Target::new(
            TargetPlatform::Windows { machine },
            &python.parse().unwrap(),
        );
        let lock_target = LockTarget::of(&target);
        assert_eq!(lock_target.requires_python, requires);
        assert_eq!(lock_target.platform, "windows amd64");
        let empty = Lock {
            target: lock_target,
            packages: Vec::new(),
        };
        let pylock = Pylock::of(&[empty], OPTIONS).unwrap();
        assert!(
            pylock
                .select(target.environment(), &|_| None)
                .unwrap()
                .is_empty()
        );
    }
}
