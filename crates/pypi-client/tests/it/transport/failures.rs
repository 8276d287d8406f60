//! Servers that fail: what is asked again, how often, and what is said in the end.

use std::sync::atomic::{AtomicUsize, Ordering};

use pypi_client::http::{Http, HttpError, HttpFault, HttpOptions, PageAnswer};

use super::{CANARY, hasty, introduced, options, run, words};
use crate::server::{Server, begin, hang, say};

fn refused(options: HttpOptions, url: &str) -> HttpError {
    let answer = run(options, async |http| http.page(url, None).await);
    answer.expect_err("there is no page")
}

/// A server that always answers one status: how often it is asked, and what is said.
fn status(status: u16, headers: &'static [&'static str]) -> (usize, String) {
    let server = Server::new(move |_, wire| say(wire, status, headers, CANARY.as_bytes()));
    let url = server.url(&format!("/simple/click/?token={CANARY}"));
    let error = refused(options(), &url);
    assert_eq!(error.status(), Some(status));
    (server.requests().len(), words(&error, &url))
}

#[test]
fn what_may_pass_is_asked_again_and_nothing_else() {
    assert_eq!(
        status(500, &[]),
        (2, "the server failed (500); try again, or work from the cache with --offline (tried 2 times)".to_owned())
    );
    assert_eq!(status(502, &[]).0, 2);
    assert_eq!(
        status(503, &["Retry-After: 60"]),
        (1, "the server failed (503) and wishes to be left alone for 60 s; try again, or work from the cache with --offline".to_owned())
    );
    assert_eq!(status(504, &["Retry-After: soon"]).0, 2);
    assert_eq!(
        status(429, &[]),
        (2, "the server is asked too often (429); ask it later, or with fewer --connections (tried 2 times)".to_owned())
    );
    assert_eq!(
        status(429, &["Retry-After: 3600"]),
        (1, "the server is asked too often (429) and wishes to be left alone for 3600 s; ask it later, or with fewer --connections".to_owned())
    );
    assert_eq!(
        status(418, &[]),
        (
            1,
            "the server answers 418, which is no answer of an index; check the address".to_owned()
        )
    );
    assert_eq!(
        status(501, &[]),
        (
            1,
            "the server failed (501); try again, or work from the cache with --offline".to_owned()
        )
    );
    assert_eq!(status(400, &[]).0, 1);
    assert_eq!(status(206, &[]).0, 1);
}

