//! Sources that are named outright, and what can be told of them without building.

use std::path::Path;
use std::process::Command;

use pypi::lock::{FileLocation, Origin};
use pypi::{Index, Reference, Source, SourceAnswer, SourceRelease};
use std::sync::Arc;

use crate::world::{PLAIN, Shelf, World, hash, open, options};

const PYPROJECT: &str = "[project]\nname = 'tool'\nversion = '1.2'\ndependencies = ['one>=1']\n";

fn known(answer: SourceAnswer) -> Arc<SourceRelease> {
    match answer {
        SourceAnswer::Known(release) => release,
        SourceAnswer::Unusable(reason) => panic!("{reason}"),
    }
}

fn unusable(answer: SourceAnswer) -> String {
    match answer {
        SourceAnswer::Known(release) => panic!("{release:?}"),
        SourceAnswer::Unusable(reason) => reason,
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=test",
            "-c",
            "user.email=test@host.invalid",
            "-c",
            "init.defaultBranch=main",
        ])
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .expect("git is there");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository with one commit, and a tag of its own on it; and the commit.
fn repository(files: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet"]);
    for (path, text) in files {
        let path = folder.path().join(path);
        ayon_disk::create_dir_all(path.parent().unwrap()).unwrap();
        ayon_disk::write_atomic(&path, text.as_bytes()).unwrap();
    }
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "-m", "first"]);
    git(
        folder.path(),
        &["tag", "-a", "v1.2", "-m", "a tag of its own"],
    );
    let commit = git(folder.path(), &["rev-parse", "HEAD"]);
    (folder, commit)
}

fn source(folder: &Path, reference: Reference, subdirectory: Option<&str>) -> Source {
    Source::Git {
        url: format!("git+file://{}", folder.display()),
        reference,
        subdirectory: subdirectory.map(str::to_owned),
    }
}

#[test]
fn a_branch_and_a_tag_become_a_commit() {
    let (folder, commit) = repository(&[("pyproject.toml", PYPROJECT)]);
    let tag = || "v1.2".to_owned();
    for (reference, requested) in [
        (Reference::Default, None),
        (Reference::Branch("main".to_owned()), Some("main")),
        (Reference::Tag(tag()), Some("v1.2")),
        (Reference::Revision(tag()), Some("v1.2")),
        (Reference::Revision(commit.clone()), Some(commit.as_str())),
    ] {
        let client = open(options(&[], None, 0));
        let release = known(
            client
                .source(
                    &"tool".parse().unwrap(),
                    &source(folder.path(), reference, None),
                )
                .unwrap(),
        );
        assert_eq!(release.version.to_string(), "1.2");
        assert_eq!(
            release
                .metadata
                .requirements()
                .next()
                .map(|line| line.text()),
            Some("one>=1")
        );
        let expected = Origin::Git {
            url: format!("file://{}", folder.path().display()),
            commit: commit.clone(),
            requested: requested.map(str::to_owned),
            subdirectory: None,
        };
        assert_eq!(release.locked, expected);
    }
}

#[test]
fn a_commit_is_remembered_and_a_branch_for_a_while() {
    let cache = tempfile::tempdir().unwrap();
    let (folder, first) = repository(&[("part/pyproject.toml", PYPROJECT)]);
    let main = || {
        source(
            folder.path(),
            Reference::Branch("main".to_owned()),
            Some("part"),
        )
    };
    let ask = |seconds| {
        let client = open(options(&[], Some(cache.path()), seconds));
        let release = known(client.source(&"tool".parse().unwrap(), &main()).unwrap());
        let Origin::Git { commit, .. } = release.locked.clone() else {
            panic!("{release:?}");
        };
        (commit, client.statistics().fetched)
    };
    assert_eq!(ask(0), (first.clone(), true));
    git(
        folder.path(),
        &["commit", "--quiet", "--allow-empty", "-m", "second"],
    );
    assert_eq!(ask(1), (first.clone(), false));
    let (second, fetched) = ask(601);
    assert!(fetched && second != first);
    // Offline at any age; and what was never asked says so.
    let mut options = options(&[], Some(cache.path()), 9_999_999);
    options.offline = true;
    let client = open(options);
    known(client.source(&"tool".parse().unwrap(), &main()).unwrap());
    let other = source(folder.path(), Reference::Tag("v1.2".to_owned()), None);
    assert!(
        unusable(client.source(&"tool".parse().unwrap(), &other).unwrap()).starts_with("offline, ")
    );
}

