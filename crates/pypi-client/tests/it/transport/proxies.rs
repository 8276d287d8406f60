//! Asking through others.

use pypi_client::http::{Http, HttpFault, HttpOptions, PageAnswer, Proxies};

use super::{CANARY, options, run, words};
use crate::server::{Server, begin, hang, say};

fn through(variables: &[(&str, String)]) -> HttpOptions {
    let lookup = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    };
    HttpOptions {
        proxies: Proxies::new(&lookup),
        ..options()
    }
}

#[test]
fn an_open_address_is_asked_of_the_proxy() {
    let proxy = Server::new(|_, wire| say(wire, 200, &[], b"page"));
    let address = proxy.origin().replace("//", &format!("//jo:{CANARY}@"));
    let options = through(&[("HTTP_PROXY", address)]);
    assert!(!format!("{:?}", options.proxies).contains(CANARY));
    let answer = run(options, async |http| {
        http.page("http://index.invalid/simple/", None).await
    });
    assert!(matches!(answer, Ok(PageAnswer::Page(_))), "{answer:?}");
    let asked = &proxy.requests()[0];
    assert_eq!(asked.target, "http://index.invalid/simple/");
    assert_eq!(
        asked.header("proxy-authorization"),
        Some("Basic am86Y2FuYXJ5LTQ3MTE=")
    );
}

#[test]
fn a_proxy_that_wants_a_password_is_an_error() {
    let proxy = Server::new(|_, wire| say(wire, 407, &[], b""));
    let (open, secured) = (
        "http://index.invalid/simple/",
        "https://index.invalid/simple/",
    );
    for url in [open, secured] {
        // Without a scheme, as many write it.
        let address = proxy.origin().replace("http://", &format!("jo:{CANARY}@"));
        let options = through(&[("all_proxy", address)]);
        let error = run(options, async |http| http.page(url, None).await);
        let error = error.expect_err("it does not let through");
        assert_eq!(
            words(&error, url),
            "the proxy does not connect to it: it wants a name and a password (407); check HTTPS_PROXY, HTTP_PROXY, \
             ALL_PROXY and NO_PROXY"
        );
    }
    let methods: Vec<_> = proxy
        .requests()
        .into_iter()
        .map(|request| request.method)
        .collect();
    assert_eq!(methods, ["GET", "CONNECT"]);
}

#[test]
fn a_proxy_that_refuses_is_an_error() {
    let refusing = Server::new(|_, wire| say(wire, 403, &[], b"no"));
    let silent = Server::new(|_, wire| hang(wire));
    let url = "https://index.invalid/simple/";
    let options = through(&[("https_proxy", refusing.origin())]);
    let error = run(options, async |http| http.page(url, None).await);
    let error = error.expect_err("it does not let through");
    assert_eq!(*error.fault(), HttpFault::Proxy("it refuses".to_owned()));
    let options = HttpOptions {
        connect_timeout: std::time::Duration::from_millis(100),
        retries: 0,
        ..through(&[("https_proxy", silent.origin())])
    };
    let error = run(options, async |http| http.page(url, None).await);
    let error = error.expect_err("it says nothing");
    assert!(
        matches!(error.fault(), HttpFault::Timeout { .. }),
        "{error}"
    );
}

#[test]
fn some_hosts_are_asked_without() {
    let proxy = Server::new(|_, wire| begin(wire, 502, &[]));
    let server = Server::new(|_, wire| say(wire, 404, &[], b""));
    let options = through(&[
        ("HTTP_PROXY", proxy.origin()),
        ("NO_PROXY", "index.invalid,127.0.0.1".to_owned()),
    ]);
    let url = server.url("/simple/");
    let answer = run(options, async |http| http.page(&url, None).await);
    assert!(matches!(answer, Ok(PageAnswer::Missing)), "{answer:?}");
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_variable_that_names_no_proxy_is_said_so() {
    for (address, says) in [
        (
            format!("gopher://jo:{CANARY}@proxy.invalid"),
            "`HTTPS_PROXY` names no proxy: `gopher` is no kind of proxy; write it as `http://HOST:PORT`",
        ),
        (
            format!("http://jo:{CANARY}@:80"),
            "`HTTPS_PROXY` names no proxy: empty host; write it as `http://HOST:PORT`",
        ),
    ] {
        let fault = Http::new(through(&[("HTTPS_PROXY", address)])).expect_err("no proxy");
        assert_eq!(fault.to_string(), says);
        assert!(!format!("{fault:?}").contains(CANARY));
    }
}
