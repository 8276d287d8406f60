//! Folders with mistakes in them: each is told with its file, and the rest is read.

use ayon_model::{Knowledge, System};

use crate::support::{load_path, studio_of, told, write};

const CORE: &str = "name = \"core\"\nversion = \"1.0.0\"\n";

#[test]
fn an_addons_folder_is_read_as_a_server_lays_it_out() {
    let studio = studio_of(&[
        ("core/1.0.0/package.py", CORE),
        (
            "core/1.0.0/private/pyproject.toml",
            "[tool.poetry.dependencies]\nsix = \"^1.15\"\n",
        ),
        ("core/1.1.0/package.yml", "name: core\nversion: 1.1.0\n"),
        (
            "core/1.1.0/client/pyproject.toml",
            "[ayon.runtimeDependencies]\nclick = \"^8\"\n",
        ),
        ("old/0.1.0/__init__.py", "raise SystemExit\n"),
        ("old/0.1.0/package.py", "this is not read"),
        ("notes/readme.txt", ""),
        (".git/config", ""),
    ]);
    assert_eq!(told(&studio.problems), "");
    let versions = studio
        .addons
        .values()
        .flat_map(|addon| addon.releases.values());
    let versions: Vec<String> = versions
        .map(|release| {
            format!(
                "{} {} {}",
                release.name, release.version, release.package_file
            )
        })
        .collect();
    assert_eq!(
        versions,
        [
            "core 1.0.0 core/1.0.0/package.py",
            "core 1.1.0 core/1.1.0/package.yml",
            "old 0.1.0 old/0.1.0/__init__.py"
        ]
    );
    assert_eq!(
        studio.release("old", "0.1.0").unwrap().relations,
        Knowledge::Legacy
    );
    assert_eq!(
        studio
            .release("core", "1.1.0")
            .unwrap()
            .python
            .distributions
            .len(),
        1
    );
}

#[test]
fn a_checkout_is_the_git_version() {
    let files = [
        (
            "addons/core/1.0.0/package.py",
            "name = \"core\"\nversion = \"1.0.0-dev.1+x\"\n",
        ),
        ("addons/core/1.0.0/.git", ""),
    ];
    let studio = studio_of(&files);
    assert!(studio.release("core", "1.0.0+git").is_some());
    let studio = studio_of(&[
        files[0],
        files[1],
        ("studio.toml", "use_git_suffix_for_addons = false\n"),
    ]);
    assert!(studio.release("core", "1.0.0-dev.1+x").is_some());
}

