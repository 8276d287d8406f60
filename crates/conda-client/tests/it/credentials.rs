//! Who is told what, and that nobody else is.

use conda_client::{Client, Credentials, Options};
use proptest::prelude::*;
use transport::stand_in::{Request, Server, say};

use crate::world::{all, channel, open, options, repodata, words};

/// A server that gives a channel to whom it likes.
fn private(may: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Server {
    Server::new(move |request, wire| {
        let path = request
            .target
            .strip_prefix("/t/canary")
            .unwrap_or(&request.target);
        match path {
            _ if !may(request) => say(wire, 401, &[], b"who is there?"),
            "/channel/noarch/repodata.json" => {
                let text = repodata("noarch", &[("library", "2.0", &[])]);
                say(wire, 200, &[], text.as_bytes())
            }
            _ => say(wire, 404, &[], b""),
        }
    })
}

fn header(expected: &'static str) -> impl Fn(&Request) -> bool + Send + Sync + 'static {
    move |request| request.header("authorization") == Some(expected)
}

fn introduced(introduce: impl FnOnce(&mut Credentials)) -> Options {
    let mut options = options(None);
    introduce(&mut options.http.credentials);
    options
}

/// `jo:canary`, as RFC 7617 writes it.
const BASIC: &str = "Basic am86Y2FuYXJ5";

#[test]
fn a_login_in_the_address_is_sent_and_never_shown() {
    let server = private(header(BASIC));
    let address = server
        .url("/channel")
        .replace("http://", "http://jo:canary@");
    let options = introduced(|credentials| credentials.add_channel(&address));
    assert!(!format!("{options:?} {:?}", options.http).contains("canary"));
    let opened = open(&Client::new(options), &channel(&address)).expect("a channel");
    assert_eq!(all(&opened), ["noarch/library-2.0"]);
    let record = &opened[1]
        .records
        .of(&"library".parse().expect("a name"))
        .expect("records")[0];
    assert!(!record.url().contains("canary"));
}

#[test]
fn a_token_in_the_address_is_sent_and_never_shown() {
    let server = private(|request| request.target.starts_with("/t/canary/channel/"));
    let address = server.url("/t/canary/channel");
    let options = introduced(|credentials| credentials.add_channel(&address));
    let opened = open(&Client::new(options), &channel(&address)).expect("a channel");
    assert_eq!(all(&opened), ["noarch/library-2.0"]);

    let stranger = private(|_| false);
    let address = stranger.url("/t/canary/channel");
    let options = introduced(|credentials| credentials.add_channel(&address));
    let says = words(&Client::new(options), &channel(&address));
    assert!(
        says.contains("does not accept the credentials (401)") && !says.contains("canary"),
        "{says}"
    );
}

#[test]
fn the_file_of_credentials_is_read_as_it_is_written() {
    for (entry, expected) in [
        (r#"{"BearerToken": "canary"}"#, "Bearer canary"),
        (
            r#"{"BasicHTTP": {"username": "jo", "password": "canary"}}"#,
            BASIC,
        ),
        (
            r#"{"OAuth": {"access_token": "canary", "refresh_token": "x", "expires_at": 1, "token_endpoint": "https://x.invalid",
               "revocation_endpoint": null, "client_id": "rattler"}}"#,
            "Bearer canary",
        ),
    ] {
        let server = private(header(expected));
        let file =
            format!("{{\"other.invalid\": {{\"BearerToken\": \"x\"}}, \"127.0.0.1\": {entry}}}");
        let options = introduced(|credentials| credentials.add_file(&file).expect("a file"));
        let channel = channel(&server.url("/channel"));
        assert_eq!(
            all(&open(&Client::new(options), &channel).expect(entry)),
            ["noarch/library-2.0"]
        );
    }
    let server = private(|request| request.target.starts_with("/t/canary/channel/"));
    let file = r#"{"127.0.0.1": {"CondaToken": "canary"}}"#;
    let options = introduced(|credentials| credentials.add_file(file).expect("a file"));
    open(&Client::new(options), &channel(&server.url("/channel"))).expect("a channel");
}

#[test]
fn netrc_is_used_and_its_default_for_channels_only() {
    let server = private(header(BASIC));
    let address = server.url("/channel");
    let options = introduced(|credentials| {
        credentials
            .add_netrc("machine 127.0.0.1 login jo password canary")
            .expect("a netrc");
    });
    open(&Client::new(options), &channel(&address)).expect("a channel");

    let default = "default login jo password canary";
    let options = introduced(|credentials| {
        credentials.add_channel(&address);
        credentials.add_netrc(default).expect("a netrc");
    });
    open(&Client::new(options), &channel(&address)).expect("a channel");
    let options = introduced(|credentials| credentials.add_netrc(default).expect("a netrc"));
    let says = words(&Client::new(options), &channel(&address));
    assert!(says.contains("wants credentials (401)"), "{says}");
}

#[test]
fn credentials_stay_under_their_address() {
    let server = private(|_| true);
    let secret = server
        .url("/private")
        .replace("http://", "http://jo:canary@");
    let options = introduced(|credentials| credentials.add_channel(&secret));
    open(&Client::new(options), &channel(&server.url("/channel"))).expect("a channel");
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}

#[test]
fn credentials_do_not_follow_a_redirect_to_another_host() {
    let other = private(|request| request.header("authorization").is_none());
    let place = other
        .url("/channel/noarch/repodata.json")
        .replace("127.0.0.1", "localhost");
    let server = Server::new(move |request, wire| match request.target.as_str() {
        "/channel/noarch/repodata.json" => say(wire, 302, &[&format!("Location: {place}")], b""),
        _ => say(wire, 404, &[], b""),
    });
    let address = server
        .url("/channel")
        .replace("http://", "http://jo:canary@");
    let options = introduced(|credentials| credentials.add_channel(&address));
    open(&Client::new(options), &channel(&address)).expect("a channel");
    assert!(
        server
            .requests()
            .iter()
            .any(|request| request.header("authorization") == Some(BASIC))
    );
}

#[test]
fn a_broken_file_is_told_with_its_place_and_without_its_content() {
    for text in [
        "",
        "{",
        "{\"x\": {\"canary\": 1}}",
        "{\"x\": \"canary\"}",
        "[]",
    ] {
        let error = Credentials::default()
            .add_file(text)
            .expect_err(text)
            .to_string();
        assert!(
            error.starts_with("the file of credentials is wrong at line ")
                && !error.contains("canary"),
            "{error}"
        );
    }
    let error = Credentials::default()
        .add_netrc("canary")
        .expect_err("no netrc")
        .to_string();
    assert!(
        error.starts_with("line 1 of the netrc file: ") && !error.contains("canary"),
        "{error}"
    );
}

proptest! {
    #[test]
    fn no_text_breaks_the_readers(text in any::<String>()) {
        let mut credentials = Credentials::default();
        credentials.add_channel(&text);
        credentials.add_channel(&format!("https://{text}"));
        credentials.add_channel(&format!("s3://{text}"));
        let _ = credentials.add_file(&text);
        let _ = credentials.add_netrc(&text);
    }
}
