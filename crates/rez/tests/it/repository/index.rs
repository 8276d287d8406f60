//! The index gives what reading would give, and notices every change that it can.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ayon_disk::{Cache, CacheWarning};
use rez::package::Family;
use rez::repository::{FilesystemRepository, Options, Repository, Statistics, index_cache};

use super::{Folder, told};

/// A repository, and a folder for its index.
struct Indexed {
    folder: Folder,
    cache: tempfile::TempDir,
}

impl Indexed {
    fn new(files: &[(&str, &str)]) -> Self {
        let indexed = Indexed {
            folder: Folder::with(files),
            cache: tempfile::tempdir().unwrap(),
        };
        indexed.run();
        indexed
    }

    /// As a run some time after the files were written: what was just modified is never trusted.
    fn options(&self) -> Options {
        let mut options = Folder::options();
        options.now += Duration::from_mins(1);
        options.cache = Arc::new(index_cache(self.cache.path()));
        options
    }

    fn open(&self) -> FilesystemRepository {
        FilesystemRepository::open(&self.folder.path(), &self.options()).unwrap()
    }

    /// A whole run: what was read of all families, and how many were read.
    fn run(&self) -> (Vec<Arc<Family>>, Statistics) {
        run_with(&self.folder, &self.options())
    }

    /// How many families a run reads, which afterwards have to be what they are without an index.
    fn reads(&self) -> usize {
        let (families, statistics) = self.run();
        assert_eq!(families, run_with(&self.folder, &Folder::options()).0);
        statistics.read
    }

    /// The index's file.
    fn file(&self) -> PathBuf {
        let cache = index_cache(self.cache.path());
        let shard = &ayon_disk::read_dir(cache.folder().unwrap()).unwrap()[0];
        ayon_disk::read_dir(&shard.path).unwrap()[0].path.clone()
    }
}

fn run_with(folder: &Folder, options: &Options) -> (Vec<Arc<Family>>, Statistics) {
    let repository = FilesystemRepository::open(&folder.path(), options).unwrap();
    repository.read_all().unwrap();
    let names = repository.family_names().unwrap();
    let families = names
        .iter()
        .map(|name| repository.family(name).unwrap().unwrap());
    let families = families.collect();
    repository.save();
    (families, repository.statistics())
}

const REPOSITORY: [(&str, &str); 8] = [
    (
        "maya/2024/package.py",
        "requires = ['python-3']\ntimestamp = -5",
    ),
    (
        "maya/2025/package.py",
        "variants = [['python-3', 'qt-6'], []]\nhashed_variants = True",
    ),
    (
        "maya/2026/package.py",
        "build_requires = ['cmake']\nrequires = ['ünï-1']",
    ),
    ("python/3.11/package.yaml", "requires: [platform-linux]"),
    ("python/3.12/package.py", "requires = ["),
    (
        "python/3.13/package.py",
        "@late()\ndef requires():\n    return []",
    ),
    (
        "tool/package.py",
        "requires = ['python']\nformat_version = 7",
    ),
    (
        "old.yaml",
        "versions: ['1', '1-0', '2']\nrequires: [python]",
    ),
];

#[test]
fn the_second_run_reads_nothing_and_knows_the_same() {
    let indexed = Indexed::new(&REPOSITORY);
    let (families, statistics) = indexed.run();
    assert_eq!(
        statistics,
        Statistics {
            indexed: 4,
            read: 0
        }
    );
    let plain = indexed.folder.open();
    plain.read_all().unwrap();
    for family in &families {
        assert_eq!(plain.family(&family.name).unwrap().as_ref(), Some(family));
    }
    let known = indexed.open();
    known.read_all().unwrap();
    assert_eq!(known.problems(), plain.problems());
    assert_eq!(known.problems().len(), 1);
}

#[test]
fn only_families_that_changed_are_read_again() {
    let indexed = Indexed::new(&REPOSITORY);
    let folder = &indexed.folder;
    folder.write("maya/2027/package.py", "");
    assert_eq!(indexed.reads(), 1, "a version more");
    folder.remove("maya/2024");
    assert_eq!(indexed.reads(), 1, "a version less");
    folder.write("maya/.ignore2027", "");
    assert_eq!(indexed.reads(), 1, "a version hidden");
    folder.write("houdini/20/package.py", "");
    assert_eq!(indexed.reads(), 1, "a family more");
    folder.remove("python");
    assert_eq!(indexed.reads(), 0, "a family less");
    folder.write("old.yaml", "versions: ['3', '4']");
    assert_eq!(indexed.reads(), 1, "a combined file changed");
    folder.write("old.py", "versions = ['1']");
    assert_eq!(indexed.reads(), 1, "a preferred file came up");
    folder.write("old/1/package.py", "");
    assert_eq!(indexed.reads(), 1, "a folder came up");
    folder.remove("tool/package.py");
    folder.write("tool/package.yaml", "requires: [maya]");
    assert_eq!(
        indexed.reads(),
        1,
        "an unversioned package changed its format"
    );
    assert_eq!(indexed.reads(), 0);
}