#[test]
fn every_mistake_of_an_addons_folder_is_told() {
    let studio = studio_of(&[
        ("core/1.0.0/package.py", CORE),
        ("core/1.0.1/package.py", CORE),
        ("core/1.2.0/readme.txt", ""),
        ("loose/package.py", CORE),
        (
            "maya/0.1.0/package.py",
            "name = \"maya\"\nversion = \"0.1\"\n",
        ),
        (
            "nuke/0.1.0/package.py",
            "name = \"nuke\"\nversion = \"0.1.0\"\nayon_required_addons = {\"core\": RANGE}\n",
        ),
        (
            "nuke/0.2.0/package.py",
            "name = \"nuke\"\nversion = \"0.2.0\"\nif True:\n    title = 1\n",
        ),
        (
            "nuke/0.3.0/package.py",
            "name = \"nuke\"\nversion = \"0.3.0\"\n",
        ),
        (
            "nuke/0.3.0/private/pyproject.toml",
            "[tool.poetry.dependencies]\nsix = \n",
        ),
        ("old/main/__init__.py", ""),
        ("bad.zip", "this is no zip"),
    ]);
    insta::assert_snapshot!(told(&studio.problems), @r"
    bad.zip: this is no readable zip: invalid Zip archive: Could not find EOCD
    core/1.0.1/package.py: core 1.0.0 is also in core/1.0.0/package.py, which is used
    core/1.0.1/package.py: the folder says core 1.0.1, the file says core 1.0.0; the server believes the file
    core/1.2.0: there is no package file here (package.py); the server skips this folder
    loose/package.py: a package file stands here without a folder for its version; a server reads `NAME/VERSION/package.py` only
    maya/0.1.0/package.py:2, version: version `0.1` is no semantic version (unexpected end of input while parsing minor version number): the server cannot load this addon; write `x.y.z`
    nuke/0.1.0/package.py:3, ayon_required_addons: `ayon_required_addons` is code, not a literal: `RANGE` is not assigned before this; the file is read, not run
    nuke/0.2.0/package.py:4, title: `title` is code, not a literal: an `if` statement may bind it, depending on what runs; the file is read, not run
    nuke/0.3.0/private/pyproject.toml:2: this is not TOML: string values must be quoted, expected literal string
    old/main/__init__.py: the version of this legacy addon cannot be told: its folder `main` is no semantic version (unexpected character 'm' while parsing major version number)
    ");
    // Nothing that could be read was lost.
    assert!(studio.release("core", "1.0.0").is_some());
    assert!(matches!(
        studio.release("nuke", "0.1.0").unwrap().relations,
        Knowledge::Unknown(_)
    ));
    assert!(matches!(
        studio.release("nuke", "0.2.0").unwrap().relations,
        Knowledge::Known(_)
    ));
    assert_eq!(
        studio
            .release("nuke", "0.3.0")
            .unwrap()
            .python
            .unreadable
            .len(),
        1
    );
}

#[test]
fn every_mistake_of_a_studio_folder_is_told() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ("studio.toml", b"server_version = 1\n"),
            ("bundles/a.json", "\u{feff}{\"name\": \"a\", \"createdAt\": \"2026-01-01\"}".as_bytes()),
            ("bundles/a2.json", br#"{"name": "a", "createdAt": "2025-01-01"}"#),
            ("bundles/b.json", b"{\n  \"name\": \"b\",\n  \"addons\": []\n}"),
            ("bundles/c.json", b"{\"name\": \"c\xff\"}"),
            ("bundles/d.json", b"{\"name\": \"d\", \"createdAt\": \"2026-02-01\"} }"),
            ("bundles/e.json", br#"{"name": "e", "createdAt": "2026-02-01", "dependencyPackages": {"irix": "x.zip", "linux": ""}}"#),
            ("launchers/1.json", br#"{"filename": "l", "platform": "linux", "version": "1.6", "pythonModules": {"a b": "1"}}"#),
            ("launchers/2.json", br#"{"filename": "l", "platform": "linux", "version": "1.6.3", "pythonVersion": "x"}"#),
            ("dependency_packages/p.json", br#"{"platform": "linux"}"#),
            ("dependency_packages/m.json", br#"{"filename": "m.zip", "platform": "darwin", "installer_version": "1.6.3"}"#),
            ("hosts/maya.toml", b"name = \"maya\"\nversion = 2025\n"),
            ("hosts/nuke.toml", b"name = \"nuke\"\nversion = \"16\"\npython = \"3.x\"\nplatforms = [\"irix\", \"linux\"]\n[modules]\nnumpy = \"new\"\nsix = \"1.15\"\n"),
            ("hosts/readme.md", b"\xff"),
        ],
    );
    let studio = load_path(folder.path()).unwrap();
    insta::assert_snapshot!(told(&studio.problems), @r"
    bundles/a2.json: there is another bundle `a`
    bundles/b.json:3, addons: this record cannot be read: invalid type: sequence, expected a map
    bundles/c.json: the file is not UTF-8: byte 11 is wrong; save it as UTF-8
    bundles/d.json:1: this record cannot be read: trailing characters
    bundles/e.json, dependencyPackages.irix: `irix` is no platform of AYON; known are linux, windows and darwin
    dependency_packages/p.json:1: this record cannot be read: missing field `filename`
    hosts/maya.toml:2: invalid type: integer `2025`, expected a string
    hosts/nuke.toml, modules.numpy: `new` is not a version as PEP 440 defines it: expected version to start with a number, but no leading ASCII digits were found
    hosts/nuke.toml, platforms: `irix` is none of linux, windows and darwin
    hosts/nuke.toml, python: `3.x` is not a version as PEP 440 defines it: after parsing `3`, found `.x`, which is not part of a valid version
    launchers/1.json, pythonModules.a b: `a b` is not the name of a distribution: only ASCII letters, digits, `-`, `_` and `.` may stand in it, a letter or a digit first and last
    launchers/1.json, version: launcher version `1.6` is no semantic version (unexpected end of input while parsing minor version number); no bundle can name it
    launchers/2.json, pythonVersion: `x` is not a version as PEP 440 defines it: expected version to start with a number, but no leading ASCII digits were found
    studio.toml:1: invalid type: integer `1`, expected a string
    ");
    assert_eq!(
        studio
            .bundles
            .iter()
            .map(|bundle| &*bundle.name)
            .collect::<Vec<_>>(),
        ["e", "a"]
    );
    assert_eq!((studio.launchers.len(), studio.hosts.len()), (1, 1));
    assert_eq!(studio.hosts[0].systems, [System::Linux]);
    let package = &studio.dependency_packages["m.zip"];
    assert_eq!(package.installer_version.as_deref(), Some("1.6.3"));
}

#[test]
fn files_that_are_no_files_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ("core/1.0.0/package.py/x", b""),
            ("core/1.0.1/package.py", &vec![b'#'; 2 * 1024 * 1024]),
        ],
    );
    let studio = load_path(folder.path()).unwrap();
    insta::assert_snapshot!(told(&studio.problems), @r"
    core/1.0.0/package.py: the file cannot be read: it is no regular file
    core/1.0.1/package.py: the file cannot be read: it is larger than the 1048576 bytes that are read
    ");
}
