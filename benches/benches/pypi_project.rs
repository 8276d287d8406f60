//! How long a large project page takes: read from HTML and from JSON, packed for the cache, unpacked, asked.
//!
//! The page is made for the purpose, of the size of the largest that there are: 5,000 files of 250 versions.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use pypi::page::{Page, parse};
use pypi::{DistributionName, Metadata, Project, VersionSet};

const URL: &str = "https://index.invalid/simple/large/";

fn pypi_project(criterion: &mut Criterion) {
    let name: DistributionName = "large".parse().expect("a name");
    let pages = [
        ("html", "text/html", html()),
        ("json", "application/vnd.pypi.simple.v1+json", json()),
    ];
    for (form, content_type, text) in &pages {
        let page = Page {
            bytes: text.as_bytes(),
            content_type,
            url: URL,
        };
        criterion.bench_function(&format!("pypi/page/{form}/5000 files"), |bencher| {
            bencher.iter(|| parse(&page, &name, URL).expect("the page can be read"));
        });
    }
    let page = Page {
        bytes: pages[0].2.as_bytes(),
        content_type: pages[0].1,
        url: URL,
    };
    let project = parse(&page, &name, URL).expect("the page can be read");
    let packed = project.encode().to_vec();
    criterion.bench_function("pypi/project/decode", |bencher| {
        let decode = |bytes| Project::decode(bytes).expect("what was packed");
        bencher.iter_batched(|| packed.clone(), decode, BatchSize::LargeInput);
    });
    let set = VersionSet::from_specifiers(">=1.2,!=1.5,<2").expect("clauses");
    criterion.bench_function("pypi/project/decode, versions within a set", |bencher| {
        let ask = |bytes| {
            let project = Project::decode(bytes).expect("what was packed");
            black_box(project.positions(&set));
            project
        };
        bencher.iter_batched(|| packed.clone(), ask, BatchSize::LargeInput);
    });
    let metadata = metadata();
    criterion.bench_function("pypi/metadata/parse/300 requirements", |bencher| {
        bencher.iter(|| Metadata::parse(metadata.as_bytes()).expect("metadata"));
    });
}

/// Every file: its name, its digest, which Pythons.
fn files() -> impl Iterator<Item = (String, String, &'static str)> {
    let tags = [
        "cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64",
        "cp311-cp311-macosx_11_0_arm64",
        "cp312-abi3-win_amd64",
    ];
    (0..250_usize).flat_map(move |version| {
        (0..20_usize).map(move |file| {
            let number = format!("{}.{}.{}", version / 100, version / 10 % 10, version % 10);
            let name = match file {
                0 => format!("large-{number}.tar.gz"),
                file => format!("large-{number}-{file}-{}.whl", tags[file % 4]),
            };
            let python = if version < 100 { ">=3.6" } else { ">=3.8,<4" };
            (name, format!("{:064x}", version * 20 + file), python)
        })
    })
}

fn html() -> String {
    let mut page = "<!DOCTYPE html><html><body>\n".to_owned();
    for (name, digest, python) in files() {
        let python = python.replace('>', "&gt;").replace('<', "&lt;");
        // Writing to a text cannot fail.
        let _ = writeln!(
            page,
            "<a href=\"https://files.index.invalid/packages/{}/{}/{name}#sha256={digest}\" \
             data-requires-python=\"{python}\" data-upload-time=\"2026-01-02T03:04:05.678901Z\">{name}</a><br/>",
            &digest[60..62],
            &digest[62..],
        );
    }
    page + "</body></html>\n"
}

fn json() -> String {
    let files = files().map(|(name, digest, python)| {
        serde_json::json!({
            "filename": name,
            "url": format!("https://files.index.invalid/packages/{}/{name}", &digest[60..]),
            "hashes": {"sha256": digest},
            "requires-python": python,
            "size": 123_456,
            "upload-time": "2026-01-02T03:04:05.678901Z",
            "yanked": false,
        })
    });
    let files: Vec<_> = files.collect();
    serde_json::json!({"meta": {"api-version": "1.1"}, "name": "large", "files": files}).to_string()
}

fn metadata() -> String {
    let mut text = "Metadata-Version: 2.1\nName: large\nVersion: 1.0\n".to_owned();
    for number in 0..300 {
        let extra = number / 10;
        let _ = writeln!(
            text,
            "Requires-Dist: package-{number}[more]>={number}.1,<{number}.9 ; python_version >= '3.8' and extra == 'extra-{extra}'"
        );
    }
    text
}

criterion_group!(benches, pypi_project);
criterion_main!(benches);
