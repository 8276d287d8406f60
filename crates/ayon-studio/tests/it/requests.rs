//! A server that is wrong, hangs or breaks: one clear error each, few requests, and no key in any word.

use std::net::TcpListener;
use std::time::Duration;

use ayon_studio::stand_in::{Misbehaviour, Running, StandIn};
use ayon_studio::{Credentials, Location, Options, Secret, SourceError, open};

use crate::support::{let_in, run, sample, source, told};

/// What a load of the server says, without its port, and how many requests that took.
fn failure(server: &Running, options: Options) -> String {
    let error = run(source(server, options).load()).unwrap_err();
    let requests = server.requests().len();
    format!(
        "{} [{requests}]",
        words(&error).replace(&server.url(), "http://server")
    )
}

/// An error as people see it; and nowhere in it, or in its debug form, is a key or a traceback.
fn words(error: &SourceError) -> String {
    let words = error.to_string();
    for hidden in ["canary", "Traceback", "stand-in-key", "\u{1b}"] {
        assert!(
            !words.contains(hidden) && !format!("{error:?}").contains(hidden),
            "{words}"
        );
    }
    words
}

fn troubled(path: &str, misbehaviour: Misbehaviour) -> String {
    let server = StandIn::new(sample())
        .misbehaving(path, misbehaviour)
        .start()
        .unwrap();
    failure(&server, let_in())
}

fn as_user(credentials: Option<Credentials>) -> String {
    let server = StandIn::new(sample()).start().unwrap();
    failure(
        &server,
        Options {
            credentials,
            ..Options::default()
        },
    )
}