#[test]
fn folders_without_a_package_file_are_watched() {
    let indexed = Indexed::new(&[
        ("foo/1/package.py", ""),
        ("foo/2/", ""),
        ("bar/1/package.py", ""),
        ("bar/.building2", ""),
        ("bar/2/", ""),
        ("baz/1.0/", ""),
        ("baz/1-0/package.py", ""),
    ]);
    assert_eq!(indexed.reads(), 0);
    indexed.folder.write("foo/2/payload", "");
    assert_eq!(indexed.reads(), 1);
    indexed.folder.write("foo/2/package.py", "");
    assert_eq!(indexed.reads(), 1);
    indexed.folder.write("bar/2/package.yaml", "");
    assert_eq!(indexed.reads(), 1);
    indexed.folder.write("baz/1.0/package.yaml", "");
    assert_eq!(indexed.reads(), 1);
    assert_eq!(
        told(&indexed.open().family("bar").unwrap().unwrap()),
        ["2 []", "1 []"]
    );
    assert_eq!(
        told(&indexed.open().family("baz").unwrap().unwrap()),
        ["1.0 []"]
    );
}

#[test]
fn a_file_edited_in_place_is_seen_when_files_are_checked() {
    let indexed = Indexed::new(&REPOSITORY);
    let edited = "requires = ['python-9']\ntimestamp = -5";
    indexed.folder.write("maya/2024/package.py", edited);
    let (families, statistics) = indexed.run();
    assert_eq!(statistics.read, 0, "the family's folder shows no trace");
    assert_eq!(told(&families[0])[2], "2024 [python-3]");
    let mut options = indexed.options();
    options.check_files = true;
    let (families, statistics) = run_with(&indexed.folder, &options);
    assert_eq!(statistics.read, 1);
    assert_eq!(told(&families[0])[2], "2024 [python-9]");
    assert_eq!(run_with(&indexed.folder, &options).1.read, 0);
    indexed.folder.write("python/3.11/package.py", "");
    let (families, statistics) = run_with(&indexed.folder, &options);
    assert_eq!(statistics.read, 1, "a preferred file came up");
    assert_eq!(told(&families[2])[2], "3.11 []");
}

#[test]
fn what_was_chosen_can_be_verified_alone() {
    let indexed = Indexed::new(&REPOSITORY);
    let repository = indexed.open();
    repository.read_all().unwrap();
    let families =
        ["maya", "old", "python", "tool"].map(|name| repository.family(name).unwrap().unwrap());
    let chosen = || {
        families
            .iter()
            .map(|family| (&*family.name, &family.packages[0].version))
    };
    assert!(repository.verify(chosen()).unwrap().is_empty());
    // One that is touched and says the same, one that says something else, one that is not among the chosen.
    indexed
        .folder
        .write("maya/2026/package.py", REPOSITORY[2].1);
    indexed.folder.write("old.yaml", "versions: ['1']");
    indexed
        .folder
        .write("python/3.11/package.yaml", "requires: [platform-windows]");
    let changed = repository.verify(chosen()).unwrap();
    assert_eq!(
        changed.iter().map(|name| &**name).collect::<Vec<_>>(),
        ["old"]
    );
    assert_eq!(told(&repository.family("old").unwrap().unwrap()), ["1 []"]);
    assert_eq!(repository.family("maya").unwrap().unwrap(), families[0]);
    // A family that went away.
    indexed.folder.remove("tool");
    let tool = &families[3].packages[0].version;
    assert_eq!(repository.verify([("tool", tool)]).unwrap().len(), 1);
    assert!(repository.family("tool").unwrap().is_none());
    // What was read anew is kept, though the family's folder shows no trace.
    indexed
        .folder
        .write("maya/2026/package.py", "requires = ['new']");
    let maya = &families[0].packages[0].version;
    assert_eq!(repository.verify([("maya", maya)]).unwrap().len(), 1);
    assert_eq!(
        told(&repository.family("maya").unwrap().unwrap())[0],
        "2026 [new]"
    );
    repository.save();
    assert_eq!(
        told(&indexed.open().family("maya").unwrap().unwrap())[0],
        "2026 [new]"
    );
}

#[test]
fn what_was_modified_just_before_it_was_read_is_not_trusted() {
    let folder = Folder::with(&REPOSITORY);
    let cache = tempfile::tempdir().unwrap();
    let mut options = Folder::options();
    options.cache = Arc::new(index_cache(cache.path()));
    run_with(&folder, &options);
    options.now += Duration::from_mins(1);
    assert_eq!(
        run_with(&folder, &options).1.read,
        4,
        "this run makes it settled"
    );
    assert_eq!(run_with(&folder, &options).1.read, 0);
}

