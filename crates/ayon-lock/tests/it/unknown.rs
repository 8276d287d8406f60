//! What a later program wrote survives, and what is unrelated to a change does not move.

use std::sync::Arc;

use ayon_lock::Lock;
use ayon_model::Process;
use ayon_solve::Demander;
use proptest::prelude::*;

use crate::sample;
use crate::worlds::{lock, resolutions};

/// The text with a field of its own in every table, every line of a list and every nested table of a file.
fn as_a_later_program_writes(text: &str) -> String {
    let mut later = String::new();
    for line in text.lines() {
        let is_line = line.starts_with("    {") && line.ends_with(" },");
        if is_line {
            later.push_str(line.trim_end_matches(" },"));
            later.push_str(", later = [1.5, { on = 2026-11-21 }] },\n");
            continue;
        }
        later.push_str(line);
        later.push('\n');
        if line.starts_with('[') {
            later.push_str("later = true\n");
        }
        if line.starts_with("file.name = ") {
            later.push_str("file.later = \"sha512\"\n");
        }
    }
    later.push_str("\n[[later_section]]\nname = \"x\"\nlater = 1\n");
    later
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn unknown_fields_survive(lock in lock()) {
        let text = as_a_later_program_writes(&lock.to_text());
        let read = Lock::read_changed(&text).unwrap();
        prop_assert_eq!(read.resolutions(), lock.resolutions());
        let again = read.to_text();
        prop_assert_eq!(again.matches("later").count(), text.matches("later").count(), "{}\n{}", text, again);
        let last = Lock::read(&again).unwrap();
        prop_assert_eq!(last.to_text(), again);
        prop_assert_eq!(last, read);
    }

    #[test]
    fn an_unrelated_change_touches_no_other_line((subject, resolutions) in resolutions(), only_first in any::<bool>()) {
        let before = Lock::of(subject.clone(), sample::inputs(), resolutions.clone()).unwrap();
        let mut resolutions = resolutions;
        let count = if only_first { 1 } else { resolutions.len() };
        for resolution in resolutions.iter_mut().take(count) {
            let new = sample::distribution("new-one", ">=1", ("core", "1.2.3"));
            resolution.distributions.insert(new.name.clone(), new);
            let new = sample::artefact("a new one", "1", Demander::Artefact("python".to_owned()));
            resolution.artefacts.push(new);
            let given = ayon_model::Given {
                version: "1.0".parse().unwrap(),
                origin: ayon_model::Origin::request(),
            };
            resolution.modules.insert("new-module".parse().unwrap(), given);
        }
        let after = Lock::of(subject, sample::inputs(), resolutions).unwrap().to_text();
        let mut after = after.lines();
        for line in before.to_text().lines().filter(|line| !line.starts_with("digest")) {
            // The lines before are all still there, in their order: what is new only stands between them.
            prop_assert!(after.any(|other| other == line), "{} is gone or moved", line);
        }
    }
}

#[test]
fn what_is_unknown_survives_a_change_elsewhere() {
    let text = as_a_later_program_writes(&sample::lock().to_text());
    let lock = Lock::read_changed(&text.replace("\"1.0\"", "\"1.4\"")).unwrap();
    let mut changed = sample::resolution("linux-64", Process::Launcher);
    changed.artefacts[1].version = "0.16.1".to_owned();
    let lock = lock.with(sample::inputs(), [changed.clone()]).unwrap();
    let text = lock.to_text();
    assert!(text.contains("schema = \"1.4\""), "{text}");
    assert!(text.contains("[[later_section]]"), "{text}");
    // Of the two opentimelineio only that which has not changed still has its fields.
    let entries: Vec<&str> = text.split("\n[[artefact]]\n").collect();
    let has_later = |version: &str| {
        let version = format!("version = \"{version}\"");
        let entry = entries
            .iter()
            .skip(1)
            .find(|entry| entry.contains(&version))
            .unwrap();
        entry.contains("file.later")
    };
    assert!(has_later("0.16.0") && has_later("3.11.9") && !has_later("0.16.1"));
    assert_eq!(*lock.resolution(&changed.target).unwrap(), changed);
    assert_eq!(lock.resolutions().len(), 3);
    let again = Lock::read(&text).unwrap();
    assert_eq!(again.resolutions(), lock.resolutions());
    assert_eq!(again.to_text(), text);
}

#[test]
fn targets_that_are_not_wanted_any_more_go_with_what_is_unknown_of_them() {
    let text = as_a_later_program_writes(&sample::lock().to_text());
    let lock = Lock::read_changed(&text).unwrap();
    let wanted = sample::target("linux-64", Process::Launcher);
    let text = lock.only(std::slice::from_ref(&wanted)).to_text();
    let lock = Lock::read(&text).unwrap();
    assert_eq!(lock.targets().collect::<Vec<_>>(), [&wanted]);
    assert!(!text.contains("win-64"), "{text}");
    assert!(text.contains("later = true"), "{text}");
}

#[test]
fn what_targets_share_is_written_once() {
    let text = sample::lock().to_text();
    assert_eq!(text.matches("[[artefact]]").count(), 2);
    assert_eq!(text.matches("[[addon]]").count(), 1);
    // Only one of them has Python packages, and says so.
    let mut all = sample::all();
    let asker = {
        let launcher = all[0].distributions.values_mut().next().unwrap();
        launcher.askers[0].extras.insert("extra".parse().unwrap());
        launcher.askers[0].clone()
    };
    let text = Lock::of(sample::subject(), sample::inputs(), all)
        .unwrap()
        .to_text();
    assert_eq!(text.matches("[[distribution]]").count(), 2, "{text}");
    let line = text
        .lines()
        .find(|line| line.contains("extras = [\"extra\"]"))
        .unwrap();
    assert!(
        line.ends_with("targets = [\"linux-64/launcher\"] },"),
        "{line}"
    );
    assert!(line.contains(&format!("words = \"{}\"", asker.text)));
}

#[test]
fn packages_of_one_kind_are_shared_by_all_targets_that_have_them() {
    let mut all = sample::all();
    let packages = all[0].lock.clone();
    for resolution in &mut all {
        resolution.lock = packages.as_ref().map(Arc::clone);
    }
    let text = Lock::of(sample::subject(), sample::inputs(), all)
        .unwrap()
        .to_text();
    assert_eq!(text.matches("[[package]]").count(), 1);
    assert_eq!(
        text.matches("requests-2.31.0.tar.gz\",").count(),
        2,
        "{text}"
    );
}
