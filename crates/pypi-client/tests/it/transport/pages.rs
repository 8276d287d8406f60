//! Pages: what is asked, what comes back, and what of it is kept.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use pypi_client::http::{Http, HttpFault, Page, PageAnswer, Validators};

use super::{is_send, options, run, words};
use crate::server::{Server, say};

async fn page(http: &Http, url: &str) -> Page {
    match is_send(http.page(url, None)).await {
        Ok(PageAnswer::Page(page)) => *page,
        other => panic!("{other:?}"),
    }
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn a_page_comes_with_what_the_server_says_of_it() {
    let server = Server::new(|_, wire| {
        let headers = [
            "Content-Type: Text/HTML; charset=utf-8",
            "ETag: \"one\"",
            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
            "Cache-Control: max-age=600, public",
        ];
        say(wire, 200, &headers, b"<html>")
    });
    let url = server.url("/simple/click/");
    let page = run(options(), async |http| {
        let page = page(&http, &url).await;
        let counters = http.counters();
        assert_eq!(
            counters.requests.load(std::sync::atomic::Ordering::Relaxed),
            1
        );
        assert_eq!(counters.bytes.load(std::sync::atomic::Ordering::Relaxed), 6);
        page
    });
    assert_eq!(page.content_type, "text/html");
    assert_eq!(page.final_url, url);
    assert_eq!(page.fresh_for.map(|fresh| fresh.as_secs()), Some(600));
    assert_eq!(page.validators.etag.as_deref(), Some("\"one\""));
    assert_eq!(page.body.read().expect("plain bytes"), b"<html>");

    let asked = &server.requests()[0];
    let accept = asked.header("accept").expect("it is sent always");
    assert!(
        accept.starts_with("application/vnd.pypi.simple.v1+json, "),
        "{accept}"
    );
    assert!(accept.ends_with("text/html;q=0.01"), "{accept}");
    assert_eq!(asked.header("authorization"), None);
    assert!(
        asked
            .header("user-agent")
            .is_some_and(|name| name.starts_with("ayon-resolve/"))
    );
}

#[test]
fn a_known_page_is_asked_for_only_if_it_changed() {
    let server = Server::new(|request, wire| {
        let knows = request.header("if-none-match") == Some("\"one\"")
            && request.header("if-modified-since") == Some("then");
        say(
            wire,
            if knows { 304 } else { 200 },
            &["Cache-Control: max-age=60"],
            b"",
        )
    });
    let url = server.url("/simple/click/");
    let known = Validators {
        etag: Some("\"one\"".to_owned()),
        last_modified: Some("then".to_owned()),
    };
    let answer = run(options(), async |http| http.page(&url, Some(&known)).await);
    match answer {
        Ok(PageAnswer::NotModified { fresh_for }) => {
            assert_eq!(fresh_for.map(|fresh| fresh.as_secs()), Some(60));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn not_modified_is_no_answer_to_somebody_who_knows_nothing() {
    let server = Server::new(|_, wire| say(wire, 304, &[], b""));
    let url = server.url("/simple/click/");
    for known in [None, Some(Validators::default())] {
        let error = run(options(), async |http| {
            http.page(&url, known.as_ref()).await
        });
        let error = error.expect_err("there is no page");
        assert_eq!(error.status(), Some(304));
        words(&error, &url);
    }
}

#[test]
fn a_page_that_is_not_there_is_an_answer() {
    for status in [404, 410] {
        let server = Server::new(move |_, wire| say(wire, status, &[], b"<h1>no</h1>"));
        let url = server.url("/simple/nothing/");
        let answer = run(options(), async |http| http.page(&url, None).await);
        assert!(matches!(answer, Ok(PageAnswer::Missing)), "{answer:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_compressed_page_is_unpacked() {
    let text = "<a href='x'>x</a>".repeat(10_000);
    let body = zipped(text.as_bytes());
    let server = Server::new(move |request, wire| {
        assert_eq!(request.header("accept-encoding"), Some("gzip"));
        say(wire, 200, &["Content-Encoding: GZip"], &body)
    });
    let url = server.url("/simple/click/");
    let page = run(options(), async |http| page(&http, &url).await);
    assert_eq!(page.body.read().expect("it is whole"), text.as_bytes());
}

#[test]
fn a_page_that_cannot_be_unpacked_is_an_error() {
    for (encoding, body, says) in [
        (
            "gzip",
            b"<html>".as_slice(),
            "the answer cannot be decoded: gzip: ",
        ),
        (
            "br",
            b"<html>",
            "the answer cannot be decoded: it is in `br`, which was not asked for",
        ),
    ] {
        let header = format!("Content-Encoding: {encoding}");
        let server = Server::new(move |_, wire| say(wire, 200, &[&header], body));
        let url = server.url("/simple/click/");
        let page = run(options(), async |http| page(&http, &url).await);
        let words = words(&page.body.read().expect_err("it is broken"), &url);
        assert!(words.starts_with(says), "{words}");
    }
}

#[test]
fn an_endless_page_ends() {
    let server = Server::new(|_, wire| {
        crate::server::begin(wire, 200, &[])?;
        loop {
            wire.write_all(&[b' '; 1 << 14])?;
        }
    });
    let url = server.url("/simple/click/");
    let answer = run(options(), async |http| http.page(&url, None).await);
    let error = answer.expect_err("it is too large");
    let is_bounded = matches!(
        error.fault(),
        HttpFault::TooLarge { .. } | HttpFault::Timeout { .. }
    );
    assert!(is_bounded, "{error}");
    // Nothing is too large by saying so, either.
    let server = Server::new(|_, wire| {
        crate::server::begin(wire, 200, &["Content-Length: 99999999999"])?;
        crate::server::hang(wire)
    });
    let url = server.url("/simple/click/");
    let answer = run(options(), async |http| http.page(&url, None).await);
    let error = answer.expect_err("it is too large");
    assert!(
        matches!(error.fault(), HttpFault::TooLarge { .. }),
        "{error}"
    );
    assert_eq!(server.requests().len(), 1);
}
