//! A server for tests that does as it is told, on a port of its own: as much of HTTP/1.1 as is needed to speak it, and to break it.
//!
//! Each connection has one request and one answer, which the test writes byte by byte if it likes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A connection, open or secured.
pub trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

/// What a client asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET` and its like.
    pub method: String,
    /// Path and query; of a proxy, what is to be connected to or asked.
    pub target: String,
    headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, whose name is written in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn read(wire: &mut dyn Wire) -> io::Result<Self> {
        // One byte at a time: what follows the headers is for somebody else.
        let mut reader = BufReader::with_capacity(1, wire);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim().split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Ok(Self {
            method,
            target,
            headers,
        })
    }
}

type Answer = dyn Fn(&Request, &mut dyn Wire) -> io::Result<()> + Send + Sync;

/// A server, for as long as this value lives.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    requests: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
}

impl Server {
    /// A server without TLS.
    pub fn new(
        answer: impl Fn(&Request, &mut dyn Wire) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::start(Arc::new(answer), None)
    }

    /// A server with TLS.
    pub fn secure(
        config: ServerConfig,
        answer: impl Fn(&Request, &mut dyn Wire) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::start(Arc::new(answer), Some(Arc::new(config)))
    }

    fn start(answer: Arc<Answer>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let server = Self {
            address: listener.local_addr().expect("it is bound"),
            scheme: if tls.is_some() { "https" } else { "http" },
            requests: Arc::default(),
            is_over: Arc::default(),
        };
        let (requests, is_over) = (Arc::clone(&server.requests), Arc::clone(&server.is_over));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                let (answer, tls, requests) =
                    (Arc::clone(&answer), tls.clone(), Arc::clone(&requests));
                thread::spawn(move || {
                    // A client that goes away is what half of the tests are about.
                    let _ = serve(stream, tls, &requests, &*answer);
                });
            }
        });
        server
    }

    /// The address of a path, which starts with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    requests: &Mutex<Vec<Request>>,
    answer: &Answer,
) -> io::Result<()> {
    let mut wire: Box<dyn Wire> = match tls {
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            Box::new(StreamOwned::new(connection, stream))
        }
        None => Box::new(Finishing(stream)),
    };
    let request = Request::read(&mut *wire)?;
    let mut log = requests.lock().unwrap_or_else(PoisonError::into_inner);
    log.push(request.clone());
    drop(log);
    answer(&request, &mut *wire)?;
    wire.flush()
}

/// Ends a connection in the polite way, so that what was written arrives.
struct Finishing(TcpStream);

impl Read for Finishing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Finishing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Drop for Finishing {
    fn drop(&mut self) {
        let _ = self.0.shutdown(Shutdown::Write);
    }
}

/// Writes an answer: a status, headers in addition to the length, and a body.
pub fn say(wire: &mut dyn Wire, status: u16, headers: &[&str], body: &[u8]) -> io::Result<()> {
    let length = format!("Content-Length: {}", body.len());
    begin(wire, status, &[headers, &[&length]].concat())?;
    wire.write_all(body)
}

/// Writes the start of an answer: a status and headers.
pub fn begin(wire: &mut dyn Wire, status: u16, headers: &[&str]) -> io::Result<()> {
    let mut text = format!("HTTP/1.1 {status} Said\r\nConnection: close\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    wire.write_all(text.as_bytes())?;
    wire.flush()
}

/// Says nothing more until the client goes away.
pub fn hang(wire: &mut dyn Wire) -> io::Result<()> {
    while wire.read(&mut [0; 64])? > 0 {}
    Ok(())
}
