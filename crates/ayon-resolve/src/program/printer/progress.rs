//! One line that shows that something is going on, and goes away.
//!
//! It appears on standard error after [`PATIENCE`], so that a fast run shows nothing, and is erased before anything
//! else is printed: by dropping the value.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long one picture stands.
const BEAT: Duration = Duration::from_millis(100);
const PICTURES: [char; 4] = ['|', '/', '-', '\\'];
/// Wider than this the line would wrap on a narrow terminal, and could not be erased.
const WIDTH: usize = 70;

/// A line about what is going on, for as long as this value lives.
pub(crate) struct Progress {
    line: Option<(Sender<String>, JoinHandle<()>)>,
}

impl Progress {
    /// Shows nothing.
    pub(super) fn silent() -> Self {
        Self { line: None }
    }

    /// Shows `what`, soon.
    pub(super) fn start(what: String) -> Self {
        let (sender, receiver) = mpsc::channel();
        let draw = move || {
            let (mut what, mut wait, mut beat) = (what, PATIENCE, 0);
            loop {
                match receiver.recv_timeout(wait) {
                    Ok(next) => what = next,
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {
                        let shown: String = what.chars().take(WIDTH).collect();
                        // A terminal that went away is no reason to stop working.
                        let _ = write!(
                            std::io::stderr(),
                            "\r\x1b[K{} {shown}",
                            PICTURES[beat % PICTURES.len()]
                        );
                        (wait, beat) = (BEAT, beat + 1);
                    }
                }
            }
            if beat > 0 {
                let _ = write!(std::io::stderr(), "\r\x1b[K");
            }
        };
        // Where no thread can be had, there is no progress line either.
        Self {
            line: thread::Builder::new()
                .spawn(draw)
                .ok()
                .map(|thread| (sender, thread)),
        }
    }

    /// Says something else from now on.
    pub(crate) fn say(&self, what: &str) {
        if let Some((sender, _)) = &self.line {
            // The thread ends only when this value does.
            let _ = sender.send(crate::program::plain::one_line(what));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.line.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}