#[test]
fn who_is_not_let_in_learns_why() {
    let key = || Secret::new("canary");
    let said = [
        as_user(None),
        as_user(Some(Credentials::ApiKey(key()))),
        as_user(Some(Credentials::Token(key()))),
        troubled("/api/bundles", Misbehaviour::Status(403)),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    GET http://server/api/bundles: the server wants to know who asks (401); give an API key (AYON_API_KEY) [2]
    GET http://server/api/bundles: the server does not know this API key (401); check AYON_API_KEY, or whether it is a login token instead [2]
    GET http://server/api/bundles: the server does not accept this token (401); it may have expired, or it is an API key, which must not be sent as a token [2]
    GET http://server/api/bundles: the server refuses this to the user of these credentials (403); ask an administrator for access [2]
    ");
}

#[test]
fn a_key_that_cannot_be_sent_is_not_repeated() {
    let credentials = Some(Credentials::ApiKey(Secret::new("canary\n")));
    let location = "http://127.0.0.1:9".parse::<Location>().unwrap();
    let Err(error) = open(
        &location,
        Options {
            credentials,
            ..Options::default()
        },
    ) else {
        panic!("it was sent")
    };
    insta::assert_snapshot!(words(&error), @"GET http://127.0.0.1:9/api/info: the API key holds characters that cannot be sent, perhaps a line end; set it anew");
}

#[test]
fn what_is_no_ayon_server_is_told() {
    let text = |text: &str| Misbehaviour::Text(text.to_owned());
    let said = [
        troubled("/api/info", Misbehaviour::Status(404)),
        troubled("/api/info", Misbehaviour::Html),
        troubled("/api/info", text("<html>")),
        troubled("/api/info", text("{\"name\": \"another\"}")),
        troubled("/api/info", text("pong canary")),
        troubled("/api/info", text("")),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    GET http://server/api/info: there is nothing here (404): this is no AYON server, or the address lacks a part of its path [1]
    GET http://server/api/info: the answer is a web page (HTML), not data: a login page or a proxy stands before the server, or this is not the address of its API [1]
    GET http://server/api/info: the answer is a web page (HTML), not data: a login page or a proxy stands before the server, or this is not the address of its API [1]
    GET http://server/api/info: this is no AYON server: its answer names no version [1]
    GET http://server/api/info: the answer is not JSON: expected value at line 1 column 1 [1]
    GET http://server/api/info: the answer is not JSON: it is empty [1]
    ");
}

#[test]
fn answers_of_another_shape_are_told_with_their_place() {
    let text = |text: &str| Misbehaviour::Text(text.to_owned());
    let said = [
        troubled("/api/bundles", text("{\"bundles\": {}}")),
        troubled("/api/addons", text("[]")),
        troubled("/api/desktop/installers", text("{\"installers\": [{}")),
        troubled("/api/desktop/dependencyPackages", Misbehaviour::Truncate),
    ];
    // Three questions are asked side by side: how many were noted when one failed is chance.
    let said: Vec<&str> = said
        .iter()
        .map(|line| line.rsplit_once(" [").unwrap().0)
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    GET http://server/api/bundles: the answer is not what an AYON server says here: at `bundles`, invalid type: map, expected a sequence
    GET http://server/api/addons: the answer is not what an AYON server says here: invalid length 0, expected struct Addons with 1 element
    GET http://server/api/desktop/installers: the answer broke off before its end; something between here and the server cuts connections
    GET http://server/api/desktop/dependencyPackages: the answer broke off before its end; something between here and the server cuts connections
    ");
}

#[test]
fn one_malformed_record_is_a_problem_and_not_the_end() {
    let bundles =
        r#"{"bundles": [{"name": "a"}, {"addons": {}}, {"name": "c", "addons": {"core": 3}}]}"#;
    let server = StandIn::new(sample())
        .misbehaving("/api/bundles", Misbehaviour::Text(bundles.to_owned()))
        .start()
        .unwrap();
    let studio = run(source(&server, let_in()).load()).unwrap();
    assert_eq!(studio.bundles.len(), 1);
    insta::assert_snapshot!(told(&studio.problems), @r"
    /api/bundles, bundles[1]: this record cannot be read: missing field `name`
    /api/bundles, bundles[2].addons.core: this record cannot be read: invalid type: integer `3`, expected a string
    ");
}

#[test]
fn failures_that_do_not_pass_are_not_repeated() {
    let said = [
        troubled("/api/info", Misbehaviour::Status(500)),
        troubled("/api/info", Misbehaviour::Status(418)),
        troubled("/api/info", Misbehaviour::Truncate),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    GET http://server/api/info: the server failed (500): it says “Internal�[31m server error” [1]
    GET http://server/api/info: the server answered with the unexpected status 418: it says “Try again later” [1]
    GET http://server/api/info: the answer broke off before its end; something between here and the server cuts connections [1]
    ");
}

#[test]
fn failures_that_may_pass_are_repeated_a_little() {
    let said = [
        troubled("/api/info", Misbehaviour::Status(503)),
        troubled("/api/info", Misbehaviour::Status(429)),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    GET http://server/api/info: the server failed (503), 3 times: it says “Try again later” [3]
    GET http://server/api/info: the server has had too many requests (429), also after 3 tries; wait a little [3]
    ");
    let server = StandIn::new(sample())
        .misbehaving_times(2, "/api/info", Misbehaviour::Status(502))
        .start()
        .unwrap();
    let studio = run(source(&server, let_in()).load()).unwrap();
    assert_eq!((studio.problems.len(), server.requests().len()), (0, 5 + 2));
}

#[test]
fn a_server_that_hangs_is_left() {
    let timeout = Duration::from_millis(300);
    let server = StandIn::new(sample())
        .misbehaving("/api/info", Misbehaviour::Hang)
        .start()
        .unwrap();
    insta::assert_snapshot!(failure(&server, Options { timeout, ..let_in() }), @"GET http://server/api/info: no answer within 0.3 s, 2 times; the server or the network hangs, a longer time limit may help [2]");
    let server = StandIn::new(sample())
        .misbehaving("/api/info", Misbehaviour::Hang)
        .start()
        .unwrap();
    insta::assert_snapshot!(failure(&server, Options { timeout, retries: 0, ..let_in() }), @"GET http://server/api/info: no answer within 0.3 s; the server or the network hangs, a longer time limit may help [1]");
    let slow = Misbehaviour::Slow(Duration::from_millis(50));
    let server = StandIn::new(sample())
        .misbehaving("/api", slow)
        .start()
        .unwrap();
    assert!(run(source(&server, let_in()).load()).is_ok());
}

#[test]
fn nobody_there_and_no_secure_connection_are_told_apart() {
    let closed = TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap();
    let location = format!("http://{closed}").parse::<Location>().unwrap();
    let error = run(open(&location, let_in()).unwrap().load()).unwrap_err();
    let said = words(&error).replace(&closed.to_string(), "server");
    // The number of the system's error differs between systems.
    let said = said.split(" (os error").next().unwrap().to_owned();
    assert_eq!(
        said,
        "GET http://server/api/info: nothing answers at this address (Connection refused"
    );
    assert!(words(&error).contains("3 times"));

    let server = StandIn::new(sample()).start().unwrap();
    let location = server
        .url()
        .replace("http://", "https://")
        .parse::<Location>()
        .unwrap();
    let error = run(open(&location, let_in()).unwrap().load()).unwrap_err();
    let said = words(&error).replace(&server.url().replace("http://", ""), "server");
    insta::assert_snapshot!(said, @"GET https://server/api/info: no secure connection: the server ends the connection instead of securing it; check the server's certificate, or whether the address should begin with http://");
}

#[test]
fn credentials_stay_at_home() {
    let elsewhere = StandIn::new(sample()).start().unwrap();
    let place = format!("{}/api/info", elsewhere.url());
    let said = troubled("/api/info", Misbehaviour::Redirect(place))
        .replace(&elsewhere.url(), "http://elsewhere");
    insta::assert_snapshot!(said, @"GET http://server/api/info: the server redirects to http://elsewhere, where credentials are not sent; if that is right, use that address [1]");
    assert_eq!(elsewhere.requests(), [""; 0]);
    insta::assert_snapshot!(troubled("/api/info", Misbehaviour::Redirect("/api/info".to_owned())), @"GET http://server/api/info: the server redirects from one of its pages to another and never answers; check its address [4]");
}

#[test]
fn an_endless_answer_is_cut() {
    let endless = " ".repeat(64 * 1024 * 1024 + 1);
    insta::assert_snapshot!(troubled("/api/info", Misbehaviour::Text(endless)), @"GET http://server/api/info: the answer is longer than 67108864 bytes; this cannot be right [1]");
}

#[test]
fn nothing_but_reading_is_asked() {
    let server = StandIn::new(sample()).start().unwrap();
    let options = Options {
        projects: vec![
            "lighthouse".to_owned(),
            "nowhere".to_owned(),
            "..".to_owned(),
        ],
        ..let_in()
    };
    let studio = run(source(&server, options).load()).unwrap();
    assert_eq!(studio.projects.keys().collect::<Vec<_>>(), ["lighthouse"]);
    let mut asked = server.requests();
    asked.sort();
    insta::assert_snapshot!(asked.join("\n"), @r"
    GET /api/addons?details=true
    GET /api/bundles?archived=true
    GET /api/desktop/dependencyPackages
    GET /api/desktop/installers
    GET /api/info
    GET /api/projects/lighthouse
    GET /api/projects/nowhere
    ");
}
