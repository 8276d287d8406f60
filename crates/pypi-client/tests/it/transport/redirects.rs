//! Redirects: followed where they are harmless, and nothing of the user goes along.

use pypi_client::http::{HttpFault, HttpOptions, PageAnswer};

use super::{CANARY, introduced, options, run, words};
use crate::server::{Server, say};

#[test]
fn a_page_is_where_it_was_found_in_the_end() {
    let server = Server::new(|request, wire| match request.target.as_str() {
        "/simple/Click/" => say(wire, 301, &["Location: ../click"], b"moved"),
        "/simple/click" => say(wire, 308, &["Location: /simple/click/?x=1"], b""),
        _ => say(wire, 200, &[], b"page"),
    });
    let url = server.url("/simple/Click/");
    match run(options(), async |http| http.page(&url, None).await) {
        Ok(PageAnswer::Page(page)) => {
            assert_eq!(page.final_url, server.url("/simple/click/?x=1"));
            assert_eq!(page.body.read().expect("bytes"), b"page");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn credentials_do_not_follow_to_another_host() {
    let elsewhere = Server::new(|_, wire| say(wire, 200, &[], b"page"));
    let target = elsewhere.origin();
    let home = Server::new(move |request, wire| {
        let location = match request.target.as_str() {
            "/simple/click/" => "Location: /here/".to_owned(),
            // Another host that would like to have the user's name told by the server.
            _ => format!("Location: {}/there/", target.replace("//", "//eve:evil@")),
        };
        say(wire, 302, &[&location], b"")
    });
    let address = home
        .url("/simple/")
        .replace("//", &format!("//jo:{CANARY}@"));
    let (credentials, clean) = introduced(&address);
    let options = HttpOptions {
        credentials,
        ..options()
    };
    let url = format!("{clean}click/");
    let answer = run(options, async |http| http.page(&url, None).await);
    match answer {
        Ok(PageAnswer::Page(page)) => assert_eq!(page.final_url, elsewhere.url("/there/")),
        other => panic!("{other:?}"),
    }
    let at_home = home.requests();
    assert_eq!(at_home.len(), 2);
    assert!(
        at_home
            .iter()
            .all(|request| request.header("authorization").is_some())
    );
    assert_eq!(elsewhere.requests().len(), 1);
    assert_eq!(elsewhere.requests()[0].header("authorization"), None);
    assert_eq!(elsewhere.requests()[0].header("referer"), None);
}

#[test]
fn a_circle_ends() {
    let server = Server::new(|_, wire| say(wire, 302, &["Location: /round/"], b""));
    let url = server.url("/round/");
    let error = run(options(), async |http| http.page(&url, None).await);
    let error = error.expect_err("it goes round");
    assert_eq!(*error.fault(), HttpFault::Circle);
    assert_eq!(
        words(&error, &url),
        "the server redirects in a circle; check the address"
    );
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn a_redirect_to_nowhere_is_an_error() {
    for (location, says) in [
        (
            "Location: ftp://index.invalid/",
            "it redirects to no address that can be asked: `ftp` is not asked",
        ),
        (
            "Location: http://",
            "it redirects to no address that can be asked: empty host",
        ),
        (
            "X-Nothing: 1",
            "it redirects to no address that can be asked: it does not say where",
        ),
    ] {
        let server = Server::new(move |_, wire| say(wire, 302, &[location], b""));
        let url = server.url("/simple/");
        let error = run(options(), async |http| http.page(&url, None).await);
        assert_eq!(words(&error.expect_err("nowhere"), &url), says);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn an_error_says_where_it_happened() {
    let elsewhere = Server::new(|_, wire| say(wire, 403, &[], b""));
    let location = format!(
        "Location: {}",
        elsewhere.url(&format!("/gone/?signature={CANARY}"))
    );
    let server = Server::new(move |_, wire| say(wire, 307, &[&location], b""));
    let url = server.url("/simple/");
    let error = run(options(), async |http| http.page(&url, None).await);
    words(&error.expect_err("refused"), &elsewhere.url("/gone/"));
}
