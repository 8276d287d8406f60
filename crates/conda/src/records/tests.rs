//! Packed records are those that rattler reads, and nothing that happens to a repodata or a cache passes unnoticed.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests make the files that are read, and damage them"
)]

use std::fs;
use std::path::{Path, PathBuf};

use ayon_disk::CacheWarning;
use proptest::prelude::*;
use rattler_conda_types::{Channel as RattlerChannel, ChannelConfig, PackageName as RattlerName};
use rattler_repodata_gateway::sparse::{PackageFormatSelection, SparseRepoData};
use serde_json::{Value, json};

use super::{PackedRecords, RecordCache, Repodata};
use crate::{Channel, ChannelBase, PackageName, Platform, Records, RecordsError};

const ADDRESS: &str = "https://channel.example/main";

fn channel() -> Channel {
    Channel::parse(ADDRESS, &ChannelBase::new("/")).unwrap()
}

/// A repodata in a folder, and a cache beside it.
struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new(repodata: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("repodata.json"), repodata).unwrap();
        World { folder }
    }

    fn source(&self) -> Repodata {
        Repodata::new(self.folder.path().join("repodata.json"))
    }

    fn cache(&self) -> RecordCache {
        RecordCache::new(self.folder.path())
    }

    fn open(&self) -> Result<PackedRecords, RecordsError> {
        self.cache()
            .open(&channel(), Platform::LINUX_64, "state", &self.source())
    }

    /// The one file of the cache.
    fn file(&self) -> PathBuf {
        let mut path = self.folder.path().join("conda-records-v1");
        while path.is_dir() {
            let entries = ayon_disk::read_dir(&path).unwrap();
            assert_eq!(entries.len(), 1, "{}", path.display());
            path.clone_from(&entries[0].path);
        }
        path
    }
}

fn of(records: &PackedRecords, name: &str) -> Vec<crate::Record> {
    records.of(&name.parse().unwrap()).unwrap()
}

/// All records of a name as rattler reads them.
fn rattlers(repodata: &[u8], name: &str) -> Vec<rattler_conda_types::RepoDataRecord> {
    let config = ChannelConfig::default_with_root_dir(PathBuf::from("/"));
    let channel = RattlerChannel::from_str(ADDRESS, &config).unwrap();
    let sparse =
        SparseRepoData::from_bytes(channel, "linux-64", repodata.to_vec().into(), None).unwrap();
    sparse
        .load_records(
            &RattlerName::new_unchecked(name),
            PackageFormatSelection::default(),
        )
        .unwrap()
}

/// Holds what is packed, fresh and mapped, against what rattler reads.
fn assert_as_rattler(repodata: &Value, names: &[&str]) {
    let bytes = serde_json::to_vec(repodata).unwrap();
    let world = World::new(&bytes);
    for _ in ["packed", "mapped"] {
        let records = world.open().unwrap();
        for name in names {
            let ours: Vec<_> = of(&records, name)
                .iter()
                .map(|record| record.rattler().clone())
                .collect();
            assert_eq!(ours, rattlers(&bytes, name), "{name}");
            assert_eq!(records.has(&name.parse().unwrap()), !ours.is_empty());
        }
    }
}

fn record(name: &str, version: &str, build: &str) -> Value {
    json!({"name": name, "version": version, "build": build, "build_number": 0, "depends": []})
}

/// Each key's record with more fields.
fn with(mut record: Value, more: Value) -> Value {
    let (Value::Object(fields), Value::Object(more)) = (&mut record, more) else {
        panic!("objects are expected");
    };
    fields.extend(more);
    record
}

