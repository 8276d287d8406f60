//! Publishing into a repository: what is there stays, what is refused leaves nothing behind.

use std::fs;
use std::path::{Path, PathBuf};

use ayon_backend_rez::publish::{Outcome, Report, WriteError};
use insta::assert_snapshot;

use crate::studio::World;

/// Every file and folder, hidden ones too.
fn contents(repository: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![repository.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            found.push(path.strip_prefix(repository).unwrap().to_owned());
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

fn written(report: &Report) -> Vec<String> {
    let written = report
        .packages
        .iter()
        .filter(|(_, outcome)| matches!(outcome, Outcome::Written { .. }));
    written
        .map(|(package, _)| format!("{}-{}", package.family, package.version))
        .collect()
}

/// The error, with the repository's path taken out.
fn refusal(world: &World, repository: &Path) -> String {
    let before = contents(repository);
    let error = world.write(repository).unwrap_err().to_string();
    assert_eq!(contents(repository), before, "{error}");
    error
        .replace(repository.to_str().unwrap(), "REPOSITORY")
        .replace('\\', "/")
}

#[test]
fn packages_appear_whole_and_once() {
    let repository = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let report = world.write(repository.path()).unwrap();
    assert_eq!(
        written(&report),
        [
            "ayon_launcher-1.6.3",
            "ayon_addon_core-1.9.7",
            "ayon_addon_ftrack-1.6.4",
            "ayon_addon_maya-0.6.5",
            "ayon_addon_shotgrid-0.6.4_git",
            "ayon_bundle-spring.20251121071200",
            "ayon_bundle-staging.20251121071200",
        ]
    );
    for (package, outcome) in &report.packages {
        let Outcome::Written { file } = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(fs::read_to_string(file).unwrap(), package.text);
    }
    let after = contents(repository.path());
    assert!(
        !after
            .iter()
            .any(|path| path.file_name().unwrap().to_str().unwrap().starts_with('.')),
        "{after:?}"
    );
    // Again, and again tomorrow.
    for _ in 0..2 {
        assert_eq!(
            written(&world.write(repository.path()).unwrap()),
            Vec::<String>::new()
        );
        assert_eq!(contents(repository.path()), after);
        world.options.timestamp += 86_400;
    }
}

#[test]
fn a_changed_release_is_refused_before_anything_is_written() {
    let repository = tempfile::tempdir().unwrap();
    let mut world = World::new();
    world.write(repository.path()).unwrap();
    // A new addon would come first, and must not be written either.
    fs::remove_dir_all(repository.path().join("ayon_addon_core")).unwrap();
    world.relations("maya").required.clear();
    assert_snapshot!(refusal(&world, repository.path()), @"AYON addon maya 0.6.5 is in `REPOSITORY/ayon_addon_maya/0.6.5/package.py` already, and differs in line 9: `requires = ['ayon_addon_core-1.0.0+']` there, `def commands():` now; a published package is never changed: publish to another repository, or take that folder away if nobody uses it");
}

#[test]
fn a_bundle_moves_to_a_new_version() {
    let repository = tempfile::tempdir().unwrap();
    let mut world = World::new();
    world.write(repository.path()).unwrap();
    // Staging moves to another bundle, an hour later.
    world.studio.bundles[0].name = "summer".into();
    world.bundle.name = "summer".into();
    world.options.timestamp += 3600;
    let report = world.write(repository.path()).unwrap();
    assert_eq!(
        written(&report),
        [
            "ayon_bundle-summer.20251121081200",
            "ayon_bundle-staging.20251121081200"
        ]
    );
    // And back: that is a move as well.
    world.studio.bundles[0].name = "spring".into();
    world.bundle.name = "spring".into();
    world.options.timestamp += 3600;
    assert_eq!(
        written(&world.write(repository.path()).unwrap()),
        ["ayon_bundle-staging.20251121091200"]
    );
    // A clock that is late would publish what nobody gets.
    world.options.timestamp -= 86_400;
    world.options.server = Some("https://ayon.example.org".into());
    assert_snapshot!(refusal(&world, repository.path()), @"AYON bundle spring cannot be published: `REPOSITORY/ayon_bundle/spring.20251121071200` is as new or newer, so that nobody would get this one; wait a second, or set the clock right");
}

#[test]
fn other_series_are_left_alone() {
    let repository = tempfile::tempdir().unwrap();
    let family = repository.path().join("ayon_bundle");
    for name in [
        "staging",
        "staging.99990101000000.1",
        "staging.2",
        "staging-2.99990101000000",
        "stagingx.99990101000000",
    ] {
        fs::create_dir_all(family.join(name)).unwrap();
    }
    assert_eq!(
        written(&World::new().write(repository.path()).unwrap()).len(),
        7
    );
}

#[test]
fn what_stands_in_the_way_is_named() {
    let refusal = |path: &str, is_file: bool| {
        let repository = tempfile::tempdir().unwrap();
        let path = repository.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if is_file {
            fs::write(&path, "").unwrap();
        } else {
            fs::create_dir(&path).unwrap();
        }
        refusal(&World::new(), repository.path())
    };
    let errors = [
        refusal("ayon_addon_core.yaml", true),
        refusal("ayon_addon_core", true),
        refusal("Ayon_Addon_Core", false),
        refusal("ayon_addon_core/package.py", true),
        refusal("ayon_addon_core/1-9.7", false),
        refusal("ayon_addon_shotgrid/0.6.4_GIT", false),
        refusal("ayon_addon_core/.ignore1.9.7", true),
        refusal("ayon_addon_core/1.9.7", false),
        refusal("ayon_addon_core/1.9.7/package.yaml", true),
        refusal("ayon_addon_core/1.9.7/package.py", true),
    ];
    assert_snapshot!(errors.join("\n"), @"
    AYON addon core 1.9.7 cannot be published: `REPOSITORY/ayon_addon_core.yaml` defines the whole family
    AYON addon core 1.9.7 cannot be published: `REPOSITORY/ayon_addon_core` is no folder
    AYON addon core 1.9.7 cannot be published: `REPOSITORY/Ayon_Addon_Core` is the same name where case does not count
    AYON addon core 1.9.7 cannot be published: `REPOSITORY/ayon_addon_core/package.py` is an unversioned package, which hides all versions
    AYON addon core 1.9.7 cannot be published: `REPOSITORY/ayon_addon_core/1-9.7` is the same version to rez or to the disk
    AYON addon shotgrid 0.6.4+git cannot be published: `REPOSITORY/ayon_addon_shotgrid/0.6.4_GIT` is the same version to rez or to the disk
    AYON addon core 1.9.7 cannot be published: `REPOSITORY/ayon_addon_core/.ignore1.9.7` hides this version
    AYON addon core 1.9.7 cannot be published: `REPOSITORY/ayon_addon_core/1.9.7` holds no package file; somebody may be writing it
    AYON addon core 1.9.7 cannot be published: `REPOSITORY/ayon_addon_core/1.9.7` holds a package.yaml that nobody published from here
    AYON addon core 1.9.7 is in `REPOSITORY/ayon_addon_core/1.9.7/package.py` already, and differs in line 1: `` there, `# -*- coding: utf-8 -*-` now; a published package is never changed: publish to another repository, or take that folder away if nobody uses it
    ");
}

#[test]
fn a_repository_has_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let error = World::new().write(&folder.path().join("typo")).unwrap_err();
    assert!(matches!(error, WriteError::Disk(_)), "{error}");
    assert!(error.to_string().contains("typo"), "{error}");
}

#[test]
fn many_publishers_at_once_write_each_package_once() {
    let repository = tempfile::tempdir().unwrap();
    let path = repository.path();
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let publisher = || World::new().write(path).unwrap();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(publisher)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let written: usize = reports.iter().map(|report| written(report).len()).sum();
    assert_eq!(written, 7);
    // Families, versions, files, and the folders of variants.
    assert_eq!(contents(path).len(), 6 + 7 + 7 + 6);
}
