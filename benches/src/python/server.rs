//! An index on a local port, which counts what it is asked and can be as far away as one likes.
//!
//! It does what a plain private index does: pages of links with digests, wheels by range, connections that stay open; no
//! metadata files, no validators. Each wheel holds its metadata and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::packages::PythonWorld;
use super::pages::{self, Form};

/// A header that is longer than this is none of a client that is measured here.
const LONGEST_LINE: u64 = 16 * 1024;

/// The index. It serves until the process ends.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// What was asked since the last time anybody looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, whatever was answered.
    pub requests: u64,
    /// Bytes of the bodies that were sent.
    pub bytes: u64,
}

struct Shared {
    /// What there is, by path.
    files: BTreeMap<String, (&'static str, Vec<u8>)>,
    /// How long every answer takes to come.
    delay: Duration,
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl Server {
    /// Serves a world on a free port of this machine, every answer late by `delay`.
    pub fn start(world: &PythonWorld, delay: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            files: files(world)?,
            delay,
            requests: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                // A client that goes away ends its own connection only.
                thread::spawn(move || shared.serve(&stream).ok());
            }
        });
        Ok(Self { address, shared })
    }

    /// Where the simple index begins.
    pub fn url(&self) -> String {
        format!("http://{}/simple/", self.address)
    }

    /// What was asked since the last time.
    pub fn take_traffic(&self) -> Traffic {
        Traffic {
            requests: self.shared.requests.swap(0, Ordering::Relaxed),
            bytes: self.shared.bytes.swap(0, Ordering::Relaxed),
        }
    }
}

/// Everything that can be asked for.
fn files(world: &PythonWorld) -> io::Result<BTreeMap<String, (&'static str, Vec<u8>)>> {
    let mut files = BTreeMap::new();
    for (name, versions) in &world.packages {
        let mut digests = BTreeMap::new();
        for (version, release) in versions {
            let metadata = release.metadata(name, version);
            let folder = format!("{}-{version}.dist-info", name.with_underscores());
            let wheel = wheel(&folder, &metadata)?;
            let digest = pages::sha256(&wheel);
            for file in release.files(name, version) {
                files.insert(
                    format!("/files/{file}"),
                    ("application/octet-stream", wheel.clone()),
                );
                digests.insert(file, digest.clone());
            }
        }
        let digest = |_: &_, _: &_, file: &str| digests.get(file).cloned().unwrap_or_default();
        if let Some(listed) = world.listed(name, digest) {
            let page = pages::write(name, &listed, Form::Html);
            files.insert(format!("/simple/{name}/"), ("text/html", page.into_bytes()));
        }
    }
    Ok(files)
}

/// A wheel with nothing but metadata in it.
fn wheel(folder: &str, metadata: &str) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let parts = [
        ("METADATA", metadata),
        (
            "WHEEL",
            "Wheel-Version: 1.0\nGenerator: none\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        ),
        ("RECORD", ""),
    ];
    for (name, text) in parts {
        zip.start_file(format!("{folder}/{name}"), options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A request, as far as it matters.
struct Request {
    method: String,
    path: String,
    range: Option<String>,
}

impl Shared {
    /// Answers one client until it has nothing more to ask.
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        while let Some(request) = read_request(&mut reader)? {
            self.requests.fetch_add(1, Ordering::Relaxed);
            thread::sleep(self.delay);
            let answer = self.answer(&request);
            let mut stream: &TcpStream = stream;
            stream.write_all(&answer)?;
        }
        Ok(())
    }

    /// The whole answer, head and body.
    fn answer(&self, request: &Request) -> Vec<u8> {
        let path = request.path.replace("%2B", "+").replace("%2b", "+");
        let Some((kind, whole)) = self.files.get(&path) else {
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
        };
        let part = match &request.range {
            None => Some(0..whole.len()),
            Some(range) => part(range, whole.len()),
        };
        let Some(part) = part else {
            let head = format!(
                "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{}\r\nContent-Length: 0\r\n\r\n",
                whole.len()
            );
            return head.into_bytes();
        };
        let mut head = format!("Content-Type: {kind}\r\nAccept-Ranges: bytes\r\n");
        // Writing to a text cannot fail.
        let _ = write!(head, "Content-Length: {}\r\n", part.len());
        let status = if request.range.is_some() {
            let (first, last) = (part.start, part.end - 1);
            let _ = write!(
                head,
                "Content-Range: bytes {first}-{last}/{}\r\n",
                whole.len()
            );
            "206 Partial Content"
        } else {
            "200 OK"
        };
        let mut answer = format!("HTTP/1.1 {status}\r\n{head}\r\n").into_bytes();
        if request.method != "HEAD" {
            self.bytes.fetch_add(part.len() as u64, Ordering::Relaxed);
            answer.extend_from_slice(&whole[part]);
        }
        answer
    }
}

/// The next request; nothing at the end.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let Some(first) = read_line(reader)? else {
        return Ok(None);
    };
    let mut words = first.split_whitespace();
    let mut request = Request {
        method: words.next().unwrap_or_default().to_owned(),
        path: words.next().unwrap_or_default().to_owned(),
        range: None,
    };
    while let Some(line) = read_line(reader)?.filter(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("range")
        {
            request.range = Some(value.trim().to_owned());
        }
    }
    Ok(Some(request))
}