#[test]
fn every_field_comes_back() {
    let full = json!({
        "depends": ["python >=3.11,<3.12.0a0", "python_abi 3.11.* *_cp311", "b"],
        "constrains": ["c <2", "d"],
        "build_number": 12,
        "sha256": "fe51de6107f9edc7aa4f786a70f4a883943bc9d39b3bb7307c04c41410990726",
        "md5": "D7C89558BA9FA0495403155B64376D81",
        "size": 2562, "timestamp": 1_578_324_546_067_i64, "license": "MIT", "license_family": "MIT",
        "arch": "x86_64", "platform": "linux", "subdir": "linux-64", "noarch": "python",
        "track_features": "blas_mkl,old", "features": "old", "legacy_bz2_size": 3,
        "legacy_bz2_md5": "d7c89558ba9fa0495403155b64376d81", "purls": ["pkg:pypi/a@1"],
        "python_site_packages_path": "lib/python3.13t/site-packages", "app_entry": "not kept", "indexed_timestamp": 1_578_324_546_068_i64,
        "run_exports": {"weak": ["a"]}, "extra_depends": {"more": ["e"]}
    });
    let repodata = json!({
        "info": {"subdir": "linux-64"},
        "packages": {
            "a-1.0-0.tar.bz2": record("a", "1.0", "0"),
            "a-1.10-h_1.tar.bz2": with(record("a", "1.10", "h_1"), full.clone()),
            "a-b-1.0-0.tar.bz2": with(record("a-b", "1.0", "0"), json!({"timestamp": 1_578_324_546, "noarch": true, "subdir": "noarch"})),
        },
        "packages.conda": {
            "a-1.10-h_1.conda": with(record("a", "1.10", "h_1"), full),
            "a-1!2.0-h\u{e9}.conda": with(record("A", "1!2.0", "h\u{e9}"), json!({"noarch": "generic", "license": "\"quoted\"\\"})),
        },
        "v3": {"conda": {"z-1-0": record("z", "1", "0"), "a-1.0-0": record("a", "1.0", "0")}, "whl": {"w-1-py3": {}}},
        "repodata_version": 1,
    });
    assert_as_rattler(&repodata, &["a", "a-b", "z", "w", "python", "none"]);
}

#[test]
fn the_new_form_of_an_archive_counts_and_what_is_removed_does_not() {
    let repodata = json!({
        "info": {"base_url": "https://files.example/x"},
        "packages": {"a-1-0.tar.bz2": record("a", "1", "0"), "a-2-0.tar.bz2": record("a", "2", "0"), "a-3-0.tar.bz2": record("a", "3", "0")},
        "packages.conda": {"a-1-0.conda": record("a", "1", "0"), "a-2-0.conda": record("a", "2", "0")},
        "removed": ["a-2-0.conda", "a-3-0.tar.bz2", "gone-1-0.conda"],
    });
    assert_as_rattler(&repodata, &["a", "gone"]);
    let records = World::new(repodata.to_string()).open().unwrap();
    let urls: Vec<_> = of(&records, "a")
        .iter()
        .map(|record| record.url().to_owned())
        .collect();
    assert_eq!(
        urls,
        [
            "https://files.example/x/a-1-0.conda",
            "https://files.example/x/a-2-0.tar.bz2"
        ]
    );
    assert_eq!(records.names(), ["a".parse().unwrap()]);
    assert_eq!(records.len(), 2);
}

