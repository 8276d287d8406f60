//! Source distributions: what they say without being built, and what a build says where one is allowed.

use std::io::{Cursor, Write as _};

use pypi::{Index, MetadataAnswer};
use zip::write::SimpleFileOptions;

use crate::world::{PLAIN, Shelf, World, open, options, project};

/// A source distribution with nothing but a `PKG-INFO`.
fn sdist(name: &str, metadata: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let path = format!("{name}-1.0/PKG-INFO");
    zip.start_file(path, SimpleFileOptions::default()).unwrap();
    zip.write_all(metadata.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

fn world() -> World {
    let mut shelf = Shelf::default();
    let head = |version: &str, name: &str| {
        format!("Metadata-Version: {version}\nName: {name}\nVersion: 1.0\n")
    };
    let files = [
        ("final", head("2.2", "final") + "Requires-Dist: one\n"),
        ("open", head("2.2", "open") + "Dynamic: Requires-Dist\n"),
        ("old", head("1.2", "old")),
    ];
    for (name, metadata) in files {
        shelf
            .files
            .insert(format!("{name}-1.0.zip"), sdist(name, &metadata));
    }
    World::new(&PLAIN, shelf)
}

/// What the only file of a project needs.
fn ask(client: &pypi_client::Client, name: &str) -> Result<usize, String> {
    let project = project(client, name);
    let file = project.files(0).next().unwrap().id();
    match client.metadata(&project, file).unwrap() {
        MetadataAnswer::Known(metadata) => Ok(metadata.requirements().len()),
        MetadataAnswer::Unusable(reason) => Err(reason),
    }
}

#[test]
fn what_is_said_for_good_needs_no_build() {
    let cache = tempfile::tempdir().unwrap();
    let world = world();
    for run in 0..2 {
        let client = open(options(&[&world], Some(cache.path()), run));
        assert_eq!(ask(&client, "final"), Ok(1));
        for name in ["open", "old"] {
            let reason = ask(&client, name).unwrap_err();
            assert_eq!(
                reason,
                format!(
                    "{name}-1.0.zip says what it needs only once it is built, which takes --allow-build"
                )
            );
        }
        assert_eq!(client.statistics().fetched, run == 0);
    }
}

/// A `python` that makes a wheel and a note of each run, as `python -m pip wheel … --wheel-dir FOLDER FILE` would.
#[cfg(unix)]
#[test]
fn a_named_python_builds_once() {
    use std::os::unix::fs::PermissionsExt;

    let (cache, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let wheel = crate::world::wheel(
        "open",
        "1.0",
        &crate::world::metadata("open", "1.0", &["one", "two"]),
    );
    ayon_disk::write_atomic(&tools.path().join("made.whl"), &wheel).unwrap();
    let place = tools.path().display();
    let script = format!(
        "#!/bin/sh\necho \"$@\" >> {place}/runs\nwhile [ \"$1\" != --wheel-dir ]; do shift; done\n\
         case \"$3\" in */open-1.0.zip) cp {place}/made.whl \"$2\"/open-1.0-py3-none-any.whl;; *) echo no compiler >&2; exit 1;; esac\n"
    );
    let python = tools.path().join("python");
    ayon_disk::write_atomic(&python, script.as_bytes()).unwrap();
    std::fs::set_permissions(&python, std::fs::Permissions::from_mode(0o755)).unwrap();
    let world = world();
    let runs = || {
        ayon_disk::read_to_string(&tools.path().join("runs"), 1 << 20)
            .unwrap()
            .lines()
            .count()
    };

    for run in 0..2 {
        let mut options = options(&[&world], Some(cache.path()), run);
        options.allow_build = Some(python.clone());
        let client = open(options);
        assert_eq!(ask(&client, "open"), Ok(2));
        assert_eq!((client.statistics().fetched, runs()), (run == 0, 1));
    }
    // A build that fails is told with what it said, and tried again the next time.
    for run in 2..4 {
        let mut options = options(&[&world], Some(cache.path()), 2);
        options.allow_build = Some(python.clone());
        let reason = ask(&open(options), "old").unwrap_err();
        assert!(
            reason.starts_with("old-1.0.zip: ") && reason.ends_with("failed: no compiler"),
            "{reason}"
        );
        assert_eq!(runs(), run);
    }
    // What was built is no word of the file's own.
    assert!(ask(&open(options(&[&world], Some(cache.path()), 3)), "open").is_err());
}
