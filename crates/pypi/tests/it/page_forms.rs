//! HTML and JSON of one index say the same, and no page, however damaged, makes a parser panic.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::prelude::*;
use pypi::page::{Page, parse};
use pypi::{SdistKind, WheelParts};

use crate::pages::{JSON, URL, html, name, read};

/// A file, as both forms can say it.
#[derive(Debug, Clone)]
struct Described {
    file: String,
    folder: String,
    digest: Option<String>,
    python: Option<String>,
    yanked: Option<String>,
    metadata: Option<String>,
    uploaded: Option<String>,
}

fn described() -> impl Strategy<Value = Described> {
    let version = "[0-9]{1,2}\\.[0-9](rc1|\\.post2|\\+[a-z]{2})?";
    let file = (
        version,
        prop_oneof![
            Just("-py3-none-any.whl"),
            Just("-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
            Just(".tar.gz"),
            Just(".exe"),
        ],
    )
        .prop_map(|(version, kind)| format!("clique-{version}{kind}"));
    let folder = prop_oneof![
        Just("https://files.invalid/p/".to_owned()),
        Just("../../f/".to_owned()),
        Just("https://files.invalid/a b/é/".to_owned()),
        "/[a-z%+~ ]{0,8}/",
    ];
    (
        (file, folder),
        proptest::option::of("[0-9a-fA-F]{64}"),
        proptest::option::of("(>=|<|!=)3\\.[0-9]{1,2}(\\.\\*)?"),
        proptest::option::of("[ -~é]{0,20}"),
        proptest::option::of("([0-9a-f]{64})?"),
        proptest::option::of((0..60_u8, 0..1_000_000_u32)),
    )
        .prop_map(
            |((file, folder), digest, python, yanked, metadata, time)| Described {
                file,
                folder,
                digest,
                python,
                yanked,
                metadata,
                uploaded: time
                    .map(|(second, micro)| format!("2026-11-21T10:20:{second:02}.{micro:06}Z")),
            },
        )
}

fn is_program(file: &str) -> bool {
    SdistKind::of(file).is_none() && WheelParts::split(file).is_err()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&#60;")
        .replace('>', "&gt;")
        .replace('"', "&#x22;")
}

fn as_html(files: &[Described]) -> String {
    let mut page = "<title>Links for clique</title>".to_owned();
    for file in files {
        let url = format!("{}{}", file.folder, file.file.replace('+', "%2B"));
        let digest = file.digest.as_ref();
        let digest = digest.map_or(String::new(), |digest| format!("#sha256={digest}"));
        write!(page, "<a href=\"{}{digest}\"", escaped(&url)).unwrap();
        let metadata = file.metadata.as_ref().map(|digest| match digest.as_str() {
            "" => "true".to_owned(),
            digest => format!("sha256={digest}"),
        });
        for (key, value) in [
            ("data-requires-python", &file.python),
            ("data-yanked", &file.yanked),
            ("data-upload-time", &file.uploaded),
            ("data-core-metadata", &metadata),
        ] {
            if let Some(value) = value {
                write!(page, "\n {key}=\"{}\"", escaped(value)).unwrap();
            }
        }
        write!(page, ">{}</a><br>", escaped(&file.file)).unwrap();
    }
    page
}

fn as_json(files: &[Described]) -> String {
    let files: Vec<_> = files
        .iter()
        .map(|file| {
            let url = format!("{}{}", file.folder, file.file.replace('+', "%2B"));
            let hashes = file.digest.iter().map(|digest| ("sha256", digest));
            let metadata = match file.metadata.as_deref() {
                None => serde_json::json!(false),
                Some("") => serde_json::json!(true),
                Some(digest) => serde_json::json!({ "sha256": digest }),
            };
            serde_json::json!({
                "filename": file.file,
                "url": url,
                "hashes": hashes.collect::<std::collections::BTreeMap<_, _>>(),
                "requires-python": file.python,
                "yanked": match &file.yanked {
                    None => serde_json::json!(false),
                    Some(reason) if reason.is_empty() => serde_json::json!(true),
                    Some(reason) => serde_json::json!(reason),
                },
                "upload-time": file.uploaded,
                "core-metadata": metadata,
            })
        })
        .collect();
    serde_json::json!({ "meta": { "api-version": "1.1" }, "name": "clique", "files": files })
        .to_string()
}

proptest! {
    #[test]
    fn html_and_json_of_one_index_give_one_answer(files in proptest::collection::vec(described(), 0..12)) {
        let (from_html, from_json) = (html(&as_html(&files)).unwrap(), read(&as_json(&files), JSON).unwrap());
        prop_assert_eq!(&from_html, &from_json);
        let (skipped, kept): (Vec<_>, Vec<_>) = files.iter().map(|file| file.file.as_str()).partition(|file| is_program(file));
        let distinct: BTreeSet<_> = kept.into_iter().collect();
        prop_assert_eq!(from_html.file_count(), distinct.len());
        prop_assert_eq!(from_html.skipped().len(), skipped.len());
    }

    #[test]
    fn no_page_makes_a_parser_panic(text in "\\PC*", tags in "(<[!/a-z?]{0,4}[ a-z=\"'/>&#;0-9-]{0,12}){0,20}") {
        for text in [&text, &tags] {
            for content_type in ["text/html", JSON] {
                let _ = read(text, content_type);
            }
        }
    }

    #[test]
    fn damage_to_a_page_is_an_error_or_another_page(
        files in proptest::collection::vec(described(), 1..4),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        for (text, content_type) in [(as_html(&files), "text/html"), (as_json(&files), JSON)] {
            let mut bytes = text.into_bytes();
            let length = bytes.len();
            bytes[at.index(length)] = byte;
            let _ = parse(&Page { bytes: &bytes, content_type, url: URL }, &name(), "");
            let _ = parse(&Page { bytes: &bytes[..at.index(length)], content_type, url: URL }, &name(), "");
        }
    }
}
