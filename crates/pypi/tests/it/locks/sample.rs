//! Made-up locks.

use std::collections::BTreeSet;
use std::path::PathBuf;

use pypi::lock::pylock::Options;
use pypi::lock::{
    FileLocation, HeldBack, Lock, LockTarget, LockedFile, LockedPackage, Origin, WantedBy,
};
use pypi::{MarkerEnvironment, OperatingSystem};

pub(crate) const OPTIONS: Options<'static> = Options {
    tool: "a-tool",
    folder: None,
    absolute_paths: true,
};

pub(crate) fn target(system: OperatingSystem, python: &str) -> LockTarget {
    let full: pypi::Version = format!("{python}.0").parse().unwrap();
    let (word, platform) = match system {
        OperatingSystem::Linux => ("linux", "linux x86_64, glibc 2.28"),
        OperatingSystem::Windows => ("win32", "windows x86_64"),
        OperatingSystem::Darwin => ("darwin", "macos x86_64, 11.0"),
    };
    let next = python.rsplit('.').next().unwrap().parse::<u32>().unwrap() + 1;
    LockTarget {
        environment: MarkerEnvironment::new(system, "x86_64", &full),
        marker: format!(
            "sys_platform == '{word}' and python_full_version >= '{python}' and python_full_version < '3.{next}'"
        ),
        requires_python: format!("=={python}.*"),
        platform: platform.to_owned(),
    }
}

/// Four that no installer can mistake for one another.
pub(crate) fn targets() -> Vec<LockTarget> {
    vec![
        target(OperatingSystem::Linux, "3.11"),
        target(OperatingSystem::Windows, "3.11"),
        target(OperatingSystem::Darwin, "3.11"),
        target(OperatingSystem::Linux, "3.12"),
    ]
}

pub(crate) fn wheel(name: &str, version: &str, tags: &str, folder: Option<&str>) -> LockedFile {
    let file = format!("{}-{version}-{tags}.whl", name.replace('-', "_"));
    LockedFile {
        location: match folder {
            Some(folder) => FileLocation::Path(PathBuf::from(format!("{folder}/{file}"))),
            None => FileLocation::Url(format!("https://index.invalid/files/{file}")),
        },
        hashes: [("sha256".to_owned(), "0a".repeat(32))].into(),
        name: file,
        size: Some(4096),
        uploaded: "2024-02-03T04:05:06.789Z".parse().ok(),
    }
}

pub(crate) fn package(name: &str, version: &str, wheels: Vec<LockedFile>) -> LockedPackage {
    LockedPackage {
        name: name.parse().unwrap(),
        version: version.parse().ok(),
        requires_python: Some(">=3.8".to_owned()),
        index: Some("https://index.invalid/simple".to_owned()),
        extras: BTreeSet::new(),
        origin: Origin::Files {
            wheels,
            sdist: None,
        },
        dependencies: BTreeSet::new(),
        wanted_by: Vec::new(),
        half: None,
        held_back: None,
        is_yanked: false,
    }
}

fn wanted(who: &str, requirement: &str, is_root: bool) -> WantedBy {
    WantedBy {
        who: who.to_owned(),
        requirement: requirement.to_owned(),
        is_root,
    }
}

/// A lock with one package of every kind.
pub(crate) fn every_kind() -> Lock {
    let mut arrow = package(
        "arrow",
        "0.17.0",
        vec![wheel("arrow", "0.17.0", "py2.py3-none-any", None)],
    );
    arrow
        .dependencies
        .insert("python-dateutil".parse().unwrap());
    arrow.half = Some("dependencies".to_owned());
    arrow.wanted_by = vec![
        wanted(
            "addon ftrack 1.6.4 (addons/ftrack/pyproject.toml:9, tool.poetry.dependencies)",
            "^0.17",
            true,
        ),
        wanted("ftrack-python-api 3.1.0", "arrow<1,>=0.4.4", false),
    ];
    arrow.held_back = Some(HeldBack {
        newest: "1.4.0".parse().unwrap(),
        by: vec!["ftrack-python-api 3.1.0 (arrow<1,>=0.4.4)".to_owned()],
    });
    let mut dateutil = package(
        "python-dateutil",
        "2.9.0.post0",
        vec![
            wheel(
                "python-dateutil",
                "2.9.0.post0",
                "cp311-cp311-manylinux_2_17_x86_64",
                None,
            ),
            wheel("python-dateutil", "2.9.0.post0", "py3-none-any", None),
        ],
    );
    dateutil.extras.insert("fast".parse().unwrap());
    dateutil.wanted_by = vec![wanted("arrow 0.17.0", "python-dateutil>=2.7.0", false)];
    if let Origin::Files { sdist, .. } = &mut dateutil.origin {
        let mut file = wheel("python-dateutil", "2.9.0.post0", "x", None);
        "python-dateutil-2.9.0.post0.tar.gz".clone_into(&mut file.name);
        file.location = FileLocation::Url(
            "https://me:secret@index.invalid/python-dateutil-2.9.0.post0.tar.gz".to_owned(),
        );
        file.size = None;
        file.uploaded = None;
        *sdist = Some(file);
    }
    dateutil.index = Some("https://token@index.invalid/simple".to_owned());
    let mut local = package(
        "studio-tools",
        "1.0",
        vec![wheel(
            "studio-tools",
            "1.0",
            "py3-none-any",
            Some("/studio/wheels"),
        )],
    );
    local.index = None;
    let mut git = package("shotgun-api3", "3.4.0", Vec::new());
    git.index = None;
    git.origin = Origin::Git {
        url: "https://user:secret@host.invalid/python-api.git".to_owned(),
        commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        requested: Some("v3.4.0".to_owned()),
        subdirectory: None,
    };
    let mut archive = package("frozen", "2.0", Vec::new());
    archive.index = None;
    archive.origin = Origin::Archive {
        file: LockedFile {
            name: "frozen.zip".to_owned(),
            location: FileLocation::Url("https://host.invalid/a%20b/frozen.zip".to_owned()),
            ..wheel("frozen", "2.0", "x", None)
        },
        subdirectory: Some("python".to_owned()),
    };
    let mut directory = package("checkout", "1", Vec::new());
    directory.version = None;
    directory.index = None;
    directory.origin = Origin::Directory {
        path: PathBuf::from("/studio/checkout"),
        subdirectory: None,
    };
    Lock {
        target: targets().swap_remove(0),
        packages: not_by_name(vec![arrow, dateutil, local, git, archive, directory]),
    }
}

/// Not the order of names.
fn not_by_name(mut packages: Vec<LockedPackage>) -> Vec<LockedPackage> {
    packages.reverse();
    packages
}
