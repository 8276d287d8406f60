//! What differs between two locks.

use ayon_lock::{Change, Lock, PackageName, difference};
use ayon_model::{AddonName, Process};
use proptest::prelude::*;

use crate::sample;
use crate::worlds::{lock, resolutions};

#[test]
fn each_change_stands_under_its_name_once_for_all_targets() {
    let mut all = sample::all();
    let process = Process::Headless;
    all.push(sample::resolution("osx-arm64", process));
    all.remove(0);
    for resolution in &mut all {
        resolution.addons[0].version = "1.2.4".parse().unwrap();
        let otio = &mut resolution.artefacts[1];
        otio.file.as_mut().unwrap().sha256 = Some("00".to_owned());
        let asker = &mut resolution.distributions.values_mut().next().unwrap().askers[0];
        if let Some(place) = &mut asker.origin.place {
            place.line = Some(14);
        }
        resolution.edges[0].range = "1.2.4".to_owned();
        resolution.modules.pop_last();
    }
    let is = Lock::of(sample::subject(), sample::inputs(), all).unwrap();
    let found = difference(&sample::lock(), &is);

    let common = [&sample::all()[1], &sample::all()[2]].map(|one| one.target.clone());
    assert_eq!(found.common, common);
    assert_eq!(found.targets_removed, [sample::all()[0].target.clone()]);
    assert_eq!(
        found.targets_added,
        [sample::target("osx-arm64", Process::Headless)]
    );
    assert_eq!(found.subject, None);
    assert_eq!((found.launchers, found.pythons), (vec![], vec![]));

    let [addon] = found.addons.as_slice() else {
        panic!("{:?}", found.addons)
    };
    assert_eq!(addon.name, AddonName::from("core"));
    let versions = [&addon.was, &addon.is].map(|state| state.as_ref().unwrap().version.clone());
    assert_eq!(versions, ["1.2.3", "1.2.4"]);
    assert_eq!(addon.targets, common);

    // The same version, but other bytes.
    let [package] = found.packages.as_slice() else {
        panic!("{:?}", found.packages)
    };
    assert_eq!(
        package.name,
        PackageName::Artefact("opentimelineio".to_owned())
    );
    let (was, is) = (package.was.as_ref().unwrap(), package.is.as_ref().unwrap());
    assert!(was.version == is.version && was.hashes != is.hashes);

    let [module] = found.modules.as_slice() else {
        panic!("{:?}", found.modules)
    };
    assert_eq!((module.name.as_str(), &module.is), ("six", &None));

    let [requirement] = found.requirements.as_slice() else {
        panic!("{:?}", found.requirements)
    };
    assert_eq!(requirement.name.by, "bundle spring");
    assert_eq!(requirement.name.about, "addon core");
    assert_eq!(requirement.is.as_deref(), Some("1.2.4"));

    let [origin] = found.origins.as_slice() else {
        panic!("{:?}", found.origins)
    };
    assert_eq!(origin.name.0.about, "distribution opentimelineio");
    assert!(origin.is.as_ref().unwrap().contains(":14, "));
}

/// A change the other way round.
fn turned<Name: Clone + Ord, State: Clone + Ord>(
    changes: &[Change<Name, State>],
) -> Vec<Change<Name, State>> {
    let turned = changes.iter().cloned().map(|change| Change {
        was: change.is,
        is: change.was,
        ..change
    });
    let mut turned: Vec<_> = turned.collect();
    turned.sort();
    turned
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_differs_from_itself(lock in lock()) {
        let found = difference(&lock, &lock);
        prop_assert!(found.is_empty());
        prop_assert_eq!(found.common.len(), lock.resolutions().len());
    }

    #[test]
    fn both_ways_tell_the_same((subject, one) in resolutions(), (_, other) in resolutions()) {
        let mut other = other;
        for (other, one) in other.iter_mut().zip(&one) {
            other.target = one.target.clone();
            other.bundle.clone_from(&one.bundle);
        }
        other.truncate(one.len());
        let was = Lock::of(subject.clone(), sample::inputs(), one).unwrap();
        let is = Lock::of(subject, sample::inputs(), other).unwrap();
        let (there, back) = (difference(&was, &is), difference(&is, &was));
        prop_assert_eq!(&there.targets_removed, &back.targets_added);
        prop_assert_eq!(turned(&there.addons), { let mut all = back.addons.clone(); all.sort(); all });
        prop_assert_eq!(turned(&there.packages), { let mut all = back.packages.clone(); all.sort(); all });
        prop_assert_eq!(turned(&there.requirements), { let mut all = back.requirements.clone(); all.sort(); all });
        prop_assert_eq!(turned(&there.modules), { let mut all = back.modules.clone(); all.sort(); all });
        // What is the same in everything that is compared has the same addons, packages and modules.
        if there.is_empty() {
            for resolution in was.resolutions() {
                let same = is.resolution(&resolution.target).unwrap();
                prop_assert_eq!(&resolution.addons.len(), &same.addons.len());
                prop_assert_eq!(&resolution.artefacts.len(), &same.artefacts.len());
            }
        }
    }
}
