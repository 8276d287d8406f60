//! Packed records where processes are killed and disks are full.
//!
//! A process of a test runs one of its ignored tests, told by variables what to do.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::Path;
use std::process::{Child, Command, Stdio};

use conda::{
    Answers, Ask, Asker, Channel, ChannelBase, Dialect, PackageName, PackedRecords, Platform,
    RecordCache, Records, Repodata, Root, Spec, Target,
};
use serde_json::json;

/// In which folder another process works.
const FOLDER: &str = "CONDA_TEST_FOLDER";
/// The states in which the channel is packed by turns.
const STATES: [&str; 2] = ["one", "two"];

/// A repodata of some megabytes, so that writing it takes a while.
fn world(folder: &Path) -> Repodata {
    let records: serde_json::Map<_, _> = (0..6_000)
        .map(|number| {
            let name = format!("package-{}", number / 20);
            let version = format!("1.{number}");
            let depends = [format!("package-{} >=1.{}", number / 40, number / 3)];
            let record = json!({"name": name, "version": version, "build": "0", "build_number": 0,
                "depends": depends, "license": format!("License {number}")});
            (format!("{name}-{version}-0.conda"), record)
        })
        .collect();
    let path = folder.join("repodata.json");
    let text = json!({"packages.conda": records}).to_string();
    ayon_disk::write_atomic(&path, text.as_bytes()).unwrap();
    Repodata::new(path)
}

fn channel() -> Channel {
    Channel::parse("https://example/channel", &ChannelBase::new("/")).unwrap()
}

fn open(cache: &RecordCache, source: &Repodata, state: &str) -> PackedRecords {
    let opened = cache.open(&channel(), Platform::LINUX_64, state, source);
    opened.unwrap()
}

/// Everything that records say.
fn all(records: &PackedRecords) -> Vec<conda::Record> {
    let names = records.names().into_iter();
    names.flat_map(|name| records.of(&name).unwrap()).collect()
}

/// Runs an ignored test in another process, below a shell's words.
fn another(shell: &str, test: &str, folder: &Path) -> Child {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell} exec \"$@\""), "sh"]);
    command.arg(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", test]);
    command.env(FOLDER, folder).stdout(Stdio::null());
    command.spawn().unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "so one process of a test tells another"
)]
fn told() -> std::path::PathBuf {
    std::env::var_os(FOLDER).unwrap().into()
}

#[test]
#[cfg(unix)]
fn a_process_that_is_killed_leaves_whole_records_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let source = world(folder.path());
    let right = all(&open(&RecordCache::disabled(), &source, "one"));
    let shards = folder.path().join("conda-records-v1");
    for round in 0..4 {
        let mut other = another("", "cache::packs_for_ever", folder.path());
        while !shards.exists() {
            assert_eq!(other.try_wait().unwrap(), None, "it packs for ever");
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        // Somewhere in the middle of writing, or between two times.
        std::thread::sleep(std::time::Duration::from_millis(17 * round));
        other.kill().unwrap();
        other.wait().unwrap();
        let cache = RecordCache::new(folder.path());
        for state in STATES {
            if let Some(kept) = cache.kept(&channel(), Platform::LINUX_64, state, &source) {
                assert_eq!(all(&kept), right);
            }
        }
        assert_eq!(all(&open(&cache, &source, "one")), right);
        assert!(cache.take_warnings().is_empty(), "nothing was damaged");
    }
}

#[test]
#[ignore = "a_process_that_is_killed_leaves_whole_records_or_none runs it"]
fn packs_for_ever() {
    let folder = told();
    let (cache, source) = (
        RecordCache::new(&folder),
        Repodata::new(folder.join("repodata.json")),
    );
    for state in STATES.iter().cycle() {
        open(&cache, &source, state);
    }
}

#[test]
#[cfg(unix)]
fn a_full_disk_is_told_and_the_answer_is_right() {
    let folder = tempfile::tempdir().unwrap();
    world(folder.path());
    // No file may be longer than this, as if there were no more room: writing fails in the middle.
    let shell = "trap '' XFSZ; ulimit -f 64;";
    let mut other = another(shell, "cache::finds_the_disk_full", folder.path());
    assert!(other.wait().unwrap().success());
    // Nothing of what was half-written is left.
    let mut folders = vec![folder.path().join("conda-records-v1")];
    while let Some(folder) = folders.pop() {
        for entry in ayon_disk::read_dir(&folder).unwrap() {
            assert!(entry.path.is_dir(), "{}", entry.path.display());
            folders.push(entry.path);
        }
    }
}

#[test]
#[ignore = "a_full_disk_is_told_and_the_answer_is_right runs it"]
fn finds_the_disk_full() {
    let folder = told();
    let (cache, answers) = (RecordCache::new(&folder), Answers::new(&folder));
    let source = Repodata::new(folder.join("repodata.json"));
    for _ in 0..2 {
        let records = open(&cache, &source, "one");
        let mut ask = Ask::new(Target::new(Platform::LINUX_64));
        ask.channels = vec![vec![std::sync::Arc::new(records)]];
        ask.roots = vec![Root {
            spec: Spec::parse("package-9 <1.190", Dialect::Lenient).unwrap(),
            asker: Asker(0),
        }];
        let solution = answers.solve(&ask, &|| false).unwrap();
        let name: PackageName = "package-9".parse().unwrap();
        assert_eq!(solution.get(&name).unwrap().version().to_string(), "1.189");
    }
    let warnings = cache.take_warnings();
    let words = warnings[0].to_string();
    assert!(
        warnings.len() == 1 && words.starts_with("the cache cannot be used"),
        "{words}"
    );
    assert!(answers.take_warnings().is_empty(), "small files fit");
}