#[test]
fn a_solve_that_wants_little_reads_little_and_runs_add_up() {
    let indexed = Indexed {
        folder: Folder::with(&REPOSITORY),
        cache: tempfile::tempdir().unwrap(),
    };
    let (one, other) = (indexed.open(), indexed.open());
    one.family("tool").unwrap();
    other.read_reachable(["maya", "missing"]);
    assert_eq!(
        one.statistics(),
        Statistics {
            indexed: 0,
            read: 1
        }
    );
    assert_eq!(
        other.statistics(),
        Statistics {
            indexed: 0,
            read: 2
        }
    );
    one.save();
    other.save();
    assert_eq!(
        indexed.run().1,
        Statistics {
            indexed: 3,
            read: 1
        }
    );
    let last = indexed.open();
    last.read_reachable(["tool"]);
    let statistics = last.statistics();
    assert_eq!(
        (statistics.indexed, statistics.read),
        (1, 0),
        "what is known is not followed"
    );
}

#[test]
fn answers_do_not_change_while_a_repository_is_open() {
    let indexed = Indexed::new(&REPOSITORY);
    let repository = indexed.open();
    let before = repository.family("maya").unwrap();
    assert!(repository.family("houdini").unwrap().is_none());
    indexed.folder.write("maya/2027/package.py", "");
    indexed.folder.write("houdini/20/package.py", "");
    assert_eq!(repository.family("maya").unwrap(), before);
    assert!(repository.family("houdini").unwrap().is_none());
}

#[test]
fn other_settings_have_an_index_of_their_own() {
    let indexed = Indexed::new(&REPOSITORY);
    let mut options = indexed.options();
    options.allow_unversioned = false;
    assert_eq!(run_with(&indexed.folder, &options).1.indexed, 0);
    assert_eq!(run_with(&indexed.folder, &options).1.read, 0);
    assert_eq!(indexed.reads(), 0);
}

#[test]
fn what_could_not_be_read_is_looked_at_again() {
    let indexed = Indexed::new(&[("foo/1/package.py", ""), ("bar/1/package.py", "")]);
    indexed
        .folder
        .write("foo/2/package.py", &" ".repeat(5 << 20));
    assert_eq!(indexed.reads(), 1);
    assert_eq!(indexed.reads(), 1);
    indexed.folder.write("foo/2/package.py", "");
    assert_eq!(indexed.reads(), 1);
    assert_eq!(indexed.reads(), 0);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test does the damage itself")]
fn a_damaged_index_is_made_again_with_a_warning() {
    for damage in [0, 10, 100, 1000] {
        let indexed = Indexed::new(&REPOSITORY);
        let file = indexed.file();
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..damage.min(bytes.len() - 1)]).unwrap();
        let options = indexed.options();
        assert_eq!(run_with(&indexed.folder, &options).1.read, 4);
        let warnings = options.cache.take_warnings();
        assert!(
            matches!(warnings.as_slice(), [CacheWarning::Damaged { .. }]),
            "{warnings:?}"
        );
        assert_eq!(indexed.reads(), 0);
    }
}

#[test]
fn an_index_that_says_nonsense_is_as_good_as_none() {
    let indexed = Indexed::new(&REPOSITORY);
    let cache = index_cache(indexed.cache.path());
    let key = format!(
        "{}\n[\"package\"] None true false",
        indexed.folder.path().display()
    );
    let whole = cache.get(&key).unwrap();
    for bytes in [&b""[..], b"REZI", &[b'R'; 100], &whole[..whole.len() / 2]] {
        cache.put(&key, bytes);
        assert_eq!(indexed.reads(), 4, "{} bytes", bytes.len());
        assert_eq!(indexed.reads(), 0);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_a_warning() {
    let indexed = Indexed::new(&[("foo/1/package.py", ""), ("file", "")]);
    let mut options = indexed.options();
    options.cache = Arc::new(index_cache(&indexed.folder.path().join("file")));
    for _ in 0..2 {
        assert_eq!(run_with(&indexed.folder, &options).1.read, 1);
    }
    let warnings = options.cache.take_warnings();
    assert!(!warnings.is_empty());
    assert!(
        warnings
            .iter()
            .all(|warning| matches!(warning, CacheWarning::Unavailable { .. })),
        "{warnings:?}"
    );
    options.cache = Arc::new(Cache::disabled());
    assert_eq!(run_with(&indexed.folder, &options).1.read, 1);
    assert!(options.cache.take_warnings().is_empty());
}
