//! Channels on servers, which may fail in every way that servers have.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use insta::assert_snapshot;
use transport::stand_in::{Server, begin, say};

use super::{FORGE, conda, repodata, told};
use crate::{Outcome, Place};

/// What a server does.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// It has everything.
    Good,
    /// It has no such subdirectory as that of the platform.
    WithoutPlatform,
    /// It has nothing.
    Empty,
    /// It ends in the middle of the file.
    Cut,
    /// Something else is there.
    SignIn,
    /// It wants to know who asks.
    Closed,
    /// It is ill.
    Ill,
}

fn server(manner: Manner) -> Server {
    Server::new(move |request, wire| {
        let path = request.target.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let [.., "forge", subdir, "repodata.json"] = parts.as_slice() else {
            let status = match manner {
                Manner::Closed => 401,
                Manner::Ill => 500,
                _ => 404,
            };
            return say(wire, status, &[], b"");
        };
        let body = repodata(subdir, FORGE).to_string();
        match manner {
            Manner::WithoutPlatform if *subdir != "noarch" => say(wire, 404, &[], b""),
            Manner::Good | Manner::WithoutPlatform => {
                say(wire, 200, &["ETag: \"one\""], body.as_bytes())
            }
            Manner::Empty => say(wire, 404, &[], b""),
            Manner::Cut => {
                begin(wire, 200, &[&format!("Content-Length: {}", body.len())])?;
                wire.write_all(&body.as_bytes()[..body.len() / 2])
            }
            Manner::SignIn => say(
                wire,
                200,
                &["Content-Type: text/html"],
                b"<!doctype html><title>Sign in</title>",
            ),
            Manner::Closed => say(wire, 401, &[], b""),
            Manner::Ill => say(wire, 500, &[], b""),
        }
    })
}

/// Asks a server for openssl on 64-bit Linux, and tells what came of it without the server's address.
fn ask(server: &Server, place: &Place, words: &str) -> Outcome {
    let channel = server.url("/forge");
    let words = format!("{words} --channel {channel} --platform linux-64");
    let mut outcome = conda(place, &words);
    let host = server.origin();
    for text in [&mut outcome.stdout, &mut outcome.stderr] {
        *text = text.replace(&host, "http://server");
        // A copy in the cache is called after the address, and so after the port.
        if let Some((before, name)) = text.split_once("conda-repodata-v1/") {
            let after = name.split_once(".json").map_or("", |(_, after)| after);
            *text = format!("{before}conda-repodata-v1/[name].json{after}");
        }
    }
    outcome
}

fn place() -> Place {
    Place::new()
        .variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache")
        .variable("AYON_RESOLVE_INDEX_RETRIES", "0")
}

#[test]
fn a_server_and_a_folder_give_the_same_choice() {
    let server = server(Manner::Good);
    let outcome = ask(&server, &place(), "lock numba --format conda-lock");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let folder = conda(&super::place(), "lock numba --format conda-lock");
    let there = folder.stdout.replace("file://[folder]", "http://server");
    // The channels' addresses are part of what is hashed.
    let packages = |text: &str| text.split_once("\npackage:\n").unwrap().1.to_owned();
    assert_eq!(packages(&outcome.stdout), packages(&there));
}

#[test]
fn what_was_asked_once_is_there_offline() {
    let server = server(Manner::Good);
    let place = place();
    let first = ask(&server, &place, "solve numba");
    assert_eq!(first.code, Some(0), "{first:?}");
    let asked = server.requests().len();
    let offline = ask(&server, &place, "solve numba --offline");
    assert_eq!(offline.told(), first.told());
    assert_eq!(server.requests().len(), asked);
    let elsewhere = Place::new().variable("AYON_RESOLVE_CACHE_DIR", "[folder]/cache");
    assert_snapshot!(told(&ask(&server, &elsewhere, "solve numba --offline")), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel http://server/forge could not be asked
    cause: cannot read http://server/forge/linux-64: offline, and it is not in the cache; run once without --offline
    ");
}

#[test]
fn what_a_server_lacks_is_told() {
    let told = |manner| told(&ask(&server(manner), &place(), "solve openssl"));
    assert_snapshot!(told(Manner::WithoutPlatform), @"
    exit code 1
    --- stdout
    --- stderr
    error: what you ask for has no solution on linux-64

    there is no openssl:
      your request needs openssl
      no channel has openssl
    it solves if your request does not ask for `openssl`
    ");
    assert_snapshot!(told(Manner::Empty), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel http://server/forge could not be asked
    cause: `http://server/forge` is no channel: http://server/forge/ has no `noarch/repodata.json`; check the name or address. A channel without such packages needs the file all the same, with nothing in it: `conda index` and `rattler-index` make it
    ");
    assert_snapshot!(told(Manner::Cut), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel http://server/forge could not be asked
    cause: cannot read http://server/forge/linux-64: the answer is not whole: the connection ended; try again, and if it stays so the channel is damaged
    ");
    assert_snapshot!(told(Manner::SignIn), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel http://server/forge could not be asked
    cause: http://server/forge/linux-64: `[folder]/cache/conda-repodata-v1/[name].json` is not JSON: expected value, at byte 1
    ");
    assert_snapshot!(told(Manner::Closed), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel http://server/forge could not be asked
    cause: cannot read http://server/forge/linux-64: the server wants credentials (401); put them into the channel's address, into the file of RATTLER_AUTH_FILE, or into the netrc file
    ");
    assert_snapshot!(told(Manner::Ill), @"
    exit code 2
    --- stdout
    --- stderr
    error: the channel http://server/forge could not be asked
    cause: cannot read http://server/forge/linux-64: the server failed (500); try again, or work from the cache with --offline
    ");
}

#[test]
fn a_server_that_nobody_is_behind_is_told() {
    let gone = server(Manner::Good);
    let url = gone.url("/forge");
    drop(gone);
    let place = place();
    let outcome = conda(
        &place,
        &format!("solve openssl --platform linux-64 --channel {url}"),
    );
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains(&url), "{outcome:?}");
    assert!(outcome.stderr.contains("refused"), "{outcome:?}");
}

#[test]
fn secrets_go_to_the_server_and_nowhere_else() {
    let is_told = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&is_told);
    let server = Server::new(move |request, wire| {
        if request.header("authorization").is_some() || request.target.contains("canary") {
            told.store(true, Ordering::Relaxed);
        }
        let subdir = if request.target.contains("noarch") {
            "noarch"
        } else {
            "linux-64"
        };
        if request.target.ends_with("repodata.json") {
            say(
                wire,
                200,
                &[],
                repodata(subdir, FORGE).to_string().as_bytes(),
            )
        } else {
            say(wire, 404, &[], b"")
        }
    });
    let rest = server.url("/forge").replace("http://", "");
    for channel in [
        format!("http://ada:canary@{rest}"),
        server.url("/t/canary/forge"),
    ] {
        is_told.store(false, Ordering::Relaxed);
        let place = place().variable("AYON_RESOLVE_CHANNEL", &channel);
        for words in [
            "lock openssl",
            "lock openssl --format pixi-lock",
            "lock openssl --format conda-lock",
            "solve openssl -v",
            "solve openssl --json",
            "solve nothing -v",
        ] {
            let outcome = conda(&place, &format!("{words} --platform linux-64"));
            assert!(!outcome.told().contains("canary"), "{outcome:?}");
            assert_eq!(
                outcome.code,
                Some(i32::from(words.contains("nothing"))),
                "{outcome:?}"
            );
        }
        assert!(is_told.load(Ordering::Relaxed), "{channel}");
    }
}
