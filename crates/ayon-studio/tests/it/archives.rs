//! Addon zips, sound and hostile.

use std::io::{Cursor, Write};

use ayon_model::{Knowledge, Studio};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::{load_path, told, write};

const CORE: &[u8] =
    b"name = \"core\"\nversion = \"1.0.0\"\nayon_required_addons = {\"maya\": \">=0.5.0\"}\n";

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn studio(name: &str, zip: &[u8]) -> Studio {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[(name, zip)]);
    load_path(folder.path()).unwrap()
}

fn problems(name: &str, zip: &[u8]) -> String {
    told(&studio(name, zip).problems)
}

/// Replaces bytes wherever they stand: in a zip, in the local and in the central header.
fn forge(zip: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let found: Vec<usize> = (0..=zip.len() - from.len())
        .filter(|at| zip[*at..].starts_with(from))
        .collect();
    assert!(!found.is_empty());
    for at in found {
        zip[at..at + to.len()].copy_from_slice(to);
    }
}

#[test]
fn a_sound_zip_is_a_release() {
    let bytes = zip(&[
        ("package.py", CORE),
        (
            "private/pyproject.toml",
            b"[tool.poetry.dependencies]\nsix = \"^1.15\"\n",
        ),
        ("server/__init__.py", b"import os"),
    ]);
    for name in ["core-1.0.0.zip", "core/core-1.0.0.zip"] {
        let studio = studio(name, &bytes);
        assert_eq!(told(&studio.problems), "");
        let release = studio.release("core", "1.0.0").unwrap();
        assert!(matches!(release.relations, Knowledge::Known(_)));
        let origin = release.python.distributions[0].origin.to_string();
        assert_eq!(
            origin,
            format!(
                "addon core 1.0.0 ({name}/private/pyproject.toml:2, tool.poetry.dependencies.six)"
            )
        );
    }
    let legacy = zip(&[
        (
            "manifest.json",
            br#"{"addon_name": "old", "addon_version": "0.1.0"}"#,
        ),
        ("package.py", CORE),
    ]);
    let studio = studio("old-0.1.0.zip", &legacy);
    assert_eq!(
        studio.release("old", "0.1.0").unwrap().relations,
        Knowledge::Legacy
    );
}

#[test]
fn zips_that_are_no_packages_are_told() {
    let whole = zip(&[("package.py", CORE)]);
    let said = [
        problems("a.zip", &zip(&[("core/package.py", CORE)])),
        problems("a.zip", &zip(&[])),
        problems("a.zip", &whole),
        problems("a.zip", &zip(&[("package.py", b"name = \"core\"\n")])),
        problems("a.zip", &zip(&[("manifest.json", b"{}")])),
        problems(
            "a.zip",
            &zip(&[(
                "manifest.json",
                br#"{"addon_name": "old", "addon_version": "1"}"#,
            )]),
        ),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    a.zip: there is no package file (package.py) at the root of this zip; it is no server package
    a.zip: there is no package file (package.py) at the root of this zip; it is no server package
    a.zip: the package inside is core-1.0.0.zip; the server believes the package
    a.zip/package.py, version: `version` is missing: the server cannot load this addon
    a.zip: `manifest.json` cannot be read at `.`: missing field `addon_name`
    a.zip: version `1` is no semantic version (unexpected end of input while parsing major version number)
    ");
    // However it is cut, it is refused and nothing panics.
    for length in 0..whole.len() {
        assert_ne!(problems("core-1.0.0.zip", &whole[..length]), "", "{length}");
    }
}

#[test]
fn a_zip_that_reaches_out_of_itself_is_refused_whole() {
    let mut said = Vec::new();
    for (name, forged) in [
        ("aa/evil", "../evil"),
        ("a/evil1", "/a/evil"),
        ("a_evil.txt", "C:evil.txt"),
        ("a/b/c/d", "a\\..\\.."),
    ] {
        let mut bytes = zip(&[("package.py", CORE), (name, b"x")]);
        forge(&mut bytes, name.as_bytes(), forged.as_bytes());
        let studio = studio("core-1.0.0.zip", &bytes);
        assert!(studio.addons.is_empty());
        said.push(told(&studio.problems));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    core-1.0.0.zip: entry `../evil` leads out of the zip; such a package is not read
    core-1.0.0.zip: entry `/a/evil` leads out of the zip; such a package is not read
    core-1.0.0.zip: entry `C:evil.txt` leads out of the zip; such a package is not read
    core-1.0.0.zip: entry `a\..\..` leads out of the zip; such a package is not read
    ");
}

#[test]
fn bombs_cost_little() {
    let large = vec![b'#'; 17 * 1024 * 1024];
    let dense = vec![b'#'; 1024 * 1024];
    let honest = zip(&[("package.py", &large)]);
    // The same, but said to be 100 bytes and to become four gigabytes, the most a plain zip can say.
    let mut small = honest.clone();
    forge(
        &mut small,
        &17_825_792_u32.to_le_bytes(),
        &100_u32.to_le_bytes(),
    );
    let mut huge = honest.clone();
    forge(
        &mut huge,
        &17_825_792_u32.to_le_bytes(),
        &0xFFFF_FFF0_u32.to_le_bytes(),
    );
    let said = [
        problems("core-1.0.0.zip", &honest),
        problems("core-1.0.0.zip", &small),
        problems("core-1.0.0.zip", &huge),
        problems("core-1.0.0.zip", &zip(&[("package.py", &dense)])),
        problems(
            "core-1.0.0.zip",
            &zip(&[("package.py", CORE), ("private/pyproject.toml", &dense)]),
        ),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    core-1.0.0.zip: entry `package.py` is larger than the 16384 KiB that are read of it
    core-1.0.0.zip: entry `package.py` is damaged: File is larger than its declared uncompressed size
    core-1.0.0.zip: entry `package.py` is larger than the 16384 KiB that are read of it
    core-1.0.0.zip: entry `package.py` unpacks to more than 200 times its size: a bomb
    core-1.0.0.zip: entry `private/pyproject.toml` unpacks to more than 200 times its size: a bomb
    ");
}

#[test]
fn damage_is_told() {
    let mut stored = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    stored.start_file("package.py", options).unwrap();
    stored.write_all(CORE).unwrap();
    let mut bytes = stored.finish().unwrap().into_inner();
    forge(&mut bytes, b"0.5.0", b"0.4.0");
    insta::assert_snapshot!(problems("core-1.0.0.zip", &bytes), @"core-1.0.0.zip: entry `package.py` is damaged: Invalid checksum");
}

#[test]
fn two_of_one_release_are_told() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ("core/1.0.0/package.py", CORE),
            ("core-1.0.0.zip", &zip(&[("package.py", CORE)])),
        ],
    );
    let studio = load_path(folder.path()).unwrap();
    insta::assert_snapshot!(told(&studio.problems), @"core-1.0.0.zip/package.py: core 1.0.0 is also in core/1.0.0/package.py, which is used");
    assert_eq!(
        &*studio.release("core", "1.0.0").unwrap().package_file.file,
        "core/1.0.0/package.py"
    );
}
