//! Pages of indexes: what is read of them, and what is no page says so.

use pypi::page::{Page, links, parse};
use pypi::{DistributionName, Project};

pub(crate) const URL: &str = "https://index.invalid/simple/clique/";
pub(crate) const JSON: &str = "application/vnd.pypi.simple.v1+json";

pub(crate) fn name() -> DistributionName {
    "clique".parse().unwrap()
}

pub(crate) fn read(text: &str, content_type: &str) -> Result<Project, String> {
    let page = Page {
        bytes: text.as_bytes(),
        content_type,
        url: URL,
    };
    parse(&page, &name(), "index").map_err(|error| error.to_string())
}

pub(crate) fn html(text: &str) -> Result<Project, String> {
    read(text, "text/html; charset=utf-8")
}

fn names(project: &Project) -> Vec<&str> {
    (0..project.len())
        .flat_map(|at| project.files(at))
        .map(|file| file.name())
        .collect()
}

#[test]
fn every_attribute_is_read() {
    let page = r#"<!DOCTYPE html><HTML><head><meta name="pypi:repository-version" content="1.4">
        <base href="/files/"><!-- <a href="clique-9.tar.gz">no</a> --></head><body>
        <script>document.write("<a href='clique-8.tar.gz'>no</a>")</script>
        <A data-yanked="broken &amp; &#98;&#x61;d" HREF='../clique-1.5.0-py3-none-any.whl#sha256=0000000000000000000000000000000000000000000000000000000000000AbC&amp;md5=11'
           data-requires-python='&gt;=3.6,&lt;4' data-dist-info-metadata="true"
           data-core-metadata="sha256=abcd" data-upload-time="2026-01-02T03:04:05.678Z" >clique</A>
        <a href=clique-1.4.tar.gz data-yanked>x</a>
        <a download href="get?id=1">clique-1.3.tar.gz</a>
        <a href="clique-1.2.tar.gz" data-dist-info-metadata=true data-core-metadata="false"
    "#;
    let project = html(page).unwrap();
    insta::assert_debug_snapshot!(project, @r#"
    Project {
        name: "clique",
        index: "index",
        files: [
            File {
                name: "clique-1.2.tar.gz",
                location: Url(
                    "https://index.invalid/files/clique-1.2.tar.gz",
                ),
                requires_python: None,
                yanked: None,
                uploaded: None,
                size: None,
                hashes: [],
                has_core_metadata: false,
                core_metadata_sha256: None,
            },
            File {
                name: "clique-1.3.tar.gz",
                location: Url(
                    "https://index.invalid/files/get?id=1",
                ),
                requires_python: None,
                yanked: None,
                uploaded: None,
                size: None,
                hashes: [],
                has_core_metadata: false,
                core_metadata_sha256: None,
            },
            File {
                name: "clique-1.4.tar.gz",
                location: Url(
                    "https://index.invalid/files/clique-1.4.tar.gz",
                ),
                requires_python: None,
                yanked: Some(
                    "",
                ),
                uploaded: None,
                size: None,
                hashes: [],
                has_core_metadata: false,
                core_metadata_sha256: None,
            },
            File {
                name: "clique-1.5.0-py3-none-any.whl",
                location: Url(
                    "https://index.invalid/clique-1.5.0-py3-none-any.whl",
                ),
                requires_python: Some(
                    ">=3.6,<4",
                ),
                yanked: Some(
                    "broken & bad",
                ),
                uploaded: Some(
                    Timestamp(
                        1767323045678000,
                    ),
                ),
                size: None,
                hashes: [
                    (
                        "sha256",
                        "0000000000000000000000000000000000000000000000000000000000000abc",
                    ),
                    (
                        "md5",
                        "11",
                    ),
                ],
                has_core_metadata: true,
                core_metadata_sha256: Some(
                    "abcd",
                ),
            },
        ],
        skipped: [],
        ..
    }
    "#);
}

#[test]
fn json_of_every_standard_is_read() {
    let page = r#"{"meta": {"api-version": "1.9", "_last-serial": 3}, "name": "Clique", "versions": ["1"],
        "alternate-locations": [{}], "files": [
        {"filename": "clique-1.5.0-py3-none-any.whl", "url": "../../clique-1.5.0-py3-none-any.whl",
         "hashes": {"sha256": "0000000000000000000000000000000000000000000000000000000000000abc", "md5": "11"},
         "requires-python": ">=3.6,<4", "yanked": "broken & bad", "size": 12,
         "upload-time": "2026-01-02T03:04:05.678Z", "core-metadata": {"sha256": "abcd"}, "gpg-sig": null},
        {"filename": "clique-1.4.tar.gz", "url": "https://files.invalid/x", "hashes": {}, "yanked": true,
         "requires-python": null, "size": null, "upload-time": "yesterday", "dist-info-metadata": true},
        {"filename": "clique-1.3.tar.gz", "url": "javascript:x", "hashes": {}, "yanked": false}]}"#;
    insta::assert_debug_snapshot!(read(page, JSON).unwrap(), @r#"
    Project {
        name: "clique",
        index: "index",
        files: [
            File {
                name: "clique-1.4.tar.gz",
                location: Url(
                    "https://files.invalid/x",
                ),
                requires_python: None,
                yanked: Some(
                    "",
                ),
                uploaded: None,
                size: None,
                hashes: [],
                has_core_metadata: true,
                core_metadata_sha256: None,
            },
            File {
                name: "clique-1.5.0-py3-none-any.whl",
                location: Url(
                    "https://index.invalid/clique-1.5.0-py3-none-any.whl",
                ),
                requires_python: Some(
                    ">=3.6,<4",
                ),
                yanked: Some(
                    "broken & bad",
                ),
                uploaded: Some(
                    Timestamp(
                        1767323045678000,
                    ),
                ),
                size: Some(
                    12,
                ),
                hashes: [
                    (
                        "sha256",
                        "0000000000000000000000000000000000000000000000000000000000000abc",
                    ),
                    (
                        "md5",
                        "11",
                    ),
                ],
                has_core_metadata: true,
                core_metadata_sha256: Some(
                    "abcd",
                ),
            },
        ],
        skipped: [],
        ..
    }
    "#);
}

#[test]
fn what_is_no_page_of_an_index_says_so() {
    let login =
        "<html><head><title>Sign in \u{b7} Proxy</title></head><body><form></form></body></html>";
    for (text, content_type, error) in [
        (login, "text/html", "is headed `Sign in · Proxy`"),
        (
            "<h1>Not Found</h1><p>clique was not found",
            "text/html",
            "is headed `Not Found`",
        ),
        (
            "<h1>clique not found</h1>",
            "text/html",
            "is headed `clique not found`",
        ),
        (
            "Just a moment...",
            "text/html",
            "links to no file of a distribution. The URL",
        ),
        (
            "<a href='/help'>Help</a> <a href='/x'>x</a>",
            "text/html",
            "links to no file",
        ),
        ("x", "text/plain", "its type is `text/plain`"),
        ("x", "application/vnd.pypi.simple.v2+json", "version 2+json"),
        (
            r#"<meta name="pypi:repository-version" content="2.0">"#,
            "text/html",
            "version 2.0",
        ),
        (
            r#"{"meta": {"api-version": "2.0"}, "files": []}"#,
            JSON,
            "version 2.0",
        ),
        (r#"{"meta": {"api-version": "2.0"}}"#, JSON, "version 2.0"),
        (
            r#"{"message": "not found"}"#,
            "application/json",
            "no `meta.api-version`",
        ),
        (r#"{"meta": {"api-version": "1.0"}}"#, JSON, "no `files`"),
        (
            r#"{"meta": {"api-version": "1.0"}, "files": [{"filename": "x"}]}"#,
            JSON,
            "missing field `url`",
        ),
        (
            r#"{"meta": {"api-version": "1.0"}, "files": []"#,
            JSON,
            "EOF",
        ),
        ("[]", JSON, "a project page"),
    ] {
        let told = read(text, content_type).unwrap_err();
        assert!(
            told.starts_with(URL) && told.contains(error),
            "{text}: {told}"
        );
    }
    let page = Page {
        bytes: b"",
        content_type: "",
        url: "https://me:secret@h.invalid/x?token=1",
    };
    let page = Page {
        content_type: "image/png",
        ..page
    };
    let told = parse(&page, &name(), "").unwrap_err().to_string();
    assert!(told.starts_with("https://****@h.invalid/x: "), "{told}");
}

#[test]
fn an_empty_project_is_a_project() {
    for (text, content_type) in [
        (
            "<title>Links for Clique</title><h1>Links for Clique</h1>",
            "text/html",
        ),
        ("<title>clique</title><h1>Clique</h1>", "text/html"),
        ("<!DOCTYPE html><html><body></body></html>", "text/html"),
        (
            "<h1>Index of /simple/clique</h1><a href='../'>Parent</a>",
            "TEXT/HTML",
        ),
        (
            r#"<meta name="pypi:repository-version" content="1.0"><p>Hello"#,
            "text/html",
        ),
        (
            r#"{"meta": {"api-version": "1.0"}, "files": []}"#,
            "application/vnd.pypi.simple.v1+json; x=y",
        ),
        (r#" {"meta": {"api-version": "1.0"}, "files": []}"#, ""),
        ("", ""),
    ] {
        assert!(read(text, content_type).unwrap().is_empty(), "{text}");
    }
    let old =
        html("<a href='clique-1.0.win32.exe'>x</a><a href='clique-1.0-py2.7.egg'>y</a>").unwrap();
    assert_eq!((old.len(), old.skipped().len()), (0, 2));
}

#[test]
fn a_flat_list_is_many_projects() {
    let text = "<h1>Index of /wheels</h1><a href='../'>..</a>\
        <a href='a_b-1.0-py3-none-any.whl'>a_b-1.0-py3-non..&gt;</a>\
        <a href='a-b-1.1.tar.gz'>1</a><a href='a-2-1.zip'>2</a><a href='notes.txt'>n</a>";
    let page = Page {
        bytes: text.as_bytes(),
        content_type: "text/html",
        url: "file:///wheels/",
    };
    let flat = links(&page).unwrap();
    assert_eq!(
        flat.names()
            .map(DistributionName::as_str)
            .collect::<Vec<_>>(),
        ["a", "a-2", "a-b"]
    );
    assert_eq!(flat.skipped(), 2);
    let project = flat.project(&"A_B".parse().unwrap(), "").unwrap().unwrap();
    insta::assert_debug_snapshot!(project, @r#"
    Project {
        name: "a-b",
        index: "",
        files: [
            File {
                name: "a_b-1.0-py3-none-any.whl",
                location: Path(
                    "/wheels/a_b-1.0-py3-none-any.whl",
                ),
                requires_python: None,
                yanked: None,
                uploaded: None,
                size: None,
                hashes: [],
                has_core_metadata: false,
                core_metadata_sha256: None,
            },
            File {
                name: "a-b-1.1.tar.gz",
                location: Path(
                    "/wheels/a-b-1.1.tar.gz",
                ),
                requires_python: None,
                yanked: None,
                uploaded: None,
                size: None,
                hashes: [],
                has_core_metadata: false,
                core_metadata_sha256: None,
            },
        ],
        skipped: [],
        ..
    }
    "#);
    assert!(flat.project(&name(), "").unwrap().is_none());
    let of_a = flat.project(&"a".parse().unwrap(), "").unwrap().unwrap();
    assert_eq!(names(&of_a), ["a-2-1.zip"]);
}
