//! Whatever is locked: it reads back, in any order, and pins what was locked.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use pypi::Timestamp;
use pypi::lock::pylock::{self, Pylock};
use pypi::lock::{HeldBack, Lock, LockedFile, LockedPackage, Origin, WantedBy, pins, requirements};

use super::sample::{OPTIONS, package, targets, wheel};

fn name() -> impl Strategy<Value = String> {
    select(vec![
        "alpha",
        "beta",
        "gamma-two",
        "delta",
        "epsilon",
        "zeta",
    ])
    .prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    "[ -~\\n\\t\"\\\\\u{1}\u{7f}é#]{0,12}"
}

fn locked_file(name: String, version: String, tags: String) -> impl Strategy<Value = LockedFile> {
    let hash = ("sha256|sha512|blake2b-256|odd name", "[0-9a-f]{4}");
    let plain = select(vec![None, Some("/wheels/a b"), Some("/x")]);
    (
        btree_map(hash.0, hash.1, 1..3),
        option::of(0..u64::from(u32::MAX)),
        option::of(0..4_000_000_000_000_000_i64),
        plain,
    )
        .prop_map(move |(hashes, size, time, folder)| LockedFile {
            hashes,
            size,
            uploaded: time.and_then(Timestamp::from_microseconds),
            ..wheel(&name, &version, &tags, folder)
        })
}

fn origin(name: String, version: String) -> impl Strategy<Value = Origin> {
    let tags = [
        "cp311-cp311-manylinux_2_17_x86_64",
        "cp311-abi3-win_amd64",
        "py3-none-any",
    ];
    let files = subsequence(tags.to_vec(), 1..=3)
        .prop_shuffle()
        .prop_flat_map({
            let (name, version) = (name.clone(), version.clone());
            move |tags| {
                let files: Vec<_> = tags
                    .into_iter()
                    .map(|tags| locked_file(name.clone(), version.clone(), tags.to_owned()))
                    .collect();
                files.prop_map(|wheels| Origin::Files {
                    wheels,
                    sdist: None,
                })
            }
        });
    let git = ("[0-9a-f]{40}", option::of(text()), option::of(text())).prop_map(
        |(commit, requested, subdirectory)| Origin::Git {
            url: "https://host.invalid/x.git".to_owned(),
            commit,
            requested,
            subdirectory,
        },
    );
    let archive = (
        locked_file(name, version, "py3-none-any".to_owned()),
        option::of("[a-z/]{1,5}"),
    )
        .prop_map(|(file, subdirectory)| Origin::Archive { file, subdirectory });
    prop_oneof![6 => files, 1 => git, 1 => archive]
}

fn locked_package(name: String) -> impl Strategy<Value = LockedPackage> {
    let version = select(vec!["1.0", "2.1.3rc1", "1!3.post2+local.7"]).prop_map(str::to_owned);
    version.prop_flat_map(move |version| {
        let wanted =
            (text(), text(), any::<bool>()).prop_map(|(who, requirement, is_root)| WantedBy {
                who,
                requirement,
                is_root,
            });
        let held_back = vec(text(), 0..3).prop_map(|by| HeldBack {
            newest: "9".parse().unwrap(),
            by,
        });
        let extras = btree_set(self::name(), 0..2);
        let package = package(&name, &version, Vec::new());
        (
            origin(name.clone(), version),
            btree_set(self::name(), 0..4),
            vec(wanted, 0..3),
            option::of(text()),
            option::of(held_back),
            extras,
            any::<bool>(),
        )
            .prop_map(
                move |(origin, dependencies, wanted_by, half, held_back, extras, is_yanked)| {
                    LockedPackage {
                        is_yanked,
                        origin,
                        dependencies: dependencies
                            .iter()
                            .map(|name| name.parse().unwrap())
                            .collect(),
                        wanted_by,
                        half,
                        held_back,
                        extras: extras.iter().map(|name| name.parse().unwrap()).collect(),
                        ..package.clone()
                    }
                },
            )
    })
}

fn locks() -> impl Strategy<Value = Vec<Lock>> {
    subsequence(targets(), 1..=4).prop_flat_map(|targets| {
        let locks: Vec<_> = targets
            .into_iter()
            .map(|target| {
                btree_set(name(), 0..5)
                    .prop_flat_map(|names| {
                        names.into_iter().map(locked_package).collect::<Vec<_>>()
                    })
                    .prop_map(move |packages| Lock {
                        target: target.clone(),
                        packages,
                    })
            })
            .collect();
        locks
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 200 } else { 2000 }))]

    #[test]
    fn what_is_written_reads_back(locks in locks()) {
        let lock = Pylock::of(&locks, OPTIONS).unwrap();
        let text = lock.to_text(OPTIONS.tool);
        prop_assert_eq!(&Pylock::read(&text, OPTIONS.tool).unwrap(), &lock);
        prop_assert_eq!(Pylock::read(&text, OPTIONS.tool).unwrap().to_text(OPTIONS.tool), text);
    }

    #[test]
    fn the_order_of_packages_and_targets_is_no_matter(
        (locks, shuffled) in locks().prop_flat_map(|locks| {
            let shuffled = locks.iter().cloned().map(|lock| Just(lock.packages).prop_shuffle().prop_map(move |packages| Lock { target: lock.target.clone(), packages })).collect::<Vec<_>>();
            (Just(locks), shuffled.prop_shuffle())
        })
    ) {
        prop_assert_eq!(pylock::write(&locks, OPTIONS), pylock::write(&shuffled, OPTIONS));
        prop_assert_eq!(requirements::write(&locks).ok(), requirements::write(&shuffled).ok());
    }

    #[test]
    fn pins_are_what_was_locked(locks in locks()) {
        let text = pylock::write(&locks, OPTIONS).unwrap();
        for lock in &locks {
            let expected: BTreeMap<_, _> = lock.packages.iter().filter_map(|package| Some((package.name.clone(), package.version.clone()?))).collect();
            let found = pins::read(&text, &lock.target.environment).unwrap();
            prop_assert_eq!(&found.versions, &expected);
            let commits = lock.packages.iter().filter(|package| matches!(package.origin, Origin::Git { .. })).count();
            prop_assert_eq!(found.commits.len(), commits);
            // A single lock's requirements say the same of everything that comes from an index.
            let mut indexed = lock.clone();
            indexed.packages.retain(|package| matches!(package.origin, Origin::Files { .. }));
            let expected: BTreeMap<_, _> = indexed.packages.iter().filter_map(|package| Some((package.name.clone(), package.version.clone()?))).collect();
            let found = pins::read(&requirements::write(&[indexed]).unwrap(), &lock.target.environment).unwrap();
            prop_assert_eq!(found.versions, expected);
        }
    }

    #[test]
    fn an_installer_finds_each_targets_packages(locks in locks()) {
        let pylock = Pylock::of(&locks, OPTIONS).unwrap();
        for lock in &locks {
            let chosen = pylock.select(&lock.target.environment, &|_| Some(1)).unwrap();
            let chosen: BTreeMap<_, _> = chosen.into_iter().map(|(package, _)| (package.name.clone(), package.version.clone())).collect();
            let expected: BTreeMap<_, _> = lock.packages.iter().map(|package| (package.name.clone(), package.version.clone())).collect();
            prop_assert_eq!(chosen, expected);
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in "[a-z=\\[\\]\"'. #@+;\\\\\\n0-9-]{0,80}") {
        let environment = &targets()[0].environment;
        let _ = pins::read(&text, environment);
        let _ = pins::read(&format!("lock-version = '1.0'\n{text}"), environment);
    }
}
