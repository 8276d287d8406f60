//! As much of HTTP/1.1 as a test needs: one request, one answer, one connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// The longest body that is read.
const MAX_BODY: u64 = 16 * 1024 * 1024;

/// A request.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// Reads the request of a connection.
pub(crate) fn read(stream: &TcpStream) -> io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut request = Request {
        method: words.next().unwrap_or_default(),
        target: words.next().unwrap_or_default(),
        ..Request::default()
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        request
            .headers
            .push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    reader
        .take(MAX_BODY.min(length))
        .read_to_end(&mut request.body)?;
    Ok(request)
}

impl Answer {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::text(status, body.to_string())
    }

    /// A text that is said to be JSON.
    pub(crate) fn text(status: u16, body: impl Into<String>) -> Self {
        let headers = vec![("Content-Type", "application/json".to_owned())];
        Self {
            status,
            headers,
            body: body.into().into_bytes(),
        }
    }

    pub(crate) fn html() -> Self {
        let headers = vec![("Content-Type", "text/html; charset=utf-8".to_owned())];
        Self {
            status: 200,
            headers,
            body: b"<!doctype html><title>Sign in</title>".to_vec(),
        }
    }

    /// What the server answers when it fails: with a traceback, which nobody should ever see again.
    pub(crate) fn failure(status: u16) -> Self {
        let detail = match status {
            401 => "Invalid API key",
            403 => "You are not allowed to do this",
            404 => "Not found",
            500 => "Internal\u{1b}[31m server error",
            _ => "Try again later",
        };
        let traceback = "Traceback (most recent call last): /backend/api/canary.py";
        Self::json(
            status,
            &serde_json::json!({"code": status, "detail": detail, "traceback": traceback}),
        )
    }

    pub(crate) fn redirect(place: String) -> Self {
        Self {
            status: 307,
            headers: vec![("Location", place)],
            body: Vec::new(),
        }
    }

    pub(crate) fn write(&self, stream: &TcpStream) -> io::Result<()> {
        self.send(stream, self.body.len())
    }

    /// Announces all of the body and sends half of it.
    pub(crate) fn write_half(&self, stream: &TcpStream) -> io::Result<()> {
        self.send(stream, self.body.len() / 2)
    }

    fn send(&self, mut stream: &TcpStream, count: usize) -> io::Result<()> {
        let mut head = format!(
            "HTTP/1.1 {} Stand-in\r\nContent-Length: {}\r\n",
            self.status,
            self.body.len()
        );
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        stream.write_all(&self.body[..count])?;
        stream.flush()
    }
}
