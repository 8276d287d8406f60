//! An index with made wheels, served as HTML or JSON, with and without ranges and files of metadata.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Cursor, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use pypi::{FileKind, Index, MetadataAnswer, Project, Timestamp};
use pypi_client::{Client, IndexSource, Options};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use crate::server::{Request, Server, Wire, say};

/// How an index answers.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    pub(crate) json: bool,
    pub(crate) ranges: bool,
    /// Whether metadata is advertised as files of its own.
    pub(crate) metadata_files: bool,
    /// Sent with every page, and matched.
    pub(crate) etag: Option<String>,
    pub(crate) cache_control: Option<String>,
    /// What is answered to everything instead.
    pub(crate) status: Option<u16>,
}

pub(crate) const PLAIN: Manner = Manner {
    json: false,
    ranges: true,
    metadata_files: false,
    etag: None,
    cache_control: None,
    status: None,
};

/// Files by name, and what is wrong with the list of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Listed, but not there.
    pub(crate) gone: Vec<String>,
    /// Listed with another hash.
    pub(crate) mistaken: Vec<String>,
}

/// An index that is served.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) manner: Arc<Mutex<Manner>>,
    pub(crate) shelf: Arc<Mutex<Shelf>>,
}

impl World {
    pub(crate) fn new(manner: &Manner, shelf: Shelf) -> Self {
        let (manner, shelf) = (
            Arc::new(Mutex::new(manner.clone())),
            Arc::new(Mutex::new(shelf)),
        );
        let (how, what) = (Arc::clone(&manner), Arc::clone(&shelf));
        let server = Server::new(move |request, wire| {
            let manner = how.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let shelf = what.lock().unwrap_or_else(PoisonError::into_inner).clone();
            answer(&manner, &shelf, request, wire)
        });
        World {
            server,
            manner,
            shelf,
        }
    }

    pub(crate) fn index(&self) -> IndexSource {
        IndexSource::new(self.server.url("/simple"))
    }

