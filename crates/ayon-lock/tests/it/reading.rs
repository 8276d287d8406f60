//! Locks that are damaged, conflicted, of a later schema, or for something else.

use ayon_lock::{Lock, ReadError};
use ayon_model::Process;

use crate::sample;

fn refusal(text: &str) -> String {
    Lock::read(text).unwrap_err().to_string()
}

/// The sample with one change of its text.
fn changed(from: &str, to: &str) -> String {
    let text = sample::lock().to_text();
    assert!(text.contains(from), "{from} is not in\n{text}");
    text.replacen(from, to, 1)
}

#[test]
fn the_file_is_made_to_be_read() {
    insta::assert_snapshot!(sample::lock().to_text());
}

#[test]
fn a_merge_conflict_is_called_so() {
    let text = changed(
        "schema = \"1.0\"\n",
        "schema = \"1.0\"\n<<<<<<< HEAD\n=======\n>>>>>>> main\n",
    );
    insta::assert_snapshot!(refusal(&text), @"line 5, column 1: this is a merge conflict (`<<<<<<<`), not a lock; take either side of the whole file and lock again with `ayon-resolve lock`, which keeps every version that still fits");
}

#[test]
fn a_later_schema_is_refused_and_a_later_minor_is_read() {
    insta::assert_snapshot!(refusal(&changed("\"1.0\"", "\"2.3\"")), @"line 4, column 10: the lock has schema 2.3, and this program reads 1.x; use a newer ayon-resolve, or lock again with this one");
    let later = Lock::read_changed(&changed("\"1.0\"", "\"1.7\"")).unwrap();
    assert!(later.to_text().contains("schema = \"1.7\"\n"));
    assert_eq!(later.resolutions(), sample::lock().resolutions());
}