#[test]
fn what_a_repository_does_not_tell_is_refused_with_the_way_out() {
    let (folder, _) = repository(&[("setup.py", "import setuptools\n")]);
    let ask = |name: &str, source: &Source| {
        let client = open(options(&[], None, 0));
        unusable(client.source(&name.parse().unwrap(), source).unwrap())
    };
    let reason = ask("tool", &source(folder.path(), Reference::Default, None));
    assert!(reason.contains("--allow-build"), "{reason}");
    let reason = ask(
        "tool",
        &source(folder.path(), Reference::Tag("v9".to_owned()), None),
    );
    assert!(
        reason.ends_with("the repository has no tag `v9`"),
        "{reason}"
    );
    let reason = ask(
        "tool",
        &source(Path::new("/nowhere/at/all"), Reference::Default, None),
    );
    assert!(reason.contains("`git` failed"), "{reason}");

    let (folder, _) = repository(&[("pyproject.toml", PYPROJECT)]);
    let reason = ask("hammer", &source(folder.path(), Reference::Default, None));
    assert!(reason.ends_with("it holds tool, not hammer"), "{reason}");
}

#[test]
fn a_wheel_at_a_url_is_locked_by_its_hash() {
    let cache = tempfile::tempdir().unwrap();
    let world = World::new(&PLAIN, Shelf::of(&[("one", "1.0", &["two"])]));
    let url = world.server.url("/files/one-1.0-py3-none-any.whl");
    let bytes = world
        .shelf
        .lock()
        .unwrap()
        .files
        .values()
        .next()
        .unwrap()
        .clone();
    let ask = |url: String, seconds| {
        let client = open(options(&[], Some(cache.path()), seconds));
        let source = Source::Url {
            url,
            subdirectory: None,
        };
        client
            .source(&"one".parse().unwrap(), &source)
            .map_err(|error| error.to_string())
    };
    for seconds in [0, 1] {
        let release = known(ask(url.clone(), seconds).unwrap());
        let Origin::Archive { file, .. } = &release.locked else {
            panic!("{release:?}");
        };
        assert_eq!(file.hashes.get("sha256"), Some(&hash(&bytes)));
        assert_eq!(
            (file.name.as_str(), file.size),
            ("one-1.0-py3-none-any.whl", Some(bytes.len() as u64))
        );
        assert_eq!(file.location, FileLocation::Url(url.clone()));
    }
    assert_eq!(world.asked().len(), 1);
    known(ask(format!("{url}#sha256={}", hash(&bytes)), 0).unwrap());
    let error = ask(format!("{url}#sha256={}", "0".repeat(64)), 0).unwrap_err();
    assert!(error.contains("sha256"), "{error}");
    assert!(
        unusable(ask(world.server.url("/files/none.whl"), 0).unwrap())
            .ends_with("there is no such file")
    );
}

#[test]
fn a_folder_or_file_here_is_read_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    ayon_disk::write_atomic(&folder.path().join("pyproject.toml"), PYPROJECT.as_bytes()).unwrap();
    Shelf::of(&[("one", "1.0", &["two"])]).write(folder.path());
    let client = open(options(&[], None, 0));
    let ask = |name: &str, path: &Path| {
        let source = Source::Path {
            path: path.to_str().unwrap().to_owned(),
            subdirectory: None,
        };
        client.source(&name.parse().unwrap(), &source).unwrap()
    };
    let tree = known(ask("tool", folder.path()));
    assert_eq!(
        tree.locked,
        Origin::Directory {
            path: folder.path().to_owned(),
            subdirectory: None
        }
    );
    let wheel = known(ask("one", &folder.path().join("one-1.0-py3-none-any.whl")));
    assert!(
        matches!(&wheel.locked, Origin::Archive { file, .. } if file.hashes.contains_key("sha256"))
    );
    assert!(unusable(ask("one", &folder.path().join("missing.whl"))).contains("missing.whl"));
    assert!(!client.statistics().fetched);
}