#[test]
fn a_failure_that_passes_is_not_seen() {
    let count = AtomicUsize::new(0);
    let server = Server::new(move |_, wire| match count.fetch_add(1, Ordering::Relaxed) {
        0 => say(wire, 503, &["Retry-After: 0"], b""),
        1 => begin(wire, 200, &["Content-Length: 100"]),
        _ => say(wire, 200, &[], b"page"),
    });
    let url = server.url("/simple/click/");
    let options = HttpOptions {
        retries: 2,
        ..options()
    };
    match run(options, async |http| http.page(&url, None).await) {
        Ok(PageAnswer::Page(page)) => assert_eq!(page.body.read().expect("bytes"), b"page"),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn credentials_that_are_missing_or_wrong_stop_at_once() {
    assert_eq!(
        status(401, &["WWW-Authenticate: Basic"]),
        (1, "the server wants credentials (401); give AYON_RESOLVE_INDEX_<NAME>_USERNAME and _PASSWORD, or put the host \
             into the netrc file".to_owned())
    );
    assert_eq!(
        status(403, &[]),
        (1, "the server refuses (403); if it wants credentials give AYON_RESOLVE_INDEX_<NAME>_USERNAME and _PASSWORD".to_owned())
    );
    for (status, says) in [
        (
            401,
            "the server does not accept the credentials (401); check the user and the password of this index",
        ),
        (
            403,
            "the server refuses this user (403); ask for the right to read this index",
        ),
    ] {
        let server = Server::new(move |_, wire| say(wire, status, &[], CANARY.as_bytes()));
        let address = server
            .url("/simple/")
            .replace("//", &format!("//jo:{CANARY}@"));
        let (credentials, clean) = introduced(&address);
        let error = refused(
            HttpOptions {
                credentials,
                ..options()
            },
            &clean,
        );
        assert_eq!(words(&error, &clean), says);
        assert_eq!(server.requests().len(), 1);
        // "jo:canary-4711"
        let sent = server.requests()[0]
            .header("authorization")
            .map(str::to_owned);
        assert_eq!(sent.as_deref(), Some("Basic am86Y2FuYXJ5LTQ3MTE="));
    }
}

#[test]
fn an_address_with_a_user_part_introduces_and_is_not_shown() {
    let server = Server::new(|request, wire| {
        let knows = request.header("authorization").is_some();
        say(wire, if knows { 404 } else { 401 }, &[], b"")
    });
    let url = server
        .url("/simple/x/")
        .replace("//", &format!("//jo:{CANARY}@"));
    let answer = run(options(), async |http| http.page(&url, None).await);
    assert!(matches!(answer, Ok(PageAnswer::Missing)), "{answer:?}");
}

#[test]
fn silence_ends() {
    let before = Server::new(|_, wire| hang(wire));
    let within = Server::new(|_, wire| {
        begin(wire, 200, &["Content-Length: 100"])?;
        wire.write_all(b"some")?;
        hang(wire)
    });
    for (server, limit) in [(before, "1"), (within, "0.4")] {
        let url = server.url("/simple/click/");
        let error = refused(hasty(), &url);
        assert_eq!(
            words(&error, &url),
            format!(
                "no whole answer within {limit} s; try again, or give it more time with --index-timeout (tried 2 times)"
            )
        );
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn a_body_that_trickles_ends() {
    let server = Server::new(|_, wire| {
        begin(wire, 200, &[])?;
        loop {
            std::thread::sleep(std::time::Duration::from_millis(10));
            wire.write_all(b" ")?;
        }
    });
    let url = server.url("/simple/click/");
    let error = refused(
        HttpOptions {
            retries: 0,
            ..hasty()
        },
        &url,
    );
    assert!(
        matches!(error.fault(), HttpFault::Timeout { .. }),
        "{error}"
    );
}

#[test]
fn an_answer_that_breaks_off_is_no_answer() {
    let short = Server::new(|_, wire| {
        begin(wire, 200, &["Content-Length: 100"])?;
        wire.write_all(b"some")
    });
    let chunked = Server::new(|_, wire| {
        begin(wire, 200, &["Transfer-Encoding: chunked"])?;
        wire.write_all(b"4\r\nsome\r\n")
    });
    let nothing = Server::new(|_, _| Ok(()));
    let noise = Server::new(|_, wire| wire.write_all(b"\0\0\0\0SSH-2.0-OpenSSH\r\n\r\n"));
    for server in [short, chunked, nothing, noise] {
        let url = server.url("/simple/click/");
        let error = refused(options(), &url);
        assert_eq!(
            words(&error, &url),
            "the connection broke before the answer was whole; try again (tried 2 times)"
        );
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn more_than_was_said_is_not_read() {
    let server = Server::new(|_, wire| {
        begin(wire, 200, &["Content-Length: 4"])?;
        wire.write_all(b"page and more")
    });
    let url = server.url("/simple/click/");
    match run(options(), async |http| http.page(&url, None).await) {
        Ok(PageAnswer::Page(page)) => assert_eq!(page.body.read().expect("bytes"), b"page"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nobody_there() {
    let server = Server::new(|_, wire| hang(wire));
    let url = server.url("/simple/click/");
    drop(server);
    let error = refused(options(), &url);
    assert!(
        matches!(error.fault(), HttpFault::Unreachable(_)),
        "{error}"
    );
    assert!(
        words(&error, &url).ends_with(
            "; check the network, or work from the cache with --offline (tried 2 times)"
        )
    );
}

#[test]
fn what_is_no_address_is_not_asked() {
    for (url, says) in [
        (
            "simple/click",
            "this is no address that can be asked: relative URL without a base",
        ),
        (
            "file:///etc/passwd",
            "this is no address that can be asked: `file` is not asked",
        ),
        (
            "https://",
            "this is no address that can be asked: empty host",
        ),
    ] {
        let error = refused(options(), url);
        assert_eq!(words(&error, url), says);
    }
}

#[test]
fn there_are_never_more_questions_than_places() {
    let (open, most) = (
        AtomicUsize::new(0),
        std::sync::Arc::new(AtomicUsize::new(0)),
    );
    let seen = std::sync::Arc::clone(&most);
    let server = Server::new(move |_, wire| {
        let now = open.fetch_add(1, Ordering::SeqCst) + 1;
        most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(5));
        open.fetch_sub(1, Ordering::SeqCst);
        say(wire, 404, &[], b"")
    });
    let url = server.url("/simple/click/");
    let options = HttpOptions {
        connections: 3,
        ..options()
    };
    run(options, async |http| {
        let ask = |http: Http, url: String| async move { http.page(&url, None).await.is_ok() };
        let questions: Vec<_> = (0..20)
            .map(|_| tokio::spawn(ask(http.clone(), url.clone())))
            .collect();
        for question in questions {
            assert!(question.await.expect("it does not panic"));
        }
    });
    assert_eq!(server.requests().len(), 20);
    assert!((1..=3).contains(&seen.load(Ordering::SeqCst)));
}