#[test]
fn what_was_changed_by_hand_is_refused_and_still_read_for_what_to_prefer() {
    let text = changed("version = \"0.16.0\"", "version = \"0.16.1\"");
    let error = Lock::read(&text).unwrap_err();
    let ReadError::Digest { at, written, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!((at.line, at.column), (5, 10));
    assert_eq!(*written, sample::lock().digest());
    let lock = Lock::read_changed(&text).unwrap();
    assert_ne!(lock.digest(), sample::lock().digest());
    assert_eq!(lock.resolutions()[0].artefacts[1].version, "0.16.1");
}

#[test]
fn what_another_backend_solved_is_refused() {
    let lock = sample::lock();
    assert_eq!(lock.expect_backend("conda"), Ok(()));
    let error = lock.expect_backend("venv").unwrap_err().to_string();
    insta::assert_snapshot!(error, @"the lock has what conda chose, and nothing of venv; lock again with `--emit venv`, or emit what conda writes");
    let plain = Lock::of(ayon_lock::Subject::default(), sample::inputs(), []).unwrap();
    let error = plain.expect_backend("venv").unwrap_err().to_string();
    insta::assert_snapshot!(error, @"the lock has requirements that nobody has solved, and nothing of venv; lock again with `--emit venv`, or emit a specification");
}

#[test]
fn damage_is_told_with_its_place() {
    insta::assert_snapshot!(refusal("# nothing"), @"line 1, column 1: `schema` is missing: this is no lock of ayon-resolve; the lock is damaged: restore it from version control, or lock again");
    insta::assert_snapshot!(refusal("schema = \"one\""), @r#"line 1, column 10: `schema` is no version such as "1.0"; the lock is damaged: restore it from version control, or lock again"#);
    insta::assert_snapshot!(refusal(&changed("name = \"core\"\nversion", "name = \"core\"\nversion = ")), @"line 94, column 12: extra `=`, expected nothing; the lock is damaged: restore it from version control, or lock again");
    insta::assert_snapshot!(refusal(&changed("versions = \">=2\"", "versions = \"two\"")), @"line 105, column 12: linux-64/headless: distribution requests: versions: this is no set of versions, such as `>=1.6,<2`; the lock is damaged: restore it from version control, or lock again");
    insta::assert_snapshot!(refusal(&changed("size = 64000", "size = \"many\"")), @"line 162, column 121: linux-64/launcher: package requests: wheels: size: a whole number from 0 is expected, this is a string; the lock is damaged: restore it from version control, or lock again");
    insta::assert_snapshot!(refusal(&changed("by = \"bundle spring\"", "by = \"nobody\"")), @"line 173, column 51: linux-64/headless: relations: `nobody` is nobody who asks: `addon core 1.2.3`, `bundle NAME` or the like is expected; the lock is damaged: restore it from version control, or lock again");
    insta::assert_snapshot!(refusal(&changed("    \"linux-64/headless\",\n", "    \"linux-64/nuke\",\n")), @"line 81, column 5: launcher: no [[target]] is called `linux-64/nuke`; the lock is damaged: restore it from version control, or lock again");
    insta::assert_snapshot!(refusal(&changed("order = [\n    \"python\",", "order = [\n    \"pythn\",")), @"line 29, column 5: linux-64/headless: no [[artefact]] of the target is called `pythn`, or it is twice in `order`; the lock is damaged: restore it from version control, or lock again");
    insta::assert_snapshot!(refusal(&changed("file = \"launcher-1.6.3-win-64.zip\"\n", "")), @"line 85, column 1: win-64/maya/2025: launcher: `file` is missing; the lock is damaged: restore it from version control, or lock again");
    insta::assert_snapshot!(refusal(&changed("name = \"win-64/maya/2025\"", "name = \"beos/maya\"")), @"line 62, column 1: target: `name` is no target, such as `linux-64/launcher` or `win-64/maya/2025`; the lock is damaged: restore it from version control, or lock again");
}

#[test]
fn a_lock_for_something_else_says_for_what() {
    let lock = sample::lock();
    assert_eq!(lock.expect_bundle(Some("spring")), Ok(()));
    insta::assert_snapshot!(lock.expect_bundle(Some("autumn")).unwrap_err(), @"the lock is for bundle spring, not for bundle autumn; lock bundle autumn, or name its own lock");
    let target = sample::target("osx-arm64", Process::Launcher);
    insta::assert_snapshot!(lock.resolution(&target).unwrap_err(), @"the lock has nothing for launcher on osx-arm64, only for headless on linux-64, launcher on linux-64, maya/2025 on win-64; lock again with that target");
    let other = Lock::of(
        ayon_lock::Subject::default(),
        sample::inputs(),
        sample::all(),
    );
    insta::assert_snapshot!(other.unwrap_err(), @"a lock is for one bundle: launcher on linux-64 was solved for bundle spring, the lock is for no bundle; write a lock for each");
    let twice = sample::all().into_iter().chain(sample::all());
    let twice = Lock::of(sample::subject(), sample::inputs(), twice);
    insta::assert_snapshot!(twice.unwrap_err(), @"headless on linux-64 is twice in the lock; solve it once");
}

#[test]
fn no_secret_is_kept() {
    let mut resolution = sample::resolution("linux-64", Process::Launcher);
    let artefact = &mut resolution.artefacts[0];
    artefact.location = "https://me:hunter2@channel.invalid/forge".to_owned();
    artefact.file.as_mut().unwrap().url = "https://hunter2@channel.invalid/a".to_owned();
    let distribution = resolution.distributions.values_mut().next().unwrap();
    let source = pypi::Source::Git {
        url: "https://me:hunter2@git.invalid/a.git".to_owned(),
        reference: pypi::Reference::Default,
        subdirectory: None,
    };
    distribution.askers[0].constraint = pypi::Constraint::Source(source.clone());
    distribution.askers[0].text = source.to_string();
    distribution.source = Some(source);
    let packages = std::sync::Arc::make_mut(resolution.lock.as_mut().unwrap());
    packages.packages[0].index = Some("https://me:hunter2@index.invalid/simple".to_owned());
    let lock = Lock::of(sample::subject(), sample::inputs(), [resolution]).unwrap();
    let text = lock.to_text();
    assert!(!text.contains("hunter2"), "{text}");
    assert!(
        text.contains("git = \"https://git.invalid/a.git\""),
        "{text}"
    );
    assert_eq!(Lock::read(&text).unwrap(), lock);
}
