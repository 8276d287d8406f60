//! Questions that nobody waits for any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use pypi_client::http::{HttpFault, HttpOptions};

use super::{options, run, words};
use crate::server::{Server, hang};

#[test]
fn stop_ends_every_question() {
    let stop = Arc::new(AtomicBool::new(false));
    let at_server = Arc::clone(&stop);
    let server = Server::new(move |_, wire| {
        at_server.store(true, Ordering::Relaxed);
        hang(wire)
    });
    let url = server.url("/simple/click/");
    let options = HttpOptions {
        stop: Arc::new(move || stop.load(Ordering::Relaxed)),
        ..options()
    };
    run(options, async |http| {
        let error = http.page(&url, None).await.expect_err("stopped");
        assert_eq!(*error.fault(), HttpFault::Stopped);
        assert_eq!(words(&error, &url), "stopped");
        // Nothing is begun any more.
        let error = http.page(&url, None).await.expect_err("stopped");
        assert_eq!(*error.fault(), HttpFault::Stopped);
    });
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_dropped_question_ends_its_request() {
    let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
    let begun = std::sync::Mutex::new(Some(begun));
    let (gone, is_gone) = mpsc::channel();
    let server = Server::new(move |_, wire| {
        if let Ok(Some(begun)) = begun.lock().map(|mut begun| begun.take()) {
            let _ = begun.send(());
        }
        let end = hang(wire);
        let _ = gone.send(());
        end
    });
    let url = server.url("/simple/click/");
    run(options(), async |http| {
        let question = tokio::spawn(async move { http.page(&url, None).await.map(drop) });
        has_begun.await.expect("the server is asked");
        question.abort();
        assert!(question.await.expect_err("it was ended").is_cancelled());
    });
    let limit = std::time::Duration::from_secs(5);
    is_gone
        .recv_timeout(limit)
        .expect("the server sees that nobody is there");
}
