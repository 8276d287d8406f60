//! `lock --check` and `--locked`: stale where something that the lock was made from has changed, and only then.

use insta::assert_snapshot;

use super::{fine, told};
use crate::Place;

/// A copy of the sample studio's folder, in which things can change.
fn studio() -> Place {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/studio");
    let mut place = Place::new().variable("AYON_RESOLVE_STUDIO", "[folder]/studio");
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in ayon_disk::read_dir(&folder).unwrap() {
            if entry.path.is_dir() {
                open.push(entry.path);
                continue;
            }
            let name = entry
                .path
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let bytes = ayon_disk::read(&entry.path, 1 << 24).unwrap();
            place = place.bytes(&format!("studio/{name}"), &bytes);
        }
    }
    place
}

/// The studio with another text in a file.
fn changed(place: Place, file: &str, from: &str, to: &str) -> Place {
    let file = format!("studio/{file}");
    let text = place.read(&file);
    assert!(text.contains(from), "{from} is not in {file}:\n{text}");
    place.file(&file, &text.replace(from, to))
}

#[test]
fn a_lock_is_current_until_what_it_was_made_from_changes() {
    let place = studio();
    let missing = place.run("lock --check");
    assert_eq!(missing.code, Some(2));
    assert_snapshot!(told(&missing), @"
    exit code 2
    --- stdout
    --- stderr
    error: there is no lock `ayon.lock`

    hint: make one: `ayon-resolve lock`, with the bundle and what it is for
    hint: or name the lock: `--lock FILE`
    ");
    fine(
        &place,
        "lock --bundle staging --platform linux-64,win-64 --host maya/2025",
    );
    let lock = place.read("ayon.lock");
    assert_snapshot!(told(&fine(&place, "lock --check")), @"
    exit code 0
    --- stdout
    ayon.lock is up to date
    --- stderr
    ");
    fine(&place, "--locked --bundle staging --emit venv -o out/");

    // Other bundles, other releases, other hosts and launchers: no line of the lock changes.
    let place = changed(place, "bundles/studio-production.json", "1.5.5", "1.6.3");
    let place = changed(place, "hosts/nuke-15.toml", "nuke", "nuke");
    let place = place.file(
        "studio/addons/core/99.0.0/package.py",
        "name = \"core\"\nversion = \"99.0.0\"\n",
    );
    fine(&place, "lock --check");
    fine(&place, "lock");
    assert_eq!(place.read("ayon.lock"), lock);

    let stale = place
        .run("lock --check --bundle production --project lighthouse --emit venv --platform linux-64 --host maya/2026");
    assert_eq!(stale.code, Some(1));
    assert_snapshot!(told(&stale), @"
    exit code 1
    --- stdout
    --- stderr
    error: the lock `ayon.lock` is not up to date

      it was locked for bundle studio-staging, not for bundle __project__lighthouse__production
      variant: was staging, is production
      project: was none, is lighthouse
      backend: was none, is venv
      it has nothing for maya/2026 on linux-64
      bundle studio-production is new
      addon aftereffects: was 0.3.6, is 0.2.12
      addon applications: was 1.4.4, is 1.3.6
      addon ayon_ocio: was 1.2.2, is 1.2.1
      addon blender (1.1.8) is gone
      addon core: was 1.9.7, is 1.8.8
      addon deadline: was 0.7.3, is 0.5.21
      addon ftrack: was 1.6.4, is 1.4.15
      addon houdini: was 0.10.6, is 0.9.9
      addon kitsu (1.2.5) is gone
      addon maya: was 0.6.5, is 0.5.4
      addon nuke: was 0.4.14, is 0.3.19
      addon photoshop: was 0.4.2, is 0.3.7
      addon shotgrid: was 0.6.19, is 0.6.18
      addon sitesync: was 1.3.0, is 1.2.6
      addon syncsketch (0.4.0) is gone
      addon traypublisher: was 0.4.0, is 0.3.13
      addon unreal (0.4.0) is gone
      addon usd: was 0.1.7, is 0.1.4
      launcher linux-64: was 1.6.3, is 1.5.5
      launcher win-64: was 1.6.3, is 1.5.5
      host maya/2026 (Python 3.11) is new

    hint: lock again, with the same words: `ayon-resolve lock`; what still fits is kept
    hint: or use it as it is: `--frozen`
    ");
}

#[test]
fn a_stale_lock_says_what_has_changed_and_is_not_used() {
    let place = studio();
    fine(&place, "lock --bundle staging --platform linux-64,win-64");
    let place = changed(
        place,
        "bundles/studio-staging.json",
        "\"ftrack\": \"1.6.4\"",
        "\"ftrack\": null",
    );
    let stale = place.run("lock --check --python 3.11.4");
    assert_eq!(stale.code, Some(1));
    assert_snapshot!(told(&stale), @"
    exit code 1
    --- stdout
    --- stderr
    error: the lock `ayon.lock` is not up to date

      addon ftrack (1.6.4) is gone
      option python (3.11.4) is new

    hint: lock again, with the same words: `ayon-resolve lock`; what still fits is kept
    hint: or use it as it is: `--frozen`
    ");
    let refused = place.run("--locked --bundle staging --emit venv --platform linux-64");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.stderr.contains("addon ftrack (1.6.4) is gone"),
        "{refused:?}"
    );
    let json = place.run("lock --check --json");
    assert_eq!(json.code, Some(1));
    assert_eq!(json.json()["stale"][0]["kind"], "removed");
    // As it is, it still serves.
    fine(
        &place,
        "--frozen --bundle staging --emit venv --platform linux-64",
    );
    let again = fine(&place, "lock");
    assert_snapshot!(told(&again), @"
    exit code 0
    --- stdout
    --- stderr
    addon ftrack is gone
    requirement addon core of addon ftrack is gone
    requirement distribution ftrack-python-api of addon ftrack is gone
    requirement addon ftrack of bundle studio-staging is gone
    Locked the requirements for launcher on linux-64, launcher on win-64 in [time]
    Wrote ayon.lock
    ");
    fine(&place, "lock --check");
}
