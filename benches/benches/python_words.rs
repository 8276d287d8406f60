//! How long Python's words take to read: as many versions, clauses, and names of files as the pages of a large
//! environment have. Everything is made up; only the shapes and their shares are those of an index.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pypi::{Libc, Machine, Target, TargetPlatform, Version, VersionSet, WheelName, WheelParts};

/// As many as on the pages of three hundred projects.
const VERSIONS: usize = 45_000;

fn versions() -> Vec<String> {
    let text = |number: usize| {
        let (major, minor, patch) = (number % 4, (number / 4) % 60, number / 240);
        match number % 40 {
            0 => format!("{major}.{minor}.{patch}rc1"),
            1 => format!("{major}.{minor}.{patch}.post1"),
            2 => format!("{major}.{minor}.{patch}.dev{number}"),
            3 => format!("{major}.{minor}"),
            4 => format!("{major}.{minor}.{patch}b{minor}"),
            5 => format!("20{minor:02}.{patch}.1.{major}"),
            _ => format!("{major}.{minor}.{patch}"),
        }
    };
    (0..VERSIONS).map(text).collect()
}

fn clauses() -> Vec<String> {
    let text = |number: usize| {
        let (major, minor) = (number % 4, (number / 4) % 60);
        match number % 5 {
            0 => format!(">={major}.{minor}"),
            1 => format!("=={major}.{minor}.1"),
            2 => format!("~={major}.{minor}"),
            _ => format!(">={major}.{minor},<{}", major + 1),
        }
    };
    (0..VERSIONS / 10).map(text).collect()
}

fn files() -> Vec<String> {
    let platform = "manylinux_2_17_x86_64.manylinux2014_x86_64";
    let text = |(version, number): (String, usize)| {
        let python = format!("cp3{}", 6 + number % 8);
        format!("some_project-{version}-{python}-{python}-{platform}.whl")
    };
    let numbered = versions().into_iter().zip(0..);
    numbered.take(VERSIONS / 10).map(text).collect()
}

fn target() -> Target {
    let platform = TargetPlatform::Linux {
        machine: Machine::X86_64,
        libc: Libc::Glibc(2, 28),
    };
    Target::new(platform, &"3.11.9".parse().expect("a version"))
}

/// Reads each text, and takes what is none for a mistake of this file.
fn read<T, E: std::fmt::Debug>(texts: &[String], one: impl Fn(&str) -> Result<T, E>) -> Vec<T> {
    let read = texts.iter().map(|text| one(text));
    read.collect::<Result<_, E>>().expect("texts of this file")
}

fn words(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("python-words");
    let count = |texts: &[String]| Throughput::Elements(texts.len() as u64);

    let texts = versions();
    group.throughput(count(&texts));
    group.bench_function("versions", |bencher| {
        bencher.iter(|| read(&texts, str::parse::<Version>));
    });
    let unsorted = read(&texts, str::parse::<Version>);
    group.bench_function("sort versions", |bencher| {
        bencher.iter(|| {
            let mut sorted = unsorted.clone();
            sorted.sort_unstable();
            sorted
        });
    });

    let texts = clauses();
    group.throughput(count(&texts));
    group.bench_function("clauses", |bencher| {
        bencher.iter(|| read(&texts, VersionSet::from_specifiers));
    });

    let texts = files();
    group.throughput(count(&texts));
    group.bench_function("parts of wheels", |bencher| {
        bencher.iter(|| {
            read(&texts, |file| {
                WheelParts::split(file).map(|parts| parts.tags.len())
            })
        });
    });
    group.bench_function("names of wheels", |bencher| {
        bencher.iter(|| read(&texts, str::parse::<WheelName>));
    });
    let wheels = read(&texts, str::parse::<WheelName>);
    let farm = target();
    group.bench_function("ranks of wheels", |bencher| {
        bencher.iter(|| {
            let ranks = wheels.iter().filter_map(|wheel| farm.rank(&wheel.tags));
            ranks.sum::<u32>()
        });
    });
    group.finish();
    criterion.bench_function("python-words/target", |bencher| bencher.iter(target));
}

criterion_group!(benches, words);
criterion_main!(benches);
