//! Projects: their order, their questions, and the form in which they are kept.

use proptest::prelude::*;
use pypi::{FileKind, NewFile, NewLocation, Project, ProjectBuilder, Version, VersionSet};

use crate::worlds::{UNIVERSE, sets};

fn project(files: impl IntoIterator<Item = NewFile>) -> Project {
    let mut builder = ProjectBuilder::new("Pack-Age".parse().unwrap(), "an index");
    for file in files {
        builder.add(file);
    }
    builder.build().unwrap()
}

fn at(name: &str) -> NewFile {
    NewFile::new(
        name,
        NewLocation::Url(format!("https://files.invalid/{name}")),
    )
}

#[test]
fn versions_ascend_and_wheels_stand_before_sdists() {
    let project = project(
        [
            "pack_age-1.10.tar.gz",
            "pack_age-1.10-py3-none-any.whl",
            "pack_age-1.10.0-cp311-cp311-win_amd64.whl",
            "pack-age-1.9.zip",
            "pack_age-1.10rc1-py3-none-any.whl",
            "Pack.Age-1!0.1-py3-none-any.whl",
            "pack_age-1.9+local-py3-none-any.whl",
            "package-3.0.tar.gz",
            "pack_age-x-py3-none-any.whl",
        ]
        .map(at),
    );
    let listed: Vec<(String, Vec<&str>)> = (0..project.len())
        .map(|position| {
            let files = project.files(position).map(|file| file.name());
            (project.version(position).to_string(), files.collect())
        })
        .collect();
    insta::assert_debug_snapshot!(listed, @r#"
    [
        (
            "1.9",
            [
                "pack-age-1.9.zip",
            ],
        ),
        (
            "1.9+local",
            [
                "pack_age-1.9+local-py3-none-any.whl",
            ],
        ),
        (
            "1.10rc1",
            [
                "pack_age-1.10rc1-py3-none-any.whl",
            ],
        ),
        (
            "1.10",
            [
                "pack_age-1.10-py3-none-any.whl",
                "pack_age-1.10.0-cp311-cp311-win_amd64.whl",
                "pack_age-1.10.tar.gz",
            ],
        ),
        (
            "1!0.1",
            [
                "Pack.Age-1!0.1-py3-none-any.whl",
            ],
        ),
    ]
    "#);
    assert_eq!(
        project.skipped().collect::<Vec<_>>(),
        ["package-3.0.tar.gz", "pack_age-x-py3-none-any.whl"]
    );
    assert_eq!(
        (project.name().as_str(), project.index()),
        ("pack-age", "an index")
    );
    let tags: Vec<_> = project
        .wheel_tags()
        .iter()
        .map(ToString::to_string)
        .collect();
    for position in 0..project.len() {
        assert_eq!(
            project.is_prerelease(position),
            project.version(position).is_prerelease()
        );
        for file in project.files(position) {
            assert_eq!(project.position_of_file(file.id()), position);
            assert_eq!(project.file(file.id()).name(), file.name());
            if let FileKind::Wheel { tags: index } = file.kind() {
                assert!(
                    file.name()
                        .ends_with(&format!("-{}.whl", tags[usize::from(index)]))
                );
            }
        }
    }
}

#[test]
fn of_two_files_of_one_name_the_first_counts() {
    let mut first = at("pack_age-1-py3-none-any.whl");
    first.size = Some(1);
    let mut second = first.clone();
    second.size = Some(2);
    let project = project([first, second]);
    assert_eq!(
        project.files(0).map(|file| file.size()).collect::<Vec<_>>(),
        [Some(1)]
    );
}

#[test]
fn a_digest_that_is_none_stays_and_matches_nothing() {
    let mut file = at("pack_age-1-py3-none-any.whl");
    for (algorithm, digest) in [("sha256", "ABC"), ("md5", "00")] {
        file.hashes.insert(algorithm.to_owned(), digest.to_owned());
    }
    let project = project([file]);
    let file = project.files(0).next().unwrap();
    assert_eq!(file.sha256(), None);
    assert_eq!(
        file.hashes().collect::<Vec<_>>(),
        [("md5", "00".to_owned()), ("sha256", "abc".to_owned())]
    );
}

#[test]
fn the_range_of_a_python_is_about_its_release() {
    let mut file = at("pack_age-1-py3-none-any.whl");
    file.requires_python = Some(">=3.11, <3.14.0a1".to_owned());
    let project = project([file]);
    let range = &project.python_ranges()[0];
    for (python, accepted) in [
        ("3.11.0", true),
        ("3.11.0rc1", true),
        ("3.13.9", true),
        ("3.14.0rc2", false),
    ] {
        assert_eq!(
            range.accepts(&python.parse().unwrap()),
            accepted,
            "{python}"
        );
    }
    let broken = pypi::PythonRange::new("3.x");
    assert!(broken.versions().is_err() && !broken.accepts(&"3.11".parse().unwrap()));
}

fn new_files() -> impl Strategy<Value = Vec<NewFile>> {
    let name = (
        0..UNIVERSE.len(),
        prop_oneof![
            Just("-py3-none-any.whl"),
            Just(".tar.gz"),
            Just("-py2-none-any.whl"),
            Just(".egg")
        ],
    )
        .prop_map(|(version, kind)| format!("pack_age-{}{kind}", UNIVERSE[version]));
    let file = (
        name,
        any::<bool>(),
        proptest::collection::btree_map("(sha256|md5|sha512)", "([0-9a-f]{64}|[0-9a-f]{8})", 0..3),
        proptest::option::of("(>=3\\.[0-9]|é{0,3})"),
        proptest::option::of("[a-zé]{0,9}"),
        proptest::option::of(0..u64::from(u32::MAX)),
        proptest::option::of(0..4_000_000_000_000_000_i64),
        proptest::option::of("([0-9a-f]{8})?"),
    )
        .prop_map(
            |(name, is_path, hashes, requires_python, yanked, size, uploaded, core_metadata)| {
                let place = format!("/folder/{name}");
                let location = if is_path {
                    NewLocation::Path(place)
                } else {
                    NewLocation::Url(place)
                };
                NewFile {
                    hashes,
                    requires_python,
                    yanked,
                    size,
                    uploaded: uploaded.and_then(pypi::Timestamp::from_microseconds),
                    core_metadata,
                    ..NewFile::new(name, location)
                }
            },
        );
    proptest::collection::vec(file, 0..12)
}

/// A file as it was put in, out of what the project says of it.
fn rebuilt(project: &Project) -> Vec<NewFile> {
    let files = (0..project.len()).flat_map(|position| project.files(position));
    files
        .map(|file| NewFile {
            name: file.name().to_owned(),
            location: match file.location() {
                pypi::Location::Url(url) => NewLocation::Url(url.to_owned()),
                pypi::Location::Path(path) => NewLocation::Path(path.to_owned()),
            },
            hashes: file
                .hashes()
                .map(|(key, digest)| (key.to_owned(), digest))
                .collect(),
            requires_python: file.requires_python().map(|index| {
                project.python_ranges()[usize::from(index)]
                    .text()
                    .to_owned()
            }),
            yanked: file.is_yanked().then(|| file.yanked_reason().to_owned()),
            size: file.size(),
            uploaded: file.uploaded(),
            core_metadata: file
                .has_core_metadata()
                .then(|| file.core_metadata_sha256().unwrap_or_default().to_owned()),
        })
        .collect()
}

proptest! {
    #[test]
    fn nothing_that_was_put_in_is_lost(files in new_files()) {
        let project = project(files.clone());
        prop_assert!((1..project.len()).all(|at| project.version(at - 1) < project.version(at)));
        let kept = rebuilt(&project);
        for file in &kept {
            prop_assert_eq!(files.iter().find(|given| given.name == file.name), Some(file));
        }
        let skipped: Vec<&str> = project.skipped().collect();
        for file in &files {
            prop_assert!(skipped.contains(&file.name.as_str()) || kept.iter().any(|kept| kept.name == file.name));
        }
        let again = Project::decode(project.encode().to_vec()).unwrap();
        prop_assert_eq!(rebuilt(&again), kept);
        prop_assert_eq!(again, project);
    }

    #[test]
    fn positions_are_those_of_the_versions_in_the_set(set in sets(), files in new_files()) {
        let project = project(files);
        let runs = project.positions(&set);
        for position in 0..project.len() {
            let version = project.version(position);
            let number = u32::try_from(position).unwrap();
            prop_assert_eq!(runs.iter().any(|run| run.contains(&number)), set.contains(version), "{}", version);
            prop_assert_eq!(project.position_of(version), Some(position));
        }
        prop_assert!(runs.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(runs.iter().all(|run| run.start < run.end));
        let absent: Version = "99".parse().unwrap();
        prop_assert_eq!(project.position_of(&absent), None);
        prop_assert_eq!(project.positions(&VersionSet::none()), []);
    }

    #[test]
    fn damage_to_what_is_kept_is_found(
        files in new_files(),
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let bytes = project(files).encode().to_vec();
        let mut changed = bytes.clone();
        changed[at.index(bytes.len())] ^= flip;
        prop_assert!(Project::decode(changed).is_err());
        prop_assert!(Project::decode(bytes[..at.index(bytes.len())].to_vec()).is_err());
        prop_assert!(pypi::Metadata::decode(bytes).is_err());
    }
}