    /// What was asked so far: pages by name, files by name with their range.
    pub(crate) fn asked(&self) -> Vec<String> {
        let said = |request: &Request| {
            let range = request.header("range").map(|range| format!(" {range}"));
            format!("{}{}", request.target, range.unwrap_or_default())
        };
        self.server.requests().iter().map(said).collect()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Manner)) {
        change(&mut self.manner.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn rearrange(&self, change: impl FnOnce(&mut Shelf)) {
        change(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Shelf {
    /// Wheels of one version each, that need nothing but what is named.
    pub(crate) fn of(wheels: &[(&str, &str, &[&str])]) -> Self {
        let mut shelf = Shelf::default();
        for (name, version, needs) in wheels {
            shelf.add(name, version, needs);
        }
        shelf
    }

    pub(crate) fn add(&mut self, name: &str, version: &str, needs: &[&str]) {
        let file = format!("{name}-{version}-py3-none-any.whl");
        self.files
            .insert(file, wheel(name, version, &metadata(name, version, needs)));
    }

    pub(crate) fn write(&self, folder: &Path) {
        for (name, bytes) in &self.files {
            ayon_disk::write_atomic(&folder.join(name), bytes).expect("a folder to write in");
        }
    }
}

/// A `METADATA`.
pub(crate) fn metadata(name: &str, version: &str, needs: &[&str]) -> String {
    let mut text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
    for need in needs {
        let _ = writeln!(text, "Requires-Dist: {need}");
    }
    text
}

/// A wheel that is longer than the end of it that is asked for.
pub(crate) fn wheel(name: &str, version: &str, metadata: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let files = [
        (format!("{name}/__init__.py"), "#".repeat(100_000)),
        (
            format!("{name}-{version}.dist-info/METADATA"),
            metadata.to_owned(),
        ),
    ];
    for (path, text) in files {
        zip.start_file(path, stored).expect("a place in memory");
        zip.write_all(text.as_bytes()).expect("a place in memory");
    }
    zip.finish().expect("a place in memory").into_inner()
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn answer(
    manner: &Manner,
    shelf: &Shelf,
    request: &Request,
    wire: &mut dyn Wire,
) -> io::Result<()> {
    if let Some(status) = manner.status {
        return say(wire, status, &[], b"");
    }
    let path = request.target.as_str();
    if let Some(name) = path.strip_prefix("/simple/") {
        return page(manner, shelf, name.trim_end_matches('/'), request, wire);
    }
    if path == "/links" {
        let links = shelf
            .files
            .keys()
            .map(|name| format!("<a href=\"/files/{name}\">{name}</a>\n"))
            .collect::<Vec<_>>()
            .concat();
        return say(wire, 200, &["Content-Type: text/html"], links.as_bytes());
    }
    let name = path.strip_prefix("/files/").unwrap_or_default();
    if let Some(wheel) = name
        .strip_suffix(".metadata")
        .filter(|_| manner.metadata_files)
    {
        return match shelf
            .files
            .get(wheel)
            .and_then(|bytes| metadata_of(wheel, bytes))
        {
            Some(text) => say(wire, 200, &[], &text),
            None => say(wire, 404, &[], b""),
        };
    }
    let Some(bytes) = shelf
        .files
        .get(name)
        .filter(|_| !shelf.gone.iter().any(|gone| gone == name))
    else {
        return say(wire, 404, &[], b"");
    };
    let range = request.header("range").filter(|_| manner.ranges);
    let Some((first, last)) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-'))
    else {
        return say(wire, 200, &[], bytes);
    };
    let length = bytes.len();
    let number = |text: &str| text.parse::<usize>().unwrap_or(0);
    let (start, end) = match (first, last) {
        ("", suffix) => (length.saturating_sub(number(suffix)), length),
        (first, last) => (number(first), (number(last) + 1).min(length)),
    };
    let range = format!("Content-Range: bytes {start}-{}/{length}", end - 1);
    say(wire, 206, &[&range], &bytes[start..end])
}

fn page(
    manner: &Manner,
    shelf: &Shelf,
    name: &str,
    request: &Request,
    wire: &mut dyn Wire,
) -> io::Result<()> {
    let mut links = Vec::new();
    for (file, bytes) in &shelf.files {
        let owner = file
            .split('-')
            .next()
            .unwrap_or_default()
            .replace('_', "-")
            .to_lowercase();
        if owner != name {
            continue;
        }
        let digest = if shelf.mistaken.contains(file) {
            "0".repeat(64)
        } else {
            hash(bytes)
        };
        let own = metadata_of(file, bytes)
            .filter(|_| manner.metadata_files)
            .map(|text| hash(&text));
        links.push(if manner.json {
            let own = own.map(|digest| format!(r#","core-metadata":{{"sha256":"{digest}"}}"#)).unwrap_or_default();
            format!(r#"{{"filename":"{file}","url":"/files/{file}","hashes":{{"sha256":"{digest}"}}{own}}}"#)
        } else {
            let own = own.map(|digest| format!(" data-core-metadata=\"sha256={digest}\"")).unwrap_or_default();
            format!("<a href=\"/files/{file}#sha256={digest}\"{own}>{file}</a>\n")
        });
    }
    if links.is_empty() {
        return say(wire, 404, &[], b"");
    }
    let body = if manner.json {
        format!(
            r#"{{"meta":{{"api-version":"1.1"}},"name":"{name}","files":[{}]}}"#,
            links.join(",")
        )
    } else {
        format!("<!doctype html>\n{}", links.concat())
    };
    let kind = if manner.json {
        "application/vnd.pypi.simple.v1+json"
    } else {
        "text/html"
    };
    let mut headers = vec![format!("Content-Type: {kind}")];
    headers.extend(manner.etag.iter().map(|etag| format!("ETag: {etag}")));
    headers.extend(
        manner
            .cache_control
            .iter()
            .map(|words| format!("Cache-Control: {words}")),
    );
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    if manner.etag.is_some() && request.header("if-none-match") == manner.etag.as_deref() {
        return say(wire, 304, &headers, b"");
    }
    say(wire, 200, &headers, body.as_bytes())
}

fn metadata_of(file: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    pypi::wheel::metadata_of(bytes, &file.parse().ok()?).ok()
}

/// Options for one index and a cache in a folder, at a moment some seconds after noon.
pub(crate) fn options(indexes: &[&World], cache: Option<&Path>, seconds: i64) -> Options {
    let noon: Timestamp = "2026-01-01T12:00:00Z".parse().expect("a moment");
    let now = Timestamp::from_microseconds(noon.microseconds() + seconds * 1_000_000);
    let mut options = Options::new(now.expect("not far from noon"));
    options.indexes = indexes.iter().map(|world| world.index()).collect();
    options.cache = cache.map(Path::to_owned);
    options.http.retries = 0;
    options
}

pub(crate) fn open(options: Options) -> Client {
    Client::open(options).expect("places that can be named")
}

/// A project that is there.
pub(crate) fn project(client: &Client, name: &str) -> Arc<Project> {
    let name = name.parse().expect("a name");
    client
        .project(&name)
        .expect("an answer")
        .expect("a project")
}

/// What the newest wheel of a project needs, or why that is not known.
pub(crate) fn needs(client: &Client, name: &str) -> Result<Vec<String>, String> {
    let project = project(client, name);
    let last = project
        .files(project.len() - 1)
        .find(|file| matches!(file.kind(), FileKind::Wheel { .. }));
    let answer = client.metadata(&project, last.expect("a wheel").id());
    match answer.map_err(|error| error.to_string())? {
        MetadataAnswer::Known(metadata) => Ok(metadata
            .requirements()
            .map(|line| line.text().to_owned())
            .collect()),
        MetadataAnswer::Unusable(reason) => Err(reason),
    }
}
