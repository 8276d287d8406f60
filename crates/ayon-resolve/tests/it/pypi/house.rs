//! Wheels and an index to take them from, made for a test.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// A pure wheel: its file name and its bytes, which are always the same.
pub(crate) fn wheel(name: &str, version: &str, requires: &[&str]) -> (String, Vec<u8>) {
    tagged(name, version, "py3-none-any", "", requires)
}

/// A wheel with tags, and with more lines of metadata.
pub(super) fn tagged(
    name: &str,
    version: &str,
    tags: &str,
    more: &str,
    requires: &[&str],
) -> (String, Vec<u8>) {
    let name_of_file = name.replace('-', "_");
    let folder = format!("{name_of_file}-{version}.dist-info");
    let mut metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}");
    for requirement in requires {
        let _ = writeln!(metadata, "Requires-Dist: {requirement}");
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    for (file, text) in [
        (format!("{name_of_file}.py"), "x = 1\n"),
        (format!("{folder}/METADATA"), metadata.as_str()),
        (
            format!("{folder}/WHEEL"),
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n",
        ),
        (format!("{folder}/RECORD"), ""),
    ] {
        zip.start_file(file, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    (format!("{name_of_file}-{version}-{tags}.whl"), bytes)
}

/// What a server answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// This, as HTML or as bytes.
    Body(&'static str, Vec<u8>),
    /// Only a status.
    Status(u16),
    /// Nothing, for as long as a test may take.
    Silence,
}

/// A server of an index on this machine, for as long as it lives.
pub(crate) struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// An index of these releases under `/simple`, with other answers where `instead` says so.
    pub(crate) fn start(releases: &[(&str, &str, &[&str])], instead: &[(&str, Answer)]) -> Self {
        let mut pages: BTreeMap<String, String> = BTreeMap::new();
        let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
        for (name, version, requires) in releases {
            let (file, bytes) = wheel(name, version, requires);
            let hash = sha256(&bytes);
            let page = pages.entry(format!("/simple/{name}/")).or_default();
            let _ = writeln!(page, "<a href=\"/files/{file}#sha256={hash}\">{file}</a>");
            answers.insert(
                format!("/files/{file}"),
                Answer::Body("application/zip", bytes),
            );
        }
        for (path, page) in pages {
            let body = format!("<!DOCTYPE html><html><body>{page}</body></html>");
            answers.insert(path, Answer::Body("text/html", body.into_bytes()));
        }
        for (path, answer) in instead {
            answers.insert((*path).to_owned(), answer.clone());
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answers) = (Arc::clone(&asked), Arc::new(answers));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, answers) = (Arc::clone(&log), Arc::clone(&answers));
                std::thread::spawn(move || serve(stream, &answers, &log));
            }
        });
        Self { port, asked }
    }

    /// The index.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/simple", self.port)
    }

    /// What was asked for, with the credentials that came along.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// A text without the port, which is another in each run.
    pub(crate) fn told(&self, text: &str) -> String {
        text.replace(&format!("127.0.0.1:{}", self.port), "127.0.0.1:[port]")
    }
}

/// The hash of a file, by the crate that the program itself uses for it.
pub(super) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Answers the requests of one connection, one after the other.
fn serve(mut stream: TcpStream, answers: &BTreeMap<String, Answer>, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut head = Vec::new();
        for line in reader.by_ref().lines() {
            match line {
                Ok(line) if line.is_empty() => break,
                Ok(line) => head.push(line),
                Err(_) => return,
            }
        }
        let Some(path) = head.first().and_then(|line| line.split(' ').nth(1)) else {
            return;
        };
        let credentials = head
            .iter()
            .find(|line| line.to_lowercase().starts_with("authorization: "));
        let shown = credentials.map_or_else(String::new, |line| format!("  {line}"));
        log.lock().unwrap().push(format!("{path}{shown}"));
        let (status, kind, body): (u16, &str, &[u8]) = match answers.get(path) {
            Some(Answer::Body(kind, body)) => (200, kind, body),
            Some(Answer::Status(status)) => (*status, "text/plain", b""),
            Some(Answer::Silence) => {
                std::thread::sleep(Duration::from_mins(1));
                return;
            }
            None => (404, "text/plain", b""),
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all(head.as_bytes()).is_err() || stream.write_all(body).is_err() {
            return;
        }
    }
}
