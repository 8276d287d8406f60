//! A small AYON server for tests: it serves any [`Studio`], counts what it is asked, and misbehaves on demand.
//!
//! It answers the endpoints that this crate asks, in the server's own form, on a free port of this machine; judgements
//! are those of [`ayon_model::judge`], and where the real server crashes it answers 500 as that does. Answers recorded
//! from a real server come before all that.
//!
//! ```
//! use ayon_studio::stand_in::{Misbehaviour, StandIn};
//!
//! let server = StandIn::new(ayon_model::Studio::default())
//!     .misbehaving("/api/bundles", Misbehaviour::Status(503))
//!     .start()?;
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod answers;
mod http;

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ayon_model::Studio;

use http::{Answer, Request};

pub use answers::Recorded;

/// The key that is let in, unless another is given.
pub const KEY: &str = "stand-in-key";

/// What a server in trouble does instead of answering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// Takes the request and says nothing until it is stopped.
    Hang,
    /// Answers rightly, after a while.
    Slow(Duration),
    /// Closes the connection in the middle of the right answer.
    Truncate,
    /// Answers with a web page.
    Html,
    /// Answers with this status, and a traceback where the server would give one.
    Status(u16),
    /// Answers 200 with this text, said to be JSON.
    Text(String),
    /// Sends the client elsewhere.
    Redirect(String),
}

/// A server to be started.
#[derive(Debug)]
pub struct StandIn {
    world: World,
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

/// What is served, and how.
#[derive(Debug)]
pub(crate) struct World {
    studio: Studio,
    key: String,
    token: Option<String>,
    recorded: Vec<Recorded>,
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    path: String,
    misbehaviour: Misbehaviour,
    /// For how many requests more; for ever where none.
    times: Option<u32>,
}

#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    requests: Mutex<Vec<String>>,
    stopped: Mutex<bool>,
    stop: Condvar,
}

impl StandIn {
    /// A server of this studio, which lets [`KEY`] in.
    pub fn new(studio: Studio) -> Self {
        Self {
            world: World {
                studio,
                key: KEY.to_owned(),
                token: None,
                recorded: Vec::new(),
                rules: Vec::new(),
            },
        }
    }

    /// Lets this key in instead.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.world.key);
        self
    }

    /// Lets this login token in as well.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.world.token = Some(token.to_owned());
        self
    }

    /// Answers as recorded wherever a request is one of the recorded ones.
    #[must_use]
    pub fn recorded(mut self, recorded: impl IntoIterator<Item = Recorded>) -> Self {
        self.world.recorded.extend(recorded);
        self
    }

    /// Misbehaves on every request whose path begins so.
    #[must_use]
    pub fn misbehaving(mut self, path: &str, misbehaviour: Misbehaviour) -> Self {
        self.world.rules.push(Rule {
            path: path.to_owned(),
            misbehaviour,
            times: None,
        });
        self
    }

    /// Misbehaves so many times, and then no more.
    #[must_use]
    pub fn misbehaving_times(mut self, times: u32, path: &str, misbehaviour: Misbehaviour) -> Self {
        self.world.rules.push(Rule {
            path: path.to_owned(),
            misbehaviour,
            times: Some(times),
        });
        self
    }

    /// Listens on a free port of this machine.
    pub fn start(self) -> io::Result<Running> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            world: Mutex::new(self.world),
            requests: Mutex::default(),
            stopped: Mutex::new(false),
            stop: Condvar::new(),
        });
        let serving = Arc::clone(&shared);
        let listener = thread::spawn(move || {
            for stream in listener.incoming() {
                if *lock(&serving.stopped) {
                    return;
                }
                let shared = Arc::clone(&serving);
                // A client that hangs up is its own business.
                drop(thread::spawn(move || {
                    stream.and_then(|stream| shared.serve(&stream))
                }));
            }
        });
        Ok(Running {
            address,
            shared,
            listener: Some(listener),
        })
    }
}

impl Running {
    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far, such as `GET /api/addons?details=true`.
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shared.requests).clone()
    }

    /// Misbehaves from now on, on every request whose path begins so.
    pub fn misbehave(&self, path: &str, misbehaviour: Misbehaviour) {
        lock(&self.shared.world).rules.push(Rule {
            path: path.to_owned(),
            misbehaviour,
            times: None,
        });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        *lock(&self.shared.stopped) = true;
        self.shared.stop.notify_all();
        // Wakes the listener, which then sees that it is to stop.
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            // It ends whatever became of it.
            drop(listener.join());
        }
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        let request = http::read(stream)?;
        lock(&self.requests).push(format!("{} {}", request.method, request.target));
        let (right, misbehaviour) = {
            let mut world = lock(&self.world);
            (world.answer(&request), world.misbehaviour(&request))
        };
        match misbehaviour {
            None => right.write(stream),
            Some(Misbehaviour::Hang) => {
                self.wait(Duration::from_hours(1));
                Ok(())
            }
            Some(Misbehaviour::Slow(time)) => {
                self.wait(time);
                right.write(stream)
            }
            Some(Misbehaviour::Truncate) => right.write_half(stream),
            Some(Misbehaviour::Html) => Answer::html().write(stream),
            Some(Misbehaviour::Status(status)) => Answer::failure(status).write(stream),
            Some(Misbehaviour::Text(text)) => Answer::text(200, text).write(stream),
            Some(Misbehaviour::Redirect(place)) => Answer::redirect(place).write(stream),
        }
    }

    /// Waits, but not beyond the end of the server.
    fn wait(&self, time: Duration) {
        let stopped = lock(&self.stopped);
        let waited = self
            .stop
            .wait_timeout_while(stopped, time, |stopped| !*stopped);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl World {
    fn misbehaviour(&mut self, request: &Request) -> Option<Misbehaviour> {
        let applies =
            |rule: &&mut Rule| request.target.starts_with(&rule.path) && rule.times != Some(0);
        let rule = self.rules.iter_mut().find(applies)?;
        rule.times = rule.times.map(|times| times - 1);
        Some(rule.misbehaviour.clone())
    }
}

/// A panic elsewhere leaves these values as whole as they were.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