fn read_line(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    if reader.take(LONGEST_LINE).read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end().to_owned()))
}

/// The bytes that a `Range` of one part asks for: `bytes=2-5`, `bytes=2-`, `bytes=-5`.
fn part(range: &str, length: usize) -> Option<std::ops::Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let part = if first.is_empty() {
        length.saturating_sub(last.parse().ok()?)..length
    } else {
        let end = match last {
            "" => length,
            last => last.parse::<usize>().ok()?.saturating_add(1).min(length),
        };
        first.parse().ok()?..end
    };
    (part.start < part.end).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::Release;

    #[test]
    fn ranges_are_of_one_part() {
        assert_eq!(part("bytes=0-3", 10), Some(0..4));
        assert_eq!(part("bytes=4-", 10), Some(4..10));
        assert_eq!(part("bytes=-3", 10), Some(7..10));
        assert_eq!(part("bytes=-30", 10), Some(0..10));
        assert_eq!(part("bytes=8-30", 10), Some(8..10));
        for wrong in [
            "bytes=10-",
            "bytes=a-b",
            "bytes=-0",
            "lines=1-2",
            "bytes=5-4",
        ] {
            assert_eq!(part(wrong, 10), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_asked_is_sent_and_counted() {
        let mut world = PythonWorld::default();
        let versions = world.packages.entry("a-b".parse().unwrap()).or_default();
        versions.insert("1.0".parse().unwrap(), Release::default());
        let server = Server::start(&world, Duration::ZERO).unwrap();
        let mut stream = TcpStream::connect(server.address).unwrap();
        let mut ask = |request: &str| {
            stream.write_all(request.as_bytes()).unwrap();
            let mut reader = BufReader::new(&stream);
            let status = read_line(&mut reader).unwrap().unwrap();
            let mut length = 0;
            while let Some(line) = read_line(&mut reader)
                .unwrap()
                .filter(|line| !line.is_empty())
            {
                if let Some(value) = line.strip_prefix("Content-Length: ") {
                    length = value.parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            (status, body)
        };
        let (status, page) = ask("GET /simple/a-b/ HTTP/1.1\r\n\r\n");
        assert_eq!(status, "HTTP/1.1 200 OK");
        assert!(
            String::from_utf8(page.clone())
                .unwrap()
                .contains("a_b-1.0-py3-none-any.whl#sha256=")
        );
        let (status, tail) =
            ask("GET /files/a_b-1.0-py3-none-any.whl HTTP/1.1\r\nrange: bytes=-22\r\n\r\n");
        assert_eq!(status, "HTTP/1.1 206 Partial Content");
        assert!(tail.starts_with(b"PK\x05\x06"));
        let (status, _) = ask("GET /simple/c/ HTTP/1.1\r\n\r\n");
        assert_eq!(status, "HTTP/1.1 404 Not Found");
        let traffic = server.take_traffic();
        assert_eq!(traffic.requests, 3);
        assert_eq!(traffic.bytes, (page.len() + tail.len()) as u64);
        assert_eq!(server.take_traffic(), Traffic::default());
    }
}