#[test]
fn a_wrong_record_is_told_to_who_asks_for_its_name_and_to_nobody_else() {
    let good = record("good", "1", "0");
    let mut no_depends = record("bad", "1", "0");
    no_depends.as_object_mut().unwrap().remove("depends");
    for (wrong, words) in [
        (no_depends, "it does not say what it depends on"),
        (
            with(record("bad", "1", "0"), json!({"depends": "a"})),
            "its depends is no list of texts",
        ),
        (
            with(record("bad", "1", "0"), json!({"depends": [["a"]]})),
            "its depends is no list of texts",
        ),
        (
            with(record("bad", "1", "0"), json!({"version": 1})),
            "its version is no text",
        ),
        (record("bad", "1..2", "0"), "its version: "),
        (
            with(record("bad", "1", "0"), json!({"sha256": "12"})),
            "its sha256 is not 64 hexadecimal digits",
        ),
        (
            with(record("bad", "1", "0"), json!({"build_number": -1})),
            "its build_number is no whole number",
        ),
        (
            with(record("bad", "1", "0"), json!({"noarch": "perhaps"})),
            "its noarch is neither python nor generic",
        ),
        (
            with(record("bad", "1", "0"), json!({"purls": 5})),
            "expected",
        ),
        (
            with(record("bad", "1", "0"), json!({"timestamp": i64::MAX})),
            "its timestamp: ",
        ),
        (json!("text"), "it is no object"),
        (json!([1, {}]), "it is no object"),
        (
            json!({"name": "bad"}),
            "it lacks a name, a version or a build",
        ),
    ] {
        let repodata = json!({"packages": {"good-1-0.tar.bz2": good}, "packages.conda": {"bad-1-0.conda": wrong}});
        let world = World::new(repodata.to_string());
        let records = world.open().unwrap();
        assert_eq!(of(&records, "good").len(), 1);
        let bad: PackageName = "bad".parse().unwrap();
        assert!(records.has(&bad));
        let error = records.of(&bad).unwrap_err().to_string();
        let start = format!(
            "{ADDRESS}/linux-64: the record `bad-1-0.conda` of `{}` is wrong: ",
            world.source().path().display()
        );
        assert!(
            error.starts_with(&start) && error.contains(words),
            "{words}: {error}"
        );
    }
    let names = [
        ("a-1-0.rpm", "neither a .conda nor a .tar.bz2"),
        ("a.conda", "name-version-build"),
        ("x/../a-1-0.conda", "name-version-build"),
    ];
    for (file, words) in names {
        let records = World::new(json!({"packages": {file: record("a", "1", "0")}}).to_string())
            .open()
            .unwrap();
        let error = records.of(&"a".parse().unwrap()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn what_is_no_repodata_is_refused_with_the_place() {
    let whole = json!({"packages": {"a-1-0.conda": record("a", "1", "0")}}).to_string();
    for (content, words) in [
        (&whole[..whole.len() / 2], "is not whole: it ends after"),
        ("", "is not whole: it ends after 0 bytes"),
        ("<html>", "is not JSON: expected value, at byte 1"),
        (
            "{\"packages\": {}}\n\nmore",
            "is not JSON: trailing characters, at byte 19",
        ),
        (
            "{\"message\": \"not found\"}",
            "is not a repodata: it lists no packages",
        ),
        (
            "[]",
            "is not a repodata: invalid type: sequence, expected the object of a repodata",
        ),
        (
            "{\"packages\": 7}",
            "is not a repodata: invalid type: integer `7`, expected an object of records",
        ),
        (
            "{\"info\": {\"base_url\": \"mailto:a\"}, \"packages\": {}}",
            "its base_url is no address",
        ),
        (
            "{\"packages\": {\"a-1-0.conda\": {\"depends\": [tru]}}}",
            "is not JSON: expected ident",
        ),
    ] {
        let world = World::new(content);
        let error = world.open().unwrap_err().to_string();
        assert!(
            error.contains("repodata.json`") && error.contains(words),
            "{error}"
        );
    }
    let world = World::new(b"\x28\xb5\x2f\xfd rest");
    assert!(
        world
            .open()
            .unwrap_err()
            .to_string()
            .contains("cannot be unpacked")
    );
    fs::remove_file(world.source().path()).unwrap();
    assert!(
        world
            .open()
            .unwrap_err()
            .to_string()
            .contains("cannot be read")
    );
    for deep in ["{\"a\": ", "["] {
        let deep = format!(
            "{{\"packages\": {{\"a-1-0.conda\": {{\"purls\": {}",
            deep.repeat(100_000)
        );
        assert!(World::new(deep).open().is_err());
    }
}

#[test]
fn compressed_repodata_is_the_same() {
    let repodata = json!({"packages": {"a-1-0.tar.bz2": record("a", "1", "0")}}).to_string();
    let plain = World::new(&repodata);
    let compressed = World::new(zstd::encode_all(repodata.as_bytes(), 3).unwrap());
    assert_eq!(
        of(&plain.open().unwrap(), "a"),
        of(&compressed.open().unwrap(), "a")
    );
}

#[test]
fn patches_correct_what_is_read() {
    let repodata = json!({
        "packages": {"a-1-0.tar.bz2": record("a", "1", "0"), "b-1-0.tar.bz2": record("b", "1", "0")},
        "packages.conda": {"a-1-0.conda": record("a", "1", "0"), "b-1-0.conda": record("b", "1", "0"), "c-1-0.conda": record("c", "1", "0")},
    });
    let world = World::new(repodata.to_string());
    let patches = world.folder.path().join("patch_instructions.json");
    let instructions = json!({
        "packages": {"a-1-0.tar.bz2": {"depends": ["python <3"], "license": "MIT", "purls": ["pkg:pypi/a"]}},
        "packages.conda": {"a-1-0.conda": {"constrains": ["d"], "track_features": "old", "license": null}},
        "remove": ["b-1-0.tar.bz2"], "revoke": ["c-1-0.conda"], "patch_instructions_version": 1,
    });
    fs::write(&patches, instructions.to_string()).unwrap();
    let source = world.source().with_patches(&patches);
    let records = world
        .cache()
        .open(&channel(), Platform::LINUX_64, "patched", &source)
        .unwrap();
    let a = of(&records, "a").remove(0);
    assert_eq!(
        (a.depends(), a.constrains(), a.license()),
        (&["python <3".to_owned()][..], &["d".to_owned()][..], None)
    );
    assert_eq!(a.rattler().package_record.track_features, ["old"]);
    assert!(a.rattler().package_record.purls.is_some());
    assert!(of(&records, "b").is_empty());
    assert_eq!(of(&records, "c")[0].depends(), ["package_has_been_revoked"]);

    fs::write(&patches, "{\"packages\": 1}").unwrap();
    let error = world
        .cache()
        .open(&channel(), Platform::LINUX_64, "wrong", &source)
        .unwrap_err();
    assert!(
        error.to_string().contains("patch_instructions.json`"),
        "{error}"
    );
}

/// A repodata that fills several blocks.
fn large() -> Value {
    let records: serde_json::Map<_, _> = (0..300)
        .map(|number| {
            let name = format!("package-{number}");
            let more = json!({"depends": [format!("package-{} >={number}", number / 2)], "license": format!("License {number}")});
            (format!("{name}-1.{number}-0.conda"), with(record(&name, &format!("1.{number}"), "0"), more))
        })
        .collect();
    json!({"packages.conda": records})
}

#[test]
fn another_state_is_read_anew_and_the_old_one_goes() {
    let world = World::new(large().to_string());
    let first = world.open().unwrap();
    fs::write(world.source().path(), json!({"packages": {}}).to_string()).unwrap();
    assert_eq!(world.open().unwrap().len(), 300);
    let second = world
        .cache()
        .open(&channel(), Platform::LINUX_64, "next", &world.source())
        .unwrap();
    assert!(second.is_empty());
    world.file();
    assert_eq!(of(&first, "package-7").len(), 1);
    assert!(
        world
            .cache()
            .kept(&channel(), Platform::LINUX_64, "state", &world.source())
            .is_none()
    );
}

#[test]
fn without_a_cache_everything_works_and_is_said() {
    let world = World::new(large().to_string());
    let cache = RecordCache::disabled();
    for _ in 0..2 {
        let records = cache
            .open(&channel(), Platform::LINUX_64, "state", &world.source())
            .unwrap();
        assert_eq!(of(&records, "package-7").len(), 1);
    }
    assert!(cache.take_warnings().is_empty());
    let cache = RecordCache::new(&world.source().path().join("below a file"));
    let records = cache
        .open(&channel(), Platform::LINUX_64, "state", &world.source())
        .unwrap();
    assert_eq!(of(&records, "package-7").len(), 1);
    assert!(matches!(
        cache.take_warnings().as_slice(),
        [CacheWarning::Unavailable { .. }, ..]
    ));
}

#[test]
fn processes_that_pack_at_once_get_the_same() {
    let world = World::new(large().to_string());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let records = world.open().unwrap();
                assert_eq!(of(&records, "package-299").len(), 1);
            });
        }
    });
    world.file();
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    // A new file: who has the old one mapped keeps it.
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever happens to a kept file, every answer stays right, and the file is made again.
    #[test]
    fn damage_changes_no_answer(at: prop::sample::Index, flip in 1..=255_u8, cut in prop::option::of(any::<prop::sample::Index>()), zeros in 0_usize..5000) {
        let world = World::new(large().to_string());
        let right = world.open().unwrap();
        change(&world.file(), |bytes| {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            // As a page that never came to the disk.
            let end = bytes.len().min(at.saturating_add(1 + zeros));
            bytes[at + 1..end].fill(0);
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
        });
        let records = world.open().unwrap();
        for number in 0..300 {
            let name = format!("package-{number}");
            prop_assert_eq!(of(&records, &name), of(&right, &name));
        }
        prop_assert_eq!(records.names(), right.names());
        // The arena has texts that nobody asks for here; but what was looked at is whole now.
        let again = world.cache();
        let records = again.open(&channel(), Platform::LINUX_64, "state", &world.source()).unwrap();
        prop_assert_eq!(of(&records, "package-7"), of(&right, "package-7"));
    }

    #[test]
    fn garbage_is_refused_or_read_but_never_a_panic(bytes: Vec<u8>, text in "[{}\\[\\]\":,a-c0-9-]{0,60}") {
        for content in [bytes, format!("{{\"packages\":{{{text}}}}}").into_bytes()] {
            if let Ok(records) = World::new(content).open() {
                for name in records.names() {
                    let _ = records.of(&name);
                }
            }
        }
    }

    #[test]
    fn small_channels_are_read_as_rattler_reads_them(
        records in prop::collection::vec(("[ab](-[ab])?", "[0-9](\\.[0-9]){0,2}", "(py)?[0-2]", prop::collection::vec("[ab] >=[0-9]", 0..3), any::<bool>()), 0..20),
    ) {
        let mut maps = [serde_json::Map::new(), serde_json::Map::new()];
        for (name, version, build, depends, conda) in &records {
            let extension = if *conda { "conda" } else { "tar.bz2" };
            let value = with(record(name, version, build), json!({"depends": depends}));
            maps[usize::from(*conda)].insert(format!("{name}-{version}-{build}.{extension}"), value);
        }
        let [old, new] = maps;
        assert_as_rattler(&json!({"packages": old, "packages.conda": new}), &["a", "b", "a-a", "a-b", "b-a", "b-b"]);
    }
}
