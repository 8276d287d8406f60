//! How long it takes to know a repository of rez packages: read from its files, and from the index of the last time.
//!
//! The repository is made for the purpose, of the size and shape of rez's own benchmark: 1,200 families, 18,000 versions,
//! some with variants, a few families very large.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ayon_disk::Cache;
use criterion::{Criterion, criterion_group, criterion_main};
use rez::repository::{FilesystemRepository, Options, Repository, index_cache};

const FAMILIES: usize = 1200;

const VERSIONS: usize = 18_000;

/// As many as a large resolve touches.
const ASKED: usize = 200;

fn repository(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let packages = folder.path().join("packages");
    write_repository(&packages);
    let plain = options(Arc::new(Cache::disabled()));
    let indexed = options(Arc::new(index_cache(&folder.path().join("cache"))));
    let first = open(&packages, &indexed);
    first.read_all().expect("the repository can be listed");
    first.save();
    let names = first.family_names().expect("the repository can be listed");
    assert_eq!(names.len(), FAMILIES);
    assert_eq!(first.statistics().read, FAMILIES);

    let mut group = criterion.benchmark_group("rez_repository");
    group.sample_size(10);
    group.bench_function("read/all", |bencher| {
        bencher.iter(|| open(&packages, &plain).read_all());
    });
    group.sample_size(50);
    group.bench_function("index/all", |bencher| {
        bencher.iter(|| {
            let repository = open(&packages, &indexed);
            repository.read_all().expect("the repository can be listed");
            assert_eq!(repository.statistics().indexed, FAMILIES);
        });
    });
    let asked: Vec<_> = names.iter().step_by(FAMILIES / ASKED).collect();
    group.bench_function(format!("index/{}", asked.len()), |bencher| {
        bencher.iter(|| {
            let repository = open(&packages, &indexed);
            for name in &asked {
                black_box(repository.family(name).expect("the family can be read"));
            }
        });
    });
    let mut careful = indexed.clone();
    careful.check_files = true;
    group.bench_function("index/all/check_files", |bencher| {
        bencher.iter(|| open(&packages, &careful).read_all());
    });
    group.finish();
}

fn open(packages: &Path, options: &Options) -> FilesystemRepository {
    FilesystemRepository::open(packages, options).expect("the repository can be opened")
}

/// Options of a run some time after the files were written: what was just modified is never trusted.
fn options(cache: Arc<Cache>) -> Options {
    #[expect(clippy::disallowed_methods, reason = "a bench has a clock")]
    let mut options = Options::new(SystemTime::now() + Duration::from_mins(1));
    options.cache = cache;
    options
}

/// Writes package files as rez installs them.
fn write_repository(root: &Path) {
    let mut random = Random(7);
    let mut versions = vec![1; FAMILIES];
    for _ in FAMILIES..VERSIONS {
        // The product of two draws is small most of the time: few families get most of the versions.
        let family = random.below(FAMILIES) * random.below(FAMILIES) / FAMILIES;
        versions[family] += 1;
    }
    for (family, count) in versions.into_iter().enumerate() {
        for version in 0..count {
            let version = format!("{}.{}.{}", version / 100, version / 10 % 10, version % 10);
            let folder = root.join(format!("family{family}")).join(&version);
            ayon_disk::create_dir_all(&folder).expect("the folder can be made");
            let text = package(family, &version, &mut random);
            #[expect(
                clippy::disallowed_methods,
                reason = "ayon-disk syncs each file, which would take minutes here"
            )]
            std::fs::write(folder.join("package.py"), text).expect("the file can be written");
        }
    }
}

fn package(family: usize, version: &str, random: &mut Random) -> String {
    let mut text = format!(
        "# -*- coding: utf-8 -*-\n\nname = 'family{family}'\n\nversion = '{version}'\n\nrequires = [\n"
    );
    let mut request = |text: &mut String, indent: &str| {
        let (other, low) = (random.below(FAMILIES), random.below(9));
        let _ = writeln!(text, "{indent}'family{other}-{low}.{low}+<{}',", low + 1);
    };
    for _ in 0..5 {
        request(&mut text, "    ");
    }
    text.push_str("]\n");
    if family.is_multiple_of(4) {
        text.push_str("\nvariants = [\n");
        for _ in 0..3 {
            text.push_str("    [\n");
            request(&mut text, "        ");
            text.push_str("    ],\n");
        }
        text.push_str("]\n");
    }
    text.push_str("\ndef commands():\n    env.PATH.append('{root}/bin')\n");
    text.push_str("\ntimestamp = 1600129484\n\nformat_version = 2\n");
    text
}

/// The same row of numbers in every run (a linear congruential generator).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}

criterion_group!(benches, repository);
criterion_main!(benches);
