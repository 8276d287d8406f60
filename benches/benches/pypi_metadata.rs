//! How long a warm resolve takes to open what the cache has, and a cold one to read what comes: metadata and project
//! pages. Everything is made up in the shape and the numbers of a set of three hundred packages: 641 releases looked at
//! with 45 requirements each, nine of them without an extra, most texts shared; 100,000 files.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pypi::page::{Page, parse};
use pypi::{
    MarkerEnvironment, Memo, Metadata, NewFile, NewLocation, OperatingSystem, Project,
    ProjectBuilder, VersionSet,
};

const RELEASES: usize = 641;
const BASE_LINES: usize = 9;
const EXTRA_LINES: usize = 36;
const PROJECTS: usize = 300;
const FILES: usize = 333;
/// As many as the largest pages that are met every day.
const FILES_OF_A_LARGE_PAGE: usize = 5_000;

fn metadata_file(release: usize) -> String {
    let mut text = format!(
        "Metadata-Version: 2.1\nName: package-{}\nVersion: 1.{release}\n",
        release / 2
    );
    let mut line = |number: usize, marker: &str| {
        let name = (number * 7) % 331;
        let _ = writeln!(
            text,
            "Requires-Dist: package-{name}>=1.{},<{} ; {marker}",
            number % 11,
            2 + number % 3
        );
    };
    for number in 0..BASE_LINES {
        // Seven hundred distinct requirements without an extra, some of them for other Pythons.
        let python =
            ["python_version >= '3.8'", "python_version < '3.7'"][usize::from(number == 0)];
        line((release * BASE_LINES + number) % 700, python);
    }
    for number in 0..EXTRA_LINES {
        line(
            release + number,
            &format!("extra == 'extra-{}'", number % 12),
        );
    }
    text + "Requires-Python: >=3.8\n\n" + &"What it is for, at length.\n".repeat(200)
}

fn metadata(criterion: &mut Criterion) {
    let files: Vec<String> = (0..RELEASES).map(metadata_file).collect();
    let read = |text: &String| Metadata::parse(text.as_bytes()).expect("the metadata of this file");
    let kept: Vec<Vec<u8>> = files
        .iter()
        .map(|text| read(text).encode().to_vec())
        .collect();
    let python = "3.11.0".parse().expect("a version");
    let linux = MarkerEnvironment::new(OperatingSystem::Linux, "x86_64", &python);
    let needs = |kept: &[Vec<u8>]| -> usize {
        let memo = Memo::default();
        let opened = kept
            .iter()
            .map(|bytes| Metadata::decode(bytes.clone()).expect("what was kept"));
        opened
            .map(|metadata| metadata.needs(&linux, None, &memo).expect("needs").len())
            .sum()
    };
    assert_eq!(
        needs(&kept),
        RELEASES * (BASE_LINES - 1),
        "one in nine is for another Python"
    );

    let mut group = criterion.benchmark_group("pypi/metadata");
    group.throughput(Throughput::Elements(RELEASES as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| files.iter().map(read).collect::<Vec<_>>());
    });
    group.bench_function("decode", |bencher| {
        bencher.iter(|| {
            let opened = kept.iter().map(|bytes| Metadata::decode(bytes.clone()));
            opened.collect::<Result<Vec<_>, _>>()
        });
    });
    group.bench_function("decode and base needs", |bencher| {
        bencher.iter(|| needs(black_box(&kept)));
    });
    group.finish();
}

fn file(project: usize, number: usize) -> NewFile {
    let (version, build) = (number / 8, number % 8);
    let tag = ["cp39", "cp310", "cp311", "cp312"][build % 4];
    let platform = ["manylinux_2_17_x86_64.manylinux2014_x86_64", "win_amd64"][build / 4];
    let name = format!(
        "package_{project}-{}.{}-{tag}-{tag}-{platform}.whl",
        version / 10,
        version % 10
    );
    let digest = format!("{:064x}", (number + 1) * 7_919_777_777 + project);
    let url = format!(
        "https://files.invalid/packages/{number:02x}/{project:02x}/{}/{name}",
        &digest[4..]
    );
    let mut file = NewFile::new(name, NewLocation::Url(url));
    file.hashes.insert("sha256".to_owned(), digest);
    file.requires_python = Some(format!(">=3.{}", 7 + version % 5));
    file.uploaded = "2026-01-02T03:04:05.678901Z".parse().ok();
    file
}

fn projects(criterion: &mut Criterion) {
    let kept: Vec<Vec<u8>> = (0..PROJECTS)
        .map(|project| {
            let name = format!("package-{project}").parse().expect("a name");
            let mut builder = ProjectBuilder::new(name, "an index");
            (0..FILES).for_each(|number| builder.add(file(project, number)));
            builder.build().expect("a project").encode().to_vec()
        })
        .collect();
    let open = |kept: &[Vec<u8>]| -> Vec<Project> {
        kept.iter()
            .map(|bytes| Project::decode(bytes.clone()).expect("what was kept"))
            .collect()
    };
    let set = VersionSet::from_specifiers(">=1.2,<4").expect("a set");

    let mut group = criterion.benchmark_group("pypi/project");
    group.throughput(Throughput::Elements((PROJECTS * FILES) as u64));
    group.bench_function("decode", |bencher| {
        bencher.iter(|| open(black_box(&kept)));
    });
    group.bench_function("decode and positions of a set", |bencher| {
        bencher.iter(|| {
            open(&kept)
                .iter()
                .map(|project| project.positions(&set).len())
                .sum::<usize>()
        });
    });
    group.finish();
}

fn pages(criterion: &mut Criterion) {
    let files: Vec<NewFile> = (0..FILES_OF_A_LARGE_PAGE)
        .map(|number| file(0, number))
        .collect();
    let mut html = "<!DOCTYPE html><html><body>\n".to_owned();
    let mut json = Vec::new();
    for file in &files {
        let (NewLocation::Url(url) | NewLocation::Path(url)) = &file.location;
        let digest = &file.hashes["sha256"];
        let python = file.requires_python.as_deref().unwrap_or_default();
        let escaped = python.replace('>', "&gt;");
        let name = &file.name;
        let _ = writeln!(
            html,
            "<a href=\"{url}#sha256={digest}\" data-requires-python=\"{escaped}\" \
             data-upload-time=\"2026-01-02T03:04:05.678901Z\">{name}</a><br />"
        );
        json.push(serde_json::json!({
            "filename": name, "url": url, "hashes": { "sha256": digest }, "requires-python": python,
            "upload-time": "2026-01-02T03:04:05.678901Z", "size": 12_345, "yanked": false,
            "core-metadata": { "sha256": digest },
        }));
    }
    let json = serde_json::json!({ "meta": { "api-version": "1.1" }, "files": json }).to_string();
    let name = "package-0".parse().expect("a name");

    let mut group = criterion.benchmark_group("pypi/page");
    for (form, text, content_type) in [
        ("html", &html, "text/html"),
        ("json", &json, "application/vnd.pypi.simple.v1+json"),
    ] {
        let page = Page {
            bytes: text.as_bytes(),
            content_type,
            url: "https://index.invalid/simple/package-0/",
        };
        let project = parse(&page, &name, "an index").expect("a page");
        assert_eq!(project.file_count(), FILES_OF_A_LARGE_PAGE);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(form, |bencher| {
            bencher.iter(|| parse(black_box(&page), &name, "an index"));
        });
    }
    group.finish();
}

criterion_group!(benches, metadata, projects, pages);
criterion_main!(benches);
